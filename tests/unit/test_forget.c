/* Whoever is forgotten is nowhere in the file any more: store and log are searched for every
 * spelling, after each had been in notes, lines, replies, questions, the journal and the word
 * index. What is counted stays the same, also where the program ended half-way; neither undo
 * nor an older import brings anything back. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/core/engine.h"
#include "bot/core/redact.h"
#include "bot/store/backup.h"
#include "bot/store/forget.h"
#include "bot/store/members.h"

static char dir[64];
static struct catalogue *words;
static char *last; /* the reply told last, as JSON */

static void deliver(void *ctx, struct delivery *d)
{
    (void)ctx;
    if (d->kind == DELIVERY_MESSAGE && d->json) {
        free(last);
        last = strdup(d->json);
    }
    delivery_destroy(d);
}

static const char *path_of(const char *end)
{
    static char paths[4][128];
    static int i;
    char *p = paths[i++ % 4];
    (void)snprintf(p, sizeof paths[0], "%s/s.db%s", dir, end);
    return p;
}

static struct engine *open_engine(void)
{
    struct err e = { 0 };
    struct engine_config config = { .db_path = path_of(""), .words = words,
        .team_zone = "Asia/Tokyo", .deliver = deliver, .unasked = NETWORK_WEB };
    struct engine *g = engine_create(&config, &e);
    if (!g)
        fail_msg("%s", e.why);
    return g;
}

static int64_t add_member(struct engine *g, const char *handle, const char *role, int roles)
{
    struct err e;
    struct member m = { .handle = handle, .name = handle, .role = role, .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = roles };
    int64_t id = member_add(engine_db(g), &m, clock_now_ms(), &e);
    assert_true(id > 0);
    assert_true(engine_names_changed(g, &e));
    return id;
}

/* Each line a second later; the reply is `last`. */
static void say(struct engine *g, int64_t member, const char *text)
{
    static int n;
    char id[16];
    clock_hold(clock_now_ms() + 1000);
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    (void)snprintf(id, sizeof id, "e%d", ++n);
    ev->remote_id = strdup(id);
    ev->conversation = strdup("web");
    ev->text = strdup(text);
    ev->member_id = member;
    ev->received_ms = clock_now_ms();
    engine_take(g, ev);
}

static void expect(struct engine *g, int64_t member, const char *text, const char *code)
{
    struct err e;
    say(g, member, text);
    AUTO_JSON reply = json_parse(last, strlen(last), &e);
    const char *got = json_text(reply, "code");
    if (!got || strcmp(got, code) != 0)
        fail_msg("%s\nis answered: %s", text, json_text(reply, "text"));
}

static bool settle(struct engine *g)
{
    for (int i = 0; i < 100000; i++)
        if (engine_tick(g) > clock_now_ms())
            return true;
    return false;
}

/* How often a word stands in the file; no such file: never. */
static int count_in(const char *path, const char *word)
{
    size_t len = strlen(word);
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (!f || fstat(fileno(f), &st))
        return 0;
    char *s = malloc((size_t)st.st_size + 1);
    size_t n = fread(s, 1, (size_t)st.st_size, f);
    (void)fclose(f);
    int found = 0;
    for (size_t i = 0; i + len <= n; i++)
        found += !memcmp(s + i, word, len);
    free(s);
    return found;
}

static const char *const spellings[] = { "矢萩", "慎吾", "ヤハギ", "やはぎ", "Yahagi", "yahagi", "Shingo",
    "yahagi_s", "%E7%9F%A2%E8%90%A9" };
enum { SPELT = sizeof spellings / sizeof *spellings };

static int found_anywhere(const char *word)
{
    return count_in(path_of(""), word) + count_in(path_of("-wal"), word);
}

struct team {
    int64_t kenji, haruka, aiko;
};

static void talk(struct engine *g, const struct team *t)
{
    static const char *const lines[] = {
        "contact 矢萩 慎吾 部長 Denko line:yahagi_s reading ヤハギ",
        "contact C1 alias Yahagi Shingo",
        "champion 矢萩 Denko: Yahagi-san runs the budget",
        "zoom Yahagi 30m: 矢萩部長 likes it, yahagi@denko.example has the file",
        "met Acme with Denko, 矢萩, Ogawa, 60m for: nobody objected, 慎吾 nodded",
        "consensus Acme from Yahagi against offrecord: やはぎ sees no budget",
        "follow yahagi tomorrow 10:00: send Yahagi the list",
        "away 矢萩 until thu sick",
        "zoon yahagi",
        "keep",
        "line yahagi Ogawa: both want a discount",
        "wording Yahagi",
        "timeline Denko",
        "find budget",
        "undo",
        "redo",
        "edit T1: 矢萩 likes it a lot",
        "trained Denko Yahagi enrolled due 30d",
        "nps Acme 9 via Denko",
    };
    say(g, t->kenji, "partner Denko agency JP");
    say(g, t->kenji, "customer Acme JP");
    say(g, t->kenji, lines[0]);
    say(g, t->kenji, "contact Ogawa Acme");
    say(g, t->kenji, "deal reg Acme via Denko ¥4.8M inbound");
    for (int round = 0; round < 12; round++) /* pages split and merge */
        for (size_t i = 1; i < sizeof lines / sizeof *lines; i++)
            say(g, i % 3 ? t->kenji : t->haruka, lines[i]);
    say(g, t->kenji, "zoom 矢萩と:"); /* a question that stays open */
}

