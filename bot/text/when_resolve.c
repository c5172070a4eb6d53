/* Owns turning pieces into an instant: puts the day (when_day.c) and the hour together;
 * a half of the day that was left out is the one the verb's direction asks for. What was
 * filled in or rounded is marked approximate. Reads no text. */
#include "bot/text/when.h"

#include "bot/base/clock.h"
#include "bot/text/when_parts.h"

/* A day without an hour: looking back it is noon, looking ahead ten o'clock, a deadline
 * ends at six. The bounds are where `at 3` may lie. */
enum { NOON = 12, MORNING = 10, CLOSING = 18, EARLIEST = 7 * 60, LATEST = 21 * 60 };

/* Minutes after 24:00 belong to the next day (25時). */
static int64_t at_minutes(const struct resolve *s, int32_t day, int minutes)
{
    day += minutes / (24 * 60);
    minutes %= 24 * 60;
    struct civil c = civil_of_day(day);
    c.hour = minutes / 60;
    c.minute = minutes % 60;
    return instant_of(&c, s->cx->zone);
}

/* Which of the two hours `at 3` is on a given day: the one within 07:00-21:00; where
 * both are, the latest not after now (9時: the morning) or the next. */
static int settle_half(const struct resolve *s, int32_t day, int minutes)
{
    int late = minutes + (minutes < 12 * 60 ? 12 * 60 : 0);
    bool am = minutes >= EARLIEST && minutes <= LATEST,
         pm = late >= EARLIEST && late <= LATEST;
    if (am != pm || late == minutes)
        return am ? minutes : late;
    if (s->direction == WHEN_PAST)
        return at_minutes(s, day, late) <= s->cx->now_ms && !s->clock->by_24 ? late : minutes;
    return at_minutes(s, day, minutes) > s->cx->now_ms ? minutes : late;
}

static int64_t clock_on(const struct resolve *s, int32_t day)
{
    const struct when_token *t = s->clock;
    int minutes = t->hour * 60 + t->minute;
    if (t->kind == KIND_PART && (s->deadline || (t->by_end && s->direction == WHEN_FUTURE)))
        minutes = t->end_hour * 60 + t->end_minute;
    if (t->half_open)
        minutes = settle_half(s, day, minutes);
    return at_minutes(s, day, minutes);
}

/* A time without a day: the latest not after now, or the next after it. */
static int64_t clock_nearest(const struct resolve *s)
{
    int64_t best = 0;
    for (int32_t shift = -2; shift <= 2; shift++) {
        int64_t at = clock_on(s, s->today + shift);
        if (s->direction == WHEN_PAST && at <= s->cx->now_ms)
            best = at;
        if (s->direction == WHEN_FUTURE && at > s->cx->now_ms)
            return at;
    }
    return best;
}

static int64_t next_half_hour(const struct resolve *s)
{
    return (s->cx->now_ms / (30 * MINUTE_MS) + 1) * (30 * MINUTE_MS);
}

/* A day without a time. Today is never given an hour on the wrong side of now. */
static int64_t day_only(const struct resolve *s)
{
    int hour = s->direction == WHEN_PAST ? NOON : s->deadline ? CLOSING : MORNING;
    int64_t at = at_minutes(s, s->day, hour * 60);
    if (s->day != s->today)
        return at;
    if (s->direction == WHEN_PAST)
        return s->cx->now_ms;
    return at > s->cx->now_ms ? at : next_half_hour(s);
}

/* tonight at 21:40 already has its 19:30 behind it: looking ahead the next half hour is
 * meant. Looking back at 19:20 it is now, hours before it has not been. */
static int64_t soften(const struct resolve *s, int64_t at)
{
    if (!s->soft || s->day != s->today)
        return at;
    if (s->direction == WHEN_FUTURE && at <= s->cx->now_ms)
        return next_half_hour(s);
    bool soon = at > s->cx->now_ms && at <= s->cx->now_ms + 2 * HOUR_MS;
    return s->direction == WHEN_PAST && soon ? s->cx->now_ms : at;
}

/* `last night at 11`, `this morning 9`: the moment says which half. */
static void settle_by_moment(const struct when_token *moment, struct when_token *clock)
{
    if (!moment || !clock->half_open)
        return;
    if (moment->hour >= 12 && clock->hour < 12)
        clock->hour += 12;
    clock->half_open = false;
}

static bool take_piece(struct resolve *s, const struct when_token *t, struct arena *mem,
    int locale, struct err *e)
{
    s->approximate = s->approximate || (t->approximate && t->piece != WHEN_DURATION);
    if (t->piece == WHEN_BAD || t->piece == WHEN_DATE)
        return resolve_day(s, t, mem, locale, e);
    if (t->piece == WHEN_MOMENT && t->kind == KIND_DAYTIME && !s->has_date)
        return resolve_day(s, t, mem, locale, e);
    return true;
}

/* Instants that need no day: just now, in 2 hours, 30分前. */
static bool relative_instant(
    const struct when_context *cx, const struct when_token *t, struct when *out)
{
    if (t->piece != WHEN_MOMENT || t->kind == KIND_DAYTIME)
        return false;
    out->at_ms = cx->now_ms + (t->kind == KIND_MINUTES ? t->a * MINUTE_MS : 0);
    out->has_date = out->has_time = true;
    out->approximate = t->approximate;
    out->deadline = t->deadline;
    return true;
}

