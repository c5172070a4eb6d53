/* Figures of partners: a vector for each, and the edges of their definitions. The clock
 * stands at 2 July 2026, 12:00 in Tokyo. */
#include "tests/unit/kpi_store.h"

static void add_person(struct world *w, int id, int partner, int customer)
{
    RUN(w,
        "insert into person (id, name, partner_id, customer_id, created_ms)"
        " values (%d, 'C%d', nullif(%d,0), nullif(%d,0), 0)",
        id, id, partner, customer);
}

static void add_answer(struct world *w, int person, int partner, int score, const char *when)
{
    RUN(w,
        "insert into nps (customer_id, person_id, partner_id, score, at_day, member_id, created_ms)"
        " values (1, nullif(%d,0), nullif(%d,0), %d, %d, 1, 0)",
        person, partner, score, (int)day(when));
}

static void nps__twelve_five_three(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 20; i++) {
        add_person(w, i, 0, 1);
        add_answer(w, i, i % 2 + 1, i <= 12 ? 9 + i % 2 : i <= 17 ? 7 + i % 2 : i % 7, "2026-03-02");
    }
    struct kpi_ask a = ask("K25", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "+45");
    assert_string_equal(r.total.plus_minus, "32.4");
    assert_int_equal(r.total.n, 20);
    assert_int_equal(part(&r, "nps", "promoters")->num, 12);
    assert_int_equal(part(&r, "nps", "passives")->num, 5);
    assert_int_equal(part(&r, "nps", "detractors")->num, 3);
    /* By the partner at the time of the answer: ten each. Person i is with 1 + i mod 2, so
     * that 6 of 10 are promoters with both; detractors are 18 and 20 with P1, 19 with P2. */
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_string_equal(r.groups[0].f.value, "+40");
    assert_string_equal(r.groups[1].f.value, "+50");
}

static void nps__one_answer_a_person_the_later(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 10; i++) {
        add_person(w, i, 0, 1);
        add_answer(w, i, 1, 10, "2026-06-30");
    }
    add_answer(w, 1, 1, 0, "2026-03-01"); /* earlier in the period */
    add_answer(w, 2, 1, 0, "2026-07-01"); /* after it */
    add_answer(w, 3, 1, 0, "2025-12-31"); /* before it */
    struct kpi_ask a = ask("K25", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "+100");
    assert_string_equal(r.total.plus_minus, "0.0");
    assert_int_equal(kpi_count(&r, "answered_again"), 1);
    add_answer(w, 4, 2, 0, "2026-06-30"); /* the same day: what came later */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 10);
    assert_string_equal(r.total.value, "+80");
    a.scope.partner = 1; /* the fourth person's answer is P2's now */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 9);
    assert_string_equal(r.total.value, ""); /* under ten: no score */
    a.scope.partner = 0;
    add_answer(w, 0, 1, 8, "2026-03-01"); /* a firm's, and again */
    add_answer(w, 0, 1, 7, "2026-03-02");
    assert_int_equal(answer(w, &a).total.n, 11);
}

static void nps__rounds_half_away_from_zero(void **state)
{
    struct world *w = *state;
    for (int i = 1; i <= 200; i++) {
        add_person(w, i, 0, 1);
        add_answer(w, i, 1, i <= 1 ? 3 : 8, "2026-03-02");
    }
    struct kpi_ask a = ask("K25", H1);
    assert_string_equal(answer(w, &a).total.value, "-1"); /* -0.5 */
    RUN(w, "update nps set score = 9 where person_id > 1 and person_id <= 3");
    assert_string_equal(answer(w, &a).total.value, "+1"); /* +0.5 */
    RUN(w, "update nps set score = 8 where person_id > 2");
    assert_string_equal(answer(w, &a).total.value, "0");
}

static void add_training(struct world *w, int person, const char *due, const char *done, int assumed)
{
    RUN(w,
        "insert into training (person_id, partner_id, enrolled_day, due_day, done_day,"
        " due_assumed, member_id, created_ms)"
        " select %d, partner_id, 20000, %d, nullif(%d,0), %d, 1, 0 from person where id = %d",
        person, (int)day(due), done ? (int)day(done) : 0, assumed, person);
}

