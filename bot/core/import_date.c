/* Days and times as spreadsheets write them: 2026-03-02, 2026/3/2 14:30, 令和8年3月2日,
 * R8.3.2, 2 Mar 2026, 46083. Whether 3/4 is in March or in April is not decided here: a
 * column's other cells, or the person, tell (sheet_settle_dates). */
#include "bot/core/import_private.h"

#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"
#include <string.h>

struct eye {
    const char *s;
};

static bool digit(const char *s)
{
    return *s >= '0' && *s <= '9';
}

/* A number of at most `max` digits; how many were read. */
static int number(struct eye *y, int max, int *out)
{
    int n = 0;
    *out = 0;
    while (n < max && digit(y->s)) {
        *out = *out * 10 + (*y->s++ - '0');
        n++;
    }
    return digit(y->s) ? 0 : n;
}

static bool word(struct eye *y, const char *w)
{
    size_t n = strlen(w);
    if (strncmp(y->s, w, n) != 0)
        return false;
    y->s += n;
    return true;
}

static void spaces(struct eye *y)
{
    while (*y->s == ' ' || *y->s == ',')
        y->s++;
}

static bool separator(struct eye *y)
{
    spaces(y);
    bool found =
        word(y, "/") || word(y, "-") || word(y, ".") || word(y, "年") || word(y, "月");
    spaces(y);
    return found;
}

/* (月), （Mon）, monday: says nothing that the date does not. */
static void weekday(struct eye *y)
{
    spaces(y);
    const char *end = *y->s == '(' ? strchr(y->s, ')') : NULL;
    if (end)
        y->s = end + 1;
    spaces(y);
}

/* The year before the first of the era; 0: no era begins here. */
static int era(struct eye *y)
{
    static const struct {
        const char *word;
        int before;
    } eras[] = { { "令和", 2018 }, { "平成", 1988 }, { "昭和", 1925 }, { "r", 2018 },
        { "h", 1988 }, { "s", 1925 } };
    for (size_t i = 0; i < sizeof eras / sizeof *eras; i++) {
        struct eye after = *y;
        if (word(&after, eras[i].word)) {
            spaces(&after);
            if (digit(after.s) || !strncmp(after.s, "元", strlen("元"))) {
                *y = after;
                return eras[i].before;
            }
        }
    }
    return 0;
}

static bool read_era(struct eye *y, struct sheet_date *d)
{
    int before = era(y), year = 1;
    if (!before || (!word(y, "元") && !number(y, 2, &year)) || !separator(y) ||
        !number(y, 2, &d->part[1]) || !separator(y) || !number(y, 2, &d->part[2]))
        return false;
    (void)word(y, "日");
    d->part[0] = before + year;
    return d->settled = true;
}

static int month_word(struct eye *y)
{
    static const char *const months[] = { "january", "february", "march", "april",
        "may", "june", "july", "august", "september", "october", "november",
        "december" };
    for (int m = 0; m < 12; m++) {
        if (word(y, months[m]) || !strncmp(y->s, months[m], 3)) {
            if (y->s[0] >= 'a' && y->s[0] <= 'z')
                y->s += 3;
            while (*y->s >= 'a' && *y->s <= 'z')
                y->s++;
            (void)word(y, ".");
            return m + 1;
        }
    }
    return 0;
}

static void ordinal(struct eye *y)
{
    (void)(word(y, "st") || word(y, "nd") || word(y, "rd") || word(y, "th"));
}

/* 2 mar 2026, 2-mar-26, mar 2, 2026 */
static bool read_worded(struct eye *y, struct sheet_date *d)
{
    int day = 0, year = 0;
    int first = number(y, 2, &day);
    if (first) {
        ordinal(y);
        (void)separator(y);
    }
    int month = month_word(y);
    if (!month)
        return false;
    (void)separator(y);
    if (!first && !number(y, 2, &day))
        return false;
    ordinal(y);
    (void)separator(y);
    int digits = number(y, 4, &year);
    if (digits != 4 && digits != 2)
        return false;
    *d = (struct sheet_date){ .part = { digits == 2 ? 2000 + year : year, month, day },
        .settled = true };
    return true;
}

