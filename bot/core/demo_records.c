/* The demo's facts about partners, money and sign-offs: trainings, marketing, case studies,
 * answers, terms, targets and the like, so that each figure has something to say. */
#include "bot/core/demo_private.h"
#include "bot/base/clock.h"
#include "bot/store/capability.h"
#include "bot/store/deal_parts.h"
#include "bot/store/demo.h"
#include "bot/store/marketing.h"
#include "bot/store/network.h"
#include "bot/store/perception.h"
#include "bot/store/relations.h"
#include "bot/store/ringi.h"
#include "bot/store/satisfaction.h"
#include "bot/store/team.h"
#include "bot/store/training.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"

enum { YEAR = 365, HOUR = 60, WEEKS = 20 };

static int32_t day(const struct seed *s, int days_ago)
{
    return seed_workday(s, "JP", days_ago);
}

static int64_t at(const struct seed *s, int days_ago)
{
    return seed_instant(s, day(s, days_ago), 16 * HOUR);
}

/* Enrolled, due, done and certified so many days ago; 0: not. */
static const struct {
    int person, enrolled, due, done, certified;
} trainings[] = {
    { MIURA, 690, 660, 670, 665 },
    { ASHBY, 275, 260, 262, 258 },
    { TANAKA_KEN, 120, 90, 95, 0 },
    { TANAKA_MARI, 110, 80, 70, 0 },
    { SEO, 60, 30, 40, 38 },
    { MIURA, 45, 15, 20, 0 },
    { TANAKA_MARI, 20, -10, 0, 0 },
};

static bool seed_trainings(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof trainings / sizeof *trainings; i++) {
        int person = trainings[i].person;
        struct training t = { .person_id = s->people[person],
            .partner_id = s->partners[demo_people[person].partner],
            .enrolled_day = day(s, trainings[i].enrolled),
            .due_day = trainings[i].due > 0 ? day(s, trainings[i].due) : s->today - trainings[i].due,
            .done_day = trainings[i].done ? day(s, trainings[i].done) : 0,
            .certified_day = trainings[i].certified ? day(s, trainings[i].certified) : 0 };
        if (!training_add(s->db, &t, s->members[MIKA], at(s, trainings[i].enrolled), e))
            return false;
    }
    return true;
}

static const struct {
    const char *kind;
    bool joint;
    int partner, ago, leads, meetings, lead; /* lead: the customer of one of them */
} activities[] = {
    { "webinar", true, DENKO, 520, 60, 9, 0 },
    { "webinar", true, KAKYO, 210, 45, 7, MUTEKI },
    { "localised_content", false, HAKUYODO, 170, 20, 1, 0 },
    { "press_release", true, SOUTHERN, 118, 12, 2, WOMBAT },
    { "webinar", true, HAKUYODO, 75, 52, 8, KITSUNE },
    { "case_study", false, DENKO, 40, 15, 1, 0 },
    { "webinar", true, KAKYO, 24, 38, 6, MIKAZUKI },
};

static bool seed_marketing(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof activities / sizeof *activities; i++) {
        int partner = activities[i].partner;
        struct activity a = { .kind = activities[i].kind, .joint = activities[i].joint,
            .partner_id = s->partners[partner], .market = demo_partners[partner].market,
            .at_day = day(s, activities[i].ago), .leads = activities[i].leads,
            .meetings = activities[i].meetings, .member_id = s->members[HARUKA] };
        a.id = activity_add(s->db, &a, at(s, activities[i].ago), e);
        struct lead l = { .activity_id = a.id, .partner_id = a.partner_id,
            .customer_id = s->customers[activities[i].lead], .at_ms = at(s, activities[i].ago - 1),
            .member_id = s->members[HARUKA] };
        if (!a.id || (activities[i].lead && !lead_add(s->db, &l, l.at_ms, e)))
            return false;
    }
    return true;
}

static const struct {
    int customer, partner, deal, ago;
    const char *market, *language, *from;
} stories[] = {
    { ACME, DENKO, 1, 210, "JP", "ja", NULL },
    { TSUKIMIZAKA, DENKO, 4, 120, "JP", "ja", NULL },
    { HARBOUR, SOUTHERN, 13, 95, "AU", "en", NULL },
    { HARBOUR, SOUTHERN, 13, 60, "JP", "ja", "AU" },
};

static bool seed_stories(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        struct case_study c = { .customer_id = s->customers[stories[i].customer],
            .partner_id = s->partners[stories[i].partner], .deal_id = s->deals[stories[i].deal],
            .market = stories[i].market, .language = stories[i].language,
            .translated_from = stories[i].from, .published_day = day(s, stories[i].ago) };
        if (!case_study_add(s->db, &c, s->members[MIKA], at(s, stories[i].ago), e))
            return false;
    }
    return true;
}

