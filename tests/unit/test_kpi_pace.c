/* Pace, stalling, hunting, phases, approvals and the spike of a partner: the worked
 * examples of the definitions, each computed both ways (kpi_store.h). */
#include "tests/unit/kpi_store.h"

/* A won deal of a market that took so many days, closed on 15 June. */
static void took(struct world *w, int id, const char *market, int days)
{
    add_deal(w, (struct deal){ id, 1, market, "2026-06-15T00:10", "won",
                    "2026-06-15T23:50", 6000000, "JPY", 1, 0 });
    RUN(w, "update deal set registered_ms = registered_ms - %lld where id = %d",
        (long long)days * 86400000, id);
}

static void cycle__against_the_base_market(void **state)
{
    struct world *w = *state;
    static const int jp[] = { 150, 170, 180, 190, 400 }, sg[] = { 30, 50, 60, 70, 90 };
    for (int i = 0; i < 5; i++)
        took(w, 1 + i, "JP", jp[i]);
    for (int i = 0; i < 4; i++)
        took(w, 11 + i, "SG", sg[i]);
    struct kpi_ask a = ask("K10", H1);
    a.scope.market = "JP";
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, ""); /* four are too few */
    assert_int_equal(r.total.n, 4);
    took(w, 15, "AU", sg[4]); /* a base market too, as long as none is set */
    r = answer(w, &a);
    assert_string_equal(r.total.value, "3.0");
    assert_string_equal(r.total.median, "180");
    assert_string_equal(r.total.beside, "60");
    took(w, 21, "KR", 120);
    a.scope.market = NULL;
    a.by = KPI_BY_MARKET;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].name, "JP");
    assert_string_equal(r.groups[0].f.value, "3.0");
    assert_string_equal(r.groups[1].f.value, ""); /* one Korean deal */
    run(w, "insert into market_fact (market, base, member_id) values ('SG', 1, 1)");
    a.by = KPI_BY_NONE;
    a.scope.market = "JP";
    assert_int_equal(answer(w, &a).total.n, 4); /* Singapore alone now */
}

static void register_for(struct world *w, int id, int customer, const char *origin, const char *kind)
{
    RUN(w, "insert or ignore into customer (id, name, created_ms) values (%d, 'A', 0)", customer);
    add_deal(w, (struct deal){ id, 1, "JP", "2026-02-01T10:00", "open", NULL, 0, NULL, 1, 0 });
    RUN(w, "update deal set customer_id = %d, origin = '%s', kind = '%s' where id = %d",
        customer, origin, kind, id);
}

static void hunting__outside_the_declared_network(void **state)
{
    struct world *w = *state;
    register_for(w, 1, 11, "outbound", "new");
    register_for(w, 2, 12, "outbound", "new"); /* declared */
    register_for(w, 3, 13, "outbound", "new"); /* declared later */
    register_for(w, 4, 14, "network", "new");
    register_for(w, 5, 15, "unknown", "new");
    register_for(w, 6, 16, "outbound", "cross");
    register_for(w, 7, 17, "outbound", "upsell");
    register_for(w, 8, 18, "referral", "new");
    RUN(w,
        "insert into network_account (partner_id, customer_id, at_day, member_id, created_ms)"
        " values (1, 12, %d, 1, 0), (1, 13, %d, 1, 0), (2, 11, 1, 1, 0)",
        (int)day_number(2026, 2, 1), (int)day_number(2026, 2, 2));
    add_deal(w, (struct deal){ 9, 0, "JP", "2026-02-01T10:00", "open", NULL, 0, NULL, 1, 0 });
    struct kpi_ask a = ask("K28", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3); /* 1, 3, 8 */
    assert_int_equal(r.total.den, 8);
    assert_string_equal(r.total.value, "37.5");
    assert_int_equal(kpi_count(&r, "origin_unknown"), 1);
    assert_int_equal(kpi_count(&r, "network"), 2);
    assert_int_equal(kpi_count(&r, "direct"), 1);
    a.by = KPI_BY_PRODUCT;
    run(w, "update deal set product = 'CMS' where id in (1, 2)");
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[1].name, "CMS");
    assert_string_equal(r.groups[1].f.value, "50.0");
}

