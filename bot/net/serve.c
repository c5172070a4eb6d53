#include "bot/net/serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/certificate.h"
#include "bot/base/log.h"
#include "bot/net/place.h"
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

/* A peer that gives no sign of life is asked after 20 s and dropped after 30. */
static const lws_retry_bo_t alive = {
    .secs_since_valid_ping = 20,
    .secs_since_valid_hangup = 30,
};

/* What a browser or a network of today can do; nothing older. */
static void set_tls(struct lws_context_creation_info *info, const struct serve_tls *tls)
{
    info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info->ssl_cert_filepath = tls->cert;
    info->ssl_private_key_filepath = tls->key;
    info->ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
}

/* Cookies and notes in the clear are for this machine alone. */
static bool check_reach(const struct place *at, const char *where, const struct serve_tls *tls, struct err *e)
{
    if (at->loopback || tls->cert || tls->plain_anywhere)
        return true;
    return fail(e, ERR_USAGE, NULL, NULL,
        "%s can be reached from other machines, and without TLS everybody on the way reads cookies and notes; "
        "set NEMAWASHI_TLS_CERT and NEMAWASHI_TLS_KEY, or listen on 127.0.0.1 behind a proxy; "
        "NEMAWASHI_ALLOW_PLAIN_PUBLIC=1 only where the network itself is private",
        where);
}

struct serve *serve_open(struct loop *l, const char *where, const struct serve_tls *tls, struct err *e)
{
    static const struct serve_tls none = { 0 };
    struct place at;
    tls = tls ? tls : &none;
    if (!place_parse(&at, where, e) || !check_reach(&at, where, tls, e) ||
        (tls->cert && !certificate_check(tls->cert, tls->key, e)) || !place_try(&at, where, e))
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
    if (tls->cert)
        set_tls(&info, tls);
    s->secure = tls->cert != NULL;
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

bool serve_secure(const struct serve *s)
{
    return s->secure;
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
