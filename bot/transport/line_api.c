/* What the adapter asks LINE by itself: who the account is, how many paid messages are
 * left, a person's language; and what it says outside of any conversation. Nothing of it
 * matters enough to be tried twice. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/line_answer.h"
#include "bot/transport/line_private.h"

enum { USAGE_MS = 60 * 60 * 1000, TOKEN_MS = 12 * 60 * 1000, TOKEN_AGAIN_MS = 5000, LOADING_S = 20 };

void line_request_fill(struct line *l, struct http_request *r, const char *path, const json_t *body)
{
    r->url = arena_printf(&r->mem, "%s%s", l->api, path);
    (void)pthread_mutex_lock(&l->lock);
    r->headers[0] = arena_printf(&r->mem, "Authorization: Bearer %s", l->access_token ? l->access_token : "");
    (void)pthread_mutex_unlock(&l->lock);
    if (!body)
        return;
    r->headers[1] = "Content-Type: application/json";
    r->body = json_print(&r->mem, body);
    r->body_size = strlen(r->body);
}

struct http_request *line_request(struct line *l, const char *path, const json_t *body)
{
    struct http_request *r = http_request_create();
    line_request_fill(l, r, path, body);
    r->user = l;
    return r;
}

/* Said once; that it failed is all that is left of it. */
static void on_said(struct http_request *r, const struct http_response *a)
{
    (void)r;
    if (a->result != HTTP_ANSWERED || a->status / 100 != 2)
        log_warn("line: a sentence was not taken, status %d %s", a->status, a->why);
}

void line_submit(struct line *l, struct http_request *r,
    void (*done)(struct http_request *r, const struct http_response *a))
{
    r->done = done;
    if (l->http)
        http_submit(l->http, r);
    else
        http_request_destroy(r);
}

void line_say(struct line *l, const char *chat, const char *text)
{
    struct arena mem = ARENA_INIT;
    (void)pthread_mutex_lock(&l->lock);
    int64_t owner = -++l->sentences;
    (void)pthread_mutex_unlock(&l->lock);
    const char *token = line_token_take(l->tokens, &mem, chat, owner, clock_now_ms());
    if (token) {
        AUTO_JSON body = json_pack("{s:s, s:[{s:s, s:s}]}", "replyToken", token, "messages", "type",
            "text", "text", text);
        struct http_request *r = line_request(l, "/v2/bot/message/reply", body);
        r->once = true;
        line_submit(l, r, on_said);
        line_token_drop(l->tokens, owner);
    }
    arena_finish(&mem);
}

/* A sentence that waits to know its reader's language; lies in its request. */
struct sentence {
    struct line *line;
    const char *user, *key, *otherwise;
};

static void on_profile(struct http_request *r, const struct http_response *a)
{
    struct sentence *s = r->user;
    const struct catalogue *words = s->line->config.words;
    const char *text = s->otherwise, *language = NULL;
    if (a->result == HTTP_ANSWERED && a->status == 200)
        language = line_read_language(&r->mem, a->body, a->body_size);
    if (language && catalogue_has_locale(words, language))
        text = catalogue_text(words, &r->mem, catalogue_find_locale(words, language), s->key, NO_ARGS);
    line_say(s->line, s->user, text);
}

void line_say_in_their_language(struct line *l, const char *user, const char *key, const char *otherwise)
{
    struct http_request *r = http_request_create();
    line_request_fill(l, r, arena_printf(&r->mem, "/v2/bot/profile/%s", user), NULL);
    struct sentence *s = ARENA_NEW(&r->mem, struct sentence);
    *s = (struct sentence){ l, arena_strdup(&r->mem, user), arena_strdup(&r->mem, key),
        arena_strdup(&r->mem, otherwise) };
    r->user = s;
    line_submit(l, r, on_profile);
}

void line_show_loading(struct line *l, const char *user)
{
    AUTO_JSON body = json_pack("{s:s, s:i}", "chatId", user, "loadingSeconds", LOADING_S);
    line_submit(l, line_request(l, "/v2/bot/chat/loading/start", body), on_said);
}

