/* One cell as its column wants it. What can't be read is refused by row, in words that say
 * what to write instead; a word that is not known is left out and told once. */
#include "bot/core/import_private.h"

#include "bot/base/clock.h"
#include "bot/core/export.h"
#include "bot/text/calendar.h"
#include "bot/text/fold.h"
#include "bot/text/money.h"
#include "bot/text/zone.h"
#include <stdlib.h>
#include <string.h>

static const struct import_field *field_at(struct plan *p, int field)
{
    return &p->sheet->kind->fields[field];
}

/* The header over the cell, as the file has it. */
static const char *header(struct plan *p, int field)
{
    for (int i = 0; i < p->sheet->n_columns; i++)
        if (p->sheet->field[i] == field)
            return p->sheet->header[i];
    return field_at(p, field)->name;
}

static bool refuse(struct plan *p, int field, const char *typed, const char *mend)
{
    plan_say(
        p, IMPORT_REFUSED, "%s '%s' %s", header(p, field), plan_shown(p, typed), mend);
    return false;
}

void plan_warn_once(struct plan *p, const char *text)
{
    for (const struct said *u = p->said; u; u = u->next)
        if (!strcmp(u->text, text))
            return;
    struct said *u = ARENA_NEW(&p->mem, struct said);
    *u = (struct said){ p->said, arena_strdup(&p->mem, text) };
    p->said = u;
    plan_say(p, IMPORT_WARNED, "%s", text);
}

static void leave_out(struct plan *p, int field, const char *typed, const char *what)
{
    plan_warn_once(p, arena_printf(&p->row_mem, "%s '%s' %s", header(p, field),
                          plan_shown(p, typed), what));
}

/* Words. */

static bool listed(
    const char *values, const char *folded, const char **out, struct arena *mem)
{
    size_t n = strlen(folded);
    for (const char *p = values; p && *p; p += strcspn(p, " "), p += *p == ' ') {
        size_t len = strcspn(p, " ");
        if (len == n && !strncasecmp(p, folded, n)) {
            *out = arena_strndup(mem, p, n);
            return true;
        }
    }
    return false;
}

/* What other systems call it: import.value.<lexicon>.<value>. */
static bool called(
    struct plan *p, const struct import_field *f, const char *folded, const char **out)
{
    const char *values[32];
    int n = f->lexicon ? catalogue_values(p->o->words, f->lexicon, values, 32) : 0;
    for (int i = 0; i < n; i++) {
        char *path =
            arena_printf(&p->row_mem, "import.value.%s.%s", f->lexicon, values[i]);
        for (int l = 0; l < catalogue_locales(p->o->words); l++)
            for (int k = 0; k < catalogue_list(p->o->words, l, path); k++) {
                const char *item = catalogue_item(p->o->words, l, path, k);
                if (!strcmp(fold_text(&p->row_mem, item, strlen(item)).s, folded)) {
                    *out = values[i];
                    return true;
                }
            }
    }
    return false;
}

static bool word_known(
    struct plan *p, const struct import_field *f, const char *folded, const char **out)
{
    size_t n = strlen(folded);
    struct word w;
    if (listed(f->values, folded, out, &p->mem) || called(p, f, folded, out))
        return true;
    const char *values[64];
    int known = !f->values && f->lexicon
                    ? catalogue_values(p->o->words, f->lexicon, values, 64)
                    : 0;
    for (int i = 0; i < known; i++)
        if (!strcmp(values[i], folded)) {
            *out = values[i];
            return true;
        }
    if (f->lexicon &&
        catalogue_match_kind(p->o->words, folded, n, 0, f->lexicon, n, &w)) {
        *out = w.value;
        return true;
    }
    return false;
}

bool cell_word(struct plan *p, int field, const char *typed, const char **out)
{
    bool known;
    *out = index_value(p->index, field, typed, &known);
    if (!known) {
        if (!word_known(p, field_at(p, field),
                fold_text(&p->row_mem, typed, strlen(typed)).s, out))
            *out = NULL;
        index_value_add(p->index, field, typed, *out);
    }
    return *out != NULL;
}

