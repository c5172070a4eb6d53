/* Two records become one and are parted again: nothing names the one that went, nothing
 * counts twice, and parting restores every row as it was, however they were chained. */
#include <sqlite3.h>
#include <string.h>
#include "tests/unit/t.h"
#include "tests/unit/wall_down.h"
#include "bot/base/buf.h"
#include "bot/store/journal.h"
#include "bot/store/merge.h"

static struct db *db;
static struct arena mem;

static void run(const char *sql)
{
    struct err e = { 0 };
    if (!db_exec(db, sql, &e))
        fail_msg("%s\n%s", e.why, sql);
}

static int64_t number(const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db_handle(db), sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return v;
}

/* Every row of every table but the merges themselves. */
static char *dump(void)
{
    struct buf b = BUF_ON(&mem);
    sqlite3_stmt *tables = NULL;
    wall_down(db);
    assert_int_equal(sqlite3_prepare_v2(db_handle(db), "select name from sqlite_schema where type = 'table' "
        "and name not in ('merge', 'merge_move') and name not like 'note_index%' order by name", -1, &tables, NULL), SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *t = (const char *)sqlite3_column_text(tables, 0);
        sqlite3_stmt *rows = NULL;
        assert_int_equal(sqlite3_prepare_v2(db_handle(db), arena_printf(&mem, "select * from %s order by 1, 2", t),
            -1, &rows, NULL), SQLITE_OK);
        while (sqlite3_step(rows) == SQLITE_ROW) {
            buf_printf(&b, "%s", t);
            for (int i = 0; i < sqlite3_column_count(rows); i++) {
                const char *v = (const char *)sqlite3_column_text(rows, i);
                /* A further name that a merge added stays as a void row. */
                buf_printf(&b, "|%s", v ? v : "-");
            }
            buf_puts(&b, "\n");
        }
        sqlite3_finalize(rows);
    }
    sqlite3_finalize(tables);
    return arena_strdup(&mem, buf_str(&b));
}

/* Living rows whose foreign key still names `id`. */
static int64_t naming(const char *table, int64_t id)
{
    int64_t n = 0;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db_handle(db), arena_printf(&mem,
        "select m.name, f.\"from\" from sqlite_schema m, pragma_foreign_key_list(m.name) f "
        "where m.type = 'table' and f.\"table\" = '%s'", table), -1, &s, NULL), SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *t = (const char *)sqlite3_column_text(s, 0);
        if (journal_keeps(t))
            n += number(arena_printf(&mem, "select count(*) from %s where %s = %lld and void_ms is null", t,
                (const char *)sqlite3_column_text(s, 1), (long long)id));
    }
    sqlite3_finalize(s);
    return n;
}

static void merge(char kind, int64_t gone, int64_t kept)
{
    struct err e = { 0 };
    if (!merge_run(db, &mem, kind, gone, kept, 1, 1000, &e))
        fail_msg("%s", e.why);
}

static void part(char kind, int64_t gone)
{
    struct err e = { 0 };
    struct merge m;
    assert_true(merge_find(db, &mem, kind, gone, &m, &e));
    if (!merge_undo(db, &mem, kind, &m, 2000, &e))
        fail_msg("%s", e.why);
    run("delete from name where void_ms = 2000");
}

static int setup(void **state)
{
    struct err e = { 0 };
    (void)state;
    mem = (struct arena)ARENA_INIT;
    db = db_open(":memory:", DB_WRITE, &e);
    if (!db)
        fail_msg("%s", e.why);
    run("insert into member (id, handle, name, role, market, zone, locale, created_ms) values"
        " (1,'kenji','Kenji','rep','JP','Asia/Tokyo','en',0);"
        "insert into partner (id, name, market, created_ms) values (1,'P1','JP',0), (2,'P2',null,0), (3,'P3','KR',0);"
        "insert into customer (id, name, industry, created_ms) values (1,'A1',null,0), (2,'A2','food',0), (3,'A3',null,0);"
        "insert into person (id, name, title, partner_id, customer_id, created_ms) values"
        " (1,'C1','部長',1,null,0), (2,'C2',null,null,1,0), (3,'C3','課長',2,null,0);"
        "insert into name (kind, ref, text, sort) values ('C',1,'one','alias'), ('C',2,'one','alias'), ('P',2,'two','alias');"
        "insert into messenger (person_id, network, handle) values (1,'line','a'), (2,'line','a'), (2,'line','b');"
        "insert into deal (id, name, customer_id, partner_id, registered_ms, created_ms) values (1,'D1',2,2,0,0), (2,'D2',1,1,0,0);"
        "insert into champion (person_id, customer_id, since_ms) values (1,1,0), (2,1,5), (2,2,0), (3,2,0);"
        "insert into touch_point (id, kind, no, at_ms, member_id, customer_id, deal_id, created_ms) values"
        " (1,'T',1,10,1,1,2,0), (2,'T',2,20,1,2,1,0), (3,'M',1,30,1,2,1,0);"
        "insert into touch_person (touch_id, person_id) values (1,1), (2,2), (3,1), (3,2), (3,3);"
        "insert into touch_partner (touch_id, partner_id) values (1,1), (2,2), (3,1), (3,2);"
        "insert into note (customer_id, partner_id, layer, from_person, member_id, at_ms, created_ms) values (2,2,'after',2,1,5,0);"
        "insert into follow (member_id, person_id, customer_id, partner_id, due_local, zone, due_ms, created_ms)"
        " values (1,2,2,2,'2026-03-02T19:30','Asia/Tokyo',0,0);"
        "insert into speaks (person_id, language, level) values (1,'ja','native'), (2,'ja','B1'), (2,'en','B1');"
        "insert into access (person_id, customer_id, level, at_ms) values (2,2,'decision_maker',0);"
        "insert into tag (person_id, what, firm) values (2,'trained_at','X');"
        "insert into former_firm (person_id, partner_id, until_ms) values (2,2,0);"
        "insert into away (person_id, from_day, reason) values (2,10,'sick');"
        "insert into note_stance (note_id, person_id, stance) values (1,2,'for');"
        "insert into committee (deal_id, person_id, member_id, created_ms) values (1,1,1,0), (1,2,1,0);"
        "insert into objection (deal_id, person_id, type, member_id, at_ms, created_ms) values (1,2,'legal',1,0,0);"
        "insert into first_buyer (customer_id, person_id, partner_id, member_id, at_ms) values (2,2,2,1,0);"
        "insert into introduction (by_person, person_id, customer_id, partner_id, member_id, at_ms)"
        " values (2,3,2,2,1,0), (3,2,null,null,1,0);"
        "insert into introduction (by_partner, customer_id, member_id, at_ms) values (2,1,1,0);"
        "insert into keeper (person_id, member_id, since_ms, by_member) values (2,1,0,1);");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    db_close(db);
    arena_finish(&mem);
    return 0;
}

