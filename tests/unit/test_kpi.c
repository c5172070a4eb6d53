/* The figures against the golden sample of their definitions. */
#include "tests/unit/kpi_store.h"

static void golden__win_rate(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K6", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3);
    assert_int_equal(r.total.den, 5);
    assert_string_equal(r.total.value, "60.0");
    assert_string_equal(r.total.low, "23.1");
    assert_string_equal(r.total.high, "88.2");
    assert_true(r.total.small);
    assert_false(r.total.unranked);
    assert_int_equal(kpi_count(&r, "open"), 1);
    assert_int_equal(kpi_count(&r, "paused"), 1);
    assert_int_equal(kpi_count(&r, "expired"), 1);
    assert_int_equal(r.rows.n, 8);
    /* By value: only the won deals have one. */
    assert_int_equal(r.n_parts, 1);
    assert_string_equal(r.parts[0].name, "JPY");
    assert_int_equal(r.parts[0].num, 13800000);
    assert_string_equal(r.parts[0].share, "100.0");
}

static void golden__utc_moves_a_deal_into_the_half(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K6", "2026-01-01T00:00Z", "2026-07-01T00:00Z");
    a.zone = "UTC";
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 4);
    assert_int_equal(r.total.den, 6);
    assert_string_equal(r.total.value, "66.7");
    assert_int_equal(r.n_parts, 2); /* JPY and AUD are never added */
}

static void golden__close_rate_of_a_cohort(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K7", "2025-07-01T00:00", "2026-01-01T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3);
    assert_int_equal(r.total.den, 4);
    assert_string_equal(r.total.value, "75.0");
    assert_int_equal(r.immature, 1); /* D3 */
    assert_int_equal(r.open, 0);
    a.as_of_ms = at("2026-07-01T00:00") - 1;
    r = answer(w, &a);
    assert_int_equal(r.total.num, 2);
    assert_string_equal(r.total.value, "50.0");
    assert_int_equal(r.open, 1);
}

static void golden__time_to_close(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K9", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "172");
    assert_string_equal(r.total.mean, "233.7");
    assert_string_equal(r.total.p90, "380");
    assert_string_equal(r.total.net, "172");
    assert_int_equal(r.total.n, 3);
}

static void golden__touch_points_per_close(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K11", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 54);
    assert_int_equal(r.total.den, 3);
    assert_string_equal(r.total.value, "18.0");
    assert_string_equal(r.total.median, "14");
    assert_int_equal(r.rows.n, 57);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].f.value, "11.5");
    assert_string_equal(r.groups[1].f.value, "31.0");
    assert_true(r.groups[1].f.unranked);
}

static void golden__win_rate_by_type_and_silo(void **state)
{
    struct world *w = *state;
    golden(w);
    run(w, "update partner set silo = 'dentsu' where id = 1");
    struct kpi_ask a = ask("K6", H1);
    a.by = KPI_BY_TYPE;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].name, "agency"); /* D1 D2 of D1 D2 D3 */
    assert_int_equal(r.groups[0].f.num, 2);
    assert_int_equal(r.groups[0].f.den, 3);
    assert_string_equal(r.groups[1].name, "si"); /* D5 of D5 D6 */
    assert_string_equal(r.groups[1].f.value, "50.0");
    a.by = KPI_BY_SILO;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_null(r.groups[0].name); /* P2 has none */
    assert_int_equal(r.groups[0].f.den, 2);
    assert_string_equal(r.groups[1].name, "dentsu");
    a.scope.type = "si";
    assert_int_equal(answer(w, &a).total.den, 2);
}

static void golden__registrations(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K5", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "4");
    assert_int_equal(kpi_count(&r, "expired"), 1);
    assert_int_equal(r.n_parts, 5);
    assert_int_equal(r.parts[0].num, 4);
    assert_int_equal(r.rows.row[0].no, 6);
    assert_int_equal(r.rows.row[1].no, 10);
    assert_int_equal(r.rows.row[2].no, 4);
    assert_int_equal(r.rows.row[3].no, 8);
}

