/* What a file would do, row by row, before anything is done: which records it brings, what
 * it changes in others. The report is made here; nothing is written. */
#include "bot/core/import_private.h"

#include "bot/base/clock.h"
#include "bot/text/calendar.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void plan_say(struct plan *p, enum import_tone tone, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(&p->row_mem, fmt, ap);
    va_end(ap);
    text = utf8_scrub(&p->row_mem, text, strlen(text)); /* a file may hold what moves a terminal's cursor */
    p->refused = p->refused || tone == IMPORT_REFUSED;
    p->result->warned += tone == IMPORT_WARNED;
    p->o->report(p->o->ctx, tone, p->row, text);
}

const char *plan_shown(struct plan *p, const char *typed)
{
    enum { SHOWN = 40 };
    return utf8_fit(&p->row_mem, typed, SHOWN);
}

struct planned *plan_add(struct plan *p, char kind)
{
    struct planned *r = ARENA_NEW(&p->mem, struct planned);
    r->kind = kind;
    *p->end = r;
    p->end = &r->next;
    return r;
}

int plan_column(const struct plan *p, enum import_type type)
{
    return import_field_find(p->sheet->kind, type);
}

const char *plan_typed(struct plan *p, const char *const *typed, enum import_type type)
{
    int f = plan_column(p, type);
    return f < 0 ? NULL : typed[f];
}

int plan_field(const struct plan *p, const char *name)
{
    const struct import_field *f = p->sheet->kind->fields;
    int i = 0;
    while (f[i].name && strcmp(f[i].name, name) != 0)
        i++;
    return f[i].name ? i : -1;
}

/* Values of the row's record. */

static const char *text_of(struct plan *p, int f, const struct import_cell *c,
    struct ref ref, const char *currency)
{
    if (ref.fresh && !ref.fresh->known)
        return ref.fresh->cells[0].text ? ref.fresh->cells[0].text : "a new one";
    if (ref.kind)
        return arena_printf(&p->row_mem, "%c%lld", ref.kind,
            (long long)(ref.fresh ? ref.fresh->id : ref.id));
    return cell_text(p, &p->sheet->kind->fields[f], c, currency);
}

static bool same_value(const struct import_cell *c, struct ref ref, const char *stored)
{
    if (!stored)
        return false;
    if (ref.kind)
        return (!ref.fresh || ref.fresh->known) &&
               strtoll(stored, NULL, 10) == (ref.fresh ? ref.fresh->id : ref.id);
    return c->text ? !strcmp(c->text, stored)
                   : c->has_integer && strtoll(stored, NULL, 10) == c->integer;
}

static bool same_cell(const struct import_cell *a, struct ref ra,
    const struct import_cell *b, struct ref rb)
{
    if (ra.kind || rb.kind)
        return ref_same(ra, rb);
    return a->text && b->text ? !strcmp(a->text, b->text)
                              : a->has_integer == b->has_integer &&
                                    a->integer == b->integer && !a->text == !b->text;
}

/* Changes are joined for one line: "amount 4800000 to 5000000". */
struct changes {
    struct buf text;
    const char *currency, *stored[FIELDS_MAX];
};

static char *stored_text(
    struct plan *p, int f, const char *stored, const char *currency)
{
    const struct import_field *field = &p->sheet->kind->fields[f];
    struct import_cell c = { .column = field->column };
    struct ref ref = { 0 };
    if (field->type == IN_TEXT || field->type == IN_WORD || field->type == IN_CURRENCY)
        c.text = stored;
    else
        c.integer = strtoll(stored, NULL, 10), c.has_integer = true;
    if (field->type == IN_PARTNER || field->type == IN_CUSTOMER ||
        field->type == IN_DEAL)
        ref = (struct ref){ field->type == IN_PARTNER    ? 'P'
                            : field->type == IN_CUSTOMER ? 'A'
                                                         : 'D',
            c.integer, NULL };
    return arena_strdup(&p->row_mem, text_of(p, f, &c, ref, currency));
}

