/* Owns days as typed: numeric and written dates, weekdays, days from today, days of a
 * month. Weeks, months and years' edges are when_edge.c's. Only reads; which year or
 * week is meant is decided in when_resolve.c. */
#include "bot/text/when_parts.h"

#include "bot/text/calendar.h"
#include <string.h>

static bool date_token(struct when_token *t, int year, int month, int day)
{
    static const int longest[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *t = (struct when_token){
        .piece = WHEN_DATE, .kind = KIND_DATE, .a = month, .b = day, .c = year
    };
    if (day > longest[month - 1] || (year && !civil_date_valid(year, month, day)))
        t->piece = WHEN_BAD;
    return true;
}

/* A number that a date can't run on into: 3/14/15/92 and 3.14% are none. */
static bool number_ends(const struct scan *p)
{
    return scan_end(p) && (p->i >= p->n || !strchr("/%", p->s[p->i])) &&
           (p->i + 1 >= p->n || p->s[p->i] != '.' || p->s[p->i + 1] < '0' ||
               p->s[p->i + 1] > '9');
}

static bool day_first(const struct when_context *cx)
{
    const struct market *m = market_find(cx->market);
    return m && m->day_first;
}

/* 2026-03-14, 2026/3/14, and where the month comes first 26/3/14 */
static bool match_iso(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int year, month, day;
    bool brief = !day_first(p->cx) && scan_digits(&q, 2, 2, &year) && year > 23 && year < 40;
    if (brief)
        year += 2000;
    else if (!scan_digits(&q, 4, 4, &year) || year < 1990 || year > 2100)
        return false;
    const char *mark = !brief && scan_text(&q, "-") ? "-" : scan_text(&q, "/") ? "/" : NULL;
    if (!mark || !scan_digits(&q, 1, 2, &month) || !scan_text(&q, mark) ||
        !scan_digits(&q, 1, 2, &day) || !number_ends(&q) ||
        !date_token(t, year, month, day))
        return false;
    *p = q;
    return true;
}

/* 3/14 in the market's order. 28/2 where months come first is asked about; with a year
 * (14/3/2027) somebody meant to write it so. */
static bool match_slashes(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int first, second, year = 0;
    if (!scan_digits(&q, 1, 2, &first) || !scan_text(&q, "/") ||
        !scan_digits(&q, 1, 2, &second))
        return false;
    struct scan longer = q;
    if (scan_text(&longer, "/") && scan_digits(&longer, 4, 4, &year) && year >= 1990 &&
        year <= 2100)
        q = longer;
    else
        year = 0;
    if (!number_ends(&q))
        return false;
    bool swap = day_first(p->cx);
    struct when_token other;
    bool is = date_token(t, year, swap ? second : first, swap ? first : second);
    bool may = date_token(&other, year, swap ? first : second, swap ? second : first);
    if (may && (!is || (t->piece == WHEN_BAD && other.piece != WHEN_BAD))) {
        *t = other;
        if (!year && t->piece != WHEN_BAD) {
            t->piece = WHEN_BAD;
            t->kind = KIND_SWAPPED;
        }
    }
    if (!is && !may)
        return false;
    *p = q;
    return true;
}

/* 令和8年, R8., 2026年, 26年 */
static bool scan_japanese_year(struct scan *p, int *year)
{
    struct scan q = *p;
    bool era = scan_value(&q, "when.mark", "era");
    if (!scan_digits(&q, era ? 1 : 2, era ? 2 : 4, year))
        return false;
    bool dot = era && scan_text(&q, ".");
    if (!dot && !scan_value(&q, "when.mark", "year"))
        return false;
    *year += era ? 2018 : *year < 100 ? 2000 : 0;
    scan_space(&q);
    *p = q;
    return true;
}

static bool scan_mark_number(struct scan *p, const char *mark, int *value)
{
    struct scan q = *p;
    if (!scan_digits(&q, 1, 2, value) && !scan_number(&q, value))
        return false;
    if (!scan_value(&q, "when.mark", mark) && !scan_text(&q, "."))
        return false;
    *p = q;
    return true;
}

/* 3月14日, 2026年3月14日, 令和8年3月4日, R8.3.4 */
static bool match_japanese(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int year = 0, month, day;
    bool has_year = scan_japanese_year(&q, &year);
    struct scan before = q;
    if (!scan_mark_number(&q, "month", &month))
        return false;
    bool dotted = q.s[q.i - 1] == '.';
    if ((dotted && !has_year) || before.i == q.i)
        return false;
    scan_space(&q);
    if (!scan_digits(&q, 1, 2, &day) && !scan_number(&q, &day))
        return false;
    if (!scan_value(&q, "when.mark", "day") && !(dotted && number_ends(&q)))
        return false;
    if (!date_token(t, has_year ? year : 0, month, day))
        return false;
    *p = q;
    return true;
}

/* 14 and 14th. */
static bool scan_ordinal(struct scan *p, int *day, bool *suffix)
{
    static const char *const endings[] = { "st", "nd", "rd", "th" };
    struct scan q = *p;
    if (!scan_digits(&q, 1, 2, day) || *day < 1 || *day > 31)
        return false;
    *suffix = false;
    for (int i = 0; i < 4 && !*suffix; i++)
        *suffix = scan_text(&q, endings[i]);
    *p = q;
    return true;
}

static void scan_year_behind(struct scan *p, int *year)
{
    struct scan q = *p;
    scan_text(&q, ",");
    scan_space(&q);
    if (scan_digits(&q, 4, 4, year) && *year >= 1990 && *year <= 2100 && scan_end(&q))
        *p = q;
    else
        *year = 0;
}

static bool scan_month_name(struct scan *p, int *month)
{
    const char *value;
    struct scan q = *p;
    if (q.i < q.n && (unsigned char)q.s[q.i] >= '0' && (unsigned char)q.s[q.i] <= '9')
        return false;
    if (!scan_word(&q, "when.month", &value))
        return false;
    *month = scan_int(value);
    scan_text(&q, ".");
    *p = q;
    return true;
}

/* 14 mar, 14th of march 2026, mar 14, march 14th, 2026. A month alone is no date: May
 * and Jan are names. */
static bool match_named_month(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int month, day, year = 0;
    bool suffix;
    if (scan_ordinal(&q, &day, &suffix)) {
        scan_space(&q);
        if (!scan_text(&q, "of "))
            scan_text(&q, "-");
        if (!scan_month_name(&q, &month))
            return false;
    } else {
        if (!scan_month_name(&q, &month))
            return false;
        if (!scan_text(&q, " "))
            scan_text(&q, "-");
        if (!scan_ordinal(&q, &day, &suffix))
            return false;
    }
    if (!number_ends(&q) || (q.i < q.n && q.s[q.i] == ':'))
        return false;
    scan_year_behind(&q, &year);
    if (!date_token(t, year, month, day))
        return false;
    *p = q;
    return true;
}

/* 3rd time, 2nd call: the words behind say what is counted. */
static bool counts(const struct scan *p)
{
    struct scan q = *p;
    const char *value;
    return scan_text(&q, " ") && scan_word(&q, "when.counted", &value);
}

/* 5日, 来月5日, the 5th */
static bool match_day_of_month(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    int day = 0;
    bool suffix = false;
    *t = (struct when_token){ .piece = WHEN_DATE, .kind = KIND_DAY };
    t->c = scan_word(&q, "when.month_shift", &value);
    t->a = t->c ? scan_int(value) : 0;
    scan_text(&q, "の");
    bool the = scan_text(&q, "the ");
    struct scan number = q;
    if (scan_ordinal(&q, &day, &suffix) && suffix && scan_end(&q) && !(counts(&q) && !the)) {
        t->b = day;
        *p = q;
        return true;
    }
    q = number;
    if ((!scan_digits(&q, 1, 2, &day) && !scan_number(&q, &day)) || day < 1 || day > 31)
        return false;
    struct scan unit = q, nth = q;
    if (scan_text(&nth, "日目") || !scan_value(&q, "when.mark", "day") ||
        (scan_word(&unit, "when.unit", &value) && unit.i > q.i))
        return false;
    t->b = day;
    *p = q;
    return true;
}

static bool match_week_and_day(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    if (!scan_word(&q, "when.week", &value))
        return false;
    *t = (struct when_token){ .piece = WHEN_DATE,
        .kind = KIND_WEEKDAY,
        .c = WEEK_OF,
        .b = scan_int(value),
        .approximate = true };
    *p = q;
    scan_text(&q, "の");
    scan_space(&q);
    struct scan lone = q;
    if (scan_weekday(&q, &t->a) || (q.i < q.n && (unsigned char)q.s[q.i] >= 0x80 &&
                                       scan_word(&lone, "when.weekday_short", &value) &&
                                       (t->a = scan_int(value)) > 0)) {
        t->approximate = false;
        *p = t->a && lone.i > q.i ? lone : q;
    }
    return true;
}

/* fri, (金), last thu, next tue, 次の火曜 */
static bool match_weekday(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *shift = NULL;
    *t = (struct when_token){ .piece = WHEN_DATE, .kind = KIND_WEEKDAY };
    if (scan_word(&q, "when.shift", &shift))
        scan_space(&q);
    if (!scan_weekday(&q, &t->a))
        return false;
    if (shift && strcmp(shift, "soon") == 0) {
        t->c = WEEK_AFTER_TODAY;
        t->approximate = true;
    } else if (shift && strcmp(shift, "-1") == 0) {
        t->c = WEEK_BEFORE_TODAY;
    } else if (shift) {
        t->c = WEEK_OF;
        t->b = scan_int(shift);
    }
    *p = q;
    return true;
}

static bool match_relative_day(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    if (!scan_word(&q, "when.day", &value))
        return false;
    *t = (struct when_token){
        .piece = WHEN_DATE, .kind = KIND_DAYS, .a = scan_int(value)
    };
    *p = q;
    return true;
}

/* 3/3火 14時; 3/3金額 is none. */
static bool scan_lone_weekday(struct scan *p, int *weekday)
{
    struct scan q = *p;
    const char *value;
    if (q.i >= q.n || (unsigned char)q.s[q.i] < 0x80 || !scan_word(&q, "when.weekday_short", &value) ||
        (q.i < q.n && (unsigned char)q.s[q.i] >= 0x80))
        return false;
    *weekday = scan_int(value);
    *p = q;
    return true;
}

/* A weekday right behind the date repeats it: 3/3(火), 3月3日火曜; one that contradicts it
 * is asked about. fri 6 mar keeps its own piece. */
static void take_weekday(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    scan_space(&q);
    bool near = q.i == p->i;
    if (q.i < q.n && (q.s[q.i] == '(' || (near && (unsigned char)q.s[q.i] >= 0x80)) &&
        (scan_weekday(&q, &t->weekday) || (near && scan_lone_weekday(&q, &t->weekday))))
        *p = q;
    else
        t->weekday = 0;
}

/* mon am, tomorrow pm, mon 9-10: a half of the day or a span that would be any word or any
 * numbers by itself. */
static void take_hours(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    struct when_token span;
    const char *half;
    if (!scan_text(&q, " ") || q.i >= q.n || (unsigned char)q.s[q.i] >= 0x80)
        return;
    struct scan hours = q, alone = q;
    bool by_itself = match_clock(&alone, false, &span) && span.piece == WHEN_SPAN;
    if (scan_word(&q, "when.ampm", &half) && scan_end(&q)) {
        bool am = strcmp(half, "am") == 0;
        t->has_half = true;
        t->hour = am ? 10 : 15;
        t->end_hour = am ? 12 : 18;
        *p = q;
    } else if (!by_itself && match_clock(&hours, true, &span) && span.piece == WHEN_SPAN && scan_end(&hours)) {
        t->has_span = true;
        t->hour = span.hour;
        t->minute = span.minute;
        t->end_hour = span.end_hour;
        t->end_minute = span.end_minute;
        t->half_open = span.half_open;
        t->by_24 = span.by_24;
        *p = hours;
    }
}

static bool match_day(struct scan *p, struct when_token *t)
{
    if (match_iso(p, t) || match_slashes(p, t) || match_japanese(p, t) ||
        match_named_month(p, t) || match_day_of_month(p, t)) {
        take_weekday(p, t);
        return true;
    }
    return match_week_and_day(p, t) || match_weekday(p, t) || match_relative_day(p, t);
}

bool match_date(struct scan *p, struct when_token *t)
{
    if (!match_day(p, t))
        return false;
    take_hours(p, t);
    return true;
}
