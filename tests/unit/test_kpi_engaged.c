/* Figures of partnerships over time: who is active, activated, signed, engaged, met, and how
 * far a network lasts. The clock stands at 2 July 2026, 12:00 in Tokyo. */
#include "tests/unit/kpi_store.h"

static void add_partner(struct world *w, int id, const char *stage, const char *signed_day)
{
    RUN(w,
        "insert into partner (id, name, type, market, stage, signed_day, created_ms)"
        " values (%d, 'P%d', 'agency', 'JP', '%s', %d, 0)",
        id, id, stage, (int)day(signed_day));
}

static int64_t add_partner_touch(struct world *w, int partner, const char *when, const char *more)
{
    int64_t t = add_touch(w, 0, when, "zoom", more);
    RUN(w, "insert into touch_partner (touch_id, partner_id) values (%lld, %d)", (long long)t, partner);
    return t;
}

static void register_deal(struct world *w, int id, int partner, const char *when)
{
    add_deal(w, (struct deal){ id, partner, "JP", when, "open", NULL, 0, NULL, 1, 0 });
}

static void active__dormant_and_dead(void **state)
{
    struct world *w = *state;
    run(w, "delete from partner");
    for (int i = 1; i <= 9; i++)
        add_partner(w, i, "signed", "2025-01-01");
    add_partner(w, 10, "signed", "2026-06-01"); /* newly signed, nothing yet */
    add_partner(w, 11, "signed", "2026-02-01"); /* quiet since the day it signed */
    add_partner(w, 12, "ended", "2025-01-01");
    add_partner(w, 13, "legal", "2025-01-01");
    RUN(w, "update partner set ended_day = %d where id = 12", (int)day("2026-07-02"));
    /* Ninety team days before 2 July: 3 April, 00:00; a hundred and eighty: 3 January. */
    add_partner_touch(w, 1, "2026-04-03T00:00", NULL);
    register_deal(w, 1, 2, "2026-04-03T00:00");
    RUN(w, "insert into lead (partner_id, customer_id, at_ms, member_id, created_ms) values (3, 1, %lld, 1, 0)",
        (long long)at("2026-04-03T00:00"));
    run(w, "insert into person (id, name, partner_id, created_ms) values (1, 'C1', 4, 0)");
    RUN(w,
        "insert into training (person_id, partner_id, enrolled_day, due_day, certified_day, member_id, created_ms)"
        " values (1, 4, 1, 2, %d, 1, 0)",
        (int)day("2026-04-03"));
    add_partner_touch(w, 5, "2026-04-02T23:59", NULL); /* dormant */
    add_partner_touch(w, 6, "2026-01-03T00:00", NULL); /* dormant still */
    add_partner_touch(w, 7, "2026-01-02T23:59", NULL); /* dead */
    add_partner_touch(w, 8, "2026-06-01T10:00", "outcome = 'no_answer'"); /* dead: an attempt */
    RUN(w, "insert into check_in (partner_id, at_day, what) values (9, %d, 'check')", (int)day("2026-06-01"));
    struct kpi_ask a = ask("K2", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 4);
    assert_int_equal(r.total.den, 11);
    assert_string_equal(r.total.value, "36.4");
    assert_int_equal(part(&r, "activity", "active")->num, 4);
    assert_int_equal(part(&r, "activity", "recent")->num, 1);
    assert_int_equal(part(&r, "activity", "dormant")->num, 3); /* 5, 6, 11 */
    assert_int_equal(part(&r, "activity", "dead")->num, 3);    /* 7, 8, 9 */
    assert_string_equal(part(&r, "window", NULL)->name, "2026-04-03");
    assert_string_equal(part(&r, "window", NULL)->share, "2026-07-02");
    assert_int_equal(kpi_count(&r, "ended"), 1);
    assert_int_equal(kpi_count(&r, "unsigned"), 1);
    /* At the end of a past period: what was in its ninety days. */
    a = ask("K2", "2026-01-01T00:00", "2026-04-01T00:00");
    r = answer(w, &a);
    assert_int_equal(r.total.num, 2); /* 6 and 7 */
    assert_int_equal(r.total.den, 11); /* 12 had not ended, 10 had not signed */
}

