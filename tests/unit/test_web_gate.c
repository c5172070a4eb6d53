/* Who counts as one address and how often it may knock; what a browser is called. */
#include "tests/unit/t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/transport/web_device.h"
#include "bot/transport/web_gate.h"

static void web_gate_address__is__whom_the_proxy_saw(void **state)
{
    (void)state;
    static const struct {
        const char *peer, *forwarded;
        bool loopback, proxied;
        const char *is;
    } rows[] = {
        { "192.0.2.7", NULL, false, false, "192.0.2.7" },
        { "::ffff:192.0.2.7", NULL, false, false, "192.0.2.7" },
        { "2001:db8:1:2:3:4:5:6", NULL, false, false, "2001:db8:1:2::" },
        { "192.0.2.7", "198.51.100.1", false, true, "192.0.2.7" }, /* no proxy of ours */
        { "127.0.0.1", NULL, true, true, "" },
        { "127.0.0.1", "198.51.100.1", true, false, "" }, /* anybody here may write that */
        { "127.0.0.1", "198.51.100.1", true, true, "198.51.100.1" },
        { "127.0.0.1", "203.0.113.9, 198.51.100.1 ", true, true, "198.51.100.1" },
        { "127.0.0.1", "203.0.113.9,2001:db8::1", true, true, "2001:db8::" },
        { "127.0.0.1", "unknown", true, true, "?" },
        { "127.0.0.1", "203.0.113.9,", true, true, "?" },
        { "127.0.0.1", "1234567890123456789012345678901234567890123456789012345678901234567890", true, true, "?" },
        { "nonsense", NULL, false, false, "?" },
        { NULL, NULL, false, false, "?" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[GATE_ADDRESS];
        const struct serve_request rq = { .address = rows[i].peer, .forwarded = rows[i].forwarded,
            .loopback = rows[i].loopback };
        web_gate_address(&rq, rows[i].proxied, out);
        if (strcmp(out, rows[i].is) != 0)
            fail_msg("%s of %s: '%s'", rows[i].forwarded ? rows[i].forwarded : "-", rows[i].peer ? rows[i].peer : "-", out);
    }
}

static int passes(struct web_gate *g, enum web_knock what, const char *address, int64_t now_ms)
{
    int n = 0;
    while (n < 100000 && web_gate_pass(g, what, address, now_ms))
        n++;
    return n;
}

static void web_gate_pass__lets__a_minutes_worth_in(void **state)
{
    (void)state;
    struct web_gate *g = calloc(1, sizeof *g);
    assert_non_null(g);
    int64_t now = 1000000;
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.1", now), 20);
    assert_int_equal(passes(g, KNOCK_OPEN, "192.0.2.1", now), 400); /* each by itself */
    assert_int_equal(passes(g, KNOCK_FRAME, "192.0.2.1", now), 3000);
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.2", now), 20);
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.1", now + 30000), 10);
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.1", now + 1000000000), 20); /* never more at once */
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.1", now), 0); /* a clock that was put back gives nothing */
    /* This machine: its logins are counted, its pages are not. */
    assert_int_equal(passes(g, KNOCK_LOGIN, "", now), 20);
    assert_int_equal(passes(g, KNOCK_OPEN, "", now), 100000);
    free(g);
}

static void web_gate_pass__forgets__whoever_was_seen_longest_ago(void **state)
{
    (void)state;
    struct web_gate *g = calloc(1, sizeof *g);
    assert_non_null(g);
    char address[GATE_ADDRESS];
    assert_int_equal(passes(g, KNOCK_LOGIN, "192.0.2.1", 1000), 20);
    for (int i = 0; i < GATE_SLOTS - 1; i++) {
        (void)snprintf(address, sizeof address, "10.0.%d.%d", i / 256, i % 256);
        assert_true(web_gate_pass(g, KNOCK_LOGIN, address, 1001));
    }
    assert_false(web_gate_pass(g, KNOCK_LOGIN, "192.0.2.1", 1001)); /* still there */
    assert_true(web_gate_pass(g, KNOCK_LOGIN, "10.1.0.0", 1002));   /* in the oldest's place */
    assert_int_equal(passes(g, KNOCK_LOGIN, "10.1.0.0", 1002), 19);
    free(g);
}

static void web_device__names__browser_and_system(void **state)
{
    (void)state;
    static const struct {
        const char *header, *is;
    } rows[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Chrome/Windows" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "Edge/Windows" },
        { "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            "Samsung Internet/Android" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari/iPhone" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari Line/14.19.0",
            "LINE/iPhone" },
        { "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
            "Chrome/iPad" },
        { "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox/macOS" },
        { "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Chrome/ChromeOS" },
        { "Mozilla/5.0 (X11; Linux x86_64)", "Linux" },
        { "curl/7.88.1", "" },
        { "<script>alert('Chrome/')</script>", "Chrome" }, /* our word, never theirs */
        { "", "" },
        { NULL, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[WEB_DEVICE];
        web_device(rows[i].header, out);
        assert_string_equal(out, rows[i].is);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(web_gate_address__is__whom_the_proxy_saw),
        cmocka_unit_test(web_gate_pass__lets__a_minutes_worth_in),
        cmocka_unit_test(web_gate_pass__forgets__whoever_was_seen_longest_ago),
        cmocka_unit_test(web_device__names__browser_and_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
