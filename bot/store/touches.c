#include "bot/store/touches.h"

#include <string.h>

static void bind_touch(struct query *q, const struct touch *t)
{
    bind_text(q, "$state", t->state ? t->state : "held");
    bind_int(q, "$at", t->at_ms);
    bind_ref(q, "$minutes", t->minutes);
    bind_text(q, "$channel", t->channel ? t->channel : "unknown");
    bind_text(q, "$outcome", t->outcome ? t->outcome : "reached");
    bind_int(q, "$internal", t->internal);
    bind_int(q, "$inquiry", t->inquiry);
    bind_text(q, "$place", t->place);
    bind_int(q, "$others", t->others);
    bind_ref(q, "$customer", t->customer_id);
    bind_ref(q, "$deal", t->deal_id);
    bind_ref(q, "$note", t->note_id);
    bind_ref(q, "$rev", t->note_rev);
    bind_text(q, "$cues", t->cues);
    bind_ref(q, "$amount", t->currency ? t->amount_minor : 0);
    bind_text(q, "$currency", t->currency);
    bind_text(q, "$link", t->link);
    bind_text(q, "$zone", t->zone);
}

static bool add_people(struct db *db, const struct touch *t, struct err *e)
{
    for (int i = 0; i < t->n_people; i++) {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_PERSON_INSERT);
        bind_int(&q, "$touch", t->id);
        bind_ref(&q, "$person", t->people[i]);
        bind_text(&q, "$label", t->people[i] ? NULL : t->labels[i]);
        bind_text(&q, "$manner", t->manners[i]);
        if (!query_run(&q, e))
            return false;
    }
    return true;
}

static bool add_partners(struct db *db, const struct touch *t, struct err *e)
{
    for (int i = 0; i < t->n_partners; i++) {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_PARTNER_INSERT);
        bind_int(&q, "$touch", t->id);
        bind_int(&q, "$partner", t->partners[i]);
        if (!query_run(&q, e))
            return false;
    }
    return true;
}

bool touch_add(struct db *db, struct touch *t, int64_t now_ms, struct err *e)
{
    char kind[2] = { t->kind, 0 };
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_INSERT);
        bind_touch(&q, t);
        bind_text(&q, "$kind", kind);
        bind_int(&q, "$member", t->member_id);
        bind_text(&q, "$source", t->source ? t->source : "typed");
        bind_int(&q, "$now", now_ms);
        t->id = query_insert(&q, e);
        if (!t->id)
            return false;
        t->created_ms = now_ms;
    }
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_NO);
        bind_int(&q, "$id", t->id);
        if (!query_next(&q, e))
            return false;
        t->no = query_int(&q, 0);
    }
    return add_people(db, t, e) && add_partners(db, t, e);
}

static void read_touch(struct query *q, struct arena *mem, struct touch *t)
{
    *t = (struct touch){ .id = query_int(q, 0), .kind = query_text(q, mem, 1)[0],
        .no = query_int(q, 2), .state = query_text(q, mem, 3), .at_ms = query_int(q, 4),
        .minutes = (int)query_int(q, 5), .channel = query_text(q, mem, 6),
        .outcome = query_text(q, mem, 7), .internal = query_int(q, 8) != 0,
        .place = query_text(q, mem, 9), .others = (int)query_int(q, 10),
        .member_id = query_int(q, 11), .customer_id = query_int(q, 12),
        .deal_id = query_int(q, 13), .note_id = query_int(q, 14),
        .note_rev = query_int(q, 15), .cues = query_text(q, mem, 16),
        .source = query_text(q, mem, 17), .created_ms = query_int(q, 18),
        .amount_minor = query_int(q, 19), .currency = query_text(q, mem, 20),
        .inquiry = query_int(q, 21) != 0, .link = query_text(q, mem, 22), .zone = query_text(q, mem, 23) };
}

static bool read_lists(struct db *db, struct arena *mem, struct touch *t, struct err *e)
{
    AUTO_QUERY p = db_query(db, STMT_TOUCH_PEOPLE);
    bind_int(&p, "$touch", t->id);
    while (t->n_people < TOUCH_PEOPLE && query_next(&p, e)) {
        t->people[t->n_people] = query_int(&p, 0);
        t->labels[t->n_people] = query_text(&p, mem, 1);
        t->manners[t->n_people++] = query_text(&p, mem, 2);
    }
    AUTO_QUERY g = db_query(db, STMT_TOUCH_PARTNERS);
    bind_int(&g, "$touch", t->id);
    while (t->n_partners < TOUCH_PARTNERS && query_next(&g, e))
        t->partners[t->n_partners++] = query_int(&g, 0);
    return e->code == ERR_NONE;
}

bool touch_load(struct db *db, struct arena *mem, char kind, int64_t no, struct touch *out,
    struct err *e)
{
    char k[2] = { kind, 0 };
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_BY_NO);
        bind_text(&q, "$kind", k);
        bind_int(&q, "$no", no);
        if (!query_next(&q, e))
            return false;
        read_touch(&q, mem, out);
    }
    return read_lists(db, mem, out, e);
}

bool touch_load_id(struct db *db, struct arena *mem, int64_t id, struct touch *out,
    struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_BY_ID);
        bind_int(&q, "$id", id);
        if (!query_next(&q, e))
            return false;
        read_touch(&q, mem, out);
    }
    return read_lists(db, mem, out, e);
}

