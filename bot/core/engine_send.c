/* Stored messages on their way out, and the engine's side of the courier: what is due in
 * the outbox is claimed and handed out, what became of it is stored. A claim is a lease,
 * so that nothing is lost when the program dies in between; it then goes out again, under
 * the same retry key, when the next one starts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/courier.h"
#include "bot/core/engine_private.h"
#include "bot/store/identities.h"
#include "bot/store/outbox.h"

/* At the courier at once, each network: as many as it has connections. The lease is far
 * longer than any request may take. */
enum { IN_FLIGHT = 8, LEASE_MS = 2 * 60 * 1000, AGAIN_MS = 5000, UUID = 37, KEY_BYTES = 16,
    HELD_HOURS = 6 };

bool engine_couriered(const struct engine *g, enum network network)
{
    return g->config.to_courier && g->config.couriered & 1U << network;
}

bool engine_send_start(struct engine *g, struct err *e)
{
    return !g->config.to_courier || !g->config.couriered ||
           outbox_reclaim(g->db, clock_now_ms(), e);
}

struct delivery *engine_message(struct engine *g, struct pending *p)
{
    AUTO_JSON reply = p->reply;
    p->reply = NULL;
    if (reply)
        reply_show(g->db, g->config.words, &g->mem, reply, p->member_id, p->locale);
    else if (!(reply = reply_resolve(g->db, g->config.words, &g->mem, p->body, p->member_id, p->locale)))
        return NULL;
    (void)json_object_set_new(reply, "seq", json_integer(p->message_id));
    (void)json_object_set_new(reply, "in", json_integer(0));
    (void)json_object_set_new(reply, "to", json_string(p->handle));
    struct delivery *d = delivery_create(DELIVERY_MESSAGE, p->network);
    d->member_id = p->member_id;
    d->message_id = p->message_id;
    d->at_ms = p->at_ms;
    d->remote_id = p->answers ? xstrdup(p->answers) : NULL;
    d->conversation = xstrdup(p->conversation);
    d->json = xstrdup(json_print(&g->mem, reply));
    return d;
}

/* Two stores may serve one network: their ids are the same, their keys must not be. */
static bool read_send_key(struct engine *g, struct err *e)
{
    char key[2 * KEY_BYTES + 1];
    if (g->send_key)
        return true;
    const char *stored = meta_get(g->db, &g->mem, "send_key", e);
    if (!stored && e->code != ERR_NONE)
        return false;
    if (!stored) {
        random_hex(key, KEY_BYTES);
        if (!meta_set(g->db, "send_key", key, e))
            return false;
    }
    g->send_key = xstrdup(stored ? stored : key);
    return true;
}

/* UUIDv7 (RFC 9562) of the message's time, its random part the hash of what it is: every
 * attempt, of every run, gets the same. */
static char *retry_key(struct engine *g, const struct outbox *o, int64_t at_ms)
{
    char hash[SHA256_HEX], uuid[UUID];
    const char *what = arena_printf(&g->mem, "%s %lld %lld", g->send_key, (long long)o->id,
        (long long)at_ms);
    sha256_hex(what, strlen(what), hash);
    unsigned long long ms = (unsigned long long)at_ms & 0xffffffffffffULL;
    (void)snprintf(uuid, sizeof uuid, "%08llx-%04llx-7%.3s-%c%.3s-%.12s", ms >> 16,
        ms & 0xffff, hash, "89ab"[(unsigned char)hash[3] % 4], hash + 4, hash + 7);
    return xstrdup(uuid);
}

/* The claimed message for its member; NULL with ERR_NONE: it can't be sent any more. */
static struct delivery *make_delivery(struct engine *g, enum network network,
    const struct outbox *o, int64_t now_ms, struct err *e)
{
    struct message row;
    struct member m;
    if (!message_find(g->db, &g->mem, o->message_id, &row, e) || !row.body ||
        !member_by_id(g->db, &g->mem, row.member_id, &m, e))
        return NULL;
    /* After a day networks forget the key: a repeat might arrive twice. */
    if (o->attempts > 1 &&
        courier_next_attempt(row.at_ms, o->attempts - 1, now_ms) == INT64_MAX)
        return NULL;
    struct pending p = { .message_id = row.id, .member_id = m.id, .at_ms = row.at_ms,
        .locale = engine_locale(g, &m), .handle = m.handle, .conversation = row.conversation,
        .answers = row.answers, .body = row.body, .network = network };
    struct delivery *d = engine_message(g, &p);
    if (!d)
        return NULL;
    struct identity account;
    if (identity_of_member(g->db, &g->mem, m.id, network_name(network), &account, e)) {
        if (account.gone_ms) { /* nothing arrives there any more */
            delivery_destroy(d);
            return NULL;
        }
        d->remote_user = xstrdup(account.remote);
    }
    char *replaced = message_replaced(g->db, &g->mem, row.id, e);
    d->replaces = replaced ? xstrdup(replaced) : NULL;
    d->kind = DELIVERY_SEND;
    d->outbox_id = o->id;
    d->attempt = o->attempts;
    d->retry_key = retry_key(g, o, row.at_ms);
    return d;
}

static bool bury(struct engine *g, const struct outbox *o, enum network network,
    struct err *e)
{
    log_warn("outbox %lld on %s is dead after %d attempts", (long long)o->id,
        network_name(network), o->attempts);
    return outbox_dead(g->db, o->id, clock_now_ms(), e);
}

static bool goes_along(const struct delivery *first, const struct delivery *d)
{
    return first->network == d->network && first->member_id == d->member_id &&
           first->attempt == d->attempt && first->attempt <= OUTBOX_STUBBORN &&
           delivery_count(first) < OUTBOX_TOGETHER && !strcmp(first->conversation, d->conversation);
}

