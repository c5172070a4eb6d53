#include "bot/net/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bot/base/log.h"
#include "bot/net/serve_private.h"

/* A number is a serial with the place in the table in its low 16 bits. */
enum { PLACE_BITS = 16, PLACES = 1 << PLACE_BITS };

int64_t number_take(struct serve *s, struct request *rq, struct peer *p)
{
    size_t i = 0;
    while (i < s->n_numbers && s->numbers[i].id)
        i++;
    if (i == PLACES)
        return 0;
    if (i == s->n_numbers) {
        GROW(s->numbers, s->cap_numbers, i);
        s->n_numbers++;
    }
    int64_t id = (++s->serial << PLACE_BITS) | (int64_t)i;
    s->numbers[i] = (struct number){ .id = id, .request = rq, .peer = p };
    return id;
}

struct number *number_find(struct serve *s, int64_t id)
{
    size_t i = (size_t)(id & (PLACES - 1));
    return id > 0 && i < s->n_numbers && s->numbers[i].id == id ? &s->numbers[i] : NULL;
}

void number_release(struct serve *s, int64_t id)
{
    struct number *n = number_find(s, id);
    if (n)
        *n = (struct number){ 0 };
}

static int on_event(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in,
    size_t n)
{
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    struct serve *s = protocol ? protocol->user : NULL;
    struct link *k = user;
    if (!s)
        return 0;
    switch (why) {
    case LWS_CALLBACK_HTTP:
        return request_begin(s, wsi, k, in, n);
    case LWS_CALLBACK_HTTP_BODY:
        return request_body(s, k, in, n);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        return request_complete(s, k);
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return request_write(s, wsi, k);
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
        if (k)
            request_destroy(s, k);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        if (!in || strcmp(in, "websocket") != 0)
            return -1;
        return peer_check(s, wsi);
    case LWS_CALLBACK_ESTABLISHED:
        peer_open(s, wsi, k);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        /* Any frame of theirs shows that they live, not only pongs. */
        lws_validity_confirmed(wsi);
        if (k->peer)
            peer_receive(s, wsi, k->peer, in, n);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return k->peer ? peer_write(s, wsi, k->peer) : -1;
    case LWS_CALLBACK_CLOSED:
        if (k)
            peer_destroy(s, k);
        return 0;
    case LWS_CALLBACK_PROTOCOL_DESTROY:
        free(s->numbers);
        s->numbers = NULL;
        s->n_numbers = s->cap_numbers = 0;
        return 0;
    default:
        return 0;
    }
}

/* Where to listen, in the system's terms. */
struct place {
    char host[64];
    int port;
    bool v6, any;
    struct sockaddr_storage sa;
    socklen_t n;
};

static bool bad_address(struct err *e, const char *where)
{
    return fail(e, ERR_USAGE, NULL, NULL,
        "'%.100s' is not an address to listen on; write it like 127.0.0.1:8787 or "
        "[::1]:8787 (--listen or NEMAWASHI_LISTEN)",
        where);
}

