/* The store takes no writes: questions are answered without a trace, everything else is
 * refused in the member's language, nothing is acknowledged; and when there is room again all
 * goes on by itself, each message once. A real store behind a shim that lets writes fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "tests/vfs.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/inbox.h"
#include "bot/store/members.h"

enum { FOR_EVER = 1 << 30, HEARD = 64 };
static const int64_t START = INT64_C(1772439600000);
static struct catalogue *words;
static struct engine *engine;
static char path[64];
static int64_t kenji, haruka;
static int n_heard;
static struct delivery *heard[HEARD];

static void on_delivery(void *ctx, struct delivery *d)
{
    (void)ctx;
    assert_true(n_heard < HEARD);
    heard[n_heard++] = d;
}

static void clear(void)
{
    while (n_heard)
        delivery_destroy(heard[--n_heard]);
}

static int open_world(void **state)
{
    (void)state;
    struct err e;
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo",
        .deliver = on_delivery, .to_courier = on_delivery, .couriered = 1U << NETWORK_SLACK,
        .unasked = NETWORK_WEB };
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-unstored-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    clock_hold(START);
    engine = engine_create(&config, &e);
    assert_non_null(engine);
    kenji = member_add(engine_db(engine), &m, START, &e);
    m.handle = "haruka";
    m.locale = "ja";
    haruka = member_add(engine_db(engine), &m, START, &e);
    return haruka && engine_names_changed(engine, &e) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    vfs_fail(VFS_FULL, 0, 0);
    engine_destroy(engine);
    clear();
    for (size_t i = 0; i < COUNT(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

static void say(enum network network, int64_t member, const char *id, const char *text)
{
    struct event *ev = event_create(EVENT_MESSAGE, network, 1);
    ev->member_id = member;
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup(network == NETWORK_WEB ? "web" : "D1");
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    engine_take(engine, ev);
}

static void run_clock(void)
{
    for (int i = 0; i < 20 && engine_tick(engine) <= clock_now_ms(); i++)
        ;
}

static const struct delivery *find(enum delivery_kind kind)
{
    for (int i = 0; i < n_heard; i++)
        if (heard[i]->kind == kind)
            return heard[i];
    return NULL;
}

static bool stored(enum network network, int64_t member, const char *id)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    struct inbox in;
    bool found = inbox_find(engine_db(engine), &mem, network_name(network), member, id, &in, &e);
    arena_finish(&mem);
    return found;
}

static void web__told__is_refused_and_taken_when_there_is_room(void **state)
{
    (void)state;
    vfs_fail(VFS_FULL, 1, FOR_EVER);
    say(NETWORK_WEB, kenji, "e1", "customer Acme");
    const struct delivery *d = find(DELIVERY_REFUSED);
    assert_non_null(d);
    assert_string_equal(d->code, "store.full");
    assert_int_equal(n_heard, 1);
    assert_false(stored(NETWORK_WEB, kenji, "e1"));
    clear();
    vfs_fail(VFS_FULL, 0, 0);
    say(NETWORK_WEB, kenji, "e1", "customer Acme");
    assert_non_null(find(DELIVERY_ACK));
    assert_non_null(strstr(find(DELIVERY_MESSAGE)->json, "A1"));
}

static void web__asked__is_answered_without_a_trace(void **state)
{
    (void)state;
    say(NETWORK_WEB, kenji, "e1", "customer Acme");
    clear();
    static const char *const questions[] = { "show A1", "list customers", "today", "whoami", "help", "kpi" };
    for (size_t i = 0; i < COUNT(questions); i++) {
        vfs_fail(i % 2 ? VFS_BROKEN : VFS_FULL, 1, FOR_EVER);
        say(NETWORK_WEB, kenji, "e2", questions[i]);
        const struct delivery *d = find(DELIVERY_MESSAGE);
        assert_non_null(d);
        assert_int_equal(d->message_id, 0);
        assert_string_equal(d->remote_id, "e2");
        assert_non_null(strstr(d->json, "Not kept"));
        assert_int_equal(n_heard, 1); /* no acknowledgement, no refusal */
        assert_false(stored(NETWORK_WEB, kenji, "e2"));
        clear();
    }
    vfs_fail(VFS_FULL, 0, 0);
    say(NETWORK_WEB, kenji, "e2", "show A1");
    assert_non_null(find(DELIVERY_ACK));
    assert_null(strstr(find(DELIVERY_MESSAGE)->json, "Not kept"));
}

