/* What an import takes: the kinds and their columns; which row of a sheet is its header,
 * and what each column is. */
#include "bot/core/import_private.h"

#include "bot/text/fold.h"
#include "bot/text/money.h"
#include <stdlib.h>
#include <string.h>

#define COMMON                                                                         \
    { "id", NULL, IN_ID, NULL, NULL },                                                 \
        { "external_id", NULL, IN_EXTERNAL, NULL, NULL },                              \
        { "created_at", NULL, IN_CREATED, NULL, NULL },                                \
        { "changed_at", NULL, IN_LEFT, NULL, NULL },                                   \
    {                                                                                  \
        "source", NULL, IN_LEFT, NULL, NULL                                            \
    }
#define TEXT(name, column)                                                             \
    {                                                                                  \
        name, column, IN_TEXT, NULL, NULL                                              \
    }
#define OF(name, column, type)                                                         \
    {                                                                                  \
        name, column, type, NULL, NULL                                                 \
    }
#define WORD(name, column, values, lexicon)                                            \
    {                                                                                  \
        name, column, IN_WORD, values, lexicon                                         \
    }
#define MORE(name, type)                                                               \
    {                                                                                  \
        name, NULL, type, NULL, NULL                                                   \
    }

static const struct import_field partner_fields[] = { TEXT("name", "name"),
    OF("is_person", "person", IN_FLAG),
    WORD("type", "type", "referral solutions reseller agency consultancy si",
        "partner_type"),
    WORD("market", "market", "JP KR TW HK MY TH SG AU", "market"), TEXT("silo", "silo"),
    WORD("stage", "stage", "prospect legal signed active ended", "partner_stage"),
    OF("commission", "commission_bp", IN_PERCENT),
    WORD("commission_mode", "commission_mode", "commission discount", NULL),
    OF("renewal_commission", "renewal_bp", IN_PERCENT),
    OF("first_level_support", "first_level", IN_FLAG),
    TEXT("support_language", "support_language"),
    OF("agreement_on", "agreement_day", IN_DAY), OF("signed_on", "signed_day", IN_DAY),
    OF("ended_on", "ended_day", IN_DAY), COMMON, MORE("reading", IN_READING),
    MORE("aliases", IN_ALIASES), { 0 } };
static const struct import_field customer_fields[] = { TEXT("name", "name"),
    WORD("market", "market", "JP KR TW HK MY TH SG AU", "market"),
    TEXT("industry", "industry"), COMMON, MORE("reading", IN_READING),
    MORE("aliases", IN_ALIASES), { 0 } };
static const struct import_field person_fields[] = { TEXT("name", "name"),
    OF("partner", "partner_id", IN_PARTNER), OF("customer", "customer_id", IN_CUSTOMER),
    TEXT("title", "title"), TEXT("department", "department"),
    TEXT("honorific", "honorific"), OF("seniority", "seniority", IN_NUMBER),
    TEXT("language", "language"),
    WORD("duty", "duty", "sdr ae director presales support", NULL), COMMON,
    MORE("reading", IN_READING), MORE("aliases", IN_ALIASES),
    MORE("family_name", IN_FAMILY), MORE("given_name", IN_GIVEN),
    MORE("company", IN_COMPANY), MORE("mail", IN_MAIL), MORE("phone", IN_PHONE),
    MORE("messengers", IN_MESSENGERS), { 0 } };
