/* The functions of the calendar that SQL may call: days of a zone, business days of a
 * market. Knows no calendar itself, since text stands beside the store: it is given one. */
#include "bot/store/db.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"

static const struct db_calendar *calendar_of(sqlite3_context *x)
{
    return sqlite3_user_data(x);
}

static const char *text(sqlite3_value *v)
{
    return (const char *)sqlite3_value_text(v);
}

/* Null goes in and comes out; `from` is the first argument that may not be null. */
static bool has_null(sqlite3_value **v, int from, int n)
{
    for (int i = from; i < n; i++) {
        if (sqlite3_value_type(v[i]) == SQLITE_NULL)
            return true;
    }
    return false;
}

static void on_day(sqlite3_context *x, int n, sqlite3_value **v)
{
    if (!has_null(v, 0, n))
        sqlite3_result_int64(x, calendar_of(x)->day(sqlite3_value_int64(v[0]), text(v[1])));
}

static void on_month_start(sqlite3_context *x, int n, sqlite3_value **v)
{
    if (!has_null(v, 0, n))
        sqlite3_result_int64(
            x, calendar_of(x)->month_start(sqlite3_value_int64(v[0]), text(v[1])));
}

static void on_day_start(sqlite3_context *x, int n, sqlite3_value **v)
{
    if (!has_null(v, 0, n))
        sqlite3_result_int64(x, calendar_of(x)->day_start(sqlite3_value_int(v[0]), text(v[1])));
}

static void on_business_add(sqlite3_context *x, int n, sqlite3_value **v)
{
    if (!has_null(v, 1, n))
        sqlite3_result_int64(x, calendar_of(x)->business_add(text(v[0]),
                                    sqlite3_value_int(v[1]), sqlite3_value_int(v[2])));
}

static void on_business_days(sqlite3_context *x, int n, sqlite3_value **v)
{
    if (!has_null(v, 1, n))
        sqlite3_result_int64(x, calendar_of(x)->business_days(text(v[0]),
                                    sqlite3_value_int(v[1]), sqlite3_value_int(v[2])));
}

static void on_cycle_factor(sqlite3_context *x, int n, sqlite3_value **v)
{
    (void)n;
    sqlite3_result_int64(x, calendar_of(x)->cycle_factor(text(v[0])));
}

/* Days between rows that follow each other: how often each number of them came. */
struct gaps {
    int64_t who;
    int32_t day;
    bool begun;
    int32_t most; /* counts that there is room for */
    int64_t *count;
};

static void make_room(struct gaps *g, int32_t gap)
{
    int32_t most = gap < 512 ? 1024 : gap * 2;
    if (gap < g->most)
        return;
    g->count = xrealloc(g->count, (size_t)most * sizeof *g->count);
    memset(g->count + g->most, 0, (size_t)(most - g->most) * sizeof *g->count);
    g->most = most;
}

static void gaps_step(sqlite3_context *x, int n, sqlite3_value **v)
{
    enum { DAYS_MOST = 1 << 22 }; /* ten thousand years */
    struct gaps *g = sqlite3_aggregate_context(x, sizeof *g);
    if (!g || has_null(v, 0, n))
        return;
    int64_t who = sqlite3_value_int64(v[0]);
    int32_t day = calendar_of(x)->day(sqlite3_value_int64(v[1]), text(v[2]));
    bool follows = g->begun && g->who == who;
    int32_t gap = follows ? day - g->day : 0;
    if (gap < 0 || gap > DAYS_MOST) {
        sqlite3_result_error(x, "gap_counts: rows out of order", -1);
    } else if (follows) {
        make_room(g, gap);
        g->count[gap]++;
    }
    g->begun = true;
    g->who = who;
    g->day = day;
}

static void gaps_value(sqlite3_context *x)
{
    struct gaps *g = sqlite3_aggregate_context(x, 0);
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_putc(&b, '[');
    for (int32_t i = 0; g && i < g->most; i++)
        if (g->count[i])
            buf_printf(&b, "%s[%d,%lld]", b.n > 1 ? "," : "", (int)i, (long long)g->count[i]);
    buf_putc(&b, ']');
    sqlite3_result_text(x, buf_str(&b), -1, SQLITE_TRANSIENT);
    arena_finish(&mem);
    if (g)
        free(g->count);
}

/* Instants in any order: twice the median of the days between them, null for less than two. */
struct instants {
    int64_t *day;
    int n, room;
};

static void instants_step(sqlite3_context *x, int n, sqlite3_value **v)
{
    struct instants *i = sqlite3_aggregate_context(x, sizeof *i);
    if (!i || has_null(v, 0, n))
        return;
    if (i->n == i->room) {
        i->room = i->room ? i->room * 2 : 32;
        i->day = xrealloc(i->day, (size_t)i->room * sizeof *i->day);
    }
    i->day[i->n++] = calendar_of(x)->day(sqlite3_value_int64(v[0]), text(v[1]));
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void instants_value(sqlite3_context *x)
{
    struct instants *i = sqlite3_aggregate_context(x, 0);
    if (!i)
        return;
    int gaps = i->n - 1;
    if (gaps > 0) {
        qsort(i->day, (size_t)i->n, sizeof *i->day, by_number);
        for (int k = 0; k < gaps; k++)
            i->day[k] = i->day[k + 1] - i->day[k];
        qsort(i->day, (size_t)gaps, sizeof *i->day, by_number);
        sqlite3_result_int64(x, i->day[(gaps - 1) / 2] + i->day[gaps / 2]);
    }
    free(i->day);
}

bool db_install_calendar(struct db *db, const struct db_calendar *calendar, struct err *e)
{
    static const struct {
        const char *name;
        int args;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
        void (*step)(sqlite3_context *, int, sqlite3_value **);
        void (*value)(sqlite3_context *);
    } functions[] = { { .name = "day", 2, on_day }, { .name = "month_start", 2, on_month_start },
        { .name = "day_start", 2, on_day_start }, { .name = "business_add", 3, on_business_add },
        { .name = "business_days", 3, on_business_days },
        { .name = "cycle_factor", 1, on_cycle_factor },
        { .name = "gap_counts", 3, NULL, gaps_step, gaps_value },
        { .name = "twice_median_gap", 2, NULL, instants_step, instants_value } };
    if (*db_has_calendar(db))
        return true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int rc = sqlite3_create_function_v2(db_handle(db), functions[i].name,
            functions[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
            (void *)(uintptr_t)calendar, functions[i].run, functions[i].step,
            functions[i].value, NULL);
        if (rc != SQLITE_OK)
            return fail(e, ERR_BUG, NULL, NULL, "function '%s': %s", functions[i].name,
                sqlite3_errmsg(db_handle(db)));
    }
    *db_has_calendar(db) = true;
    return true;
}
