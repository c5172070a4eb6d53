/* Calendars: when those at an address are fetched and what comes of it, and the one of a member's
 * own that a phone reads. Fetching is somebody else's work; here is its clock. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "bot/store/journal.h"
#include "bot/store/members.h"
#include "handlers/handlers.h"

enum { AT_ONCE = 4, EVERY_MS = 3600 * 1000, LEASE_MS = 300 * 1000, LONGEST_MS = 24 * EVERY_MS, TELL_AFTER = 3, SECONDS = 10 };

static bool find_reader(struct engine *g, const char *secret, struct member *m, struct err *e)
{
    e->code = ERR_NONE;
    int64_t id = agenda_feed_member(g->db, secret, e);
    return id && member_by_id(g->db, &g->mem, id, m, e);
}

void engine_take_calendar(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    struct member m;
    struct buf b = BUF_ON(&g->mem);
    struct delivery *d = delivery_create(DELIVERY_CALENDAR, ev->network);
    d->source = ev->source;
    d->remote_id = ev->remote_id ? xstrdup(ev->remote_id) : NULL;
    if (find_reader(g, ev->text, &m, &e)) {
        struct call c = { 0 };
        engine_call(g, &c, &m, NETWORK_WEB, "web", clock_now_ms());
        if (calendar_feed(&c, &b, &e))
            d->text = xstrdup(buf_str(&b));
    }
    if (e.code != ERR_NONE)
        log_err("read a member's calendar", &e);
    engine_send(g, d);
}

/* What is being fetched comes due again soon, so that one that a crash cut short is not lost. */
bool engine_calendars_due(struct engine *g, int64_t now_ms, struct err *e)
{
    e->code = ERR_NONE;
    g->n_fetches = 0;
    if (!g->config.fetch)
        return true;
    g->fetches = ARENA_ARRAY(&g->mem, struct calendar_row, AT_ONCE);
    g->n_fetches = calendar_due(g->db, &g->mem, now_ms, g->fetches, AT_ONCE, e);
    for (int i = 0; i < g->n_fetches && e->code == ERR_NONE; i++) {
        g->fetches[i].next_ms = now_ms + LEASE_MS;
        if (!calendar_update(g->db, &g->fetches[i], e))
            return false;
    }
    return e->code == ERR_NONE;
}

int64_t engine_fetch(struct engine *g, int64_t now_ms, bool ok)
{
    struct err e = { 0 };
    for (int i = 0; ok && i < g->n_fetches; i++)
        g->config.fetch(g->config.ctx, g->fetches[i].id, g->fetches[i].url);
    g->n_fetches = 0;
    int64_t due = g->config.fetch && ok ? calendar_next_due(g->db, &e) : 0;
    return due ? due > now_ms ? due : now_ms : INT64_MAX;
}

/* An hour, twice as long after each failure, a day at the most. */
static int64_t pause_ms(int failed)
{
    int64_t pause = EVERY_MS;
    while (failed-- > 1 && pause < LONGEST_MS)
        pause *= 2;
    return pause < LONGEST_MS ? pause : LONGEST_MS;
}

/* Once: the first time where it never worked, else after some tries. */
static void tell_failure(struct call *c, const struct calendar_row *row, const struct err *why)
{
    if (row->failed != (row->fetched_ms ? TELL_AFTER : 1))
        return;
    struct reply *r = reply_new(c, REPLY_OK, "calendar.failed", ARGS(TXT("host", row->host), TXT("why", call_text(c, why->key, why->args)),
        TXT("again", strcmp(why->key, "calendar.why.inside") ? "yes" : "no")));
    reply_private(r);
}

/* What it brings is one change, which the member can take back. */
static bool take_text(struct engine *g, struct call *c, const struct calendar_row *row, const char *text, struct err *why, struct err *e)
{
    struct frame *f = ARENA_NEW(&g->mem, struct frame);
    f->percent_bp = -1;
    c->f = f;
    c->group = journal_begin(g->db, c->member->id, c->conversation, c->now_ms, e);
    if (!c->group)
        return false;
    bool ok = calendar_fetched(c, row, text, why);
    if (!ok && (why->code != ERR_USAGE && why->code != ERR_LIMIT)) {
        *e = *why;
        return false;
    }
    return journal_about(g->db, c->group, "calendar", NULL, e) && journal_end(g->db, c->group, e);
}

static bool take_fetched(struct engine *g, struct event *ev, struct err *e)
{
    struct calendar_row row;
    struct member m;
    struct err why = { 0 };
    e->code = ERR_NONE;
    if (!calendar_find(g->db, &g->mem, ev->used, &row, e) || !member_by_id(g->db, &g->mem, row.member_id, &m, e))
        return e->code == ERR_NONE; /* removed meanwhile */
    struct call c = { 0 };
    struct place at = engine_place(g, m.id, e);
    engine_call(g, &c, &m, at.network, at.conversation, clock_now_ms());
    if (!ev->text)
        (void)fail(&why, ERR_REMOTE, ev->refusal, ARGS(NUM("seconds", SECONDS), NUM("status", ev->status), NUM("mb", 1)), "not fetched");
    else if (e->code != ERR_NONE || !take_text(g, &c, &row, ev->text, &why, e))
        return false;
    row.failed = why.code == ERR_NONE ? 0 : row.failed + 1;
    row.next_ms = c.now_ms + pause_ms(row.failed);
    if (row.failed)
        tell_failure(&c, &row, &why);
    else
        row.fetched_ms = c.now_ms;
    bool ok = calendar_update(g->db, &row, e) && engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

void engine_take_fetched(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    if (db_begin(g->db, &e) && take_fetched(g, ev, &e) && db_commit(g->db, &e)) {
        names_settled(g->names);
        engine_send_pending(g);
        return;
    }
    db_rollback(g->db);
    engine_drop_pending(g);
    log_err("store what a calendar says", &e);
}
