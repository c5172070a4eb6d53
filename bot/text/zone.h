/* Civil time in IANA zones, through ICU's calendars: one engine for every conversion.
 * Weeks begin on Monday. A wall time in a DST gap moves forward; of a repeated hour the
 * first is taken. ICU calendars are cached per thread. */
#ifndef TEXT_ZONE_H
#define TEXT_ZONE_H

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/arena.h"

struct civil {
    int year, month, day; /* month and day from 1 */
    int hour, minute, second;
    int weekday; /* 1 Monday .. 7 Sunday; filled by civil_of, ignored by instant_of */
};

bool zone_valid(const char *zone);
/* What Windows calls a zone ("Tokyo Standard Time") by its IANA name; NULL: no such. */
char *zone_of_windows(struct arena *mem, const char *name);
/* Which rules of the zones this process goes by: "2024a". Lives as long as the process. */
const char *zone_rules_version(void);
struct civil civil_of(int64_t ms, const char *zone);
int64_t instant_of(const struct civil *c, const char *zone);
int zone_offset_minutes(int64_t ms, const char *zone);

/* Days since 1970-01-01 of a civil date, and back (weekday filled, time 00:00). */
int32_t day_number(int year, int month, int day);
struct civil civil_of_day(int32_t day);
bool civil_date_valid(int year, int month, int day);
/* The civil day on which the instant falls; the instant at which a day begins. */
int32_t day_of(int64_t ms, const char *zone);
int64_t day_start_ms(int32_t day, const char *zone);

/* "2026-03-02T18:05" with offset: "2026-03-02T18:05:00+09:00". */
char *zone_iso(struct arena *mem, int64_t ms, const char *zone);
/* Parses "2026-03-02T18:05[:SS][+09:00|Z]"; without an offset the wall time of `zone`. */
bool zone_parse_iso(const char *s, const char *zone, int64_t *ms);

#endif