static const struct import_field deal_fields[] = { TEXT("name", "name"),
    OF("customer", "customer_id", IN_CUSTOMER), OF("partner", "partner_id", IN_PARTNER),
    TEXT("product", "product"), WORD("kind", "kind", "new cross upsell", NULL),
    WORD("origin", "origin", "inbound outbound network referral unknown", "origin"),
    WORD("model", "model", "partner cosell direct", "model"),
    WORD("relation", "relation", "partner us joint", NULL),
    OF("owner", "owner_id", IN_MEMBER), OF("co_owner", "co_owner_id", IN_MEMBER),
    OF("amount", "value_minor", IN_AMOUNT), OF("list_amount", "list_minor", IN_AMOUNT),
    OF("currency", "currency", IN_CURRENCY),
    WORD("market", "market", "JP KR TW HK MY TH SG AU", "market"),
    WORD("state", "state",
        "registered open paused won lost expired merged submitted declined",
        "deal_act"),
    WORD("stage", "stage", "contacted qualified proposal legal ringi signed live",
        "stage"),
    OF("registered_at", "registered_ms", IN_TIME),
    OF("decided_at", "decided_ms", IN_TIME), OF("decided_by", "decided_by", IN_MEMBER),
    OF("closed_at", "closed_ms", IN_TIME),
    OF("closed_owner", "closed_owner_id", IN_MEMBER),
    OF("closed_co_owner", "closed_co_owner_id", IN_MEMBER),
    OF("live_at", "live_ms", IN_TIME), COMMON, MORE("merged_into", IN_MERGED),
    MORE("sourced_by", IN_SOURCED_BY), MORE("sourced_at", IN_SOURCED_AT),
    MORE("reason", IN_WORDS), { 0 } };
static const struct import_field touch_fields[] = { OF("at", "at_ms", IN_TIME),
    OF("minutes", "minutes", IN_NUMBER), WORD("channel", "channel", NULL, "channel"),
    WORD("outcome", "outcome", "reached no_answer left_message", "outcome"),
    OF("internal", "internal", IN_FLAG), OF("inquiry", "inquiry", IN_FLAG),
    TEXT("place", "place"), OF("others", "others", IN_NUMBER),
    OF("member", "member_id", IN_MEMBER), OF("customer", "customer_id", IN_CUSTOMER),
    OF("deal", "deal_id", IN_DEAL), OF("amount", "amount_minor", IN_AMOUNT),
    OF("currency", "currency", IN_CURRENCY), TEXT("cues", "cues"), COMMON,
    MORE("time", IN_CLOCK), MORE("people", IN_PEOPLE), MORE("partners", IN_PARTNERS),
    MORE("company", IN_COMPANY), MORE("text", IN_WORDS), MORE("level", IN_LEVEL),
    { 0 } };

const struct import_kind import_kinds[] = {
    { "partners", 'P', partner_fields },
    { "customers", 'A', customer_fields },
    { "people", 'C', person_fields },
    { "deals", 'D', deal_fields },
    { "touch_points", 'T', touch_fields },
    { 0 },
};

const struct import_kind *import_kind_of(char letter)
{
    const struct import_kind *k = import_kinds;
    while (k->letter != letter)
        k++;
    return k;
}

int import_field_find(const struct import_kind *k, enum import_type type)
{
    for (int i = 0; k->fields[i].name; i++)
        if (k->fields[i].type == type)
            return i;
    return -1;
}

/* A header without what people decorate it with: case, spaces, marks, and what stands in
 * brackets. */
static char *plain_header(struct arena *mem, const char *header)
{
    struct folded f = fold_text(mem, header, strlen(header));
    struct buf b = BUF_ON(mem);
    int depth = 0;
    buf_puts(&b, "");
    for (size_t i = 0; i < f.n; i++) {
        char c = f.s[i];
        depth += c == '(' || c == '[';
        bool drop = depth > 0 || strchr(" \n_-*.:/#'\"", c);
        depth -= (c == ')' || c == ']') && depth > 0;
        if (!drop)
            buf_putc(&b, c);
    }
    return b.n ? b.s : f.s; /* (株) alone */
}

static bool header_is(struct arena *mem, const struct import_options *o,
    const struct import_kind *k, const struct import_field *f, const char *plain)
{
    if (!strcmp(plain_header(mem, f->name), plain))
        return true;
    char *path = arena_printf(mem, "import.header.%s.%s", k->name, f->name);
    for (int l = 0; l < catalogue_locales(o->words); l++)
        for (int i = 0; i < catalogue_list(o->words, l, path); i++)
            if (!strcmp(plain_header(mem, catalogue_item(o->words, l, path, i)), plain))
                return true;
    return false;
}