static void set(struct plan *p, struct planned *r, int f, struct import_cell c,
    struct ref ref, struct changes *ch)
{
    const struct import_field *field = &p->sheet->kind->fields[f];
    c.column = field->column;
    bool before = r->cells[f].column != NULL;
    if (before && same_cell(&r->cells[f], r->refs[f], &c, ref))
        return;
    if (before && r->row)
        plan_say(p, IMPORT_WARNED,
            "%s '%s' differs from row %lld of the same record; this row counts",
            field->name, text_of(p, f, &c, ref, ch->currency), (long long)r->row);
    if (r->known && same_value(&c, ref, ch->stored[f]))
        return;
    r->cells[f] = c;
    r->refs[f] = ref;
    if (r->known) {
        r->changed = true;
        buf_join(&ch->text, ", ",
            ch->stored[f] ? arena_printf(&p->row_mem, "%s %s to %s", field->name,
                                stored_text(p, f, ch->stored[f], ch->currency),
                                text_of(p, f, &c, ref, ch->currency))
                          : arena_printf(&p->row_mem, "%s %s", field->name,
                                text_of(p, f, &c, ref, ch->currency)));
    }
}

static bool load_stored(
    struct plan *p, struct planned *r, struct changes *ch, struct err *e)
{
    struct import_record record;
    if (!r->known)
        return true;
    if (!import_load(p->db, r->kind, r->id, &record, e))
        return e->code == ERR_NONE &&
               fail(e, ERR_CONFLICT, NULL, NULL,
                   "a record went while the file was read; try again");
    for (int i = 0; p->sheet->kind->fields[i].column; i++)
        ch->stored[i] = import_stored(&record, &p->row_mem, i);
    query_reset(&record.q);
    return true;
}

static bool add_extra(struct plan *p, struct planned *r, const char *what,
    const char *list, struct changes *ch, struct err *e)
{
    char *copy = arena_strdup(&p->row_mem, list), *save = NULL;
    for (char *s = strtok_r(copy, ";\n", &save); s; s = strtok_r(NULL, ";\n", &save)) {
        bool has = false;
        s += strspn(s, " ");
        const char *network = what, *text = s;
        char *colon = !strcmp(what, "messenger") ? strchr(s, ':') : NULL;
        if (colon) {
            *colon = '\0';
            network = arena_strdup(&p->mem, s);
            text = colon + 1;
        }
        for (const struct extra *x = r->extras; x; x = x->next)
            has = has || !strcmp(x->text, text);
        if (!*text || strlen(text) > 200 || has ||
            (r->known && !import_has(p->db, r->kind, r->id, text, &has, e)))
            continue;
        if (has)
            continue;
        struct extra *x = ARENA_NEW(&p->mem, struct extra), **end = &r->extras;
        while (*end)
            end = &(*end)->next;
        *x = (struct extra){ NULL, network, arena_strdup(&p->mem, text) };
        *end = x;
        if (r->known) {
            r->changed = true;
            buf_join(&ch->text, ", ", arena_printf(&p->row_mem, "%s %s", what, text));
        }
    }
    return e->code == ERR_NONE;
}

static bool add_extras(struct plan *p, struct planned *r, const char *const *typed,
    struct changes *ch, struct err *e)
{
    static const struct {
        enum import_type type;
        const char *what;
    } kinds[] = { { IN_READING, "reading" }, { IN_ALIASES, "alias" },
        { IN_MAIL, "mail" }, { IN_PHONE, "phone" }, { IN_MESSENGERS, "messenger" } };
    e->code = ERR_NONE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *cell = plan_typed(p, typed, kinds[i].type);
        if (cell && !add_extra(p, r, kinds[i].what, cell, ch, e))
            return false;
    }
    return true;
}

