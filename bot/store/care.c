#include "bot/store/care.h"

bool cadence_set(struct db *db, const struct cadence *k, int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_CADENCE_VOID);
        bind_ref(&q, "$person", k->person_id);
        bind_ref(&q, "$partner", k->partner_id);
        bind_ref(&q, "$deal", k->deal_id);
        bind_int(&q, "$now", now_ms);
        if (!query_run(&q, e) || !k->days)
            return e->code == ERR_NONE;
    }
    AUTO_QUERY q = db_query(db, STMT_CADENCE_INSERT);
    bind_ref(&q, "$person", k->person_id);
    bind_ref(&q, "$partner", k->partner_id);
    bind_ref(&q, "$deal", k->deal_id);
    bind_int(&q, "$days", k->days);
    bind_int(&q, "$member", k->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e) != 0;
}

int cadence_list(struct db *db, int64_t member, struct cadence *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CADENCE_LIST);
    bind_int(&q, "$member", member);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct cadence){ .id = query_int(&q, 0), .person_id = query_int(&q, 1), .partner_id = query_int(&q, 2),
            .deal_id = query_int(&q, 3), .days = (int)query_int(&q, 4), .member_id = member, .at_ms = query_int(&q, 5),
            .last_ms = query_int(&q, 6) };
    return n;
}

int training_due_list(struct db *db, int64_t member, int32_t before_day, struct training_due *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TRAINING_DUE_LIST);
    bind_int(&q, "$member", member);
    bind_int(&q, "$before", before_day);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct training_due){ query_int(&q, 0), query_int(&q, 1), (int32_t)query_int(&q, 2) };
    return n;
}

int care_partners(struct db *db, int64_t member, int32_t today, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CARE_PARTNERS);
    bind_int(&q, "$member", member);
    bind_int(&q, "$today", today);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

static void bind_told(struct query *q, int64_t member, const char *kind, int64_t ref, int64_t mark)
{
    bind_int(q, "$member", member);
    bind_text(q, "$kind", kind);
    bind_int(q, "$ref", ref);
    bind_int(q, "$mark", mark);
}

bool told_before(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TOLD_FIND);
    bind_told(&q, member, kind, ref, mark);
    return query_next(&q, e);
}

bool told_add(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TOLD_ADD);
    bind_told(&q, member, kind, ref, mark);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

char *notice_get(struct db *db, struct arena *mem, int64_t member, const char *key, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTICE_GET);
    bind_int(&q, "$member", member);
    bind_text(&q, "$key", key);
    return query_next(&q, e) ? arena_strdup(mem, query_text(&q, mem, 0)) : NULL;
}

bool notice_put(struct db *db, int64_t member, const char *key, const char *value, int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_NOTICE_VOID);
        bind_int(&q, "$member", member);
        bind_text(&q, "$key", key);
        bind_int(&q, "$now", now_ms);
        if (!query_run(&q, e) || !value)
            return e->code == ERR_NONE;
    }
    AUTO_QUERY q = db_query(db, STMT_NOTICE_INSERT);
    bind_int(&q, "$member", member);
    bind_text(&q, "$key", key);
    bind_text(&q, "$value", value);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e) != 0;
}

bool regular_plan(struct db *db, const struct regular *r, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REGULAR_PLAN);
    bind_int(&q, "$member", r->member_id);
    bind_text(&q, "$kind", r->kind);
    bind_text(&q, "$local", r->due_local);
    bind_text(&q, "$zone", r->zone);
    bind_int(&q, "$due", r->due_ms);
    return query_run(&q, e);
}

bool regular_known(struct db *db, int64_t member, const char *kind, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REGULAR_KNOWN);
    bind_int(&q, "$member", member);
    bind_text(&q, "$kind", kind);
    return query_next(&q, e);
}

bool regular_end(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REGULAR_END);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int regular_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, struct regular *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REGULAR_DUE);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct regular){ .member_id = query_int(&q, 0), .kind = query_text(&q, mem, 1),
            .due_local = query_text(&q, mem, 2), .zone = query_text(&q, mem, 3), .due_ms = query_int(&q, 4) };
    return n;
}

int64_t regular_next_due(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REGULAR_NEXT);
    bind_ref(&q, "$member", member);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}
