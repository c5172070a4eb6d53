/* Owns the names of periods: q3 and 2026h1 are calendar, 3Q, 上期 and fy2026 fiscal. A
 * name without a year is the current such period or, before it has begun, the one
 * before. */
#include "bot/text/when_parts.h"

#include "bot/text/calendar.h"
#include "bot/text/period.h"
#include <string.h>

/* A part of a year: `months` months from the `index`-th such part (from 0). */
struct part {
    int months, index;
    bool fiscal;
};

static struct civil today_of(const struct when_context *cx)
{
    return civil_of_day(period_today(cx));
}

/* The calendar year in which the fiscal year that holds today began. */
static int fiscal_start_year(const struct when_context *cx)
{
    struct civil c = today_of(cx);
    return c.month >= fiscal_month(cx) ? c.year : c.year - 1;
}

static int fiscal_year_named(const struct when_context *cx, int year)
{
    const struct market *m = market_find(cx->market);
    return m && m->fiscal_named_by_end ? year - 1 : year;
}

static struct period part_of_year(
    const struct when_context *cx, struct part part, int year)
{
    int month = part.fiscal ? fiscal_month(cx) : 1;
    month_add(&year, &month, part.index * part.months);
    return period_of_months(cx, year, month, part.months);
}

static struct period part_without_year(const struct when_context *cx, struct part part)
{
    int year = part.fiscal ? fiscal_start_year(cx) : today_of(cx).year;
    struct period p = part_of_year(cx, part, year);
    return p.from_day <= period_today(cx) ? p : part_of_year(cx, part, year - 1);
}

static bool scan_year(struct scan *p, int *year)
{
    struct scan q = *p;
    if (!scan_digits(&q, 4, 4, year) || *year < 1990 || *year > 2100)
        return false;
    *p = q;
    return true;
}

/* q3, h1, fq3, fh1 */
static bool scan_letter_first(struct scan *p, struct part *part, int *n)
{
    part->fiscal = scan_text(p, "f");
    part->months = scan_text(p, "q") ? 3 : scan_text(p, "h") ? 6 : 0;
    return part->months && scan_digits(p, 1, 1, n);
}

/* 3q, 1h, 第3四半期, 上期: the digit first is the Japanese order, and fiscal. */
static bool scan_digit_first(struct scan *p, struct part *part, int *n)
{
    const char *value;
    struct scan q = *p;
    part->fiscal = true;
    part->months = 6;
    if (scan_word(&q, "when.fiscal", &value) && strncmp(value, "half", 4) == 0) {
        *n = value[4] - '0';
        *p = q;
        return true;
    }
    bool ordinal = scan_value(p, "when.fiscal", "ordinal");
    if (!scan_digits(p, 1, 1, n))
        return false;
    bool quarter =
        ordinal ? scan_value(p, "when.fiscal", "quarter") : scan_text(p, "q");
    part->months = quarter ? 3 : 6;
    return quarter || (!ordinal && scan_text(p, "h"));
}

static bool scan_part(struct scan *p, struct part *part)
{
    struct scan letter = *p, digit = *p;
    int n = 0;
    bool first = scan_letter_first(&letter, part, &n);
    if (!first && !scan_digit_first(&digit, part, &n))
        return false;
    struct scan end = first ? letter : digit;
    if (n < 1 || n > 12 / part->months || !scan_end(&end))
        return false;
    part->index = n - 1;
    *p = end;
    return true;
}

/* fy2026, fy26, 2026年度, 26年度, each perhaps with 上期 or 3Q behind. */
static bool match_fiscal_year(struct scan *p, struct period *out)
{
    struct scan q = *p;
    int year = 0;
    if (scan_text(&q, "fy")) {
        scan_space(&q);
        if (!scan_digits(&q, 2, 4, &year))
            return false;
    } else if (!scan_digits(&q, 2, 4, &year) ||
               !scan_value(&q, "when.fiscal", "year")) {
        return false;
    }
    year += year < 100 ? 2000 : 0;
    if (year < 1990 || year > 2100 || !scan_end(&q))
        return false;
    year = fiscal_year_named(p->cx, year);
    struct part part = { 12, 0, true }, of_year;
    *p = q;
    scan_text(&q, "の");
    scan_space(&q);
    if (scan_part(&q, &of_year)) {
        part = of_year;
        part.fiscal = true;
        *p = q;
    }
    *out = part_of_year(p->cx, part, year);
    return true;
}

/* 2026h1, 2026 q3, q3 2026, q3. */
static bool match_part(struct scan *p, struct period *out)
{
    struct scan q = *p;
    struct part part;
    int year = 0;
    if (scan_year(&q, &year)) {
        if (!scan_text(&q, "-"))
            scan_space(&q);
        if (!scan_part(&q, &part))
            return false;
    } else {
        if (!scan_part(&q, &part))
            return false;
        struct scan behind = q;
        scan_space(&behind);
        if (scan_year(&behind, &year) && scan_end(&behind))
            q = behind;
    }
    if (year && part.fiscal)
        year = fiscal_year_named(p->cx, year);
    *out = year ? part_of_year(p->cx, part, year) : part_without_year(p->cx, part);
    *p = q;
    return true;
}

