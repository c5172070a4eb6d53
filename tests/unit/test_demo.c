#include "tests/unit/t.h"
#include "tests/unit/wall_down.h"

#include "bot/base/clock.h"
#include "bot/core/demo.h"
#include "bot/core/kpi.h"
#include "bot/store/deals.h"
#include "bot/store/members.h"
#include "bot/store/people.h"
#include "bot/text/zone.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define ZONE "Asia/Tokyo"

static int64_t at(const char *iso)
{
    int64_t ms = -1;
    assert_true(zone_parse_iso(iso, ZONE, &ms));
    return ms;
}

static struct db *seeded(const char *zone, int64_t now_ms)
{
    struct err e = { 0 };
    struct db *db = db_open(":memory:", DB_WRITE, &e);
    if (!db || !demo_seed(db, zone, now_ms, &e))
        fail_msg("%s", e.why);
    return db;
}

/* Made once: most tests only look. */
static struct db *store;
static int64_t now_ms;

static int set_up(void **state)
{
    (void)state;
    now_ms = at("2026-11-24T09:05");
    store = seeded(ZONE, now_ms);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    db_close(store);
    return 0;
}

/* The first column of the first row. */
static int64_t ask_of(struct db *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    wall_down(db);
    if (sqlite3_prepare_v2(db_handle(db), sql, -1, &s, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db_handle(db)));
    int64_t n = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return n;
}

static int64_t ask(const char *sql)
{
    return ask_of(store, sql);
}

static void demo__members__are_the_cast(void **state)
{
    (void)state;
    static const char *const want[][4] = {
        { "kenji", "Kenji", "rep", "en" },
        { "haruka", "Haruka", "rep", "ja" },
        { "mika", "Mika", "manager", "en" },
        { "jun", "Jun", "manager", "ja" },
    };
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    int n;
    struct member *m = member_list(store, &mem, &n, &e);
    assert_int_equal(n, 4);
    for (int i = 0; i < n; i++) {
        assert_string_equal(m[i].handle, want[i][0]);
        assert_string_equal(m[i].name, want[i][1]);
        assert_string_equal(m[i].role, want[i][2]);
        assert_string_equal(m[i].locale, want[i][3]);
        assert_string_equal(m[i].market, "JP");
        assert_string_equal(m[i].zone, "Asia/Tokyo");
        assert_string_equal(m[i].team, "Tokyo");
    }
    char *demo = meta_get(store, &mem, "demo", &e);
    assert_string_equal(demo, "1");
    arena_finish(&mem);
}

static void demo__partners__keep_their_order(void **state)
{
    (void)state;
    static const char *const want[] = { "電光デジタル", "白楊堂",
        "架橋ソリューションズ", "한빛파트너스", "Southern Cross Digital", "山田" };
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    struct partner p;
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_true(partner_load(store, &mem, (int64_t)i + 1, &p, &e));
        assert_string_equal(p.name, want[i]);
    }
    assert_true(partner_load(store, &mem, 1, &p, &e));
    assert_string_equal(p.silo, "Dentsu");
    assert_false(partner_load(store, &mem, 7, &p, &e));
    static const char *const customers[] = { "Acme", "青葉食品", "桜川銀行" };
    struct customer c;
    for (size_t i = 0; i < COUNT(customers); i++) {
        assert_true(customer_load(store, &mem, (int64_t)i + 1, &c, &e));
        assert_string_equal(c.name, customers[i]);
    }
    arena_finish(&mem);
}

static void demo__people__two_tanakas(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    struct person p[8];
    assert_int_equal(person_list(store, &mem, 0, 0, p, 8, &e), 7);
    struct person ken = { 0 }, mari = { 0 };
    for (int i = 0; i < 7; i++) { /* the list alone knows when somebody was met last */
        if (p[i].id == 1)
            ken = p[i];
        else if (p[i].id == 2)
            mari = p[i];
    }
    assert_string_equal(ken.name, "田中 健");
    assert_string_equal(ken.title, "部長");
    assert_string_equal(ken.org, "電光デジタル");
    assert_string_equal(mari.org, "白楊堂");
    assert_null(ken.honorific);
    /* The latest with each is Kenji's: 4 and 12 days ago. */
    assert_int_equal(ken.last_ms, at("2026-11-20T16:00"));
    assert_int_equal(mari.last_ms, at("2026-11-12T13:30"));
    struct messenger m;
    assert_int_equal(messenger_list(store, &mem, 1, &m, 1, &e), 1);
    assert_string_equal(m.network, "line");
    arena_finish(&mem);
}

