/* Messages to Slack through the courier, against a server that answers by script: which
 * requests one message takes, and what becomes of it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fakes/script.h"
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/transport/slack_send.h"

enum { PATIENCE_MS = 20000 };
#define KEY "018f0000-0000-7000-8000-000000000001"

static struct script *script;
static struct slack_api api;
static struct slack_send *slack;
static struct courier *courier;
static const struct courier_network *networks[2];
static struct queue outcomes;
static pthread_t thread;
static char url[80];
static struct arena mem;
static struct catalogue *words;

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

static int open_world(void **state)
{
    (void)state;
    struct err e;
    script = script_start();
    (void)snprintf(url, sizeof url, "%s/api/", script_url(script));
    api = (struct slack_api){ .url = url, .app_token = "xapp-1", .bot_token = "xoxb-secret" };
    slack = slack_send_create(&api, words);
    networks[0] = slack_send_network(slack);
    queue_init(&outcomes);
    courier = courier_create(&(struct courier_config){ .networks = networks, .post = on_outcome }, &e);
    return courier && pthread_create(&thread, NULL, run, courier) == 0 ? 0 : -1;
}

static int close_world(void **state)
{
    (void)state;
    courier_stop(courier);
    (void)pthread_join(thread, NULL);
    courier_destroy(courier);
    slack_send_destroy(slack);
    assert_null(queue_take(&outcomes));
    queue_finish(&outcomes);
    script_stop(script);
    arena_finish(&mem);
    return 0;
}

static struct delivery *message(const char *conversation, bool private, int attempt)
{
    struct delivery *d = delivery_create(DELIVERY_SEND, NETWORK_SLACK);
    d->conversation = xstrdup(conversation);
    d->remote_user = xstrdup("slack:T1/U1");
    d->remote_id = xstrdup("command/1.2");
    d->retry_key = xstrdup(KEY);
    d->attempt = attempt;
    d->outbox_id = 7;
    d->at_ms = INT64_C(1700000000000);
    d->json = xstrdup(private ? "{\"title\":\"T1\",\"text\":\"T1 & more\",\"locale\":\"en\",\"private\":true,\"parts\":[]}"
                              : "{\"title\":\"T1\",\"text\":\"T1 & more\",\"locale\":\"en\",\"private\":false,\"parts\":[]}");
    return d;
}

static void answer(const char *body)
{
    script_add(script, (struct script_step){ .body = body });
}

/* Sends it and waits; the outcome, with what goes along in `*out` (may be NULL). */
static enum send_outcome sent(struct delivery *d, struct event *out)
{
    courier_send(courier, d);
    struct event *ev = queue_wait(&outcomes, PATIENCE_MS);
    assert_non_null(ev);
    assert_null(ev->next);
    enum send_outcome outcome = ev->outcome;
    if (out) {
        *out = *ev;
        out->remote_ref = ev->remote_ref ? arena_strdup(&mem, ev->remote_ref) : NULL;
    }
    event_destroy(ev);
    return outcome;
}

static void expect(int i, const char *method)
{
    const char *line = arena_printf(&mem, "POST /api/%s ", method);
    if (strncmp(script_request(script, i), line, strlen(line)) != 0)
        fail_msg("request %d is no %s: %.60s", i, method, script_request(script, i));
}

static bool says(int i, const char *text)
{
    return strstr(script_body(script, i), text) != NULL;
}

#define POSTED "{\"ok\":true,\"channel\":\"D1\",\"ts\":\"17.5\"}"

static void send__post__carries_text_blocks_and_our_key(void **state)
{
    (void)state;
    struct event ev;
    answer(POSTED);
    assert_int_equal(sent(message("slack:D1", false, 1), &ev), SEND_DONE);
    expect(0, "chat.postMessage");
    assert_string_equal(script_header(script, 0, "Authorization"), "Bearer xoxb-secret");
    assert_true(says(0, "\"channel\":\"D1\"") && says(0, "T1 &amp; more") && says(0, "\"blocks\":[") &&
                says(0, KEY) && says(0, "\"unfurl_links\":false"));
    assert_string_equal(ev.remote_ref, "D1/17.5");
    assert_int_equal(script_count(script), 1);
}

static void send__thread__is_answered_there(void **state)
{
    (void)state;
    answer(POSTED);
    assert_int_equal(sent(message("slack:C1/17.1", false, 1), NULL), SEND_DONE);
    assert_true(says(0, "\"channel\":\"C1\"") && says(0, "\"thread_ts\":\"17.1\""));
}

