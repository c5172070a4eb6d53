/* The neutral reply as LINE's message objects: a Flex card that fits a phone, or plain text
 * where there is nothing to lay out. Pure; every limit of LINE is kept here, in UTF-16 code
 * units and never inside a character. LINE WORKS' "flexible" template would be a second
 * one of these. */
#ifndef TRANSPORT_LINE_CARD_H
#define TRANSPORT_LINE_CARD_H

#include <jansson.h>
#include "bot/base/arena.h"
#include "bot/text/catalogue.h"

enum { LINE_MESSAGES_MAX = 5 }; /* in one request */

/* Appends 1..max (at least 1) objects to `messages`. */
void line_card_add(struct arena *mem, const struct catalogue *words, const json_t *reply, int max,
    json_t *messages);
/* The same without any layout: for a card that LINE refused. */
void line_plain_add(struct arena *mem, const json_t *reply, int max, json_t *messages);

#endif
