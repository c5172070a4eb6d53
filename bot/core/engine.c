#include "bot/core/engine_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/search.h"
#include "bot/store/focus.h"
#include "bot/store/care.h"
#include "bot/store/follows.h"
#include "bot/store/identities.h"
#include "bot/store/notes.h"
#include "bot/store/outbox.h"

/* No transaction lasts longer: acks of a burst must not wait for its end. */
enum { SLICE_US = 40000, AGAIN_MS = 5000 };

struct engine *engine_create(const struct engine_config *config, struct err *e)
{
    struct engine *g = xcalloc(1, sizeof *g);
    g->config = *config;
    g->pending_end = &g->pending;
    g->jobs_end = &g->jobs;
    g->sent_end = &g->sent;
    g->db = db_open(config->db_path, DB_WRITE, e);
    if (g->db && (g->names = names_open(g->db, config->words, e)))
        g->phrases = phrases_create(config->words);
    if (!g->phrases || !engine_send_start(g, e)) {
        engine_destroy(g);
        return NULL;
    }
    struct err none;
    g->demo = meta_get(g->db, &g->mem, "demo", &none) != NULL;
    return g;
}

void engine_destroy(struct engine *g)
{
    if (!g)
        return;
    while (g->held) {
        struct held *h = g->held;
        g->held = h->next;
        while (h->events) { /* not stored, so not acknowledged: they come again */
            struct event *ev = h->events;
            h->events = ev->next;
            event_destroy(ev);
        }
        free(h->conversation);
        free(h);
    }
    while (g->homes) {
        struct event *ev = g->homes;
        g->homes = ev->next;
        event_destroy(ev);
    }
    engine_drop_strangers(g);
    (void)engine_settle_now(g);
    engine_drop_sent(g); /* could not be stored: their rows come due once more */
    free(g->send_key);
    if (g->spare)
        arena_finish(&g->spare->mem);
    free(g->spare);
    names_close(g->names);
    phrases_destroy(g->phrases);
    rate_finish(&g->rate);
    own_days_finish(&g->own_days);
    arena_finish(&g->mem);
    db_close(g->db);
    free(g);
}

void engine_set_web_url(struct engine *g, const char *url)
{
    g->web_url = url;
}

struct db *engine_db(struct engine *g)
{
    return g->db;
}

bool engine_names_changed(struct engine *g, struct err *e)
{
    if (!names_reload(g->names, g->db, e))
        return false;
    g->demo = meta_get(g->db, &g->mem, "demo", e) != NULL;
    g->send_ms = 0;
    return true;
}

bool engine_look_around(struct engine *g, struct err *e)
{
    g->send_ms = 0;
    return names_follow(g->names, g->db, e);
}

void engine_send(struct engine *g, struct delivery *d)
{
    if (g->config.deliver)
        g->config.deliver(g->config.ctx, d);
    else
        delivery_destroy(d);
}

int engine_locale(const struct engine *g, const struct member *m)
{
    const char *tag = g->config.locale ? g->config.locale : m->locale;
    return catalogue_find_locale(g->config.words, tag);
}

void engine_call(struct engine *g, struct call *c, const struct member *m,
    enum network network, const char *conversation, int64_t now_ms)
{
    struct arena *mem = c->mem ? c->mem : &g->mem;
    *c = (struct call){ .mem = mem, .db = g->db, .words = g->config.words,
        .names = g->names, .phrases = g->phrases, .member = m,
        .locale = engine_locale(g, m), .now_ms = now_ms,
        .network = network, .conversation = conversation, .web_url = g->web_url };
    struct identity account;
    struct err e = { 0 };
    own_days_use(&g->own_days, g->db);
    if (network > NETWORK_WEB &&
        identity_of_member(g->db, mem, m->id, network_name(network), &account, &e)) {
        c->remote_user = account.remote;
        c->shared = !account.conversation || strcmp(account.conversation, conversation) != 0;
    }
    c->when = (struct when_context){ .words = g->config.words, .now_ms = now_ms,
        .zone = m->zone, .market = m->market, .team_zone = g->config.team_zone };
}

void engine_refuse_event(struct engine *g, const struct event *ev, const struct err *e)
{
    struct delivery *d = delivery_create(DELIVERY_REFUSED, ev->network);
    d->source = ev->source;
    d->member_id = ev->member_id;
    d->remote_id = ev->remote_id ? xstrdup(ev->remote_id) : NULL;
    d->code = xstrdup(e->key ? e->key : "store.failed");
    int locale = engine_stranger_locale(g, NULL, ev->text);
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, locale, d->code, NO_ARGS));
    engine_send(g, d);
}

void engine_drop_pending(struct engine *g)
{
    for (struct pending *p = g->pending; p; p = p->next) {
        delivery_destroy(p->ack);
        json_decref(p->reply);
    }
    g->pending = NULL;
    g->pending_end = &g->pending;
}

