/* An HTTP and WebSocket server on the loop: bounded requests in, answers out, whenever
 * they are ready. Requests and sockets are known by number, so that a late answer to
 * one that has gone is simply dropped; numbers are never used twice, and both kinds
 * share them. Knows no meaning: routes and socket functions are given to it. */
#ifndef NET_SERVE_H
#define NET_SERVE_H

#include <stddef.h>
#include "bot/net/loop.h"

struct serve;

/* What a client sent; absent headers are NULL. Borrowed for the call. */
struct serve_request {
    int64_t id;
    const char *method; /* "GET" also for HEAD */
    const char *path;   /* decoded, without the query */
    const char *host, *origin, *cookie, *authorization, *if_none_match;
    const char *wanted; /* the route's own header */
    const char *user_agent;
    const char *address;   /* the peer's, "192.0.2.7" or "2001:db8::1" */
    const char *forwarded; /* X-Forwarded-For: whom a proxy says it asks for */
    bool loopback;      /* the peer is this machine */
    const char *body;   /* terminated; any bytes */
    size_t body_n;
};

struct serve_route {
    const char *method; /* "GET" (answers HEAD too) or "POST" */
    const char *path;   /* exact, or a prefix where it ends in '*' */
    size_t max_body;    /* beyond it: 413 */
    const char *wanted; /* a header to hand over, e.g. "x-line-signature:", or NULL */
    void (*run)(void *ctx, const struct serve_request *rq);
};

struct serve_header {
    const char *name, *value;
};

/* `headers` end in {0} or are NULL; everything is copied. */
struct serve_answer {
    int status;
    const char *type;
    const void *body;
    size_t n;
    const struct serve_header *headers;
};

/* The functions of WebSocket connections, all on the loop thread. */
struct serve_sockets {
    const char *path;
    size_t max_text; /* bytes; the rest of a longer message is thrown away unread */
    /* 0: welcome; else the HTTP status of the refusal. */
    int (*check)(void *ctx, const struct serve_request *rq);
    void (*on_open)(void *ctx, int64_t id, const struct serve_request *rq);
    void (*on_text)(void *ctx, int64_t id, const char *text, size_t n); /* any bytes */
    void (*on_oversize)(void *ctx, int64_t id);
    void (*on_close)(void *ctx, int64_t id);
};

/* PEM files (base/certificate.h); without them plain HTTP, which is for the loopback only
 * unless `plain_anywhere`. */
struct serve_tls {
    const char *cert, *key;
    bool plain_anywhere;
};

/* Listens on "127.0.0.1:8787", "[::1]:0" (any free port) or "0.0.0.0:443"; `tls` NULL:
 * plain. ERR_CONFLICT: the address is taken; ERR_USAGE: it, the files or the two together
 * won't do; `why` names them and the mend. */
struct serve *serve_open(struct loop *l, const char *where, const struct serve_tls *tls, struct err *e);
/* Routes and sockets must outlive the server. `headers` go with every answer. */
void serve_add_routes(struct serve *s, const struct serve_route *routes, size_t n, void *ctx);
void serve_set_sockets(struct serve *s, const struct serve_sockets *sockets, void *ctx);
void serve_set_headers(struct serve *s, const struct serve_header *headers);
/* "127.0.0.1:8787": the address with the port really used. */
const char *serve_address(const struct serve *s);
bool serve_secure(const struct serve *s); /* over TLS */

void serve_answer(struct serve *s, int64_t request, const struct serve_answer *answer);
/* Plain text, ended by a line feed. */
void serve_answer_text(struct serve *s, int64_t request, int status, const char *text);

/* Queues a text message; a peer that lets too much pile up is closed. */
void serve_send(struct serve *s, int64_t socket, const char *text, size_t n);
/* Closes once what is queued has gone. */
void serve_close_socket(struct serve *s, int64_t socket, int code, const char *reason);
/* The caller's own pointer for a connection: NULL until set, and once it has gone. */
void serve_set_user(struct serve *s, int64_t socket, void *user);
void *serve_user(struct serve *s, int64_t socket);
size_t serve_connections(const struct serve *s);
/* Takes no one else and tells every peer 1001; run the loop on, for a second at
 * most: loop_stop is called when the last of them has gone. */
void serve_stop(struct serve *s);
/* Forgets everybody without a word to anyone; before loop_destroy. NULL is fine. */
void serve_close(struct serve *s);

#endif
