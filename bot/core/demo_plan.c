/* Plans eighteen months of the demo's contacts in memory. The deals' fates
 * (demo_cast.c) steer how many there are and what was thought of them; dice decide the
 * rest. Stores nothing: demo_visits.c does. */
#include "bot/core/demo_private.h"

#include "bot/base/clock.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"
#include <string.h>

enum {
    HOUR = 60,
    QUIET_DAYS = 15, /* the scripted scenes are a person's latest */
    OLD_DAYS = 270,  /* before: more visits in person, fewer screens */
    TRIES = 24
};

struct taste {
    const char *channel;
    int weight;
};
static const struct taste tastes[DEMO_PARTNERS][7] = {
    [0] = { { "phone", 3 }, { "email", 4 }, { "in_person", 2 }, { "zoom", 2 }, { 0 } },
    [DENKO] = { { "zoom", 5 }, { "line", 5 }, { "phone", 4 }, { "in_person", 3 },
        { "dinner", 2 }, { "email", 2 }, { 0 } },
    [HAKUYODO] = { { "in_person", 4 }, { "phone", 4 }, { "email", 3 }, { "zoom", 3 },
        { "line", 3 }, { "dinner", 2 }, { 0 } },
    [KAKYO] = { { "teams", 7 }, { "email", 4 }, { "phone", 3 }, { "in_person", 2 },
        { "dinner", 1 }, { 0 } },
    [HANBIT] = { { "zoom", 6 }, { "email", 4 }, { "phone", 2 }, { "dinner", 1 },
        { "in_person", 1 }, { 0 } },
    [SOUTHERN] = { { "teams", 4 }, { "zoom", 4 }, { "email", 5 }, { "phone", 2 },
        { 0 } },
    [YAMADA] = { { "line", 4 }, { "phone", 3 }, { "dinner", 2 }, { 0 } },
};

static const char *choose_channel(struct seed *s, int partner, int days_ago)
{
    if (days_ago > OLD_DAYS && seed_chance(s, 30))
        return seed_chance(s, 60) ? "in_person" : "phone";
    const struct taste *list = tastes[partner];
    int sum = 0;
    for (const struct taste *t = list; t->channel; t++)
        sum += t->weight;
    int roll = seed_roll(s, sum);
    while (roll >= list->weight)
        roll -= (list++)->weight;
    return list->channel;
}

static bool is(const char *a, const char *b)
{
    return !strcmp(a, b);
}

static int choose_minutes(struct seed *s, const char *channel)
{
    if (is(channel, "dinner"))
        return 90 + 30 * seed_roll(s, 3);
    if (is(channel, "line") || is(channel, "email"))
        return 0;
    if (is(channel, "phone"))
        return 5 + 5 * seed_roll(s, 5);
    return 30 + 15 * seed_roll(s, 3);
}

/* Minute of the day at which such a contact begins. */
static int choose_start(struct seed *s, const char *channel)
{
    if (is(channel, "dinner"))
        return 18 * HOUR + 30 + 15 * seed_roll(s, 5);
    if (is(channel, "line"))
        return 9 * HOUR + seed_roll(s, 11 * HOUR);
    if (is(channel, "phone") || is(channel, "email"))
        return 9 * HOUR + 15 + seed_roll(s, 8 * HOUR + 30);
    int start = 10 * HOUR + 30 * seed_roll(s, 14);
    return start >= 12 * HOUR && start < 13 * HOUR ? start + HOUR : start;
}

static bool is_busy(const struct seed *s, const struct visit *v)
{
    for (size_t i = 0; i < s->n_visits; i++) {
        const struct visit *o = &s->visits[i];
        if (o->member == v->member && o->day == v->day &&
            v->at_ms <= o->at_ms + (o->minutes + 4) * MINUTE_MS &&
            o->at_ms <= v->at_ms + (v->minutes + 4) * MINUTE_MS)
            return true;
    }
    return false;
}

static void plan(struct seed *s, const struct visit *v)
{
    GROW(s->visits, s->cap_visits, s->n_visits);
    s->visits[s->n_visits] = *v;
    s->visits[s->n_visits].seq = s->n_visits;
    s->n_visits++;
}