static void activation__day_180_counts_on_both_sides(void **state)
{
    struct world *w = *state;
    run(w, "delete from partner");
    /* 180 days before 2 July 2026 is 3 January 2026. */
    add_partner(w, 1, "signed", "2026-01-03");
    add_partner(w, 2, "signed", "2026-01-04"); /* 179 days: too young */
    add_partner(w, 3, "signed", "2025-01-01"); /* day 180 is 30 June 2025 */
    add_partner(w, 4, "signed", "2025-01-01");
    add_partner(w, 5, "ended", "2025-01-01"); /* registered before it signed, and stays in */
    add_partner(w, 6, "prospect", "2025-01-01");
    RUN(w, "update partner set ended_day = %d where id = 5", (int)day("2026-01-01"));
    register_deal(w, 1, 2, "2026-02-01T10:00");
    register_deal(w, 3, 3, "2025-06-30T23:59");
    register_deal(w, 4, 4, "2025-07-01T00:00");
    register_deal(w, 5, 5, "2024-11-01T10:00");
    RUN(w, "update deal set state = 'won', closed_ms = %lld where id = 5", (long long)at("2025-06-30T10:00"));
    RUN(w, "update deal set state = 'won', closed_ms = %lld where id = 3", (long long)at("2025-07-01T10:00"));
    struct kpi_ask a = ask("K3", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 2); /* 3 and 5 */
    assert_int_equal(r.total.den, 4); /* 1, 3, 4, 5 */
    assert_string_equal(r.total.value, "50.0");
    assert_int_equal(kpi_count(&r, "too_young"), 1);
    assert_int_equal(kpi_count(&r, "unsigned"), 1);
    const struct kpi_part *won = part(&r, "further", "K3");
    assert_int_equal(won->num, 1); /* the first win within the 180 days: 5 alone */
    assert_string_equal(won->share, "25.0");
    register_deal(w, 6, 1, "2026-07-02T11:00"); /* today is day 180 */
    assert_int_equal(answer(w, &a).total.num, 3);
    run(w, "update deal set state = 'merged' where id = 6");
    assert_int_equal(answer(w, &a).total.num, 2);
}

static void time_to_sign__median_and_open_ages(void **state)
{
    struct world *w = *state;
    run(w, "delete from partner");
    static const struct {
        const char *stage, *talk, *signed_day;
    } partners[] = { { "signed", "2025-08-01", "2026-01-01" }, /* 153 */
        { "active", "2026-01-01", "2026-04-11" },              /* 100 */
        { "ended", "2026-04-30", "2026-06-30" },               /* 61 */
        { "signed", NULL, "2026-03-01" }, { "signed", "2026-04-01", "2026-03-01" },
        { "signed", "2025-01-01", "2025-12-31" }, { "legal", "2026-06-02", NULL },
        { "prospect", "2026-03-24", NULL }, { "ended", "2026-03-24", NULL },
        { "prospect", NULL, NULL }, { "signed", "2026-05-01", "2026-07-02" } };
    for (int i = 0; i < 11; i++)
        RUN(w,
            "insert into partner (id, name, stage, agreement_day, signed_day, created_ms)"
            " values (%d, 'P', '%s', nullif(%d,0), nullif(%d,0), 0)",
            i + 1, partners[i].stage, partners[i].talk ? (int)day(partners[i].talk) : 0,
            partners[i].signed_day ? (int)day(partners[i].signed_day) : 0);
    struct kpi_ask a = ask("K4", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.n, 3);
    assert_string_equal(r.total.value, "100");
    assert_int_equal(kpi_count(&r, "no_talk"), 1);
    assert_int_equal(kpi_count(&r, "signed_before_talk"), 1);
    /* On 30 June: 28 and 98 days, and 60 of the one that signs on 2 July. */
    const struct kpi_part *open = part(&r, "open_age", NULL);
    assert_int_equal(open->num, 3);
    assert_string_equal(open->share, "60");
    assert_int_equal(open->den, 98);
}

