#include "bot/store/satisfaction.h"

bool nps_add(struct db *db, const struct nps *a, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NPS_INSERT);
    bind_ref(&q, "$customer", a->customer_id);
    bind_ref(&q, "$person", a->person_id);
    bind_ref(&q, "$partner", a->partner_id);
    bind_int(&q, "$score", a->score);
    bind_text(&q, "$how", a->how);
    bind_int(&q, "$day", a->at_day);
    bind_ref(&q, "$note", a->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int nps_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, struct nps *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NPS_LIST);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n++] = (struct nps){ .customer_id = query_int(&q, 0), .person_id = query_int(&q, 1),
            .partner_id = query_int(&q, 2), .score = (int)query_int(&q, 3),
            .how = query_text(&q, mem, 4), .at_day = (int32_t)query_int(&q, 5) };
    }
    return n;
}
