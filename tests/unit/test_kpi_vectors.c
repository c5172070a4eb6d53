/* A vector for each figure, and the arithmetic they share. */
#include "tests/unit/kpi_store.h"

static void win_rate__seven_of_twenty(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 20; i++)
        add_deal(
            w, (struct deal){ i, 1, "JP", "2026-01-10T10:00", i <= 7 ? "won" : "lost",
                   "2026-05-01T10:00", i % 2 ? 0 : i * 1000, "JPY", 1, 0 });
    struct kpi_ask a = ask("K6", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "35.0");
    assert_string_equal(r.total.low, "18.1");
    assert_string_equal(r.total.high, "56.7");
    assert_false(r.total.small);
    assert_int_equal(r.parts[0].num, 12000);
    assert_int_equal(r.parts[0].den, 110000);
    assert_string_equal(r.parts[0].share, "10.9");
}

static void win_rate__reopened_uses_the_last_close(void **state)
{
    struct world *w = *state;
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-10T10:00", "won",
                    "2026-06-01T10:00", 0, NULL, 1, 0 });
    RUN(w,
        "insert into deal_event (deal_id, what, at_ms) values (1, 'lost', %lld),"
        " (1, 'reopened', %lld), (1, 'won', %lld)",
        (long long)at("2026-02-01T10:00"), (long long)at("2026-04-01T10:00"),
        (long long)at("2026-06-01T10:00"));
    struct kpi_ask a = ask("K6", "2026-01-01T00:00", "2026-04-01T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.den, 0);
    assert_string_equal(r.total.value, "");
    assert_int_equal(r.reopened, 1);
    a.as_of_ms = at("2026-03-31T23:59"); /* what was known then */
    r = answer(w, &a);
    assert_int_equal(r.total.den, 1);
    assert_int_equal(r.total.num, 0);
    assert_int_equal(r.reopened, 0);
    a = ask("K6", H1);
    r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 1);
}

static void every_figure__of_nothing_is_none(void **state)
{
    struct world *w = *state;
    run(w, "delete from partner");
    for (int i = 0; kpi_at(i); i++) {
        struct kpi_ask a = ask(kpi_at(i)->id, H1);
        a.scope.partner = 1;
        struct kpi_answer r = answer(w, &a);
        bool count = kpi_at(i)->smallest == 0;
        assert_string_equal(r.total.value, count ? "0" : "");
        assert_string_equal(r.total.low, "");
        assert_int_equal(r.total.n, 0);
    }
}

static void close_rate__seven_of_thirty(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 30; i++) {
        const char *s = i <= 7    ? "won"
                        : i <= 18 ? "lost"
                        : i <= 20 ? "expired"
                                  : "open";
        add_deal(w, (struct deal){ i, 1, "SG", "2026-01-10T10:00", s,
                        i <= 20 ? "2026-05-01T10:00" : NULL, 0, NULL, 1, 0 });
    }
    struct kpi_ask a = ask("K7", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 7);
    assert_int_equal(r.total.den, 30);
    assert_string_equal(r.total.value, "23.3");
    assert_int_equal(r.open, 10);
    assert_int_equal(r.immature, 0);
}

static void close_rate__by_owner(void **state)
{
    struct world *w = *state;
    golden(w);
    run(w, "update member set state = 'suspended' where id = 2");
    struct kpi_ask a = ask("K8", "2025-07-01T00:00", "2026-01-01T00:00");
    a.by = KPI_BY_MEMBER;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.den, 4);
    assert_int_equal(r.n_groups, 2);
    assert_int_equal(r.groups[0].id, KPI_LEFT); /* D2 by co-sell, D3 */
    assert_int_equal(r.groups[0].f.den, 2);
    assert_int_equal(r.groups[0].f.num, 1);
    assert_int_equal(r.groups[1].f.den, 3);
    assert_int_equal(r.groups[1].f.num, 3);
    a.sees_members = false;
    a.viewer = 1;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 1);
    assert_int_equal(r.groups[0].id, 1);
    assert_int_equal(r.hidden, 1);
    assert_int_equal(r.total.den, 4);
}

