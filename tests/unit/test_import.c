/* Files as people send them into a store, and what comes of them: the report, the records,
 * the figures, and that the same file a second time is no news. */
#include "tests/unit/t.h"
#include "tests/unit/wall_down.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/core/export.h"
#include "bot/core/import.h"
#include "bot/core/import_private.h"
#include "bot/text/charset.h"
#include "tests/unit/kpi_store.h"

static struct catalogue *words;

/* What was reported, "row 5 refused: …" a line. */
static struct buf report;

static void on_report(void *ctx, enum import_tone tone, int64_t row, const char *text)
{
    static const char *const tones[] = { "", " warning", " refused" };
    (void)ctx;
    buf_printf(&report, "row %lld%s: %s\n", (long long)row, tones[tone], text);
}

static struct import_result last;
static struct err last_error;

static bool import_as(struct world *w, const char *name, const char *text, struct import_options o)
{
    o.words = words;
    o.zone = TOKYO;
    o.report = on_report;
    report = BUF_ON(&w->mem);
    buf_puts(&report, "");
    last_error = (struct err){ 0 };
    return import_text(w->db, name, text, strlen(text), &o, &last, &last_error);
}

static void take(struct world *w, const char *name, const char *text)
{
    if (!import_as(w, name, text, (struct import_options){ .member = 1 }))
        fail_msg("%s: %s\n%s", name, last_error.why, buf_str(&report));
}

static void refuse(struct world *w, const char *name, const char *text, const char *why)
{
    if (import_as(w, name, text, (struct import_options){ .member = 1 }))
        fail_msg("%s was taken\n%s", name, buf_str(&report));
    if (!strstr(last_error.why, why) && !strstr(buf_str(&report), why))
        fail_msg("no '%s' in: %s\n%s", why, last_error.why, buf_str(&report));
}

#define assert_said(text)                                                              \
    if (!strstr(buf_str(&report), text))                                               \
    fail_msg("no '%s' in:\n%s", text, buf_str(&report))

