/* The web chat's pure parts: frames from a hostile browser, names we go by. */
#include "tests/unit/t.h"

#include <stdlib.h>
#include <string.h>
#include "bot/transport/web_frame.h"
#include "bot/transport/web_private.h"
#include "bot/transport/web_secret.h"

static void web_frame_decode__reads__what_the_page_sends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum web_frame_kind kind;
        const char *id, *said, *as;
        int64_t number;
    } rows[] = {
        { "{\"t\":\"hello\",\"v\":1}", WEB_HELLO, NULL, NULL, NULL, 0 },
        { "{\"t\":\"hello\",\"v\":1,\"as\":\"kenji\",\"after\":41,\"new\":[1]}", WEB_HELLO,
            NULL, NULL, "kenji", 41 },
        { "{\"t\":\"say\",\"id\":\"a-1\",\"text\":\"電話 田中様：ok\"}", WEB_SAY, "a-1",
            "電話 田中様：ok", NULL, 0 },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\"met Acme\\r\\nsilent\\tCFO\"}", WEB_SAY, "a",
            "met Acme\nsilent\tCFO", NULL, 0 },
        { "{\"t\":\"older\",\"before\":12}", WEB_OLDER, NULL, NULL, NULL, 12 },
        { "{\"t\":\"newer\",\"after\":7}", WEB_NEWER, NULL, NULL, NULL, 7 },
        { " {\"t\":\"older\",\"before\":57} ", WEB_OLDER, NULL, NULL, NULL, 57 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena mem = ARENA_INIT;
        struct web_frame f;
        struct err e = { 0 };
        if (!web_frame_decode(&mem, rows[i].text, strlen(rows[i].text), &f, &e))
            fail_msg("%s: %s", rows[i].text, e.why);
        assert_int_equal(f.kind, rows[i].kind);
        assert_int_equal(f.number, rows[i].number);
        if (rows[i].id)
            assert_string_equal(f.id, rows[i].id);
        if (rows[i].said)
            assert_string_equal(f.text, rows[i].said);
        if (rows[i].as)
            assert_string_equal(f.as, rows[i].as);
        arena_finish(&mem);
    }
}

static void web_frame_decode__refuses__with_a_code(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code, *id;
    } rows[] = {
        { "", "bad_frame", NULL },
        { "nonsense", "bad_frame", NULL },
        { "[]", "bad_frame", NULL },
        { "{}", "bad_frame", NULL },
        { "{\"t\":1}", "bad_frame", NULL },
        { "{\"t\":\"dance\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"t\":\"older\"}", "bad_frame", NULL },
        { "{\"t\":\"hello\"}", "old_page", NULL },
        { "{\"t\":\"hello\",\"v\":99}", "old_page", NULL },
        { "{\"t\":\"hello\",\"v\":1,\"as\":7}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"text\":\"no id\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"id\":7,\"text\":\"x\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"id\":\"a b\",\"text\":\"x\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"id\":\"\\\"\",\"text\":\"x\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"id\":\"a\"}", "bad_frame", "a" },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\" \\n \"}", "empty", "a" },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\"\\u0007\"}", "control", "a" },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\"x\\u0000y\"}", "bad_frame", NULL },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\"\xff\"}", "not_utf8", NULL },
        { "{\"t\":\"say\",\"id\":\"a\",\"text\":\"\\ud800\"}", "bad_frame", NULL },
        { "{\"t\":\"older\"}", "bad_frame", NULL },
        { "{\"t\":\"older\",\"before\":-1}", "bad_frame", NULL },
        { "{\"t\":\"newer\",\"after\":\"7\"}", "bad_frame", NULL },
        { "{\"t\":\"older\",\"before\":\"7\"}", "bad_frame", NULL },
        { "{\"t\":\"older\",\"before\":99999999999999999999}", "bad_frame", NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena mem = ARENA_INIT;
        struct web_frame f;
        struct err e = { 0 };
        if (web_frame_decode(&mem, rows[i].text, strlen(rows[i].text), &f, &e))
            fail_msg("%s was taken", rows[i].text);
        if (strcmp(web_frame_code(&e), rows[i].code) != 0)
            fail_msg("%s: %s", rows[i].text, web_frame_code(&e));
        if (rows[i].id)
            assert_string_equal(f.id, rows[i].id);
        else
            assert_null(f.id);
        arena_finish(&mem);
    }
}

static void web_frame_decode__survives__depth_and_length(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct web_frame f;
    struct err e = { 0 };
    size_t n = WEB_FRAME_MAX;
    char *s = malloc(n + 1);
    assert_non_null(s);
    memset(s, '[', n);
    assert_false(web_frame_decode(&mem, s, n, &f, &e));
    assert_string_equal(web_frame_code(&e), "bad_frame");
    assert_false(web_frame_decode(&mem, s, n + 1, &f, &e));
    assert_string_equal(web_frame_code(&e), "too_long");
    static const char head[] = "{\"t\":\"say\",\"id\":\"a\",\"text\":\"";
    memset(s, 'x', n);
    memcpy(s, head, sizeof head - 1);
    memcpy(s + sizeof head - 1 + WEB_TEXT_MAX + 1, "\"}", 2);
    assert_false(web_frame_decode(&mem, s, sizeof head - 1 + WEB_TEXT_MAX + 3, &f, &e));
    assert_string_equal(web_frame_code(&e), "too_long");
    assert_string_equal(f.id, "a");
    memcpy(s + sizeof head - 1 + WEB_TEXT_MAX, "\"}", 2);
    assert_true(web_frame_decode(&mem, s, sizeof head - 1 + WEB_TEXT_MAX + 2, &f, &e));
    free(s);
    arena_finish(&mem);
}