static void read_word(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    const struct import_field *f = field_at(p, field);
    if (cell_word(p, field, typed, &out->text))
        return;
    if (f->values)
        leave_out(p, field, typed,
            arena_printf(
                &p->row_mem, "is not known and left out; known are: %s", f->values));
    else
        leave_out(p, field, typed, "is not known and left out");
}

static bool read_flag(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    const char *folded = fold_text(&p->row_mem, typed, strlen(typed)).s;
    const char *found;
    bool yes = listed(
        "1 yes y true x on ○ 〇 ✓ はい 有 有り あり", folded, &found, &p->row_mem);
    if (!yes && !listed("0 no n false off - × いいえ 無 無し なし", folded, &found,
                    &p->row_mem))
        return refuse(p, field, typed, "is neither yes nor no; write 1 or 0");
    out->integer = yes;
    return out->has_integer = true;
}

/* Numbers. */

/* [-]1,234,567.89 exactly, in units of 10^-digits; false: it is not written like that, or
 * has more digits. */
static bool read_decimal(const char *s, int digits, int64_t *out)
{
    bool negative = *s == '-', any = false;
    int64_t v = 0;
    int behind = -1, since_comma = -1;
    s += negative;
    for (; *s; s++) {
        if (*s == ',' && any && behind < 0 && (since_comma < 0 || since_comma == 3)) {
            since_comma = 0;
            continue;
        }
        if (*s == '.' && behind < 0 && (since_comma < 0 || since_comma == 3)) {
            behind = 0;
            continue;
        }
        if (*s < '0' || *s > '9' || v > INT64_C(900000000000000))
            return false;
        if (behind >= digits) {
            if (*s != '0') /* 4800000.00 yen is exact, 4800000.50 is not */
                return false;
            continue;
        }
        v = v * 10 + (*s - '0');
        any = true;
        behind += behind >= 0;
        since_comma += since_comma >= 0;
    }
    for (behind = behind < 0 ? 0 : behind; behind < digits; behind++)
        v *= 10;
    *out = negative ? -v : v;
    return any && (since_comma < 0 || since_comma == 3 || behind > 0);
}

static bool read_number(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    char *folded = fold_text(&p->row_mem, typed, strlen(typed)).s;
    for (const char *unit = "分\0min\0人\0名\0"; *unit; unit += strlen(unit) + 1) {
        char *at = strstr(folded, unit);
        if (at && at != folded)
            at[at[-1] == ' ' ? -1 : 0] = '\0';
    }
    if (!read_decimal(folded, 0, &out->integer) || out->integer < 0 ||
        out->integer > 1000000)
        return refuse(p, field, typed, "is no whole number");
    return out->has_integer = true;
}

static bool read_percent(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    char *folded = fold_text(&p->row_mem, typed, strlen(typed)).s;
    size_t n = strcspn(folded, "% ");
    bool sign = strchr(folded, '%') != NULL;
    if (strspn(folded + n, "% ") != strlen(folded + n))
        return refuse(p, field, typed, "is no percentage; write 30 or 30%");
    folded[n] = '\0';
    if (!read_decimal(folded, 2, &out->integer) || out->integer < 0 ||
        out->integer > 10000)
        return refuse(
            p, field, typed, "is no percentage from 0 to 100; write 30 or 30%");
    if (!sign && out->integer > 0 && out->integer <= 100)
        return refuse(p, field, typed,
            "may be a part or a percentage; write 30% for thirty in a hundred");
    return out->has_integer = true;
}

const char *cell_currency(struct plan *p, const char *typed, const char *market)
{
    const struct market *m = market_find(market ? market : "");
    if (typed && *typed) {
        char code[4] = { 0 };
        char *folded = fold_text(&p->row_mem, typed, strlen(typed)).s;
        for (int i = 0; i < 3 && folded[i]; i++)
            code[i] = folded[i] >= 'a' && folded[i] <= 'z'
                          ? (char)(folded[i] - 'a' + 'A')
                          : ' ';
        if (strlen(folded) == 3 && currency_valid(code))
            return arena_strdup(&p->mem, code);
        return strcmp(folded, "円") ? NULL : "JPY";
    }
    return m ? m->currency : "JPY";
}