static int64_t count(struct world *w, const char *sql)
{
    sqlite3_stmt *s = NULL;
    wall_down(w->db);
    assert_int_equal(sqlite3_prepare_v2(db_handle(w->db), sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

/* A store with members and nothing else. */
static int setup_empty(void **state)
{
    (void)setup(state);
    run(*state, "delete from partner; delete from customer");
    return 0;
}

static bool put(void *ctx, const char *line, size_t n, struct err *e)
{
    (void)e;
    buf_add(ctx, line, n);
    return true;
}

static char *exported(struct world *w, const char *kind)
{
    struct buf all = BUF_ON(&w->mem);
    struct err e = { 0 };
    const struct export_reader reader = { .viewer = 0, .zone = TOKYO };
    assert_true(export_rows(w->db, record_kind_find(kind), &reader, put, &all, &e));
    return arena_strdup(&w->mem, buf_str(&all));
}

static char *read_sample(struct world *w, const char *name)
{
    char *path = arena_printf(&w->mem, SOURCE_DIR "/tests/import/%s", name), *bytes = xmalloc(65536);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, 65536, f), text_n;
    (void)fclose(f);
    const char *found;
    struct err e = { 0 };
    char *text = charset_decode(bytes, n, NULL, &text_n, &found, &e);
    if (!text)
        fail_msg("%s", e.why);
    assert_string_equal(found, "Shift_JIS");
    char *kept = arena_strdup(&w->mem, text);
    free(text);
    free(bytes);
    return kept;
}

static char *replaced(struct world *w, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(&w->mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* A sheet of a sales department as it is: title rows, a total, 千円, 令和, ㈱, wide digits. */
static void messy__is_refused_as_a_whole_and_says_why(void **state)
{
    struct world *w = *state;
    char *text = read_sample(w, "deals_sjis.csv");
    refuse(w, "deals_sjis.csv", text, "2 rows are refused");
    assert_said("row 4: is taken for the header; what stands above it is left out\n");
    assert_said("row 4 warning: columns that are not taken: No., 備考\n");
    assert_said("row 10 refused: 金額（千円） '未定' is no amount; write 4800000, ¥4,800,000 or 480万円\n");
    assert_said("row 10 refused: 登録日 '2026/3/32' is no day of the calendar; write 2026-03-02\n");
    assert_said("row 13 refused: has no name; a line of sums, or a remark, is to be taken out\n");
    assert_said("row 12: is the same record as row 11: 在庫照会\n");
    assert_int_equal(count(w, "select count(*) from deal"), 0);
    assert_int_equal(count(w, "select count(*) from customer"), 0);
    assert_int_equal(count(w, "select count(*) from import_batch"), 0);
}

static void messy__mended_is_taken_once(void **state)
{
    struct world *w = *state;
    char *text = read_sample(w, "deals_sjis.csv");
    text = replaced(w, text, "未定,2026/3/32", "\"￥２，５００，０００－\",2026/3/31");
    text = replaced(w, text, ",,,,合計,,\"11,650\",,,,\r\n", "");
    take(w, "deals_sjis.csv", text);
    assert_int_equal(last.fresh, 6);
    assert_int_equal(last.doubled, 1);
    /* ㈱青葉食品 and 青葉食品, 電光デジタル（株） and ㈱電光デジタル are one each. */
    assert_int_equal(count(w, "select count(*) from customer"), 4);
    assert_int_equal(count(w, "select count(*) from partner"), 2);
    assert_int_equal(count(w, "select sum(value_minor) from deal"), 4800000 + 3000000 + 1200000 + 650000 + 2500000 + 2000000);
    const char *deals = exported(w, "deals");
    assert_non_null(strstr(deals, ",基幹サイトリニューアル,A1,P1,,new,unknown,,,,,4800000,,JPY,JP,won,,2025-08-01T12:00:00+09:00,,,2026-01-20T"));
    assert_non_null(strstr(deals, ",店舗アプリ,A1,P2,,new,unknown,,,haruka,,650000,,JPY,JP,open,proposal,2026-02-02T"));
    assert_null(strstr(deals, "2026-06-30")); /* a close that is hoped for is none */
    take(w, "deals_sjis.csv", text);
    assert_int_equal(last.fresh + last.changed, 0);
    assert_int_equal(last.same, 7);
    assert_string_equal(exported(w, "deals"), deals);
    /* One sign of life a partner: what came changed something, the second time nothing. */
    assert_int_equal(count(w, "select count(*) from check_in where what = 'update'"), 2);
    assert_int_equal(count(w, "select count(*) from check_in where what = 'check'"), 2);
}

/* All but when they were changed, and how they came. */
static void assert_same_rows(struct world *w, const char *a, const char *b)
{
    const char *texts[2] = { a, b };
    struct buf plain[2] = { BUF_ON(&w->mem), BUF_ON(&w->mem) };
    for (int i = 0; i < 2; i++)
        for (const char *line = texts[i]; *line; line = strchr(line, '\n') + 1) {
            const char *second = strchr(strchr(line, ',') + 1, ','), *third = strchr(second + 1, ',');
            const char *end = strchr(line, '\n');
            while (*end != ',')
                end--;
            buf_printf(&plain[i], "%.*s%.*s\n", (int)(second - line), line, (int)(end - third), third);
        }
    assert_string_equal(buf_str(&plain[0]), buf_str(&plain[1]));
}

static void golden__comes_back_with_the_same_figures(void **state)
{
    struct world *w = *state;
    static const char *const kinds[] = { "partners", "customers", "people", "deals", "touch_points" };
    char *files[COUNT(kinds)];
    golden(w);
    run(w, "insert into deal_source (deal_id, partner_id, at_ms, member_id, created_ms) values (1,1,0,1,0), (2,1,0,1,0);"
           "insert into touch_partner (touch_id, partner_id) select id, 2 from touch_point where deal_id = 5 limit 2");
    run(w, "update partner set created_ms = 1000; update customer set created_ms = 1000;"
           "update deal set created_ms = 1000; update touch_point set created_ms = 1000");
    for (size_t i = 0; i < COUNT(kinds); i++)
        files[i] = exported(w, kinds[i]);
    static struct world other;
    struct world *into = &other;
    void *fresh;
    other = *w;
    w = &other;
    (void)setup_empty(&fresh); /* setup() has one store: the first is kept in `other` */
    into = fresh;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT(kinds); i++) {
            take(into, arena_printf(&into->mem, "%s.csv", kinds[i]), files[i]);
            if (round)
                assert_int_equal(last.fresh + last.changed + last.doubled, 0);
        }
        struct kpi_ask a = ask("K6", H1);
        assert_int_equal(answer(into, &a).total.num, 3);
        assert_int_equal(answer(into, &a).total.den, 5);
        a = ask("K11", H1);
        assert_string_equal(answer(into, &a).total.value, "18.0");
        a = ask("K9", H1);
        assert_string_equal(answer(into, &a).total.mean, "233.7");
        a = ask("K5", H1);
        assert_int_equal(answer(into, &a).total.num, 4); /* D7 became D8 here too */
        for (size_t i = 0; i < COUNT(kinds); i++)
            assert_same_rows(w, files[i], exported(into, kinds[i]));
    }
    assert_int_equal(count(into, "select count(*) from deal_source where void_ms is null"), 2);
    assert_int_equal(count(into, "select merged_into from deal where id = 7"), 8);
    db_close(w->db);
    arena_finish(&w->mem);
    *state = into;
}

static void names__are_met_within_their_firm(void **state)
{
    struct world *w = *state;
    take(w, "people.csv",
        "氏名,フリガナ,会社名,役職,メールアドレス,電話番号\n田中　健 様,タナカケン,Ｐ１,部長,ken@denko.example,03-0000-0000\n"
        "田中 健,,株式会社白根,課長,,\n");
    assert_int_equal(count(w, "select count(*) from person"), 2);
    assert_int_equal(count(w, "select partner_id from person where name = '田中 健' and title = '部長'"), 1);
    assert_int_equal(count(w, "select count(*) from name where text = 'タナカケン' and sort = 'reading' and void_ms is null"), 1);
    assert_int_equal(count(w, "select count(*) from messenger where handle = 'ken@denko.example' and void_ms is null"), 1);
    /* The title changes at one of them alone, and nothing else. */
    take(w, "people.csv", "氏名,会社名,役職\n田中 健,P1,本部長\n");
    assert_said("row 2: C1 田中 健: title 部長 to 本部長");
    assert_int_equal(last.changed, 1);
    /* Without the firm it may be either. */
    refuse(w, "people.csv", "氏名,役職\n田中 健,部長\n", "several are called '田中 健': C2, C1");
}

static void ids__of_another_system_are_remembered(void **state)
{
    struct world *w = *state;
    take(w, "accounts.csv", "Account ID,Account Name,Billing Country,Industry\n001A,Acme Inc.,Japan,food\n001B,Acme,Australia,\n");
    assert_int_equal(last.fresh, 2); /* two ids are two firms, whatever they are called */
    take(w, "accounts.csv", "Account ID,Account Name,Industry\n001A,Acme Holdings,beverage\n");
    assert_int_equal(last.changed, 1);
    assert_said("name Acme Inc. to Acme Holdings");
    assert_int_equal(count(w, "select count(*) from customer where name = 'Acme Holdings' and industry = 'beverage' and market = 'JP'"), 1);
}

static void ids__of_another_store_are_refused(void **state)
{
    struct world *w = *state;
    refuse(w, "partners.csv", "id,created_at,changed_at,name\nP1,2020-01-01T00:00:00+09:00,,Somebody else\n",
        "P1 is another record here");
    refuse(w, "deals.csv", "name,customer,partner,registered_at\nx,A1,P9,2026-01-01\n", "there is no partner P9");
}

static void days__are_asked_about_where_they_are_unclear(void **state)
{
    struct world *w = *state;
    static const char unclear[] = "案件名,会社名,登録日\na,A1,03/04/2026\nb,A1,05/06/2026\n";
    refuse(w, "deals.csv", unclear, "the day in row 2, and all others there, can be read in several orders");
    assert_true(import_as(w, "deals.csv", unclear, (struct import_options){ .member = 1, .dates = "dmy" }));
    assert_non_null(strstr(exported(w, "deals"), "2026-04-03T12:00"));
    take(w, "deals.csv", "案件名,会社名,登録日\nc,A1,03/04/2026\nd,A1,25/06/2026\n"); /* one tells for all */
    assert_non_null(strstr(exported(w, "deals"), "2026-06-25T12:00"));
    refuse(w, "deals.csv", "案件名,会社名,登録日\ne,A1,25/04/2026\nf,A1,04/25/2026\n", "rows 2 and 3 write days in different orders");
    refuse(w, "deals.csv", "案件名,会社名,登録日\ne,A1,26/3/2\n", "can be read in several orders");
    take(w, "deals.csv", "案件名,会社名,登録日\ng,A1,5/5/2026\n"); /* the same in every order */
}

static void days__are_read_as_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        int year, month, day, hour;
    } good[] = { { "2026-03-02", 2026, 3, 2, 0 }, { "2026/3/2 14:30", 2026, 3, 2, 14 }, { "2026.3.2", 2026, 3, 2, 0 },
        { "2026年3月2日(月)", 2026, 3, 2, 0 }, { "令和8年3月2日", 2026, 3, 2, 0 }, { "r8.3.2", 2026, 3, 2, 0 },
        { "令和元年5月1日", 2019, 5, 1, 0 }, { "h31/4/30", 2019, 4, 30, 0 }, { "20260302", 2026, 3, 2, 0 },
        { "46083", 2026, 3, 2, 0 }, { "46083.75", 2026, 3, 2, 18 }, { "2 mar 2026", 2026, 3, 2, 0 },
        { "mar 2, 2026", 2026, 3, 2, 0 }, { "2-mar-26", 2026, 3, 2, 0 }, { "2026-03-02 午後3時半", 2026, 3, 2, 15 },
        { "2026/3/2 3:30 pm", 2026, 3, 2, 15 }, { "september 9th, 2026", 2026, 9, 9, 0 } };
    for (size_t i = 0; i < COUNT(good); i++) {
        struct sheet_date d;
        int y, m, day;
        if (!sheet_date_read(good[i].cell, &d) || !d.settled || !sheet_date_fits(&d, ORDER_YMD, &y, &m, &day) ||
            y != good[i].year || m != good[i].month || day != good[i].day || (d.has_time ? d.hour : 0) != good[i].hour)
            fail_msg("%s", good[i].cell);
    }
    static const char *const bad[] = { "", "next week", "2026-3", "3/2", "12345678901", "2026/3/2 25:00", "月曜", "1.5",
        "2026-03-02x", "q3" };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct sheet_date d;
        if (sheet_date_read(bad[i], &d))
            fail_msg("%s was read", bad[i]);
    }
}

