/* Requests: read with a bound, parked until somebody answers, written as the peer takes
 * it. Refuses what libwebsockets 4.1.6 would get wrong: chunked bodies (it hands over
 * the raw chunks) and methods nobody asked for (all arrive as if they were GET). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/net/serve_private.h"

enum { PARKED_S = 30, PIECE = 16384 };

struct request {
    struct arena mem;
    struct lws *wsi;
    struct serve_request seen;
    const struct serve_route *route;
    void *ctx;
    char *body;
    size_t body_cap;
    bool given; /* handed to the route */
    bool head_only, hang_up;
    bool answered, head_sent;
    int status;
    const char *type;
    struct buf headers; /* name NUL value NUL … */
    unsigned char *out; /* LWS_PRE bytes before it */
    size_t out_n, out_at;
};

static const char *header(struct arena *mem, struct lws *wsi, enum lws_token_indexes h)
{
    int n = lws_hdr_total_length(wsi, h);
    if (n <= 0)
        return NULL;
    char *s = arena_alloc(mem, (size_t)n + 1);
    return lws_hdr_copy(wsi, s, n + 1, h) < 0 ? NULL : s;
}

static bool is_loopback(const char *ip)
{
    const char *v4 = strncmp(ip, "::ffff:", 7) == 0 ? ip + 7 : ip;
    return strncmp(v4, "127.", 4) == 0 || strcmp(ip, "::1") == 0;
}

struct serve_request request_read(struct arena *mem, struct lws *wsi, const char *wanted)
{
    char ip[64] = "";
    (void)lws_get_peer_simple(wsi, ip, sizeof ip);
    struct serve_request rq = {
        .host = header(mem, wsi, WSI_TOKEN_HOST),
        .origin = header(mem, wsi, WSI_TOKEN_ORIGIN),
        .cookie = header(mem, wsi, WSI_TOKEN_HTTP_COOKIE),
        .authorization = header(mem, wsi, WSI_TOKEN_HTTP_AUTHORIZATION),
        .if_none_match = header(mem, wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH),
        .user_agent = header(mem, wsi, WSI_TOKEN_HTTP_USER_AGENT),
        .address = arena_strdup(mem, ip),
        .forwarded = header(mem, wsi, WSI_TOKEN_X_FORWARDED_FOR),
        .loopback = is_loopback(ip),
        .body = "",
    };
    int n = wanted ? lws_hdr_custom_length(wsi, wanted, (int)strlen(wanted)) : -1;
    if (n >= 0) {
        char *s = arena_alloc(mem, (size_t)n + 1);
        if (lws_hdr_custom_copy(wsi, s, n + 1, wanted, (int)strlen(wanted)) >= 0)
            rq.wanted = s;
    }
    return rq;
}

static bool path_matches(const char *pattern, const char *path)
{
    size_t n = strlen(pattern);
    return n && pattern[n - 1] == '*' ? strncmp(pattern, path, n - 1) == 0
                                      : strcmp(pattern, path) == 0;
}

/* Finds the route; `*known` tells whether the path exists for another method. */
static const struct serve_route *find_route(struct serve *s, const char *method,
    const char *path, void **ctx, bool *known)
{
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = 0; i < s->groups[g].n; i++) {
            const struct serve_route *r = &s->groups[g].routes[i];
            if (!path_matches(r->path, path))
                continue;
            *known = true;
            if (method && strcmp(r->method, method) == 0) {
                *ctx = s->groups[g].ctx;
                return r;
            }
        }
    return NULL;
}

static const char *method_of(struct lws *wsi, bool *head)
{
    *head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;
    if (*head || lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0)
        return "GET";
    return lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0 ? "POST" : NULL;
}

/* An answer before the body was read: the connection can't be used again. */
static int refuse(struct serve *s, struct request *rq, int status, const char *text)
{
    rq->hang_up = true;
    rq->given = true;
    serve_answer_text(s, rq->seen.id, status, text);
    return 0;
}

static void give(struct request *rq)
{
    rq->given = true;
    lws_set_timeout(rq->wsi, PENDING_TIMEOUT_HTTP_CONTENT, PARKED_S);
    rq->route->run(rq->ctx, &rq->seen);
}

/* -1: none, -2: not a number we take. */
static long long content_length(struct lws *wsi)
{
    char text[24];
    int n = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
    if (n <= 0)
        return -1;
    if (n >= (int)sizeof text ||
        lws_hdr_copy(wsi, text, sizeof text, WSI_TOKEN_HTTP_CONTENT_LENGTH) < 0)
        return -2;
    return strspn(text, "0123456789") == (size_t)n ? strtoll(text, NULL, 10) : -2;
}

int request_begin(struct serve *s, struct lws *wsi, struct link *k, const char *path,
    size_t n)
{
    request_destroy(s, k);
    struct request *rq = xcalloc(1, sizeof *rq);
    int64_t id = number_take(s, rq, NULL);
    if (!id || s->closed) {
        number_release(s, id);
        free(rq);
        return -1;
    }
    k->request = rq;
    rq->wsi = wsi;
    const char *method = method_of(wsi, &rq->head_only);
    const char *copy = arena_strndup(&rq->mem, path, n);
    bool known = false;
    rq->route = find_route(s, method, copy, &rq->ctx, &known);
    rq->seen = request_read(&rq->mem, wsi, rq->route ? rq->route->wanted : NULL);
    rq->seen.id = id;
    rq->seen.method = method;
    rq->seen.path = copy;
    if (s->stopping)
        return refuse(s, rq, 503, "stopping");
    if (!rq->route)
        return refuse(s, rq, known ? 405 : 404, known ? "method not allowed" : "not found");
    bool chunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0;
    bool post = strcmp(method, "POST") == 0;
    long long length = content_length(wsi);
    if (chunked || (post && length == -1))
        return refuse(s, rq, 411, "send a Content-Length");
    if (length == -2)
        return refuse(s, rq, 400, "bad Content-Length");
    if (length > (long long)(post ? rq->route->max_body : 0))
        return refuse(s, rq, 413, "too large");
    if (length <= 0)
        give(rq);
    return 0;
}

