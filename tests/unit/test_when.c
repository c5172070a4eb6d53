#include "tests/unit/t.h"

#include "bot/text/when.h"
#include <stdio.h>
#include <string.h>

/* Wednesday 4 March 2026, half past five in Tokyo. */
static const char *const HELD = "2026-03-04T17:30+09:00";

static struct catalogue *words;
static struct arena mem;

static struct when_context context(
    const char *now, const char *market, const char *zone)
{
    struct when_context cx = {
        .words = words, .zone = zone, .market = market, .team_zone = zone
    };
    assert_true(zone_parse_iso(now, zone, &cx.now_ms));
    return cx;
}

static void describe(
    const struct when_context *cx, const struct when *w, char *out, size_t n)
{
    struct civil c = civil_of(w->at_ms, cx->zone), end = civil_of(w->end_ms, cx->zone);
    int at = snprintf(out, n, "%04d-%02d-%02d %02d:%02d%s%s%s%s", c.year, c.month,
        c.day, c.hour, c.minute, w->has_date ? " D" : "", w->has_time ? " T" : "",
        w->approximate ? " ~" : "", w->deadline ? " !" : "");
    if (w->end_ms)
        snprintf(out + at, n - (size_t)at, " -%02d:%02d", end.hour, end.minute);
}

/* Every piece of the text, joined; durations and what is left over are told too. */
static const char *read_when(
    const struct when_context *cx, const char *text, enum when_direction direction)
{
    static char out[200];
    struct when_token pieces[8];
    struct folded f = fold_text(&mem, text, strlen(text));
    int n = 0, minutes = 0;
    bool about = false;
    char rest[80] = "";
    for (size_t i = 0; i < f.n;) {
        struct when_token t;
        if (n < 8 && when_match(cx, f.s, f.n, i, &t)) {
            assert_true(t.len > 0 && i + t.len <= f.n);
            i += t.len;
            minutes = t.piece == WHEN_DURATION ? t.minutes : minutes;
            about = about || (t.piece == WHEN_DURATION && t.approximate);
            pieces[n] = t;
            n += t.piece == WHEN_DURATION ? 0 : 1;
        } else {
            size_t len = strlen(rest);
            if (f.s[i] != ' ' && len + 1 < sizeof rest)
                rest[len] = f.s[i];
            i++;
        }
    }
    struct when w;
    struct err e = { 0 };
    out[0] = '\0';
    if (n > 0 && !when_resolve(cx, pieces, n, direction, &w, &mem, 0, &e)) {
        bool two = strcmp(e.key, "when.swapped_date") != 0;
        snprintf(out, sizeof out, "%s: %s%s%s", e.args[0].text, e.args[1].text, two ? ", " : "?",
            two ? e.args[2].text : "");
        assert_true(!two || !strcmp(e.key, "when.bad_date") || !strcmp(e.key, "when.bad_weekday"));
        return out;
    }
    if (n > 0)
        describe(cx, &w, out, sizeof out);
    size_t len = strlen(out);
    if (minutes)
        snprintf(out + len, sizeof out - len, "%s%dmin%s", len ? " " : "", minutes,
            about ? "~" : "");
    len = strlen(out);
    if (*rest)
        snprintf(out + len, sizeof out - len, "%s[%s]", len ? " " : "", rest);
    return out;
}

struct row {
    const char *text, *got;
};

static int check_rows(const char *now, const char *market, const char *zone,
    enum when_direction direction, const struct row *rows, size_t n)
{
    struct when_context cx = context(now, market, zone);
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const char *got = read_when(&cx, rows[i].text, direction);
        if (strcmp(got, rows[i].got) != 0) {
            print_error("%s: got %s, expected %s\n", rows[i].text, got, rows[i].got);
            wrong++;
        }
    }
    return wrong;
}
#define CHECK(now, market, zone, direction, rows)                                      \
    assert_int_equal(check_rows(now, market, zone, direction, rows, COUNT(rows)), 0)

