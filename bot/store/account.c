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

bool gate_put(struct db *db, const struct gate *g, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_GATE_VOID);
    bind_int(&old, "$customer", g->customer_id);
    bind_int(&old, "$partner", g->partner_id);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_GATE_INSERT);
    bind_int(&q, "$customer", g->customer_id);
    bind_int(&q, "$partner", g->partner_id);
    bind_text(&q, "$part", g->part);
    bind_ref(&q, "$note", g->note_id);
    bind_int(&q, "$day", g->at_day);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int gate_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, struct gate *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_GATE_LIST);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct gate){ query_int(&q, 0), query_int(&q, 1), query_text(&q, mem, 2), query_int(&q, 3),
            (int32_t)query_int(&q, 4) };
    return n;
}

bool technology_put(struct db *db, const struct technology *t, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_TECHNOLOGY_VOID);
    bind_int(&old, "$customer", t->customer_id);
    bind_text(&old, "$name", t->name);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_TECHNOLOGY_INSERT);
    bind_int(&q, "$customer", t->customer_id);
    bind_text(&q, "$kind", t->kind);
    bind_text(&q, "$name", t->name);
    bind_text(&q, "$version", t->version);
    bind_ref(&q, "$year", t->since_year);
    bind_ref(&q, "$note", t->note_id);
    bind_int(&q, "$day", t->at_day);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int technology_list(struct db *db, struct arena *mem, int64_t customer, const char *market, int until_year,
    struct technology *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TECHNOLOGY_LIST);
    bind_ref(&q, "$customer", customer);
    bind_text(&q, "$market", market);
    bind_ref(&q, "$until", until_year);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct technology){ query_int(&q, 0), query_text(&q, mem, 1), query_text(&q, mem, 2),
            query_text(&q, mem, 3), (int)query_int(&q, 4), query_int(&q, 5), (int32_t)query_int(&q, 6) };
    return n;
}

bool served_put(struct db *db, int64_t customer, const struct served *s, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_SERVED_VOID);
    bind_int(&old, "$customer", customer);
    bind_int(&old, "$partner", s->partner_id);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_SERVED_INSERT);
    bind_int(&q, "$customer", customer);
    bind_int(&q, "$partner", s->partner_id);
    bind_ref(&q, "$from", s->from_day);
    bind_ref(&q, "$to", s->to_day);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int served_list(struct db *db, int64_t customer, struct served *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SERVED_LIST);
    bind_int(&q, "$customer", customer);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct served){ query_int(&q, 0), (int32_t)query_int(&q, 1), (int32_t)query_int(&q, 2) };
    return n;
}
