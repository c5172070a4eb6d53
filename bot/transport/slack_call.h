/* Requests to Slack from the loop: made by the courier's client in its thread, answered
 * on the loop. */
#ifndef TRANSPORT_SLACK_CALL_H
#define TRANSPORT_SLACK_CALL_H

#include "bot/base/queue.h"
#include "bot/net/http.h"
#include "bot/net/loop.h"
#include "bot/transport/slack_api.h"

struct slack_calls {
    struct http *http;
    struct loop *loop;
    struct queue answers;
};
void slack_calls_init(struct slack_calls *c, struct http *http, struct loop *loop);
/* After the client has ended. */
void slack_calls_finish(struct slack_calls *c);

/* An answer, on the heap until `done` has returned. */
struct slack_answer {
    struct slack_answer *next;
    struct slack_calls *calls;
    struct arena mem;
    void (*done)(void *ctx, struct slack_answer *a);
    void *ctx;
    const char *about; /* the caller's own, on mem */
    enum slack_class class;
    const char *error;
    const char *body;
    size_t body_size;
    int64_t retry_after_ms;
};
/* Submits `r`; `about` is copied (NULL: none). */
void slack_call(struct slack_calls *c, struct http_request *r,
    void (*done)(void *ctx, struct slack_answer *a), void *ctx, const char *about);
/* Loop thread: hands out what was answered. */
void slack_calls_take(struct slack_calls *c);

#endif
