/* What a follow-up that the bot set by itself is about, in the reader's words. */
#ifndef CORE_FOLLOW_TEXT_H
#define CORE_FOLLOW_TEXT_H

#include "bot/core/command.h"
#include "bot/store/follows.h"

enum { FOLLOW_GO_LIST = 9 }; /* step of a go-list told to an owner; the items are 1 to 4 */

/* "agree the kick-off with Acme": an item of the go-list. */
char *follow_go_text(struct call *c, const struct follow *f);
/* What it asks for, behind whom it is about; NULL of a plain follow-up. */
char *follow_purpose(struct call *c, const struct follow *f);

#endif
