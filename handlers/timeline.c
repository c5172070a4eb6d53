#include "handlers/handlers.h"

#include "bot/store/committee.h"
#include "handlers/facts.h"
#include <stdlib.h>
#include <string.h>

/* Rows on a phone; one more is asked for, so that the end is known. */
enum { ROWS = 20, ASKED = ROWS + 1, DEALS = 50 };

struct moment {
    int64_t at_ms;
    const char *text;
    int64_t note, rev;
};

struct story {
    struct call *c;
    struct scope about;
    int64_t from_ms, to_ms; /* 0: open */
    struct moment *moments;
    int n, cap;
};

static void add_moment(
    struct story *s, int64_t at_ms, const char *facts, int64_t note, int64_t rev)
{
    struct call *c = s->c;
    if (s->n == s->cap)
        return;
    bool known = note_known(c, note);
    s->moments[s->n++] = (struct moment){ at_ms,
        arena_printf(c->mem, "%s" FACTS "%s", label_date(c, at_ms), facts),
        known ? note : 0, rev };
}

static bool add_touches(struct story *s, struct err *e)
{
    struct call *c = s->c;
    struct touch *all = ARENA_ARRAY(c->mem, struct touch, ASKED);
    struct touch_filter f = { .person = s->about.person,
        .partner = s->about.partner,
        .customer = s->about.customer,
        .deal = s->about.deal,
        .from_ms = s->from_ms,
        .to_ms = s->to_ms };
    int n = touch_list(c->db, c->mem, &f, all, ASKED, e);
    for (int i = 0; i < n; i++)
        add_moment(s, all[i].at_ms,
            arena_printf(c->mem, "%s" FACTS "%s", fact_touch(c, &all[i], &s->about),
                label_member(c, all[i].member_id)),
            all[i].note_id, all[i].note_rev);
    return e->code == ERR_NONE;
}

static bool add_notes(struct story *s, struct err *e)
{
    struct call *c = s->c;
    struct note *all = ARENA_ARRAY(c->mem, struct note, ASKED);
    struct note_filter f = { .person = s->about.person,
        .partner = s->about.partner,
        .customer = s->about.customer,
        .deal = s->about.deal,
        .from_ms = s->from_ms,
        .to_ms = s->to_ms };
    int n = note_list_by(c->db, c->mem, &f, all, ASKED, e);
    for (int i = 0; i < n; i++)
        if (note_shown(c, &all[i]))
            add_moment(s, all[i].at_ms,
                fact_note(c, &all[i], !s->about.customer && !s->about.deal),
                all[i].note_id, all[i].note_rev);
    return e->code == ERR_NONE;
}

static const char *event_word(struct call *c, const struct deal_event *v)
{
    if (!strcmp(v->what, "stage") && v->value)
        return call_word(c, WORD_STAGE, v->value);
    char *key = arena_printf(c->mem, "timeline.%s", v->what);
    return catalogue_has(c->words, 0, key) ? call_text(c, key, NO_ARGS)
                                           : call_word(c, WORD_DEAL_ACT, v->what);
}

static bool add_events(struct story *s, int64_t deal, struct err *e)
{
    struct call *c = s->c;
    struct deal_event all[ASKED];
    int n = deal_event_list(c->db, c->mem, deal, all, ASKED, e);
    for (int i = 0; i < n; i++) {
        if ((s->from_ms && all[i].at_ms < s->from_ms) ||
            (s->to_ms && all[i].at_ms >= s->to_ms))
            continue;
        add_moment(s, all[i].at_ms,
            arena_printf(c->mem, "%s" FACTS "%s%s%s", label_deal(c, deal),
                event_word(c, &all[i]), all[i].member_id ? FACTS : "",
                all[i].member_id ? label_member(c, all[i].member_id) : ""),
            0, 0);
    }
    return e->code == ERR_NONE;
}

/* A person's story has no deals of its own. */
static bool add_deals(struct story *s, struct err *e)
{
    if (s->about.deal)
        return add_events(s, s->about.deal, e);
    if (s->about.person)
        return true;
    struct deal *deals = ARENA_ARRAY(s->c->mem, struct deal, DEALS);
    struct deal_filter f = { .partner = s->about.partner,
        .customer = s->about.customer };
    int n = deal_list(s->c->db, s->c->mem, &f, deals, DEALS, e);
    for (int i = 0; i < n; i++)
        if (!add_events(s, deals[i].id, e))
            return false;
    return e->code == ERR_NONE;
}

static bool add_objections(struct story *s, struct err *e)
{
    struct call *c = s->c;
    struct objection all[ASKED];
    int n = s->about.deal ? objection_list(c->db, c->mem, s->about.deal, NULL, false, all, ASKED, e) : 0;
    for (int i = 0; i < n; i++) {
        if ((s->from_ms && all[i].at_ms < s->from_ms) || (s->to_ms && all[i].at_ms >= s->to_ms))
            continue;
        add_moment(s, all[i].at_ms, arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", call_ref(c, 'O', all[i].id),
            call_word(c, WORD_OBJECTION, all[i].type),
            call_text(c, arena_printf(c->mem, "objection.%s", all[i].state), NO_ARGS)), all[i].note_id, 0);
    }
    return e->code == ERR_NONE;
}

