/* Dates, times, durations and periods as people type them, in every shipped locale,
 * in the member's zone and market. Works on folded text (fold.h). Words come from the
 * lexicon kinds of the catalogue whose names start with `when.`. WHEN.md beside this
 * file lists what is understood. Never guesses silently: what was rounded or filled in
 * with a usual hour is `approximate`, and a day without an hour has no `has_time`. */
#ifndef TEXT_WHEN_H
#define TEXT_WHEN_H

#include "bot/text/catalogue.h"
#include "bot/text/fold.h"
#include "bot/text/zone.h"

enum when_direction { WHEN_PAST, WHEN_FUTURE };

/* Who reads it: the member's now, zone and market (numeric order, fiscal year). */
struct when_context {
    const struct catalogue *words;
    int64_t now_ms;
    const char *zone;
    const char *market; /* "JP" */
    const char *team_zone;
};

/* Pieces of a date or time met in the head; a head may hold several (`fri` `14:00`). */
enum when_piece {
    WHEN_NONE,
    WHEN_DATE,     /* a day, direction still open */
    WHEN_TIME,     /* a clock time or part of day */
    WHEN_MOMENT,   /* day and time at once: just now, last night, tonight */
    WHEN_SPAN,     /* 14:00-15:00 */
    WHEN_DURATION, /* 45m, 1時間半 */
    WHEN_BAD,      /* looks like a date but is none: 31 feb, 2/31 */
};
struct when_token {
    enum when_piece piece;
    size_t len;         /* bytes of folded text */
    int minutes;        /* WHEN_DURATION */
    bool approximate;   /* ごろ, about, a part of the day */
    bool deadline;      /* by, まで, 中に */
    bool has_span;      /* a WHEN_DATE with 9-10 behind it */
    bool ahead_only;    /* in april: no day where one looks back */
    /* private to when.c: */
    int kind, a, b, c, hour, minute, end_hour, end_minute;
    int weekday;    /* that stood behind the date, 0 none */
    bool half_open; /* a bare hour that may be morning or afternoon */
    bool by_24;     /* half_open, but in a script whose hours rather run to 24: 9時 */
    bool by_end;    /* 午前中に: looking ahead, the end of that part of the day */
    bool has_half;  /* a day with am or pm behind it: hour and end_hour are that half's */
};
/* The piece that begins at folded s[at]; WHEN_NONE if none. */
bool when_match(const struct when_context *cx, const char *s, size_t n, size_t at,
    struct when_token *out);

/* A week by itself (next week), which a weekday beside it belongs to. */
bool when_is_week(const struct when_token *t);
/* 1 Monday to 7 Sunday where a weekday stood by itself (fri), else 0. */
int when_weekday(const struct when_token *t);

struct when {
    int64_t at_ms;       /* start */
    int64_t end_ms;      /* 0 unless a span was typed */
    bool has_date, has_time;
    bool approximate;
    bool deadline;
    bool skipped;        /* clocks are put forward over that time: at_ms is behind it */
    bool repeated;       /* clocks are put back: at_ms is the first of two */
};
/* Does the wall time of `at_ms` in the zone come once more, because clocks are put back? */
bool when_repeats(int64_t at_ms, const char *zone);
/* Puts the pieces together for a verb that looks back or ahead. With no piece at all:
 * now. A day without a time: noon looking back (now, if today), 10:00 looking ahead (the
 * next half hour, if that is past), 18:00 for a deadline. False where the date does not exist: `e` has key "when.bad_date" with TXT args
 * typed, first, second (two alternatives formatted for the reader's locale), or
 * "when.bad_weekday" where the weekday behind it is another day's. */
bool when_resolve(const struct when_context *cx, const struct when_token *pieces, int n,
    enum when_direction direction, struct when *out, struct arena *mem, int locale,
    struct err *e) MUST_CHECK;

/* Periods of questions: q3, 2026h1, 上期, fy2026, last month, 90d, this quarter. */
struct period {
    int64_t from_ms, to_ms; /* [from, to) in the team zone */
    int32_t from_day, to_day; /* civil days of the team zone, to exclusive */
    bool to_date;           /* still running: `to` is cut at now */
    int32_t end_day;        /* where it ends when it is over, exclusive; 0: at to_day */
};
bool period_match(const struct when_context *cx, const char *s, size_t n, size_t at,
    struct period *out, size_t *len);
struct period period_trailing_months(const struct when_context *cx, int months);
struct period period_quarter_to_date(const struct when_context *cx);
struct period period_before(const struct when_context *cx, const struct period *p);
/* This calendar month to date and the `months` - 1 whole ones before it. */
struct period period_last_months(const struct when_context *cx, int months);
/* The calendar stretches of `months` (1 or 3) in p, oldest first, cut where p begins and
 * ends; the last `max` of them. */
int period_parts(const struct when_context *cx, const struct period *p, int months,
    struct period *out, int max);

/* Display, in the reader's locale and zone; `now_ms` decides what is today and whether
 * the year is printed. English: "today 17:20", "Tue 3 Mar 17:20", "Mar 1 – Mar 31 2026";
 * Japanese: "今日17:20", "3/3(火) 17:20", "2026/1/1〜3/31". */
char *when_format(const struct when_context *cx, struct arena *mem, int locale, int64_t ms);
char *when_format_day(const struct when_context *cx, struct arena *mem, int locale, int32_t day);
char *when_format_time(const struct when_context *cx, struct arena *mem, int locale, int64_t ms);
char *when_format_minutes(const struct when_context *cx, struct arena *mem, int locale, int minutes);
/* How long ago: "4 days ago", "2 h ago", "今日17:20" for today (ja), "4日前". */
char *when_format_ago(const struct when_context *cx, struct arena *mem, int locale, int64_t ms);
char *period_format(const struct when_context *cx, struct arena *mem, int locale,
    const struct period *p);
/* The month or quarter that p lies in: "Feb 2026", "Q1 2026", 2026/2, 2026/1〜3. */
char *period_format_part(const struct when_context *cx, struct arena *mem, int locale,
    const struct period *p, int months);

#endif
