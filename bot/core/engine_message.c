/* One message inside the open transaction: seen before, above the limit, or stored, run
 * in its savepoint and answered. */
#include "bot/core/engine_private.h"
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/store/care.h"
#include "bot/store/check_in.h"
#include "bot/store/digest.h"
#include "bot/store/focus.h"
#include "bot/store/follows.h"
#include "bot/store/identities.h"
#include "bot/store/journal.h"
#include "bot/store/notes.h"
#include "bot/store/outbox.h"

static struct pending *add_pending(struct engine *g)
{
    struct pending *p = ARENA_NEW(&g->mem, struct pending);
    *g->pending_end = p;
    g->pending_end = &p->next;
    return p;
}

void engine_add_delivery(struct engine *g, struct delivery *d)
{
    add_pending(g)->ack = d;
}

void engine_add_ack(struct engine *g, const struct event *ev, int64_t message)
{
    struct delivery *d = delivery_create(DELIVERY_ACK, ev->network);
    d->source = ev->source;
    d->member_id = ev->member_id;
    d->message_id = message;
    d->at_ms = ev->received_ms;
    d->remote_id = xstrdup(ev->remote_id);
    d->text = ev->locale ? xstrdup(ev->locale) : NULL;
    engine_add_delivery(g, d);
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

/* Where a reply is shown. What is private goes to the member's own conversation where the
 * network can't hide it among others; NULL: they have none, so it can't be shown. */
static const char *shown_in(struct engine *g, const struct call *c, const struct reply *r, struct err *e)
{
    struct identity own;
    if (!c->shared || !(g->config.unveiled & 1U << c->network) || !json_is_true(json_at(r->json, "private")))
        return c->conversation;
    bool known = identity_of_member(g->db, c->mem, c->member->id, network_name(c->network), &own, e);
    return known && own.conversation && !own.gone_ms ? own.conversation : NULL;
}

/* In the group stands only that there is an answer, or how to get one. */
static bool veil_replies(struct engine *g, struct call *c, struct err *e)
{
    const char *key = NULL;
    struct reply **at = &c->replies;
    while (*at && e->code == ERR_NONE) {
        struct reply *r = *at;
        const char *where = shown_in(g, c, r, e);
        if (where != c->conversation)
            key = where ? "private.sent" : "private.write_first";
        if (where) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        json_decref(r->json);
    }
    if (c->replies_end)
        c->replies_end = at;
    if (key && e->code == ERR_NONE)
        reply_new(c, REPLY_OK, key, NO_ARGS);
    return e->code == ERR_NONE;
}

/* A web conversation needs no outbox row: it is kept, and a browser asks for what it
 * missed behind the last message it has. */
bool engine_store_replies(struct engine *g, struct call *c, int64_t inbox,
    const char *answers, struct err *e)
{
    const char *net = network_name(c->network);
    if (c->shared && !veil_replies(g, c, e))
        return false;
    for (struct reply *r = c->replies; r; r = r->next) {
        const char *where = shown_in(g, c, r, e);
        struct message m = { .member_id = c->member->id, .at_ms = clock_now_ms(),
            .inbox_id = inbox, .network = net, .conversation = where ? where : c->conversation,
            .out = true, .body = engine_couriered(g, c->network) ? json_print(c->mem, r->json) : reply_kept(c, r), .answers = answers,
            .replaces = r == c->replies && where == c->conversation ? c->replaces : 0 };
        m.id = message_add(g->db, &m, e);
        if (!m.id || !reply_seen(g->db, r->json, c->member->id, m.at_ms, e) || (engine_couriered(g, c->network) && !outbox_add(g->db, &m, m.at_ms, e)))
            return false;
        const json_t *kpi = json_at(r->json, "kpi");
        if (json_is_object(kpi) && !focus_set(g->db, c->member->id, c->conversation, "kpi",
                                       json_print(c->mem, kpi), c->now_ms, e))
            return false;
        add_message(g, c->member, &m, json_incref(r->json), c->network);
    }
    return (!c->warned || warning_settle(g->db, c->mem, c->member->id, c->warned, c->n_warned, c->now_ms, e)) &&
           (!c->digest_day || told_add(g->db, c->member->id, "digest", 0, c->digest_day, c->now_ms, e));
}

/* The same event came again: its ack and its answers, from what is stored. */
static bool answer_again(struct engine *g, const struct member *m, const struct event *ev,
    const struct inbox *in, struct err *e)
{
    struct message rows[8];
    engine_add_ack(g, ev, in->message_id);
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
        .done_ms = waits ? 0 : now,
        .message = ev->edits ? arena_printf(&g->mem, "edit:%s", ev->edits) : ev->message };
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

struct held *engine_holding(struct engine *g, int64_t member, const char *conversation)
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

void engine_drop_job(struct engine *g, struct desk_job *job)
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
    return names_rolled_back(g->names, g->db, e);
}

/* Whatever a partner's user types is a sign of life of the partner. */
static bool note_sign_of_life(struct engine *g, const struct call *c, struct err *e)
{
    const struct member *m = c->member;
    return !(m->roles & ROLE_PARTNER) || !m->partner_id ||
           check_in_add(g->db, m->partner_id, day_of(c->now_ms, c->when.team_zone), c->group, m->id, e);
}