static void send__account_alone__is_written_to(void **state)
{
    (void)state;
    answer(POSTED);
    assert_int_equal(sent(message("slack:T1/U1", false, 1), NULL), SEND_DONE);
    assert_true(says(0, "\"channel\":\"U1\""));
}

static void send__refused_blocks__go_out_as_text(void **state)
{
    (void)state;
    static const char *const errors[] = { "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long",
        "invalid_arguments" };
    for (int i = 0; i < (int)COUNT(errors); i++) {
        answer(arena_printf(&mem, "{\"ok\":false,\"error\":\"%s\",\"response_metadata\":{\"messages\":[\"why\"]}}", errors[i]));
        answer(POSTED);
        assert_int_equal(sent(message(arena_printf(&mem, "slack:D%d", i), false, 1), NULL), SEND_DONE);
        assert_true(says(2 * i, "\"blocks\"") && !says(2 * i + 1, "\"blocks\"") && says(2 * i + 1, "T1 &amp; more"));
    }
}

static void send__no_such_place__goes_to_the_person(void **state)
{
    (void)state;
    answer("{\"ok\":false,\"error\":\"not_in_channel\"}");
    answer(POSTED);
    assert_int_equal(sent(message("slack:C1/17.1", false, 1), NULL), SEND_DONE);
    assert_true(says(1, "\"channel\":\"U1\"") && !says(1, "thread_ts"));
    answer("{\"ok\":false,\"error\":\"channel_not_found\"}");
    answer("{\"ok\":false,\"error\":\"user_disabled\"}");
    assert_int_equal(sent(message("slack:C2/17.1", false, 1), NULL), SEND_DEAD);
    assert_int_equal(script_count(script), 4);
}

static void send__private__is_seen_by_the_member_alone(void **state)
{
    (void)state;
    answer("{\"ok\":true,\"message_ts\":\"1.1\"}");
    assert_int_equal(sent(message("slack:C1/17.1", true, 1), NULL), SEND_DONE);
    expect(0, "chat.postEphemeral");
    assert_true(says(0, "\"user\":\"U1\"") && says(0, "\"thread_ts\":\"17.1\""));
    answer("{\"ok\":true}");
    assert_int_equal(sent(message("slack:C1", false, 1), NULL), SEND_DONE);
    expect(1, "chat.postEphemeral");
    answer("{\"ok\":false,\"error\":\"user_not_in_channel\"}");
    answer(POSTED);
    assert_int_equal(sent(message("slack:C2", false, 1), NULL), SEND_DONE);
    assert_true(says(3, "\"channel\":\"U1\"")); /* in the direct conversation */
    answer(POSTED);
    assert_int_equal(sent(message("slack:D1", true, 1), NULL), SEND_DONE);
    expect(4, "chat.postMessage"); /* private already */
}

static void send__response_address__is_used_without_a_token(void **state)
{
    (void)state;
    slack_send_remember(slack, "command/1.2", "http://evil.example/commands/1");
    slack_send_remember(slack, "command/1.2", arena_printf(&mem, "%s/commands/T1/1/x", script_url(script)));
    answer("ok");
    assert_int_equal(sent(message("slack:C1", false, 1), NULL), SEND_DONE);
    assert_true(!strncmp(script_request(script, 0), "POST /commands/T1/1/x ", 22));
    assert_string_equal(script_header(script, 0, "Authorization"), "");
    assert_true(says(0, "\"response_type\":\"ephemeral\"") && says(0, "\"replace_original\":false"));
    /* Used up or expired: told in another way. */
    script_add(script, (struct script_step){ .status = 404, .body = "{\"ok\":false,\"error\":\"used_url\"}" });
    answer("{\"ok\":true}");
    assert_int_equal(sent(message("slack:C2", false, 1), NULL), SEND_DONE);
    expect(2, "chat.postEphemeral");
    /* A command in a conversation of two other people. */
    answer("{\"ok\":false,\"error\":\"channel_not_found\"}");
    answer("ok");
    assert_int_equal(sent(message("slack:D9", false, 1), NULL), SEND_DONE);
    assert_true(!strncmp(script_request(script, 4), "POST /commands/T1/1/x ", 22));
}