/* An hour of its day when its member is free. */
static void choose_hour(struct seed *s, struct visit *v)
{
    for (int i = 0; i < TRIES; i++) {
        v->at_ms = seed_instant(s, v->day, choose_start(s, v->channel));
        if (!is_busy(s, v))
            break;
    }
}

static void plan_free(struct seed *s, struct visit *v)
{
    choose_hour(s, v);
    plan(s, v);
}

/* Kenji writes a Japanese note now and then; nobody else leaves their language. */
static const char *tell(struct seed *s, int member, enum demo_topic topic)
{
    bool japanese = is(demo_members[member].locale, "ja");
    if (member == KENJI && seed_chance(s, 8))
        japanese = true;
    const struct demo_pool *pool = &demo_talk[topic][japanese];
    return pool->texts[s->told[topic][japanese]++ % pool->n];
}

static int person_of(const struct demo_deal *d)
{
    if (d->customer == SAKURAGAWA)
        return SUZUKI;
    return d->customer == ACME ? SATO : 0;
}

static int partner_person(int partner)
{
    return partner == DENKO      ? TANAKA_KEN
           : partner == HAKUYODO ? TANAKA_MARI
           : partner == KAKYO    ? MIURA
           : partner == HANBIT   ? SEO
           : partner == SOUTHERN ? ASHBY
                                 : 0;
}

/* The scenes are the latest that was heard of them. */
static bool is_told(int partner)
{
    return partner == DENKO || partner == HAKUYODO;
}

/* The champion as the product finds it: of the deal, else of the customer, else at the
 * partner; the latest of each. */
static int find_champion(const struct seed *s, const struct visit *v)
{
    int best = 0, rank = 3;
    for (const struct demo_champion *c = demo_champions; c->person; c++) {
        if (seed_workday(s, "JP", c->since) >= v->day)
            continue;
        int r = c->deal && c->deal == v->deal               ? 0
                : c->customer && c->customer == v->customer ? 1
                : c->partner && c->partner == v->partner    ? 2
                                                            : 3;
        if (r < 3 && r <= rank) {
            rank = r;
            best = c->person;
        }
    }
    return best;
}

/* Nothing where that is still to come. */
static void opine(struct seed *s, struct visit *v, int layer, struct opinion o)
{
    if (o.at_ms < day_start_ms(s->today, s->zone))
        v->said[layer] = o;
}

static const char *const stances[] = { "for", "against", "split", "unknown" };
/* Percent of each stance, by fate and layer: rooms are polite. */
static const int odds[3][LAYERS][4] = {
    { { 55, 5, 15, 25 }, { 75, 5, 15, 5 } },   /* won */
    { { 30, 10, 25, 35 }, { 5, 65, 20, 10 } }, /* lost */
    { { 40, 5, 20, 35 }, { 40, 20, 30, 10 } }, /* nobody knows yet */
};

static int choose_stance(struct seed *s, const struct visit *v, int layer)
{
    enum demo_fate fate = v->deal ? demo_deals[v->deal].fate : FATE_OPEN;
    const int *row = odds[fate == FATE_WON ? 0 : fate == FATE_LOST ? 1 : 2][layer];
    int roll = seed_roll(s, 100), i = 0;
    while (roll >= row[i])
        roll -= row[i++];
    return i;
}

/* The room's stance: mostly said at once, sometimes days later, sometimes never. */
static void choose_room(struct seed *s, struct visit *v)
{
    int roll = seed_roll(s, 100);
    int64_t end_ms = v->at_ms + v->minutes * MINUTE_MS;
    if (roll >= 84)
        return;
    int64_t at_ms = end_ms + (2 + seed_roll(s, 90)) * MINUTE_MS;
    if (roll >= 72)
        at_ms =
            seed_instant(s, business_day_add(v->market, v->day, 1 + seed_roll(s, 3)),
                17 * HOUR + seed_roll(s, HOUR));
    opine(s, v, ROOM,
        (struct opinion){ at_ms, stances[choose_stance(s, v, ROOM)], NULL, NULL });
}

