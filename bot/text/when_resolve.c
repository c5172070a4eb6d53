/* Owns turning pieces into an instant: the year, week or half of the day that was left
 * out is the one the verb's direction asks for. What was filled in or rounded is marked
 * approximate. Reads no text. */
#include "bot/text/when.h"

#include "bot/base/clock.h"
#include "bot/text/calendar.h"
#include "bot/text/when_parts.h"

/* A day without an hour: looking back it is noon, looking ahead ten o'clock, a deadline
 * ends at six. The bounds are where `at 3` may lie. */
enum { NOON = 12, MORNING = 10, CLOSING = 18, EARLIEST = 7 * 60, LATEST = 21 * 60 };

struct state {
    const struct when_context *cx;
    enum when_direction direction;
    int32_t today, day;
    const struct when_token *clock; /* what says the time of day, or NULL */
    bool soft;                      /* the clock came with the day: tonight */
    bool has_date, approximate, deadline;
};

int month_days(int year, int month)
{
    int y = year, m = month;
    month_add(&y, &m, 1);
    return (int)(day_number(y, m, 1) - day_number(year, month, 1));
}

void month_add(int *year, int *month, int n)
{
    int total = *year * 12 + *month - 1 + n;
    *year = total / 12;
    *month = total % 12 + 1;
}

int fiscal_month(const struct when_context *cx)
{
    const struct market *m = market_find(cx->market);
    return m ? m->fiscal_month : 1;
}

static int minimum(int a, int b)
{
    return a < b ? a : b;
}

/* The candidates for 31 Feb: the month's last day and as many days on. */
static bool bad_date(const struct state *s, int year, int month, int day,
    struct arena *mem, int locale, struct err *e)
{
    const struct catalogue *words = s->cx->words;
    int last = month_days(year, month);
    struct civil next = civil_of_day(day_number(year, month, last) + (day - last));
    int months[] = { month, month, next.month }, days[] = { day, last, next.day };
    char *texts[3];
    for (int i = 0; i < 3; i++) {
        texts[i] = catalogue_text(words, mem, locale, "when.month_day",
            ARGS(TXT("month", month_text(s->cx, mem, locale, months[i])),
                TXT("day", arena_printf(mem, "%d", days[i]))));
    }
    return fail(e, ERR_USAGE, "when.bad_date",
        ARGS(TXT("typed", texts[0]), TXT("first", texts[1]), TXT("second", texts[2])),
        "no such date: month %d, day %d", month, day);
}

static int32_t week_start(int32_t day)
{
    return day - (civil_of_day(day).weekday - 1);
}

static int32_t weekday_day(struct state *s, const struct when_token *t)
{
    int ahead = (t->a - civil_of_day(s->today).weekday + 7) % 7;
    switch ((enum week_mode)t->c) {
    case WEEK_OF:
        return week_start(s->today) + 7 * t->b +
               (t->a ? t->a - 1 : t->deadline || s->deadline ? 4 : 0);
    case WEEK_BEFORE_TODAY:
        return s->today - (7 - ahead) % 7 - (ahead == 0 ? 7 : 0);
    case WEEK_AFTER_TODAY:
        return s->today + (ahead == 0 ? 7 : ahead);
    case WEEK_OPEN:
        break;
    }
    if (s->direction == WHEN_PAST)
        return s->today - (7 - ahead) % 7;
    return s->today + (ahead == 0 ? 7 : ahead);
}

static int year_by_direction(const struct state *s, int month, int day)
{
    struct civil now = civil_of_day(s->today);
    int that = month * 100 + day, this = now.month * 100 + now.day;
    if (s->direction == WHEN_PAST)
        return that <= this ? now.year : now.year - 1;
    return that >= this ? now.year : now.year + 1;
}

/* 5日 is the nearest 5th in the verb's direction; months too short for it are passed
 * over. False: the month was named and has no such day. */
static bool day_of_month(const struct state *s, const struct when_token *t, int *year,
    int *month)
{
    struct civil now = civil_of_day(s->today);
    *year = now.year;
    *month = now.month;
    if (t->c) {
        month_add(year, month, t->a);
        return t->b <= month_days(*year, *month);
    }
    int step = s->direction == WHEN_PAST ? -1 : 1;
    if (step < 0 ? t->b > now.day : t->b < now.day)
        month_add(year, month, step);
    while (t->b > month_days(*year, *month))
        month_add(year, month, step);
    return true;
}

static int32_t add_months(int32_t day, int n)
{
    struct civil c = civil_of_day(day);
    month_add(&c.year, &c.month, n);
    return day_number(c.year, c.month, minimum(c.day, month_days(c.year, c.month)));
}

