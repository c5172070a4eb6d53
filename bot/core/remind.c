/* The follow-up clock: what is due goes out once, in the transaction that marks it sent.
 * What came due while the program was down goes out too and says how late it is. */
#include <stdio.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/circuit.h"
#include "bot/core/draft.h"
#include "bot/core/engine_private.h"
#include "bot/core/label.h"
#include "bot/core/notice.h"
#include "bot/core/remind.h"
#include "bot/store/follows.h"
#include "bot/store/profile.h"
#include "bot/store/touches.h"
#include "bot/text/calendar.h"

/* SLICE_US: a further batch is begun until then. */
enum { BATCH = 64, SLICE_US = 20000, LATE_MINUTES = 2, CLOCK_STEPS = 3 };

static char *whom(struct call *c, const struct follow *f)
{
    struct person p;
    struct err e;
    if (f->person_id && person_load(c->db, c->mem, f->person_id, &p, &e))
        return label_person_at(c, &p, NULL);
    return f->customer_id  ? label_customer(c, f->customer_id)
           : f->partner_id ? label_partner(c, f->partner_id)
           : f->deal_id    ? label_deal(c, f->deal_id)
                           : arena_strdup(c->mem, "");
}

bool remind_away(struct call *c, struct reply *r, const struct follow *f)
{
    struct away a;
    struct err e;
    int32_t today = day_of(c->now_ms, c->when.zone);
    if (!f->person_id || !away_find(c->db, c->mem, f->person_id, today, &a, &e) || !away_on(&a, today))
        return true;
    reply_warning(r, label_away(c, f->person_id, today));
    if (!a.to_day || !strcmp(a.reason, "left"))
        return strcmp(a.reason, "left") != 0;
    int32_t day = business_day_add(c->member->market, a.to_day + 1, 0);
    struct civil at = civil_of_day(day);
    reply_button(r, "plain", arena_printf(c->mem, "snooze F%lld %04d-%02d-%02d 10:00", (long long)f->id,
        at.year, at.month, at.day), "button.snooze_to",
        ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, day))));
    return true;
}

void remind_late(struct call *c, struct reply *r, const struct follow *f)
{
    int64_t minutes = (c->now_ms - f->due_ms) / MINUTE_MS;
    if (minutes > LATE_MINUTES)
        reply_soft(r, call_text(c, "remind.late", ARGS(TXT("late",
                          when_format_minutes(&c->when, c->mem, c->locale, (int)minutes)))));
}

void remind_buttons(struct call *c, struct reply *r, const struct follow *f)
{
    char *id = call_ref(c, 'F', f->id);
    reply_button(r, "plain", arena_printf(c->mem, "snooze %s tomorrow 10:00", id),
        "button.tomorrow", NO_ARGS);
    reply_button(r, "plain", arena_printf(c->mem, "done %s", id), "button.done", NO_ARGS);
    reply_record(r, id, "shown");
    reply_data_ms(r, "due", f->due_ms);
    reply_data_ref(r, "person", 'C', f->person_id);
    reply_data_ref(r, "deal", 'D', f->deal_id);
}

/* What was said last, so that nobody has to look it up: T3 · LINE · today 17:20 */
static void last_talk(struct call *c, struct reply *r, const struct follow *f)
{
    struct touch t[1];
    struct err e;
    struct touch_filter by = { .member = f->member_id, .person = f->person_id,
        .to_ms = c->now_ms + 1 };
    if (!f->person_id || touch_list(c->db, c->mem, &by, t, 1, &e) != 1)
        return;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, t[0].kind, t[0].no));
    buf_join(&b, " · ", t[0].channel ? catalogue_word(c->words, c->locale, "channel", t[0].channel) : NULL);
    buf_join(&b, " · ", label_date(c, t[0].at_ms));
    reply_soft(r, buf_str(&b));
    if (t[0].note_id)
        reply_note(r, t[0].note_id, t[0].note_rev);
}