static void when__duration__minutes_in_both_languages(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "45m", "45min" },
        { "90 min", "90min" },
        { "1h", "60min" },
        { "1.5h", "90min" },
        { "1h30", "90min" },
        { "1h30m", "90min" },
        { "1h 30m", "90min" },
        { "2 hours", "120min" },
        { "1 hour 15 minutes", "75min" },
        { "20分", "20min" },
        { "２０分", "20min" },
        { "1時間", "60min" },
        { "1時間半", "90min" },
        { "一時間半", "90min" },
        { "1時間30分", "90min" },
        { "1.5時間", "90min" },
        { "小一時間", "60min~" },
        { "30分ほど", "30min~" },
        { "about 45m", "45min~" },
        { "約30分", "30min~" },
        { "半日", "240min" },
        { "終日", "480min" },
        { "half an hour", "30min" },
        { "an hour", "60min" },
        { "45 m", "45min" },
        { "45-minute", "45min" },
        { "30'", "30min" },
        { "~30m", "30min~" },
        { "1:30h", "90min" },
        { "an hour and a half", "90min" },
        { "quarter of an hour", "15min" },
        { "4.8m", "[4.8m]" },
        { "3 people", "[3people]" },
        { "d12", "[d12]" },
        { "h12m", "[h12m]" },
        { "45mm", "[45mm]" },
        { "0m", "[0m]" },
    };
    CHECK(HELD, "JP", "Asia/Tokyo", WHEN_PAST, rows);
}

static void when__date__looking_back(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "today", "2026-03-04 17:30 D" },
        { "yesterday", "2026-03-03 12:00 D" },
        { "きのう", "2026-03-03 12:00 D" },
        { "昨日", "2026-03-03 12:00 D" },
        { "一昨日", "2026-03-02 12:00 D" },
        { "wed", "2026-03-04 17:30 D" },
        { "fri", "2026-02-27 12:00 D" },
        { "Fri", "2026-02-27 12:00 D" },
        { "last thu", "2026-02-26 12:00 D" },
        { "mon pm", "2026-03-02 15:00 D T ~" },
        { "thursday last week", "2026-02-26 12:00 D" },
        { "3rd time", "[3rdtime]" },
        { "last wed", "2026-02-25 12:00 D" },
        { "金曜日", "2026-02-27 12:00 D" },
        { "(金)", "2026-02-27 12:00 D" },
        { "先週金曜", "2026-02-27 12:00 D" },
        { "先週の金曜日", "2026-02-27 12:00 D" },
        { "先週(火)", "2026-02-24 12:00 D" },
        { "先週火", "2026-02-24 12:00 D" },
        { "先々週の月曜", "2026-02-16 12:00 D" },
        { "今週月曜", "2026-03-02 12:00 D" },
        { "3/14", "2025-03-14 12:00 D" },
        { "3/3", "2026-03-03 12:00 D" },
        { "3/3(火)", "2026-03-03 12:00 D" },
        { "3/3火", "2026-03-03 12:00 D" },
        { "3月3日火曜", "2026-03-03 12:00 D" },
        { "26/3/3", "2026-03-03 12:00 D" },
        { "二十五日", "2026-02-25 12:00 D" },
        { "14 mar", "2025-03-14 12:00 D" },
        { "mar 14", "2025-03-14 12:00 D" },
        { "14th of March 2024", "2024-03-14 12:00 D" },
        { "March 3rd", "2026-03-03 12:00 D" },
        { "mar 3, 2025", "2025-03-03 12:00 D" },
        { "2026-03-14", "2026-03-14 12:00 D" },
        { "2026/3/14", "2026-03-14 12:00 D" },
        { "3月3日", "2026-03-03 12:00 D" },
        { "2025年12月1日", "2025-12-01 12:00 D" },
        { "令和8年3月3日", "2026-03-03 12:00 D" },
        { "R8.3.3", "2026-03-03 12:00 D" },
        { "5日", "2026-02-05 12:00 D" },
        { "31日", "2026-01-31 12:00 D" },
        { "先月5日", "2026-02-05 12:00 D" },
        { "2 days ago", "2026-03-02 12:00 D" },
        { "2日前", "2026-03-02 12:00 D" },
        { "a week ago", "2026-02-25 12:00 D" },
        { "2週間前", "2026-02-18 12:00 D" },
        { "3か月前", "2025-12-04 12:00 D" },
        { "2営業日前", "2026-03-02 12:00 D" },
        { "先月末", "2026-02-28 12:00 D ~" },
        { "先日", "[先日]" },
        { "近々", "[近々]" },
        { "そのうち", "[そのうち]" },
        { "今日子", "[今日子]" },
        { "あすか", "[あすか]" },
        { "今井", "[今井]" },
        { "火", "[火]" },
        { "may", "[may]" },
        { "marketing", "[marketing]" },
        { "mon-chan", "[mon-chan]" },
        { "sunrise", "[sunrise]" },
        { "50/50", "[50/50]" },
        { "2/4/6", "[2/4/6]" },
    };
    CHECK(HELD, "JP", "Asia/Tokyo", WHEN_PAST, rows);
}

