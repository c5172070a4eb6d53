/* Owns what is said in terms of now: so many days from it, moments of the day before or
 * after, and the edges of weeks, months and years (週明け, 月末, 3末, 年明け). */
#include "bot/text/when_parts.h"

#include <string.h>

static bool offset_token(struct when_token *t, const char *unit, int n, bool open)
{
    *t =
        (struct when_token){ .piece = WHEN_DATE, .kind = KIND_DAYS, .a = n, .c = open };
    if (strcmp(unit, "week") == 0)
        t->a = n * 7;
    else if (strcmp(unit, "fortnight") == 0)
        t->a = n * 14;
    else if (strcmp(unit, "business_day") == 0)
        t->kind = KIND_BUSINESS;
    else if (strcmp(unit, "month") == 0)
        t->kind = KIND_MONTHS;
    else if (strcmp(unit, "quarter") == 0)
        *t = (struct when_token){ .piece = WHEN_DATE, .kind = KIND_MONTHS, .a = n * 3 };
    else if (strcmp(unit, "year") == 0)
        *t =
            (struct when_token){ .piece = WHEN_DATE, .kind = KIND_MONTHS, .a = n * 12 };
    else if (strcmp(unit, "day") != 0)
        *t = (struct when_token){ .piece = WHEN_MOMENT,
            .kind = KIND_MINUTES,
            .a = strcmp(unit, "hour") == 0 ? n * 60 : n };
    return true;
}

/* in half an hour, an hour and a half ago */
static bool match_length_away(struct scan *p, bool ahead, struct when_token *t)
{
    struct scan q = *p;
    const char *value, *which = "later";
    if (!scan_word(&q, "when.length", &value) || *value == '~')
        return false;
    if (!ahead && !(scan_space(&q) && scan_word(&q, "when.ago", &which)))
        return false;
    int minutes = scan_int(value);
    *p = q;
    return offset_token(t, "minute", strcmp(which, "ago") == 0 ? -minutes : minutes, false);
}

/* in april: a month by itself is no date, may and jan are names. */
static bool match_month_ahead(struct scan *p, struct when_token *t)
{
    const char *value;
    struct scan q = *p;
    if (!scan_word(&q, "when.month", &value) || (unsigned char)q.s[q.i - 1] >= 0x80)
        return false;
    *t = (struct when_token){ .piece = WHEN_DATE, .kind = KIND_EDGE, .a = scan_int(value),
        .b = EDGE_MONTH_START, .c = BASE_MONTH, .approximate = true,
        .ahead_only = true };
    *p = q;
    return true;
}

/* in 3 days, 中2日: the days between don't count. */
static bool match_in(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *how, *unit;
    int n = 0;
    if (!scan_word(&q, "when.in", &how))
        return false;
    scan_space(&q);
    if (match_length_away(&q, true, t) || match_month_ahead(&q, t)) {
        *p = q;
        return true;
    }
    if (!scan_number(&q, &n) || !scan_unit(&q, &unit) || n > 1000)
        return false;
    bool gap = strcmp(how, "gap") == 0;
    if (gap && strcmp(unit, "day") != 0 && strcmp(unit, "business_day") != 0)
        return false;
    *p = q;
    return offset_token(t, unit, gap ? n + 1 : n, false);
}

static bool match_next_business_day(struct scan *p, struct when_token *t)
{
    const char *value;
    if (!scan_word(p, "when.business_day", &value))
        return false;
    return offset_token(t, "business_day", scan_int(value), false);
}

/* 2 days ago, 3営業日後; and 2d, 30d, 2w, whose direction is the verb's. */
bool match_offset(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *unit, *which;
    int n = 0;
    if (match_in(p, t) || match_next_business_day(p, t) || match_length_away(p, false, t))
        return true;
    if (!scan_number(&q, &n) || n > 1000)
        return false;
    size_t from = q.i;
    if (!scan_unit(&q, &unit))
        return false;
    bool terse = q.i - from <= 2 && (unsigned char)q.s[from] < 0x80 && q.s[from] != ' ';
    struct scan behind = q;
    bool about = scan_value(&behind, "when.about", "after"); /* 2時間ほど前 */
    if (behind.i + 1 < behind.n && (unsigned char)behind.s[behind.i + 1] < 0x80)
        scan_space(&behind); /* 40分 前向き is no time */
    if (scan_longest(&behind, "when.ago", &which)) {
        *p = behind;
        offset_token(t, unit, strcmp(which, "ago") == 0 ? -n : n, false);
        t->approximate = about;
        return true;
    }
    bool clock = strcmp(unit, "minute") == 0 || strcmp(unit, "hour") == 0;
    struct scan due = q;
    bool business = strcmp(unit, "business_day") == 0;
    bool latin = (unsigned char)q.s[q.i - 1] < 0x80;
    if (clock || !(terse || (business && (latin || scan_word(&due, "when.deadline", &which)))))
        return false;
    *p = q;
    return offset_token(t, unit, n, true);
}

bool match_moment(struct scan *p, struct when_token *t)
{
    const char *value;
    if (!scan_word(p, "when.moment", &value))
        return false;
    *t = (struct when_token){
        .piece = WHEN_MOMENT, .kind = KIND_NOW, .approximate = true
    };
    if (strcmp(value, "now") == 0)
        return true;
    const char *clock = strchr(value, ' ');
    t->kind = KIND_DAYTIME;
    t->a = scan_int(value);
    t->hour = clock ? scan_int(clock + 1) : 0;
    t->minute = clock ? scan_int(clock + 4) : 0;
    return true;
}

