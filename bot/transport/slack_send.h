/* Messages to Slack: how each is written, what an answer asks for next, and what it means
 * in the end. Used by the courier on its thread. */
#ifndef TRANSPORT_SLACK_SEND_H
#define TRANSPORT_SLACK_SEND_H

#include "bot/text/catalogue.h"
#include "bot/transport/courier.h"
#include "bot/transport/slack_api.h"

struct slack_send;

/* Both must outlive it. */
struct slack_send *slack_send_create(const struct slack_api *api, const struct catalogue *words);
void slack_send_destroy(struct slack_send *s); /* NULL is fine */
const struct courier_network *slack_send_network(struct slack_send *s);

/* Any thread: answers to the event `remote_id` may go to this address for half an hour,
 * five times; it reaches the member also where the bot is not. Kept in memory only, never
 * logged: whoever has it may write there. Ignored unless it is one of Slack's. */
void slack_send_remember(struct slack_send *s, const char *remote_id, const char *response_url);

/* A sentence for `user` in a conversation, outside of the outbox: best effort. */
void slack_send_sentence(const struct slack_send *s, struct http_request *out,
    const char *conversation, const char *user, const char *text);

#endif
