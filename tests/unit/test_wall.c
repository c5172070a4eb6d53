/* The second wall: what people typed is read by the statements that are listed here and by
 * no other, in either mode. Any other statement on those columns can't even be prepared. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/store/db.h"
#include "bot/store/notes.h"

static char path[64];

static const char *const refused[] = {
    "select text from note_text",
    "select * from note_text",
    "select t.text from note_text t where t.author_id = 1",
    "select id from note_text where text like '%budget%'",
    "select id from note_text order by text",
    "select id from note_text where instr(text, 'budget')",
    "select length(text) from note_text",
    "select substr(\"text\", 1, 1) from main.note_text",
    "select max(text) from note_text",
    "select group_concat(text) from note_text",
    "select count(text) from note_text",
    "select count(*) from note_text group by text",
    "select id from (select * from note_text where text glob '*')",
    "with x as (select text from note_text) select 1 from x",
    "select exists (select 1 from note_text where text = 'budget')",
    "select m.id from message m join note_text t on t.id = m.note_id and t.text != ''",
    "select TEXT from NOTE_TEXT",
    "select body from inbox",
    "select * from inbox",
    "select id from inbox where body like '%budget%'",
    "select rowid from note_index where note_index match 'budget'",
    "select * from note_index",
    "select terms from note_index",
    "select data from sqlite_dbpage",
    "attach 'other.db' as other",
    "vacuum into 'other.db'",
};

/* These change something, and so are asked of the engine's connection alone. */
static const char *const refused_writes[] = {
    "update note set stance = (select text from note_text)",
    "update note_text set text = upper(text)",
    "insert into meta (key, value) select 'x', text from note_text",
    "create table copy as select * from note_text",
    "create temp table copy as select text from note_text",
    "insert into inbox (network, remote_id, conversation, received_ms, hash, body) "
    "select 'web', 'x', 'x', 1, 'x', text from note_text",
    "delete from note_text where text = 'budget' returning id",
    "update note_text set level = 'all' returning text",
    "create virtual table temp.t using fts5vocab (main, note_index, instance)",
};

static const char *const allowed[] = {
    "select id, rev, author_id, level from note_text",
    "select count(*) from note_text",
    "select id from inbox where done_ms is null",
    "select note_id from note_indexed",
};

/* All that may read what people typed; a further one is a decision, made here. */
static const struct {
    const char *name;
    int opens;
} openers[] = {
    { "inbox_find", OPENS_INBOX },
    { "inbox_find_sender", OPENS_INBOX },
    { "inbox_of_message", OPENS_INBOX },
    { "inbox_by_id", OPENS_INBOX },
    { "inbox_of_sender", OPENS_INBOX },
    { "note_text_forget_made", OPENS_NOTE_TEXT },
    { "forget_texts", OPENS_NOTE_TEXT }, /* these three only while somebody is being forgotten */
    { "forget_revisions", OPENS_NOTE_TEXT },
    { "forget_waiting", OPENS_INBOX },
    { "retention_count", OPENS_NOTE_TEXT }, /* gives numbers only */
    { "retention_rows", OPENS_NOTE_TEXT },  /* only while a period is set */
    { "note_text_read", OPENS_NOTE_TEXT },
    { "note_text_export", OPENS_NOTE_TEXT },
    { "note_text_search", OPENS_NOTE_INDEX },
    { "note_text_scan", OPENS_NOTE_TEXT },
};

static struct db *open_in(enum db_mode mode)
{
    struct err e = { 0 };
    struct db *db = db_open(path, mode, &e);
    if (!db)
        fail_msg("%s", e.why);
    return db;
}

static int prepared(struct db *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(db_handle(db), sql, -1, &s, NULL);
    if (rc == SQLITE_OK && !strncmp(sql, "vacuum", 6)) /* reads only once it runs */
        rc = sqlite3_step(s) == SQLITE_DONE ? SQLITE_OK : SQLITE_AUTH;
    sqlite3_finalize(s);
    return rc;
}

static void refuse_all(struct db *db, const char *const *sql, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (prepared(db, sql[i]) == SQLITE_OK)
            fail_msg("was prepared: %s", sql[i]);
}

static void check_both(struct db *db)
{
    refuse_all(db, refused, COUNT(refused));
    for (size_t i = 0; i < COUNT(allowed); i++)
        if (prepared(db, allowed[i]) != SQLITE_OK)
            fail_msg("%s: %s", allowed[i], sqlite3_errmsg(db_handle(db)));
}

static void wall__engine__other_statements_fail_to_prepare(void **state)
{
    (void)state;
    struct db *db = open_in(DB_WRITE);
    check_both(db);
    refuse_all(db, refused_writes, COUNT(refused_writes));
    db_close(db);
}

static void wall__desk__other_statements_fail_to_prepare(void **state)
{
    (void)state;
    db_close(open_in(DB_WRITE));
    struct db *db = open_in(DB_READ);
    check_both(db);
    db_close(db);
}

static void wall__statements__only_the_named_ones_open_it(void **state)
{
    (void)state;
    size_t n = 0;
    for (int i = 0; i < STMT__MAX; i++) {
        bool known = !sql_statements[i].opens;
        n += !known;
        for (size_t k = 0; k < COUNT(openers); k++)
            known = known || (!strcmp(openers[k].name, sql_statements[i].name) && openers[k].opens == sql_statements[i].opens);
        if (!known)
            fail_msg("'%s' reads what people typed and is not in this test's list", sql_statements[i].name);
    }
    assert_int_equal(n, COUNT(openers));
}

static bool reads(struct db *db, int64_t viewer, int64_t note)
{
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct note_text t;
    bool may = note_text_read(db, &mem, note, 0, viewer, &t, &e);
    assert_int_equal(e.code, ERR_NONE);
    arena_finish(&mem);
    return may;
}

/* SQLite prepares statements anew after the schema changed: the wall is then open for
 * those that may, and closed again behind them. */
static void wall__schema_changed__stands_and_opens(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct db *db = open_in(DB_WRITE);
    assert_true(db_exec(db, "insert into member (handle, name, role, market, zone, locale, created_ms) "
                            "values ('kenji', 'Kenji', 'rep', 'JP', 'Asia/Tokyo', 'en', 1)", &e));
    struct note_text t = { .author_id = 1, .level = "offrecord", .market = "JP", .text = "no budget" };
    assert_true(note_text_add(db, &t, 1, &e));
    assert_true(reads(db, 1, t.id));
    assert_true(db_exec(db, "create table later (x integer) strict", &e));
    assert_true(reads(db, 1, t.id));
    assert_false(reads(db, 2, t.id));
    check_both(db);
    db_close(db);
}

static int make_path(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "/tmp/nemawashi-wall-XXXXXX");
    int fd = mkstemp(path);
    return fd < 0 || close(fd) || unlink(path);
}

static int drop_path(void **state)
{
    (void)state;
    static const char *const ends[] = { "", "-wal", "-shm" };
    char name[80];
    for (size_t i = 0; i < COUNT(ends); i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(wall__engine__other_statements_fail_to_prepare, make_path, drop_path),
        cmocka_unit_test_setup_teardown(wall__desk__other_statements_fail_to_prepare, make_path, drop_path),
        cmocka_unit_test_setup_teardown(wall__schema_changed__stands_and_opens, make_path, drop_path),
        cmocka_unit_test(wall__statements__only_the_named_ones_open_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
