#include "bot/transport/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/web_frame.h"
#include "bot/transport/web_private.h"
#include "bot/transport/web_secret.h"

/* 4401: a session was ended; codes from 4000 on are for programs. */
enum { HISTORY_LIMIT = 40, CLOSE_ENDED = 4401 };

/* Frames to the browser. */

static void put_string(struct buf *b, const char *s)
{
    AUTO_JSON node = json_string(s ? s : "");
    buf_puts(b, json_print(b->mem, node));
}

static void put_or_null(struct buf *b, const char *s)
{
    if (s)
        put_string(b, s);
    else
        buf_puts(b, "null");
}

static void send_buf(struct web *w, int64_t id, const struct buf *b)
{
    serve_send(w->serve, id, buf_str(b), b->n);
}

static void send_refusal(struct web *w, const struct chat *c, const char *id,
    const char *code)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_puts(&b, "{\"t\":\"refused\",\"id\":");
    put_or_null(&b, id);
    buf_puts(&b, ",\"code\":");
    put_string(&b, code);
    buf_puts(&b, ",\"text\":");
    put_string(&b, web_refusal(w, &mem, c->locale, code));
    buf_puts(&b, "}");
    send_buf(w, c->id, &b);
    arena_finish(&mem);
}

static void put_words(struct web *w, struct buf *b, int locale)
{
    buf_puts(b, "\"locale\":");
    put_string(b, catalogue_locale(w->config.words, locale));
    buf_puts(b, ",\"strings\":");
    buf_puts(b, w->strings[locale]);
}

static void send_login(struct web *w, const struct chat *c)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_puts(&b, "{\"t\":\"login\",");
    put_words(w, &b, c->locale);
    buf_puts(&b, "}");
    send_buf(w, c->id, &b);
    arena_finish(&mem);
}

/* `session` is the engine's object; its members follow ours. */
static void send_welcome(struct web *w, const struct chat *c, const char *session)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    const char *commands =
        w->config.commands_json ? w->config.commands_json(w->config.ctx, c->locale) : NULL;
    buf_puts(&b, "{\"t\":\"welcome\",");
    put_words(w, &b, c->locale);
    buf_puts(&b, ",\"commands\":");
    buf_puts(&b, commands ? commands : "[]");
    buf_puts(&b, ",");
    buf_puts(&b, session + 1);
    send_buf(w, c->id, &b);
    arena_finish(&mem);
}

/* Events to the engine. */

static struct event *new_event(const struct chat *c, enum event_kind kind)
{
    struct event *e = event_create(kind, NETWORK_WEB, c->id);
    e->member_id = c->member_id;
    e->session = c->session ? xstrdup(c->session_hash) : NULL;
    e->conversation = xstrdup("web");
    e->received_ms = clock_now_ms();
    return e;
}

static void post_text(struct web *w, const struct chat *c, enum event_kind kind,
    const char *text)
{
    struct event *e = new_event(c, kind);
    e->text = xstrdup(text);
    w->config.post(w->config.ctx, e);
}

static void post_history(struct web *w, struct chat *c, int64_t after, int64_t before)
{
    if (c->n_histories == WEB_HISTORIES) {
        send_refusal(w, c, NULL, "busy");
        return;
    }
    c->older[c->n_histories++] = before > 0;
    struct event *e = new_event(c, EVENT_HISTORY);
    e->after = after;
    e->before = before;
    e->limit = HISTORY_LIMIT;
    w->config.post(w->config.ctx, e);
}

/* Messages on their way. */

static struct said **pending_find(struct chat *c, const char *id)
{
    struct said **at = &c->pending;
    while (*at && strcmp((*at)->id, id) != 0)
        at = &(*at)->next;
    return at;
}

static void pending_drop(struct chat *c, struct said **at)
{
    struct said *s = *at;
    *at = s->next;
    c->n_pending--;
    c->pending_bytes -= strlen(s->text);
    free(s->id);
    free(s->text);
    free(s);
}

