/* R66: in every style a reply holds the same facts; only how they are shown differs. */
#include <jansson.h>
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/demo.h"
#include "bot/core/engine_private.h"
#include "bot/text/utf8.h"

static const char *const styles[] = { "usual", "dense", "short" };
enum { STYLES = 3, FACTS_KEPT = 6 };
static const char *const facts[FACTS_KEPT] = { "title", "parts", "records", "assumed", "status", "code" };
/* Cards, lists, figures, refusals and questions. */
static const char *const lines[] = { "show D1", "show D2", "show Denko", "show P2", "handover D1", "handover P1",
    "timeline D1", "list deals", "list people", "kpi win rate by partner fy", "kpi Denko fy", "show D9999",
    "zoom tanaka", "find the", "quiet since 30d", "help" };

static struct catalogue *words;
static struct engine *engine;

/* The first reply to `line` in `style`; owned by the caller. */
static json_t *answer(struct arena *mem, const char *line, const char *style, const char *locale)
{
    struct member m;
    struct err e = { 0 };
    enum dispatched out;
    struct call c = { .mem = mem };
    assert_true(member_by_handle(engine->db, mem, "kenji", &m, &e));
    m.style = style;
    m.locale = locale;
    engine_call(engine, &c, &m, NETWORK_CONSOLE, "console", clock_now_ms());
    assert_true(db_begin(engine->db, &e));
    assert_true(dispatch(&c, line, false, &out, &e));
    assert_non_null(c.replies);
    json_t *reply = json_deep_copy(c.replies->json);
    reply_show(engine->db, words, mem, reply, m.id, c.locale);
    reply_drop_all(&c);
    db_rollback(engine->db);
    return reply;
}

static void same_facts(const char *line, const json_t *a, const json_t *b, const char *style)
{
    for (int i = 0; i < FACTS_KEPT; i++)
        if (!json_equal(json_at(a, facts[i]), json_at(b, facts[i])))
            fail_msg("“%s” has other %s in style %s", line, facts[i], style);
}

static void style__facts__identical(void **state)
{
    (void)state;
    static const char *const locales[] = { "en", "ja" };
    for (int loc = 0; loc < 2; loc++)
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            struct arena mem = ARENA_INIT;
            json_t *usual = answer(&mem, lines[i], styles[0], locales[loc]);
            assert_null(json_text(usual, "style"));
            for (int s = 1; s < STYLES; s++) {
                json_t *other = answer(&mem, lines[i], styles[s], locales[loc]);
                assert_string_equal(json_text(other, "style"), styles[s]);
                same_facts(lines[i], usual, other, styles[s]);
                json_decref(other);
            }
            json_decref(usual);
            arena_finish(&mem);
        }
}

/* Where the value begins, in columns, in the line of a field; -1: the line is none. */
static int value_column(const char *text, const json_t *field)
{
    const char *label = json_text(field, "label"), *value = json_text(field, "value");
    for (const char *at = text; (at = strstr(at, label)); at++) {
        size_t n = strlen(label), spaces = strspn(at + n, " ");
        if ((at == text || at[-1] == '\n') && spaces >= 2 && !strncmp(at + n + spaces, value, strlen(value)))
            return utf8_width(label) + (int)spaces;
    }
    return -1;
}

static void style__dense__fields_in_one_column(void **state)
{
    (void)state;
    static const char *const locales[] = { "en", "ja" };
    for (int loc = 0; loc < 2; loc++) {
        struct arena mem = ARENA_INIT;
        json_t *reply = answer(&mem, "show D1", "dense", locales[loc]);
        const char *text = json_text(reply, "text");
        size_t i, k;
        json_t *part, *field;
        assert_null(strstr(text, "\n\n"));
        json_array_foreach(json_at(reply, "parts"), i, part)
        {
            int column = -1;
            json_array_foreach(json_at(part, "fields"), k, field)
            {
                int at = value_column(text, field);
                assert_true(at > 0);
                assert_true(column < 0 || at == column);
                column = at;
            }
        }
        json_decref(reply);
        arena_finish(&mem);
    }
}

static size_t lines_of(const json_t *reply)
{
    size_t n = 1;
    for (const char *s = json_text(reply, "text"); *s; s++)
        n += *s == '\n';
    return n;
}

static void style__short__headline_and_whole_questions(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    json_t *usual = answer(&mem, "show Denko", "usual", "en"), *brief = answer(&mem, "show Denko", "short", "en");
    assert_true(lines_of(brief) < lines_of(usual));
    assert_ptr_equal(strstr(json_text(brief, "text"), json_text(brief, "title")), json_text(brief, "text"));
    json_t *ask = answer(&mem, "zoom tanaka", "usual", "en"), *same = answer(&mem, "zoom tanaka", "short", "en");
    assert_string_equal(json_text(ask, "text"), json_text(same, "text"));
    json_decref(usual);
    json_decref(brief);
    json_decref(ask);
    json_decref(same);
    arena_finish(&mem);
}

static int open_all(void **state)
{
    (void)state;
    struct err e;
    log_quiet(true);
    clock_hold(INT64_C(1772439600000));
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo" };
    engine = words ? engine_create(&config, &e) : NULL;
    bool ok = engine && demo_seed(engine->db, "Asia/Tokyo", clock_now_ms(), &e) && engine_names_changed(engine, &e);
    return ok ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    engine_destroy(engine);
    catalogue_close(words);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(style__facts__identical),
        cmocka_unit_test(style__dense__fields_in_one_column),
        cmocka_unit_test(style__short__headline_and_whole_questions),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
