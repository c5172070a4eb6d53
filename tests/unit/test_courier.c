#include "tests/unit/t.h"

#include "bot/base/clock.h"
#include "bot/core/courier.h"

enum { CREATED = 1000000 };

static void courier__next_attempt__follows_the_table(void **state)
{
    (void)state;
    static const struct {
        int attempt;
        int64_t after_ms;
    } rows[] = {
        { 1, 1000 },
        { 2, 6000 },
        { 3, 36000 },
        { 4, 36000 + 2 * MINUTE_MS },
        { 5, 36000 + 12 * MINUTE_MS },
        { 6, 36000 + 12 * MINUTE_MS + HOUR_MS },
        { 7, 36000 + 12 * MINUTE_MS + 2 * HOUR_MS },
        { 28, 36000 + 12 * MINUTE_MS + 23 * HOUR_MS },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(courier_next_attempt(CREATED, rows[i].attempt, 0),
            CREATED + rows[i].after_ms);
}

static void courier__next_attempt__gives_up_after_a_day(void **state)
{
    (void)state;
    assert_true(courier_next_attempt(CREATED, 29, 0) == INT64_MAX);
    assert_true(courier_next_attempt(CREATED, INT32_MAX, 0) == INT64_MAX);
}

static void courier__next_attempt__waits_as_long_as_asked(void **state)
{
    (void)state;
    assert_int_equal(courier_next_attempt(CREATED, 1, CREATED + HOUR_MS), CREATED + HOUR_MS);
    assert_int_equal(courier_next_attempt(CREATED, 1, CREATED - HOUR_MS), CREATED + 1000);
    assert_int_equal(courier_next_attempt(CREATED, 1, CREATED + DAY_MS), CREATED + DAY_MS);
    assert_true(courier_next_attempt(CREATED, 1, CREATED + DAY_MS + 1) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(courier__next_attempt__follows_the_table),
        cmocka_unit_test(courier__next_attempt__gives_up_after_a_day),
        cmocka_unit_test(courier__next_attempt__waits_as_long_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
