/* What the benchmarks share: stores to measure on, the program under measurement, and
 * figures. A benchmark that can't run says why and ends the process: it measures, it
 * does not recover. Everything lies in one temporary folder that tests/bench/run removes. */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "bot/core/engine.h"

enum { MEMBERS = 256, RUNS_MAX = 64, SECRET_SIZE = 65, PATH_SIZE = 512 };

_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);
#define CHECK(ok, e) ((ok) ? (void)0 : die("%s:%d: %s", __FILE__, __LINE__, (e)->why))

/* Figures. */

/* Values of repeated runs. */
struct figure {
    double value[RUNS_MAX];
    int n;
};
void figure_add(struct figure *f, double v);
double figure_median(const struct figure *f);
/* "what   median unit   (least .. most)   aim"; `aim` NULL: none. */
void figure_print(const char *what, const struct figure *f, const char *unit, const char *aim);

/* Sorts `v` and gives its p-th hundredth. */
double percentile(double *v, size_t n, double p);

/* Stores (fill.c, stores.c). */

/* What a store is filled with: 256 members who log, firms, people, deals and touch
 * points of two years, all with source `test`. */
enum { PARTNERS = 500, CUSTOMERS = 500, PEOPLE_EACH = 6, DEALS = 2000 };
void fill(const char *path, int touches);
void fill_team(const char *path); /* the members alone */
/* Where every table that figures read has rows, as many as touch points ask for (grown.c).
 * Partners are called Grown1 …; member 0 is a manager. */
void fill_grown(const char *path, int touches);
/* The session cookie of member `i` (0 ..) and the member's id in a filled store. */
void fill_secret(int i, char secret[SECRET_SIZE]);
int64_t fill_member(int i);
/* What member `i` types the `k`-th time: a touch point with somebody of the store. */
void fill_line(char *out, size_t n, int i, int k);
void fill_partner_name(char *out, size_t n, int partner);

/* A fresh copy at `dir`/name of a store with that many touch points, which is made at
 * the first call. The path is written to `path`. */
void store_copy(const char *dir, const char *name, int touches, char path[PATH_SIZE]);
void store_remove(const char *path);

/* What no durable insert on this disk can be faster than: 4 KB written and an fdatasync, one
 * after the other, in a file of `dir`. Milliseconds each, and how many a second. */
void store_floor(const char *dir, struct figure *ms, struct figure *rate);

/* The bot without threads and sockets (inline.c). */

struct inline_bot {
    struct engine *engine;
    struct catalogue *words;
    int64_t serial;
    size_t answers;
};
void inline_open(struct inline_bot *b, const char *path);
void inline_close(struct inline_bot *b);
/* Events of `n` members, a line each, as one batch. */
void inline_log(struct inline_bot *b, int n);
void inline_say(struct inline_bot *b, int member, const char *text);

/* The program (server.c). */

struct server {
    pid_t pid;
    int out; /* its standard output */
    int port;
    double ready_ms;
};
void server_start(struct server *s, const char *path);
void server_stop(struct server *s);
/* "VmRSS", "RssAnon" … of /proc/PID/status, in MB. */
double server_memory_mb(const struct server *s, const char *what);
double server_cpu_s(const struct server *s);
/* The program as a LINE bot with its sink for an API, and the bot on the official SDK that
 * keeps its events beside `path`; `secret` signs webhooks. */
void server_start_line(struct server *s, const char *path, const char *secret, int api_port);
void sdk_start_line(struct server *s, const char *path, const char *secret);
/* Answers every request with 200 and nothing. */
void sink_start(struct server *s);
/* An echo over the program's own socket layer, in a process of its own. */
void echo_start(struct server *s);

/* The benchmarks. */

void bench_roundtrip(const char *dir);
void bench_throughput(const char *dir);
void bench_start(const char *dir);
void bench_scorecard(const char *dir);
/* Each figure by itself (kpis.c). */
void bench_kpis(const char *dir);
void bench_beside(const char *dir);
void bench_find(const char *dir);
void bench_secure_delete(const char *dir);
void bench_reader(const char *dir);
void bench_longest_line(const char *dir);
/* Measures nothing: makes DIR/filled.db for a benchmark that is a script. */
void bench_filled(const char *dir);
void bench_line(const char *dir);
void bench_import(const char *dir);
void bench_scheduler(const char *dir);

#endif