/* From the day after the last day on; a mark that was taken back says nothing. */
static void close_rate__whose_last_day_is_over(void **state)
{
    struct world *w = *state;
    golden(w);
    struct kpi_ask a = ask("K8", "2025-07-01T00:00", "2026-01-01T00:00"), mix = ask("K12", H1);
    a.by = mix.by = KPI_BY_MEMBER;
    RUN(w, "insert into leaving (member_id, last_day, by_member) values (2, %d, 3)", (int)day("2026-07-02"));
    RUN(w, "insert into leaving (member_id, last_day, by_member, void_ms) values (1, %d, 3, 1)", (int)day("2026-01-02"));
    struct kpi_answer r = answer(w, &a); /* as of 2 July: still there */
    assert_int_equal(r.groups[0].id, 1);
    assert_int_equal(r.groups[1].id, 2);
    RUN(w, "update leaving set last_day = %d where member_id = 2", (int)day("2026-07-01"));
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_int_equal(r.groups[0].id, KPI_LEFT);
    assert_int_equal(r.groups[1].id, 1);
    run(w, "update touch_point set member_id = 2 where id = 1");
    int64_t all = answer(w, &mix).total.num;
    r = answer(w, &mix);
    assert_int_equal(r.groups[0].id, KPI_LEFT);
    assert_int_equal(r.groups[0].f.num + r.groups[1].f.num, all);
}

/* How it is sold: as noted, else by whether there is a partner. */
static void win_rate__of_a_model(void **state)
{
    struct world *w = *state;
    golden(w);
    run(w, "update deal set model = 'cosell' where id = 2; update deal set partner_id = null where id = 5");
    static const struct {
        const char *model;
        int num, den;
    } rows[] = { { "cosell", 1, 1 }, { "partner", 1, 3 }, { "direct", 1, 1 } };
    int den = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct kpi_ask a = ask("K6", H1);
        a.scope.model = rows[i].model;
        struct kpi_answer r = answer(w, &a);
        assert_int_equal(r.total.num, rows[i].num);
        assert_int_equal(r.total.den, rows[i].den);
        den += rows[i].den;
        a = ask("K12", H1); /* of deals of that model; talk about no deal is of none */
        a.scope.model = rows[i].model;
        (void)answer(w, &a);
    }
    struct kpi_ask a = ask("K6", H1);
    assert_int_equal(answer(w, &a).total.den, den);
}

static void close_rate__owner_at_close(void **state)
{
    struct world *w = *state;
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-10T10:00", "won",
                    "2026-05-01T10:00", 0, NULL, 2, 0 });
    run(w, "update deal set closed_owner_id = 1 where id = 1");
    struct kpi_ask a = ask("K8", H1);
    a.by = KPI_BY_MEMBER;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.n_groups, 1);
    assert_int_equal(r.groups[0].id, 1);
}

static void time_to_close__median_mean_and_net(void **state)
{
    struct world *w = *state;
    static const int days[] = { 410, 92, 150, 204, 171 };
    int64_t won = at("2026-06-15T23:50");
    for (int i = 0; i < 5; i++) {
        add_deal(w, (struct deal){ i + 1, 1, "JP", "2026-06-15T00:10", "won",
                        "2026-06-15T23:50", 0, NULL, 1, 0 });
        RUN(w, "update deal set registered_ms = registered_ms - %lld where id = %d",
            (long long)days[i] * 86400000, i + 1);
    }
    /* From its day to the day of resuming: ten days. */
    RUN(w, "insert into deal_pause (deal_id, from_ms, to_ms) values (5, %lld, %lld)",
        (long long)(won - 30LL * 86400000), (long long)(won - 20LL * 86400000));
    add_deal(w, (struct deal){ 6, 1, "JP", "2026-06-17T10:00", "won",
                    "2026-06-16T10:00", 0, NULL, 1, 0 });
    struct kpi_ask a = ask("K9", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.n, 5);
    assert_string_equal(r.total.value, "171");
    assert_string_equal(r.total.mean, "205.4");
    assert_string_equal(r.total.p90, "410");
    assert_string_equal(r.total.net, "161");
    assert_int_equal(kpi_count(&r, "data_error"), 1);
    assert_true(r.total.small);
}

