#include "bot/transport/slack.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/slack_answer.h"
#include "bot/transport/slack_private.h"

/* A payload holds the whole message and form that was tapped; a form may be 250 KB. Three
 * pongs in a row are missing before a connection counts as dead: official clients that
 * waited for one alone reconnected without end. */
enum { TEXT_MAX = 1 << 20, CONNECT_MS = 15000, PING_MS = 5000, SILENT_MS = 15000, FRAME_MAX = 20000,
    AUTH_FIRST_MS = 1000, AUTH_LONGEST_MS = 60000, GOING_AWAY = 1000 };

int64_t slack_now_ms(void)
{
    return clock_ticks_us() / 1000;
}

/* Timers. */

static void on_timer(void *ctx)
{
    struct slack *s = ctx;
    s->timer_ms = INT64_MAX;
    slack_link_tick(&s->link, slack_now_ms());
    slack_do_todo(s);
}

static void schedule(struct slack *s)
{
    int64_t due = slack_link_due(&s->link), now = slack_now_ms();
    if (due >= s->timer_ms)
        return; /* an earlier one will look again */
    s->timer_ms = due;
    loop_after(s->config.loop, due > now ? due - now : 0, on_timer, s);
}

/* Sockets. */

static struct slack_socket *find_socket(struct slack *s, int64_t number)
{
    for (int i = 0; i < SLACK_SOCKETS; i++)
        if (s->sockets[i].dial && s->sockets[i].number == number)
            return &s->sockets[i];
    return NULL;
}

void slack_send_frame(struct slack *s, int64_t socket, const char *text, size_t n)
{
    struct slack_socket *to = find_socket(s, socket);
    if (n > FRAME_MAX) {
        log_error("slack: a frame of %zu bytes would not be taken", n);
        return;
    }
    if (!to || !dial_send(to->dial, text, n)) /* gone: perhaps the new one is heard instead */
        to = find_socket(s, s->link.current);
    else
        return;
    if (!to || !dial_send(to->dial, text, n))
        log_info("slack: an acknowledgement found no socket; it will be asked for again");
}

int slack_open(const struct slack *s)
{
    int n = 0;
    for (int i = 0; s && i < SLACK_SOCKETS; i++)
        n += s->sockets[i].dial != NULL;
    return n;
}

static void on_open(void *ctx)
{
    struct slack_socket *k = ctx;
    slack_link_opened(&k->slack->link, slack_now_ms(), k->number);
    slack_do_todo(k->slack);
}

static void on_text(void *ctx, const char *text, size_t n)
{
    struct slack_socket *k = ctx;
    struct slack *s = k->slack;
    if (text)
        slack_take_text(s, k->number, text, n);
    else
        log_warn("slack: a message too long or not of text was dropped unread");
    slack_do_todo(s);
}

static void on_close(void *ctx, int code, const char *why)
{
    struct slack_socket *k = ctx;
    struct slack *s = k->slack;
    int64_t number = k->number;
    log_info("slack: connection %lld ended, code %d: %s", (long long)number, code, why);
    k->dial = NULL;
    slack_link_closed(&s->link, slack_now_ms(), number);
    slack_do_todo(s);
    if (s->stopping && !slack_open(s) && s->config.closed)
        s->config.closed(s->config.ctx);
}

static const struct dial_events events = { on_open, on_text, on_close };

static void connect_to(struct slack *s, int64_t number)
{
    struct err e;
    struct slack_socket *k = NULL;
    for (int i = 0; i < SLACK_SOCKETS && !k; i++)
        k = s->sockets[i].dial ? NULL : &s->sockets[i];
    const struct dial_options o = { .url = s->url ? s->url : "", .address = s->address,
        .proxy = s->config.proxy, .max_text = TEXT_MAX, .connect_ms = CONNECT_MS,
        .ping_ms = PING_MS, .silent_ms = SILENT_MS };
    if (k) {
        *k = (struct slack_socket){ .slack = s, .number = number };
        k->dial = dial_open(s->config.loop, &o, &events, k, &e);
    }
    if (!k || !k->dial)
        slack_link_closed(&s->link, slack_now_ms(), number);
    free(s->url); /* never used twice */
    s->url = NULL;
}

/* An address for a connection. */

static void found_address(struct slack *s, enum slack_url url, int64_t retry_after_ms)
{
    slack_link_url(&s->link, slack_now_ms(), url, retry_after_ms);
    slack_do_todo(s);
}

/* One of the lines, another one at each attempt: this machine may not reach them all.
 * NULL: there is none. */
static char *take_address(struct arena *mem, const char *lines, int attempt)
{
    int n = 0;
    for (const char *s = lines; *s; s += strcspn(s, "\n"), s += *s == '\n')
        n++;
    for (int skip = n ? attempt % n : 0; skip > 0; skip--)
        lines += strcspn(lines, "\n") + 1;
    return n ? xstrdup(arena_strndup(mem, lines, strcspn(lines, "\n"))) : NULL;
}

static void on_resolved(void *ctx, struct slack_answer *a)
{
    struct slack *s = ctx;
    free(s->address);
    s->address = take_address(&a->mem, a->body, s->link.failures);
    if (!s->address)
        log_warn("slack: the socket's host name can't be looked up");
    found_address(s, s->address ? SLACK_URL : SLACK_URL_LATER, 0);
}

