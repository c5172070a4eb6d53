#include "bot/store/training.h"

static void read_training(struct query *q, struct arena *mem, struct training *t)
{
    *t = (struct training){ .id = query_int(q, 0), .person_id = query_int(q, 1),
        .partner_id = query_int(q, 2), .product = query_text(q, mem, 3),
        .enrolled_day = (int32_t)query_int(q, 4), .due_day = (int32_t)query_int(q, 5),
        .due_assumed = query_int(q, 6) != 0, .done_day = (int32_t)query_int(q, 7),
        .certified_day = (int32_t)query_int(q, 8), .expires_day = (int32_t)query_int(q, 9),
        .won_ms = query_int(q, 10) };
}

static void bind_days(struct query *q, const struct training *t)
{
    bind_int(q, "$due", t->due_day);
    bind_int(q, "$assumed", t->due_assumed);
    bind_ref(q, "$done", t->done_day);
    bind_ref(q, "$certified", t->certified_day);
    bind_ref(q, "$expires", t->expires_day);
}

bool training_add(struct db *db, const struct training *t, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TRAINING_INSERT);
    bind_int(&q, "$person", t->person_id);
    bind_ref(&q, "$partner", t->partner_id);
    bind_text(&q, "$product", t->product);
    bind_int(&q, "$enrolled", t->enrolled_day);
    bind_days(&q, t);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool training_update(struct db *db, const struct training *t, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TRAINING_UPDATE);
    bind_days(&q, t);
    bind_int(&q, "$id", t->id);
    return query_run(&q, e);
}

bool training_find(struct db *db, struct arena *mem, int64_t person, const char *product,
    struct training *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TRAINING_LATEST);
    bind_int(&q, "$person", person);
    bind_text(&q, "$product", product);
    if (!query_next(&q, e))
        return false;
    read_training(&q, mem, out);
    return true;
}

int training_list(struct db *db, struct arena *mem, int64_t person, int64_t partner,
    struct training *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TRAINING_LIST);
    bind_ref(&q, "$person", person);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_training(&q, mem, &out[n++]);
    return n;
}
