/* The program under measurement as a process of its own, and the echo it is held against. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/net/serve.h"
#include "tests/bench/bench.h"

/* Reads the child's first line; its port is behind the last ':'. */
static void await_port(struct server *s)
{
    char line[256];
    size_t n = 0;
    while (n < sizeof line - 1 && read(s->out, line + n, 1) == 1 && line[n] != '\n')
        n++;
    line[n] = '\0';
    const char *colon = strrchr(line, ':');
    s->port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
    if (s->port <= 0)
        die("the program did not start: '%s'", line);
}

/* `run` is the child's whole life; its standard output is a pipe to us. */
static void spawn(struct server *s, void (*run)(const char *path), const char *path)
{
    int ends[2];
    if (pipe(ends))
        die("pipe: %s", strerror(errno));
    (void)fflush(stdout);
    int64_t from = clock_ticks_us();
    s->pid = fork();
    if (s->pid < 0)
        die("fork: %s", strerror(errno));
    if (s->pid == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        run(path);
        _exit(1);
    }
    (void)close(ends[1]);
    s->out = ends[0];
    await_port(s);
    s->ready_ms = (double)(clock_ticks_us() - from) / 1000;
}

static void run_program(const char *path)
{
    (void)execl(PROGRAM, PROGRAM, "serve", "--db", path, "--listen", "127.0.0.1:0", (char *)NULL);
}

void server_start(struct server *s, const char *path)
{
    spawn(s, run_program, path);
}

/* LINE. */

static void set(const char *name, const char *value)
{
    (void)setenv(name, value, 1);
}

void server_start_line(struct server *s, const char *path, const char *secret, int api_port)
{
    char api[64];
    (void)snprintf(api, sizeof api, "http://127.0.0.1:%d", api_port);
    set("LINE_CHANNEL_SECRET", secret);
    set("LINE_CHANNEL_ACCESS_TOKEN", "a token");
    set("LINE_API_URL", api);
    server_start(s, path);
}

static void run_sdk(const char *path)
{
    (void)execlp("node", "node", SOURCE_DIR "/tests/line/sdk_bot.mjs", path, "quiet", (char *)NULL);
}

void sdk_start_line(struct server *s, const char *path, const char *secret)
{
    set("LINE_CHANNEL_SECRET", secret);
    spawn(s, run_sdk, path);
}

static struct serve *sink;

static void swallow(void *ctx, const struct serve_request *rq)
{
    (void)ctx;
    serve_answer(sink, rq->id, &(struct serve_answer){ .status = 200, .type = "application/json", .body = "{}", .n = 2 });
}

static void run_sink(const char *path)
{
    static const struct serve_route routes[] = { { "POST", "/*", 1 << 20, NULL, swallow },
        { "GET", "/*", 0, NULL, swallow } };
    struct err e = { 0 };
    (void)path;
    struct loop *l = loop_create(&e);
    sink = l ? serve_open(l, "127.0.0.1:0", NULL, &e) : NULL;
    CHECK(sink, &e);
    serve_add_routes(sink, routes, sizeof routes / sizeof *routes, NULL);
    (void)printf("sink: %s\n", serve_address(sink));
    (void)fflush(stdout);
    loop_run(l);
}

void sink_start(struct server *s)
{
    spawn(s, run_sink, NULL);
}

void server_stop(struct server *s)
{
    int status;
    (void)kill(s->pid, SIGTERM);
    (void)waitpid(s->pid, &status, 0);
    (void)close(s->out);
}

/* Echo. */

static int let_in(void *ctx, const struct serve_request *rq)
{
    (void)ctx;
    (void)rq;
    return 0;
}

static void on_open(void *ctx, int64_t id, const struct serve_request *rq)
{
    (void)ctx;
    (void)id;
    (void)rq;
}

static void echo(void *ctx, int64_t id, const char *text, size_t n)
{
    serve_send(ctx, id, text, n);
}

static void on_gone(void *ctx, int64_t id)
{
    (void)ctx;
    (void)id;
}

static void run_echo(const char *path)
{
    static const struct serve_sockets sockets = { .path = "/ws", .max_text = 65536,
        .check = let_in, .on_open = on_open, .on_text = echo, .on_oversize = on_gone,
        .on_close = on_gone };
    struct err e = { 0 };
    (void)path;
    struct loop *l = loop_create(&e);
    struct serve *s = l ? serve_open(l, "127.0.0.1:0", NULL, &e) : NULL;
    CHECK(s, &e);
    serve_set_sockets(s, &sockets, s);
    (void)printf("echo: %s\n", serve_address(s));
    (void)fflush(stdout);
    loop_run(l);
}

void echo_start(struct server *s)
{
    spawn(s, run_echo, NULL);
}

/* What it takes. */

double server_memory_mb(const struct server *s, const char *what)
{
    char path[64], line[256];
    long kb = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)s->pid);
    FILE *f = fopen(path, "re");
    if (!f)
        die("%s: %s", path, strerror(errno));
    size_t n = strlen(what);
    while (fgets(line, sizeof line, f))
        if (!strncmp(line, what, n) && line[n] == ':')
            kb = strtol(line + n + 1, NULL, 10);
    (void)fclose(f);
    return (double)kb / 1024;
}

double server_cpu_s(const struct server *s)
{
    char path[64], line[1024] = "";
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)s->pid);
    FILE *f = fopen(path, "re");
    if (!f || !fgets(line, sizeof line, f))
        die("%s: %s", path, strerror(errno));
    (void)fclose(f);
    char *field = strrchr(line, ')'); /* field 2; user and system time are 14 and 15 */
    for (int i = 2; field && i < 14; i++)
        field = strchr(field + 1, ' ');
    if (!field)
        die("%s: '%s'", path, line);
    long user = strtol(field, &field, 10), system = strtol(field, NULL, 10);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}
