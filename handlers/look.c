#include "handlers/filed.h"
#include "handlers/handlers.h"

#include "bot/base/json.h"
#include "bot/store/focus.h"
#include "handlers/cards.h"
#include "handlers/layers.h"
#include "handlers/parts.h"
#include "handlers/record.h"
#include "handlers/ringi.h"
#include <stdlib.h>
#include <string.h>

/* Read in the note, so they are for those who may read it. */
static void put_cues(struct reply *r, const char *cues)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    char *copy = cues ? arena_strdup(c->mem, cues) : NULL, *save = NULL;
    for (char *w = copy ? strtok_r(copy, ",", &save) : NULL; w;
         w = strtok_r(NULL, ",", &save))
        buf_join(&b, comma(c), catalogue_word(c->words, c->locale, "cue", w));
    reply_field(r, "show.label.cues", buf_str(&b));
}

/* In the room and heard afterwards, side by side. */
static bool put_layers(struct reply *r, int64_t touch, struct err *e)
{
    struct layers l;
    struct note_filter by = { .touch = touch };
    if (!layers_read(r->call, &by, &l, e))
        return false;
    layers_put(r, &l);
    return true;
}

static void put_touch_data(struct reply *r, const struct touch *t)
{
    reply_data(r, "channel", t->channel);
    reply_data(r, "outcome", t->outcome);
    reply_data_ms(r, "at", t->at_ms);
    if (t->minutes)
        reply_data_int(r, "minutes", t->minutes);
    for (int i = 0; i < t->n_people; i++)
        if (t->people[i])
            reply_data_add(r, "people", 'C', t->people[i]);
    for (int i = 0; i < t->n_partners; i++)
        reply_data_add(r, "partners", 'P', t->partners[i]);
    reply_data_ref(r, "customer", 'A', t->customer_id);
    reply_data_ref(r, "deal", 'D', t->deal_id);
}

/* To its author: who read what is not meant for everyone, and when first. */
static void put_seen(struct reply *r, int64_t note)
{
    enum { SEEN = 16 };
    struct call *c = r->call;
    struct note_seen seen[SEEN];
    struct err e = { 0 };
    struct buf b = BUF_ON(c->mem);
    int n = note ? note_seen_list(c->db, note, c->member->id, seen, SEEN, &e) : 0;
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, "show.seen", ARGS(TXT("who", label_member(c, seen[i].member_id)),
            TXT("when", label_date(c, seen[i].at_ms)))));
    if (n)
        reply_field(r, "show.label.seen", buf_str(&b));
}

static bool card_touch(struct call *c, char kind, int64_t no, struct err *e)
{
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    if (!touch_load(c->db, c->mem, kind, no, t, e))
        return e->code == ERR_NONE && refuse_none(c, kind, no, e);
    char *ref = call_ref(c, kind, no);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card",
        marked(c, t->source,
            arena_printf(c->mem, "%s" FACTS "%s%s%s", fact_touch(c, t, NULL),
                label_date(c, t->at_ms), t->inquiry ? FACTS : "",
                t->inquiry ? call_text(c, "touch.inquiry", NO_ARGS) : "")));
    reply_record(r, ref, "shown");
    put_touch_data(r, t);
    if (note_known(c, t->note_id)) {
        reply_note(r, t->note_id, t->note_rev);
        reply_data_note(r, t->note_id, t->note_rev);
    }
    if (kind == 'M')
        reply_field(r, "show.label.room", fact_people(c, t));
    if (!t->note_id || note_readable(c, t->note_id, t->note_rev))
        put_cues(r, t->cues);
    if (t->deal_id)
        reply_field(r, "show.label.deal", label_deal(c, t->deal_id));
    reply_field(r, "show.label.by", label_member(c, t->member_id));
    put_seen(r, t->note_id);
    if (kind == 'M' && !put_shadows(r, t->id, e))
        return false;
    if (kind == 'M' && !put_layers(r, t->id, e))
        return false;
    for (int i = 0, shown = 0; i < t->n_people && shown < 2 && c->member->roles & ROLE_SALES; i++)
        if (!t->people[i] && t->labels[i]) {
            button_who(c, r, ref, t->labels[i]);
            shown++;
        }
    if (c->member->roles & ROLE_SALES)
        reply_button(r, "fill", arena_printf(c->mem, "%s ", typed(c, "edit", ref)),
            "look.button.edit", NO_ARGS);
    if (t->deal_id)
        reply_button_labelled(r, "plain",
            typed(c, "show", call_ref(c, 'D', t->deal_id)), label_deal(c, t->deal_id));
    return true;
}