static void demo__deals__the_named_ones(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    struct deal d;
    assert_true(deal_load(store, &mem, 12, &d, &e));
    assert_string_equal(d.name, "Aoba CMS");
    assert_int_equal(d.customer_id, 2);
    assert_int_equal(d.partner_id, 1);
    assert_int_equal(d.owner_id, 1);
    assert_string_equal(d.state, "open");
    assert_string_equal(d.stage, "legal");
    assert_int_equal(d.value_minor, 4800000);
    assert_string_equal(d.currency, "JPY");
    struct champion c;
    assert_int_equal(champion_list(store, &mem, 12, 2, 1, &c, 1, &e), 1);
    assert_int_equal(c.person_id, 1);
    assert_int_equal(c.deal_id, 12);
    assert_true(deal_load(store, &mem, 18, &d, &e));
    assert_string_equal(d.name, "Sakuragawa");
    assert_int_equal(d.owner_id, 1);
    assert_string_equal(d.state, "open");
    /* The only open one that Kenji touched with Denko: what a log without a deal means. */
    struct deal_filter f = {
        .partner = 1, .touched_by = 1, .live = true, .since_ms = now_ms - 30 * DAY_MS
    };
    struct deal list[4];
    assert_int_equal(deal_list(store, &mem, &f, list, 4, &e), 1);
    assert_int_equal(list[0].id, 12);
    arena_finish(&mem);
}

/* Records that the demo doesn't show yet. */
static bool not_in_demo(const char *table)
{
    static const char *const tables[] = { "refund", "legal_item", "capability_tag", "preference", "technology",
        "gate", "task", "asset", NULL };
    for (int i = 0; tables[i]; i++)
        if (!strcmp(tables[i], table))
            return true;
    return false;
}

static void demo__every_record__is_marked(void **state)
{
    (void)state;
    sqlite3_stmt *s = NULL;
    int tables = 0;
    assert_int_equal(
        sqlite3_prepare_v2(db_handle(store),
            "select m.name from sqlite_schema m, pragma_table_info(m.name) c "
            "where m.type = 'table' and c.name = 'source'",
            -1, &s, NULL),
        SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(s, 0);
        char sql[128];
        (void)snprintf(sql, sizeof sql, "select count(*) from %s", table);
        if (not_in_demo(table) != (ask(sql) == 0))
            fail_msg("%s is %s", table, not_in_demo(table) ? "filled by now: take it off the list" : "empty");
        (void)snprintf(
            sql, sizeof sql, "select count(*) from %s where source != 'demo'", table);
        if (ask(sql) != 0)
            fail_msg("%s has rows of another source", table);
        tables++;
    }
    sqlite3_finalize(s);
    assert_true(tables >= 13);
    assert_int_equal(ask("select count(*) from change_group"), 0);
}

static void demo__second_seed__is_refused(void **state)
{
    (void)state;
    int64_t before = ask("select count(*) from touch_point");
    struct err e = { 0 };
    assert_false(demo_seed(store, ZONE, now_ms, &e));
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_int_equal(ask("select count(*) from touch_point"), before);
    assert_int_equal(ask("select count(*) from member"), 4);
    assert_true(db_begin(store, &e)); /* no transaction was left open */
    db_rollback(store);
}

static void demo__unknown_zone__is_refused(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct db *db = db_open(":memory:", DB_WRITE, &e);
    assert_non_null(db);
    assert_false(demo_seed(db, "Asia/Tokio", now_ms, &e));
    assert_int_equal(e.code, ERR_USAGE);
    db_close(db);
}

