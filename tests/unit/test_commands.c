/* The command table against the catalogue and the transcripts: every command has its
 * words, summary and examples in every locale, every example is read as its own command,
 * and every command occurs in the transcripts of both languages. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/demo.h"
#include "bot/core/engine_private.h"
#include "bot/text/utf8.h"

enum { SUMMARY_COLUMNS = 60 };

static struct catalogue *words;
static struct engine *engine;
static struct member kenji;

/* The command that a line is read as; "ask" where the reader asked or refused first. */
static const char *read_as(const char *line)
{
    struct arena mem = ARENA_INIT;
    struct call c = { .mem = &mem };
    enum reading reading;
    struct err e = { 0 };
    engine_call(engine, &c, &kenji, NETWORK_CONSOLE, "console", clock_now_ms());
    c.text = line;
    assert_true(db_begin(engine->db, &e));
    assert_true(read_message(&c, line, &reading, &e));
    const char *id = c.command ? c.command->id : "draft";
    db_rollback(engine->db);
    reply_drop_all(&c);
    arena_finish(&mem);
    return id;
}

static void catalogue__check__whole(void **state)
{
    (void)state;
    struct err e = { 0 };
    if (!catalogue_check(words, &e))
        fail_msg("%s", e.why);
}

static void commands__words__present_and_short(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    for (int loc = 0; loc < catalogue_locales(words); loc++)
        for (const struct command *const *c = commands; *c; c++) {
            char *path = arena_printf(&mem, "commands.%s", (*c)->id);
            const char *summary = catalogue_string(words, loc, arena_printf(&mem, "%s.summary", path));
            if (!summary || utf8_width(summary) > SUMMARY_COLUMNS)
                fail_msg("%s: summary missing or too long in %s", (*c)->id, catalogue_locale(words, loc));
            if (catalogue_list(words, loc, arena_printf(&mem, "%s.words", path)) < 1 ||
                catalogue_list(words, loc, arena_printf(&mem, "%s.examples", path)) < 1)
                fail_msg("%s: no words or no example in %s", (*c)->id, catalogue_locale(words, loc));
        }
    arena_finish(&mem);
}

static void commands__examples__read_as_themselves(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    for (int loc = 0; loc < catalogue_locales(words); loc++)
        for (const struct command *const *c = commands; *c; c++) {
            char *path = arena_printf(&mem, "commands.%s.examples", (*c)->id);
            for (int i = 0; i < catalogue_list(words, loc, path); i++) {
                const char *example = catalogue_item(words, loc, path, i), *got = read_as(example);
                if (strcmp(got, (*c)->id) != 0)
                    fail_msg("example of %s is read as %s: %s", (*c)->id, got, example);
            }
        }
    arena_finish(&mem);
}

/* Nothing of a line is lost, and no more than a head of it is looked into: the name at
 * its end is part of the note. */
static void reader__line_of_64_kb__kept_whole_and_bounded(void **state)
{
    (void)state;
    enum { LONG = 64 * 1024 };
    struct arena mem = ARENA_INIT;
    struct call c = { .mem = &mem };
    enum reading reading;
    struct err e = { 0 };
    char *line = arena_alloc(&mem, LONG + 64);
    (void)snprintf(line, 64, "zoom 田中部長 45m said");
    for (size_t n = strlen(line); n < LONG; n++)
        line[n] = n % 7 ? 'x' : ' ';
    (void)snprintf(line + LONG, 64, " Suzuki\nlast");
    engine_call(engine, &c, &kenji, NETWORK_CONSOLE, "console", clock_now_ms());
    c.text = line;
    assert_true(db_begin(engine->db, &e));
    assert_true(read_message(&c, line, &reading, &e));
    assert_int_equal(reading, READING_RUN);
    assert_string_equal(c.f->note, strstr(line, "said"));
    assert_int_equal(c.f->n_people, 1);
    assert_int_equal(c.f->minutes, 45);
    db_rollback(engine->db);
    reply_drop_all(&c);
    arena_finish(&mem);
}

enum { COMMANDS_MAX = 256 };
static bool seen[2][COMMANDS_MAX];

static void mark_line(int loc, char *line)
{
    char *text = strstr(line, "> ");
    if (!text || line[0] == '#' || line[0] == ' ' || line[0] == '(')
        return;
    text += 2;
    text[strcspn(text, "\n")] = '\0';
    const char *id = read_as(text);
    for (int k = 0; commands[k]; k++)
        if (!strcmp(commands[k]->id, id))
            seen[loc][k] = true;
}

static void mark_folder(int loc, const char *folder)
{
    char path[512], line[8192];
    (void)snprintf(path, sizeof path, SOURCE_DIR "/tests/conversations/%s", folder);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        if (!strstr(d->d_name, ".chat"))
            continue;
        (void)snprintf(path, sizeof path, SOURCE_DIR "/tests/conversations/%s/%s", folder, d->d_name);
        FILE *f = fopen(path, "re");
        assert_non_null(f);
        while (fgets(line, sizeof line, f))
            mark_line(loc, line);
        (void)fclose(f);
    }
    (void)closedir(dir);
}

static void commands__transcripts__each_in_both_languages(void **state)
{
    (void)state;
    static const char *const folders[] = { "en", "ja" };
    int missing = 0;
    for (int loc = 0; loc < 2; loc++) {
        mark_folder(loc, folders[loc]);
        for (int k = 0; commands[k]; k++)
            if (!seen[loc][k]) {
                print_error("no transcript in tests/conversations/%s uses %s\n", folders[loc], commands[k]->id);
                missing++;
            }
    }
    assert_int_equal(missing, 0);
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
    bool ok = engine && demo_seed(engine->db, "Asia/Tokyo", clock_now_ms(), &e) &&
              engine_names_changed(engine, &e) &&
              member_by_handle(engine->db, &engine->mem, "kenji", &kenji, &e);
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
        cmocka_unit_test(catalogue__check__whole),
        cmocka_unit_test(commands__words__present_and_short),
        cmocka_unit_test(commands__examples__read_as_themselves),
        cmocka_unit_test(reader__line_of_64_kb__kept_whole_and_bounded),
        cmocka_unit_test(commands__transcripts__each_in_both_languages),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