static void put_note_links(
    struct reply *r, const struct note *n, const struct touch *meeting)
{
    struct call *c = r->call;
    if (n->deal_id) {
        reply_field(r, "show.label.deal", label_deal(c, n->deal_id));
        reply_button_labelled(r, "plain",
            typed(c, "show", call_ref(c, 'D', n->deal_id)), label_deal(c, n->deal_id));
    }
    if (meeting) {
        char *ref = call_ref(c, meeting->kind, meeting->no);
        reply_field(r, "show.label.meeting",
            arena_printf(c->mem, "%s" FACTS "%s", fact_touch(c, meeting, NULL),
                label_date(c, meeting->at_ms)));
        reply_button_labelled(r, "plain", typed(c, "show", ref), ref);
    }
}

/* Off the record for others means: as if it were not there. */
static bool card_note(struct call *c, char kind, int64_t no, struct err *e)
{
    struct note n;
    struct note_text facts;
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    bool found = note_load(c->db, c->mem, no, &n, e);
    if (!found || !note_hinted(c, &n))
        return (found || e->code == ERR_NONE) && refuse_none(c, kind, no, e);
    bool shown = note_shown(c, &n);
    if (!shown)
        n.stance = n.confidence = NULL;
    struct reply *r = reply_titled(c, REPLY_OK, "show.card",
        marked(c, n.source,
            arena_printf(c->mem, "%s" FACTS "%s", fact_note(c, &n, true),
                label_date(c, n.at_ms))));
    reply_record(r, call_ref(c, 'N', no), "shown");
    reply_data(r, "layer", n.layer);
    reply_data(r, "stance", n.stance);
    reply_data_ms(r, "at", n.at_ms);
    reply_data_ref(r, "from", 'C', n.from_person);
    if (n.note_id) {
        reply_note(r, n.note_id, n.note_rev);
        reply_data_note(r, n.note_id, n.note_rev);
    }
    if (shown)
        put_parts(r, &n);
    if (some_words(&n) && note_text_facts(c->db, c->mem, some_words(&n), &facts, e))
        reply_field(r, "show.label.readers", call_word(c, WORD_LEVEL, facts.level));
    if (shown && !put_stances(r, n.id, e))
        return false;
    reply_field(r, "show.label.confidence", call_word(c, WORD_CONFIDENCE, n.confidence));
    reply_field(r, "show.label.by", label_member(c, n.member_id));
    put_seen(r, some_words(&n));
    bool meeting = n.touch_id && touch_load_id(c->db, c->mem, n.touch_id, t, e);
    put_note_links(r, &n, meeting ? t : NULL);
    if (n.member_id == c->member->id)
        reply_button(r, "fill",
            arena_printf(c->mem, "%s ", typed(c, "edit", call_ref(c, 'N', no))),
            "look.button.edit", NO_ARGS);
    return e->code == ERR_NONE && (!meeting || put_layers(r, t->id, e));
}

