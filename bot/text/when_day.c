/* Owns which day is meant: the year, month or week that was left out is the one the
 * verb's direction asks for. Hours are when_resolve.c's. */
#include "bot/text/calendar.h"
#include "bot/text/when_parts.h"

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
static bool bad_date(const struct resolve *s, int year, int month, int day,
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

/* 3/2(火), where the second is a Monday: either the date or the weekday is a slip. */
static bool check_weekday(const struct resolve *s, const struct when_token *t, struct arena *mem, int locale, struct err *e)
{
    int is = civil_of_day(s->day).weekday;
    if (!t->weekday || t->weekday == is)
        return true;
    int shift = (t->weekday - is + 7) % 7;
    char *first = when_format_day(s->cx, mem, locale, s->day);
    char *second = when_format_day(s->cx, mem, locale, s->day + (shift > 3 ? shift - 7 : shift));
    return fail(e, ERR_USAGE, "when.bad_weekday", ARGS(TXT("typed", first), TXT("first", first), TXT("second", second)),
        "the date is no such weekday: %d", t->weekday);
}

/* 28/2 where months come first: asked, never taken. */
static bool swapped_date(const struct resolve *s, const struct when_token *t, struct arena *mem,
    int locale, struct err *e)
{
    bool day_first = market_find(s->cx->market) && market_find(s->cx->market)->day_first;
    char *typed = arena_printf(mem, "%d/%d", day_first ? t->a : t->b, day_first ? t->b : t->a);
    char *meant = catalogue_text(s->cx->words, mem, locale, "when.month_day",
        ARGS(TXT("month", month_text(s->cx, mem, locale, t->a)), TXT("day", arena_printf(mem, "%d", t->b))));
    return fail(e, ERR_USAGE, "when.swapped_date", ARGS(TXT("typed", typed), TXT("first", meant)),
        "month and day are swapped");
}

static int32_t week_start(int32_t day)
{
    return day - (civil_of_day(day).weekday - 1);
}

static int32_t weekday_day(struct resolve *s, const struct when_token *t)
{
    int ahead = (t->a - civil_of_day(s->today).weekday + 7) % 7;
    switch ((enum week_mode)t->c) {
    case WEEK_OF:
        return week_start(s->today) + 7 * t->b +
               (t->a                            ? t->a - 1
                   : t->deadline || s->deadline ? 4
                   : t->b == 0 && s->direction == WHEN_FUTURE ? 4 /* the rest of it */
                                                : 0);
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

static int year_by_direction(const struct resolve *s, int month, int day)
{
    struct civil now = civil_of_day(s->today);
    int that = month * 100 + day, this = now.month * 100 + now.day;
    if (s->direction == WHEN_PAST)
        return that <= this ? now.year : now.year - 1;
    return that >= this ? now.year : now.year + 1;
}

/* 5日 is the nearest 5th in the verb's direction; months too short for it are passed
 * over. False: the month was named and has no such day. */
static bool day_of_month(
    const struct resolve *s, const struct when_token *t, int *year, int *month)
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
    const struct resolve *s, enum edge edge, int year, int month, bool deadline)
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
static void edge_month(
    const struct resolve *s, const struct when_token *t, int *year, int *month)
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

static int32_t week_edge(const struct resolve *s, const struct when_token *t)
{
    int32_t monday = week_start(s->today) + (t->c == BASE_WEEKS ? 7 * t->a : 0);
    static const int days[] = { [EDGE_WEEK_START] = 0,
        [EDGE_WEEK_MIDDLE] = 2,
        [EDGE_WEEK_END] = 4,
        [EDGE_WEEKEND] = 5 };
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
static int32_t year_edge(const struct resolve *s, const struct when_token *t)
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

static int32_t edge_day(const struct resolve *s, const struct when_token *t)
{
    int year, month;
    if (t->b <= EDGE_WEEKEND)
        return week_edge(s, t);
    if (t->b >= EDGE_YEAR_END)
        return year_edge(s, t);
    edge_month(s, t, &year, &month);
    return month_edge(s, (enum edge)t->b, year, month, t->deadline);
}

static int32_t business_offset(const struct resolve *s, int n)
{
    const char *market = s->cx->market;
    if (n >= 0)
        return n == 0 ? s->today : business_day_add(market, s->today, n);
    int32_t day = s->today;
    while (n < 0)
        n += business_day(market, --day) ? 1 : 0;
    return day;
}

bool resolve_day(struct resolve *s, const struct when_token *t, struct arena *mem,
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
        return check_weekday(s, t, mem, locale, e);
    case KIND_SWAPPED:
        return swapped_date(s, t, mem, locale, e);
    case KIND_DATE:
        year = t->c ? t->c : year_by_direction(s, t->a, t->b);
        if (!civil_date_valid(year, t->a, t->b))
            return bad_date(s, year, t->a, t->b, mem, locale, e);
        s->day = day_number(year, t->a, t->b);
        return check_weekday(s, t, mem, locale, e);
    default:
        s->day = s->today + t->a;
        return true;
    }
}
