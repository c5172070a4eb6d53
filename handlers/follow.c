/* follow, done, snooze: one's own follow-ups. today.c has the day. */
#include <stdio.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/follow_text.h"
#include "bot/store/follows.h"
#include "handlers/follow.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { MORNING = 10, EVENING = 19, EVENING_MINUTE = 30, LIST_MAX = 20 };

static const struct arg follow_args[] = {
    { "person", ARG_PERSON, MANY },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "when", ARG_WHEN, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg done_args[] = {
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, 0 },
    { 0 },
};
static const struct arg snooze_args[] = {
    { "record", ARG_RECORD, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

/* What is stored is the wall time and its zone; the instant follows from them. */
static void set_due(struct call *c, struct follow *f, int64_t at_ms)
{
    struct civil at = civil_of(at_ms, c->when.zone);
    f->zone = c->when.zone;
    f->due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day,
        at.hour, at.minute);
    f->due_ms = at_ms - at_ms % MINUTE_MS;
}

static int64_t day_at(struct call *c, int32_t day, int hour, int minute)
{
    struct civil at = civil_of_day(day);
    at.hour = hour;
    at.minute = minute;
    return instant_of(&at, c->when.zone);
}

/* No time typed: tonight 19:30, or tomorrow at ten where that has passed. */
static int64_t due_of(struct call *c, bool *assumed)
{
    const struct when *w = &c->f->when;
    int32_t today = day_of(c->now_ms, c->when.zone);
    *assumed = !w->has_time;
    if (w->has_time)
        return w->at_ms;
    if (w->has_date) {
        int64_t morning = day_at(c, day_of(w->at_ms, c->when.zone), MORNING, 0);
        return morning > c->now_ms && !w->deadline ? morning : w->at_ms; /* today, in the next half hour */
    }
    int64_t evening = day_at(c, today, EVENING, EVENING_MINUTE);
    return evening > c->now_ms ? evening : day_at(c, today + 1, MORNING, 0);
}

/* Clocks are put forward over the time that was typed; `later` is what comes behind it. */
static bool follow_skipped(struct call *c, int64_t later, struct err *e)
{
    return fail(e, ERR_USAGE, "when.skipped", ARGS(TXT("later", when_format_time(&c->when, c->mem, c->locale, later)),
        TXT("zone", zone_label(c, c->when.zone))), "skipped");
}

static char *whom(struct call *c, const struct follow *f)
{
    struct person p;
    struct err e;
    if (f->person_id && person_load(c->db, c->mem, f->person_id, &p, &e))
        return label_person_at(c, &p, c->f->n_people ? c->f->honorific : NULL);
    return f->deal_id      ? label_deal(c, f->deal_id)
           : f->customer_id ? label_customer(c, f->customer_id)
           : f->partner_id ? label_partner(c, f->partner_id)
                           : arena_strdup(c->mem, "");
}

void follow_record(struct call *c, struct reply *r, const struct follow *f, const char *verb)
{
    reply_record(r, call_ref(c, 'F', f->id), verb);
    reply_data(r, "state", f->state ? f->state : "open");
    reply_data_ms(r, "due", f->due_ms);
    reply_data_ref(r, "person", 'C', f->person_id);
    reply_data_ref(r, "customer", 'A', f->customer_id);
    reply_data_ref(r, "partner", 'P', f->partner_id);
    reply_data_ref(r, "deal", 'D', f->deal_id);
}

/* The deal typed, or the only one it can be about. */
static bool follow_deal(struct call *c, struct follow *fo, struct meant_deal *meant, struct err *e)
{
    struct person p = { 0 };
    if (fo->person_id && !person_load(c->db, c->mem, fo->person_id, &p, e) && e->code != ERR_NONE)
        return false;
    if (!find_deal(c, fo->customer_id ? fo->customer_id : p.customer_id,
            fo->partner_id ? fo->partner_id : p.partner_id, meant, e))
        return false;
    fo->deal_id = meant->id;
    return true;
}

char *follow_line(struct call *c, const struct follow *f)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'F', f->id));
    buf_join(&b, " · ", label_date(c, f->due_ms));
    buf_join(&b, " · ", whom(c, f));
    buf_join(&b, " · ", follow_purpose(c, f));
    return arena_strdup(c->mem, buf_str(&b));
}