/* 1.200: no sheet says whether that is a thousand. */
static bool point_unclear(const char *s, int digits)
{
    const char *point = strchr(s, '.');
    return point && digits < 3 && strspn(point + 1, "0123456789") == 3 && !point[4] &&
           strcmp(point, ".000") != 0;
}

static bool read_amount(struct plan *p, int field, const char *typed,
    const char *currency, struct import_cell *out)
{
    char *s = fold_text(&p->row_mem, typed, strlen(typed)).s;
    size_t n = strlen(s);
    int64_t unit = p->sheet->unit[field] ? p->sheet->unit[field] : 1;
    const char *in =
        p->sheet->currency[field][0] ? p->sheet->currency[field] : currency;
    if (n > 1 && s[n - 1] == '-') /* ¥4,800,000- */
        s[--n] = '\0';
    out->text = NULL;
    if (point_unclear(s, in ? currency_digits(in) : 0))
        return refuse(p, field, typed,
            "can be read in two ways; write it without a point, or with two decimals");
    if (in && read_decimal(s, currency_digits(in), &out->integer)) {
        out->integer *= unit;
    } else {
        struct money m;
        size_t len;
        enum money_doubt doubt;
        bool dollar;
        const struct market *market = NULL;
        for (int i = 0; !market && market_at(i); i++)
            market = in && !strcmp(market_at(i)->currency, in) ? market_at(i) : NULL;
        if (!money_match(s, n, 0, market ? market->code : "JP", true, &m, &len, &doubt,
                &dollar) ||
            len != n || (doubt != MONEY_SURE && doubt != MONEY_LENGTH))
            return refuse(
                p, field, typed, "is no amount; write 4800000, ¥4,800,000 or 480万円");
        out->integer = m.minor;
        in = arena_strdup(&p->mem, m.currency);
    }
    if (out->integer < 0)
        return refuse(p, field, typed, "is below zero; a refund is logged in the chat");
    out->text = in; /* the caller keeps the currency */
    return out->has_integer = true;
}

/* Days. */

static bool settle_date(struct plan *p, int field, const char *typed,
    struct sheet_date *d, int *y, int *m, int *day)
{
    enum date_order order = p->sheet->dates[field].order;
    const char *folded = fold_text(&p->row_mem, typed, strlen(typed)).s;
    if (!sheet_date_read(folded, d))
        return refuse(p, field, typed, "is no date; write 2026-03-02");
    if (d->has_offset) {
        return true;
    } else if (order || d->settled) {
        if (sheet_date_fits(d, order, y, m, day))
            return true;
    } else {
        for (order = ORDER_YMD; order <= ORDER_MDY; order++)
            if (sheet_date_fits(d, order, y, m, day))
                return true;
    }
    return refuse(p, field, typed, "is no day of the calendar; write 2026-03-02");
}

bool cell_instant(
    struct plan *p, int field, const char *typed, const char *clock, int64_t *ms)
{
    struct sheet_date d;
    struct civil c = { 0 };
    if (!settle_date(p, field, typed, &d, &c.year, &c.month, &c.day))
        return false;
    if (d.has_offset) {
        *ms = d.at_ms;
        return true;
    }
    /* A day without a time: at noon, so that no zone makes another day of it. */
    c.hour = d.has_time ? d.hour : 12;
    c.minute = d.minute;
    c.second = d.second;
    if (clock && *clock &&
        !sheet_time_read(fold_text(&p->row_mem, clock, strlen(clock)).s, &c.hour,
            &c.minute, &c.second))
        return refuse(p, import_field_find(p->sheet->kind, IN_CLOCK), clock,
            "is no time; write 14:30");
    *ms = instant_of(&c, p->o->zone);
    return true;
}

