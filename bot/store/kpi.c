/* Reads the rows behind the figures. One shape of row for every statement of sql/kpi,
 * whatever it is wrapped in. Next: core/kpi.c. */
#include "bot/store/kpi.h"

#include <sqlite3.h>
#include <string.h>

static struct kpi_row *kpi_rows_add(struct arena *mem, struct kpi_rows *rows)
{
    if (rows->n == rows->cap) {
        int cap = rows->cap ? rows->cap * 2 : 32;
        struct kpi_row *grown = ARENA_ARRAY(mem, struct kpi_row, (size_t)cap);
        if (rows->n)
            memcpy(grown, rows->row, (size_t)rows->n * sizeof *grown);
        rows->row = grown;
        rows->cap = cap;
    }
    return &rows->row[rows->n++];
}

/* Good until the next row. A copy of each word of each of a million rows would be more
 * than the figure needs. */
static const char *borrow(struct query *q, int column)
{
    return (const char *)sqlite3_column_text(q->stmt, column);
}

/* Channels, markets and states repeat in every row: one copy of each will do. */
struct pool {
    struct arena *mem;
    const char *text[64];
    int n;
};

static const char *pooled(struct pool *p, struct query *q, int column)
{
    if (query_null(q, column))
        return NULL;
    const char *s = borrow(q, column);
    for (int i = 0; i < p->n; i++) {
        if (strcmp(p->text[i], s) == 0)
            return p->text[i];
    }
    const char *copy = arena_strdup(p->mem, s);
    if (p->n < (int)(sizeof p->text / sizeof *p->text))
        p->text[p->n++] = copy;
    return copy;
}

/* A statement need not ask for all that can be bound. */
static int place(struct query *q, const char *name)
{
    return sqlite3_bind_parameter_index(q->stmt, name);
}

static void offer_int(struct query *q, const char *name, int64_t v)
{
    if (place(q, name))
        bind_int(q, name, v);
}

static void offer_ref(struct query *q, const char *name, int64_t v)
{
    if (place(q, name))
        bind_ref(q, name, v);
}

static void offer_text(struct query *q, const char *name, const char *s)
{
    if (place(q, name))
        bind_text(q, name, s);
}

static bool is_any(const struct kpi_scope *s)
{
    return !(s->partner || s->customer || s->member || s->deal || s->market || s->team ||
             s->type || s->silo || s->product || s->model);
}

static bool of_touches(enum stmt_id rows)
{
    return rows == STMT_KPI_K12 || rows == STMT_KPI_K35 || rows == STMT_KPI_K41;
}

static bool only_partner(const struct kpi_scope *s)
{
    struct kpi_scope other = *s;
    other.partner = 0;
    return s->partner && is_any(&other);
}

/* Whether more than a touch point's own columns is asked for (sql/kpi/touches.sql), or, of
 * a won deal's touch points (K11), more than when they were and whether they count. */
static bool is_wide(enum stmt_id rows, enum stmt_id shape, const struct kpi_query *ask)
{
    static const char *const own[] = { "", "member", "channel", "month" };
    const struct kpi_scope *s = ask->scope;
    bool cells = shape == STMT_KPI_SHAPE_CELLS;
    if (rows == STMT_KPI_K11 || shape == STMT_KPI_SHAPE_ROWS)
        return !cells;
    if (s->partner)
        return !only_partner(s) || (cells && ask->by[0]) ||
               (!of_touches(rows) && rows != STMT_KPI_K13);
    if (!of_touches(rows) || s->market || s->team || s->type || s->silo || s->product ||
        s->model)
        return true;
    bool narrow = !cells;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        narrow = narrow || strcmp(ask->by, own[i]) == 0;
    return !narrow;
}