static int32_t month_edge(
    const struct state *s, enum edge edge, int year, int month, bool deadline)
{
    int last = month_days(year, month);
    switch (edge) {
    case EDGE_MONTH_EARLY:
        return day_number(year, month, deadline ? 10 : 5);
    case EDGE_MONTH_MIDDLE:
        return day_number(year, month, deadline ? 20 : 15);
    case EDGE_MONTH_LATE:
        return day_number(year, month, deadline ? last : 25);
    case EDGE_MONTH_END: {
        int32_t day = day_number(year, month, last);
        while (deadline && !business_day(s->cx->market, day))
            day--;
        return day;
    }
    default:
        return business_day_add(s->cx->market, day_number(year, month, 1), 0);
    }
}

/* The first of the month that is meant where none was named. */
static void edge_month(const struct state *s, const struct when_token *t, int *year,
    int *month)
{
    struct civil now = civil_of_day(s->today);
    *year = now.year;
    *month = now.month;
    if (t->c == BASE_MONTHS) {
        month_add(year, month, t->a);
    } else if (t->c == BASE_MONTH) {
        *month = t->a;
        *year = year_by_direction(s, t->a, s->direction == WHEN_PAST ? 1 : 28);
    } else {
        int32_t day = month_edge(s, (enum edge)t->b, *year, *month, t->deadline);
        if (s->direction == WHEN_FUTURE && day < s->today)
            month_add(year, month, 1);
        else if (s->direction == WHEN_PAST && day > s->today)
            month_add(year, month, -1);
    }
}

static int32_t week_edge(const struct state *s, const struct when_token *t)
{
    int32_t monday = week_start(s->today) + (t->c == BASE_WEEKS ? 7 * t->a : 0);
    static const int days[] = { [EDGE_WEEK_START] = 0, [EDGE_WEEK_MIDDLE] = 2,
        [EDGE_WEEK_END] = 4, [EDGE_WEEKEND] = 5 };
    int of_week = t->b == EDGE_WEEKEND && t->deadline ? 4 : days[t->b];
    int32_t day = monday + of_week;
    if (t->c == BASE_OPEN && s->direction == WHEN_FUTURE &&
        (day < s->today || (t->b == EDGE_WEEK_START && day == s->today)))
        day += 7;
    else if (t->c == BASE_OPEN && s->direction == WHEN_PAST && day > s->today)
        day -= 7;
    if (t->b == EDGE_WEEK_START)
        day = business_day_add(s->cx->market, day, 0);
    return day;
}

/* 年末, 年度明け and the like: a day of the year, moved on to a business day where the
 * word means the first one. */
static int32_t year_edge(const struct state *s, const struct when_token *t)
{
    int fiscal = fiscal_month(s->cx), before = fiscal == 1 ? 12 : fiscal - 1;
    static const int none[2] = { 1, 1 };
    const int end[2] = { 12, 31 }, start[2] = { 1, 4 }, golden[2] = { 5, 6 },
              obon[2] = { 8, 17 }, fiscal_start[2] = { fiscal, 1 },
              fiscal_end[2] = { before, month_days(2026, before) };
    const int *md = none;
    md = t->b == EDGE_YEAR_END ? end : t->b == EDGE_YEAR_START ? start : md;
    md = t->b == EDGE_FISCAL_END ? fiscal_end : md;
    md = t->b == EDGE_FISCAL_START ? fiscal_start : md;
    md = t->b == EDGE_GOLDEN_WEEK ? golden : t->b == EDGE_OBON ? obon : md;
    int32_t day = day_number(year_by_direction(s, md[0], md[1]), md[0], md[1]);
    if (t->b == EDGE_YEAR_END || t->b == EDGE_FISCAL_END) {
        while (t->deadline && !business_day(s->cx->market, day))
            day--;
        return day;
    }
    return business_day_add(s->cx->market, day, 0);
}

static int32_t edge_day(const struct state *s, const struct when_token *t)
{
    int year, month;
    if (t->b <= EDGE_WEEKEND)
        return week_edge(s, t);
    if (t->b >= EDGE_YEAR_END)
        return year_edge(s, t);
    edge_month(s, t, &year, &month);
    return month_edge(s, (enum edge)t->b, year, month, t->deadline);
}

static int32_t business_offset(const struct state *s, int n)
{
    const char *market = s->cx->market;
    if (n >= 0)
        return n == 0 ? s->today : business_day_add(market, s->today, n);
    int32_t day = s->today;
    while (n < 0)
        n += business_day(market, --day) ? 1 : 0;
    return day;
}

static bool set_day(struct state *s, const struct when_token *t, struct arena *mem,
    int locale, struct err *e)
{
    int sign = t->c && s->direction == WHEN_PAST ? -1 : 1, year = 0, month = 0;
    s->has_date = true;
    switch ((enum when_kind)t->kind) {
    case KIND_DAYS:
        s->day = s->today + sign * t->a;
        return true;
    case KIND_BUSINESS:
        s->day = business_offset(s, sign * t->a);
        return true;
    case KIND_MONTHS:
        s->day = add_months(s->today, sign * t->a);
        return true;
    case KIND_WEEKDAY:
        s->day = weekday_day(s, t);
        return true;
    case KIND_EDGE:
        s->day = edge_day(s, t);
        return true;
    case KIND_DAY:
        if (!day_of_month(s, t, &year, &month))
            return bad_date(s, year, month, t->b, mem, locale, e);
        s->day = day_number(year, month, t->b);
        return true;
    case KIND_DATE:
        year = t->c ? t->c : year_by_direction(s, t->a, t->b);
        if (!civil_date_valid(year, t->a, t->b))
            return bad_date(s, year, t->a, t->b, mem, locale, e);
        s->day = day_number(year, t->a, t->b);
        return true;
    default:
        s->day = s->today + t->a;
        return true;
    }
}