static void say(struct web *w, struct chat *c, const struct web_frame *f)
{
    size_t n = strlen(f->text);
    if (*pending_find(c, f->id))
        return; /* its answer is on the way */
    if (c->n_pending >= WEB_PENDING || c->pending_bytes + n > WEB_PENDING_BYTES) {
        send_refusal(w, c, f->id, "busy");
        return;
    }
    struct said *s = xcalloc(1, sizeof *s);
    s->id = xstrdup(f->id);
    s->text = xstrdup(f->text);
    s->next = c->pending;
    c->pending = s;
    c->n_pending++;
    c->pending_bytes += n;
    struct event *e = new_event(c, EVENT_MESSAGE);
    e->remote_id = xstrdup(f->id);
    e->text = xstrdup(f->text);
    w->config.post(w->config.ctx, e);
}

/* Frames from the browser. */

static void hello(struct web *w, struct chat *c, const struct web_frame *f)
{
    if (c->greeted) {
        send_refusal(w, c, NULL, "bad_frame");
        return;
    }
    c->greeted = true;
    c->after = f->number > 0 ? f->number : 0;
    c->locale = f->locale ? catalogue_find_locale(w->config.words, f->locale) : 0;
    if (w->config.demo)
        post_text(w, c, EVENT_BE, f->as ? f->as : "");
    else if (c->session)
        w->config.post(w->config.ctx, new_event(c, EVENT_SESSION));
    else
        send_login(w, c);
}

static void take_frame(struct web *w, struct chat *c, const struct web_frame *f)
{
    if (f->kind == WEB_HELLO) {
        hello(w, c, f);
        return;
    }
    if (!c->member_id) {
        if (!w->config.demo)
            send_login(w, c);
        return; /* too early, or nobody: the browser says it again after the welcome */
    }
    if (f->kind == WEB_SAY) {
        say(w, c, f);
    } else if (f->kind == WEB_OLDER) {
        post_history(w, c, 0, f->number);
    } else {
        post_history(w, c, f->number, 0);
    }
}

static int check(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    char address[GATE_ADDRESS];
    if (!web_site_host_ok(&w->site, rq->host) || !web_site_origin_ok(&w->site, rq->origin))
        return 403;
    web_gate_address(rq, *w->site.public_host, address);
    return web_admits(w, KNOCK_OPEN, address) ? 0 : 429;
}

static void on_open(void *ctx, int64_t id, const struct serve_request *rq)
{
    struct web *w = ctx;
    struct arena mem = ARENA_INIT;
    struct chat *c = xcalloc(1, sizeof *c);
    const char *session = w->config.demo ? NULL : web_cookie(&mem, rq->cookie);
    c->id = id;
    c->session = session ? xstrdup(session) : NULL;
    if (session)
        sha256_hex(session, strlen(session), c->session_hash);
    web_gate_address(rq, *w->site.public_host, c->address);
    c->next = w->chats;
    if (c->next)
        c->next->prev = c;
    w->chats = c;
    serve_set_user(w->serve, id, c);
    arena_finish(&mem);
}

static void on_text(void *ctx, int64_t id, const char *text, size_t n)
{
    struct web *w = ctx;
    struct chat *c = serve_user(w->serve, id);
    if (!c)
        return;
    struct arena mem = ARENA_INIT;
    struct web_frame f = { 0 };
    struct err e;
    if (!web_admits(w, KNOCK_FRAME, c->address)) {
        send_refusal(w, c, web_frame_decode(&mem, text, n, &f, &e) ? f.id : NULL, "too_fast");
        arena_finish(&mem);
        return;
    }
    if (web_frame_decode(&mem, text, n, &f, &e))
        take_frame(w, c, &f);
    else
        send_refusal(w, c, f.id, web_frame_code(&e));
    arena_finish(&mem);
}

static void on_oversize(void *ctx, int64_t id)
{
    struct web *w = ctx;
    struct chat *c = serve_user(w->serve, id);
    if (c)
        send_refusal(w, c, NULL, "too_long");
}

static void chat_destroy(struct web *w, struct chat *c)
{
    if (c->next)
        c->next->prev = c->prev;
    if (c->prev)
        c->prev->next = c->next;
    else
        w->chats = c->next;
    while (c->pending)
        pending_drop(c, &c->pending);
    free(c->session);
    free(c);
}

static void on_close(void *ctx, int64_t id)
{
    struct web *w = ctx;
    struct chat *c = serve_user(w->serve, id);
    if (c)
        chat_destroy(w, c);
}

