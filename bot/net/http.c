#include "bot/net/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/net/place.h"

/* Connections kept idle longer are not used again: many servers close after 30 s. */
enum { TRANSFERS_MAX = 32, PER_HOST = 8, IDLE_S = 20, CONNECT_MS = 10000, REST_MS = 60000,
    HEAD_MAX = 16384, REDIRECTIONS = 3 };

struct transfer {
    struct transfer *next;
    CURL *easy;
    struct http_request *request;
    struct curl_slist *headers;
    struct buf body, head;
    bool cut;
    bool inside; /* a connection was refused */
    bool (*is_public)(const struct sockaddr *at);
};

struct http {
    CURLM *multi;
    char *proxy, *authority;
    bool (*is_public)(const struct sockaddr *at);
    struct queue submitted;
    struct http_request *waiting, **waiting_end; /* for a free transfer */
    struct transfer transfers[TRANSFERS_MAX];
    struct transfer *idle, *running;
    atomic_bool stop, woken;
    _Atomic int64_t drain_us; /* monotonic; 0: not draining */
    int64_t wake_us;          /* 0: nobody asked */
    void (*on_wake)(void *ctx);
    void *wake_ctx;
};

struct http_request *http_request_create(void)
{
    return xcalloc(1, sizeof(struct http_request));
}

void http_request_destroy(struct http_request *r)
{
    if (!r)
        return;
    arena_finish(&r->mem);
    free(r);
}

struct http *http_create(const struct http_config *config, struct err *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)fail(e, ERR_REMOTE, NULL, NULL, "libcurl could not start");
        return NULL;
    }
    struct http *h = xcalloc(1, sizeof *h);
    queue_init(&h->submitted);
    h->waiting_end = &h->waiting;
    h->proxy = xstrdup(config->proxy ? config->proxy : "");
    h->authority = config->authority ? xstrdup(config->authority) : NULL;
    h->is_public = config->is_public ? config->is_public : place_is_public;
    h->multi = curl_multi_init();
    bool ok = h->multi != NULL;
    for (int i = 0; i < TRANSFERS_MAX && ok; i++) {
        struct transfer *t = &h->transfers[i];
        ok = (t->easy = curl_easy_init()) != NULL;
        t->next = h->idle;
        h->idle = t;
    }
    if (!ok) {
        http_destroy(h);
        (void)fail(e, ERR_REMOTE, NULL, NULL, "libcurl could not start");
        return NULL;
    }
    (void)curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)PER_HOST);
    (void)curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)TRANSFERS_MAX);
    return h;
}

static void finish(struct http_request *r, const struct http_response *answer)
{
    if (r->done)
        r->done(r, answer);
    http_request_destroy(r);
}

static void turn_away(struct http_request *list)
{
    const struct http_response answer = { .result = HTTP_NOT_SENT, .body = "",
        .why = "stopping" };
    while (list) {
        struct http_request *r = list;
        list = r->next;
        finish(r, &answer);
    }
}

void http_destroy(struct http *h)
{
    if (!h)
        return;
    turn_away(queue_take(&h->submitted));
    queue_finish(&h->submitted);
    for (int i = 0; i < TRANSFERS_MAX; i++)
        curl_easy_cleanup(h->transfers[i].easy);
    (void)curl_multi_cleanup(h->multi);
    curl_global_cleanup();
    free(h->proxy);
    free(h->authority);
    free(h);
}

/* From any thread. */

void http_submit(struct http *h, struct http_request *r)
{
    (void)queue_push(&h->submitted, r);
    (void)curl_multi_wakeup(h->multi);
}

void http_wake(struct http *h)
{
    atomic_store(&h->woken, true);
    (void)curl_multi_wakeup(h->multi);
}

void http_wake_at(struct http *h, int64_t ticks_us)
{
    if (!h->wake_us || ticks_us < h->wake_us)
        h->wake_us = ticks_us;
}

void http_on_wake(struct http *h, void (*run)(void *ctx), void *ctx)
{
    h->on_wake = run;
    h->wake_ctx = ctx;
}

void http_drain(struct http *h, int64_t grace_ms)
{
    atomic_store(&h->drain_us, clock_ticks_us() + grace_ms * 1000);
    http_wake(h);
}

void http_stop(struct http *h)
{
    atomic_store(&h->stop, true);
    (void)curl_multi_wakeup(h->multi);
}

