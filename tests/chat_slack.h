/* Transcripts over Slack: what a member types becomes the payload that Slack would send,
 * and what the bot says is what would be sent to Slack, both through the codec that
 * serves the real one. */
#ifndef TESTS_CHAT_SLACK_H
#define TESTS_CHAT_SLACK_H

#include <jansson.h>
#include "bot/core/event.h"
#include "bot/text/catalogue.h"

struct chat_slack;
struct chat_slack *chat_slack_open(const struct catalogue *words);
void chat_slack_close(struct chat_slack *s);

/* The account of the member whose handle it is. */
const char *chat_slack_account(struct arena *mem, const char *handle);
/* What `handle` types, and a tap on the button with this label of a message that was sent
 * as `blocks`; NULL with `*why`: the codec made nothing of it, or there is no such button. */
struct event *chat_slack_say(struct chat_slack *s, const char *handle, const char *text, const char **why);
struct event *chat_slack_tap(struct chat_slack *s, const char *handle, const json_t *blocks,
    const char *label, const char **why);
/* The message as its reader sees it there: text, then the labels of its buttons. `*blocks`
 * is the caller's. NULL with `*why`: it would not be accepted. */
char *chat_slack_read(struct chat_slack *s, struct arena *mem, const struct delivery *d,
    json_t **blocks, const char **why);

#endif
