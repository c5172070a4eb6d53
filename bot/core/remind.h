/* What the kinds of reminders share: remind.c, remind_plan.c, remind_won.c. */
#ifndef CORE_REMIND_H
#define CORE_REMIND_H

#include "bot/core/command.h"
#include "bot/store/follows.h"

/* [Tomorrow 10:00] [Done], and the record behind it. */
void remind_buttons(struct call *c, struct reply *r, const struct follow *f);
/* How late it is, where the program was not running. */
void remind_late(struct call *c, struct reply *r, const struct follow *f);
/* Whoever is away can't be asked tonight: said, with the day after as a button. False of
 * somebody who has left. */
bool remind_away(struct call *c, struct reply *r, const struct follow *f);

/* Each adds the reply; `*settled`: nothing had to be said, since it is done or gone. */
bool remind_plan(struct call *c, struct follow *f, bool *settled, struct err *e) MUST_CHECK;
bool remind_won(struct call *c, struct follow *f, bool *settled, struct err *e) MUST_CHECK;
/* To the member whose meeting somebody else goes to. */
bool remind_standin(struct call *owner, const struct follow *f, struct err *e) MUST_CHECK;

#endif
