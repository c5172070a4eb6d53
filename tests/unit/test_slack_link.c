/* Socket Mode's state machine under a clock that is a number. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/transport/slack_link.h"

static struct slack_link l;
static int64_t now;

static int start(void **state)
{
    (void)state;
    now = 1000000;
    slack_link_start(&l, now, 42);
    return 0;
}

static int64_t take(enum slack_act act)
{
    struct slack_do d;
    assert_true(slack_link_next(&l, &d));
    assert_int_equal(d.act, act);
    return d.socket;
}

static void nothing(void)
{
    struct slack_do d;
    assert_false(slack_link_next(&l, &d));
}

/* From an address to hello; the number of the connection. */
static int64_t connect_one(void)
{
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    int64_t s = take(SLACK_DIAL);
    slack_link_opened(&l, now, s);
    slack_link_hello(&l, now, s);
    return s;
}

static void pass(int64_t ms)
{
    now += ms;
    slack_link_tick(&l, now);
}

/* Ends the pause that is under way; how long it was. */
static int64_t pass_pause(void)
{
    int64_t wait = slack_link_due(&l) - now;
    assert_int_equal(l.phase, SLACK_PAUSE);
    pass(wait - 1);
    assert_int_equal(l.phase, SLACK_PAUSE);
    pass(1);
    assert_int_equal(l.phase, SLACK_ASKING);
    return wait;
}

static void link__start__rests_after_hello(void **state)
{
    (void)state;
    int64_t s = connect_one();
    nothing();
    assert_true(l.current == s && l.phase == SLACK_REST);
    assert_true(slack_link_due(&l) == INT64_MAX);
    assert_int_equal(slack_link_open(&l), 1);
}

static void link__refresh__new_one_first_old_one_after(void **state)
{
    (void)state;
    static const char *const reasons[] = { "warning", "refresh_requested", "something_new", NULL };
    int64_t s = connect_one();
    for (size_t i = 0; i < COUNT(reasons); i++) {
        slack_link_disconnect(&l, now, s, reasons[i]);
        slack_link_disconnect(&l, now, s, "refresh_requested"); /* once more: one attempt */
        assert_true(l.current == s);
        int64_t next = connect_one();
        nothing(); /* the old one still serves */
        assert_int_equal(slack_link_open(&l), 2);
        pass(3000);
        assert_true(take(SLACK_CLOSE) == s);
        s = next;
    }
}

static void link__old_one_closes_first__nothing_is_lost(void **state)
{
    (void)state;
    int64_t s = connect_one();
    slack_link_disconnect(&l, now, s, "warning");
    slack_link_closed(&l, now, s);
    int64_t next = connect_one();
    assert_true(l.current == next);
    nothing();
}

static void link__reset__asks_at_once_then_with_pauses(void **state)
{
    (void)state;
    slack_link_closed(&l, now, connect_one());
    int64_t s = connect_one(); /* at once */
    slack_link_closed(&l, now, s);
    assert_true(pass_pause() >= 500);
    s = connect_one();
    pass(60000); /* a minute of use: forgiven */
    slack_link_closed(&l, now, s);
    (void)take(SLACK_ASK);
}

static void link__disconnect_instead_of_hello__pauses(void **state)
{
    (void)state;
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    int64_t s = take(SLACK_DIAL);
    slack_link_disconnect(&l, now, s, "too_many_websockets"); /* even before it is open */
    assert_true(take(SLACK_CLOSE) == s);
    assert_true(pass_pause() >= 10000);
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    s = take(SLACK_DIAL);
    slack_link_opened(&l, now, s);
    slack_link_disconnect(&l, now, s, "refresh_requested");
    assert_true(take(SLACK_CLOSE) == s);
    (void)pass_pause();
}

static void link__switched_off__asks_every_five_minutes(void **state)
{
    (void)state;
    int64_t s = connect_one();
    slack_link_disconnect(&l, now, s, "link_disabled");
    assert_true(l.current == 0 && slack_link_due(&l) - now == 3000);
    pass(3000);
    assert_true(take(SLACK_CLOSE) == s);
    assert_true(pass_pause() >= 297000);
}

static void link__pauses__double_to_a_minute_with_jitter(void **state)
{
    (void)state;
    bool differ = false;
    int64_t before = 0;
    for (int i = 0; i < 12; i++) {
        int64_t longest = i < 6 ? INT64_C(1000) << i : 60000;
        (void)take(SLACK_ASK);
        slack_link_url(&l, now, SLACK_URL_LATER, 0);
        int64_t wait = pass_pause();
        assert_true(wait >= longest / 2 && wait <= longest);
        differ = differ || (i > 6 && wait != before);
        before = wait;
    }
    assert_true(differ);
}

static void link__retry_after__is_a_lower_bound(void **state)
{
    (void)state;
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL_LATER, 90000);
    int64_t wait = pass_pause();
    assert_true(wait >= 90000 && wait < 91000);
}