static bool scan_named_month(struct scan *p, int *month)
{
    struct scan q = *p;
    const char *value;
    if (scan_digits(&q, 1, 2, month)) {
        if (*month < 1 || *month > 12 || !scan_value(&q, "when.mark", "month"))
            return false;
    } else if (scan_word(&q, "when.month", &value)) {
        *month = scan_int(value);
    } else {
        return false;
    }
    *p = q;
    return true;
}

/* The month behind a year: -03, 3月, a name. 0 where there is none. */
static int scan_month_behind(struct scan *p)
{
    struct scan q = *p;
    int month = 0;
    if (scan_text(&q, "-")) {
        if (!scan_digits(&q, 2, 2, &month) || month < 1 || month > 12 ||
            !scan_end(&q) || scan_text(&q, "-"))
            return 0;
        *p = q;
        return month;
    }
    scan_space(&q);
    if (!scan_named_month(&q, &month))
        return 0;
    *p = q;
    return month;
}

/* 2026, 2026年, 26年3月, 2026-03 */
static bool match_year_first(struct scan *p, struct period *out)
{
    struct scan q = *p;
    int year = 0;
    if (!scan_digits(&q, 2, 4, &year))
        return false;
    bool mark = scan_value(&q, "when.mark", "year");
    year += mark && year < 100 ? 2000 : 0;
    if (year < 1990 || year > 2100 || !scan_end(&q))
        return false;
    int month = scan_month_behind(&q);
    *out = period_of_months(p->cx, year, month ? month : 1, month ? 1 : 12);
    *p = q;
    return true;
}

/* march, 3月, mar 2026 */
static bool match_month(struct scan *p, struct period *out)
{
    struct scan q = *p;
    int year = 0, month = 0;
    if (!scan_named_month(&q, &month) || !scan_end(&q))
        return false;
    struct scan behind = q;
    scan_space(&behind);
    if (scan_year(&behind, &year) && scan_end(&behind)) {
        *out = period_of_months(p->cx, year, month, 1);
        *p = behind;
        return true;
    }
    *out = part_without_year(p->cx, (struct part){ 1, month - 1, false });
    *p = q;
    return true;
}

/* Between the months of a range: 1〜3月, Jan–Mar, Jan to Mar, 1月から3月. */
static bool scan_until(struct scan *p)
{
    static const char *const signs[] = { "〜", "~", "-", "–", "—", "から" };
    static const char *const words[] = { "to", "through", "till", "until" };
    struct scan q = *p;
    bool said = false;
    scan_space(&q);
    for (size_t i = 0; !said && i < sizeof signs / sizeof *signs; i++)
        said = scan_text(&q, signs[i]);
    for (size_t i = 0; !said && q.i > p->i && i < sizeof words / sizeof *words; i++)
        said = scan_text(&q, words[i]);
    if (said) {
        scan_space(&q);
        *p = q;
    }
    return said;
}

/* In 1〜3月 the first has no mark of its own. */
static bool scan_first_month(struct scan *p, int *month)
{
    struct scan q = *p, behind;
    if (scan_named_month(p, month))
        return true;
    if (!scan_digits(&q, 1, 2, month) || *month < 1 || *month > 12)
        return false;
    behind = q;
    int last;
    if (!scan_until(&behind) || !scan_digits(&behind, 1, 2, &last) ||
        !scan_value(&behind, "when.mark", "month"))
        return false;
    *p = q;
    return true;
}

/* 1〜3月, 2026年1〜3月, Jan–Mar, November to January 2026: a year in front is that of the
 * first month, one behind that of the last. */
static bool match_months(struct scan *p, struct period *out)
{
    struct scan q = *p, dated = *p;
    int year = 0, first = 0, last = 0, end = 0;
    if (scan_digits(&dated, 4, 4, &year) && year >= 1990 && year <= 2100) {
        (void)scan_value(&dated, "when.mark", "year");
        scan_space(&dated);
        q = dated;
    } else {
        year = 0;
    }
    if (!scan_first_month(&q, &first) || !scan_until(&q) || !scan_named_month(&q, &last) ||
        !scan_end(&q))
        return false;
    int months = (last - first + 12) % 12 + 1;
    struct scan behind = q;
    scan_space(&behind);
    if (!year && scan_year(&behind, &end) && scan_end(&behind)) {
        q = behind;
        year = end - (last < first);
    }
    *p = q;
    *out = period_of_months(p->cx, year ? year : today_of(p->cx).year, first, months);
    if (!year && out->from_day > period_today(p->cx))
        *out = period_of_months(p->cx, today_of(p->cx).year - 1, first, months);
    return true;
}

