/* Attribution, commission, targets and what stays: the golden sample and the worked
 * examples of the definitions, each computed both ways (kpi_store.h). */
#include "tests/unit/kpi_store.h"

static void assert_money(const struct kpi_answer *r, int i, const char *currency,
    int64_t num, int64_t den)
{
    assert_true(i < r->total.n_money);
    assert_string_equal(r->total.money[i].currency, currency);
    assert_int_equal(r->total.money[i].num, num);
    assert_int_equal(r->total.money[i].den, den);
}

static void source(struct world *w, int deal, int partner, const char *when)
{
    RUN(w,
        "insert into deal_source (deal_id, partner_id, at_ms, member_id, created_ms)"
        " values (%d, %d, %lld, 1, 0)",
        deal, partner, (long long)at(when));
}

/* A touch point on a deal with a partner. */
static void touch_with(struct world *w, int deal, int partner, const char *when)
{
    int64_t id = add_touch(w, deal, when, "zoom", NULL);
    RUN(w, "insert into touch_partner (touch_id, partner_id) values (%lld, %d)",
        (long long)id, partner);
}

static void won(struct world *w, int id, int partner, int64_t value, const char *currency)
{
    add_deal(w, (struct deal){ id, partner, "JP", "2026-01-10T10:00", "won",
                    "2026-05-01T10:00", value, currency, 1, 0 });
}

/* The sample with its channel. */
static void golden_channel(struct world *w)
{
    golden(w);
    /* P1 is known to have brought D1 and D2 before anybody of us touched them; two of the
     * touch points of D5 are with P2. */
    run(w, "update partner set commission_bp = 3000 where id = 1;"
           "update deal set kind = 'cross' where id = 2");
    RUN(w,
        "insert into deal_source (deal_id, partner_id, at_ms, member_id, created_ms)"
        " values (1, 1, %lld, 1, 0), (2, 1, %lld, 1, 0)",
        (long long)at("2025-08-01T09:00"), (long long)at("2025-10-05T09:00"));
    run(w, "insert into touch_partner (touch_id, partner_id)"
           " select id, 2 from touch_point where deal_id = 5 order by id limit 2");
}

static void golden__sourced_and_influenced(void **state)
{
    struct world *w = *state;
    golden_channel(w);
    struct kpi_ask a = ask("K14", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "7800000");
    assert_int_equal(r.total.n, 2);
    assert_int_equal(r.total.n_money, 1); /* A$ is outside, and would not be added */
    assert_int_equal(kpi_count(&r, "unsourced"), 1);
    a.scope.partner = 1;
    r = answer(w, &a);
    assert_money(&r, 0, "JPY", 7800000, 7800000);
    assert_int_equal(r.rows.n, 2);
    a = ask("K15", H1);
    a.scope.partner = 2;
    r = answer(w, &a);
    assert_money(&r, 0, "JPY", 6000000, 6000000);
    a.scope.partner = 0;
    r = answer(w, &a);
    assert_string_equal(r.total.value, "6000000");
    assert_int_equal(kpi_count(&r, "sourced"), 2);
    a = ask("K16", H1);
    r = answer(w, &a);
    assert_string_equal(r.total.value, "100.0");
    assert_money(&r, 0, "JPY", 13800000, 13800000); /* the partner total */
    assert_string_equal(part(&r, "sourced", "JPY")->share, "56.5");
}

static void golden__utc_brings_a_currency_that_is_never_added(void **state)
{
    struct world *w = *state;
    golden_channel(w);
    struct kpi_ask a = ask("K16", "2026-01-01T00:00Z", "2026-07-01T00:00Z");
    a.zone = "UTC";
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "");
    assert_int_equal(r.total.n_money, 2);
    assert_money(&r, 0, "JPY", 13800000, 13800000);
    assert_money(&r, 1, "AUD", 0, 5000000);
    assert_string_equal(part(&r, "share", "AUD")->share, "0.0");
    assert_non_null(part(&r, "converted", "no"));
}

static void golden__commission(void **state)
{
    struct world *w = *state;
    golden_channel(w);
    struct kpi_ask a = ask("K17", H1);
    a.scope.partner = 1;
    struct kpi_answer r = answer(w, &a);
    assert_money(&r, 0, "JPY", 2340000, 7800000); /* net 5,460,000 */
    a.scope.partner = 0;
    r = answer(w, &a);
    assert_int_equal(r.total.num, 2340000);
    assert_int_equal(kpi_count(&r, "no_commission"), 1); /* D5 */
}