static void send__second_attempt__looks_before_it_posts(void **state)
{
    (void)state;
    answer("{\"ok\":true,\"messages\":[{\"ts\":\"17.4\"},{\"ts\":\"17.5\",\"metadata\":{\"event_type\":\"nemawashi_message\","
           "\"event_payload\":{\"key\":\"" KEY "\"}}}]}");
    assert_int_equal(sent(message("slack:D1", false, 2), NULL), SEND_DONE);
    expect(0, "conversations.history");
    assert_true(says(0, "\"include_all_metadata\":true") && says(0, "\"oldest\":\"1699999940.000000\""));
    assert_int_equal(script_count(script), 1); /* found: not once more */
    answer("{\"ok\":true,\"messages\":[{\"ts\":\"17.4\"}]}");
    answer(POSTED);
    assert_int_equal(sent(message("slack:D2", false, 2), NULL), SEND_DONE);
    expect(2, "chat.postMessage");
    answer("{\"ok\":false,\"error\":\"missing_scope\"}"); /* it can't look */
    answer(POSTED);
    assert_int_equal(sent(message("slack:D3/16.1", false, 2), NULL), SEND_DONE);
    expect(3, "conversations.replies");
    expect(4, "chat.postMessage");
    script_add(script, (struct script_step){ .status = 500 }); /* nobody knows: not now */
    assert_int_equal(sent(message("slack:D4", false, 2), NULL), SEND_LATER);
    assert_int_equal(script_count(script), 6);
}

static void send__second_attempt__looks_in_channels_too(void **state)
{
    (void)state;
    answer("{\"ok\":true,\"messages\":[{\"ts\":\"17.5\",\"metadata\":{\"event_type\":\"nemawashi_message\","
           "\"event_payload\":{\"key\":\"" KEY "\"}}}]}");
    assert_int_equal(sent(message("slack:C1/16.1", false, 2), NULL), SEND_DONE);
    expect(0, "conversations.replies");
    assert_true(says(0, "\"channel\":\"C1\"") && says(0, "\"ts\":\"16.1\""));
    assert_int_equal(script_count(script), 1);
    answer("{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"groups:history\"}");
    answer(POSTED);
    assert_int_equal(sent(message("slack:G1/16.2", false, 2), NULL), SEND_DONE);
    expect(1, "conversations.replies");
    expect(2, "chat.postMessage");
    answer("{\"ok\":true}");
    assert_int_equal(sent(message("slack:C1", true, 2), NULL), SEND_DONE);
    expect(3, "chat.postEphemeral"); /* no history has what one alone sees */
}

static void send__trouble__comes_again_and_refusal_does_not(void **state)
{
    (void)state;
    static const struct {
        struct script_step step;
        enum send_outcome outcome;
    } rows[] = {
        { { .status = 500 }, SEND_LATER },
        { { .status = 503 }, SEND_LATER },
        { { .act = SCRIPT_CLOSE }, SEND_LATER },
        { { .act = SCRIPT_CUT }, SEND_LATER },
        { { .body = "{\"ok\":tr" }, SEND_LATER },
        { { .body = "{\"ok\":false,\"error\":\"internal_error\"}" }, SEND_LATER },
        { { .body = "{\"ok\":false,\"error\":\"ratelimited\"}" }, SEND_LATER },
        { { .body = "{\"ok\":false,\"error\":\"token_revoked\"}" }, SEND_LATER },
        { { .body = "{\"ok\":false,\"error\":\"brand_new_error\"}" }, SEND_DEAD },
    };
    for (int i = 0; i < (int)COUNT(rows); i++) {
        script_add(script, rows[i].step);
        assert_int_equal(sent(message(arena_printf(&mem, "slack:D%d", i), false, 1), NULL), rows[i].outcome);
        assert_int_equal(script_count(script), i + 1); /* never by itself once more */
    }
}

static void send__too_fast__waits_as_long_as_asked(void **state)
{
    (void)state;
    struct event ev;
    script_add(script, (struct script_step){ .status = 429, .headers = "Retry-After: 40\r\n" });
    assert_int_equal(sent(message("slack:D1", false, 1), &ev), SEND_LATER);
    assert_true(ev.retry_after_ms == 40000);
    /* Others of this network are not even tried meanwhile. */
    assert_int_equal(sent(message("slack:D2", false, 1), &ev), SEND_LATER);
    assert_true(ev.retry_after_ms > 30000 && ev.retry_after_ms <= 40000);
    assert_int_equal(script_count(script), 1);
}

