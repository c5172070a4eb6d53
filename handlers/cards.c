#include "handlers/cards.h"

#include "bot/core/rank.h"
#include "bot/store/forget.h"
#include "bot/store/relations.h"
#include "handlers/deals.h"
#include "handlers/layers.h"
#include "handlers/ringi.h"
#include "handlers/stakes.h"
#include <string.h>

enum { ROWS = 5, MANY_DEALS = 200 };

static struct reply *card(
    struct call *c, char kind, int64_t id, const char *source, const char *title)
{
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", marked(c, source, title));
    reply_record(r, call_ref(c, kind, id), "shown");
    return r;
}

static void put_buttons(struct reply *r, char kind, int64_t id, bool deals)
{
    struct call *c = r->call;
    char *ref = call_ref(c, kind, id);
    if (c->member->roles & ROLE_SALES)
        reply_button(r, "fill", arena_printf(c->mem, "%s: ", typed(c, "touch", ref)),
            "look.button.log", NO_ARGS);
    reply_button(
        r, "plain", typed(c, "timeline", ref), "look.button.timeline", NO_ARGS);
    if (deals)
        reply_button(r, "plain",
            typed(c, "list", call_text(c, "look.deals_of", ARGS(TXT("ref", ref)))),
            "look.button.deals", NO_ARGS);
}

bool put_last(struct reply *r, struct touch_filter f, struct err *e)
{
    struct call *c = r->call;
    struct touch *last = ARENA_NEW(c->mem, struct touch);
    struct scope known = { .customer = f.customer, .deal = f.deal };
    f.to_ms = c->now_ms + 1;
    if (touch_list(c->db, c->mem, &f, last, 1, e) == 1) {
        reply_field(r, "show.label.last",
            arena_printf(c->mem, "%s" FACTS "%s",
                when_format_ago(&c->when, c->mem, c->locale, last->at_ms),
                fact_touch(c, last, &known)));
        reply_data_ms(r, "last", last->at_ms);
    }
    return e->code == ERR_NONE;
}

/* "a, b, and 3 more" of a list that was cut at ROWS. */
static void join_more(struct call *c, struct buf *b, int n)
{
    if (n > ROWS)
        buf_join(b, comma(c), call_text(c, "look.and_more", ARGS(NUM("n", n - ROWS))));
}

static bool put_people(
    struct reply *r, int64_t partner, int64_t customer, struct err *e)
{
    struct call *c = r->call;
    struct person *people = ARENA_ARRAY(c->mem, struct person, MANY_DEALS);
    int n = person_list(c->db, c->mem, partner, customer, people, MANY_DEALS, e);
    struct buf b = BUF_ON(c->mem);
    rank_people(c, people, n);
    for (int i = 0; i < n && i < ROWS; i++)
        buf_join(&b, comma(c), label_person_polite(c, &people[i], NULL));
    join_more(c, &b, n);
    reply_field(r, "show.label.people", buf_str(&b));
    return e->code == ERR_NONE;
}

static bool put_deals(struct reply *r, int64_t partner, int64_t customer, struct err *e)
{
    struct call *c = r->call;
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, MANY_DEALS);
    struct deal_filter f = { .partner = partner, .customer = customer, .live = true };
    int n = deal_list(c->db, c->mem, &f, deals, MANY_DEALS, e);
    const char *sums = fact_sums(c, deals, n);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n && i < ROWS; i++)
        buf_join(&b, comma(c), label_deal(c, deals[i].id));
    join_more(c, &b, n);
    reply_field(r, "show.label.deals",
        call_text(c, "look.open",
            ARGS(NUM("n", n), TXT("sums", sums ? sums : ""),
                TXT("worth", sums ? "yes" : "no"))));
    reply_soft(r, buf_str(&b));
    reply_data_int(r, "open_deals", n);
    return e->code == ERR_NONE;
}