static void golden__imported_twice_changes_nothing(void **state)
{
    struct world *w = *state;
    golden_channel(w);
    struct kpi_ask a = ask("K14", H1);
    int64_t before = answer(w, &a).total.num;
    run(w, "insert or ignore into deal select * from deal;"
           "insert or ignore into deal_source select * from deal_source");
    assert_int_equal(answer(w, &a).total.num, before);
}

static void sourced__strictly_before_our_first_touch(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 5; i++) {
        won(w, i, 1, 1000000, "JPY");
        source(w, i, 1, "2026-01-05T10:00");
    }
    add_touch(w, 1, "2026-01-05T10:00", "zoom", NULL); /* at the same moment: claimed */
    add_touch(w, 2, "2026-01-05T09:59", "phone", "outcome = 'no_answer'"); /* counts too */
    add_touch(w, 3, "2026-01-05T09:00", "zoom", "internal = 1");
    add_touch(w, 3, "2026-01-05T10:01", "zoom", NULL);
    run(w, "insert into member (id, handle, name, role, market, zone, locale, partner_id,"
           " created_ms) values (9,'p','P','partner','JP','Asia/Tokyo','ja',2,0)");
    add_touch(w, 4, "2026-01-01T10:00", "zoom", "member_id = 9"); /* not ours */
    struct kpi_ask a = ask("K14", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3000000); /* 3, 4, and 5 without any touch */
    assert_int_equal(kpi_count(&r, "claimed"), 2);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 1);
    assert_int_equal(r.groups[0].id, 1);
    assert_int_equal(r.groups[0].f.money[0].num, 3000000);
}

static void sourced__the_source_need_not_be_the_deals_partner(void **state)
{
    struct world *w = *state;
    won(w, 1, 2, 1000000, "JPY");
    source(w, 1, 1, "2026-01-05T10:00");
    struct kpi_ask a = ask("K14", H1);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 1000000);
    a.scope.partner = 2;
    assert_string_equal(answer(w, &a).total.value, "0");
}

static void influenced__between_registration_and_close(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 4; i++)
        won(w, i, 0, 1000000, "JPY");
    touch_with(w, 1, 1, "2026-01-09T23:59"); /* the day before registration */
    touch_with(w, 2, 1, "2026-01-10T08:00"); /* that day */
    touch_with(w, 3, 1, "2026-05-01T10:00"); /* the moment of closing */
    touch_with(w, 4, 1, "2026-05-01T10:01");
    struct kpi_ask a = ask("K15", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 2000000);
    assert_int_equal(r.total.n, 2);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 2000000);
}

static void influenced__a_deal_of_two_partners_counts_once_in_all(void **state)
{
    struct world *w = *state;
    won(w, 1, 0, 1000000, "JPY");
    touch_with(w, 1, 1, "2026-02-01T10:00");
    touch_with(w, 1, 2, "2026-02-01T10:00");
    won(w, 2, 1, 4000000, "JPY"); /* sourced by P1, touched by both */
    source(w, 2, 1, "2026-01-05T10:00");
    touch_with(w, 2, 1, "2026-02-01T10:00");
    touch_with(w, 2, 2, "2026-02-01T10:00");
    struct kpi_ask a = ask("K15", H1);
    a.by = KPI_BY_PARTNER;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1000000);
    assert_int_equal(r.n_groups, 2);
    assert_int_equal(r.groups[0].f.money[0].num, 1000000);
    assert_int_equal(r.groups[1].f.money[0].num, 5000000);
    a.by = KPI_BY_MARKET;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 1);
    assert_int_equal(r.groups[0].f.money[0].num, 1000000);
    a = ask("K15", H1);
    a.scope.partner = 2;
    assert_int_equal(answer(w, &a).total.num, 5000000);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 1000000);
    a = ask("K16", H1); /* sourced 4M + influenced 1M of 5M */
    assert_string_equal(answer(w, &a).total.value, "100.0");
}

static void influenced__by_the_partners_own_user_and_through_a_merged_deal(void **state)
{
    struct world *w = *state;
    won(w, 1, 0, 1000000, "JPY");
    add_deal(w, (struct deal){ 2, 0, "JP", "2026-01-10T10:00", "merged",
                    "2026-02-01T10:00", 0, NULL, 1, 0 });
    run(w, "update deal set merged_into = 1 where id = 2;"
           "insert into member (id, handle, name, role, market, zone, locale, partner_id,"
           " created_ms) values (9,'p','P','partner','JP','Asia/Tokyo','ja',2,0)");
    add_touch(w, 1, "2026-02-01T10:00", "zoom", "member_id = 9");
    touch_with(w, 2, 1, "2026-01-20T10:00");
    struct kpi_ask a = ask("K15", H1);
    a.scope.partner = 2;
    assert_int_equal(answer(w, &a).total.num, 1000000);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 1000000);
}

