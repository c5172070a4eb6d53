/* consensus: what a room or a person thinks, in two layers that are both kept: in the
 * room, and heard afterwards. A later note never changes an earlier one; what is added to
 * one by its number (decision, concerns, next step) is added, not replaced. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "bot/text/calendar.h"
#include "handlers/handlers.h"
#include "handlers/layers.h"
#include "handlers/parts.h"
#include "handlers/record.h"

enum { MEETING_DAYS = 14, MORNING = 10 };

static const struct arg consensus_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, MANY },
    { "stance", ARG_STANCE, 0 },
    { "layer", ARG_LAYER, 0 },
    { "confidence", ARG_CONFIDENCE, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
    { "part", ARG_PART, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* The meeting it is about: typed (M88), else the member's latest one with the same
 * customer, partner or deal within two weeks. */
static bool find_meeting(struct call *c, struct note *n, struct touch *m, bool *found, struct err *e)
{
    *found = false;
    for (int i = 0; i < c->f->n_refs; i++) {
        if (c->f->refs[i].kind != 'M')
            continue;
        *found = touch_load(c->db, c->mem, 'M', c->f->refs[i].no, m, e);
        if (!*found)
            return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "record.none",
                ARGS(TXT("id", call_ref(c, 'M', c->f->refs[i].no))), "no meeting") : false;
        return true;
    }
    struct touch_filter by = { .member = c->member->id, .customer = n->customer_id,
        .deal = n->deal_id, .partner = n->customer_id ? 0 : n->partner_id, .kind = 'M',
        .from_ms = c->now_ms - MEETING_DAYS * DAY_MS, .to_ms = c->now_ms + 1 };
    if (by.customer || by.deal || by.partner)
        *found = touch_list(c->db, c->mem, &by, m, 1, e) == 1;
    return e->code == ERR_NONE;
}

/* In the room: – → heard: against (21:40) */
static bool layers_line(struct call *c, struct reply *r, const struct note *n, struct err *e)
{
    struct layers l;
    struct note_filter by = { .touch = n->touch_id, .deal = n->touch_id ? 0 : n->deal_id };
    if ((!by.touch && !by.deal) || strcmp(n->layer, "after") != 0 || !n->stance)
        return true;
    if (!layers_read(c, &by, &l, e))
        return false;
    if (l.secret)
        reply_private(r);
    reply_soft(r, call_text(c, "consensus.layers", ARGS(TXT("room", side_text(c, &l.room)),
        TXT("heard", side_text(c, &l.after)),
        TXT("time", when_format_time(&c->when, c->mem, c->locale, n->at_ms)))));
    return true;
}

static char *layer_text(struct call *c, const struct note *n, bool assumed)
{
    struct person p;
    struct err e;
    char *text = NULL;
    if (!strcmp(n->layer, "after") && n->from_person && person_load(c->db, c->mem, n->from_person, &p, &e))
        text = call_text(c, "consensus.heard_from", ARGS(TXT("who", label_person_polite(c, &p, c->f->honorific))));
    else
        text = call_word(c, WORD_LAYER, n->layer);
    return label_assumed(c, assumed, text);
}

static char *about_text(struct call *c, const struct note *n)
{
    for (int i = 0; i < c->f->n_refs; i++)
        if (c->f->refs[i].kind == 'D')
            return label_deal(c, n->deal_id);
    return n->customer_id  ? label_customer(c, n->customer_id)
           : n->deal_id    ? label_deal(c, n->deal_id)
           : n->partner_id ? label_partner(c, n->partner_id)
                           : label_person_id(c, n->from_person, NULL);
}

/* What one echo says besides the note itself. */
struct heard {
    struct note n;
    const char *level, *usual;
    bool layer_assumed, closed;
    struct follow again; /* of an unknown stance; id 0: none */
    bool again_stands;   /* it was there before */
};

