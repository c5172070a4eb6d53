/* What a locked phone may show of a reply. Pure. */
#ifndef TRANSPORT_PREVIEW_H
#define TRANSPORT_PREVIEW_H

#include <jansson.h>
#include "bot/base/arena.h"

/* The text for notifications, lists of chats and other places where a message is seen
 * before it is opened: of a private reply (reply.schema.json) only its title, which never
 * holds anybody's words. NULL: nothing has to be left out. */
char *preview_text(struct arena *mem, const json_t *reply);

#endif