/* Whatever the day it starts on, also on a Sunday, after New Year and at midnight. */
static void demo__instants__are_past_workdays(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *now;
    } cases[] = { { ZONE, "2026-11-24T09:05" }, { ZONE, "2026-11-22T23:59" },
        { ZONE, "2027-01-04T00:00" }, { "Australia/Sydney", "2026-05-07T08:00" },
        { "UTC", "2026-05-11T03:00" }, { "America/New_York", "2026-03-09T15:00" } };
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t now = at(cases[i].now);
        struct db *db = seeded(cases[i].zone, now);
        sqlite3_stmt *s = NULL;
        assert_int_equal(sqlite3_prepare_v2(db_handle(db),
                             "select at_ms, minutes from touch_point", -1, &s, NULL),
            SQLITE_OK);
        int n = 0;
        for (; sqlite3_step(s) == SQLITE_ROW; n++) {
            int64_t t = sqlite3_column_int64(s, 0);
            struct civil c = civil_of(t, cases[i].zone);
            assert_true(t + sqlite3_column_int64(s, 1) * MINUTE_MS <= now);
            assert_in_range(c.weekday, 1, 5);
            assert_in_range(c.hour, 9, 21);
        }
        sqlite3_finalize(s);
        assert_in_range(n, 550, 700);
        char sql[320];
        (void)snprintf(sql, sizeof sql,
            "select (select count(*) from note where at_ms > %lld)"
            " + (select count(*) from deal_event where at_ms > %lld)"
            " + (select count(*) from touch_point where created_ms > %lld)"
            " + (select count(*) from follow where state = 'open' and due_ms <= %lld)",
            (long long)now, (long long)now, (long long)now, (long long)now);
        assert_int_equal(ask_of(db, sql), 0);
        assert_int_equal(
            ask_of(db,
                "select count(distinct member_id) from follow where state = 'open'"),
            2);
        db_close(db);
    }
}

static void demo__follows__due_is_the_local_time(void **state)
{
    (void)state;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db_handle(store),
                         "select due_local, zone, due_ms from follow", -1, &s, NULL),
        SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        int64_t ms;
        assert_true(zone_parse_iso((const char *)sqlite3_column_text(s, 0),
            (const char *)sqlite3_column_text(s, 1), &ms));
        assert_int_equal(ms, sqlite3_column_int64(s, 2));
    }
    sqlite3_finalize(s);
}

