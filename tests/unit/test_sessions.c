/* Web sessions: numbers that never mean another one, and an end that holds at once, in the
 * engine too, whoever ended it. A real store, no socket. */
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
#include "bot/store/sessions.h"

static const int64_t START = INT64_C(1772439600000);
static struct catalogue *words;
static struct engine *engine;
static char path[64];
static int64_t kenji, haruka;
static struct delivery *heard, **heard_end; /* oldest first */

static void keep(void *ctx, struct delivery *d)
{
    (void)ctx;
    d->next = NULL;
    *heard_end = d;
    heard_end = &d->next;
}

static void forget(void)
{
    while (heard) {
        struct delivery *d = heard;
        heard = d->next;
        delivery_destroy(d);
    }
    heard_end = &heard;
}

static const struct delivery *heard_kind(enum delivery_kind kind)
{
    for (const struct delivery *d = heard; d; d = d->next)
        if (d->kind == kind)
            return d;
    return NULL;
}

static int64_t add(const char *handle, int roles, const char *role)
{
    struct err e;
    struct member m = { .handle = handle, .name = handle, .role = role, .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = roles };
    return member_add(engine_db(engine), &m, START, &e);
}

static int open_world(void **state)
{
    struct err e;
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-sessions-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    heard_end = &heard;
    clock_hold(START);
    log_quiet(true);
    const struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo",
        .deliver = keep, .unasked = NETWORK_WEB };
    engine = engine_create(&config, &e);
    kenji = engine ? add("kenji", ROLE_ADMIN | ROLE_REP, "admin") : 0;
    haruka = kenji ? add("haruka", ROLE_REP, "rep") : 0;
    return haruka ? 0 : -1;
}

static int close_world(void **state)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char file[80];
    (void)state;
    forget();
    engine_destroy(engine);
    for (size_t i = 0; i < COUNT(ends); i++) {
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

/* The hash of a new session. */
static void log_in(int64_t member, const char *device, char hash[SHA256_HEX])
{
    char token[SESSION_SECRET], secret[SESSION_SECRET];
    struct err e;
    struct db *db = engine_db(engine);
    assert_true(login_token_add(db, member, clock_now_ms(), token, &e));
    assert_int_equal(login_token_use(db, token, device, clock_now_ms(), secret, &e), member);
    assert_int_equal(login_token_use(db, token, device, clock_now_ms(), secret, &e), 0); /* once */
    /* The second try wrote nothing, so `secret` is the first one's. */
    sha256_hex(secret, strlen(secret), hash);
}

static void say(int64_t member, const char *session, const char *text)
{
    static int n;
    char id[16];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 7);
    (void)snprintf(id, sizeof id, "s-%d", ++n);
    ev->remote_id = strdup(id);
    ev->member_id = member;
    ev->session = session ? strdup(session) : NULL;
    ev->conversation = strdup("web");
    ev->text = strdup(text);
    ev->received_ms = clock_now_ms();
    forget();
    engine_take(engine, ev);
}

static int64_t stored(void)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    struct message rows[50];
    int n = message_list(engine_db(engine), &mem, kenji, "web", 0, INT64_MAX, rows, 50, &e);
    arena_finish(&mem);
    return n;
}

static int64_t count(int64_t member)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    int n;
    (void)session_list(engine_db(engine), &mem, member, clock_now_ms(), &n, &e);
    arena_finish(&mem);
    return n;
}

static void session__is__good_until_it_ends(void **state)
{
    (void)state;
    char hash[SHA256_HEX], other[SHA256_HEX];
    struct err e;
    struct db *db = engine_db(engine);
    log_in(kenji, "Chrome/Windows", hash);
    log_in(kenji, "", other);
    assert_int_equal(session_use(db, hash, START, &e), kenji);
    assert_int_equal(session_use(db, "0000", START, &e), 0);
    assert_int_equal(session_use(db, hash, START + 90 * DAY_MS - 1, &e), kenji);
    assert_int_equal(session_use(db, hash, START + 90 * DAY_MS, &e), 0);
    assert_false(session_end(db, haruka, 1, START, &e)); /* hers has that number, his has not */
    assert_int_equal(e.code, ERR_NONE);
    assert_true(session_end(db, kenji, 1, START, &e));
    assert_false(session_end(db, kenji, 1, START, &e));
    assert_int_equal(session_use(db, hash, START, &e), 0);
    assert_int_equal(session_use(db, other, START, &e), kenji);
    assert_true(member_suspend(db, kenji, true, &e));
    assert_int_equal(session_use(db, other, START, &e), 0);
    assert_true(member_suspend(db, kenji, false, &e));
    assert_int_equal(session_use(db, other, START, &e), 0); /* for good */
}

