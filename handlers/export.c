/* export: a list or the records behind a figure as a file for spreadsheets. Columns are
 * those of core/columns.h, so that `import` takes them back; people's words stay here. */
#include "bot/core/export.h"
#include "bot/text/csv.h"
#include "bot/text/xlsx.h"
#include "handlers/facts.h"
#include "handlers/kpis.h"
#include <string.h>

enum { FILE_MAX = 384 * 1024, COLUMNS_MAX = 64 };

struct table {
    struct call *c;
    const char *name; /* of the file, without its ending */
    struct xlsx_column column[COLUMNS_MAX];
    int n_columns, n_rows;
    const char *const **rows;
    size_t cap, bytes;
    const struct record_kind *kind; /* of a list */
    const char *ids[8];             /* what the scope asks for: P3, A1, D12, kenji */
};

static const char *id_or_null(struct call *c, char kind, int64_t no)
{
    return no ? call_ref(c, kind, no) : NULL;
}

static void add_row(struct table *t, const char *const *cells)
{
    struct arena *mem = t->c->mem;
    if ((size_t)t->n_rows == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        const char *const **more = ARENA_ARRAY(mem, const char *const *, cap);
        if (t->n_rows)
            memcpy(more, t->rows, (size_t)t->n_rows * sizeof *more);
        t->rows = more;
        t->cap = cap;
    }
    const char **row = ARENA_ARRAY(mem, const char *, (size_t)t->n_columns);
    for (int i = 0; i < t->n_columns; i++) {
        row[i] = cells[i] ? arena_strdup(mem, cells[i]) : NULL;
        t->bytes += (cells[i] ? strlen(cells[i]) : 0) + 1;
    }
    t->rows[t->n_rows++] = row;
}

/* Lists. */

static const struct {
    const char *list, *kind, *day; /* the column that a period is about */
} lists[] = { { "partners", "partners", NULL }, { "customers", "customers", NULL },
    { "people", "people", NULL }, { "members", "members", NULL },
    { "deals", "deals", "registered_at" }, { "touch_points", "touch_points", "at" },
    { "meetings", "meetings", "at" }, { "notes", "consensus", "at" } };
enum { LISTS = sizeof lists / sizeof *lists };

static const char *cell_of(
    const struct table *t, const char *const *cells, const char *name)
{
    int i = 0;
    for (const struct column *c = t->kind->columns; c->name; c++, i++)
        if (!strcmp(c->name, name))
            return cells[i] ? cells[i] : "";
    return NULL;
}

/* Is `id` one of the ids in any of these columns? Where there is no such column, the file
 * is not about that, and everything stays. */
static bool names(const struct table *t, const char *const *cells, const char *id,
    const char *const *columns)
{
    bool any = false;
    for (; id && *columns; columns++) {
        const char *cell = cell_of(t, cells, *columns);
        any = any || cell;
        for (const char *p = cell; p && *p; p += strcspn(p, ";"), p += *p == ';')
            if (strcspn(p, ";") == strlen(id) && !strncmp(p, id, strlen(id)))
                return true;
    }
    return !id || !any;
}

static bool is(const struct table *t, const char *const *cells, const char *column,
    const char *wanted)
{
    const char *cell = cell_of(t, cells, column);
    return !wanted || !cell || !strcmp(cell, wanted);
}

/* Won in the last quarter means closed then; everything else goes by when it began. */
static const char *day_column(const struct table *t)
{
    const char *state = t->c->f->word[WORD_DEAL_ACT];
    bool closed = state && (!strcmp(state, "won") || !strcmp(state, "lost") ||
                               !strcmp(state, "expired"));
    for (int i = 0; i < LISTS; i++)
        if (!strcmp(lists[i].kind, t->kind->name))
            return closed && lists[i].day && !strcmp(lists[i].kind, "deals")
                       ? "closed_at"
                       : lists[i].day;
    return NULL;
}

static bool in_period(const struct table *t, const char *const *cells)
{
    int64_t ms;
    const char *column = t->c->f->has_period ? day_column(t) : NULL;
    const char *cell = column ? cell_of(t, cells, column) : NULL;
    return !cell || (zone_parse_iso(cell, t->c->when.team_zone, &ms) &&
                        ms >= t->c->f->period.from_ms && ms < t->c->f->period.to_ms);
}

