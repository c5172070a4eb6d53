/* Whose an account is: first contact on a network that introduces its people, strangers,
 * codes between networks, and where the bot speaks first. A real store, no socket. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/identities.h"
#include "bot/store/inbox.h"
#include "bot/store/members.h"

static const int64_t START = INT64_C(1772439600000);
static struct catalogue *words;
static struct engine *engine;
static char path[64];
static struct delivery *heard, **heard_end; /* everything the engine said, oldest first */

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

static void start(const char *admin)
{
    struct err e;
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Seoul",
        .admin = admin, .deliver = keep, .to_courier = keep, .couriered = 1U << NETWORK_SLACK | 1U << NETWORK_LINE,
        .introduced = 1U << NETWORK_SLACK, .unasked = NETWORK_WEB };
    engine = engine_create(&config, &e);
    assert_non_null(engine);
}

static int open_world(void **state)
{
    struct err e;
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "admin", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_ADMIN | ROLE_REP };
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-account-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    (void)close(fd);
    heard_end = &heard;
    clock_hold(START);
    start(*state);
    return member_add(engine_db(engine), &m, START, &e) ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    engine_destroy(engine);
    forget();
    for (size_t i = 0; i < COUNT(ends); i++) {
        char file[80];
        (void)snprintf(file, sizeof file, "%s%s", path, ends[i]);
        (void)unlink(file);
    }
    return 0;
}

static struct event *message(enum network network, const char *account, const char *id,
    const char *conversation, const char *text)
{
    struct event *ev = event_create(EVENT_MESSAGE, network, 7);
    ev->remote_user = xstrdup(account);
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup(conversation);
    ev->direct = true;
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    return ev;
}

static void say(enum network network, const char *account, const char *id, const char *conversation,
    const char *text)
{
    engine_take(engine, message(network, account, id, conversation, text));
    (void)engine_tick(engine);
}

