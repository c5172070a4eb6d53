#include "tests/unit/t.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/message.h"

static void assert_formats(const char *locale, const char *pattern,
    const struct msg_arg *args, const char *want)
{
    char why[80] = "";
    struct message *m = message_create(locale, pattern, why, sizeof why);
    assert_non_null(m);
    char *text = message_format(m, args);
    if (want)
        assert_string_equal(text, want);
    else
        assert_null(text);
    free(text);
    message_destroy(m);
}

static void message_format__fills_in__named_arguments(void **state)
{
    (void)state;
    assert_formats("en", "Hello {who}!", ARGS(TXT("who", "Mika")), "Hello Mika!");
    assert_formats("ja", "{who}さん、{n}回", ARGS(NUM("n", 3), TXT("who", "美香")),
        "美香さん、3回");
    assert_formats("en", "It''s {who}", ARGS(TXT("who", "'{x}'")), "It's '{x}'");
    assert_formats("en", "{n, number, integer}", ARGS(NUM("n", 12345)), "12,345");
    assert_formats("en", "{r, number, ::percent .0 scale/100}", ARGS(REAL("r", 0.125)),
        "12.5%");
    assert_formats("en", "[{who}]", ARGS(TXT("who", NULL)), "[]");
}

static void message_format__chooses__plural_and_select(void **state)
{
    (void)state;
    const char *calls = "{n, plural, =0 {no calls} one {# call by {who}} "
                        "other {# calls}}";
    assert_formats("en", calls, ARGS(NUM("n", 0), TXT("who", "M")), "no calls");
    assert_formats("en", calls, ARGS(NUM("n", 1), TXT("who", "M")), "1 call by M");
    assert_formats("en", calls, ARGS(NUM("n", 1200), TXT("who", "M")), "1,200 calls");
    assert_formats("ja", "{n, plural, other {#回}}", ARGS(NUM("n", 1)), "1回");
    const char *stance = "{s, select, for {yes} against {no} other {?}}";
    assert_formats("en", stance, ARGS(TXT("s", "against")), "no");
    assert_formats("en", stance, ARGS(TXT("s", "later")), "?");
}

static void message_format__never_crashes__on_wrong_arguments(void **state)
{
    (void)state;
    assert_formats("en", "{n, plural, one {#} other {#s}}", ARGS(TXT("n", "x")), NULL);
    assert_formats("en", "{who}: {n}", ARGS(NUM("n", 1)), "{who}: 1");
    assert_formats("en", "{who}", NULL, "{who}");
}

static void message_create__says_why__for_bad_patterns(void **state)
{
    (void)state;
    static const char *const rows[] = { "{", "{n, plural, one {x}}", "{n, wrong}",
        "{a b}" };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char why[80] = "";
        assert_null(message_create("en", rows[i], why, sizeof why));
        assert_string_not_equal(why, "");
    }
    assert_null(message_create("en", "{", NULL, 0));
}

static void message_args__lists__nested_names_once(void **state)
{
    (void)state;
    struct message *m = message_create("en",
        "{who} {n, plural, one {{what}} other {{s, select, a {{deep}} other {{who}}}}}",
        NULL, 0);
    const char *names[8];
    static const char *const want[] = { "who", "n", "what", "s", "deep" };
    assert_int_equal(message_args(m, names, 8), COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++)
        assert_string_equal(names[i], want[i]);
    assert_int_equal(message_args(m, names, 2), 2);
    message_destroy(m);
    message_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(message_format__fills_in__named_arguments),
        cmocka_unit_test(message_format__chooses__plural_and_select),
        cmocka_unit_test(message_format__never_crashes__on_wrong_arguments),
        cmocka_unit_test(message_create__says_why__for_bad_patterns),
        cmocka_unit_test(message_args__lists__nested_names_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
