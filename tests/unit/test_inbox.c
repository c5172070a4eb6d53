/* What networks bring: stored and acknowledged first, answered by the clock, from the inbox
 * and in order. A real store, a clock that stands still, no socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/inbox.h"
#include "bot/store/members.h"
#include "bot/store/outbox.h"

static const int64_t START = INT64_C(1772439600000);
enum { HEARD = 256 };
static struct catalogue *words;
static struct engine *engine;
static char path[64];
static bool pressed;
static int64_t kenji;
static int acks, n_sent;
static struct delivery *sent[HEARD];

static void on_delivery(void *ctx, struct delivery *d)
{
    (void)ctx;
    acks += d->kind == DELIVERY_ACK;
    if (d->kind != DELIVERY_SEND) {
        delivery_destroy(d);
        return;
    }
    assert_true(n_sent < HEARD);
    sent[n_sent++] = d;
}

static bool is_pressed(void *ctx)
{
    (void)ctx;
    return pressed;
}

static void start(void)
{
    struct err e;
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo",
        .deliver = on_delivery, .to_courier = on_delivery, .pressed = is_pressed,
        .couriered = 1U << NETWORK_SLACK, .rate_limited = true, .unasked = NETWORK_WEB };
    engine = engine_create(&config, &e);
    assert_non_null(engine);
}

static int open_world(void **state)
{
    (void)state;
    struct err e;
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-inbox-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    clock_hold(START);
    pressed = false;
    acks = n_sent = 0;
    start();
    kenji = member_add(engine_db(engine), &m, START, &e);
    return kenji && engine_names_changed(engine, &e) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    engine_destroy(engine);
    while (n_sent)
        delivery_destroy(sent[--n_sent]);
    for (size_t i = 0; i < COUNT(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

static struct event *event_of(const char *id, const char *conversation, const char *text)
{
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_SLACK, 1);
    ev->member_id = kenji;
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup(conversation);
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    return ev;
}

static void say(const char *id, const char *conversation, const char *text)
{
    engine_take(engine, event_of(id, conversation, text));
}

/* The clock's work, as long as there is some. Returns when to look again. */
static int64_t run_clock(void)
{
    int64_t next = engine_tick(engine);
    while (next <= clock_now_ms())
        next = engine_tick(engine);
    return next;
}

/* What went out arrives, as long as there is something. */
static void arrive(void)
{
    for (int i = 0; i < n_sent || engine_tick(engine) <= clock_now_ms(); i++) {
        if (i >= n_sent)
            continue;
        struct event *ev = event_create(EVENT_SENT, NETWORK_SLACK, 0);
        ev->outbox_id = sent[i]->outbox_id;
        ev->attempt = sent[i]->attempt;
        ev->outcome = SEND_DONE;
        engine_take(engine, ev);
        (void)engine_tick(engine);
    }
}

static int saying(const char *part)
{
    for (int i = 0; i < n_sent; i++)
        if (strstr(sent[i]->json, part))
            return i;
    return -1;
}

static int waiting(void)
{
    struct err e;
    return (int)inbox_count_waiting(engine_db(engine), kenji, &e);
}

static void inbox__message__is_acknowledged_before_it_is_answered(void **state)
{
    (void)state;
    say("e1", "D1", "customer Acme");
    assert_int_equal(acks, 1);
    assert_int_equal(waiting(), 1);
    assert_int_equal(n_sent, 0);
    (void)engine_tick(engine);
    assert_int_equal(waiting(), 0);
    assert_int_equal(saying("Acme"), 0);
    assert_int_equal(acks, 1);
}

static void inbox__crash_before_the_answer__loses_nothing(void **state)
{
    (void)state;
    say("e1", "D1", "customer Acme");
    engine_destroy(engine);
    start();
    say("e1", "D1", "customer Acme"); /* and once more by the network */
    assert_int_equal(acks, 2);
    assert_int_equal(waiting(), 1);
    arrive();
    assert_int_equal(n_sent, 1);
    assert_int_equal(saying("Acme"), 0);
}

static void inbox__acknowledgements_wait__answers_pause(void **state)
{
    (void)state;
    char id[16], text[32];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(id, sizeof id, "e%d", i);
        (void)snprintf(text, sizeof text, "customer Firm%d", i);
        say(id, "D1", text);
    }
    pressed = true;
    assert_true(engine_tick(engine) <= clock_now_ms()); /* there is more, after them */
    assert_int_equal(waiting(), 4);                       /* never none at all */
    assert_true(engine_tick(engine) <= clock_now_ms());
    assert_int_equal(waiting(), 3);
    pressed = false;
    (void)run_clock();
    assert_int_equal(waiting(), 0);
    arrive();
    for (int i = 0; i < 5; i++) {
        (void)snprintf(text, sizeof text, "Firm%d", i);
        assert_int_equal(saying(text), i);
    }
}