static void resolve(struct slack *s)
{
    struct http_request *r = http_request_create();
    const char *host = dial_lookup(&r->mem, s->url, s->config.proxy);
    if (!host) {
        http_request_destroy(r);
        free(s->address);
        s->address = NULL;
        found_address(s, SLACK_URL, 0);
        return;
    }
    r->url = arena_printf(&r->mem, "http://%s/", host);
    r->only_resolve = true;
    slack_call(&s->calls, r, on_resolved, s, NULL);
}

static void on_url(void *ctx, struct slack_answer *a)
{
    struct slack *s = ctx;
    bool plain = !strncmp(s->config.api->url, "http://", 7);
    const char *url = a->class == SLACK_OK ? slack_read_url(&a->mem, a->body, a->body_size, plain) : NULL;
    if (url) {
        free(s->url);
        s->url = xstrdup(url);
        resolve(s);
        return;
    }
    bool never = slack_api_fatal(a->error);
    if (never)
        log_error("slack: stopped: apps.connections.open answers %s; check SLACK_APP_TOKEN (xapp-, "
                  "scope connections:write) and start again",
            a->error);
    else
        log_warn("slack: no address for a connection: %s", *a->error ? a->error : "none in the answer");
    found_address(s, never ? SLACK_URL_NEVER : SLACK_URL_LATER, a->retry_after_ms);
}

static void ask_url(struct slack *s)
{
    struct http_request *r = http_request_create();
    slack_api_form(s->config.api, r, "apps.connections.open", NULL);
    slack_call(&s->calls, r, on_url, s, NULL);
}

void slack_do_todo(struct slack *s)
{
    struct slack_do d;
    while (slack_link_next(&s->link, &d)) {
        struct slack_socket *k = find_socket(s, d.socket);
        if (d.act == SLACK_ASK)
            ask_url(s);
        else if (d.act == SLACK_DIAL)
            connect_to(s, d.socket);
        else if (k && d.act == SLACK_CLOSE)
            dial_close(k->dial, GOING_AWAY, "");
        else if (k)
            dial_drop(k->dial, "given up");
    }
    schedule(s);
}

/* Who we are there. */

static void ask_self(void *ctx);

static void on_self(void *ctx, struct slack_answer *a)
{
    struct slack *s = ctx;
    if (s->stopping)
        return;
    if (a->class == SLACK_OK && slack_read_self(&s->mem, a->body, a->body_size, &s->self)) {
        unsigned char seed[4];
        random_bytes(seed, sizeof seed);
        slack_link_start(&s->link, slack_now_ms(),
            (uint32_t)seed[0] << 24 | (uint32_t)seed[1] << 16 | (uint32_t)seed[2] << 8 | seed[3]);
        slack_do_todo(s);
        return;
    }
    if (slack_api_fatal(a->error)) {
        log_error("slack: stopped: auth.test answers %s; check SLACK_BOT_TOKEN (xoxb-, of the app "
                  "installed in the workspace) and start again",
            a->error);
        return;
    }
    int64_t pause = AUTH_FIRST_MS;
    for (int i = 0; i < s->attempts && pause < AUTH_LONGEST_MS; i++)
        pause *= 2;
    s->attempts++;
    pause = pause < AUTH_LONGEST_MS ? pause : AUTH_LONGEST_MS;
    log_warn("slack: auth.test: %s; again soon", *a->error ? a->error : "an answer without a team");
    loop_after(s->config.loop, pause > a->retry_after_ms ? pause : a->retry_after_ms, ask_self, s);
}

static void ask_self(void *ctx)
{
    struct slack *s = ctx;
    struct http_request *r = http_request_create();
    slack_api_form(s->config.api, r, "auth.test", NULL);
    slack_call(&s->calls, r, on_self, s, NULL);
}

struct slack *slack_create(const struct slack_config *config)
{
    struct slack *s = xcalloc(1, sizeof *s);
    s->config = *config;
    s->self.allowed = config->allowed;
    s->timer_ms = INT64_MAX;
    s->slots = xcalloc(SLACK_SLOTS, sizeof *s->slots);
    s->readers = xcalloc(SLACK_READERS, sizeof *s->readers);
    slack_calls_init(&s->calls, config->http, config->loop);
    ask_self(s);
    return s;
}

void slack_stop(struct slack *s)
{
    if (!s)
        return;
    s->stopping = true;
    slack_link_stop(&s->link);
    slack_do_todo(s);
}

void slack_close(struct slack *s)
{
    for (int i = 0; s && i < SLACK_SOCKETS; i++) {
        dial_forget(s->sockets[i].dial);
        s->sockets[i].dial = NULL;
    }
}

void slack_destroy(struct slack *s)
{
    if (!s)
        return;
    slack_close(s);
    slack_calls_finish(&s->calls);
    free(s->url);
    free(s->address);
    free(s->slots);
    free(s->readers);
    arena_finish(&s->mem);
    free(s);
}

void slack_wake(struct slack *s)
{
    if (s)
        slack_calls_take(&s->calls);
}

void slack_deliver(struct slack *s, struct delivery *d)
{
    const char *slash = d->remote_user ? strrchr(d->remote_user, '/') : NULL;
    switch (d->kind) {
    case DELIVERY_ACK:
    case DELIVERY_REFUSED:
        slack_take_ack(s, d);
        break;
    case DELIVERY_WHO:
        slack_ask_who(s, d);
        break;
    case DELIVERY_STRANGER:
        if (slash)
            slack_say(s, d->conversation, slash + 1, d->text);
        break;
    case DELIVERY_FORM:
        slack_fill_form(s, d);
        break;
    case DELIVERY_HOME:
        slack_publish(s, d);
        break;
    default:
        break;
    }
    delivery_destroy(d);
}
