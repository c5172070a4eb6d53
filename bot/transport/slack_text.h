/* Slack's way of writing text: &amp; and <tokens> in, escapes out. Pure. */
#ifndef TRANSPORT_SLACK_TEXT_H
#define TRANSPORT_SLACK_TEXT_H

#include "bot/base/buf.h"

/* What a person typed, out of Slack's encoding: links as they were typed, addresses and
 * telephone numbers bare, a mention of `bot_user` (NULL: nobody) left out, other people
 * as @U1 or by the label that Slack gave. Quotes and blanks that phones make out of plain
 * ones are plain again before the colon that begins a note; a note stays as it is. */
char *slack_text_read(struct arena *mem, const char *text, const char *bot_user);
/* For mrkdwn and for the top-level text: nothing in it is a mention or a link any more. */
char *slack_text_escape(struct arena *mem, const char *text);

#endif
