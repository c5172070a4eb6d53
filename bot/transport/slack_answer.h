/* What Slack's own server answers, read out of the body. Pure: fit for a fuzzer. Texts on
 * `mem`. What is true of any answer (ok, error) is slack_api_judge's. */
#ifndef TRANSPORT_SLACK_ANSWER_H
#define TRANSPORT_SLACK_ANSWER_H

#include "bot/transport/slack_in.h"

/* auth.test. False: it tells nothing of use. */
bool slack_read_self(struct arena *mem, const char *body, size_t n, struct slack_self *self);
/* apps.connections.open; `plain`: ws:// is fine too, of a Slack on this machine. NULL: none. */
const char *slack_read_url(struct arena *mem, const char *body, size_t n, bool plain);

/* users.info */
struct slack_who {
    const char *name, *zone, *locale, *team; /* NULL: not told */
    bool guest;  /* of another firm, or invited to a part of the workspace */
    bool nobody; /* a bot, or gone */
};
void slack_read_who(struct arena *mem, const char *body, size_t n, struct slack_who *who);

#endif
