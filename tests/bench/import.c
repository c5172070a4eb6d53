/* 100,000 touch points from a CSV file into a store that is served, while members log: how
 * long the import takes, and how long those who log wait for their acknowledgement. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "tests/bench/bench.h"
#include "tests/bench/talk.h"

enum { RUNS = 3, TOUCHES = 100000, ROWS = 100000, WINDOW = 8, ROUND = 16, MEASURED = 200000 };

static void write_csv(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f)
        die("%s: %s", path, strerror(errno));
    (void)fputs("活動ID,活動日,時刻,種別,会社名,先方担当者,担当者,内容\n", f);
    for (int i = 0; i < ROWS; i++) {
        char partner[64];
        fill_partner_name(partner, sizeof partner, i % PARTNERS);
        (void)fprintf(f, "A%06d,2025/%d/%d,%02d:%02d,%s,%s,buyer %d,bench%d,法務の確認がまだ終わらない %d\n", i, i % 12 + 1,
            i % 28 + 1, 8 + i % 10, i % 60, i % 3 ? "電話" : "zoom", partner, i % 3000, i % MEMBERS, i);
    }
    if (fclose(f) != 0)
        die("%s: %s", path, strerror(errno));
}

static pid_t start_import(const char *db, const char *csv)
{
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(null, STDERR_FILENO);
    (void)execl(PROGRAM, PROGRAM, "import", csv, "--db", db, "--kind", "touch_points", "--as", "bench0", (char *)NULL);
    _exit(127);
}

struct waits {
    double *ack_ms;
    size_t n;
};

/* A round of messages after the other, until the import has ended. */
static void log_meanwhile(struct talk *t, pid_t import, struct waits *w)
{
    int status = 0;
    while (waitpid(import, &status, WNOHANG) == 0) {
        talk_run(t, WINDOW, ROUND);
        if (w->n + t->n > MEASURED)
            die("more than %d messages", MEASURED);
        memcpy(w->ack_ms + w->n, t->ack_ms, t->n * sizeof *w->ack_ms);
        w->n += t->n;
        (void)usleep(100000); /* a large team types: 160 a second at most */
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        die("the import ended with status %d", status);
}

void bench_import(const char *dir)
{
    struct figure took = { 0 }, median = { 0 }, p99 = { 0 }, worst = { 0 }, said = { 0 };
    struct waits w = { .ack_ms = xcalloc(MEASURED, sizeof *w.ack_ms) };
    char csv[PATH_SIZE];
    (void)snprintf(csv, sizeof csv, "%s/touch_points.csv", dir);
    write_csv(csv);
    for (int run = 0; run < RUNS; run++) {
        struct talk t;
        struct server s;
        char path[PATH_SIZE];
        store_copy(dir, "import", TOUCHES, path);
        server_start(&s, path);
        talk_open(&t, s.port, fill_cookie);
        talk_greet(&t);
        w.n = 0;
        int64_t from = clock_ticks_us();
        log_meanwhile(&t, start_import(path, csv), &w);
        figure_add(&took, (double)(clock_ticks_us() - from) / 1e6);
        figure_add(&said, (double)w.n);
        figure_add(&median, percentile(w.ack_ms, w.n, 50));
        figure_add(&p99, percentile(w.ack_ms, w.n, 99));
        figure_add(&worst, percentile(w.ack_ms, w.n, 100));
        talk_close(&t);
        server_stop(&s);
        store_remove(path);
    }
    free(w.ack_ms);
    figure_print("100,000 touch points imported", &took, "s", "aim < 10");
    figure_print("  logged meanwhile", &said, "", NULL);
    figure_print("  acknowledged, median", &median, "ms", NULL);
    figure_print("  acknowledged, p99", &p99, "ms", "aim <= 100");
    figure_print("  acknowledged, slowest", &worst, "ms", NULL);
}