static void session__number__never_means_another_one(void **state)
{
    (void)state;
    char hash[SHA256_HEX];
    struct err e;
    struct arena mem = ARENA_INIT;
    int n;
    log_in(kenji, "Chrome/Windows", hash);
    log_in(kenji, "Safari/iPhone", hash);
    assert_true(session_end(engine_db(engine), kenji, 2, START, &e));
    log_in(kenji, "Edge/Windows", hash);
    log_in(haruka, "Firefox/macOS", hash);
    const struct session *all = session_list(engine_db(engine), &mem, kenji, START, &n, &e);
    assert_int_equal(n, 2);
    assert_int_equal(all[0].no, 1);
    assert_int_equal(all[1].no, 3);
    assert_string_equal(all[1].device, "Edge/Windows");
    arena_finish(&mem);
}

static void session__use__is_kept_to_the_minute(void **state)
{
    (void)state;
    char hash[SHA256_HEX];
    struct err e;
    struct db *db = engine_db(engine);
    struct arena mem = ARENA_INIT;
    int n;
    log_in(kenji, "", hash);
    (void)session_use(db, hash, START + MINUTE_MS - 1, &e);
    assert_int_equal(session_list(db, &mem, kenji, START, &n, &e)[0].seen_ms, START);
    (void)session_use(db, hash, START + MINUTE_MS, &e);
    assert_int_equal(session_list(db, &mem, kenji, START, &n, &e)[0].seen_ms, START + MINUTE_MS);
    arena_finish(&mem);
}

static void engine__refuses__what_comes_in_an_ended_session(void **state)
{
    (void)state;
    char hash[SHA256_HEX];
    struct err e;
    log_in(kenji, "Chrome/Windows", hash);
    say(kenji, hash, "whoami");
    assert_non_null(heard_kind(DELIVERY_ACK));
    int64_t before = stored();
    /* Another program ended it: nobody told the web. */
    assert_true(session_end(engine_db(engine), kenji, 1, START, &e));
    say(kenji, hash, "partner Denko agency JP");
    const struct delivery *d = heard_kind(DELIVERY_REFUSED);
    assert_non_null(d);
    assert_string_equal(d->code, "web.refused.session_ended");
    assert_null(heard_kind(DELIVERY_ACK));
    assert_null(heard_kind(DELIVERY_MESSAGE));
    assert_int_equal(stored(), before);
    /* Nor is it anybody else's. */
    char hers[SHA256_HEX];
    log_in(haruka, "", hers);
    say(kenji, hers, "whoami");
    assert_non_null(heard_kind(DELIVERY_REFUSED));
    /* Nor does it see what was said. */
    struct event *ev = event_create(EVENT_HISTORY, NETWORK_WEB, 7);
    ev->member_id = kenji;
    ev->session = strdup(hash);
    ev->conversation = strdup("web");
    forget();
    engine_take(engine, ev);
    assert_null(heard);
}

static void engine__tells__which_sockets_are_to_be_closed(void **state)
{
    (void)state;
    char one[SHA256_HEX], two[SHA256_HEX], three[SHA256_HEX], hers[SHA256_HEX];
    log_in(kenji, "Chrome/Windows", one);
    log_in(kenji, "Safari/iPhone", two);
    log_in(kenji, "", three);
    log_in(haruka, "", hers);
    say(kenji, one, "sessions end 2");
    const struct delivery *d = heard_kind(DELIVERY_ENDED);
    assert_non_null(d);
    assert_int_equal(d->network, NETWORK_WEB);
    assert_int_equal(d->member_id, kenji);
    assert_non_null(strstr(d->text, one));
    assert_null(strstr(d->text, two));
    assert_non_null(strstr(d->text, three));
    say(kenji, one, "sessions end 9");
    assert_null(heard_kind(DELIVERY_ENDED));
    say(kenji, one, "sessions end all");
    d = heard_kind(DELIVERY_ENDED);
    assert_non_null(d);
    assert_string_equal(d->text, one); /* that in which it was typed stays */
    assert_int_equal(count(kenji), 1);
    assert_int_equal(count(haruka), 1);
    say(kenji, NULL, "sessions end all"); /* typed elsewhere: none stays */
    assert_string_equal(heard_kind(DELIVERY_ENDED)->text, "");
    say(kenji, NULL, "suspend member haruka");
    d = heard_kind(DELIVERY_ENDED);
    assert_non_null(d);
    assert_int_equal(d->member_id, haruka);
    assert_string_equal(d->text, "");
}

int main(void)
{
    struct err e;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    if (!words)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(session__is__good_until_it_ends, open_world, close_world),
        cmocka_unit_test_setup_teardown(session__number__never_means_another_one, open_world, close_world),
        cmocka_unit_test_setup_teardown(session__use__is_kept_to_the_minute, open_world, close_world),
        cmocka_unit_test_setup_teardown(engine__refuses__what_comes_in_an_ended_session, open_world, close_world),
        cmocka_unit_test_setup_teardown(engine__tells__which_sockets_are_to_be_closed, open_world, close_world),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