/* Closed Won is a stage to some systems and a state here; 提案中 the other way round. */
static const char *settle_state(struct plan *p, const char **typed)
{
    int state = plan_field(p, "state"), stage = plan_field(p, "stage");
    const char *value = NULL, *found = NULL;
    if (state < 0 || stage < 0 || p->sheet->kind->letter != 'D')
        return NULL;
    if (typed[stage] && cell_word(p, state, typed[stage], &found) &&
        !cell_word(p, stage, typed[stage], &value)) {
        typed[state] = typed[state] ? typed[state] : found;
        typed[stage] = NULL;
    }
    if (typed[state] && !cell_word(p, state, typed[state], &found) &&
        cell_word(p, stage, typed[state], &value)) {
        typed[stage] = typed[stage] ? typed[stage] : value;
        typed[state] =
            !strcmp(value, "signed") || !strcmp(value, "live") ? "won" : "open";
    }
    if (typed[state] && cell_word(p, state, typed[state], &found))
        return found;
    if (!typed[state] && typed[stage] && cell_word(p, stage, typed[stage], &value))
        return typed[state] =
                   !strcmp(value, "signed") || !strcmp(value, "live") ? "won" : "open";
    return NULL;
}

static void set_amount(
    struct plan *p, struct planned *r, int f, struct import_cell c, struct changes *ch)
{
    int currency = plan_column(p, IN_CURRENCY);
    struct import_cell code = { .text = c.text ? c.text : "" };
    if (ch->currency && strcmp(ch->currency, code.text) != 0) {
        plan_say(p, IMPORT_REFUSED, "amounts of one record are in %s and in %s",
            ch->currency, code.text);
        return;
    }
    ch->currency = code.text;
    c.text = NULL;
    set(p, r, f, c, (struct ref){ 0 }, ch);
    set(p, r, currency, code, (struct ref){ 0 }, ch);
}

static char firm_kind(enum import_type type)
{
    return type == IN_PARTNER    ? 'P'
           : type == IN_CUSTOMER ? 'A'
           : type == IN_DEAL     ? 'D'
                                 : 0;
}

static bool set_cells(struct plan *p, struct planned *r, const char *const *typed,
    const struct ref *refs, struct changes *ch, struct err *e)
{
    const struct import_field *fields = p->sheet->kind->fields;
    int market = plan_field(p, "market"), code = plan_column(p, IN_CURRENCY);
    const char *m = p->market, *clock = plan_typed(p, typed, IN_CLOCK);
    if (market >= 0 && typed[market])
        (void)cell_word(p, market, typed[market], &m);
    const char *currency = code < 0 ? NULL : cell_currency(p, typed[code], m);
    if (code >= 0 && typed[code] && !currency)
        plan_say(p, IMPORT_REFUSED, "currency '%s' is no ISO 4217 code such as JPY",
            plan_shown(p, typed[code]));
    for (int f = 0; fields[f].column; f++) {
        struct import_cell c;
        if (refs[f].kind) {
            set(p, r, f, (struct import_cell){ 0 }, refs[f], ch);
            continue;
        }
        if (!typed[f] || firm_kind(fields[f].type))
            continue;
        bool has_amount =
            fields[f].type == IN_CURRENCY && typed[plan_column(p, IN_AMOUNT)];
        if (!cell_read(p, f, typed[f], currency, &c) || has_amount ||
            (!c.text && !c.has_integer))
            continue;
        if (fields[f].type == IN_TIME && clock &&
            !cell_instant(p, f, typed[f], clock, &c.integer))
            continue;
        if (fields[f].type == IN_AMOUNT)
            set_amount(p, r, f, c, ch);
        else
            set(p, r, f, c, (struct ref){ 0 }, ch);
    }
    e->code = ERR_NONE;
    return true;
}