/* Ends the hold on a conversation; the events that waited are the caller's. */
static struct event *unhold(struct engine *g, int64_t member, const char *conversation)
{
    for (struct held **h = &g->held; *h; h = &(*h)->next) {
        struct held *found = *h;
        if (found->member_id != member || strcmp(found->conversation, conversation) != 0)
            continue;
        struct event *events = found->events;
        *h = found->next;
        free(found->conversation);
        free(found);
        return events;
    }
    return NULL;
}

void engine_send_pending(struct engine *g)
{
    for (struct pending *p = g->pending; p; p = p->next) {
        struct delivery *d = p->ack ? p->ack : engine_message(g, p);
        if (d)
            engine_send(g, d);
    }
    g->pending = NULL;
    g->pending_end = &g->pending;
    while (g->jobs) {
        struct desk_job *job = g->jobs;
        g->jobs = job->next;
        job->next = NULL;
        g->config.to_desk(g->config.ctx, job);
    }
    g->jobs_end = &g->jobs;
}

static void refuse_all(struct engine *g, struct event *list, const struct err *e)
{
    while (list) {
        struct event *next = list->next;
        engine_unstored(g, list, e);
        event_destroy(list);
        list = next;
    }
}

/* The transaction failed: nothing of it happened, and everybody is told. */
static void fail_slice(struct engine *g, struct event *done, struct err *e)
{
    struct err ignored;
    db_rollback(g->db);
    log_err("store messages", e);
    engine_drop_pending(g);
    while (g->jobs) {
        struct desk_job *job = g->jobs;
        g->jobs = job->next;
        refuse_all(g, unhold(g, job->member.id, job->call.conversation), e);
        engine_drop_job(g, job);
    }
    g->jobs_end = &g->jobs;
    (void)names_rolled_back(g->names, g->db, &ignored);
    rate_recount(&g->rate);
    names_settled(g->names);
    refuse_all(g, done, e);
}

static bool take_message(struct engine *g, struct event *ev, struct err *e)
{
    bool known = true;
    if (!engine_session_good(g, ev, e)) {
        if (e->code != ERR_NONE)
            return false;
        ev->member_id = 0; /* nobody's, also where the store takes nothing */
        struct err ended = { .code = ERR_FORBIDDEN, .key = "web.refused.session_ended" };
        engine_refuse_event(g, ev, &ended);
        return true;
    }
    if (!engine_know(g, ev, &known, e) || !known)
        return e->code == ERR_NONE;
    return engine_couriered(g, ev->network) ? engine_keep_event(g, ev, e)
                                            : engine_take_message(g, ev, e);
}

/* One transaction over as many messages as fit into a slice. Returns the rest. */
static struct event *take_slice(struct engine *g, struct event *list)
{
    struct err e = { 0 };
    struct event *done = NULL, **end = &done;
    bool ok = db_begin(g->db, &e);
    /* From here: to wait for a lock may have taken longer than a slice. */
    int64_t begun = clock_ticks_us();
    while (list && list->kind == EVENT_MESSAGE && clock_ticks_us() < begun + SLICE_US) {
        struct event *ev = list;
        list = ev->next;
        ev->next = NULL;
        /* A network waits for its acknowledgement: there the event waits in the inbox. */
        struct held *h = engine_couriered(g, ev->network)
                             ? NULL
                             : engine_holding(g, ev->member_id, ev->conversation);
        struct event ***to = h ? &h->end : &end;
        **to = ev;
        *to = &ev->next;
        ok = ok && (h || take_message(g, ev, &e));
    }
    ok = ok && engine_settle_sent(g, &e) && db_commit(g->db, &e);
    if (ok) {
        names_settled(g->names);
        engine_drop_sent(g);
        engine_send_pending(g);
        while (done) {
            struct event *next = done->next;
            event_destroy(done);
            done = next;
        }
    } else {
        fail_slice(g, done, &e);
    }
    arena_reset(&g->mem);
    return list;
}

static void take_other(struct engine *g, struct event *ev)
{
    ev->next = NULL;
    if (ev->kind == EVENT_SENT) {
        engine_take_sent(g, ev);
        return;
    }
    if (ev->kind == EVENT_HOME) { /* shows what came of messages that wait */
        ev->next = g->homes;
        g->homes = ev;
        return;
    }
    if (ev->kind == EVENT_WHO)
        engine_take_who(g, ev);
    else if (ev->kind == EVENT_CALENDAR)
        engine_take_calendar(g, ev);
    else if (ev->kind == EVENT_FETCHED)
        engine_take_fetched(g, ev);
    else if (ev->kind >= EVENT_FOLLOW)
        engine_take_contact(g, ev);
    else
        engine_ask_store(g, ev);
    event_destroy(ev);
    arena_reset(&g->mem);
}

void engine_take(struct engine *g, struct event *list)
{
    while (list) {
        if (list->kind == EVENT_MESSAGE) {
            list = take_slice(g, list);
            continue;
        }
        struct event *ev = list;
        list = ev->next;
        take_other(g, ev);
    }
}

