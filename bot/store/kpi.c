/* Reads the rows behind the figures. Several statements, one shape of row; what a
 * column means is said in sql/kpi.sql. Next: core/kpi.c. */
#include "bot/store/kpi.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct kpi_row *kpi_rows_add(struct arena *mem, struct kpi_rows *rows)
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

bool kpi_partners(struct db *db, struct arena *mem, const struct kpi_scope *s,
    int64_t from_ms, int64_t to_ms, struct kpi_rows *out, struct err *e)
{
    struct pool p = { .mem = mem };
    AUTO_QUERY q = db_query(db, STMT_KPI_PARTNERS);
    bind_ref(&q, "$partner", s->partner);
    bind_text(&q, "$market", s->market);
    bind_int(&q, "$from", from_ms);
    bind_int(&q, "$to", to_ms);
    while (query_next(&q, e)) {
        struct kpi_row *r = kpi_rows_add(mem, out);
        *r = (struct kpi_row){
            .kind = 'P',
            .no = query_int(&q, 0),
            .partner = query_int(&q, 0),
            .sort = pooled(&p, &q, 1),
            .market = pooled(&p, &q, 2),
            .silo = pooled(&p, &q, 3),
            .state = pooled(&p, &q, 4),
            .signed_known = !query_null(&q, 5),
            .signed_day = (int32_t)query_int(&q, 5),
            .ended_day = (int32_t)query_int(&q, 6),
            .touches = (int)query_int(&q, 7),
            .registrations = (int)query_int(&q, 8),
        };
    }
    return e->code == ERR_NONE;
}

/* "from-to from-", as kpi_deals puts pauses together. */
static void read_pauses(struct arena *mem, struct kpi_row *r, const char *text)
{
    int n = 0;
    for (const char *p = text; p && *p; p++)
        n += *p == '-';
    if (!n)
        return;
    struct kpi_span *spans = ARENA_ARRAY(mem, struct kpi_span, (size_t)n);
    char *p = (char *)(uintptr_t)text;
    for (int i = 0; i < n; i++) {
        spans[i].from_ms = strtoll(p, &p, 10);
        p++; /* the dash */
        spans[i].to_ms = *p >= '0' && *p <= '9' ? strtoll(p, &p, 10) : 0;
        p += *p == ' ';
    }
    r->pauses = spans;
    r->n_pauses = n;
}

static void bind_scope(struct query *q, const struct kpi_scope *s)
{
    bind_ref(q, "$partner", s->partner);
    bind_ref(q, "$customer", s->customer);
    bind_ref(q, "$member", s->member);
    bind_ref(q, "$deal", s->deal);
    bind_text(q, "$market", s->market);
    bind_text(q, "$team", s->team);
}

bool kpi_deals(struct db *db, struct arena *mem, const struct kpi_scope *s,
    int64_t from_ms, int64_t to_ms, int64_t as_of_ms, struct kpi_rows *out,
    struct err *e)
{
    struct pool p = { .mem = mem };
    AUTO_QUERY q = db_query(db, STMT_KPI_DEALS);
    bind_scope(&q, s);
    bind_int(&q, "$from", from_ms);
    bind_int(&q, "$to", to_ms);
    bind_int(&q, "$as_of", as_of_ms);
    while (query_next(&q, e)) {
        struct kpi_row *r = kpi_rows_add(mem, out);
        *r = (struct kpi_row){
            .kind = 'D',
            .no = query_int(&q, 0),
            .deal = query_int(&q, 0),
            .partner = query_int(&q, 1),
            .customer = query_int(&q, 2),
            .market = pooled(&p, &q, 3),
            .sort = pooled(&p, &q, 4),
            .since_ms = query_int(&q, 5),
            .has_value = !query_null(&q, 6) && !query_null(&q, 7),
            .value_minor = query_int(&q, 6),
            .currency = pooled(&p, &q, 7),
            .state = pooled(&p, &q, 8),
            .at_ms = query_int(&q, 9),
            .paused = query_int(&q, 10) != 0,
            .reopened = query_int(&q, 12) != 0,
            .member = query_int(&q, 13),
            .member_left = query_int(&q, 14) != 0,
            .co_member = query_int(&q, 15),
            .co_left = query_int(&q, 16) != 0,
        };
        read_pauses(mem, r, query_text(&q, mem, 11));
    }
    return e->code == ERR_NONE;
}

bool kpi_deal_touches(
    struct db *db, struct arena *mem, int64_t deal, struct kpi_rows *out, struct err *e)
{
    struct pool p = { .mem = mem };
    AUTO_QUERY q = db_query(db, STMT_KPI_DEAL_TOUCHES);
    bind_int(&q, "$deal", deal);
    while (query_next(&q, e)) {
        struct kpi_row *r = kpi_rows_add(mem, out);
        *r = (struct kpi_row){
            .kind = borrow(&q, 0)[0],
            .no = query_int(&q, 1),
            .at_ms = query_int(&q, 2),
            .channel = pooled(&p, &q, 3),
            .sort = pooled(&p, &q, 4),
            .internal = query_int(&q, 5) != 0,
            .customer = query_int(&q, 6),
            .member = query_int(&q, 7),
            .deal = deal,
        };
    }
    return e->code == ERR_NONE;
}

/* A touch point with two partners has two rows; named twice, a partner has but one. */
static bool take_repeat(struct kpi_rows *out)
{
    if (out->n < 2)
        return true;
    const struct kpi_row *before = &out->row[out->n - 2];
    struct kpi_row *r = &out->row[out->n - 1];
    r->again = r->kind == before->kind && r->no == before->no;
    return !r->again || r->partner != before->partner;
}

bool kpi_touches(struct db *db, struct arena *mem, const struct kpi_scope *s,
    bool meetings, int64_t from_ms, int64_t to_ms, int64_t as_of_ms,
    struct kpi_rows *out, struct err *e)
{
    struct pool p = { .mem = mem };
    AUTO_QUERY q = db_query(db, STMT_KPI_TOUCHES);
    bind_scope(&q, s);
    bind_int(&q, "$meetings", meetings);
    bind_int(&q, "$from", from_ms);
    bind_int(&q, "$to", to_ms);
    bind_int(&q, "$as_of", as_of_ms);
    while (query_next(&q, e)) {
        *kpi_rows_add(mem, out) = (struct kpi_row){
            .kind = borrow(&q, 0)[0],
            .no = query_int(&q, 1),
            .at_ms = query_int(&q, 2),
            .channel = pooled(&p, &q, 3),
            .sort = pooled(&p, &q, 4),
            .internal = query_int(&q, 5) != 0,
            .deal = query_int(&q, 6),
            .partner = query_int(&q, 7),
            .customer = query_int(&q, 8),
            .member = query_int(&q, 9),
            .member_left = query_int(&q, 10) != 0,
            .market = pooled(&p, &q, 11),
            .heard_ms = query_int(&q, 12),
            .stance_ms = query_int(&q, 13),
            .champion = query_int(&q, 14) != 0,
        };
        if (!take_repeat(out))
            out->n--;
    }
    return e->code == ERR_NONE;
}