static void web_site__knows__its_own_names(void **state)
{
    (void)state;
    static const struct {
        const char *listen, *public_url, *host, *origin;
        bool host_ok, origin_ok;
    } rows[] = {
        { "127.0.0.1:8787", NULL, "127.0.0.1:8787", "http://127.0.0.1:8787", true, true },
        { "127.0.0.1:8787", NULL, "LOCALHOST:8787", "http://localhost:8787", true, true },
        { "127.0.0.1:8787", NULL, "[::1]:8787", "http://[::1]:8787", true, true },
        { "127.0.0.1:8787", NULL, "127.0.0.1", "http://127.0.0.1", false, false },
        { "127.0.0.1:8787", NULL, "127.0.0.1:8788", "http://127.0.0.1:8788", false, false },
        { "127.0.0.1:8787", NULL, "127.0.0.1:8787", "https://127.0.0.1:8787", true, false },
        { "127.0.0.1:80", NULL, "localhost", "http://localhost", true, true },
        { "127.0.0.1:8787", NULL, "evil.example:8787", "http://evil.example:8787", false,
            false },
        { "127.0.0.1:8787", NULL, "localhost.evil.example:8787",
            "http://localhost.evil.example:8787", false, false },
        { "127.0.0.1:8787", NULL, "localhost:8787@evil.example",
            "http://localhost:8787@evil.example", false, false },
        { "127.0.0.1:8787", NULL, "localhost:8787.", "http://localhost:8787/", false, false },
        { "127.0.0.1:8787", NULL, "localhost:878700", "null", false, false },
        { "127.0.0.1:8787", NULL, "", "", false, false },
        { "127.0.0.1:8787", NULL, NULL, NULL, false, false },
        { "127.0.0.1:8787", NULL, "[", "http://[", false, false },
        { "0.0.0.0:8787", NULL, "0.0.0.0:8787", "http://0.0.0.0:8787", false, false },
        { "0.0.0.0:8787", NULL, "localhost:8787", "http://localhost:8787", true, true },
        { "192.0.2.7:8787", NULL, "192.0.2.7:8787", "http://192.0.2.7:8787", true, true },
        { "127.0.0.1:8787", "https://chat.example.com", "chat.example.com",
            "https://chat.example.com", true, true },
        { "127.0.0.1:8787", "https://chat.example.com/", "chat.example.com:443",
            "https://chat.example.com:443", true, true },
        { "127.0.0.1:8787", "https://chat.example.com", "chat.example.com:8787",
            "http://chat.example.com", false, false },
        { "127.0.0.1:8787", "http://chat.example.com:8080", "chat.example.com:8080",
            "http://chat.example.com:8080", true, true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct web_site site;
        struct err e = { 0 };
        if (!web_site_init(&site, rows[i].listen, false, rows[i].public_url, &e))
            fail_msg("%zu: %s", i, e.why);
        if (web_site_host_ok(&site, rows[i].host) != rows[i].host_ok)
            fail_msg("host %s", rows[i].host ? rows[i].host : "(none)");
        if (web_site_origin_ok(&site, rows[i].origin) != rows[i].origin_ok)
            fail_msg("origin %s", rows[i].origin ? rows[i].origin : "(none)");
    }
}

static void web_site__over_tls__is_https_alone(void **state)
{
    (void)state;
    struct web_site site;
    struct err e = { 0 };
    assert_true(web_site_init(&site, "0.0.0.0:443", true, "https://chat.example.com", &e));
    assert_true(web_site_host_ok(&site, "localhost"));
    assert_true(web_site_host_ok(&site, "127.0.0.1:443"));
    assert_false(web_site_host_ok(&site, "localhost:80"));
    assert_true(web_site_origin_ok(&site, "https://localhost"));
    assert_true(web_site_origin_ok(&site, "https://chat.example.com"));
    assert_false(web_site_origin_ok(&site, "http://localhost:443"));
    assert_false(web_site_origin_ok(&site, "http://chat.example.com"));
}

static void web_site__refuses__bad_urls(void **state)
{
    (void)state;
    static const char *const urls[] = { "chat.example.com", "ftp://x", "https://", "https://x/y",
        "https://x:y", "https://a@b", "https://x:99999999" };
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct web_site site;
        struct err e = { 0 };
        if (web_site_init(&site, "127.0.0.1:8787", false, urls[i], &e))
            fail_msg("%s was taken", urls[i]);
        assert_int_equal(e.code, ERR_USAGE);
    }
}

static void web_cookie__finds__only_ours(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    assert_string_equal(web_cookie(&mem, "a=b; nemawashi=0f3c; c=d"), "0f3c");
    assert_string_equal(web_cookie(&mem, "nemawashi=x_-9"), "x_-9");
    assert_null(web_cookie(&mem, NULL));
    assert_null(web_cookie(&mem, ""));
    assert_null(web_cookie(&mem, "xnemawashi=1"));
    assert_null(web_cookie(&mem, "nemawashi=; a=b"));
    assert_null(web_cookie(&mem, "nemawashi=a'b"));
    arena_finish(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(web_frame_decode__reads__what_the_page_sends),
        cmocka_unit_test(web_frame_decode__refuses__with_a_code),
        cmocka_unit_test(web_frame_decode__survives__depth_and_length),
        cmocka_unit_test(web_site__knows__its_own_names),
        cmocka_unit_test(web_site__over_tls__is_https_alone),
        cmocka_unit_test(web_site__refuses__bad_urls),
        cmocka_unit_test(web_cookie__finds__only_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
