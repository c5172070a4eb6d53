/* plan: a meeting that is to be. It is no touch point until it was held (met). The nudge
 * comes five minutes before the start and never earlier: on time is late, earlier a faux pas. */
#include "handlers/plan.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/notice.h"
#include "bot/store/follows.h"
#include "bot/store/profile.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg plan_args[] = {
    { "record", ARG_RECORD, 0 },
    { "plan_act", ARG_PLAN_ACT, 0 },
    { "person", ARG_PERSON, MANY },
    { "manner", ARG_MANNER, MANY },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, MANY },
    { "deal", ARG_DEAL, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "when", ARG_WHEN, 0 },
    { "zone", ARG_ZONE, 0 },
    { "minutes", ARG_MINUTES, 0 },
    { "member", ARG_MEMBER, MANY },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static const char *typed_zone(struct call *c, const char *usual, struct err *e)
{
    const char *zone = c->f->zone ? zone_named(c, c->f->zone) : c->f->word[WORD_ZONE];
    if (c->f->zone && !zone)
        (void)fail(e, ERR_USAGE, "plan.zone_unknown", ARGS(TXT("zone", c->f->zone)), "unknown zone");
    return zone ? zone : usual;
}

bool plan_time(struct call *c, const char *usual_zone, struct touch *t, bool *twice, struct err *e)
{
    const struct when *w = &c->f->when;
    e->code = ERR_NONE;
    t->zone = typed_zone(c, usual_zone, e);
    if (e->code != ERR_NONE)
        return false;
    if (!w->has_time)
        return fail(e, ERR_USAGE, "plan.when", ARGS(TXT("known", w->has_date ? "yes" : "no"), TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(w->at_ms, c->when.zone)))), "no time");
    struct civil typed = civil_of(w->at_ms, c->when.zone); /* read in the member's zone, meant in the other */
    t->at_ms = instant_of(&typed, t->zone);
    struct civil meant = civil_of(t->at_ms, t->zone);
    bool skipped = w->skipped || meant.hour != typed.hour || meant.minute != typed.minute;
    *twice = when_repeats(t->at_ms, t->zone);
    if (skipped)
        return fail(e, ERR_USAGE, "when.skipped",
            ARGS(TXT("later", arena_printf(c->mem, "%02d:%02d", meant.hour, meant.minute)), TXT("zone", zone_label(c, t->zone))), "skipped");
    if (t->at_ms <= c->now_ms)
        return fail(e, ERR_USAGE, "plan.past", ARGS(TXT("when", label_date(c, t->at_ms))), "has passed");
    t->minutes = c->f->minutes     ? c->f->minutes
                 : w->end_ms       ? (int)((w->end_ms - w->at_ms) / MINUTE_MS)
                 : t->minutes      ? t->minutes
                                   : PLAN_MINUTES;
    return true;
}

static bool add_reminder(struct call *c, const struct touch *t, const char *kind, int64_t member, int64_t at_ms, struct err *e)
{
    struct civil at = civil_of(at_ms, t->zone);
    struct follow f = { .member_id = member, .kind = kind, .step = 1, .customer_id = t->customer_id,
        .partner_id = t->n_partners ? t->partners[0] : 0, .deal_id = t->deal_id, .touch_id = t->id, .zone = t->zone,
        .due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute),
        .due_ms = at_ms };
    return follow_add(c->db, &f, c->now_ms, e) != 0;
}

bool plan_remind(struct call *c, const struct touch *t, int64_t standin, struct err *e)
{
    int64_t start = t->at_ms - t->at_ms % MINUTE_MS;
    return follow_close_plan(c->db, t->id, c->now_ms, e) &&
           add_reminder(c, t, "join", standin ? standin : t->member_id, start - PLAN_NUDGE * MINUTE_MS, e) &&
           add_reminder(c, t, "after", t->member_id, start + t->minutes * MINUTE_MS, e);
}

char *plan_span(struct call *c, const struct touch *t)
{
    struct when_context there = c->when;
    there.zone = t->zone ? t->zone : c->when.zone;
    char *span = call_text(c, "met.span", ARGS(TXT("from", when_format(&c->when, c->mem, c->locale, t->at_ms)),
        TXT("to", when_format_time(&c->when, c->mem, c->locale, t->at_ms + t->minutes * MINUTE_MS))));
    if (zone_offset_minutes(t->at_ms, there.zone) == zone_offset_minutes(t->at_ms, c->when.zone))
        return span;
    return call_text(c, "plan.there", ARGS(TXT("span", span), TXT("zone", catalogue_word(c->words, c->locale, "zone", there.zone)),
        TXT("time", when_format(&there, c->mem, c->locale, t->at_ms))));
}