static void amounts__are_exact_or_refused(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *cell;
        int64_t minor;
        const char *currency;
    } good[] = { { "4800000", 4800000, "JPY" }, { "\"¥4,800,000\"", 4800000, "JPY" }, { "480万円", 4800000, "JPY" },
        { "\"4,800千円\"", 4800000, "JPY" }, { "１２０万", 1200000, "JPY" }, { "\"4,800,000円\"", 4800000, "JPY" },
        { "4800000.00", 4800000, "JPY" }, { "\"A$50,000\"", 5000000, "AUD" }, { "0", 0, "JPY" } };
    for (size_t i = 0; i < COUNT(good); i++) {
        take(w, "deals.csv", arena_printf(&w->mem, "案件名,会社名,登録日,金額\nn%zu,A1,2026-01-01,%s\n", i, good[i].cell));
        if (count(w, arena_printf(&w->mem, "select value_minor from deal where name = 'n%zu' and currency = '%s'", i, good[i].currency)) != good[i].minor)
            fail_msg("%s", good[i].cell);
    }
    static const char *const bad[] = { "-5", "4.800.000", "1.200", "4800000.50", "\"48,00\"", "5-6M", "abc", "(1000)" };
    for (size_t i = 0; i < COUNT(bad); i++)
        refuse(w, "deals.csv", arena_printf(&w->mem, "案件名,会社名,登録日,金額\nx,A1,2026-01-01,%s\n", bad[i]), "金額 '");
    take(w, "deals.csv", "Deal Name,Company,Create Date,Amount,Currency\nusd,A1,2026-01-01,1200.50,USD\n");
    assert_int_equal(count(w, "select value_minor from deal where name = 'usd' and currency = 'USD'"), 120050);
    refuse(w, "deals.csv", "Deal Name,Company,Create Date,Amount,List amount\nz,A1,2026-01-01,¥5,US$6\n", "in JPY and in USD");
}

