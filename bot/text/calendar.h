/* Business days of the eight markets: weekends, public holidays with substitute days,
 * Taiwan's working Saturdays, Malaysia's and Australia's states. The table is generated and
 * checked in (holidays.inc: its source and years stand in its head); an administrator's own
 * days come before it. A market is "MY", or "MY-10" for one of its states. */
#ifndef TEXT_CALENDAR_H
#define TEXT_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
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
/* In most markets Saturday and Sunday; in three states of Malaysia Friday and Saturday. */
bool weekend_day(const char *market, int32_t day);

struct holiday {
    const char *name;   /* English; in an administrator's words where it is the team's own */
    const char *ja;     /* Japanese, where it has such a name; else "" */
    const char *source; /* list, notice, rule (holidays.inc), or own */
    bool computed;      /* of the moon, the sun or a sighting, and not announced yet */
};
bool holiday_find(const char *market, int32_t day, struct holiday *out);
const char *holiday_name(const char *market, int32_t day); /* NULL if none */

/* What an administrator decided: days that are off or worked whatever the table says, and
 * the state that a market stands for. */
struct own_day {
    const char *market;
    int32_t day;
    bool works;
    const char *name;
};
struct own_state {
    const char *market, *state;
};
struct calendar_own {
    const struct own_day *days;
    size_t n_days;
    const struct own_state *states;
    size_t n_states;
};
/* From now on in this thread; it must live as long. NULL: the table alone. */
void calendar_use(const struct calendar_own *own);

#endif
