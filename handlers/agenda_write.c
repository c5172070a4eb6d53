/* Writes what a calendar's events come to, and says it. */
#include "handlers/agenda.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/plan.h"
#include "handlers/record.h"

enum { SHOWN = 20 };

static bool write_words(struct call *c, struct agenda_item *it, struct err *e)
{
    const char *level = it->secret ? "me" : "all";
    return !*it->title || store_words(c, it->title, level, it->t.deal_id, &it->t.note_id, &it->t.note_rev, e);
}

static bool call_off(struct call *c, struct agenda_item *it, struct err *e)
{
    it->t.state = "cancelled";
    return touch_update(c->db, c->mem, &it->t, c->now_ms, e) && follow_close_plan(c->db, it->t.id, c->now_ms, e);
}

static bool change(struct call *c, struct agenda_item *it, struct err *e)
{
    int64_t nudge, standin = plan_standin(c, &it->t, &nudge, e);
    return e->code == ERR_NONE && write_words(c, it, e) && touch_update(c->db, c->mem, &it->t, c->now_ms, e) &&
           plan_remind(c, &it->t, standin, e);
}

static bool write_item(struct call *c, struct agenda *a, struct agenda_item *it, struct err *e)
{
    bool fresh = it->change == AGENDA_NEW && !it->t.id;
    if (fresh && (!write_words(c, it, e) || !touch_add(c->db, &it->t, c->now_ms, e) || !plan_remind(c, &it->t, 0, e)))
        return false;
    if (!fresh && it->change <= AGENDA_CHANGED && !change(c, it, e))
        return false;
    if (it->change == AGENDA_OFF && !call_off(c, it, e))
        return false;
    it->link.touch_id = it->t.id;
    it->link.calendar_id = a->calendar;
    if (!it->link.id)
        return agenda_event_add(c->db, c->member->id, &it->link, e);
    return it->change == AGENDA_SAME || agenda_event_update(c->db, &it->link, e);
}

bool agenda_write(struct call *c, struct agenda *a, struct err *e)
{
    for (int i = 0; i < a->n; i++)
        if (!write_item(c, a, &a->items[i], e))
            return false;
    return true;
}

static const char *const names[AGENDA__COUNT] = { "new", "moved", "changed", "off", "same" };

char *agenda_counts(struct call *c, const struct agenda *a, bool done)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < AGENDA__COUNT; i++)
        if (a->n_of[i])
            buf_join(&b, comma(c), call_text(c, arena_printf(c->mem, done ? "calendar.did.%s" : "calendar.to.%s", names[i]),
                ARGS(NUM("n", a->n_of[i]))));
    return arena_strdup(c->mem, buf_str(&b));
}

/* M3 · moved · Fri 6 Mar 14:00–15:00 · Acme · Teams */
static char *line_of(struct call *c, const struct agenda_item *it)
{
    struct buf b = BUF_ON(c->mem);
    if (it->t.no)
        buf_join(&b, FACTS, call_ref(c, 'M', it->t.no));
    if (it->change != AGENDA_NEW)
        buf_join(&b, FACTS, call_text(c, arena_printf(c->mem, "calendar.is.%s", names[it->change]), NO_ARGS));
    buf_join(&b, FACTS, plan_span(c, &it->t));
    buf_join(&b, FACTS, it->t.n_people ? people_text(c, &it->t, NULL) : plan_who(c, &it->t));
    buf_join(&b, FACTS, channel_text(c, &it->t));
    return arena_strdup(c->mem, buf_str(&b));
}

static void tell_nobody(struct call *c, struct reply *r, const struct agenda *a)
{
    struct buf when = BUF_ON(c->mem);
    int shown = (int)(sizeof a->nobody_ms / sizeof *a->nobody_ms);
    for (int i = 0; i < a->nobody && i < shown; i++)
        buf_join(&when, comma(c), label_date(c, a->nobody_ms[i]));
    reply_soft(r, call_text(c, "calendar.nobody", ARGS(NUM("n", a->nobody), TXT("when", buf_str(&when)), TXT("more", a->nobody > shown ? "yes" : "no"))));
}

/* What a reader could miss, each in a line. */
static void tell_left(struct call *c, struct reply *r, const struct agenda *a)
{
    struct buf who = BUF_ON(c->mem);
    for (int i = 0; i < a->n_unknown; i++)
        buf_join(&who, comma(c), a->unknown[i]);
    if (a->n_unknown)
        reply_soft(r, call_text(c, "calendar.unknown", ARGS(TXT("who", buf_str(&who)))));
    if (a->nobody)
        tell_nobody(c, r, a);
    if (a->all_day)
        reply_soft(r, call_text(c, "calendar.all_day", ARGS(NUM("n", a->all_day))));
    if (a->later)
        reply_soft(r, call_text(c, "calendar.later", ARGS(NUM("n", a->later), NUM("days", AGENDA_DAYS))));
    if (a->file.unread)
        reply_soft(r, call_text(c, "calendar.unread", ARGS(NUM("n", a->file.unread))));
    if (a->floating)
        reply_soft(r, call_text(c, "calendar.floating", ARGS(NUM("n", a->floating), TXT("zone", zone_label(c, c->when.zone)))));
    if (a->file.odd_zone)
        reply_soft(r, call_text(c, "calendar.odd_zone", ARGS(TXT("odd", a->file.odd_zone), TXT("zone", zone_label(c, c->when.zone)))));
    if (a->full || a->file.more)
        reply_soft(r, call_text(c, "calendar.full", ARGS(NUM("max", AGENDA_ITEMS))));
}

void agenda_tell(struct call *c, struct reply *r, const struct agenda *a, bool done)
{
    int shown = 0, all = a->n - a->n_of[AGENDA_SAME];
    for (int i = 0; i < a->n; i++) {
        const struct agenda_item *it = &a->items[i];
        if (it->change == AGENDA_SAME || shown == SHOWN)
            continue;
        char *id = it->t.no ? call_ref(c, 'M', it->t.no) : NULL;
        reply_item(r, line_of(c, it), id ? arena_printf(c->mem, "show %s", id) : NULL);
        shown++;
        if (!done)
            continue;
        reply_record(r, id, it->change == AGENDA_NEW ? "created" : "changed");
        reply_data_ms(r, "at", it->t.at_ms);
        reply_data(r, "state", it->t.state);
    }
    if (shown < all)
        reply_line(r, call_text(c, "calendar.more", ARGS(NUM("n", all - shown))));
    tell_left(c, r, a);
}
