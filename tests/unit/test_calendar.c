#include "tests/unit/t.h"

#include "bot/text/calendar.h"
#include "bot/text/zone.h"
#include <stdio.h>
#include <string.h>

static void calendar__market__eight_and_no_more(void **state)
{
    (void)state;
    assert_string_equal(market_find("JP")->zone, "Asia/Tokyo");
    assert_string_equal(market_find("HK")->currency, "HKD");
    assert_int_equal(market_find("AU")->fiscal_month, 7);
    assert_true(market_find("AU")->fiscal_named_by_end);
    assert_false(market_find("TW")->day_first);
    assert_true(market_find("TH")->day_first);
    assert_null(market_find("US"));
    assert_null(market_find(NULL));
    assert_non_null(market_at(7));
    assert_null(market_at(8));
    assert_null(market_at(-1));
    for (int i = 0; market_at(i); i++)
        assert_true(zone_valid(market_at(i)->zone));
}

static void calendar__business_day__known_dates(void **state)
{
    (void)state;
    static const struct {
        const char *market;
        int y, m, d;
        bool business;
    } rows[] = {
        { "JP", 2026, 3, 4, true },
        { "JP", 2026, 3, 7, false },
        { "JP", 2026, 3, 20, false },
        { "JP", 2026, 5, 6, false },
        { "JP", 2026, 5, 7, true },
        { "JP", 2026, 9, 22, false },
        { "JP", 2026, 12, 31, true },
        { "KR", 2026, 2, 16, false },
        { "KR", 2026, 2, 18, false },
        { "KR", 2026, 2, 19, true },
        { "KR", 2026, 3, 2, false },
        { "KR", 2025, 10, 8, false },
        { "TW", 2024, 2, 17, true },
        { "TW", 2025, 2, 8, true },
        { "TW", 2025, 1, 27, false },
        { "TW", 2026, 2, 7, false },
        { "TW", 2026, 2, 27, false },
        { "TW", 2026, 4, 3, false },
        { "TW", 2026, 4, 6, false },
        { "HK", 2026, 4, 7, false },
        { "HK", 2026, 5, 25, false },
        { "MY", 2026, 3, 23, false },
        { "MY", 2025, 9, 1, false },
        { "TH", 2026, 4, 13, false },
        { "TH", 2026, 12, 7, false },
        { "SG", 2026, 8, 10, false },
        { "SG", 2026, 6, 1, false },
        { "AU", 2026, 12, 28, false },
        { "AU", 2026, 1, 26, false },
        { "AU", 2026, 6, 8, true },
        { "XX", 2026, 1, 1, true },
        { "XX", 2026, 1, 3, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool got =
            business_day(rows[i].market, day_number(rows[i].y, rows[i].m, rows[i].d));
        if (got != rows[i].business)
            fail_msg("%s %d-%02d-%02d: business day %d", rows[i].market, rows[i].y,
                rows[i].m, rows[i].d, got);
    }
}

static void calendar__holiday_name__substitute_and_none(void **state)
{
    (void)state;
    assert_string_equal(
        holiday_name("JP", day_number(2026, 9, 22)), "Citizens' Holiday");
    assert_non_null(strstr(holiday_name("JP", day_number(2026, 5, 6)), "substitute"));
    assert_null(holiday_name("JP", day_number(2026, 3, 4)));
    assert_null(holiday_name("JP", INT32_MIN));
    assert_null(holiday_name("JP", INT32_MAX));
    assert_null(holiday_name("XX", day_number(2026, 1, 1)));
}

/* Golden week 2026: Thursday 30 April, Friday 1 May, then Thursday 7 May. */
static void calendar__business_day_add__over_golden_week(void **state)
{
    (void)state;
    int32_t friday = day_number(2026, 5, 1);
    assert_int_equal(business_day_add("JP", friday, 1), day_number(2026, 5, 7));
    assert_int_equal(business_day_add("JP", friday, 2), day_number(2026, 5, 8));
    assert_int_equal(business_day_add("JP", friday, 0), friday);
    assert_int_equal(business_day_add("JP", friday + 1, 0), day_number(2026, 5, 7));
    assert_int_equal(business_day_add("SG", friday, 1), day_number(2026, 5, 4));
    assert_int_equal(business_days_between("JP", friday, day_number(2026, 5, 8)), 2);
    assert_int_equal(business_days_between("JP", friday, friday), 0);
    assert_int_equal(business_days_between("JP", friday, friday - 9), 0);
}

/* Each row of the generated table is found, so it is sorted as the search wants it. */
static void calendar__table__every_row_is_found(void **state)
{
    (void)state;
    enum { ANNOUNCED, COMPUTED, NOT_KEPT };
    static const struct {
        const char *market, *state;
        int year, month, day;
        const char *name, *ja, *source;
        int kind;
    } rows[] = {
#define HOLIDAY(market, state, year, month, day, name, ja, source, kind) \
    { #market, state, year, month, day, name, ja, source, kind },
#include "bot/text/holidays.inc"
#undef HOLIDAY
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char market[16];
        struct holiday h;
        (void)snprintf(market, sizeof market, "%s%s%s", rows[i].market, *rows[i].state ? "-" : "", rows[i].state);
        int32_t day = day_number(rows[i].year, rows[i].month, rows[i].day);
        bool kept = holiday_find(market, day, &h);
        if (kept != (rows[i].kind != NOT_KEPT))
            fail_msg("%s %d-%02d-%02d", market, rows[i].year, rows[i].month, rows[i].day);
        if (!kept)
            continue;
        assert_string_equal(h.name, rows[i].name);
        assert_string_equal(h.ja, rows[i].ja);
        assert_string_equal(h.source, rows[i].source);
        assert_int_equal(h.computed, rows[i].kind == COMPUTED);
    }
}

static void calendar__table__every_year_of_every_market(void **state)
{
    (void)state;
    for (int i = 0; market_at(i); i++) {
        for (int year = 2024; year <= 2030; year++) {
            int days = 0, christmas = 0;
            for (int32_t d = day_number(year, 1, 1); d < day_number(year + 1, 1, 1);
                 d++) {
                const char *name = holiday_name(market_at(i)->code, d);
                days += name ? 1 : 0;
                christmas += name && strstr(name, "Christmas") ? 1 : 0;
            }
            assert_in_range(days, 8, 30);
            assert_true(strcmp(market_at(i)->code, "SG") != 0 || christmas == 1);
        }
    }
}

/* Selangor keeps its Sultan's birthday, Johor no New Year; Kelantan rests on Fridays, Johor
 * did until 2024; Melbourne has its Cup. */
static void calendar__state__has_days_and_weekends_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *market;
        int y, m, d;
        bool business;
    } rows[] = {
        { "MY-10", 2026, 12, 11, false }, { "MY", 2026, 12, 11, true }, { "MY-01", 2026, 1, 1, true },
        { "MY", 2026, 1, 1, false }, { "MY-03", 2026, 3, 6, false }, { "MY-03", 2026, 3, 8, true },
        { "MY-10", 2026, 3, 6, true }, { "MY-10", 2026, 3, 8, false }, { "MY-01", 2024, 12, 6, false },
        { "MY-01", 2025, 1, 10, true }, { "AU-VIC", 2026, 11, 3, false }, { "AU-NSW", 2026, 11, 3, true },
        { "AU-XX", 2026, 12, 25, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (business_day(rows[i].market, day_number(rows[i].y, rows[i].m, rows[i].d)) != rows[i].business)
            fail_msg("%s %d-%02d-%02d", rows[i].market, rows[i].y, rows[i].m, rows[i].d);
}

static void calendar__own_days__come_before_the_table(void **state)
{
    (void)state;
    int32_t friday = day_number(2026, 5, 1), constitution = day_number(2026, 5, 4);
    static const struct own_state states[] = { { "MY", "10" } };
    const struct own_day days[] = { { "JP", friday, false, "founding day" }, { "JP", constitution, true, NULL } };
    const struct calendar_own own = { days, 2, states, 1 };
    struct holiday h;
    calendar_use(&own);
    assert_true(holiday_find("JP", friday, &h) && !h.computed);
    assert_string_equal(h.name, "founding day");
    assert_string_equal(h.source, "own");
    assert_true(business_day("JP", constitution));
    assert_int_equal(business_day_add("JP", friday - 1, 1), constitution);
    assert_true(business_day("SG", constitution)); /* nobody else's */
    assert_false(business_day("MY", day_number(2026, 12, 11)));
    calendar_use(NULL);
    assert_true(business_day("JP", friday));
    assert_true(business_day("MY", day_number(2026, 12, 11)));
}

/* Counted in bits, or a day at a time where nothing is kept: before 2000 and after 2044. */
static void calendar__business_days__are_the_sum_of_the_days(void **state)
{
    (void)state;
    static const char *const codes[] = { "JP", "MY", "MY-10", "AU", NULL, "TW", "of no market" };
    const int32_t starts[] = { day_number(1999, 11, 3), day_number(2025, 12, 30), day_number(2044, 9, 1) };
    for (size_t i = 0; i < sizeof codes / sizeof *codes * 3; i++) {
        const char *code = codes[i / 3];
        int32_t from = starts[i % 3];
        for (int n = 0, days = 1; days < 300; days++) {
            n += business_day(code, from + days);
            assert_int_equal(business_days_between(code, from, from + days), n);
        }
    }
    const struct own_day days[] = { { "JP", day_number(2026, 3, 4), false, "founding day" } };
    const struct calendar_own own = { days, 1, NULL, 0 };
    int all = business_days_between("JP", starts[1], starts[1] + 299);
    calendar_use(&own);
    assert_int_equal(business_days_between("JP", starts[1], starts[1] + 299), all - 1);
    calendar_use(NULL);
    assert_int_equal(business_days_between("JP", starts[1], starts[1] + 299), all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar__business_days__are_the_sum_of_the_days),
        cmocka_unit_test(calendar__market__eight_and_no_more),
        cmocka_unit_test(calendar__business_day__known_dates),
        cmocka_unit_test(calendar__holiday_name__substitute_and_none),
        cmocka_unit_test(calendar__business_day_add__over_golden_week),
        cmocka_unit_test(calendar__table__every_row_is_found),
        cmocka_unit_test(calendar__table__every_year_of_every_market),
        cmocka_unit_test(calendar__state__has_days_and_weekends_of_its_own),
        cmocka_unit_test(calendar__own_days__come_before_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