void engine_take_answers(struct engine *g, struct desk_job *list)
{
    struct event *freed = NULL, **end = &freed;
    struct err e = { 0 };
    bool ok = db_begin(g->db, &e);
    for (struct desk_job *job = list; job; job = job->next) {
        if (!job->ok)
            dispatch_refuse(&job->call, &job->err);
        ok = ok && engine_store_replies(g, &job->call, job->inbox_id, job->remote_id, &e) &&
             inbox_done(g->db, job->inbox_id, clock_now_ms(), &e);
        *end = unhold(g, job->member.id, job->call.conversation);
        while (*end)
            end = &(*end)->next;
    }
    if (ok && db_commit(g->db, &e)) {
        engine_send_pending(g);
    } else { /* the questions still wait in the inbox: the next tick asks again */
        db_rollback(g->db);
        engine_drop_pending(g);
        log_err("store answers", &e);
    }
    arena_reset(&g->mem);
    while (list) {
        struct desk_job *job = list;
        list = job->next;
        engine_drop_job(g, job);
    }
    engine_take(g, freed);
}

static void show_homes(struct engine *g)
{
    while (g->homes) {
        struct event *ev = g->homes;
        g->homes = ev->next;
        engine_ask_store(g, ev);
        event_destroy(ev);
        arena_reset(&g->mem);
    }
}

static bool send_due(struct engine *g, int64_t now, struct err *e)
{
    return expire_due(g, now, e) && remind_due(g, now, e) && engine_regular_due(g, now, e) && engine_calendars_due(g, now, e);
}

/* Cut once no reader holds it. True: that is done, and somebody may wait for it. */
static bool cut_log(struct engine *g, int64_t now)
{
    struct err e = { 0 };
    if (g->cut_log != LOG_TO_CUT || now < g->cut_ms)
        return false;
    bool done = db_cut_log(g->db, &e);
    g->cut_log = done ? LOG_CUT : LOG_TO_CUT;
    g->cut_ms = done ? 0 : now + AGAIN_MS;
    if (!done && e.code != ERR_BUSY)
        log_err("cut the log", &e);
    return done;
}

/* What nobody waits for, in slices. */
static bool tidy_up(struct engine *g, int64_t now, bool *more, struct err *e)
{
    bool forgetting = false, aging = false, purging = false, purged = false;
    bool ok = engine_forget(g, now, &forgetting, e) && engine_retention(g, now, &aging, e) &&
              search_purge(g->db, &g->mem, &purging, &purged, e);
    if (ok && purged) /* words made private are in the log too */
        g->cut_log = LOG_TO_CUT;
    *more = forgetting || aging || purging;
    return ok;
}

/* Everything in one transaction: each commit costs a visit to the disk. */
static bool clock_work(struct engine *g, int64_t now, int64_t *next, bool *again, struct err *e)
{
    bool moving = false;
    struct delivery *claimed = NULL;
    bool ok = db_begin(g->db, e) && engine_settle_sent(g, e) && engine_keep_walls(g, now, &moving, e) &&
              (moving || send_due(g, now, e)) && tidy_up(g, now, again, e);
    *again = *again || moving;
    if (ok) {
        *next = engine_answer_waiting(g, now, e);
        ok = e->code == ERR_NONE && engine_claim(g, now, &claimed, e) && db_commit(g->db, e);
    }
    if (!ok) {
        db_rollback(g->db);
        engine_walls_rolled_back(g);
    }
    if (ok)
        engine_drop_sent(g);
    int64_t due = engine_hand_over(g, now, claimed, ok), fetch = engine_fetch(g, now, ok);
    due = fetch < due ? fetch : due;
    *next = due < *next ? due : *next;
    *again = *again || (ok && cut_log(g, now));
    return ok;
}

int64_t engine_tick(struct engine *g)
{
    struct err e = { 0 };
    int64_t now = clock_now_ms(), next = INT64_MAX;
    bool again = false;
    own_days_use(&g->own_days, g->db);
    if (!clock_work(g, now, &next, &again, &e)) {
        fail_slice(g, NULL, &e);
        arena_reset(&g->mem);
        return now + AGAIN_MS;
    }
    names_settled(g->names);
    engine_send_pending(g);
    arena_reset(&g->mem);
    if (next > now)
        show_homes(g);
    if (again)
        return now;
    int64_t due = follow_next_due(g->db, g->config.only_member, &e);
    next = due && due < next ? due : next;
    due = g->config.digests ? regular_next_due(g->db, g->config.only_member, &e) : 0;
    next = due && due < next ? due : next;
    due = expire_next(g, now);
    next = due < next ? due : next;
    next = g->retention_ms < next ? g->retention_ms : next;
    next = g->cut_log == LOG_TO_CUT && g->cut_ms < next ? g->cut_ms : next;
    due = engine_ask_who(g, now);
    return due < next ? due : next;
}
