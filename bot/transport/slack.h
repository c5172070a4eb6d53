/* Slack on the loop: the sockets of Socket Mode, envelopes in, acknowledgements out, and
 * the calls that open forms, publish pages and say who somebody is. Messages go out
 * through the courier (slack_send.h). */
#ifndef TRANSPORT_SLACK_H
#define TRANSPORT_SLACK_H

#include "bot/core/event.h"
#include "bot/net/http.h"
#include "bot/net/loop.h"
#include "bot/text/catalogue.h"
#include "bot/transport/slack_api.h"
#include "bot/transport/slack_send.h"

struct slack_config {
    struct loop *loop;
    struct http *http; /* the courier's */
    const struct catalogue *words;
    const char *locale;  /* of forms for somebody whose language is not known */
    const char *allowed; /* ids of workspaces, comma separated; NULL: the token's own */
    const char *proxy;   /* NULL: none */
    const struct slack_api *api;
    struct slack_send *send;
    void (*post)(void *ctx, struct event *ev);
    void (*closed)(void *ctx); /* after slack_stop: the last socket has gone */
    void *ctx;
};
struct slack;

/* Connects as soon as the loop runs, and stays connected. */
struct slack *slack_create(const struct slack_config *config);
/* Says goodbye; run the loop on for a second at most. */
void slack_stop(struct slack *s);
/* Sockets still open. */
int slack_open(const struct slack *s);
/* Before the loop goes: nothing is called any more. */
void slack_close(struct slack *s);
/* After the courier has ended. NULL is fine, to all of these. */
void slack_destroy(struct slack *s);

/* Loop thread. Takes the delivery over. */
void slack_deliver(struct slack *s, struct delivery *d);
/* The loop was woken: answers may be there. */
void slack_wake(struct slack *s);

#endif
