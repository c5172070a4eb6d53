#include "bot/transport/line.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/transport/line_private.h"

enum { BODY_MAX = 1024 * 1024, OLDEST_DAYS = 7 };

/* The webhook's answer, once every event of it is stored. */

static void answer(struct line *l, int64_t source, int status, const char *text)
{
    if (source > 0)
        serve_answer_text(l->serve, source, status, text);
    else
        line_relay_settle(l, -source, status);
}

static void settle(struct line *l, int64_t source, bool failed)
{
    for (struct line_pending **at = &l->pending; *at; at = &(*at)->next) {
        struct line_pending *p = *at;
        if (p->source != source)
            continue;
        p->failed = p->failed || failed;
        if (--p->left > 0)
            return;
        *at = p->next;
        answer(l, source, p->failed ? 503 : 200, p->failed ? "not stored" : "ok");
        free(p);
        return;
    }
}

/* While somebody waits. One timer, for the oldest. */

static void on_wait_over(void *ctx)
{
    struct line *l = ctx;
    int64_t now_us = clock_ticks_us();
    while (l->waits && l->waits->until_us <= now_us) {
        struct line_wait *w = l->waits;
        l->waits = w->next;
        if (line_token_fresh(l->tokens, w->token))
            line_show_loading(l, w->chat);
        free(w->chat);
        free(w);
    }
    if (l->waits)
        loop_after(l->loop, (l->waits->until_us - now_us) / 1000 + 1, on_wait_over, l);
    else
        l->waits_end = &l->waits;
}

static void watch_wait(struct line *l, const struct line_event *ev, int64_t token)
{
    struct line_wait *w = xcalloc(1, sizeof *w);
    w->token = token;
    w->until_us = clock_ticks_us() + LINE_WAIT_MS * INT64_C(1000);
    w->chat = xstrdup(ev->chat);
    if (!l->waits)
        loop_after(l->loop, LINE_WAIT_MS + 1, on_wait_over, l);
    *l->waits_end = w;
    l->waits_end = &w->next;
}

/* Events on their way to the engine. */

/* In a group only what is said to the bot: everything else was never here. */
static bool addressed(struct line *l, struct arena *mem, struct line_event *ev)
{
    const char *names[LINE_NAMES_MAX] = { NULL };
    size_t n = 0;
    if (!ev->group || ev->mentioned || ev->kind == LINE_TAP || ev->kind == LINE_UNSEND)
        return true;
    if (ev->kind == LINE_TEXT && ev->quoted && line_sent(l, ev->quoted))
        return true;
    if (ev->kind == LINE_OTHER || !ev->text)
        return false;
    (void)pthread_mutex_lock(&l->lock);
    if (l->name)
        names[n++] = arena_strdup(mem, l->name);
    (void)pthread_mutex_unlock(&l->lock);
    for (int i = 0; i < catalogue_locales(l->config.words); i++) {
        char *all = catalogue_text(l->config.words, mem, i, "line.names", NO_ARGS), *state = NULL;
        for (char *s = strtok_r(all, ",", &state); s && n + 1 < LINE_NAMES_MAX; s = strtok_r(NULL, ",", &state))
            names[n++] = s + strspn(s, " ");
    }
    const char *rest = line_called(mem, ev->text, names);
    if (rest)
        ev->text = rest;
    return rest != NULL;
}

/* All languages: nobody knows who reads it. */
static void say_to_all(struct line *l, struct arena *mem, const char *chat, const char *key)
{
    struct buf b = BUF_ON(mem);
    for (int i = 0; i < catalogue_locales(l->config.words); i++)
        buf_join(&b, "\n", catalogue_text(l->config.words, mem, i, key, NO_ARGS));
    line_say(l, chat, buf_str(&b));
}

/* False: nothing of it goes to the engine. */
static bool admit(struct line *l, struct arena *mem, struct line_event *ev)
{
    if (ev->at_ms > 0 && ev->at_ms < clock_now_ms() - OLDEST_DAYS * DAY_MS) {
        log_warn("line: event %s is older than a week and ignored", ev->id);
        return false;
    }
    if (ev->kind == LINE_JOIN)
        say_to_all(l, mem, ev->chat, "line.joined");
    if (ev->kind == LINE_JOIN || !addressed(l, mem, ev) || (ev->kind == LINE_TAP && !*ev->text))
        return false;
    if (!ev->user)
        say_to_all(l, mem, ev->chat, "line.no_user");
    return ev->user != NULL;
}