static void put_data(struct call *c, struct reply *r, const struct heard *h)
{
    const struct note *n = &h->n;
    reply_data(r, "layer", n->layer);
    reply_data(r, "stance", n->stance);
    reply_data(r, "confidence", n->confidence);
    reply_data_ms(r, "at", n->at_ms);
    reply_data(r, "channel", c->f->word[WORD_CHANNEL]);
    reply_data_ref(r, "from", 'C', n->from_person);
    reply_data_ref(r, "customer", 'A', n->customer_id);
    reply_data_ref(r, "partner", 'P', n->partner_id);
    reply_data_ref(r, "deal", 'D', n->deal_id);
    reply_data_ref(r, "follow_up", 'F', h->again.id);
    reply_data(r, "visibility", some_words(n) ? h->level : NULL);
    reply_data_note(r, n->note_id, n->note_rev);
}

static void tell_clock(struct call *c, struct reply *r, const struct heard *h)
{
    const struct follow *f = &h->again;
    if (h->closed)
        reply_text(r, "consensus.clock_closed", NO_ARGS);
    if (f->id)
        reply_text(r, f->person_id ? "consensus.ask_again" : "consensus.ask_somebody",
            ARGS(TXT("id", call_ref(c, 'F', f->id)), TXT("when", label_date(c, f->due_ms)),
                TXT("who", f->person_id ? label_person_id(c, f->person_id, NULL) : "")));
}

static char *title_of(struct call *c, const struct heard *h)
{
    const struct note *n = &h->n;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'N', n->id));
    buf_join(&b, FACTS, about_text(c, n));
    buf_join(&b, FACTS, layer_text(c, n, h->layer_assumed));
    buf_join(&b, FACTS, n->stance ? call_word(c, WORD_STANCE, n->stance) : NULL);
    buf_join(&b, FACTS, call_word(c, WORD_CONFIDENCE, n->confidence));
    buf_join(&b, FACTS, when_text(c, c->f, n->at_ms));
    if (some_words(n))
        buf_join(&b, FACTS, level_text(c, h->level, h->usual));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool echo(struct call *c, const struct heard *h, struct err *e)
{
    const struct note *n = &h->n;
    struct reply *r = reply_titled(c, REPLY_OK, "consensus.logged", title_of(c, h));
    if (!strcmp(h->level, "me") || !strcmp(h->level, "offrecord"))
        reply_private(r);
    reply_record(r, call_ref(c, 'N', n->id), "created");
    put_data(c, r, h);
    if (n->note_id)
        reply_note(r, n->note_id, n->note_rev);
    put_parts(r, n);
    if (!put_stances(r, n->id, e))
        return false;
    reply_soft(r, cues_text(c, "touch.cue"));
    if (!layers_line(c, r, n, e))
        return false;
    tell_clock(c, r, h);
    if (h->layer_assumed)
        reply_assumed(r, "layer");
    correct_buttons(c, r, call_ref(c, 'N', n->id));
    if (n->note_id)
        readers_button(r, call_ref(c, 'N', n->id), h->level);
    if (c->f->off_by_phrase)
        reply_button(r, "quiet", arena_printf(c->mem, "edit N%lld deal", (long long)n->id), "button.open_up", NO_ARGS);
    return true;
}

/* A channel makes it a touch point as well: one with the person it was heard from. */
static bool add_touch(struct call *c, const struct note *n, struct err *e)
{
    if (!c->f->word[WORD_CHANNEL])
        return true;
    struct touch t = { .kind = 'T', .member_id = c->member->id, .outcome = "reached",
        .channel = c->f->word[WORD_CHANNEL], .place = c->f->word[WORD_PLACE], .at_ms = n->at_ms,
        .deal_id = n->deal_id };
    return take_people(c, &t, e) && touch_add(c->db, &t, c->now_ms, e);
}

/* What a meeting settles for a note about it. */
static void take_meeting(struct note *n, const struct touch *m)
{
    n->touch_id = m->id;
    n->customer_id = n->customer_id ? n->customer_id : m->customer_id;
    n->deal_id = n->deal_id ? n->deal_id : m->deal_id;
    n->partner_id = n->partner_id ? n->partner_id : m->n_partners ? m->partners[0] : 0;
}