static char *people_of(struct call *c, const struct champion *list, int n)
{
    struct buf b = BUF_ON(c->mem);
    struct person p;
    struct err e;
    for (int i = 0; i < n; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again = again || list[k].person_id == list[i].person_id;
        if (again || !person_load(c->db, c->mem, list[i].person_id, &p, &e))
            continue;
        char *who = label_person_at(c, &p, p.title);
        buf_join(&b, comma(c), fact_coach(&list[i]) ? call_text(c, "champion.coach_mark", ARGS(TXT("who", who))) : who);
    }
    return arena_strdup(c->mem, buf_str(&b));
}

/* False in `*any` where there is none: a deal warns then, a firm says nothing. */
static bool put_champions(struct reply *r, int64_t deal, int64_t customer,
    int64_t partner, bool *any, struct err *e)
{
    struct call *c = r->call;
    struct champion list[ROWS];
    int n = champion_list(c->db, c->mem, deal, customer, partner, list, ROWS, e);
    *any = false;
    for (int i = 0; i < n; i++)
        *any = *any || !fact_coach(&list[i]);
    reply_field(r, "show.label.champions", people_of(c, list, n));
    for (int i = 0; i < n; i++)
        reply_data_add(r, "champions", 'C', list[i].person_id);
    return e->code == ERR_NONE;
}

static const char *of_what(struct call *c, const struct champion *k)
{
    return k->deal_id       ? label_deal(c, k->deal_id)
           : k->customer_id ? label_customer(c, k->customer_id)
           : k->partner_id  ? label_partner(c, k->partner_id)
                            : call_text(c, "look.yes", NO_ARGS);
}

static bool put_champion_of(struct reply *r, int64_t person, struct err *e)
{
    struct call *c = r->call;
    struct champion list[ROWS];
    int n = champion_list_of(c->db, c->mem, person, list, ROWS, e);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        if (!fact_coach(&list[i]))
            buf_join(&b, comma(c), of_what(c, &list[i]));
    reply_field(
        r, "show.label.champion", b.n ? buf_str(&b) : call_text(c, "look.no", NO_ARGS));
    for (int i = 0; i < n; i++) {
        if (fact_coach(&list[i]))
            reply_soft(r, call_text(c, "champion.coach", ARGS(TXT("where", of_what(c, &list[i])))));
        reply_soft(r, fact_evidence(c, &list[i]));
    }
    return e->code == ERR_NONE;
}

/* The reader's own: what he is to do next with this person. */
static bool put_follows(struct reply *r, int64_t person, struct err *e)
{
    struct call *c = r->call;
    struct follow *list = ARENA_ARRAY(c->mem, struct follow, MANY_DEALS);
    int n =
        follow_list(c->db, c->mem, c->member->id, 0, INT64_MAX, list, MANY_DEALS, e);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        if (list[i].person_id == person)
            buf_join(&b, comma(c),
                arena_printf(c->mem, "%s %s", call_ref(c, 'F', list[i].id),
                    label_date(c, list[i].due_ms)));
    reply_field(r, "show.label.follows", buf_str(&b));
    return e->code == ERR_NONE;
}

struct names_met {
    struct call *c;
    struct buf b, readings;
};

static void add_name(void *ctx, const struct name_row *row)
{
    struct names_met *m = ctx;
    if (row->sort != 'd')
        buf_join(row->sort == 'r' ? &m->readings : &m->b, comma(m->c), row->text);
}

static bool put_names(struct reply *r, char kind, int64_t id, struct err *e)
{
    struct names_met m = { r->call, BUF_ON(r->call->mem), BUF_ON(r->call->mem) };
    if (!name_each(r->call->db, kind, id, add_name, &m, e))
        return false;
    reply_field(r, "show.label.reading", buf_str(&m.readings));
    reply_field(r, "show.label.names", buf_str(&m.b));
    return true;
}

static bool put_messengers(struct reply *r, int64_t person, struct err *e)
{
    struct call *c = r->call;
    struct messenger list[ROWS];
    int n = messenger_list(c->db, c->mem, person, list, ROWS, e);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c),
            arena_printf(c->mem, "%s:%s", list[i].network, list[i].handle));
    reply_field(r, "show.label.messengers", buf_str(&b));
    return e->code == ERR_NONE;
}

