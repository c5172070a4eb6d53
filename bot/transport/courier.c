#include "bot/transport/courier.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"

/* How fast a lane may go: `full_us` is when all of its burst is there again. */
struct lane {
    struct lane *next;
    enum network network;
    int64_t full_us;
    char key[];
};

struct courier {
    struct courier_config config;
    struct http *http;
    struct queue queue; /* of deliveries */
    atomic_bool draining;
    /* Of the courier's thread: */
    struct lane *lanes;
    struct delivery *waiting;        /* for their lane or their network */
    int64_t quiet_ms[NETWORK__MAX];  /* the network said: too fast; nothing until then */
};

struct sending {
    struct courier *courier;
    const struct courier_network *network;
    struct delivery *delivery;
    struct courier_way way;
};

enum send_outcome courier_judge(const struct http_response *a)
{
    if (a->result != HTTP_ANSWERED)
        return SEND_LATER;
    if (a->status >= 200 && a->status < 300)
        return SEND_DONE;
    bool again = a->status == 408 || a->status == 425 || a->status == 429 || a->status >= 500;
    return again ? SEND_LATER : SEND_DEAD;
}

struct http *courier_http(struct courier *c)
{
    return c->http;
}

/* The delivery ends here. */
static void tell(struct courier *c, struct delivery *d, enum send_outcome outcome,
    int64_t retry_after_ms, const char *reference)
{
    for (const struct delivery *one = d; one; one = one->with) {
        struct event *ev = event_create(EVENT_SENT, one->network, 0);
        ev->remote_ref = reference && one == d ? xstrdup(reference) : NULL;
        ev->member_id = one->member_id;
        ev->received_ms = clock_now_ms();
        ev->outbox_id = one->outbox_id;
        ev->attempt = one->attempt;
        ev->outcome = outcome;
        ev->retry_after_ms = retry_after_ms;
        c->config.post(c->config.ctx, ev);
    }
    delivery_destroy(d);
}

static void log_answer(const struct delivery *d, const struct http_response *a)
{
    const char *what = a->result == HTTP_ANSWERED   ? "answered"
                       : a->result == HTTP_NOT_SENT ? "not sent"
                                                    : "sent, no answer";
    log_warn("courier: outbox %lld on %s, attempt %d: %s, status %d%s%s",
        (long long)d->outbox_id, network_name(d->network), d->attempt, what, a->status,
        *a->why ? ", " : "", a->why);
}

static void finish(struct sending *s)
{
    arena_finish(&s->way.mem);
    free(s);
}

static void on_done(struct http_request *r, const struct http_response *a);

static bool follow(struct sending *s, const struct http_response *a)
{
    struct http_request *next = http_request_create();
    if (!s->network->follow ||
        !s->network->follow(s->network->ctx, s->delivery, &s->way, a, next)) {
        http_request_destroy(next);
        return false;
    }
    next->done = on_done;
    next->user = s;
    http_submit(s->courier->http, next);
    return true;
}

/* Whatever else waits for this network would be refused too. */
static void keep_quiet(struct courier *c, enum network network, const struct http_response *a)
{
    int64_t until = clock_now_ms() + a->retry_after_ms;
    if (a->status == 429 && until > c->quiet_ms[network])
        c->quiet_ms[network] = until;
}

static void on_done(struct http_request *r, const struct http_response *a)
{
    struct sending *s = r->user;
    struct courier *c = s->courier;
    if (a->result == HTTP_NOT_SENT && atomic_load(&c->draining)) {
        tell(c, s->delivery, SEND_RETURNED, 0, NULL);
        finish(s);
        return;
    }
    if (follow(s, a))
        return;
    const struct courier_network *n = s->network;
    enum send_outcome outcome = n->judge ? n->judge(n->ctx, s->delivery, a) : courier_judge(a);
    keep_quiet(c, n->network, a);
    if (outcome != SEND_DONE)
        log_answer(s->delivery, a);
    bool named = outcome == SEND_DONE && s->network->reference;
    tell(c, s->delivery, outcome, a->retry_after_ms,
        named ? s->network->reference(&s->way.mem, a) : NULL);
    finish(s);
}

static const struct courier_network *find(const struct courier *c, enum network network)
{
    for (const struct courier_network *const *n = c->config.networks; *n; n++)
        if ((*n)->network == network)
            return *n;
    return NULL;
}

static void send_now(struct courier *c, const struct courier_network *n, struct delivery *d)
{
    struct err e = { 0 };
    bool ready = !n->ready || n->ready(n->ctx);
    if (!ready || (n->holds && n->holds(n->ctx, d))) {
        tell(c, d, ready ? SEND_HELD : SEND_LATER, 0, NULL);
        return;
    }
    struct http_request *r = http_request_create();
    if (!n->encode(n->ctx, d, r, &e)) {
        log_err("courier: encode", &e);
        http_request_destroy(r);
        tell(c, d, SEND_DEAD, 0, NULL);
        return;
    }
    struct sending *s = xcalloc(1, sizeof *s);
    *s = (struct sending){ .courier = c, .network = n, .delivery = d };
    r->done = on_done;
    r->user = s;
    http_submit(c->http, r);
}