/* Several people are as many follow-ups: each is done by itself. */
static bool add_others(struct call *c, struct reply *r, const struct follow *first, struct err *e)
{
    for (int i = 1; i < c->f->n_people; i++) {
        struct follow fo = *first;
        struct meant_deal meant;
        fo.person_id = c->f->people[i];
        if (!follow_deal(c, &fo, &meant, e))
            return false;
        fo.id = follow_add(c->db, &fo, c->now_ms, e);
        if (!fo.id)
            return false;
        reply_item(r, follow_line(c, &fo), arena_printf(c->mem, "show F%lld", (long long)fo.id));
        follow_record(c, r, &fo, "created");
    }
    return true;
}

static bool follow_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct follow fo = { .member_id = c->member->id };
    struct meant_deal meant;
    bool assumed;
    int64_t rev;
    e->code = ERR_NONE;
    fo.person_id = f->n_people ? f->people[0] : 0;
    fo.customer_id = f->n_customers ? f->customers[0] : 0;
    fo.partner_id = f->n_partners ? f->partners[0] : 0;
    if (!follow_deal(c, &fo, &meant, e))
        return false;
    if (!fo.person_id && !fo.customer_id && !fo.partner_id && !fo.deal_id && !f->note)
        return fail(e, ERR_USAGE, "follow.whom", NULL, "nobody named");
    int64_t due = due_of(c, &assumed);
    if (f->when.skipped)
        return follow_skipped(c, due, e);
    if (due <= c->now_ms)
        return fail(e, ERR_USAGE, "follow.past", ARGS(TXT("when", label_date(c, due))), "has passed");
    set_due(c, &fo, due);
    if (!store_note(c, "me", 0, &fo.note_id, &rev, e))
        return false;
    fo.id = follow_add(c->db, &fo, c->now_ms, e);
    if (!fo.id)
        return false;
    char *id = call_ref(c, 'F', fo.id);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", id);
    char *who = whom(c, &fo);
    buf_join(&b, " · ", *who ? call_text(c, "follow.set", ARGS(TXT("who", who))) : call_text(c, "remind.follow_up", NO_ARGS));
    buf_join(&b, " · ", label_assumed(c, assumed, label_date(c, fo.due_ms)));
    struct reply *r = reply_titled(c, REPLY_OK, "follow.set", buf_str(&b));
    if (fo.note_id)
        reply_note(r, fo.note_id, rev);
    if (f->when.repeated && f->when.has_time)
        reply_soft(r, call_text(c, "when.twice", ARGS(TXT("zone", zone_label(c, c->when.zone)))));
    if (meant.assumed)
        reply_soft(r, label_assumed(c, true, call_text(c, "touch.deal", ARGS(TXT("deal", label_deal(c, fo.deal_id))))));
    if (assumed)
        reply_assumed(r, "due");
    if (meant.assumed)
        reply_assumed(r, "deal");
    if (fo.due_ms != day_at(c, day_of(c->now_ms, c->when.zone) + 1, MORNING, 0))
        reply_button(r, "plain", arena_printf(c->mem, "snooze %s tomorrow 10:00", id), "button.tomorrow", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    follow_record(c, r, &fo, "created");
    reply_data_note(r, fo.note_id, rev);
    return add_others(c, r, &fo, e);
}