static void velocity__a_hundred_and_forty_thousand_a_day(void **state)
{
    struct world *w = *state;
    for (int i = 0; i < 7; i++)
        took(w, 1 + i, "JP", 180);
    for (int i = 0; i < 13; i++)
        add_deal(w, (struct deal){ 21 + i, 1, "JP", "2026-01-10T10:00", "lost",
                        "2026-05-01T10:00", 0, NULL, 1, 0 });
    for (int i = 0; i < 12; i++)
        add_deal(w, (struct deal){ 41 + i, 1, "JP", "2026-06-01T10:00", "open", NULL,
                        9000000, "USD", 1, 0 });
    add_deal(w, (struct deal){ 61, 1, "JP", "2026-03-01T10:00", "open", NULL, 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 62, 1, "JP", "2026-06-01T10:00", "paused", NULL, 0, NULL, 1, 0 });
    RUN(w, "insert into deal_pause (deal_id, from_ms) values (62, %lld)",
        (long long)at("2026-06-10T10:00"));
    struct kpi_ask a = ask("K30", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "140000");
    assert_int_equal(r.total.num, 12);
    assert_int_equal(kpi_count(&r, "untouched"), 1);
    assert_int_equal(kpi_count(&r, "paused"), 1);
    assert_int_equal(r.n_parts, 1); /* the factors, no range */
    run(w, "update deal set value_minor = 7000000, currency = 'AUD' where id = 1");
    assert_string_equal(answer(w, &a).total.value, ""); /* two currencies */
    assert_int_equal(answer(w, &a).total.n, 20);
}

static void velocity__of_few_is_a_range(void **state)
{
    struct world *w = *state;
    took(w, 1, "JP", 100);
    add_deal(w, (struct deal){ 2, 1, "JP", "2026-01-10T10:00", "lost",
                    "2026-05-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 3, 1, "JP", "2026-06-20T10:00", "won",
                    "2026-07-01T10:00", 0, NULL, 1, 0 }); /* live at the end of June */
    struct kpi_ask a = ask("K30", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "30000"); /* 1 × 1/2 × 6M ÷ 100 */
    /* Wilson of 1/2: 9.5 to 90.5 %. */
    assert_int_equal(part(&r, "range", "JPY")->num, 5700);
    assert_int_equal(part(&r, "range", "JPY")->den, 54300);
    /* What was won for nothing has a value, too: the median is 3M. */
    took(w, 4, "JP", 100);
    run(w, "update deal set value_minor = 0 where id = 4");
    assert_string_equal(answer(w, &a).total.value, "20000"); /* 1 × 2/3 × 3M ÷ 100 */
}

static void open_deal(struct world *w, int id, const char *market)
{
    add_deal(w, (struct deal){ id, 1, market, "2026-01-10T10:00", "open", NULL, 0, NULL, 1, 0 });
}

/* As of Thu 2 July 2026: ten business days back is Thu 18 June. */
static void stalled__ten_business_days_and_twice_the_cadence(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 7; i++)
        open_deal(w, i, "JP");
    add_touch(w, 1, "2026-06-18T10:00", "zoom", NULL);
    add_touch(w, 2, "2026-06-19T10:00", "zoom", NULL); /* nine */
    add_touch(w, 3, "2026-06-18T10:00", "zoom", NULL);
    add_touch(w, 3, "2026-06-25T10:00", "phone", "outcome = 'no_answer'"); /* an attempt */
    /* Every ten days: twice that is twenty, and only fourteen have gone. */
    add_touch(w, 4, "2026-05-29T10:00", "zoom", NULL);
    add_touch(w, 4, "2026-06-08T10:00", "zoom", NULL);
    add_touch(w, 4, "2026-06-18T10:00", "zoom", NULL);
    /* Every seven days: fourteen have gone. */
    add_touch(w, 5, "2026-06-11T10:00", "zoom", NULL);
    add_touch(w, 5, "2026-06-18T10:00", "zoom", NULL);
    run(w, "update deal set state = 'paused' where id = 6");
    RUN(w,
        "insert into ringi (deal_id, state, started_ms, returned_ms, back_day, member_id,"
        " created_ms) values (7, 'returned', 0, 0, %d, 1, 0)",
        (int)day_number(2026, 7, 2));
    struct kpi_ask a = ask("K31", NULL, NULL);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 3); /* 1, 3, 5 */
    assert_int_equal(r.total.den, 5);
    assert_int_equal(kpi_count(&r, "paused"), 1);
    assert_int_equal(kpi_count(&r, "waiting"), 1);
    RUN(w, "update ringi set back_day = %d", (int)day_number(2026, 7, 1));
    assert_int_equal(answer(w, &a).total.num, 4); /* the day has gone by */
    a.scope.deal = 1;
    r = answer(w, &a);
    assert_int_equal(r.rows.row[0].figure, 10);
}

