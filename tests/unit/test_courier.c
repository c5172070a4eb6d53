/* The way of a message to a network that is reached by REST calls: the engine here, the
 * courier in its thread, a server that answers by script, and a clock that stands still. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/fakes/script.h"
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/core/courier.h"
#include "bot/core/engine_private.h"
#include "bot/store/inbox.h"
#include "bot/store/members.h"
#include "bot/store/outbox.h"
#include "bot/transport/courier.h"

enum { CREATED = 1000000, PATIENCE_MS = 20000, SHORT_MS = 200 };
static const int64_t START = INT64_C(1772439600000);

/* The schedule. */

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

/* The world: one member, one fake Slack. */

static struct catalogue *words;
static char path[64];
static struct script *script;
static struct engine *engine;
static struct courier *courier;
static pthread_t thread;
static struct queue outcomes;
static struct delivery *kept; /* what a courier that dies has in hand */
static bool dies, hasty;
static int64_t now, member;
static int delivered; /* messages that went past the courier */

static bool encode(void *ctx, const struct delivery *d, struct http_request *out, struct err *e)
{
    (void)ctx;
    if (strstr(d->json, "unspeakable"))
        return fail(e, ERR_USAGE, NULL, NULL, "not in this network's words");
    out->url = arena_printf(&out->mem, "%s/post", script_url(script));
    out->headers[0] = "Content-Type: application/json";
    out->headers[1] = arena_printf(&out->mem, "Retry-Key: %s", d->retry_key);
    out->headers[2] = arena_printf(&out->mem, "Conversation: %s", d->conversation);
    out->body = arena_strdup(&out->mem, d->json);
    out->body_size = strlen(d->json);
    out->timeout_ms = hasty ? SHORT_MS : 0;
    out->once = true;
    return true;
}

static const struct courier_network fake = { .network = NETWORK_SLACK, .encode = encode };
static const struct courier_network *const networks[] = { &fake, NULL };

static void on_outcome(void *ctx, struct event *ev)
{
    (void)ctx;
    (void)queue_push(&outcomes, ev);
}

static void *run(void *ctx)
{
    courier_run(ctx);
    return NULL;
}

static void start_courier(void)
{
    struct err e;
    struct courier_config config = { .networks = networks, .post = on_outcome };
    courier = courier_create(&config, &e);
    assert_non_null(courier);
    assert_int_equal(pthread_create(&thread, NULL, run, courier), 0);
}

static void stop_courier(void)
{
    courier_stop(courier);
    (void)pthread_join(thread, NULL);
    courier_destroy(courier);
}

static void to_courier(void *ctx, struct delivery *d)
{
    (void)ctx;
    if (!dies) {
        courier_send(courier, d);
        return;
    }
    d->next = kept;
    kept = d;
}

static void deliver(void *ctx, struct delivery *d)
{
    (void)ctx;
    delivered += d->kind == DELIVERY_MESSAGE;
    delivery_destroy(d);
}

static void start_engine(void)
{
    struct err e;
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo",
        .deliver = deliver, .to_courier = to_courier, .couriered = 1U << NETWORK_SLACK,
        .unasked = NETWORK_WEB };
    engine = engine_create(&config, &e);
    assert_non_null(engine);
}

static void advance(int64_t to_ms)
{
    now = to_ms;
    clock_hold(now);
}

static int open_world(void **state)
{
    (void)state;
    struct err e;
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-courier-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    dies = hasty = false;
    delivered = 0;
    advance(START);
    queue_init(&outcomes);
    script = script_start();
    start_engine();
    member = member_add(engine_db(engine), &m, now, &e);
    start_courier();
    return member ? 0 : -1;
}

static void forget_kept(void)
{
    while (kept) {
        struct delivery *d = kept;
        kept = d->next;
        delivery_destroy(d);
    }
}