static bool card_follow(struct call *c, char kind, int64_t no, struct err *e)
{
    struct follow f;
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    if (!follow_load(c->db, c->mem, no, &f, e))
        return e->code == ERR_NONE && refuse_none(c, kind, no, e);
    bool done = !strcmp(f.state, "done");
    struct buf title = BUF_ON(c->mem);
    buf_join(&title, FACTS, fact_follow(c, &f));
    buf_join(&title, FACTS, label_date(c, f.due_ms));
    buf_join(&title, FACTS,
        done                   ? call_text(c, "look.done", NO_ARGS)
        : f.due_ms < c->now_ms ? call_text(c, "look.overdue", NO_ARGS)
                               : NULL);
    struct reply *r =
        reply_titled(c, REPLY_OK, "show.card", marked(c, f.source, buf_str(&title)));
    char *ref = call_ref(c, 'F', no);
    reply_record(r, ref, "shown");
    reply_data(r, "state", f.state);
    reply_data_ms(r, "due", f.due_ms);
    reply_data_ref(r, "person", 'C', f.person_id);
    if (note_known(c, f.note_id))
        reply_note(r, f.note_id, 0);
    if (f.deal_id)
        reply_field(r, "show.label.deal", label_deal(c, f.deal_id));
    if (f.touch_id && touch_load_id(c->db, c->mem, f.touch_id, t, e))
        reply_field(r, "show.label.meeting", fact_touch(c, t, NULL));
    reply_field(r, "show.label.owner", label_member(c, f.member_id));
    if (!done && f.member_id == c->member->id) {
        reply_button(r, "primary", typed(c, "done", ref), "look.button.done", NO_ARGS);
        reply_button(r, "fill", arena_printf(c->mem, "%s ", typed(c, "snooze", ref)),
            "look.button.snooze", NO_ARGS);
    }
    return e->code == ERR_NONE;
}

static bool card_of(struct call *c, struct ref ref, struct err *e)
{
    switch (ref.kind) {
    case 'T':
    case 'M':
        return card_touch(c, ref.kind, ref.no, e);
    case 'N':
        return card_note(c, ref.kind, ref.no, e);
    case 'F':
        return card_follow(c, ref.kind, ref.no, e);
    case 'C':
        return card_person(c, ref.no, e);
    case 'P':
        return card_partner(c, ref.no, e);
    case 'A':
        return card_customer(c, ref.no, e);
    case 'D':
        return card_deal(c, ref.no, e);
    case 'O':
        return card_objection(c, ref.no, e);
    case 'R':
        return card_ringi(c, ref.no, e);
    default:
        return card_filed(c, ref.kind, ref.no, e);
    }
}

/* "Tanaka Denko" is about Tanaka: the firm only tells which one. */
static struct ref named(const struct frame *f)
{
    if (f->n_refs)
        return f->refs[0];
    if (f->n_people)
        return (struct ref){ 'C', f->people[0] };
    if (f->n_customers)
        return (struct ref){ 'A', f->customers[0] };
    if (f->n_partners)
        return (struct ref){ 'P', f->partners[0] };
    return (struct ref){ 0 };
}

/* show D12 dense, for once; a short card offers all of it. */
static bool styled_card(struct call *c, struct ref ref, struct err *e)
{
    const char *style = c->f->word[WORD_STYLE];
    if (style) {
        struct member *once = ARENA_NEW(c->mem, struct member);
        *once = *c->member;
        once->style = style;
        c->member = once;
    }
    if (!card_of(c, ref, e))
        return false;
    bool room = json_array_size(json_at(c->replies->json, "buttons")) < CARD_BUTTONS;
    if (c->member->style && !strcmp(c->member->style, "short") && room)
        reply_button(c->replies, "plain", typed(c, "show", arena_printf(c->mem, "%s %s", call_ref(c, ref.kind, ref.no),
            call_word(c, WORD_STYLE, "dense"))), "look.button.all", NO_ARGS);
    return true;
}

static bool show_run(struct call *c, struct err *e)
{
    struct ref ref = named(c->f);
    char *latest;
    if (!ref.kind && !c->f->n_words &&
        focus_get(
            c->db, c->mem, c->member->id, c->conversation, "record", 0, &latest, e) &&
        latest[0])
        ref = (struct ref){ latest[0], strtoll(latest + 1, NULL, 10) };
    if (e->code != ERR_NONE)
        return false;
    if (ref.kind)
        return styled_card(c, ref, e);
    struct reply *r = reply_new(
        c, REPLY_REFUSED, c->f->n_words ? "show.unknown" : "show.what", NO_ARGS);
    reply_button(r, "fill", typed(c, "find", ""), "look.button.find", NO_ARGS);
    return true;
}

static const struct arg show_args[] = {
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "style", ARG_STYLE, 0 },
    { 0 },
};
const struct command show_command = {
    .id = "show",
    .args = show_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_READS,
    .run = show_run,
};
