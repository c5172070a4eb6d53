/* What the files of `when` and `period` share: a place in folded text, the words of the
 * lexicon read from there, and the meanings of a token's private fields. */
#ifndef TEXT_WHEN_PARTS_H
#define TEXT_WHEN_PARTS_H

#include "bot/text/when.h"

struct scan {
    const struct when_context *cx;
    const char *s;
    size_t n, i;
    struct seen *seen;
};

/* What the lexicon said at the latest places: every reader asks it again. */
enum { SEEN_PLACES = 4, SEEN_WORDS = 24 };
struct seen {
    struct {
        size_t after; /* the place, plus one; 0: nothing yet */
        int n;
        struct word words[SEEN_WORDS];
    } place[SEEN_PLACES];
};

int scan_int(const char *value); /* of a lexicon value */
/* All of these move the scan behind what they took and leave it alone otherwise. */
bool scan_word(struct scan *p, const char *kind, const char **value);
/* As scan_word, but not where another word of the lexicon goes on: 前 in 前向き. */
bool scan_longest(struct scan *p, const char *kind, const char **value);
bool scan_value(struct scan *p, const char *kind, const char *value);
bool scan_text(struct scan *p, const char *text);
bool scan_space(struct scan *p); /* one or none; always true */
/* Decimal digits, at least `min` and at most `max` of them, and no digit behind. */
bool scan_digits(struct scan *p, int min, int max, int *value);
/* As typed: digits or a word for the number, up to twelve, in kanji up to 99. */
bool scan_number(struct scan *p, int *value);
bool scan_end(const struct scan *p); /* no ASCII word is cut in two here */
/* 月 in brackets, or 月曜, mon, …: 1 to 7. */
bool scan_weekday(struct scan *p, int *weekday);
/* minute, hour, day, business_day, week, fortnight, month, quarter, year: a unit's lexicon value.
 * One-letter units must stand right behind the number. */
bool scan_unit(struct scan *p, const char **unit);

enum when_kind {
    KIND_NONE,
    KIND_DAYS,       /* a: days from today; c: sign open */
    KIND_BUSINESS,   /* a: business days from today; c: sign open */
    KIND_WEEKDAY,    /* a: weekday, 0 any; b: weeks from this one; c: enum week_mode */
    KIND_DATE,       /* a: month; b: day; c: year or 0 */
    KIND_SWAPPED,    /* the same, typed in the other markets' order: to be asked */
    KIND_DAY,        /* b: day of a month; a: months from this one, if c */
    KIND_MONTHS,     /* a: months from today */
    KIND_EDGE,       /* a: shift or month; b: enum edge; c: enum edge_base */
    KIND_NOW,
    KIND_DAYTIME,    /* a: days from today; hour, minute */
    KIND_MINUTES,    /* a: minutes from now */
    KIND_CLOCK,      /* hour, minute; half_open */
    KIND_PART,       /* hour, minute; end_hour, end_minute as a deadline */
};
enum week_mode { WEEK_OPEN, WEEK_OF, WEEK_BEFORE_TODAY, WEEK_AFTER_TODAY };
enum edge { EDGE_WEEK_START, EDGE_WEEK_MIDDLE, EDGE_WEEK_END, EDGE_WEEKEND,
    EDGE_MONTH_START, EDGE_MONTH_EARLY, EDGE_MONTH_MIDDLE, EDGE_MONTH_LATE,
    EDGE_MONTH_END, EDGE_YEAR_END, EDGE_YEAR_START, EDGE_FISCAL_END, EDGE_FISCAL_START,
    EDGE_GOLDEN_WEEK, EDGE_OBON, EDGE__MAX };
enum edge_base { BASE_OPEN, BASE_WEEKS, BASE_MONTHS, BASE_MONTH };

/* Each reads one piece at the scan; the length is what the scan moved. */
bool match_clock(struct scan *p, bool bare, struct when_token *t);
bool match_duration(struct scan *p, struct when_token *t);
bool match_moment(struct scan *p, struct when_token *t);
bool match_offset(struct scan *p, struct when_token *t);
bool match_date(struct scan *p, struct when_token *t);
bool match_edge(struct scan *p, struct when_token *t);

/* What resolving one when has found so far. */
struct resolve {
    const struct when_context *cx;
    enum when_direction direction;
    int32_t today, day;
    const struct when_token *clock; /* what says the time of day, or NULL */
    bool soft;                      /* the clock came with the day: tonight */
    bool has_date, approximate, deadline;
};
/* The day that a date piece or a moment means; ERR_USAGE when.bad_date. */
bool resolve_day(struct resolve *s, const struct when_token *t, struct arena *mem,
    int locale, struct err *e);

/* The month as the reader's language writes it in dates: Mar, 3. */
const char *month_text(
    const struct when_context *cx, struct arena *mem, int locale, int month);
int month_days(int year, int month);
/* The month `n` months on: year and month are changed in place. */
void month_add(int *year, int *month, int n);
int fiscal_month(const struct when_context *cx);

#endif