static void demo__deals__agree_with_their_events(void **state)
{
    (void)state;
    assert_in_range(ask("select count(*) from deal"), 30, 45);
    static const char *const wrong[] = {
        "select count(*) from pragma_foreign_key_check",
        /* states and their events */
        "select count(*) from deal d where not exists (select 1 from deal_event v where "
        "v.deal_id = d.id and v.what = 'registered' and v.at_ms = d.registered_ms)",
        "select count(*) from deal d where state in ('won', 'lost', 'expired') and not "
        "exists (select 1 from deal_event v where v.deal_id = d.id and v.what = d.state "
        "and v.at_ms = d.closed_ms)",
        "select count(*) from deal where (closed_ms is null) != "
        "(state in ('registered', 'open', 'paused'))",
        "select count(*) from deal where (closed_owner_id is null) != (closed_ms is null)",
        "select count(*) from deal where closed_ms <= registered_ms",
        "select count(*) from deal d where (state = 'paused') != exists (select 1 from "
        "deal_pause p where p.deal_id = d.id and p.to_ms is null)",
        "select count(*) from deal_event v join deal d on d.id = v.deal_id where "
        "v.at_ms < d.registered_ms or (v.at_ms > d.closed_ms and v.value is not 'live')",
        "select count(*) from deal d where stage not in ('signed', 'live') and stage is not "
        "(select value from deal_event v where v.deal_id = d.id and v.what = 'stage' "
        "order by at_ms desc limit 1)",
        /* nothing open lay still for ninety days, or it would have expired */
        "select count(*) from (select d.state, coalesce(lead(t.at_ms) over (partition by "
        "t.deal_id order by t.at_ms), (select max(created_ms) from follow)) - t.at_ms as gap from touch_point t "
        "join deal d on d.id = t.deal_id) where state = 'open' and gap > 90 * 86400000",
        "select count(*) from deal d where state = 'registered' and (exists (select 1 "
        "from touch_point t where t.deal_id = d.id) or stage is not null)",
        /* numbers follow dates */
        "select count(*) from deal a join deal b on b.id = a.id + 1 "
        "where a.registered_ms > b.registered_ms",
        "select count(*) from touch_point a join touch_point b on b.id = a.id + 1 "
        "where a.at_ms > b.at_ms",
        /* a note is about a meeting that was over */
        "select count(*) from note n join touch_point t on t.id = n.touch_id "
        "where n.at_ms < t.at_ms + t.minutes * 60000 or t.kind != 'M'",
        "select count(*) from note_text where level = 'offrecord' and id not in "
        "(select note_id from note where note_id is not null and layer = 'after')",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        if (ask(wrong[i]) != 0)
            fail_msg("%s", wrong[i]);
}

/* The figures that a visitor asks for have something to say. */
static void demo__figures__have_both_sides(void **state)
{
    (void)state;
    static const char *const there[] = {
        "select count(*) from deal where state = 'won'",
        "select count(*) from deal where state = 'lost'",
        "select count(*) from deal where state = 'paused'",
        "select count(*) from deal where state = 'expired'",
        "select count(*) from deal where state = 'registered'",
        "select count(*) from deal_event where what = 'resumed'",
        "select count(*) from deal d where state = 'won' and not exists "
        "(select 1 from touch_point t where t.deal_id = d.id)",
        "select count(*) from touch_point where outcome = 'no_answer'",
        "select count(*) from touch_point where outcome = 'left_message'",
        "select count(*) from note_text where level = 'offrecord'",
        "select count(*) from note where layer = 'room' and stance = 'unknown'",
        "select count(*) from touch_point t where kind = 'M' and not exists "
        "(select 1 from note n where n.touch_id = t.id and layer = 'room')",
        "select count(*) from note n join touch_point t on t.id = n.touch_id "
        "where layer = 'room' and n.at_ms > t.at_ms + 86400000",
        "select count(*) from note where layer = 'after' and stance = 'against'",
        "select count(*) from follow where kind = 'champion' and state != 'done'",
    };
    for (size_t i = 0; i < COUNT(there); i++)
        if (ask(there[i]) == 0)
            fail_msg("none: %s", there[i]);
    assert_int_equal(ask("select count(distinct currency) from deal"), 3);
    assert_int_equal(ask("select count(*) from touch_point where deal_id = 12 and "
                         "outcome = 'reached' and internal = 0"),
        6);
}

/* Each figure says something of the team in its usual period, and no nought. */
static void demo__figures__each_has_a_value(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    int none = 0;
    for (int i = 0; kpi_at(i); i++) {
        const struct kpi *k = kpi_at(i);
        struct err e = { 0 };
        struct kpi_answer out;
        struct civil c = civil_of(now_ms, ZONE);
        bool quarter = k->period == KPI_QUARTER;
        int32_t today = day_of(now_ms, ZONE);
        int32_t from = quarter ? day_number(c.year, (c.month - 1) / 3 * 3 + 1, 1)
                       : k->period == KPI_NOW ? today : today - 364;
        struct kpi_ask a = { .kpi = k, .zone = ZONE, .sees_members = true, .cells = true, .as_of_ms = now_ms,
            .period = { .from_ms = day_start_ms(from, ZONE), .to_ms = now_ms + 1, .from_day = from,
                .to_day = today + 1, .to_date = true } };
        if (kpi_is(k->id, "K30")) /* a velocity is of one currency */
            a.scope.market = "JP";
        if (!kpi_compute(store, &mem, &a, &out, &e))
            fail_msg("%s: %s", k->id, e.why);
        bool said = out.total.n_money > 1 || /* several currencies are never one number */
                    (out.total.value[0] && strcmp(out.total.value, "0") != 0 && strcmp(out.total.value, "0.0") != 0);
        if (!said)
            print_error("%s says '%s' (%lld of %lld)\n", k->id, out.total.value, (long long)out.total.num,
                (long long)out.total.den);
        none += !said;
    }
    assert_int_equal(none, 0);
    arena_finish(&mem);
}

static void demo__same_start__same_store(void **state)
{
    (void)state;
    static const char sum[] =
        "select (select sum(at_ms % 1000003 * id) from touch_point)"
        " + (select sum(at_ms % 1000003 * id) from note)"
        " + (select sum(length(text) * id) from note_text)";
    struct db *again = seeded(ZONE, now_ms);
    assert_int_equal(ask_of(again, sum), ask(sum));
    db_close(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demo__members__are_the_cast),
        cmocka_unit_test(demo__partners__keep_their_order),
        cmocka_unit_test(demo__people__two_tanakas),
        cmocka_unit_test(demo__deals__the_named_ones),
        cmocka_unit_test(demo__every_record__is_marked),
        cmocka_unit_test(demo__second_seed__is_refused),
        cmocka_unit_test(demo__unknown_zone__is_refused),
        cmocka_unit_test(demo__instants__are_past_workdays),
        cmocka_unit_test(demo__follows__due_is_the_local_time),
        cmocka_unit_test(demo__deals__agree_with_their_events),
        cmocka_unit_test(demo__figures__have_both_sides),
        cmocka_unit_test(demo__figures__each_has_a_value),
        cmocka_unit_test(demo__same_start__same_store),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
