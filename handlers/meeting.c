/* met: a meeting that was held. Asks for the room's stance and sets the champion clock. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "bot/store/profile.h"
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/plan.h"
#include "bot/text/calendar.h"

enum { DEFAULT_MINUTES = 60, EVENING_HOUR = 19, EVENING_MINUTE = 30 };

static const struct arg met_args[] = {
    { "person", ARG_PERSON, MANY },
    { "manner", ARG_MANNER, MANY },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, MANY },
    { "deal", ARG_DEAL, 0 },
    { "record", ARG_RECORD, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "minutes", ARG_MINUTES, 0 },
    { "when", ARG_WHEN, 0 },
    { "stance", ARG_STANCE, 0 },
    { "money", ARG_MONEY, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* A meeting ended now, rounded down to five minutes; a stated time is its start. */
static void set_times(struct call *c, struct touch *t)
{
    const struct when *w = &c->f->when;
    t->minutes = c->f->minutes ? c->f->minutes : DEFAULT_MINUTES;
    if (w->has_time || w->has_date) {
        t->at_ms = w->at_ms;
        if (w->end_ms > w->at_ms)
            t->minutes = (int)((w->end_ms - w->at_ms) / MINUTE_MS);
        return;
    }
    int64_t end = c->now_ms - c->now_ms % (5 * MINUTE_MS);
    t->at_ms = end - t->minutes * MINUTE_MS;
}

static char *span_text(struct call *c, const struct touch *t)
{
    const struct when *w = &c->f->when;
    bool planned = t->zone != NULL;
    if (w->has_date && !w->has_time && !planned)
        return when_text(c, c->f, t->at_ms);
    char *from = when_format(&c->when, c->mem, c->locale, t->at_ms);
    char *to = when_format_time(&c->when, c->mem, c->locale, t->at_ms + t->minutes * MINUTE_MS);
    bool typed = planned || (w->has_time && !w->approximate);
    return label_assumed(c, !typed, call_text(c, "met.span", ARGS(TXT("from", from), TXT("to", to))));
}

static char *partners_text(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < t->n_partners; i++)
        buf_join(&b, call_text(c, "list.comma", NO_ARGS), label_partner(c, t->partners[i]));
    return b.n ? call_text(c, "met.with", ARGS(TXT("who", buf_str(&b)))) : NULL;
}

static char *title_of(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    char *with = t->customer_id  ? label_customer(c, t->customer_id)
                 : t->n_partners ? label_partner(c, t->partners[0])
                                 : people_text(c, t, c->f->honorific);
    buf_join(&b, " · ", call_ref(c, 'M', t->no));
    buf_join(&b, " · ", call_text(c, "met.meeting", ARGS(TXT("who", with))));
    if (strcmp(t->channel, "in_person") || t->place)
        buf_join(&b, " · ", channel_text(c, t));
    char *minutes = when_format_minutes(&c->when, c->mem, c->locale, t->minutes);
    buf_join(&b, " · ", label_assumed(c, !c->f->minutes && !c->f->when.end_ms && !t->zone, minutes));
    buf_join(&b, " · ", span_text(c, t));
    if (t->customer_id)
        buf_join(&b, " · ", partners_text(c, t));
    buf_join(&b, " · ", amount_text(c, t));
    buf_join(&b, " · ", t->note_id ? level_text(c, level_of(c, "all"), "all") : NULL);
    return arena_strdup(c->mem, buf_str(&b));
}

/* In the room: 部長 (name unknown), 佐藤様, 2 others · silent: CFO */
static void room_line(struct call *c, struct reply *r, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    if (t->n_people || t->others)
        buf_join(&b, " · ", call_text(c, "met.room", ARGS(TXT("who", people_text(c, t, c->f->honorific)))));
    buf_join(&b, " · ", cues_text(c, "met.cue"));
    reply_soft(r, buf_str(&b));
}

/* Who is to be asked on that day: the champion, never whoever was most senior in the room;
 * of several one who is not away. */
