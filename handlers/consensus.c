/* consensus: what a room or a person thinks, in two layers that are both kept: in the
 * room, and heard afterwards. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { MEETING_DAYS = 14 };

static const struct arg consensus_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, 0 },
    { "stance", ARG_STANCE, 0 },
    { "layer", ARG_LAYER, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
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
    struct note all[20];
    const char *room = NULL;
    if (!n->touch_id || strcmp(n->layer, "after") || !n->stance)
        return true;
    int count = note_list(c->db, c->mem, n->touch_id, 0, 0, all, 20, e);
    for (int i = 0; i < count; i++)
        if (!strcmp(all[i].layer, "room") && all[i].stance)
            room = all[i].stance;
    reply_soft(r, call_text(c, "consensus.layers", ARGS(
        TXT("room", room ? call_word(c, WORD_STANCE, room) : "–"),
        TXT("heard", call_word(c, WORD_STANCE, n->stance)),
        TXT("time", when_format_time(&c->when, c->mem, c->locale, n->at_ms)))));
    return e->code == ERR_NONE;
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
    return n->customer_id  ? label_customer(c, n->customer_id)
           : n->deal_id    ? label_deal(c, n->deal_id)
           : n->partner_id ? label_partner(c, n->partner_id)
                           : label_person_id(c, n->from_person, NULL);
}

static bool echo(struct call *c, const struct note *n, const char *level, const char *usual,
    bool layer_assumed, bool closed, struct err *e)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'N', n->id));
    buf_join(&b, " · ", about_text(c, n));
    buf_join(&b, " · ", layer_text(c, n, layer_assumed));
    buf_join(&b, " · ", n->stance ? call_word(c, WORD_STANCE, n->stance) : NULL);
    buf_join(&b, " · ", when_text(c, c->f, n->at_ms));
    if (n->note_id)
        buf_join(&b, " · ", level_text(c, level, usual));
    struct reply *r = reply_titled(c, REPLY_OK, "consensus.logged", buf_str(&b));
    if (!strcmp(level, "me") || !strcmp(level, "offrecord"))
        reply_private(r);
    if (n->note_id)
        reply_note(r, n->note_id, n->note_rev);
    reply_soft(r, cues_text(c, "touch.cue"));
    if (!layers_line(c, r, n, e))
        return false;
    if (closed)
        reply_text(r, "consensus.clock_closed", NO_ARGS);
    if (layer_assumed)
        reply_assumed(r, "layer");
    correct_buttons(c, r, call_ref(c, 'N', n->id));
    if (n->note_id)
        readers_button(r, call_ref(c, 'N', n->id), level);
    if (c->f->off_by_phrase)
        reply_button(r, "quiet", arena_printf(c->mem, "edit N%lld deal", (long long)n->id), "button.open_up", NO_ARGS);
    reply_record(r, call_ref(c, 'N', n->id), "created");
    reply_data(r, "layer", n->layer);
    reply_data(r, "stance", n->stance);
    reply_data_ms(r, "at", n->at_ms);
    reply_data(r, "channel", c->f->word[WORD_CHANNEL]);
    reply_data_ref(r, "from", 'C', n->from_person);
    reply_data_ref(r, "customer", 'A', n->customer_id);
    reply_data_ref(r, "partner", 'P', n->partner_id);
    reply_data_ref(r, "deal", 'D', n->deal_id);
    reply_data(r, "visibility", n->note_id ? level : NULL);
    reply_data_note(r, n->note_id, n->note_rev);
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
    struct person p;
    if (!n->customer_id && !n->partner_id && n->from_person && person_load(c->db, c->mem, n->from_person, &p, e)) {
        n->customer_id = p.customer_id;
        n->partner_id = p.partner_id;
    }
    if (!find_deal(c, n->customer_id, n->partner_id, &meant, e))
        return false;
    n->deal_id = meant.id;
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

static bool consensus_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    struct touch m = { 0 };
    bool meeting = false, layer_assumed = !f->word[WORD_LAYER] && !f->from_person;
    e->code = ERR_NONE;
    struct note n = { .customer_id = f->n_customers ? f->customers[0] : 0,
        .partner_id = f->n_partners ? f->partners[0] : 0,
        .from_person = f->n_people ? f->people[f->from_person ? f->source : 0] : 0,
        .stance = f->word[WORD_STANCE], .member_id = c->member->id, .at_ms = f->when.at_ms,
        .layer = f->word[WORD_LAYER] && !f->from_person ? f->word[WORD_LAYER] : "after" };
    if (!find_subject(c, &n, &m, &meeting, e))
        return false;
    const char *usual = n.deal_id ? "deal" : "managers";
    if (!store_note(c, usual, n.deal_id, &n.note_id, &n.note_rev, e) || !add_touch(c, &n, e))
        return false;
    n.id = note_add(c->db, &n, c->now_ms, e);
    struct follow open[1];
    bool closes = n.touch_id && !strcmp(n.layer, "after") &&
                  follow_list(c->db, c->mem, m.member_id, n.touch_id, INT64_MAX, open, 1, e) == 1;
    if (!n.id || (closes && !follow_close_clock(c->db, n.touch_id, c->now_ms, e)))
        return false;
    return echo(c, &n, level_of(c, usual), usual, layer_assumed, closes, e);
}

const struct command consensus_command = {
    .id = "consensus",
    .args = consensus_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = consensus_run,
};
