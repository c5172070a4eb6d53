#include "bot/core/engine_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/store/focus.h"
#include "bot/store/follows.h"
#include "bot/store/notes.h"
#include "bot/store/outbox.h"

/* No transaction lasts longer: acks of a burst must not wait for its end. */
enum { SLICE_US = 40000, WAITING = 64 };

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
    if (!g->phrases) {
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
    engine_drop_sent(g); /* could not be stored: their rows come due once more */
    free(g->send_key);
    if (g->spare)
        arena_finish(&g->spare->mem);
    free(g->spare);
    names_close(g->names);
    phrases_destroy(g->phrases);
    rate_finish(&g->rate);
    arena_finish(&g->mem);
    db_close(g->db);
    free(g);
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
        .network = network, .conversation = conversation };
    c->when = (struct when_context){ .words = g->config.words, .now_ms = now_ms,
        .zone = m->zone, .market = m->market, .team_zone = g->config.team_zone };
}

static struct pending *add_pending(struct engine *g)
{
    struct pending *p = ARENA_NEW(&g->mem, struct pending);
    *g->pending_end = p;
    g->pending_end = &p->next;
    return p;
}

static void add_ack(struct engine *g, const struct event *ev, int64_t message)
{
    struct delivery *d = delivery_create(DELIVERY_ACK, ev->network);
    d->source = ev->source;
    d->member_id = ev->member_id;
    d->message_id = message;
    d->at_ms = ev->received_ms;
    d->remote_id = xstrdup(ev->remote_id);
    add_pending(g)->ack = d;
}

/* `reply` is the body as a tree, taken over; NULL: it is read when it is sent. */
static void add_message(struct engine *g, const struct member *m, const struct message *row,
    json_t *reply, enum network network)
{
    if (engine_couriered(g, network)) {
        g->send_ms = 0; /* read from the outbox */
        json_decref(reply);
        return;
    }
    struct pending *p = add_pending(g);
    *p = (struct pending){ .message_id = row->id, .member_id = m->id, .at_ms = row->at_ms,
        .locale = engine_locale(g, m),
        .handle = arena_strdup(&g->mem, m->handle),
        .conversation = arena_strdup(&g->mem, row->conversation),
        .answers = arena_strdup(&g->mem, row->answers),
        .body = reply ? NULL : arena_strdup(&g->mem, row->body), .reply = reply,
        .network = network };
}

bool engine_store_replies(struct engine *g, struct call *c, int64_t inbox,
    const char *answers, struct err *e)
{
    const char *net = network_name(c->network);
    for (struct reply *r = c->replies; r; r = r->next) {
        struct message m = { .member_id = c->member->id, .at_ms = clock_now_ms(),
            .inbox_id = inbox, .network = net, .conversation = c->conversation, .out = true,
            .body = json_print(c->mem, r->json), .answers = answers };
        m.id = message_add(g->db, &m, e);
        if (!m.id || (c->network != NETWORK_CONSOLE && !outbox_add(g->db, m.id, net, m.at_ms, e)))
            return false;
        const json_t *kpi = json_at(r->json, "kpi");
        if (json_is_object(kpi) && !focus_set(g->db, c->member->id, c->conversation, "kpi",
                                       json_print(c->mem, kpi), c->now_ms, e))
            return false;
        add_message(g, c->member, &m, json_incref(r->json), c->network);
    }
    return true;
}

/* The same event came again: its ack and its answers, from what is stored. */
static bool answer_again(struct engine *g, const struct member *m, const struct event *ev,
    const struct inbox *in, struct err *e)
{
    struct message rows[8];
    add_ack(g, ev, in->message_id);
    int n = message_answers(g->db, &g->mem, in->id, rows, 8, e);
    for (int i = 0; i < n; i++)
        add_message(g, m, &rows[i], NULL, ev->network);
    return e->code == ERR_NONE;
}