static void stalled__of_a_past_day_as_deals_stood_then(void **state)
{
    struct world *w = *state;
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-10T10:00", "lost", "2026-05-01T10:00", 0, NULL, 1, 0 });
    open_deal(w, 2, "JP"); /* paused then */
    RUN(w, "insert into deal_pause (deal_id, from_ms, to_ms) values (2, %lld, %lld)",
        (long long)at("2026-03-01T10:00"), (long long)at("2026-04-10T10:00"));
    add_deal(w, (struct deal){ 3, 1, "JP", "2026-01-10T10:00", "won", "2026-06-01T10:00", 0, NULL, 1, 0 });
    RUN(w,
        "insert into deal_event (deal_id, what, at_ms, member_id) values (3, 'lost', %lld, 1),"
        " (3, 'reopened', %lld, 1), (3, 'won', %lld, 1)",
        (long long)at("2026-03-10T10:00"), (long long)at("2026-04-02T10:00"),
        (long long)at("2026-06-01T10:00"));
    struct kpi_ask a = ask("K31", "2026-03-01T00:00", "2026-04-01T00:00");
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1); /* lost since, open and quiet then */
    assert_int_equal(r.total.den, 1); /* the third was lost for the time being */
    assert_int_equal(kpi_count(&r, "paused"), 1);
    a = ask("K31", "2026-04-01T00:00", "2026-05-01T00:00");
    assert_int_equal(answer(w, &a).total.den, 3);
}

static void phases__eighty_to_twenty(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 3; i++)
        add_deal(w, (struct deal){ i, 1, "JP", "2026-01-10T10:00", "won",
                        "2026-05-01T10:00", 0, NULL, 1, 0 });
    add_touch(w, 1, "2026-01-21T10:00", "zoom", NULL); /* a hundred days before */
    add_touch(w, 1, "2026-02-21T10:00", "zoom", NULL);
    add_touch(w, 2, "2026-03-02T10:00", "zoom", NULL); /* sixty */
    RUN(w, "update deal set live_ms = %lld where id = 1", (long long)at("2026-05-26T10:00"));
    RUN(w, "update deal set live_ms = %lld where id = 2", (long long)at("2026-05-16T10:00"));
    struct kpi_ask a = ask("K39", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 160);
    assert_int_equal(r.total.den, 200); /* 100 + 25, 60 + 15 */
    assert_string_equal(r.total.value, "80.0");
    assert_string_equal(r.total.beside, "20.0");
    assert_int_equal(kpi_count(&r, "unlogged"), 1);
    a.as_of_ms = at("2026-05-20T10:00");
    r = answer(w, &a);
    assert_int_equal(r.total.n, 1);
    assert_int_equal(kpi_count(&r, "not_live"), 1);
}

static void add_ringi(struct world *w, int id, const char *state, int parallel, const char *from, const char *to)
{
    RUN(w,
        "insert into ringi (id, deal_id, state, parallel, started_ms, ended_ms, member_id, created_ms)"
        " values (%d, 1, '%s', %d, %lld, nullif(%lld, 0), 1, 0)",
        id, state, parallel, (long long)at(from), to ? (long long)at(to) : 0LL);
}

static void add_stay(struct world *w, int ringi, int round, int person, const char *from, const char *to, const char *how)
{
    RUN(w,
        "insert into ringi_step (ringi_id, round, place, person_id, label, since_ms, done_ms, outcome)"
        " values (%d, %d, %d, nullif(%d, 0), iif(%d, null, '本部長'), %lld, %lld, '%s')",
        ringi, round, person, person, person, (long long)at(from), (long long)at(to), how);
}