static void touches_per_close__mean_and_median(void **state)
{
    struct world *w = *state;
    static const int n[] = { 9, 14, 22, 31 };
    for (int i = 0; i < 4; i++) {
        add_deal(w, (struct deal){ i + 1, 1, "JP", "2026-02-01T10:00", "won",
                        "2026-05-01T10:00", 0, NULL, 1, 0 });
        add_touches(w, i + 1, i ? "2026-01-05T10:00" : "2026-05-01T10:00", n[i]);
    }
    add_touch(w, 1, "2026-03-01T10:00", "phone", "outcome = 'left_message'");
    add_touch(w, 1, "2026-03-01T10:00", "phone", "internal = 1");
    add_touch(w, 1, "2026-05-01T10:01", "phone", NULL);
    add_touch(w, 1, "2026-03-01T10:00", "phone", "void_ms = 1");
    add_touch(w, 1, "2026-03-01T10:00", "zoom", "kind = 'M', state = 'no_show'");
    struct kpi_ask a = ask("K11", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.mean, "19.0");
    assert_string_equal(r.total.median, "18");
    assert_int_equal(kpi_count(&r, "attempt"), 1);
    assert_int_equal(kpi_count(&r, "internal"), 1);
    assert_int_equal(kpi_count(&r, "after_close"), 1);
    assert_int_equal(r.unlogged, 0);
    add_deal(w, (struct deal){ 9, 1, "JP", "2026-02-01T10:00", "won",
                    "2026-05-01T10:00", 0, NULL, 1, 0 });
    r = answer(w, &a);
    assert_string_equal(r.total.value, "15.2");
    assert_int_equal(r.unlogged, 1);
}

static void mix__adds_up_to_a_hundred(void **state)
{
    struct world *w = *state;
    static const char *const channels[] = { "zoom", "line", "phone", "unknown", "email",
        "chat" };
    for (int i = 0; i < 6; i++)
        add_touch(w, 0, "2026-05-01T10:00", channels[i], NULL);
    add_touch(w, 0, "2026-05-01T10:00", "zoom", "kind = 'M'");
    add_touch(w, 0, "2026-05-01T10:00", "zoom", "outcome = 'no_answer'");
    add_touch(w, 0, "2025-12-01T10:00", "zoom", NULL);
    add_touch(w, 0, "2025-12-01T10:00", "fax", NULL);
    struct kpi_ask a = ask("K12", H1);
    a.before_ms = at("2025-07-01T00:00");
    struct kpi_answer r = answer(w, &a);
    /* Two of seven and five times one: 28.571…, 14.285…; the floors leave five tenths,
     * which go to the five larger remainders. */
    assert_int_equal(r.total.num, 7);
    static const char *const expected[][3] = { { "zoom", "28.5", "-21.5" },
        { "chat", "14.3", "+14.3" }, { "email", "14.3", "+14.3" },
        { "line", "14.3", "+14.3" }, { "phone", "14.3", "+14.3" },
        { "unknown", "14.3", "+14.3" }, { "fax", "0.0", "-50.0" } };
    assert_int_equal(r.n_parts, 7);
    for (int i = 0; i < 7; i++) {
        assert_string_equal(r.parts[i].name, expected[i][0]);
        assert_string_equal(r.parts[i].share, expected[i][1]);
        assert_string_equal(r.parts[i].shift, expected[i][2]);
    }
    assert_int_equal(kpi_count(&r, "attempt"), 1);
}

static void mix__a_touch_with_two_partners_counts_once(void **state)
{
    struct world *w = *state;
    int64_t t = add_touch(w, 0, "2026-05-01T10:00", "zoom", NULL);
    RUN(w,
        "insert into touch_partner (touch_id, partner_id) values (%lld, 1), (%lld, 2), (%lld, 2)",
        (long long)t, (long long)t, (long long)t);
    struct kpi_ask a = ask("K12", H1);
    a.by = KPI_BY_PARTNER;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.n_groups, 2);
    assert_int_equal(r.groups[1].f.num, 1);
    a.by = KPI_BY_CHANNEL;
    r = answer(w, &a);
    assert_int_equal(r.groups[0].f.num, 1);
    a.by = KPI_BY_NONE;
    a.scope.partner = 2;
    assert_int_equal(answer(w, &a).total.num, 1);
}