/* D4 expired while nobody was in touch about it. */
static bool remind_expired(struct call *c, const struct follow *f)
{
    struct deal d;
    struct err e;
    if (!f->deal_id || f->person_id || f->note_id || !deal_load(c->db, c->mem, f->deal_id, &d, &e) ||
        strcmp(d.state, "expired") != 0)
        return false;
    char *id = call_ref(c, 'D', d.id);
    struct reply *r = reply_new(c, REPLY_OK, "remind.expired", ARGS(TXT("deal", label_deal(c, d.id)),
        TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(d.closed_ms, c->when.team_zone)))));
    reply_button(r, "plain", arena_printf(c->mem, "reopen %s", id), "button.reopen", NO_ARGS);
    reply_button(r, "plain", arena_printf(c->mem, "show %s", id), "button.show", NO_ARGS);
    reply_record(r, id, "shown");
    reply_data(r, "state", d.state);
    return true;
}

static void remind_follow(struct call *c, const struct follow *f)
{

    char *who = whom(c, f);
    struct reply *r = *who ? reply_new(c, REPLY_OK, "remind.follow", ARGS(TXT("who", who)))
                           : reply_new(c, REPLY_OK, "remind.follow_up", NO_ARGS);
    if (f->note_id)
        reply_note(r, f->note_id, 0);
    else
        last_talk(c, r, f);
    if (f->deal_id && f->person_id)
        reply_soft(r, label_deal(c, f->deal_id));
    (void)remind_away(c, r, f);
    remind_late(c, r, f);
    char *fill = f->person_id ? arena_printf(c->mem, "touch %s: ", call_ref(c, 'C', f->person_id))
                              : arena_strdup(c->mem, "touch ");
    reply_button(r, "fill", fill, "button.log", NO_ARGS);
    remind_buttons(c, r, f);
}

/* The champion, how to reach them and what to write. Whoever left is nobody to write to. */
static bool put_champion(struct call *c, struct reply *r, const struct follow *f, const struct touch *t, bool there,
    struct err *e)
{
    struct person p;
    struct draft_about about = { "meeting", day_of(t->at_ms, c->when.zone), f->deal_id };
    e->code = ERR_NONE;
    if (!f->person_id || !person_load(c->db, c->mem, f->person_id, &p, e))
        return e->code == ERR_NONE;
    const char *reach = draft_reach(c, p.id, e);
    reply_soft(r, call_text(c, "remind.champion_is", ARGS(TXT("who", arena_printf(c->mem, "%s%s", label_person_polite(c, &p, NULL), reach)))));
    const char *say = arena_printf(c->mem, "wording F%lld %s", (long long)f->id, draft_next(c, &about, e));
    return !there || draft_put(c, r, &p, &about, say, e);
}

/* Acme, today 16:00: what do people really think? Names the champion, never the most
 * senior person. */
static void remind_champion(struct call *c, const struct follow *f)
{
    struct touch t;
    struct err e;
    if (!touch_load_id(c->db, c->mem, f->touch_id, &t, &e)) {
        remind_follow(c, f);
        return;
    }
    char *about = t.customer_id    ? label_customer(c, t.customer_id)
                  : t.n_partners   ? label_partner(c, t.partners[0])
                                   : call_ref(c, 'M', t.no);
    struct reply *r = reply_new(c, REPLY_OK, "remind.champion",
        ARGS(TXT("about", about), TXT("when", label_date(c, t.at_ms))));
    bool there = remind_away(c, r, f);
    if (!put_champion(c, r, f, &t, there, &e))
        log_err("draft", &e);
    remind_late(c, r, f);
    struct buf b = BUF_ON(c->mem);
    buf_printf(&b, "consensus M%lld", (long long)t.no);
    if (f->person_id)
        buf_printf(&b, " from C%lld", (long long)f->person_id);
    buf_printf(&b, " %s ", catalogue_word(c->words, c->locale, "layer", "afterwards"));
    reply_button(r, "fill", buf_str(&b), "button.heard", NO_ARGS);
    remind_buttons(c, r, f);
}

/* Whoever has the sign-off is asked about once; then how it might get past, and no more.
 * `k` NULL: it was taken back. */
static void remind_ringi(struct call *c, const struct follow *f, const struct circuit *k)
{
    if (!k) {
        remind_follow(c, f);
        return;
    }
    const struct ringi_step *s = circuit_holder(k);
    struct reply *r = reply_new(c, REPLY_OK, f->step > 1 ? "ringi.way_out" : "ringi.chase",
        ARGS(TXT("deal", label_deal(c, k->r.deal_id))));
    reply_line(r, s ? circuit_where(c, k, s) : circuit_returned(c, k));
    reply_line(r, circuit_progress(c, k));
    if (f->step > 1)
        reply_soft(r, call_text(c, "ringi.ways", NO_ARGS));
    remind_late(c, r, f);
    char *id = call_ref(c, 'R', f->ringi_id);
    reply_button(r, "fill", arena_printf(c->mem, "ringi %s ", id), "ringi.button.moved", NO_ARGS);
    remind_buttons(c, r, f);
}