/* Of a deal from Mon 2 March to Fri 10 April 2026, 28 business days (Fri 20 March is none). */
static void dwell__by_holder_and_round(void **state)
{
    struct world *w = *state;
    run(w, "insert into person (id, name, created_ms) values (1, 'Sato', 0), (2, 'Suzuki', 0)");
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-03-02T10:00", "won", "2026-04-10T10:00", 0, NULL, 1, 0 });
    /* Sent back once: three of its eleven days it lay at the drafter. */
    add_ringi(w, 1, "approved", 0, "2026-03-09T10:00", "2026-03-25T10:00");
    add_stay(w, 1, 1, 1, "2026-03-09T10:00", "2026-03-11T10:00", "stamped");
    add_stay(w, 1, 1, 2, "2026-03-11T10:00", "2026-03-13T10:00", "returned");
    add_stay(w, 1, 2, 1, "2026-03-18T10:00", "2026-03-19T10:00", "stamped");
    add_stay(w, 1, 2, 2, "2026-03-19T10:00", "2026-03-24T10:00", "stamped");
    add_stay(w, 1, 2, 0, "2026-03-24T10:00", "2026-03-25T10:00", "stamped");
    /* All at the same time: five days, not seven. */
    add_ringi(w, 2, "approved", 1, "2026-04-01T10:00", "2026-04-08T10:00");
    add_stay(w, 2, 1, 1, "2026-04-01T10:00", "2026-04-03T10:00", "stamped");
    add_stay(w, 2, 1, 2, "2026-04-01T10:00", "2026-04-08T10:00", "stamped");
    add_ringi(w, 3, "circulating", 0, "2026-06-01T10:00", NULL);
    add_ringi(w, 4, "withdrawn", 0, "2026-04-20T10:00", "2026-05-01T10:00");
    struct kpi_ask a = ask("K32", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.n, 2);
    assert_int_equal(r.total.num, 16);
    assert_string_equal(r.total.value, "8");
    assert_int_equal(part(&r, "holder", "C2")->num, 9);
    assert_int_equal(part(&r, "holder", "C2")->den, 3);
    assert_int_equal(part(&r, "holder", "C1")->num, 3); /* the two in parallel are out */
    assert_int_equal(part(&r, "holder", "本部長")->num, 1);
    assert_string_equal(r.parts[0].name, "C2"); /* who had it longest comes first */
    assert_string_equal(part(&r, "cycle", NULL)->share, "28.6"); /* 16 of 56 */
    assert_int_equal(kpi_count(&r, "held_beside"), 1);
    assert_int_equal(kpi_count(&r, "circulating"), 1);
    assert_int_equal(kpi_count(&r, "withdrawn"), 1);
    a.as_of_ms = at("2026-04-03T10:00"); /* the second still goes round, the deal is open */
    r = answer(w, &a);
    assert_string_equal(r.total.value, "11");
    assert_null(part(&r, "cycle", NULL));
    assert_int_equal(kpi_count(&r, "circulating"), 1);
    struct kpi_ask april = ask("K32", "2026-04-01T00:00", "2026-05-01T00:00");
    assert_string_equal(answer(w, &april).total.value, "5");
    april.scope.partner = 2;
    assert_int_equal(answer(w, &april).total.n, 0);
}

static void submit(struct world *w, int id, const char *when, const char *decided, const char *state)
{
    add_deal(w, (struct deal){ id, 1, "JP", when, state, NULL, 0, NULL, 1, 0 });
    if (decided)
        RUN(w, "update deal set decided_ms = %lld, decided_by = 3 where id = %d",
            (long long)at(decided), id);
}

static void approval__in_business_hours(void **state)
{
    struct world *w = *state;
    submit(w, 1, "2026-04-24T17:00", "2026-04-27T10:00", "open");     /* Fri to Mon: 2 h */
    submit(w, 2, "2026-04-28T20:00", "2026-04-30T09:30", "declined"); /* a holiday: 0.5 h */
    submit(w, 3, "2026-04-27T09:00", "2026-04-28T18:00", "open");     /* two days: 18 h */
    submit(w, 4, "2026-04-27T09:00", NULL, "submitted");
    submit(w, 5, "2026-04-27T09:00", NULL, "open"); /* a rep's own */
    struct kpi_ask a = ask("K40", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.n, 3);
    assert_string_equal(r.total.value, "2.0");
    assert_string_equal(r.total.mean, "6.8"); /* 20.5 ÷ 3 */
    assert_int_equal(kpi_count(&r, "auto"), 1);
    assert_int_equal(kpi_count(&r, "submitted"), 1);
    assert_int_equal(kpi_count(&r, "declined"), 1);
    a.as_of_ms = at("2026-04-28T10:00"); /* two are not decided yet */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 1);
    assert_int_equal(kpi_count(&r, "submitted"), 2);
    /* From 40 s past ten to 20 s past twelve: 119 whole minutes and 40 s are 120. */
    run(w, "delete from deal");
    submit(w, 6, "2026-04-27T10:00", "2026-04-27T12:00", "open");
    run(w, "update deal set registered_ms = registered_ms + 40000, decided_ms = decided_ms + 20000");
    a = ask("K40", H1);
    assert_int_equal(answer(w, &a).total.num, 120);
    run(w, "update deal set registered_ms = registered_ms - 20000, decided_ms = decided_ms + 39000");
    assert_int_equal(answer(w, &a).total.num, 121); /* 120 min 39 s */
}