bool when_repeats(int64_t at_ms, const char *zone)
{
    struct civil at = civil_of(at_ms, zone);
    for (int shift = 30; shift <= 60; shift += 30) { /* half an hour on Lord Howe Island */
        struct civil later = civil_of(at_ms + shift * MINUTE_MS, zone);
        if (later.hour == at.hour && later.minute == at.minute)
            return true;
    }
    return false;
}

/* Did the typed hour exist on that day, and once? */
static void check_clock(const struct resolve *s, struct when *out)
{
    enum { HALF_DAY = 12 * 60 };
    struct civil at = civil_of(out->at_ms, s->cx->zone);
    int off = (at.hour * 60 + at.minute - s->clock->hour * 60 - s->clock->minute) % HALF_DAY;
    out->skipped = off == 30 || off == 60 || off == 30 - HALF_DAY || off == 60 - HALF_DAY;
    out->repeated = when_repeats(out->at_ms, s->cx->zone);
}

static void set_instant(struct resolve *s, struct when *out)
{
    if (!s->clock) {
        out->at_ms = s->has_date ? day_only(s) : s->cx->now_ms;
        return;
    }
    out->has_time = true;
    out->at_ms = s->has_date ? soften(s, clock_on(s, s->day)) : clock_nearest(s);
    if (s->clock->piece == WHEN_TIME || s->clock->piece == WHEN_SPAN)
        check_clock(s, out);
    if (s->clock->piece == WHEN_SPAN) {
        const struct when_token *t = s->clock;
        int minutes = (t->end_hour - t->hour) * 60 + t->end_minute - t->minute;
        out->end_ms = out->at_ms + minutes * MINUTE_MS;
    }
}

enum { PIECES = 8 };

bool when_is_week(const struct when_token *t)
{
    return t->piece == WHEN_DATE && t->kind == KIND_WEEKDAY && t->c == WEEK_OF && !t->a;
}

int when_weekday(const struct when_token *t)
{
    return t->piece == WHEN_DATE && t->kind == KIND_WEEKDAY && t->c == WEEK_OPEN ? t->a : 0;
}

/* thursday last week: the week stood by itself, the weekday too; they are one day. Beside
 * a date a weekday says nothing: fri 13 mar. */
static int join_weeks(const struct when_token *pieces, int n, struct when_token *out)
{
    const struct when_token *week = NULL;
    bool day = false, date = false;
    int k = 0;
    for (int i = 0; i < n; i++) {
        if (when_is_week(&pieces[i]))
            week = &pieces[i];
        day = day || when_weekday(&pieces[i]);
        date = date || (pieces[i].piece == WHEN_DATE && pieces[i].kind != KIND_WEEKDAY);
    }
    for (int i = 0; i < n && k < PIECES; i++) {
        bool weekday = when_weekday(&pieces[i]) > 0;
        if ((day && &pieces[i] == week) || (weekday && date))
            continue;
        out[k] = pieces[i];
        if (week && weekday) {
            out[k].c = WEEK_OF;
            out[k].b = week->b;
        }
        k++;
    }
    return k;
}

/* mon pm, mon 9-10: the hours become a piece of their own where no other says them. */
static int part_hours(struct when_token *pieces, int n)
{
    const struct when_token *day = NULL;
    for (int i = 0; i < n; i++) {
        if (pieces[i].piece == WHEN_TIME || pieces[i].piece == WHEN_SPAN)
            return n;
        day = pieces[i].has_half || pieces[i].has_span ? &pieces[i] : day;
    }
    if (!day)
        return n;
    pieces[n] = *day;
    pieces[n].piece = day->has_half ? WHEN_TIME : WHEN_SPAN;
    pieces[n].kind = day->has_half ? KIND_PART : KIND_CLOCK;
    pieces[n].approximate = day->has_half;
    return n + 1;
}

bool when_resolve(const struct when_context *cx, const struct when_token *typed, int n,
    enum when_direction direction, struct when *out, struct arena *mem, int locale,
    struct err *e)
{
    struct resolve s = {
        .cx = cx, .direction = direction, .today = day_of(cx->now_ms, cx->zone)
    };
    const struct when_token *moment = NULL;
    struct when_token pieces[PIECES + 1], clock;
    *out = (struct when){ 0 };
    s.day = s.today;
    n = part_hours(pieces, join_weeks(typed, n, pieces));
    for (int i = 0; i < n; i++)
        s.deadline = s.deadline || pieces[i].deadline;
    for (int i = 0; i < n; i++) {
        const struct when_token *t = &pieces[i];
        if (relative_instant(cx, t, out))
            return true;
        if (!take_piece(&s, t, mem, locale, e))
            return false;
        if (t->piece == WHEN_MOMENT)
            moment = t;
        if (t->piece == WHEN_TIME || t->piece == WHEN_SPAN)
            s.clock = t;
    }
    s.soft = moment && !s.clock;
    if (s.clock) {
        clock = *s.clock;
        settle_by_moment(moment, &clock);
        s.approximate = s.approximate && (!moment || clock.approximate);
        s.clock = &clock;
    } else {
        s.clock = moment;
    }
    set_instant(&s, out);
    out->has_date = s.has_date;
    out->approximate = s.approximate;
    out->deadline = s.deadline;
    return true;
}