static void cadence__gaps_of_each_partner(void **state)
{
    struct world *w = *state;
    add_partner_touch(w, 1, "2025-12-31T10:00", NULL); /* before the period */
    add_partner_touch(w, 1, "2026-01-05T23:50", NULL);
    add_partner_touch(w, 1, "2026-01-06T00:10", NULL); /* 1 */
    add_partner_touch(w, 1, "2026-02-05T10:00", NULL); /* 30 */
    add_partner_touch(w, 1, "2026-03-01T10:00", "outcome = 'no_answer'");
    add_partner_touch(w, 1, "2026-06-17T10:00", NULL); /* 132 */
    int64_t both = add_partner_touch(w, 2, "2026-06-10T10:00", NULL);
    RUN(w, "insert into touch_partner (touch_id, partner_id) values (%lld, 1)", (long long)both);
    add_touch(w, 0, "2026-05-01T10:00", "zoom", "customer_id = 1");
    add_touch(w, 0, "2026-05-08T10:00", "zoom", "customer_id = 1"); /* 7, without a partner */
    add_touch(w, 0, "2026-05-08T10:00", "zoom", NULL);
    struct kpi_ask a = ask("K13", H1);
    struct kpi_answer r = answer(w, &a);
    /* P1: 1, 30, 125 (5 Feb to 10 June), 7; the customer: 7; P2 has one touch alone. */
    assert_int_equal(r.total.n, 5);
    assert_string_equal(r.total.value, "7");
    assert_string_equal(r.total.mean, "34.0");
    assert_int_equal(kpi_count(&r, "first_touch"), 3);
    assert_int_equal(kpi_count(&r, "no_firm"), 1);
    assert_int_equal(kpi_count(&r, "attempt"), 1);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[1].f.value, "18.5"); /* 1, 7, 30, 125 */
    a.by = KPI_BY_NONE;
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.n, 4);
}

static void cadence__overdue_in_business_days(void **state)
{
    struct world *w = *state;
    /* Business days in Japan behind Tue 16 June 2026 until 30 June: 17, 18, 19, 22 … 26,
     * 29, 30: ten, which is the target. */
    add_partner_touch(w, 1, "2026-06-16T10:00", NULL);
    struct kpi_ask a = ask("K13", H1);
    struct kpi_answer r = answer(w, &a);
    assert_null(part(&r, "overdue", NULL));
    run(w, "update touch_point set at_ms = at_ms - 86400000"); /* Monday: eleven */
    r = answer(w, &a);
    assert_int_equal(part(&r, "overdue", NULL)->num, 1);
    assert_int_equal(part(&r, "overdue", NULL)->den, 1);
    a.scope.partner = 1;
    a.as_of_ms = at("2026-06-29T23:59");
    r = answer(w, &a);
    assert_null(part(&r, "overdue", NULL));
}

static void update(struct world *w, int partner, const char *when)
{
    RUN(w, "insert into check_in (partner_id, at_day, what) values (%d, %d, 'update')", partner, (int)day(when));
}

