/* Business days of the eight markets: weekends, public holidays with substitute days,
 * Taiwan's working Saturdays. The table is generated and checked in (holidays.inc: its
 * source and years stand in its head); the administrator's overrides come later. */
#ifndef TEXT_CALENDAR_H
#define TEXT_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

/* The markets: JP KR TW HK MY TH SG AU. */
struct market {
    const char *code;     /* "JP" */
    const char *zone;     /* "Asia/Tokyo" */
    const char *currency; /* "JPY" */
    int fiscal_month;     /* first month of the fiscal year */
    bool fiscal_named_by_end; /* FY2026 ends in 2026 (AU) */
    bool day_first;       /* 3/4 is 3 April (AU SG MY HK TH) */
    int cycle_factor;     /* expected sales cycle against the base market */
};
const struct market *market_find(const char *code); /* NULL if unknown */
const struct market *market_at(int i);              /* NULL past the last */
const char *market_of_zone(const char *zone); /* the code of who lives by it; JP: nobody */

bool business_day(const char *market, int32_t day);
/* The n-th business day after `day` (n ≥ 1); n = 0: `day` itself or the next one. */
int32_t business_day_add(const char *market, int32_t day, int n);
/* Business days in (from, to]; 0 where to ≤ from. */
int business_days_between(const char *market, int32_t from, int32_t to);
const char *holiday_name(const char *market, int32_t day); /* NULL if none */

#endif