static void golden__touches_of_a_merged_deal_are_the_survivors(void **state)
{
    struct world *w = *state;
    golden(w);
    RUN(w, "update deal set state = 'won', closed_ms = %lld where id = 8",
        (long long)at("2026-06-01T10:00"));
    struct kpi_ask a = ask("K11", H1);
    a.scope.deal = 8;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 4);
    struct kpi_ask mix = ask("K12", H1);
    mix.scope.deal = 8;
    r = answer(w, &mix);
    assert_int_equal(r.total.num, 4);
}

static void partners__active_of_signed(void **state)
{
    struct world *w = *state;
    run(w, "delete from partner");
    for (int i = 1; i <= 12; i++)
        RUN(w,
            "insert into partner (id, name, type, market, stage, signed_day, created_ms)"
            " values (%d, 'P', 'agency', 'JP', 'signed', 20000, 0)",
            i);
    run(w,
        "insert into partner (id, name, stage, created_ms) values (13, 'L', 'legal', 0);"
        "insert into partner (id, name, stage, signed_day, ended_day, created_ms) values"
        " (14, 'E', 'ended', 20000, 20600, 0)");
    RUN(w,
        "insert into partner (id, name, stage, signed_day, created_ms)"
        " values (15, 'N', 'signed', %d, 0)",
        (int)day_number(2026, 7, 2));
    /* Three by touch point, two by registration; the first counts at the window's edge. */
    static const char *const when[] = { "2026-04-03T00:00", "2026-06-01T10:00",
        "2026-07-02T11:59" };
    for (int i = 0; i < 3; i++) {
        int64_t t = add_touch(w, 0, when[i], "zoom", NULL);
        RUN(w, "insert into touch_partner (touch_id, partner_id) values (%lld, %d)",
            (long long)t, i + 1);
    }
    int64_t late = add_touch(w, 0, "2026-04-02T23:59", "zoom", NULL);
    int64_t attempt =
        add_touch(w, 0, "2026-06-02T10:00", "phone", "outcome = 'no_answer'");
    RUN(w,
        "insert into touch_partner (touch_id, partner_id) values (%lld, 8), (%lld, 9)",
        (long long)late, (long long)attempt);
    add_deal(w,
        (struct deal){ 1, 4, "JP", "2026-06-01T10:00", "open", NULL, 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 2, 5, "JP", "2026-06-01T10:00", "lost",
                    "2026-06-02T10:00", 0, NULL, 1, 0 });
    struct kpi_ask a = ask("K1", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 5);
    assert_int_equal(r.total.den, 12);
    assert_string_equal(r.total.value, "41.7");
    assert_int_equal(kpi_count(&r, "unsigned"), 1);
    assert_int_equal(kpi_count(&r, "ended"), 1);
    assert_int_equal(kpi_count(&r, "signed_later"), 1);
    a.scope.partner = 4;
    r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 1);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 1);
}

static void series__columns_follow_the_values(void **state)
{
    struct world *w = *state;
    struct kpi_point p[4] = { 0 };
    char difference[24];
    strcpy(p[0].answer.total.value, "25.0");
    strcpy(p[2].answer.total.value, "100.0");
    strcpy(p[3].answer.total.value, "0.0");
    assert_string_equal(kpi_spark(&w->mem, p, 4), "▃·█▁");
    kpi_difference(difference, sizeof difference, &p[2].answer.total, &p[0].answer.total);
    assert_string_equal(difference, "+75.0");
    kpi_difference(difference, sizeof difference, &p[3].answer.total, &p[0].answer.total);
    assert_string_equal(difference, "-25.0");
    kpi_difference(difference, sizeof difference, &p[0].answer.total, &p[0].answer.total);
    assert_string_equal(difference, "±0.0");
    kpi_difference(difference, sizeof difference, &p[0].answer.total, &p[1].answer.total);
    assert_string_equal(difference, "");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(golden__win_rate),
        T(golden__utc_moves_a_deal_into_the_half),
        T(golden__close_rate_of_a_cohort),
        T(golden__time_to_close),
        T(golden__touch_points_per_close),
        T(golden__win_rate_by_type_and_silo),
        T(golden__registrations),
        T(golden__touches_of_a_merged_deal_are_the_survivors),
        T(partners__active_of_signed),
        T(series__columns_follow_the_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