/* 20260302, and the day number of a spreadsheet: 46083, with a part of a day behind it. */
static bool read_plain(struct eye *y, struct sheet_date *d)
{
    enum { SERIAL_OF_1970 = 25569, SERIAL_MIN = 20000, SERIAL_MAX = 80000 };
    struct eye start = *y;
    int v, n = number(y, 8, &v);
    if (n == 8) {
        d->part[0] = v / 10000, d->part[1] = v / 100 % 100, d->part[2] = v % 100;
        return d->settled = true;
    }
    if (n != 5 || v < SERIAL_MIN || v > SERIAL_MAX || (*y->s && *y->s != '.')) {
        *y = start;
        return false;
    }
    struct civil c = civil_of_day(v - SERIAL_OF_1970);
    d->part[0] = c.year, d->part[1] = c.month, d->part[2] = c.day;
    if (word(y, ".")) {
        int64_t part = 0, whole = 1;
        for (; digit(y->s) && whole < INT64_C(1000000000); y->s++, whole *= 10)
            part = part * 10 + (*y->s - '0');
        while (digit(y->s))
            y->s++;
        int seconds = (int)((part * 86400 + whole / 2) / whole);
        d->has_time = true;
        d->hour = seconds / 3600, d->minute = seconds / 60 % 60,
        d->second = seconds % 60;
    }
    return d->settled = true;
}

static bool read_parts(struct eye *y, struct sheet_date *d)
{
    int digits[3];
    for (int i = 0; i < 3; i++) {
        digits[i] = number(y, 4, &d->part[i]);
        if (!digits[i] || digits[i] == 3 || (i < 2 && !separator(y)))
            return false;
    }
    (void)word(y, "日");
    d->settled = digits[0] == 4;
    d->long_year = digits[2] == 4;
    return digits[1] <= 2 && (digits[0] <= 2 || digits[2] <= 2);
}

/* :30:05 or 時半, 時30分 behind the hour. */
static bool clock_rest(struct eye *y, bool half_said, int *minute, int *second)
{
    if (word(y, ":")) {
        if (!number(y, 2, minute) || (word(y, ":") && !number(y, 2, second)))
            return false;
        if (word(y, "."))
            while (digit(y->s))
                y->s++;
        return true;
    }
    if (word(y, "時")) {
        if (word(y, "半"))
            *minute = 30;
        else if (number(y, 2, minute))
            (void)word(y, "分");
        return true;
    }
    const char *s = y->s + (*y->s == ' ');
    return half_said || !strncmp(s, "am", 2) || !strncmp(s, "pm", 2);
}

static bool clock_time(struct eye *y, int *hour, int *minute, int *second)
{
    spaces(y);
    bool after = word(y, "午後") || word(y, "pm"), before = !after && (word(y, "午前") || word(y, "am"));
    spaces(y);
    *minute = *second = 0;
    if (!number(y, 2, hour) || !clock_rest(y, after || before, minute, second))
        return false;
    spaces(y);
    after = word(y, "pm") || after;
    before = word(y, "am") || before;
    if ((after || before) && *hour > 12)
        return false;
    *hour += after && *hour < 12 ? 12 : before && *hour == 12 ? -12 : 0;
    return *hour < 24 && *minute < 60 && *second < 60;
}

bool sheet_time_read(const char *folded, int *hour, int *minute, int *second)
{
    struct eye y = { folded };
    bool ok = clock_time(&y, hour, minute, second);
    spaces(&y);
    return ok && (!*y.s || *y.s == '-' || *y.s == '~'); /* 14:00-15:00: when it began */
}

static bool read_day(struct eye *y, struct sheet_date *d)
{
    bool (*const ways[])(struct eye *, struct sheet_date *) = { read_era, read_worded,
        read_plain, read_parts };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct eye at = *y;
        struct sheet_date one = { .settled = false };
        if (ways[i](&at, &one)) {
            *d = one;
            *y = at;
            return true;
        }
    }
    return false;
}

bool sheet_date_read(const char *folded, struct sheet_date *out)
{
    struct eye y = { folded };
    spaces(&y);
    *out = (struct sheet_date){ .settled = false };
    if (!read_day(&y, out))
        return false;
    (void)word(&y, "t");
    weekday(&y);
    const char *zone = y.s;
    if (*y.s && !out->has_time) {
        if (!clock_time(&y, &out->hour, &out->minute, &out->second))
            return false;
        out->has_time = true;
        spaces(&y);
        zone = y.s;
    }
    if (*zone == 'z' || *zone == '+' || *zone == '-') {
        struct arena mem = ARENA_INIT;
        const char *sign = *zone == 'z' ? "Z" : zone;
        char *iso = arena_printf(&mem, "%04d-%02d-%02dT%02d:%02d:%02d%s", out->part[0],
            out->part[1], out->part[2], out->hour, out->minute, out->second, sign);
        out->has_offset =
            out->settled && out->has_time && zone_parse_iso(iso, "UTC", &out->at_ms);
        arena_finish(&mem);
        return out->has_offset;
    }
    return !*zone;
}