char *plan_who(struct call *c, const struct touch *t)
{
    return t->customer_id  ? label_customer(c, t->customer_id)
           : t->n_partners ? label_partner(c, t->partners[0])
                           : people_text(c, t, c->f ? c->f->honorific : NULL);
}

static char *title_of(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'M', t->no));
    buf_join(&b, " · ", call_text(c, "plan.with", ARGS(TXT("who", plan_who(c, t)))));
    if (strcmp(t->channel, "in_person") || t->place)
        buf_join(&b, " · ", channel_text(c, t));
    buf_join(&b, " · ", label_assumed(c, !c->f->minutes && !c->f->when.end_ms, when_format_minutes(&c->when, c->mem, c->locale, t->minutes)));
    buf_join(&b, " · ", plan_span(c, t));
    return arena_strdup(c->mem, buf_str(&b));
}

/* One that begins too close, and who might go instead. */
static bool warn_close(struct call *c, struct reply *r, const struct touch *t, struct err *e)
{
    struct touch near[4];
    int64_t apart = PLAN_APART * MINUTE_MS;
    struct touch_filter by = { .member = t->member_id, .from_ms = t->at_ms - apart + 1, .to_ms = t->at_ms + apart };
    int n = touch_list_planned(c->db, c->mem, &by, near, 4, e);
    bool wanted = !notice_muted(c->db, c->mem, c->member->id, "hints", e);
    for (int i = 0; i < n && wanted; i++) {
        if (near[i].id == t->id)
            continue;
        int64_t minutes = llabs(near[i].at_ms - t->at_ms) / MINUTE_MS;
        reply_warning(r, call_text(c, "plan.close", ARGS(TXT("id", call_ref(c, 'M', near[i].no)), TXT("who", plan_who(c, &near[i])),
            TXT("when", when_format_time(&c->when, c->mem, c->locale, near[i].at_ms)), NUM("minutes", minutes))));
        reply_button(r, "fill", arena_printf(c->mem, "plan M%lld %s ", (long long)t->no,
            catalogue_word(c->words, c->locale, "plan_act", "standin")), "plan.button.standin", NO_ARGS);
        break;
    }
    return e->code == ERR_NONE;
}

int64_t plan_standin(struct call *c, const struct touch *t, int64_t *nudge_ms, struct err *e)
{
    struct follow f[2];
    int64_t found = 0;
    *nudge_ms = 0;
    int n = follow_plan(c->db, c->mem, t->id, f, 2, e);
    for (int i = 0; i < n; i++)
        if (!strcmp(f[i].kind, "join")) {
            found = f[i].member_id != t->member_id ? f[i].member_id : 0;
            *nudge_ms = f[i].due_ms;
        }
    return found;
}

static void put_buttons(struct call *c, struct reply *r, const struct touch *t)
{
    char *id = call_ref(c, 'M', t->no);
    reply_button(r, "plain", arena_printf(c->mem, "brief %s", id), "plan.button.brief", NO_ARGS);
    reply_button(r, "fill", arena_printf(c->mem, "plan %s ", id), "plan.button.move", NO_ARGS);
    reply_button(r, "plain", arena_printf(c->mem, "plan %s %s", id, catalogue_word(c->words, c->locale, "plan_act", "cancelled")),
        "plan.button.cancel", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
}

bool plan_tell(struct call *c, const char *code, const char *said, const struct touch *t, const char *verb, struct err *e)
{
    int64_t nudge;
    struct reply *r = reply_titled(c, REPLY_OK, code, title_of(c, t));
    int64_t standin = plan_standin(c, t, &nudge, e);
    char *time = when_format_time(&c->when, c->mem, c->locale, nudge);
    if (said)
        reply_line(r, said);
    if ((t->n_people || t->others) && (t->customer_id || t->n_partners))
        reply_soft(r, call_text(c, "plan.people", ARGS(TXT("who", people_text(c, t, c->f->honorific)))));
    if (t->note_id)
        reply_note(r, t->note_id, t->note_rev);
    if (t->link && !(c->f->note && strstr(c->f->note, t->link)))
        reply_soft(r, t->link);
    if (t->deal_id)
        reply_soft(r, call_text(c, "touch.deal", ARGS(TXT("deal", label_deal(c, t->deal_id)))));
    if (standin)
        reply_line(r, call_text(c, "plan.standin", ARGS(TXT("who", label_member(c, standin)), TXT("time", time), TXT("linked", t->link ? "yes" : "no"))));
    else if (nudge > c->now_ms)
        reply_line(r, call_text(c, "plan.nudge", ARGS(TXT("time", time))));
    if (!standin && !warn_close(c, r, t, e))
        return false;
    put_buttons(c, r, t);
    record_touch(c, r, t, verb, level_of(c, "all"));
    reply_data(r, "state", t->state);
    reply_data(r, "zone", t->zone);
    return e->code == ERR_NONE;
}

static bool find_planned(struct call *c, struct touch *t, bool *typed, struct err *e)
{
    *typed = false;
    for (int i = 0; i < c->f->n_refs && !*typed; i++) {
        if (c->f->refs[i].kind != 'M')
            continue;
        *typed = true;
        if (!touch_load(c->db, c->mem, 'M', c->f->refs[i].no, t, e))
            return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'M', c->f->refs[i].no))), "no meeting");
    }
    return true;
}