static int close_world(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    stop_courier();
    for (struct event *ev = queue_take(&outcomes); ev;) {
        struct event *next = ev->next;
        event_destroy(ev);
        ev = next;
    }
    queue_finish(&outcomes);
    engine_destroy(engine);
    script_stop(script);
    forget_kept();
    for (size_t i = 0; i < COUNT(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

static void say_as(const char *id, const char *conversation, const char *text)
{
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_SLACK, 1);
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup(conversation);
    ev->text = xstrdup(text);
    ev->member_id = member;
    ev->received_ms = now;
    engine_take(engine, ev);
}

static void say(const char *text)
{
    static int n;
    char id[16];
    (void)snprintf(id, sizeof id, "e%d", ++n);
    say_as(id, "D1", text);
}

/* Waits for what became of `n` messages and lets the engine know. */
static void hear(int n)
{
    while (n > 0) {
        struct event *list = queue_wait(&outcomes, PATIENCE_MS);
        assert_non_null(list);
        for (struct event *ev = list; ev; ev = ev->next)
            n--;
        engine_take(engine, list);
        (void)engine_settle_now(engine);
    }
    assert_int_equal(n, 0);
}

static int64_t first_id(void)
{
    struct err e;
    struct outbox o;
    int64_t id = 1;
    while (id < 20 && !outbox_find(engine_db(engine), id, &o, &e))
        id++;
    return id;
}

static bool waits(int64_t id)
{
    struct err e;
    struct outbox o;
    return outbox_find(engine_db(engine), id, &o, &e);
}

static bool has_body(int64_t message)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    struct message m;
    assert_true(message_find(engine_db(engine), &mem, message, &m, &e));
    bool has = m.body != NULL;
    arena_finish(&mem);
    return has;
}

static int64_t message_of(int64_t id)
{
    struct err e;
    struct outbox o;
    assert_true(outbox_find(engine_db(engine), id, &o, &e));
    return o.message_id;
}

static bool same_key(int i, int j)
{
    char key[64];
    (void)snprintf(key, sizeof key, "%s", script_header(script, i, "Retry-Key"));
    assert_int_equal(strlen(key), 36);
    assert_int_equal(key[14], '7');
    return !strcmp(key, script_header(script, j, "Retry-Key"));
}

/* The way. */

static void courier__message__is_delivered_once_and_forgotten(void **state)
{
    (void)state;
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id(), message = message_of(id);
    assert_true(has_body(message));
    hear(1);
    assert_non_null(strstr(script_body(script, 0), "Acme"));
    assert_string_equal(script_header(script, 0, "Conversation"), "D1");
    assert_false(waits(id));
    assert_false(has_body(message));
    advance(now + DAY_MS);
    assert_true(engine_tick(engine) == INT64_MAX);
    assert_int_equal(script_count(script), 1);
    assert_int_equal(delivered, 0);
}

/* The network repeats an event whose answer it has: nothing is said twice. */
static void courier__repeated_event__is_not_answered_again(void **state)
{
    (void)state;
    say_as("same", "D1", "customer Acme");
    (void)engine_tick(engine);
    hear(1);
    say_as("same", "D1", "customer Acme");
    assert_true(engine_tick(engine) == INT64_MAX);
    assert_int_equal(delivered, 0);
    assert_int_equal(script_count(script), 1);
}

static void courier__failures__are_retried_by_schedule(void **state)
{
    (void)state;
    static const int64_t pauses[] = { 1000, 5000, 30000 };
    for (size_t i = 0; i < COUNT(pauses); i++)
        script_add(script, (struct script_step){ .status = 500 });
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id();
    for (size_t i = 0; i < COUNT(pauses); i++) {
        hear(1);
        int64_t due = engine_tick(engine);
        assert_int_equal(due, now + pauses[i]);
        advance(due - 1);
        assert_int_equal(engine_tick(engine), due); /* not a moment earlier */
        advance(due);
        (void)engine_tick(engine);
    }
    hear(1);
    assert_false(waits(id));
    assert_int_equal(script_count(script), 4);
    for (int i = 1; i < 4; i++)
        assert_true(same_key(0, i));
}

static void courier__retry_after__is_respected(void **state)
{
    (void)state;
    script_add(script, (struct script_step){ .status = 429, .headers = "Retry-After: 90\r\n" });
    say("customer Acme");
    (void)engine_tick(engine);
    hear(1);
    assert_int_equal(engine_tick(engine), now + 90000);
    advance(now + 90000);
    (void)engine_tick(engine);
    hear(1);
    assert_int_equal(script_count(script), 2);
    assert_true(engine_tick(engine) == INT64_MAX);
}

/* Sent, but did it arrive? The same key lets the network tell. */
static void courier__no_answer__is_retried_with_the_same_key(void **state)
{
    (void)state;
    hasty = true;
    script_add(script, (struct script_step){ .act = SCRIPT_CLOSE });
    script_add(script, (struct script_step){ .act = SCRIPT_HANG });
    script_add(script, (struct script_step){ .act = SCRIPT_CUT });
    say("customer Acme");
    (void)engine_tick(engine);
    for (int i = 0; i < 3; i++) {
        hear(1);
        advance(engine_tick(engine));
        (void)engine_tick(engine);
    }
    hear(1);
    assert_int_equal(script_count(script), 4);
    for (int i = 1; i < 4; i++)
        assert_true(same_key(0, i));
    say("customer Beta");
    (void)engine_tick(engine);
    hear(1);
    assert_false(same_key(0, 4));
}

static void courier__refusal__is_final(void **state)
{
    (void)state;
    script_add(script, (struct script_step){ .status = 400 });
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id(), message = message_of(id);
    hear(1);
    assert_false(waits(id));
    assert_true(has_body(message)); /* the row is kept, for who looks why */
    say("customer unspeakable");
    (void)engine_tick(engine);
    hear(1);
    assert_true(engine_tick(engine) == INT64_MAX);
    assert_int_equal(script_count(script), 1);
}

static void courier__a_day_of_failures__ends_it(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++)
        script_add(script, (struct script_step){ .status = 503 });
    say("customer Acme");
    int64_t due = engine_tick(engine);
    int64_t id = first_id(), message = message_of(id);
    for (int i = 0; due != INT64_MAX; i++) {
        assert_in_range(i, 0, 40);
        hear(1);
        due = engine_tick(engine);
        if (due == INT64_MAX)
            break;
        advance(due);
        due = engine_tick(engine);
    }
    assert_int_equal(script_count(script), 29);
    assert_true(now <= START + DAY_MS && now > START + DAY_MS - HOUR_MS);
    assert_false(waits(id));
    assert_true(has_body(message));
}

