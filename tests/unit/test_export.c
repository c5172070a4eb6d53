/* The files of `export`: columns as promised, cells as promised, and no word in them that
 * the reader may not have. */
#include "tests/unit/t.h"

#include <stdlib.h>
#include <string.h>
#include "bot/core/export.h"
#include "bot/store/notes.h"
#include "bot/text/csv.h"
#include "tests/unit/kpi_store.h"

static bool take(void *ctx, const char *line, size_t n, struct err *e)
{
    (void)e;
    buf_add(ctx, line, n);
    return true;
}

static char *exported(struct world *w, const char *kind, int64_t viewer)
{
    struct buf all = BUF_ON(&w->mem);
    struct err e = { 0 };
    const struct export_reader reader = { .viewer = viewer, .zone = TOKYO };
    if (!export_rows(w->db, record_kind_find(kind), &reader, take, &all, &e))
        fail_msg("%s: %s", kind, e.why);
    return arena_strdup(&w->mem, buf_str(&all));
}

/* All files together. */
static char *everything(struct world *w, int64_t viewer)
{
    struct buf all = BUF_ON(&w->mem);
    for (const struct record_kind *k = record_kinds; k->name; k++)
        buf_puts(&all, exported(w, k->name, viewer));
    return arena_strdup(&w->mem, buf_str(&all));
}

static int64_t say(struct world *w, const char *level, int64_t author, const char *text)
{
    struct err e = { 0 };
    struct note_text t = { .author_id = author, .level = level, .deal_id = 4, .market = "JP", .text = text };
    assert_true(note_text_add(w->db, &t, 0, &e));
    return t.id;
}

static void columns__match_their_statements(void **state)
{
    struct world *w = *state;
    for (const struct record_kind *k = record_kinds; k->name; k++) {
        int n = 0;
        for (const struct column *c = k->columns; c->name; c++)
            n += c->type == COL_NOTE ? 2 : c->type != COL_LEVEL;
        assert_string_equal(k->columns[0].name, "id");
        assert_string_equal(k->columns[1].name, "created_at");
        assert_string_equal(k->columns[2].name, "changed_at");
        for (const struct column *a = k->columns; a->name; a++)
            for (const struct column *b = a + 1; b->name; b++)
                assert_string_not_equal(a->name, b->name);
        if (k->no_rows)
            continue;
        AUTO_QUERY q = db_query(w->db, k->rows);
        if (query_columns(&q) != n)
            fail_msg("%s: %d columns of %d", k->name, query_columns(&q), n);
    }
}

static void cells__are_iso_and_exact(void **state)
{
    struct world *w = *state;
    golden(w);
    RUN(w, "update partner set commission_bp = 1250, signed_day = 20454 where id = 1");
    RUN(w, "insert into rate (base, quote, rate_nano, at_day, member_id) values ('AUD','JPY',97500000000,20454,1)");
    assert_non_null(strstr(exported(w, "partners", 0), ",12.5,commission,"));
    assert_non_null(strstr(exported(w, "partners", 0), ",2026-01-01,"));
    assert_non_null(strstr(exported(w, "rates", 0), ",AUD,JPY,97.5,2026-01-01,kenji,typed"));
    const char *deals = exported(w, "deals", 0);
    assert_non_null(strstr(deals, "\r\nD1,1970-01-01T09:00:00+09:00,"));
    assert_non_null(strstr(deals, ",kenji,haruka,3000000,,JPY,JP,won,")); /* yen have no decimals */
    assert_non_null(strstr(deals, ",50000.00,,AUD,AU,won,"));
    assert_non_null(strstr(deals, "2026-06-30T23:30:00+09:00"));
    assert_non_null(strstr(deals, ",D8,")); /* what D7 became */
    assert_null(strstr(exported(w, "touch_points", 0), "meeting"));
    const char *days = exported(w, "holidays", 0);
    assert_non_null(strstr(days, "JP-2026-01-01,,,JP,2026-01-01,New Year's Day,0"));
    assert_non_null(strstr(days, ",1\r\n")); /* a Saturday that Taiwan works */
}

/* A round that was returned keeps its desks beside those of the next one. */
static void ringi__each_desk_of_each_round(void **state)
{
    struct world *w = *state;
    golden(w);
    RUN(w, "insert into person (id, name, created_ms) values (7, '佐藤', 0)");
    RUN(w, "insert into ringi (id, deal_id, kind, medium, round, state, started_ms, back_day, member_id, created_ms)"
           " values (2, 4, 'contract', 'paper', 2, 'circulating', %lld, 20454, 1, 0)",
        (long long)at("2026-05-01T10:00"));
    RUN(w, "insert into ringi_step (ringi_id, round, place, person_id, since_ms, done_ms, outcome)"
           " values (2, 1, 1, 7, %lld, %lld, 'returned')",
        (long long)at("2026-05-01T10:00"), (long long)at("2026-05-08T10:00"));
    RUN(w, "insert into ringi_step (ringi_id, round, place, label, courtesy) values (2, 2, 1, '本部長', 1)");
    assert_non_null(strstr(exported(w, "ringi", 0),
        "\r\nR2,1970-01-01T09:00:00+09:00,1970-01-01T09:00:00+09:00,D4,circulating,2,2026-05-01T10:00:00+09:00,,"
        "kenji,typed,contract,paper,0,,2026-01-01\r\n"));
    const char *desks = exported(w, "ringi_stamps", 0);
    assert_non_null(strstr(desks, ",R2,C7,,returned,2026-05-08T10:00:00+09:00,kenji,1,1,0,2026-05-01T10:00:00+09:00,,\r\n"));
    assert_non_null(strstr(desks, ",R2,,本部長,,,kenji,2,1,1,,,\r\n"));
}