bool plan_held(struct call *c, const struct touch *held, struct touch *out, struct err *e)
{
    bool typed;
    enum { EARLY = 15 };
    int32_t day = day_of(held->at_ms, c->when.zone);
    int64_t end = day_start_ms(day + 1, c->when.zone), soon = c->now_ms + EARLY * MINUTE_MS; /* one this evening was not held yet */
    struct touch_filter by = { .member = c->member->id, .customer = held->customer_id,
        .partner = held->customer_id || !held->n_partners ? 0 : held->partners[0],
        .from_ms = day_start_ms(day, c->when.zone), .to_ms = end < soon ? end : soon };
    e->code = ERR_NONE;
    if (!find_planned(c, out, &typed, e))
        return false;
    if (typed && (strcmp(out->state, "planned") != 0 || out->member_id != c->member->id))
        return fail(e, ERR_CONFLICT, "plan.over", ARGS(TXT("id", call_ref(c, 'M', out->no)),
            TXT("state", strcmp(out->state, "planned") ? out->state : "others"), TXT("who", label_member(c, out->member_id))), "not planned");
    return typed || ((by.customer || by.partner) && touch_list_planned(c->db, c->mem, &by, out, 1, e) == 1);
}

static bool plan_new(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct touch t = { .kind = 'M', .state = "planned", .member_id = c->member->id, .place = f->word[WORD_PLACE],
        .channel = f->word[WORD_CHANNEL] ? f->word[WORD_CHANNEL] : "in_person", .outcome = "reached", .link = typed_link(c) };
    struct meant_deal meant;
    struct deal d;
    bool twice = false;
    if (!plan_time(c, c->when.zone, &t, &twice, e) || !take_people(c, &t, e) ||
        !find_deal(c, t.customer_id, t.n_partners ? t.partners[0] : 0, &meant, e))
        return false;
    t.deal_id = meant.id;
    if (t.deal_id && !t.customer_id && deal_load(c->db, c->mem, t.deal_id, &d, e))
        t.customer_id = d.customer_id;
    if (!t.n_people && !t.n_partners && !t.customer_id)
        return fail(e, ERR_USAGE, "plan.with_whom", NULL, "nobody named");
    if (!store_note(c, "all", t.deal_id, &t.note_id, &t.note_rev, e) || !touch_add(c->db, &t, c->now_ms, e) ||
        !plan_remind(c, &t, f->n_members ? f->members[0] : 0, e))
        return false;
    const char *said = twice ? call_text(c, "when.twice", ARGS(TXT("zone", zone_label(c, t.zone)))) : NULL;
    return plan_tell(c, "plan.planned", said, &t, "created", e);
}

static bool plan_run(struct call *c, struct err *e)
{
    struct touch t;
    bool typed;
    e->code = ERR_NONE;
    if (!find_planned(c, &t, &typed, e))
        return false;
    return typed ? plan_change(c, &t, e) : plan_new(c, e);
}

const struct command plan_command = { .id = "plan", .args = plan_args, .may = ROLE_SALES, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_AHEAD, .run = plan_run };