static int edge_of(const char *value)
{
    static const char *const names[EDGE__MAX] = {
        [EDGE_WEEK_START] = "week_start",
        [EDGE_WEEK_MIDDLE] = "week_middle",
        [EDGE_WEEK_END] = "week_end",
        [EDGE_WEEKEND] = "weekend",
        [EDGE_MONTH_START] = "month_start",
        [EDGE_MONTH_EARLY] = "month_early",
        [EDGE_MONTH_MIDDLE] = "month_middle",
        [EDGE_MONTH_LATE] = "month_late",
        [EDGE_MONTH_END] = "month_end",
        [EDGE_YEAR_END] = "year_end",
        [EDGE_YEAR_START] = "year_start",
        [EDGE_FISCAL_END] = "fiscal_end",
        [EDGE_FISCAL_START] = "fiscal_start",
        [EDGE_GOLDEN_WEEK] = "golden_week",
        [EDGE_OBON] = "obon",
    };
    for (int i = 0; i < EDGE__MAX; i++) {
        if (strcmp(names[i], value) == 0)
            return i;
    }
    return EDGE_MONTH_END;
}

/* 頭, 末, 中旬 behind a week or a month. */
static int suffix_edge(const char *value, bool week)
{
    static const struct {
        const char *value;
        enum edge week, month;
    } rows[] = {
        { "start", EDGE_WEEK_START, EDGE_MONTH_START },
        { "early", EDGE_WEEK_START, EDGE_MONTH_EARLY },
        { "middle", EDGE_WEEK_MIDDLE, EDGE_MONTH_MIDDLE },
        { "late", EDGE_WEEK_MIDDLE, EDGE_MONTH_LATE },
        { "end", EDGE_WEEKEND, EDGE_MONTH_END },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].value, value) == 0)
            return (int)(week ? rows[i].week : rows[i].month);
    }
    return EDGE_MONTH_END;
}

/* 3末 is 3月末; only 末 may stand so. */
static bool scan_month_number(struct scan *p, int *month, bool *mark)
{
    struct scan q = *p;
    if (!scan_digits(&q, 1, 2, month) || *month < 1 || *month > 12)
        return false;
    *mark = scan_value(&q, "when.mark", "month");
    *p = q;
    return true;
}

/* 来週頭, 来月末, 3月上旬, 3末; next week, next month by themselves. */
static bool match_edge_of(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value, *edge = NULL;
    bool mark = true;
    int base, a = 0;
    if (scan_word(&q, "when.week", &value)) {
        base = BASE_WEEKS;
        a = scan_int(value);
    } else if (scan_word(&q, "when.month_shift", &value)) {
        base = BASE_MONTHS;
        a = scan_int(value);
    } else if (scan_month_number(&q, &a, &mark)) {
        base = BASE_MONTH;
    } else {
        return false;
    }
    struct scan behind = q;
    scan_text(&behind, "の");
    bool has = scan_word(&behind, "when.edge_suffix", &edge);
    if (!has && base != BASE_MONTHS)
        return false;
    if (!mark && strcmp(edge, "end") != 0)
        return false;
    *t = (struct when_token){ .piece = WHEN_DATE,
        .kind = KIND_EDGE,
        .a = a,
        .c = base,
        .b = has ? suffix_edge(edge, base == BASE_WEEKS) : EDGE_MONTH_START,
        .approximate = true };
    *p = has ? behind : q;
    return true;
}

/* The end of next week is its Friday, where 来週末 is the weekend. */
static bool week_ends(const char *edge, int base)
{
    return base == BASE_WEEKS && strcmp(edge, "end") == 0;
}

/* end of march, mid-april, early next month, end of q1 */
static bool match_edge_before(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *edge, *value;
    int base = BASE_MONTH, a = 0;
    if (!scan_word(&q, "when.edge_prefix", &edge))
        return false;
    if (!scan_text(&q, " "))
        scan_text(&q, "-");
    if (scan_word(&q, "when.month_shift", &value)) {
        base = BASE_MONTHS;
        a = scan_int(value);
    } else if (scan_word(&q, "when.week", &value)) {
        base = BASE_WEEKS;
        a = scan_int(value);
    } else if (scan_text(&q, "q")) {
        if (!scan_digits(&q, 1, 1, &a) || a < 1 || a > 4)
            return false;
        a = strcmp(edge, "end") == 0 ? a * 3 : strcmp(edge, "middle") == 0 ? a * 3 - 1 : a * 3 - 2;
    } else if (scan_word(&q, "when.month", &value) && (unsigned char)q.s[q.i - 1] < 0x80) {
        a = scan_int(value);
    } else {
        return false;
    }
    *t = (struct when_token){ .piece = WHEN_DATE,
        .kind = KIND_EDGE,
        .a = a,
        .c = base,
        .b = week_ends(edge, base) ? EDGE_WEEK_END : suffix_edge(edge, base == BASE_WEEKS),
        .approximate = true };
    *p = q;
    return true;
}

bool match_edge(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    if (match_edge_of(p, t) || match_edge_before(p, t))
        return true;
    int shift = 0;
    bool shifted = scan_word(&q, "when.shift", &value) && scan_text(&q, " ");
    if (shifted)
        shift = scan_int(value);
    else
        q = *p;
    if (!scan_word(&q, "when.edge", &value))
        return false;
    int edge = edge_of(value);
    if (shifted && edge > EDGE_WEEKEND)
        return false;
    *t = (struct when_token){ .piece = WHEN_DATE,
        .kind = KIND_EDGE,
        .a = shift,
        .b = edge,
        .c = shifted ? BASE_WEEKS : BASE_OPEN,
        .approximate = true };
    *p = q;
    return true;
}