/* To whom the contact was handed over; otherwise it is who spoke last. */
static bool put_keeper(struct reply *r, int64_t person, struct err *e)
{
    struct call *c = r->call;
    int64_t since, keeper = keeper_of(c->db, person, &since, e);
    if (!keeper)
        return e->code == ERR_NONE;
    reply_field(r, "show.label.keeper", arena_printf(c->mem, "%s" FACTS "%s", label_member(c, keeper),
        when_format_day(&c->when, c->mem, c->locale, day_of(since, c->when.zone))));
    reply_data(r, "kept_by", label_member(c, keeper));
    return true;
}

/* Nobody's name, where the person was forgotten. */
static char *forgotten_text(struct call *c, const struct person *p, struct err *e)
{
    struct forgotten f;
    if (!forgotten_of(c->db, c->mem, p->id, &f, e))
        return fact_person(c, p);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'C', p->id));
    buf_join(&b, FACTS, call_text(c, "forget.card", ARGS(TXT("when", label_date(c, f.at_ms)))));
    buf_join(&b, FACTS, p->org);
    return arena_strdup(c->mem, buf_str(&b));
}

bool card_person(struct call *c, int64_t id, struct err *e)
{
    struct person p;
    if (!person_load(c->db, c->mem, id, &p, e))
        return e->code == ERR_NONE && refuse_none(c, 'C', id, e);
    int64_t asked = id;
    id = p.id;
    struct reply *r = card(c, 'C', id, p.source, forgotten_text(c, &p, e));
    reply_data(r, "name", p.name);
    reply_data(r, "title", p.title);
    reply_data_ref(r, "partner", 'P', p.partner_id);
    reply_data_ref(r, "customer", 'A', p.customer_id);
    if (note_known(c, p.note_id))
        reply_note(r, p.note_id, 0);
    put_buttons(r, 'C', id, false);
    if (c->member->roles & ROLE_SALES)
        reply_button(r, "fill",
            arena_printf(c->mem, "%s ", typed(c, "follow", call_ref(c, 'C', id))),
            "look.button.follow", NO_ARGS);
    return put_merged(r, 'C', asked, e) && put_names(r, 'C', id, e) && put_messengers(r, id, e) &&
           put_profile(r, &p, e) && put_duty(r, id, e) && put_trainings(r, id, 0, e) && put_champion_of(r, id, e) && put_keeper(r, id, e) &&
           put_last(r, (struct touch_filter){ .person = id }, e) &&
           put_follows(r, id, e);
}

static bool put_partner_more(struct reply *r, int64_t id, struct err *e)
{
    return put_case_studies(r, 0, id, e) && put_capabilities(r, id, e) && put_focus(r, id, e) &&
           put_perceptions(r, 0, id, e) && put_tasks(r, id, e) && put_assets(r, 0, id, e) && put_check_in(r, id, e);
}

bool card_partner(struct call *c, int64_t id, struct err *e)
{
    struct partner p;
    bool any;
    if (!partner_load(c->db, c->mem, id, &p, e))
        return e->code == ERR_NONE && refuse_none(c, 'P', id, e);
    int64_t asked = id;
    id = p.id;
    struct reply *r = card(c, 'P', id, p.source, fact_partner(c, &p));
    reply_data(r, "name", p.name);
    reply_data(r, "type", p.type);
    reply_data(r, "market", p.market);
    if (!put_negatives(r, 0, id, e))
        return false;
    reply_field(r, "show.label.market", call_word(c, WORD_MARKET, p.market));
    reply_field(r, "show.label.stage", fact_stage(c, &p, false));
    reply_field(r, "show.label.commission", fact_commission(c, &p, true));
    put_support(r, &p);
    put_buttons(r, 'P', id, true);
    return put_merged(r, 'P', asked, e) && put_names(r, 'P', id, e) && put_people(r, id, 0, e) &&
           put_local_staff(r, &p, e) && put_network(r, id, false, e) && put_nps(r, 0, id, e) &&
           put_trainings(r, 0, id, e) && put_activities(r, id, e) && put_leads(r, 0, id, e) &&
           put_partner_more(r, id, e) && put_champions(r, 0, 0, id, &any, e) &&
           put_last(r, (struct touch_filter){ .partner = id }, e) &&
           put_deals(r, id, 0, e);
}

