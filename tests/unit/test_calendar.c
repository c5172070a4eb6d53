#include "tests/unit/t.h"

#include "bot/text/calendar.h"
#include "bot/text/zone.h"
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

static void calendar__table__sorted_and_complete(void **state)
{
    (void)state;
    for (int i = 0; market_at(i); i++) {
        for (int year = 2024; year <= 2029; year++) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar__market__eight_and_no_more),
        cmocka_unit_test(calendar__business_day__known_dates),
        cmocka_unit_test(calendar__holiday_name__substitute_and_none),
        cmocka_unit_test(calendar__business_day_add__over_golden_week),
        cmocka_unit_test(calendar__table__sorted_and_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