/* A meeting of the customer A1 and, unless NULL, when something was heard of it. */
static void add_meeting(struct world *w, const char *when, const char *layer,
    const char *noted, const char *stance)
{
    int64_t id = add_touch(w, 0, when, "zoom", "kind = 'M', customer_id = 1");
    if (noted)
        RUN(w,
            "insert into note (touch_id, layer, stance, member_id, at_ms, created_ms)"
            " values (%lld, '%s', nullif('%s',''), 1, %lld, 0)",
            (long long)id, layer, stance, (long long)at(noted));
}

static void add_champion(struct world *w)
{
    run(w, "insert into person (id, name, created_ms) values (1, 'X', 0);"
           "insert into champion (person_id, customer_id, since_ms) values (1, 1, 0)");
}

static void heard__by_the_end_of_the_second_business_day(void **state)
{
    struct world *w = *state;
    add_champion(w);
    /* Fri 2026-04-24: Mon 27 and Tue 28 are business days, Wed 29 a holiday. */
    add_meeting(w, "2026-04-24T16:00", "after", "2026-04-28T23:59:59", "");
    add_meeting(w, "2026-04-24T16:00", "after", "2026-04-29T00:00", "");
    add_meeting(w, "2026-04-24T16:00", "room", "2026-04-24T17:00", "for");
    add_meeting(w, "2026-04-28T16:00", "after", "2026-05-01T23:59", "");
    /* Running on Thu 2 July: the meetings of 30 June and 1 July. */
    add_meeting(w, "2026-06-30T16:00", NULL, NULL, NULL);
    add_meeting(w, "2026-06-30T16:00", "after", "2026-07-01T10:00", "against");
    add_touch(w, 0, "2026-05-01T10:00", "zoom", "kind = 'M'");      /* nobody to ask */
    add_touch(w, 0, "2026-05-01T10:00", "zoom", "customer_id = 1"); /* no meeting */
    struct kpi_ask a = ask("K34", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3);
    assert_int_equal(r.total.den, 5);
    assert_int_equal(kpi_count(&r, "pending"), 1);
    assert_int_equal(kpi_count(&r, "no_champion"), 1);
    assert_int_equal(kpi_count(&r, "heard_late"), 1);
    a.as_of_ms = at("2026-07-03T00:00");
    r = answer(w, &a);
    assert_int_equal(r.total.den, 6);
    assert_int_equal(kpi_count(&r, "pending"), 0);
}

static void heard__counts_in_the_deals_market(void **state)
{
    struct world *w = *state;
    add_champion(w);
    add_deal(w,
        (struct deal){ 1, 1, "KR", "2026-01-10T10:00", "open", NULL, 0, NULL, 1, 0 });
    /* 29 April is a holiday in Japan only. */
    add_meeting(w, "2026-04-27T16:00", "after", "2026-04-30T10:00", "");
    struct kpi_ask a = ask("K34", H1);
    assert_int_equal(answer(w, &a).total.num, 1);
    run(w, "update touch_point set deal_id = 1");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 0);
    assert_int_equal(r.total.den, 1);
}

