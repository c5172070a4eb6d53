/* What the commands about the team's own share. */
#ifndef HANDLERS_TEAM_H
#define HANDLERS_TEAM_H

#include "handlers/facts.h"

/* A positive decimal of folded text as an integer of 10^-places, digits beyond that
 * refused. Its length; 0: none. */
size_t read_decimal(const char *s, int places, int64_t *out);
/* 98.2 of 98200000000 and 9 places. */
char *decimal_text(struct arena *mem, int64_t value, int places);
/* 1 Jun 2026 – 31 Aug 2026, both days included. */
char *days_text(struct call *c, int32_t from, int32_t to);
/* Expected cycle, size and milestones of a market (markets.c). */
bool put_market(struct reply *r, const char *market, struct err *e);
/* Days off of a market from a calendar file, shown, then set (holiday_file.c). */
bool holiday_file(struct call *c, const char *market, const char *text, struct err *e) MUST_CHECK;
/* [Undo] of what has no number: the member's last change. */
void undo_button(struct reply *r);

#endif