/* One request. */

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    size_t max = t->request->max_body ? t->request->max_body : HTTP_BODY_MAX;
    size_t got = size * n, room = max - t->body.n;
    buf_add(&t->body, bytes, got < room ? got : room);
    if (got <= room)
        return got;
    t->cut = true;
    return 0; /* ends the transfer */
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    if (t->request->want_headers && t->head.n + size * n <= HEAD_MAX)
        buf_add(&t->head, bytes, size * n);
    return size * n;
}

char *http_header(struct arena *mem, const char *headers, const char *name)
{
    size_t n = strlen(name);
    for (const char *s = headers; s && *s; s += strcspn(s, "\n"), s += *s == '\n') {
        if (strncasecmp(s, name, n) != 0 || s[n] != ':')
            continue;
        s += n + 1;
        s += strspn(s, " \t");
        return arena_strndup(mem, s, strcspn(s, "\r\n"));
    }
    return NULL;
}

static void configure_body(CURL *c, const struct http_request *r)
{
    if (r->body) {
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body);
        (void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_size);
    }
    if (r->method)
        (void)curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
}

static void configure_headers(struct transfer *t)
{
    t->headers = curl_slist_append(NULL, "Expect:");
    for (int i = 0; i < HTTP_HEADERS_MAX && t->request->headers[i]; i++) {
        struct curl_slist *longer = curl_slist_append(t->headers, t->request->headers[i]);
        t->headers = longer ? longer : t->headers;
    }
    (void)curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

/* Called for each address that the host has: notes it and opens nothing. */
static curl_socket_t on_address(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = ctx;
    char digits[INET6_ADDRSTRLEN];
    (void)purpose;
    if (getnameinfo(&address->addr, address->addrlen, digits, sizeof digits, NULL, 0, NI_NUMERICHOST) == 0)
        buf_join(&t->body, "\n", digits);
    return CURL_SOCKET_BAD;
}

static void configure_resolving(struct transfer *t)
{
    (void)curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETFUNCTION, on_address);
    (void)curl_easy_setopt(t->easy, CURLOPT_OPENSOCKETDATA, t);
}

/* Called with the very address that is about to be connected to. */
static curl_socket_t on_public_address(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *t = ctx;
    (void)purpose;
    if (t->is_public(&address->addr))
        return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    t->inside = true;
    return CURL_SOCKET_BAD;
}

static void configure_public(const struct http *h, struct transfer *t)
{
    CURL *c = t->easy;
    t->is_public = h->is_public;
    /* A proxy would look the name up and connect where we can't see it. */
    (void)curl_easy_setopt(c, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
    (void)curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    (void)curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)REDIRECTIONS);
    /* A connection that is kept was looked at for somebody else, or not at all. */
    (void)curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
    (void)curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_public_address);
    (void)curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
}

