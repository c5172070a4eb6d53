/* `nemawashi relay`: the loop with LINE's webhooks and the bot's socket on the main
 * thread, the store on another, queues between them. Wiring only: transport/relay.h says
 * what it does. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/program.h"
#include "bot/signals.h"
#include "bot/store/held.h"
#include "bot/transport/relay.h"

/* What it keeps at the most for a bot that does not come. */
enum { ROWS_MAX = 100000, GOODBYE_MS = 1000 };
static const int64_t BYTES_MAX = INT64_C(512) << 20;

enum job_kind { JOB_KEEP, JOB_ROWS, JOB_DROP };
struct job {
    struct job *next;
    enum job_kind kind;
    int64_t request; /* JOB_KEEP */
    int64_t id;      /* JOB_ROWS: behind which; JOB_DROP */
    struct relay_row *rows; /* JOB_KEEP: one; the answer's */
    bool full, failed;
};

struct keeper {
    struct config config;
    int lock;
    struct db *db;
    struct loop *loop;
    struct serve *serve;
    struct relay *relay;
    struct queue todo, done;
    bool queues, runs;
    pthread_t thread;
    int64_t rows, bytes; /* kept; store thread */
};

/* Store thread. */

static bool keep(struct keeper *k, struct job *j, struct err *e)
{
    struct relay_row *row = j->rows;
    if (k->rows >= ROWS_MAX || k->bytes >= BYTES_MAX)
        return fail(e, ERR_LIMIT, NULL, NULL, "%lld rows wait for a bot already", (long long)k->rows);
    struct held h = { .received_ms = row->received_ms, .signature = row->signature, .body = row->body };
    row->id = held_add(k->db, &h, e);
    return row->id != 0;
}

static bool read_rows(struct keeper *k, struct job *j, struct err *e)
{
    struct arena mem = ARENA_INIT;
    struct held rows[RELAY_ROWS];
    struct relay_row **end = &j->rows;
    int n = held_after(k->db, &mem, j->id, rows, RELAY_ROWS, e);
    for (int i = 0; i < n; i++) {
        struct relay_row *row = xcalloc(1, sizeof *row);
        row->id = rows[i].id;
        row->received_ms = rows[i].received_ms;
        row->signature = xstrdup(rows[i].signature);
        row->body = xstrdup(rows[i].body);
        *end = row;
        end = &row->next;
    }
    j->full = n == RELAY_ROWS;
    arena_finish(&mem);
    return e->code == ERR_NONE;
}

static bool run_job(struct keeper *k, struct job *j, struct err *e)
{
    switch (j->kind) {
    case JOB_KEEP:
        return keep(k, j, e);
    case JOB_ROWS:
        return read_rows(k, j, e);
    default:
        return held_drop(k->db, j->id, e);
    }
}

static void forget_rows(struct job *j)
{
    while (j->rows) {
        struct relay_row *row = j->rows;
        j->rows = row->next;
        relay_row_destroy(row);
    }
}

/* Everything that piled up, in one transaction; then it is told. */
static void run_jobs(struct keeper *k, struct job *list)
{
    struct err e = { 0 };
    bool ok = db_begin(k->db, &e);
    for (struct job *j = list; j && ok; j = j->next) {
        struct err full = { 0 };
        bool kept = run_job(k, j, &full);
        if (!kept && full.code == ERR_LIMIT) {
            log_err("relay", &full);
            forget_rows(j);
        } else if (!kept) {
            ok = false;
            e = full;
        }
    }
    ok = ok && held_size(k->db, &k->rows, &k->bytes, &e) && db_commit(k->db, &e);
    if (!ok) {
        db_rollback(k->db);
        log_err("relay: store", &e);
    }
    while (list) {
        struct job *j = list;
        list = j->next;
        j->failed = !ok;
        if (!ok)
            forget_rows(j);
        (void)queue_push(&k->done, j);
    }
    loop_wake(k->loop);
}

static void *store_main(void *ctx)
{
    struct keeper *k = ctx;
    struct job *list;
    while ((list = queue_wait(&k->todo, -1)) != NULL)
        run_jobs(k, list);
    return NULL;
}

/* Loop thread. */

static void push(struct keeper *k, const struct job *job)
{
    struct job *j = xcalloc(1, sizeof *j);
    *j = *job;
    (void)queue_push(&k->todo, j);
}