static void contacts__come_once(void **state)
{
    struct world *w = *state;
    static const char text[] = "活動日,時刻,種別,会社名,先方担当者,担当者,内容\n"
                               "2026/3/2,14:30,電話,P1,田中 健、佐藤 真理,kenji,法務がまだ\n"
                               "2026/3/2,14:30,電話,P1,田中 健、佐藤 真理,kenji,法務がまだ\n"
                               "2026/3/3,,訪問,A1,,ハルカ様,\n";
    take(w, "活動.csv", text);
    assert_said("row 3 warning: says the same as row 2; left out");
    assert_int_equal(count(w, "select count(*) from touch_point where void_ms is null"), 2);
    assert_int_equal(count(w, "select at_ms from touch_point where no = 1"), at("2026-03-02T14:30"));
    assert_int_equal(count(w, "select count(*) from touch_person"), 2);
    assert_int_equal(count(w, "select count(*) from touch_partner"), 1);
    assert_non_null(strstr(exported(w, "touch_points"), ",phone,reached,0,0,,kenji,,,\"C1;C2\",P1,0,,,,法務がまだ,all,import"));
    take(w, "活動.csv", text);
    assert_int_equal(last.fresh + last.changed, 0);
    assert_int_equal(count(w, "select count(*) from touch_point"), 2);
    refuse(w, "活動.csv", "活動日,種別,内容\n2026/3/2,電話,誰と\n", "says with whom in no column");
    assert_false(import_as(w, "活動.csv", "活動日,会社名\n2026/3/9,A1\n", (struct import_options){ .member = 0 }));
    assert_said("add --as HANDLE");
}