/* Where they stand, in both layers, of what the reader may see. */
static bool put_consensus(
    struct reply *r, int64_t customer, int64_t deal, struct err *e)
{
    struct layers l;
    struct note_filter by = { .customer = customer, .deal = deal };
    if (!layers_read(r->call, &by, &l, e))
        return false;
    layers_put(r, &l);
    return true;
}

/* Of each live deal: risks stand above everything else. */
static bool put_customer_risks(struct reply *r, int64_t customer, struct err *e)
{
    struct deal deals[ROWS];
    struct deal_filter f = { .customer = customer, .live = true };
    int n = deal_list(r->call->db, r->call->mem, &f, deals, ROWS, e);
    return e->code == ERR_NONE && put_risks(r, deals, n, e);
}

bool card_customer(struct call *c, int64_t id, struct err *e)
{
    struct customer a;
    bool any;
    if (!customer_load(c->db, c->mem, id, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'A', id, e);
    int64_t asked = id;
    id = a.id;
    struct reply *r = card(c, 'A', id, a.source,
        arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", call_ref(c, 'A', id), a.name,
            call_text(c, "kind.customer", NO_ARGS)));
    reply_data(r, "name", a.name);
    reply_data(r, "market", a.market);
    if (!put_negatives(r, id, 0, e) || !put_customer_risks(r, id, e))
        return false;
    reply_field(r, "show.label.market", call_word(c, WORD_MARKET, a.market));
    reply_field(r, "show.label.industry", a.industry);
    reply_field(r, "first.label", fact_first(c, id));
    put_buttons(r, 'A', id, true);
    return put_merged(r, 'A', asked, e) && put_names(r, 'A', id, e) && put_people(r, 0, id, e) &&
           put_champions(r, 0, id, 0, &any, e) && put_consensus(r, id, 0, e) && put_preference(r, id, e) && put_served(r, id, e) && put_gates(r, id, e) && put_technology(r, id, e) && put_nps(r, id, 0, e) && put_leads(r, id, 0, e) &&
           put_case_studies(r, id, 0, e) && put_assets(r, id, 0, e) && put_perceptions(r, id, 0, e) &&
           put_last(r, (struct touch_filter){ .customer = id }, e) &&
           put_deals(r, 0, id, e);
}

