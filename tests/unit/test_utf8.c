#include "tests/unit/t.h"

#include <string.h>
#include "bot/text/utf8.h"

static struct arena mem;

static int finish(void **state)
{
    (void)state;
    arena_finish(&mem);
    return 0;
}

static void utf8_valid__finds__the_first_bad_byte(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        bool valid;
        size_t where;
    } rows[] = {
        { "", true, 0 },
        { "a\tb\nc", true, 0 },
        { "電通👍é", true, 0 },
        { "\xF4\x8F\xBF\xBF", true, 0 },
        { "ab\xFF", false, 2 },
        { "a\xC0\xAF", false, 1 },
        { "\xE0\x80\xAF", false, 0 },
        { "x\xED\xA0\x80", false, 1 },
        { "\xF4\x90\x80\x80", false, 0 },
        { "電\xE9\x9B", false, 3 },
        { "\x80", false, 0 },
        { "a\rb", false, 1 },
        { "a\x7F", false, 1 },
        { "a\xC2\x85", false, 1 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t where = 0;
        const char *s = rows[i].s;
        assert_int_equal(utf8_valid(s, strlen(s), &where), rows[i].valid);
        assert_int_equal(where, rows[i].where);
    }
    assert_false(utf8_valid("a\0b", 3, NULL));
}

static void utf8_line__keeps__a_name_on_its_line(void **state)
{
    (void)state;
    assert_string_equal(utf8_line(&mem, "Kenji\nMika\t(admin)\x1b[31m"), "Kenji Mika (admin)\xEF\xBF\xBD[31m");
    assert_string_equal(utf8_line(&mem, "田中 健"), "田中 健");
}

static void utf8_plain__is__one_word(void **state)
{
    (void)state;
    assert_true(utf8_plain("wss://example.com/?a=1"));
    static const char *const not[] = { "", "a b", "a\tb", "a\nb", "a\rb", "a\x7f", "\xff" };
    for (size_t i = 0; i < COUNT(not); i++)
        assert_false(utf8_plain(not[i]));
}

static void utf8_scrub__replaces__bad_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "plain", "plain" },
        { "a\xFF" "b", "a\uFFFD" "b" },
        { "\xE9\x9B", "\uFFFD\uFFFD" },
        { "a\x1B[0m\r\n", "a\uFFFD[0m\uFFFD\n" },
        { "a\xC2\x9Bz", "a\uFFFDz" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(utf8_scrub(&mem, rows[i].in, strlen(rows[i].in)),
            rows[i].out);
}

static void utf8_next__walks__over_good_and_bad(void **state)
{
    (void)state;
    const char *s = "a電\xFF👍";
    static const uint32_t want[] = { 'a', 0x96FB, 0xFFFD, 0x1F44D };
    size_t i = 0, n = strlen(s);
    for (size_t k = 0; k < COUNT(want); k++)
        assert_int_equal(utf8_next(s, n, &i), want[k]);
    assert_int_equal(i, n);
    assert_int_equal(utf8_count(s), 4);
}

static void utf8_width__counts__columns(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        int width;
    } rows[] = {
        { "", 0 }, { "abc", 3 }, { "電通", 4 }, { "ﾃﾞﾝ", 3 },
        { "デ", 2 }, { "テ\u3099", 2 }, { "ＡＢ", 4 }, { "한국", 4 },
        { "e\u0301", 1 }, { "·≈…○×※", 6 }, { "👍", 2 }, { "👍🏽", 2 },
        { "❤\uFE0F", 2 }, { "❤", 1 }, { "👩\u200D💻", 2 }, { "🇯🇵", 2 },
        { "สวัสดี", 4 }, { "a\u200Bb", 2 }, { "1\uFE0F", 1 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(utf8_width(rows[i].s), rows[i].width);
}

static void utf8_fit__cuts__between_graphemes(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        int max;
        const char *out;
    } rows[] = {
        { "Aoba CMS", 8, "Aoba CMS" }, { "Aoba CMS", 7, "Aoba C…" },
        { "電通デジタル", 12, "電通デジタル" }, { "電通デジタル", 7, "電通デ…" },
        { "電通デジタル", 8, "電通デ…" }, { "e\u0301e\u0301e\u0301", 2, "e\u0301…" },
        { "👩\u200D💻👩\u200D💻", 3, "👩\u200D💻…" }, { "電通", 1, "…" },
        { "電通", 0, "" }, { "", 0, "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(utf8_fit(&mem, rows[i].in, rows[i].max), rows[i].out);
}

static void utf8_script__names__the_script(void **state)
{
    (void)state;
    static const struct {
        uint32_t c;
        enum script script;
    } rows[] = {
        { 'a', SCRIPT_LATIN }, { 'Z', SCRIPT_LATIN }, { 0xE9, SCRIPT_LATIN },
        { '7', SCRIPT_DIGIT }, { 0xE57, SCRIPT_DIGIT }, { 0x7530, SCRIPT_HAN },
        { 0x3005, SCRIPT_HAN }, { 0x3007, SCRIPT_HAN },
        { 0x3042, SCRIPT_HIRAGANA },
        { 0x30A2, SCRIPT_KATAKANA }, { 0x30FC, SCRIPT_KATAKANA },
        { 0xAE40, SCRIPT_HANGUL },
        { 0xE01, SCRIPT_THAI }, { 0xE31, SCRIPT_THAI }, { ' ', SCRIPT_SPACE },
        { '\n', SCRIPT_SPACE }, { 0x3000, SCRIPT_SPACE }, { '-', SCRIPT_PUNCT },
        { 0x3001, SCRIPT_PUNCT }, { 0x30FB, SCRIPT_PUNCT }, { 0xA5, SCRIPT_PUNCT },
        { 0x1F44D, SCRIPT_PUNCT }, { 0x418, SCRIPT_OTHER }, { 0, SCRIPT_OTHER },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(utf8_script(rows[i].c), rows[i].script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_valid__finds__the_first_bad_byte),
        cmocka_unit_test(utf8_line__keeps__a_name_on_its_line),
        cmocka_unit_test(utf8_plain__is__one_word),
        cmocka_unit_test(utf8_scrub__replaces__bad_bytes),
        cmocka_unit_test(utf8_next__walks__over_good_and_bad),
        cmocka_unit_test(utf8_width__counts__columns),
        cmocka_unit_test(utf8_fit__cuts__between_graphemes),
        cmocka_unit_test(utf8_script__names__the_script),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
