/* A follow-up in a list, and what a day holds. */
#ifndef HANDLERS_FOLLOW_H
#define HANDLERS_FOLLOW_H

#include "bot/core/command.h"
#include "bot/store/follows.h"

/* F31 · today 19:30 · 田中様 (電光デジタル) · ask what people really think (follow.c) */
char *follow_line(struct call *c, const struct follow *f);
void follow_record(struct call *c, struct reply *r, const struct follow *f, const char *verb);
/* Midnight after the member's today (today.c). */
int64_t follow_day_end(struct call *c);

#endif