static void tell_who(const char *account, const char *name, const char *refusal)
{
    struct event *ev = event_create(EVENT_WHO, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup(account);
    ev->name = xstrdup(name);
    ev->zone = xstrdup("Asia/Tokyo");
    ev->locale = xstrdup("ja-JP");
    ev->outcome = SEND_DONE;
    ev->refusal = refusal;
    engine_take(engine, ev);
    (void)engine_tick(engine);
}

static int count(enum delivery_kind kind)
{
    int n = 0;
    for (struct delivery *d = heard; d; d = d->next)
        n += d->kind == kind;
    return n;
}

static struct delivery *find(enum delivery_kind kind)
{
    struct delivery *d = heard;
    while (d && d->kind != kind)
        d = d->next;
    assert_non_null(d);
    return d;
}

/* Lets the courier's messages arrive, one after another. */
static void deliver_all(void)
{
    for (struct delivery *d = heard; d; d = d->next) {
        if (d->kind != DELIVERY_SEND)
            continue;
        struct event *ev = event_create(EVENT_SENT, d->network, 0);
        ev->outbox_id = d->outbox_id;
        ev->attempt = d->attempt;
        ev->outcome = SEND_DONE;
        engine_take(engine, ev);
        (void)engine_tick(engine);
    }
}

static bool said(const char *part)
{
    for (struct delivery *d = heard; d; d = d->next)
        if (d->json && strstr(d->json, part))
            return true;
    return false;
}

static struct member member_of(const char *handle, struct arena *mem)
{
    struct err e;
    struct member m;
    assert_true(member_by_handle(engine_db(engine), mem, handle, &m, &e));
    return m;
}

/* First contact. */

static void account__first_contact__waits_durably_and_becomes_a_rep(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", "whoami");
    assert_int_equal(count(DELIVERY_ACK), 2); /* stored, so acknowledged */
    assert_int_equal(count(DELIVERY_WHO), 1); /* asked once */
    assert_int_equal(count(DELIVERY_SEND), 0);
    /* The program dies before the network has answered. */
    forget();
    engine_destroy(engine);
    start(NULL);
    (void)engine_tick(engine);
    assert_string_equal(find(DELIVERY_WHO)->remote_user, "slack:T1/U1");
    tell_who("slack:T1/U1", "Haruka Sato", NULL);
    deliver_all();
    struct member m = member_of("haruka-sato", &mem);
    assert_string_equal(m.role, "rep");
    assert_string_equal(m.zone, "Asia/Tokyo");
    assert_string_equal(m.locale, "ja");
    assert_int_equal(count(DELIVERY_SEND), 3); /* welcome and two answers */
    assert_true(said("ようこそ") && said("Acme") && said("haruka-sato"));
    assert_string_equal(find(DELIVERY_SEND)->remote_user, "slack:T1/U1");
    arena_finish(&mem);
}

static void account__repeated_event__is_acknowledged_and_not_stored_again(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e;
    struct inbox rows[4];
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    assert_int_equal(count(DELIVERY_ACK), 2);
    assert_int_equal(inbox_of_sender(engine_db(engine), &mem, "slack", "slack:T1/U1", rows, 4, &e), 1);
    tell_who("slack:T1/U1", "Haruka", NULL);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    deliver_all();
    assert_int_equal(count(DELIVERY_ACK), 3);
    assert_int_equal(count(DELIVERY_SEND), 2); /* welcome, and one answer */
    arena_finish(&mem);
}

static void account__guest__hears_one_sentence_and_leaves_nothing(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e;
    struct inbox rows[4], in;
    say(NETWORK_SLACK, "slack:T1/U9", "C1/1", "slack:D9", "customer Zebra");
    tell_who("slack:T1/U9", "Guest", "stranger.refused");
    assert_int_equal(count(DELIVERY_STRANGER), 1);
    assert_null(strstr(find(DELIVERY_STRANGER)->text, "Zebra"));
    assert_int_equal(inbox_of_sender(engine_db(engine), &mem, "slack", "slack:T1/U9", rows, 4, &e), 0);
    assert_true(inbox_find_sender(engine_db(engine), &mem, "slack", "slack:T1/U9", "C1/1", &in, &e));
    assert_null(in.body);
    assert_false(member_handle_taken(engine_db(engine), "guest", &e));
    assert_true(engine_tick(engine) == INT64_MAX); /* nothing is left to do */
    arena_finish(&mem);
}

static void account__outsider__is_not_even_looked_up(void **state)
{
    (void)state;
    struct event *ev = message(NETWORK_SLACK, "slack:T2/U1", "C1/1", "slack:C1/1", "hello");
    ev->outsider = true;
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_int_equal(count(DELIVERY_WHO), 0);
    assert_int_equal(count(DELIVERY_STRANGER), 1);
    assert_int_equal(count(DELIVERY_ACK), 1);
}

static void account__unanswered_question__is_asked_again(void **state)
{
    (void)state;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "whoami");
    struct event *ev = event_create(EVENT_WHO, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup("slack:T1/U1");
    ev->outcome = SEND_LATER;
    ev->retry_after_ms = 7000;
    engine_take(engine, ev);
    assert_true(engine_tick(engine) == START + 7000);
    assert_int_equal(count(DELIVERY_WHO), 1);
    clock_hold(START + 7000);
    (void)engine_tick(engine);
    assert_int_equal(count(DELIVERY_WHO), 2);
}

static void account__talkative_stranger__is_answered_five_times_a_minute(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "m%d", i);
        say(NETWORK_LINE, "line:U1", id, "line:U1", "hello");
    }
    assert_int_equal(count(DELIVERY_STRANGER), 5);
    assert_int_equal(count(DELIVERY_ACK), 20);
}

static void account__handles__are_never_shared(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "whoami");
    tell_who("slack:T1/U1", "Kenji", NULL);
    assert_string_equal(member_of("kenji-2", &mem).name, "Kenji");
    say(NETWORK_SLACK, "slack:T1/U2", "C1/2", "slack:D2", "whoami");
    tell_who("slack:T1/U2", "🙂", NULL);
    assert_string_equal(member_of("member", &mem).name, "🙂");
    arena_finish(&mem);
}

/* The administrator. */

static void account__admin_by_account__may_everything(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    say(NETWORK_SLACK, "slack:T1/U5", "C1/1", "slack:D5", "whoami");
    tell_who("slack:T1/U5", "Mika", NULL);
    assert_true(member_of("mika", &mem).roles == (ROLE_ADMIN | ROLE_MANAGER | ROLE_REP));
    say(NETWORK_SLACK, "slack:T1/U55", "C1/2", "slack:D6", "whoami");
    tell_who("slack:T1/U55", "Jun", NULL);
    assert_string_equal(member_of("jun", &mem).role, "rep");
    arena_finish(&mem);
}

static void account__admin_on_a_silent_network__is_the_first_one(void **state)
{
    (void)state;
    say(NETWORK_LINE, "line:U5", "m1", "line:U5", "whoami");
    deliver_all();
    assert_true(said("Kenji (kenji)"));
    say(NETWORK_LINE, "line:U6", "m2", "line:U6", "whoami");
    assert_int_equal(count(DELIVERY_STRANGER), 1);
}

/* Codes. */