/* Within a conversation in order; another one does not wait. */
static void courier__conversation__stays_in_order(void **state)
{
    (void)state;
    script_add(script, (struct script_step){ .status = 500 });
    say_as("a", "D1", "customer First");
    (void)engine_tick(engine);
    hear(1);
    say_as("b", "D1", "customer Second");
    say_as("c", "D2", "customer Other");
    (void)engine_tick(engine);
    hear(1);
    assert_non_null(strstr(script_body(script, 1), "Other"));
    advance(engine_tick(engine));
    (void)engine_tick(engine);
    hear(1);
    assert_non_null(strstr(script_body(script, 2), "First"));
    (void)engine_tick(engine);
    hear(1);
    assert_non_null(strstr(script_body(script, 3), "Second"));
    assert_int_equal(script_count(script), 4);
}

/* Ends. */

static void die_and_start(void)
{
    engine_destroy(engine);
    forget_kept();
    dies = false;
    start_engine();
}

static void courier__crash_before_sending__loses_nothing(void **state)
{
    (void)state;
    dies = true;
    say("customer Acme");
    (void)engine_tick(engine);
    assert_non_null(kept);
    int64_t id = first_id();
    die_and_start();
    assert_int_equal(script_count(script), 0);
    (void)engine_tick(engine); /* at once: nobody waits for the lease of the dead */
    hear(1);
    assert_int_equal(script_count(script), 1);
    assert_false(waits(id));
    assert_true(engine_tick(engine) == INT64_MAX);
}

/* Only what the dead had in hand: what waits because the network asked, waits on. */
static void courier__crash__hurries_no_other(void **state)
{
    (void)state;
    struct err e;
    struct outbox o;
    script_add(script, (struct script_step){ .status = 429, .headers = "Retry-After: 600\r\n" });
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id();
    hear(1);
    die_and_start();
    assert_int_equal(engine_tick(engine), now + 10 * MINUTE_MS);
    assert_true(outbox_find(engine_db(engine), id, &o, &e));
    assert_int_equal(o.attempts, 1);
    advance(now + 10 * MINUTE_MS);
    dies = true;
    (void)engine_tick(engine);
    die_and_start(); /* counted: a network that can't tell repeats must look first */
    dies = true;
    (void)engine_tick(engine);
    assert_non_null(kept);
    assert_int_equal(kept->attempt, 3);
    forget_kept();
}