/* Minutes after 24:00 belong to the next day (25時). */
static int64_t at_minutes(const struct state *s, int32_t day, int minutes)
{
    day += minutes / (24 * 60);
    minutes %= 24 * 60;
    struct civil c = civil_of_day(day);
    c.hour = minutes / 60;
    c.minute = minutes % 60;
    return instant_of(&c, s->cx->zone);
}

/* Which of the two hours `at 3` is on a given day: the one within 07:00-21:00; where
 * both are, the latest not after now or the next. */
static int settle_half(const struct state *s, int32_t day, int minutes)
{
    int late = minutes + (minutes < 12 * 60 ? 12 * 60 : 0);
    bool am = minutes >= EARLIEST && minutes <= LATEST, pm = late >= EARLIEST && late <= LATEST;
    if (am != pm || late == minutes)
        return am ? minutes : late;
    if (s->direction == WHEN_PAST)
        return at_minutes(s, day, late) <= s->cx->now_ms ? late : minutes;
    return at_minutes(s, day, minutes) > s->cx->now_ms ? minutes : late;
}

static int64_t clock_on(const struct state *s, int32_t day)
{
    const struct when_token *t = s->clock;
    int minutes = t->hour * 60 + t->minute;
    if (t->kind == KIND_PART && s->deadline)
        minutes = t->end_hour * 60 + t->end_minute;
    if (t->half_open)
        minutes = settle_half(s, day, minutes);
    return at_minutes(s, day, minutes);
}

/* A time without a day: the latest not after now, or the next after it. */
static int64_t clock_nearest(const struct state *s)
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

static int64_t next_half_hour(const struct state *s)
{
    return (s->cx->now_ms / (30 * MINUTE_MS) + 1) * (30 * MINUTE_MS);
}

/* A day without a time. Today is never given an hour on the wrong side of now. */
static int64_t day_only(const struct state *s)
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
 * meant, looking back nothing is later than now. */
static int64_t soften(const struct state *s, int64_t at)
{
    if (!s->soft || s->day != s->today)
        return at;
    if (s->direction == WHEN_FUTURE && at <= s->cx->now_ms)
        return next_half_hour(s);
    return s->direction == WHEN_PAST && at > s->cx->now_ms ? s->cx->now_ms : at;
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

static bool take_piece(struct state *s, const struct when_token *t, struct arena *mem,
    int locale, struct err *e)
{
    s->approximate = s->approximate || (t->approximate && t->piece != WHEN_DURATION);
    if (t->piece == WHEN_BAD || t->piece == WHEN_DATE)
        return set_day(s, t, mem, locale, e);
    if (t->piece == WHEN_MOMENT && t->kind == KIND_DAYTIME && !s->has_date)
        return set_day(s, t, mem, locale, e);
    return true;
}

/* Instants that need no day: just now, in 2 hours, 30分前. */
static bool relative_instant(const struct when_context *cx, const struct when_token *t,
    struct when *out)
{
    if (t->piece != WHEN_MOMENT || t->kind == KIND_DAYTIME)
        return false;
    out->at_ms = cx->now_ms + (t->kind == KIND_MINUTES ? t->a * MINUTE_MS : 0);
    out->has_date = out->has_time = true;
    out->approximate = t->approximate;
    out->deadline = t->deadline;
    return true;
}

static void set_instant(struct state *s, struct when *out)
{
    if (!s->clock) {
        out->at_ms = s->has_date ? day_only(s) : s->cx->now_ms;
        return;
    }
    out->has_time = true;
    out->at_ms = s->has_date ? soften(s, clock_on(s, s->day)) : clock_nearest(s);
    if (s->clock->piece == WHEN_SPAN) {
        const struct when_token *t = s->clock;
        int minutes = (t->end_hour - t->hour) * 60 + t->end_minute - t->minute;
        out->end_ms = out->at_ms + minutes * MINUTE_MS;
    }
}

bool when_resolve(const struct when_context *cx, const struct when_token *pieces, int n,
    enum when_direction direction, struct when *out, struct arena *mem, int locale,
    struct err *e)
{
    struct state s = { .cx = cx, .direction = direction,
        .today = day_of(cx->now_ms, cx->zone) };
    const struct when_token *moment = NULL;
    struct when_token clock;
    *out = (struct when){ 0 };
    s.day = s.today;
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