/* What the champion said afterwards: that night, the next days, too late or never. */
static void choose_after(struct seed *s, struct visit *v)
{
    static const enum demo_topic topics[] = { TALK_FOR, TALK_AGAINST, TALK_SPLIT,
        TALK_UNKNOWN };
    int roll = seed_roll(s, 100), i = choose_stance(s, v, AFTER);
    if (!v->champion || roll >= 78)
        return;
    int64_t at_ms = seed_instant(s, v->day, 20 * HOUR + seed_roll(s, 2 * HOUR));
    if (roll >= 36)
        at_ms = seed_instant(s,
            business_day_add(v->market, v->day, roll < 64 ? 1 + seed_roll(s, 2) : 5),
            10 * HOUR + seed_roll(s, 9 * HOUR));
    bool secret = i == 1 ? seed_chance(s, 60) : seed_chance(s, 20);
    const char *level = secret ? "offrecord" : v->deal ? "deal" : "managers";
    const char *text = tell(s, v->member, topics[i]);
    opine(s, v, AFTER, (struct opinion){ at_ms, stances[i], text, level });
}

static int choose_member(struct seed *s, int owner)
{
    int roll = seed_roll(s, 100);
    return roll < 86 ? owner : roll < 93 ? !owner : roll < 97 ? JUN : MIKA;
}

static const char *const labels[] = { "部長", "情シス課長", "CFO", "購買担当",
    "運用担当", "IT lead" };
static const char *const labels_abroad[] = { "procurement lead", "IT lead", "CFO",
    "operations manager" };

static void make_meeting(struct seed *s, struct visit *v)
{
    bool japan = is(v->market, "JP");
    v->kind = 'M';
    v->channel = japan ? (seed_chance(s, 60) ? "in_person" : "zoom")
                       : (seed_chance(s, 70) ? "zoom" : "teams");
    v->minutes = seed_chance(s, 70) ? 60 : 90;
    v->label = japan ? labels[seed_roll(s, 6)] : labels_abroad[seed_roll(s, 4)];
    v->others = seed_roll(s, 4);
}

/* Who of ours and theirs, on a deal's `days_ago`. */
static struct visit deal_visit(struct seed *s, int no, int days_ago)
{
    const struct demo_deal *d = &demo_deals[no];
    struct visit v = { .kind = 'T',
        .deal = no,
        .customer = d->customer,
        .market = seed_deal_market(d),
        .outcome = "reached" };
    v.day = seed_workday(s, v.market, days_ago);
    v.member = choose_member(s, d->owner);
    v.channel = choose_channel(s, d->partner, days_ago);
    if (seed_chance(s, 70))
        v.partner = d->partner;
    if (seed_chance(s, 60))
        v.person = v.partner ? partner_person(v.partner) : person_of(d);
    if (is_told(d->partner) && days_ago <= QUIET_DAYS)
        v.person = v.partner = 0;
    return v;
}

/* What the i-th of n talks is about: nobody discusses a contract before an offer. */
static enum demo_topic deal_topic(const struct demo_deal *d, int i, int n)
{
    bool offered = !is(d->stage, "contacted") && !is(d->stage, "qualified");
    if (!offered || i * 10 < n * 3)
        return TALK_EARLY;
    return is(d->stage, "proposal") || i * 10 < n * 7 ? TALK_OFFER : TALK_LATE;
}

static void plan_deal_visit(struct seed *s, int no, int i, int n, int days_ago)
{
    struct visit v = deal_visit(s, no, days_ago);
    if (i == 0 && days_ago > QUIET_DAYS) { /* the partner brings us along */
        v.partner = demo_deals[no].partner;
        v.person = partner_person(v.partner) ? partner_person(v.partner) : v.person;
    }
    v.minutes = choose_minutes(s, v.channel);
    if (i > 0 && n > 3 && seed_chance(s, 22))
        make_meeting(s, &v);
    if (v.kind == 'M' || seed_chance(s, 66))
        v.text = tell(s, v.member, deal_topic(&demo_deals[no], i, n));
    choose_hour(s, &v);
    if (v.kind == 'M') {
        v.champion = find_champion(s, &v);
        choose_room(s, &v);
        choose_after(s, &v);
    }
    plan(s, &v);
}

/* Nobody picked up: counted nowhere, but part of the picture. */
static void plan_attempt(struct seed *s, int no, int days_ago)
{
    struct visit v = deal_visit(s, no, days_ago);
    v.channel = "phone";
    v.member = demo_deals[no].owner;
    v.outcome = seed_chance(s, 70) ? "no_answer" : "left_message";
    plan_free(s, &v);
}