static void merge__each_kind__moves_all_and_parts_exactly(void **state)
{
    (void)state;
    static const struct {
        char kind;
        const char *table;
    } kinds[] = { { 'C', "person" }, { 'P', "partner" }, { 'A', "customer" } };
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const char *before = dump();
        assert_true(naming(kinds[i].table, 2) > 0);
        merge(kinds[i].kind, 2, 1);
        assert_int_equal(naming(kinds[i].table, 2), 0);
        assert_string_not_equal(dump(), before);
        part(kinds[i].kind, 2);
        assert_string_equal(dump(), before);
    }
}

static void merge__both_in_one_meeting__count_once(void **state)
{
    (void)state;
    merge('C', 2, 1);
    merge('P', 2, 1);
    assert_int_equal(number("select count(*) from touch_person where touch_id = 3 and person_id = 1 and void_ms is null"), 1);
    assert_int_equal(number("select count(*) from touch_partner where touch_id = 3 and void_ms is null"), 1);
    assert_int_equal(number("select count(distinct touch_id) from touch_partner where partner_id = 1 and void_ms is null"), 3);
    assert_int_equal(number("select count(*) from messenger where person_id = 1 and void_ms is null"), 2);
    assert_int_equal(number("select count(*) from champion where person_id = 1 and customer_id = 1 and void_ms is null"), 1);
}

static void merge__empty_columns__filled_and_emptied(void **state)
{
    (void)state;
    merge('C', 1, 2); /* C2 has no title, and a firm of its own */
    assert_int_equal(number("select count(*) from person where id = 2 and title = '部長' and partner_id is null and customer_id = 1"), 1);
    run("update person set title = '本部長' where id = 2");
    part('C', 1);
    /* Promoted since: that is not the merge's to take back. */
    assert_int_equal(number("select count(*) from person where id = 2 and title = '本部長'"), 1);
}

static void merge__chain__parts_in_any_order(void **state)
{
    (void)state;
    const char *before = dump();
    for (int order = 0; order < 2; order++) {
        merge('C', 3, 2);
        merge('C', 2, 1);
        assert_int_equal(naming("person", 2) + naming("person", 3), 0);
        part('C', order ? 2 : 3);
        assert_int_equal(number("select count(*) from person where void_ms is null"), 2);
        part('C', order ? 3 : 2);
        assert_string_equal(dump(), before);
    }
}

static void merge__logged_since__stays(void **state)
{
    (void)state;
    merge('C', 2, 1);
    run("insert into touch_point (id, kind, no, at_ms, member_id, created_ms) values (9,'T',9,99,1,0);"
        "insert into touch_person (touch_id, person_id) values (9,1)");
    part('C', 2);
    assert_int_equal(number("select person_id from touch_person where touch_id = 9"), 1);
    assert_int_equal(number("select person_id from touch_person where touch_id = 2"), 2);
}

static void merge__number_that_went__finds_who_stayed(void **state)
{
    (void)state;
    struct err e = { 0 };
    AUTO_QUERY q = db_query(db, STMT_PERSON_FIND);
    merge('C', 3, 2);
    merge('C', 2, 1);
    bind_int(&q, "$id", 3);
    assert_true(query_next(&q, &e));
    assert_int_equal(query_int(&q, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(merge__each_kind__moves_all_and_parts_exactly, setup, teardown),
        cmocka_unit_test_setup_teardown(merge__both_in_one_meeting__count_once, setup, teardown),
        cmocka_unit_test_setup_teardown(merge__empty_columns__filled_and_emptied, setup, teardown),
        cmocka_unit_test_setup_teardown(merge__chain__parts_in_any_order, setup, teardown),
        cmocka_unit_test_setup_teardown(merge__logged_since__stays, setup, teardown),
        cmocka_unit_test_setup_teardown(merge__number_that_went__finds_who_stayed, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
