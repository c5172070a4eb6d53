/* A marker word noted off the record is nowhere in the database file outside note_text,
 * nor in its WAL or a backup: note_text is emptied in a copy (secure_delete overwrites
 * what it held) and the bytes of the copy are searched. Nor is it in the log, even when
 * the store fails on the line that holds it; nor in the index of words. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "tests/unit/wall_down.h"
#include "bot/base/clock.h"
#include "bot/core/engine.h"
#include "bot/store/backup.h"
#include "bot/store/members.h"
#include "bot/store/notes.h"
#include "bot/store/touches.h"

static const char marker[] = "zanzibarquux";
static char dir[64];
static struct catalogue *words;
static int shown; /* replies to the author that held the marker */

static void deliver(void *ctx, struct delivery *d)
{
    (void)ctx;
    if (d->json && strstr(d->json, marker))
        shown++;
    delivery_destroy(d);
}

static char *path_of(const char *name)
{
    static char paths[4][128];
    static int i;
    char *p = paths[i++ % 4];
    (void)snprintf(p, sizeof paths[0], "%s/%s", dir, name);
    return p;
}

static struct engine *open_engine(void)
{
    struct err e;
    struct engine_config config = { .db_path = path_of("s.db"), .words = words,
        .team_zone = "Asia/Tokyo", .deliver = deliver, .unasked = NETWORK_WEB };
    struct engine *g = engine_create(&config, &e);
    assert_non_null(g);
    return g;
}

static void say(struct engine *g, int64_t member, const char *text)
{
    static int n;
    char id[16];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    (void)snprintf(id, sizeof id, "e%d", ++n);
    ev->remote_id = strdup(id);
    ev->conversation = strdup("web");
    ev->text = strdup(text);
    ev->member_id = member;
    ev->received_ms = clock_now_ms();
    engine_take(g, ev);
}

/* How often a word stands in a file; -1: no such file. */
static int count_in(const char *path, const char *word)
{
    size_t len = strlen(word);
    FILE *f = fopen(path, "rb");
    struct stat st;
    if (!f || fstat(fileno(f), &st))
        return -1;
    char *s = malloc((size_t)st.st_size + 1);
    size_t n = fread(s, 1, (size_t)st.st_size, f);
    (void)fclose(f);
    int found = 0;
    for (size_t i = 0; i + len <= n; i++)
        found += !memcmp(s + i, word, len);
    free(s);
    return found;
}

static void empty_note_text(const char *path)
{
    struct err e;
    struct db *db = db_open(path, DB_WRITE, &e);
    assert_non_null(db);
    assert_true(db_exec(db, "delete from note_text; delete from note_reader", &e));
    assert_true(db_checkpoint(db, &e));
    db_close(db);
}

static int64_t add_member(struct engine *g, const char *handle)
{
    struct err e;
    struct member m = { .handle = handle, .name = handle, .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    int64_t id = member_add(engine_db(g), &m, clock_now_ms(), &e);
    assert_true(id > 0);
    return id;
}

static void talk(struct engine *g, int64_t kenji, int64_t haruka)
{
    char line[256];
    static const char *const lines[] = {
        "consensus Acme from Sato against offrecord: * no budget",
        "zoom Sato: off the record, * is leaving",
        "met Acme 60m: nobody objected, * silent offrecord",
        "zoom Sato 30m * said so offrecord",
        "zoon sato * offrecord",
        "*",
        "touch: * offrecord",
        "line Sato from * offrecord: x",
        "follow Sato tomorrow 10:00: ask about *",
        "edit N1: * again",
        "zoom Sato with * offrecord: x",
        "met Acme with *-san offrecord: x",
        "consensus Acme from * against me only: x",
        "called *さん: just between us",
        "touch * offrecord",
        "* Sato offrecord",
        "win rate * offrecord?",
        "undo",
        "redo",
    };
    say(g, kenji, "customer Acme");
    say(g, kenji, "contact Sato Acme");
    for (int round = 0; round < 20; round++) { /* pages split and merge */
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
            const char *at = strchr(lines[i], '*');
            (void)snprintf(line, sizeof line, "%.*s%s%s", at ? (int)(at - lines[i]) : 0, lines[i],
                at ? marker : "", at ? at + 1 : lines[i]);
            say(g, kenji, line);
        }
        say(g, kenji, "drop");
        say(g, haruka, "zoom Sato 30m: an ordinary note");
    }
    say(g, kenji, "show N1");
    say(g, haruka, "show N1");
    say(g, haruka, "find zanzibar");
    say(g, haruka, "timeline Acme");
    say(g, kenji, "kpi K35");
}

/* The worst moment to log: the very statement that stores the line is refused. */
static void talk_to_broken_store(struct engine *g, int64_t kenji)
{
    struct err e;
    char line[128];
    assert_true(db_exec(engine_db(g), "create trigger broken_note before insert on note "
        "begin select raise(abort, 'broken'); end; create trigger broken_touch before insert "
        "on touch_point begin select raise(abort, 'broken'); end", &e));
    (void)snprintf(line, sizeof line, "consensus Acme from Sato against offrecord: %s", marker);
    say(g, kenji, line);
    (void)snprintf(line, sizeof line, "zoom Sato 30m: %s said so offrecord", marker);
    say(g, kenji, line);
    assert_true(db_exec(engine_db(g), "drop trigger broken_note; drop trigger broken_touch", &e));
}

