#include "bot/store/relations.h"

int64_t introduction_add(struct db *db, const struct introduction *i, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INTRODUCTION_INSERT);
    bind_ref(&q, "$by", i->by_person);
    bind_ref(&q, "$by_partner", i->by_person ? 0 : i->by_partner);
    bind_ref(&q, "$person", i->person_id);
    bind_ref(&q, "$customer", i->customer_id);
    bind_ref(&q, "$partner", i->partner_id);
    bind_int(&q, "$member", i->member_id);
    bind_int(&q, "$at", i->at_ms);
    bind_ref(&q, "$note", i->note_id);
    bind_text(&q, "$source", i->source ? i->source : "typed");
    return query_insert(&q, e);
}

int64_t introduction_source(struct db *db, int64_t intro, int64_t deal, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INTRODUCTION_SOURCE);
    bind_ref(&q, "$intro", intro);
    bind_ref(&q, "$deal", deal);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int64_t introduction_sourced(struct db *db, int64_t deal, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INTRODUCTION_SOURCED);
    bind_int(&q, "$deal", deal);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

static int read_relations(struct query *q, struct arena *mem, struct relation *out, int max,
    struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e)) {
        out[n] = (struct relation){ *query_text(q, mem, 0), query_int(q, 1), query_text(q, mem, 2), query_int(q, 3) };
        n++;
    }
    return n;
}

int relation_to_firm(struct db *db, struct arena *mem, int64_t customer, int64_t partner,
    struct relation *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RELATION_TO_FIRM);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", customer ? 0 : partner);
    bind_int(&q, "$max", max);
    return read_relations(&q, mem, out, max, e);
}

int relation_of_person(struct db *db, struct arena *mem, int64_t person,
    struct relation *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RELATION_OF_PERSON);
    bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    return read_relations(&q, mem, out, max, e);
}

int64_t partner_last_ms(struct db *db, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PARTNER_LAST);
    bind_int(&q, "$id", id);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

static int read_quiet(struct query *q, struct quiet *out, int max, struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e)) {
        out[n] = (struct quiet){ query_int(q, 0), query_int(q, 1) };
        n++;
    }
    return n;
}

int quiet_people(struct db *db, int64_t partner, int64_t customer, const char *market, int64_t since_ms,
    struct quiet *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_QUIET_PEOPLE);
    bind_ref(&q, "$partner", partner);
    bind_text(&q, "$market", market);
    bind_ref(&q, "$customer", customer);
    bind_int(&q, "$since", since_ms);
    bind_int(&q, "$max", max);
    return read_quiet(&q, out, max, e);
}

int quiet_partners(struct db *db, int64_t partner, const char *market, int64_t since_ms, struct quiet *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_QUIET_PARTNERS);
    bind_ref(&q, "$partner", partner);
    bind_text(&q, "$market", market);
    bind_int(&q, "$since", since_ms);
    bind_int(&q, "$max", max);
    return read_quiet(&q, out, max, e);
}

int kept_by(struct db *db, int64_t member, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_KEPT_BY);
    bind_int(&q, "$member", member);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

bool keeper_add(struct db *db, int64_t person, int64_t member, int64_t by, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_KEEPER_INSERT);
    bind_int(&q, "$person", person);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$by", by);
    return query_run(&q, e);
}

int64_t keeper_of(struct db *db, int64_t person, int64_t *since_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_KEEPER_FIND);
    bind_int(&q, "$person", person);
    if (!query_next(&q, e))
        return 0;
    *since_ms = query_int(&q, 1);
    return query_int(&q, 0);
}

static bool move(struct db *db, enum stmt_id id, int64_t from, int64_t to, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$from", from);
    bind_int(&q, "$to", to);
    return query_run(&q, e);
}

bool handover_open(struct db *db, int64_t from, int64_t to, struct err *e)
{
    return move(db, STMT_HANDOVER_DEALS, from, to, e) &&
           move(db, STMT_HANDOVER_FOLLOWS, from, to, e);
}