/* 様 and the like are how somebody is addressed, not the name. */
static char *plain_name(struct plan *p, const char *typed)
{
    static const char *const honorifics[] = { "様", "さん", "殿", "氏" };
    char *s = arena_strdup(&p->row_mem, typed);
    size_t n = strlen(s);
    for (size_t i = 0; i < sizeof honorifics / sizeof *honorifics; i++) {
        size_t len = strlen(honorifics[i]);
        if (n > len && !strcmp(s + n - len, honorifics[i]))
            s[n -= len] = '\0';
    }
    for (char *wide; (wide = strstr(s, "\xE3\x80\x80")) != NULL;) {
        *wide = ' ';
        memmove(wide + 1, wide + 3, strlen(wide + 3) + 1);
    }
    n = strlen(s);
    while (n && s[n - 1] == ' ')
        s[--n] = '\0';
    return s;
}

static const char *row_name(struct plan *p, const char **typed)
{
    char kind = p->sheet->kind->letter;
    if (kind == 'T')
        return NULL;
    if (kind == 'C' && !typed[0]) {
        const char *family = plan_typed(p, typed, IN_FAMILY),
                   *given = plan_typed(p, typed, IN_GIVEN);
        if (family || given)
            typed[0] = arena_printf(&p->row_mem, "%s%s%s", family ? family : "",
                family && given ? " " : "", given ? given : "");
    }
    if (kind == 'D' && !typed[0])
        typed[0] = typed[plan_field(p, "customer")];
    if (kind == 'C' && typed[0])
        typed[0] = plain_name(p, typed[0]);
    if (!typed[0])
        plan_say(p, IMPORT_REFUSED,
            "has no name; a line of sums, or a remark, is to be taken out");
    else if (strlen(typed[0]) > 200)
        plan_say(p, IMPORT_REFUSED, "the name '%s' is longer than 200 bytes",
            plan_shown(p, typed[0]));
    return typed[0];
}

static void tell(struct plan *p, struct planned *r, const char *name,
    const struct changes *ch, bool again)
{
    const char *ref = arena_printf(&p->row_mem, "%c%lld", r->kind, (long long)r->id);
    p->result->fresh += !r->known && !again;
    p->result->doubled += !r->known && again;
    if (again && !r->known && r->kind == 'T')
        plan_say(
            p, IMPORT_WARNED, "says the same as row %lld; left out", (long long)r->row);
    else if (again && !r->known)
        plan_say(p, IMPORT_SAID, "is the same %s as row %lld: %s", "record",
            (long long)r->row, name);
    else if (!r->known)
        plan_say(p, IMPORT_SAID, "new%s%s", name ? ": " : " touch point",
            name ? plan_shown(p, name) : "");
    else if (*buf_str(&ch->text))
        plan_say(p, IMPORT_SAID, "%s%s%s: %s",
            r->kind == 'T' ? "changes a touch point" : ref,
            name && r->kind != 'T' ? " " : "", name && r->kind != 'T' ? name : "",
            buf_str(&ch->text));
    else
        p->result->same += 1;
    p->result->changed += r->known && *buf_str(&ch->text);
}

static bool read_refs(struct plan *p, const char *const *typed, struct ref *refs,
    struct ref *company, struct err *e)
{
    const struct import_field *fields = p->sheet->kind->fields;
    const char *firm = plan_typed(p, typed, IN_COMPANY);
    *company = (struct ref){ 0 };
    e->code = ERR_NONE;
    for (int f = 0; fields[f].column; f++) {
        char kind = firm_kind(fields[f].type);
        if (!typed[f] || !kind)
            continue;
        int customer = kind == 'D' ? plan_field(p, "customer") : -1;
        refs[f] = match_named(p, kind, typed[f],
            customer >= 0 ? refs[customer] : (struct ref){ 0 }, kind != 'D', e);
        if (e->code != ERR_NONE)
            return false;
        if (!refs[f].kind && !p->refused)
            plan_warn_once(
                p, arena_printf(&p->row_mem, "there is no deal '%s'; left out",
                       plan_shown(p, typed[f])));
    }
    if (firm) {
        *company = match_company(p, firm, e);
        int to = company->kind
                     ? plan_field(p, company->kind == 'P' ? "partner" : "customer")
                     : -1;
        if (to >= 0 && !refs[to].kind)
            refs[to] = *company;
    }
    return e->code == ERR_NONE;
}