static void courier__crash_after_sending__doubles_nothing(void **state)
{
    (void)state;
    say("customer Acme");
    (void)engine_tick(engine);
    struct event *lost = queue_wait(&outcomes, PATIENCE_MS);
    assert_non_null(lost);
    assert_int_equal(lost->outcome, SEND_DONE);
    event_destroy(lost);
    die_and_start();
    (void)engine_tick(engine);
    hear(1);
    assert_int_equal(script_count(script), 2);
    assert_true(same_key(0, 1)); /* over the restart: the network drops the second */
    assert_true(engine_tick(engine) == INT64_MAX);

    /* After a day it might not: then rather not again. */
    dies = true;
    say("customer Beta");
    (void)engine_tick(engine);
    die_and_start();
    advance(now + DAY_MS + 1);
    assert_true(engine_tick(engine) == INT64_MAX);
    assert_int_equal(script_count(script), 2);
}

/* An orderly stop: what was not tried is due at once and has lost no attempt. */
static void courier__stop__returns_what_it_did_not_send(void **state)
{
    (void)state;
    struct err e;
    struct outbox o;
    courier_drain(courier, 0);
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id();
    hear(1);
    assert_true(outbox_find(engine_db(engine), id, &o, &e));
    assert_int_equal(o.attempts, 0);
    stop_courier();
    start_courier();
    (void)engine_tick(engine);
    hear(1);
    assert_false(waits(id));
    assert_int_equal(script_count(script), 1);
}

static void courier__stop__ends_what_hangs(void **state)
{
    (void)state;
    script_add(script, (struct script_step){ .act = SCRIPT_HANG });
    say("customer Acme");
    (void)engine_tick(engine);
    assert_true(script_wait(script, 1));
    courier_drain(courier, 20);
    hear(1);
    assert_int_equal(engine_tick(engine), now + 1000);
}

/* The outcome can't be stored for a while: it is kept, not sent again. */
static void courier__store_fails__outcome_waits(void **state)
{
    (void)state;
    struct err e;
    say("customer Acme");
    (void)engine_tick(engine);
    int64_t id = first_id();
    assert_true(db_exec(engine_db(engine), "pragma query_only=on", &e));
    hear(1);
    advance(now + HOUR_MS);
    assert_int_equal(engine_tick(engine), now + 5000);
    assert_true(waits(id));
    assert_true(db_exec(engine_db(engine), "pragma query_only=off", &e));
    assert_true(engine_tick(engine) == INT64_MAX);
    assert_false(waits(id));
    assert_int_equal(script_count(script), 1);
}

static int open_words(void **state)
{
    (void)state;
    struct err e;
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    return words ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    catalogue_close(words);
    return 0;
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(courier__next_attempt__follows_the_table),
        cmocka_unit_test(courier__next_attempt__gives_up_after_a_day),
        cmocka_unit_test(courier__next_attempt__waits_as_long_as_asked),
        IN_WORLD(courier__message__is_delivered_once_and_forgotten),
        IN_WORLD(courier__repeated_event__is_not_answered_again),
        IN_WORLD(courier__failures__are_retried_by_schedule),
        IN_WORLD(courier__retry_after__is_respected),
        IN_WORLD(courier__no_answer__is_retried_with_the_same_key),
        IN_WORLD(courier__refusal__is_final),
        IN_WORLD(courier__a_day_of_failures__ends_it),
        IN_WORLD(courier__conversation__stays_in_order),
        IN_WORLD(courier__crash_before_sending__loses_nothing),
        IN_WORLD(courier__crash__hurries_no_other),
        IN_WORLD(courier__crash_after_sending__doubles_nothing),
        IN_WORLD(courier__stop__returns_what_it_did_not_send),
        IN_WORLD(courier__stop__ends_what_hangs),
        IN_WORLD(courier__store_fails__outcome_waits),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
