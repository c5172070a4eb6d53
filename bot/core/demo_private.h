/* Shared by the sources of the demo only: the tables of the cast (demo_cast.c), the
 * texts (demo_talk.c) and the state of one seeding (demo.c, demo_plan.c, demo_visits.c, demo_stakes.c). */
#ifndef CORE_DEMO_PRIVATE_H
#define CORE_DEMO_PRIVATE_H

#include "bot/core/demo.h"
#include "bot/store/touches.h"

/* Indexes into the tables are the numbers that people see (D12, P1, A3, C2); 0: none. */
enum { KENJI, HARUKA, MIKA, JUN, DEMO_MEMBERS };
enum { DENKO = 1, HAKUYODO, KAKYO, HANBIT, SOUTHERN, YAMADA, DEMO_PARTNERS };
enum {
    ACME = 1,
    AOBA,
    SAKURAGAWA,
    MIKAZUKI,
    KITSUNE,
    TSUKIMIZAKA,
    MUTEKI,
    KAZAMIDORI,
    ASANAGI,
    LANTERN,
    JONGIHAK,
    HARBOUR,
    WOMBAT,
    OTTERS,
    DEMO_CUSTOMERS
};
enum { TANAKA_KEN = 1, TANAKA_MARI, SUZUKI, SATO, MIURA, ASHBY, SEO, DEMO_PEOPLE };
enum { DEMO_DEALS = 43, DEMO_NAMES = 3 };

struct demo_member {
    const char *handle, *name, *role, *locale;
};
struct demo_partner {
    const char *name, *type, *market, *silo;
    int commission_bp, talk, signed_ago; /* days ago */
    const char *aliases[DEMO_NAMES], *reading;
    int visits, quiet; /* visits about no deal; none in the last `quiet` days */
};
struct demo_customer {
    const char *name, *market, *industry;
    const char *aliases[DEMO_NAMES];
};
struct demo_person {
    const char *name, *title, *reading, *alias;
    int partner, customer;
};
struct demo_champion {
    int person, partner, customer, deal, since; /* since: days ago */
    bool sells; /* has power and an own stake, and speaks for us when we are not there */
};
enum demo_fate {
    FATE_NEW,     /* registered, nothing done yet */
    FATE_OPEN,    /* on its way */
    FATE_RESUMED, /* on its way after a pause from `end` to `end` - 15 days ago */
    FATE_PAUSED,  /* since `end` days ago */
    FATE_WON,
    FATE_LOST,
    FATE_EXPIRED
};
struct demo_deal {
    const char *name;
    int customer, partner, owner, co_owner; /* co_owner: member + 1 */
    const char *kind, *origin;
    int64_t value;  /* minor units; 0 unknown */
    int registered; /* days ago */
    enum demo_fate fate;
    int end;           /* days ago; of one on its way: when it was last touched, 0: lately */
    int visits;        /* made up, besides the scripted ones */
    const char *stage; /* the furthest reached before the end */
    const char *reason;
};
/* What is told in full, because a visitor meets it first. */
struct demo_scene {
    int days_ago, minute; /* minute of the day */
    char kind;
    const char *channel;
    int minutes, member, deal, customer, partner, person;
    const char *outcome, *label, *text;
    const char *room;  /* stance, said within the day */
    const char *after; /* stance heard from the champion, next business day */
    const char *heard, *level;
};
struct demo_follow {
    int member, days; /* business days from today */
    int minute, person, customer, deal;
    const char *text;
};

extern const struct demo_member demo_members[DEMO_MEMBERS];
extern const struct demo_partner demo_partners[DEMO_PARTNERS];
extern const struct demo_customer demo_customers[DEMO_CUSTOMERS];
extern const struct demo_person demo_people[DEMO_PEOPLE];
extern const struct demo_champion demo_champions[]; /* ends with person 0 */
extern const struct demo_deal demo_deals[DEMO_DEALS];
extern const struct demo_scene demo_scenes[];   /* ends with days_ago 0 */
extern const struct demo_follow demo_follows[]; /* ends with no text */

/* What people say when; the pools of demo_talk.c. */
enum demo_topic {
    TALK_EARLY,
    TALK_OFFER,
    TALK_LATE,
    TALK_AFTER,
    TALK_PARTNER,
    TALK_FOR,
    TALK_AGAINST,
    TALK_SPLIT,
    TALK_UNKNOWN,
    TALK__MAX
};
struct demo_pool {
    const char *const *texts;
    int n;
};
extern const struct demo_pool demo_talk[TALK__MAX][2]; /* English, Japanese */

enum { ROOM, AFTER, LAYERS };

/* What somebody thought of a meeting. */
struct opinion {
    int64_t at_ms; /* 0: nobody said */
    const char *stance, *text, *level;
};

/* A planned contact; `deal`, `customer`, `partner` and `person` are numbers of the cast. */
struct visit {
    int64_t at_ms, id, created_ms;
    const char *channel, *outcome, *text, *label, *market;
    struct opinion said[LAYERS]; /* of meetings */
    size_t seq;
    int32_t day;
    int minutes, member, deal, customer, partner, person, others, champion;
    char kind;
};

struct seed {
    struct db *db;
    struct arena mem;
    const char *zone;
    int64_t now_ms;
    int32_t today;
    uint64_t dice;
    int64_t members[DEMO_MEMBERS], partners[DEMO_PARTNERS], customers[DEMO_CUSTOMERS],
        people[DEMO_PEOPLE], deals[DEMO_DEALS];
    int told[TALK__MAX][2];
    struct visit *visits; /* xmalloc */
    size_t n_visits, cap_visits;
};

/* 0 .. n-1 */
int seed_roll(struct seed *s, int n);
bool seed_chance(struct seed *s, int percent);
/* The last day on or before `days_ago` on which both Tokyo and the market work. */
int32_t seed_workday(const struct seed *s, const char *market, int days_ago);
int64_t seed_instant(const struct seed *s, int32_t day, int minute);
const char *seed_deal_market(const struct demo_deal *d);
/* A text of its own, readable by the team. Returns its id, 0 on error. */
int64_t seed_text(struct seed *s, int member, int deal, const char *market,
    const char *level, const char *text, int64_t at_ms, struct err *e);

/* Fills `visits`. */
void seed_plan(struct seed *s);
/* Touch points, meetings, what was thought of them, and follow-ups. */
bool seed_visits(struct seed *s, struct err *e) MUST_CHECK;
bool seed_follows(struct seed *s, struct err *e) MUST_CHECK;
/* demo_records.c */
bool seed_records(struct seed *s, struct err *e) MUST_CHECK;
/* Committees, objections, pitches and an introduction. */
bool seed_stakes(struct seed *s, struct err *e) MUST_CHECK;

#endif
