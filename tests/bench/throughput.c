/* Touch points logged a second: over web sockets from 256 members, through the engine
 * alone in batches of several sizes, and what the disk would allow. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "tests/bench/bench.h"
#include "tests/bench/talk.h"

enum { RUNS = 5, TOUCHES = 100000, MESSAGES = 12000, SYNCS = 300 };

/* A page written over, again and again, each time forced to the disk: as in a log whose
 * place on the disk is there already. */
static double syncs_a_second(const char *dir)
{
    char path[PATH_SIZE], page[4096];
    (void)snprintf(path, sizeof path, "%s/syncs", dir);
    memset(page, 'x', sizeof page);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0;
    for (int i = 0; ok && i < SYNCS; i++)
        ok = write(fd, page, sizeof page) == sizeof page;
    ok = ok && fsync(fd) == 0;
    int64_t from = clock_ticks_us();
    for (int i = 0; ok && i < SYNCS; i++)
        ok = pwrite(fd, page, sizeof page, (off_t)i * (off_t)sizeof page) == sizeof page &&
             fdatasync(fd) == 0;
    if (!ok)
        die("%s: %s", path, strerror(errno));
    double s = (double)(clock_ticks_us() - from) / 1e6;
    (void)close(fd);
    (void)unlink(path);
    return SYNCS / s;
}

static void over_sockets(const char *dir, int window, const char *what, const char *aim)
{
    struct figure rate = { 0 }, program = { 0 };
    for (int run = 0; run < RUNS; run++) {
        struct talk t;
        struct server s;
        char path[PATH_SIZE];
        store_copy(dir, "throughput", TOUCHES, path);
        server_start(&s, path);
        talk_open(&t, s.port, fill_cookie);
        talk_greet(&t);
        double cpu_s = server_cpu_s(&s);
        double took_s = talk_run(&t, window, MESSAGES);
        figure_add(&rate, MESSAGES / took_s);
        figure_add(&program, (server_cpu_s(&s) - cpu_s) / MESSAGES * 1e6);
        talk_close(&t);
        server_stop(&s);
        store_remove(path);
    }
    figure_print(what, &rate, "/s", aim);
    figure_print("  processor time of the program, each", &program, "us", NULL);
}

static void through_engine(const char *dir, int batch)
{
    struct figure rate = { 0 };
    char what[64];
    int messages = batch == 1 ? 2000 : 6144;
    for (int run = 0; run < RUNS; run++) {
        struct inline_bot b;
        char path[PATH_SIZE];
        store_copy(dir, "throughput", TOUCHES, path);
        inline_open(&b, path);
        int64_t from = clock_ticks_us();
        for (int done = 0; done < messages; done += batch)
            inline_log(&b, batch);
        figure_add(&rate, messages / ((double)(clock_ticks_us() - from) / 1e6));
        inline_close(&b);
        store_remove(path);
    }
    (void)snprintf(what, sizeof what, "engine alone, %d a batch", batch);
    figure_print(what, &rate, "/s", NULL);
}

void bench_throughput(const char *dir)
{
    struct figure syncs = { 0 };
    for (int run = 0; run < RUNS; run++)
        figure_add(&syncs, syncs_a_second(dir));
    figure_print("disk: page written and fdatasync", &syncs, "/s", NULL);
    over_sockets(dir, MEMBERS, "web sockets, 256 members, one message each", "aim >= 5000");
    over_sockets(dir, 4 * MEMBERS, "web sockets, 256 members, four each", "aim >= 5000");
    static const int batches[] = { 1, 16, 64, 256 };
    for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
        through_engine(dir, batches[i]);
}

/* Deleted text overwritten with zeros: what does the engine pay for it? */
void bench_secure_delete(const char *dir)
{
    struct figure rate[2] = { 0 };
    enum { BATCH = 64, LOGS = 6144 };
    for (int run = 0; run < 2 * RUNS; run++) {
        struct inline_bot b;
        struct err e = { 0 };
        char path[PATH_SIZE];
        bool on = run % 2;
        store_copy(dir, "secure", TOUCHES, path);
        inline_open(&b, path);
        CHECK(db_exec(engine_db(b.engine), on ? "pragma secure_delete=on" : "pragma secure_delete=off", &e), &e);
        int64_t from = clock_ticks_us();
        for (int done = 0; done < LOGS; done += BATCH)
            inline_log(&b, BATCH);
        figure_add(&rate[on], LOGS / ((double)(clock_ticks_us() - from) / 1e6));
        inline_close(&b);
        store_remove(path);
    }
    figure_print("engine, 64 a batch, secure_delete off", &rate[0], "/s", NULL);
    figure_print("engine, 64 a batch, secure_delete on", &rate[1], "/s", NULL);
}
