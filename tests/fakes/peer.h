/* The other end of one WebSocket, in a thread: takes a connection, with TLS if wanted,
 * says what a test tells it to and writes down what it hears. */
#ifndef TESTS_FAKES_PEER_H
#define TESTS_FAKES_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct peer;

enum peer_act {
    PEER_WELCOME, /* the handshake, then `bytes` */
    PEER_REFUSE,  /* 404 */
    PEER_MUTE,    /* takes the connection and says nothing */
    PEER_RESET,   /* the handshake, then the connection is gone */
};
struct peer_plan {
    enum peer_act act;
    const char *tls_name;  /* a certificate of this name; NULL: no TLS */
    const void *bytes;     /* frames as they are on the wire */
    size_t n;
    bool proxy;            /* is an HTTP proxy first: CONNECT, then as planned */
    bool deaf;             /* neither answers pings nor the goodbye */
};

struct peer *peer_start(const struct peer_plan *plan);
int peer_port(const struct peer *p);
/* The certificate's own authority, as a file; NULL without TLS. */
const char *peer_ca(const struct peer *p);
/* What it heard until the connection ended: the request, and "text:…", "ping", "close:…",
 * joined by blanks. */
const char *peer_request(const struct peer *p);
const char *peer_connect(const struct peer *p); /* the request to the proxy */
const char *peer_heard(const struct peer *p);
/* Waits for the end of the connection, or closes the listener if none came. */
void peer_join(struct peer *p);
void peer_stop(struct peer *p);

#endif