static bool run_void(struct db *db, enum stmt_id id, int64_t touch, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool same_people(const struct touch *a, const struct touch *b)
{
    if (a->n_people != b->n_people)
        return false;
    for (int i = 0; i < a->n_people; i++)
        if (a->people[i] != b->people[i] || !same_text(a->manners[i], b->manners[i]) ||
            (!a->people[i] && !same_text(a->labels[i], b->labels[i])))
            return false;
    return true;
}

bool touch_update(struct db *db, struct arena *mem, const struct touch *t, int64_t now_ms,
    struct err *e)
{
    struct touch old;
    if (!touch_load_id(db, mem, t->id, &old, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "record.gone", NULL, "touch is void") : false;
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_UPDATE);
        bind_touch(&q, t);
        bind_int(&q, "$id", t->id);
        if (!query_run(&q, e))
            return false;
    }
    if (!same_people(&old, t) &&
        !(run_void(db, STMT_TOUCH_PEOPLE_VOID, t->id, now_ms, e) && add_people(db, t, e)))
        return false;
    bool same = old.n_partners == t->n_partners &&
                !memcmp(old.partners, t->partners, sizeof(int64_t) * (size_t)t->n_partners);
    return same || (run_void(db, STMT_TOUCH_PARTNERS_VOID, t->id, now_ms, e) &&
                       add_partners(db, t, e));
}

/* One driving index a statement: `$x is null or` would make SQLite scan. */
static enum stmt_id driver(const struct touch_filter *f)
{
    return f->inquiry  ? STMT_TOUCH_LIST_INQUIRY
           : f->person ? STMT_TOUCH_LIST_PERSON
           : f->deal   ? STMT_TOUCH_LIST_DEAL
           : f->partner ? STMT_TOUCH_LIST_PARTNER
           : f->customer ? STMT_TOUCH_LIST_CUSTOMER
           : f->member ? STMT_TOUCH_LIST_MEMBER
                       : STMT_TOUCH_LIST_ALL;
}

/* In that order. How many could be read; fewer with an error. */
static int load_each(struct db *db, struct arena *mem, const int64_t *ids, int n, struct touch *out, struct err *e)
{
    for (int i = 0; i < n; i++)
        if (!touch_load_id(db, mem, ids[i], &out[i], e))
            return i;
    return n;
}

int touch_list(struct db *db, struct arena *mem, const struct touch_filter *f,
    struct touch *out, int max, struct err *e)
{
    enum stmt_id id = driver(f);
    char kind[2] = { f->kind, 0 };
    int64_t *ids = ARENA_ARRAY(mem, int64_t, (size_t)max);
    int n = 0;
    {
        AUTO_QUERY q = db_query(db, id);
        if (id == STMT_TOUCH_LIST_PERSON)
            bind_int(&q, "$person", f->person);
        else if (id == STMT_TOUCH_LIST_DEAL)
            bind_int(&q, "$deal", f->deal);
        else if (id == STMT_TOUCH_LIST_PARTNER)
            bind_int(&q, "$partner", f->partner);
        else if (id == STMT_TOUCH_LIST_CUSTOMER)
            bind_int(&q, "$customer", f->customer);
        if (id != STMT_TOUCH_LIST_ALL && id != STMT_TOUCH_LIST_INQUIRY)
            bind_ref(&q, "$member", f->member);
        bind_ref(&q, "$from", f->from_ms);
        bind_ref(&q, "$to", f->to_ms);
        if (id != STMT_TOUCH_LIST_INQUIRY)
            bind_text(&q, "$kind", f->kind ? kind : NULL);
        bind_int(&q, "$max", max);
        while (n < max && query_next(&q, e))
            ids[n++] = query_int(&q, 0);
    }
    return load_each(db, mem, ids, n, out, e);
}

int touch_list_planned(struct db *db, struct arena *mem, const struct touch_filter *f, struct touch *out,
    int max, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(mem, int64_t, (size_t)max);
    int n = 0;
    {
        AUTO_QUERY q = db_query(db, STMT_TOUCH_LIST_PLANNED);
        bind_int(&q, "$member", f->member);
        bind_int(&q, "$from", f->from_ms);
        bind_int(&q, "$to", f->to_ms);
        bind_ref(&q, "$customer", f->customer);
        bind_ref(&q, "$partner", f->partner);
        bind_int(&q, "$max", max);
        while (n < max && query_next(&q, e))
            ids[n++] = query_int(&q, 0);
    }
    return load_each(db, mem, ids, n, out, e);
}

bool touch_standing(struct db *db, const struct touch *t, int64_t *number,
    int64_t *last_ms, struct err *e)
{
    *number = *last_ms = 0;
    e->code = ERR_NONE;
    if (!t->deal_id)
        return true;
    AUTO_QUERY q = db_query(db, STMT_TOUCH_STANDING_DEAL);
    bind_int(&q, "$ref", t->deal_id);
    bind_int(&q, "$id", t->id);
    if (query_next(&q, e)) {
        *number = query_int(&q, 0);
        *last_ms = query_int(&q, 1);
    }
    return e->code == ERR_NONE;
}

int touch_cues(struct db *db, struct arena *mem, int64_t viewer, int64_t customer,
    int64_t from_ms, int64_t to_ms, struct cue_row *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TOUCH_CUES);
    bind_int(&q, "$viewer", viewer);
    bind_ref(&q, "$customer", customer);
    bind_int(&q, "$from", from_ms);
    bind_int(&q, "$to", to_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct cue_row){ query_text(&q, mem, 0), query_text(&q, mem, 1), (int)query_int(&q, 2) };
    return n;
}