/* Stores the event and the member's own line. `waits`: to be answered later. */
static int64_t store_event(struct engine *g, const struct event *ev, bool waits,
    int64_t *note, int64_t *message, struct err *e)
{
    char hash[SHA256_HEX];
    int64_t now = clock_now_ms();
    sha256_hex(ev->text, strlen(ev->text), hash);
    struct note_text line = { .author_id = ev->member_id, .level = "me", .text = ev->text };
    if (!note_text_add(g->db, &line, now, e))
        return 0;
    struct inbox in = { .network = network_name(ev->network), .member_id = ev->member_id,
        .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .hash = hash, .body = waits ? ev->text : NULL,
        .done_ms = waits ? 0 : now };
    int64_t id = inbox_add(g->db, &in, e);
    if (!id)
        return 0;
    struct message m = { .network = in.network, .member_id = ev->member_id,
        .conversation = ev->conversation, .at_ms = ev->received_ms, .inbox_id = id,
        .note_id = line.id };
    *message = message_add(g->db, &m, e);
    *note = line.id;
    return *message ? id : 0;
}

static struct held *holding(struct engine *g, int64_t member, const char *conversation)
{
    for (struct held *h = g->held; h; h = h->next)
        if (h->member_id == member && !strcmp(h->conversation, conversation))
            return h;
    return NULL;
}

static void hold(struct engine *g, int64_t member, const char *conversation)
{
    struct held *h = xcalloc(1, sizeof *h);
    h->member_id = member;
    h->conversation = xstrdup(conversation);
    h->end = &h->events;
    h->next = g->held;
    g->held = h;
}

/* Reads on this side, runs on the desk: names and questions belong to the engine. */
static void queue_job(struct engine *g, struct desk_job *job, int64_t inbox, const struct event *ev)
{
    job->inbox_id = inbox;
    job->source = ev->source;
    job->remote_id = xstrdup(ev->remote_id);
    job->call.conversation = arena_strdup(&job->mem, ev->conversation);
    *g->jobs_end = job;
    g->jobs_end = &job->next;
    hold(g, ev->member_id, ev->conversation);
}

/* A message's own memory; the one used last is still warm. */
static struct desk_job *new_job(struct engine *g)
{
    struct desk_job *job = g->spare ? g->spare : xcalloc(1, sizeof *job);
    g->spare = NULL;
    return job;
}

static void drop_job(struct engine *g, struct desk_job *job)
{
    reply_drop_all(&job->call);
    free(job->remote_id);
    if (g->spare) {
        arena_finish(&job->mem);
        free(job);
        return;
    }
    arena_reset(&job->mem);
    *job = (struct desk_job){ .mem = job->mem };
    g->spare = job;
}

/* Runs the command in the savepoint; a refusal rolls its changes back and is told. */
static bool run_command(struct engine *g, struct call *c, const char *text, bool desk,
    enum dispatched *how, struct err *e)
{
    struct err refused = { 0 };
    if (!db_savepoint(g->db, e))
        return false;
    bool ok = dispatch(c, text, desk, how, &refused);
    if (ok && refused.code == ERR_NONE) {
        db_release(g->db);
        return true;
    }
    db_undo_savepoint(g->db);
    if (!ok && refused.code != ERR_BUG) {
        *e = refused;
        return false;
    }
    if (!ok) { /* a bug of ours: the line is kept, the person is told */
        reply_drop_all(c);
        dispatch_refuse(c, &refused);
    }
    return engine_names_changed(g, e);
}

