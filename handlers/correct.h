/* What putting right shares: a record in one line, and who may change it. */
#ifndef HANDLERS_CORRECT_H
#define HANDLERS_CORRECT_H

#include "handlers/record.h"

/* T1 · Zoom · 田中様 · 45 min · today 17:20 */
char *touch_line(struct call *c, const struct touch *t);
char *note_line(struct call *c, const struct note *n);
/* What the record ("T1042") says now; NULL where it is gone. */
char *record_line(struct call *c, const char *record);
/* Only the author, or a manager, may change what somebody else logged. */
bool may_change(const struct call *c, int64_t author, struct err *e) MUST_CHECK;

#endif
