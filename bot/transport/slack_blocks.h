/* A neutral reply as Block Kit, under every limit that Slack publishes, with a tenth to
 * spare; cut between graphemes. Pure. */
#ifndef TRANSPORT_SLACK_BLOCKS_H
#define TRANSPORT_SLACK_BLOCKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "bot/text/catalogue.h"

enum {
    SLACK_MESSAGE_BLOCKS = 50, SLACK_VIEW_BLOCKS = 100,
    SLACK_MESSAGE_UNITS = 9000, /* of text in all blocks; Slack refuses from 11,341 on */
    SLACK_TEXT_UNITS = 3600,    /* chat.update refuses more than 4000 */
};

/* Blocks being made; several replies may share them. */
struct slack_page {
    struct arena *mem;
    const struct catalogue *words;
    json_t *blocks; /* owned by the caller */
    size_t room;    /* units of text that are left */
    size_t max;     /* blocks */
    bool view;      /* not a message: has no table, and heads of its own above replies */
    bool table;     /* was made; a message may have one */
    int ids;
};
struct slack_page slack_page_open(struct arena *mem, const struct catalogue *words, bool view);
void slack_page_add(struct slack_page *p, const json_t *reply);
void slack_page_header(struct slack_page *p, const char *text);

/* The top-level text: notifications and screen readers have nothing else. Escaped. */
char *slack_plain(struct arena *mem, const json_t *reply);

/* {"type":"plain_text",…} cut to `max` units; text of one unit at least. */
json_t *slack_plain_text(struct arena *mem, const char *text, size_t max);

#endif