static void share__converts_only_where_each_close_day_has_a_rate(void **state)
{
    struct world *w = *state;
    won(w, 1, 1, 6000000, "JPY");
    source(w, 1, 1, "2026-01-05T10:00");
    won(w, 2, 0, 5000000, "AUD"); /* A$50,000 */
    RUN(w, "insert into rate (base, quote, rate_nano, at_day, member_id) values"
           " ('AUD', 'JPY', 98000000000, %d, 1)",
        (int)day_number(2026, 5, 2)); /* a day too late */
    struct kpi_ask a = ask("K16", H1);
    assert_string_equal(answer(w, &a).total.value, "");
    RUN(w, "insert into rate (base, quote, rate_nano, at_day, member_id) values"
           " ('AUD', 'JPY', 80000000000, %d, 1), ('AUD', 'JPY', 90000000000, %d, 1)",
        (int)day_number(2026, 4, 1), (int)day_number(2026, 5, 1));
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "57.1"); /* 6.0M of 6.0M + 4.5M */
    assert_string_equal(part(&r, "converted", "yes")->share, "57.1");
    won(w, 3, 0, 1000, "KRW");
    assert_string_equal(answer(w, &a).total.value, "");
}

static void commission__half_up_a_deal_and_refunds_in_their_own_period(void **state)
{
    struct world *w = *state;
    run(w, "update partner set commission_bp = 3000 where id = 1");
    won(w, 1, 1, 4800000, "JPY");
    struct kpi_ask a = ask("K17", H1);
    assert_int_equal(answer(w, &a).total.num, 1440000);
    won(w, 2, 1, 5, "JPY"); /* 1.5 */
    won(w, 3, 1, 5, "JPY");
    struct kpi_answer r = answer(w, &a);
    assert_money(&r, 0, "JPY", 1440004, 4800010);
    RUN(w, "insert into refund (deal_id, amount_minor, currency, at_day, member_id, created_ms)"
           " values (1, 1000000, 'JPY', %d, 1, 0)",
        (int)day_number(2026, 7, 1));
    assert_int_equal(answer(w, &a).total.num, 1440004); /* not in the first half */
    a = ask("K17", "2026-07-01T00:00", "2026-08-01T00:00");
    r = answer(w, &a);
    assert_money(&r, 0, "JPY", -300000, -1000000);
    assert_int_equal(kpi_count(&r, "refund"), 1);
    assert_int_equal(r.total.n, 0);
}

static void commission__discount_mode_takes_the_list_price(void **state)
{
    struct world *w = *state;
    run(w, "update partner set commission_bp = 2000, commission_mode = 'discount' where id = 1");
    won(w, 1, 1, 4000000, "JPY");
    won(w, 2, 1, 4000000, "JPY");
    run(w, "update deal set list_minor = 5000000 where id = 1");
    struct kpi_ask a = ask("K17", H1);
    struct kpi_answer r = answer(w, &a);
    assert_money(&r, 0, "JPY", 1000000, 4000000);
    assert_int_equal(kpi_count(&r, "no_list"), 1);
    int unusual = 0;
    for (int i = 0; i < r.rows.n; i++)
        unusual += r.rows.row[i].flags & KPI_UNUSUAL ? 1 : 0;
    assert_int_equal(unusual, 1); /* 20 % */
    RUN(w, "insert into refund (deal_id, amount_minor, currency, at_day, member_id, created_ms)"
           " values (1, 4000000, 'JPY', %d, 1, 0)",
        (int)day_number(2026, 6, 1));
    r = answer(w, &a);
    assert_money(&r, 0, "JPY", 0, 0); /* all of it is taken back */
}

static void commission__of_the_partner_on_the_day_of_the_close(void **state)
{
    struct world *w = *state;
    run(w, "update partner set commission_bp = 3000 where id = 1;"
           "update partner set commission_bp = 2500 where id = 2");
    won(w, 1, 2, 1000000, "JPY");
    won(w, 2, 2, 1000000, "JPY");
    RUN(w, "insert into deal_partner (deal_id, partner_id, until_day, member_id) values"
           " (1, 1, %d, 1), (2, 1, %d, 1)",
        (int)day_number(2026, 5, 2), (int)day_number(2026, 5, 1));
    struct kpi_ask a = ask("K17", H1);
    a.scope.partner = 1;
    assert_int_equal(answer(w, &a).total.num, 300000);
    a.scope.partner = 2;
    assert_int_equal(answer(w, &a).total.num, 250000);
}

