/* Inside of the server: serve.c owns the address, the numbers and libwebsockets'
 * callback; serve_http.c requests; serve_socket.c WebSocket peers. */
#ifndef NET_SERVE_PRIVATE_H
#define NET_SERVE_PRIVATE_H

#include "bot/base/arena.h"
#include "bot/net/lws.h"
#include "bot/net/serve.h"

enum { SERVE_GROUPS = 8, SERVE_PEERS_MAX = 4096, SERVE_HEAD_MAX = 4096 };

struct route_group {
    const struct serve_route *routes;
    size_t n;
    void *ctx;
};

/* A numbered thing: a request or a peer. */
struct number {
    int64_t id; /* 0: free */
    struct request *request;
    struct peer *peer;
};

struct serve {
    struct loop *loop;
    struct lws_vhost *vhost;
    struct lws_protocols protocols[2];
    char address[96];
    bool secure; /* over TLS */
    struct route_group groups[SERVE_GROUPS];
    size_t n_groups;
    const struct serve_sockets *sockets;
    void *sockets_ctx;
    const struct serve_header *headers;
    struct number *numbers;
    size_t n_numbers, cap_numbers;
    int64_t serial;
    size_t peers;
    bool stopping;
    bool closed; /* from now on nobody is called */
};

/* What libwebsockets keeps for us with each connection. */
struct link {
    struct request *request;
    struct peer *peer;
};

int64_t number_take(struct serve *s, struct request *rq, struct peer *p);
struct number *number_find(struct serve *s, int64_t id);
void number_release(struct serve *s, int64_t id);

/* Copies what the client sent to `mem`. */
struct serve_request request_read(struct arena *mem, struct lws *wsi, const char *wanted);
int request_begin(struct serve *s, struct lws *wsi, struct link *k, const char *path,
    size_t n);
int request_body(struct serve *s, struct link *k, const char *bytes, size_t n);
int request_complete(struct serve *s, struct link *k);
int request_write(struct serve *s, struct lws *wsi, struct link *k);
void request_destroy(struct serve *s, struct link *k);

int peer_check(struct serve *s, struct lws *wsi);
void peer_open(struct serve *s, struct lws *wsi, struct link *k);
void peer_receive(struct serve *s, struct lws *wsi, struct peer *p, const char *bytes,
    size_t n);
int peer_write(struct serve *s, struct lws *wsi, struct peer *p);
void peer_destroy(struct serve *s, struct link *k);

#endif