static bool fits(const struct table *t, const char *const *cells)
{
    static const char *const partner[] = { "partner", "partners", NULL },
                             *const customer[] = { "customer", NULL },
                             *const person[] = { "people", "from_person", NULL },
                             *const deal[] = { "deal", NULL },
                             *const member[] = { "owner", "co_owner", "member", NULL },
                             *const id[] = { "id", NULL };
    const char *const *const by[] = { partner, customer, person, deal, member };
    static const char *const own[] = { "partners", "customers", "people", "deals",
        "members" };
    const struct frame *f = t->c->f;
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (!names(t, cells, t->ids[i],
                !strcmp(own[i], t->kind->name) && i < 4 ? id : by[i]))
            return false;
    return is(t, cells, "market", f->word[WORD_MARKET]) &&
           is(t, cells, "silo", f->word[WORD_SILO]) &&
           is(t, cells, "type", f->word[WORD_PARTNER_TYPE]) &&
           is(t, cells, "stage", f->word[WORD_STAGE]) &&
           is(t, cells, "model", f->word[WORD_MODEL]) &&
           is(t, cells, "product", f->product) &&
           is(t, cells, "state", f->word[WORD_DEAL_ACT]) && in_period(t, cells);
}

/* Without the columns of people's words. */
static bool take_cells(void *ctx, const char *const *cells, int n, struct err *e)
{
    struct table *t = ctx;
    const char *kept[COLUMNS_MAX];
    int k = 0;
    (void)e;
    bool head = !t->n_columns;
    for (int i = 0; i < n; i++) {
        enum column_type type = t->kind->columns[i].type;
        if (type == COL_NOTE || type == COL_LEVEL)
            continue;
        if (head)
            t->column[k] = (struct xlsx_column){ arena_strdup(t->c->mem, cells[i]),
                type == COL_NUMBER || type == COL_AMOUNT || type == COL_PERCENT ||
                        type == COL_RATE || type == COL_FLAG
                    ? XLSX_NUMBER
                : type == COL_DAY  ? XLSX_DAY
                : type == COL_TIME ? XLSX_TIME
                                   : XLSX_TEXT };
        kept[k++] = cells[i];
    }
    if (head)
        t->n_columns = k;
    else if (fits(t, cells))
        add_row(t, kept);
    return t->bytes <= FILE_MAX;
}

static bool read_list(struct table *t, const char *list, bool *known, struct err *e)
{
    struct call *c = t->c;
    struct scope s;
    const struct export_reader reader = {
        .viewer = c->member->id, .zone = c->when.team_zone, .wordless = true
    };
    e->code = ERR_NONE;
    *known = false;
    if (c->f->team)
        return fail(e, ERR_USAGE, "list.of_figures", NULL, "unlisted scope");
    for (int i = 0; i < LISTS; i++)
        if (!strcmp(lists[i].list, list))
            t->kind = record_kind_find(lists[i].kind);
    if (!t->kind) {
        reply_new(c, REPLY_REFUSED, "export.no_list", NO_ARGS);
        return true;
    }
    if (!scope_read(c, &s, e))
        return e->code == ERR_NONE;
    *known = true;
    t->name = t->kind->name;
    t->ids[0] = id_or_null(c, 'P', s.partner);
    t->ids[1] = id_or_null(c, 'A', s.customer);
    t->ids[2] = id_or_null(c, 'C', s.person);
    t->ids[3] = id_or_null(c, 'D', s.deal);
    struct member m;
    if (s.member && member_by_id(c->db, c->mem, s.member, &m, e))
        t->ids[4] = m.handle;
    return e->code == ERR_NONE &&
           (export_cells(c->db, t->kind, &reader, take_cells, t, e) ||
               e->code == ERR_NONE);
}

/* Figures. */

static const char *counts_as(int role)
{
    return role == (KPI_NUM | KPI_DEN) ? "both"
           : role == KPI_NUM           ? "numerator"
           : role == KPI_DEN           ? "denominator"
                                       : "not";
}

static const char *instant(struct call *c, int64_t ms)
{
    return ms ? zone_iso(c->mem, ms, c->when.team_zone) : NULL;
}

static const char *handle_of(struct call *c, int64_t id)
{
    struct member m;
    struct err e;
    return id && member_by_id(c->db, c->mem, id, &m, &e) ? m.handle : NULL;
}

static void add_figure_row(struct table *t, const struct kpi_row *r)
{
    struct call *c = t->c;
    const char *cells[] = { call_ref(c, r->kind, r->no), counts_as(r->role), r->mark,
        instant(c, r->since_ms), instant(c, r->at_ms), id_or_null(c, 'D', r->deal),
        id_or_null(c, 'P', r->partner), id_or_null(c, 'A', r->customer),
        handle_of(c, r->member), handle_of(c, r->co_member), r->market, r->channel,
        r->product, arena_printf(c->mem, "%lld", (long long)r->figure),
        r->has_value ? export_amount(c->mem, r->value_minor, r->currency) : NULL,
        r->currency };
    add_row(t, cells);
}

/* Win rate: Win-rate. */
static char *file_name(struct call *c, const char *name)
{
    char *s = arena_strdup(c->mem, name);
    for (char *p = s; (p = strpbrk(p, " /\\:*?\"<>|")) != NULL;)
        *p = '-';
    return s;
}