/* Nothing that a refused line did may stay in memory: names that were made with it. */
static void web__told__leaves_no_name_behind(void **state)
{
    (void)state;
    vfs_fail(VFS_FULL, 1, FOR_EVER);
    say(NETWORK_WEB, kenji, "e1", "customer Acme");
    clear();
    say(NETWORK_WEB, kenji, "e2", "show Acme");
    const struct delivery *d = find(DELIVERY_MESSAGE);
    assert_true(!d || !strstr(d->json, "A1"));
}

static void network__told__hears_it_once_in_their_language(void **state)
{
    (void)state;
    vfs_fail(VFS_FULL, 1, FOR_EVER);
    say(NETWORK_SLACK, haruka, "e1", "顧客 Acme");
    const struct delivery *d = find(DELIVERY_STRANGER);
    assert_non_null(d);
    assert_non_null(strstr(d->text, "保存ができません"));
    assert_non_null(find(DELIVERY_REFUSED)); /* so that the network is not told 200 */
    assert_null(find(DELIVERY_ACK));
    clear();
    say(NETWORK_SLACK, haruka, "e1", "顧客 Acme"); /* brought again */
    assert_null(find(DELIVERY_STRANGER));
    assert_non_null(find(DELIVERY_REFUSED));
    clear();
    clock_hold(START + 11 * MINUTE_MS);
    say(NETWORK_SLACK, haruka, "e1", "顧客 Acme");
    assert_non_null(find(DELIVERY_STRANGER));
    clear();
    vfs_fail(VFS_FULL, 0, 0);
    say(NETWORK_SLACK, haruka, "e1", "顧客 Acme");
    assert_non_null(find(DELIVERY_ACK));
    run_clock();
    assert_non_null(strstr(find(DELIVERY_SEND)->json, "A1"));
}

static void network__asked__is_answered_once(void **state)
{
    (void)state;
    vfs_fail(VFS_BROKEN, 1, FOR_EVER);
    say(NETWORK_SLACK, kenji, "e1", "whoami");
    const struct delivery *d = find(DELIVERY_SEND);
    assert_non_null(d);
    assert_non_null(d->retry_key);
    assert_int_equal(strlen(d->retry_key), 36);
    assert_int_equal(d->outbox_id, 0);
    assert_non_null(strstr(d->json, "Kenji"));
    assert_non_null(find(DELIVERY_REFUSED));
    assert_null(find(DELIVERY_ACK));
    clear();
    struct event *ev = event_create(EVENT_SENT, NETWORK_SLACK, 0);
    ev->outcome = SEND_DONE;
    ev->attempt = 1;
    engine_take(engine, ev);
    say(NETWORK_SLACK, kenji, "e1", "whoami");
    assert_null(find(DELIVERY_SEND));
    clear();
    vfs_fail(VFS_FULL, 0, 0);
    for (int i = 0; i < 2; i++) {
        say(NETWORK_SLACK, kenji, "e1", "whoami");
        assert_non_null(find(DELIVERY_ACK));
        run_clock();
        assert_null(find(DELIVERY_SEND)); /* it had its answer */
        clear();
    }
    struct err e;
    assert_int_equal(inbox_count_waiting(engine_db(engine), kenji, &e), 0);
}

/* Reminders wait as long as the disk is full, and come when there is room. */
static void clock__full__reminds_later(void **state)
{
    (void)state;
    say(NETWORK_WEB, kenji, "e1", "customer Acme");
    say(NETWORK_WEB, kenji, "e2", "follow Acme in 30 minutes");
    clear();
    clock_hold(START + 31 * MINUTE_MS);
    vfs_fail(VFS_FULL, 1, FOR_EVER);
    assert_true(engine_tick(engine) > clock_now_ms()); /* not at once, again and again */
    assert_int_equal(n_heard, 0);
    vfs_fail(VFS_FULL, 0, 0);
    clock_hold(START + 32 * MINUTE_MS);
    run_clock();
    assert_int_equal(n_heard, 1);
    assert_non_null(strstr(heard[0]->json, "Acme"));
}

int main(void)
{
    struct err e;
    log_quiet(true);
    vfs_install();
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(web__told__is_refused_and_taken_when_there_is_room),
        WORLD(web__asked__is_answered_without_a_trace),
        WORLD(web__told__leaves_no_name_behind),
        WORLD(network__told__hears_it_once_in_their_language),
        WORLD(network__asked__is_answered_once),
        WORLD(clock__full__reminds_later),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