static void kinds__are_asked_about(void **state)
{
    struct world *w = *state;
    refuse(w, "x.csv", "会社名,国\nAcme,日本\n", "say which with --kind");
    refuse(w, "x.csv", "foo,bar\n1,2\n", "no row among the first 30");
    refuse(w, "x.csv", "", "the file is empty");
    assert_false(import_as(w, "x.csv", "会社名\nAcme\n", (struct import_options){ .kind = "firms" }));
    assert_non_null(strstr(last_error.why, "--kind 'firms' is none"));
    assert_true(import_as(w, "x.csv", "会社名,国\nAcme,日本\n", (struct import_options){ .kind = "customers" }));
}

static void dry_run__changes_nothing(void **state)
{
    struct world *w = *state;
    int64_t before = sqlite3_total_changes(db_handle(w->db));
    assert_true(import_as(w, "customers.csv", "name\nAcme\n", (struct import_options){ .member = 1, .dry_run = true }));
    assert_said("row 2: new: Acme");
    assert_int_equal(sqlite3_total_changes(db_handle(w->db)), before);
}

static int stop_after;
static bool stopped(void)
{
    return stop_after-- <= 0;
}

/* Stopped between its slices, nothing of a file stays: no record, no word, no key. */
static void stopped__leaves_nothing(void **state)
{
    struct world *w = *state;
    struct buf text = BUF_ON(&w->mem);
    buf_puts(&text, "活動日,会社名,先方担当者,担当者,内容,案件番号,活動ID\n");
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, "2026/3/%d,firm %d,person %d,kenji,marker words %d,,%d\n", i % 28 + 1, i % 100, i, i, i);
    stop_after = 3;
    assert_false(import_as(w, "touch_points.csv", buf_str(&text), (struct import_options){ .member = 1, .stopped = stopped }));
    assert_non_null(strstr(last_error.why, "nothing of the file was taken"));
    static const char *const tables[] = { "touch_point", "touch_person", "touch_partner", "person", "import_key",
        "import_span", "import_change", "import_batch", "note_indexed", "firm_touch", "firm_account" };
    for (size_t i = 0; i < COUNT(tables); i++)
        if (count(w, arena_printf(&w->mem, "select count(*) from %s", tables[i])))
            fail_msg("rows stay in %s", tables[i]);
    assert_int_equal(count(w, "select count(*) from note_text where text != ''"), 0);
    take(w, "touch_points.csv", buf_str(&text)); /* and the next one is whole */
    assert_int_equal(last.fresh, 3000);
    assert_int_equal(count(w, "select count(*) from (select * from held_touch except select * from firm_touch)"), 0);
    assert_int_equal(count(w, "select count(*) from firm_touch"), 3000);
    assert_int_equal(count(w, "select count(*) from (select * from met_account except select * from firm_account)"), 0);
}

