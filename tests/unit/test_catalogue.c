#include "tests/unit/t.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/text/catalogue.h"
#include "bot/text/fold.h"

static struct arena mem;
static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/catalogue-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static void drop(const char *file)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    (void)unlink(path);
}

static int remove_dir(void **state)
{
    (void)state;
    drop("en.json");
    drop("ja.json");
    arena_finish(&mem);
    return rmdir(dir);
}

static void write_file(const char *file, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* A locale file with the given messages, commands and lexicon. */
static void write_locale(const char *tag, const char *messages, const char *commands,
    const char *lexicon)
{
    write_file(arena_printf(&mem, "%s.json", tag),
        arena_printf(&mem,
            "{\"locale\":\"%s\",\"name\":\"x\",\"messages\":{%s},\"commands\":{%s},"
            "\"kpi\":{},\"import\":{},\"lexicon\":{%s}}",
            tag, messages, commands, lexicon));
}

static struct catalogue *open_dir(void)
{
    struct err e;
    struct catalogue *c = catalogue_open(dir, &e);
    assert_non_null(c);
    return c;
}

static void catalogue_check__accepts__what_is_shipped(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct catalogue *c = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(c);
    if (!catalogue_check(c, &e))
        fail_msg("%s", e.why);
    assert_string_equal(catalogue_locale(c, 0), "en");
    assert_true(catalogue_has_locale(c, "ja-JP"));
    catalogue_close(c);
}

static void catalogue_open__names_the_mend__without_files(void **state)
{
    (void)state;
    struct err e;
    assert_null(catalogue_open("/nonexistent/locales", &e));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_non_null(strstr(e.why, "/nonexistent/locales"));
    assert_non_null(strstr(e.why, "NEMAWASHI_SHARE"));
    write_locale("en", "", "", "");
    write_file("ja.json", "{\"locale\":");
    assert_null(catalogue_open(dir, &e));
    assert_int_equal(e.code, ERR_USAGE);
    assert_non_null(strstr(e.why, "ja.json"));
    catalogue_close(NULL);
}

static void catalogue_check__refuses__locales_that_differ(void **state)
{
    (void)state;
    static const struct {
        const char *en, *ja, *en_commands, *ja_commands, *en_words, *ja_words, *why;
    } rows[] = {
        { "\"a\":\"{x}\"", "\"a\":\"{y}\"", "", "", "", "", "{y} not in en.json" },
        { "\"a\":\"{x}\"", "\"a\":\"-\"", "", "", "", "", "{x} missing" },
        { "\"a\":\"x\"", "", "", "", "", "", "messages.a: missing" },
        { "", "\"a\":\"x\"", "", "", "", "", "messages.a: not in en.json" },
        { "\"a\":\"{\"", "\"a\":\"x\"", "", "", "", "", "en.json: messages.a" },
        { "\"a\":1", "\"a\":1", "", "", "", "", "not a string" },
        { "", "", "\"t\":{\"summary\":\"x\"}", "\"t\":{}", "", "",
            "commands.t.summary" },
        { "", "", "\"t\":{\"w\":[\"x\"]}", "\"t\":{\"w\":\"x\"}", "", "",
            "another type" },
        { "", "", "", "", "\"k\":{\"v\":[\"x\"]}", "\"k\":{\"v\":[1]}", "lexicon.k.v" },
        { "", "", "", "", "\"k\":{\"v\":[]}", "\"k\":{\"w\":[]}",
            "lexicon.k.v: missing" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        write_locale("en", rows[i].en, rows[i].en_commands, rows[i].en_words);
        write_locale("ja", rows[i].ja, rows[i].ja_commands, rows[i].ja_words);
        struct catalogue *c = open_dir();
        struct err e = { 0 };
        assert_false(catalogue_check(c, &e));
        if (!strstr(e.why, rows[i].why))
            fail_msg("'%s' does not say '%s'", e.why, rows[i].why);
        catalogue_close(c);
    }
}

static struct catalogue *open_sample(void)
{
    write_locale("en",
        "\"hi\":\"Hi {who}\",\"only\":\"English\","
        "\"n\":\"{n, plural, one {# x} other {# xs}}\","
        "\"quote\":\"it''s\"",
        "\"touch\":{\"summary\":\"Log\",\"words\":[\"touch\",\"t\"]},"
        "\"deal.move\":{\"summary\":\"Move\"}",
        "\"channel\":{\"phone\":[\"phone\",\"call\",\"tel\"],\"zoom\":[\"Zoom\"]},"
        "\"outcome\":{\"none\":[\"no answer\",\"no\"],\"left\":[\"call\"]},"
        "\"when.unit\":{\"hour\":[\"h\"]}");
    write_locale("ja", "\"hi\":\"{who}さん\"", "\"touch\":{\"summary\":\"記録\"}",
        "\"channel\":{\"phone\":[\"電話\",\"でんわ\"],\"zoom\":[\"zoom\",\"ズーム\"],"
        "\"met\":[\"商談 移動\",\"web 会議\",\"전화\"]}");
    return open_dir();
}

static void catalogue_text__falls_back__to_english_then_key(void **state)
{
    (void)state;
    struct catalogue *c = open_sample();
    const struct msg_arg *who = ARGS(TXT("who", "Mika"));
    int ja = catalogue_find_locale(c, "ja-JP");
    assert_int_equal(ja, 1);
    assert_int_equal(catalogue_find_locale(c, "JA"), 1);
    assert_int_equal(catalogue_find_locale(c, "th"), 0);
    assert_int_equal(catalogue_find_locale(c, "jam"), 0);
    assert_int_equal(catalogue_find_locale(c, NULL), 0);
    for (int again = 0; again < 2; again++) {
        assert_string_equal(catalogue_text(c, &mem, 0, "hi", who), "Hi Mika");
        assert_string_equal(catalogue_text(c, &mem, ja, "hi", who), "Mikaさん");
    }
    assert_string_equal(catalogue_text(c, &mem, ja, "only", NO_ARGS), "English");
    assert_string_equal(catalogue_text(c, &mem, 7, "only", NO_ARGS), "English");
    assert_string_equal(catalogue_text(c, &mem, 0, "quote", NO_ARGS), "it's");
    assert_string_equal(catalogue_text(c, &mem, 0, "absent", NO_ARGS), "absent");
    assert_string_equal(catalogue_text(c, &mem, 0, "n", ARGS(TXT("n", "x"))),
        "{n, plural, one {# x} other {# xs}}");
    assert_true(catalogue_has(c, 0, "only"));
    assert_false(catalogue_has(c, ja, "only"));
    catalogue_close(c);
}

static void catalogue_string__finds__paths_with_dots(void **state)
{
    (void)state;
    struct catalogue *c = open_sample();
    assert_string_equal(catalogue_string(c, 1, "commands.touch.summary"), "記録");
    assert_string_equal(catalogue_string(c, 0, "commands.deal.move.summary"), "Move");
    assert_null(catalogue_string(c, 1, "commands.deal.move.summary"));
    assert_null(catalogue_string(c, 0, "commands.touch.words"));
    assert_int_equal(catalogue_list(c, 0, "commands.touch.words"), 2);
    assert_string_equal(catalogue_item(c, 0, "commands.touch.words", 1), "t");
    assert_null(catalogue_item(c, 0, "commands.touch.words", 2));
    assert_int_equal(catalogue_list(c, 0, "lexicon.when.unit.hour"), 1);
    assert_string_equal(catalogue_word(c, 1, "channel", "phone"), "電話");
    assert_string_equal(catalogue_word(c, 1, "outcome", "none"), "no answer");
    assert_string_equal(catalogue_word(c, 1, "outcome", "odd"), "odd");
    const char *values[4];
    assert_int_equal(catalogue_values(c, "channel", values, 4), 2);
    assert_string_equal(values[0], "phone");
    assert_string_equal(values[1], "zoom");
    assert_int_equal(catalogue_values(c, "channel", values, 1), 1);
    assert_int_equal(catalogue_values(c, "nothing", values, 4), 0);
    catalogue_close(c);
}

static void catalogue_match__finds__longest_first(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        const char *want; /* kind/value/locale/length, … */
    } rows[] = {
        { "met by phone today", 7, "channel/phone/0/5 " },
        { "call", 0, "channel/phone/0/4 outcome/left/0/4 " },
        { "called", 0, "" },
        { "call2", 0, "channel/phone/0/4 outcome/left/0/4 " },
        { "no answer.", 0, "outcome/none/0/9 outcome/none/0/2 " },
        { "no  answer", 0, "outcome/none/0/2 " },
        { "noanswer", 0, "" },
        { "電話で", 0, "channel/phone/1/6 " },
        { "zoom会議", 0, "channel/zoom/0/4 " },
        { "ズームで", 0, "channel/zoom/1/9 " },
        { "商談移動", 0, "channel/met/1/12 " },
        { "商談 移動", 0, "channel/met/1/13 " },
        { "web会議", 0, "channel/met/1/9 " },
        { "전화 했", 0, "channel/met/1/6 " },
        { "전화를", 0, "" },
        { "1h30", 1, "when.unit/hour/0/1 " },
        { "phone", 5, "" },
        { "", 0, "" },
    };
    struct catalogue *c = open_sample();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct word found[4];
        const char *s = rows[i].text;
        int n = catalogue_match(c, s, strlen(s), rows[i].at, found, 4);
        struct buf b = BUF_ON(&mem);
        for (int k = 0; k < n; k++)
            buf_printf(&b, "%s/%s/%d/%zu ", found[k].kind, found[k].value,
                found[k].locale, found[k].len);
        assert_string_equal(buf_str(&b), rows[i].want);
    }
    struct word one;
    assert_int_equal(catalogue_match(c, "no answer", 9, 0, &one, 1), 1);
    assert_int_equal(one.len, 9);
    catalogue_close(c);
}

static void *format_often(void *arg)
{
    const struct catalogue *c = arg;
    struct arena own = ARENA_INIT;
    bool right = true;
    for (int i = 0; i < 200; i++) {
        const char *s = catalogue_text(c, &own, 0, "n", ARGS(NUM("n", i)));
        char want[16];
        (void)snprintf(want, sizeof want, i == 1 ? "%d x" : "%d xs", i);
        right = right && strcmp(s, want) == 0;
    }
    arena_finish(&own);
    return right ? arg : NULL;
}

static void catalogue_text__formats__on_several_threads(void **state)
{
    (void)state;
    struct catalogue *c = open_sample();
    pthread_t threads[3];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, format_often, c), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *result = NULL;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_non_null(result);
    }
    catalogue_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catalogue_check__accepts__what_is_shipped),
        cmocka_unit_test(catalogue_open__names_the_mend__without_files),
        cmocka_unit_test(catalogue_check__refuses__locales_that_differ),
        cmocka_unit_test(catalogue_text__falls_back__to_english_then_key),
        cmocka_unit_test(catalogue_string__finds__paths_with_dots),
        cmocka_unit_test(catalogue_match__finds__longest_first),
        cmocka_unit_test(catalogue_text__formats__on_several_threads),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
