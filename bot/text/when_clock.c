/* Owns clock times, spans of them and durations: 14:00, 3pm, 午後3時半, 25時, 14-15時,
 * 1h30, 90 min, 1時間半. Days are when_date.c's. */
#include "bot/text/when_parts.h"

#include <string.h>

struct clock {
    int hour, minute;
    bool marked;    /* a colon, 時, am or pm stood with the number */
    bool half_open; /* may be morning or afternoon */
    bool by_24;     /* 9時 */
    bool joined;    /* 1530 by itself */
};

static void apply_half(struct clock *c, const char *half)
{
    bool pm = strcmp(half, "pm") == 0;
    if (pm && c->hour < 12)
        c->hour += 12;
    else if (!pm && c->hour == 12)
        c->hour = 0;
    c->half_open = false;
    c->marked = true;
}

/* 午前 and 午後 stand before the hour, am and pm right at it: `am 3` is no time. */
static bool scan_half_before(struct scan *p, const char **half)
{
    struct scan q = *p;
    bool latin = (unsigned char)q.s[q.i] < 0x80;
    if (!scan_word(&q, "when.ampm", half) || (latin && (q.i >= q.n || q.s[q.i] < '0' || q.s[q.i] > '9')))
        return false;
    scan_space(&q);
    *p = q;
    return true;
}

static bool scan_half_after(struct scan *p, const char **half)
{
    struct scan q = *p;
    scan_space(&q);
    if (q.i >= q.n || (unsigned char)q.s[q.i] >= 0x80 ||
        !scan_word(&q, "when.ampm", half))
        return false;
    *p = q;
    return true;
}

static bool scan_minute_mark(struct scan *p)
{
    const char *unit;
    struct scan q = *p;
    if (q.i >= q.n || (unsigned char)q.s[q.i] < 0x80 ||
        !scan_word(&q, "when.unit", &unit) || strcmp(unit, "minute") != 0)
        return false;
    *p = q;
    return true;
}

/* Behind the hour: 時, 時半, 時30分, but not 時間. */
static bool scan_hour_mark(struct scan *p, struct clock *c)
{
    struct scan q = *p;
    const char *unit;
    scan_space(&q);
    if (scan_word(&q, "when.unit", &unit))
        return false;
    q = *p;
    if (q.i + 1 < q.n && q.s[q.i] == ' ' && (unsigned char)q.s[q.i + 1] >= 0x80)
        return false;
    scan_space(&q);
    if (!scan_value(&q, "when.mark", "hour"))
        return false;
    *p = q;
    if (scan_value(p, "when.mark", "half"))
        c->minute = 30;
    else if (scan_digits(&q, 1, 2, &c->minute) && c->minute < 60 &&
             scan_minute_mark(&q))
        *p = q;
    else
        c->minute = 0;
    return true;
}

/* 14:30, and 3.30 where the hour is bare by right or am or pm follows. */
static bool scan_colon(struct scan *p, bool dot, struct clock *c)
{
    struct scan q = *p;
    if (!(scan_text(&q, ":") || (dot && scan_text(&q, "."))) || !scan_digits(&q, 2, 2, &c->minute) || c->minute > 59)
        return false;
    if (q.i < q.n && (q.s[q.i] == ':' || q.s[q.i] == '%'))
        return false;
    *p = q;
    return true;
}

/* 1030am, and 1530 where only an hour may stand (at 1530, 1500-1530). */
static bool scan_joined(struct scan *p, bool bare, struct clock *c)
{
    struct scan q = *p;
    int joined;
    const char *half;
    if (!scan_digits(&q, 3, 4, &joined) || joined % 100 > 59 || joined < 100)
        return false;
    struct scan after = q;
    bool has_half = scan_half_after(&after, &half) && joined < 1260;
    const char *hours = after.i < after.n && after.s[after.i] == ' ' ? " hrs" : "hrs";
    bool hundred = !has_half && joined >= 700 && q.i - p->i == 4 && joined < 2400;
    bool marked = scan_text(&after, hours) && scan_end(&after);
    if (!has_half && !(hundred && (bare || marked)))
        return false;
    if (!scan_end(has_half || marked ? &after : &q))
        return false;
    *c = (struct clock){ .hour = joined / 100, .minute = joined % 100, .marked = true,
        .joined = !has_half && !marked };
    if (has_half)
        apply_half(c, half);
    *p = has_half || marked ? after : q;
    return true;
}

/* A number in Latin letters, other than the article: ten, forty five. */
static bool scan_spelt(struct scan *p, int *value)
{
    struct scan q = *p;
    if (q.i >= q.n || q.s[q.i] < 'b' || q.s[q.i] > 'z' || !scan_number(&q, value))
        return false;
    *p = q;
    return true;
}

