#include "bot/store/deal_parts.h"

bool deal_source_put(struct db *db, const struct deal_source *s, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_DEAL_SOURCE_VOID);
    bind_int(&old, "$deal", s->deal_id);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_DEAL_SOURCE_INSERT);
    bind_int(&q, "$deal", s->deal_id);
    bind_int(&q, "$partner", s->partner_id);
    bind_ref(&q, "$introduction", s->introduction_id);
    bind_int(&q, "$at", s->at_ms);
    bind_ref(&q, "$note", s->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool deal_source_find(struct db *db, int64_t deal, struct deal_source *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_SOURCE_FIND);
    bind_int(&q, "$deal", deal);
    if (!query_next(&q, e))
        return false;
    *out = (struct deal_source){ .deal_id = deal, .partner_id = query_int(&q, 0), .at_ms = query_int(&q, 1),
        .note_id = query_int(&q, 2) };
    return true;
}

int64_t deal_first_contact(struct db *db, int64_t deal, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_FIRST_CONTACT);
    bind_int(&q, "$deal", deal);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

bool renewal_add(struct db *db, const struct renewal *r, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RENEWAL_INSERT);
    bind_int(&q, "$deal", r->deal_id);
    bind_int(&q, "$value", r->value_minor);
    bind_text(&q, "$currency", r->currency);
    bind_int(&q, "$from", r->from_day);
    bind_ref(&q, "$to", r->to_day);
    bind_ref(&q, "$note", r->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int renewal_list(struct db *db, struct arena *mem, int64_t deal, struct renewal *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RENEWAL_LIST);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct renewal){ deal, query_int(&q, 0), query_text(&q, mem, 1), (int32_t)query_int(&q, 2),
            (int32_t)query_int(&q, 3), query_int(&q, 4) };
    return n;
}

bool legal_item_add(struct db *db, const struct legal_item *l, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEGAL_ITEM_INSERT);
    bind_int(&q, "$deal", l->deal_id);
    bind_int(&q, "$note", l->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$at", l->at_ms);
    return query_run(&q, e);
}

bool legal_item_done(struct db *db, int64_t id, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEGAL_ITEM_DONE);
    bind_int(&q, "$id", id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int legal_item_list(struct db *db, int64_t deal, bool open, struct legal_item *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEGAL_ITEM_LIST);
    bind_ref(&q, "$deal", deal);
    bind_int(&q, "$open", open);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct legal_item){ query_int(&q, 0), query_int(&q, 1), query_int(&q, 2), query_int(&q, 3),
            query_int(&q, 4) };
    return n;
}
