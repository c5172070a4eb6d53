/* Whole stores as files: a copy is of one moment and checked, restoring keeps what it
 * replaces, and nothing is touched where the file is not what it should be. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/store/backup.h"
#include "bot/store/db.h"
#include "bot/store/members.h"

static char dir[64];

static const char *file(const char *name)
{
    static char paths[8][128];
    static int i;
    char *p = paths[i++ % 8];
    (void)snprintf(p, sizeof paths[0], "%s/%s", dir, name);
    return p;
}

static bool there(const char *name)
{
    struct stat st;
    return stat(file(name), &st) == 0;
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(file(name), &st), 0);
    return st.st_mode & 0777;
}

static void run_sql(const char *name, const char *sql)
{
    sqlite3 *s;
    assert_int_equal(sqlite3_open(file(name), &s), SQLITE_OK);
    assert_int_equal(sqlite3_exec(s, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(s);
}

static struct db *open_db(const char *name, enum db_mode mode)
{
    struct err e;
    struct db *db = db_open(file(name), mode, &e);
    if (!db)
        print_error("%s\n", e.why);
    assert_non_null(db);
    return db;
}

static void mark(struct db *db, const char *value)
{
    struct err e;
    assert_true(db_begin(db, &e) && meta_set(db, "mark", value, &e) && db_commit(db, &e));
}

static void assert_mark(const char *name, const char *value)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    struct db *db = open_db(name, DB_READ);
    assert_string_equal(meta_get(db, &mem, "mark", &e), value);
    db_close(db);
    arena_finish(&mem);
}

static int open_world(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof dir, "/tmp/nemawashi-backup-XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    struct db *db = open_db("s.db", DB_WRITE);
    mark(db, "first");
    db_close(db);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command); /* NOLINT(cert-env33-c): a folder of our own */
}

/* Somebody writes between any two slices of the copy. */
struct writer {
    struct db *db;
    int steps, percent;
};

static void on_progress(void *ctx, int percent)
{
    struct writer *w = ctx;
    char value[16];
    assert_true(percent > w->percent || !w->steps);
    w->percent = percent;
    (void)snprintf(value, sizeof value, "step %d", ++w->steps);
    mark(w->db, value);
}

static void backup__beside_a_writer__is_of_one_moment(void **state)
{
    (void)state;
    struct err e;
    /* Many slices: some 20 MB. */
    struct writer w = { .db = open_db("s.db", DB_WRITE), .percent = -1 };
    assert_true(db_exec(w.db, "with recursive n (i) as (select 1 union all select i + 1 from n where i < 200) "
                              "insert into meta select 'ballast ' || i, hex(zeroblob(50000)) from n", &e));
    const struct backup_watch watch = { .progress = on_progress, .ctx = &w };
    assert_true(backup_make(file("s.db"), file("b.db"), &watch, &e));
    assert_int_equal(w.percent, 100);
    assert_true(w.steps >= 3);
    mark(w.db, "last");
    db_close(w.db);
    assert_mark("b.db", "first");
    assert_int_equal(mode_of("b.db"), 0600);
    assert_false(there("b.db-wal") || there("b.db.part") || there("b.db-journal"));
    assert_true(backup_check(file("b.db"), true, NULL, &e));
}

/* With the most careless of masks. */
static void backup__every_file__is_the_owners_alone(void **state)
{
    (void)state;
    struct err e;
    mode_t old = umask(0);
    struct db *db = open_db("m.db", DB_WRITE);
    mark(db, "first");
    assert_int_equal(mode_of("m.db"), 0600);
    assert_int_equal(mode_of("m.db-wal"), 0600);
    assert_int_equal(mode_of("m.db-shm"), 0600);
    assert_true(backup_make(file("m.db"), file("b.db"), NULL, &e));
    db_close(db);
    bool replaced;
    assert_true(backup_restore(file("m.db"), file("b.db"), file("kept.db"), &replaced, NULL, &e));
    (void)umask(old);
    assert_int_equal(mode_of("b.db"), 0600);
    assert_int_equal(mode_of("m.db"), 0600);
    assert_int_equal(mode_of("kept.db"), 0600);
}