static void words__leave_only_where_the_reader_may(void **state)
{
    struct world *w = *state;
    static const char *const levels[] = { "all", "deal", "managers", "me", "offrecord" };
    golden(w);
    /* Haruka (2) wrote them about D4, which is Kenji's (1); Mika (3) is the manager. */
    for (size_t i = 0; i < COUNT(levels); i++) {
        int64_t note = say(w, levels[i], 2, arena_printf(&w->mem, "marker-%s", levels[i]));
        add_touch(w, 9, "2026-06-01T10:00", "dinner",
            arena_printf(&w->mem, "member_id = 2, note_id = %lld, note_rev = 1", (long long)note));
        if (i >= 3) /* a named reader may read it, but not take it away */
            RUN(w, "insert into note_reader (note_id, member_id) values (%lld, 3)", (long long)note);
    }
    RUN(w, "update deal set reason_note = %lld where id = 3", (long long)say(w, "me", 3, "marker-reason"));
    const char *nobody = everything(w, 0), *kenji = everything(w, 1), *author = everything(w, 2),
               *manager = everything(w, 3);
    const char *all[] = { nobody, kenji, author, manager };
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_non_null(strstr(all[i], "marker-all,all,"));
        assert_null(strstr(all[i], "marker-me"));
        assert_null(strstr(all[i], "marker-offrecord"));
        assert_null(strstr(all[i], "marker-reason"));
    }
    assert_null(strstr(nobody, "marker-deal"));
    assert_null(strstr(nobody, "marker-managers"));
    assert_non_null(strstr(kenji, "marker-deal,deal,")); /* the owner of the deal */
    assert_null(strstr(kenji, "marker-managers"));
    assert_non_null(strstr(author, "marker-managers,managers,"));
    assert_non_null(strstr(manager, "marker-managers,managers,"));
}

static void words__that_were_closed_later_stay(void **state)
{
    struct world *w = *state;
    struct err e = { 0 };
    int64_t note = say(w, "all", 2, "marker-first");
    add_touch(w, 0, "2026-06-01T10:00", "dinner",
        arena_printf(&w->mem, "note_id = %lld, note_rev = 2", (long long)note));
    struct note_text t = { .id = note, .author_id = 2, .level = "offrecord", .market = "JP", .text = "marker-second" };
    assert_true(note_text_add(w->db, &t, 0, &e));
    assert_null(strstr(everything(w, 2), "marker-"));
}

static bool collect(void *ctx, const struct csv_row *row, struct err *e)
{
    struct buf *b = ctx;
    (void)e;
    buf_printf(b, "%lld", (long long)row->number);
    for (int i = 0; i < row->n; i++)
        buf_printf(b, "|%s", row->cell[i]);
    buf_puts(b, "\n");
    return true;
}

static void lines__come_back_as_they_were(void **state)
{
    struct world *w = *state;
    static const char *const cells[] = { "plain", "a,b", "say \"hi\"", "two\nlines", NULL, "a;b", "表" };
    struct buf line = BUF_ON(&w->mem), back = BUF_ON(&w->mem);
    struct err e = { 0 };
    csv_line(&line, cells, COUNT(cells));
    buf_puts(&line, "\r\n  ,\xE3\x80\x80,\r\nlast");
    assert_true(csv_read(line.s, line.n, ',', collect, &back, &e));
    assert_string_equal(buf_str(&back),
        "1|plain|a,b|say \"hi\"|two\nlines||a;b|表\n4|last\n");
}

static void lines__refuse_what_never_ends(void **state)
{
    struct world *w = *state;
    struct buf back = BUF_ON(&w->mem);
    struct err e = { 0 };
    static const char open[] = "a,b\n\"c,d\ne,f\n";
    assert_false(csv_read(open, sizeof open - 1, ',', collect, &back, &e));
    assert_non_null(strstr(e.why, "row 2: a quotation mark"));
    char *wide = arena_alloc(&w->mem, 1000);
    memset(wide, ',', 600);
    wide[600] = 'x';
    assert_false(csv_read(wide, 601, ',', collect, &back, &e));
    assert_non_null(strstr(e.why, "256 columns"));
    size_t skip;
    assert_int_equal(csv_separator("a;b,c\n1;2\n", 10, &skip), ';');
    assert_int_equal(csv_separator("sep=\t\r\na\tb", 10, &skip), '\t');
    assert_int_equal(skip, 7);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(columns__match_their_statements),
        TEST(cells__are_iso_and_exact),
        TEST(ringi__each_desk_of_each_round),
        TEST(words__leave_only_where_the_reader_may),
        TEST(words__that_were_closed_later_stay),
        TEST(lines__come_back_as_they_were),
        TEST(lines__refuse_what_never_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