static void on_keep(void *ctx, int64_t request, struct relay_row *row)
{
    push(ctx, &(struct job){ .kind = JOB_KEEP, .request = request, .rows = row });
}

static void on_want(void *ctx, int64_t after)
{
    push(ctx, &(struct job){ .kind = JOB_ROWS, .id = after });
}

static void on_drop(void *ctx, int64_t id)
{
    push(ctx, &(struct job){ .kind = JOB_DROP, .id = id });
}

static void on_wake(void *ctx)
{
    struct keeper *k = ctx;
    struct job *j = queue_take(&k->done);
    while (j) {
        struct job *next = j->next;
        if (j->kind == JOB_KEEP)
            relay_kept(k->relay, j->request, j->rows);
        else if (j->kind == JOB_ROWS && j->failed)
            relay_no_rows(k->relay);
        else if (j->kind == JOB_ROWS)
            relay_take_rows(k->relay, j->rows, j->full);
        free(j);
        j = next;
    }
}

static bool start(struct keeper *k, struct err *e)
{
    const char *const *v = k->config.value;
    if (!v[SET_RELAY_TOKEN] || strlen(v[SET_RELAY_TOKEN]) < 16)
        return fail(e, ERR_USAGE, NULL, NULL,
            "a relay needs NEMAWASHI_RELAY_TOKEN, 16 characters or more, the same as its bot's; "
            "`openssl rand -hex 32` makes one");
    const char *db = k->config.from[SET_DB] == FROM_DEFAULT ? "relay.db" : v[SET_DB];
    const struct serve_tls tls = { .cert = v[SET_TLS_CERT], .key = v[SET_TLS_KEY],
        .plain_anywhere = config_on(&k->config, SET_ALLOW_PLAIN_PUBLIC) };
    if ((k->lock = program_lock(db, e)) < 0 || !(k->db = db_open(db, DB_UPGRADE, e)) ||
        !held_size(k->db, &k->rows, &k->bytes, e) || !(k->loop = loop_create(e)) ||
        !(k->serve = serve_open(k->loop, v[SET_LISTEN], &tls, e)))
        return false;
    queue_init(&k->todo);
    queue_init(&k->done);
    k->queues = true;
    struct relay_config config = { .token = v[SET_RELAY_TOKEN], .keep = on_keep, .want = on_want,
        .drop = on_drop, .ctx = k };
    k->relay = relay_create(k->serve, &config);
    loop_on_wake(k->loop, on_wake, k);
    k->runs = pthread_create(&k->thread, NULL, store_main, k) == 0;
    return k->runs || fail(e, ERR_REMOTE, NULL, NULL, "can't start a thread; raise ulimit -u");
}

static void stop(struct keeper *k)
{
    if (k->runs && serve_connections(k->serve)) {
        serve_stop(k->serve);
        loop_stop_after(k->loop, GOODBYE_MS);
        loop_run(k->loop);
    }
    if (k->runs) {
        queue_close(&k->todo);
        (void)pthread_join(k->thread, NULL);
    }
    for (struct job *j = k->queues ? queue_take(&k->done) : NULL; j;) {
        struct job *next = j->next;
        forget_rows(j);
        free(j);
        j = next;
    }
    serve_close(k->serve);
    loop_destroy(k->loop);
    relay_destroy(k->relay);
    db_close(k->db);
    if (k->queues) {
        queue_finish(&k->todo);
        queue_finish(&k->done);
    }
    if (k->lock >= 0)
        (void)close(k->lock);
}

int relay_program(int argc, char **argv)
{
    static struct keeper k = { .lock = -1 };
    struct err e = { 0 };
    const struct config_args args = {
        .settings = TAKES_DB | TAKES_LISTEN | TAKES_TLS | 1 << SET_RELAY_TOKEN,
        .about = "Takes LINE's webhooks for a bot without a public address and hands them over a "
                 "WebSocket that the bot opens (LINE_RELAY_URL). Keeps what the bot has not stored yet "
                 "in --db, here relay.db unless given.",
    };
    signals_hold();
    bool ok = config_read(&k.config, &args, argc, argv, &e) && start(&k, &e);
    if (ok) {
        (void)printf("relay: %s://%s/\n", serve_secure(k.serve) ? "https" : "http", serve_address(k.serve));
        (void)fflush(stdout);
        signals_stop(k.loop);
        loop_run(k.loop);
    }
    stop(&k);
    int status = ok ? 0 : program_failed(&e);
    config_finish(&k.config);
    return status;
}