static void when__date__looking_ahead(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "today", "2026-03-04 18:00 D" },
        { "tomorrow", "2026-03-05 10:00 D" },
        { "明日", "2026-03-05 10:00 D" },
        { "明後日", "2026-03-06 10:00 D" },
        { "fri", "2026-03-06 10:00 D" },
        { "on fri", "2026-03-06 10:00 D" },
        { "wed", "2026-03-11 10:00 D" },
        { "next tue", "2026-03-10 10:00 D" },
        { "next fri", "2026-03-13 10:00 D" },
        { "this fri", "2026-03-06 10:00 D" },
        { "来週火曜", "2026-03-10 10:00 D" },
        { "再来週の月曜", "2026-03-16 10:00 D" },
        { "次の火曜", "2026-03-10 10:00 D ~" },
        { "3/14", "2026-03-14 10:00 D" },
        { "3/3", "2027-03-03 10:00 D" },
        { "3/4", "2026-03-04 18:00 D" },
        { "in 2 weeks", "2026-03-18 10:00 D" },
        { "in a week", "2026-03-11 10:00 D" },
        { "in 3 days", "2026-03-07 10:00 D" },
        { "in 2 months", "2026-05-04 10:00 D" },
        { "3日後", "2026-03-07 10:00 D" },
        { "中2日", "2026-03-07 10:00 D" },
        { "2d", "2026-03-06 10:00 D" },
        { "due 30d", "2026-04-03 18:00 D !" },
        { "2営業日後", "2026-03-06 10:00 D" },
        { "3営業日以内", "2026-03-09 18:00 D !" },
        { "翌営業日", "2026-03-05 10:00 D" },
        { "next business day", "2026-03-05 10:00 D" },
        { "5日", "2026-03-05 10:00 D" },
        { "4日", "2026-03-04 18:00 D" },
        { "3日", "2026-04-03 10:00 D" },
        { "来月5日", "2026-04-05 10:00 D" },
        { "月末", "2026-03-31 10:00 D ~" },
        { "5月末までに", "2026-05-29 18:00 D ~ !" },
        { "3末", "2026-03-31 10:00 D ~" },
        { "週明け", "2026-03-09 10:00 D ~" },
        { "来週頭", "2026-03-09 10:00 D ~" },
        { "週末", "2026-03-07 10:00 D ~" },
        { "来週", "2026-03-09 10:00 D ~" },
        { "今週中", "2026-03-06 18:00 D ~ !" },
        { "今日中に", "2026-03-04 18:00 D !" },
        { "明日まで", "2026-03-05 18:00 D !" },
        { "by fri", "2026-03-06 18:00 D !" },
        { "4月上旬", "2026-04-05 10:00 D ~" },
        { "年度末", "2026-03-31 10:00 D ~" },
        { "年明け", "2027-01-04 10:00 D ~" },
        { "GW明け", "2026-05-07 10:00 D ~" },
        { "by Yamada", "[byyamada]" },
        { "at Acme", "[atacme]" },
        { "in Tokyo", "[intokyo]" },
    };
    CHECK("2026-03-04T17:30", "JP", "Asia/Tokyo", WHEN_FUTURE, rows);
}

