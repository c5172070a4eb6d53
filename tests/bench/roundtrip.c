/* From a frame sent to its durable acknowledgement and to its reply, next to what can't
 * be had for less: an echo over the same socket layer, and one durable transaction. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "tests/bench/bench.h"
#include "tests/bench/talk.h"

enum { RUNS = 5, TOUCHES = 100000, ROWS = 200 };
static const int windows[] = { 1, 32, 256 };
/* Within the limit of 60 messages in a row and member. */
static const int counts[] = { 1000, 4000, 12000 };
enum { WINDOWS = sizeof windows / sizeof *windows };

struct floors {
    struct figure echo, echo_p99, row, row_p99, batch;
};

/* Microseconds of `n` transactions of `rows` rows of a frame's size, as durable as the
 * store's. */
static void time_rows(const char *dir, int rows, double *us, int n)
{
    char path[PATH_SIZE], text[TALK_FRAME];
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    (void)snprintf(path, sizeof path, "%s/rows.db", dir);
    store_remove(path);
    size_t size = talk_frame(text, 0, 0);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, "pragma journal_mode=wal; pragma synchronous=full;"
                         "create table row (id integer primary key, text text not null)",
            NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "insert into row (text) values (?)", -1, &s, NULL) != SQLITE_OK)
        die("%s: %s", path, sqlite3_errmsg(db));
    sqlite3_bind_text(s, 1, text, (int)size, SQLITE_STATIC);
    for (int i = 0; i < n; i++) {
        int64_t from = clock_ticks_us();
        bool ok = sqlite3_exec(db, "begin immediate", NULL, NULL, NULL) == SQLITE_OK;
        for (int k = 0; ok && k < rows; k++)
            ok = sqlite3_step(s) == SQLITE_DONE && sqlite3_reset(s) == SQLITE_OK;
        if (!ok || sqlite3_exec(db, "commit", NULL, NULL, NULL) != SQLITE_OK)
            die("%s: %s", path, sqlite3_errmsg(db));
        us[i] = (double)(clock_ticks_us() - from);
    }
    sqlite3_finalize(s);
    sqlite3_close(db);
    store_remove(path);
}

static void measure_floors(const char *dir, int w, struct floors *f)
{
    struct talk t;
    struct server echo;
    double us[ROWS];
    echo_start(&echo);
    talk_open(&t, echo.port, NULL);
    talk_run(&t, windows[w], counts[w]);
    figure_add(&f->echo, percentile(t.reply_ms, t.n, 50));
    figure_add(&f->echo_p99, percentile(t.reply_ms, t.n, 99));
    talk_close(&t);
    server_stop(&echo);
    time_rows(dir, 1, us, ROWS);
    figure_add(&f->row, percentile(us, ROWS, 50) / 1000);
    figure_add(&f->row_p99, percentile(us, ROWS, 99) / 1000);
    time_rows(dir, windows[w], us, ROWS);
    figure_add(&f->batch, percentile(us, ROWS, 50) / 1000);
}

struct times {
    struct figure ack, ack_p99, reply, reply_p99, ratio, batch_ratio;
};

static void measure_program(const char *dir, int w, struct times *m)
{
    struct talk t;
    struct server s;
    char path[PATH_SIZE];
    store_copy(dir, "roundtrip", TOUCHES, path);
    server_start(&s, path);
    talk_open(&t, s.port, fill_cookie);
    talk_greet(&t);
    talk_run(&t, windows[w], counts[w]);
    figure_add(&m->ack, percentile(t.ack_ms, t.n, 50));
    figure_add(&m->ack_p99, percentile(t.ack_ms, t.n, 99));
    figure_add(&m->reply, percentile(t.reply_ms, t.n, 50));
    figure_add(&m->reply_p99, percentile(t.reply_ms, t.n, 99));
    talk_close(&t);
    server_stop(&s);
    store_remove(path);
}

static double last(const struct figure *f)
{
    return f->value[f->n - 1];
}

void bench_roundtrip(const char *dir)
{
    for (int w = 0; w < WINDOWS; w++) {
        struct floors f = { 0 };
        struct times m = { 0 };
        for (int run = 0; run < RUNS; run++) {
            measure_floors(dir, w, &f);
            measure_program(dir, w, &m);
            figure_add(&m.ratio, last(&m.reply) / (last(&f.echo) + last(&f.row)));
            figure_add(&m.batch_ratio, last(&m.reply) / (last(&f.echo) + last(&f.batch)));
        }
        (void)printf(" %d in flight\n", windows[w]);
        figure_print("frame to acknowledgement, median", &m.ack, "ms", NULL);
        figure_print("frame to acknowledgement, p99", &m.ack_p99, "ms", NULL);
        figure_print("frame to reply, median", &m.reply, "ms", NULL);
        figure_print("frame to reply, p99", &m.reply_p99, "ms", NULL);
        figure_print("floor: echo, median", &f.echo, "ms", NULL);
        figure_print("floor: echo, p99", &f.echo_p99, "ms", NULL);
        figure_print("floor: transaction of one row, median", &f.row, "ms", NULL);
        figure_print("floor: transaction of one row, p99", &f.row_p99, "ms", NULL);
        figure_print("reply to the sum of the floors", &m.ratio, "x", "aim <= 2");
        if (windows[w] == 1)
            continue;
        figure_print("floor: transaction of a row each, median", &f.batch, "ms", NULL);
        figure_print("reply to the sum with that one", &m.batch_ratio, "x", NULL);
    }
}