static void link__silence__gives_up_and_tries_again(void **state)
{
    (void)state;
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    int64_t s = take(SLACK_DIAL);
    pass(14999);
    nothing();
    pass(1);
    assert_true(take(SLACK_DROP) == s);
    (void)pass_pause();
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    s = take(SLACK_DIAL);
    slack_link_opened(&l, now, s);
    pass(10000); /* no hello */
    assert_true(take(SLACK_DROP) == s);
    slack_link_hello(&l, now, s); /* too late */
    assert_true(l.current == 0);
    assert_int_equal(l.phase, SLACK_PAUSE);
    slack_link_closed(&l, now, s); /* known already: not a second failure */
    assert_int_equal(l.failures, 2);
}

static void link__handshake_fails__new_address_after_a_pause(void **state)
{
    (void)state;
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    slack_link_closed(&l, now, take(SLACK_DIAL));
    (void)pass_pause();
    (void)take(SLACK_ASK); /* an address is never used twice */
}

static void link__fatal_error__stops_for_good(void **state)
{
    (void)state;
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL_NEVER, 0);
    assert_int_equal(l.phase, SLACK_STOPPED);
    assert_true(slack_link_due(&l) == INT64_MAX);
    pass(1000000000);
    nothing();
}

static void link__fatal_error_while_one_serves__closes_it(void **state)
{
    (void)state;
    int64_t s = connect_one();
    slack_link_disconnect(&l, now, s, "refresh_requested");
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL_NEVER, 0);
    assert_true(take(SLACK_CLOSE) == s);
    slack_link_closed(&l, now, s);
    nothing();
}

static void link__stop__says_goodbye_to_all(void **state)
{
    (void)state;
    int64_t s = connect_one();
    slack_link_disconnect(&l, now, s, "warning");
    int64_t next = connect_one();
    slack_link_disconnect(&l, now, next, "warning");
    (void)take(SLACK_ASK);
    slack_link_url(&l, now, SLACK_URL, 0);
    int64_t third = take(SLACK_DIAL);
    slack_link_stop(&l);
    assert_true(take(SLACK_DROP) == third);
    assert_true(take(SLACK_CLOSE) == next);
    assert_true(take(SLACK_CLOSE) == s);
    slack_link_closed(&l, now, next);
    nothing();
}

enum { ALIVE = 8 };
static int64_t alive[ALIVE]; /* sockets, 0: none */

static void forget(int64_t socket)
{
    for (int k = 0; k < ALIVE; k++)
        alive[k] = alive[k] == socket ? 0 : alive[k];
}

static void obey(void)
{
    struct slack_do d;
    while (slack_link_next(&l, &d)) {
        int k = 0;
        while (k < ALIVE - 1 && alive[k])
            k++;
        if (d.act == SLACK_DIAL)
            alive[k] = d.socket;
        else if (d.act != SLACK_ASK)
            forget(d.socket);
    }
}

static void happen(uint32_t dice)
{
    static const char *const reasons[] = { "warning", "refresh_requested", "link_disabled",
        "too_many_websockets" };
    int64_t any = alive[dice >> 8 & (ALIVE - 1)];
    switch (dice >> 16 & 7) {
    case 0: slack_link_url(&l, now, dice & 64 ? SLACK_URL : SLACK_URL_LATER, 0); break;
    case 1: slack_link_url(&l, now, SLACK_URL, 0); break;
    case 2: slack_link_opened(&l, now, any); break;
    case 3: slack_link_hello(&l, now, any); break;
    case 4: slack_link_disconnect(&l, now, any, reasons[dice >> 20 & 3]); break;
    case 5:
        slack_link_closed(&l, now, any);
        forget(any);
        break;
    default: pass(dice >> 20 & 4095); break;
    }
}

/* Ten thousand days of weather: there is always either a connection, an attempt or a
 * pause with an end, and never more than a handful of sockets. */
static void link__any_order__never_stuck_and_never_many(void **state)
{
    (void)state;
    uint32_t dice = 7;
    memset(alive, 0, sizeof alive);
    for (int i = 0; i < 200000; i++) {
        dice = dice * 1664525 + 1013904223;
        happen(dice);
        obey();
        bool hopeful = l.current || l.phase == SLACK_ASKING || slack_link_due(&l) < INT64_MAX;
        if (!hopeful || l.phase == SLACK_STOPPED || slack_link_open(&l) > 2 + SLACK_OLD)
            fail_msg("after %d things: phase %d, %d open", i, l.phase, slack_link_open(&l));
    }
}

int main(void)
{
#define LINK(test) cmocka_unit_test_setup(test, start)
    const struct CMUnitTest tests[] = {
        LINK(link__start__rests_after_hello),
        LINK(link__refresh__new_one_first_old_one_after),
        LINK(link__old_one_closes_first__nothing_is_lost),
        LINK(link__reset__asks_at_once_then_with_pauses),
        LINK(link__disconnect_instead_of_hello__pauses),
        LINK(link__switched_off__asks_every_five_minutes),
        LINK(link__pauses__double_to_a_minute_with_jitter),
        LINK(link__retry_after__is_a_lower_bound),
        LINK(link__silence__gives_up_and_tries_again),
        LINK(link__handshake_fails__new_address_after_a_pause),
        LINK(link__fatal_error__stops_for_good),
        LINK(link__fatal_error_while_one_serves__closes_it),
        LINK(link__stop__says_goodbye_to_all),
        LINK(link__any_order__never_stuck_and_never_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
