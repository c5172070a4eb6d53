/* What each figure takes as the store grows: of the whole market, and of one partner, whose
 * 2,000 touch points stay what they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/core/kpi.h"
#include "tests/bench/bench.h"

enum { RUNS = 5, SIZES_MAX = 4, FIGURES_MAX = 48 };

static const int sizes[SIZES_MAX] = { 10000, 100000, 1000000, 5000000 };

/* Milliseconds; a line that takes longer than a second is asked once. */
static double ask(struct inline_bot *b, const char *text)
{
    struct figure took = { 0 };
    for (int run = 0; run < RUNS && (!run || took.value[0] < 1000); run++) {
        int64_t from = clock_ticks_us();
        inline_say(b, 0, text);
        figure_add(&took, (double)(clock_ticks_us() - from) / 1000);
    }
    if (took.value[0] >= 1000) /* worth knowing before the table is complete */
        (void)fprintf(stderr, "  slow: %s: %.0f ms\n", text, took.value[0]);
    return figure_median(&took);
}

/* The rows of the table: the figures, then the cards. */
static const char *const cards[] = { "card of one partner, all its records", "card of the team" };
static const char *const card_lines[] = { "kpi Grown3 last 24 months", "kpi last 24 months" };
enum { CARDS = sizeof cards / sizeof *cards };

/* ONLY=K34,K29,cards asks these alone; what was not asked is 0 in the table. */
static bool is_wanted(const char *id)
{
    const char *only = getenv("ONLY"), *at = only ? strstr(only, id) : NULL;
    return !only || (at && (at[strlen(id)] == ',' || !at[strlen(id)]));
}

void bench_kpis(const char *dir)
{
    const char *kept = getenv("STORES"); /* a folder where filled stores stay for the next time */
    const char *wanted = getenv("SIZES"); /* how many of them: 1 .. 4 */
    int columns = wanted ? atoi(wanted) : SIZES_MAX - 1;
    if (columns < 1 || columns > SIZES_MAX)
        die("SIZES is 1 to %d", SIZES_MAX);
    static double market[SIZES_MAX][FIGURES_MAX], partner[SIZES_MAX][FIGURES_MAX], card[SIZES_MAX][CARDS];
    for (int k = 0; k < columns; k++) {
        char path[PATH_SIZE], line[64];
        struct inline_bot b;
        (void)snprintf(path, sizeof path, "%s/grown-%d.db", kept ? kept : dir, sizes[k]);
        if (access(path, F_OK) != 0) {
            fill_grown(path, sizes[k]);
            (void)fprintf(stderr, "  filled: %d touch points\n", sizes[k]);
        }
        inline_open(&b, path);
        for (int i = 0; kpi_at(i); i++) {
            if (!is_wanted(kpi_at(i)->id))
                continue;
            (void)snprintf(line, sizeof line, "kpi %s last 24 months", kpi_at(i)->id);
            market[k][i] = ask(&b, line);
            (void)snprintf(line, sizeof line, "kpi %s Grown3 last 24 months", kpi_at(i)->id);
            partner[k][i] = ask(&b, line);
        }
        for (int i = 0; i < CARDS && is_wanted("cards"); i++)
            card[k][i] = ask(&b, card_lines[i]);
        inline_close(&b);
        if (!kept)
            store_remove(path);
    }
    (void)printf("  ms, median of %d; touch points:", RUNS);
    for (int k = 0; k < columns; k++)
        (void)printf(" %9d", sizes[k]);
    (void)printf("   one partner of them\n");
    for (int i = 0; kpi_at(i); i++) {
        (void)printf("  %-30s", kpi_at(i)->id);
        for (int k = 0; k < columns; k++)
            (void)printf(" %9.2f", market[k][i]);
        (void)printf("  ");
        for (int k = 0; k < columns; k++)
            (void)printf(" %9.2f", partner[k][i]);
        (void)printf("%s\n", columns > 2 && (market[2][i] > 300 || partner[2][i] > 20) ? "  misses" : "");
    }
    for (int i = 0; i < CARDS; i++) {
        (void)printf("  %-36s", cards[i]);
        for (int k = 0; k < columns; k++)
            (void)printf(" %9.2f", card[k][i]);
        (void)printf("%s\n", i ? "" : "  aim <= 20 at one million");
    }
    (void)printf("  aims at one million touch points: market <= 300 ms, one partner <= 20 ms\n");
}
