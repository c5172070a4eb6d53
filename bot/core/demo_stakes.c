/* What the demo's deals are weighed by: who decides, what worries them, how it is argued
 * for, and who opened a door. */
#include "bot/core/demo_private.h"
#include "bot/store/committee.h"
#include "bot/store/profile.h"
#include "bot/store/relations.h"

enum { CMS_DEAL = 12, BANK_DEAL = 18, HOUR = 60 };

static const struct {
    int deal, person;
    const char *risk;
} seats[] = {
    { BANK_DEAL, SUZUKI, "前回のベンダー選定の責任者。二度目の失敗は避けたい" },
};

static const struct {
    int deal, days_ago, person, answered; /* answered: days ago, 0: it is open */
    const char *type, *text, *answer;
} objections[] = {
    { CMS_DEAL, 9, 0, 4, "legal", "data residency: may customer data leave Japan?",
        "stored and backed up in Tokyo only; the clause is in the draft" },
    { CMS_DEAL, 3, 0, 0, "price", "twice what the old CMS costs a year", NULL },
    { BANK_DEAL, 12, SUZUKI, 0, "precedent", "同業の銀行での導入実績がない", NULL },
};

static const struct {
    int deal, days_ago;
    const char *direction, *text;
} pitches[] = {
    { CMS_DEAL, 8, "away", "no audit finding for the old CMS next year" },
    { CMS_DEAL, 8, "towards", "half the time from draft to publication" },
    { BANK_DEAL, 12, "away", "担当者が代わっても更新が止まらない" },
};

static const struct {
    int person, customer;
    const char *level;
} reached[] = { { SUZUKI, SAKURAGAWA, "decision_maker" }, { SATO, ACME, "user" } };

static const struct {
    int person;
    const char *what, *firm;
} learnt[] = { { TANAKA_KEN, "worked_at", "剣ソフトウエア" }, { MIURA, "trained_at", "剣ソフトウエア" } };

static int64_t at(const struct seed *s, int days_ago)
{
    return seed_instant(s, seed_workday(s, "JP", days_ago), 17 * HOUR);
}

static bool seed_committee(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof seats / sizeof *seats; i++) {
        struct committee_member m = { .deal_id = s->deals[seats[i].deal],
            .person_id = s->people[seats[i].person], .member_id = s->members[HARUKA], .source = "demo" };
        m.risk_id = seed_text(s, HARUKA, seats[i].deal, "JP", "deal", seats[i].risk, at(s, 12), e);
        if (!m.risk_id || !committee_add(s->db, &m, at(s, 12), e))
            return false;
    }
    return true;
}

static bool seed_objections(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof objections / sizeof *objections; i++) {
        int64_t at_ms = at(s, objections[i].days_ago);
        struct objection o = { .deal_id = s->deals[objections[i].deal], .type = objections[i].type,
            .person_id = s->people[objections[i].person], .member_id = s->members[KENJI],
            .at_ms = at_ms, .source = "demo" };
        o.note_id = seed_text(s, KENJI, objections[i].deal, "JP", "all", objections[i].text, at_ms, e);
        o.id = o.note_id ? objection_add(s->db, &o, at_ms, e) : 0;
        if (!o.id)
            return false;
        if (!objections[i].answered)
            continue;
        int64_t then = at(s, objections[i].answered);
        int64_t answer = seed_text(s, KENJI, objections[i].deal, "JP", "all", objections[i].answer, then, e);
        if (!answer || !objection_answer(s->db, o.id, answer, s->members[KENJI], then, e))
            return false;
    }
    return true;
}

static bool seed_pitches(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof pitches / sizeof *pitches; i++) {
        struct pitch p = { .deal_id = s->deals[pitches[i].deal], .direction = pitches[i].direction,
            .member_id = s->members[KENJI], .at_ms = at(s, pitches[i].days_ago), .source = "demo" };
        p.note_id = seed_text(s, KENJI, pitches[i].deal, "JP", "all", pitches[i].text, p.at_ms, e);
        if (!p.note_id || !pitch_add(s->db, &p, e))
            return false;
    }
    return true;
}

static bool seed_profiles(struct seed *s, struct err *e)
{
    for (size_t i = 0; i < sizeof reached / sizeof *reached; i++)
        if (!access_set(s->db, s->people[reached[i].person], s->customers[reached[i].customer], reached[i].level,
                s->members[KENJI], at(s, 150), e))
            return false;
    for (size_t i = 0; i < sizeof learnt / sizeof *learnt; i++)
        if (!tag_add(s->db, s->people[learnt[i].person], learnt[i].what, learnt[i].firm, e))
            return false;
    return true;
}

bool seed_stakes(struct seed *s, struct err *e)
{
    struct introduction door = { .by_person = s->people[TANAKA_MARI], .person_id = s->people[SUZUKI],
        .member_id = s->members[HARUKA], .at_ms = at(s, 200), .source = "demo" };
    return seed_profiles(s, e) && seed_committee(s, e) && seed_objections(s, e) && seed_pitches(s, e) &&
           introduction_add(s->db, &door, e) != 0;
}
