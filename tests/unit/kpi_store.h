/* A store in memory, built with plain inserts, for the tests of the figures. */
#ifndef TESTS_UNIT_KPI_STORE_H
#define TESTS_UNIT_KPI_STORE_H

#include "tests/unit/t.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include "bot/core/kpi.h"

#define TOKYO "Asia/Tokyo"

struct world {
    struct db *db;
    struct arena mem;
    int64_t touches;
};

static inline void run(struct world *w, const char *sql)
{
    struct err e = { 0 };
    if (!db_exec(w->db, sql, &e))
        fail_msg("%s\n%s", e.why, sql);
}

#define RUN(w, ...) run((w), arena_printf(&(w)->mem, __VA_ARGS__))

static inline int64_t at(const char *iso)
{
    int64_t ms = 0;
    assert_true(zone_parse_iso(iso, TOKYO, &ms));
    return ms;
}

/* "2026-03-02" */
static inline int32_t day(const char *iso)
{
    char midnight[32];
    (void)snprintf(midnight, sizeof midnight, "%sT00:00", iso);
    return day_of(at(midnight), TOKYO);
}

static inline int setup(void **state)
{
    static struct world w;
    struct err e = { 0 };
    w = (struct world){ .mem = ARENA_INIT };
    w.db = db_open(":memory:", DB_WRITE, &e);
    if (!w.db)
        fail_msg("%s", e.why);
    run(&w,
        "insert into member (id, handle, name, role, market, zone, locale, created_ms) values"
        " (1,'kenji','Kenji','rep','JP','Asia/Tokyo','en',0),"
        " (2,'haruka','Haruka','rep','JP','Asia/Tokyo','ja',0),"
        " (3,'mika','Mika','manager','JP','Asia/Tokyo','en',0);"
        "insert into partner (id, name, type, market, stage, signed_day, created_ms) values"
        " (1,'P1','agency','JP','active',100,0), (2,'P2','si','JP','active',100,0);"
        "insert into customer (id, name, market, created_ms) values (1,'A1','JP',0)");
    *state = &w;
    return 0;
}

static inline int teardown(void **state)
{
    struct world *w = *state;
    db_close(w->db);
    arena_finish(&w->mem);
    return 0;
}

struct deal {
    int id, partner;
    const char *market, *registered, *state, *closed;
    int64_t value;
    const char *currency;
    int owner, co_owner;
};

static inline void add_deal(struct world *w, struct deal d)
{
    RUN(w,
        "insert into deal (id, name, customer_id, partner_id, market, origin, registered_ms,"
        " state, closed_ms, value_minor, currency, owner_id, co_owner_id, created_ms)"
        " values (%d, 'deal %d', 1, nullif(%d,0), '%s', 'inbound', %lld, '%s',"
        " nullif(%lld,0), nullif(%lld,0), nullif('%s',''), nullif(%d,0), nullif(%d,0), 0)",
        d.id, d.id, d.partner, d.market ? d.market : "JP", (long long)at(d.registered),
        d.state, d.closed ? (long long)at(d.closed) : 0LL, (long long)d.value,
        d.currency ? d.currency : "", d.owner, d.co_owner);
}

/* One touch point; `more` sets further columns: ", outcome='no_answer'". */
static inline int64_t add_touch(
    struct world *w, int deal, const char *when, const char *channel, const char *more)
{
    int64_t id = ++w->touches;
    RUN(w,
        "insert into touch_point (id, kind, no, at_ms, channel, member_id, deal_id, created_ms)"
        " values (%lld, 'T', %lld, %lld, '%s', 1, nullif(%d,0), 0)",
        (long long)id, (long long)id, (long long)at(when), channel, deal);
    if (more)
        RUN(w, "update touch_point set %s where id = %lld", more, (long long)id);
    return id;
}

static inline void add_touches(struct world *w, int deal, const char *when, int n)
{
    for (int i = 0; i < n; i++)
        add_touch(w, deal, when, "zoom", NULL);
}

static inline struct kpi_ask ask(const char *id, const char *from, const char *to)
{
    struct kpi_ask a = { .kpi = kpi_find(id), .zone = TOKYO, .sees_members = true };
    assert_non_null(a.kpi);
    a.as_of_ms = at("2026-07-02T12:00");
    a.period.from_ms = from ? at(from) : a.as_of_ms + 1;
    a.period.to_ms = to ? at(to) : a.as_of_ms + 1;
    return a;
}

static inline void compute(struct world *w, const struct kpi_ask *a, struct kpi_answer *out)
{
    struct err e = { 0 };
    if (!kpi_compute(w->db, &w->mem, a, out, &e))
        fail_msg("%s", e.why);
}

static inline void assert_same_figure(const struct kpi_figure *x, const struct kpi_figure *y)
{
    assert_int_equal(x->num, y->num);
    assert_int_equal(x->den, y->den);
    assert_int_equal(x->n, y->n);
    assert_string_equal(x->value, y->value);
    assert_string_equal(x->mean, y->mean);
    assert_string_equal(x->median, y->median);
    assert_string_equal(x->p90, y->p90);
    assert_string_equal(x->net, y->net);
    assert_string_equal(x->beside, y->beside);
    assert_int_equal(x->n_money, y->n_money);
    for (int i = 0; i < x->n_money; i++) {
        assert_string_equal(x->money[i].currency, y->money[i].currency);
        assert_int_equal(x->money[i].num, y->money[i].num);
        assert_int_equal(x->money[i].den, y->money[i].den);
        assert_int_equal(x->money[i].plus, y->money[i].plus);
    }
    assert_string_equal(x->plus_minus, y->plus_minus);
    assert_int_equal(x->small, y->small);
}

