/* Who and what is waiting to hear of us: contacts past their cadence, deals that stand
 * still, registrations about to expire, trainings about to be due. */
#ifndef HANDLERS_CARE_H
#define HANDLERS_CARE_H

#include "bot/core/command.h"
#include "bot/store/care.h"

struct care {
    const char *kind; /* cadence, stalled, expiry, training */
    int64_t ref, mark;
    const char *text, *say;
};
enum { CARES = 60 };
/* Of the reader's own. */
int care_find(struct call *c, struct care *out, struct err *e);

/* "田中様 · every 14 days · last 3 days ago": whether it is overdue, by so many business days
 * of their market. */
char *cadence_text(struct call *c, const struct cadence *k, int *overdue);

#endif
