/* Owns stretches of days: from what they begin with to what questions count. All in the
 * team's zone. Reading them from text is period_match.c's. */
#include "bot/text/period.h"

#include "bot/text/when_parts.h"

const char *period_zone(const struct when_context *cx)
{
    return cx->team_zone ? cx->team_zone : cx->zone;
}

int32_t period_today(const struct when_context *cx)
{
    return day_of(cx->now_ms, period_zone(cx));
}

/* A period that is still running ends now; what lies ahead of it can't be counted. */
struct period period_of_days(const struct when_context *cx, int32_t from, int32_t to)
{
    const char *zone = period_zone(cx);
    int32_t today = period_today(cx);
    struct period p = { .from_ms = day_start_ms(from, zone),
        .to_ms = day_start_ms(to, zone),
        .from_day = from,
        .to_day = to,
        .end_day = to };
    if (from <= today && today < to) {
        p.to_date = true;
        p.to_ms = cx->now_ms;
        p.to_day = today + 1;
    }
    return p;
}

struct period period_of_months(
    const struct when_context *cx, int year, int month, int months)
{
    int end_year = year, end_month = month;
    month_add(&end_year, &end_month, months);
    return period_of_days(
        cx, day_number(year, month, 1), day_number(end_year, end_month, 1));
}

/* Up to and including today, so the first day is the one after the same date. */
struct period period_trailing_months(const struct when_context *cx, int months)
{
    int32_t end = period_today(cx) + 1;
    struct civil c = civil_of_day(end);
    month_add(&c.year, &c.month, -months);
    int last = month_days(c.year, c.month);
    return period_of_days(
        cx, day_number(c.year, c.month, c.day < last ? c.day : last), end);
}

struct period period_quarter_to_date(const struct when_context *cx)
{
    struct civil c = civil_of_day(period_today(cx));
    return period_of_months(cx, c.year, (c.month - 1) / 3 * 3 + 1, 3);
}

/* Whole months are compared with as many months before, a running or odd stretch with
 * as many days before. */
struct period period_before(const struct when_context *cx, const struct period *p)
{
    struct civil from = civil_of_day(p->from_day), to = civil_of_day(p->to_day);
    if (p->to_date || from.day != 1 || to.day != 1)
        return period_of_days(cx, p->from_day - (p->to_day - p->from_day), p->from_day);
    int months = (to.year - from.year) * 12 + to.month - from.month;
    month_add(&from.year, &from.month, -months);
    return period_of_months(cx, from.year, from.month, months);
}

struct period period_last_months(const struct when_context *cx, int months)
{
    struct civil c = civil_of_day(period_today(cx));
    int32_t end = period_today(cx) + 1;
    month_add(&c.year, &c.month, 1 - months);
    return period_of_days(cx, day_number(c.year, c.month, 1), end);
}

/* The first day of the calendar stretch of `months` that `day` lies in, `ahead` on. */
static int32_t part_start(int32_t day, int months, int ahead)
{
    struct civil c = civil_of_day(day);
    c.month -= (c.month - 1) % months;
    month_add(&c.year, &c.month, ahead * months);
    return day_number(c.year, c.month, 1);
}

int period_parts(const struct when_context *cx, const struct period *p, int months,
    struct period *out, int max)
{
    int parts = 0, n = 0;
    while (part_start(p->from_day, months, parts) < p->to_day)
        parts++;
    for (int i = parts > max ? parts - max : 0; i < parts; i++) {
        int32_t from = part_start(p->from_day, months, i);
        int32_t to = part_start(p->from_day, months, i + 1);
        from = from < p->from_day ? p->from_day : from;
        out[n++] = period_of_days(cx, from, to > p->to_day ? p->to_day : to);
    }
    return n;
}