/* a quarter to four sites: a plural behind the number says that it counts. */
static bool counts_behind(struct scan q)
{
    static const char *const none[] = { "sales", "always", "perhaps", "thanks", "news", "besides", "across" };
    if (q.i >= q.n || q.s[q.i] != ' ')
        return false;
    size_t from = ++q.i;
    while (q.i < q.n && q.s[q.i] >= 'a' && q.s[q.i] <= 'z')
        q.i++;
    size_t len = q.i - from;
    if (len < 4 || q.s[q.i - 1] != 's' || strchr("sui", q.s[q.i - 2]))
        return false;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (len == strlen(none[i]) && !memcmp(q.s + from, none[i], len))
            return false;
    return true;
}

/* half past 3, quarter to four: the hour also in letters. */
static bool scan_past(struct scan *p, struct clock *c)
{
    struct scan q = *p;
    const char *value, *half;
    if (!scan_word(&q, "when.past", &value) || !scan_space(&q) ||
        (!scan_digits(&q, 1, 2, &c->hour) && !scan_spelt(&q, &c->hour)) || c->hour > 12)
        return false;
    int minutes = c->hour * 60 + scan_int(value);
    *c = (struct clock){ .hour = minutes / 60, .minute = minutes % 60, .marked = true, .half_open = true };
    bool said = scan_half_after(&q, &half);
    if (said)
        apply_half(c, half);
    if (!scan_end(&q) || (!said && counts_behind(q)))
        return false;
    *p = q;
    return true;
}

/* at ten, one hour: behind an hour in letters nothing goes on but a length; `at two sites`
 * is no time. */
static bool hour_alone(struct scan q)
{
    struct when_token length;
    while (q.i < q.n && q.s[q.i] == ' ')
        q.i++;
    if (q.i >= q.n || strchr(",:;", q.s[q.i]))
        return true;
    (void)scan_text(&q, "for ");
    (void)scan_text(&q, "about ");
    return match_duration(&q, &length) && length.piece == WHEN_DURATION;
}

/* nine AM, seven thirty PM, as dictation writes them: am or pm says that it is a time. */
static bool scan_spoken(struct scan *p, struct clock *c)
{
    struct scan q = *p;
    const char *half;
    if (!scan_spelt(&q, &c->hour) || c->hour > 12)
        return false;
    struct scan minutes = q;
    c->minute = 0;
    if (scan_space(&minutes) && scan_spelt(&minutes, &c->minute) && c->minute >= 10 && c->minute < 60)
        q = minutes;
    else
        c->minute = 0;
    if (!scan_half_after(&q, &half) || !scan_end(&q))
        return false;
    apply_half(c, half);
    *p = q;
    return true;
}

/* The number of the hour: digits, or a word, in Latin letters by itself. */
static bool scan_hour(struct scan *p, struct clock *c, bool *latin, size_t *digits)
{
    struct scan q = *p;
    if (q.i >= q.n || (!scan_digits(&q, 1, 2, &c->hour) && !scan_number(&q, &c->hour)))
        return false;
    *latin = (unsigned char)p->s[p->i] < 0x80;
    *digits = q.i - p->i;
    if (*latin && (p->s[p->i] < '0' || p->s[p->i] > '9') && !(strchr("ac", p->s[p->i]) == NULL && hour_alone(q)))
        return false;
    *p = q;
    return true;
}

/* What stands behind the hour: :30, .30 (where am or pm follows or the hour may stand
 * alone), 時半. `3:30` is rarely the middle of the night; from seven on a colon says 24
 * hours. */
static void scan_minutes(struct scan *p, bool bare, size_t digits, struct clock *c)
{
    struct scan dotted = *p;
    struct clock ignored = *c;
    const char *half;
    bool dot = bare || (scan_colon(&dotted, true, &ignored) && scan_half_after(&dotted, &half));
    bool colon = scan_colon(p, dot, c);
    c->marked = colon || scan_hour_mark(p, c);
    c->half_open = c->hour > 0 && (colon ? c->hour < 7 && digits == 1 : c->hour <= 12);
    c->by_24 = c->half_open && !colon && c->marked && (unsigned char)p->s[p->i - 1] >= 0x80;
}

static bool scan_ish(const struct scan *p)
{
    struct scan q = *p;
    return (scan_text(&q, "ish") || scan_text(&q, "-ish")) && scan_end(&q);
}