static int newest_first(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;
    return x->at_ms < y->at_ms ? 1 : x->at_ms > y->at_ms ? -1 : 0;
}

/* Of several named, the one that says most: "Tanaka Denko" is about Tanaka. */
static void narrow(struct scope *s)
{
    if (s->deal)
        *s = (struct scope){ .deal = s->deal };
    else if (s->person)
        *s = (struct scope){ .person = s->person };
    else if (s->customer)
        *s = (struct scope){ .customer = s->customer };
    else
        *s = (struct scope){ .partner = s->partner };
}

static char *ref_of(struct call *c, const struct scope *s)
{
    return s->deal       ? call_ref(c, 'D', s->deal)
           : s->person   ? call_ref(c, 'C', s->person)
           : s->customer ? call_ref(c, 'A', s->customer)
                         : call_ref(c, 'P', s->partner);
}

/* The days up to the oldest one shown: a period as the reader takes it. */
static char *older(struct story *s, int64_t oldest_ms)
{
    struct call *c = s->c;
    const char *zone = c->when.team_zone;
    struct civil to = civil_of(oldest_ms, zone);
    struct civil from = s->from_ms
                            ? civil_of(s->from_ms, zone)
                            : (struct civil){ .year = 2000, .month = 1, .day = 1 };
    return typed(c, "timeline",
        arena_printf(c->mem, "%s %04d-%02d-%02d..%04d-%02d-%02d", ref_of(c, &s->about),
            from.year, from.month, from.day, to.year, to.month, to.day));
}

static void tell(struct story *s)
{
    struct call *c = s->c;
    struct buf b = BUF_ON(c->mem);
    char *ref = ref_of(c, &s->about);
    qsort(s->moments, (size_t)s->n, sizeof *s->moments, newest_first);
    if (!s->about.deal)
        buf_join(&b, FACTS, ref);
    buf_join(&b, FACTS, scope_label(c, &s->about));
    if (c->f->has_period)
        buf_join(&b, FACTS, period_format(&c->when, c->mem, c->locale, &c->f->period));
    struct reply *r = reply_titled(c, REPLY_OK, "timeline.rows", buf_str(&b));
    if (!s->n)
        reply_text(r, "timeline.empty", NO_ARGS);
    for (int i = 0; i < s->n && i < ROWS; i++) {
        const struct moment *m = &s->moments[i];
        if (m->note)
            reply_item_note(r, m->text, NULL, m->note, m->rev);
        else
            reply_item(r, m->text, NULL);
    }
    reply_button(r, "plain", typed(c, "show", ref), "look.button.card", NO_ARGS);
    if (s->n > ROWS && s->moments[ROWS].at_ms < s->moments[0].at_ms)
        reply_button(r, "plain", older(s, s->moments[ROWS - 1].at_ms),
            "timeline.button.older", NO_ARGS);
}

/* Nobody and nothing named: the reader's own deals are likely. */
static bool ask_whose(struct call *c, struct err *e)
{
    struct deal own[CARD_BUTTONS];
    struct deal_filter f = { .owner = c->member->id, .live = true };
    struct reply *r = reply_new(
        c, REPLY_REFUSED, c->f->n_words ? "show.unknown" : "timeline.what", NO_ARGS);
    int n = deal_list(c->db, c->mem, &f, own, CARD_BUTTONS, e);
    for (int i = 0; i < n; i++)
        reply_button_labelled(r, "plain",
            typed(c, "timeline", call_ref(c, 'D', own[i].id)),
            label_deal(c, own[i].id));
    return e->code == ERR_NONE;
}

static bool timeline_run(struct call *c, struct err *e)
{
    struct story s = { .c = c, .cap = 3 * ASKED + DEALS * ASKED };
    if (!scope_read(c, &s.about, e))
        return e->code == ERR_NONE;
    narrow(&s.about);
    if (!s.about.deal && !s.about.person && !s.about.customer && !s.about.partner)
        return ask_whose(c, e);
    if (c->f->has_period) {
        s.from_ms = c->f->period.from_ms;
        s.to_ms = c->f->period.to_ms;
    }
    s.moments = ARENA_ARRAY(c->mem, struct moment, (size_t)s.cap);
    if (!add_touches(&s, e) || !add_notes(&s, e) || !add_deals(&s, e) || !add_objections(&s, e))
        return false;
    tell(&s);
    return true;
}

static const struct arg timeline_args[] = {
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "period", ARG_PERIOD, 0 },
    { 0 },
};
const struct command timeline_command = {
    .id = "timeline",
    .args = timeline_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = timeline_run,
};
