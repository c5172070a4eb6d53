#include "bot/store/check_in.h"

static bool changed(struct db *db, int64_t group, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHECK_IN_CHANGED);
    bind_int(&q, "$group", group);
    return query_next(&q, e) && query_int(&q, 0);
}

bool check_in_add(struct db *db, int64_t partner, int32_t day, int64_t group, int64_t member, struct err *e)
{
    e->code = ERR_NONE;
    const char *what = group && changed(db, group, e) ? "update" : "check";
    if (e->code != ERR_NONE)
        return false;
    AUTO_QUERY q = db_query(db, STMT_CHECK_IN_INSERT);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$day", day);
    bind_text(&q, "$what", what);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

bool check_in_latest(struct db *db, int64_t partner, int32_t *seen, int32_t *updated, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHECK_IN_LATEST);
    bind_int(&q, "$partner", partner);
    if (!query_next(&q, e))
        return false;
    *seen = (int32_t)query_int(&q, 0);
    *updated = (int32_t)query_int(&q, 1);
    return true;
}

bool partner_owns(struct db *db, int64_t partner, char kind, int64_t id, struct err *e)
{
    const char text[] = { kind, '\0' };
    AUTO_QUERY q = db_query(db, STMT_PARTNER_OWNS);
    bind_text(&q, "$kind", text);
    bind_int(&q, "$id", id);
    bind_int(&q, "$partner", partner);
    return query_next(&q, e) && query_int(&q, 0);
}