static void send__one_channel__one_a_second(void **state)
{
    (void)state;
    int64_t from = clock_ticks_us();
    for (int i = 0; i < 4; i++)
        answer(POSTED);
    for (int i = 0; i < 4; i++)
        assert_int_equal(sent(message(arena_printf(&mem, "slack:C1/1.%d", i), false, 1), NULL), SEND_DONE);
    int64_t took = clock_ticks_us() - from;
    assert_true(took >= 900000 && took < 5000000);
    from = clock_ticks_us();
    answer(POSTED); /* another channel does not wait for this one */
    assert_int_equal(sent(message("slack:C2/1.1", false, 1), NULL), SEND_DONE);
    assert_true(clock_ticks_us() - from < 900000);
}

static void send__edit__changes_the_message_in_its_place(void **state)
{
    (void)state;
    struct delivery *d = message("slack:D1", false, 1);
    d->replaces = xstrdup("D1/17.5");
    answer("{\"ok\":true,\"channel\":\"D1\",\"ts\":\"17.5\"}");
    assert_int_equal(sent(d, NULL), SEND_DONE);
    expect(0, "chat.update");
    assert_true(says(0, "\"ts\":\"17.5\"") && says(0, "\"blocks\""));
    d = message("slack:D1", false, 1);
    d->replaces = xstrdup("D1/17.5");
    answer("{\"ok\":false,\"error\":\"message_not_found\"}");
    answer(POSTED);
    assert_int_equal(sent(d, NULL), SEND_DONE);
    expect(2, "chat.postMessage");
}

/* A picture of one pixel. */
#define PIXEL "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

static struct delivery *picture(void)
{
    struct delivery *d = message("slack:C1/17.1", false, 1);
    free(d->json);
    d->json = xstrdup("{\"title\":\"Touch points\",\"text\":\"Touch points\",\"locale\":\"en\",\"private\":false,"
                      "\"parts\":[{\"kind\":\"chart\",\"alt\":\"rising\",\"name\":\"touch.png\",\"png\":\"" PIXEL "\"}]}");
    return d;
}

static void send__picture__goes_up_in_three_steps(void **state)
{
    (void)state;
    answer(arena_printf(&mem, "{\"ok\":true,\"upload_url\":\"%s/upload/F1\",\"file_id\":\"F1\"}", script_url(script)));
    answer("OK - 70");
    answer("{\"ok\":true,\"files\":[{\"id\":\"F1\"}]}");
    answer(POSTED);
    assert_int_equal(sent(picture(), NULL), SEND_DONE);
    expect(0, "files.getUploadURLExternal");
    assert_true(says(0, "filename=touch.png") && says(0, "length=70") && says(0, "alt_txt=rising"));
    assert_true(!strncmp(script_request(script, 1), "POST /upload/F1 ", 16));
    assert_string_equal(script_header(script, 1, "Authorization"), "");
    assert_memory_equal(script_body(script, 1), "\x89PNG\r\n\x1a\n", 8);
    expect(2, "files.completeUploadExternal");
    assert_true(says(2, "\"channel_id\":\"C1\"") && says(2, "\"thread_ts\":\"17.1\"") && says(2, "\"id\":\"F1\""));
    expect(3, "chat.postMessage");
    assert_true(says(3, "rising")); /* what it shows, in words */
}

static void send__picture_refused__the_words_arrive(void **state)
{
    (void)state;
    answer("{\"ok\":false,\"error\":\"file_uploads_disabled\"}");
    answer(POSTED);
    assert_int_equal(sent(picture(), NULL), SEND_DONE);
    expect(1, "chat.postMessage");
    script_add(script, (struct script_step){ .status = 500 });
    assert_int_equal(sent(picture(), NULL), SEND_LATER); /* nothing was shown: all again */
}

int main(void)
{
    struct err e;
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(send__post__carries_text_blocks_and_our_key),
        WORLD(send__thread__is_answered_there),
        WORLD(send__account_alone__is_written_to),
        WORLD(send__refused_blocks__go_out_as_text),
        WORLD(send__no_such_place__goes_to_the_person),
        WORLD(send__private__is_seen_by_the_member_alone),
        WORLD(send__response_address__is_used_without_a_token),
        WORLD(send__second_attempt__looks_before_it_posts),
        WORLD(send__second_attempt__looks_in_channels_too),
        WORLD(send__trouble__comes_again_and_refusal_does_not),
        WORLD(send__too_fast__waits_as_long_as_asked),
        WORLD(send__one_channel__one_a_second),
        WORLD(send__edit__changes_the_message_in_its_place),
        WORLD(send__picture__goes_up_in_three_steps),
        WORLD(send__picture_refused__the_words_arrive),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    catalogue_close(words);
    return failed;
}
