/* The page and the login over plain HTTP. A login link may be fetched by a mail
 * scanner or a chat's preview, so GET only shows the page; the page posts the token. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/transport/page.h"
#include "bot/transport/web_device.h"
#include "bot/transport/web_private.h"
#include "bot/transport/web_secret.h"

enum { LOGIN_BODY_MAX = 1024, COOKIE_DAYS = 90 };

/* The first is for browsers that came over https: never again without. */
static const struct serve_header guard[] = {
    { "strict-transport-security", "max-age=31536000" },
    { "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'" },
    { "x-content-type-options", "nosniff" },
    { "referrer-policy", "no-referrer" },
    { "cross-origin-opener-policy", "same-origin" },
    { "cross-origin-resource-policy", "same-origin" },
    { "permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
    { 0 },
};

static const char *const misdirected =
    "this server does not go by that name; tell it its public address with --public-url "
    "or NEMAWASHI_PUBLIC_URL";

static const char *const no_calendar = "this address opens no calendar; ask for a new one in the chat";

static void answer(struct web *w, int64_t request, int status, const char *cookie)
{
    const struct serve_header headers[] = {
        { "cache-control", "no-store" },
        { cookie ? "set-cookie" : NULL, cookie },
        { 0 },
    };
    serve_answer(w->serve, request,
        &(struct serve_answer){ .status = status, .type = "text/plain; charset=utf-8",
            .headers = headers });
}

static const struct page_file *page_find(const char *path)
{
    const char *name = path + 1;
    if (!*name || !strcmp(path, "/login") || !strncmp(path, "/login/", 7))
        name = "index.html";
    for (const struct page_file *f = page_files; f->name; f++)
        if (!strcmp(f->name, name))
            return f;
    return NULL;
}

static void get_page(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    if (!web_site_host_ok(&w->site, rq->host)) {
        serve_answer_text(w->serve, rq->id, 421, misdirected);
        return;
    }
    const struct page_file *f = page_find(rq->path);
    if (!f) {
        serve_answer_text(w->serve, rq->id, 404, "not found");
        return;
    }
    char hex[SHA256_HEX], tag[24];
    sha256_hex(f->bytes, f->size, hex);
    (void)snprintf(tag, sizeof tag, "\"%.16s\"", hex);
    bool same = rq->if_none_match && strstr(rq->if_none_match, tag);
    const struct serve_header headers[] = {
        { "cache-control", "no-cache" }, { "etag", tag }, { 0 },
    };
    serve_answer(w->serve, rq->id,
        &(struct serve_answer){ .status = same ? 304 : 200, .type = f->type,
            .body = f->bytes, .n = same ? 0 : f->size, .headers = headers });
}

static void get_health(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    bool ok = !w->config.healthy || w->config.healthy(w->config.ctx);
    serve_answer_text(w->serve, rq->id, ok ? 200 : 503,
        ok ? "ok" : "events cannot be stored");
}

/* /calendar/SECRET.ics, for a phone: no cookie and no origin, the secret is all. */
static void get_calendar(void *ctx, const struct serve_request *rq)
{
    static const char ending[] = ".ics";
    struct web *w = ctx;
    const char *name = rq->path + strlen("/calendar/");
    size_t n = strlen(name), end = sizeof ending - 1;
    struct arena mem = ARENA_INIT;
    char *secret = n > end && !strcmp(name + n - end, ending) ? arena_strndup(&mem, name, n - end) : NULL;
    if (!web_site_host_ok(&w->site, rq->host)) {
        serve_answer_text(w->serve, rq->id, 421, misdirected);
    } else if (!web_is_secret(secret)) {
        serve_answer_text(w->serve, rq->id, 404, no_calendar);
    } else {
        struct event *event = event_create(EVENT_CALENDAR, NETWORK_WEB, rq->id);
        event->text = xstrdup(secret);
        event->remote_id = rq->if_none_match ? xstrdup(rq->if_none_match) : NULL;
        event->received_ms = clock_now_ms();
        w->config.post(w->config.ctx, event);
    }
    arena_finish(&mem);
}

void web_http_calendar(struct web *w, const struct delivery *d)
{
    if (!d->text) {
        serve_answer_text(w->serve, d->source, 404, no_calendar);
        return;
    }
    char hex[SHA256_HEX], tag[24];
    sha256_hex(d->text, strlen(d->text), hex);
    (void)snprintf(tag, sizeof tag, "\"%.16s\"", hex);
    bool same = d->remote_id && strstr(d->remote_id, tag);
    const struct serve_header headers[] = { { "cache-control", "private, no-cache" }, { "etag", tag }, { 0 } };
    serve_answer(w->serve, d->source,
        &(struct serve_answer){ .status = same ? 304 : 200, .type = "text/calendar; charset=utf-8",
            .body = d->text, .n = same ? 0 : strlen(d->text), .headers = headers });
}

/* The door of every POST. */
static bool admit(struct web *w, const struct serve_request *rq)
{
    if (web_site_host_ok(&w->site, rq->host) && web_site_origin_ok(&w->site, rq->origin))
        return true;
    serve_answer_text(w->serve, rq->id, 403, misdirected);
    return false;
}

static void post_login(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    if (!admit(w, rq))
        return;
    char address[GATE_ADDRESS], device[WEB_DEVICE];
    web_gate_address(rq, *w->site.public_host, address);
    if (!web_admits(w, KNOCK_LOGIN, address)) {
        answer(w, rq->id, 429, NULL);
        return;
    }
    web_device(rq->user_agent, device);
    struct arena mem = ARENA_INIT;
    const char *token = web_login_token(&mem, rq->body, rq->body_n);
    if (!token) {
        answer(w, rq->id, 400, NULL);
    } else {
        struct event *event = event_create(EVENT_LOGIN, NETWORK_WEB, rq->id);
        event->text = xstrdup(token);
        event->name = xstrdup(device);
        event->received_ms = clock_now_ms();
        w->config.post(w->config.ctx, event);
    }
    arena_finish(&mem);
}

static const char *cookie_text(const struct web *w, struct arena *mem, const char *secret)
{
    return arena_printf(mem, "nemawashi=%s; HttpOnly; SameSite=Strict; Path=/; Max-Age=%d%s",
        secret, *secret ? COOKIE_DAYS * 86400 : 0,
        w->site.secure_public || w->site.secure ? "; Secure" : "");
}

void web_http_session(struct web *w, const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    bool good = d->member_id && web_is_secret(d->text);
    w->logins += good;
    w->bad_logins += !good;
    if (good)
        answer(w, d->source, 204, cookie_text(w, &mem, d->text));
    else
        answer(w, d->source, 403, NULL);
    arena_finish(&mem);
}

static void post_logout(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    if (!admit(w, rq))
        return;
    struct arena mem = ARENA_INIT;
    char *secret = web_cookie(&mem, rq->cookie);
    answer(w, rq->id, 204, cookie_text(w, &mem, ""));
    if (secret) {
        struct event *event = event_create(EVENT_LOGOUT, NETWORK_WEB, rq->id);
        event->text = xstrdup(secret);
        event->received_ms = clock_now_ms();
        w->config.post(w->config.ctx, event);
        web_forget_session(w, secret);
    }
    arena_finish(&mem);
}

void web_http_init(struct web *w)
{
    static const struct serve_route fixed[] = {
        { "GET", "/", 0, NULL, get_page },
        { "GET", "/login", 0, NULL, get_page },
        { "GET", "/login/*", 0, NULL, get_page },
        { "GET", "/healthz", 0, NULL, get_health },
        { "GET", "/calendar/*", 0, NULL, get_calendar },
        { "POST", "/login", LOGIN_BODY_MAX, NULL, post_login },
        { "POST", "/logout", 0, NULL, post_logout },
    };
    bool https = w->site.secure || w->site.secure_public;
    serve_set_headers(w->serve, https ? guard : guard + 1);
    serve_add_routes(w->serve, fixed, sizeof fixed / sizeof *fixed, w);
    web_file_init(w);
    web_metrics_init(w);
    size_t n = 0;
    while (page_files[n].name)
        n++;
    struct serve_route *files = ARENA_ARRAY(&w->mem, struct serve_route, n + 1);
    for (size_t i = 0; i < n; i++)
        files[i] = (struct serve_route){ .method = "GET",
            .path = arena_printf(&w->mem, "/%s", page_files[i].name),
            .run = get_page };
    serve_add_routes(w->serve, files, n, w);
}