static void target(struct world *w, const char *team, int64_t amount, int32_t from, int32_t to)
{
    RUN(w, "insert into target (team, amount_minor, currency, from_day, to_day, member_id,"
           " created_ms) values ('%s', %lld, 'JPY', %d, %d, 1, 0)",
        team, (long long)amount, (int)from, (int)to);
}

static void attainment__of_a_team_in_its_season(void **state)
{
    struct world *w = *state;
    run(w, "update member set team = 'Tokyo' where id in (1, 2)");
    won(w, 1, 1, 6000000, "JPY");
    add_deal(w, (struct deal){ 2, 0, "AU", "2026-01-10T10:00", "won",
                    "2026-06-30T23:59", 5000000, "AUD", 2, 0 });
    add_deal(w, (struct deal){ 3, 0, "JP", "2026-01-10T10:00", "won",
                    "2026-07-01T00:00", 9000000, "JPY", 2, 0 });
    add_deal(w, (struct deal){ 4, 0, "JP", "2026-01-10T10:00", "won",
                    "2026-06-01T00:00", 9000000, "JPY", 3, 0 }); /* a team without target */
    int32_t from = day_number(2026, 1, 1), to = day_number(2026, 6, 30);
    target(w, "tokyo", 40000000, from, to + 1); /* another period */
    struct kpi_ask a = ask("K38", H1);
    assert_string_equal(answer(w, &a).total.value, "");
    target(w, "tokyo", 30000000, from, to);
    target(w, "tokyo", 40000000, from, to); /* the latest counts */
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "15.0"); /* 6 of 40 */
    assert_int_equal(kpi_count(&r, "no_rate"), 1);
    assert_int_equal(kpi_count(&r, "no_target"), 1);
    RUN(w, "insert into rate (base, quote, rate_nano, at_day, member_id) values"
           " ('AUD', 'JPY', 98205000000, %d, 1)",
        (int)day_number(2026, 6, 30));
    r = answer(w, &a);
    assert_money(&r, 0, "JPY", 10910250, 40000000);
    assert_string_equal(r.total.value, "27.3");
    a.by = KPI_BY_TEAM;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 1);
    assert_string_equal(r.groups[0].name, "tokyo");
    assert_string_equal(r.groups[0].f.value, "27.3");
}

static void attainment__while_the_season_runs(void **state)
{
    struct world *w = *state;
    run(w, "update member set team = 'tokyo' where id = 1");
    won(w, 1, 1, 6000000, "JPY");
    target(w, "tokyo", 12000000, day_number(2026, 4, 1), day_number(2026, 9, 30));
    struct kpi_ask a = ask("K38", "2026-04-01T00:00", NULL); /* until now */
    assert_string_equal(answer(w, &a).total.value, "50.0");
    a = ask("K38", "2026-04-01T00:00", "2026-07-01T00:00"); /* a quarter that is over */
    assert_string_equal(answer(w, &a).total.value, "");
}

static void renewal(struct world *w, int deal, int64_t value, int32_t from)
{
    RUN(w, "insert into renewal (deal_id, value_minor, currency, from_day, to_day, member_id,"
           " created_ms) values (%d, %lld, 'JPY', %d, nullif(%d, 0), 1, 0)",
        deal, (long long)value, (int)from, value ? (int)from + 364 : 0);
}

/* Each customer with one deal won on 1 March 2025. */
static void customer_of(struct world *w, int id, int64_t value)
{
    RUN(w, "insert or ignore into customer (id, name, created_ms) values (%d, 'A%d', 0)", id, id);
    add_deal(w, (struct deal){ id, 1, "JP", "2025-01-10T10:00", "won",
                    "2025-03-01T10:00", value, "JPY", 1, 0 });
    RUN(w, "update deal set customer_id = %d where id = %d", id, id);
}

