#include "bot/store/committee.h"

int64_t committee_add(struct db *db, const struct committee_member *m, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_COMMITTEE_INSERT);
    bind_int(&q, "$deal", m->deal_id);
    bind_int(&q, "$person", m->person_id);
    bind_ref(&q, "$risk", m->risk_id);
    bind_int(&q, "$member", m->member_id);
    bind_text(&q, "$source", m->source ? m->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool committee_set_risk(struct db *db, int64_t id, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_COMMITTEE_UPDATE);
    bind_int(&q, "$id", id);
    bind_ref(&q, "$risk", note);
    return query_run(&q, e);
}

int committee_list(struct db *db, int64_t deal,
    struct committee_member *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_COMMITTEE_LIST);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct committee_member){ .id = query_int(&q, 0), .deal_id = query_int(&q, 1),
            .person_id = query_int(&q, 2), .risk_id = query_int(&q, 3), .member_id = query_int(&q, 4) };
        n++;
    }
    return n;
}

int64_t objection_add(struct db *db, const struct objection *o, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OBJECTION_INSERT);
    bind_int(&q, "$deal", o->deal_id);
    bind_ref(&q, "$person", o->person_id);
    bind_text(&q, "$type", o->type);
    bind_ref(&q, "$note", o->note_id);
    bind_int(&q, "$member", o->member_id);
    bind_int(&q, "$at", o->at_ms);
    bind_text(&q, "$source", o->source ? o->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

static void read_objection(struct query *q, struct arena *mem, struct objection *o)
{
    *o = (struct objection){ .id = query_int(q, 0), .deal_id = query_int(q, 1),
        .person_id = query_int(q, 2), .type = query_text(q, mem, 3),
        .state = query_text(q, mem, 4), .note_id = query_int(q, 5),
        .answer_id = query_int(q, 6), .member_id = query_int(q, 7),
        .at_ms = query_int(q, 8), .answered_ms = query_int(q, 9),
        .answered_by = query_int(q, 10) };
}

bool objection_load(struct db *db, struct arena *mem, int64_t id, struct objection *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OBJECTION_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_objection(&q, mem, out);
    return true;
}

bool objection_answer(struct db *db, int64_t id, int64_t answer, int64_t member,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OBJECTION_ANSWER);
    bind_int(&q, "$id", id);
    bind_ref(&q, "$answer", answer);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int objection_list(struct db *db, struct arena *mem, int64_t deal, const char *type,
    bool open_only, struct objection *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OBJECTION_LIST);
    bind_int(&q, "$deal", deal);
    bind_text(&q, "$type", type);
    bind_int(&q, "$open", open_only);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_objection(&q, mem, &out[n++]);
    return n;
}

int64_t pitch_add(struct db *db, const struct pitch *p, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PITCH_INSERT);
    bind_int(&q, "$deal", p->deal_id);
    bind_text(&q, "$direction", p->direction);
    bind_int(&q, "$note", p->note_id);
    bind_int(&q, "$member", p->member_id);
    bind_int(&q, "$at", p->at_ms);
    bind_text(&q, "$source", p->source ? p->source : "typed");
    return query_insert(&q, e);
}

int pitch_list(struct db *db, struct arena *mem, int64_t deal, struct pitch *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PITCH_LIST);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct pitch){ .id = query_int(&q, 0), .deal_id = query_int(&q, 1),
            .direction = query_text(&q, mem, 2), .note_id = query_int(&q, 3),
            .member_id = query_int(&q, 4), .at_ms = query_int(&q, 5) };
        n++;
    }
    return n;
}

int64_t first_buyer_add(struct db *db, const struct first_buyer *f, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FIRST_BUYER_INSERT);
    bind_int(&q, "$customer", f->customer_id);
    bind_ref(&q, "$person", f->person_id);
    bind_ref(&q, "$partner", f->partner_id);
    bind_int(&q, "$member", f->member_id);
    bind_int(&q, "$at", f->at_ms);
    return query_insert(&q, e);
}

bool first_buyer_load(struct db *db, int64_t customer, struct first_buyer *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FIRST_BUYER_FIND);
    bind_int(&q, "$customer", customer);
    if (!query_next(&q, e))
        return false;
    *out = (struct first_buyer){ query_int(&q, 0), query_int(&q, 1), query_int(&q, 2),
        query_int(&q, 3), query_int(&q, 4), query_int(&q, 5) };
    return true;
}

int reference_list(struct db *db, struct arena *mem, const char *market,
    struct reference *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REFERENCE_LIST);
    bind_text(&q, "$market", market);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct reference){ .customer = { query_int(&q, 0),
                query_text(&q, mem, 1), query_text(&q, mem, 2), query_text(&q, mem, 3),
                query_text(&q, mem, 4) },
            .won_ms = query_int(&q, 5), .deals = (int)query_int(&q, 6) };
        n++;
    }
    return n;
}
