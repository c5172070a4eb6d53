/* Stores the demo's contacts in order of time, so that numbers grow with dates as they
 * do in life, and the follow-ups that hang on them. What they are: demo_plan.c. */
#include "bot/core/demo_private.h"

#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "bot/store/notes.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"
#include <stdlib.h>

enum {
    HOUR = 60,
    EVENING = 19 * HOUR + 30,
    CLOCK_DAYS = 10 /* meetings whose champion clock is told */
};

static const char *const layers[LAYERS] = { "room", "after" };

static int by_time(const void *a, const void *b)
{
    const struct visit *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return (x->seq > y->seq) - (x->seq < y->seq);
}

/* An opinion in the order in which it was said. */
struct saying {
    int64_t at_ms;
    const struct visit *of;
    int layer;
};

static int by_saying(const void *a, const void *b)
{
    const struct saying *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return (x->of->seq > y->of->seq) - (x->of->seq < y->of->seq);
}

static bool store_visit(struct seed *s, struct visit *v, struct err *e)
{
    struct touch t = { .kind = v->kind,
        .state = "held",
        .channel = v->channel,
        .outcome = v->outcome,
        .source = "demo",
        .at_ms = v->at_ms,
        .minutes = v->minutes,
        .others = v->others,
        .member_id = s->members[v->member],
        .customer_id = s->customers[v->customer],
        .deal_id = s->deals[v->deal] };
    if (v->person)
        t.people[t.n_people++] = s->people[v->person];
    if (v->label)
        t.labels[t.n_people++] = v->label;
    if (v->partner)
        t.partners[t.n_partners++] = s->partners[v->partner];
    v->created_ms = v->at_ms + (v->minutes + 3 + (int)(v->seq % 9)) * MINUTE_MS;
    if (v->text) {
        t.note_id = seed_text(
            s, v->member, v->deal, v->market, "all", v->text, v->created_ms, e);
        t.note_rev = 1;
        if (!t.note_id)
            return false;
    }
    if (!touch_add(s->db, &t, v->created_ms, e))
        return false;
    v->id = t.id;
    return true;
}

static bool store_opinion(
    struct seed *s, const struct visit *v, int layer, struct err *e)
{
    const struct opinion *o = &v->said[layer];
    struct note n = { .touch_id = v->id,
        .customer_id = s->customers[v->customer],
        .deal_id = s->deals[v->deal],
        .partner_id = s->partners[v->partner],
        .layer = layers[layer],
        .stance = o->stance,
        .member_id = s->members[v->member],
        .at_ms = o->at_ms,
        .source = "demo" };
    if (layer == AFTER)
        n.from_person = s->people[v->champion];
    if (o->text) {
        n.note_id =
            seed_text(s, v->member, v->deal, v->market, o->level, o->text, o->at_ms, e);
        n.note_rev = 1;
        if (!n.note_id)
            return false;
    }
    return note_add(s->db, &n, o->at_ms, e) != 0;
}

static bool store_opinions(struct seed *s, struct err *e)
{
    size_t n = 0;
    struct saying *list = ARENA_ARRAY(&s->mem, struct saying, s->n_visits * LAYERS);
    for (size_t i = 0; i < s->n_visits; i++)
        for (int layer = 0; layer < LAYERS; layer++)
            if (s->visits[i].said[layer].at_ms)
                list[n++] = (struct saying){ s->visits[i].said[layer].at_ms,
                    &s->visits[i], layer };
    qsort(list, n, sizeof *list, by_saying);
    for (size_t i = 0; i < n; i++)
        if (!store_opinion(s, list[i].of, list[i].layer, e))
            return false;
    return true;
}

bool seed_visits(struct seed *s, struct err *e)
{
    seed_plan(s);
    qsort(s->visits, s->n_visits, sizeof *s->visits, by_time);
    for (size_t i = 0; i < s->n_visits; i++)
        if (!store_visit(s, &s->visits[i], e))
            return false;
    return store_opinions(s, e);
}

/* Fills when it is due from a civil day and minute of the member's zone. */
static void set_due(struct seed *s, struct follow *f, int32_t day, int minute)
{
    struct civil c = civil_of_day(day);
    c.hour = minute / HOUR;
    c.minute = minute % HOUR;
    f->zone = "Asia/Tokyo";
    f->due_ms = instant_of(&c, f->zone);
    f->due_local = arena_printf(
        &s->mem, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

/* The champion clock of a meeting as it would have run: that evening, the next business
 * day, two business days later; over once the champion was heard or all is sent. */
static bool store_clock(struct seed *s, const struct visit *v, struct err *e)
{
    struct follow f = { .member_id = s->members[v->member],
        .kind = "champion",
        .person_id = s->people[v->champion],
        .customer_id = s->customers[v->customer],
        .deal_id = s->deals[v->deal],
        .touch_id = v->id,
        .source = "demo" };
    int32_t second = business_day_add("JP", v->day, 1);
    int32_t days[] = { v->day, second, business_day_add("JP", second, 2) };
    set_due(s, &f, days[2], 10 * HOUR);
    int64_t heard_ms = v->said[AFTER].at_ms;
    int64_t over_ms = heard_ms ? heard_ms : f.due_ms <= s->now_ms ? f.due_ms : 0;
    int64_t created_ms = v->created_ms;
    for (int i = 0; i < 3; i++) {
        f.step = i + 1;
        set_due(s, &f, days[i], i ? 10 * HOUR : EVENING);
        f.id = follow_add(s->db, &f, created_ms, e);
        if (!f.id)
            return false;
        bool sent = f.due_ms <= s->now_ms && (!over_ms || f.due_ms <= over_ms);
        if (!sent && !over_ms)
            return true;
        f.sent_ms = sent ? f.due_ms : 0;
        f.done_ms = over_ms;
        f.state = over_ms ? "done" : "sent";
        if (!follow_update(s->db, &f, e) || !sent)
            return !sent && e->code == ERR_NONE;
        created_ms = f.sent_ms;
    }
    return true;
}

bool seed_follows(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < s->n_visits; i++) {
        const struct visit *v = &s->visits[i];
        if (v->kind == 'M' && v->champion && v->day >= s->today - CLOCK_DAYS &&
            !store_clock(s, v, e))
            return false;
    }
    int32_t today = day_of(s->now_ms, "Asia/Tokyo");
    for (const struct demo_follow *d = demo_follows; d->text; d++) {
        struct follow f = { .member_id = s->members[d->member],
            .kind = "follow",
            .step = 1,
            .person_id = s->people[d->person],
            .customer_id = s->customers[d->customer],
            .deal_id = s->deals[d->deal],
            .source = "demo" };
        set_due(s, &f, business_day_add("JP", today, d->days), d->minute);
        if (f.due_ms <= s->now_ms)
            set_due(s, &f, business_day_add("JP", today, 1), d->minute);
        f.note_id =
            seed_text(s, d->member, d->deal, "JP", "all", d->text, s->now_ms, e);
        if (!f.note_id || !follow_add(s->db, &f, s->now_ms, e))
            return false;
    }
    return true;
}