/* The lane's; those that are full again are forgotten on the way. */
static struct lane *lane_of(struct courier *c, const struct courier_network *n, const char *key,
    size_t len, int64_t now_us)
{
    for (struct lane **at = &c->lanes; *at;) {
        struct lane *l = *at;
        if (l->network == n->network && strlen(l->key) == len && !strncmp(l->key, key, len))
            return l;
        if (l->full_us > now_us) {
            at = &l->next;
            continue;
        }
        *at = l->next;
        free(l);
    }
    struct lane *l = xcalloc(1, sizeof *l + len + 1);
    l->network = n->network;
    memcpy(l->key, key, len);
    l->next = c->lanes;
    return c->lanes = l;
}

/* When the message may go; `now_us`: it goes, and its lane has one less. */
static int64_t may_go(struct courier *c, const struct courier_network *n, const struct delivery *d,
    int64_t now_us)
{
    int64_t quiet = c->quiet_ms[n->network] - clock_now_ms();
    if (quiet > 0)
        return now_us + quiet * 1000;
    if (!n->pace_ms)
        return now_us;
    size_t len = n->lane ? n->lane(d->conversation) : strlen(d->conversation);
    struct lane *l = lane_of(c, n, d->conversation, len, now_us);
    int64_t pace_us = n->pace_ms * INT64_C(1000), full = l->full_us > now_us ? l->full_us : now_us;
    int64_t at = full - (n->burst > 1 ? n->burst - 1 : 0) * pace_us;
    if (at > now_us)
        return at;
    l->full_us = full + pace_us;
    return now_us;
}

/* A lease is not to run out in here: who waits long goes back. */
enum { PATIENCE_US = 20000000 };

static void send_one(struct courier *c, struct delivery *d)
{
    const struct courier_network *n = find(c, d->network);
    if (!n || atomic_load(&c->draining)) {
        tell(c, d, SEND_RETURNED, 0, NULL);
        return;
    }
    int64_t now_us = clock_ticks_us(), at_us = may_go(c, n, d, now_us);
    if (at_us <= now_us) {
        send_now(c, n, d);
    } else if (at_us - now_us > PATIENCE_US) {
        tell(c, d, SEND_LATER, (at_us - now_us) / 1000, NULL);
    } else {
        struct delivery **end = &c->waiting;
        while (*end)
            end = &(*end)->next;
        *end = d;
        http_wake_at(c->http, at_us);
    }
}

static void send_all(struct courier *c, struct delivery *d)
{
    while (d) {
        struct delivery *next = d->next;
        d->next = NULL;
        send_one(c, d);
        d = next;
    }
}

static void on_wake(void *ctx)
{
    struct courier *c = ctx;
    struct delivery *waiting = c->waiting;
    c->waiting = NULL;
    send_all(c, waiting);
    send_all(c, queue_take(&c->queue));
}

struct courier *courier_create(const struct courier_config *config, struct err *e)
{
    struct http *http = http_create(&(struct http_config){ .proxy = config->proxy }, e);
    if (!http)
        return NULL;
    struct courier *c = xcalloc(1, sizeof *c);
    c->config = *config;
    c->http = http;
    queue_init(&c->queue);
    http_on_wake(http, on_wake, c);
    return c;
}

void courier_destroy(struct courier *c)
{
    if (!c)
        return;
    http_destroy(c->http);
    struct delivery *d = queue_take(&c->queue);
    while (d) { /* came after the end: the lease brings them back */
        struct delivery *next = d->next;
        delivery_destroy(d);
        d = next;
    }
    queue_finish(&c->queue);
    while (c->lanes) {
        struct lane *l = c->lanes;
        c->lanes = l->next;
        free(l);
    }
    free(c);
}

unsigned courier_networks(const struct courier *c)
{
    unsigned bits = 0;
    for (const struct courier_network *const *n = c->config.networks; *n; n++)
        bits |= 1U << (*n)->network;
    return bits;
}

void courier_send(struct courier *c, struct delivery *d)
{
    (void)queue_push(&c->queue, d);
    http_wake(c->http);
}

void courier_run(struct courier *c)
{
    http_run(c->http);
    on_wake(c); /* what came with the word to stop */
}

void courier_drain(struct courier *c, int64_t grace_ms)
{
    atomic_store(&c->draining, true);
    http_drain(c->http, grace_ms);
}

void courier_stop(struct courier *c)
{
    atomic_store(&c->draining, true);
    http_stop(c->http);
}