void line_mark_read(struct line *l, const char *read_token)
{
    AUTO_JSON body = json_pack("{s:s}", "markAsReadToken", read_token);
    line_submit(l, line_request(l, "/v2/bot/chat/markAsRead", body), on_said);
}

static bool answered(const struct http_response *a, const char *what)
{
    if (a->result == HTTP_ANSWERED && a->status == 200)
        return true;
    log_warn("line: %s: status %d %s", what, a->status, a->why);
    return false;
}

static void on_info(struct http_request *r, const struct http_response *a)
{
    struct line *l = r->user;
    struct line_info info = { 0 };
    if (answered(a, "who are we"))
        info = line_read_info(&r->mem, a->body, a->body_size);
    if (!info.name)
        return;
    atomic_store(&l->marks_read, info.marks_read);
    (void)pthread_mutex_lock(&l->lock);
    free(l->name);
    l->name = xstrdup(info.name);
    (void)pthread_mutex_unlock(&l->lock);
}

static void on_used(struct http_request *r, const struct http_response *a)
{
    struct line *l = r->user;
    int64_t used = answered(a, "messages used") ? line_read_used(a->body, a->body_size) : -1;
    if (used < 0)
        return;
    atomic_store(&l->used, used);
    struct event *ev = event_create(EVENT_USAGE, NETWORK_LINE, 0);
    ev->used = used;
    ev->quota = atomic_load(&l->quota);
    l->config.post(l->config.ctx, ev);
}

static void on_quota(struct http_request *r, const struct http_response *a)
{
    struct line *l = r->user;
    int64_t quota = answered(a, "messages of the month") ? line_read_quota(a->body, a->body_size) : -1;
    if (quota < 0)
        return;
    atomic_store(&l->quota, quota);
    line_submit(l, line_request(l, "/v2/bot/message/quota/consumption", NULL), on_used);
}

void line_ask_usage(struct line *l)
{
    line_submit(l, line_request(l, "/v2/bot/message/quota", NULL), on_quota);
}

static void every_hour(void *ctx)
{
    struct line *l = ctx;
    line_ask_usage(l);
    line_menu_ask(l);
    loop_after(l->loop, USAGE_MS, every_hour, l);
}

/* Tokens that live for 15 minutes, where no long-lived one is set. */

static void ask_all(struct line *l)
{
    line_submit(l, line_request(l, "/v2/bot/info", NULL), on_info);
    line_menu_ask(l);
    line_ask_usage(l);
}

static void on_token(struct http_request *r, const struct http_response *a)
{
    struct line *l = r->user;
    const char *token = answered(a, "a channel access token") ? line_read_token(&r->mem, a->body, a->body_size) : NULL;
    if (!token)
        return;
    (void)pthread_mutex_lock(&l->lock);
    bool first = !l->access_token;
    free(l->access_token);
    l->access_token = xstrdup(token);
    (void)pthread_mutex_unlock(&l->lock);
    if (first)
        ask_all(l);
}

void line_renew_token(struct line *l)
{
    if (l->config.token)
        return;
    struct http_request *r = http_request_create();
    r->url = arena_printf(&r->mem, "%s/oauth2/v3/token", l->api);
    r->headers[0] = "Content-Type: application/x-www-form-urlencoded";
    r->body = arena_printf(&r->mem, "grant_type=client_credentials&client_id=%s&client_secret=%s",
        l->config.channel_id, l->config.secret);
    r->body_size = strlen(r->body);
    r->user = l;
    line_submit(l, r, on_token);
}

static void renew(void *ctx)
{
    struct line *l = ctx;
    line_renew_token(l);
    (void)pthread_mutex_lock(&l->lock);
    bool have = l->access_token != NULL;
    (void)pthread_mutex_unlock(&l->lock);
    loop_after(l->loop, have ? TOKEN_MS : TOKEN_AGAIN_MS, renew, l);
}

void line_start(struct line *l, struct http *http)
{
    l->http = http;
    if (l->config.token)
        ask_all(l);
    else
        renew(l);
    loop_after(l->loop, USAGE_MS, every_hour, l);
    if (l->config.relay_url)
        line_relay_open(l);
}
