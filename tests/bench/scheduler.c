/* The follow-up clock under load: 100,000 reminders due at the same minute, how late one is
 * with a million pending, and what 100,000 pending cost while nothing is due. Half of them ask
 * what a champion thinks, the others are plain; each names a person who was met. */
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "bot/store/db.h"
#include "tests/bench/bench.h"
#include "tests/bench/talk.h"
#include "tests/bench/ws.h"

enum { RUNS = 5, TOUCHES = 10000, BURST = 100000, PENDING = 1000000, FIRINGS = 200, EACH_MS = 250,
    AHEAD_MS = 3000, IDLE_S = 60, SETTLE_MS = 3000 };

/* Row i is due at from + i * every, in the eyes of whoever is its member. */
static void add_pending(const char *path, int n, int64_t from_ms, int64_t every_ms)
{
    struct err e = { 0 };
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db, &e);
    char sql[2048];
    (void)snprintf(sql, sizeof sql,
        "pragma synchronous=off; pragma cache_size=-200000; begin;"
        "insert into follow (member_id, kind, person_id, touch_id, due_local, zone, due_ms, created_ms)"
        " with recursive i (n) as (select 0 union all select n + 1 from i where n < %d),"
        " d (n, due) as (select n, %lld + n * %lld from i)"
        " select n %% %d + 1, iif(n %% 2, 'champion', 'follow'), n * 7 %% %d + 1, n %% %d + 1,"
        " strftime('%%Y-%%m-%%dT%%H:%%M', due / 1000, 'unixepoch', '+9 hours'), 'Asia/Tokyo', due, 0 from d;"
        "commit",
        n - 1, (long long)from_ms, (long long)every_ms, MEMBERS, PARTNERS * PEOPLE_EACH, TOUCHES);
    if (sqlite3_exec(db_handle(db), sql, NULL, NULL, NULL) != SQLITE_OK)
        die("pending: %s", sqlite3_errmsg(db_handle(db)));
    CHECK(db_checkpoint(db, &e), &e);
    db_close(db);
}

static void measure_burst(const char *dir, struct figure *took, struct figure *longest)
{
    struct inline_bot b;
    char path[PATH_SIZE];
    int64_t due = clock_now_ms() / MINUTE_MS * MINUTE_MS + MINUTE_MS, worst = 0;
    store_copy(dir, "scheduler", TOUCHES, path);
    add_pending(path, BURST, due, 0);
    inline_open(&b, path);
    clock_hold(due - MINUTE_MS);
    while (engine_tick(b.engine) <= clock_now_ms()) /* what a start does is no part of it */
        ;
    clock_hold(due);
    int64_t from = clock_ticks_us(), next = due;
    while (next <= due) {
        int64_t begun = clock_ticks_us();
        next = engine_tick(b.engine);
        worst = clock_ticks_us() - begun > worst ? clock_ticks_us() - begun : worst;
    }
    figure_add(took, (double)(clock_ticks_us() - from) / 1e6);
    figure_add(longest, (double)worst / 1000);
    if (b.answers != BURST)
        die("%zu of %d reminders came", b.answers, BURST);
    clock_hold(-1);
    inline_close(&b);
    store_remove(path);
}

struct firings {
    int64_t from_ms;
    int first_id, came;
    double late_ms[FIRINGS];
};

static void on_frame(void *ctx, int i, char *text, size_t n)
{
    struct firings *f = ctx;
    const char *id = strstr(text, "\"records\":[{\"id\":\"F");
    (void)i;
    (void)n;
    if (!id)
        return;
    long at = strtol(id + strlen("\"records\":[{\"id\":\"F"), NULL, 10) - f->first_id;
    if (at < 0 || at >= FIRINGS)
        die("not due: %.300s", text);
    f->late_ms[at] = (double)(clock_now_ms() - f->from_ms - at * EACH_MS);
    f->came++;
}

static void measure_late(const char *dir, struct figure *median, struct figure *worst)
{
    struct server s;
    struct talk t;
    struct firings f = { .first_id = PENDING + 1 };
    char path[PATH_SIZE];
    store_copy(dir, "scheduler", TOUCHES, path);
    add_pending(path, PENDING, clock_now_ms() + HOUR_MS, MINUTE_MS);
    f.from_ms = clock_now_ms() + AHEAD_MS;
    add_pending(path, FIRINGS, f.from_ms, EACH_MS);
    server_start(&s, path);
    talk_open(&t, s.port, fill_cookie);
    talk_greet(&t);
    while (f.came < FIRINGS)
        ws_wait(t.ws, on_frame, &f);
    figure_add(median, percentile(f.late_ms, FIRINGS, 50));
    figure_add(worst, percentile(f.late_ms, FIRINGS, 100));
    talk_close(&t);
    server_stop(&s);
    store_remove(path);
}

static void measure_idle(const char *dir, int pending, struct figure *cpu)
{
    struct server s;
    char path[PATH_SIZE];
    store_copy(dir, "scheduler", TOUCHES, path);
    if (pending)
        add_pending(path, pending, clock_now_ms() + HOUR_MS, MINUTE_MS);
    server_start(&s, path);
    (void)poll(NULL, 0, SETTLE_MS); /* its start, and the keeper's first look at the store */
    double before = server_cpu_s(&s);
    (void)poll(NULL, 0, IDLE_S * 1000);
    figure_add(cpu, (server_cpu_s(&s) - before) * 1000 / IDLE_S);
    server_stop(&s);
    store_remove(path);
}

void bench_scheduler(const char *dir)
{
    struct figure took = { 0 }, longest = { 0 }, median = { 0 }, worst = { 0 }, idle = { 0 }, none = { 0 };
    for (int run = 0; run < RUNS; run++)
        measure_burst(dir, &took, &longest);
    figure_print("100,000 due at the same minute", &took, "s", "aim <= 2");
    figure_print("of that, the longest turn", &longest, "ms", "aim <= 50");
    for (int run = 0; run < 3; run++)
        measure_late(dir, &median, &worst);
    figure_print("late, 1,000,000 pending, median", &median, "ms", NULL);
    figure_print("late, 1,000,000 pending, worst of 200", &worst, "ms", "aim <= 1000");
    measure_idle(dir, 0, &none);
    measure_idle(dir, BURST, &idle);
    figure_print("idle, none pending: processor time a second", &none, "ms", NULL);
    figure_print("idle, 100,000 pending: the same", &idle, "ms", "aim: no more");
}
