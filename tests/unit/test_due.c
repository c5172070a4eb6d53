/* What time does to what is due: the zones' rules change, the program was down, the system's
 * clock jumps. A real store, the engine as it is, a member in Sydney who has a follow-up, a
 * meeting, lists of the morning and a weekly digest. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/members.h"
#include "bot/text/zone.h"

static const char *const zone = "Australia/Sydney";
static struct catalogue *words;
static struct engine *engine;
static char path[64], seen[4096]; /* "10:00 remind.follow F1, late;" of whatever came */
static int64_t abe;
static int said;

static void on_delivery(void *ctx, struct delivery *d)
{
    (void)ctx;
    if (d->kind == DELIVERY_MESSAGE) {
        struct err e;
        AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
        const char *id = json_text(json_array_get(json_at(reply, "records"), 0), "id");
        struct civil at = civil_of(clock_now_ms(), zone);
        size_t n = strlen(seen);
        if (d->remote_id && strcmp(json_text(reply, "status"), "ok") != 0)
            fail_msg("%s", json_text(reply, "text"));
        if (!d->remote_id)
            (void)snprintf(seen + n, sizeof seen - n, "%02d:%02d %s%s%s%s; ", at.hour, at.minute, json_text(reply, "code"),
                id ? " " : "", id ? id : "", strstr(d->json, " late") ? " late" : "");
    }
    delivery_destroy(d);
}

static void start(void)
{
    struct err e;
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo", .deliver = on_delivery,
        .digests = true, .unasked = NETWORK_WEB };
    engine = engine_create(&config, &e);
    assert_non_null(engine);
}

static void restart(void)
{
    engine_destroy(engine);
    start();
}

static void at(const char *wall)
{
    int64_t ms;
    assert_true(zone_parse_iso(wall, zone, &ms));
    clock_hold(ms);
}

static void run(void)
{
    for (int i = 0; i < 500 && engine_tick(engine) <= clock_now_ms(); i++)
        ;
}

/* Minute by minute, as a held clock goes; `to` is a wall time. */
static void run_until(const char *to)
{
    int64_t end;
    assert_true(zone_parse_iso(to, zone, &end));
    for (; clock_now_ms() <= end; clock_hold(clock_now_ms() + MINUTE_MS))
        run();
    clock_hold(end);
}

static void say(const char *text)
{
    char id[16];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    (void)snprintf(id, sizeof id, "e%d", ++said);
    ev->member_id = abe;
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup("web");
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    engine_take(engine, ev);
}

static int64_t ask(const char *sql)
{
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_prepare_v2(db_handle(engine_db(engine)), sql, -1, &q, NULL), SQLITE_OK);
    int64_t n = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return n;
}

static void change(const char *sql)
{
    assert_int_equal(sqlite3_exec(db_handle(engine_db(engine)), sql, NULL, NULL, NULL), SQLITE_OK);
}

static void expect(const char *what)
{
    assert_string_equal(seen, what);
    *seen = '\0';
}

