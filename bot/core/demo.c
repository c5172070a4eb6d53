/* Seeds the demo: the cast, its deals and what became of them. Refuses to touch a store
 * in use. Who and what: demo_cast.c; who spoke with whom: demo_plan.c; what is known of
 * partners: demo_records.c. */
#include "bot/core/demo_private.h"
#include "bot/core/search.h"

#include "bot/store/deals.h"
#include "bot/store/members.h"
#include "bot/store/notes.h"
#include "bot/store/people.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"
#include <stdlib.h>
#include <string.h>

#define DEMO_ZONE "Asia/Tokyo"

enum {
    HOUR = 60,
    PAUSE_DAYS = 15, /* FATE_RESUMED */
    LIVE_DAYS = 45,  /* from signature to use */
    EXPIRY_DAYS = 91 /* the midnight after ninety days */
};

/* Knuth's multiplier: one seed, one store. The high bits are the good ones. */
int seed_roll(struct seed *s, int n)
{
    s->dice = s->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((s->dice >> 33) % (uint64_t)n);
}

bool seed_chance(struct seed *s, int percent)
{
    return seed_roll(s, 100) < percent;
}

/* Between the years Japan's offices are closed without a public holiday. */
static bool is_year_end(int32_t day)
{
    struct civil c = civil_of_day(day);
    return (c.month == 12 && c.day >= 29) || (c.month == 1 && c.day <= 3);
}

int32_t seed_workday(const struct seed *s, const char *market, int days_ago)
{
    int32_t day = s->today - (days_ago > 0 ? days_ago : 1);
    while (!business_day("JP", day) || !business_day(market, day) || is_year_end(day))
        day--;
    return day;
}

int64_t seed_instant(const struct seed *s, int32_t day, int minute)
{
    struct civil c = civil_of_day(day);
    c.hour = minute / HOUR;
    c.minute = minute % HOUR;
    return instant_of(&c, s->zone);
}

const char *seed_deal_market(const struct demo_deal *d)
{
    return demo_customers[d->customer].market;
}

int64_t seed_text(struct seed *s, int member, int deal, const char *market,
    const char *level, const char *text, int64_t at_ms, struct err *e)
{
    struct note_text t = { .author_id = s->members[member],
        .level = level,
        .deal_id = s->deals[deal],
        .market = market,
        .text = text };
    struct arena mem = ARENA_INIT;
    bool ok = search_add(s->db, &mem, &t, at_ms, e);
    arena_finish(&mem);
    return ok ? t.id : 0;
}

static bool seed_members(struct seed *s, struct err *e)
{
    for (int i = 0; i < DEMO_MEMBERS; i++) {
        const struct demo_member *m = &demo_members[i];
        s->members[i] = member_add(s->db,
            &(struct member){ .handle = m->handle,
                .name = m->name,
                .role = m->role,
                .roles = role_of(m->role),
                .market = "JP",
                .zone = DEMO_ZONE,
                .locale = m->locale,
                .team = "Tokyo",
                .source = "demo" },
            s->now_ms, e);
        if (!s->members[i])
            return false;
    }
    return true;
}

static bool seed_names(struct seed *s, char kind, int64_t ref,
    const char *const *aliases, const char *reading, struct err *e)
{
    for (int i = 0; i < DEMO_NAMES && aliases[i]; i++)
        if (!name_add(s->db, kind, ref, aliases[i], "alias", e))
            return false;
    return !reading || name_add(s->db, kind, ref, reading, "reading", e);
}

static bool seed_firms(struct seed *s, struct err *e)
{
    for (int i = 1; i < DEMO_PARTNERS; i++) {
        const struct demo_partner *p = &demo_partners[i];
        int32_t signed_day = seed_workday(s, p->market, p->signed_ago);
        s->partners[i] = partner_add(s->db,
            &(struct partner){ .name = p->name,
                .type = p->type,
                .market = p->market,
                .silo = p->silo,
                .stage = i == YAMADA ? "signed" : "active",
                .commission_bp = p->commission_bp,
                .agreement_day = seed_workday(s, p->market, p->talk),
                .signed_day = signed_day,
                .source = "demo" },
            seed_instant(s, signed_day, 10 * HOUR), e);
        if (!s->partners[i] ||
            !seed_names(s, 'P', s->partners[i], p->aliases, p->reading, e))
            return false;
    }
    for (int i = 1; i < DEMO_CUSTOMERS; i++) {
        const struct demo_customer *c = &demo_customers[i];
        s->customers[i] = customer_add(s->db,
            &(struct customer){ .name = c->name,
                .market = c->market,
                .industry = c->industry,
                .source = "demo" },
            s->now_ms, e);
        if (!s->customers[i] ||
            !seed_names(s, 'A', s->customers[i], c->aliases, NULL, e))
            return false;
    }
    return true;
}