static bool champion_of(struct call *c, const struct touch *t, int32_t day, int64_t *person, struct err *e)
{
    struct champion found[8];
    struct away a;
    *person = 0;
    int n = champion_list(c->db, c->mem, t->deal_id, t->customer_id,
        t->n_partners ? t->partners[0] : 0, found, 8, e);
    for (int i = 0; i < n && !*person; i++)
        if (!away_find(c->db, c->mem, found[i].person_id, day, &a, e) || !away_on(&a, day))
            *person = found[i].person_id;
    if (n && !*person)
        *person = found[0].person_id;
    return e->code == ERR_NONE;
}

/* The first evening that is still ahead: 19:30 today, else the next business day 10:00. */
static int64_t first_evening(struct call *c, char **local)
{
    struct civil at = civil_of(c->now_ms, c->when.zone);
    bool late = at.hour * 60 + at.minute >= EVENING_HOUR * 60 + EVENING_MINUTE;
    if (late)
        at = civil_of_day(business_day_add(c->member->market, day_of(c->now_ms, c->when.zone), 1));
    at.hour = late ? 10 : EVENING_HOUR;
    at.minute = late ? 0 : EVENING_MINUTE;
    at.second = 0;
    *local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute);
    return instant_of(&at, c->when.zone);
}

static bool set_clock(struct call *c, struct reply *r, const struct touch *t, struct err *e)
{
    int64_t person;
    char *local;
    if (c->now_ms - t->at_ms > 2 * DAY_MS)
        return true; /* logged long after: nothing to ask tonight */
    int64_t due = first_evening(c, &local);
    int32_t day = day_of(due, c->when.zone);
    if (!champion_of(c, t, day, &person, e))
        return false;
    struct follow f = { .member_id = c->member->id, .kind = "champion", .step = 1,
        .person_id = person, .customer_id = t->customer_id, .deal_id = t->deal_id,
        .touch_id = t->id, .due_local = local, .zone = c->when.zone, .due_ms = due };
    if (!follow_add(c->db, &f, c->now_ms, e))
        return false;
    char *at = label_date(c, due);
    if (person)
        reply_line(r, call_text(c, "met.clock", ARGS(TXT("when", at), TXT("who", label_person_id(c, person, NULL)))));
    else
        reply_line(r, call_text(c, "met.clock_nobody", ARGS(TXT("when", at))));
    struct away a;
    if (person && away_find(c->db, c->mem, person, day, &a, e) && away_on(&a, day))
        reply_warning(r, label_away(c, person, day));
    return e->code == ERR_NONE;
}

/* A stance that was typed is the room's; otherwise it is asked for. */
static bool room_stance(struct call *c, struct reply *r, const struct touch *t, struct err *e)
{
    static const char *const stances[] = { "for", "against", "split", "unknown" };
    const char *typed = c->f->word[WORD_STANCE];
    if (typed) {
        struct note n = { .touch_id = t->id, .customer_id = t->customer_id, .deal_id = t->deal_id,
            .partner_id = t->n_partners ? t->partners[0] : 0, .layer = "room", .stance = typed,
            .member_id = c->member->id, .at_ms = t->at_ms };
        reply_line(r, call_text(c, "met.stance", ARGS(TXT("stance", call_word(c, WORD_STANCE, typed)))));
        correct_buttons(c, r, call_ref(c, 'M', t->no));
        return note_add(c->db, &n, c->now_ms, e) != 0;
    }
    reply_text(r, "met.which_stance", NO_ARGS);
    for (int i = 0; i < 4; i++)
        reply_button(r, "plain", arena_printf(c->mem, "consensus M%lld %s room",
            (long long)t->no, stances[i]), arena_printf(c->mem, "button.stance_%s", stances[i]), NO_ARGS);
    return true;
}

