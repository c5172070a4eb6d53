/* A WebSocket that we open: TLS with the certificate held against the name, through an
 * HTTP proxy where there is one, messages bounded and put together, pings of our own and
 * a watchdog that closes the descriptor itself. Says once how it ended; when to connect
 * again is the caller's affair. Everything on the loop thread. */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include <stddef.h>
#include "bot/net/loop.h"

struct dial;

struct dial_events {
    void (*on_open)(void *ctx);
    /* One whole text message, any bytes, terminated; borrowed for the call. */
    void (*on_text)(void *ctx, const char *text, size_t n);
    /* Once, also of a connection that never opened; the handle is gone afterwards.
     * `code`: of the peer's close frame, the HTTP status of a refused handshake, or 0.
     * `why`: English, for the log. */
    void (*on_close)(void *ctx, int code, const char *why);
};

struct dial_options {
    const char *url;     /* ws:// or wss://; never logged: it may hold a ticket */
    const char *address; /* of the url's host (or of the proxy) as digits; NULL: the host
                          * is an address itself, or may be looked up on the loop */
    const char *proxy;   /* "http://host:port", NULL: none */
    const char *bearer;  /* sent as Authorization: Bearer; NULL: none */
    const char *ca_file; /* instead of the system's authorities; NULL: those */
    size_t max_text;     /* a longer message is dropped unread; on_text gets NULL, 0 */
    int64_t connect_ms;  /* until the handshake is done */
    int64_t ping_ms, silent_ms; /* a ping of ours so often; dead after so long a silence */
};

/* NULL with `e`: the url is none (ERR_USAGE). Everything else comes through on_close,
 * later, never from within this call. Options are copied; events must outlive it. */
struct dial *dial_open(struct loop *l, const struct dial_options *options,
    const struct dial_events *events, void *ctx, struct err *e);
/* One unfragmented text frame. False: it is closing, or too much waits. */
bool dial_send(struct dial *d, const char *text, size_t n);
/* Says goodbye; ends at the latest CLOSE_MS later, whatever the peer does. */
void dial_close(struct dial *d, int code, const char *reason);
/* No goodbye: the descriptor is closed at once, on_close follows. */
void dial_drop(struct dial *d, const char *why);
/* The same without on_close: the handle is gone. Not from within its own callbacks;
 * before loop_destroy. NULL is fine. */
void dial_forget(struct dial *d);

/* Which host must be looked up before `dial_open`, "host:port" on `mem`: the proxy's, or
 * the url's. NULL: none, it is an address or this machine. */
struct arena;
char *dial_lookup(struct arena *mem, const char *url, const char *proxy);

#endif