static bool read_day(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    struct sheet_date d;
    int y, m, day;
    if (!settle_date(p, field, typed, &d, &y, &m, &day))
        return false;
    out->integer = d.has_offset ? day_of(d.at_ms, p->o->zone) : day_number(y, m, day);
    return out->has_integer = true;
}

/* By handle or by name; both are in the index from the start (plan_know_members). */
static void read_member(
    struct plan *p, int field, const char *typed, struct import_cell *out)
{
    struct ref ref = index_key(p->index, 'U', typed);
    if (!ref.kind) {
        const struct named *n =
            index_named(p->index, 'U', fold_name(&p->row_mem, p->o->words, typed));
        ref = n && !n->next ? n->ref : (struct ref){ 'U', 0, NULL };
        index_key_add(p->index, 'U', typed, ref);
    }
    out->integer = ref.id;
    out->has_integer = ref.id != 0;
    if (!ref.id)
        leave_out(p, field, typed,
            "is no member and left out; add whoever it is with `nemawashi member add`, then import again");
}

void plan_know_members(struct plan *p)
{
    for (int i = 0; i < p->n_members; i++) {
        const struct member *m = &p->members[i];
        struct ref ref = { 'U', m->id, NULL };
        index_add(p->index, 'U', fold_name(&p->row_mem, p->o->words, m->name), ref,
            (struct ref){ 0 });
        index_add(p->index, 'U', fold_name(&p->row_mem, p->o->words, m->handle), ref,
            (struct ref){ 0 });
        if (m->id == p->o->member)
            p->market = m->market;
    }
    arena_reset(&p->row_mem);
}

bool cell_read(struct plan *p, int field, const char *typed, const char *currency,
    struct import_cell *out)
{
    const struct import_field *f = field_at(p, field);
    *out = (struct import_cell){ .column = f->column };
    switch (f->type) {
    case IN_TEXT:
        out->text = arena_strdup(&p->mem, typed);
        return strlen(typed) <= 1000 ||
               refuse(p, field, typed, "is longer than 1,000 bytes");
    case IN_WORD:
        read_word(p, field, typed, out);
        return true;
    case IN_FLAG:
        return read_flag(p, field, typed, out);
    case IN_NUMBER:
        return read_number(p, field, typed, out);
    case IN_PERCENT:
        return read_percent(p, field, typed, out);
    case IN_AMOUNT:
        return read_amount(p, field, typed, currency, out);
    case IN_CURRENCY:
        out->text = cell_currency(p, typed, NULL);
        return out->text || refuse(p, field, typed, "is no ISO 4217 code such as JPY");
    case IN_DAY:
        return read_day(p, field, typed, out);
    case IN_TIME:
        return out->has_integer = cell_instant(p, field, typed, NULL, &out->integer);
    case IN_MEMBER:
        read_member(p, field, typed, out);
        return true;
    default:
        return true;
    }
}

char *cell_text(struct plan *p, const struct import_field *f,
    const struct import_cell *c, const char *currency)
{
    if (f->type != IN_AMOUNT && c->text)
        return arena_strdup(&p->row_mem, c->text);
    if (f->type == IN_AMOUNT)
        return export_amount(&p->row_mem, c->integer, currency);
    if (f->type == IN_TIME)
        return zone_iso(&p->row_mem, c->integer, p->o->zone);
    if (f->type == IN_DAY) {
        struct civil d = civil_of_day((int32_t)c->integer);
        return arena_printf(&p->row_mem, "%04d-%02d-%02d", d.year, d.month, d.day);
    }
    if (f->type == IN_PERCENT)
        return arena_printf(&p->row_mem, "%lld.%02lld %%", (long long)c->integer / 100,
            (long long)c->integer % 100);
    for (int i = 0; f->type == IN_MEMBER && i < p->n_members; i++)
        if (p->members[i].id == c->integer)
            return arena_strdup(&p->row_mem, p->members[i].handle);
    return arena_printf(&p->row_mem, "%lld", (long long)c->integer);
}
