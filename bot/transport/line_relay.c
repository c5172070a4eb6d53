/* The bot's end of a relay (relay.h): a WebSocket that we open and open again, over which
 * webhooks come as they were posted. A row is acknowledged once it is stored, or when it
 * never can be. What is not comes again with the next connection. Loop thread. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/net/dial.h"
#include "bot/transport/line_private.h"
#include "bot/transport/relay_frame.h"

enum { FRAME_MAX = 2 * 1024 * 1024, CONNECT_MS = 10000, PING_MS = 15000, SILENT_MS = 40000,
    PAUSE_MS = 500, PAUSE_MAX_MS = 30000, GOING_AWAY = 1001 };

struct line_relay {
    struct line *line;
    char *url, *address;
    struct dial *dial;
    int64_t pause_ms; /* before the next try; 0: none is waiting */
    bool waiting, closing;
    bool lending; /* something is on its way to the relay */
};

static void connect_later(struct line_relay *r);

static void ack(struct line_relay *r, int64_t id)
{
    struct arena mem = ARENA_INIT;
    AUTO_JSON frame = json_pack("{s:s, s:I}", "t", "ack", "id", (json_int_t)id);
    const char *text = json_print(&mem, frame);
    if (r->dial)
        (void)dial_send(r->dial, text, strlen(text));
    arena_finish(&mem);
}

void line_relay_settle(struct line *l, int64_t id, int status)
{
    struct line_relay *r = l->relay;
    if (status != 503)
        ack(r, id);
    else if (r->dial)
        dial_close(r->dial, GOING_AWAY, "not stored"); /* and it comes again */
}

static void on_hook(struct line_relay *r, const struct relay_frame *f)
{
    const struct line_hook hook = { .source = -f->id, .age_ms = f->age_ms, .signature = f->signature,
        .body = f->body, .n = f->n };
    if (f->body)
        line_take_hook(r->line, &hook);
    else
        ack(r, f->id); /* nobody will ever make something of it */
}

/* One at a time, so that they never keep acknowledgements waiting for long. */
static void lend_next(struct line_relay *r)
{
    struct arena mem = ARENA_INIT;
    struct lent_item item;
    if (r->dial && !r->lending && lent_next(r->line->lent, &mem, &item)) {
        AUTO_JSON frame = json_pack("{s:s, s:s, s:s, s:I, s:s}", "t", "lend", "name", item.name, "type",
            item.type, "seconds", (json_int_t)item.seconds, "body", item.body);
        const char *text = json_print(&mem, frame);
        r->lending = dial_send(r->dial, text, strlen(text));
    }
    arena_finish(&mem);
}

static void on_lent(struct line_relay *r, const struct relay_frame *f)
{
    if (f->kind == RELAY_NOT_LENT)
        log_warn("line: the relay takes no more pictures");
    lent_hand_over(r->line->lent, f->item.name);
    r->lending = false;
    lend_next(r);
}

static void on_open(void *ctx)
{
    struct line_relay *r = ctx;
    r->pause_ms = PAUSE_MS;
    r->lending = false;
    lent_take_back(r->line->lent); /* the relay may be a new one that has none of them */
    atomic_store(&r->line->relay_open, true);
    lend_next(r);
    log_info("line: connected to the relay");
}

static void on_text(void *ctx, const char *text, size_t n)
{
    struct line_relay *r = ctx;
    struct arena mem = ARENA_INIT;
    struct relay_frame f;
    struct err e;
    if (!text || !relay_frame_decode(&mem, text, n, &f, &e))
        log_warn("line: the relay sent what is no frame");
    else if (f.kind == RELAY_HOOK)
        on_hook(r, &f);
    else if (f.kind == RELAY_LENT || f.kind == RELAY_NOT_LENT)
        on_lent(r, &f);
    arena_finish(&mem);
}

static void on_close(void *ctx, int code, const char *why)
{
    struct line_relay *r = ctx;
    r->dial = NULL;
    atomic_store(&r->line->relay_open, false);
    if (code == 401)
        log_error("line: the relay refuses NEMAWASHI_RELAY_TOKEN; it must be the relay's own");
    else
        log_info("line: the relay's connection ended, code %d: %s", code, why);
    connect_later(r);
}

static const struct dial_events events = { on_open, on_text, on_close };

static void connect_now(struct line_relay *r)
{
    struct err e;
    const struct dial_options o = { .url = r->url, .address = r->address,
        .proxy = r->line->config.proxy, .bearer = r->line->config.relay_token, .max_text = FRAME_MAX,
        .connect_ms = CONNECT_MS, .ping_ms = PING_MS, .silent_ms = SILENT_MS };
    if (r->closing)
        return;
    r->dial = dial_open(r->line->loop, &o, &events, r, &e);
    if (!r->dial) {
        log_err("line: relay", &e);
        connect_later(r);
    }
}

/* Its host's address was looked up, on the courier's thread. */
static void on_resolved(struct http_request *q, const struct http_response *a)
{
    struct line_relay *r = q->user;
    size_t n = a->body ? strcspn(a->body, "\n") : 0;
    (void)pthread_mutex_lock(&r->line->lock);
    free(r->address);
    r->address = NULL;
    if (n) {
        r->address = xcalloc(1, n + 1);
        memcpy(r->address, a->body, n);
    }
    (void)pthread_mutex_unlock(&r->line->lock);
    atomic_store(&r->line->relay_resolved, n ? LINE_FOUND : LINE_NOT_FOUND);
    loop_wake(r->line->loop);
}

static void connect_again(void *ctx)
{
    struct line_relay *r = ctx;
    struct http_request *q = http_request_create();
    const char *host = dial_lookup(&q->mem, r->url, r->line->config.proxy);
    r->waiting = false;
    if (!host || r->closing) {
        http_request_destroy(q);
        connect_now(r);
        return;
    }
    q->url = arena_printf(&q->mem, "http://%s/", host);
    q->only_resolve = true;
    q->user = r;
    q->done = on_resolved;
    http_submit(r->line->http, q);
}

static void connect_later(struct line_relay *r)
{
    unsigned char dice;
    if (r->waiting || r->closing)
        return;
    r->waiting = true;
    random_bytes(&dice, 1);
    loop_after(r->line->loop, r->pause_ms + r->pause_ms * dice / 512, connect_again, r);
    r->pause_ms = r->pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : r->pause_ms * 2;
}

void line_relay_woken(struct line *l)
{
    lend_next(l->relay);
    int resolved = atomic_exchange(&l->relay_resolved, LINE_NOT_ASKED);
    if (resolved == LINE_FOUND) {
        connect_now(l->relay);
    } else if (resolved == LINE_NOT_FOUND) {
        log_warn("line: the relay's host name can't be looked up");
        connect_later(l->relay);
    }
}

void line_relay_open(struct line *l)
{
    struct line_relay *r = xcalloc(1, sizeof *r);
    r->line = l;
    r->url = xstrdup(l->config.relay_url);
    r->pause_ms = PAUSE_MS;
    l->relay = r;
    connect_again(r);
}

void line_relay_close(struct line_relay *r)
{
    if (!r)
        return;
    r->closing = true;
    dial_forget(r->dial);
    r->dial = NULL;
}

void line_relay_destroy(struct line_relay *r)
{
    if (!r)
        return;
    free(r->url);
    free(r->address);
    free(r);
}