static void when__clock__looking_back(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "14:00", "2026-03-04 14:00 T" },
        { "18:00", "2026-03-03 18:00 T" },
        { "１４：３０", "2026-03-04 14:30 T" },
        { "3pm", "2026-03-04 15:00 T" },
        { "3 pm", "2026-03-04 15:00 T" },
        { "3:30pm", "2026-03-04 15:30 T" },
        { "12am", "2026-03-04 00:00 T" },
        { "1030am", "2026-03-04 10:30 T" },
        { "at 1530", "2026-03-04 15:30 T" },
        { "1500-1530", "2026-03-04 15:00 T -15:30" },
        { "3.30pm", "2026-03-04 15:30 T" },
        { "half past 2", "2026-03-04 14:30 T" },
        { "half past two PM", "2026-03-04 14:30 T" },
        { "at a quarter to four", "2026-03-04 15:45 T" },
        { "nine AM", "2026-03-04 09:00 T" },
        { "at ten past three", "2026-03-04 15:10 T" },
        { "two thirty PM", "2026-03-04 14:30 T" },
        { "at quarter to 4", "2026-03-04 15:45 T" },
        { "from 3 to 4", "2026-03-04 15:00 T -16:00" },
        { "3ish", "2026-03-04 15:00 T ~" },
        { "half an hour ago", "2026-03-04 17:00 D T" },
        { "at 3", "2026-03-04 15:00 T" },
        { "at 8", "2026-03-04 08:00 T" },
        { "at 12", "2026-03-04 12:00 T" },
        { "at 15", "2026-03-04 15:00 T" },
        { "3:30", "2026-03-04 15:30 T" },
        { "14時", "2026-03-04 14:00 T" },
        { "14時半", "2026-03-04 14:30 T" },
        { "14時30分", "2026-03-04 14:30 T" },
        { "午後3時", "2026-03-04 15:00 T" },
        { "午後三時", "2026-03-04 15:00 T" },
        { "午前10時", "2026-03-04 10:00 T" },
        { "am10:00", "2026-03-04 10:00 T" },
        { "PM3時", "2026-03-04 15:00 T" },
        { "十五時半", "2026-03-04 15:30 T" },
        { "午前中に", "2026-03-04 10:00 T ~" },
        { "3/3(火)15:00〜16:00", "2026-03-03 15:00 D T -16:00" },
        { "15時頃", "2026-03-04 15:00 T ~" },
        { "around 3", "2026-03-04 15:00 T ~" },
        { "3時", "2026-03-04 15:00 T" },
        { "noon", "2026-03-04 12:00 T" },
        { "正午", "2026-03-04 12:00 T" },
        { "朝イチ", "2026-03-04 09:00 T ~" },
        { "夕方5時", "2026-03-04 17:00 T" },
        { "fri 14:00", "2026-02-27 14:00 D T" },
        { "yesterday at 3", "2026-03-03 15:00 D T" },
        { "昨日の午後3時", "2026-03-03 15:00 D T" },
        { "昨日25時", "2026-03-04 01:00 D T" },
        { "14:00-15:00", "2026-03-04 14:00 T -15:00" },
        { "10:00~11:30", "2026-03-04 10:00 T -11:30" },
        { "14時〜15時", "2026-03-04 14:00 T -15:00" },
        { "14-15時", "2026-03-04 14:00 T -15:00" },
        { "2-3pm", "2026-03-04 14:00 T -15:00" },
        { "11-1pm", "2026-03-04 11:00 T -13:00" },
        { "from 14:00 to 15:30", "2026-03-04 14:00 T -15:30" },
        { "14時から15時", "2026-03-04 14:00 T -15:00" },
        { "just now", "2026-03-04 17:30 D T ~" },
        { "さっき", "2026-03-04 17:30 D T ~" },
        { "今朝", "2026-03-04 09:00 D T ~" },
        { "this morning", "2026-03-04 09:00 D T ~" },
        { "昨晩", "2026-03-03 20:00 D T ~" },
        { "last night", "2026-03-03 20:00 D T ~" },
        { "last night at 11", "2026-03-03 23:00 D T" },
        { "30分前", "2026-03-04 17:00 D T" },
        { "2 hours ago", "2026-03-04 15:30 D T" },
        { "10-11", "[10-11]" },
        { "3-1234", "[3-1234]" },
        { "24:00 h", "2026-03-04 00:00 T [h]" },
        { "30:00", "[30:00]" },
        { "14:75", "[14:75]" },
        { "1:2", "[1:2]" },
    };
    CHECK("2026-03-04T17:30", "JP", "Asia/Tokyo", WHEN_PAST, rows);
}