static void bind_ask(struct query *q, enum stmt_id rows, enum stmt_id shape,
    const struct kpi_query *ask)
{
    const struct kpi_scope *s = ask->scope;
    offer_ref(q, "$partner", s->partner);
    offer_ref(q, "$customer", s->customer);
    offer_ref(q, "$member", s->member);
    offer_ref(q, "$deal", s->deal);
    offer_text(q, "$market", s->market);
    offer_text(q, "$team", s->team);
    offer_text(q, "$type", s->type);
    offer_text(q, "$silo", s->silo);
    offer_text(q, "$product", s->product);
    offer_text(q, "$model", s->model);
    offer_int(q, "$from", ask->from_ms);
    offer_int(q, "$to", ask->to_ms);
    offer_int(q, "$as_of", ask->as_of_ms);
    offer_int(q, "$since", ask->since_ms);
    offer_text(q, "$zone", ask->zone);
    offer_text(q, "$currency", ask->currency);
    offer_text(q, "$by", ask->by);
    offer_int(q, "$wide", is_wide(rows, shape, ask));
}

/* In the order of the columns of sql/kpi/shapes.sql. */
static struct kpi_row read_row(struct pool *p, struct query *q)
{
    return (struct kpi_row){
        .kind = borrow(q, 0)[0],
        .no = query_int(q, 1),
        .role = (int)query_int(q, 2),
        .mark = pooled(p, q, 3),
        .again = query_int(q, 4) != 0,
        .deal = query_int(q, 5),
        .partner = query_int(q, 6),
        .customer = query_int(q, 7),
        .member = query_int(q, 8),
        .member_left = query_int(q, 9) != 0,
        .co_member = query_int(q, 10),
        .co_left = query_int(q, 11) != 0,
        .market = pooled(p, q, 12),
        .type = pooled(p, q, 13),
        .silo = pooled(p, q, 14),
        .product = pooled(p, q, 15),
        .channel = pooled(p, q, 16),
        .team = pooled(p, q, 17),
        .sort = pooled(p, q, 18),
        .since_ms = query_int(q, 19),
        .at_ms = query_int(q, 20),
        .by_ms = query_int(q, 21),
        .has_figure = !query_null(q, 22),
        .figure = query_int(q, 22),
        .net = query_int(q, 23),
        .has_value = !query_null(q, 24),
        .value_minor = query_int(q, 24),
        .currency = pooled(p, q, 25),
        .flags = (int)query_int(q, 26),
        .n = query_int(q, 27),
    };
}

/* Finds the cell of a row by all that keeps cells apart: open addressing, places from 1. */
struct fold {
    struct kpi_rows *out;
    int *place;
    size_t size;
};

static bool alike(const struct kpi_row *a, const struct kpi_row *b)
{
    return a->kind == b->kind && a->no == b->no && a->role == b->role &&
           a->mark == b->mark && a->again == b->again && a->partner == b->partner &&
           a->member == b->member && a->member_left == b->member_left &&
           a->co_member == b->co_member && a->co_left == b->co_left &&
           a->market == b->market && a->type == b->type && a->silo == b->silo &&
           a->product == b->product && a->channel == b->channel && a->team == b->team &&
           a->sort == b->sort && a->by_ms == b->by_ms &&
           a->has_figure == b->has_figure && a->figure == b->figure && a->net == b->net &&
           a->has_value == b->has_value && a->currency == b->currency &&
           a->flags == b->flags;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}

static size_t hash_of(const struct kpi_row *r)
{
    uint64_t h = mix((uint64_t)r->kind, (uint64_t)r->no);
    h = mix(h, (uint64_t)r->role << 40 ^ (uint64_t)r->flags << 8 ^ (uint64_t)r->again);
    h = mix(mix(h, (uintptr_t)r->mark), (uintptr_t)r->channel);
    h = mix(mix(h, (uint64_t)r->partner), (uint64_t)r->member);
    h = mix(mix(h, (uint64_t)r->co_member), (uint64_t)r->by_ms);
    h = mix(mix(h, (uintptr_t)r->market), (uintptr_t)r->type);
    h = mix(mix(h, (uintptr_t)r->silo), (uintptr_t)r->sort);
    h = mix(mix(h, (uintptr_t)r->product), (uintptr_t)r->team);
    h = mix(mix(h, (uintptr_t)r->currency), (uint64_t)r->figure);
    return (size_t)mix(h, (uint64_t)r->net);
}