/* Deliveries. */

static void session_known(struct web *w, struct chat *c, const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    struct err e;
    AUTO_JSON tree = d->json ? json_parse(d->json, strlen(d->json), &e) : NULL;
    const char *locale = tree ? json_text(tree, "member.locale") : NULL;
    const json_t *first = tree ? json_array_get(json_at(tree, "members"), 0) : NULL;
    const char *handle = first ? json_text(first, "handle") : NULL;
    if (d->member_id && tree) {
        c->member_id = d->member_id;
        if (locale)
            c->locale = catalogue_find_locale(w->config.words, locale);
        send_welcome(w, c, d->json);
        post_history(w, c, c->after, 0);
    } else if (w->config.demo && handle && !c->member_id) {
        /* Nobody of that name any more: be the first member, whose history it isn't. */
        c->after = 0;
        if (!c->fallen_back)
            post_text(w, c, EVENT_BE, handle);
        c->fallen_back = true;
    } else {
        c->member_id = 0;
        send_login(w, c);
    }
    arena_finish(&mem);
}

/* The member's other browsers see what was typed in this one. */
static void echo(struct web *w, const struct chat *from, const struct said *s,
    const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    for (struct chat *c = w->chats; c; c = c->next) {
        if (c == from || c->member_id != from->member_id)
            continue;
        if (!b.n) {
            buf_printf(&b, "{\"t\":\"said\",\"message\":%lld,\"at\":%lld,\"id\":\"%s\",",
                (long long)d->message_id, (long long)d->at_ms, s->id);
            buf_puts(&b, "\"text\":");
            put_string(&b, s->text);
            buf_puts(&b, "}");
        }
        send_buf(w, c->id, &b);
    }
    arena_finish(&mem);
}

static void deliver_ack(struct web *w, struct chat *c, const struct delivery *d)
{
    if (!d->remote_id)
        return;
    char frame[256];
    int n = snprintf(frame, sizeof frame,
        "{\"t\":\"ack\",\"id\":\"%.*s\",\"message\":%lld,\"at\":%lld}", WEB_ID_MAX,
        d->remote_id, (long long)d->message_id, (long long)d->at_ms);
    serve_send(w->serve, c->id, frame, (size_t)n);
    struct said **at = pending_find(c, d->remote_id);
    if (!*at)
        return;
    echo(w, c, *at, d);
    pending_drop(c, at);
}

static void deliver_refused(struct web *w, struct chat *c, const struct delivery *d)
{
    send_refusal(w, c, d->remote_id, d->code ? d->code : "other");
    struct said **at = d->remote_id ? pending_find(c, d->remote_id) : &(struct said *){ 0 };
    if (*at)
        pending_drop(c, at);
}

static void deliver_message(struct web *w, const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_printf(&b, "{\"t\":\"message\",\"id\":%lld,\"at\":%lld,\"answers\":",
        (long long)d->message_id, (long long)d->at_ms);
    put_or_null(&b, d->remote_id);
    buf_puts(&b, ",\"reply\":");
    buf_puts(&b, d->json ? web_file_links(w, &mem, d->member_id, d->json) : "{}");
    buf_puts(&b, "}");
    for (struct chat *c = w->chats; c; c = c->next)
        if (c->member_id == d->member_id && c->member_id)
            send_buf(w, c->id, &b);
    arena_finish(&mem);
}

static void deliver_history(struct web *w, struct chat *c, const struct delivery *d)
{
    bool older = c->n_histories > 0 && c->older[0];
    if (c->n_histories > 0)
        memmove(c->older, c->older + 1, --c->n_histories * sizeof *c->older);
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_printf(&b, "{\"t\":\"history\",\"older\":%s,", older ? "true" : "false");
    buf_puts(&b, d->json ? web_file_links(w, &mem, c->member_id, d->json) + 1 : "\"messages\":[],\"more\":false}");
    send_buf(w, c->id, &b);
    arena_finish(&mem);
}

