/* What the app is to Slack: its manifest, to be pasted when the app is made. */
#ifndef TRANSPORT_SLACK_MANIFEST_H
#define TRANSPORT_SLACK_MANIFEST_H

#include <jansson.h>
#include "bot/text/catalogue.h"

/* Of the bot token; ended by NULL. */
extern const char *const slack_scopes[];

/* `hint`: the words that may be typed behind the command. */
json_t *slack_manifest(struct arena *mem, const struct catalogue *words, int locale, const char *hint);

#endif
