/* What people bring along: the win rate by tag, and the time to the first decision maker,
 * counted by hand and computed both ways (kpi_store.h). */
#include "tests/unit/kpi_store.h"

static void add_person(struct world *w, int id, int partner, int customer)
{
    RUN(w, "insert into person (id, name, partner_id, customer_id, created_ms) values (%d, 'C%d', nullif(%d,0), nullif(%d,0), 0)",
        id, id, partner, customer);
}

/* A touch point with a person; of a customer where one is given. */
static int64_t met(struct world *w, int deal, int customer, int person, const char *when, const char *channel, const char *more)
{
    int64_t t = add_touch(w, deal, when, channel, more);
    RUN(w, "update touch_point set customer_id = nullif(%d,0) where id = %lld", customer, (long long)t);
    RUN(w, "insert into touch_person (touch_id, person_id) values (%lld, %d)", (long long)t, person);
    return t;
}

static const struct kpi_figure *group(const struct kpi_answer *r, const char *name)
{
    for (int i = 0; i < r->n_groups; i++)
        if (name ? kpi_is(r->groups[i].name, name) : !r->groups[i].name)
            return &r->groups[i].f;
    fail_msg("no group %s", name ? name : "-");
    return NULL;
}

static void assert_of(const struct kpi_answer *r, const char *name, int num, int den)
{
    assert_int_equal(group(r, name)->num, num);
    assert_int_equal(group(r, name)->den, den);
}

static void decide(struct world *w)
{
    add_deal(w, (struct deal){ 1, 1, "JP", "2026-01-15T10:00", "won", "2026-03-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 2, 1, "JP", "2026-02-01T10:00", "lost", "2026-03-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 3, 2, "JP", "2026-02-01T10:00", "lost", "2026-03-01T10:00", 0, NULL, 1, 0 });
    add_deal(w, (struct deal){ 4, 1, "JP", "2026-02-01T10:00", "open", NULL, 0, NULL, 1, 0 });
    add_person(w, 1, 1, 0);
    add_person(w, 2, 2, 0);
    add_person(w, 3, 2, 0);
    run(w,
        "insert into tag (person_id, what, firm) values (1, 'trained_at', 'Oracle'),"
        " (2, 'trained_at', 'Salesforce'), (3, 'trained_at', 'Oracle'), (2, 'worked_at', 'SAP');"
        "update tag set void_ms = 1 where firm = 'SAP'");
    /* Until the day on which the second and the fourth were registered. */
    RUN(w,
        "insert into capability_tag (partner_id, tag, from_day, to_day, member_id, created_ms)"
        " values (1, 'analytics', %d, %d, 1, 0)",
        (int)day("2026-01-15"), (int)day("2026-02-01"));
    met(w, 1, 0, 1, "2026-02-01T10:00", "zoom", NULL);
    met(w, 2, 0, 1, "2026-03-01T10:01", "zoom", NULL); /* after the close */
    met(w, 3, 0, 2, "2026-02-10T10:00", "zoom", NULL);
    met(w, 3, 0, 3, "2026-02-11T10:00", "phone", "outcome = 'no_answer'");
    met(w, 2, 0, 2, "2026-02-11T10:00", "zoom", NULL); /* of another firm */
}

static void tags__each_deal_in_the_row_of_each_of_its_tags(void **state)
{
    struct world *w = *state;
    decide(w);
    struct kpi_ask a = ask("K42", H1);
    a.by = KPI_BY_TAG;
    struct kpi_answer r = answer(w, &a);
    assert_string_equal(r.total.value, "33.3");
    assert_int_equal(r.total.num, 1);
    assert_int_equal(r.total.n, 3);
    assert_int_equal(r.n_groups, 4);
    assert_of(&r, NULL, 0, 1);
    assert_of(&r, "analytics", 1, 1);
    assert_of(&r, "trained_at:Oracle", 1, 2);
    assert_of(&r, "trained_at:Salesforce", 0, 1);
    assert_int_equal(kpi_count(&r, "open"), 1);
    a.by = KPI_BY_PARTNER; /* a deal of three tags is one */
    r = answer(w, &a);
    assert_int_equal(r.groups[0].f.den, 2);
    assert_int_equal(r.groups[1].f.den, 1);
    a.by = KPI_BY_TAG;
    a.scope.partner = 2;
    r = answer(w, &a);
    assert_int_equal(r.n_groups, 2);
    assert_of(&r, "trained_at:Oracle", 0, 1);
}

