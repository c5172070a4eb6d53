#include "handlers/list.h"

#include "bot/base/clock.h"
#include "bot/core/rank.h"
#include "bot/store/inbox.h"
#include "bot/store/ringi.h"
#include "handlers/deals.h"
#include <string.h>

/* Counts a record; true where its row is still to be written. */
static bool wanted(struct listing *l)
{
    return l->n++ < LIST_ROWS;
}

static void put_row(struct listing *l, char kind, int64_t no, const char *text)
{
    l->row[l->n - 1].text = text;
    if (kind)
        l->row[l->n - 1].say = typed(l->c, "show", call_ref(l->c, kind, no));
}

void list_put(struct listing *l, char kind, int64_t no, const char *text)
{
    if (wanted(l))
        put_row(l, kind, no, text);
}

static void put_note(struct listing *l, const char *text, int64_t note, int64_t rev)
{
    l->row[l->n - 1].text = text;
    if (note && note_known(l->c, note)) {
        l->row[l->n - 1].note = note;
        l->row[l->n - 1].rev = rev;
    }
}

static bool equal(const char *wanted_value, const char *v)
{
    return !wanted_value || (v && !strcmp(wanted_value, v));
}

static bool in_period(const struct listing *l, int64_t ms)
{
    const struct frame *f = l->c->f;
    return !f->has_period || (ms >= f->period.from_ms && ms < f->period.to_ms);
}

static char *with_last(struct call *c, char *facts, int64_t last_ms)
{
    if (!last_ms)
        return facts;
    return arena_printf(c->mem, "%s" FACTS "%s", facts,
        call_text(c, "look.last",
            ARGS(TXT("when", when_format_ago(&c->when, c->mem, c->locale, last_ms)))));
}

static bool list_partners(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct partner *all = ARENA_ARRAY(c->mem, struct partner, LIST_COUNTED);
    int n = partner_list(c->db, c->mem, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++) {
        const struct partner *p = &all[i];
        bool fits = equal(c->f->word[WORD_MARKET], p->market) &&
                    equal(c->f->word[WORD_SILO], p->silo) &&
                    equal(c->f->word[WORD_PARTNER_TYPE], p->type) &&
                    (!l->scope.partner || l->scope.partner == p->id);
        if (fits && wanted(l))
            put_row(l, 'P', p->id,
                arena_printf(c->mem, "%s%s%s", fact_partner(c, p),
                    p->market ? FACTS : "",
                    p->market ? call_word(c, WORD_MARKET, p->market) : ""));
    }
    return e->code == ERR_NONE;
}

static bool list_customers(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct customer *all = ARENA_ARRAY(c->mem, struct customer, LIST_COUNTED);
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, LIST_ROWS);
    int n = customer_list(c->db, c->mem, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++) {
        if (!equal(c->f->word[WORD_MARKET], all[i].market) ||
            (l->scope.customer && l->scope.customer != all[i].id) || !wanted(l))
            continue;
        struct deal_filter f = { .customer = all[i].id, .live = true };
        int open = deal_list(c->db, c->mem, &f, deals, LIST_ROWS, e);
        struct buf b = BUF_ON(c->mem);
        buf_join(&b, FACTS, call_ref(c, 'A', all[i].id));
        buf_join(&b, FACTS, all[i].name);
        buf_join(&b, FACTS, call_word(c, WORD_MARKET, all[i].market));
        if (open)
            buf_join(&b, FACTS, call_text(c, "look.open_deals", ARGS(NUM("n", open))));
        put_row(l, 'A', all[i].id, arena_strdup(c->mem, buf_str(&b)));
    }
    return e->code == ERR_NONE;
}

static bool closed(const struct deal *d)
{
    return !strcmp(d->state, "won") || !strcmp(d->state, "lost") ||
           !strcmp(d->state, "expired");
}

