#include "bot/store/marketing.h"

static void bind_count(struct query *q, const char *name, int64_t n)
{
    if (n >= 0)
        bind_int(q, name, n);
    else
        bind_ref(q, name, 0);
}

static void bind_activity(struct query *q, const struct activity *a)
{
    bind_text(q, "$kind", a->kind);
    bind_int(q, "$joint", a->joint);
    bind_ref(q, "$partner", a->partner_id);
    bind_text(q, "$market", a->market);
    bind_text(q, "$language", a->language);
    bind_text(q, "$product", a->product);
    bind_int(q, "$day", a->at_day);
    bind_count(q, "$leads", a->leads);
    bind_count(q, "$meetings", a->meetings);
    bind_ref(q, "$note", a->note_id);
}

static void read_activity(struct query *q, struct arena *mem, struct activity *a)
{
    *a = (struct activity){ .id = query_int(q, 0), .kind = query_text(q, mem, 1), .joint = query_int(q, 2) != 0,
        .partner_id = query_int(q, 3), .market = query_text(q, mem, 4), .language = query_text(q, mem, 5),
        .product = query_text(q, mem, 6), .at_day = (int32_t)query_int(q, 7), .leads = query_int(q, 8),
        .meetings = query_int(q, 9), .note_id = query_int(q, 10), .member_id = query_int(q, 11) };
}

int64_t activity_add(struct db *db, const struct activity *a, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ACTIVITY_INSERT);
    bind_activity(&q, a);
    bind_int(&q, "$member", a->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool activity_update(struct db *db, const struct activity *a, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ACTIVITY_UPDATE);
    bind_activity(&q, a);
    bind_int(&q, "$id", a->id);
    return query_run(&q, e);
}

bool activity_load(struct db *db, struct arena *mem, int64_t id, struct activity *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ACTIVITY_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_activity(&q, mem, out);
    return true;
}

int activity_list(struct db *db, struct arena *mem, int64_t partner, const char *market,
    struct activity *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ACTIVITY_LIST);
    bind_ref(&q, "$partner", partner);
    bind_text(&q, "$market", market);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_activity(&q, mem, &out[n++]);
    return n;
}

static void bind_lead(struct query *q, const struct lead *l)
{
    bind_ref(q, "$activity", l->activity_id);
    bind_ref(q, "$partner", l->partner_id);
    bind_ref(q, "$person", l->person_id);
    bind_ref(q, "$touch", l->touch_id);
    bind_ref(q, "$deal", l->deal_id);
    bind_ref(q, "$note", l->note_id);
}

static void read_lead(struct query *q, struct lead *l)
{
    *l = (struct lead){ query_int(q, 0), query_int(q, 1), query_int(q, 2), query_int(q, 3), query_int(q, 4),
        query_int(q, 5), query_int(q, 6), query_int(q, 7), query_int(q, 8), query_int(q, 9) };
}

int64_t lead_add(struct db *db, const struct lead *l, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEAD_INSERT);
    bind_lead(&q, l);
    bind_int(&q, "$customer", l->customer_id);
    bind_int(&q, "$at", l->at_ms);
    bind_int(&q, "$member", l->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool lead_update(struct db *db, const struct lead *l, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEAD_UPDATE);
    bind_lead(&q, l);
    bind_int(&q, "$id", l->id);
    return query_run(&q, e);
}

bool lead_load(struct db *db, int64_t id, struct lead *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEAD_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_lead(&q, out);
    return true;
}

int lead_list(struct db *db, const struct lead_filter *f, struct lead *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEAD_LIST);
    bind_ref(&q, "$partner", f->partner);
    bind_ref(&q, "$customer", f->customer);
    bind_ref(&q, "$activity", f->activity);
    bind_int(&q, "$orphan", f->orphan);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_lead(&q, &out[n++]);
    return n;
}

bool case_study_add(struct db *db, const struct case_study *s, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CASE_STUDY_INSERT);
    bind_int(&q, "$customer", s->customer_id);
    bind_ref(&q, "$partner", s->partner_id);
    bind_ref(&q, "$deal", s->deal_id);
    bind_text(&q, "$market", s->market);
    bind_text(&q, "$language", s->language);
    bind_text(&q, "$from", s->translated_from);
    bind_text(&q, "$product", s->product);
    bind_int(&q, "$day", s->published_day);
    bind_text(&q, "$link", s->link);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int case_study_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, const char *market,
    bool local, struct case_study *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CASE_STUDY_LIST);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_text(&q, "$market", market);
    bind_int(&q, "$local", local);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct case_study){ .customer_id = query_int(&q, 0), .partner_id = query_int(&q, 1),
            .deal_id = query_int(&q, 2), .market = query_text(&q, mem, 3), .language = query_text(&q, mem, 4),
            .translated_from = query_text(&q, mem, 5), .product = query_text(&q, mem, 6),
            .published_day = (int32_t)query_int(&q, 7), .link = query_text(&q, mem, 8) };
        n++;
    }
    return n;
}
