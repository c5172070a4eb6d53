#include "tests/unit/t.h"

#include "bot/text/when.h"
#include <stdio.h>
#include <string.h>

static struct catalogue *words;
static struct arena mem;

static struct when_context context(const char *market, const char *zone)
{
    struct when_context cx = {
        .words = words, .zone = zone, .market = market, .team_zone = zone
    };
    assert_true(zone_parse_iso("2026-03-04T17:30+09:00", zone, &cx.now_ms));
    return cx;
}

static const char *describe(const struct period *p)
{
    static char out[60];
    struct civil from = civil_of_day(p->from_day), to = civil_of_day(p->to_day);
    snprintf(out, sizeof out, "%04d-%02d-%02d %04d-%02d-%02d%s", from.year, from.month,
        from.day, to.year, to.month, to.day, p->to_date ? " now" : "");
    return out;
}

struct row {
    const char *text, *got; /* from, to (exclusive), "now" while running, [left over] */
};

static int check_rows(
    const char *market, const char *zone, const struct row *rows, size_t n)
{
    struct when_context cx = context(market, zone);
    int wrong = 0;
    for (size_t i = 0; i < n; i++) {
        struct folded f = fold_text(&mem, rows[i].text, strlen(rows[i].text));
        struct period p;
        size_t len = 0;
        char got[100] = "";
        if (period_match(&cx, f.s, f.n, 0, &p, &len)) {
            snprintf(got, sizeof got, "%s%s%s", describe(&p), len < f.n ? "+" : "",
                f.s + len);
            assert_int_equal(p.from_ms, day_start_ms(p.from_day, zone));
            assert_int_equal(
                p.to_ms, p.to_date ? cx.now_ms : day_start_ms(p.to_day, zone));
        }
        if (strcmp(got, rows[i].got) != 0) {
            print_error("%s: got %s, expected %s\n", rows[i].text, got, rows[i].got);
            wrong++;
        }
    }
    return wrong;
}

static void period__match__calendar(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "q1", "2026-01-01 2026-03-05 now" },
        { "q3", "2025-07-01 2025-10-01" },
        { "Q3", "2025-07-01 2025-10-01" },
        { "q3 2026", "2026-07-01 2026-10-01" },
        { "2026q3", "2026-07-01 2026-10-01" },
        { "2026 q1", "2026-01-01 2026-03-05 now" },
        { "h1", "2026-01-01 2026-03-05 now" },
        { "h2", "2025-07-01 2026-01-01" },
        { "2026h1", "2026-01-01 2026-03-05 now" },
        { "2025h1", "2025-01-01 2025-07-01" },
        { "2025", "2025-01-01 2026-01-01" },
        { "2025年", "2025-01-01 2026-01-01" },
        { "2025年3月", "2025-03-01 2025-04-01" },
        { "25年3月", "2025-03-01 2025-04-01" },
        { "2025-03", "2025-03-01 2025-04-01" },
        { "february", "2026-02-01 2026-03-01" },
        { "feb 2025", "2025-02-01 2025-03-01" },
        { "april", "2025-04-01 2025-05-01" },
        { "3月", "2026-03-01 2026-03-05 now" },
        { "12月", "2025-12-01 2026-01-01" },
        { "1〜3月", "2026-01-01 2026-03-05 now" },
        { "1-3月", "2026-01-01 2026-03-05 now" },
        { "1月から3月", "2026-01-01 2026-03-05 now" },
        { "2025年4〜6月", "2025-04-01 2025-07-01" },
        { "Jan–Mar", "2026-01-01 2026-03-05 now" },
        { "jan-mar", "2026-01-01 2026-03-05 now" },
        { "April to June", "2025-04-01 2025-07-01" },
        { "apr - jun 2025", "2025-04-01 2025-07-01" },
        { "Nov–Jan", "2025-11-01 2026-02-01" },
        { "Nov–Jan 2025", "2024-11-01 2025-02-01" },
        { "11〜1月", "2025-11-01 2026-02-01" },
        { "may-be", "" },
        { "13〜15月", "" },
        { "jan to tanaka", "2026-01-01 2026-02-01+ to tanaka" },
        { "last month", "2026-02-01 2026-03-01" },
        { "先月", "2026-02-01 2026-03-01" },
        { "this month", "2026-03-01 2026-03-05 now" },
        { "今月", "2026-03-01 2026-03-05 now" },
        { "this quarter", "2026-01-01 2026-03-05 now" },
        { "今四半期", "2026-01-01 2026-03-05 now" },
        { "last quarter", "2025-10-01 2026-01-01" },
        { "this week", "2026-03-02 2026-03-05 now" },
        { "先週", "2026-02-23 2026-03-02" },
        { "去年", "2025-01-01 2026-01-01" },
        { "90d", "2025-12-05 2026-03-05 now" },
        { "last 90 days", "2025-12-05 2026-03-05 now" },
        { "直近90日", "2025-12-05 2026-03-05 now" },
        { "ここ3か月", "2025-12-05 2026-03-05 now" },
        { "ytd", "2026-01-01 2026-03-05 now" },
        { "年初来", "2026-01-01 2026-03-05 now" },
        { "q3 by partner", "2025-07-01 2025-10-01+ by partner" },
        { "q5", "" },
        { "h3", "" },
        { "q", "" },
        { "q12", "" },
        { "h1n1", "" },
        { "marketing", "" },
        { "1999x", "" },
        { "12", "" },
        { "3/14", "" },
        { "d12", "" },
    };
    assert_int_equal(check_rows("JP", "Asia/Tokyo", rows, COUNT(rows)), 0);
}