static bool seed_people(struct seed *s, struct err *e)
{
    for (int i = 1; i < DEMO_PEOPLE; i++) {
        const struct demo_person *p = &demo_people[i];
        s->people[i] = person_add(s->db,
            &(struct person){ .name = p->name,
                .title = p->title,
                .language = p->reading || !p->partner ? "ja" : demo_partners[p->partner].market[0] == 'K' ? "ko" : "en",
                .seniority = p->title ? 2 : 0,
                .partner_id = s->partners[p->partner],
                .customer_id = s->customers[p->customer],
                .source = "demo" },
            s->now_ms, e);
        const char *aliases[DEMO_NAMES] = { p->alias };
        if (!s->people[i] || !seed_names(s, 'C', s->people[i], aliases, p->reading, e))
            return false;
    }
    return messenger_add(s->db, s->people[TANAKA_KEN], "line", "tanaka_t", e);
}

static bool seed_champions(struct seed *s, struct err *e)
{
    for (const struct demo_champion *c = demo_champions; c->person; c++) {
        struct champion row = { .person_id = s->people[c->person],
            .partner_id = s->partners[c->partner],
            .customer_id = s->customers[c->customer],
            .deal_id = s->deals[c->deal],
            .since_ms = seed_instant(s, seed_workday(s, "JP", c->since), 18 * HOUR),
            .member_id = s->members[KENJI],
            .source = "demo",
            .power = c->sells,
            .stake = c->sells,
            .sells = c->sells };
        if (!champion_add(s->db, &row, e))
            return false;
    }
    return true;
}

static const char *const stages[] = { "contacted", "qualified", "proposal", "legal",
    "ringi" };
enum { STAGES = sizeof stages / sizeof *stages };

static int stage_no(const char *stage)
{
    int i = 0;
    while (i < STAGES && strcmp(stages[i], stage) != 0)
        i++;
    return i;
}

/* The stages that a deal went through, evenly over its life. */
static bool seed_stages(struct seed *s, int no, struct err *e)
{
    const struct demo_deal *d = &demo_deals[no];
    if (!d->stage)
        return true;
    int last = stage_no(d->stage), span = d->registered - d->end;
    for (int i = 0; i <= last; i++) {
        int32_t day = seed_workday(
            s, seed_deal_market(d), d->registered - 1 - (span - 2) * i / (last + 1));
        if (!deal_event_add(s->db, s->deals[no], "stage", stages[i],
                seed_instant(s, day, 18 * HOUR + 5 * i), s->members[d->owner], e))
            return false;
    }
    return true;
}

static bool seed_pause(struct seed *s, int no, int64_t from_ms, struct err *e)
{
    const struct demo_deal *d = &demo_deals[no];
    int64_t id = s->deals[no], member = s->members[d->owner];
    if (!deal_pause_begin(s->db, id, from_ms, e) ||
        !deal_event_add(s->db, id, "paused", NULL, from_ms, member, e))
        return false;
    if (d->fate == FATE_PAUSED)
        return true;
    int64_t to_ms = seed_instant(
        s, seed_workday(s, seed_deal_market(d), d->end - PAUSE_DAYS), 10 * HOUR);
    return deal_pause_end(s->db, id, to_ms, e) &&
           deal_event_add(s->db, id, "resumed", NULL, to_ms, member, e);
}

static int64_t seed_end_ms(const struct seed *s, const struct demo_deal *d)
{
    return seed_instant(
        s, seed_workday(s, seed_deal_market(d), d->end), 18 * HOUR + 30);
}

