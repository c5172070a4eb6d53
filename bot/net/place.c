#include "bot/net/place.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool bad_address(struct err *e, const char *where)
{
    return fail(e, ERR_USAGE, NULL, NULL,
        "'%.100s' is not an address to listen on; write it like 127.0.0.1:8787 or "
        "[::1]:8787 (--listen or NEMAWASHI_LISTEN)",
        where);
}

bool place_parse(struct place *at, const char *where, struct err *e)
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
        at->loopback = ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    } else if (inet_pton(AF_INET6, at->host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        at->n = sizeof *v6;
        at->v6 = true;
        at->any = memcmp(&v6->sin6_addr, &in6addr_any, sizeof in6addr_any) == 0;
        at->loopback = memcmp(&v6->sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) == 0;
    } else {
        return bad_address(e, where);
    }
    return true;
}

/* libwebsockets says no more than "no": ask the system ourselves first, for a reason
 * that a person can act on. */
bool place_try(const struct place *at, const char *where, struct err *e)
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

/* The networks that are not the internet's (RFC 6890 and its registry). */
static bool is_public_v4(uint32_t a)
{
    static const struct {
        uint32_t net;
        int bits;
    } inside[] = { { 0x00000000, 8 }, { 0x0A000000, 8 }, { 0x64400000, 10 }, { 0x7F000000, 8 }, { 0xA9FE0000, 16 },
        { 0xAC100000, 12 }, { 0xC0000000, 24 }, { 0xC0000200, 24 }, { 0xC0586300, 24 }, { 0xC0A80000, 16 },
        { 0xC6120000, 15 }, { 0xC6336400, 24 }, { 0xCB007100, 24 }, { 0xE0000000, 3 } };
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        if ((a ^ inside[i].net) >> (32 - inside[i].bits) == 0)
            return false;
    return true;
}

/* 2000::/3 is all that is given out; in it are 2001::/23, 2001:db8::/32, 2002::/16 and 3fff::/20. */
static bool is_public_v6(const unsigned char *a)
{
    bool given = (a[0] & 0xE0) == 0x20;
    bool special = a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02;
    bool documents = (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) || (a[0] == 0x3F && a[1] == 0xFF && a[2] < 0x10);
    bool wraps = a[0] == 0x20 && a[1] == 0x02;
    return given && !special && !documents && !wraps;
}

bool place_is_public(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET)
        return is_public_v4(ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr));
    return at->sa_family == AF_INET6 && is_public_v6(((const struct sockaddr_in6 *)(const void *)at)->sin6_addr.s6_addr);
}