static int find_field(struct arena *mem, const struct import_options *o,
    const struct import_kind *k, const char *header)
{
    const char *plain = plain_header(mem, header);
    for (int i = 0; *plain && k->fields[i].name; i++)
        if (header_is(mem, o, k, &k->fields[i], plain))
            return i;
    return -1;
}

/* The first rows, kept. */
struct beginning {
    struct arena *mem;
    int n;
    struct csv_row row[HEAD_ROWS];
};

static bool keep_row(void *ctx, const struct csv_row *row, struct err *e)
{
    struct beginning *b = ctx;
    const char **cells = ARENA_ARRAY(b->mem, const char *, (size_t)row->n);
    for (int i = 0; i < row->n; i++)
        cells[i] = arena_strdup(b->mem, row->cell[i]);
    b->row[b->n] = *row;
    b->row[b->n].cell = cells;
    e->code = ERR_NONE;
    return ++b->n < HEAD_ROWS;
}

static bool begin(struct beginning *b, struct sheet *s, struct err *e)
{
    return csv_read(s->text, s->n, s->separator, keep_row, b, e) ||
           e->code == ERR_NONE || b->n == HEAD_ROWS;
}

/* What a row would be worth as the header of a kind: each known column once; columns that
 * only this kind has count more than those that every kind has. */
static int worth(struct arena *mem, const struct import_options *o,
    const struct import_kind *k, const struct csv_row *row)
{
    bool seen[FIELDS_MAX] = { false };
    int points = 0;
    for (int i = 0; i < row->n; i++) {
        int f = find_field(mem, o, k, row->cell[i]);
        if (f < 0 || seen[f])
            continue;
        seen[f] = true;
        bool common = k->fields[f].type >= IN__OWN && k->fields[f].type <= IN_CREATED;
        points += k->fields[f].type == IN_LEFT ? 0 : common ? 1 : 4;
    }
    /* What makes a record of the kind must be there. */
    bool name = seen[0] ||
                (k->letter == 'C' && seen[import_field_find(k, IN_FAMILY)]) ||
                (k->letter == 'D' && seen[1]);
    return name ? points : 0;
}

static const struct import_kind *kind_named(const char *name)
{
    for (const struct import_kind *k = import_kinds; k->name; k++)
        if (!strcmp(k->name, name))
            return k;
    return NULL;
}

/* partners.csv, deals-2026.csv: a file that is called like one of ours is one. */
static const struct import_kind *kind_of_file(const char *name)
{
    for (const struct import_kind *k = import_kinds; k->name; k++) {
        size_t n = strlen(k->name);
        if (!strncmp(name, k->name, n) && strchr(".-_ ", name[n]))
            return k;
    }
    return NULL;
}

/* For each kind the row that is worth most as its header; `told`: for that one alone. */
static void weigh(struct beginning *b, const struct import_options *o,
    const struct import_kind *told, int *points, int *row)
{
    for (int r = 0; r < b->n; r++) {
        for (int k = 0; k < IMPORT_KINDS; k++) {
            int w = told && &import_kinds[k] != told
                        ? 0
                        : worth(b->mem, o, &import_kinds[k], &b->row[r]);
            row[k] = w > points[k] ? r : row[k];
            points[k] = w > points[k] ? w : points[k];
        }
    }
}

