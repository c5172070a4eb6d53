/* Owns civil time. ICU is asked only for the stretches in which a zone's offset stays
 * the same; the rest is arithmetic, so that a report over thousands of rows does not
 * wait for calendars. Keeps no ICU object, hence nothing to free at thread end. */
#include "bot/text/zone.h"

#include "bot/base/clock.h"
#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>

enum { ZONES = 12, STRETCHES = 12, ZONE_NAME = 64 };

/* [from, to) in ms UTC. */
struct stretch {
    int64_t from, to;
    int offset_ms;
};
struct zone_cache {
    char name[ZONE_NAME];
    struct stretch stretches[STRETCHES];
    int used, next, last;
};
static _Thread_local struct zone_cache caches[ZONES];
static _Thread_local int last_cache, next_cache;

/* False for names that can't be a zone's; ICU's ids are plain ASCII. */
static bool zone_name_utf16(const char *zone, UChar out[ZONE_NAME])
{
    size_t n = zone ? strlen(zone) : 0;
    if (n == 0 || n >= ZONE_NAME)
        return false;
    for (size_t i = 0; i <= n; i++) {
        if ((unsigned char)zone[i] > 0x7e)
            return false;
        out[i] = (UChar)zone[i];
    }
    return true;
}

/* ucal_open takes an unknown zone for GMT without a word, hence this question. */
bool zone_valid(const char *zone)
{
    UChar name[ZONE_NAME], canonical[ZONE_NAME * 2];
    if (!zone_name_utf16(zone, name) || strcmp(zone, "Etc/Unknown") == 0)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    ucal_getCanonicalTimeZoneID(name, -1, canonical, ZONE_NAME * 2, NULL, &status);
    return U_SUCCESS(status);
}

char *zone_of_windows(struct arena *mem, const char *name)
{
    UChar windows[ZONE_NAME], found[ZONE_NAME];
    char zone[ZONE_NAME];
    UErrorCode status = U_ZERO_ERROR;
    if (!zone_name_utf16(name, windows))
        return NULL;
    int32_t n = ucal_getTimeZoneIDForWindowsID(windows, -1, NULL, found, ZONE_NAME, &status);
    if (U_FAILURE(status) || n <= 0 || n >= ZONE_NAME)
        return NULL;
    u_UCharsToChars(found, zone, n);
    zone[n] = '\0';
    return zone_valid(zone) ? arena_strdup(mem, zone) : NULL;
}

const char *zone_rules_version(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const char *version = ucal_getTZDataVersion(&status);
    return U_SUCCESS(status) ? version : "unknown";
}

static struct zone_cache *cache_of(const char *zone)
{
    if (!zone || strlen(zone) >= ZONE_NAME)
        zone = "UTC";
    if (strcmp(caches[last_cache].name, zone) == 0)
        return &caches[last_cache];
    for (int i = 0; i < ZONES; i++) {
        if (strcmp(caches[i].name, zone) == 0) {
            last_cache = i;
            return &caches[i];
        }
    }
    last_cache = next_cache;
    next_cache = (next_cache + 1) % ZONES;
    struct zone_cache *c = &caches[last_cache];
    memset(c, 0, sizeof *c);
    (void)snprintf(c->name, sizeof c->name, "%s", zone);
    return c;
}

static struct stretch stretch_ask(const char *zone, int64_t ms)
{
    struct stretch s = { INT64_MIN, INT64_MAX, 0 };
    UChar name[ZONE_NAME];
    if (!zone_valid(zone) || !zone_name_utf16(zone, name))
        return s;
    UErrorCode status = U_ZERO_ERROR;
    UCalendar *cal = ucal_open(name, -1, "en", UCAL_GREGORIAN, &status);
    ucal_setMillis(cal, (UDate)ms, &status);
    s.offset_ms = ucal_get(cal, UCAL_ZONE_OFFSET, &status) +
                  ucal_get(cal, UCAL_DST_OFFSET, &status);
    UDate at = 0;
    UErrorCode found = U_ZERO_ERROR;
    if (ucal_getTimeZoneTransitionDate(
            cal, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, &at, &found) &&
        U_SUCCESS(found))
        s.from = (int64_t)at;
    found = U_ZERO_ERROR;
    if (ucal_getTimeZoneTransitionDate(cal, UCAL_TZ_TRANSITION_NEXT, &at, &found) &&
        U_SUCCESS(found))
        s.to = (int64_t)at;
    ucal_close(cal);
    if (U_FAILURE(status))
        s = (struct stretch){ ms, ms + 1, 0 };
    return s;
}

static int offset_ms(int64_t ms, const char *zone)
{
    struct zone_cache *c = cache_of(zone);
    const struct stretch *s = &c->stretches[c->last];
    if (c->used > 0 && ms >= s->from && ms < s->to)
        return s->offset_ms;
    for (int i = 0; i < c->used; i++) {
        s = &c->stretches[i];
        if (ms >= s->from && ms < s->to) {
            c->last = i;
            return s->offset_ms;
        }
    }
    c->last = c->next;
    c->next = (c->next + 1) % STRETCHES;
    if (c->used < STRETCHES)
        c->used++;
    c->stretches[c->last] = stretch_ask(c->name, ms);
    return c->stretches[c->last].offset_ms;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Years are counted from March, so that the leap day is a year's last; an era is the
 * 400 years after which the calendar repeats. */
int32_t day_number(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2 ? 1 : 0);
    int64_t era = floor_div(y, 400), of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
                     719468);
}

