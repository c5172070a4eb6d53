#include "bot/store/focus.h"

bool focus_get(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    const char *what, int64_t since_ms, char **value, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOCUS_FIND);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_text(&q, "$what", what);
    bind_int(&q, "$since", since_ms);
    if (!query_next(&q, e))
        return false;
    *value = query_text(&q, mem, 0);
    return true;
}

bool focus_set(struct db *db, int64_t member, const char *conversation, const char *what,
    const char *value, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOCUS_PUT);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_text(&q, "$what", what);
    bind_text(&q, "$value", value);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}