static bool answer_event(struct engine *g, const struct member *m, struct event *ev,
    int64_t inbox, int64_t note, int64_t message, struct err *e)
{
    enum dispatched how = DISPATCH_DONE;
    bool desk = g->config.to_desk != NULL;
    struct desk_job *job = new_job(g);
    struct call *c = &job->call;
    c->mem = &job->mem;
    /* Outlives the transaction: nothing of it may lie in the engine's memory. */
    if (!member_by_id(g->db, c->mem, m->id, &job->member, e)) {
        drop_job(g, job);
        return false;
    }
    engine_call(g, c, &job->member, ev->network, ev->conversation, ev->received_ms);
    c->line_note = note;
    bool ok = run_command(g, c, arena_strdup(c->mem, ev->text), desk, &how, e);
    if (ok && message)
        add_ack(g, ev, message);
    if (ok && how == DISPATCH_DESK) {
        queue_job(g, job, inbox, ev);
        /* The text stays with the inbox row until the desk has answered. */
        return inbox_wait(g->db, inbox, ev->text, e);
    }
    ok = ok && engine_store_replies(g, c, inbox, ev->remote_id, e);
    drop_job(g, job);
    return ok;
}

static bool over_limit(struct engine *g, const struct member *m, struct event *ev, struct err *e)
{
    int64_t note, message;
    struct rate_member *r = rate_of(&g->rate, m->id, clock_now_ms());
    int64_t id = store_event(g, ev, true, &note, &message, e);
    if (!id)
        return false;
    r->waiting++;
    add_ack(g, ev, message);
    if (r->told)
        return true;
    r->told = true;
    struct call c = { 0 };
    engine_call(g, &c, m, ev->network, ev->conversation, ev->received_ms);
    reply_new(&c, REPLY_REFUSED, "rate.limited", ARGS(NUM("limit", RATE_PER_MINUTE)));
    bool ok = engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

/* Also after a restart a message waits behind those that came before it. */
static bool limited(struct engine *g, const struct event *ev, struct err *e)
{
    if (!g->config.rate_limited || ev->network == NETWORK_CONSOLE)
        return false;
    struct rate_member *r = rate_of(&g->rate, ev->member_id, clock_now_ms());
    if (!r->counted) {
        r->waiting = (int)inbox_count_waiting(g->db, ev->member_id, e);
        r->counted = true;
    }
    if (r->waiting)
        return true;
    if (rate_take(r, clock_now_ms())) {
        r->told = false;
        return false;
    }
    return true;
}

static bool take_message(struct engine *g, struct event *ev, struct err *e)
{
    struct member *m = ARENA_NEW(&g->mem, struct member);
    struct inbox in;
    int64_t note = 0, message = 0;
    if (!member_by_id(g->db, &g->mem, ev->member_id, m, e))
        return e->code == ERR_NONE ? fail(e, ERR_FORBIDDEN, "stranger.refused", NULL, "no member") : false;
    if (inbox_find(g->db, &g->mem, network_name(ev->network), ev->member_id, ev->remote_id, &in, e))
        return answer_again(g, m, ev, &in, e);
    if (e->code != ERR_NONE)
        return false;
    if (limited(g, ev, e))
        return over_limit(g, m, ev, e);
    int64_t inbox = store_event(g, ev, false, &note, &message, e);
    return inbox && answer_event(g, m, ev, inbox, note, message, e);
}

static void refuse_event(struct engine *g, const struct event *ev, const struct err *e)
{
    struct delivery *d = delivery_create(DELIVERY_REFUSED, ev->network);
    d->source = ev->source;
    d->member_id = ev->member_id;
    d->remote_id = ev->remote_id ? xstrdup(ev->remote_id) : NULL;
    d->code = xstrdup(e->key ? e->key : "store.failed");
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, 0, d->code, NO_ARGS));
    engine_send(g, d);
}

static void drop_pending(struct engine *g)
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

static void send_pending(struct engine *g)
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
        refuse_event(g, list, e);
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
    drop_pending(g);
    while (g->jobs) {
        struct desk_job *job = g->jobs;
        g->jobs = job->next;
        refuse_all(g, unhold(g, job->member.id, job->call.conversation), e);
        drop_job(g, job);
    }
    g->jobs_end = &g->jobs;
    (void)engine_names_changed(g, &ignored);
    refuse_all(g, done, e);
}

