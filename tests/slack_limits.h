/* What Slack accepts, checked in what we made: the published limits of Block Kit, counted
 * in UTF-16 units. Knows nothing of how the blocks were made. */
#ifndef TESTS_SLACK_LIMITS_H
#define TESTS_SLACK_LIMITS_H

#include <jansson.h>
#include "bot/base/arena.h"

/* Of a chat.postMessage (text, blocks) or a view; NULL: nothing is wrong, else what. */
char *slack_limits_message(struct arena *mem, const json_t *message);
char *slack_limits_view(struct arena *mem, const json_t *view);

#endif