static int64_t code_of(const char *handle, char code[LINK_CODE_CHARS + 1])
{
    struct arena mem = ARENA_INIT;
    struct err e;
    int64_t id = member_of(handle, &mem).id;
    assert_true(link_code_add(engine_db(engine), id, clock_now_ms(), code, &e));
    arena_finish(&mem);
    return id;
}

static void say_code(const char *id, const char *word, const char *code)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%s%.4s-%s", word, code, code + 4);
    say(NETWORK_LINE, "line:U1", id, "line:U1", text);
}

static void account__code__links_an_account_once(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1];
    (void)code_of("kenji", code);
    say_code("m1", "link ", code);
    deliver_all();
    assert_true(said("Kenji"));
    forget();
    say(NETWORK_LINE, "line:U1", "m2", "line:U1", "whoami");
    assert_true(said("Kenji (kenji)"));
    forget();
    say(NETWORK_LINE, "line:U2", "m3", "line:U2", code);
    assert_int_equal(count(DELIVERY_STRANGER), 1);
    assert_int_equal(count(DELIVERY_SEND), 0);
}

static void account__code__is_read_in_japanese_and_bare(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1];
    (void)code_of("kenji", code);
    say_code("m1", "連携 ", code);
    assert_int_equal(count(DELIVERY_SEND), 1);
    assert_true(link_code_read("k7qm 2xwp", code));
    assert_string_equal(code, "K7QM2XWP");
    assert_false(link_code_read("K7QM-2XW", code));
    assert_false(link_code_read("K7QM-2XW0", code));
}

static void account__code__ends_after_ten_minutes(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1];
    (void)code_of("kenji", code);
    clock_hold(START + LINK_CODE_MINUTES * MINUTE_MS);
    say_code("m1", "link ", code);
    assert_int_equal(count(DELIVERY_STRANGER), 1);
    assert_int_equal(count(DELIVERY_SEND), 0);
}

static void account__guessing__does_not_get_far(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1];
    (void)code_of("kenji", code);
    for (int i = 0; i < 10; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "g%d", i);
        say(NETWORK_LINE, "line:U1", id, "line:U1", "link 2222-2222");
    }
    say_code("m1", "link ", code); /* the right one now comes too late, within the minute */
    assert_int_equal(count(DELIVERY_SEND), 0);
    clock_hold(START + MINUTE_MS);
    say_code("m2", "link ", code);
    assert_int_equal(count(DELIVERY_SEND), 1);
}

static void account__member__moves_to_the_one_who_gave_the_code(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1], text[32];
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "whoami");
    tell_who("slack:T1/U1", "Kenji", NULL); /* made a second Kenji */
    deliver_all();
    forget();
    (void)code_of("kenji", code);
    (void)snprintf(text, sizeof text, "link %s", code);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", text);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/3", "slack:D1", "whoami");
    deliver_all();
    assert_true(said("Kenji (kenji)"));
}

/* Where the bot speaks. */

static void account__reminder__goes_where_the_member_spoke_last(void **state)
{
    (void)state;
    char code[LINK_CODE_CHARS + 1];
    int64_t kenji = code_of("kenji", code);
    say_code("m1", "link ", code);
    say(NETWORK_LINE, "line:U1", "m2", "line:U1", "remind me tomorrow 10:00: call the bank");
    deliver_all();
    forget();
    clock_hold(START + DAY_MS);
    (void)engine_tick(engine);
    assert_string_equal(find(DELIVERY_SEND)->conversation, "line:U1");
    deliver_all();
    forget();
    struct event *ev = message(NETWORK_WEB, "", "w1", "web", "remind me tomorrow 10:00: call the bank");
    free(ev->remote_user);
    ev->remote_user = NULL;
    ev->member_id = kenji;
    engine_take(engine, ev);
    clock_hold(START + 2 * DAY_MS);
    forget();
    (void)engine_tick(engine);
    assert_string_equal(find(DELIVERY_MESSAGE)->conversation, "web");
}

static void account__note_not_for_all__is_private_where_others_read(void **state)
{
    (void)state;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    tell_who("slack:T1/U1", "Haruka", NULL);
    deliver_all();
    forget();
    struct event *ev = message(NETWORK_SLACK, "slack:T1/U1", "C1/3", "slack:C1/3", "zoom Acme 5m managers: budget");
    ev->direct = false;
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_non_null(strstr(find(DELIVERY_SEND)->json, "\"private\":true"));
    deliver_all();
    forget();
    say(NETWORK_SLACK, "slack:T1/U1", "C1/4", "slack:D1", "zoom Acme 5m managers: budget");
    assert_non_null(strstr(find(DELIVERY_SEND)->json, "\"private\":false"));
}

