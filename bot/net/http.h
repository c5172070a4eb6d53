/* Requests that we make over HTTP: one thread owns curl, any thread hands it requests.
 * Moves bytes and says how it ended; what an answer means is the caller's affair. No
 * type of curl leaves bot/net. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bot/base/arena.h"

struct http;

/* How a request ended. Only the first two are certain. */
enum http_result {
    HTTP_ANSWERED,  /* `status` and the body are the other side's */
    HTTP_NOT_SENT,  /* no byte of it left: no connection, or no time for one */
    HTTP_AMBIGUOUS, /* sent, at least in part, without a whole answer */
};

struct http_response {
    enum http_result result;
    int status;             /* 0: none; may be known of an ambiguous one */
    int64_t retry_after_ms; /* from now; 0: not asked */
    const char *body;       /* terminated; until `done` returns */
    size_t body_size;
    bool inside;     /* not sent, because of `public_only` */
    bool cut;        /* the body was longer than max_body; the rest was not read */
    const char *headers; /* as received, where they were wanted; else NULL */
    const char *why; /* English, for the log; "" if answered */
};

enum { HTTP_HEADERS_MAX = 12, HTTP_TIMEOUT_MS = 15000, HTTP_BODY_MAX = 1024 * 1024 };

/* Its texts lie in `mem`, which goes with it. */
struct http_request {
    struct http_request *next;
    struct arena mem;
    const char *method; /* NULL: POST with a body, else GET */
    const char *url;    /* http or https */
    const char *headers[HTTP_HEADERS_MAX + 1]; /* "Name: value"; NULL ends them */
    const char *body;                          /* NULL: none */
    size_t body_size;
    int64_t timeout_ms; /* from connecting to the last byte; 0: HTTP_TIMEOUT_MS */
    size_t max_body;    /* of the answer; 0: HTTP_BODY_MAX */
    /* A kept connection that turns out closed makes curl send the request again by
     * itself. True: it must not, so this one gets a fresh connection. */
    bool once;
    /* Nothing is sent: the answer's body is the addresses of the url's host, one a line.
     * Looking a name up may take long, and libwebsockets would wait for it. */
    bool only_resolve;
    bool want_headers; /* of the answer */
    /* The address is a stranger's: https only, straight to an address of the public internet, which
     * is looked at when it is connected to and so can't be another one; the same goes for each of
     * the few redirections. */
    bool public_only;
    /* Called once, on the thread of http_run. The request is gone afterwards. */
    void (*done)(struct http_request *r, const struct http_response *answer);
    void *user;
};
struct http_request *http_request_create(void);
void http_request_destroy(struct http_request *r); /* of one never submitted */
/* The value of one of an answer's headers, or NULL; `name` in lower case. */
char *http_header(struct arena *mem, const char *headers, const char *name);

struct sockaddr;
struct http_config {
    const char *proxy; /* NULL: none, whatever the environment says */
    /* For tests: what counts as public, and whose certificates are trusted (a PEM file). NULL:
     * place_is_public, the system's. No setting reaches these. */
    bool (*is_public)(const struct sockaddr *at);
    const char *authority;
};
/* Before other threads start: curl's own start is not safe with them. ERR_REMOTE. */
struct http *http_create(const struct http_config *config, struct err *e);
/* After http_run has returned. Requests that came too late end here, not sent. */
void http_destroy(struct http *h);

/* Any thread. Takes the request over; `done` follows, always. */
void http_submit(struct http *h, struct http_request *r);
/* Any thread: the on_wake function is called soon on the thread of http_run, once for
 * any number of calls. */
void http_wake(struct http *h);
/* On the thread of http_run: the on_wake function is called at that time (clock_ticks_us)
 * at the latest; an earlier one asked for before stays. */
void http_wake_at(struct http *h, int64_t ticks_us);
void http_on_wake(struct http *h, void (*run)(void *ctx), void *ctx);

/* Works until http_stop. */
void http_run(struct http *h);
/* Any thread: from now on requests end at once, not sent; those under way have `grace_ms`
 * left. http_run goes on. */
void http_drain(struct http *h, int64_t grace_ms);
/* Any thread: what is under way ends now, then http_run returns. */
void http_stop(struct http *h);

#endif