static void retention__ten_million(void **state)
{
    struct world *w = *state;
    customer_of(w, 1, 4000000);
    customer_of(w, 2, 3000000);
    customer_of(w, 3, 1200000);
    customer_of(w, 4, 1800000);
    int32_t day = day_number(2026, 3, 1);
    renewal(w, 1, 5500000, day); /* +1.5 */
    renewal(w, 2, 2500000, day); /* -0.5 */
    renewal(w, 3, 0, day);       /* -1.2 */
    renewal(w, 4, 1800000, day);
    add_deal(w, (struct deal){ 9, 1, "JP", "2026-01-10T10:00", "won",
                    "2026-05-01T10:00", 9000000, "JPY", 1, 0 });
    run(w, "insert into customer (id, name, created_ms) values (9, 'A9', 0);"
           "update deal set customer_id = 9 where id = 9"); /* a new logo */
    struct kpi_ask a = ask("K26", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "98.0");
    assert_string_equal(r.total.beside, "83.0");
    assert_money(&r, 0, "JPY", 8300000, 10000000);
    assert_int_equal(r.total.money[0].plus, 1500000);
    assert_string_equal(part(&r, "logo_churn", "customers")->share, "25.0");
    assert_int_equal(kpi_count(&r, "new_logo"), 1);
    assert_int_equal(kpi_count(&r, "expanded"), 1);
    assert_int_equal(kpi_count(&r, "contracted"), 1);
    assert_int_equal(kpi_count(&r, "churned"), 1);
    assert_int_equal(kpi_count(&r, "renewed"), 1);
}

static void retention__names_what_is_not_due_or_not_recorded(void **state)
{
    struct world *w = *state;
    customer_of(w, 1, 1000000); /* due on 28 February */
    customer_of(w, 2, 1000000);
    renewal(w, 2, 1000000, day_number(2025, 9, 1)); /* runs until August 2026 */
    struct kpi_ask a = ask("K26", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "100.0");
    assert_int_equal(kpi_count(&r, "overdue"), 1);
    assert_int_equal(kpi_count(&r, "not_renewable"), 1);
    a = ask("K26", "2025-01-01T00:00", "2025-07-01T00:00");
    assert_string_equal(answer(w, &a).total.value, ""); /* nobody was there at the start */
}

static void retention__leaves_the_old_partner_on_the_day_of_the_change(void **state)
{
    struct world *w = *state;
    customer_of(w, 1, 1000000);
    run(w, "update deal set partner_id = 2 where id = 1");
    RUN(w, "insert into deal_partner (deal_id, partner_id, until_day, member_id)"
           " values (1, 1, %d, 1)",
        (int)day_number(2026, 2, 1));
    renewal(w, 1, 0, day_number(2026, 3, 1)); /* lost by the new one */
    struct kpi_ask a = ask("K26", H1);
    a.scope.partner = 1;
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "100.0");
    assert_int_equal(kpi_count(&r, "moved"), 1);
    a.scope.partner = 2; /* joins in the next period */
    assert_string_equal(answer(w, &a).total.value, "");
    a = ask("K26", "2026-02-01T00:00", "2026-07-01T00:00");
    a.scope.partner = 2;
    assert_string_equal(answer(w, &a).total.value, "0.0");
}

static void retention__currencies_apart(void **state)
{
    struct world *w = *state;
    customer_of(w, 1, 1000000);
    customer_of(w, 2, 1000000);
    run(w, "update deal set currency = 'AUD' where id = 2");
    RUN(w, "insert into renewal (deal_id, value_minor, currency, from_day, to_day, member_id,"
           " created_ms) values (2, 500000, 'AUD', %d, %d, 1, 0)",
        (int)day_number(2026, 3, 1), (int)day_number(2027, 2, 28));
    struct kpi_ask a = ask("K26", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "");
    assert_string_equal(part(&r, "retention", "AUD")->share, "50.0");
    assert_string_equal(part(&r, "retention", "JPY")->share, "100.0");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(golden__sourced_and_influenced),
        T(golden__utc_brings_a_currency_that_is_never_added),
        T(golden__commission),
        T(golden__imported_twice_changes_nothing),
        T(sourced__strictly_before_our_first_touch),
        T(sourced__the_source_need_not_be_the_deals_partner),
        T(influenced__between_registration_and_close),
        T(influenced__a_deal_of_two_partners_counts_once_in_all),
        T(influenced__by_the_partners_own_user_and_through_a_merged_deal),
        T(share__converts_only_where_each_close_day_has_a_rate),
        T(commission__half_up_a_deal_and_refunds_in_their_own_period),
        T(commission__discount_mode_takes_the_list_price),
        T(commission__of_the_partner_on_the_day_of_the_close),
        T(attainment__of_a_team_in_its_season),
        T(attainment__while_the_season_runs),
        T(retention__ten_million),
        T(retention__names_what_is_not_due_or_not_recorded),
        T(retention__leaves_the_old_partner_on_the_day_of_the_change),
        T(retention__currencies_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