/* Everything that is asked here must be told alike afterwards. */
static const char *const figures[] = { "K1", "K5 q1", "K11 90d", "K12 90d", "K13 90d", "K18", "K20 fy", "K25 fy",
    "K33", "K34 90d", "K35 90d", "K36 fy", "K41 90d", "list K12 90d" };

static void ask_figures(struct engine *g, int64_t member, char **out)
{
    struct err e;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        say(g, member, figures[i]);
        AUTO_JSON reply = json_parse(last, strlen(last), &e);
        if (strcmp(json_text(reply, "status"), "ok") != 0)
            fail_msg("%s is answered: %s", figures[i], json_text(reply, "text"));
        out[i] = strdup(json_text(reply, "text"));
    }
}

static struct team open_team(struct engine *g)
{
    struct team t = { add_member(g, "kenji", "rep", ROLE_REP), add_member(g, "haruka", "rep", ROLE_REP),
        add_member(g, "aiko", "admin", ROLE_ADMIN | ROLE_MANAGER) };
    talk(g, &t);
    assert_true(settle(g));
    return t;
}

static int open_store(void **state)
{
    (void)state;
    clock_hold(INT64_C(1772439600000)); /* 2026-03-02T17:20+09:00 */
    (void)snprintf(dir, sizeof dir, "/tmp/nemawashi-forget-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static int drop_store(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm", "-backup", "-kept" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        (void)unlink(path_of(ends[i]));
    free(last);
    last = NULL;
    return rmdir(dir);
}

static void forget__person__nowhere_in_the_file(void **state)
{
    (void)state;
    char *before[sizeof figures / sizeof *figures], *after[sizeof figures / sizeof *figures];
    struct engine *g = open_engine();
    struct team t = open_team(g);
    for (int i = 0; i < SPELT; i++)
        if (!found_anywhere(spellings[i]))
            fail_msg("%s was never stored: the test proves nothing of it", spellings[i]);
    ask_figures(g, t.aiko, before);
    expect(g, t.aiko, "forget 矢萩 慎吾", "forget.ask");
    expect(g, t.aiko, "yes", "forget.done");
    assert_true(settle(g));
    for (int i = 0; i < SPELT; i++)
        if (found_anywhere(spellings[i]))
            fail_msg("%s stands in the file %d times", spellings[i], found_anywhere(spellings[i]));
    assert_int_equal(count_in(path_of("-wal"), "Ogawa") + count_in(path_of("-wal"), "ogawa"), 0); /* cut */
    assert_true(found_anywhere("Ogawa") > 10); /* nobody else is */
    ask_figures(g, t.aiko, after);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(before[i], after[i]) != 0)
            fail_msg("%s\nwas: %s\nis:  %s", figures[i], before[i], after[i]);
        free(before[i]);
        free(after[i]);
    }
    engine_destroy(g);
}

static void forget__undone__refused_and_nothing_comes_back(void **state)
{
    (void)state;
    struct engine *g = open_engine();
    struct team t = open_team(g);
    expect(g, t.aiko, "forget C1", "forget.ask");
    expect(g, t.aiko, "yes", "forget.done");
    expect(g, t.aiko, "undo", "forget.final"); /* also before the texts were searched */
    expect(g, t.kenji, "undo C1", "forget.final");
    say(g, t.kenji, "undo 50");
    say(g, t.haruka, "undo 50");
    say(g, t.kenji, "redo 50");
    assert_true(settle(g));
    assert_int_equal(found_anywhere("矢萩") + found_anywhere("Yahagi"), 0);
    engine_destroy(g);
}