static void updates__whole_weeks_of_the_partnership(void **state)
{
    struct world *w = *state;
    RUN(w, "update partner set signed_day = %d where id = 1", (int)day("2026-04-14"));
    run(w, "update partner set stage = 'prospect' where id = 2");
    /* Signed on a Tuesday: weeks from Mon 20 April on. In the week of 27 April one day is
     * closed (29), in that of 4 May three (4, 5, 6): both count. To Sun 24 May: five. */
    update(w, 1, "2026-04-20");
    update(w, 1, "2026-04-26"); /* the same week, and its Sunday */
    update(w, 1, "2026-05-04");
    update(w, 1, "2026-05-25"); /* behind the last whole week */
    RUN(w, "insert into check_in (partner_id, at_day, what) values (1, %d, 'check')", (int)day("2026-05-12"));
    struct kpi_ask a = ask("K19", "2026-01-01T00:00", "2026-05-28T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 2);
    assert_int_equal(r.total.den, 5);
    assert_int_equal(kpi_count(&r, "holiday_week"), 0);
    RUN(w, "update partner set ended_day = %d where id = 1", (int)day("2026-05-18"));
    assert_int_equal(answer(w, &a).total.den, 4); /* ended with Sunday 17 */
    RUN(w, "update partner set ended_day = %d where id = 1", (int)day("2026-05-17"));
    assert_int_equal(answer(w, &a).total.den, 3);
}

static void updates__holiday_weeks_are_out(void **state)
{
    struct world *w = *state;
    run(w, "update partner set market = 'TW' where id = 2");
    /* Taiwan's new year of 2026: 16 to 20 February are closed. */
    struct kpi_ask a = ask("K19", "2026-02-15T00:00", "2026-02-24T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.den, 1); /* P1's, in Japan */
    assert_int_equal(kpi_count(&r, "holiday_week"), 1);
    update(w, 2, "2026-02-17");
    assert_int_equal(answer(w, &a).total.num, 0);
}

/* The vector of the score: 9 of 12 weeks, 4 of 5 deals, 2 of 4 trainings, 2 of 3
 * registrations, a touch point 15 days ago. */
static void engage(struct world *w)
{
    /* Twelve whole weeks before Thu 2 July: from Mon 6 April to Mon 22 June. */
    for (int i = 0; i < 9; i++)
        RUN(w, "insert into check_in (partner_id, at_day, what) values (1, %d, 'update')",
            (int)day("2026-04-06") + 7 * i);
    for (int i = 1; i <= 5; i++)
        register_deal(w, i, 1, i <= 2 ? "2026-04-03T00:00" : "2026-04-02T23:59");
    for (int i = 1; i <= 4; i++)
        add_touch(w, i, "2026-06-02T00:00", "zoom", NULL); /* thirty days before */
    add_touch(w, 5, "2026-06-01T23:59", "zoom", NULL);
    add_partner_touch(w, 1, "2026-06-17T23:00", NULL);
    run(w, "insert into person (id, name, partner_id, created_ms) values (1, 'C1', 1, 0)");
    for (int i = 0; i < 4; i++)
        RUN(w,
            "insert into training (person_id, partner_id, enrolled_day, due_day, done_day, member_id, created_ms)"
            " values (1, 1, 1, %d, %d, 1, 0)",
            (int)day("2026-03-02"), (int)day("2026-03-01") + i);
    RUN(w,
        "insert into training (person_id, partner_id, enrolled_day, due_day, member_id, created_ms)"
        " values (1, 1, 1, %d, 1, 0)",
        (int)day("2026-07-02"));
}

static void engagement__of_five_components(void **state)
{
    struct world *w = *state;
    engage(w);
    struct kpi_ask a = ask("K18", NULL, NULL);
    a.scope.partner = 1;
    struct kpi_answer r = answer(w, &a);
    static const char *const names[] = { "weeks", "deals", "training", "registrations", "touch" };
    static const int expected[][2] = { { 9, 12 }, { 4, 5 }, { 2, 4 }, { 2, 3 }, { 15, 1 } };
    for (int i = 0; i < 5; i++) {
        assert_int_equal(part(&r, "component", names[i])->num, expected[i][0]);
        assert_int_equal(part(&r, "component", names[i])->den, expected[i][1]);
    }
    assert_string_equal(r.total.value, "70.4");
    assert_int_equal(r.total.num, 5);
    assert_false(r.total.small);
    /* Without open deals the weights are scaled anew. */
    run(w, "update deal set state = 'paused'");
    r = answer(w, &a);
    assert_string_equal(r.total.value, "67.2");
    assert_true(r.total.small);
    assert_int_equal(kpi_count(&r, "missing"), 1);
    run(w, "update deal set state = 'open'");
    register_deal(w, 6, 1, "2026-05-01T10:00");
    register_deal(w, 7, 1, "2026-05-01T10:00"); /* four, of which three are full marks */
    r = answer(w, &a);
    assert_int_equal(part(&r, "component", "registrations")->num, 3);
}

static void engagement__of_several_is_their_mean(void **state)
{
    struct world *w = *state;
    engage(w);
    /* P2 has no deal and no training, was never met and never gave an update: 0 of 60. */
    struct kpi_ask a = ask("K18", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "35.2");
    assert_int_equal(r.total.num, 8);
    assert_int_equal(r.total.den, 10);
    assert_int_equal(kpi_count(&r, "never"), 1);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].f.value, "70.4");
    assert_string_equal(r.groups[1].f.value, "0.0");
    /* Found in the latest thirty days, or from the partner on: the same. */
    add_partner_touch(w, 2, "2026-04-03T10:00", NULL); /* ninety days: 0.125 */
    r = answer(w, &a);
    assert_string_equal(r.groups[1].f.value, "4.2"); /* 0.2 × 0.125 ÷ 0.6 */
}