bool engine_answer_event(struct engine *g, const struct member *m, struct event *ev,
    int64_t inbox, int64_t note, int64_t message, struct err *e)
{
    enum dispatched how = DISPATCH_DONE;
    bool desk = g->config.to_desk != NULL;
    struct desk_job *job = new_job(g);
    struct call *c = &job->call;
    c->mem = &job->mem;
    /* Outlives the transaction: nothing of it may lie in the engine's memory. */
    if (!member_by_id(g->db, c->mem, m->id, &job->member, e)) {
        engine_drop_job(g, job);
        return false;
    }
    engine_call(g, c, &job->member, ev->network, ev->conversation, ev->received_ms);
    c->session = ev->session;
    c->line_note = note;
    c->replaces = ev->answered;
    bool ok = engine_plan_regular(g, m, e) && run_command(g, c, arena_strdup(c->mem, ev->text), desk, &how, e) &&
              note_sign_of_life(g, c, e);
    if (ok && message)
        engine_add_ack(g, ev, message);
    if (ok && how == DISPATCH_DESK) {
        queue_job(g, job, inbox, ev);
        /* The text stays with the inbox row until the desk has answered. */
        return inbox_wait(g->db, inbox, ev->text, e);
    }
    ok = ok && engine_store_replies(g, c, inbox, ev->remote_id, e) && (!c->shut || engine_shut_sessions(g, c, e));
    engine_drop_job(g, job);
    return ok;
}

/* Stored and acknowledged, answered when it is its turn. */
static bool wait_turn(struct engine *g, const struct member *m, struct event *ev, struct err *e)
{
    int64_t note, message;
    struct rate_member *r = rate_of(&g->rate, m->id, clock_now_ms());
    int64_t id = store_event(g, ev, true, &note, &message, e);
    if (!id)
        return false;
    r->waiting++;
    engine_add_ack(g, ev, message);
    if (r->told || rate_next_ms(r, clock_now_ms()) <= clock_now_ms())
        return true; /* else it waits for more than its turn */
    r->told = true;
    struct call c = { 0 };
    engine_call(g, &c, m, ev->network, ev->conversation, ev->received_ms);
    reply_new(&c, REPLY_REFUSED, "rate.limited", ARGS(NUM("limit", RATE_PER_MINUTE)));
    bool ok = engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

struct rate_member *engine_rate(struct engine *g, int64_t member, struct err *e)
{
    struct rate_member *r = rate_of(&g->rate, member, clock_now_ms());
    if (!r->counted) {
        r->waiting = (int)inbox_count_waiting(g->db, member, e);
        r->counted = true;
    }
    return r;
}

/* Also after a restart a message waits behind those that came before it. */
static bool limited(struct engine *g, const struct event *ev, struct err *e)
{
    if (!g->config.rate_limited || ev->network == NETWORK_CONSOLE)
        return false;
    struct rate_member *r = engine_rate(g, ev->member_id, e);
    if (r->waiting)
        return true;
    if (rate_take(r, clock_now_ms())) {
        r->told = false;
        return false;
    }
    return true;
}

/* The text of an earlier message was changed. What it made a record of stays, and that is
 * said; what could not be understood is simply read anew. */
bool engine_take_edit(struct engine *g, const struct member *m, struct event *ev, int64_t inbox,
    int64_t message, bool *told, struct err *e)
{
    struct inbox first;
    char *record = NULL;
    *told = false;
    struct message said[1];
    if (inbox_of_message(g->db, &g->mem, network_name(ev->network), m->id, ev->edits, &first, 1, e) != 1)
        return e->code == ERR_NONE;
    record = journal_record_at(g->db, &g->mem, m->id, first.conversation, first.received_ms, e);
    if (!record && e->code == ERR_NONE && message_answers(g->db, &g->mem, first.id, said, 1, e) == 1)
        ev->answered = said[0].id;
    if (!record)
        return e->code == ERR_NONE;
    struct call c = { 0 };
    engine_call(g, &c, m, ev->network, ev->conversation, ev->received_ms);
    struct reply *r = reply_new(&c, REPLY_OK, "edited.record", ARGS(TXT("id", record)));
    reply_button(r, "fill", arena_printf(&g->mem, "edit %s ", record), "button.edit", NO_ARGS);
    reply_button(r, "quiet", arena_printf(&g->mem, "undo %s", record), "button.undo", NO_ARGS);
    *told = true;
    if (message)
        engine_add_ack(g, ev, message);
    bool ok = engine_store_replies(g, &c, inbox, ev->remote_id, e);
    reply_drop_all(&c);
    return ok;
}

int64_t engine_store_done(struct engine *g, const struct event *ev, struct err *e)
{
    struct inbox in = { .network = network_name(ev->network), .member_id = ev->member_id, .hash = "",
        .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .done_ms = clock_now_ms() };
    engine_add_ack(g, ev, 0);
    return inbox_add(g->db, &in, e);
}

/* What no one can read here gets a sentence. */
static bool take_unreadable(struct engine *g, const struct member *m, const struct event *ev, struct err *e)
{
    struct call c = { 0 };
    int64_t inbox = engine_store_done(g, ev, e);
    engine_call(g, &c, m, ev->network, ev->conversation, ev->received_ms);
    reply_new(&c, REPLY_REFUSED, ev->refusal, NO_ARGS);
    bool ok = inbox && engine_store_replies(g, &c, inbox, ev->remote_id, e);
    reply_drop_all(&c);
    return ok;
}

bool engine_take_message(struct engine *g, struct event *ev, struct err *e)
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
    if (ev->refusal)
        return take_unreadable(g, m, ev, e);
    const char *said_as = ev->edits ? ev->edits : ev->message;
    if (said_as && inbox_overtaken(g->db, network_name(ev->network), m->id, said_as, ev->received_ms, INT64_MAX, e))
        return engine_store_done(g, ev, e) != 0; /* it came after what replaced it */
    if (limited(g, ev, e))
        return wait_turn(g, m, ev, e);
    int64_t inbox = store_event(g, ev, false, &note, &message, e);
    bool told = false;
    if (inbox && ev->edits && !engine_take_edit(g, m, ev, inbox, message, &told, e))
        return false;
    return inbox && (told || engine_answer_event(g, m, ev, inbox, note, message, e));
}
