/* brief: what to know before a meeting, on one screen: risks before benefits, people senior
 * first, the last touch point, what is open. Of a plan, or of a firm or deal without one. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/rank.h"
#include "bot/store/follows.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/layers.h"
#include "handlers/record.h"
#include "handlers/ringi.h"
#include "handlers/stakes.h"

enum { PEOPLE = 40, SHOWN = 6, DEALS = 5, NOTES = 20, STEPS = 3 };

static const struct arg brief_args[] = {
    { "record", ARG_RECORD, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "person", ARG_PERSON, 0 },
    { 0 },
};

/* What the brief is about; `plan` NULL: no meeting is planned. */
struct subject {
    const struct touch *plan;
    int64_t customer, partner, deal;
};

static void take_meeting(struct subject *s, const struct touch *t)
{
    s->plan = t;
    s->customer = t->customer_id;
    s->partner = t->n_partners ? t->partners[0] : 0;
    s->deal = t->deal_id;
}

static bool take_typed(struct call *c, struct subject *s, struct touch *t, bool *any, struct err *e)
{
    const struct frame *f = c->f;
    struct person p;
    *any = f->n_refs || f->n_customers || f->n_partners || f->n_people;
    for (int i = 0; i < f->n_refs; i++) {
        if (f->refs[i].kind == 'D')
            s->deal = f->refs[i].no;
        if (f->refs[i].kind != 'M')
            continue;
        if (!touch_load(c->db, c->mem, 'M', f->refs[i].no, t, e))
            return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'M', f->refs[i].no))), "no meeting");
        take_meeting(s, t);
        return true;
    }
    s->customer = f->n_customers ? f->customers[0] : 0;
    s->partner = f->n_partners ? f->partners[0] : 0;
    if (f->n_people && !s->customer && !s->partner && person_load(c->db, c->mem, f->people[0], &p, e)) {
        s->customer = p.customer_id;
        s->partner = p.partner_id;
    }
    return e->code == ERR_NONE;
}

/* The reader's next planned meeting: with whom was typed, or with anybody. */
static bool take_next(struct call *c, struct subject *s, struct touch *t, struct err *e)
{
    struct touch_filter by = { .member = c->member->id, .customer = s->customer,
        .partner = s->customer ? 0 : s->partner, .from_ms = c->now_ms - 30 * MINUTE_MS, .to_ms = INT64_MAX };
    if (touch_list_planned(c->db, c->mem, &by, t, 1, e) != 1)
        return e->code == ERR_NONE;
    int64_t deal = s->deal;
    take_meeting(s, t);
    s->deal = deal ? deal : s->deal;
    return true;
}

static bool the_deals(struct call *c, const struct subject *s, struct deal *out, int *n, struct err *e)
{
    struct deal_filter by = { .customer = s->customer, .partner = s->customer ? 0 : s->partner, .live = true };
    *n = 0;
    if (s->deal)
        *n = deal_load(c->db, c->mem, s->deal, out, e);
    else if (s->customer)
        *n = deal_list(c->db, c->mem, &by, out, DEALS, e);
    return e->code == ERR_NONE;
}

/* Those who will be there, else everybody known at the firm. */
static bool put_people(struct reply *r, const struct subject *s, struct err *e)
{
    struct call *c = r->call;
    struct person *list = ARENA_ARRAY(c->mem, struct person, PEOPLE);
    struct buf b = BUF_ON(c->mem);
    int n = 0;
    for (int i = 0; s->plan && i < s->plan->n_people; i++)
        if (s->plan->people[i] && person_load(c->db, c->mem, s->plan->people[i], &list[n], e))
            n++;
    if (!n)
        n = person_list(c->db, c->mem, s->customer ? 0 : s->partner, s->customer, list, PEOPLE, e);
    rank_people(c, list, n);
    for (int i = 0; i < n && i < SHOWN; i++) {
        char *away = label_away(c, list[i].id, day_of(c->now_ms, c->when.zone)), *who = label_person_polite(c, &list[i], NULL);
        buf_join(&b, comma(c), away ? arena_printf(c->mem, "%s (%s)", who, away) : who);
    }
    if (n > SHOWN)
        buf_join(&b, comma(c), call_text(c, "look.and_more", ARGS(NUM("n", n - SHOWN))));
    reply_field(r, "show.label.people", buf_str(&b));
    return e->code == ERR_NONE;
}