static void approach(struct world *w, int customer, const char *when)
{
    RUN(w, "insert into customer (id, name, created_ms) values (%d, 'A', 0)", customer);
    if (when) {
        int64_t t = add_partner_touch(w, 1, when, NULL);
        RUN(w, "update touch_point set customer_id = %d where id = %lld", customer, (long long)t);
    }
}

static void runway__accounts_left_by_pace(void **state)
{
    struct world *w = *state;
    RUN(w,
        "insert into network_size (partner_id, accounts, at_day, member_id, created_ms) values"
        " (1, 90, %d, 1, 0), (1, 60, %d, 1, 0)",
        (int)day("2024-01-01"), (int)day("2025-08-01"));
    /* Eighteen in the six months from 2 January on: three a month. 42 in all. */
    for (int i = 0; i < 24; i++)
        approach(w, 100 + i, "2026-01-01T23:59");
    for (int i = 0; i < 18; i++)
        approach(w, 200 + i, "2026-01-02T00:00");
    RUN(w, "insert into introduction (by_partner, customer_id, member_id, at_ms) values (1, 200, 1, %lld)",
        (long long)at("2026-01-05T10:00"));
    struct kpi_ask a = ask("K29", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "6.0");
    assert_int_equal(r.total.num, 18);
    const struct kpi_part *network = part(&r, "network", NULL);
    assert_string_equal(network->name, "fresh");
    assert_int_equal(network->num, 42);
    assert_int_equal(network->den, 60);
    assert_string_equal(network->share, "3.0");
    assert_int_equal(kpi_count(&r, "no_estimate"), 1); /* P2 */
    run(w, "update touch_point set at_ms = at_ms - 86400000");
    run(w, "delete from introduction");
    r = answer(w, &a); /* nobody new in six months */
    assert_string_equal(r.total.value, "");
    assert_int_equal(r.total.num, 18);
    assert_int_equal(r.total.n, 60);
    RUN(w, "update network_size set at_day = %d", (int)day("2025-07-01"));
    r = answer(w, &a);
    assert_non_null(part(&r, "network", "old"));
    run(w, "delete from network_size");
    assert_int_equal(answer(w, &a).total.n, 0); /* not known */
    assert_string_equal(answer(w, &a).total.value, "");
    RUN(w,
        "insert into network_size (partner_id, accounts, at_day, member_id, created_ms) values (1, 0, %d, 1, 0)",
        (int)day("2026-01-01"));
    r = answer(w, &a); /* none was said: nothing is left, though somebody was approached */
    assert_string_equal(r.total.value, "0.0");
    assert_int_equal(r.total.num, 0);
    assert_int_equal(part(&r, "network", "fresh")->den, 0);
    assert_int_equal(kpi_count(&r, "no_estimate"), 1);
}

static void runway__of_declared_accounts(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 4; i++)
        approach(w, 100 + i, i < 3 ? "2026-03-02T10:00" : NULL);
    for (int i = 1; i < 4; i++)
        RUN(w,
            "insert into network_account (partner_id, customer_id, at_day, member_id, created_ms)"
            " values (1, %d, %d, 1, 0)",
            100 + i, (int)day("2026-01-01"));
    struct kpi_ask a = ask("K29", NULL, NULL);
    struct kpi_answer r = answer(w, &a); /* one of three is left, two came in six months */
    assert_string_equal(r.total.value, "3.0");
    assert_int_equal(kpi_count(&r, "outside"), 1);
    assert_int_equal(kpi_count(&r, "not_approached"), 1);
    /* To be introduced to a person of the account is to approach it. */
    run(w, "insert into person (id, name, customer_id, created_ms) values (1, 'C1', 103, 0)");
    RUN(w, "insert into introduction (by_partner, person_id, member_id, at_ms) values (1, 1, 1, %lld)",
        (long long)at("2026-03-02T10:00"));
    r = answer(w, &a);
    assert_int_equal(kpi_count(&r, "not_approached"), 0);
    assert_int_equal(r.total.den, 3);
}