/* A crash behind the small transaction that applies: what is left is shown by the next. */
static void applied__is_shown_by_who_comes_next(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    run(w, "insert into import_batch (id, file, member_id, state, at_ms) values (5, 'x.csv', 1, 'applied', 0);"
           "insert into customer (id, name, created_ms, void_ms) values (7, 'Acme', 0, -5), (8, 'Undone', 0, 99);"
           "insert into import_span (batch_id, tbl, first_row, last_row) values (5, 'customer', 7, 8);"
           "insert into import_change (batch_id, kind, ref, columns) values (5, 'P', 1, '{\"silo\":\"Dentsu\"}');"
           "insert into import_batch (id, file, member_id, state, at_ms) values (6, 'y.csv', 1, 'writing', 0);"
           "insert into customer (id, name, created_ms, void_ms) values (9, 'Never', 0, -6);"
           "insert into import_span (batch_id, tbl, first_row, last_row) values (6, 'customer', 9, 9)");
    assert_true(import_recover(w->db, &e));
    assert_int_equal(count(w, "select count(*) from customer where id = 7 and void_ms is null"), 1);
    assert_int_equal(count(w, "select void_ms from customer where id = 8"), 99);
    assert_int_equal(count(w, "select count(*) from partner where silo = 'Dentsu'"), 1);
    assert_int_equal(count(w, "select count(*) from customer where id = 9"), 0);
    assert_int_equal(count(w, "select count(*) from import_batch where state = 'shown'"), 1);
    assert_int_equal(count(w, "select count(*) from import_batch"), 1);
}

static void encodings__are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *name, *text;
    } files[] = { { "\xEF\xBB\xBF" "a,\xE8\xA1\xA8", 8, "UTF-8", "a,表" }, { "a,\xE8\xA1\xA8", 5, "UTF-8", "a,表" },
        { "a,\x95\x5C", 4, "Shift_JIS", "a,表" }, /* 表 ends in a backslash */
        { "\x87\x8A,\xFA\x55", 5, "Shift_JIS", "㈱,￤" }, { "\xFF\xFE" "a\0,\0h\x88", 8, "UTF-16LE", "a,表" },
        { "a\0,\0b\0", 6, "UTF-16LE", "a,b" }, { "\xFE\xFF\0a\0,", 6, "UTF-16BE", "a," } };
    for (size_t i = 0; i < COUNT(files); i++) {
        size_t n;
        const char *found;
        struct err e = { 0 };
        char *text = charset_decode(files[i].bytes, files[i].n, NULL, &n, &found, &e);
        if (!text)
            fail_msg("%zu: %s", i, e.why);
        assert_string_equal(found, files[i].name);
        assert_string_equal(text, files[i].text);
        free(text);
    }
    size_t n;
    const char *found;
    struct err e = { 0 };
    assert_null(charset_decode("a\nb\x81", 4, NULL, &n, &found, &e));
    assert_non_null(strstr(e.why, "line 2 is not in the encoding Shift_JIS"));
    assert_null(charset_decode("a", 1, "klingon", &n, &found, &e));
    assert_non_null(strstr(e.why, "no encoding 'klingon'"));
}

static int open_words(void **state)
{
    struct err e = { 0 };
    (void)state;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    return words ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    catalogue_close(words);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define EMPTY(name) cmocka_unit_test_setup_teardown(name, setup_empty, teardown)
    const struct CMUnitTest tests[] = {
        EMPTY(messy__is_refused_as_a_whole_and_says_why),
        EMPTY(messy__mended_is_taken_once),
        TEST(golden__comes_back_with_the_same_figures),
        TEST(names__are_met_within_their_firm),
        TEST(ids__of_another_system_are_remembered),
        TEST(ids__of_another_store_are_refused),
        TEST(days__are_asked_about_where_they_are_unclear),
        TEST(days__are_read_as_they_are_written),
        TEST(amounts__are_exact_or_refused),
        TEST(contacts__come_once),
        TEST(kinds__are_asked_about),
        TEST(dry_run__changes_nothing),
        TEST(stopped__leaves_nothing),
        TEST(applied__is_shown_by_who_comes_next),
        TEST(encodings__are_told_apart),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
