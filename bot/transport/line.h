/* LINE: its webhook on our server, and the courier's way to its Messaging API. line.c takes
 * webhooks in and answers 200 once every event of one is stored; line_event.c decodes them;
 * line_send.c sends, with reply tokens (line_token.c) where one lives and by push else;
 * line_card.c and line_flex.c draw replies; line_api.c asks LINE things of its own.
 *
 * LINE WORKS differs in the signature's header (X-WORKS-Signature), in its tokens (JWT),
 * in having neither event ids nor reply tokens, and in its templates: a second decoder
 * beside line_event.c, a second line_card.c and a second encode beside line_send.c; the
 * signature, the batch that waits for the store and the courier stay as they are. */
#ifndef TRANSPORT_LINE_H
#define TRANSPORT_LINE_H

#include "bot/net/serve.h"
#include "bot/text/catalogue.h"
#include "bot/transport/courier.h"

struct line_config {
    const struct catalogue *words;
    const char *secret, *secret_before; /* of the channel; the second NULL: never reissued */
    const char *token;   /* long-lived; NULL: a new one every few minutes for channel_id */
    const char *channel_id;
    const char *api_url; /* NULL: LINE's own */
    const char *relay_url, *relay_token; /* ws:// or wss://; NULL: none */
    const char *public_url; /* ours, as others reach it; NULL: nobody does */
    const char *proxy;
    void (*post)(void *ctx, struct event *ev); /* any thread */
    void *ctx;
};
struct line;

/* Texts must outlive it. Adds its route to the server. */
struct line *line_create(struct serve *s, struct loop *l, const struct line_config *config);
void line_destroy(struct line *l); /* after the courier; NULL is fine */
const struct courier_network *line_network(const struct line *l);
/* Asks LINE who the account is and how many messages the month has left, now and later. */
void line_start(struct line *l, struct http *http);
/* On the loop's on_wake. */
void line_woken(struct line *l);
/* Takes nothing more from a relay; before loop_destroy. NULL is fine. */
void line_close(struct line *l);
/* An acknowledgement, a refusal, a sentence for a stranger: loop thread; destroys it. */
void line_deliver(struct line *l, struct delivery *d);

#endif