static void runway__pipeline_by_stage(void **state)
{
    struct world *w = *state;
    run(w, "insert into network_size (partner_id, accounts, at_day, member_id, created_ms)"
           " values (1, 10, 20000, 1, 0)");
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-10T10:00", "open", NULL, 4000000, "JPY", 1, 0 });
    add_deal(w, (struct deal){ 2, 1, "JP", "2026-01-10T10:00", "open", NULL, 1000000, "JPY", 1, 0 });
    add_deal(w, (struct deal){ 3, 1, "JP", "2026-01-10T10:00", "won", "2026-02-01T10:00", 3600000, "JPY", 1, 0 });
    add_deal(w, (struct deal){ 4, 1, "JP", "2025-01-10T10:00", "won", "2026-01-01T10:00", 9000000, "JPY", 1, 0 });
    add_deal(w, (struct deal){ 5, 1, "AU", "2026-01-10T10:00", "open", NULL, 100000, "AUD", 1, 0 });
    run(w, "update deal set stage = 'proposal' where id = 1; update deal set stage = 'ringi' where id = 2;"
           "update deal set stage = 'contacted' where id = 5");
    struct kpi_ask a = ask("K29", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    const struct kpi_part *yen = part(&r, "pipeline", "JPY");
    assert_int_equal(yen->num, 2400000);
    assert_string_equal(yen->share, "4.0"); /* at ¥600,000 a month */
    assert_int_equal(part(&r, "pipeline", "AUD")->num, 10000);
    assert_string_equal(part(&r, "pipeline", "AUD")->share, "none"); /* nothing won in it */
    /* As the team weighs its stages: 4,000,000 at 35 % and 1,000,000 at 90 %. */
    run(w, "insert into setting (key, value, member_id, at_ms) values ('weights', '5 15 35 60 90', 1, 0)");
    r = answer(w, &a);
    assert_int_equal(part(&r, "pipeline", "JPY")->num, 2300000);
    run(w, "update setting set void_ms = 1");
    r = answer(w, &a);
    assert_int_equal(part(&r, "pipeline", "JPY")->num, 2400000);
}

static void add_champion(struct world *w, int person, int deal, int power, const char *met)
{
    RUN(w, "insert into person (id, name, created_ms) values (%d, 'C', 0)", person);
    RUN(w,
        "insert into champion (person_id, deal_id, since_ms, power, stake, sells) values (%d, %d, 0, %d, 1, 1)",
        person, deal, power);
    if (met) {
        int64_t t = add_touch(w, 0, met, "zoom", NULL);
        RUN(w, "insert into touch_person (touch_id, person_id) values (%lld, %d)", (long long)t, person);
    }
}

static void coverage__power_stake_sells_and_met(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 7; i++)
        register_deal(w, i, 1, "2026-01-10T10:00");
    run(w, "update deal set state = 'paused' where id = 7");
    add_champion(w, 1, 1, 1, "2026-06-02T00:00"); /* the thirtieth day */
    add_champion(w, 2, 2, 1, "2026-06-01T23:59"); /* too long ago */
    add_champion(w, 3, 3, 0, "2026-06-20T10:00"); /* no power: a coach */
    add_champion(w, 4, 4, 1, NULL);
    add_champion(w, 5, 5, 1, "2026-06-20T10:00");
    run(w, "update champion set sells = 0 where person_id = 5");
    add_champion(w, 7, 7, 1, "2026-06-20T10:00");
    struct kpi_ask a = ask("K33", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 6);
    assert_string_equal(r.total.value, "16.7");
    assert_int_equal(part(&r, "further", "K33")->num, 1);
    assert_int_equal(kpi_count(&r, "no_champion"), 4);
    assert_int_equal(kpi_count(&r, "paused"), 1);
    /* One at the customer stands for all its deals; who left stands for none. */
    run(w, "update champion set deal_id = null, customer_id = 1 where person_id = 1");
    assert_int_equal(answer(w, &a).total.num, 6);
    run(w, "insert into away (person_id, from_day, reason) values (1, 1, 'left')");
    assert_int_equal(answer(w, &a).total.num, 0);
}