/* Whom and what it is about; the meeting where there is one. */
static bool find_subject(struct call *c, struct note *n, struct touch *m, bool *meeting, struct err *e)
{
    struct meant_deal meant;
    struct deal d;
    struct person p;
    if (!n->customer_id && !n->partner_id && n->from_person && person_load(c->db, c->mem, n->from_person, &p, e)) {
        n->customer_id = p.customer_id;
        n->partner_id = p.partner_id;
    }
    if (!find_deal(c, n->customer_id, n->partner_id, &meant, e))
        return false;
    n->deal_id = meant.id;
    if (n->deal_id && !n->customer_id && deal_load(c->db, c->mem, n->deal_id, &d, e))
        n->customer_id = d.customer_id;
    if (!find_meeting(c, n, m, meeting, e))
        return false;
    if (*meeting)
        take_meeting(n, m);
    if (!n->customer_id && !n->deal_id && !n->partner_id && !n->from_person)
        return fail(e, ERR_USAGE, "consensus.about_whom", NULL, "nobody named");
    if (!n->stance && !c->f->note)
        return fail(e, ERR_USAGE, "consensus.empty", NULL, "empty note");
    return true;
}

static bool add_stances(struct call *c, int64_t note, struct err *e)
{
    const struct frame *f = c->f;
    for (int i = 0; i < f->n_people; i++) {
        struct note_stance s = { .person_id = f->people[i], .stance = f->stances[i] };
        if (s.stance && !note_stance_add(c->db, note, &s, e))
            return false;
    }
    for (int i = 0; i < f->n_labels; i++) {
        struct note_stance s = { .label = f->labels[i], .stance = f->label_stances[i] };
        if (s.stance && !note_stance_add(c->db, note, &s, e))
            return false;
    }
    return true;
}

static bool whom_to_ask(struct call *c, const struct note *n, int64_t *person, struct err *e)
{
    struct champion k[1];
    *person = n->from_person;
    if (champion_list(c->db, c->mem, n->deal_id, n->customer_id, n->partner_id, k, 1, e) == 1)
        *person = k[0].person_id;
    return e->code == ERR_NONE;
}

/* Unknown is an answer that asks for another one: the follow-up of the meeting that is
 * still open, else a new one for the next business day. */
static bool ask_again(struct call *c, struct heard *h, struct err *e)
{
    const struct note *n = &h->n;
    int64_t person;
    if (!n->stance || strcmp(n->stance, "unknown") != 0)
        return true;
    if (n->touch_id && !h->closed &&
        follow_list(c->db, c->mem, c->member->id, n->touch_id, INT64_MAX, &h->again, 1, e) == 1)
        return true;
    if (e->code != ERR_NONE || !whom_to_ask(c, n, &person, e))
        return false;
    int32_t today = day_of(c->now_ms, c->when.zone);
    struct civil at = civil_of_day(business_day_add(c->member->market, today, 1));
    at.hour = MORNING;
    h->again = (struct follow){ .member_id = c->member->id, .step = 2, .zone = c->when.zone,
        .kind = n->touch_id ? "champion" : "follow", .person_id = person,
        .customer_id = n->customer_id, .partner_id = n->partner_id, .deal_id = n->deal_id,
        .touch_id = n->touch_id, .due_ms = instant_of(&at, c->when.zone),
        .due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:00", at.year, at.month, at.day, at.hour) };
    return (h->again.id = follow_add(c->db, &h->again, c->now_ms, e)) != 0;
}

/* Hearing afterwards ends the clock of the meeting. */
static bool close_clock(struct call *c, struct heard *h, const struct touch *m, struct err *e)
{
    struct follow open[1];
    h->closed = h->n.touch_id && !strcmp(h->n.layer, "after") &&
                follow_list(c->db, c->mem, m->member_id, h->n.touch_id, INT64_MAX, open, 1, e) == 1;
    return e->code == ERR_NONE && (!h->closed || follow_close_clock(c->db, h->n.touch_id, 0, c->now_ms, e));
}

/* The source: named by `from`; without that the one person that is named. */
static int64_t source_of(const struct frame *f)
{
    return f->from_person ? f->people[f->source] : f->n_people == 1 ? f->people[0] : 0;
}

/* The number of the note that the line adds to; 0: it is a new one. */
static int64_t adds_to(const struct frame *f)
{
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'N')
            return f->refs[i].no;
    return 0;
}

