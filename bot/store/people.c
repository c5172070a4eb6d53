#include "bot/store/people.h"

static void read_person(struct query *q, struct arena *mem, struct person *p)
{
    *p = (struct person){ .id = query_int(q, 0), .name = query_text(q, mem, 1),
        .title = query_text(q, mem, 2), .honorific = query_text(q, mem, 3),
        .language = query_text(q, mem, 4), .seniority = (int)query_int(q, 5),
        .partner_id = query_int(q, 6), .customer_id = query_int(q, 7),
        .source = query_text(q, mem, 8), .org = query_text(q, mem, 9),
        .last_ms = query_int(q, 10), .department = query_text(q, mem, 11), .note_id = query_int(q, 12) };
}

bool person_load(struct db *db, struct arena *mem, int64_t id, struct person *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_person(&q, mem, out);
    return true;
}

int64_t person_last_ms(struct db *db, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_LAST);
    bind_int(&q, "$id", id);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

static void bind_person(struct query *q, const struct person *p)
{
    bind_text(q, "$name", p->name);
    bind_text(q, "$title", p->title);
    bind_text(q, "$department", p->department);
    bind_text(q, "$honorific", p->honorific);
    bind_text(q, "$language", p->language);
    bind_ref(q, "$seniority", p->seniority);
    bind_ref(q, "$partner", p->partner_id);
    bind_ref(q, "$customer", p->customer_id);
    bind_ref(q, "$note", p->note_id);
}

static void bind_made(struct query *q, const char *source, int64_t now_ms)
{
    bind_text(q, "$source", source ? source : "typed");
    bind_int(q, "$now", now_ms);
}

int64_t person_add(struct db *db, const struct person *p, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_INSERT);
    bind_person(&q, p);
    bind_made(&q, p->source, now_ms);
    return query_insert(&q, e);
}

bool person_update(struct db *db, const struct person *p, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_UPDATE);
    bind_person(&q, p);
    bind_int(&q, "$id", p->id);
    return query_run(&q, e);
}

static int list_people(struct db *db, struct arena *mem, int64_t partner, int64_t customer,
    bool unreached, struct person *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_LIST);
    bind_ref(&q, "$partner", partner);
    bind_ref(&q, "$customer", customer);
    bind_int(&q, "$unreached", unreached);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_person(&q, mem, &out[n++]);
    return n;
}

int person_at(struct db *db, int64_t partner, int64_t customer, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_AT);
    bind_ref(&q, "$partner", partner);
    bind_ref(&q, "$customer", customer);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

int person_list(struct db *db, struct arena *mem, int64_t partner, int64_t customer,
    struct person *out, int max, struct err *e)
{
    return list_people(db, mem, partner, customer, false, out, max, e);
}

int person_list_unreached(struct db *db, struct arena *mem, int64_t partner, int64_t customer,
    struct person *out, int max, struct err *e)
{
    return list_people(db, mem, partner, customer, true, out, max, e);
}

static void read_partner(struct query *q, struct arena *mem, struct partner *p)
{
    *p = (struct partner){ .id = query_int(q, 0), .name = query_text(q, mem, 1),
        .type = query_text(q, mem, 2), .market = query_text(q, mem, 3),
        .silo = query_text(q, mem, 4), .stage = query_text(q, mem, 5),
        .commission_bp = (int)query_int(q, 6), .agreement_day = (int32_t)query_int(q, 7),
        .signed_day = (int32_t)query_int(q, 8), .ended_day = (int32_t)query_int(q, 9),
        .source = query_text(q, mem, 10), .commission_mode = query_text(q, mem, 11),
        .renewal_bp = (int)query_int(q, 12), .support_language = query_text(q, mem, 14),
        .person = query_int(q, 15) != 0 };
    p->first_level = query_null(q, 13) ? 0 : query_int(q, 13) ? 1 : -1;
}

bool partner_load(struct db *db, struct arena *mem, int64_t id, struct partner *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PARTNER_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_partner(&q, mem, out);
    return true;
}

int partner_list(struct db *db, struct arena *mem, struct partner *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PARTNER_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_partner(&q, mem, &out[n++]);
    return n;
}

static void bind_partner(struct query *q, const struct partner *p)
{
    bind_text(q, "$name", p->name);
    bind_text(q, "$type", p->type);
    bind_text(q, "$market", p->market);
    bind_text(q, "$silo", p->silo);
    bind_text(q, "$stage", p->stage ? p->stage : "prospect");
    if (p->commission_bp >= 0)
        bind_int(q, "$commission", p->commission_bp);
    else
        bind_ref(q, "$commission", 0);
    bind_text(q, "$mode", p->commission_mode ? p->commission_mode : "commission");
    bind_ref(q, "$renewal", p->renewal_bp);
    if (p->first_level)
        bind_int(q, "$first", p->first_level > 0);
    else
        bind_ref(q, "$first", 0);
    bind_text(q, "$language", p->support_language);
    bind_int(q, "$person", p->person);
    bind_ref(q, "$agreement", p->agreement_day);
    bind_ref(q, "$signed", p->signed_day);
    bind_ref(q, "$ended", p->ended_day);
}

int64_t partner_add(struct db *db, const struct partner *p, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PARTNER_INSERT);
    bind_partner(&q, p);
    bind_made(&q, p->source, now_ms);
    return query_insert(&q, e);
}

bool partner_update(struct db *db, const struct partner *p, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PARTNER_UPDATE);
    bind_partner(&q, p);
    bind_int(&q, "$id", p->id);
    return query_run(&q, e);
}

