#include "bot/store/account.h"

bool preference_add(struct db *db, const struct preference *p, int64_t member, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PREFERENCE_INSERT);
    bind_int(&q, "$customer", p->customer_id);
    bind_int(&q, "$partner", p->partner_id);
    bind_ref(&q, "$person", p->person_id);
    bind_int(&q, "$day", p->at_day);
    bind_ref(&q, "$note", p->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool preference_find(struct db *db, int64_t customer, struct preference *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PREFERENCE_LATEST);
    bind_int(&q, "$customer", customer);
    if (!query_next(&q, e))
        return false;
    *out = (struct preference){ customer, query_int(&q, 0), query_int(&q, 1), (int32_t)query_int(&q, 2),
        query_int(&q, 3) };
    return true;
}