/* Deals that the words typed leave; without a state or a period those still alive. */
static int find_deals(struct listing *l, struct deal *out, bool all, struct err *e)
{
    struct call *c = l->c;
    const struct frame *f = c->f;
    const char *state = f->word[WORD_DEAL_ACT];
    struct deal_filter filter = { .customer = l->scope.customer,
        .partner = l->scope.partner,
        .owner = l->scope.member,
        .state = state,
        .live = !all && !state && !f->has_period && !f->word[WORD_PHASE] };
    int n = deal_list(c->db, c->mem, &filter, out, LIST_COUNTED, e), k = 0;
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++) {
        int64_t day =
            state && closed(&out[i]) ? out[i].closed_ms : out[i].registered_ms;
        bool submitted = !state && (!strcmp(out[i].state, "submitted") || !strcmp(out[i].state, "declined"));
        bool fits = !submitted && equal(f->word[WORD_STAGE], out[i].stage) && equal(f->word[WORD_PHASE], deal_phase(&out[i])) &&
                    equal(f->word[WORD_SALE], out[i].kind) && equal(f->word[WORD_MODEL], out[i].model) &&
                    equal(f->word[WORD_MARKET], out[i].market) && in_period(l, day) &&
                    (!l->scope.deal || l->scope.deal == out[i].id);
        if (fits)
            out[k++] = out[i];
    }
    return k;
}

static bool list_deals(struct listing *l, struct err *e)
{
    struct deal *deals = ARENA_ARRAY(l->c->mem, struct deal, LIST_COUNTED);
    int n = find_deals(l, deals, false, e);
    for (int i = 0; i < n; i++)
        if (wanted(l))
            put_row(l, 'D', deals[i].id, fact_deal(l->c, &deals[i]));
    return e->code == ERR_NONE;
}

enum nearness { NOT_NEAR, WITH_LAWYERS, CIRCULATING };

static enum nearness nearness(struct call *c, const struct deal *d, struct err *e)
{
    struct ringi r[1];
    if (!strcmp(d->state, "paused"))
        return NOT_NEAR;
    if (equal("ringi", d->stage) || ringi_list(c->db, c->mem, d->id, true, r, 1, e) > 0)
        return CIRCULATING;
    return equal("legal", d->stage) ? WITH_LAWYERS : NOT_NEAR;
}

/* Live and in front of the signature, what circulates for stamps first. No close date is
 * kept, so that a typed period says nothing about them. */
static bool list_closing(struct listing *l, struct err *e)
{
    struct deal *deals = ARENA_ARRAY(l->c->mem, struct deal, LIST_COUNTED);
    l->c->f->has_period = false;
    int n = find_deals(l, deals, false, e);
    for (enum nearness near = CIRCULATING; near > NOT_NEAR; near--)
        for (int i = 0; i < n; i++)
            if (nearness(l->c, &deals[i], e) == near && wanted(l))
                put_row(l, 'D', deals[i].id, fact_deal(l->c, &deals[i]));
    return e->code == ERR_NONE;
}

/* A coach is none: named behind the deal, which still lacks somebody with power. */
static bool list_no_champion(struct listing *l, struct err *e)
{
    enum { ROLES = 8 };
    struct call *c = l->c;
    struct champion roles[ROLES];
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, LIST_COUNTED);
    int n = find_deals(l, deals, false, e);
    for (int i = 0; i < n; i++) {
        const struct deal *d = &deals[i];
        int k = champion_list(c->db, c->mem, d->id, d->customer_id, d->partner_id, roles, ROLES, e), coaches = 0;
        while (coaches < k && fact_coach(&roles[coaches]))
            coaches++;
        if (coaches < k || !deal_needs_champion(d) || !wanted(l))
            continue;
        char *row = fact_deal(c, d);
        if (k)
            row = arena_printf(c->mem, "%s" FACTS "%s", row, call_text(c, "champion.coach_mark",
                ARGS(TXT("who", label_person_id(c, roles[0].person_id, NULL)))));
        put_row(l, 'D', d->id, row);
    }
    return e->code == ERR_NONE;
}

/* Won without a single touch point: somebody talked to them and nobody wrote it down. */
static bool list_unlogged(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, LIST_COUNTED);
    int n = find_deals(l, deals, true, e);
    int64_t touches, last;
    for (int i = 0; i < n; i++) {
        struct touch none = { .deal_id = deals[i].id };
        if (strcmp(deals[i].state, "won") != 0)
            continue;
        if (!touch_standing(c->db, &none, &touches, &last, e))
            return false;
        if (!touches && wanted(l))
            put_row(l, 'D', deals[i].id, fact_deal(c, &deals[i]));
    }
    return e->code == ERR_NONE;
}