static void period__match__fiscal_of_japan(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "fy", "2025-04-01 2026-03-05 now" },
        { "fy2026", "2026-04-01 2027-04-01" },
        { "fy26", "2026-04-01 2027-04-01" },
        { "fy 2025", "2025-04-01 2026-03-05 now" },
        { "2026年度", "2026-04-01 2027-04-01" },
        { "26年度", "2026-04-01 2027-04-01" },
        { "2024年度上期", "2024-04-01 2024-10-01" },
        { "2024年度の第3四半期", "2024-10-01 2025-01-01" },
        { "fq3", "2025-10-01 2026-01-01" },
        { "3Q", "2025-10-01 2026-01-01" },
        { "4Q", "2026-01-01 2026-03-05 now" },
        { "1H", "2025-04-01 2025-10-01" },
        { "2024 3Q", "2024-10-01 2025-01-01" },
        { "第3四半期", "2025-10-01 2026-01-01" },
        { "上期", "2025-04-01 2025-10-01" },
        { "下期", "2025-10-01 2026-03-05 now" },
        { "今期", "2025-04-01 2026-03-05 now" },
        { "前期", "2024-04-01 2025-04-01" },
        { "来期", "2026-04-01 2027-04-01" },
        { "期初来", "2025-04-01 2026-03-05 now" },
        { "夏のボーナス", "2025-10-01 2026-03-05 now" },
        { "冬のボーナス", "2025-04-01 2025-10-01" },
    };
    assert_int_equal(check_rows("JP", "Asia/Tokyo", rows, COUNT(rows)), 0);
}

static void period__match__fiscal_of_others(void **state)
{
    (void)state;
    static const struct row sydney[] = {
        { "fy2026", "2025-07-01 2026-03-05 now" },
        { "fy", "2025-07-01 2026-03-05 now" },
        { "fq1", "2025-07-01 2025-10-01" },
        { "q1", "2026-01-01 2026-03-05 now" },
    };
    static const struct row seoul[] = {
        { "fy2026", "2026-01-01 2026-03-05 now" },
        { "3Q", "2025-07-01 2025-10-01" },
    };
    assert_int_equal(check_rows("AU", "Australia/Sydney", sydney, COUNT(sydney)), 0);
    assert_int_equal(check_rows("KR", "Asia/Seoul", seoul, COUNT(seoul)), 0);
}