/* Next steps that were agreed on, what somebody is to do, where the sign-off lies. */
static bool put_open(struct reply *r, const struct subject *s, const struct deal *deals, int n, struct err *e)
{
    struct call *c = r->call;
    struct note *notes = ARENA_ARRAY(c->mem, struct note, NOTES);
    struct follow f[SHOWN];
    struct note_filter by = { .deal = s->deal, .customer = s->customer, .partner = s->partner };
    int k = note_list_by(c->db, c->mem, &by, notes, NOTES, e), shown = 0;
    for (int i = 0; i < k && shown < STEPS; i++)
        if (notes[i].next_id && note_readable(c, notes[i].next_id, 0)) {
            reply_item_note(r, call_text(c, "brief.next", ARGS(TXT("id", call_ref(c, 'N', notes[i].id)))),
                typed(c, "show", call_ref(c, 'N', notes[i].id)), notes[i].next_id, 0);
            shown++;
        }
    for (int i = 0; i < n; i++)
        if (!put_ringi(r, deals[i].id, e))
            return false;
    int m = follow_list_about(c->db, c->mem, s->deal, s->customer, s->partner, f, SHOWN, e);
    for (int i = 0; i < m; i++)
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", fact_follow(c, &f[i]), label_date(c, f[i].due_ms),
            label_member(c, f[i].member_id)), NULL);
    if (!shown && !m)
        reply_soft(r, call_text(c, "brief.nothing_open", NO_ARGS));
    return e->code == ERR_NONE;
}

static char *title_of(struct call *c, const struct subject *s)
{
    struct buf b = BUF_ON(c->mem);
    char *who = s->customer ? label_customer(c, s->customer) : s->partner ? label_partner(c, s->partner) : label_deal(c, s->deal);
    buf_join(&b, FACTS, call_text(c, "brief.title", ARGS(TXT("who", who))));
    if (s->plan) {
        buf_join(&b, FACTS, call_ref(c, 'M', s->plan->no));
        buf_join(&b, FACTS, call_text(c, "met.span", ARGS(TXT("from", label_date(c, s->plan->at_ms)),
            TXT("to", when_format_time(&c->when, c->mem, c->locale, s->plan->at_ms + s->plan->minutes * MINUTE_MS)))));
        buf_join(&b, FACTS, channel_text(c, s->plan));
    }
    return arena_strdup(c->mem, buf_str(&b));
}

static bool put_brief(struct call *c, const struct subject *s, struct err *e)
{
    struct deal deals[DEALS];
    struct layers l;
    int n;
    if (!the_deals(c, s, deals, &n, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "brief.title", title_of(c, s));
    struct note_filter by = { .deal = s->deal, .customer = s->customer, .partner = s->partner };
    if (!put_negatives(r, s->customer, s->customer ? 0 : s->partner, e) || !put_risks(r, deals, n, e) || !put_people(r, s, e) ||
        !put_last(r, (struct touch_filter){ .deal = s->deal, .customer = s->customer, .partner = s->partner }, e) || !layers_read(c, &by, &l, e))
        return false;
    layers_put(r, &l);
    if (l.secret)
        reply_private(r);
    if (!put_open(r, s, deals, n, e))
        return false;
    for (int i = 0; i < n; i++)
        if (!put_pitches(r, &deals[i], e))
            return false;
    if (s->plan && s->plan->note_id)
        reply_note(r, s->plan->note_id, s->plan->note_rev);
    if (n)
        reply_button_labelled(r, "plain", typed(c, "show", call_ref(c, 'D', deals[0].id)), label_deal(c, deals[0].id));
    if (s->customer)
        reply_button(r, "plain", typed(c, "timeline", call_ref(c, 'A', s->customer)), "look.button.timeline", NO_ARGS);
    if (s->plan) {
        reply_record(r, call_ref(c, 'M', s->plan->no), "shown");
        reply_data_ms(r, "at", s->plan->at_ms);
    }
    return true;
}

static bool brief_run(struct call *c, struct err *e)
{
    struct subject s = { 0 };
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    bool any;
    e->code = ERR_NONE;
    if (!take_typed(c, &s, t, &any, e) || (!s.plan && !take_next(c, &s, t, e)))
        return false;
    if (!s.plan && !any)
        return fail(e, ERR_NOT_FOUND, "brief.no_plan", NULL, "nothing planned");
    if (!s.customer && !s.partner && !s.deal)
        return fail(e, ERR_USAGE, "brief.whom", NULL, "no firm");
    return put_brief(c, &s, e);
}

const struct command brief_command = { .id = "brief", .args = brief_args, .may = ROLE_SALES, .where = ANYWHERE,
    .flags = CMD_KNOWN, .run = brief_run };