static void set_ten(struct call *c, struct follow *f, int32_t day)
{
    struct civil at = civil_of_day(day);
    at.hour = 10;
    f->due_ms = instant_of(&at, f->zone);
    f->due_local = arena_printf(c->mem, "%04d-%02d-%02dT10:00", at.year, at.month, at.day);
}

/* A check of a sign-off that nobody waits for any more is over without a word, and one whose
 * holder is away is put off until he is back. */
static bool settle_ringi(struct call *c, struct follow *f, const struct circuit *k, bool *settled, struct err *e)
{
    struct away a;
    const struct ringi_step *s = circuit_holder(k);
    bool over = !strcmp(k->deal.state, "lost") || !strcmp(k->deal.state, "expired") || k->r.ended_ms;
    int32_t today = day_of(c->now_ms, f->zone);
    bool gone = s && s->person_id && away_find(c->db, c->mem, s->person_id, today, &a, e) && away_on(&a, today) && a.to_day;
    *settled = over || gone;
    if (!*settled)
        return e->code == ERR_NONE;
    f->state = over ? "done" : "open";
    f->done_ms = over ? c->now_ms : 0;
    f->sent_ms = 0;
    if (gone)
        set_ten(c, f, circuit_check_day(c, k));
    return follow_update(c->db, f, e);
}

/* Same evening, next business day, two business days later; of a sign-off once more after
 * as many days as it was waited for. Then it is over. 0: it is. */
static int32_t next_day(struct call *c, const struct follow *f)
{
    int32_t today = day_of(c->now_ms, f->zone);
    if (!strcmp(f->kind, "champion") && f->step < CLOCK_STEPS)
        return business_day_add(c->member->market, today, f->step == 1 ? 1 : 2);
    return !strcmp(f->kind, "ringi") && f->step == 1 ? business_day_add(c->member->market, today, CIRCUIT_WAIT_DAYS) : 0;
}

static bool next_step(struct call *c, const struct follow *f, struct err *e)
{
    int32_t day = next_day(c, f);
    bool clock = !strcmp(f->kind, "champion") && f->touch_id;
    if (clock && !follow_close_clock(c->db, f->touch_id, f->step < CLOCK_STEPS ? f->step : 0, c->now_ms, e))
        return false; /* each takes the place of the one before; the third ends the clock */
    if (!day)
        return true;
    struct follow next = *f;
    next.step = f->step + 1;
    set_ten(c, &next, day);
    return follow_add(c->db, &next, c->now_ms, e) != 0;
}