static void backup__name_taken_or_source_unfit__leaves_everything(void **state)
{
    (void)state;
    struct err e;
    run_sql("other.db", "create table t (a)");
    run_sql("empty.db", "");
    assert_true(backup_make(file("s.db"), file("b.db"), NULL, &e));
    assert_false(backup_make(file("s.db"), file("b.db"), NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_false(backup_make(file("other.db"), file("c.db"), NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_false(backup_make(file("none.db"), file("c.db"), NULL, &e));
    assert_int_equal(e.code, ERR_REMOTE);
    assert_false(backup_make(file("s.db"), file("no/c.db"), NULL, &e));
    assert_false(there("c.db") || there("c.db.part") || there("none.db"));
}

static bool always(void *ctx)
{
    (void)ctx;
    return true;
}

static void backup__told_to_stop__leaves_nothing(void **state)
{
    (void)state;
    struct err e;
    const struct backup_watch watch = { .stop = always };
    assert_false(backup_make(file("s.db"), file("b.db"), &watch, &e));
    assert_int_equal(e.code, ERR_BUSY);
    assert_false(there("b.db") || there("b.db.part"));
}

/* Overwrites the middle of the file with noise, its first page left alone. */
static void damage(const char *name)
{
    struct stat st;
    int fd = open(file(name), O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    char noise[4096];
    memset(noise, 0x5a, sizeof noise);
    for (off_t at = 40 * 4096; at + 4096 <= st.st_size; at += 2 * 4096)
        assert_int_equal(pwrite(fd, noise, sizeof noise, at), sizeof noise);
    (void)close(fd);
}

static void check__damaged__is_told(void **state)
{
    (void)state;
    struct err e;
    assert_true(backup_check(file("s.db"), false, NULL, &e) && backup_check(file("s.db"), true, NULL, &e));
    damage("s.db");
    assert_false(backup_check(file("s.db"), false, NULL, &e));
    assert_string_equal(e.key, "store.damaged");
    assert_false(backup_make(file("s.db"), file("b.db"), NULL, &e));
    assert_string_equal(e.key, "store.damaged");
    assert_false(there("b.db") || there("b.db.part"));
}

/* An index that lost a row is found by the whole check alone. */
static void check__whole__compares_indexes(void **state)
{
    (void)state;
    struct err e;
    struct db *db = open_db("s.db", DB_WRITE);
    assert_true(db_exec(db, "insert into partner (name, created_ms) values ('Denko', 1)", &e));
    assert_true(db_exec(db, "insert into person (name, partner_id, created_ms) values ('Tanaka', 1, 1)", &e));
    db_close(db);
    run_sql("s.db", "pragma writable_schema=on; update sqlite_schema set sql = "
                    "'create index person_by_partner on person (customer_id)' where name = 'person_by_partner'");
    assert_true(backup_check(file("s.db"), false, NULL, &e));
    assert_false(backup_check(file("s.db"), true, NULL, &e));
    assert_string_equal(e.key, "store.damaged");
}

static void restore__keeps_what_it_replaces(void **state)
{
    (void)state;
    struct err e;
    bool replaced;
    assert_true(backup_make(file("s.db"), file("b.db"), NULL, &e));
    struct db *db = open_db("s.db", DB_WRITE);
    mark(db, "second");
    /* Left as by a crash: what was last written is in the log alone. */
    assert_int_equal(rename(file("s.db-wal"), file("w")), 0);
    db_close(db);
    assert_int_equal(rename(file("w"), file("s.db-wal")), 0);
    assert_true(backup_restore(file("s.db"), file("b.db"), file("kept.db"), &replaced, NULL, &e));
    assert_true(replaced);
    assert_mark("s.db", "first");
    assert_mark("kept.db", "second");
    assert_false(there("s.db-restoring"));
    assert_true(backup_restore(file("new.db"), file("b.db"), file("kept2.db"), &replaced, NULL, &e));
    assert_false(replaced);
    assert_mark("new.db", "first");
}

static void restore__unfit_or_in_use__is_refused_untouched(void **state)
{
    (void)state;
    struct err e;
    bool replaced;
    struct db *db = open_db("s.db", DB_WRITE);
    assert_true(backup_make(file("s.db"), file("b.db"), NULL, &e));
    mark(db, "second");
    assert_false(backup_restore(file("s.db"), file("b.db"), file("kept.db"), &replaced, NULL, &e));
    assert_int_equal(e.code, ERR_BUSY);
    mark(db, "third"); /* goes on undisturbed */
    db_close(db);
    assert_true(backup_make(file("s.db"), file("newer.db"), NULL, &e));
    run_sql("newer.db", "pragma user_version=999");
    run_sql("other.db", "create table t (a)");
    static const char *const unfit[] = { "newer.db", "other.db", "none.db", "damaged.db" };
    assert_true(backup_make(file("s.db"), file("damaged.db"), NULL, &e));
    damage("damaged.db");
    for (size_t i = 0; i < COUNT(unfit); i++)
        assert_false(backup_restore(file("s.db"), file(unfit[i]), file("kept.db"), &replaced, NULL, &e));
    assert_false(backup_restore(file("other.db"), file("b.db"), file("kept.db"), &replaced, NULL, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_mark("s.db", "third");
    assert_false(there("kept.db") || there("s.db-restoring") || there("other.db-restoring"));
}

static void restore__over_a_damaged_store__keeps_it_with_its_log(void **state)
{
    (void)state;
    struct err e;
    bool replaced;
    assert_true(backup_make(file("s.db"), file("b.db"), NULL, &e));
    struct db *db = open_db("s.db", DB_WRITE);
    mark(db, "second");
    assert_int_equal(rename(file("s.db-wal"), file("w")), 0);
    db_close(db);
    assert_int_equal(rename(file("w"), file("s.db-wal")), 0);
    int fd = open(file("s.db"), O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "no store at all.", 16, 0), 16);
    (void)close(fd);
    assert_int_equal(truncate(file("s.db-wal"), 4096), 0);
    assert_true(backup_restore(file("s.db"), file("b.db"), file("kept.db"), &replaced, NULL, &e));
    assert_mark("s.db", "first");
    assert_true(there("kept.db"));
}

static void upgrade__older_format__a_copy_first_and_only_by_serve(void **state)
{
    (void)state;
    struct err e;
    assert_true(backup_upgrade(file("s.db"), &e) && backup_upgrade(file("none.db"), &e));
    assert_false(there("none.db") || there("s.db-format-1"));
    run_sql("s.db", "pragma user_version=0");
    assert_null(db_open(file("s.db"), DB_WRITE, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_true(backup_upgrade(file("s.db"), &e));
    assert_mark("s.db", "first");
    assert_int_equal(mode_of("s.db-format-0"), 0600);
    run_sql("s.db", "pragma user_version=999");
    assert_false(backup_upgrade(file("s.db"), &e));
    assert_int_equal(e.code, ERR_CONFLICT);
}

int main(void)
{
#define WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
    const struct CMUnitTest tests[] = {
        WORLD(backup__beside_a_writer__is_of_one_moment),
        WORLD(backup__every_file__is_the_owners_alone),
        WORLD(backup__name_taken_or_source_unfit__leaves_everything),
        WORLD(backup__told_to_stop__leaves_nothing),
        WORLD(check__damaged__is_told),
        WORLD(check__whole__compares_indexes),
        WORLD(restore__keeps_what_it_replaces),
        WORLD(restore__unfit_or_in_use__is_refused_untouched),
        WORLD(restore__over_a_damaged_store__keeps_it_with_its_log),
        WORLD(upgrade__older_format__a_copy_first_and_only_by_serve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
