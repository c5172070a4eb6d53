/* Replies as Block Kit: what each part becomes, and that nothing, however large or odd,
 * goes past a limit or means anything that a person did not. */
#include <string.h>
#include "tests/slack_limits.h"
#include "tests/unit/t.h"
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/catalogue.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_blocks.h"
#include "bot/transport/slack_form.h"

static struct arena mem;
static struct catalogue *words;

static json_t *reply_of(const char *title)
{
    return json_pack("{s:s, s:s, s:s, s:[], s:[], s:[], s:b}", "title", title, "text", title,
        "locale", "en", "parts", "buttons", "quick", "private", 0);
}

static void add(json_t *reply, const char *list, json_t *what)
{
    (void)json_array_append_new(json_at(reply, list), what);
}

/* As it would be posted; checked. */
static json_t *render(const json_t *reply)
{
    struct slack_page p = slack_page_open(&mem, words, false);
    slack_page_add(&p, reply);
    json_t *message = json_pack("{s:s, s:o}", "text", slack_plain(&mem, reply), "blocks", p.blocks);
    char *wrong = slack_limits_message(&mem, message);
    if (wrong)
        fail_msg("%s\n%s", wrong, json_print(&mem, message));
    return message;
}

static const char *repeat(const char *piece, int n)
{
    struct buf b = BUF_ON(&mem);
    buf_puts(&b, "");
    while (n-- > 0)
        buf_puts(&b, piece);
    return b.s;
}

static int count(const json_t *message, const char *type)
{
    int n = 0;
    size_t i;
    json_t *b;
    json_array_foreach(json_at(message, "blocks"), i, b)
        n += !strcmp(json_text(b, "type"), type);
    return n;
}

static bool shows(const json_t *message, const char *text)
{
    return strstr(json_print(&mem, json_at(message, "blocks")), text) != NULL;
}

static void blocks__echo__is_a_sentence_with_buttons(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("T1 · Zoom · Acme");
    add(r, "parts", json_pack("{s:s, s:s}", "kind", "note", "text", "*legal* <!channel> & _more_"));
    add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", "Undo", "say", "undo T1", "style", "quiet"));
    add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", "Edit", "say", "edit T1 ", "style", "fill"));
    AUTO_JSON m = render(r);
    assert_int_equal(count(m, "header"), 0);
    assert_true(shows(m, "rich_text_quote") && shows(m, "*legal* <!channel> & _more_")); /* inert there */
    assert_true(shows(m, "\"say:0\"") && shows(m, "\"fill:1\""));
}

static void blocks__card__has_a_head_fields_and_a_table(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("Win rate");
    add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}]}", "kind", "fields", "fields", "label", "Won <b>", "value", "3 & 4"));
    add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}, {s:s, s:s}], s:[[s, s], [s, s]]}", "kind", "table",
        "columns", "label", "", "align", "left", "label", "Won", "align", "right", "rows", "Acme", "3", "", "4"));
    AUTO_JSON m = render(r);
    assert_int_equal(count(m, "header"), 1);
    assert_int_equal(count(m, "table"), 1);
    assert_true(shows(m, "*Won &lt;b&gt;*\\n3 &amp; 4"));
    json_t *fields = json_at(json_array_get(json_at(r, "parts"), 0), "fields");
    for (int i = 0; i < 24; i++)
        (void)json_array_append_new(fields, json_pack("{s:s, s:s}", "label", "More", "value", ""));
    AUTO_JSON more = render(r);
    assert_int_equal(count(more, "section"), 3); /* ten a section */
}

/* One table a message: the next ones are lines. */
static void blocks__second_table__is_text(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("x");
    for (int i = 0; i < 2; i++)
        add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}], s:[[s]]}", "kind", "table", "columns",
            "label", "", "align", "left", "rows", "cell"));
    AUTO_JSON m = render(r);
    assert_int_equal(count(m, "table"), 1);
    assert_true(shows(m, "rich_text_preformatted"));
}

