/* What begins when a deal is signed. */
#ifndef HANDLERS_GO_H
#define HANDLERS_GO_H

#include "bot/core/command.h"
#include "bot/store/deals.h"

/* Go time: the list of what is to be done now, each with its owner and day, the first due on
 * the next business day, added to the reply `r`; the other owners hear of it at once. Later
 * the case study and the referral are asked for. Not of what was signed long ago. */
bool go_time(struct call *c, struct reply *r, const struct deal *d, struct err *e) MUST_CHECK;

#endif