static void period__default__trailing_and_to_date(void **state)
{
    (void)state;
    struct when_context cx = context("JP", "Asia/Tokyo");
    struct period p = period_trailing_months(&cx, 12);
    assert_string_equal(describe(&p), "2025-03-05 2026-03-05 now");
    p = period_quarter_to_date(&cx);
    assert_string_equal(describe(&p), "2026-01-01 2026-03-05 now");
    assert_int_equal(p.to_ms, cx.now_ms);
    p = period_before(&cx, &p);
    assert_string_equal(describe(&p), "2025-10-30 2026-01-01");
    size_t len;
    assert_true(period_match(&cx, "q4", 2, 0, &p, &len));
    p = period_before(&cx, &p);
    assert_string_equal(describe(&p), "2025-07-01 2025-10-01");
    assert_true(period_match(&cx, "last month", 10, 0, &p, &len));
    p = period_before(&cx, &p);
    assert_string_equal(describe(&p), "2026-01-01 2026-02-01");
}

static void period__format__in_both_languages(void **state)
{
    (void)state;
    struct when_context cx = context("JP", "Asia/Tokyo");
    int ja = catalogue_find_locale(words, "ja");
    static const struct {
        const char *text, *en, *ja;
    } rows[] = {
        { "2025q1", "Jan 1 – Mar 31 2025", "2025/1/1〜3/31" },
        { "fy2024", "Apr 1 2024 – Mar 31 2025", "2024/4/1〜2025/3/31" },
        { "q1", "Jan 1 – Mar 4 2026 (to date)", "2026/1/1〜3/4（今日まで）" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct period p;
        size_t len;
        assert_true(period_match(&cx, rows[i].text, strlen(rows[i].text), 0, &p, &len));
        assert_string_equal(period_format(&cx, &mem, 0, &p), rows[i].en);
        assert_string_equal(period_format(&cx, &mem, ja, &p), rows[i].ja);
    }
    struct period day = { .from_day = day_number(2026, 3, 4),
        .to_day = day_number(2026, 3, 5) };
    assert_string_equal(period_format(&cx, &mem, 0, &day), "Mar 4 2026");
}

static void period__parts__are_cut_at_both_ends_and_add_up(void **state)
{
    (void)state;
    struct when_context cx = context("JP", "Asia/Tokyo");
    int ja = catalogue_find_locale(words, "ja");
    struct period year = period_trailing_months(&cx, 12), part[16];
    int n = period_parts(&cx, &year, 1, part, 16);
    assert_int_equal(n, 13); /* Mar 5 2025 to Mar 4 2026 */
    assert_int_equal(part[0].from_day, year.from_day);
    assert_int_equal(part[12].to_day, year.to_day);
    assert_true(part[12].to_date && !part[11].to_date);
    for (int i = 1; i < n; i++) {
        assert_int_equal(part[i].from_day, part[i - 1].to_day);
        assert_int_equal(part[i].from_ms, part[i - 1].to_ms);
    }
    assert_string_equal(period_format_part(&cx, &mem, 0, &part[1], 1), "Apr 2025");
    assert_string_equal(period_format_part(&cx, &mem, ja, &part[1], 1), "2025/4");
    assert_int_equal(period_parts(&cx, &year, 3, part, 16), 5);
    assert_string_equal(period_format_part(&cx, &mem, 0, &part[1], 3), "Q2 2025");
    assert_string_equal(period_format_part(&cx, &mem, ja, &part[1], 3), "2025年4〜6月");
    assert_int_equal(period_parts(&cx, &year, 1, part, 4), 4); /* the last four */
    assert_int_equal(part[3].to_day, year.to_day);
    struct period months = period_last_months(&cx, 12);
    assert_int_equal(months.from_day, day_number(2025, 4, 1));
    assert_int_equal(months.to_day, day_number(2026, 3, 5));
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
        cmocka_unit_test(period__match__calendar),
        cmocka_unit_test(period__match__fiscal_of_japan),
        cmocka_unit_test(period__match__fiscal_of_others),
        cmocka_unit_test(period__default__trailing_and_to_date),
        cmocka_unit_test(period__format__in_both_languages),
        cmocka_unit_test(period__parts__are_cut_at_both_ends_and_add_up),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
