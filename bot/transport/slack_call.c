#include "bot/transport/slack_call.h"

#include <stdlib.h>

void slack_calls_init(struct slack_calls *c, struct http *http, struct loop *loop)
{
    c->http = http;
    c->loop = loop;
    queue_init(&c->answers);
}

static void answer_free(struct slack_answer *a)
{
    arena_finish(&a->mem);
    free(a);
}

void slack_calls_finish(struct slack_calls *c)
{
    for (struct slack_answer *a = queue_take(&c->answers); a;) {
        struct slack_answer *next = a->next;
        answer_free(a);
        a = next;
    }
    queue_finish(&c->answers);
}

/* Courier thread. */
static void on_done(struct http_request *r, const struct http_response *response)
{
    struct slack_answer *a = r->user;
    struct slack_calls *c = a->calls;
    a->class = slack_api_judge(&a->mem, response, &a->error);
    a->body = arena_strndup(&a->mem, response->body, response->body_size);
    a->body_size = response->body_size;
    a->retry_after_ms = response->retry_after_ms;
    (void)queue_push(&c->answers, a);
    loop_wake(c->loop);
}

void slack_call(struct slack_calls *c, struct http_request *r,
    void (*done)(void *ctx, struct slack_answer *a), void *ctx, const char *about)
{
    struct slack_answer *a = xcalloc(1, sizeof *a);
    a->calls = c;
    a->done = done;
    a->ctx = ctx;
    a->about = about ? arena_strdup(&a->mem, about) : NULL;
    r->done = on_done;
    r->user = a;
    http_submit(c->http, r);
}

void slack_calls_take(struct slack_calls *c)
{
    for (struct slack_answer *a = queue_take(&c->answers); a;) {
        struct slack_answer *next = a->next;
        a->done(a->ctx, a);
        answer_free(a);
        a = next;
    }
}
