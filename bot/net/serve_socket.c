/* WebSocket peers: messages put together from their fragments under a cap, and a queue
 * for each that is written as the peer takes it. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"
#include "bot/net/serve_private.h"

enum {
    QUEUE_BYTES = 4 << 20, /* what may wait for a slow peer before it is closed */
    KEEP_BYTES = 4096,     /* a larger receive buffer is given back after its message */
    BURST = 16,            /* messages written in a row while the socket takes them */
};

struct message {
    struct message *next;
    size_t n;
    unsigned char bytes[]; /* LWS_PRE bytes of head room, then the text */
};

struct peer {
    int64_t id;
    struct lws *wsi;
    char *in;
    size_t in_n, in_cap;
    bool discarding;
    struct message *first, **last;
    size_t queued;
    int close_code; /* 0: stays open */
    char close_reason[64];
    void *user;
};

int peer_check(struct serve *s, struct lws *wsi)
{
    struct arena mem = ARENA_INIT;
    int status = 0;
    char path[64] = "";
    (void)lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI);
    if (s->stopping || s->closed || s->peers >= SERVE_PEERS_MAX)
        status = 503;
    else if (!s->sockets || strcmp(path, s->sockets->path) != 0)
        status = 404;
    else {
        struct serve_request rq = request_read(&mem, wsi, NULL);
        rq.path = path;
        rq.method = "GET";
        status = s->sockets->check(s->sockets_ctx, &rq);
    }
    arena_finish(&mem);
    if (!status)
        return 0;
    return lws_return_http_status(wsi, (unsigned)status, NULL) < 0 ? -1 : 1;
}

void peer_open(struct serve *s, struct lws *wsi, struct link *k)
{
    struct peer *p = xcalloc(1, sizeof *p);
    p->wsi = wsi;
    p->last = &p->first;
    p->id = number_take(s, NULL, p);
    k->peer = p;
    s->peers++;
    struct arena mem = ARENA_INIT;
    struct serve_request rq = request_read(&mem, wsi, NULL);
    if (p->id && s->sockets && !s->closed)
        s->sockets->on_open(s->sockets_ctx, p->id, &rq);
    arena_finish(&mem);
}

static void keep(struct peer *p, const char *bytes, size_t n)
{
    if (p->in_n + n > p->in_cap) {
        p->in_cap = 2 * (p->in_n + n) < KEEP_BYTES ? KEEP_BYTES : 2 * (p->in_n + n);
        p->in = xrealloc(p->in, p->in_cap);
    }
    if (n)
        memcpy(p->in + p->in_n, bytes, n);
    p->in_n += n;
}

static void forget_input(struct peer *p)
{
    p->in_n = 0;
    if (p->in_cap > KEEP_BYTES) {
        free(p->in);
        p->in = NULL;
        p->in_cap = 0;
    }
}

void peer_receive(struct serve *s, struct lws *wsi, struct peer *p, const char *bytes,
    size_t n)
{
    if (s->closed || p->close_code)
        return;
    if (lws_is_first_fragment(wsi)) {
        p->in_n = 0;
        p->discarding = false;
    }
    if (!p->discarding && p->in_n + n > s->sockets->max_text) {
        p->discarding = true;
        forget_input(p);
        s->sockets->on_oversize(s->sockets_ctx, p->id);
    }
    if (!p->discarding)
        keep(p, bytes, n);
    if (!lws_is_final_fragment(wsi))
        return;
    if (!p->discarding) {
        s->sockets->on_text(s->sockets_ctx, p->id, p->in_n ? p->in : "", p->in_n);
        forget_input(p);
    }
    p->discarding = false;
}

static struct peer *find(struct serve *s, int64_t id)
{
    struct number *number = number_find(s, id);
    return number ? number->peer : NULL;
}

void serve_send(struct serve *s, int64_t socket, const char *text, size_t n)
{
    struct peer *p = find(s, socket);
    if (!p || p->close_code)
        return;
    if (p->queued && p->queued + n > QUEUE_BYTES) {
        log_warn("web socket %lld takes nothing, %zu bytes waiting: closed",
            (long long)socket, p->queued);
        p->close_code = LWS_CLOSE_STATUS_POLICY_VIOLATION;
        lws_set_timeout(p->wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
        return;
    }
    struct message *m = xmalloc(sizeof *m + LWS_PRE + n);
    m->next = NULL;
    m->n = n;
    memcpy(m->bytes + LWS_PRE, text, n);
    *p->last = m;
    p->last = &m->next;
    p->queued += n;
    lws_callback_on_writable(p->wsi);
}

void serve_close_socket(struct serve *s, int64_t socket, int code, const char *reason)
{
    struct peer *p = find(s, socket);
    if (!p || p->close_code)
        return;
    p->close_code = code;
    size_t n = strnlen(reason, sizeof p->close_reason - 1);
    memcpy(p->close_reason, reason, n);
    lws_callback_on_writable(p->wsi);
}

void serve_set_user(struct serve *s, int64_t socket, void *user)
{
    struct peer *p = find(s, socket);
    if (p)
        p->user = user;
}

void *serve_user(struct serve *s, int64_t socket)
{
    struct peer *p = find(s, socket);
    return p ? p->user : NULL;
}

int peer_write(struct serve *s, struct lws *wsi, struct peer *p)
{
    (void)s;
    for (int i = 0; p->first && i < BURST; i++) {
        if (i && lws_send_pipe_choked(wsi))
            break;
        struct message *m = p->first;
        bool sent = lws_write(wsi, m->bytes + LWS_PRE, m->n, LWS_WRITE_TEXT) >= (int)m->n;
        p->first = m->next;
        if (!p->first)
            p->last = &p->first;
        p->queued -= m->n;
        free(m);
        if (!sent)
            return -1;
    }
    if (p->first) {
        lws_callback_on_writable(wsi);
        return 0;
    }
    if (!p->close_code)
        return 0;
    lws_close_reason(wsi, (enum lws_close_status)p->close_code,
        (unsigned char *)p->close_reason, strlen(p->close_reason));
    return -1;
}

void peer_destroy(struct serve *s, struct link *k)
{
    struct peer *p = k->peer;
    if (!p)
        return;
    k->peer = NULL;
    if (p->id && s->sockets && !s->closed)
        s->sockets->on_close(s->sockets_ctx, p->id);
    number_release(s, p->id);
    s->peers--;
    while (p->first) {
        struct message *m = p->first;
        p->first = m->next;
        free(m);
    }
    free(p->in);
    free(p);
    if (s->stopping && !s->peers)
        loop_stop(s->loop);
}