static void stance__within_a_day_of_the_start(void **state)
{
    struct world *w = *state;
    add_meeting(w, "2026-05-01T16:00", "room", "2026-05-02T16:00", "unknown");
    add_meeting(w, "2026-05-01T16:00", "after", "2026-05-02T16:00:01", "for");
    add_meeting(w, "2026-05-01T16:00", "room", "2026-05-01T17:00", "");
    add_meeting(w, "2026-05-01T16:00", NULL, NULL, NULL);
    add_meeting(w, "2026-07-02T11:00", NULL, NULL, NULL);
    struct kpi_ask a = ask("K35", "2026-05-01T00:00", "2026-08-01T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 5);
    assert_string_equal(r.total.value, "20.0");
    assert_int_equal(r.running, 1);
}

static void split__refuses_what_makes_no_sense(void **state)
{
    struct world *w = *state;
    struct kpi_ask a = ask("K6", H1);
    a.by = KPI_BY_CHANNEL;
    struct kpi_answer r;
    struct err e = { 0 };
    assert_false(kpi_compute(w->db, &w->mem, &a, &r, &e));
    assert_int_equal(e.code, ERR_USAGE);
    a = ask("K1", NULL, NULL);
    a.scope.member = 1;
    assert_false(kpi_compute(w->db, &w->mem, &a, &r, &e));
    assert_string_equal(e.key, "kpi.no_scope");
}

static void shares__ties_go_to_the_larger_then_the_first_name(void **state)
{
    (void)state;
    const struct kpi_part thirds[] = { { .name = "b", .num = 1 },
        { .name = "a", .num = 1 }, { .name = "c", .num = 1 } };
    int tenths[3];
    kpi_shares(thirds, 3, tenths);
    assert_int_equal(tenths[0], 333);
    assert_int_equal(tenths[1], 334);
    assert_int_equal(tenths[2], 333);
    const struct kpi_part uneven[] = { { .name = "a", .num = 1 },
        { .name = "z", .num = 15 } };
    kpi_shares(uneven, 2, tenths); /* 6.25 and 93.75: both leave a half */
    assert_int_equal(tenths[0], 62);
    assert_int_equal(tenths[1], 938);
}

/* A million touch points of others must not matter to one partner's figures: the plan
 * has to reach each table through an index, on a store without statistics too. */
static void statements__scan_no_touch_points(void **state)
{
    struct world *w = *state;
    bool driven = false;
    for (int i = 0; kpi_at(i); i++) {
        struct kpi_ask a = ask(kpi_at(i)->id, H1);
        (void)answer(w, &a); /* prepares it, with the calendar */
        sqlite3_stmt *s = NULL;
        char *sql = arena_printf(&w->mem, "explain query plan %s",
            strchr(sql_statements[kpi_at(i)->rows].text, '\n'));
        assert_int_equal(
            sqlite3_prepare_v2(db_handle(w->db), sql, -1, &s, NULL), SQLITE_OK);
        while (sqlite3_step(s) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(s, 3);
            if (strcmp(step, "SCAN t") == 0 || strcmp(step, "SCAN x") == 0)
                fail_msg("%s: %s", sql_statements[kpi_at(i)->rows].name, step);
            driven = driven || strstr(step, "SEARCH f USING PRIMARY KEY (firm=?");
        }
        sqlite3_finalize(s);
    }
    assert_true(driven);
}

static void fixed__rounds_half_away_from_zero(void **state)
{
    (void)state;
    char s[24];
    kpi_fixed(s, sizeof s, 5, 100, 1);
    assert_string_equal(s, "0.1");
    kpi_fixed(s, sizeof s, -5, 100, 1);
    assert_string_equal(s, "-0.1");
    kpi_fixed(s, sizeof s, 1999, 1000, 2);
    assert_string_equal(s, "2.00");
    kpi_fixed(s, sizeof s, -1, 1000, 1);
    assert_string_equal(s, "0.0");
    kpi_percent(s, sizeof s, 1, 16);
    assert_string_equal(s, "6.3"); /* 6.25 */
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(win_rate__seven_of_twenty),
        T(win_rate__reopened_uses_the_last_close),
        T(every_figure__of_nothing_is_none),
        T(close_rate__seven_of_thirty),
        T(close_rate__by_owner),
        T(close_rate__whose_last_day_is_over),
        T(win_rate__of_a_model),
        T(close_rate__owner_at_close),
        T(time_to_close__median_mean_and_net),
        T(touches_per_close__mean_and_median),
        T(mix__adds_up_to_a_hundred),
        T(mix__a_touch_with_two_partners_counts_once),
        T(heard__by_the_end_of_the_second_business_day),
        T(heard__counts_in_the_deals_market),
        T(stance__within_a_day_of_the_start),
        T(statements__scan_no_touch_points),
        T(split__refuses_what_makes_no_sense),
        cmocka_unit_test(shares__ties_go_to_the_larger_then_the_first_name),
        cmocka_unit_test(fixed__rounds_half_away_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
