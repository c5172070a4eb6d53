#include "bot/store/outbox.h"

bool outbox_add(struct db *db, int64_t message, const char *network, int64_t due_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_INSERT);
    bind_int(&q, "$message", message);
    bind_text(&q, "$network", network);
    bind_int(&q, "$due", due_ms);
    return query_run(&q, e);
}

bool outbox_seen(struct db *db, int64_t member, const char *conversation, int64_t upto,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_SEEN);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_int(&q, "$upto", upto);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}
