/* A WebSocket of ours against a peer that does as it is told: messages, time-outs, the
 * goodbye, and who is trusted. */
#include <stdio.h>
#include <string.h>
#include "tests/fakes/peer.h"
#include "tests/unit/t.h"
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/net/dial.h"

enum { MAX = 1000, SOON_MS = 5000, SILENT_MS = 10000, PATIENCE_MS = 20000 };

static struct loop *loop;
static struct dial *dial;
static struct peer *peer;
static char heard[4096], why[160];
static bool opened, closed;
static int code;
static const char *say_when_open;
static bool close_after_text;

static void on_open(void *ctx)
{
    (void)ctx;
    opened = true;
    if (say_when_open)
        assert_true(dial_send(dial, say_when_open, strlen(say_when_open)));
}

static void on_text(void *ctx, const char *text, size_t n)
{
    (void)ctx;
    size_t at = strlen(heard);
    (void)snprintf(heard + at, sizeof heard - at, "[%.*s]", text ? (int)n : 7, text ? text : "dropped");
    if (close_after_text || (text && !strcmp(text, "end")))
        dial_close(dial, 1000, "done");
}

static void on_close(void *ctx, int c, const char *w)
{
    (void)ctx;
    assert_false(closed);
    closed = true;
    code = c;
    (void)snprintf(why, sizeof why, "%s", w);
    loop_stop(loop);
}

static const struct dial_events events = { on_open, on_text, on_close };

static void on_late(void *ctx)
{
    loop_stop(ctx);
}

static void start(const struct peer_plan *plan, struct dial_options o, const char *host)
{
    struct err e;
    char url[128];
    *heard = *why = '\0';
    opened = closed = close_after_text = false;
    code = 0;
    peer = peer_start(plan);
    loop = loop_create(&e);
    (void)snprintf(url, sizeof url, "%s://%s:%d/link/?ticket=t1&app_id=a1", plan->tls_name ? "wss" : "ws",
        host, peer_port(peer));
    o.url = url;
    o.max_text = o.max_text ? o.max_text : MAX;
    o.connect_ms = o.connect_ms ? o.connect_ms : SOON_MS;
    o.ping_ms = o.ping_ms ? o.ping_ms : SOON_MS;
    o.silent_ms = o.silent_ms ? o.silent_ms : SILENT_MS;
    dial = dial_open(loop, &o, &events, NULL, &e);
    assert_non_null(dial);
    assert_false(closed); /* never from within the call */
}

static void finish(void)
{
    loop_after(loop, PATIENCE_MS, on_late, loop);
    loop_run(loop);
    assert_true(closed);
    loop_destroy(loop);
    peer_join(peer);
}

static void dial__talks__both_ways(void **state)
{
    (void)state;
    static const char hello[] = "\x81\x05hello\x81\x00";
    say_when_open = "first";
    start(&(struct peer_plan){ .bytes = hello, .n = 9 }, (struct dial_options){ .bearer = "secret" }, "127.0.0.1");
    close_after_text = true;
    finish();
    say_when_open = NULL;
    assert_true(opened && !strcmp(heard, "[hello]"));
    assert_string_equal(peer_heard(peer), "text:first close:1000");
    assert_non_null(strstr(peer_request(peer), "GET /link/?ticket=t1&app_id=a1 HTTP/1.1"));
    assert_non_null(strcasestr(peer_request(peer), "authorization: Bearer secret"));
    assert_null(strcasestr(peer_request(peer), "permessage-deflate"));
    peer_stop(peer);
}