int request_body(struct serve *s, struct link *k, const char *bytes, size_t n)
{
    struct request *rq = k ? k->request : NULL;
    if (!rq || rq->given)
        return 0; /* the rest of a body that was refused */
    size_t need = rq->seen.body_n + n;
    if (need > rq->route->max_body)
        return refuse(s, rq, 413, "too large");
    if (need + 1 > rq->body_cap) {
        rq->body_cap = need + 1 < 1024 ? 1024 : 2 * need + 1;
        rq->body = xrealloc(rq->body, rq->body_cap);
    }
    memcpy(rq->body + rq->seen.body_n, bytes, n);
    rq->body[need] = '\0';
    rq->seen.body = rq->body;
    rq->seen.body_n = need;
    return 0;
}

int request_complete(struct serve *s, struct link *k)
{
    (void)s;
    if (k && k->request && !k->request->given)
        give(k->request);
    return 0;
}

static void add_header(struct request *rq, const struct serve_header *h)
{
    for (; h && h->name; h++) {
        buf_add(&rq->headers, h->name, strlen(h->name) + 1);
        buf_add(&rq->headers, h->value, strlen(h->value) + 1);
    }
}

void serve_answer(struct serve *s, int64_t request, const struct serve_answer *answer)
{
    struct number *number = number_find(s, request);
    struct request *rq = number ? number->request : NULL;
    if (!rq || rq->answered)
        return;
    rq->answered = true;
    rq->status = answer->status;
    rq->type = arena_strdup(&rq->mem, answer->type ? answer->type : "text/plain");
    rq->headers = BUF_ON(&rq->mem);
    add_header(rq, s->headers);
    add_header(rq, answer->headers);
    rq->out = (unsigned char *)xmalloc(LWS_PRE + answer->n + 1) + LWS_PRE;
    if (answer->n)
        memcpy(rq->out, answer->body, answer->n);
    rq->out_n = answer->n;
    lws_callback_on_writable(rq->wsi);
}

void serve_answer_text(struct serve *s, int64_t request, int status, const char *text)
{
    char line[256];
    int n = snprintf(line, sizeof line, "%s\n", text);
    serve_answer(s, request,
        &(struct serve_answer){ .status = status, .type = "text/plain; charset=utf-8",
            .body = line, .n = n < (int)sizeof line ? (size_t)n : sizeof line - 1 });
}

static int write_head(struct request *rq, struct lws *wsi)
{
    unsigned char head[LWS_PRE + SERVE_HEAD_MAX], *p = head + LWS_PRE,
                                                  *end = head + sizeof head;
    /* 204 and 304 have no body, and so no length of one. */
    bool bare = rq->status == 204 || rq->status == 304;
    if (bare ? lws_add_http_header_status(wsi, (unsigned)rq->status, &p, end)
             : lws_add_http_common_headers(wsi, (unsigned)rq->status, rq->type, rq->out_n,
                   &p, end))
        return -1;
    if (rq->hang_up &&
        lws_add_http_header_by_token(wsi, WSI_TOKEN_CONNECTION, (const unsigned char *)"close", 5, &p, end))
        return -1;
    const char *h = buf_str(&rq->headers), *last = h + rq->headers.n;
    while (h < last) {
        char name[64];
        (void)snprintf(name, sizeof name, "%s:", h);
        const char *value = h + strlen(h) + 1;
        if (lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                (const unsigned char *)value, (int)strlen(value), &p, end))
            return -1;
        h = value + strlen(value) + 1;
    }
    return lws_finalize_write_http_header(wsi, head + LWS_PRE, &p, end);
}

static int done(struct serve *s, struct lws *wsi, struct link *k)
{
    bool hang_up = k->request->hang_up;
    request_destroy(s, k);
    return hang_up || lws_http_transaction_completed(wsi) ? -1 : 0;
}

int request_write(struct serve *s, struct lws *wsi, struct link *k)
{
    struct request *rq = k ? k->request : NULL;
    if (!rq || !rq->answered)
        return 0;
    if (!rq->head_sent) {
        if (write_head(rq, wsi))
            return -1;
        rq->head_sent = true;
        if (rq->head_only || !rq->out_n)
            return done(s, wsi, k);
        lws_callback_on_writable(wsi);
        return 0;
    }
    size_t left = rq->out_n - rq->out_at, n = left < PIECE ? left : PIECE;
    /* What lies before the piece is sent already, so libwebsockets may write on it. */
    if (lws_write(wsi, rq->out + rq->out_at, n,
            n == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n)
        return -1;
    rq->out_at += n;
    if (rq->out_at == rq->out_n)
        return done(s, wsi, k);
    lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, PARKED_S);
    lws_callback_on_writable(wsi);
    return 0;
}

void request_destroy(struct serve *s, struct link *k)
{
    struct request *rq = k->request;
    if (!rq)
        return;
    k->request = NULL;
    number_release(s, rq->seen.id);
    if (rq->out)
        free(rq->out - LWS_PRE);
    free(rq->body);
    arena_finish(&rq->mem);
    free(rq);
}
