/* By which names this server may be called. A page of another origin, or a foreign name
 * that was made to point at this machine (DNS rebinding), must not reach the chat: so
 * Host and Origin have to be one of ours. Pure. */
#ifndef TRANSPORT_WEB_SITE_H
#define TRANSPORT_WEB_SITE_H

#include "bot/base/err.h"

struct web_site {
    char listen_host[64]; /* "127.0.0.1", "[::1]"; empty where it is any address */
    int port;
    bool secure;        /* we speak TLS ourselves */
    bool secure_public; /* the public URL is https */
    char public_host[256]; /* empty: none */
    int public_port;
};

/* `address` is serve_address(), `secure` serve_secure(); `public_url` may be NULL.
 * ERR_USAGE: not a URL of the form https://name[:port]. */
bool web_site_init(struct web_site *w, const char *address, bool secure, const char *public_url,
    struct err *e) MUST_CHECK;
/* NULL is never ours. */
bool web_site_host_ok(const struct web_site *w, const char *host);
bool web_site_origin_ok(const struct web_site *w, const char *origin);

#endif
