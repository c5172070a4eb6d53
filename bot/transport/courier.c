#include "bot/transport/courier.h"

#include <stdatomic.h>
#include <stdlib.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"

struct courier {
    struct courier_config config;
    struct http *http;
    struct queue queue; /* of deliveries */
    atomic_bool draining;
};

/* One message under way; lies in its request. */
struct sending {
    struct courier *courier;
    const struct courier_network *network;
    struct delivery *delivery;
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

/* The delivery ends here. */
static void tell(struct courier *c, struct delivery *d, enum send_outcome outcome,
    int64_t retry_after_ms)
{
    struct event *ev = event_create(EVENT_SENT, d->network, 0);
    ev->member_id = d->member_id;
    ev->received_ms = clock_now_ms();
    ev->outbox_id = d->outbox_id;
    ev->attempt = d->attempt;
    ev->outcome = outcome;
    ev->retry_after_ms = retry_after_ms;
    delivery_destroy(d);
    c->config.post(c->config.ctx, ev);
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

static void on_done(struct http_request *r, const struct http_response *a)
{
    struct sending *s = r->user;
    struct courier *c = s->courier;
    if (a->result == HTTP_NOT_SENT && atomic_load(&c->draining)) {
        tell(c, s->delivery, SEND_RETURNED, 0);
        return;
    }
    enum send_outcome outcome = s->network->judge ? s->network->judge(a) : courier_judge(a);
    if (outcome != SEND_DONE)
        log_answer(s->delivery, a);
    tell(c, s->delivery, outcome, a->retry_after_ms);
}

static const struct courier_network *find(const struct courier *c, enum network network)
{
    for (const struct courier_network *const *n = c->config.networks; *n; n++)
        if ((*n)->network == network)
            return *n;
    return NULL;
}

static void send_one(struct courier *c, struct delivery *d)
{
    struct err e = { 0 };
    const struct courier_network *n = find(c, d->network);
    if (!n || atomic_load(&c->draining)) {
        tell(c, d, SEND_RETURNED, 0);
        return;
    }
    struct http_request *r = http_request_create();
    struct sending *s = ARENA_NEW(&r->mem, struct sending);
    *s = (struct sending){ .courier = c, .network = n, .delivery = d };
    if (!n->encode(n->ctx, d, r, &e)) {
        log_err("courier: encode", &e);
        http_request_destroy(r);
        tell(c, d, SEND_DEAD, 0);
        return;
    }
    r->done = on_done;
    r->user = s;
    http_submit(c->http, r);
}

static void on_wake(void *ctx)
{
    struct courier *c = ctx;
    struct delivery *d = queue_take(&c->queue);
    while (d) {
        struct delivery *next = d->next;
        d->next = NULL;
        send_one(c, d);
        d = next;
    }
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