static bool read_figure(struct table *t, bool *known, bool *alone, struct err *e)
{
    static const struct xlsx_column columns[] = { { "id", XLSX_TEXT },
        { "counts", XLSX_TEXT }, { "why", XLSX_TEXT }, { "since", XLSX_TIME },
        { "at", XLSX_TIME }, { "deal", XLSX_TEXT }, { "partner", XLSX_TEXT },
        { "customer", XLSX_TEXT }, { "member", XLSX_TEXT }, { "co_member", XLSX_TEXT },
        { "market", XLSX_TEXT }, { "channel", XLSX_TEXT }, { "product", XLSX_TEXT },
        { "figure", XLSX_NUMBER }, { "amount", XLSX_NUMBER },
        { "currency", XLSX_TEXT } };
    struct kpi_ask a;
    struct kpi_answer out;
    if (!kpi_read_ask(t->c, true, &a, known, e)) {
        *known = false;
        return e->code == ERR_NONE;
    }
    if (!*known) {
        reply_new(t->c, REPLY_REFUSED, "export.what", NO_ARGS);
        return true;
    }
    if (!a.kpi)
        a.kpi = kpi_find("K6");
    if (!kpi_compute(t->c->db, t->c->mem, &a, &out, e))
        return false;
    t->name = file_name(t->c, kpi_name(t->c, a.kpi->id));
    t->n_columns = sizeof columns / sizeof *columns;
    memcpy(t->column, columns, sizeof columns);
    for (int i = 0; i < out.rows.n && t->bytes <= FILE_MAX; i++)
        if (!out.rows.row[i].again && !kpi_is(out.rows.row[i].mark, "before"))
            add_figure_row(t, &out.rows.row[i]);
    *alone = a.scope.member || a.by == KPI_BY_MEMBER;
    return true;
}

/* The file. */

static const void *as_csv(struct table *t, size_t *n)
{
    struct buf b = BUF_ON(t->c->mem);
    const char *cells[COLUMNS_MAX];
    buf_puts(&b, "\xEF\xBB\xBF"); /* spreadsheets take it for UTF-8 by this alone */
    for (int i = 0; i < t->n_columns; i++)
        cells[i] = t->column[i].name;
    csv_line(&b, cells, t->n_columns);
    for (int i = 0; i < t->n_rows; i++)
        csv_line(&b, t->rows[i], t->n_columns);
    *n = b.n;
    return buf_str(&b);
}

static bool answer(struct table *t, bool alone, struct err *e)
{
    struct call *c = t->c;
    size_t n = 0;
    bool book = c->f->word[WORD_FORMAT] && !strcmp(c->f->word[WORD_FORMAT], "xlsx");
    struct civil d = civil_of(c->now_ms, c->when.zone);
    if (t->bytes > FILE_MAX) {
        reply_new(c, REPLY_REFUSED, "export.too_large", NO_ARGS);
        return true;
    }
    const char *name = arena_printf(c->mem, "%s-%04d-%02d-%02d.%s", t->name, d.year,
        d.month, d.day, book ? "xlsx" : "csv");
    const void *bytes = book ? xlsx_make(c->mem, t->name, t->column, t->n_columns,
                                   t->rows, t->n_rows, &n, e)
                             : as_csv(t, &n);
    if (!bytes)
        return false;
    struct reply *r = reply_new(
        c, REPLY_OK, "export.file", ARGS(TXT("name", name), NUM("n", t->n_rows)));
    reply_file(r, name,
        book ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
             : "text/csv; charset=utf-8",
        bytes, n, call_text(c, "export.where", NO_ARGS));
    if (alone)
        reply_private(r);
    return true;
}

static bool export_run(struct call *c, struct err *e)
{
    struct table *t = ARENA_NEW(c->mem, struct table);
    const char *what = c->f->word[WORD_LIST];
    bool known = false, alone = false;
    t->c = c;
    if (c->f->period.to_date) /* what happened this very moment is in it */
        c->f->period.to_ms = c->now_ms + 1;
    if (!what && !c->f->n_kpis && (c->f->word[WORD_DEAL_ACT] || c->f->word[WORD_STAGE]))
        what = "deals";
    bool ok = what && !c->f->n_kpis ? read_list(t, what, &known, e)
                                    : read_figure(t, &known, &alone, e);
    return ok && (!known || answer(t, alone, e));
}

static const struct arg export_args[] = {
    { "list", ARG_LIST, 0 },
    { "kpi", ARG_KPI, MANY },
    { "format", ARG_FORMAT, 0 },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "member", ARG_MEMBER, 0 },
    { "market", ARG_MARKET, 0 },
    { "type", ARG_TYPE, 0 },
    { "silo", ARG_SILO, 0 },
    { "model", ARG_MODEL, 0 },
    { "team", ARG_TEAM, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "state", ARG_STATE, 0 },
    { "stage", ARG_STAGE, 0 },
    { "period", ARG_PERIOD, 0 },
    { "by", ARG_BY, 0 },
    { 0 },
};
const struct command export_command = {
    .id = "export",
    .args = export_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = export_run,
};
