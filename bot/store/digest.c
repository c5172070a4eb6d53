#include "bot/store/digest.h"

#include <string.h>

int warning_standing(struct db *db, struct arena *mem, int64_t member, struct warned *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WARNING_STANDING);
    bind_int(&q, "$member", member);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct warned){ .kind = query_text(&q, mem, 0),
            .about = *query_text(&q, mem, 1), .ref = query_int(&q, 2) };
    return n;
}

bool warning_among(const struct warned *w, const struct warned *list, int n)
{
    for (int i = 0; i < n; i++) {
        if (list[i].about == w->about && list[i].ref == w->ref &&
            strcmp(list[i].kind, w->kind) == 0)
            return true;
    }
    return false;
}

static bool settle_one(struct db *db, enum stmt_id stmt, int64_t member,
    const struct warned *w, int64_t now_ms, struct err *e)
{
    const char about[2] = { w->about, 0 };
    AUTO_QUERY q = db_query(db, stmt);
    bind_int(&q, "$member", member);
    bind_text(&q, "$kind", w->kind);
    bind_text(&q, "$about", about);
    bind_int(&q, "$ref", w->ref);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool warning_tell(struct db *db, int64_t member, const struct warned *w, int64_t now_ms, struct err *e)
{
    return settle_one(db, STMT_WARNING_TELL, member, w, now_ms, e);
}

bool warning_gone(struct db *db, int64_t member, const struct warned *w, int64_t now_ms, struct err *e)
{
    return settle_one(db, STMT_WARNING_GONE, member, w, now_ms, e);
}

bool warning_settle(struct db *db, struct arena *mem, int64_t member,
    const struct warned *now, int n, int64_t now_ms, struct err *e)
{
    struct warned *old = ARENA_ARRAY(mem, struct warned, WARNING_ROWS);
    e->code = ERR_NONE;
    int told = warning_standing(db, mem, member, old, WARNING_ROWS, e);
    bool ok = e->code == ERR_NONE;
    for (int i = 0; ok && i < told; i++)
        ok = warning_among(&old[i], now, n) || warning_gone(db, member, &old[i], now_ms, e);
    for (int i = 0; ok && i < n; i++)
        ok = warning_tell(db, member, &now[i], now_ms, e);
    return ok;
}

int warning_negative(struct db *db, struct arena *mem, const struct kpi_scope *s,
    struct warning_row *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WARNING_NEGATIVE);
    bind_ref(&q, "$partner", s->partner);
    bind_ref(&q, "$customer", s->customer);
    bind_text(&q, "$market", s->market);
    bind_int(&q, "$max", WARNING_ROWS);
    int n = 0;
    while (n < WARNING_ROWS && query_next(&q, e))
        out[n++] = (struct warning_row){ .about = *query_text(&q, mem, 0),
            .ref = query_int(&q, 1), .n = query_int(&q, 2), .since_ms = query_int(&q, 3) };
    return n;
}

int warning_trained(struct db *db, const struct kpi_scope *s, int32_t today,
    struct warning_row *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WARNING_TRAINED);
    bind_ref(&q, "$partner", s->partner);
    bind_text(&q, "$market", s->market);
    bind_int(&q, "$today", today);
    bind_int(&q, "$max", WARNING_ROWS);
    int n = 0;
    while (n < WARNING_ROWS && query_next(&q, e))
        out[n++] = (struct warning_row){ .about = 'P', .ref = query_int(&q, 0),
            .n = query_int(&q, 1) };
    return n;
}

int warning_partners(struct db *db, struct arena *mem, const struct kpi_scope *s,
    struct warning_row *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WARNING_PARTNERS);
    bind_ref(&q, "$partner", s->partner);
    bind_text(&q, "$market", s->market);
    bind_int(&q, "$max", WARNING_ROWS);
    int n = 0;
    while (n < WARNING_ROWS && query_next(&q, e))
        out[n++] = (struct warning_row){ .about = 'P', .ref = query_int(&q, 0),
            .market = query_text(&q, mem, 1), .day = (int32_t)query_int(&q, 2) };
    return n;
}

bool warning_pitches(
    struct db *db, const char *market, int64_t *deals, int64_t *first, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WARNING_PITCHES);
    bind_text(&q, "$market", market);
    if (!query_next(&q, e))
        return false;
    *deals = query_int(&q, 0);
    *first = query_int(&q, 1);
    return true;
}