/* Edits, and the page. */

static void account__edit__is_noticed_or_read_anew(void **state)
{
    (void)state;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    tell_who("slack:T1/U1", "Haruka", NULL);
    clock_hold(START + 1000);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", "zoom Acme 5m");
    clock_hold(START + 2000);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/3", "slack:D1", "frobnicate!");
    deliver_all();
    forget();
    struct event *ev = message(NETWORK_SLACK, "slack:T1/U1", "C1/2/edit/9", "slack:D1", "zoom Acme 50m");
    ev->edits = xstrdup("C1/2");
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_true(said("edited.record") && said("undo T1"));
    deliver_all();
    forget();
    ev = message(NETWORK_SLACK, "slack:T1/U1", "C1/3/edit/9", "slack:D1", "zoom Acme 15m");
    ev->edits = xstrdup("C1/3");
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_true(said("T2"));
}

/* Colleagues are called by their names, whatever the network calls them. */
static void account__mention__is_the_members_name(void **state)
{
    (void)state;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    tell_who("slack:T1/U1", "Haruka", NULL);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", "zoom Acme 5m: with @U1, @U2 and a@U");
    deliver_all();
    assert_true(said("with Haruka, @U2 and a@U"));
}

static void account__form__offers_whom_the_member_met(void **state)
{
    (void)state;
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "contact Tanaka");
    tell_who("slack:T1/U1", "Haruka", NULL);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", "zoom Tanaka 5m");
    say(NETWORK_SLACK, "slack:T1/U1", "C1/3", "slack:D1", "zoom Tanaka 10m");
    forget();
    struct event *ev = event_create(EVENT_FORM, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup("slack:T1/U1");
    ev->remote_id = xstrdup("V1");
    ev->text = xstrdup("kept");
    engine_take(engine, ev);
    const struct delivery *d = find(DELIVERY_FORM);
    assert_string_equal(d->text, "kept");
    assert_string_equal(d->remote_id, "V1");
    const char *first = strstr(d->json, "\"say\":\"C1\"");
    assert_true(first && !strstr(first + 1, "\"say\"")); /* each once */
}

static void account__home__shows_what_is_the_members(void **state)
{
    (void)state;
    struct event *ev = event_create(EVENT_HOME, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup("slack:T1/U1");
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_null(find(DELIVERY_HOME)->json);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/1", "slack:D1", "customer Acme");
    tell_who("slack:T1/U1", "Haruka Sato", NULL);
    say(NETWORK_SLACK, "slack:T1/U1", "C1/2", "slack:D1", "zoom Acme 5m: legal agrees");
    forget();
    ev = event_create(EVENT_HOME, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup("slack:T1/U1");
    engine_take(engine, ev);
    (void)engine_tick(engine);
    assert_non_null(strstr(find(DELIVERY_HOME)->json, "T1"));
    /* Known by name from the first word on, not only after a restart. */
    assert_non_null(strstr(find(DELIVERY_HOME)->json, "接点 · Haruka Satoさん · 1件"));
}

int main(void)
{
    struct err e;
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
#define WORLD_OF(test, admin)                                                          \
    { #test, test, open_world, close_world, (char *)(admin) }
    const struct CMUnitTest tests[] = {
        WORLD(account__first_contact__waits_durably_and_becomes_a_rep),
        WORLD(account__repeated_event__is_acknowledged_and_not_stored_again),
        WORLD(account__guest__hears_one_sentence_and_leaves_nothing),
        WORLD(account__outsider__is_not_even_looked_up),
        WORLD(account__unanswered_question__is_asked_again),
        WORLD(account__talkative_stranger__is_answered_five_times_a_minute),
        WORLD(account__handles__are_never_shared),
        WORLD_OF(account__admin_by_account__may_everything, "slack:U5"),
        WORLD_OF(account__admin_on_a_silent_network__is_the_first_one, "line:U5"),
        WORLD(account__code__links_an_account_once),
        WORLD(account__code__is_read_in_japanese_and_bare),
        WORLD(account__code__ends_after_ten_minutes),
        WORLD(account__guessing__does_not_get_far),
        WORLD(account__member__moves_to_the_one_who_gave_the_code),
        WORLD(account__reminder__goes_where_the_member_spoke_last),
        WORLD(account__note_not_for_all__is_private_where_others_read),
        WORLD(account__edit__is_noticed_or_read_anew),
        WORLD(account__mention__is_the_members_name),
        WORLD(account__form__offers_whom_the_member_met),
        WORLD(account__home__shows_what_is_the_members),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
