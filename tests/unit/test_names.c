/* The names in memory: exact keys, beginnings and near misses, against the plain way of
 * comparing with every name; and that they follow the store change by change. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/log.h"
#include "bot/core/names.h"
#include "bot/store/journal.h"
#include "bot/store/members.h"
#include "bot/store/people.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { CROWD = 400, TRIES = 1500, MANY = CROWD };

static struct catalogue *words;
static struct db *db;
static struct arena mem = ARENA_INIT;
static struct err e;
static char crowd[CROWD][32];
static uint32_t dice = 42;

static uint32_t roll(uint32_t n)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % n;
}

/* Few letters, so that many names are near each other. */
static void make_word(char *out)
{
    uint32_t n = 3 + roll(8);
    for (uint32_t i = 0; i < n; i++)
        out[i] = "kanotika"[roll(8)];
    out[n] = '\0';
}

static int64_t add_person(const char *name)
{
    struct person p = { .name = name };
    int64_t id = person_add(db, &p, 1, &e);
    assert_true(id > 0);
    return id;
}

static bool among(const struct name_hit *hits, int n, char kind, int64_t id)
{
    for (int i = 0; i < n; i++)
        if (hits[i].kind == kind && hits[i].id == id)
            return true;
    return false;
}

static bool finds(const struct names *n, const char *text, char kind, int64_t id)
{
    struct name_hit hits[MANY];
    return among(hits, names_find(n, &mem, text, hits, MANY), kind, id);
}

static int set_up(void **state)
{
    (void)state;
    db = db_open(":memory:", DB_WRITE, &e);
    return db ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    db_close(db);
    arena_reset(&mem);
    return 0;
}

static void names_near__random_words__as_compared_with_each(void **state)
{
    (void)state;
    struct name_hit hits[MANY];
    for (int i = 0; i < CROWD; i++) {
        make_word(crowd[i]);
        assert_int_equal(add_person(crowd[i]), i + 1);
    }
    struct names *n = names_open(db, words, &e);
    assert_non_null(n);
    for (int t = 0; t < TRIES; t++) {
        char typed[32];
        make_word(typed);
        const char *sound = fold_romaji(&mem, typed);
        size_t points = utf8_count(sound);
        int cut = points < 3 ? 0 : points <= 5 ? 1 : 2;
        int count = names_near(n, &mem, typed, hits, MANY);
        for (int i = 0; i < CROWD; i++) {
            int d = fold_distance(sound, fold_romaji(&mem, crowd[i]), cut);
            int d2 = fold_distance(sound, fold_name(&mem, words, crowd[i]), cut);
            bool near = cut && (d <= cut || d2 <= cut);
            if (near != among(hits, count, 'C', i + 1))
                fail_msg("%s and %s: %d edits, %s", typed, crowd[i], d, near ? "not found" : "found");
        }
        for (int k = 1; k < count; k++)
            assert_true(hits[k - 1].score <= hits[k].score);
        arena_reset(&mem);
    }
    names_close(n);
}

static void names_near__little_room__keeps_the_nearest(void **state)
{
    (void)state;
    (void)add_person("Watanobe");
    (void)add_person("Watanoba");
    int64_t near = add_person("Watanabe");
    struct names *n = names_open(db, words, &e);
    struct name_hit hits[1];
    assert_int_equal(names_near(n, &mem, "Watanabee", hits, 1), 1);
    assert_int_equal(hits[0].id, near);
    names_close(n);
}

static void names_find__firm_in_kanji__by_its_beginning(void **state)
{
    (void)state;
    struct customer a = { .name = "青葉食品" };
    int64_t id = customer_add(db, &a, 1, &e);
    struct names *n = names_open(db, words, &e);
    struct name_hit hits[4];
    assert_true(finds(n, "青葉", 'A', id) && finds(n, "株式会社青葉食品", 'A', id));
    assert_false(finds(n, "青", 'A', id));
    assert_false(finds(n, "葉食品", 'A', id));
    int count;
    assert_int_equal(names_match(n, &mem, "青葉と", 9, 0, hits, 4, &count), 6);
    assert_int_equal(count, 1);
    assert_int_equal(hits[0].score, 2);
    names_close(n);
}