/* What became of it; `row` is filled for the update that follows. */
static bool seed_fate(struct seed *s, int no, struct deal *row, struct err *e)
{
    const struct demo_deal *d = &demo_deals[no];
    int64_t owner = s->members[d->owner];
    int64_t end_ms = seed_end_ms(s, d);
    row->stage = d->stage;
    switch (d->fate) {
    case FATE_NEW:
        row->state = "registered";
        return true;
    case FATE_OPEN:
        row->state = "open";
        return true;
    case FATE_RESUMED:
    case FATE_PAUSED:
        row->state = d->fate == FATE_PAUSED ? "paused" : "open";
        return seed_pause(s, no, end_ms, e);
    case FATE_WON:
        row->state = "won";
        row->stage = "signed";
        break;
    case FATE_LOST:
        row->state = "lost";
        break;
    case FATE_EXPIRED:
        row->state = "expired";
        end_ms =
            day_start_ms(day_of(row->registered_ms, s->zone) + EXPIRY_DAYS, s->zone);
        break;
    }
    row->closed_ms = end_ms;
    row->closed_owner_id = owner;
    row->closed_co_owner_id = row->co_owner_id;
    /* Time alone expires a registration, nobody does. */
    if (!deal_event_add(s->db, row->id, row->state, NULL, end_ms,
            d->fate == FATE_EXPIRED ? 0 : owner, e))
        return false;
    if (d->fate != FATE_WON || d->end <= LIVE_DAYS)
        return true;
    row->stage = "live";
    row->live_ms = seed_instant(
        s, seed_workday(s, seed_deal_market(d), d->end - LIVE_DAYS), 10 * HOUR);
    return deal_event_add(s->db, row->id, "stage", "live", row->live_ms, owner, e);
}

static bool seed_deal(struct seed *s, int no, struct err *e)
{
    const struct demo_deal *d = &demo_deals[no];
    const char *market = seed_deal_market(d);
    int32_t day = seed_workday(s, market, d->registered);
    struct deal row = { .name = d->name,
        .customer_id = s->customers[d->customer],
        .partner_id = s->partners[d->partner],
        .kind = d->kind,
        .origin = d->origin,
        .model = d->co_owner  ? "cosell"
                 : d->partner ? "partner"
                              : "direct",
        .owner_id = s->members[d->owner],
        .co_owner_id = d->co_owner ? s->members[d->co_owner - 1] : 0,
        .has_value = d->value != 0,
        .value_minor = d->value,
        .currency = d->value ? market_find(market)->currency : NULL,
        .market = market,
        .registered_ms = seed_instant(s, day, 9 * HOUR + 10 + seed_roll(s, 40)),
        .source = "demo" };
    row.id = s->deals[no] = deal_add(s->db, &row, row.registered_ms, e);
    if (!row.id || !deal_event_add(s->db, row.id, "registered", NULL, row.registered_ms,
                       row.owner_id, e))
        return false;
    if (!seed_stages(s, no, e) || !seed_fate(s, no, &row, e))
        return false;
    if (d->reason) {
        row.reason_note =
            seed_text(s, d->owner, no, market, "all", d->reason, seed_end_ms(s, d), e);
        if (!row.reason_note)
            return false;
    }
    return deal_update(s->db, &row, e);
}

static bool seed_deals(struct seed *s, struct err *e)
{
    for (int no = 1; no < DEMO_DEALS; no++)
        if (!seed_deal(s, no, e))
            return false;
    return true;
}

static bool seed_empty(struct seed *s, struct err *e)
{
    int n;
    member_list(s->db, &s->mem, &n, e);
    if (e->code != ERR_NONE)
        return false;
    return n == 0 || fail(e, ERR_CONFLICT, NULL, NULL,
                         "demo: the store has members already; give it a new file");
}

bool demo_seed(struct db *db, const char *team_zone, int64_t now_ms, struct err *e)
{
    if (!zone_valid(team_zone))
        return fail(e, ERR_USAGE, NULL, NULL, "demo: no time zone '%s'",
            team_zone ? team_zone : "");
    struct seed s = { .db = db,
        .zone = team_zone,
        .now_ms = now_ms,
        .today = day_of(now_ms, team_zone),
        .dice = 12 };
    *e = (struct err){ 0 };
    if (!db_begin(db, e))
        return false;
    bool ok = seed_empty(&s, e) && seed_members(&s, e) && seed_firms(&s, e) &&
              seed_people(&s, e) && seed_deals(&s, e) && seed_champions(&s, e) &&
              seed_visits(&s, e) && seed_follows(&s, e) &&
              seed_stakes(&s, e) && seed_records(&s, e) && meta_set(db, "demo", "1", e);
    free(s.visits);
    arena_finish(&s.mem);
    if (!ok) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, e);
}
