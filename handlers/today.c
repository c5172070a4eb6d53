/* today: what the day holds, meetings and follow-ups. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/core/notice.h"
#include "bot/store/touches.h"
#include "handlers/care.h"
#include "handlers/facts.h"
#include "handlers/follow.h"
#include "handlers/handlers.h"
#include "handlers/plateau.h"

enum { LIST_MAX = 20, MEETINGS = 10, CARES_SHOWN = 10 };

static void add_line(struct call *c, struct reply *r, const struct follow *f)
{
    char *show = arena_printf(c->mem, "show F%lld", (long long)f->id);
    if (f->note_id)
        reply_item_note(r, follow_line(c, f), show, f->note_id, 1);
    else
        reply_item(r, follow_line(c, f), show);
}

/* M1 · 14:00–15:00 · Acme · Zoom */
static char *meeting_line(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'M', t->no));
    buf_join(&b, FACTS, call_text(c, "met.span", ARGS(TXT("from", when_format_time(&c->when, c->mem, c->locale, t->at_ms)),
        TXT("to", when_format_time(&c->when, c->mem, c->locale, t->at_ms + t->minutes * MINUTE_MS)))));
    buf_join(&b, FACTS, t->customer_id  ? label_customer(c, t->customer_id)
                        : t->n_partners ? label_partner(c, t->partners[0])
                                        : fact_people(c, t));
    buf_join(&b, FACTS, call_word(c, WORD_CHANNEL, t->channel));
    return arena_strdup(c->mem, buf_str(&b));
}

static void add_meeting(struct call *c, struct reply *r, const struct touch *t)
{
    char *id = call_ref(c, 'M', t->no);
    reply_item(r, meeting_line(c, t), arena_printf(c->mem, "brief %s", id));
    reply_record(r, id, "shown");
    reply_data_ms(r, "at", t->at_ms);
}

int64_t follow_day_end(struct call *c)
{
    return day_start_ms(day_of(c->now_ms, c->when.zone) + 1, c->when.zone);
}

/* "Next: F3 · Thu …", or the next meeting, whichever comes first; NULL: neither. */
static char *next_line(struct call *c, struct err *e)
{
    struct follow f[1];
    struct touch t[1];
    struct touch_filter by = { .member = c->member->id, .from_ms = c->now_ms, .to_ms = INT64_MAX };
    int n = follow_list(c->db, c->mem, c->member->id, 0, INT64_MAX, f, 1, e);
    int m = touch_list_planned(c->db, c->mem, &by, t, 1, e);
    if (m && (!n || t[0].at_ms < f[0].due_ms))
        return arena_printf(c->mem, "%s" FACTS "%s", when_format_day(&c->when, c->mem, c->locale, day_of(t[0].at_ms, c->when.zone)),
            meeting_line(c, &t[0]));
    return n ? follow_line(c, &f[0]) : NULL;
}

static bool nothing_today(struct call *c, struct err *e)
{
    char *next = next_line(c, e);
    if (next) {
        struct reply *r = reply_new(c, REPLY_OK, "today.nothing_next", ARGS(TXT("next", next)));
        return e->code == ERR_NONE && put_waiting(r, e);
    }
    struct reply *r = reply_new(c, REPLY_OK, "today.nothing", NO_ARGS);
    reply_button(r, "fill", "follow ", "button.follow", NO_ARGS);
    return e->code == ERR_NONE && put_waiting(r, e);
}

/* Who waits to hear of us. `fresh`: only what was not told yet, which is told now. */
static int add_cares(struct call *c, struct reply *r, const struct care *list, int n, bool fresh, struct err *e)
{
    int shown = 0;
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        const struct care *k = &list[i];
        if (fresh && (told_before(c->db, c->member->id, k->kind, k->ref, k->mark, e) || e->code != ERR_NONE))
            continue;
        if (r && shown < CARES_SHOWN) {
            reply_item(r, k->text, k->say);
            if (fresh && !told_add(c->db, c->member->id, k->kind, k->ref, k->mark, c->now_ms, e))
                return shown;
        }
        shown++;
    }
    return shown;
}