static int open_world(void **state)
{
    (void)state;
    struct err e;
    struct member m = { .handle = "abe", .name = "Abe", .role = "manager", .market = "AU", .zone = zone, .locale = "en",
        .roles = ROLE_MANAGER | ROLE_REP };
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-due-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    said = 0;
    *seen = '\0';
    at("2026-03-03T09:00"); /* a Tuesday */
    start();
    abe = member_add(engine_db(engine), &m, clock_now_ms(), &e);
    if (!abe || !engine_names_changed(engine, &e))
        return -1;
    say("partner Denko agency AU");
    say("champion Tanaka Denko 課長");
    say("customer Acme AU");
    run();
    *seen = '\0';
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    engine_destroy(engine);
    for (size_t i = 0; i < COUNT(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

/* The store as rules left it by which this zone was an hour behind: everything later. */
static void make_old_rules(void)
{
    change("update meta set value = '1999z' where key = 'zone_rules'; update follow set due_ms = due_ms + 3600000;"
           "update touch_point set at_ms = at_ms + 3600000 where state = 'planned';"
           "update digest set due_ms = due_ms + 3600000; update morning set due_ms = due_ms + 3600000");
}

static void rules__changed__wall_times_stay(void **state)
{
    (void)state;
    say("follow Tanaka tomorrow 10:00");
    say("plan Acme tomorrow 14:00");
    make_old_rules();
    at("2026-03-03T09:01");
    run(); /* the rules are looked at when a program starts */
    assert_int_equal(ask("select count(*) from touch_point where at_ms % 86400000 = 14400000"), 1);
    restart();
    run_until("2026-03-04T16:00");
    expect("10:00 remind.follow F1; 13:55 plan.join M1; 15:00 plan.after M1; ");
    assert_int_equal(ask("select count(*) from touch_point where at_ms % 86400000 = 10800000"), 1); /* 14:00 there */
    assert_int_equal(ask("select count(*) from inbox where remote_id like 'morning:%T08:30'"), 1);
    run_until("2026-03-10T09:00"); /* Monday is a holiday of no state that was chosen */
    assert_int_equal(ask("select count(*) from inbox where remote_id = 'digest:2026-03-09T08:30'"), 1);
    assert_int_equal(ask("select received_ms / 60000 from inbox where remote_id = 'digest:2026-03-09T08:30'") % 1440, 1290);
}

static void rules__changed__the_second_of_a_repeated_hour_stays(void **state)
{
    (void)state;
    at("2026-04-05T01:59");
    clock_hold(clock_now_ms() + 62 * MINUTE_MS); /* 02:01 for the second time */
    clock_hold(clock_now_ms() - 30 * MINUTE_MS); /* 02:31 for the first */
    say("follow Tanaka in 60 minutes");
    int64_t due = clock_now_ms() + HOUR_MS;
    assert_int_equal(ask("select due_ms from follow where id = 1"), due);
    change("update meta set value = '1999z' where key = 'zone_rules'");
    restart();
    run();
    assert_int_equal(ask("select due_ms from follow where id = 1"), due);
    change("update meta set value = '1999z' where key = 'zone_rules'; update follow set due_ms = due_ms + 5400000");
    restart();
    run();
    assert_int_equal(ask("select due_ms from follow where id = 1"), due - HOUR_MS); /* what can't be told is the first */
}

/* 3000 more like the follow-up. */
static void multiply(void)
{
    change("insert into follow (member_id, kind, due_local, zone, due_ms, created_ms) with recursive i (n) as (select 1 "
           "union all select n + 1 from i where n < 3000) select member_id, kind, due_local, zone, due_ms, n from follow, i "
           "where kind = 'follow'");
}

static void rules__changed__many_are_moved_in_slices(void **state)
{
    (void)state;
    say("follow Tanaka tomorrow 10:00");
    multiply();
    make_old_rules();
    restart();
    at("2026-03-04T10:59");
    run();
    assert_int_equal(ask("select count(*) from follow where due_ms % 86400000 != 82800000"), 0);
    assert_int_equal(ask("select count(*) from follow where sent_ms is null"), 0);
    assert_int_equal(ask("select count(*) from meta where key = 'zone_rules' and value != '1999z'"), 1);
}

static void due__many__whoever_has_a_meeting_does_not_wait(void **state)
{
    (void)state;
    say("follow Tanaka tomorrow 13:00");
    multiply();
    say("plan Acme tomorrow 14:00");
    at("2026-03-04T13:55");
    (void)engine_tick(engine);
    assert_non_null(strstr(seen, "13:55 plan.join M1; "));
    assert_int_not_equal(ask("select count(*) from follow where kind = 'follow' and sent_ms is null"), 0);
    run();
    assert_int_equal(ask("select count(*) from follow where kind = 'follow' and sent_ms is null"), 0);
    assert_int_equal(ask("select count(*) from message where dir = 'out' and inbox_id is null"), 3002);
}

static void down__hours__comes_once_and_says_how_late(void **state)
{
    (void)state;
    say("follow Tanaka tomorrow 10:00");
    say("plan Acme tomorrow 14:00");
    restart();
    at("2026-03-06T13:30");
    run();
    expect("13:30 plan.began M1; 13:30 remind.follow F1 late; 13:30 plan.after M1; ");
    run();
    restart();
    run();
    expect("");
    /* Three mornings went by: one list. */
    assert_int_equal(ask("select count(*) from inbox where remote_id like 'morning:%'"), 1);
    run_until("2026-03-09T09:00");
    assert_int_equal(ask("select count(*) from inbox where remote_id like 'morning:%'"), 2);
}

static void clock__back__nothing_comes_twice_or_is_lost(void **state)
{
    (void)state;
    say("follow Tanaka 10:00");
    say("follow Tanaka 11:00");
    run_until("2026-03-03T10:30");
    expect("10:00 remind.follow F1; ");
    at("2026-03-03T07:30");
    run_until("2026-03-03T12:00");
    expect("11:00 remind.follow F2; ");
    at("2026-03-03T07:30");
    restart();
    run_until("2026-03-03T12:00");
    expect("");
}

static void clock__ahead_and_back__each_step_once(void **state)
{
    (void)state;
    say("met Acme 60m: nobody objected");
    say("follow Tanaka 11:00");
    at("2026-03-03T23:00"); /* by mistake */
    run();
    expect("23:00 remind.follow F2 late; 23:00 remind.champion F1 late; ");
    at("2026-03-03T09:10");
    run_until("2026-03-09T12:00");
    expect("10:00 remind.champion F3; 10:00 remind.champion F4; ");
}

/* A machine that starts with a clock days ahead, until somebody puts it right. */
static void clock__days_ahead_and_back__no_list_is_left_out(void **state)
{
    (void)state;
    at("2026-03-13T09:00");
    run();
    at("2026-03-03T09:10");
    run_until("2026-03-06T09:00");
    assert_int_equal(ask("select count(*) from inbox where remote_id like 'morning:%'"), 3); /* Wednesday's came in advance */
    at("2026-03-20T09:00");
    run();
    at("2026-03-06T09:10");
    restart(); /* put back while it did not run */
    run_until("2026-03-13T09:00");
    assert_int_equal(ask("select count(*) from inbox where remote_id like 'morning:%'"), 8);
    assert_int_equal(ask("select count(distinct remote_id) from inbox where remote_id like 'morning:%'"), 8);
    assert_int_equal(ask("select count(*) from inbox where remote_id = 'digest:2026-03-09T08:30'"), 1);
}

int main(void)
{
    struct err e;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rules__changed__wall_times_stay, open_world, close_world),
        cmocka_unit_test_setup_teardown(rules__changed__the_second_of_a_repeated_hour_stays, open_world, close_world),
        cmocka_unit_test_setup_teardown(rules__changed__many_are_moved_in_slices, open_world, close_world),
        cmocka_unit_test_setup_teardown(due__many__whoever_has_a_meeting_does_not_wait, open_world, close_world),
        cmocka_unit_test_setup_teardown(down__hours__comes_once_and_says_how_late, open_world, close_world),
        cmocka_unit_test_setup_teardown(clock__back__nothing_comes_twice_or_is_lost, open_world, close_world),
        cmocka_unit_test_setup_teardown(clock__ahead_and_back__each_step_once, open_world, close_world),
        cmocka_unit_test_setup_teardown(clock__days_ahead_and_back__no_list_is_left_out, open_world, close_world),
    };
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