/* A planned meeting that was held becomes this one: what was not said now is as planned. */
static bool take_plan(struct call *c, struct touch *t, bool *planned, struct err *e)
{
    struct touch p;
    const struct when *w = &c->f->when;
    *planned = plan_held(c, t, &p, e);
    if (!*planned)
        return e->code == ERR_NONE;
    t->id = p.id;
    t->no = p.no;
    t->created_ms = p.created_ms;
    t->link = p.link;
    t->zone = p.zone;
    if (!w->has_time && p.at_ms <= c->now_ms) {
        t->at_ms = p.at_ms;
        t->minutes = c->f->minutes ? c->f->minutes : p.minutes;
    }
    if (!c->f->word[WORD_CHANNEL]) {
        t->channel = p.channel;
        t->place = t->place ? t->place : p.place;
    }
    t->customer_id = t->customer_id ? t->customer_id : p.customer_id;
    t->deal_id = p.deal_id;
    if (!t->n_people) {
        memcpy(t->people, p.people, sizeof t->people);
        memcpy(t->labels, p.labels, sizeof t->labels);
        t->n_people = p.n_people;
        t->others = t->others ? t->others : p.others;
    }
    if (!t->n_partners) {
        memcpy(t->partners, p.partners, sizeof t->partners);
        t->n_partners = p.n_partners;
    }
    t->note_id = p.note_id;
    t->note_rev = p.note_rev;
    return true;
}

/* The reminders of a plan end with it. */
static bool store_meeting(struct call *c, struct touch *t, bool planned, struct err *e)
{
    if (!planned)
        return touch_add(c->db, t, c->now_ms, e);
    t->state = "held";
    return touch_update(c->db, c->mem, t, c->now_ms, e) && follow_close_plan(c->db, t->id, c->now_ms, e);
}

static void tell_assumed(struct reply *r, const struct frame *f, bool planned, bool deal)
{
    if (!f->word[WORD_CHANNEL])
        reply_assumed(r, "channel");
    if (!f->minutes && !f->when.end_ms && !planned)
        reply_assumed(r, "minutes");
    if (!f->when.has_time && !planned)
        reply_assumed(r, "at");
    if (deal)
        reply_assumed(r, "deal");
}

static bool met_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    struct touch t = { .kind = 'M', .member_id = c->member->id, .place = f->word[WORD_PLACE],
        .channel = f->word[WORD_CHANNEL] ? f->word[WORD_CHANNEL] : "in_person",
        .outcome = "reached", .cues = cue_list(c), .amount_minor = f->money.minor,
        .currency = f->has_money ? f->money.currency : NULL };
    struct meant_deal meant;
    bool planned;
    e->code = ERR_NONE;
    set_times(c, &t);
    if (!take_people(c, &t, e) || !take_plan(c, &t, &planned, e) ||
        !find_deal(c, t.customer_id, t.n_partners ? t.partners[0] : 0, &meant, e))
        return false;
    t.deal_id = meant.id && !(planned && t.deal_id && meant.assumed) ? meant.id : t.deal_id;
    meant.assumed = meant.assumed && meant.id == t.deal_id && !planned;
    struct deal d;
    if (t.deal_id && !t.customer_id && deal_load(c->db, c->mem, t.deal_id, &d, e))
        t.customer_id = d.customer_id;
    if (!t.n_people && !t.n_partners && !t.customer_id)
        return fail(e, ERR_USAGE, "met.with_whom", NULL, "nobody named");
    int64_t note = 0, rev = 0;
    if (!store_note(c, "all", t.deal_id, &note, &rev, e))
        return false;
    t.note_id = note ? note : t.note_id;
    t.note_rev = note ? rev : t.note_rev;
    if (!store_meeting(c, &t, planned, e) ||
        (t.deal_id && !deal_open_if_registered(c->db, t.deal_id, e)))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "met.logged", title_of(c, &t));
    room_line(c, r, &t);
    if (t.note_id)
        reply_note(r, t.note_id, t.note_rev);
    if (t.deal_id)
        reply_soft(r, label_assumed(c, meant.assumed, call_text(c, "touch.deal", ARGS(TXT("deal", label_deal(c, t.deal_id))))));
    tell_assumed(r, f, planned, meant.assumed);
    record_touch(c, r, &t, planned ? "changed" : "created", level_of(c, "all"));
    reply_data(r, "stance", f->word[WORD_STANCE]);
    if (!room_stance(c, r, &t, e) || !set_clock(c, r, &t, e))
        return false;
    cue_chips(c, r, call_ref(c, 'M', t.no));
    if (!f->word[WORD_STANCE])
        reply_quick(r, call_text(c, "button.undo", NO_ARGS), arena_printf(c->mem, "undo M%lld", (long long)t.no));
    return true;
}

const struct command met_command = {
    .id = "met",
    .args = met_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = met_run,
};