static void names_refresh__renamed__old_name_gone(void **state)
{
    (void)state;
    int64_t id = add_person("Ken Tanaka"), other = add_person("Mari Tanaka");
    struct names *n = names_open(db, words, &e);
    struct person p = { .id = id, .name = "Ken Suzuki" };
    assert_true(finds(n, "tanaka", 'C', id) && finds(n, "tanaka ken", 'C', id));
    assert_true(person_update(db, &p, &e) && names_refresh(n, db, 'C', id, &e));
    assert_false(finds(n, "tanaka", 'C', id));
    assert_true(finds(n, "suzuki", 'C', id) && finds(n, "tanaka", 'C', other));
    struct name_hit hits[4];
    assert_true(among(hits, names_near(n, &mem, "suzuky", hits, 4), 'C', id));
    names_close(n);
}

static void names_rolled_back__new_person__gone_again(void **state)
{
    (void)state;
    struct names *n = names_open(db, words, &e);
    assert_true(db_begin(db, &e));
    int64_t id = add_person("Ken Tanaka");
    assert_true(names_refresh(n, db, 'C', id, &e) && finds(n, "tanaka", 'C', id));
    db_rollback(db);
    assert_true(names_rolled_back(n, db, &e));
    assert_false(finds(n, "tanaka", 'C', id));
    names_close(n);
}

/* A group of changes as another program makes it, through the same journal. */
static int64_t change(const char *alias, int64_t person)
{
    assert_true(db_begin(db, &e));
    int64_t group = journal_begin(db, 1, "console", 1, &e);
    assert_true(group && name_add(db, 'C', person, alias, "alias", &e));
    assert_true(journal_about(db, group, "contact", NULL, &e) && journal_end(db, group, &e));
    assert_true(db_commit(db, &e));
    return group;
}

static void names_follow__changed_by_another_program__known(void **state)
{
    (void)state;
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    assert_true(member_add(db, &m, 1, &e) == 1);
    int64_t id = add_person("Ken Tanaka");
    struct names *n = names_open(db, words, &e);
    (void)change("Taro", id);
    assert_false(finds(n, "taro", 'C', id));
    m.handle = "haruka";
    assert_true(member_add(db, &m, 1, &e) == 2);
    assert_true(names_follow(n, db, &e));
    assert_true(finds(n, "taro", 'C', id) && finds(n, "haruka", 'U', 2));
    names_close(n);
}

static void names_undone__alias_taken_back__gone(void **state)
{
    (void)state;
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    assert_true(member_add(db, &m, 1, &e) == 1);
    int64_t id = add_person("Ken Tanaka"), group = change("Taro", id);
    struct names *n = names_open(db, words, &e);
    assert_true(finds(n, "taro", 'C', id) && db_begin(db, &e));
    int64_t undo = journal_begin(db, 1, "console", 2, &e);
    assert_true(journal_undo(db, &mem, group, undo, 2, &e) && names_undone(n, db, undo, &e));
    assert_true(journal_end(db, undo, &e) && db_commit(db, &e));
    assert_false(finds(n, "taro", 'C', id));
    assert_true(finds(n, "tanaka", 'C', id));
    names_close(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_near__random_words__as_compared_with_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_near__little_room__keeps_the_nearest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_find__firm_in_kanji__by_its_beginning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_refresh__renamed__old_name_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_rolled_back__new_person__gone_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_follow__changed_by_another_program__known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_undone__alias_taken_back__gone, set_up, tear_down),
    };
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    int failed = words ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
    arena_finish(&mem);
    catalogue_close(words);
    return failed;
}