static bool scan_clock(struct scan *p, bool bare, struct clock *c)
{
    struct scan q = *p;
    const char *half = NULL, *after = NULL;
    bool latin;
    size_t digits;
    if (q.i >= q.n)
        return false;
    if (scan_past(p, c) || scan_joined(p, bare, c))
        return true;
    *c = (struct clock){ 0 };
    if (scan_spoken(p, c))
        return true;
    *c = (struct clock){ 0 };
    bool before = scan_half_before(&q, &half);
    if ((before && scan_value(&q, "when.mark", "half")) || !scan_hour(&q, c, &latin, &digits))
        return false;
    scan_minutes(&q, bare, digits, c);
    if (!before && c->hour <= 12 && scan_half_after(&q, &after))
        half = after;
    if (half && (before || after))
        apply_half(c, half);
    bool ish = latin && !c->marked && scan_ish(&q), alone = c->marked || ((bare || ish) && latin && c->hour <= 24);
    bool percent = q.i < q.n && q.s[q.i] == '%', late = c->hour > 24 && memchr(p->s + p->i, ':', q.i - p->i); /* 25時, but not 25:00 */
    if (c->hour > 29 || late || percent || !alone || !(ish || scan_end(&q)))
        return false;
    *p = q;
    return true;
}

static bool scan_dash(struct scan *p)
{
    struct scan q = *p;
    const char *value;
    scan_space(&q);
    if (!scan_text(&q, "-") && !scan_text(&q, "~") && !scan_text(&q, "–") &&
        !scan_text(&q, "ー") && !scan_word(&q, "when.to", &value))
        return false;
    scan_space(&q);
    *p = q;
    return true;
}

/* 2-3pm, 11-1pm and 2時-4時: the end says which half of the day the start is in. */
static void settle_span(struct clock *from, struct clock *to)
{
    if (from->half_open && !to->half_open) {
        if (from->hour < 12 && from->hour + 12 <= to->hour)
            from->hour += 12;
        from->half_open = false;
    } else if (!from->half_open && to->half_open) {
        int begin = from->hour * 60 + from->minute, late = (to->hour + 12) * 60 + to->minute;
        if (to->hour < 12 && late - 12 * 60 <= begin && late > begin)
            to->hour += 12; /* 23:00-1:00 ends at night */
    }
    int start = from->hour * 60 + from->minute, end = to->hour * 60 + to->minute;
    if (end <= start)
        to->hour += from->half_open && to->hour < 12 ? 12 : 24;
}

/* 2020-2025 are years rather than 20:20 to 20:25. */
static bool years(const struct scan *p)
{
    struct scan q = *p;
    int from, to;
    return scan_digits(&q, 4, 4, &from) && scan_dash(&q) && scan_digits(&q, 4, 4, &to) && from >= 1990 &&
           to < 2060;
}

static bool match_span(struct scan *p, bool bare, struct when_token *t)
{
    struct scan q = *p;
    struct clock from, to;
    if (!scan_clock(&q, true, &from) || !scan_dash(&q) || !scan_clock(&q, true, &to))
        return false;
    if ((!to.marked && !bare) || from.joined != to.joined || years(p))
        return false;
    settle_span(&from, &to);
    *t = (struct when_token){ .piece = WHEN_SPAN,
        .kind = KIND_CLOCK,
        .hour = from.hour,
        .minute = from.minute,
        .end_hour = to.hour,
        .end_minute = to.minute,
        .half_open = from.half_open, .by_24 = from.by_24 };
    *p = q;
    return true;
}

/* A part of the day; with an hour behind it (夕方5時, 夜の8時) it only says which half. */
static bool match_part(struct scan *p, struct when_token *t)
{
    const char *value;
    struct scan q = *p;
    if (!scan_word(&q, "when.part", &value))
        return false;
    *t = (struct when_token){
        .piece = WHEN_TIME, .kind = KIND_PART, .approximate = true
    };
    t->hour = scan_int(value);
    t->minute = scan_int(value + 3);
    t->end_hour = value[5] ? scan_int(value + 6) : t->hour;
    t->end_minute = value[5] ? scan_int(value + 9) : t->minute;
    *p = q;
    struct clock c;
    scan_text(&q, "の");
    scan_space(&q);
    if (scan_clock(&q, false, &c) && c.hour <= 12) {
        if (t->hour >= 12 && c.hour < 12 && c.half_open)
            c.hour += 12;
        *t = (struct when_token){
            .piece = WHEN_TIME, .kind = KIND_CLOCK, .hour = c.hour, .minute = c.minute
        };
        *p = q;
    }
    return true;
}

