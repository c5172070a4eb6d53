#include "bot/store/deals.h"

static void bind_deal(struct query *q, const struct deal *d)
{
    bind_text(q, "$name", d->name);
    bind_ref(q, "$customer", d->customer_id);
    bind_ref(q, "$partner", d->partner_id);
    bind_text(q, "$product", d->product);
    bind_text(q, "$kind", d->kind ? d->kind : "new");
    bind_text(q, "$origin", d->origin ? d->origin : "unknown");
    bind_text(q, "$model", d->model);
    bind_ref(q, "$owner", d->owner_id);
    bind_ref(q, "$co_owner", d->co_owner_id);
    if (d->has_value)
        bind_int(q, "$value", d->value_minor);
    else
        bind_ref(q, "$value", 0);
    bind_text(q, "$currency", d->currency);
    bind_text(q, "$market", d->market);
    bind_text(q, "$state", d->state ? d->state : "registered");
    bind_text(q, "$stage", d->stage);
    bind_int(q, "$registered", d->registered_ms);
    bind_ref(q, "$closed", d->closed_ms);
    bind_ref(q, "$closed_owner", d->closed_owner_id);
    bind_ref(q, "$closed_co_owner", d->closed_co_owner_id);
    bind_ref(q, "$live", d->live_ms);
    bind_ref(q, "$merged", d->merged_into);
    bind_ref(q, "$reason", d->reason_note);
    bind_text(q, "$relation", d->relation);
    if (d->has_list)
        bind_int(q, "$list", d->list_minor);
    else
        bind_ref(q, "$list", 0);
}

int64_t deal_add(struct db *db, const struct deal *d, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_INSERT);
    bind_deal(&q, d);
    bind_text(&q, "$source", d->source ? d->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool deal_update(struct db *db, const struct deal *d, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_UPDATE);
    bind_deal(&q, d);
    bind_ref(&q, "$decided", d->decided_ms);
    bind_ref(&q, "$decider", d->decided_by);
    bind_int(&q, "$id", d->id);
    return query_run(&q, e);
}

static void read_deal(struct query *q, struct arena *mem, struct deal *d)
{
    *d = (struct deal){ .id = query_int(q, 0), .name = query_text(q, mem, 1),
        .customer_id = query_int(q, 2), .partner_id = query_int(q, 3),
        .product = query_text(q, mem, 4), .kind = query_text(q, mem, 5),
        .origin = query_text(q, mem, 6), .model = query_text(q, mem, 7),
        .owner_id = query_int(q, 8), .co_owner_id = query_int(q, 9),
        .has_value = !query_null(q, 10), .value_minor = query_int(q, 10),
        .currency = query_text(q, mem, 11), .market = query_text(q, mem, 12),
        .state = query_text(q, mem, 13), .stage = query_text(q, mem, 14),
        .registered_ms = query_int(q, 15), .closed_ms = query_int(q, 16),
        .closed_owner_id = query_int(q, 17), .closed_co_owner_id = query_int(q, 18),
        .live_ms = query_int(q, 19), .merged_into = query_int(q, 20),
        .reason_note = query_int(q, 21), .source = query_text(q, mem, 22),
        .relation = query_text(q, mem, 23), .has_list = !query_null(q, 24),
        .list_minor = query_int(q, 24), .decided_ms = query_int(q, 25), .decided_by = query_int(q, 26) };
}

bool deal_load(struct db *db, struct arena *mem, int64_t id, struct deal *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_deal(&q, mem, out);
    return true;
}

