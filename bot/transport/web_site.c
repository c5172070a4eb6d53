#include "bot/transport/web_site.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

/* Splits "name[:port]" or "[v6][:port]"; the port is `otherwise` where none is given. */
static bool split(const char *text, int otherwise, char *host, size_t size, int *port)
{
    size_t n = *text == '[' ? strcspn(text, "]") + 1 : strcspn(text, ":");
    if (n == 0 || n > strlen(text) || n >= size)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] <= ' ' || strchr("/@?#\\,", text[i]))
            return false;
    memcpy(host, text, n);
    host[n] = '\0';
    const char *rest = text + n;
    *port = otherwise;
    if (!*rest)
        return true;
    size_t digits = strspn(rest + 1, "0123456789");
    if (*rest != ':' || digits == 0 || digits > 5 || (rest[1] == '0' && digits > 1) ||
        rest[1 + digits])
        return false;
    *port = (int)strtol(rest + 1, NULL, 10);
    return true;
}

static const char *after_scheme(const char *url, bool *secure)
{
    *secure = strncasecmp(url, "https://", 8) == 0;
    if (*secure)
        return url + 8;
    return strncasecmp(url, "http://", 7) == 0 ? url + 7 : NULL;
}

static bool bad_url(struct err *e, const char *url)
{
    return fail(e, ERR_USAGE, NULL, NULL,
        "'%.100s' is not a public URL; write it like https://chat.example.com, without "
        "a path (--public-url or NEMAWASHI_PUBLIC_URL)",
        url);
}

static int usual_port(bool secure)
{
    return secure ? HTTPS_PORT : HTTP_PORT;
}

bool web_site_init(struct web_site *w, const char *address, bool secure, const char *public_url,
    struct err *e)
{
    *w = (struct web_site){ .secure = secure };
    if (!split(address, usual_port(secure), w->listen_host, sizeof w->listen_host, &w->port))
        return fail(e, ERR_BUG, NULL, NULL, "listen address '%.80s'", address);
    if (!strcmp(w->listen_host, "0.0.0.0") || !strcmp(w->listen_host, "[::]"))
        w->listen_host[0] = '\0';
    if (!public_url || !*public_url)
        return true;
    char authority[256];
    const char *rest = after_scheme(public_url, &w->secure_public);
    size_t n = rest ? strcspn(rest, "/") : 0;
    if (!rest || n >= sizeof authority || (rest[n] && rest[n + 1]))
        return bad_url(e, public_url);
    memcpy(authority, rest, n);
    authority[n] = '\0';
    if (!split(authority, usual_port(w->secure_public), w->public_host,
            sizeof w->public_host, &w->public_port))
        return bad_url(e, public_url);
    return true;
}

static bool is_local(const struct web_site *w, const char *host, int port)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
    if (port != w->port)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(host, names[i]) == 0)
            return true;
    return *w->listen_host && strcasecmp(host, w->listen_host) == 0;
}

static bool is_public(const struct web_site *w, const char *host, int port)
{
    return *w->public_host && port == w->public_port &&
           strcasecmp(host, w->public_host) == 0;
}

bool web_site_host_ok(const struct web_site *w, const char *host)
{
    char name[256];
    int port;
    if (!host || !split(host, 0, name, sizeof name, &port))
        return false;
    return is_local(w, name, port ? port : usual_port(w->secure)) ||
           is_public(w, name, port ? port : usual_port(w->secure_public));
}

bool web_site_origin_ok(const struct web_site *w, const char *origin)
{
    char name[256];
    int port;
    bool secure;
    const char *rest = origin ? after_scheme(origin, &secure) : NULL;
    if (!rest || !split(rest, usual_port(secure), name, sizeof name, &port))
        return false;
    return (secure == w->secure && is_local(w, name, port)) ||
           (secure == w->secure_public && is_public(w, name, port));
}