static void read_customer(struct query *q, struct arena *mem, struct customer *c)
{
    *c = (struct customer){ .id = query_int(q, 0), .name = query_text(q, mem, 1),
        .market = query_text(q, mem, 2), .industry = query_text(q, mem, 3),
        .source = query_text(q, mem, 4) };
}

bool customer_load(struct db *db, struct arena *mem, int64_t id, struct customer *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CUSTOMER_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_customer(&q, mem, out);
    return true;
}

int customer_list(struct db *db, struct arena *mem, struct customer *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CUSTOMER_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_customer(&q, mem, &out[n++]);
    return n;
}

static void bind_customer(struct query *q, const struct customer *c)
{
    bind_text(q, "$name", c->name);
    bind_text(q, "$market", c->market);
    bind_text(q, "$industry", c->industry);
}

int64_t customer_add(struct db *db, const struct customer *c, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CUSTOMER_INSERT);
    bind_customer(&q, c);
    bind_made(&q, c->source, now_ms);
    return query_insert(&q, e);
}

bool customer_update(struct db *db, const struct customer *c, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CUSTOMER_UPDATE);
    bind_customer(&q, c);
    bind_int(&q, "$id", c->id);
    return query_run(&q, e);
}

bool name_add(struct db *db, char kind, int64_t ref, const char *text, const char *sort,
    struct err *e)
{
    char k[2] = { kind, 0 };
    AUTO_QUERY q = db_query(db, STMT_NAME_INSERT);
    bind_text(&q, "$kind", k);
    bind_int(&q, "$ref", ref);
    bind_text(&q, "$text", text);
    bind_text(&q, "$sort", sort);
    return query_run(&q, e);
}

bool name_each(struct db *db, char kind, int64_t ref,
    void (*each)(void *ctx, const struct name_row *row), void *ctx, struct err *e)
{
    char k[2] = { kind, 0 };
    struct arena mem = ARENA_INIT;
    AUTO_QUERY q = db_query(db, kind ? STMT_NAME_OF : STMT_NAME_ALL);
    if (kind) {
        bind_text(&q, "$kind", k);
        bind_int(&q, "$ref", ref);
    }
    while (query_next(&q, e)) {
        struct name_row row = { query_text(&q, &mem, 0)[0], query_int(&q, 1),
            query_text(&q, &mem, 2), query_text(&q, &mem, 3)[0] };
        each(ctx, &row);
        arena_reset(&mem);
    }
    arena_finish(&mem);
    return e->code == ERR_NONE;
}

bool messenger_add(struct db *db, int64_t person, const char *network, const char *handle,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSENGER_INSERT);
    bind_int(&q, "$person", person);
    bind_text(&q, "$network", network);
    bind_text(&q, "$handle", handle);
    return query_run(&q, e);
}

int64_t messenger_owner(struct db *db, const char *network, const char *handle, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSENGER_OWNER);
    bind_text(&q, "$network", network);
    bind_text(&q, "$handle", handle);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int messenger_list(struct db *db, struct arena *mem, int64_t person, struct messenger *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSENGER_LIST);
    bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n].network = query_text(&q, mem, 0);
        out[n++].handle = query_text(&q, mem, 1);
    }
    return n;
}

static void bind_evidence(struct query *q, const struct champion *c)
{
    bind_int(q, "$power", c->power);
    bind_int(q, "$stake", c->stake);
    bind_int(q, "$sells", c->sells);
    bind_ref(q, "$note", c->note_id);
}

int64_t champion_add(struct db *db, const struct champion *c, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHAMPION_INSERT);
    bind_int(&q, "$person", c->person_id);
    bind_ref(&q, "$customer", c->customer_id);
    bind_ref(&q, "$partner", c->partner_id);
    bind_ref(&q, "$deal", c->deal_id);
    bind_int(&q, "$since", c->since_ms);
    bind_ref(&q, "$member", c->member_id);
    bind_text(&q, "$source", c->source ? c->source : "typed");
    bind_evidence(&q, c);
    return query_insert(&q, e);
}

bool champion_update(struct db *db, const struct champion *c, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHAMPION_UPDATE);
    bind_int(&q, "$id", c->id);
    bind_evidence(&q, c);
    return query_run(&q, e);
}

static int read_champions(struct query *q, struct arena *mem, struct champion *out, int max,
    struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e)) {
        out[n++] = (struct champion){ query_int(q, 0), query_int(q, 1), query_int(q, 2),
            query_int(q, 3), query_int(q, 4), query_int(q, 5), query_int(q, 6),
            query_text(q, mem, 7), query_int(q, 8) != 0, query_int(q, 9) != 0,
            query_int(q, 10) != 0, query_int(q, 11) };
    }
    return n;
}

int champion_list(struct db *db, struct arena *mem, int64_t deal, int64_t customer,
    int64_t partner, struct champion *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHAMPION_LIST);
    bind_ref(&q, "$deal", deal);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    return read_champions(&q, mem, out, max, e);
}

int champion_list_of(struct db *db, struct arena *mem, int64_t person, struct champion *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, person ? STMT_CHAMPION_LIST_PERSON : STMT_CHAMPION_LIST_ALL);
    if (person)
        bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    return read_champions(&q, mem, out, max, e);
}

bool champion_is(struct db *db, int64_t person, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHAMPION_OF);
    bind_int(&q, "$person", person);
    return query_next(&q, e);
}
