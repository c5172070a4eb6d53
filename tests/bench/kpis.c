/* Each figure by itself, of a partner and market-wide, on a million touch points. With
 * KPIS="K12 K13" those alone. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/kpi.h"
#include "bot/store/db.h"
#include "tests/bench/bench.h"

enum { RUNS = 5, TOUCHES = 1000000 };

/* What the figures of partners are made of besides touch points: a partner's network and
 * ten of its accounts, what its people learnt, and the weeks in which it wrote. */
static const char facts[] =
    "insert into network_size (partner_id, accounts, at_day, member_id, created_ms)"
    " select id, 60, day.today - 30, 1, 0 from partner, day;"
    "insert into network_account (partner_id, customer_id, at_day, member_id, created_ms)"
    " select p.id, (p.id * 7 + n.value) % 500 + 1, day.today - 200, 1, 0"
    " from partner p, (select id as value from member where id <= 10) n, day;"
    "insert into training (person_id, partner_id, enrolled_day, due_day, done_day,"
    " certified_day, member_id, created_ms)"
    " select id, partner_id, day.today - 300, day.today - 270, day.today - 280,"
    " iif(id % 2, day.today - 270, null), 1, 0 from person, day where partner_id is not null;"
    "insert into check_in (partner_id, at_day, what)"
    " select p.id, day.today - 3 * m.id, 'update' from partner p, member m, day where m.id < 120;";

static void add_facts(const char *path)
{
    struct err e = { 0 };
    char *why = NULL, today[96];
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db, &e);
    (void)snprintf(today, sizeof today, "create temp table day as select %lld as today",
        (long long)(clock_now_ms() / DAY_MS));
    if (sqlite3_exec(db_handle(db), today, NULL, NULL, &why) != SQLITE_OK ||
        sqlite3_exec(db_handle(db), facts, NULL, NULL, &why) != SQLITE_OK)
        die("facts: %s", why);
    db_close(db);
}

static void ask(struct inline_bot *b, const char *id, bool partner)
{
    struct figure took = { 0 };
    char what[64], name[64] = "";
    for (int run = 0; run < RUNS; run++) {
        char text[128];
        if (partner)
            fill_partner_name(name, sizeof name, 7 + run);
        (void)snprintf(text, sizeof text, "kpi %s %s", id, name);
        int64_t from = clock_ticks_us();
        inline_say(b, run, text);
        figure_add(&took, (double)(clock_ticks_us() - from) / 1000);
    }
    (void)snprintf(what, sizeof what, "%s %s", id, partner ? "of a partner" : "of everybody");
    figure_print(what, &took, "ms", partner ? "aim <= 20" : "aim <= 300");
}

static bool is_wanted(const char *id)
{
    const char *only = getenv("KPIS"), *at = only;
    size_t n = strlen(id);
    while (at && (at = strstr(at, id)) && at[n] && at[n] != ' ')
        at += n;
    return !only || at;
}

void bench_kpis(const char *dir)
{
    struct inline_bot b;
    char path[PATH_SIZE];
    store_copy(dir, "kpis", TOUCHES, path);
    add_facts(path);
    inline_open(&b, path);
    for (int i = 0; kpi_at(i); i++) {
        if (!is_wanted(kpi_at(i)->id))
            continue;
        ask(&b, kpi_at(i)->id, false);
        ask(&b, kpi_at(i)->id, true);
    }
    inline_close(&b);
    store_remove(path);
}