static void add_plateaus(struct reply *r, const struct plateau *list, int n)
{
    for (int i = 0; i < n; i++) {
        if (list[i].revived)
            reply_line(r, list[i].text);
        else
            reply_warning(r, list[i].text);
    }
}

static bool any_open(const struct follow *f, int n)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(f[i].state, "open"))
            return true;
    return false;
}

static bool put_day(struct call *c, bool morning, bool by_itself, struct err *e)
{
    struct follow due[LIST_MAX];
    struct touch *plan = ARENA_ARRAY(c->mem, struct touch, MEETINGS);
    e->code = ERR_NONE;
    int64_t end = follow_day_end(c);
    struct touch_filter by = { .member = c->member->id, .from_ms = end - DAY_MS, .to_ms = end };
    int n = follow_list(c->db, c->mem, c->member->id, 0, end, due, LIST_MAX, e);
    int m = touch_list_planned(c->db, c->mem, &by, plan, MEETINGS, e);
    struct care *cares = ARENA_ARRAY(c->mem, struct care, CARES);
    int k = e->code == ERR_NONE ? care_find(c, cares, e) : 0, fresh = add_cares(c, NULL, cares, k, morning, e);
    struct plateau news[PLATEAUS];
    int told = e->code == ERR_NONE ? plateau_find(c, morning, news, PLATEAUS, e) : 0;
    if (e->code != ERR_NONE || (morning && !plateau_tell(c, news, told, e)))
        return false;
    if (by_itself && !m && !fresh && !told && !any_open(due, n))
        return true; /* what is still undone was told on its own day */
    if (!n && !m && !told && (morning ? !fresh : !k))
        return nothing_today(c, e);
    struct reply *r = n || m ? reply_new(c, REPLY_OK, "today.list", ARGS(NUM("n", n), NUM("meetings", m)))
                             : reply_new(c, REPLY_OK, fresh ? "today.only_care" : "today.only_news", NO_ARGS);
    for (int i = 0; i < m; i++)
        add_meeting(c, r, &plan[i]);
    for (int i = 0; i < n; i++)
        add_line(c, r, &due[i]);
    if (fresh && (n || m))
        reply_line(r, call_text(c, "today.care", NO_ARGS));
    (void)add_cares(c, r, cares, k, morning, e);
    add_plateaus(r, news, told);
    if (n) {
        char *first = call_ref(c, 'F', due[0].id);
        reply_button(r, "primary", arena_printf(c->mem, "done %s", first), "button.done_id", ARGS(TXT("id", first)));
        reply_button(r, "plain", arena_printf(c->mem, "snooze %s tomorrow 10:00", first), "button.tomorrow_id", ARGS(TXT("id", first)));
    }
    if (m)
        reply_button(r, "plain", arena_printf(c->mem, "brief M%lld", (long long)plan[0].no), "plan.button.brief", NO_ARGS);
    for (int i = 0; i < n; i++)
        follow_record(c, r, &due[i], "shown");
    return e->code == ERR_NONE && put_waiting(r, e);
}

static bool today_run(struct call *c, struct err *e)
{
    return put_day(c, false, false, e);
}

/* By itself in the morning: nothing is said where there is nothing, and of what was told once
 * only what is due today. */
static bool morning_run(struct call *c, struct err *e)
{
    return put_day(c, true, !strcmp(c->text, NOTICE_MORNING_SAY), e);
}

const struct command morning_command = { .id = "morning", .may = ROLE_SALES, .where = ANYWHERE, 
    .run = morning_run };
const struct command today_command = { .id = "today", .may = ROLE_TEAM, .where = ANYWHERE,
    .flags = CMD_READS, .run = today_run };