/* The program ends after every few slices. */
static void forget__ended_half_way__goes_on(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct forgotten f;
    struct engine *g = open_engine();
    struct team t = open_team(g);
    expect(g, t.aiko, "forget C1", "forget.ask");
    expect(g, t.aiko, "notes too", "forget.done");
    for (int i = 0; i < 1000 && forgotten_next(engine_db(g), &mem, &f, &e); i++) {
        (void)engine_tick(g);
        (void)engine_tick(g); /* what the first one cut of the log, the second one notes */
        engine_destroy(g);
        g = open_engine();
    }
    assert_false(forgotten_next(engine_db(g), &mem, &f, &e));
    assert_int_equal(e.code, ERR_NONE);
    assert_true(forgotten_of(engine_db(g), &mem, 1, &f, &e) && f.done_ms && !f.names);
    for (int i = 0; i < SPELT; i++)
        assert_int_equal(found_anywhere(spellings[i]), 0);
    arena_finish(&mem);
    engine_destroy(g);
}

/* A backup of before is put back: who was forgotten since is forgotten once more, though the
 * backup has them; a record that only has the same number is not. */
static void forget__older_backup_put_back__forgets_again(void **state)
{
    (void)state;
    struct err e = { 0 };
    bool replaced;
    struct engine *g = open_engine();
    struct team t = open_team(g);
    assert_true(backup_make(path_of(""), path_of("-backup"), NULL, &e));
    expect(g, t.aiko, "forget C1", "forget.ask");
    expect(g, t.aiko, "yes", "forget.done");
    say(g, t.kenji, "contact Later Acme");
    say(g, t.kenji, "new");
    expect(g, t.aiko, "forget C3", "forget.ask");
    expect(g, t.aiko, "yes", "forget.done");
    assert_true(settle(g));
    engine_destroy(g);
    assert_int_equal(found_anywhere("矢萩"), 0);
    assert_true(backup_restore(path_of(""), path_of("-backup"), path_of("-kept"), &replaced, NULL, &e));
    assert_true(found_anywhere("矢萩") > 10);
    g = open_engine();
    assert_true(settle(g));
    for (int i = 0; i < SPELT; i++)
        assert_int_equal(found_anywhere(spellings[i]), 0);
    expect(g, t.aiko, "forget C1", "forget.already");
    say(g, t.kenji, "contact Nobody Acme");
    say(g, t.kenji, "new");
    expect(g, t.aiko, "forget C3", "forget.ask");
    engine_destroy(g);
}

static bool same(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* What is taken out of a text, and what is somebody else's. */
static void redact__texts__only_the_person(void **state)
{
    (void)state;
    static const struct {
        const char *text, *clean, *about; /* in a text of somebody, in one about the person; NULL: stays */
    } cases[] = {
        { "zoom 矢萩 慎吾 30m: 矢萩部長 is worried", "zoom C1 30m: C1 is worried", "zoom C1 30m: C1 is worried" },
        { "矢萩慎吾様によると", "C1によると", "C1によると" },
        { "called Yahagi, Shingo was out", "called C1, C1 was out", "called C1, C1 was out" },
        { "shingo means faith", NULL, "C1 means faith" },
        { "mail yahagi_s now", "mail C1 now", "mail C1 now" },
        { "myahagi and yahagix stay", NULL, NULL },
        { "met Tanaka Jun and Tanaka", NULL, NULL },
        { "a line without anybody", NULL, NULL },
    };
    struct err e = { 0 };
    struct engine *g = open_engine();
    struct names *all = names_open(engine_db(g), words, &e);
    struct redact *r = redact_open(words, all, 1, "{\"names\":[\"矢萩 慎吾\",\"ヤハギ\",\"Yahagi Shingo\"],"
        "\"titles\":[\"部長\"],\"handles\":[\"yahagi_s\"]}", &e);
    assert_non_null(r);
    struct arena mem = ARENA_INIT;
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool doubtful = false;
        const char *clean = redact_text(r, &mem, cases[i].text, false, &doubtful);
        const char *about = redact_text(r, &mem, cases[i].text, true, &doubtful);
        if (!same(clean, cases[i].clean) || !same(about, cases[i].about))
            fail_msg("%s\nis: %s\nabout the person: %s", cases[i].text, clean ? clean : "as it was", about ? about : "as it was");
    }
    arena_finish(&mem);
    redact_close(r);
    names_close(all);
    engine_destroy(g);
}

static int open_words(void **state)
{
    (void)state;
    struct err e;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    return words ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    catalogue_close(words);
    return 0;
}

#define ON_STORE(test) cmocka_unit_test_setup_teardown(test, open_store, drop_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STORE(redact__texts__only_the_person),
        ON_STORE(forget__person__nowhere_in_the_file),
        ON_STORE(forget__undone__refused_and_nothing_comes_back),
        ON_STORE(forget__ended_half_way__goes_on),
        ON_STORE(forget__older_backup_put_back__forgets_again),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