static void blocks__many_buttons__go_into_a_menu(void **state)
{
    (void)state;
    static const struct {
        int n;
        const char *menu;
    } rows[] = { { 5, NULL }, { 6, "overflow" }, { 9, "overflow" }, { 10, "static_select" }, { 300, "static_select" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        AUTO_JSON r = reply_of("x");
        for (int k = 0; k < rows[i].n; k++)
            add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", "Button", "say", "say it", "style", "primary"));
        AUTO_JSON m = render(r);
        bool menu = shows(m, "overflow") || shows(m, "static_select");
        assert_true(menu == (rows[i].menu != NULL) && (!rows[i].menu || shows(m, rows[i].menu)));
    }
}

static void blocks__list_of_records__has_a_select(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("Deals");
    json_t *items = json_array();
    for (int i = 0; i < 150; i++)
        (void)json_array_append_new(items, json_pack("{s:s, s:s, s:s}", "text", "D1 Acme CMS", "say", "show D1", "note", "said"));
    add(r, "parts", json_pack("{s:s, s:o}", "kind", "list", "items", items));
    AUTO_JSON m = render(r);
    assert_true(shows(m, "rich_text_list") && shows(m, "static_select") && shows(m, "“said”"));
}

/* Every length at, above and far above its limit, in scripts whose characters take one
 * and two units, whole ones only. */
static void blocks__any_size__stays_within(void **state)
{
    (void)state;
    static const char *const pieces[] = { "x", "電", "👩‍👩‍👧‍👦", "e\u0301", "&", "<", "\n" };
    static const int sizes[] = { 1, 74, 75, 76, 150, 151, 1999, 2000, 2001, 3000, 3001, 12001, 20000 };
    for (size_t p = 0; p < COUNT(pieces); p++)
        for (size_t s = 0; s < COUNT(sizes); s++) {
            const char *text = repeat(pieces[p], sizes[s]);
            AUTO_JSON r = reply_of(text);
            static const char *const kinds[] = { "text", "note", "warning" };
            for (int i = 0; i < 3; i++)
                add(r, "parts", json_pack("{s:s, s:s}", "kind", kinds[i], "text", text));
            add(r, "parts", json_pack("{s:s, s:s, s:b}", "kind", "text", "text", text, "soft", 1));
            add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}]}", "kind", "fields", "fields", "label", text, "value", text));
            add(r, "parts", json_pack("{s:s, s:[{s:s, s:s, s:s}]}", "kind", "list", "items", "text", text, "say", text, "note", text));
            add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}], s:[[s]]}", "kind", "table", "columns",
                "label", text, "align", "left", "rows", text));
            add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", text, "say", text, "style", "fill"));
            AUTO_JSON m = render(r);
            size_t where;
            assert_true(utf8_valid(json_text(m, "text"), strlen(json_text(m, "text")), &where));
        }
}

static void blocks__many_parts__keep_their_buttons(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("x");
    for (int i = 0; i < 400; i++)
        add(r, "parts", json_pack("{s:s, s:s}", "kind", i % 2 ? "text" : "warning", "text", "one more line"));
    add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", "Undo", "say", "undo T1", "style", "plain"));
    AUTO_JSON m = render(r);
    assert_true(shows(m, "undo T1"));
}

static void blocks__plain_text__is_whole_and_escaped(void **state)
{
    (void)state;
    AUTO_JSON r = reply_of("a <!channel> & b");
    add(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", "Undo", "say", "undo", "style", "plain"));
    (void)json_object_set_new(r, "text", json_string("a <!channel> & b\nmore\n[Undo]"));
    assert_string_equal(slack_plain(&mem, r), "a &lt;!channel&gt; &amp; b\nmore");
    (void)json_object_set_new(r, "text", json_string(repeat("&", 5000)));
    assert_true(utf8_units(slack_plain(&mem, r)) <= SLACK_TEXT_UNITS);
}

static void check_view(json_t *view)
{
    assert_non_null(view);
    char *wrong = slack_limits_view(&mem, view);
    if (wrong)
        fail_msg("%s\n%s", wrong, json_print(&mem, view));
    json_decref(view);
}

static void form__every_language__within_limits(void **state)
{
    (void)state;
    static const char *const names[] = { "say", "touch", "follow" };
    AUTO_JSON people = json_array();
    for (int i = 0; i < 200; i++)
        (void)json_array_append_new(people, json_pack("{s:s, s:s}", "label", repeat("田中", 60), "say", "C1"));
    for (int loc = 0; loc < catalogue_locales(words); loc++)
        for (size_t i = 0; i < COUNT(names); i++) {
            const struct slack_form rows[] = { { names[i], "", NULL, NULL },
                { names[i], repeat("電", 9000), "slack:C1/17.1", people } };
            for (size_t k = 0; k < COUNT(rows); k++)
                check_view(slack_form(&mem, words, loc, &rows[k]));
        }
    assert_null(slack_form(&mem, words, 0, &(struct slack_form){ "other", "", NULL, NULL }));
}

static void home__known_and_unknown__within_limits(void **state)
{
    (void)state;
    json_t *list = json_array();
    for (int i = 0; i < 4; i++) {
        json_t *r = reply_of(repeat("Due ", 100));
        for (int k = 0; k < 60; k++)
            add(r, "parts", json_pack("{s:s, s:s}", "kind", "text", "text", repeat("line ", 50)));
        add(r, "parts", json_pack("{s:s, s:[{s:s, s:s}], s:[[s]]}", "kind", "table", "columns", "label",
            "", "align", "left", "rows", "cell"));
        (void)json_array_append_new(list, r);
    }
    AUTO_JSON root = json_pack("{s:o}", "replies", list);
    check_view(slack_home(&mem, words, json_print(&mem, root), "x"));
    check_view(slack_home(&mem, words, NULL, "Write me first."));
}

static int finish(void **state)
{
    (void)state;
    arena_finish(&mem);
    catalogue_close(words);
    return 0;
}

int main(void)
{
    struct err e;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(words);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks__echo__is_a_sentence_with_buttons),
        cmocka_unit_test(blocks__card__has_a_head_fields_and_a_table),
        cmocka_unit_test(blocks__second_table__is_text),
        cmocka_unit_test(blocks__many_buttons__go_into_a_menu),
        cmocka_unit_test(blocks__list_of_records__has_a_select),
        cmocka_unit_test(blocks__any_size__stays_within),
        cmocka_unit_test(blocks__many_parts__keep_their_buttons),
        cmocka_unit_test(blocks__plain_text__is_whole_and_escaped),
        cmocka_unit_test(form__every_language__within_limits),
        cmocka_unit_test(home__known_and_unknown__within_limits),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