static void dial__fragments__are_put_together_and_bounded(void **state)
{
    (void)state;
    /* "ab" + ping + "cd", then 3 x 600 bytes, a binary one, then "end". */
    unsigned char bytes[2048];
    size_t n = 0;
    static const char parts[] = "\x01\x02" "ab" "\x89\x02" "hi" "\x80\x02" "cd";
    memcpy(bytes, parts, sizeof parts - 1);
    n += sizeof parts - 1;
    for (int i = 0; i < 3; i++) {
        bytes[n++] = i == 0 ? 0x01 : i == 2 ? 0x80 : 0x00;
        bytes[n++] = 126;
        bytes[n++] = 600 >> 8;
        bytes[n++] = 600 & 255;
        memset(bytes + n, 'x', 600);
        n += 600;
    }
    memcpy(bytes + n, "\x82\x01" "b" "\x81\x03" "end", 8);
    n += 8;
    start(&(struct peer_plan){ .bytes = bytes, .n = n }, (struct dial_options){ 0 }, "127.0.0.1");
    finish();
    assert_string_equal(heard, "[abcd][dropped][dropped][end]");
    assert_string_equal(peer_heard(peer), "pong:hi close:1000");
    peer_stop(peer);
}

static void dial__refused_handshake__tells_the_status(void **state)
{
    (void)state;
    start(&(struct peer_plan){ .act = PEER_REFUSE }, (struct dial_options){ 0 }, "127.0.0.1");
    finish();
    assert_true(!opened && code == 404);
    peer_stop(peer);
}

static void dial__no_handshake__is_given_up(void **state)
{
    (void)state;
    int64_t from = clock_ticks_us();
    start(&(struct peer_plan){ .act = PEER_MUTE }, (struct dial_options){ .connect_ms = 200 }, "127.0.0.1");
    finish();
    assert_true(!opened && clock_ticks_us() - from < 2000000);
    assert_string_equal(why, "no handshake in time");
    peer_stop(peer);
}

static void dial__silence__closes_the_descriptor_itself(void **state)
{
    (void)state;
    int64_t from = clock_ticks_us();
    start(&(struct peer_plan){ .deaf = true }, (struct dial_options){ .ping_ms = 100, .silent_ms = 300 }, "127.0.0.1");
    finish(); /* peer_join too: it saw the end of the connection */
    assert_true(opened && clock_ticks_us() - from < 3000000);
    assert_string_equal(why, "the peer is silent");
    assert_non_null(strstr(peer_heard(peer), "ping ping"));
    peer_stop(peer);
}

static void dial__pongs__keep_it_alive(void **state)
{
    (void)state;
    start(&(struct peer_plan){ 0 }, (struct dial_options){ .ping_ms = 50, .silent_ms = 200 }, "127.0.0.1");
    loop_after(loop, 1000, on_late, loop);
    loop_run(loop);
    assert_true(opened && !closed);
    dial_close(dial, 1000, "");
    finish();
    peer_stop(peer);
}

static void dial__goodbye__does_not_wait_for_ever(void **state)
{
    (void)state;
    say_when_open = "x";
    start(&(struct peer_plan){ .deaf = true, .bytes = "\x81\x01x", .n = 3 }, (struct dial_options){ 0 }, "127.0.0.1");
    close_after_text = true;
    int64_t from = clock_ticks_us();
    finish();
    say_when_open = NULL;
    assert_true(clock_ticks_us() - from < 8000000);
    peer_stop(peer);
}

static void dial__broken_connection__is_told_once(void **state)
{
    (void)state;
    start(&(struct peer_plan){ .act = PEER_RESET }, (struct dial_options){ 0 }, "127.0.0.1");
    finish();
    peer_stop(peer);
    /* Nobody listens. */
    start(&(struct peer_plan){ 0 }, (struct dial_options){ .connect_ms = 1 }, "127.0.0.1");
    finish();
    peer_stop(peer);
}