static const struct {
    int customer, partner, score, ago;
} answers[] = {
    { ACME, DENKO, 9, 80 },
    { TSUKIMIZAKA, DENKO, 7, 78 },
    { KAZAMIDORI, KAKYO, 10, 76 },
    { MIKAZUKI, KAKYO, 9, 75 },
    { MUTEKI, HAKUYODO, 8, 70 },
    { HARBOUR, SOUTHERN, 9, 66 },
    { OTTERS, SOUTHERN, 10, 64 },
    { JONGIHAK, HANBIT, 6, 60 },
    { WOMBAT, SOUTHERN, 9, 11 },
    { AOBA, DENKO, 8, 41 },
    { SAKURAGAWA, HAKUYODO, 5, 38 },
    { KITSUNE, 0, 4, 28 },
};

static bool seed_answers(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct nps a = { .customer_id = s->customers[answers[i].customer],
            .partner_id = s->partners[answers[i].partner], .score = answers[i].score,
            .how = i % 3 ? "survey" : "spoken", .at_day = day(s, answers[i].ago) };
        if (!nps_add(s->db, &a, s->members[HARUKA], at(s, answers[i].ago), e))
            return false;
    }
    return true;
}

static const struct {
    int partner, score, member;
    const char *what;
} ratings[] = {
    { DENKO, 4, KENJI, "presales" },
    { DENKO, 3, HARUKA, "presales" },
    { DENKO, 2, KENJI, "implement" },
    { DENKO, 3, MIKA, "support" },
    { HAKUYODO, 4, KENJI, "presales" },
    { HAKUYODO, 3, KENJI, "train" },
    { KAKYO, 5, HARUKA, "technical" },
    { KAKYO, 4, HARUKA, "implement" },
    { KAKYO, 4, JUN, "maintain" },
    { SOUTHERN, 3, KENJI, "implement" },
    { HANBIT, 3, HARUKA, "support" },
};

static bool seed_ratings(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof ratings / sizeof *ratings; i++) {
        struct capability c = { .partner_id = s->partners[ratings[i].partner],
            .what = ratings[i].what, .score = ratings[i].score, .at_day = day(s, 150 - 9 * (int)i),
            .member_id = s->members[ratings[i].member] };
        if (!capability_add(s->db, &c, at(s, 150 - 9 * (int)i), e))
            return false;
    }
    return true;
}

static bool seed_perceptions(struct seed *s, struct err *e)
{
    static const struct {
        const char *sign, *text;
        int partner, customer, ago;
    } said[] = {
        { "negative", "answers take a week, the customer asks us instead", DENKO, 0, 34 },
        { "positive", "研修が分かりやすかったと現場から", KAKYO, MIKAZUKI, 50 },
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct perception p = { .sign = said[i].sign, .partner_id = s->partners[said[i].partner],
            .customer_id = s->customers[said[i].customer], .at_ms = at(s, said[i].ago),
            .member_id = s->members[HARUKA] };
        p.note_id = seed_text(s, HARUKA, 0, "JP", "all", said[i].text, p.at_ms, e);
        if (!p.note_id || !perception_add(s->db, &p, p.at_ms, e))
            return false;
    }
    return true;
}

/* Networks, who opened a door, and what a partner brought before we met anybody. */
static bool seed_reach(struct seed *s, struct err *e)
{
    static const int sizes[DEMO_PARTNERS] = { [DENKO] = 60, [HAKUYODO] = 45, [KAKYO] = 80,
        [HANBIT] = 30, [SOUTHERN] = 40, [YAMADA] = 12 };
    static const struct {
        int deal, partner;
    } brought[] = { { 1, DENKO }, { 4, DENKO }, { 11, DENKO }, { 14, HANBIT }, { 29, YAMADA } };
    for (int i = 1; i < DEMO_PARTNERS; i++) {
        struct network_size z = { .accounts = sizes[i], .at_day = day(s, 90) };
        if (!network_size_add(s->db, s->partners[i], &z, s->members[MIKA], at(s, 90), e))
            return false;
    }
    for (size_t i = 0; i < sizeof brought / sizeof *brought; i++) {
        int ago = demo_deals[brought[i].deal].registered + 3;
        struct deal_source d = { .deal_id = s->deals[brought[i].deal],
            .partner_id = s->partners[brought[i].partner], .at_ms = at(s, ago) };
        if (!deal_source_put(s->db, &d, s->members[MIKA], at(s, ago), e))
            return false;
    }
    struct introduction door = { .by_partner = s->partners[YAMADA],
        .customer_id = s->customers[MUTEKI], .member_id = s->members[HARUKA], .at_ms = at(s, 130),
        .source = "demo" };
    return network_account_add(s->db, s->partners[DENKO], s->customers[ACME], day(s, 90),
               s->members[MIKA], at(s, 90), e) &&
           introduction_add(s->db, &door, e) != 0;
}