static bool choose(struct sheet *s, struct beginning *b, const struct import_options *o,
    const char *name, int *at, struct err *e)
{
    const struct import_kind *told = o->kind ? kind_named(o->kind) : kind_of_file(name),
                             *second = NULL;
    int points[IMPORT_KINDS] = { 0 }, row[IMPORT_KINDS] = { 0 }, best = 0, next = 0;
    if (o->kind && !told)
        return fail(e, ERR_USAGE, NULL, NULL,
            "--kind '%.40s' is none; there are partners, customers, people, deals and touch_points",
            o->kind);
    weigh(b, o, told, points, row);
    for (int k = 0; k < IMPORT_KINDS; k++) {
        if (points[k] > best) {
            next = best, second = s->kind;
            best = points[k], s->kind = &import_kinds[k];
        } else if (points[k] > next) {
            next = points[k], second = &import_kinds[k];
        }
    }
    *at = s->kind ? row[s->kind - import_kinds] : 0;
    if (!best)
        return fail(e, ERR_USAGE, NULL, NULL,
            "no row among the first %d holds headers that are known, such as 会社名, 氏名, 案件名, Name, Account Name; `nemawashi print columns` has ours%s",
            HEAD_ROWS, told ? "" : "; say what it is with --kind");
    if (!told && next == best)
        return fail(e, ERR_USAGE, NULL, NULL,
            "is it %s or %s? its headers fit both; say which with --kind",
            s->kind->name, second->name);
    return true;
}

/* 金額（千円）, Amount (USD): what the brackets say of the numbers below. */
static void read_unit(struct sheet *s, struct arena *mem, int field, const char *header)
{
    static const struct {
        const char *word;
        int64_t unit;
        const char *currency;
    } units[] = { { "百万円", 1000000, "JPY" }, { "千円", 1000, "JPY" },
        { "万円", 10000, "JPY" }, { "億円", 100000000, "JPY" }, { "円", 1, "JPY" },
        { "thousands", 1000, NULL }, { 0 } };
    struct folded f = fold_text(mem, header, strlen(header));
    s->unit[field] = 1;
    for (int i = 0; units[i].word; i++)
        if (strstr(f.s, units[i].word)) {
            s->unit[field] = units[i].unit;
            memcpy(s->currency[field], units[i].currency ? units[i].currency : "",
                units[i].currency ? 4 : 1);
            return;
        }
    for (const char *p = f.s; (p = strpbrk(p, "([")) && strlen(p) >= 5; p++) {
        char code[4] = { 0 };
        for (int i = 0; i < 3; i++)
            code[i] =
                p[i + 1] >= 'a' && p[i + 1] <= 'z' ? (char)(p[i + 1] - 'a' + 'A') : ' ';
        if (currency_valid(code))
            memcpy(s->currency[field], code, sizeof code);
    }
}

static void take_columns(struct sheet *s, struct arena *mem,
    const struct import_options *o, const struct csv_row *row)
{
    s->head = row->number;
    s->n_columns = row->n;
    for (int i = 0; i < row->n; i++) {
        s->header[i] = arena_strdup(mem, row->cell[i]);
        s->field[i] = find_field(mem, o, s->kind, row->cell[i]);
        if (s->field[i] >= 0 && s->kind->fields[s->field[i]].type == IN_AMOUNT)
            read_unit(s, mem, s->field[i], row->cell[i]);
    }
    s->ours = row->n >= 3 && !strcmp(row->cell[0], "id") &&
              !strcmp(row->cell[1], "created_at") &&
              !strcmp(row->cell[2], "changed_at");
}

bool sheet_open(struct sheet *s, struct arena *mem, const struct import_options *o,
    const char *name, struct err *e)
{
    struct beginning *b = ARENA_NEW(mem, struct beginning);
    int at = 0;
    b->mem = mem;
    if (!begin(b, s, e))
        return false;
    if (!b->n)
        return fail(e, ERR_USAGE, NULL, NULL, "the file is empty");
    if (!choose(s, b, o, name, &at, e))
        return false;
    take_columns(s, mem, o, &b->row[at]);
    return true;
}

int import_rank(
    const struct import_options *o, const char *name, const char *text, size_t n)
{
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    struct sheet *s = xcalloc(1, sizeof *s);
    size_t skip;
    s->separator = csv_separator(text, n, &skip);
    s->text = text + skip;
    s->n = n - skip;
    int rank =
        sheet_open(s, &mem, o, name, &e) ? (int)(s->kind - import_kinds) : IMPORT_KINDS;
    free(s);
    arena_finish(&mem);
    return rank;
}