/* Senior first. `unreached`: without a messenger only. */
static bool list_people_of(struct listing *l, bool unreached, struct err *e)
{
    struct call *c = l->c;
    struct person *all = ARENA_ARRAY(c->mem, struct person, LIST_COUNTED);
    int n = (unreached ? person_list_unreached : person_list)(
        c->db, c->mem, l->scope.partner, l->scope.customer, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    rank_people(c, all, n);
    for (int i = 0; i < n; i++)
        if ((!l->scope.person || l->scope.person == all[i].id) && wanted(l))
            put_row(l, 'C', all[i].id,
                with_last(c, fact_person(c, &all[i]), all[i].last_ms));
    return e->code == ERR_NONE;
}

static bool list_people(struct listing *l, struct err *e)
{
    return list_people_of(l, false, e);
}

/* Whom nobody can write to directly: mail and telephone go through others. */
static bool list_no_messenger(struct listing *l, struct err *e)
{
    return list_people_of(l, true, e);
}

static bool list_members(struct listing *l, struct err *e)
{
    int n;
    struct member *all = member_list(l->c->db, l->c->mem, &n, e);
    for (int i = 0; all && i < n; i++)
        if (equal(l->c->f->word[WORD_MARKET], all[i].market) && wanted(l))
            put_row(l, 0, 0, fact_member(l->c, &all[i]));
    return e->code == ERR_NONE;
}

static bool follow_fits(const struct scope *s, const struct follow *f)
{
    return (!s->person || s->person == f->person_id) &&
           (!s->customer || s->customer == f->customer_id) &&
           (!s->partner || s->partner == f->partner_id) &&
           (!s->deal || s->deal == f->deal_id);
}

/* The reader's own, unless another member is named. */
static bool list_follow_ups(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct follow *all = ARENA_ARRAY(c->mem, struct follow, LIST_COUNTED);
    int64_t whose = l->scope.member ? l->scope.member : c->member->id;
    int n = follow_list(c->db, c->mem, whose, 0, INT64_MAX, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (follow_fits(&l->scope, &all[i]) && in_period(l, all[i].due_ms) && wanted(l))
            put_row(l, 'F', all[i].id,
                arena_printf(c->mem, "%s" FACTS "%s", fact_follow(c, &all[i]),
                    label_date(c, all[i].due_ms)));
    return e->code == ERR_NONE;
}

static bool has(const int64_t *list, int n, int64_t id)
{
    for (int i = 0; i < n; i++)
        if (list[i] == id)
            return true;
    return !id;
}

/* The store goes by one of them; here the others are held against it. */
static bool touch_fits(const struct scope *s, const struct touch *t)
{
    return has(t->people, t->n_people, s->person) &&
           has(t->partners, t->n_partners, s->partner) &&
           has(&t->customer_id, 1, s->customer) && has(&t->deal_id, 1, s->deal);
}

/* Of the period that was typed, if one was. */
static int load_touches(struct listing *l, struct touch_filter *f, struct touch **all, struct err *e)
{
    struct call *c = l->c;
    if (c->f->has_period) {
        f->from_ms = c->f->period.from_ms;
        f->to_ms = c->f->period.to_ms;
    }
    *all = ARENA_ARRAY(c->mem, struct touch, LIST_COUNTED);
    int n = touch_list(c->db, c->mem, f, *all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    return n;
}

static bool list_touches_of(struct listing *l, char kind, struct err *e)
{
    struct call *c = l->c;
    const struct scope *s = &l->scope;
    struct touch_filter f = { .kind = kind,
        .member = s->member,
        .customer = s->customer,
        .deal = s->deal,
        .partner = s->partner,
        .person = s->person };
    struct touch *all;
    int n = load_touches(l, &f, &all, e);
    for (int i = 0; i < n; i++)
        if (touch_fits(s, &all[i]) && wanted(l))
            put_row(l, all[i].kind, all[i].no,
                arena_printf(c->mem, "%s" FACTS "%s", fact_touch(c, &all[i], s),
                    label_date(c, all[i].at_ms)));
    return e->code == ERR_NONE;
}

static bool list_touch_points(struct listing *l, struct err *e)
{
    return list_touches_of(l, 0, e);
}

/* Each with what was asked, as it was typed: headquarters reads it in one place. */
static bool list_inquiries(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct touch_filter f = { .inquiry = true };
    struct touch *all;
    int n = load_touches(l, &f, &all, e);
    for (int i = 0; i < n; i++) {
        bool whose = !l->scope.member || l->scope.member == all[i].member_id;
        if (!whose || !touch_fits(&l->scope, &all[i]) || !wanted(l))
            continue;
        char *text = arena_printf(c->mem, "%s" FACTS "%s", fact_touch(c, &all[i], &l->scope),
            label_date(c, all[i].at_ms));
        put_row(l, all[i].kind, all[i].no, text);
        put_note(l, text, all[i].note_id, all[i].note_rev);
    }
    return e->code == ERR_NONE;
}

static bool list_meetings(struct listing *l, struct err *e)
{
    return list_touches_of(l, 'M', e);
}

static bool note_fits(const struct scope *s, const struct note *n)
{
    return (!s->person || s->person == n->from_person) &&
           (!s->customer || s->customer == n->customer_id) &&
           (!s->partner || s->partner == n->partner_id) &&
           (!s->deal || s->deal == n->deal_id) &&
           (!s->member || s->member == n->member_id);
}

static bool list_notes(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    const struct scope *s = &l->scope;
    struct note_filter f = { .deal = s->deal,
        .person = s->person,
        .partner = s->partner,
        .customer = s->customer };
    if (c->f->has_period) {
        f.from_ms = c->f->period.from_ms;
        f.to_ms = c->f->period.to_ms;
    }
    struct note *all = ARENA_ARRAY(c->mem, struct note, LIST_COUNTED);
    int n = note_list_by(c->db, c->mem, &f, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (note_fits(s, &all[i]) && note_shown(c, &all[i]) && wanted(l))
            put_note(l,
                arena_printf(c->mem, "%s" FACTS "%s", fact_note(c, &all[i], true),
                    label_date(c, all[i].at_ms)),
                all[i].note_id, all[i].note_rev);
    return e->code == ERR_NONE;
}

static char *champion_row(struct call *c, const struct champion *k)
{
    struct person p;
    struct err e;
    if (!person_load(c->db, c->mem, k->person_id, &p, &e))
        return call_ref(c, 'C', k->person_id);
    const char *what = k->deal_id       ? label_deal(c, k->deal_id)
                       : k->customer_id ? label_customer(c, k->customer_id)
                                        : NULL;
    char *facts = what ? arena_printf(c->mem, "%s" FACTS "%s", fact_person(c, &p),
                             call_text(c, "look.for", ARGS(TXT("what", what))))
                       : fact_person(c, &p);
    return with_last(c, facts, p.last_ms);
}

static bool list_champions(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    const struct scope *s = &l->scope;
    struct champion *all = ARENA_ARRAY(c->mem, struct champion, LIST_COUNTED);
    bool firm = s->deal || s->customer || s->partner;
    int n = firm ? champion_list(c->db, c->mem, s->deal, s->customer, s->partner, all,
                       LIST_COUNTED, e)
                 : champion_list_of(c->db, c->mem, s->person, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if ((!s->person || s->person == all[i].person_id) && wanted(l))
            put_row(l, 'C', all[i].person_id, champion_row(c, &all[i]));
    return e->code == ERR_NONE;
}

enum { DRAFT_DAYS = 30 };

static bool list_drafts(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct ask *all = ARENA_ARRAY(c->mem, struct ask, LIST_COUNTED);
    int n = draft_list(c->db, c->mem, c->member->id, c->now_ms - DRAFT_DAYS * DAY_MS, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++) {
        if (!wanted(l))
            continue;
        char *ref = call_ref(c, 'Q', all[i].id);
        put_note(l, arena_printf(c->mem, "%s" FACTS "%s", ref, label_date(c, all[i].received_ms)), all[i].note_id, 0);
        l->row[l->n - 1].say = arena_printf(c->mem, "answer %s again", ref);
    }
    return e->code == ERR_NONE;
}

const struct list_kind list_kinds[] = {
    { "partners", list_partners },
    { "customers", list_customers },
    { "deals", list_deals },
    { "people", list_people },
    { "no_messenger", list_no_messenger },
    { "members", list_members },
    { "follow_ups", list_follow_ups },
    { "touch_points", list_touch_points },
    { "inquiries", list_inquiries },
    { "meetings", list_meetings },
    { "notes", list_notes },
    { "champions", list_champions },
    { "no_champion", list_no_champion },
    { "unlogged", list_unlogged },
    { "closing", list_closing },
    { "drafts", list_drafts },
    { "trainings", list_trainings },
    { "activities", list_activities },
    { "leads", list_leads },
    { "orphan_leads", list_orphan_leads },
    { "case_studies", list_case_studies },
    { "local_studies", list_local_studies },
    { "perceptions", list_perceptions },
    { "negatives", list_negatives },
    { "tasks", list_tasks },
    { "assets", list_assets },
    { "missing_original", list_missing_original },
    { "trained_no_win", list_trained_no_win },
    { "certified", list_certified },
    { "legal_items", list_legal },
    { "gated", list_gated },
    { "technology", list_technology },
    { "legacy", list_legacy },
    { 0 },
};
