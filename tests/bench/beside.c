/* Logging beside a running report: 255 members log touch points while the 256th has asked
 * for figures of a million of them, again and again, in the same program. */
#include <stdio.h>
#include "tests/bench/bench.h"
#include "tests/bench/talk.h"

enum { RUNS = 3, TOUCHES = 1000000 };
static const int windows[] = { 1, 32 };
/* Within the limit of messages in a row and member. */
static const int counts[] = { 3000, 12000 };
enum { WINDOWS = sizeof windows / sizeof *windows };

/* All market-wide figures on one card, then the heaviest one by itself. */
static const char *const reports[] = { "kpi last 24 months", "kpi K13 last 24 months by partner" };
enum { REPORTS = sizeof reports / sizeof *reports };

struct times {
    struct figure ack, ack_p99, reply_p99, report;
};

static void measure(const char *path, int w, const char *report, struct times *m)
{
    struct server s;
    struct talk t;
    server_start(&s, path);
    talk_open(&t, s.port, fill_cookie);
    talk_greet(&t);
    t.report = report;
    talk_run(&t, windows[w], counts[w]);
    figure_add(&m->ack, percentile(t.ack_ms, t.n, 50));
    figure_add(&m->ack_p99, percentile(t.ack_ms, t.n, 99));
    figure_add(&m->reply_p99, percentile(t.reply_ms, t.n, 99));
    if (report)
        figure_add(&m->report, t.report_ms / t.reports);
    talk_close(&t);
    server_stop(&s);
}

static void print(const char *beside, struct times *m, bool aim)
{
    (void)printf("  %s\n", beside);
    figure_print("  acknowledgement, median", &m->ack, "ms", NULL);
    figure_print("  acknowledgement, p99", &m->ack_p99, "ms", aim ? "aim < 10" : NULL);
    figure_print("  reply, p99", &m->reply_p99, "ms", NULL);
    if (m->report.n)
        figure_print("  the report itself, in the mean", &m->report, "ms", NULL);
}

void bench_beside(const char *dir)
{
    char path[PATH_SIZE];
    store_copy(dir, "beside", TOUCHES, path);
    for (int w = 0; w < WINDOWS; w++) {
        struct times quiet = { 0 }, beside[REPORTS] = { 0 };
        for (int run = 0; run < RUNS; run++) {
            measure(path, w, NULL, &quiet);
            for (int i = 0; i < REPORTS; i++)
                measure(path, w, reports[i], &beside[i]);
        }
        (void)printf(" %d in flight\n", windows[w]);
        print("alone", &quiet, false);
        for (int i = 0; i < REPORTS; i++)
            print(reports[i], &beside[i], true);
    }
    store_remove(path);
}