/* The days ago of thousandth `step` of `n` even steps from `first` to `last`. */
static int spread(int first, int last, int n, int step)
{
    return first - (first - last) * step / (1000 * n);
}

static void plan_deal(struct seed *s, int no)
{
    const struct demo_deal *d = &demo_deals[no];
    bool ended = d->fate == FATE_WON || d->fate == FATE_LOST ||
                 d->fate == FATE_PAUSED || d->fate == FATE_EXPIRED;
    int first = d->registered, last = ended ? d->end + 1 : 2 + seed_roll(s, 6);
    if (d->fate == FATE_OPEN && d->end) /* nobody has been in touch since */
        last = d->end;
    if (d->fate == FATE_EXPIRED)
        last = first - 1;
    for (int i = 0; i < d->visits; i++) {
        int days_ago =
            spread(first, last, d->visits, 1000 * i + (i ? seed_roll(s, 1000) : 0));
        plan_deal_visit(s, no, i, d->visits, days_ago);
        if (i && seed_chance(s, 11))
            plan_attempt(s, no, days_ago + 1);
    }
    if (d->fate != FATE_WON || d->end < 20 || !d->visits)
        return;
    for (int i = 0; i < 2; i++) {
        struct visit v = deal_visit(s, no, d->end - 8 - seed_roll(s, d->end - 16));
        v.minutes = choose_minutes(s, v.channel);
        v.text = tell(s, v.member, TALK_AFTER);
        plan_free(s, &v);
    }
}

/* Contacts with a partner about nothing in particular. */
static void plan_partner(struct seed *s, int partner)
{
    const struct demo_partner *p = &demo_partners[partner];
    int first = p->talk < 540 ? p->talk : 540;
    for (int i = 0; i < p->visits; i++) {
        int days_ago =
            spread(first, p->quiet, p->visits, 1000 * i + seed_roll(s, 1000));
        struct visit v = { .kind = 'T',
            .partner = partner,
            .market = p->market,
            .day = seed_workday(s, p->market, days_ago),
            .outcome = "reached" };
        int owner =
            partner == KAKYO || partner == HANBIT || partner == YAMADA ? HARUKA : KENJI;
        v.member = choose_member(s, owner);
        v.channel = choose_channel(s, partner, days_ago);
        v.minutes = choose_minutes(s, v.channel);
        if (seed_chance(s, 75))
            v.person = partner_person(partner);
        if (seed_chance(s, 7)) {
            v.outcome = "no_answer";
            v.channel = "phone";
            v.minutes = 0;
        } else if (seed_chance(s, 62)) {
            v.text = tell(s, v.member, TALK_PARTNER);
        }
        plan_free(s, &v);
    }
}

static void plan_scenes(struct seed *s)
{
    for (const struct demo_scene *c = demo_scenes; c->days_ago; c++) {
        const struct demo_deal *d = &demo_deals[c->deal];
        int customer = c->deal ? d->customer : c->customer;
        const char *market = demo_customers[customer].market;
        struct visit v = { .kind = c->kind,
            .channel = c->channel,
            .minutes = c->minutes,
            .outcome = c->outcome ? c->outcome : "reached",
            .text = c->text,
            .label = c->label,
            .market = market,
            .member = c->member,
            .deal = c->deal,
            .customer = customer,
            .partner = c->partner,
            .person = c->person,
            .day = seed_workday(s, market, c->days_ago) };
        v.at_ms = seed_instant(s, v.day, c->minute);
        v.champion = v.kind == 'M' ? find_champion(s, &v) : 0;
        int64_t end_ms = v.at_ms + v.minutes * MINUTE_MS;
        int32_t next = business_day_add(market, v.day, 1);
        if (c->room)
            opine(s, &v, ROOM,
                (struct opinion){ end_ms + 10 * MINUTE_MS, c->room, NULL, NULL });
        if (c->after)
            opine(s, &v, AFTER,
                (struct opinion){
                    seed_instant(s, next, 11 * HOUR), c->after, c->heard, c->level });
        plan(s, &v);
    }
}

void seed_plan(struct seed *s)
{
    plan_scenes(s);
    for (int no = 1; no < DEMO_DEALS; no++)
        plan_deal(s, no);
    for (int i = 1; i < DEMO_PARTNERS; i++)
        plan_partner(s, i);
}
