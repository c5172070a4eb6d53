#include "bot/store/readiness.h"

static void bind_task(struct query *q, const struct task *t)
{
    bind_text(q, "$market", t->market);
    bind_text(q, "$what", t->what);
    bind_ref(q, "$owner", t->owner_id);
    bind_ref(q, "$due", t->due_day);
    bind_ref(q, "$done", t->done_day);
    bind_ref(q, "$note", t->note_id);
}

static void read_task(struct query *q, struct arena *mem, struct task *t)
{
    *t = (struct task){ .id = query_int(q, 0), .partner_id = query_int(q, 1), .market = query_text(q, mem, 2),
        .what = query_text(q, mem, 3), .owner_id = query_int(q, 4), .due_day = (int32_t)query_int(q, 5),
        .done_day = (int32_t)query_int(q, 6), .note_id = query_int(q, 7), .member_id = query_int(q, 8) };
}

int64_t task_add(struct db *db, const struct task *t, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TASK_INSERT);
    bind_task(&q, t);
    bind_int(&q, "$partner", t->partner_id);
    bind_int(&q, "$member", t->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool task_update(struct db *db, const struct task *t, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TASK_UPDATE);
    bind_task(&q, t);
    bind_int(&q, "$id", t->id);
    return query_run(&q, e);
}

bool task_load(struct db *db, struct arena *mem, int64_t id, struct task *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TASK_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_task(&q, mem, out);
    return true;
}

int task_list(struct db *db, struct arena *mem, int64_t partner, int64_t owner, const char *market,
    struct task *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TASK_LIST);
    bind_ref(&q, "$partner", partner);
    bind_ref(&q, "$owner", owner);
    bind_text(&q, "$market", market);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_task(&q, mem, &out[n++]);
    return n;
}

static void bind_asset(struct query *q, const struct asset *a)
{
    bind_text(q, "$language", a->language);
    bind_ref(q, "$partner", a->partner_id);
    bind_ref(q, "$customer", a->customer_id);
    if (a->editable)
        bind_int(q, "$editable", a->editable > 0);
    else
        bind_ref(q, "$editable", 0);
    bind_text(q, "$place", a->place);
    bind_int(q, "$image", a->text_in_image);
    bind_text(q, "$localised", a->localised);
}

static void read_asset(struct query *q, struct arena *mem, struct asset *a)
{
    *a = (struct asset){ .id = query_int(q, 0), .name = query_text(q, mem, 1), .language = query_text(q, mem, 2),
        .partner_id = query_int(q, 3), .customer_id = query_int(q, 4), .place = query_text(q, mem, 6),
        .text_in_image = query_int(q, 7) != 0, .localised = query_text(q, mem, 8), .member_id = query_int(q, 9) };
    a->editable = query_null(q, 5) ? 0 : query_int(q, 5) ? 1 : -1;
}

int64_t asset_add(struct db *db, const struct asset *a, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASSET_INSERT);
    bind_asset(&q, a);
    bind_text(&q, "$name", a->name);
    bind_int(&q, "$member", a->member_id);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool asset_update(struct db *db, const struct asset *a, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASSET_UPDATE);
    bind_asset(&q, a);
    bind_int(&q, "$id", a->id);
    return query_run(&q, e);
}

bool asset_load(struct db *db, struct arena *mem, int64_t id, struct asset *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASSET_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_asset(&q, mem, out);
    return true;
}

int asset_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, bool missing,
    struct asset *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASSET_LIST);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$missing", missing);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_asset(&q, mem, &out[n++]);
    return n;
}

bool shadow_add(struct db *db, int64_t touch, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SHADOW_INSERT);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int shadow_list(struct db *db, int64_t touch, int64_t *members, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SHADOW_LIST);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        members[n++] = query_int(&q, 0);
    return n;
}

int shadow_count_list(struct db *db, struct shadow_count *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SHADOW_COUNT);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct shadow_count){ query_int(&q, 0), query_int(&q, 1) };
        n++;
    }
    return n;
}

char *person_duty(struct db *db, struct arena *mem, int64_t person, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_DUTY);
    bind_int(&q, "$id", person);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

bool person_set_duty(struct db *db, int64_t person, const char *duty, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_PERSON_SET_DUTY);
    bind_int(&q, "$id", person);
    bind_text(&q, "$duty", duty);
    return query_run(&q, e);
}