static char *owners(struct call *c, const struct deal *d)
{
    struct buf b = BUF_ON(c->mem);
    if (d->owner_id)
        buf_join(&b, comma(c), label_member(c, d->owner_id));
    if (d->co_owner_id)
        buf_join(&b, comma(c), label_member(c, d->co_owner_id));
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_deal_facts(struct reply *r, const struct deal *d)
{
    struct call *c = r->call;
    const char *source = d->origin && strcmp(d->origin, "unknown") != 0
                             ? call_word(c, WORD_ORIGIN, d->origin)
                             : NULL;
    if (d->customer_id)
        reply_field(r, "show.label.customer", label_customer(c, d->customer_id));
    if (d->partner_id)
        reply_field(r, "show.label.partner", label_partner(c, d->partner_id));
    reply_field(r, "show.label.product", d->product);
    if (d->has_value)
        reply_field(r, "show.label.value", label_money(c, d->value_minor, d->currency));
    reply_field(r, "show.label.owner", owners(c, d));
    struct buf facts = BUF_ON(c->mem);
    join_deal_facts(c, &facts, d);
    reply_field(r, "deal.label.facts", buf_str(&facts));
    if (strcmp(d->state, "submitted") != 0 && strcmp(d->state, "declined") != 0)
        reply_field(r, "show.label.registered",
            arena_printf(c->mem, "%s%s%s",
                when_format_day(
                    &c->when, c->mem, c->locale, day_of(d->registered_ms, c->when.zone)),
                source ? FACTS : "", source ? source : ""));
    reply_field(r, "deal.label.phase", d->stage ? call_word(c, WORD_PHASE, deal_phase(d)) : NULL);
    if (d->live_ms)
        reply_field(r, "deal.label.live", when_format_day(&c->when, c->mem, c->locale, day_of(d->live_ms, c->when.zone)));
    if (d->closed_ms)
        reply_field(r, "show.label.closed",
            when_format_day(
                &c->when, c->mem, c->locale, day_of(d->closed_ms, c->when.zone)));
    reply_data(r, "name", d->name);
    reply_data(r, "state", d->state);
    reply_data(r, "stage", d->stage);
    reply_data_ref(r, "customer", 'A', d->customer_id);
    reply_data_ref(r, "partner", 'P', d->partner_id);
}

static bool put_deal_touches(struct reply *r, int64_t deal, struct err *e)
{
    struct touch none = { .deal_id = deal };
    int64_t n, last;
    if (!touch_standing(r->call->db, &none, &n, &last, e))
        return false;
    reply_field(
        r, "show.label.touches", call_text(r->call, "look.touches", ARGS(NUM("n", n))));
    reply_data_int(r, "touch_points", n);
    return put_last(r, (struct touch_filter){ .deal = deal }, e);
}

bool card_deal(struct call *c, int64_t id, struct err *e)
{
    struct deal d;
    bool any;
    if (!deal_load(c->db, c->mem, id, &d, e))
        return e->code == ERR_NONE && refuse_none(c, 'D', id, e);
    struct buf title = BUF_ON(c->mem);
    bool live = !strcmp(d.state, "open") || !strcmp(d.state, "registered") ||
                !strcmp(d.state, "paused");
    buf_join(&title, FACTS, label_deal(c, id));
    buf_join(&title, FACTS, call_word(c, WORD_DEAL_ACT, d.state));
    buf_join(&title, FACTS, live ? call_word(c, WORD_STAGE, d.stage) : NULL);
    struct reply *r = card(c, 'D', id, d.source, buf_str(&title));
    struct champion one[1];
    any = !deal_needs_champion(&d) || champion_list(c->db, c->mem, id, d.customer_id, d.partner_id, one, 1, e) == 1;
    if (e->code != ERR_NONE || !put_risks(r, &d, 1, e))
        return false;
    if (!any && live)
        reply_warning(r, call_text(c, "show.no_champion", NO_ARGS));
    if (!put_approval(r, &d, e))
        return false;
    put_deal_facts(r, &d);
    if (!put_ringi(r, id, e) || !put_deal_source(r, id, e) || !put_deal_history(r, &d, e) || !put_renewals(r, id, e) ||
        !put_legal(r, id, e) || !put_deal_touches(r, id, e) || !put_consensus(r, 0, id, e) ||
        !put_champions(r, id, d.customer_id, d.partner_id, &any, e) || !put_pitches(r, &d, e))
        return false;
    if (note_known(c, d.reason_note))
        reply_note(r, d.reason_note, 0);
    char *ref = call_ref(c, 'D', id);
    reply_button(
        r, "plain", typed(c, "timeline", ref), "look.button.timeline", NO_ARGS);
    if (live && c->member->roles & ROLE_SALES)
        reply_button(r, "fill",
            arena_printf(c->mem, "%s ", typed(c, "deal.stage", ref)),
            "look.button.stage", NO_ARGS);
    if (!any && deal_needs_champion(&d) && live && c->member->roles & ROLE_SALES)
        reply_button(
            r, "fill", typed(c, "champion", ""), "look.button.champion", NO_ARGS);
    return true;
}
