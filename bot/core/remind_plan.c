/* What is said of a planned meeting by itself: five minutes before it begins, to whoever
 * goes, and at its end. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/core/rank.h"
#include "bot/core/remind.h"
#include "bot/store/notes.h"
#include "bot/store/touches.h"

static char *who_of(struct call *c, const struct touch *t)
{
    return t->customer_id  ? label_customer(c, t->customer_id)
           : t->n_partners ? label_partner(c, t->partners[0])
           : t->n_people   ? label_person_id(c, t->people[0], NULL)
                           : call_ref(c, 'M', t->no);
}

static char *span_of(struct call *c, const struct touch *t)
{
    return call_text(c, "met.span", ARGS(TXT("from", when_format(&c->when, c->mem, c->locale, t->at_ms)),
        TXT("to", when_format_time(&c->when, c->mem, c->locale, t->at_ms + t->minutes * MINUTE_MS))));
}

/* Senior first. */
static void put_people(struct call *c, struct reply *r, const struct touch *t)
{
    struct attendee a[TOUCH_PEOPLE];
    struct buf b = BUF_ON(c->mem);
    int n = rank_attendees(c, t, a);
    for (int i = 0; i < n; i++)
        buf_join(&b, call_text(c, "list.comma", NO_ARGS),
            a[i].known ? label_person_polite(c, &a[i].person, NULL) : label_unnamed(c, t->labels[a[i].at], NULL));
    if (n)
        reply_soft(r, call_text(c, "plan.people", ARGS(TXT("who", buf_str(&b)))));
}

/* Is it in the words below already? */
static bool says_link(struct call *c, const struct touch *t)
{
    struct note_text words;
    struct err e;
    return t->note_id && note_text_read(c->db, c->mem, t->note_id, t->note_rev, c->member->id, &words, &e) &&
           strstr(words.text, t->link);
}

static void tell_join(struct call *c, const struct touch *t)
{
    int64_t minutes = (t->at_ms - c->now_ms + MINUTE_MS - 1) / MINUTE_MS;
    const char *late = when_format_minutes(&c->when, c->mem, c->locale, (int)((c->now_ms - t->at_ms) / MINUTE_MS));
    struct reply *r = minutes > 0 ? reply_new(c, REPLY_OK, "plan.join", ARGS(NUM("minutes", minutes), TXT("who", who_of(c, t))))
                                  : reply_new(c, REPLY_OK, "plan.began", ARGS(TXT("late", late), TXT("who", who_of(c, t))));
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'M', t->no));
    buf_join(&b, " · ", catalogue_word(c->words, c->locale, "channel", t->channel));
    buf_join(&b, " · ", span_of(c, t));
    reply_line(r, buf_str(&b));
    put_people(c, r, t);
    if (t->note_id)
        reply_note(r, t->note_id, t->note_rev);
    if (t->member_id != c->member->id)
        reply_line(r, call_text(c, "plan.you_stand_in", ARGS(TXT("who", label_member(c, t->member_id)))));
    if (t->link) {
        if (!says_link(c, t))
            reply_soft(r, t->link);
        reply_link(r, "primary", t->link, arena_printf(c->mem, "plan M%lld", (long long)t->no), "plan.button.join", NO_ARGS);
    }
    reply_button(r, "plain", arena_printf(c->mem, "brief M%lld", (long long)t->no), "plan.button.brief", NO_ARGS);
    reply_record(r, call_ref(c, 'M', t->no), "shown");
    reply_data_ms(r, "at", t->at_ms);
}

static void tell_after(struct call *c, const struct touch *t)
{
    char *id = call_ref(c, 'M', t->no);
    struct reply *r = reply_new(c, REPLY_OK, "plan.after", ARGS(TXT("who", who_of(c, t)), TXT("when", span_of(c, t))));
    reply_button(r, "fill", arena_printf(c->mem, "met %s: ", id), "button.log", NO_ARGS);
    reply_button(r, "fill", arena_printf(c->mem, "plan %s ", id), "plan.button.move", NO_ARGS);
    reply_button(r, "plain", arena_printf(c->mem, "plan %s %s", id, catalogue_word(c->words, c->locale, "plan_act", "no_show")),
        "plan.button.no_show", NO_ARGS);
    reply_button(r, "plain", arena_printf(c->mem, "plan %s %s", id, catalogue_word(c->words, c->locale, "plan_act", "cancelled")),
        "plan.button.cancel", NO_ARGS);
    reply_record(r, id, "shown");
    reply_data_ms(r, "at", t->at_ms);
}

bool remind_plan(struct call *c, struct follow *f, bool *settled, struct err *e)
{
    struct touch t;
    e->code = ERR_NONE;
    bool known = touch_load_id(c->db, c->mem, f->touch_id, &t, e);
    *settled = !known || strcmp(t.state, "planned") != 0;
    f->state = "done"; /* nothing is to be done about it by itself */
    f->done_ms = c->now_ms;
    if (e->code != ERR_NONE || *settled)
        return e->code == ERR_NONE;
    if (!strcmp(f->kind, "join"))
        tell_join(c, &t);
    else
        tell_after(c, &t);
    return true;
}

bool remind_standin(struct call *owner, const struct follow *f, struct err *e)
{
    struct touch t;
    e->code = ERR_NONE;
    if (!touch_load_id(owner->db, owner->mem, f->touch_id, &t, e))
        return e->code == ERR_NONE;
    struct reply *r = reply_new(owner, REPLY_OK, "plan.sent", ARGS(TXT("who", label_member(owner, f->member_id)),
        TXT("time", when_format_time(&owner->when, owner->mem, owner->locale, owner->now_ms)),
        TXT("with", who_of(owner, &t)), TXT("linked", t.link ? "yes" : "no")));
    reply_record(r, call_ref(owner, 'M', t.no), "shown");
    reply_data_ms(r, "at", t.at_ms);
    return true;
}