static void take_batch(struct line *l, struct arena *mem, const struct line_batch *b,
    const struct line_hook *hook)
{
    struct event *list = NULL, **end = &list;
    int n = 0;
    for (size_t i = 0; i < b->n; i++) {
        struct line_event *ev = &b->events[i];
        int64_t token = ev->reply_token
                            ? line_token_add(l->tokens, ev->chat, ev->reply_token, clock_now_ms() - hook->age_ms)
                            : 0;
        if (!admit(l, mem, ev))
            continue;
        if (atomic_load(&l->marks_read) && ev->read_token)
            line_mark_read(l, ev->read_token);
        if (token && !ev->group)
            watch_wait(l, ev, token);
        *end = line_event_make(ev, hook->source, clock_now_ms());
        end = &(*end)->next;
        n++;
    }
    if (!n) {
        answer(l, hook->source, 200, "ok");
        return;
    }
    struct line_pending *p = xcalloc(1, sizeof *p);
    *p = (struct line_pending){ .next = l->pending, .source = hook->source, .left = n };
    l->pending = p;
    while (list) {
        struct event *ev = list;
        list = ev->next;
        ev->next = NULL;
        l->config.post(l->config.ctx, ev);
    }
}

void line_take_hook(struct line *l, const struct line_hook *hook)
{
    struct arena mem = ARENA_INIT;
    struct line_batch batch;
    struct err e = { 0 };
    if (!line_signed(hook->body, hook->n, hook->signature, l->secrets)) {
        log_warn("line: webhook %s signature, refused (%lld so far)", hook->signature ? "with a wrong" : "without a",
            (long long)++l->refused_signatures);
        answer(l, hook->source, 401, "wrong signature");
    } else if (!line_decode(&mem, hook->body, hook->n, &batch, &e)) {
        log_warn("line: webhook of %zu bytes: %s (%lld so far)", hook->n, e.why, (long long)++l->refused_bodies);
        answer(l, hook->source, 400, e.why);
    } else {
        if (batch.unknown)
            log_info("line: %d events of no use (%lld so far)", batch.unknown,
                (long long)(l->unknown_events += batch.unknown));
        take_batch(l, &mem, &batch, hook);
    }
    arena_finish(&mem);
}

static void post_webhook(void *ctx, const struct serve_request *rq)
{
    line_take_hook(ctx, &(struct line_hook){ .source = rq->id, .signature = rq->wanted, .body = rq->body, .n = rq->body_n });
}

static void get_lent(void *ctx, const struct serve_request *rq)
{
    struct line *l = ctx;
    lent_answer(l->lent, l->serve, rq);
}

void line_deliver(struct line *l, struct delivery *d)
{
    if (d->kind == DELIVERY_ACK || d->kind == DELIVERY_REFUSED)
        settle(l, d->source, d->kind == DELIVERY_REFUSED);
    const char *user = d->remote_user ? strchr(d->remote_user, ':') : NULL;
    if (d->kind == DELIVERY_STRANGER && d->code && user && !strcmp(user + 1, d->conversation))
        line_say_in_their_language(l, d->conversation, d->code, d->text);
    else if (d->kind == DELIVERY_STRANGER)
        line_say(l, d->conversation, d->text);
    delivery_destroy(d);
}

struct line *line_create(struct serve *s, struct loop *loop, const struct line_config *config)
{
    static const struct serve_route routes[] = {
        { "POST", "/line/webhook", BODY_MAX, "x-line-signature:", post_webhook },
        { "GET", "/lent/*", 0, NULL, get_lent },
    };
    struct line *l = xcalloc(1, sizeof *l);
    l->serve = s;
    l->loop = loop;
    l->config = *config;
    l->waits_end = &l->waits;
    l->tokens = line_tokens_create();
    (void)pthread_mutex_init(&l->lock, NULL);
    l->secrets[0] = config->secret;
    l->secrets[1] = config->secret_before;
    char *api = arena_strdup(&l->mem, config->api_url ? config->api_url : "https://api.line.me");
    for (size_t n = strlen(api); n && api[n - 1] == '/'; n--)
        api[n - 1] = '\0';
    l->api = api;
    l->access_token = config->token ? xstrdup(config->token) : NULL;
    line_send_init(l);
    line_picture_init(l);
    serve_add_routes(s, routes, sizeof routes / sizeof *routes, l);
    return l;
}

void line_destroy(struct line *l)
{
    if (!l)
        return;
    while (l->pending) {
        struct line_pending *p = l->pending;
        l->pending = p->next;
        free(p);
    }
    while (l->waits) {
        struct line_wait *w = l->waits;
        l->waits = w->next;
        free(w->chat);
        free(w);
    }
    line_relay_destroy(l->relay);
    line_tokens_destroy(l->tokens);
    line_menu_finish(l);
    line_picture_finish(l);
    (void)pthread_mutex_destroy(&l->lock);
    free(l->access_token);
    free(l->name);
    arena_finish(&l->mem);
    free(l);
}

const struct courier_network *line_network(const struct line *l)
{
    return &l->network;
}

void line_woken(struct line *l)
{
    if (l->relay)
        line_relay_woken(l);
}

void line_close(struct line *l)
{
    if (l)
        line_relay_close(l->relay);
}