static void configure(const struct http *h, struct transfer *t)
{
    const struct http_request *r = t->request;
    CURL *c = t->easy;
    int64_t timeout = r->timeout_ms > 0 ? r->timeout_ms : HTTP_TIMEOUT_MS;
    int64_t connect = timeout < CONNECT_MS ? timeout : CONNECT_MS;
    (void)curl_easy_setopt(c, CURLOPT_PRIVATE, t);
    (void)curl_easy_setopt(c, CURLOPT_URL, r->url);
    (void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    /* A request more or less on a shared connection would blur what was sent. */
    (void)curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)timeout);
    (void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)connect);
    (void)curl_easy_setopt(c, CURLOPT_MAXAGE_CONN, (long)IDLE_S);
    (void)curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, r->once ? 1L : 0L);
    /* "" also keeps the environment's proxies out. */
    (void)curl_easy_setopt(c, CURLOPT_PROXY, h->proxy);
    (void)curl_easy_setopt(c, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
    (void)curl_easy_setopt(c, CURLOPT_USERAGENT, "nemawashi");
    (void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    (void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    configure_body(c, r);
    configure_headers(t);
    if (h->authority)
        (void)curl_easy_setopt(c, CURLOPT_CAINFO, h->authority);
    if (r->only_resolve)
        configure_resolving(t);
    if (r->public_only)
        configure_public(h, t);
}

/* Did it fail before a byte of the request could leave? Counted bytes tell; with a proxy
 * they include our words to the proxy, hence the codes. */
static bool never_sent(CURLcode code, long request_size)
{
    switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
        return true;
    default:
        return request_size == 0;
    }
}

static void reuse(struct http *h, struct transfer *t)
{
    struct transfer **at = &h->running;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
    curl_easy_reset(t->easy);
    curl_slist_free_all(t->headers);
    *t = (struct transfer){ .easy = t->easy, .next = h->idle };
    h->idle = t;
}

static void end_transfer(struct http *h, struct transfer *t, CURLcode code, const char *why)
{
    long status = 0, sent = 0;
    curl_off_t retry_after_s = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
    (void)curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    bool answered = code == CURLE_OK || t->cut || (t->request->only_resolve && t->body.n);
    struct http_response answer = { .status = (int)status, .cut = t->cut, .inside = t->inside && !answered,
        .retry_after_ms = retry_after_s > 0 ? (int64_t)retry_after_s * 1000 : 0,
        .body = buf_str(&t->body), .body_size = t->body.n,
        .headers = t->request->want_headers ? buf_str(&t->head) : NULL, .why = answered ? "" : why };
    answer.result = answered                  ? HTTP_ANSWERED
                    : never_sent(code, sent) ? HTTP_NOT_SENT
                                             : HTTP_AMBIGUOUS;
    struct http_request *r = t->request;
    (void)curl_multi_remove_handle(h->multi, t->easy);
    reuse(h, t);
    finish(r, &answer);
}

/* The thread. */

static void start(struct http *h)
{
    while (h->waiting && h->idle) {
        struct http_request *r = h->waiting;
        struct transfer *t = h->idle;
        h->waiting = r->next;
        h->idle = t->next;
        t->next = h->running;
        h->running = t;
        t->request = r;
        t->body = BUF_ON(&r->mem);
        t->head = BUF_ON(&r->mem);
        configure(h, t);
        CURLMcode rc = curl_multi_add_handle(h->multi, t->easy);
        if (rc != CURLM_OK)
            end_transfer(h, t, CURLE_FAILED_INIT, curl_multi_strerror(rc));
    }
    if (!h->waiting)
        h->waiting_end = &h->waiting;
}

static void take_submitted(struct http *h)
{
    *h->waiting_end = queue_take(&h->submitted);
    while (*h->waiting_end)
        h->waiting_end = &(*h->waiting_end)->next;
}

static void reap(struct http *h)
{
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
        char *t = NULL;
        CURLcode code = m->data.result;
        if (m->msg != CURLMSG_DONE ||
            curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t) != CURLE_OK)
            continue;
        end_transfer(h, (struct transfer *)(void *)t, code, curl_easy_strerror(code));
    }
}

static void turn_away_waiting(struct http *h)
{
    struct http_request *list = h->waiting;
    h->waiting = NULL;
    h->waiting_end = &h->waiting;
    turn_away(list);
}

static void abort_running(struct http *h)
{
    while (h->running)
        end_transfer(h, h->running, CURLE_ABORTED_BY_CALLBACK, "stopping");
}

/* How long nothing will happen by itself. */
static int rest_ms(struct http *h)
{
    int64_t drain_us = atomic_load(&h->drain_us), until_us = h->wake_us;
    if (drain_us && h->running && (!until_us || drain_us < until_us))
        until_us = drain_us;
    int64_t left = until_us ? until_us - clock_ticks_us() : REST_MS * INT64_C(1000);
    return left <= 0 ? 0 : left < REST_MS * INT64_C(1000) ? (int)(left / 1000) + 1 : REST_MS;
}

void http_run(struct http *h)
{
    while (!atomic_load(&h->stop)) {
        bool due = h->wake_us && clock_ticks_us() >= h->wake_us;
        if (due)
            h->wake_us = 0;
        if ((atomic_exchange(&h->woken, false) || due) && h->on_wake)
            h->on_wake(h->wake_ctx);
        int64_t drain_us = atomic_load(&h->drain_us);
        take_submitted(h);
        if (drain_us)
            turn_away_waiting(h);
        if (drain_us && clock_ticks_us() >= drain_us)
            abort_running(h);
        start(h);
        int running;
        CURLMcode rc = curl_multi_perform(h->multi, &running);
        reap(h);
        start(h); /* in the place of those that ended */
        if (rc == CURLM_OK)
            rc = curl_multi_poll(h->multi, NULL, 0, rest_ms(h), NULL);
        if (rc != CURLM_OK)
            log_error("http: %s", curl_multi_strerror(rc));
    }
    take_submitted(h);
    turn_away_waiting(h);
    abort_running(h);
}