/* A conversation that must wait holds up no other. */
static void inbox__flood__waits_for_the_minute_and_says_so_once(void **state)
{
    (void)state;
    char id[16];
    for (int i = 0; i < 70; i++) {
        (void)snprintf(id, sizeof id, "e%d", i);
        say(id, i % 2 ? "D1" : "C1/1", "whoami");
    }
    assert_int_equal(acks, 70);
    int64_t next = run_clock();
    assert_int_equal(waiting(), 10);
    assert_true(next > clock_now_ms() && next <= clock_now_ms() + 1000);
    clock_hold(next);
    (void)run_clock();
    assert_int_equal(waiting(), 9);
    clock_hold(clock_now_ms() + MINUTE_MS);
    (void)run_clock();
    assert_int_equal(waiting(), 0);
    arrive();
    int told = 0;
    for (int i = 0; i < n_sent; i++)
        told += strstr(sent[i]->json, "\"refused\"") != NULL;
    assert_int_equal(told, 1);
    assert_int_equal(n_sent, 71);
}

static void inbox__edit_before_the_answer__is_what_is_answered(void **state)
{
    (void)state;
    say("e1", "D1", "customer Acne");
    clock_hold(START + 1000);
    struct event *ev = event_of("e2", "D1", "customer Acme");
    ev->edits = xstrdup("e1");
    engine_take(engine, ev);
    arrive();
    assert_int_equal(n_sent, 1);
    assert_int_equal(saying("Acme"), 0);
    assert_int_equal(waiting(), 0);
}

static void inbox__edits_at_the_same_time__leave_the_first(void **state)
{
    (void)state;
    const char *texts[] = { "customer Alpha", "customer Beta" };
    for (int i = 0; i < 2; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "e%d", i);
        struct event *ev = event_of(id, "D1", texts[i]);
        ev->edits = xstrdup("m1");
        engine_take(engine, ev);
    }
    arrive();
    assert_int_equal(n_sent, 1);
    assert_int_equal(saying("Alpha"), 0);
}

static void inbox__unsent_before_the_answer__is_forgotten(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e;
    struct inbox row;
    struct event *ev = event_create(EVENT_UNSEND, NETWORK_SLACK, 1);
    struct event *said = event_of("e1", "D1", "customer Acme");
    said->message = xstrdup("m1");
    engine_take(engine, said);
    ev->remote_user = xstrdup("slack:T1/U1");
    ev->edits = xstrdup("m1");
    ev->remote_id = xstrdup("e2");
    ev->conversation = xstrdup("D1");
    ev->received_ms = clock_now_ms();
    assert_true(db_exec(engine_db(engine), "insert into identity (network, remote, member_id, seen_ms) "
                                            "select 'slack', 'slack:T1/U1', id, 1 from member where handle = 'kenji'", &e));
    engine_take(engine, ev);
    arrive();
    assert_int_equal(n_sent, 0);
    assert_true(inbox_load(engine_db(engine), &mem, 1, &row, &e));
    assert_null(row.body);
    arena_finish(&mem);
}

static void inbox__suspended_before_the_answer__is_not_answered(void **state)
{
    (void)state;
    struct err e;
    say("e1", "D1", "customer Acme");
    assert_true(db_exec(engine_db(engine), "update member set state = 'suspended' where handle = 'kenji'", &e));
    (void)engine_tick(engine);
    assert_int_equal(waiting(), 0);
    assert_int_equal(n_sent, 0);
}

int main(void)
{
    struct err e;
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(inbox__message__is_acknowledged_before_it_is_answered),
        WORLD(inbox__crash_before_the_answer__loses_nothing),
        WORLD(inbox__acknowledgements_wait__answers_pause),
        WORLD(inbox__flood__waits_for_the_minute_and_says_so_once),
        WORLD(inbox__edit_before_the_answer__is_what_is_answered),
        WORLD(inbox__edits_at_the_same_time__leave_the_first),
        WORLD(inbox__unsent_before_the_answer__is_forgotten),
        WORLD(inbox__suspended_before_the_answer__is_not_answered),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