static bool parse_address(struct place *at, const char *where, struct err *e)
{
    *at = (struct place){ 0 };
    const char *colon = strrchr(where, ':');
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : -1;
    if (!colon || end == colon + 1 || *end || port < 0 || port > 65535)
        return bad_address(e, where);
    size_t n = (size_t)(colon - where);
    const char *host = where;
    if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
        host++;
        n -= 2;
    }
    if (n >= sizeof at->host)
        return bad_address(e, where);
    memcpy(at->host, host, n);
    if (strcmp(at->host, "localhost") == 0)
        (void)snprintf(at->host, sizeof at->host, "127.0.0.1");
    at->port = (int)port;
    struct sockaddr_in *v4 = (struct sockaddr_in *)&at->sa;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&at->sa;
    if (inet_pton(AF_INET, at->host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        at->n = sizeof *v4;
        at->any = v4->sin_addr.s_addr == htonl(INADDR_ANY);
    } else if (inet_pton(AF_INET6, at->host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        at->n = sizeof *v6;
        at->v6 = true;
        at->any = memcmp(&v6->sin6_addr, &in6addr_any, sizeof in6addr_any) == 0;
    } else {
        return bad_address(e, where);
    }
    return true;
}

/* libwebsockets says no more than "no": ask the system ourselves first, for a reason
 * that a person can act on. */
static bool try_address(const struct place *at, const char *where, struct err *e)
{
    int fd = socket(at->sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int one = 1;
    bool ok = fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) &&
              !bind(fd, (const struct sockaddr *)&at->sa, at->n) &&
              !listen(fd, 1);
    int why = errno;
    if (fd >= 0)
        (void)close(fd);
    if (ok)
        return true;
    if (why == EADDRINUSE)
        return fail(e, ERR_CONFLICT, NULL, NULL,
            "%s is in use by another program; stop that one, or choose another "
            "address with --listen or NEMAWASHI_LISTEN (127.0.0.1:0 takes any free port)",
            where);
    return fail(e, ERR_USAGE, NULL, NULL,
        "cannot listen on %s: %s; choose another address with --listen or "
        "NEMAWASHI_LISTEN",
        where, strerror(why));
}

/* A peer that gives no sign of life is asked after 20 s and dropped after 30. */
static const lws_retry_bo_t alive = {
    .secs_since_valid_ping = 20,
    .secs_since_valid_hangup = 30,
};

struct serve *serve_open(struct loop *l, const char *where, struct err *e)
{
    struct place at;
    if (!parse_address(&at, where, e) || !try_address(&at, where, e))
        return NULL;
    struct serve *s = xcalloc(1, sizeof *s);
    loop_keep(l, s);
    s->loop = l;
    s->protocols[0] = (struct lws_protocols){
        .name = "nemawashi",
        .callback = on_event,
        .per_session_data_size = sizeof(struct link),
        .rx_buffer_size = 16384,
        .user = s,
    };
    struct lws_context_creation_info info = {
        .port = at.port,
        .iface = at.any ? NULL : at.host,
        .protocols = s->protocols,
        .vhost_name = "serve",
        .alpn = "http/1.1", /* over HTTP/2 this version loses custom headers */
        .options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
                   (at.v6 ? 0 : LWS_SERVER_OPTION_DISABLE_IPV6),
        .retry_and_idle_policy = &alive,
        .keepalive_timeout = 30,
    };
    s->vhost = lws_create_vhost(loop_context(l), &info);
    if (!s->vhost) {
        (void)fail(e, ERR_CONFLICT, NULL, NULL,
            "cannot listen on %s; choose another address with --listen or "
            "NEMAWASHI_LISTEN (127.0.0.1:0 takes any free port)",
            where);
        return NULL;
    }
    (void)snprintf(s->address, sizeof s->address, at.v6 ? "[%s]:%d" : "%s:%d", at.host,
        lws_get_vhost_listen_port(s->vhost));
    return s;
}

void serve_add_routes(struct serve *s, const struct serve_route *routes, size_t n, void *ctx)
{
    if (s->n_groups < SERVE_GROUPS)
        s->groups[s->n_groups++] = (struct route_group){ routes, n, ctx };
    else
        log_error("serve: too many groups of routes");
}

void serve_set_sockets(struct serve *s, const struct serve_sockets *sockets, void *ctx)
{
    s->sockets = sockets;
    s->sockets_ctx = ctx;
}

void serve_set_headers(struct serve *s, const struct serve_header *headers)
{
    s->headers = headers;
}

const char *serve_address(const struct serve *s)
{
    return s->address;
}

size_t serve_connections(const struct serve *s)
{
    return s->peers;
}

void serve_stop(struct serve *s)
{
    s->stopping = true;
    for (size_t i = 0; i < s->n_numbers; i++)
        if (s->numbers[i].peer)
            serve_close_socket(s, s->numbers[i].id, LWS_CLOSE_STATUS_GOINGAWAY, "stopping");
}

void serve_close(struct serve *s)
{
    if (s)
        s->closed = true;
}