static void training__by_its_due_day(void **state)
{
    struct world *w = *state;
    add_person(w, 1, 1, 0);
    add_training(w, 1, "2026-03-31", "2026-03-31", 0); /* on the day is in time */
    add_training(w, 1, "2026-03-31", "2026-04-01", 1);
    add_training(w, 1, "2026-03-31", NULL, 1);
    add_training(w, 1, "2026-01-01", "2025-12-01", 0);
    add_training(w, 1, "2025-12-31", "2025-12-01", 0); /* due before the period */
    add_training(w, 1, "2026-07-01", "2026-06-01", 0); /* and behind it */
    struct kpi_ask a = ask("K20", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 2);
    assert_int_equal(r.total.den, 4);
    assert_string_equal(r.total.value, "50.0");
    assert_int_equal(part(&r, "further", "K20")->num, 2); /* of 30 days assumed */
    /* Due today is not over yet; nor is what was done before that. */
    add_training(w, 1, "2026-07-02", "2026-06-01", 0);
    a = ask("K20", "2026-07-01T00:00", "2026-10-01T00:00");
    r = answer(w, &a);
    assert_int_equal(r.total.den, 1);
    assert_int_equal(kpi_count(&r, "not_due"), 1);
    a.as_of_ms = at("2026-07-03T00:00");
    assert_int_equal(answer(w, &a).total.den, 2);
}

/* A decided deal of P1, led by a person of it unless 0. */
static void add_led(struct world *w, int id, bool won, int person, const char *registered)
{
    add_deal(w, (struct deal){ id, 1, "JP", registered, won ? "won" : "lost", "2026-05-01T10:00", 0,
                    NULL, 1, 0 });
    int64_t t = add_touch(w, id, "2026-03-02T10:00", "zoom", NULL);
    if (person)
        RUN(w, "insert into touch_person (touch_id, person_id) values (%lld, %d)", (long long)t, person);
}

static void add_certificate(struct world *w, int person, const char *from, const char *expires)
{
    RUN(w,
        "insert into training (person_id, partner_id, enrolled_day, due_day, done_day,"
        " certified_day, expires_day, member_id, created_ms) values (%d, 1, 1, 2, 2, %d, nullif(%d,0), 1, 0)",
        person, (int)day(from), expires ? (int)day(expires) : 0);
}

/* Nine of fifteen with a certified person, four of sixteen without. */
static void add_arms(struct world *w)
{
    add_person(w, 1, 1, 0);
    add_person(w, 2, 1, 0);
    add_certificate(w, 1, "2026-01-03", "2027-01-01");
    for (int i = 1; i <= 15; i++)
        add_led(w, i, i <= 9, 1, "2026-01-10T10:00"); /* the seventh day counts */
    for (int i = 16; i <= 31; i++)
        add_led(w, i, i <= 19, 2, "2026-01-10T10:00");
}

static void certified__wins_more(void **state)
{
    struct world *w = *state;
    add_arms(w);
    add_led(w, 40, true, 0, "2026-01-10T10:00"); /* nobody of the partner */
    add_deal(w, (struct deal){ 41, 0, "JP", "2026-01-10T10:00", "won", "2026-05-01T10:00", 0, NULL, 1, 0 });
    struct kpi_ask a = ask("K21", H1);
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "+35.0");
    assert_int_equal(r.total.n, 31);
    const struct kpi_part *with = part(&r, "certified", NULL), *rest = part(&r, "uncertified", NULL);
    assert_int_equal(with->num, 9);
    assert_int_equal(with->den, 15);
    assert_string_equal(with->share, "60.0");
    assert_string_equal(with->low, "35.7");
    assert_string_equal(with->high, "80.2");
    assert_int_equal(rest->num, 4);
    assert_int_equal(rest->den, 16);
    assert_string_equal(rest->share, "25.0");
    assert_string_equal(rest->low, "10.2");
    assert_string_equal(rest->high, "49.5");
    const struct kpi_part *test = part(&r, "difference", "weak");
    assert_non_null(test);
    assert_string_equal(test->share, "1.97");
    assert_string_equal(test->shift, "0.35");
    assert_non_null(part(&r, "bias", NULL));
    assert_int_equal(part(&r, "left_out", NULL)->num, 2);
}

static void certified__needs_ten_in_each_arm(void **state)
{
    struct world *w = *state;
    add_arms(w);
    run(w, "delete from touch_person; delete from touch_point where deal_id > 25;"
           "insert into touch_person (touch_id, person_id)"
           " select id, iif(deal_id <= 15, 1, 2) from touch_point");
    struct kpi_ask a = ask("K21", H1);
    struct kpi_answer r = answer(w, &a); /* ten remain in the second arm */
    assert_string_equal(r.total.value, "+20.0"); /* 9 of 15 and 4 of 10 */
    run(w, "delete from touch_person where touch_id = (select id from touch_point where deal_id = 25)");
    r = answer(w, &a);
    assert_string_equal(r.total.value, "");
    assert_int_equal(r.total.n, 24);
    assert_null(part(&r, "difference", NULL));
    assert_string_equal(part(&r, "uncertified", NULL)->share, "44.4"); /* 4 of 9 */
}

