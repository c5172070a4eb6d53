#include "bot/store/network.h"

bool network_size_add(struct db *db, int64_t partner, const struct network_size *s,
    int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NETWORK_SIZE_INSERT);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$accounts", s->accounts);
    bind_int(&q, "$day", s->at_day);
    bind_ref(&q, "$note", s->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool network_size_find(struct db *db, int64_t partner, struct network_size *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NETWORK_SIZE_LATEST);
    bind_int(&q, "$partner", partner);
    if (!query_next(&q, e))
        return false;
    *out = (struct network_size){ query_int(&q, 0), (int32_t)query_int(&q, 1), query_int(&q, 2) };
    return true;
}

bool network_account_add(struct db *db, int64_t partner, int64_t customer, int32_t day,
    int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NETWORK_ACCOUNT_INSERT);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$customer", customer);
    bind_int(&q, "$day", day);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int network_account_list(struct db *db, int64_t partner, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NETWORK_ACCOUNT_LIST);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}
