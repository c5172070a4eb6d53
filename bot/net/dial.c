#include "bot/net/dial.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/net/lws.h"

enum { CLOSE_MS = 3000, QUEUE_BYTES = 2 << 20, KEEP_BYTES = 16384, WHY = 120 };

struct outgoing {
    struct outgoing *next;
    size_t n;
    unsigned char bytes[]; /* LWS_PRE bytes of head room, then the text */
};

struct dial {
    lws_sorted_usec_list_t watch, finish; /* of each its own callback */
    struct loop *loop;
    const struct dial_events *events;
    void *ctx;
    struct lws *wsi; /* NULL: not yet, or no longer */
    char *bearer;
    size_t max_text;
    int64_t ping_us, silent_us;
    bool open, ping_due, discarding, ended;
    int64_t heard_us;
    char *in;
    size_t in_n, in_cap;
    struct outgoing *first, **last;
    size_t queued;
    int close_code; /* 0: stays open */
    char close_reason[WHY], why[WHY];
    int end_code;
};

/* The url's parts. */

struct parts {
    bool tls;
    char *host, *path;
    int port;
};

static bool split(struct arena *mem, const char *url, struct parts *p)
{
    char *copy = arena_strdup(mem, url);
    const char *scheme, *host, *path;
    if (!*url || lws_parse_uri(copy, &scheme, &host, &p->port, &path) != 0 || !*host)
        return false;
    p->tls = !strcmp(scheme, "wss") || !strcmp(scheme, "https");
    if (!p->tls && strcmp(scheme, "ws") != 0 && strcmp(scheme, "http") != 0)
        return false;
    p->host = arena_strdup(mem, host);
    p->path = arena_printf(mem, "/%s", path);
    return true;
}

/* A proxy's host and port; `*login` bytes in front of them are "user:word@". */
static const char *after_login(const char *proxy, size_t *login)
{
    const char *bare = strstr(proxy, "://") ? strstr(proxy, "://") + 3 : proxy, *at = strrchr(bare, '@');
    *login = at ? (size_t)(at - bare) + 1 : 0;
    return bare + *login;
}

static bool is_local(const char *host)
{
    return !strcmp(host, "localhost") || !strcmp(host, "127.0.0.1") || !strcmp(host, "::1");
}

