#include "bot/store/outbox.h"

#include <string.h>

bool outbox_add(struct db *db, const struct message *m, int64_t due_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_INSERT);
    bind_int(&q, "$message", m->id);
    bind_text(&q, "$network", m->network);
    bind_int(&q, "$member", m->member_id);
    bind_text(&q, "$conversation", m->conversation);
    bind_int(&q, "$due", due_ms);
    return query_run(&q, e);
}

/* Adds what the claim took, which comes in no order, oldest first. */
static int read_claimed(struct query *q, struct outbox *out, int n, struct err *e)
{
    int from = n;
    while (query_next(q, e)) { /* to the end: the statement must finish */
        struct outbox row = { .id = query_int(q, 0), .message_id = query_int(q, 1),
            .attempts = (int)query_int(q, 2) };
        int at = n++;
        for (; at > from && out[at - 1].id > row.id; at--)
            out[at] = out[at - 1];
        out[at] = row;
    }
    return n;
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
    return read_claimed(&q, out, 0, e);
}

/* What goes in one request: the messages of a conversation, or one (`id`) by itself. */
struct group {
    int64_t id, member_id;
    const char *conversation;
    int attempts;
};

static bool listed(const struct group *groups, int n, const struct group *g)
{
    for (int i = 0; i < n; i++)
        if (!g->id && !groups[i].id && groups[i].member_id == g->member_id &&
            !strcmp(groups[i].conversation, g->conversation))
            return true;
    return false;
}

static int find_groups(struct db *db, struct arena *mem, const char *network, int64_t now_ms,
    struct group *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_READY);
    bind_text(&q, "$network", network);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$stubborn", OUTBOX_STUBBORN);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        struct group g = { .member_id = query_int(&q, 1), .attempts = (int)query_int(&q, 3) };
        g.id = g.attempts >= OUTBOX_STUBBORN ? query_int(&q, 0) : 0;
        g.conversation = query_text(&q, mem, 2);
        if (!listed(out, n, &g))
            out[n++] = g;
    }
    return n;
}

static int claim_group(struct db *db, const struct group *g, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int n, struct err *e)
{
    AUTO_QUERY q = db_query(db, g->id ? STMT_OUTBOX_CLAIM_ONE : STMT_OUTBOX_CLAIM_OF);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$lease", lease_ms);
    if (g->id) {
        bind_int(&q, "$id", g->id);
    } else {
        bind_int(&q, "$member", g->member_id);
        bind_text(&q, "$conversation", g->conversation);
        bind_int(&q, "$attempts", g->attempts);
        bind_int(&q, "$max", OUTBOX_TOGETHER);
    }
    return read_claimed(&q, out, n, e);
}

int outbox_claim_together(struct db *db, const char *network, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int max, struct err *e)
{
    struct arena mem = ARENA_INIT;
    struct group *groups = ARENA_ARRAY(&mem, struct group, (size_t)max);
    int found = find_groups(db, &mem, network, now_ms, groups, max, e), n = 0;
    for (int i = 0; i < found && e->code == ERR_NONE; i++)
        n = claim_group(db, &groups[i], now_ms, lease_ms, out, n, e);
    arena_finish(&mem);
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

bool outbox_sooner(struct db *db, int64_t now_ms, int64_t by_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OUTBOX_SOONER);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$by", by_ms);
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