/* The store takes nothing: neither the question nor its answer has a number. */
static void deliver_unkept(struct web *w, struct chat *asker, const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    struct said **at = asker && d->remote_id ? pending_find(asker, d->remote_id) : &(struct said *){ 0 };
    buf_printf(&b, "{\"t\":\"message\",\"id\":null,\"at\":%lld,\"answers\":", (long long)d->at_ms);
    put_or_null(&b, d->remote_id);
    buf_puts(&b, ",\"reply\":");
    buf_puts(&b, d->json ? web_file_links(w, &mem, d->member_id, d->json) : "{}");
    buf_puts(&b, "}");
    for (struct chat *c = w->chats; c; c = c->next)
        if (c->member_id == d->member_id && (c == asker || !d->source))
            send_buf(w, c->id, &b);
    if (*at)
        pending_drop(asker, at);
    arena_finish(&mem);
}

/* Sockets whose session is not among those that are good are shown the door and closed. */
static void end_sessions(struct web *w, const struct delivery *d)
{
    for (struct chat *c = w->chats; c; c = c->next) {
        if (c->member_id != d->member_id || !c->session || strstr(d->text, c->session_hash))
            continue;
        c->member_id = 0;
        send_login(w, c);
        serve_close_socket(w->serve, c->id, CLOSE_ENDED, "session ended");
    }
}

bool web_admits(struct web *w, enum web_knock what, const char *address)
{
    bool pass = web_gate_pass(&w->gate, what, address, clock_now_ms());
    w->limited[what] += !pass;
    return pass;
}

void web_deliver(struct web *w, struct delivery *d)
{
    struct chat *c = d->source ? serve_user(w->serve, d->source) : NULL;
    bool unkept = d->kind == DELIVERY_MESSAGE && !d->message_id;
    if (unkept)
        deliver_unkept(w, c, d);
    else if (d->kind == DELIVERY_MESSAGE)
        deliver_message(w, d);
    else if (d->kind == DELIVERY_CALENDAR)
        web_http_calendar(w, d);
    else if (d->kind == DELIVERY_ENDED)
        end_sessions(w, d);
    else if (d->kind == DELIVERY_SESSION && !c)
        web_http_session(w, d);
    else if (!c)
        ; /* whoever asked has gone */
    else if (d->kind == DELIVERY_SESSION)
        session_known(w, c, d);
    else if (d->kind == DELIVERY_ACK)
        deliver_ack(w, c, d);
    else if (d->kind == DELIVERY_HISTORY)
        deliver_history(w, c, d);
    else
        deliver_refused(w, c, d);
    delivery_destroy(d);
}

void web_forget_session(struct web *w, const char *session)
{
    for (struct chat *c = w->chats; c; c = c->next)
        if (c->session && strcmp(c->session, session) == 0) {
            c->member_id = 0;
            free(c->session);
            c->session = NULL;
            send_login(w, c);
        }
}

struct web *web_create(struct serve *s, const struct web_config *config, struct err *e)
{
    static const struct serve_sockets sockets = {
        .path = "/ws",
        .max_text = WEB_FRAME_MAX,
        .check = check,
        .on_open = on_open,
        .on_text = on_text,
        .on_oversize = on_oversize,
        .on_close = on_close,
    };
    struct web *w = xcalloc(1, sizeof *w);
    w->serve = s;
    w->config = *config;
    if (!web_site_init(&w->site, serve_address(s), serve_secure(s), config->public_url, e)) {
        free(w);
        return NULL;
    }
    if (*w->site.public_host) {
        (void)snprintf(w->url, sizeof w->url, "%s", config->public_url);
        size_t n = strlen(w->url);
        if (w->url[n - 1] == '/')
            w->url[n - 1] = '\0';
    } else {
        (void)snprintf(w->url, sizeof w->url, "%s://%s:%d", w->site.secure ? "https" : "http",
            *w->site.listen_host ? w->site.listen_host : "127.0.0.1", w->site.port);
    }
    web_words_init(w);
    web_http_init(w);
    serve_set_sockets(s, &sockets, w);
    return w;
}

void web_destroy(struct web *w)
{
    if (!w)
        return;
    for (struct chat *c = w->chats, *next; c; c = next) {
        next = c->next;
        chat_destroy(w, c);
    }
    web_file_finish(w);
    arena_finish(&w->mem);
    free(w);
}

const char *web_url(const struct web *w)
{
    return w->url;
}
