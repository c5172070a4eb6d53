/* Who is senior: lists of people print the senior first. The seniority that was noted
 * counts; without one the title does. Knows nothing of age, and guesses nothing. */
#ifndef CORE_RANK_H
#define CORE_RANK_H

#include "bot/core/label.h"
#include "bot/store/touches.h"

/* Smaller is more senior; RANK_UNKNOWN: neither seniority nor a known title. */
enum { RANK_UNKNOWN = 90 };
int rank_title(struct call *c, const char *title); /* NULL: unknown */
int rank_person(struct call *c, const struct person *p);
/* Senior first; who ranks the same keeps the order. */
void rank_people(struct call *c, struct person *people, int n);

/* Somebody in the room. */
struct attendee {
    int at;               /* index in t->people */
    bool known;           /* `person` is filled; else t->labels[at] is all there is */
    struct person person;
    int rank;
};
/* Those of a touch point, senior first. `out` has room for TOUCH_PEOPLE. */
int rank_attendees(struct call *c, const struct touch *t, struct attendee *out);

#endif