/* What a figure is summed from must say what its rows say, in every answer of these
 * tests: the whole, its parts, its groups, and what does not count. */
static inline void assert_same_answer(const struct kpi_answer *x, const struct kpi_answer *y)
{
    assert_same_figure(&x->total, &y->total);
    assert_int_equal(x->n_parts, y->n_parts);
    for (int i = 0; i < x->n_parts; i++) {
        int at = 0;
        while (at < y->n_parts && (strcmp(x->parts[i].kind, y->parts[at].kind) != 0 ||
                                      strcmp(x->parts[i].name, y->parts[at].name) != 0))
            at++;
        assert_true(at < y->n_parts);
        assert_int_equal(x->parts[i].num, y->parts[at].num);
        assert_int_equal(x->parts[i].den, y->parts[at].den);
        assert_string_equal(x->parts[i].share, y->parts[at].share);
        assert_string_equal(x->parts[i].shift, y->parts[at].shift);
    }
    assert_int_equal(x->n_groups, y->n_groups);
    for (int i = 0; i < x->n_groups; i++) {
        assert_int_equal(x->groups[i].id, y->groups[i].id);
        assert_same_figure(&x->groups[i].f, &y->groups[i].f);
    }
    assert_int_equal(x->hidden, y->hidden);
    assert_int_equal(x->n_out, y->n_out);
    for (int i = 0; i < x->n_out; i++)
        assert_int_equal(kpi_count(x, x->out[i].mark), kpi_count(y, x->out[i].mark));
    assert_int_equal(x->immature, y->immature);
    assert_int_equal(x->open, y->open);
    assert_int_equal(x->reopened, y->reopened);
    assert_int_equal(x->unlogged, y->unlogged);
    assert_int_equal(x->running, y->running);
}

static inline struct kpi_answer answer(struct world *w, const struct kpi_ask *a)
{
    struct kpi_answer out, cells;
    struct kpi_ask wrapped = *a;
    wrapped.cells = wrapped.excluded = true;
    compute(w, a, &out);
    compute(w, &wrapped, &cells);
    assert_same_answer(&out, &cells);
    return out;
}

/* The part of that kind, and of that name unless NULL; NULL if there is none. */
static inline const struct kpi_part *part(
    const struct kpi_answer *r, const char *kind, const char *name)
{
    for (int i = 0; i < r->n_parts; i++) {
        if (strcmp(r->parts[i].kind, kind) == 0 &&
            (!name || strcmp(r->parts[i].name, name) == 0))
            return &r->parts[i];
    }
    return NULL;
}

#define H1 "2026-01-01T00:00", "2026-07-01T00:00"

static inline void golden(struct world *w)
{
    static const struct deal deals[] = {
        { 1, 1, "JP", "2025-08-01T10:00", "won", "2026-01-20T15:00", 4800000, "JPY", 1,
            0 },
        { 2, 1, "JP", "2025-10-05T10:00", "won", "2026-03-03T15:00", 3000000, "JPY", 1,
            2 },
        { 3, 1, "JP", "2025-11-11T10:00", "lost", "2026-02-10T15:00", 0, NULL, 2, 0 },
        { 4, 1, "JP", "2026-02-02T10:00", "open", NULL, 0, NULL, 1, 0 },
        { 5, 2, "JP", "2025-06-15T10:00", "won", "2026-06-30T23:30", 6000000, "JPY", 1,
            0 },
        { 6, 2, "KR", "2026-01-10T10:00", "lost", "2026-05-05T15:00", 0, NULL, 1, 0 },
        { 7, 2, "JP", "2026-03-01T10:00", "merged", "2026-03-10T10:00", 0, NULL, 1, 0 },
        { 8, 2, "JP", "2026-03-01T10:00", "paused", NULL, 0, NULL, 1, 0 },
        { 9, 0, "AU", "2025-12-01T10:00", "won", "2026-07-01T00:10", 5000000, "AUD", 1,
            0 },
        { 10, 1, "JP", "2026-01-15T10:00", "expired", "2026-04-15T00:00", 0, NULL, 1,
            0 },
    };
    static const int touches[] = { 14, 9, 6, 3, 31, 5, 2, 2, 11, 1 };
    for (size_t i = 0; i < sizeof deals / sizeof *deals; i++) {
        add_deal(w, deals[i]);
        add_touches(w, deals[i].id,
            i == 6 || i == 7 ? "2026-03-05T10:00" : "2026-01-19T10:00", touches[i]);
    }
    RUN(w, "update deal set merged_into = 8 where id = 7");
    RUN(w, "insert into deal_pause (deal_id, from_ms) values (8, %lld)",
        (long long)at("2026-04-01T00:00"));
}

#endif