static void when__clock__looking_ahead(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "14:00", "2026-03-05 14:00 T" },
        { "fri 14:00", "2026-03-06 14:00 D T" },
        { "at 8", "2026-03-04 20:00 T" },
        { "fri at 8", "2026-03-06 08:00 D T" },
        { "tonight", "2026-03-04 19:30 D T ~" },
        { "今夜", "2026-03-04 19:30 D T ~" },
        { "今夜19:30に", "2026-03-04 19:30 D T" },
        { "tonight at 8", "2026-03-04 20:00 D T" },
        { "明朝", "2026-03-05 09:00 D T ~" },
        { "明日の夕方", "2026-03-05 17:00 D T ~" },
        { "明日午前中に", "2026-03-05 12:00 D T ~" },
        { "明日午前中までに", "2026-03-05 12:00 D T ~ !" },
        { "tomorrow morning", "2026-03-05 09:00 D T ~" },
        { "in 2 hours", "2026-03-04 19:30 D T" },
        { "30分後", "2026-03-04 18:00 D T" },
        { "fri 10:00-11:30", "2026-03-06 10:00 D T -11:30" },
    };
    CHECK("2026-03-04T17:30", "JP", "Asia/Tokyo", WHEN_FUTURE, rows);
    static const struct row late[] = {
        { "tonight", "2026-03-04 22:00 D T ~" },
        { "14:00", "2026-03-05 14:00 T" },
    };
    CHECK("2026-03-04T21:40", "JP", "Asia/Tokyo", WHEN_FUTURE, late);
}

static void when__market__decides_the_order_of_numbers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "3/4", "2026-04-03 10:00 D" },
        { "14/3", "2026-03-14 10:00 D" },
        { "3/14", "3/14: 14 Mar?" },
        { "3/14/2027", "2027-03-14 10:00 D" },
        { "14/3/2027", "2027-03-14 10:00 D" },
    };
    CHECK("2026-03-04T17:30", "AU", "Australia/Sydney", WHEN_FUTURE, rows);
    CHECK("2026-03-04T17:30", "SG", "Asia/Singapore", WHEN_FUTURE, rows);
}

static void when__yesterday__is_the_calendar_day_at_half_past_midnight(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "yesterday", "2026-03-04 12:00 D" },
        { "today", "2026-03-05 00:30 D" },
        { "last night", "2026-03-04 20:00 D T ~" },
    };
    CHECK("2026-03-05T00:30", "JP", "Asia/Tokyo", WHEN_PAST, rows);
}

static void when__zone__daylight_saving(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "sun 02:30", "2026-10-04 03:30 D T" },
        { "tomorrow 09:00", "2026-10-04 09:00 D T" },
    };
    CHECK("2026-10-03T12:00", "AU", "Australia/Sydney", WHEN_FUTURE, rows);
}

static void when__resolve__says_what_is_no_date(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "31 feb", "31 Feb: 28 Feb, 3 Mar" },
        { "2/31", "31 Feb: 28 Feb, 3 Mar" },
        { "2月31日", "31 Feb: 28 Feb, 3 Mar" },
        { "29 feb", "29 Feb: 28 Feb, 1 Mar" },
        { "29 feb 2024", "2024-02-29 12:00 D" },
        { "4/31", "31 Apr: 30 Apr, 1 May" },
        { "2026-02-30", "30 Feb: 28 Feb, 2 Mar" },
        { "先月31日", "31 Feb: 28 Feb, 3 Mar" },
        { "3/2(火)", "Mon 2 Mar: Mon 2 Mar, Tue 3 Mar" },
        { "3月3日月曜", "Tue 3 Mar: Tue 3 Mar, Mon 2 Mar" },
    };
    CHECK(HELD, "JP", "Asia/Tokyo", WHEN_PAST, rows);
}

static void when__resolve__nothing_typed_is_now(void **state)
{
    (void)state;
    struct when_context cx = context(HELD, "JP", "Asia/Tokyo");
    struct when w;
    struct err e = { 0 };
    assert_true(when_resolve(&cx, NULL, 0, WHEN_PAST, &w, &mem, 0, &e));
    assert_int_equal(w.at_ms, cx.now_ms);
    assert_false(w.has_date || w.has_time);
}

static void when__match__only_at_the_beginning_of_a_word(void **state)
{
    (void)state;
    struct when_context cx = context(HELD, "JP", "Asia/Tokyo");
    struct when_token t;
    assert_false(when_match(&cx, "xfri", 4, 1, &t));
    assert_false(when_match(&cx, "d14:00", 6, 1, &t));
    assert_false(when_match(&cx, "fri", 3, 3, &t));
    assert_false(when_match(&cx, "", 0, 0, &t));
    assert_true(when_match(&cx, "x fri", 5, 2, &t));
    assert_int_equal(t.len, 3);
    assert_int_equal(t.piece, WHEN_DATE);
}