static struct query choose(struct db *db, const struct deal_filter *f)
{
    bool plain = f->live && !f->owner && !f->product && !f->state;
    if (plain && f->customer && !f->partner && !f->touched_by) {
        struct query q = db_query(db, STMT_DEAL_LIST_CUSTOMER);
        bind_int(&q, "$customer", f->customer);
        return q;
    }
    if (plain && f->partner && f->touched_by && !f->customer) {
        struct query q = db_query(db, STMT_DEAL_LIST_TOUCHED);
        bind_int(&q, "$partner", f->partner);
        bind_int(&q, "$toucher", f->touched_by);
        bind_int(&q, "$since", f->since_ms);
        return q;
    }
    struct query q = db_query(db, STMT_DEAL_LIST);
    bind_ref(&q, "$customer", f->customer);
    bind_ref(&q, "$partner", f->partner);
    bind_ref(&q, "$owner", f->owner);
    bind_text(&q, "$product", f->product);
    bind_text(&q, "$state", f->state);
    bind_int(&q, "$live", f->live);
    bind_ref(&q, "$toucher", f->touched_by);
    bind_int(&q, "$since", f->since_ms);
    return q;
}

int deal_list(struct db *db, struct arena *mem, const struct deal_filter *f,
    struct deal *out, int max, struct err *e)
{
    AUTO_QUERY q = choose(db, f);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_deal(&q, mem, &out[n++]);
    return n;
}

int deal_find_named(struct db *db, const char *text, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_FIND_NAMED);
    bind_text(&q, "$text", text);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

bool deal_open_if_registered(struct db *db, int64_t deal, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_OPEN);
    bind_int(&q, "$id", deal);
    return query_run(&q, e);
}

bool deal_event_add(struct db *db, int64_t deal, const char *what, const char *value,
    int64_t at_ms, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_EVENT_INSERT);
    bind_int(&q, "$deal", deal);
    bind_text(&q, "$what", what);
    bind_text(&q, "$value", value);
    bind_int(&q, "$at", at_ms);
    bind_ref(&q, "$member", member);
    return query_run(&q, e);
}

int deal_event_list(struct db *db, struct arena *mem, int64_t deal, struct deal_event *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_EVENT_LIST);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct deal_event){ query_text(&q, mem, 0), query_text(&q, mem, 1),
            query_int(&q, 2), query_int(&q, 3) };
        n++;
    }
    return n;
}

bool deal_pause_begin(struct db *db, int64_t deal, int64_t from_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_PAUSE_INSERT);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$from", from_ms);
    return query_run(&q, e);
}

bool deal_pause_end(struct db *db, int64_t deal, int64_t to_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_PAUSE_CLOSE);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$to", to_ms);
    return query_run(&q, e);
}

bool deal_partner_add(struct db *db, int64_t deal, const struct deal_partner *p, int64_t member,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_PARTNER_INSERT);
    bind_int(&q, "$deal", deal);
    bind_ref(&q, "$partner", p->partner_id);
    bind_int(&q, "$until", p->until_day);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int deal_partner_list(struct db *db, int64_t deal, struct deal_partner *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_PARTNER_LIST);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct deal_partner){ query_int(&q, 0), (int32_t)query_int(&q, 1) };
    return n;
}

bool refund_add(struct db *db, const struct refund *r, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REFUND_INSERT);
    bind_int(&q, "$deal", r->deal_id);
    bind_int(&q, "$amount", r->amount_minor);
    bind_text(&q, "$currency", r->currency);
    bind_int(&q, "$day", r->at_day);
    bind_ref(&q, "$note", r->note_id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int64_t refund_sum(struct db *db, int64_t deal, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_REFUND_SUM);
    bind_int(&q, "$deal", deal);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int deal_list_idle(struct db *db, struct arena *mem, int64_t before_ms, int64_t midnight_ms,
    struct deal *out, int64_t *last_ms, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_LIST_IDLE);
    bind_int(&q, "$before", before_ms);
    bind_int(&q, "$midnight", midnight_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++) {
        read_deal(&q, mem, &out[n]);
        last_ms[n] = query_int(&q, 27);
    }
    return n;
}

bool deal_any_live(struct db *db, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEAL_ANY_LIVE);
    return query_next(&q, e);
}