/* At the end of the list, or behind one that it can go along with. */
static void add_claimed(struct delivery **list, struct delivery *d, bool together)
{
    struct delivery **at = list;
    for (; *at; at = &(*at)->next) {
        struct delivery *last = *at;
        if (!together || !goes_along(last, d))
            continue;
        while (last->with)
            last = last->with;
        last->with = d;
        return;
    }
    *at = d;
}

static bool claim(struct engine *g, enum network network, int64_t now_ms, struct delivery **list,
    struct err *e)
{
    struct outbox rows[IN_FLIGHT * OUTBOX_TOGETHER];
    const char *name = network_name(network);
    bool together = g->config.together & 1U << network;
    int room = IN_FLIGHT - g->sending[network];
    if (room <= 0)
        return true;
    int n = together ? outbox_claim_together(g->db, name, now_ms, now_ms + LEASE_MS, rows, room, e)
                     : outbox_claim(g->db, name, now_ms, now_ms + LEASE_MS, rows, room, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        struct delivery *d = make_delivery(g, network, &rows[i], now_ms, e);
        if (d)
            add_claimed(list, d, together);
        else if (e->code == ERR_NONE && !bury(g, &rows[i], network, e))
            return false;
    }
    return e->code == ERR_NONE;
}

static int64_t next_due(struct engine *g, struct err *e)
{
    int64_t next = INT64_MAX;
    for (int i = 0; i < NETWORK__MAX; i++) {
        if (!engine_couriered(g, (enum network)i) || g->sending[i] >= IN_FLIGHT)
            continue; /* an outcome will make room and look again */
        const char *name = network_name((enum network)i);
        int64_t due = g->config.together & 1U << i ? outbox_next_due_together(g->db, name, e)
                                                   : outbox_next_due(g->db, name, e);
        next = due < next ? due : next;
    }
    return next;
}

static bool sends(const struct engine *g, int64_t now_ms)
{
    return g->config.to_courier && g->config.couriered && now_ms >= g->send_ms;
}

bool engine_claim(struct engine *g, int64_t now_ms, struct delivery **list, struct err *e)
{
    if (!sends(g, now_ms))
        return true;
    bool ok = read_send_key(g, e);
    for (int i = 0; i < NETWORK__MAX; i++)
        if (engine_couriered(g, (enum network)i))
            ok = ok && claim(g, (enum network)i, now_ms, list, e);
    return ok;
}

int64_t engine_hand_over(struct engine *g, int64_t now_ms, struct delivery *list, bool ok)
{
    struct err e = { 0 };
    if (!g->config.to_courier || !g->config.couriered)
        return INT64_MAX;
    if (!ok) {
        free(g->send_key); /* perhaps made in vain */
        g->send_key = NULL;
    }
    while (list) {
        struct delivery *d = list;
        list = d->next;
        d->next = NULL;
        if (ok) {
            g->sending[d->network] += delivery_count(d);
            g->config.to_courier(g->config.ctx, d);
        } else {
            delivery_destroy(d);
        }
    }
    if (ok && sends(g, now_ms))
        g->send_ms = next_due(g, &e);
    if (e.code != ERR_NONE)
        g->send_ms = now_ms + AGAIN_MS;
    return g->send_ms;
}

/* What became of it. */

static bool send_later(struct engine *g, const struct event *ev, const struct outbox *o,
    struct err *e)
{
    int64_t now = clock_now_ms(), pause = courier_pause_ms(o->attempts);
    if (pause < ev->retry_after_ms)
        pause = ev->retry_after_ms;
    int64_t due = courier_next_attempt(o->at_ms, o->attempts, now + pause);
    return due == INT64_MAX ? bury(g, o, ev->network, e)
                            : outbox_later(g->db, o->id, o->attempts, due, e);
}

static bool settle(struct engine *g, const struct event *ev, struct err *e)
{
    struct outbox o;
    if (!outbox_find(g->db, ev->outbox_id, &o, e))
        return e->code == ERR_NONE;
    if (ev->outcome == SEND_DONE)
        return outbox_done(g->db, o.id, ev->remote_ref, clock_now_ms(), e);
    if (ev->attempt != o.attempts)
        return true; /* the lease ran out, it is on its way again */
    switch (ev->outcome) {
    case SEND_LATER:
        return send_later(g, ev, &o, e);
    case SEND_DEAD:
        return bury(g, &o, ev->network, e);
    case SEND_HELD:
        return outbox_later(g->db, o.id, o.attempts - 1, clock_now_ms() + HELD_HOURS * HOUR_MS, e);
    default:
        return outbox_later(g->db, o.id, o.attempts - 1, clock_now_ms(), e);
    }
}

void engine_drop_sent(struct engine *g)
{
    while (g->sent) {
        struct event *ev = g->sent;
        g->sent = ev->next;
        event_destroy(ev);
    }
    g->sent_end = &g->sent;
}

bool engine_settle_sent(struct engine *g, struct err *e)
{
    bool ok = true;
    for (struct event *ev = g->sent; ev && ok; ev = ev->next)
        ok = settle(g, ev, e);
    return ok;
}

bool engine_settle_now(struct engine *g)
{
    struct err e = { 0 };
    if (!g->sent)
        return true;
    if (!db_begin(g->db, &e) || !engine_settle_sent(g, &e) || !db_commit(g->db, &e)) {
        db_rollback(g->db);
        log_err("store outcomes", &e);
        return false;
    }
    engine_drop_sent(g);
    return true;
}

void engine_take_sent(struct engine *g, struct event *ev)
{
    *g->sent_end = ev;
    g->sent_end = &ev->next;
    g->sending[ev->network] -= g->sending[ev->network] > 0;
    g->send_ms = 0;
}