static void tags__of_whoever_has_moved_on_since(void **state)
{
    struct world *w = *state;
    decide(w);
    run(w,
        "update person set partner_id = 2 where id = 1;"
        "insert into former_firm (person_id, partner_id, until_ms) values (1, 1, 1)");
    struct kpi_ask a = ask("K42", H1);
    a.by = KPI_BY_TAG;
    struct kpi_answer r = answer(w, &a);
    assert_of(&r, "trained_at:Oracle", 1, 2);
    a.period.to_ms = at("2026-03-01T10:00"); /* nothing is decided yet */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 0);
    assert_string_equal(r.total.value, "");
}

static void decides(struct world *w, int person, int customer)
{
    RUN(w, "insert or ignore into customer (id, name, market, created_ms) values (%d, 'A', 'JP', 0)", customer);
    add_person(w, person, 0, customer);
    RUN(w, "insert into access (person_id, customer_id, level, member_id, at_ms) values (%d, %d, 'decision_maker', 1, %lld)",
        person, customer, (long long)at("2026-01-01T10:00"));
}

static void decider__days_from_the_first_contact(void **state)
{
    struct world *w = *state;
    add_person(w, 9, 0, 1);
    for (int c = 1; c <= 5; c++)
        decides(w, 10 + c, c);
    /* Ten days: neither a mail to the decider nor a call that nobody took is a meeting. */
    met(w, 0, 1, 9, "2026-01-10T10:00", "zoom", NULL);
    met(w, 0, 1, 11, "2026-01-12T10:00", "email", NULL);
    met(w, 0, 1, 11, "2026-01-13T10:00", "zoom", "outcome = 'no_answer'");
    int64_t both = met(w, 0, 1, 11, "2026-01-20T00:10", "zoom", NULL);
    RUN(w, "insert into touch_partner (touch_id, partner_id) values (%lld, 2), (%lld, 1)", (long long)both, (long long)both);
    /* Four: a meeting, whatever its channel; what was internal is no contact. */
    met(w, 0, 2, 12, "2026-01-20T10:00", "zoom", "internal = 1");
    met(w, 0, 2, 9, "2026-02-01T23:50", "phone", NULL);
    met(w, 0, 2, 12, "2026-02-05T10:00", "phone", "kind = 'M', no = 1");
    met(w, 0, 3, 13, "2026-02-05T10:00", "in_person", NULL); /* at once */
    met(w, 0, 4, 9, "2026-03-01T10:00", "phone", NULL);      /* not yet */
    met(w, 0, 5, 9, "2025-06-01T10:00", "phone", NULL);
    met(w, 0, 5, 15, "2025-12-31T23:50", "zoom", NULL); /* before the period */
    struct kpi_ask a = ask("K43", H1);
    a.by = KPI_BY_CHANNEL;
    struct kpi_answer r = answer(w, &a);
    assert_int_equal(r.total.n, 3);
    assert_int_equal(r.total.num, 14);
    assert_string_equal(r.total.value, "4");
    assert_string_equal(group(&r, "zoom")->value, "10");
    assert_string_equal(group(&r, "phone")->value, "4");
    assert_string_equal(group(&r, "in_person")->value, "0");
    assert_int_equal(kpi_count(&r, "decider_not_met"), 1);
    a.by = KPI_BY_PARTNER; /* both were there */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 3);
    assert_int_equal(r.n_groups, 3);
    a.by = KPI_BY_NONE;
    a.scope.partner = 2;
    r = answer(w, &a);
    assert_int_equal(r.total.n, 1);
    assert_string_equal(r.total.value, "10");
    a.scope.partner = 0;
    a.scope.market = "KR";
    assert_int_equal(answer(w, &a).total.n, 0);
    a.scope.market = NULL;
    a.as_of_ms = at("2026-01-19T10:00"); /* nobody was met yet */
    r = answer(w, &a);
    assert_int_equal(r.total.n, 0);
    assert_int_equal(kpi_count(&r, "decider_not_met"), 1);
}

static void decider__is_who_is_known_to_decide_there(void **state)
{
    struct world *w = *state;
    decides(w, 11, 1);
    met(w, 0, 1, 11, "2026-01-10T10:00", "zoom", NULL);
    struct kpi_ask a = ask("K43", H1);
    assert_int_equal(answer(w, &a).total.n, 1);
    run(w, "update access set level = 'influencer'");
    assert_int_equal(answer(w, &a).total.n, 0);
    run(w, "update access set level = 'decision_maker'; insert into customer (id, name, created_ms) values (2, 'A2', 0);"
           "update access set customer_id = 2");
    assert_int_equal(answer(w, &a).total.n, 0);
    run(w, "update access set customer_id = 1; update touch_person set void_ms = 1");
    assert_int_equal(answer(w, &a).total.n, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(tags__each_deal_in_the_row_of_each_of_its_tags),
        T(tags__of_whoever_has_moved_on_since),
        T(decider__days_from_the_first_contact),
        T(decider__is_who_is_known_to_decide_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