static bool none_due(struct call *c, struct err *e)
{
    struct follow next[1];
    if (follow_list(c->db, c->mem, c->member->id, 0, INT64_MAX, next, 1, e) == 1)
        return fail(e, ERR_CONFLICT, "follow.none_due", ARGS(TXT("next", follow_line(c, &next[0]))), "nothing due");
    return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "follow.none", NULL, "no follow-up");
}

/* Typed (F31), by person, else the one reminded of last or due next today. */
static bool find_follow(struct call *c, struct follow *out, struct err *e)
{
    for (int i = 0; i < c->f->n_refs; i++) {
        if (c->f->refs[i].kind != 'F')
            continue;
        bool ok = follow_load(c->db, c->mem, c->f->refs[i].no, out, e) && out->member_id == c->member->id;
        return ok || (e->code == ERR_NONE &&
                         fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'F', c->f->refs[i].no))), "no follow-up"));
    }
    if (c->f->n_people) {
        struct follow all[LIST_MAX];
        int n = follow_list(c->db, c->mem, c->member->id, 0, INT64_MAX, all, LIST_MAX, e);
        for (int i = 0; i < n; i++)
            if (all[i].person_id == c->f->people[0]) {
                *out = all[i];
                return true;
            }
    } else if (follow_latest(c->db, c->mem, c->member->id, follow_day_end(c), out, e)) {
        return true;
    }
    return e->code == ERR_NONE && none_due(c, e);
}

static bool done_run(struct call *c, struct err *e)
{
    struct follow f = { 0 };
    e->code = ERR_NONE;
    if (!find_follow(c, &f, e))
        return false;
    bool clock = !strcmp(f.kind, "champion") && f.touch_id;
    if (clock && !follow_close_clock(c->db, f.touch_id, 0, c->now_ms, e))
        return false;
    f.state = "done";
    f.done_ms = c->now_ms;
    if (!follow_update(c->db, &f, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, clock ? "done.clock" : "done.done",
        ARGS(TXT("id", call_ref(c, 'F', f.id)), TXT("who", whom(c, &f))));
    reply_button(r, "quiet", arena_printf(c->mem, "undo F%lld", (long long)f.id), "button.undo", NO_ARGS);
    follow_record(c, r, &f, "changed");
    return true;
}

static bool snooze_run(struct call *c, struct err *e)
{
    struct follow f = { 0 };
    const struct when *w = &c->f->when;
    e->code = ERR_NONE;
    if (!find_follow(c, &f, e))
        return false;
    int32_t day = day_of(c->now_ms, c->when.zone);
    int64_t due = w->has_time   ? w->at_ms
                  : w->has_date ? day_at(c, day_of(w->at_ms, c->when.zone), MORNING, 0)
                  : c->f->minutes ? c->now_ms + c->f->minutes * MINUTE_MS
                                  : day_at(c, day + 1, MORNING, 0);
    if (w->skipped)
        return follow_skipped(c, due, e);
    if (due <= c->now_ms)
        return fail(e, ERR_USAGE, "follow.past", ARGS(TXT("when", label_date(c, due))), "has passed");
    set_due(c, &f, due);
    f.state = "open";
    f.sent_ms = 0;
    if (!follow_update(c->db, &f, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'F', f.id));
    buf_join(&b, " · ", whom(c, &f));
    buf_join(&b, " · ", label_assumed(c, !w->has_time, label_date(c, due)));
    struct reply *r = reply_titled(c, REPLY_OK, "snooze.done", buf_str(&b));
    reply_soft(r, call_text(c, "snooze.done", NO_ARGS));
    reply_button(r, "quiet", arena_printf(c->mem, "undo F%lld", (long long)f.id), "button.undo", NO_ARGS);
    follow_record(c, r, &f, "changed");
    return true;
}

const struct command follow_command = { .id = "follow", .args = follow_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_AHEAD, .run = follow_run };
const struct command done_command = { .id = "done", .args = done_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = done_run };
const struct command snooze_command = { .id = "snooze", .args = snooze_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_AHEAD, .run = snooze_run };
