#include "bot/store/perception.h"

#include <string.h>

int64_t perception_add(struct db *db, const struct perception *p, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERCEPTION_INSERT);
    bind_text(&q, "$sign", p->sign);
    bind_ref(&q, "$partner", p->partner_id);
    bind_ref(&q, "$customer", p->customer_id);
    bind_ref(&q, "$person", p->person_id);
    bind_int(&q, "$note", p->note_id);
    bind_int(&q, "$at", p->at_ms);
    bind_int(&q, "$member", p->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool perception_resolve(struct db *db, int64_t id, int64_t answer, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERCEPTION_RESOLVE);
    bind_int(&q, "$id", id);
    bind_int(&q, "$answer", answer);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

static void read_perception(struct query *q, struct arena *mem, struct perception *p)
{
    *p = (struct perception){ .id = query_int(q, 0), .sign = query_text(q, mem, 1), .partner_id = query_int(q, 2),
        .customer_id = query_int(q, 3), .person_id = query_int(q, 4), .note_id = query_int(q, 5),
        .at_ms = query_int(q, 6), .member_id = query_int(q, 7), .answer_id = query_int(q, 9),
        .resolved_ms = query_int(q, 10), .resolved_by = query_int(q, 11) };
    p->resolved = !strcmp(query_text(q, mem, 8), "resolved");
}

bool perception_load(struct db *db, struct arena *mem, int64_t id, struct perception *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERCEPTION_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_perception(&q, mem, out);
    return true;
}

int perception_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, bool open,
    struct perception *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERCEPTION_LIST);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$open", open);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_perception(&q, mem, &out[n++]);
    return n;
}