bool sheet_date_fits(
    const struct sheet_date *d, enum date_order order, int *year, int *month, int *day)
{
    static const int places[4][3] = { { 0, 1, 2 }, { 0, 1, 2 }, { 2, 1, 0 },
        { 2, 0, 1 } };
    const int *place = places[d->settled ? ORDER_YMD : order];
    *year = d->part[place[0]];
    *month = d->part[place[1]];
    *day = d->part[place[2]];
    if (!d->settled && d->long_year && order == ORDER_YMD)
        return false;
    if (*year < 100)
        *year += 2000;
    return *year >= 1970 && *year < 2200 && civil_date_valid(*year, *month, *day);
}

/* All rows, for what their days say about the order in their columns. */
struct looking {
    struct sheet *s;
    struct arena mem;
};

static void look_at(struct looking *l, int f, int64_t row, const char *cell)
{
    struct sheet_date d;
    int y, m, day, fits = 0;
    enum date_order only = ORDER_NONE;
    int first[3] = { 0 };
    bool differ = false;
    if (!sheet_date_read(fold_text(&l->mem, cell, strlen(cell)).s, &d) || d.settled)
        return;
    for (enum date_order o = ORDER_YMD; o <= ORDER_MDY; o++) {
        if (!sheet_date_fits(&d, o, &y, &m, &day))
            continue;
        differ =
            differ || (fits && (y != first[0] || m != first[1] || day != first[2]));
        first[0] = y, first[1] = m, first[2] = day;
        fits++;
        only = o;
    }
    if (fits == 1 && !l->s->dates[f].seen[only])
        l->s->dates[f].seen[only] = row;
    if (differ && !l->s->dates[f].unclear)
        l->s->dates[f].unclear = row;
}

static bool look_at_row(void *ctx, const struct csv_row *row, struct err *e)
{
    struct looking *l = ctx;
    (void)e;
    for (int i = 0; row->number > l->s->head && i < row->n && i < l->s->n_columns;
         i++) {
        int f = l->s->field[i];
        enum import_type type = f < 0 ? IN_TEXT : l->s->kind->fields[f].type;
        if ((type == IN_DAY || type == IN_TIME || type == IN_SOURCED_AT) &&
            *row->cell[i])
            look_at(l, f, row->number, row->cell[i]);
    }
    arena_reset(&l->mem);
    return true;
}

static const char *header_of(const struct sheet *s, struct arena *mem, int field)
{
    for (int i = 0; i < s->n_columns; i++)
        if (s->field[i] == field)
            return utf8_fit(mem, s->header[i], 20);
    return "";
}

static bool settle(
    struct sheet *s, struct arena *mem, int f, enum date_order told, struct err *e)
{
    enum date_order found = ORDER_NONE;
    for (enum date_order o = ORDER_YMD; o <= ORDER_MDY; o++) {
        if (!s->dates[f].seen[o])
            continue;
        if (found && !told)
            return fail(e, ERR_USAGE, NULL, NULL,
                "column '%s': rows %lld and %lld write days in different orders; mend them, or say which is meant with --dates dmy, mdy or ymd",
                header_of(s, mem, f), (long long)s->dates[f].seen[found],
                (long long)s->dates[f].seen[o]);
        found = o;
    }
    s->dates[f].order = told ? told : found;
    if (s->dates[f].unclear && !s->dates[f].order)
        return fail(e, ERR_USAGE, NULL, NULL,
            "column '%s': the day in row %lld, and all others there, can be read in several orders; say which is meant with --dates dmy, mdy or ymd",
            header_of(s, mem, f), (long long)s->dates[f].unclear);
    return true;
}

bool sheet_settle_dates(
    struct sheet *s, struct arena *mem, const struct import_options *o, struct err *e)
{
    struct looking l = { s, ARENA_INIT };
    enum date_order told = ORDER_NONE;
    if (o->dates)
        told = !strcmp(o->dates, "ymd")   ? ORDER_YMD
               : !strcmp(o->dates, "dmy") ? ORDER_DMY
               : !strcmp(o->dates, "mdy") ? ORDER_MDY
                                          : ORDER_NONE;
    if (o->dates && !told)
        return fail(e, ERR_USAGE, NULL, NULL,
            "--dates '%.20s' is none of dmy, mdy and ymd", o->dates);
    bool ok = csv_read(s->text, s->n, s->separator, look_at_row, &l, e);
    for (int f = 0; ok && s->kind->fields[f].name; f++)
        ok = settle(s, mem, f, told, e);
    arena_finish(&l.mem);
    return ok;
}