static void coverage__of_a_past_day_as_deals_stood_then(void **state)
{
    struct world *w = *state;
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-10T10:00", "won", "2026-04-02T10:00", 0, NULL, 1, 0 });
    register_deal(w, 2, 1, "2026-01-10T10:00");
    RUN(w, "insert into deal_pause (deal_id, from_ms, to_ms) values (2, %lld, %lld)",
        (long long)at("2026-03-01T10:00"), (long long)at("2026-04-10T10:00"));
    add_champion(w, 1, 1, 1, "2026-03-20T10:00");
    struct kpi_ask a = ask("K33", "2026-03-01T00:00", "2026-04-01T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1); /* won since, open then */
    assert_int_equal(r.total.den, 1);
    assert_int_equal(kpi_count(&r, "paused"), 1); /* and the other one rested */
    a = ask("K33", "2026-04-01T00:00", "2026-05-01T00:00");
    r = answer(w, &a);
    assert_int_equal(r.total.num, 0);
    assert_int_equal(r.total.den, 1);
    a = ask("K18", "2026-03-01T00:00", "2026-04-01T00:00");
    a.scope.partner = 1;
    run(w, "update partner set stage = 'active', signed_day = 20000 where id = 1");
    RUN(w, "insert into deal_event (deal_id, what, at_ms, member_id) values (1, 'won', %lld, 1)",
        (long long)at("2026-04-02T10:00"));
    add_touch(w, 1, "2026-03-20T10:00", "zoom", NULL);
    r = answer(w, &a);
    assert_int_equal(part(&r, "component", "deals")->num, 1);
    assert_int_equal(part(&r, "component", "deals")->den, 1);
}

static void referrals__how_far_they_came(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 5; i++)
        RUN(w, "insert into customer (id, name, created_ms) values (%d, 'A', 0)", 10 + i);
    run(w, "insert into person (id, name, partner_id, created_ms) values (1, 'C1', 2, 0)");
    for (int i = 1; i <= 5; i++)
        RUN(w,
            "insert into introduction (by_partner, by_person, customer_id, member_id, at_ms)"
            " values (nullif(%d,0), nullif(%d,0), %d, 1, %lld)",
            i == 5 ? 0 : 1, i == 5 ? 1 : 0, 10 + i, (long long)at("2026-02-10T15:00"));
    run(w, "insert into introduction (by_partner, partner_id, member_id, at_ms)"
           " select 1, 2, 1, at_ms from introduction limit 1");
    add_touch(w, 0, "2026-02-10T10:00", "zoom", "kind = 'M', customer_id = 12"); /* that day */
    add_touch(w, 0, "2026-03-10T10:00", "zoom", "customer_id = 11");             /* no meeting */
    register_deal(w, 1, 1, "2026-03-01T10:00");
    register_deal(w, 2, 1, "2026-02-09T10:00"); /* before it was introduced */
    add_deal(w, (struct deal){ 3, 1, "JP", "2026-03-01T10:00", "won", "2026-05-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 4, 1, "JP", "2026-03-01T10:00", "lost", "2026-05-01T10:00", 0, NULL, 1, 0 });
    run(w, "update deal set customer_id = 13 where id = 1; update deal set customer_id = 11 where id = 2;"
           "update deal set customer_id = 14 where id = 3; update deal set customer_id = 15 where id = 4");
    struct kpi_ask a = ask("K36", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 5);
    assert_string_equal(r.total.value, "20.0");
    assert_int_equal(part(&r, "funnel", "introduced")->num, 5);
    assert_int_equal(part(&r, "funnel", "met")->num, 4);
    assert_int_equal(part(&r, "funnel", "registered")->num, 3);
    assert_int_equal(part(&r, "funnel", "won")->num, 1);
    assert_int_equal(kpi_count(&r, "partner_introduced"), 1);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].f.value, "25.0"); /* P1: one of four */
    assert_string_equal(r.groups[1].f.value, "0.0");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(active__dormant_and_dead),
        T(activation__day_180_counts_on_both_sides),
        T(time_to_sign__median_and_open_ages),
        T(cadence__gaps_of_each_partner),
        T(cadence__overdue_in_business_days),
        T(updates__whole_weeks_of_the_partnership),
        T(updates__holiday_weeks_are_out),
        T(engagement__of_five_components),
        T(engagement__of_several_is_their_mean),
        T(runway__accounts_left_by_pace),
        T(runway__of_declared_accounts),
        T(runway__pipeline_by_stage),
        T(coverage__power_stake_sells_and_met),
        T(coverage__of_a_past_day_as_deals_stood_then),
        T(referrals__how_far_they_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
