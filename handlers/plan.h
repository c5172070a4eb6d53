/* What planning a meeting, changing it and holding it share. */
#ifndef HANDLERS_PLAN_H
#define HANDLERS_PLAN_H

#include "bot/core/command.h"
#include "bot/store/touches.h"

enum { PLAN_MINUTES = 60, PLAN_NUDGE = 5, PLAN_APART = 65 };

/* The wall time typed, in the zone typed or the member's. Refused: no time, an unknown zone,
 * a time that clocks skip, one that has passed. `*twice`: clocks are put back, the first of
 * the two is taken. */
bool plan_time(struct call *c, const char *usual_zone, struct touch *t, bool *twice, struct err *e) MUST_CHECK;
/* Sets the reminder before its start and the question after its end anew. */
bool plan_remind(struct call *c, const struct touch *t, int64_t standin, struct err *e) MUST_CHECK;
/* The card of a planned meeting behind `code`. */
bool plan_tell(struct call *c, const char *code, const char *said, const struct touch *t, const char *verb,
    struct err *e) MUST_CHECK;
/* Fri 6 Mar 14:00–15:00 (16:00 in Sydney). Whom it is with: the firm, else the people. */
char *plan_span(struct call *c, const struct touch *t);
char *plan_who(struct call *c, const struct touch *t);
/* Who gets the nudge in the member's place, and when; 0: the member whose meeting it is. */
int64_t plan_standin(struct call *c, const struct touch *t, int64_t *nudge_ms, struct err *e);
/* plan_change.c: moved, called off, nobody came, somebody else goes. */
bool plan_change(struct call *c, struct touch *t, struct err *e) MUST_CHECK;

/* The member's plan that a meeting which was held is: by its number, else the one of that
 * day with the same customer or partner. False with ERR_NONE: none was planned. */
bool plan_held(struct call *c, const struct touch *held, struct touch *out, struct err *e);

#endif