static void dial__tls__trusts_the_right_name_of_a_known_authority(void **state)
{
    (void)state;
    static const char hello[] = "\x81\x05hello";
    static const struct {
        const char *name;
        bool known, opens;
    } rows[] = { { "slack.test", true, true }, { "other.test", true, false }, { "slack.test", false, false } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct peer_plan plan = { .tls_name = rows[i].name, .bytes = hello, .n = 7 };
        struct err e;
        *heard = *why = '\0';
        opened = closed = false;
        close_after_text = true;
        peer = peer_start(&plan);
        loop = loop_create(&e);
        char url[64];
        (void)snprintf(url, sizeof url, "wss://slack.test:%d/", peer_port(peer));
        struct dial_options o = { .url = url, .address = "127.0.0.1", .max_text = MAX, .connect_ms = SOON_MS,
            .ping_ms = SOON_MS, .silent_ms = SILENT_MS, .ca_file = rows[i].known ? peer_ca(peer) : NULL };
        dial = dial_open(loop, &o, &events, NULL, &e);
        finish();
        assert_int_equal(opened, rows[i].opens);
        assert_string_equal(heard, rows[i].opens ? "[hello]" : "");
        peer_stop(peer);
    }
}

/* Through the proxy, and TLS to the far end inside of it. */
static void dial__proxy__is_asked_to_connect(void **state)
{
    (void)state;
    for (int tls = 0; tls < 2; tls++) {
        struct peer_plan plan = { .proxy = true, .tls_name = tls ? "slack.test" : NULL, .bytes = "\x81\x05hello", .n = 7 };
        struct err e;
        char url[64], proxy[64];
        *heard = *why = '\0';
        opened = closed = false;
        close_after_text = true;
        peer = peer_start(&plan);
        loop = loop_create(&e);
        (void)snprintf(url, sizeof url, "%s://slack.test:8443/", tls ? "wss" : "ws");
        (void)snprintf(proxy, sizeof proxy, "http://user:word@127.0.0.1:%d", peer_port(peer));
        struct dial_options o = { .url = url, .proxy = proxy, .max_text = MAX, .connect_ms = SOON_MS,
            .ping_ms = SOON_MS, .silent_ms = SILENT_MS, .ca_file = peer_ca(peer) };
        dial = dial_open(loop, &o, &events, NULL, &e);
        finish();
        assert_string_equal(heard, "[hello]");
        assert_true(!strncmp(peer_connect(peer), "CONNECT slack.test:8443 HTTP/1.", 31));
        assert_non_null(strcasestr(peer_connect(peer), "proxy-authorization: Basic dXNlcjp3b3Jk"));
        peer_stop(peer);
    }
}

static void dial__lookup__only_where_it_is_needed(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e;
    assert_string_equal(dial_lookup(&mem, "wss://wss-primary.slack.com/link/?ticket=1", NULL), "wss-primary.slack.com:443");
    assert_string_equal(dial_lookup(&mem, "wss://wss.slack.com/", "http://u:p@proxy.example:3128"), "proxy.example:3128");
    assert_null(dial_lookup(&mem, "ws://127.0.0.1:80/", NULL));
    assert_null(dial_lookup(&mem, "ws://localhost:80/", "http://proxy.example:3128"));
    assert_null(dial_lookup(&mem, "wss://wss.slack.com/", "http://10.0.0.1:3128"));
    assert_null(dial_open(NULL, &(struct dial_options){ .url = "gopher://x" }, &events, NULL, &e));
    assert_null(dial_open(NULL, &(struct dial_options){ .url = "" }, &events, NULL, &e));
    arena_finish(&mem);
}

int main(void)
{
    log_quiet(true);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dial__talks__both_ways),
        cmocka_unit_test(dial__fragments__are_put_together_and_bounded),
        cmocka_unit_test(dial__refused_handshake__tells_the_status),
        cmocka_unit_test(dial__no_handshake__is_given_up),
        cmocka_unit_test(dial__silence__closes_the_descriptor_itself),
        cmocka_unit_test(dial__pongs__keep_it_alive),
        cmocka_unit_test(dial__goodbye__does_not_wait_for_ever),
        cmocka_unit_test(dial__broken_connection__is_told_once),
        cmocka_unit_test(dial__tls__trusts_the_right_name_of_a_known_authority),
        cmocka_unit_test(dial__proxy__is_asked_to_connect),
        cmocka_unit_test(dial__lookup__only_where_it_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
