/* Owns how days, times and lengths look in the reader's language. The patterns are the
 * catalogue's; numbers go in as text, so that no pattern groups the digits of a year. */
#include "bot/text/when.h"

#include "bot/base/clock.h"
#include "bot/text/when_parts.h"
#include <stdio.h>

static const char *number(struct arena *mem, int v)
{
    return arena_printf(mem, "%d", v);
}

static const char *word_of(
    const struct when_context *cx, int locale, const char *kind, int v)
{
    char value[12];
    (void)snprintf(value, sizeof value, "%d", v);
    return catalogue_word(cx->words, locale, kind, value);
}

const char *month_text(
    const struct when_context *cx, struct arena *mem, int locale, int month)
{
    char key[24];
    (void)snprintf(key, sizeof key, "when.month.%d", month);
    return catalogue_text(cx->words, mem, locale, key, NO_ARGS);
}

static char *date_text(const struct when_context *cx, struct arena *mem, int locale,
    const struct civil *c, const char *key)
{
    return catalogue_text(cx->words, mem, locale, key,
        ARGS(TXT("weekday", word_of(cx, locale, "when.weekday_short", c->weekday)),
            TXT("day", number(mem, c->day)),
            TXT("month", month_text(cx, mem, locale, c->month)),
            TXT("year", number(mem, c->year))));
}

static int this_year(const struct when_context *cx)
{
    return civil_of(cx->now_ms, cx->zone).year;
}

static char *date_with_weekday(
    const struct when_context *cx, struct arena *mem, int locale, int32_t day)
{
    struct civil c = civil_of_day(day);
    return date_text(
        cx, mem, locale, &c, c.year == this_year(cx) ? "when.date" : "when.date_year");
}

char *when_format_time(
    const struct when_context *cx, struct arena *mem, int locale, int64_t ms)
{
    struct civil c = civil_of(ms, cx->zone);
    return catalogue_text(cx->words, mem, locale, "when.time",
        ARGS(TXT("hour", arena_printf(mem, "%02d", c.hour)),
            TXT("minute", arena_printf(mem, "%02d", c.minute))));
}

char *when_format_day(
    const struct when_context *cx, struct arena *mem, int locale, int32_t day)
{
    if (day == day_of(cx->now_ms, cx->zone))
        return catalogue_text(cx->words, mem, locale, "when.today", NO_ARGS);
    return date_with_weekday(cx, mem, locale, day);
}

char *when_format(
    const struct when_context *cx, struct arena *mem, int locale, int64_t ms)
{
    int32_t day = day_of(ms, cx->zone);
    const char *time = when_format_time(cx, mem, locale, ms);
    if (day == day_of(cx->now_ms, cx->zone))
        return catalogue_text(
            cx->words, mem, locale, "when.today_at", ARGS(TXT("time", time)));
    return catalogue_text(cx->words, mem, locale, "when.date_at",
        ARGS(TXT("date", date_with_weekday(cx, mem, locale, day)), TXT("time", time)));
}

char *when_format_minutes(
    const struct when_context *cx, struct arena *mem, int locale, int minutes)
{
    const char *key = minutes <= 90       ? "when.minutes"
                      : minutes % 60 == 0 ? "when.hours"
                                          : "when.hours_minutes";
    int rest = minutes <= 90 ? minutes : minutes % 60;
    return catalogue_text(cx->words, mem, locale, key,
        ARGS(TXT("hours", number(mem, minutes / 60)),
            TXT("minutes", number(mem, rest))));
}

/* "2 h ago" where the language says so; Japanese names the hour. */
static char *since_today(
    const struct when_context *cx, struct arena *mem, int locale, int64_t ms)
{
    int minutes = (int)((cx->now_ms - ms) / MINUTE_MS);
    const char *key = minutes < 1    ? "when.just_now"
                      : minutes < 60 ? "when.minutes_ago"
                                     : "when.hours_ago";
    const char *since = catalogue_text(cx->words, mem, locale, key,
        ARGS(NUM("n", minutes < 60 ? minutes : minutes / 60)));
    return catalogue_text(cx->words, mem, locale, "when.today_ago",
        ARGS(TXT("since", since), TXT("at", when_format(cx, mem, locale, ms))));
}

char *when_format_ago(
    const struct when_context *cx, struct arena *mem, int locale, int64_t ms)
{
    int32_t days = day_of(cx->now_ms, cx->zone) - day_of(ms, cx->zone);
    if (ms > cx->now_ms)
        return when_format(cx, mem, locale, ms);
    if (days == 0)
        return since_today(cx, mem, locale, ms);
    if (days == 1)
        return catalogue_text(cx->words, mem, locale, "when.yesterday", NO_ARGS);
    return catalogue_text(
        cx->words, mem, locale, "when.days_ago", ARGS(NUM("n", days)));
}

static char *range_text(const struct when_context *cx, struct arena *mem, int locale,
    const struct civil *from, const struct civil *to)
{
    bool same = from->year == to->year;
    const char *day = same ? "when.period_day" : "when.period_day_year";
    return catalogue_text(cx->words, mem, locale,
        same ? "when.period_same_year" : "when.period_range",
        ARGS(TXT("from", date_text(cx, mem, locale, from, day)),
            TXT("to", date_text(cx, mem, locale, to, day)),
            TXT("year", number(mem, to->year))));
}

char *period_format(const struct when_context *cx, struct arena *mem, int locale,
    const struct period *p)
{
    struct civil from = civil_of_day(p->from_day), to = civil_of_day(p->to_day - 1);
    if (p->to_day - 1 <= p->from_day)
        return date_text(cx, mem, locale, &from, "when.period_day_year");
    char *range = range_text(cx, mem, locale, &from, &to);
    return p->to_date ? catalogue_text(cx->words, mem, locale, "when.period_to_date",
                            ARGS(TXT("range", range)))
                      : range;
}

char *period_format_part(const struct when_context *cx, struct arena *mem, int locale,
    const struct period *p, int months)
{
    struct civil c = civil_of_day(p->from_day);
    return catalogue_text(cx->words, mem, locale,
        months == 1 ? "when.part_month" : "when.part_quarter",
        ARGS(TXT("month", month_text(cx, mem, locale, c.month)),
            TXT("quarter", number(mem, (c.month + 2) / 3)),
            TXT("year", number(mem, c.year))));
}