/* 1030: four digits are an hour and five-minute mark of the working day, a guess. */
static bool match_packed(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int n = 0;
    if (!scan_digits(&q, 4, 4, &n) || n < 700 || n > 2055 || n % 100 > 55 || n % 5 || (n >= 1990 && n <= 2000))
        return false;
    struct scan behind = q;
    if (q.i < q.n && q.s[q.i] != ' ' && q.s[q.i] != '~' && !scan_text(&behind, "に") && !scan_text(&behind, "から") && !scan_text(&behind, "、"))
        return false;
    *t = (struct when_token){ .piece = WHEN_TIME, .kind = KIND_CLOCK, .hour = n / 100, .minute = n % 100, .approximate = true };
    *p = q;
    return true;
}

bool match_clock(struct scan *p, bool bare, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    if (match_span(p, bare, t))
        return true;
    *t = (struct when_token){ .piece = WHEN_TIME, .kind = KIND_CLOCK };
    if (scan_word(&q, "when.clock", &value)) {
        t->hour = scan_int(value);
        *p = q;
        return true;
    }
    struct clock c;
    if (!scan_clock(&q, bare, &c))
        return match_packed(p, t) || match_part(p, t);
    t->hour = c.hour;
    t->minute = c.minute;
    t->half_open = c.half_open;
    t->by_24 = c.by_24;
    *p = q;
    return true;
}

/* 1.5 is 150 hundredths. */
static bool scan_hundredths(struct scan *p, int *value)
{
    struct scan q = *p;
    int whole = 0, part = 0;
    if (!scan_number(&q, &whole))
        return false;
    *value = whole * 100;
    if (scan_text(&q, ".")) {
        size_t from = q.i;
        if (!scan_digits(&q, 1, 2, &part))
            return false;
        *value += q.i - from == 1 ? part * 10 : part;
    }
    *p = q;
    return true;
}

/* What follows an hour: 半, 30分, 30 or nothing. */
static int scan_rest_of_hour(struct scan *p)
{
    struct scan q = *p;
    const char *unit;
    int minutes = 0;
    if (scan_value(p, "when.mark", "half"))
        return 30;
    scan_space(&q);
    bool close = q.i == p->i;
    if (!scan_digits(&q, 1, 2, &minutes) || minutes > 59)
        return 0;
    struct scan with_unit = q;
    if (scan_unit(&with_unit, &unit) && strcmp(unit, "minute") == 0) {
        *p = with_unit;
        return minutes;
    }
    if (!close || !scan_end(&q) || (unsigned char)p->s[p->i - 1] >= 0x80)
        return 0;
    *p = q;
    return minutes;
}

/* 1:30h */
static bool scan_clock_length(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    int hours, minutes;
    const char *unit;
    if (!scan_digits(&q, 1, 2, &hours) || !scan_text(&q, ":") || !scan_digits(&q, 2, 2, &minutes) ||
        !scan_unit(&q, &unit) || strcmp(unit, "hour") != 0 || !scan_end(&q))
        return false;
    t->minutes = hours * 60 + minutes;
    *p = q;
    return true;
}

/* A unit behind a length: also 45 m, 30-minute, 30'. */
static bool scan_length_unit(struct scan *p, const char **unit)
{
    struct scan q = *p;
    if (scan_unit(p, unit))
        return true;
    if (scan_text(&q, "'") && scan_end(&q)) {
        *unit = "minute";
        *p = q;
        return true;
    }
    if (!(scan_text(&q, "-") || scan_text(&q, " ")) || !scan_word(&q, "when.unit", unit) || !scan_end(&q) ||
        (strcmp(*unit, "minute") != 0 && strcmp(*unit, "hour") != 0))
        return false;
    *p = q;
    return true;
}

bool match_duration(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    *t = (struct when_token){ .piece = WHEN_DURATION };
    if (scan_word(&q, "when.length", &value)) {
        t->approximate = *value == '~';
        t->minutes = scan_int(value + (t->approximate ? 1 : 0));
        *p = q;
        return true;
    }
    int hundredths = 0;
    if (scan_clock_length(&q, t)) {
        *p = q;
        return true;
    }
    if (!scan_hundredths(&q, &hundredths) || !scan_length_unit(&q, &value))
        return false;
    if (strcmp(value, "minute") == 0 && hundredths % 100 == 0) /* 4.8m is no length */
        t->minutes = hundredths / 100;
    else if (strcmp(value, "hour") == 0 && hundredths < 100 * 100)
        t->minutes = hundredths * 60 / 100 + scan_rest_of_hour(&q);
    if (t->minutes < 1 || t->minutes > 2880)
        return false;
    *p = q;
    return true;
}
