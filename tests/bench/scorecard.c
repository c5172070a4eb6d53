/* All figures of one partner, with 2,000 of a million touch points. */
#include <stdio.h>
#include "bot/base/clock.h"
#include "tests/bench/bench.h"

enum { RUNS = 20, TOUCHES = 1000000 };

static void ask(struct inline_bot *b, const char *period, const char *what)
{
    struct figure took = { 0 };
    for (int run = 0; run < RUNS; run++) {
        char name[64], text[128];
        fill_partner_name(name, sizeof name, 7 + run);
        (void)snprintf(text, sizeof text, "kpi %s %s", name, period);
        int64_t from = clock_ticks_us();
        inline_say(b, run, text);
        figure_add(&took, (double)(clock_ticks_us() - from) / 1000);
    }
    figure_print(what, &took, "ms", "aim <= 50");
}

void bench_filled(const char *dir)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/filled.db", dir);
    fill(path, TOUCHES);
}

void bench_scorecard(const char *dir)
{
    struct inline_bot b;
    char path[PATH_SIZE];
    store_copy(dir, "scorecard", TOUCHES, path);
    inline_open(&b, path);
    ask(&b, "", "card of a partner, the usual period");
    ask(&b, "last 24 months", "card of a partner, all 2,000 touch points");
    inline_close(&b);
    store_remove(path);
}