/* Registrations of P1 by quarter of 91 days since it was signed. */
static void quarters(struct world *w, const int *n, int count, const char *kind)
{
    run(w, "delete from deal");
    int32_t signed_day = day_number(2026, 7, 2) - 91 * count;
    RUN(w, "update partner set signed_day = %d where id = 1", (int)signed_day);
    int id = 0;
    for (int q = 0; q < count; q++) {
        for (int i = 0; i < n[q]; i++) {
            id++;
            add_deal(w, (struct deal){ id, 1, "JP", "2026-01-10T10:00", "open", NULL, 0, NULL, 1, 0 });
            int32_t day = signed_day + 91 * q + (i % 2 ? 90 : 0); /* both edges */
            RUN(w, "update deal set registered_ms = %lld, kind = '%s' where id = %d",
                (long long)day_start_ms(day, TOKYO) + 3600000, kind, id);
        }
    }
}

static void assert_course(struct world *w, const char *mark, const char *ratio)
{
    struct kpi_ask a = ask("K27", NULL, NULL);
    a.scope.partner = 1;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.rows.n, 1);
    assert_string_equal(r.rows.row[0].mark, mark);
    if (ratio)
        assert_string_equal(part(&r, "curve", NULL)->share, ratio);
}

static void plateau__the_worked_curves(void **state)
{
    struct world *w = *state;
    static const int plateau[] = { 6, 9, 7, 3, 1, 0, 6, 7 };
    static const int steady[] = { 4, 5, 5, 4, 5, 6 }, dip[] = { 8, 2, 1, 1, 6, 7 };
    quarters(w, plateau, 6, "cross");
    assert_course(w, "plateau", "0.06");
    struct kpi_ask a = ask("K27", NULL, NULL);
    a.scope.partner = 1;
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "100.0");
    assert_string_equal(r.parts[1].name, "6, 9, 7, 3, 1, 0");
    assert_string_equal(r.parts[1].shift, "8");
    quarters(w, plateau, 7, "cross"); /* 3 of 8: not yet revived */
    assert_course(w, "plateau", "0.38");
    quarters(w, plateau, 8, "cross");
    assert_course(w, "revived", "0.81");
    quarters(w, steady, 6, "cross");
    assert_course(w, "steady", "1.10");
    quarters(w, dip, 6, "cross");
    assert_course(w, "steady", "1.30");
}

static void plateau__needs_age_a_spike_and_few_new_logos(void **state)
{
    struct world *w = *state;
    static const int low[] = { 1, 1, 2, 1, 0, 0 }, fresh[] = { 6, 9, 7, 3, 1, 0 };
    quarters(w, low, 6, "cross");
    assert_course(w, "never_spiked", NULL); /* S 1.5 */
    quarters(w, fresh, 6, "new");
    assert_course(w, "steady", "0.06"); /* the one of the last two is a new logo */
    quarters(w, fresh, 5, "cross");
    assert_course(w, "young", NULL);
    quarters(w, fresh, 1, "cross");
    assert_course(w, "just_signed", NULL);
    static const int none[] = { 6, 9, 7, 3, 0, 0 };
    quarters(w, none, 6, "new"); /* none registered is no new logo */
    assert_course(w, "plateau", "0.00");
    RUN(w, "update partner set signed_day = signed_day + 1 where id = 1");
    assert_course(w, "young", NULL); /* the last quarter lacks a day */
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(cycle__against_the_base_market),
        T(hunting__outside_the_declared_network),
        T(velocity__a_hundred_and_forty_thousand_a_day),
        T(velocity__of_few_is_a_range),
        T(stalled__ten_business_days_and_twice_the_cadence),
        T(stalled__of_a_past_day_as_deals_stood_then),
        T(phases__eighty_to_twenty),
        T(dwell__by_holder_and_round),
        T(approval__in_business_hours),
        T(plateau__the_worked_curves),
        T(plateau__needs_age_a_spike_and_few_new_logos),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
