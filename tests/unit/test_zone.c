#include "tests/unit/t.h"

#include "bot/base/clock.h"
#include "bot/text/zone.h"
#include <string.h>

static int64_t at(const char *iso)
{
    int64_t ms = -1;
    assert_true(zone_parse_iso(iso, "UTC", &ms));
    return ms;
}

static void expect_iso(int64_t ms, const char *zone, const char *iso)
{
    struct arena mem = ARENA_INIT;
    assert_string_equal(zone_iso(&mem, ms, zone), iso);
    arena_finish(&mem);
}

static void zone__valid__known_and_unknown(void **state)
{
    (void)state;
    assert_true(zone_valid("Asia/Tokyo"));
    assert_true(zone_valid("Australia/Sydney"));
    assert_true(zone_valid("UTC"));
    assert_false(zone_valid("Asia/Tokio"));
    assert_false(zone_valid("Etc/Unknown"));
    assert_false(zone_valid(""));
    assert_false(zone_valid(NULL));
    assert_false(zone_valid("東京"));
    assert_false(
        zone_valid("A/zone/name/that/is/longer/than/any/of/the/names/that/icu/has"));
}

static void zone__iso__prints_local_time_and_offset(void **state)
{
    (void)state;
    int64_t ms = at("2026-03-04T08:30:00Z");
    expect_iso(ms, "Asia/Tokyo", "2026-03-04T17:30:00+09:00");
    expect_iso(ms, "America/New_York", "2026-03-04T03:30:00-05:00");
    expect_iso(ms, "Asia/Kolkata", "2026-03-04T14:00:00+05:30");
    expect_iso(ms, "Not/A_Zone", "2026-03-04T08:30:00+00:00");
}

static void zone__parse_iso__accepts_offsets_and_wall_time(void **state)
{
    (void)state;
    int64_t ms = 0;
    assert_true(zone_parse_iso("2026-03-02T18:05", "Asia/Tokyo", &ms));
    assert_int_equal(ms, at("2026-03-02T09:05Z"));
    assert_true(zone_parse_iso("2026-03-02T18:05:30+08:00", "Asia/Tokyo", &ms));
    assert_int_equal(ms, at("2026-03-02T10:05:30Z"));
    static const char *const bad[] = { "", "2026", "2026-03-02", "2026-02-30T10:00",
        "2026-03-02T24:00", "2026-03-02T18:60", "2026-03-02T18:05+9",
        "2026-03-02T18:05x", "2026-03-02 18:05",
        "2026-03-02T18:05:", "2026-03-02T18:05+09" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(zone_parse_iso(bad[i], "UTC", &ms));
}

static void zone__day_number__round_trips_over_centuries(void **state)
{
    (void)state;
    assert_int_equal(day_number(1970, 1, 1), 0);
    assert_int_equal(day_number(2026, 3, 4), 20516);
    assert_int_equal(civil_of_day(20516).weekday, 3);
    assert_int_equal(civil_of_day(-1).weekday, 3);
    for (int32_t day = -200000; day < 200000; day += 7) {
        struct civil c = civil_of_day(day);
        assert_int_equal(day_number(c.year, c.month, c.day), day);
        assert_int_equal(civil_of_day(day + 7).weekday, c.weekday);
    }
}

static void zone__date_valid__leap_years(void **state)
{
    (void)state;
    assert_true(civil_date_valid(2028, 2, 29));
    assert_false(civil_date_valid(2026, 2, 29));
    assert_false(civil_date_valid(2100, 2, 29));
    assert_false(civil_date_valid(2026, 13, 1));
    assert_false(civil_date_valid(2026, 4, 31));
    assert_false(civil_date_valid(2026, 0, 1));
}

/* Sydney: 2026-10-04 02:00 jumps to 03:00; 2026-04-05 03:00 falls back to 02:00. */
static void zone__instant_of__gap_forward_and_first_of_repeated(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *wall, *iso;
    } rows[] = {
        { "Australia/Sydney", "2026-10-04T01:59", "2026-10-04T01:59:00+10:00" },
        { "Australia/Sydney", "2026-10-04T02:30", "2026-10-04T03:30:00+11:00" },
        { "Australia/Sydney", "2026-10-04T03:00", "2026-10-04T03:00:00+11:00" },
        { "Australia/Sydney", "2026-04-05T02:30", "2026-04-05T02:30:00+11:00" },
        { "Australia/Sydney", "2026-04-05T03:00", "2026-04-05T03:00:00+10:00" },
        { "America/New_York", "2026-03-08T02:30", "2026-03-08T03:30:00-04:00" },
        { "America/New_York", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00" },
        { "Europe/London", "2026-03-29T01:00", "2026-03-29T02:00:00+01:00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        assert_true(zone_parse_iso(rows[i].wall, rows[i].zone, &ms));
        expect_iso(ms, rows[i].zone, rows[i].iso);
    }
}

static void zone__day_of__short_and_long_days(void **state)
{
    (void)state;
    const char *sydney = "Australia/Sydney";
    int32_t spring = day_number(2026, 10, 4), autumn = day_number(2026, 4, 5);
    assert_int_equal(
        day_start_ms(spring + 1, sydney) - day_start_ms(spring, sydney), 23 * HOUR_MS);
    assert_int_equal(
        day_start_ms(autumn + 1, sydney) - day_start_ms(autumn, sydney), 25 * HOUR_MS);
    for (int32_t day = day_number(2024, 1, 1); day < day_number(2030, 1, 1); day++) {
        int64_t start = day_start_ms(day, sydney);
        assert_int_equal(day_of(start, sydney), day);
        assert_int_equal(day_of(start - 1, sydney), day - 1);
    }
}

static void zone__cache__many_zones_in_turn(void **state)
{
    (void)state;
    static const char *const zones[] = { "Asia/Tokyo", "Asia/Seoul", "Asia/Taipei",
        "Asia/Hong_Kong", "Asia/Kuala_Lumpur", "Asia/Bangkok", "Asia/Singapore",
        "Australia/Sydney", "Europe/London", "America/New_York", "Asia/Kolkata",
        "Pacific/Auckland", "Europe/Berlin", "UTC", "Nowhere" };
    static const int offsets[] = { 540, 540, 480, 480, 480, 420, 480, 660, 0, -300, 330,
        780, 60, 0, 0 };
    for (int turn = 0; turn < 3; turn++) {
        for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
            assert_int_equal(
                zone_offset_minutes(at("2026-01-15T00:00Z"), zones[i]), offsets[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zone__valid__known_and_unknown),
        cmocka_unit_test(zone__iso__prints_local_time_and_offset),
        cmocka_unit_test(zone__parse_iso__accepts_offsets_and_wall_time),
        cmocka_unit_test(zone__day_number__round_trips_over_centuries),
        cmocka_unit_test(zone__date_valid__leap_years),
        cmocka_unit_test(zone__instant_of__gap_forward_and_first_of_repeated),
        cmocka_unit_test(zone__day_of__short_and_long_days),
        cmocka_unit_test(zone__cache__many_zones_in_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