static bool trailing(
    const struct when_context *cx, int n, const char *unit, struct period *out)
{
    int32_t end = period_today(cx) + 1;
    if (n < 1 || n > 3700)
        return false;
    if (strcmp(unit, "day") == 0)
        *out = period_of_days(cx, end - n, end);
    else if (strcmp(unit, "week") == 0)
        *out = period_of_days(cx, end - 7 * (n < 520 ? n : 520), end);
    else if (strcmp(unit, "month") == 0)
        *out = period_trailing_months(cx, n < 120 ? n : 120);
    else if (strcmp(unit, "quarter") == 0)
        *out = period_trailing_months(cx, 3 * (n < 40 ? n : 40));
    else if (strcmp(unit, "year") == 0)
        *out = period_trailing_months(cx, 12 * (n < 10 ? n : 10));
    else
        return false;
    return true;
}

/* 90d, 12w; last 90 days, 直近90日, ここ3か月. */
static bool match_trailing(struct scan *p, struct period *out)
{
    struct scan q = *p;
    const char *unit, *word;
    int n = 0;
    bool said = scan_word(&q, "when.trailing", &word);
    if (said)
        scan_space(&q);
    if (!(said ? scan_number(&q, &n) : scan_digits(&q, 1, 4, &n)))
        return false;
    size_t from = q.i;
    if (!scan_unit(&q, &unit) || !scan_end(&q))
        return false;
    bool terse = q.i == from + 1 && (unsigned char)q.s[from] < 0x80;
    if (!(said || terse) || !trailing(p->cx, n, unit, out))
        return false;
    *p = q;
    return true;
}

static struct period since_start(const struct when_context *cx, int year, int month)
{
    return period_of_days(cx, day_number(year, month, 1), period_today(cx) + 1);
}

static struct period week_period(const struct when_context *cx, int shift)
{
    int32_t today = period_today(cx);
    int32_t monday = today - (civil_of_day(today).weekday - 1) + 7 * shift;
    return period_of_days(cx, monday, monday + 7);
}

/* The half year whose results a bonus season rewards: summer October to March, winter
 * April to September. */
static struct period season_period(const struct when_context *cx, int season)
{
    struct civil c = today_of(cx);
    int month = season == 1 ? 10 : 4;
    return period_of_months(cx, c.month >= month ? c.year : c.year - 1, month, 6);
}

static struct period months_shifted(
    const struct when_context *cx, int length, int shift)
{
    struct civil c = today_of(cx);
    int year = c.year, month = (c.month - 1) / length * length + 1;
    month_add(&year, &month, shift * length);
    return period_of_months(cx, year, month, length);
}

static bool named(const struct when_context *cx, const char *value, struct period *out)
{
    const char *colon = strchr(value, ':');
    int n = colon ? scan_int(colon + 1) : 0, year = today_of(cx).year;
    size_t len = colon ? (size_t)(colon - value) : strlen(value);
    char name[16] = { 0 };
    if (len >= sizeof name)
        return false;
    memcpy(name, value, len);
    if (strcmp(name, "week") == 0)
        *out = week_period(cx, n);
    else if (strcmp(name, "month") == 0)
        *out = months_shifted(cx, 1, n);
    else if (strcmp(name, "quarter") == 0)
        *out = months_shifted(cx, 3, n);
    else if (strcmp(name, "year") == 0)
        *out = months_shifted(cx, 12, n);
    else if (strcmp(name, "fy") == 0)
        *out =
            part_of_year(cx, (struct part){ 12, 0, true }, fiscal_start_year(cx) + n);
    else if (strcmp(name, "half") == 0)
        *out = part_without_year(cx, (struct part){ 6, n - 1, true });
    else if (strcmp(name, "season") == 0)
        *out = season_period(cx, n);
    else if (strcmp(name, "ytd") == 0)
        *out = since_start(cx, year, 1);
    else if (strcmp(name, "fytd") == 0)
        *out = since_start(cx, fiscal_start_year(cx), fiscal_month(cx));
    else if (strcmp(name, "qtd") == 0)
        *out = period_quarter_to_date(cx);
    else
        *out = since_start(cx, year, today_of(cx).month);
    return true;
}

static bool match_named(struct scan *p, struct period *out)
{
    const char *value;
    struct scan q = *p;
    if (!scan_word(&q, "when.period", &value) || !scan_end(&q) ||
        !named(p->cx, value, out))
        return false;
    *p = q;
    return true;
}

bool period_match(const struct when_context *cx, const char *s, size_t n, size_t at,
    struct period *out, size_t *len)
{
    static bool (*const matchers[])(
        struct scan *, struct period *) = { match_fiscal_year, match_part,
        match_year_first, match_month, match_months, match_trailing, match_named };
    struct seen seen = { 0 };
    struct scan best = { cx, s, n, at, &seen };
    for (size_t i = 0; i < sizeof matchers / sizeof *matchers && at < n; i++) {
        struct scan q = { cx, s, n, at, &seen };
        struct period found;
        if (matchers[i](&q, &found) && q.i > best.i) {
            best = q;
            *out = found;
        }
    }
    *len = best.i - at;
    return best.i > at;
}
