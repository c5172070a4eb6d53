/* From starting the program to its first line, and the memory it then lies idle with. */
#include <poll.h>
#include <stdio.h>
#include "tests/bench/bench.h"

enum { RUNS = 11, TOUCHES = 100000, REST_MS = 300 };

void bench_start(const char *dir)
{
    struct figure ready = { 0 }, resident = { 0 }, own = { 0 };
    char path[PATH_SIZE];
    store_copy(dir, "start", TOUCHES, path);
    for (int run = 0; run < RUNS; run++) {
        struct server s;
        server_start(&s, path);
        (void)poll(NULL, 0, REST_MS); /* until its threads have nothing left to do */
        figure_add(&ready, s.ready_ms);
        figure_add(&resident, server_memory_mb(&s, "VmRSS"));
        figure_add(&own, server_memory_mb(&s, "RssAnon"));
        server_stop(&s);
    }
    store_remove(path);
    figure_print("start to ready, 100,000 touch points", &ready, "ms", "aim <= 150");
    figure_print("idle: resident memory", &resident, "MB", "aim <= 30");
    figure_print("idle: of that, its own (RssAnon)", &own, "MB", NULL);
}