static struct ref row_firm(struct plan *p, const struct ref *refs)
{
    int partner = plan_field(p, "partner"), customer = plan_field(p, "customer");
    char kind = p->sheet->kind->letter;
    if (kind == 'C' && partner >= 0 && refs[partner].kind)
        return refs[partner];
    return (kind == 'C' || kind == 'D') && customer >= 0 ? refs[customer]
                                                         : (struct ref){ 0 };
}

/* Is the record known by that name already, if perhaps not spelt so? */
static bool goes_by(struct plan *p, const struct planned *r, const char *name)
{
    const struct named *n =
        index_named(p->index, r->kind, fold_name(&p->row_mem, p->o->words, name));
    while (n && (n->ref.fresh ? n->ref.fresh->id : n->ref.id) != r->id)
        n = n->next;
    return n != NULL;
}

/* All that the row says of the record. */
static bool fill_record(struct plan *p, struct planned *r, const char *const *typed,
    const struct ref *refs, struct ref company, struct changes *ch, struct err *e)
{
    bool again = !r->known && r->row;
    const char *words = plan_typed(p, typed, IN_WORDS);
    if (again && r->kind == 'T')
        return true;
    if (!load_stored(p, r, ch, e) || !set_cells(p, r, typed, refs, ch, e) ||
        !add_extras(p, r, typed, ch, e))
        return false;
    if (r->known || again)
        return true;
    if (words)
        r->words = arena_strdup(&p->mem, words);
    if (r->kind == 'T' && !r->cells[0].has_integer && !p->refused)
        plan_say(p, IMPORT_REFUSED, "has no date");
    return r->kind != 'T' || plan_finish_touch(p, r, typed, company, e);
}

/* Of which partners the row is news. */
static void see_firms(
    struct plan *p, struct planned *r, const struct ref *refs, bool changed)
{
    int partner = plan_field(p, "partner");
    if (partner >= 0 && refs[partner].kind)
        plan_saw_firm(p, refs[partner], changed);
    if (r->kind == 'P')
        plan_saw_firm(p,
            r->known ? (struct ref){ 'P', r->id, NULL } : (struct ref){ 'P', 0, r },
            changed);
}

bool plan_row(struct plan *p, const char *const *cells, struct err *e)
{
    const char *typed[FIELDS_MAX] = { NULL };
    struct ref refs[FIELDS_MAX] = { { 0 } }, company;
    struct changes ch = { .text = BUF_ON(&p->row_mem) };
    memcpy(typed, cells, sizeof typed);
    p->refused = false;
    buf_puts(&ch.text, "");
    const char *name = row_name(p, typed), *state = settle_state(p, typed);
    if (p->sheet->kind->letter == 'D' && !p->sheet->ours && !plan_is_closed(state))
        typed[plan_field(p, "closed_at")] = NULL; /* the close that is hoped for */
    if (!p->refused && !read_refs(p, typed, refs, &company, e))
        return false;
    struct planned *r =
        p->refused ? NULL : match_row(p, typed, name, row_firm(p, refs), e);
    if (r) {
        bool again = !r->known && r->row;
        if (r->known && name && goes_by(p, r, name))
            typed[0] = NULL; /* stays spelt as it is here */
        if (!fill_record(p, r, typed, refs, company, &ch, e))
            return false;
        if (p->market)
            plan_default(p, r, "market", (struct import_cell){ .text = p->market });
        if (r->kind == 'D')
            plan_finish_deal(p, r, state, typed, e);
        see_firms(p, r, refs, !r->known || *buf_str(&ch.text));
        if (!p->refused)
            tell(p, r, name, &ch, again);
        r->row = r->row ? r->row : p->row;
    }
    p->result->refused += p->refused;
    return e->code == ERR_NONE;
}