/* Whoever has a stand-in hears that they were told. */
static bool tell_owner(struct engine *g, const struct follow *f, int64_t now_ms, struct err *e)
{
    struct call c = { 0 };
    struct touch t;
    struct member *m = ARENA_NEW(&g->mem, struct member);
    if (!touch_load_id(g->db, &g->mem, f->touch_id, &t, e) || t.member_id == f->member_id ||
        !member_by_id(g->db, &g->mem, t.member_id, m, e))
        return e->code == ERR_NONE;
    struct place at = engine_place(g, m->id, e);
    engine_call(g, &c, m, at.network, at.conversation, now_ms);
    bool ok = e->code == ERR_NONE && remind_standin(&c, f, e) && engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

static bool remind_meeting(struct engine *g, struct call *c, struct follow *f, struct err *e)
{
    bool settled;
    bool ok = e->code == ERR_NONE && remind_plan(c, f, &settled, e) && follow_settle(g->db, f, e) &&
              (settled || tell_owner(g, f, c->now_ms, e)) && engine_store_replies(g, c, 0, NULL, e);
    reply_drop_all(c);
    return ok;
}

static bool remind_signed(struct engine *g, struct call *c, struct follow *f, struct err *e)
{
    bool settled;
    bool ok = e->code == ERR_NONE && remind_won(c, f, &settled, e) && follow_settle(g->db, f, e) &&
              engine_store_replies(g, c, 0, NULL, e);
    reply_drop_all(c);
    return ok;
}

/* Whom reminders go to, looked up once for those that are due together. */
struct listener {
    struct listener *next;
    int64_t id;
    bool gone;
    struct member m;
    struct place at;
    int64_t quiet_until; /* 0: may be spoken to */
};

static struct listener *find_listener(struct engine *g, struct listener **list, int64_t id, int64_t now_ms, struct err *e)
{
    for (struct listener *l = *list; l; l = l->next)
        if (l->id == id)
            return l;
    struct listener *l = ARENA_NEW(&g->mem, struct listener);
    l->id = id;
    l->gone = !member_by_id(g->db, &g->mem, id, &l->m, e);
    if (!l->gone) {
        l->quiet_until = notice_quiet_end(g->db, &g->mem, &l->m, now_ms, e);
        l->at = e->code == ERR_NONE ? engine_place(g, id, e) : l->at;
    }
    l->next = *list;
    *list = l;
    return l;
}

/* Quiet hours put a reminder off; a meeting does not wait for them. */
static bool put_off(struct engine *g, const struct listener *l, struct follow *f, struct err *e)
{
    struct civil at = civil_of(l->quiet_until, l->m.zone);
    f->zone = l->m.zone;
    f->due_local = arena_printf(&g->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute);
    f->due_ms = l->quiet_until;
    f->state = "open";
    f->sent_ms = 0;
    return follow_update(g->db, f, e);
}

/* Adds what is to be said. */
static void remind_by_kind(struct call *c, struct follow *f, const struct circuit *k)
{
    if (remind_expired(c, f) || remind_decided(c, f)) { /* nothing is left to do */
        f->state = "done";
        f->done_ms = c->now_ms;
    } else if (!strcmp(f->kind, "champion"))
        remind_champion(c, f);
    else if (!strcmp(f->kind, "ringi"))
        remind_ringi(c, f, k);
    else
        remind_follow(c, f);
}

static bool remind(struct engine *g, const struct listener *l, struct follow *f, int64_t now_ms, struct err *e)
{
    struct call c = { 0 };
    f->state = "sent";
    f->sent_ms = now_ms;
    if (l->gone)
        return follow_settle(g->db, f, e);
    bool silent = notice_muted(g->db, &g->mem, l->id, f->kind, e); /* it stays on the list */
    if (e->code != ERR_NONE)
        return false;
    if (!silent && l->quiet_until && strcmp(f->kind, "join") != 0)
        return put_off(g, l, f, e);
    engine_call(g, &c, &l->m, l->at.network, l->at.conversation, now_ms);
    if (silent)
        return follow_settle(g->db, f, e) && next_step(&c, f, e);
    if (!strcmp(f->kind, "join") || !strcmp(f->kind, "after"))
        return remind_meeting(g, &c, f, e);
    if (!strcmp(f->kind, "go") || !strcmp(f->kind, "story") || !strcmp(f->kind, "referral"))
        return remind_signed(g, &c, f, e);
    bool settled = false;
    struct circuit *k = !strcmp(f->kind, "ringi") ? ARENA_NEW(&g->mem, struct circuit) : NULL;
    if (k && !circuit_load(&c, f->ringi_id, k, e))
        k = NULL;
    if (e->code != ERR_NONE || (k && (!settle_ringi(&c, f, k, &settled, e) || settled)))
        return e->code == ERR_NONE;
    remind_by_kind(&c, f, k);
    bool ok = e->code == ERR_NONE && follow_settle(g->db, f, e) && next_step(&c, f, e) &&
              engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

bool remind_due(struct engine *g, int64_t now_ms, struct err *e)
{
    struct follow *due = ARENA_ARRAY(&g->mem, struct follow, BATCH);
    struct listener *listeners = NULL;
    int64_t until = clock_ticks_us() + SLICE_US;
    int n = BATCH;
    e->code = ERR_NONE;
    while (n == BATCH && clock_ticks_us() < until) {
        n = follow_due(g->db, &g->mem, g->config.only_member, now_ms, due, BATCH, e);
        for (int i = 0; i < n && e->code == ERR_NONE; i++) {
            const struct listener *l = find_listener(g, &listeners, due[i].member_id, now_ms, e);
            if (e->code != ERR_NONE || !remind(g, l, &due[i], now_ms, e))
                return false;
        }
    }
    return e->code == ERR_NONE;
}
