/* The functions of the calendar that SQL may call: days of a zone, business days of a
 * market. Knows no calendar itself, since text stands beside the store: it is given one. */
#include "bot/store/db.h"

#include <sqlite3.h>

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

bool db_install_calendar(struct db *db, const struct db_calendar *calendar, struct err *e)
{
    static const struct {
        const char *name;
        int args;
        void (*run)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = { { "day", 2, on_day }, { "month_start", 2, on_month_start },
        { "day_start", 2, on_day_start }, { "business_add", 3, on_business_add },
        { "business_days", 3, on_business_days }, { "cycle_factor", 1, on_cycle_factor } };
    if (*db_has_calendar(db))
        return true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int rc = sqlite3_create_function_v2(db_handle(db), functions[i].name,
            functions[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
            (void *)(uintptr_t)calendar, functions[i].run, NULL, NULL, NULL);
        if (rc != SQLITE_OK)
            return fail(e, ERR_BUG, NULL, NULL, "function '%s': %s", functions[i].name,
                sqlite3_errmsg(db_handle(db)));
    }
    *db_has_calendar(db) = true;
    return true;
}
