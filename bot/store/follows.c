#include "bot/store/follows.h"

static void bind_follow(struct query *q, const struct follow *f)
{
    bind_int(q, "$step", f->step ? f->step : 1);
    bind_ref(q, "$person", f->person_id);
    bind_ref(q, "$customer", f->customer_id);
    bind_ref(q, "$partner", f->partner_id);
    bind_ref(q, "$deal", f->deal_id);
    bind_ref(q, "$touch", f->touch_id);
    bind_ref(q, "$ringi", f->ringi_id);
    bind_ref(q, "$note", f->note_id);
    bind_text(q, "$local", f->due_local);
    bind_text(q, "$zone", f->zone);
    bind_int(q, "$due", f->due_ms);
}

int64_t follow_add(struct db *db, const struct follow *f, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_INSERT);
    bind_follow(&q, f);
    bind_int(&q, "$member", f->member_id);
    bind_text(&q, "$kind", f->kind ? f->kind : "follow");
    bind_text(&q, "$source", f->source ? f->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool follow_update(struct db *db, const struct follow *f, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_UPDATE);
    bind_follow(&q, f);
    bind_int(&q, "$id", f->id);
    bind_text(&q, "$state", f->state);
    bind_ref(&q, "$sent", f->sent_ms);
    bind_ref(&q, "$done", f->done_ms);
    return query_run(&q, e);
}

bool follow_settle(struct db *db, const struct follow *f, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_SETTLE);
    bind_int(&q, "$id", f->id);
    bind_text(&q, "$state", f->state);
    bind_ref(&q, "$sent", f->sent_ms);
    bind_ref(&q, "$done", f->done_ms);
    return query_run(&q, e);
}

static void read_follow(struct query *q, struct arena *mem, struct follow *f)
{
    *f = (struct follow){ .id = query_int(q, 0), .member_id = query_int(q, 1),
        .kind = query_text(q, mem, 2), .step = (int)query_int(q, 3),
        .person_id = query_int(q, 4), .customer_id = query_int(q, 5),
        .partner_id = query_int(q, 6), .deal_id = query_int(q, 7),
        .touch_id = query_int(q, 8), .ringi_id = query_int(q, 9), .note_id = query_int(q, 10),
        .due_local = query_text(q, mem, 11), .zone = query_text(q, mem, 12),
        .due_ms = query_int(q, 13), .state = query_text(q, mem, 14),
        .sent_ms = query_int(q, 15), .done_ms = query_int(q, 16),
        .source = query_text(q, mem, 17) };
}

static int read_all(struct query *q, struct arena *mem, struct follow *out, int max, struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e))
        read_follow(q, mem, &out[n++]);
    return n;
}

bool follow_load(struct db *db, struct arena *mem, int64_t id, struct follow *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_FIND);
    bind_int(&q, "$id", id);
    return read_all(&q, mem, out, 1, e) == 1;
}

static int list_due(struct db *db, struct arena *mem, enum stmt_id id, int64_t member, int64_t now_ms, struct follow *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$max", max);
    return read_all(&q, mem, out, max, e);
}

int follow_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, struct follow *out, int max,
    struct err *e)
{
    int n = list_due(db, mem, STMT_FOLLOW_DUE_JOIN, member, now_ms, out, max, e);
    return n || e->code != ERR_NONE ? n : list_due(db, mem, STMT_FOLLOW_DUE, member, now_ms, out, max, e);
}

int64_t follow_next_due(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_NEXT);
    bind_ref(&q, "$member", member);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int follow_list(struct db *db, struct arena *mem, int64_t member, int64_t touch,
    int64_t until_ms, struct follow *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_LIST);
    bind_int(&q, "$member", member);
    bind_ref(&q, "$touch", touch);
    bind_int(&q, "$until", until_ms);
    bind_int(&q, "$max", max);
    return read_all(&q, mem, out, max, e);
}

int follow_list_about(struct db *db, struct arena *mem, int64_t deal, int64_t customer,
    int64_t partner, struct follow *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_LIST_ABOUT);
    bind_ref(&q, "$deal", deal);
    bind_ref(&q, "$customer", customer);
    bind_ref(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    return read_all(&q, mem, out, max, e);
}

bool follow_latest(struct db *db, struct arena *mem, int64_t member, int64_t until_ms,
    struct follow *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_LATEST);
    bind_int(&q, "$member", member);
    bind_int(&q, "$until", until_ms);
    return read_all(&q, mem, out, 1, e) == 1;
}

bool follow_close_clock(struct db *db, int64_t touch, int below, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_CLOSE_CLOCK);
    bind_ref(&q, "$below", below);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool follow_close_ringi(struct db *db, int64_t ringi, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_CLOSE_RINGI);
    bind_int(&q, "$ringi", ringi);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool follow_close_plan(struct db *db, int64_t touch, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_CLOSE_PLAN);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int follow_plan(struct db *db, struct arena *mem, int64_t touch, struct follow *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_PLAN);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$max", max);
    return read_all(&q, mem, out, max, e);
}

bool follow_close_won(struct db *db, int64_t deal, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FOLLOW_CLOSE_WON);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}
