/* An address to listen on, in a person's words and in the system's. Opens nothing that
 * stays open. */
#ifndef NET_PLACE_H
#define NET_PLACE_H

#include <netinet/in.h>
#include <sys/socket.h>
#include "bot/base/err.h"

struct place {
    char host[64];
    int port;
    bool v6, any, loopback;
    struct sockaddr_storage sa;
    socklen_t n;
};

/* "127.0.0.1:8787", "[::1]:0", "localhost:80". ERR_USAGE. */
bool place_parse(struct place *at, const char *where, struct err *e) MUST_CHECK;
/* Could a server listen there now? ERR_CONFLICT: it is taken; ERR_USAGE: it can't be had;
 * `why` is one that a person can act on. */
bool place_try(const struct place *at, const char *where, struct err *e) MUST_CHECK;

/* Does the address lie on the public internet? Not: this machine, a private or shared network,
 * the link, multicast, documentation, and what stands for an older address inside a newer one. */
bool place_is_public(const struct sockaddr *at);

#endif
