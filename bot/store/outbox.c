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

int outbox_claim(struct db *db, const char *network, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_CLAIM);
    bind_text(&q, "$network", network);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$lease", lease_ms);
    bind_int(&q, "$stubborn", OUTBOX_STUBBORN);
    bind_int(&q, "$max", max);
    int n = 0;
    while (query_next(&q, e)) /* to the end: the statement must finish */
        if (n < max)
            out[n++] = (struct outbox){ .id = query_int(&q, 0), .message_id = query_int(&q, 1),
                .attempts = (int)query_int(&q, 2) };
    return n;
}

int outbox_claim_together(struct db *db, const char *network, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_CLAIM_TOGETHER);
    bind_text(&q, "$network", network);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$lease", lease_ms);
    bind_int(&q, "$stubborn", OUTBOX_STUBBORN);
    bind_int(&q, "$together", OUTBOX_TOGETHER);
    bind_int(&q, "$max", max);
    int n = 0;
    while (query_next(&q, e)) { /* in no order */
        if (n == max * OUTBOX_TOGETHER)
            continue;
        struct outbox row = { .id = query_int(&q, 0), .message_id = query_int(&q, 1),
            .attempts = (int)query_int(&q, 2) };
        int at = n++;
        for (; at && out[at - 1].id > row.id; at--)
            out[at] = out[at - 1];
        out[at] = row;
    }
    return n;
}

static int64_t next_due(struct db *db, enum stmt_id stmt, const char *network, struct err *e)
{
    AUTO_QUERY q = db_query(db, stmt);
    bind_text(&q, "$network", network);
    bind_int(&q, "$stubborn", OUTBOX_STUBBORN);
    return query_next(&q, e) && !query_null(&q, 0) ? query_int(&q, 0) : INT64_MAX;
}

int64_t outbox_next_due(struct db *db, const char *network, struct err *e)
{
    return next_due(db, STMT_OUTBOX_NEXT_DUE, network, e);
}

int64_t outbox_next_due_together(struct db *db, const char *network, struct err *e)
{
    return next_due(db, STMT_OUTBOX_NEXT_DUE_TOGETHER, network, e);
}

bool outbox_find(struct db *db, int64_t id, struct outbox *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_BY_ID);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    *out = (struct outbox){ .id = query_int(&q, 0), .message_id = query_int(&q, 1),
        .attempts = (int)query_int(&q, 2), .at_ms = query_int(&q, 3) };
    return true;
}

bool outbox_done(struct db *db, int64_t id, const char *remote, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_DONE);
    bind_int(&q, "$id", id);
    bind_int(&q, "$now", now_ms);
    AUTO_QUERY forget = db_query(db, STMT_OUTBOX_FORGET);
    bind_int(&forget, "$id", id);
    bind_text(&forget, "$remote", remote);
    return query_run(&q, e) && query_run(&forget, e);
}

bool outbox_later(struct db *db, int64_t id, int attempts, int64_t due_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_LATER);
    bind_int(&q, "$id", id);
    bind_int(&q, "$attempts", attempts);
    bind_int(&q, "$due", due_ms);
    return query_run(&q, e);
}

bool outbox_reclaim(struct db *db, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_RECLAIM);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool outbox_dead(struct db *db, int64_t id, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_DEAD);
    bind_int(&q, "$id", id);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}