static int *place_of(const struct fold *f, const struct kpi_row *r)
{
    size_t at = hash_of(r) & (f->size - 1);
    while (f->place[at] && !alike(&f->out->row[f->place[at] - 1], r))
        at = (at + 1) & (f->size - 1);
    return &f->place[at];
}

static void fold_grow(struct fold *f, struct arena *mem)
{
    f->size = f->size ? f->size * 4 : 256;
    f->place = ARENA_ARRAY(mem, int, f->size);
    memset(f->place, 0, f->size * sizeof *f->place);
    for (int i = 0; i < f->out->n; i++)
        *place_of(f, &f->out->row[i]) = i + 1;
}

/* Sums up in one pass: SQLite would sort a million rows by two dozen columns for it. */
static void fold_add(struct fold *f, struct arena *mem, const struct kpi_row *r)
{
    if ((size_t)f->out->n * 2 >= f->size)
        fold_grow(f, mem);
    int *place = place_of(f, r);
    if (!*place) {
        *kpi_rows_add(mem, f->out) = *r;
        *place = f->out->n;
        return;
    }
    struct kpi_row *cell = &f->out->row[*place - 1];
    cell->at_ms = r->at_ms > cell->at_ms ? r->at_ms : cell->at_ms;
    cell->value_minor += r->value_minor;
    cell->n += r->n;
}

bool kpi_totals_say(enum stmt_id totals, const struct kpi_query *ask)
{
    if (totals == STMT_KPI_K11_TOTAL)
        return !ask->by[0];
    if (totals == STMT_KPI_K34_TOTAL || totals == STMT_KPI_K35_TOTAL)
        return is_any(ask->scope) && !ask->by[0];
    if (totals == STMT_KPI_K16_TOTAL)
        return only_partner(ask->scope) && !ask->by[0];
    return (is_any(ask->scope) || (totals == STMT_KPI_K13_TOTAL && only_partner(ask->scope))) &&
           (!ask->by[0] || strcmp(ask->by, "channel") == 0);
}

/* Cells and totals keep no number, save where a row asks for it; of rows that do not count
 * the first hundred numbers are kept apart. */
static void strip_number(struct kpi_row *r, struct arena *mem, struct kpi_rows *excluded)
{
    if (excluded && excluded->n < KPI_EXCLUDED_MOST && r->no && !r->role && !r->again && r->mark &&
        strcmp(r->mark, "before") != 0)
        *kpi_rows_add(mem, excluded) = (struct kpi_row){ .kind = r->kind, .no = r->no, .mark = r->mark };
    if (!(r->flags & KPI_NAMED))
        r->no = 0;
}

bool kpi_rows_load(struct db *db, struct arena *mem, enum stmt_id rows, enum stmt_id shape,
    const struct kpi_query *ask, struct kpi_rows *out, struct kpi_rows *excluded, struct err *e)
{
    struct pool p = { .mem = mem };
    AUTO_QUERY q = db_query_wrapped(db, rows, shape, e);
    if (!q.stmt)
        return false;
    bind_ask(&q, rows, shape, ask);
    struct fold f = { .out = out };
    while (query_next(&q, e)) {
        struct kpi_row r = read_row(&p, &q);
        if (shape == STMT_KPI_SHAPE_CELLS || shape == STMT_KPI_SHAPE_TOTALS)
            strip_number(&r, mem, excluded);
        if (shape == STMT_KPI_SHAPE_CELLS)
            fold_add(&f, mem, &r);
        else
            *kpi_rows_add(mem, out) = r;
    }
    return e->code == ERR_NONE;
}