struct civil civil_of_day(int32_t day)
{
    int64_t z = (int64_t)day + 719468, era = floor_div(z, 146097);
    int64_t d = z - era * 146097;
    int64_t y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int64_t of_year = d - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;
    struct civil c = { .day = (int)(of_year - (153 * m + 2) / 5 + 1) };
    c.month = (int)(m < 10 ? m + 3 : m - 9);
    c.year = (int)(y + era * 400 + (c.month <= 2 ? 1 : 0));
    c.weekday = (int)(((int64_t)day + 3) % 7 + 7) % 7 + 1;
    return c;
}

bool civil_date_valid(int year, int month, int day)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    struct civil c = civil_of_day(day_number(year, month, day));
    return c.month == month && c.day == day;
}

struct civil civil_of(int64_t ms, const char *zone)
{
    int64_t wall = ms + offset_ms(ms, zone);
    int64_t day = floor_div(wall, DAY_MS);
    struct civil c = civil_of_day((int32_t)day);
    int seconds = (int)((wall - day * DAY_MS) / 1000);
    c.hour = seconds / 3600;
    c.minute = seconds / 60 % 60;
    c.second = seconds % 60;
    return c;
}

/* The offsets a day before and a day after are those of the only two readings a wall
 * time can have. The earlier offset is tried first: it gives the first of a repeated
 * hour, and carries a wall time in a gap forward by the gap's length. */
static int64_t instant_of_wall(int64_t wall, const char *zone)
{
    int before = offset_ms(wall - DAY_MS, zone), after = offset_ms(wall + DAY_MS, zone);
    int64_t first = wall - before, second = wall - after;
    if (before == after || offset_ms(first, zone) == before)
        return first;
    return offset_ms(second, zone) == after ? second : first;
}

int64_t instant_of(const struct civil *c, const char *zone)
{
    int64_t wall = day_number(c->year, c->month, c->day) * DAY_MS + c->hour * HOUR_MS +
                   c->minute * MINUTE_MS + c->second * INT64_C(1000);
    return instant_of_wall(wall, zone);
}

int zone_offset_minutes(int64_t ms, const char *zone)
{
    return offset_ms(ms, zone) / (int)MINUTE_MS;
}

int32_t day_of(int64_t ms, const char *zone)
{
    return (int32_t)floor_div(ms + offset_ms(ms, zone), DAY_MS);
}

int64_t day_start_ms(int32_t day, const char *zone)
{
    return instant_of_wall(day * DAY_MS, zone);
}

char *zone_iso(struct arena *mem, int64_t ms, const char *zone)
{
    struct civil c = civil_of(ms, zone);
    int offset = zone_offset_minutes(ms, zone), size = offset < 0 ? -offset : offset;
    return arena_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year,
        c.month, c.day, c.hour, c.minute, c.second, offset < 0 ? '-' : '+', size / 60,
        size % 60);
}

/* `n` digits, then moves behind them; -1 if they aren't there. */
static int take_digits(const char **s, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return -1;
        value = value * 10 + (**s - '0');
    }
    return value;
}

static bool take_char(const char **s, char c)
{
    if (**s != c)
        return false;
    (*s)++;
    return true;
}

/* "Z", "+09:00" or nothing (`*given` stays false). */
static bool take_offset(const char **s, bool *given, int *minutes)
{
    if (take_char(s, 'Z')) {
        *given = true;
        return true;
    }
    if (**s != '+' && **s != '-')
        return true;
    int sign = *(*s)++ == '-' ? -1 : 1;
    int hour = take_digits(s, 2);
    bool colon = take_char(s, ':');
    int minute = colon ? take_digits(s, 2) : -1;
    if (hour < 0 || hour > 18 || minute < 0 || minute > 59)
        return false;
    *given = true;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

bool zone_parse_iso(const char *s, const char *zone, int64_t *ms)
{
    struct civil c = { .year = take_digits(&s, 4) };
    if (c.year < 0 || !take_char(&s, '-') || (c.month = take_digits(&s, 2)) < 0 ||
        !take_char(&s, '-') || (c.day = take_digits(&s, 2)) < 0 ||
        !take_char(&s, 'T') || (c.hour = take_digits(&s, 2)) < 0 ||
        !take_char(&s, ':') || (c.minute = take_digits(&s, 2)) < 0)
        return false;
    if (take_char(&s, ':') && (c.second = take_digits(&s, 2)) < 0)
        return false;
    bool given = false;
    int minutes = 0;
    if (!take_offset(&s, &given, &minutes) || *s ||
        !civil_date_valid(c.year, c.month, c.day) || c.hour > 23 || c.minute > 59 ||
        c.second > 59)
        return false;
    *ms = given ? instant_of(&c, "UTC") - minutes * MINUTE_MS : instant_of(&c, zone);
    return true;
}