/* Standard error goes to a file until log_to_console() puts it back. */
static int log_to_file(const char *path)
{
    (void)fflush(stderr);
    int console = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(console >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    (void)close(file);
    return console;
}

static void log_to_console(int console)
{
    (void)fflush(stderr);
    assert_true(dup2(console, STDERR_FILENO) >= 0);
    (void)close(console);
}

static void off_record__store__nowhere_outside_note_text(void **state)
{
    (void)state;
    struct err e;
    struct engine *g = open_engine();
    int64_t kenji = add_member(g, "kenji"), haruka = add_member(g, "haruka");
    int console = log_to_file(path_of("log"));
    talk(g, kenji, haruka);
    talk_to_broken_store(g, kenji);
    log_to_console(console);
    assert_true(count_in(path_of("log"), "broken") > 0); /* the failure was logged */
    assert_int_equal(count_in(path_of("log"), marker), 0);
    assert_true(shown > 20); /* the author does read it */
    assert_true(backup_make(path_of("s.db"), path_of("backup.db"), NULL, &e));
    assert_true(count_in(path_of("s.db-wal"), marker) + count_in(path_of("s.db"), marker) > 0);
    engine_destroy(g);
    assert_true(count_in(path_of("s.db-wal"), marker) <= 0);

    empty_note_text(path_of("s.db"));
    empty_note_text(path_of("backup.db"));
    assert_int_equal(count_in(path_of("s.db"), marker), 0);
    assert_int_equal(count_in(path_of("backup.db"), marker), 0);
}

/* How many texts the word index holds with this word. */
static int64_t indexed(struct engine *g, const char *word)
{
    struct err e;
    sqlite3_stmt *s;
    wall_down(engine_db(g));
    assert_true(db_exec(engine_db(g), "create virtual table if not exists temp.index_terms "
        "using fts5vocab (main, note_index, instance)", &e));
    assert_int_equal(sqlite3_prepare_v2(db_handle(engine_db(g)),
        "select count(*) from temp.index_terms where term = ?1", -1, &s, NULL), SQLITE_OK);
    sqlite3_bind_text(s, 1, word, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

/* Words that stood open for a while: once they are private the index forgets them, in
 * slices, and its pages too. */
static void off_record__index__holds_nothing(void **state)
{
    (void)state;
    static const char open_word[] = "krakatoavex";
    struct err e;
    char line[128];
    (void)unlink(path_of("s.db"));
    struct engine *g = open_engine();
    int64_t kenji = add_member(g, "kenji"), haruka = add_member(g, "haruka");
    int console = log_to_file(path_of("log"));
    talk(g, kenji, haruka);
    assert_int_equal(indexed(g, marker), 0);
    assert_true(indexed(g, "ordinary") > 0); /* what others may read is found */
    for (int i = 0; i < 300; i++) {
        (void)snprintf(line, sizeof line, "zoom Sato 30m: filler%d and more", i);
        say(g, haruka, line);
    }
    (void)snprintf(line, sizeof line, "zoom Sato 30m: %s was said", open_word);
    say(g, haruka, line);
    assert_int_equal(indexed(g, open_word), 1);
    say(g, haruka, "make that offrecord");
    for (int i = 0; i < 1000 && engine_tick(g) <= clock_now_ms(); i++)
        ;
    log_to_console(console);
    assert_int_equal(indexed(g, open_word), 0);
    assert_true(db_exec(engine_db(g), "insert into note_index (note_index) values ('integrity-check')", &e));
    engine_destroy(g);
    empty_note_text(path_of("s.db"));
    assert_int_equal(count_in(path_of("s.db"), open_word), 0);
    assert_int_equal(count_in(path_of("s.db"), marker), 0);
}

static int open_all(void **state)
{
    (void)state;
    struct err e;
    clock_hold(INT64_C(1772439600000));
    (void)snprintf(dir, sizeof dir, "/tmp/nemawashi-secret-XXXXXX");
    words = mkdtemp(dir) ? catalogue_open(SOURCE_DIR "/locales", &e) : NULL;
    return words ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    static const char *const files[] = { "s.db", "s.db-wal", "s.db-shm", "backup.db", "backup.db-wal",
        "backup.db-shm", "log" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        (void)unlink(path_of(files[i]));
    catalogue_close(words);
    return rmdir(dir);
}

static bool reads(struct engine *g, int64_t viewer, int64_t note, int64_t rev)
{
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct note_text t;
    bool may = note_text_read(engine_db(g), &mem, note, rev, viewer, &t, &e);
    assert_int_equal(e.code, ERR_NONE);
    arena_finish(&mem);
    return may;
}

/* A colleague's older reply holds the revision that everybody could read. */
static void off_record__edited_later__closed_in_older_replies(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo" };
    struct engine *g = engine_create(&config, &e);
    assert_non_null(g);
    int64_t kenji = add_member(g, "kenji"), haruka = add_member(g, "haruka");
    assert_true(engine_names_changed(g, &e));
    say(g, kenji, "customer Acme");
    say(g, kenji, "zoom Acme: at first for everybody");
    struct arena mem = ARENA_INIT;
    struct touch t;
    assert_true(touch_load(engine_db(g), &mem, 'T', 1, &t, &e));
    assert_true(reads(g, haruka, t.note_id, t.note_rev));
    say(g, kenji, "make that offrecord");
    assert_false(reads(g, haruka, t.note_id, 1) || reads(g, haruka, t.note_id, 2));
    assert_true(reads(g, kenji, t.note_id, 1) && reads(g, kenji, t.note_id, 2));
    say(g, kenji, "share T1 haruka");
    assert_true(reads(g, haruka, t.note_id, 1) && reads(g, haruka, t.note_id, 2));
    say(g, kenji, "undo 2");
    assert_true(reads(g, haruka, t.note_id, 1));
    assert_false(reads(g, haruka, t.note_id, 2));
    arena_finish(&mem);
    engine_destroy(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_record__store__nowhere_outside_note_text),
        cmocka_unit_test(off_record__edited_later__closed_in_older_replies),
        cmocka_unit_test(off_record__index__holds_nothing),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
