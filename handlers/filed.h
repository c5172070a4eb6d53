/* Records with a number of their own besides touch points, people and deals: V activity,
 * L lead, W what is said about us, J task, G material. */
#ifndef HANDLERS_FILED_H
#define HANDLERS_FILED_H

#include "handlers/facts.h"

/* The record in one line; NULL: no such kind or record. */
char *filed_line(struct call *c, char kind, int64_t no);
/* Its card, or that there is none. */
bool card_filed(struct call *c, char kind, int64_t no, struct err *e);
/* The number of this kind in the head, 0: none. */
int64_t filed_typed(const struct call *c, char kind);

char *line_activity(struct call *c, int64_t no), *line_lead(struct call *c, int64_t no);
bool card_activity(struct call *c, int64_t no, struct err *e), card_lead(struct call *c, int64_t no, struct err *e);
char *line_task(struct call *c, int64_t no), *line_asset(struct call *c, int64_t no);
bool card_task(struct call *c, int64_t no, struct err *e), card_asset(struct call *c, int64_t no, struct err *e);
char *line_perception(struct call *c, int64_t no);
bool card_perception(struct call *c, int64_t no, struct err *e);
/* V4 Webinar, for a record that came of it (activity.c). */
char *label_activity(struct call *c, int64_t id);

#endif