/* One transaction over as many messages as fit into a slice. Returns the rest. */
static struct event *take_slice(struct engine *g, struct event *list)
{
    struct err e = { 0 };
    struct event *done = NULL, **end = &done;
    bool ok = db_begin(g->db, &e);
    /* From here: to wait for a lock may have taken longer than a slice. */
    int64_t until = clock_ticks_us() + SLICE_US;
    while (list && list->kind == EVENT_MESSAGE && clock_ticks_us() < until) {
        struct event *ev = list;
        list = ev->next;
        ev->next = NULL;
        struct held *h = holding(g, ev->member_id, ev->conversation);
        struct event ***to = h ? &h->end : &end;
        **to = ev;
        *to = &ev->next;
        ok = ok && (h || take_message(g, ev, &e));
    }
    ok = ok && db_commit(g->db, &e);
    if (ok) {
        send_pending(g);
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

void engine_take(struct engine *g, struct event *list)
{
    while (list) {
        if (list->kind == EVENT_MESSAGE) {
            list = take_slice(g, list);
            continue;
        }
        if (list->kind == EVENT_SENT) {
            list = engine_take_sent(g, list);
            continue;
        }
        struct event *ev = list;
        list = ev->next;
        engine_ask_store(g, ev);
        event_destroy(ev);
        arena_reset(&g->mem);
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
        send_pending(g);
    } else { /* the questions still wait in the inbox: the next tick asks again */
        db_rollback(g->db);
        drop_pending(g);
        log_err("store answers", &e);
    }
    arena_reset(&g->mem);
    while (list) {
        struct desk_job *job = list;
        list = job->next;
        drop_job(g, job);
    }
    engine_take(g, freed);
}

/* Messages that waited: for the minute, or since an earlier run ended. */
static int64_t take_waiting(struct engine *g, int64_t now, struct err *e)
{
    struct inbox rows[WAITING];
    int64_t next = INT64_MAX;
    int n = inbox_waiting(g->db, &g->mem, g->config.only_member, rows, WAITING, e);
    for (int i = 0; i < n; i++) {
        if (g->config.only_member && network_find(rows[i].network) != g->config.unasked)
            continue; /* `serve` answers, perhaps is at it */
        struct rate_member *r = rate_of(&g->rate, rows[i].member_id, now);
        if (holding(g, rows[i].member_id, rows[i].conversation))
            continue;
        if (!rate_take(r, now)) {
            int64_t at = rate_next_ms(r, now);
            next = at < next ? at : next;
            continue;
        }
        struct member *m = ARENA_NEW(&g->mem, struct member);
        if (!member_by_id(g->db, &g->mem, rows[i].member_id, m, e))
            continue;
        r->waiting -= r->waiting > 0;
        struct event ev = { .kind = EVENT_MESSAGE, .member_id = m->id,
            .network = network_find(rows[i].network), .remote_id = (char *)rows[i].remote_id,
            .conversation = (char *)rows[i].conversation, .text = (char *)rows[i].body,
            .received_ms = rows[i].received_ms };
        if (!inbox_done(g->db, rows[i].id, now, e) ||
            !answer_event(g, m, &ev, rows[i].id, 0, 0, e))
            return now;
        next = now; /* the member may have more */
    }
    return next;
}

int64_t engine_tick(struct engine *g)
{
    struct err e = { 0 };
    int64_t now = clock_now_ms(), next = INT64_MAX;
    if (!engine_settle_sent(g))
        return now + 5000;
    bool ok = db_begin(g->db, &e);
    ok = ok && remind_due(g, now, &e);
    if (ok) {
        next = take_waiting(g, now, &e);
        ok = e.code == ERR_NONE;
    }
    if (!ok || !db_commit(g->db, &e)) {
        db_rollback(g->db);
        drop_pending(g);
        log_err("clock", &e);
        return now + 5000;
    }
    send_pending(g);
    arena_reset(&g->mem);
    int64_t due = follow_next_due(g->db, g->config.only_member, &e);
    next = due && due < next ? due : next;
    due = engine_send_due(g, now);
    return due < next ? due : next;
}