/* A year after the win: renewed for more, for less, or left. */
static bool seed_terms(struct seed *s, struct err *e)
{
    static const struct {
        int deal, percent;
    } terms[] = { { 1, 115 } };
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        const struct demo_deal *d = &demo_deals[terms[i].deal];
        int32_t from = s->today - d->end + YEAR;
        struct renewal r = { .deal_id = s->deals[terms[i].deal],
            .value_minor = d->value * terms[i].percent / 100, .currency = "JPY", .from_day = from,
            .to_day = from + YEAR - 1 };
        if (!renewal_add(s->db, &r, s->members[KENJI], at(s, d->end - YEAR), e))
            return false;
    }
    return true;
}

/* The quarter's target, and what other currencies are worth. */
static bool seed_money(struct seed *s, struct err *e)
{
    struct civil c = civil_of_day(s->today);
    int year = c.year, month = (c.month - 1) / 3 * 3 + 1;
    int32_t from = day_number(year, month, 1);
    struct target t = { "Tokyo", "JPY", 15000000, from,
        day_number(month == 10 ? year + 1 : year, month == 10 ? 1 : month + 3, 1) - 1 };
    struct fx_rate rates[] = { { "AUD", "JPY", INT64_C(98200000000), s->today - 600 },
        { "KRW", "JPY", INT64_C(108000000), s->today - 600 } };
    return target_add(s->db, &t, s->members[MIKA], at(s, 100), e) &&
           rate_add(s->db, &rates[0], s->members[MIKA], e) &&
           rate_add(s->db, &rates[1], s->members[MIKA], e);
}

/* The team's founding day, which no calendar knows. */
static bool seed_days(struct seed *s, struct err *e)
{
    enum { AHEAD = 240 };
    struct own_day_row d = { .market = "JP", .day = business_day_add("JP", s->today + AHEAD, 0), .name = "創立記念日", .source = "demo" };
    return own_day_put(s->db, &d, s->members[MIKA], s->now_ms, e);
}

/* A sign-off that is through, and one that lies with the branch manager. */
static bool seed_ringi(struct seed *s, struct err *e)
{
    static const struct {
        int deal, started, ended;
        const char *state;
        struct {
            int person, since, done; /* days ago; done 0: it is still there */
            const char *label;
        } steps[3];
    } all[] = {
        { 17, 101, 78, "approved", { { 0, 101, 93, "課長" }, { 0, 93, 84, "部長" }, { 0, 84, 78, "本部長" } } },
        { 18, 14, 0, "circulating", { { SUZUKI, 14, 8, NULL }, { 0, 8, 0, "支店長" }, { 0, 0, 0, "本部長" } } },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct ringi r = { .deal_id = s->deals[all[i].deal], .kind = "contract", .medium = "paper",
            .round = 1, .state = all[i].state, .started_ms = at(s, all[i].started),
            .ended_ms = all[i].ended ? at(s, all[i].ended) : 0, .member_id = s->members[KENJI],
            .source = "demo" };
        r.id = ringi_add(s->db, &r, r.started_ms, e);
        if (!r.id || (r.ended_ms && !ringi_update(s->db, &r, e)))
            return false;
        for (int k = 0; k < 3; k++) {
            int since = all[i].steps[k].since, done = all[i].steps[k].done;
            struct ringi_step t = { .ringi_id = r.id, .round = 1, .place = k + 1,
                .person_id = s->people[all[i].steps[k].person], .label = all[i].steps[k].label,
                .since_ms = since ? at(s, since) : 0 };
            t.id = ringi_step_add(s->db, &t, e);
            t.done_ms = done ? at(s, done) : 0;
            t.outcome = done ? "stamped" : NULL;
            if (!t.id || (done && !ringi_step_update(s->db, &t, e)))
                return false;
        }
    }
    return true;
}

/* Partners who say each week where things stand, and one that does now and then. */
static bool seed_check_ins(struct seed *s, struct err *e)
{
    for (int week = 0; week < WEEKS; week++)
        for (int i = 1; i < DEMO_PARTNERS; i++) {
            bool says = i == KAKYO || (i == SOUTHERN && week % 2) || (i == HAKUYODO && week % 3 == 0) ||
                        (i == DENKO && week > 12);
            if (says && !demo_update(s->db, s->partners[i], day(s, 3 + 7 * week), e))
                return false;
        }
    return true;
}

/* Submitted by the partner's own people, and approved some hours later. */
static bool seed_decisions(struct seed *s, struct err *e)
{
    static const struct {
        int deal, hours;
    } all[] = { { 36, 3 }, { 38, 27 }, { 41, 50 } };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!demo_decided(s->db, s->deals[all[i].deal], s->members[MIKA],
                (int64_t)all[i].hours * HOUR * MINUTE_MS, e))
            return false;
    return true;
}

bool seed_records(struct seed *s, struct err *e)
{
    return seed_trainings(s, e) && seed_marketing(s, e) && seed_stories(s, e) && seed_answers(s, e) &&
           seed_ratings(s, e) && seed_perceptions(s, e) && seed_reach(s, e) && seed_terms(s, e) &&
           seed_money(s, e) && seed_days(s, e) && seed_ringi(s, e) && seed_check_ins(s, e) && seed_decisions(s, e) && demo_mark(s->db, e);
}