static bool is_address(const char *host)
{
    struct in6_addr any;
    return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

char *dial_lookup(struct arena *mem, const char *url, const char *proxy)
{
    struct parts p, by;
    if (!split(mem, url, &p) || is_local(p.host))
        return NULL;
    if (proxy && *proxy) {
        size_t n;
        const char *bare = after_login(proxy, &n);
        if (!split(mem, arena_printf(mem, "http://%s", bare), &by))
            return NULL;
        p = by;
    }
    return is_local(p.host) || is_address(p.host) ? NULL : arena_printf(mem, "%s:%d", p.host, p.port);
}

/* The end. */

static void destroy(struct dial *d)
{
    struct lws_context *context = loop_context(d->loop);
    lws_sul_schedule(context, 0, &d->watch, NULL, LWS_SET_TIMER_USEC_CANCEL);
    lws_sul_schedule(context, 0, &d->finish, NULL, LWS_SET_TIMER_USEC_CANCEL);
    while (d->first) {
        struct outgoing *m = d->first;
        d->first = m->next;
        free(m);
    }
    free(d->in);
    free(d->bearer);
    free(d);
}

static void on_finish(lws_sorted_usec_list_t *sul)
{
    struct dial *d = lws_container_of(sul, struct dial, finish);
    d->events->on_close(d->ctx, d->end_code, d->why);
    destroy(d);
}

/* From now on nothing more happens but on_close, soon and from the loop itself: never in
 * the middle of what the caller or libwebsockets is doing. */
static void end(struct dial *d, int code, const char *why)
{
    if (d->ended)
        return;
    d->ended = true;
    d->end_code = code;
    (void)snprintf(d->why, sizeof d->why, "%s", why);
    lws_sul_schedule(loop_context(d->loop), 0, &d->watch, NULL, LWS_SET_TIMER_USEC_CANCEL);
    lws_sul_schedule(loop_context(d->loop), 0, &d->finish, on_finish, 1);
}

/* Lets go of the socket: no flushing, no waiting for a peer that may be dead. */
static void abandon(struct dial *d)
{
    struct lws *wsi = d->wsi;
    d->wsi = NULL;
    if (!wsi)
        return;
    lws_set_opaque_user_data(wsi, NULL);
    int fd = lws_get_socket_fd(wsi);
    if (fd >= 0) {
        struct linger at_once = { .l_onoff = 1 };
        (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        (void)shutdown(fd, SHUT_RDWR);
    }
    lws_set_timeout(wsi, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
}

void dial_drop(struct dial *d, const char *why)
{
    abandon(d);
    end(d, 0, why);
}

void dial_forget(struct dial *d)
{
    if (!d)
        return;
    abandon(d);
    destroy(d);
}

/* Watching. */

static void watch_after(struct dial *d, int64_t us);

static void on_watch(lws_sorted_usec_list_t *sul)
{
    struct dial *d = lws_container_of(sul, struct dial, watch);
    if (!d->open)
        dial_drop(d, "no handshake in time");
    else if (d->close_code)
        dial_drop(d, "closed, the peer did not answer");
    else if (clock_ticks_us() - d->heard_us >= d->silent_us)
        dial_drop(d, "the peer is silent");
    else {
        d->ping_due = true;
        lws_callback_on_writable(d->wsi);
        watch_after(d, d->ping_us);
    }
}

static void watch_after(struct dial *d, int64_t us)
{
    lws_sul_schedule(loop_context(d->loop), 0, &d->watch, on_watch, us);
}

/* Messages. */

static void receive(struct dial *d, struct lws *wsi, const char *bytes, size_t n)
{
    if (lws_is_first_fragment(wsi)) {
        d->in_n = 0;
        d->discarding = lws_frame_is_binary(wsi) != 0;
    }
    if (d->in_n + n > d->max_text)
        d->discarding = true;
    if (!d->discarding) {
        if (d->in_n + n + 1 > d->in_cap) {
            d->in_cap = 2 * (d->in_n + n) < KEEP_BYTES ? KEEP_BYTES : 2 * (d->in_n + n);
            d->in = xrealloc(d->in, d->in_cap);
        }
        memcpy(d->in + d->in_n, bytes, n);
        d->in_n += n;
        d->in[d->in_n] = '\0';
    }
    if (!lws_is_final_fragment(wsi))
        return;
    if (d->discarding)
        d->events->on_text(d->ctx, NULL, 0);
    else
        d->events->on_text(d->ctx, d->in_n ? d->in : "", d->in_n);
    if (!d->ended && d->in_cap > KEEP_BYTES) {
        free(d->in);
        d->in = NULL;
        d->in_cap = 0;
    }
    d->in_n = 0;
}

bool dial_send(struct dial *d, const char *text, size_t n)
{
    if (d->ended || !d->wsi || d->close_code || d->queued + n > QUEUE_BYTES)
        return false;
    struct outgoing *m = xmalloc(sizeof *m + LWS_PRE + n);
    m->next = NULL;
    m->n = n;
    memcpy(m->bytes + LWS_PRE, text, n);
    *d->last = m;
    d->last = &m->next;
    d->queued += n;
    lws_callback_on_writable(d->wsi);
    return true;
}

static int write_ping(struct dial *d)
{
    unsigned char ping[LWS_PRE + 9];
    memcpy(ping + LWS_PRE, "nemawashi", 9);
    d->ping_due = false;
    return lws_write(d->wsi, ping + LWS_PRE, 9, LWS_WRITE_PING) < 9 ? -1 : 0;
}

/* One write a callback, as libwebsockets wants it; more while the socket takes them. */
static int write_next(struct dial *d)
{
    if (d->ping_due && write_ping(d) < 0)
        return -1;
    while (d->first && !lws_send_pipe_choked(d->wsi)) {
        struct outgoing *m = d->first;
        bool sent = lws_write(d->wsi, m->bytes + LWS_PRE, m->n, LWS_WRITE_TEXT) >= (int)m->n;
        d->first = m->next;
        if (!d->first)
            d->last = &d->first;
        d->queued -= m->n;
        free(m);
        if (!sent)
            return -1;
    }
    if (d->first) {
        lws_callback_on_writable(d->wsi);
        return 0;
    }
    if (!d->close_code)
        return 0;
    lws_close_reason(d->wsi, (enum lws_close_status)d->close_code, (unsigned char *)d->close_reason,
        strlen(d->close_reason));
    return -1;
}

void dial_close(struct dial *d, int code, const char *reason)
{
    if (d->ended || d->close_code)
        return;
    if (!d->open) {
        dial_drop(d, "closed before it was open");
        return;
    }
    d->close_code = code;
    (void)snprintf(d->close_reason, sizeof d->close_reason, "%s", reason);
    lws_callback_on_writable(d->wsi);
    watch_after(d, CLOSE_MS * INT64_C(1000));
}

/* libwebsockets. */

static int append_header(const struct dial *d, struct lws *wsi, unsigned char **at, size_t room)
{
    if (!d->bearer)
        return 0;
    unsigned char *stop = *at + room;
    return lws_add_http_header_by_name(wsi, (const unsigned char *)"authorization:",
        (const unsigned char *)d->bearer, (int)strlen(d->bearer), at, stop);
}

static void opened(struct dial *d, struct lws *wsi)
{
    int on = 1;
    d->open = true;
    d->heard_us = clock_ticks_us();
    (void)setsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    watch_after(d, d->ping_us);
    d->events->on_open(d->ctx);
}

static void failed(struct dial *d, struct lws *wsi, const char *what)
{
    d->wsi = NULL;
    end(d, (int)lws_http_client_http_response(wsi), what ? what : "no connection");
}

static void closed(struct dial *d)
{
    d->wsi = NULL;
    end(d, d->end_code, d->close_code ? "closed" : d->end_code ? "closed by the peer" : "the connection broke");
}

static void peer_closes(struct dial *d, const unsigned char *in, size_t n)
{
    d->end_code = n >= 2 ? in[0] << 8 | in[1] : 1005;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    struct dial *d = wsi ? lws_get_opaque_user_data(wsi) : NULL;
    if (!d)
        return reason == LWS_CALLBACK_CLIENT_WRITEABLE || reason == LWS_CALLBACK_CLIENT_RECEIVE
                   ? -1
                   : lws_callback_http_dummy(wsi, reason, user, in, n);
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return append_header(d, wsi, in, n);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        d->wsi = wsi;
        opened(d, wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        failed(d, wsi, in);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
        d->heard_us = clock_ticks_us();
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        d->heard_us = clock_ticks_us();
        if (!d->close_code)
            receive(d, wsi, in, n);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return write_next(d);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        peer_closes(d, in, n);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        closed(d);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, n);
    }
}

static const struct lws_protocols protocols[] = {
    { .name = "nemawashi-dial", .callback = on_event, .rx_buffer_size = 16384 },
    { 0 },
};

/* One vhost for each set of authorities, with and without a proxy, which is the vhost's. */
static struct lws_vhost *vhost_of(struct loop *l, const char *ca_file, bool proxied)
{
    struct arena mem = ARENA_INIT;
    const char *name = arena_printf(&mem, "dial %s %s", proxied ? "by proxy" : "", ca_file ? ca_file : "");
    struct lws_vhost *vhost = lws_get_vhost_by_name(loop_context(l), name);
    if (!vhost) {
        char *kept = xstrdup(name);
        loop_keep(l, kept);
        struct lws_context_creation_info info = {
            .port = CONTEXT_PORT_NO_LISTEN, .protocols = protocols, .vhost_name = kept,
            .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, .client_ssl_ca_filepath = ca_file,
        };
        vhost = lws_create_vhost(loop_context(l), &info);
    }
    arena_finish(&mem);
    return vhost;
}

/* "user:word@host:port" with the host as digits, as libwebsockets wants it. */
static char *proxy_text(struct arena *mem, const char *proxy, const char *address)
{
    struct parts p;
    size_t login;
    const char *host = after_login(proxy, &login);
    if (!split(mem, arena_printf(mem, "http://%s", host), &p))
        return NULL;
    return arena_printf(mem, "%.*s%s:%d", (int)login, host - login, address ? address : p.host, p.port);
}

static void connect_to(struct dial *d, const struct dial_options *o, struct arena *mem, const struct parts *p)
{
    bool proxied = o->proxy && *o->proxy && !is_local(p->host);
    struct lws_vhost *vhost = vhost_of(d->loop, o->ca_file, proxied);
    char *proxy = proxied ? proxy_text(mem, o->proxy, o->address) : NULL;
    if (!vhost || (proxied && !proxy)) {
        end(d, 0, vhost ? "the proxy's address is none" : "no client vhost");
        return;
    }
    if (proxy)
        (void)lws_set_proxy(vhost, proxy);
    struct lws_client_connect_info info = {
        .context = loop_context(d->loop), .vhost = vhost, .host = p->host, .port = p->port,
        .address = o->address && !proxied ? o->address : p->host, .path = p->path, .origin = NULL,
        .ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT | (p->tls ? LCCSCF_USE_SSL : 0),
        .local_protocol_name = protocols[0].name, .ietf_version_or_minus_one = -1,
        .opaque_user_data = d,
    };
    struct lws *wsi = lws_client_connect_via_info(&info);
    if (!wsi)
        end(d, 0, "no connection");
    else if (!d->ended)
        d->wsi = wsi;
}

struct dial *dial_open(struct loop *l, const struct dial_options *o, const struct dial_events *events,
    void *ctx, struct err *e)
{
    struct arena mem = ARENA_INIT;
    struct parts p;
    if (!split(&mem, o->url, &p)) {
        arena_finish(&mem);
        (void)fail(e, ERR_USAGE, NULL, NULL, "no WebSocket address");
        return NULL;
    }
    struct dial *d = xcalloc(1, sizeof *d);
    d->loop = l;
    d->events = events;
    d->ctx = ctx;
    d->last = &d->first;
    d->max_text = o->max_text;
    d->ping_us = o->ping_ms * 1000;
    d->silent_us = o->silent_ms * 1000;
    if (o->bearer) {
        size_t n = strlen(o->bearer) + sizeof "Bearer ";
        d->bearer = xmalloc(n);
        (void)snprintf(d->bearer, n, "Bearer %s", o->bearer);
    }
    watch_after(d, o->connect_ms * 1000);
    connect_to(d, o, &mem, &p);
    arena_finish(&mem);
    return d;
}