static void certified__on_the_day_of_registration(void **state)
{
    struct world *w = *state;
    add_person(w, 1, 1, 0);
    add_certificate(w, 1, "2026-01-10", "2026-03-01");
    add_led(w, 1, true, 1, "2026-01-16T23:59"); /* the sixth day */
    add_led(w, 2, true, 1, "2026-01-17T00:00");
    add_led(w, 3, true, 1, "2026-02-28T23:59");
    add_led(w, 4, true, 1, "2026-03-01T00:00"); /* expired */
    struct kpi_ask a = ask("K21", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(part(&r, "certified", NULL)->den, 2);
    assert_int_equal(part(&r, "uncertified", NULL)->den, 2);
    /* Who moved on led it for the firm of then; a customer's person leads nothing. */
    run(w, "update person set partner_id = 2 where id = 1");
    assert_int_equal(answer(w, &a).total.n, 0);
    run(w, "insert into former_firm (person_id, partner_id, until_ms) values (1, 1, 0)");
    assert_int_equal(answer(w, &a).total.n, 4);
}

static void add_activity(struct world *w, int partner, const char *when, int joint, int leads, int meetings)
{
    RUN(w,
        "insert into activity (kind, joint, partner_id, market, at_day, leads, meetings, member_id, created_ms)"
        " values ('webinar', %d, %d, 'JP', %d, nullif(%d,-1), nullif(%d,-1), 1, 0)",
        joint, partner, (int)day(when), leads, meetings);
}

static void marketing__meetings_of_leads_and_later_months(void **state)
{
    struct world *w = *state;
    RUN(w, "update partner set signed_day = %d where id = 1", (int)day("2025-03-20"));
    add_activity(w, 1, "2026-01-15", 0, 20, 3); /* month 11: no later month */
    add_activity(w, 1, "2026-03-01", 1, 30, 9); /* the thirteenth month begins */
    add_activity(w, 1, "2026-04-30", 1, 10, 0);
    add_activity(w, 1, "2026-06-30", 0, -1, 2); /* leads not told: no rate */
    add_activity(w, 1, "2026-07-01", 0, 50, 50);
    RUN(w, "update partner set stage = 'prospect' where id = 2");
    struct kpi_ask a = ask("K23", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 12);
    assert_int_equal(r.total.den, 60);
    assert_string_equal(r.total.value, "20.0");
    assert_string_equal(part(&r, "marketing", "solo")->share, "15.0");
    assert_string_equal(part(&r, "marketing", "joint")->share, "22.5");
    assert_int_equal(kpi_count(&r, "without_leads"), 1);
    /* March to June, with a meeting in March and June. */
    const struct kpi_part *months = part(&r, "months", NULL);
    assert_int_equal(months->num, 2);
    assert_int_equal(months->den, 4);
    /* Leads written down one by one are as good as a number. */
    run(w, "insert into lead (activity_id, partner_id, customer_id, touch_id, at_ms, member_id, created_ms)"
           " select id, 1, 1, null, 0, 1, 0 from activity where leads is null");
    r = answer(w, &a);
    assert_int_equal(r.total.den, 61);
    assert_int_equal(r.total.num, 14);
    a = ask("K23", "2026-01-15T00:00", "2026-03-15T00:00"); /* no whole later month */
    r = answer(w, &a);
    assert_null(part(&r, "months", NULL));
    assert_int_equal(r.total.den, 50);
}

static void stories__local_ones_for_each_customer_won(void **state)
{
    struct world *w = *state;
    run(w, "insert into customer (id, name, market, created_ms) values (2,'A2','JP',0), (3,'A3','US',0)");
    add_deal(w, (struct deal){ 1, 1, "JP", "2025-01-10T10:00", "won", "2025-02-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 2, 2, "JP", "2025-03-10T10:00", "won", "2025-04-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 3, 2, "JP", "2025-03-10T10:00", "won", "2026-06-01T10:00", 0, NULL, 1, 0 });
    run(w, "update deal set customer_id = 2 where id = 3");
    add_deal(w, (struct deal){ 4, 2, "KR", "2025-03-10T10:00", "lost", "2026-06-01T10:00", 0, NULL, 1, 0 });
    static const struct {
        int customer;
        const char *from, *when;
    } stories[] = { { 1, "", "2026-01-01" }, { 1, "US", "2026-02-01" }, { 3, "", "2026-02-01" },
        { 2, "", "2025-06-30" }, { 2, "", "2026-07-01" } };
    for (int i = 0; i < 5; i++)
        RUN(w,
            "insert into case_study (customer_id, partner_id, market, language, translated_from,"
            " published_day, member_id, created_ms) values (%d, 1, 'JP', 'ja', nullif('%s',''), %d, 1, 0)",
            stories[i].customer, stories[i].from, (int)day(stories[i].when));
    struct kpi_ask a = ask("K24", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.den, 2); /* A1 through two partners is one customer */
    assert_string_equal(r.total.value, "50.0");
    assert_int_equal(kpi_count(&r, "translated"), 2);
    a = ask("K24", "2026-06-30T00:00", "2026-07-01T00:00"); /* twelve months, whatever was asked */
    r = answer(w, &a);
    assert_int_equal(r.total.num, 1);
    run(w, "update case_study set published_day = published_day + 1 where customer_id = 2");
    assert_int_equal(answer(w, &a).total.num, 2); /* 1 July 2025 is the first day of them */
    run(w, "delete from case_study where customer_id = 2");
    a = ask("K24", H1);
    a.by = KPI_BY_PARTNER;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_int_equal(r.groups[0].f.den, 1);
    assert_int_equal(r.groups[1].f.den, 2);
    run(w, "delete from deal");
    a.by = KPI_BY_NONE;
    r = answer(w, &a);
    assert_string_equal(r.total.value, "");
    assert_int_equal(r.total.n, 1); /* stories, and nobody won yet */
}

static void perceptions__open_negatives_without_netting(void **state)
{
    struct world *w = *state;
    RUN(w,
        "insert into perception (sign, partner_id, note_id, at_ms, member_id, state, answer_id,"
        " resolved_ms, created_ms) values"
        " ('negative',1,1,%lld,1,'open',null,null,0), ('negative',1,1,%lld,1,'resolved',2,%lld,0),"
        " ('negative',2,1,%lld,1,'resolved',2,%lld,0), ('positive',1,1,%lld,1,'open',null,null,0)",
        (long long)at("2026-01-10T10:00"), (long long)at("2026-01-10T10:00"),
        (long long)at("2026-02-01T10:00"), (long long)at("2026-01-10T10:00"),
        (long long)at("2026-07-01T00:00"), (long long)at("2026-01-10T10:00"));
    struct kpi_ask a = ask("K37", H1);
    struct kpi_answer r = answer(w, &a); /* the third was resolved as the half ended */
    assert_string_equal(r.total.value, "2");
    assert_int_equal(part(&r, "further", "K37")->num, 1);
    assert_int_equal(kpi_count(&r, "resolved"), 1);
    a = ask("K37", NULL, NULL);
    r = answer(w, &a);
    assert_string_equal(r.total.value, "1");
    a.scope.partner = 2;
    assert_string_equal(answer(w, &a).total.value, "0");
}

static void add_rating(struct world *w, const char *what, int member, int score, const char *when, int outsourced)
{
    RUN(w,
        "insert into capability (partner_id, what, score, at_day, member_id, outsourced, created_ms)"
        " values (1, '%s', %d, %d, %d, %d, 0)",
        what, score, (int)day(when), member, outsourced);
}

static void capability__median_of_raters(void **state)
{
    struct world *w = *state;
    add_rating(w, "presales", 1, 5, "2026-01-01", 0);
    add_rating(w, "presales", 2, 2, "2026-02-01", 0);
    add_rating(w, "presales", 3, 3, "2026-02-01", 0);
    add_rating(w, "presales", 1, 4, "2026-03-01", 0); /* again: the later counts */
    add_rating(w, "support", 1, 0, "2026-03-01", 1);
    add_rating(w, "support", 2, 1, "2026-03-01", 0);
    add_rating(w, "renewal", 2, 5, "2025-06-30", 0); /* before the twelve months */
    struct kpi_ask a = ask("K22", H1);
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.num, 2); /* known, of eight */
    assert_int_equal(r.total.den, 8);
    assert_string_equal(r.total.value, "1.8"); /* of 3 and 0.5: 1.75 */
    assert_string_equal(part(&r, "capability", "presales")->share, "3");
    assert_int_equal(part(&r, "capability", "presales")->num, 3);
    assert_string_equal(part(&r, "capability", "support")->share, "0.5");
    assert_int_equal(part(&r, "capability", "support")->den, 1); /* outsourced */
    assert_string_equal(part(&r, "capability", "renewal")->share, "?");
    a = ask("K22", "2026-06-30T00:00", "2026-07-01T00:00"); /* a day asks about its twelve months */
    assert_int_equal(answer(w, &a).total.num, 2);
    add_rating(w, "train", 2, 5, "2025-07-01", 0);
    assert_int_equal(answer(w, &a).total.num, 3);
    run(w, "delete from capability where what = 'train'");
    a = ask("K22", H1);
    assert_string_equal(part(&r, "capability", "train")->share, "?");
    assert_int_equal(kpi_count(&r, "rated_again"), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(nps__twelve_five_three),
        T(nps__one_answer_a_person_the_later),
        T(nps__rounds_half_away_from_zero),
        T(training__by_its_due_day),
        T(certified__wins_more),
        T(certified__needs_ten_in_each_arm),
        T(certified__on_the_day_of_registration),
        T(marketing__meetings_of_leads_and_later_months),
        T(stories__local_ones_for_each_customer_won),
        T(perceptions__open_negatives_without_netting),
        T(capability__median_of_raters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