/* consensus N45 decision: wait until April */
static bool amend(struct call *c, int64_t no, struct err *e)
{
    struct heard h = { .level = "deal" };
    struct note_text facts;
    bool found = note_load(c->db, c->mem, no, &h.n, e);
    if (!found || !note_shown(c, &h.n))
        return (found || e->code == ERR_NONE) && refuse_none(c, 'N', no, e);
    if (h.n.member_id != c->member->id)
        return fail(e, ERR_FORBIDDEN, "consensus.amend_own",
            ARGS(TXT("id", call_ref(c, 'N', no)), TXT("who", label_member(c, h.n.member_id))), "not author");
    if (!c->f->note || !c->f->word[WORD_PART])
        return fail(e, ERR_USAGE, "consensus.amend_what", ARGS(TXT("id", call_ref(c, 'N', no))), "no part");
    h.usual = h.n.deal_id ? "deal" : "managers";
    h.level = level_of(c, h.usual);
    if (h.n.note_id && note_text_facts(c->db, c->mem, h.n.note_id, &facts, e))
        h.level = facts.level;
    c->f->word[WORD_LEVEL] = h.level;
    if (!store_parts(c, &h.n, h.level, e) || !note_update(c->db, &h.n, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "consensus.amended", fact_note(c, &h.n, true));
    reply_record(r, call_ref(c, 'N', no), "changed");
    put_parts(r, &h.n);
    correct_buttons(c, r, call_ref(c, 'N', no));
    return true;
}

/* Readers are those of the words: a stance for few eyes gets a word of its own. */
static void keep_stance_private(struct call *c, const struct note *n)
{
    struct frame *f = c->f;
    if (f->word[WORD_LEVEL] && n->stance && (!f->note || !*f->note))
        f->note = call_word(c, WORD_STANCE, n->stance);
}

static bool consensus_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    struct touch m = { 0 };
    bool meeting = false;
    e->code = ERR_NONE;
    if (adds_to(f))
        return amend(c, adds_to(f), e);
    const char *group = group_stance(f);
    struct heard h = { .layer_assumed = !f->word[WORD_LAYER] && !f->from_person,
        .n = { .customer_id = f->n_customers ? f->customers[0] : 0,
            .partner_id = f->n_partners ? f->partners[0] : 0, .from_person = source_of(f),
            .stance = f->word[WORD_STANCE] ? f->word[WORD_STANCE] : group,
            .confidence = f->word[WORD_CONFIDENCE],
            .member_id = c->member->id, .at_ms = f->when.at_ms,
            .layer = f->word[WORD_LAYER] && !f->from_person ? f->word[WORD_LAYER] : "after" } };
    if (!find_subject(c, &h.n, &m, &meeting, e))
        return false;
    h.usual = h.n.deal_id ? "deal" : "managers";
    h.level = level_of(c, h.usual);
    keep_stance_private(c, &h.n);
    if (!store_parts(c, &h.n, h.usual, e) || !add_touch(c, &h.n, e))
        return false;
    h.n.id = note_add(c->db, &h.n, c->now_ms, e);
    return h.n.id && add_stances(c, h.n.id, e) && close_clock(c, &h, &m, e) && ask_again(c, &h, e) &&
           echo(c, &h, e);
}

const struct command consensus_command = {
    .id = "consensus",
    .args = consensus_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = consensus_run,
};