static int64_t at(const char *iso)
{
    int64_t ms = 0;
    assert_true(zone_parse_iso(iso, "Asia/Tokyo", &ms));
    return ms;
}

static void when__format__days_and_times(void **state)
{
    (void)state;
    struct when_context cx = context(HELD, "JP", "Asia/Tokyo");
    int ja = catalogue_find_locale(words, "ja");
    static const struct {
        const char *ms, *en, *ja;
    } rows[] = {
        { "2026-03-04T17:20", "today 17:20", "今日17:20" },
        { "2026-03-03T17:20", "Tue 3 Mar 17:20", "3/3(火) 17:20" },
        { "2025-12-01T09:05", "Mon 1 Dec 2025 09:05", "2025/12/1(月) 09:05" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(when_format(&cx, &mem, 0, at(rows[i].ms)), rows[i].en);
        assert_string_equal(when_format(&cx, &mem, ja, at(rows[i].ms)), rows[i].ja);
    }
    assert_string_equal(when_format_day(&cx, &mem, 0, day_number(2026, 3, 4)), "today");
    assert_string_equal(
        when_format_day(&cx, &mem, ja, day_number(2026, 3, 3)), "3/3(火)");
    assert_string_equal(
        when_format_day(&cx, &mem, 0, day_number(2026, 3, 3)), "Tue 3 Mar");
    assert_string_equal(
        when_format_time(&cx, &mem, ja, at("2026-03-04T09:05")), "09:05");
}

static void when__format__lengths_and_distances(void **state)
{
    (void)state;
    struct when_context cx = context(HELD, "JP", "Asia/Tokyo");
    int ja = catalogue_find_locale(words, "ja");
    assert_string_equal(when_format_minutes(&cx, &mem, 0, 45), "45 min");
    assert_string_equal(when_format_minutes(&cx, &mem, 0, 90), "90 min");
    assert_string_equal(when_format_minutes(&cx, &mem, 0, 120), "2 h");
    assert_string_equal(when_format_minutes(&cx, &mem, 0, 150), "2 h 30 min");
    assert_string_equal(when_format_minutes(&cx, &mem, ja, 20), "20分");
    assert_string_equal(when_format_minutes(&cx, &mem, ja, 150), "2時間30分");
    static const struct {
        const char *ms, *en, *ja;
    } rows[] = {
        { "2026-03-04T17:30", "just now", "今日17:30" },
        { "2026-03-04T17:20", "10 min ago", "今日17:20" },
        { "2026-03-04T15:20", "2 h ago", "今日15:20" },
        { "2026-03-03T23:00", "yesterday", "昨日" },
        { "2026-02-28T23:00", "4 days ago", "4日前" },
        { "2026-03-05T09:00", "Thu 5 Mar 09:00", "3/5(木) 09:00" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(when_format_ago(&cx, &mem, 0, at(rows[i].ms)), rows[i].en);
        assert_string_equal(when_format_ago(&cx, &mem, ja, at(rows[i].ms)), rows[i].ja);
    }
}

static int setup(void **state)
{
    (void)state;
    struct err e = { 0 };
    words = catalogue_open("locales", &e);
    return words ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_finish(&mem);
    catalogue_close(words);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when__duration__minutes_in_both_languages),
        cmocka_unit_test(when__date__looking_back),
        cmocka_unit_test(when__date__looking_ahead),
        cmocka_unit_test(when__clock__looking_back),
        cmocka_unit_test(when__clock__looking_ahead),
        cmocka_unit_test(when__market__decides_the_order_of_numbers),
        cmocka_unit_test(when__yesterday__is_the_calendar_day_at_half_past_midnight),
        cmocka_unit_test(when__zone__daylight_saving),
        cmocka_unit_test(when__resolve__says_what_is_no_date),
        cmocka_unit_test(when__resolve__nothing_typed_is_now),
        cmocka_unit_test(when__match__only_at_the_beginning_of_a_word),
        cmocka_unit_test(when__format__days_and_times),
        cmocka_unit_test(when__format__lengths_and_distances),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
