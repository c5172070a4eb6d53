/* A day of three members, played once with every write remembered; then the program dies at
 * each write, or the machine loses its power there, or that write fails. The day goes on from
 * what is on the disk: what was not acknowledged is sent again, and what was, too. In the end
 * the store and what the network was brought must be those of the day without any accident.
 *
 *   crash_matrix [--sample N] [--seed N] [--dir DIR] [--show yes]
 *
 * Without --sample every point. Real engine, real files under DIR; no thread, no socket. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/members.h"
#include "tests/vfs.h"

enum { KENJI, HARUKA, MIKA, MEMBERS, TICKS = 100, TRIES = 40, AGAIN_MS = 5000 };
static const int64_t START = INT64_C(1772407800000); /* 2026-03-02, a Monday, 08:30 in Tokyo */

static const struct cast {
    const char *handle, *name, *role, *locale;
    int roles;
    enum network network;
} cast[MEMBERS] = {
    { "kenji", "Kenji", "rep", "en", ROLE_REP, NETWORK_WEB },
    { "haruka", "Haruka", "rep", "ja", ROLE_REP, NETWORK_SLACK },
    { "mika", "Mika", "manager", "en", ROLE_MANAGER | ROLE_REP, NETWORK_SLACK },
};

static const char *const before[] = { "partner Denko agency JP", "champion Tanaka Denko 課長",
    "champion Suzuki Denko 部長 reading スズキ", "customer Acme", "contact Sato Acme" };

/* `text` NULL: only the clock moves on. */
static const struct step {
    int minute, who;
    const char *text;
} day[] = {
    { 31, KENJI, "deal reg Acme via Denko ¥4.8M inbound: CMS" },
    { 35, KENJI, "zoom Tanaka Denko 45m: legal still worried" },
    { 36, HARUKA, "電話 鈴木様 Denko 20分：予算は来期" }, /* nobody known: asked */
    { 37, HARUKA, "電話 Suzuki 20分：予算は来期" },
    { 50, KENJI, "follow Tanaka in 30 minutes" },
    { 55, MIKA, "met Acme with Denko, Sato 60m: nobody objected" },
    { 70, KENJI, "consensus D1 Sato against offrecord: no budget before April" },
    { 82, 0, NULL }, /* the reminder */
    { 83, KENJI, "done" },
    { 90, HARUKA, "risk D1 Sato: may leave in June" },
    { 91, HARUKA, "objection D1 legal: data residency" },
    { 95, KENJI, "list" },
    { 96, KENJI, "kpi Denko" },
    { 100, KENJI, "stage D1 legal" },
    { 101, KENJI, "undo" },
    { 102, KENJI, "redo" },
    { 110, MIKA, "follow Suzuki in 20 minutes" },
    { 131, 0, NULL }, /* and the log is written back */
    { 132, MIKA, "snooze 1 hour" },
    { 140, HARUKA, "customer Toyokawa" },
    { 141, HARUKA, "line Tanaka: asked for ISO cert" },
    { 142, KENJI, "zoom Nobody Known 30m: who is it" },
    { 143, KENJI, "edit T1 60m" },
    { 150, MIKA, "consensus D1 Tanaka for: will carry it upstairs" },
    { 151, MIKA, "trained Denko Tanaka enrolled due 30d" },
    { 160, KENJI, "zoom Suzuki 15m: private talk private" },
    { 195, 0, NULL },
    { 196, MIKA, "done" },
    { 200, HARUKA, "deal won D1" },
    { 201, KENJI, "timeline Denko" },
    { 660, 0, NULL }, /* the evening's questions to champions */
    { 670, KENJI, "show D1" },
};
enum { STEPS = sizeof day / sizeof *day };

static struct catalogue *words;
static struct engine *engine;
static const char *dir = ".";
static char path[256];
static int64_t ids[MEMBERS];
static bool show;

/* What those outside know. */
struct sent {
    char *key, *what;
    int at;
};
static struct outside {
    int acked_at[STEPS]; /* writes that were done by then; -1: not acknowledged */
    struct sent *sent;
    int n_sent, doubled;
} reference, now;
static struct delivery *to_send;

static int stop_with(const char *what)
{
    (void)fprintf(stderr, "crash_matrix: %s\n", what);
    exit(2);
}

static void forget(struct outside *o)
{
    for (int i = 0; i < o->n_sent; i++) {
        free(o->sent[i].key);
        free(o->sent[i].what);
    }
    free(o->sent);
    *o = (struct outside){ 0 };
    for (int i = 0; i < STEPS; i++)
        o->acked_at[i] = -1;
}

/* A network takes a message once, however often it comes under its key. */
static void bring(struct outside *o, const char *key, const char *what, int at)
{
    for (int i = 0; i < o->n_sent; i++)
        if (!strcmp(o->sent[i].key, key)) {
            o->doubled += strcmp(o->sent[i].what, what) != 0;
            return;
        }
    o->sent = xrealloc(o->sent, (size_t)(o->n_sent + 1) * sizeof *o->sent);
    o->sent[o->n_sent++] = (struct sent){ xstrdup(key), xstrdup(what), at };
}

static void on_delivery(void *ctx, struct delivery *d)
{
    (void)ctx;
    int step;
    if (d->kind == DELIVERY_ACK && sscanf(d->remote_id, "step-%d", &step) == 1 && step < STEPS &&
        now.acked_at[step] < 0)
        now.acked_at[step] = vfs_points();
    if (show && d->json) {
        struct err e;
        AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
        (void)printf("%s\n\n", json_text(reply, "text"));
    }
    if (d->kind == DELIVERY_SEND) {
        d->next = to_send;
        to_send = d;
        return;
    }
    delivery_destroy(d);
}

static void start(void)
{
    struct err e = { 0 };
    struct engine_config config = { .db_path = path, .words = words, .team_zone = "Asia/Tokyo",
        .deliver = on_delivery, .to_courier = on_delivery, .couriered = 1U << NETWORK_SLACK,
        .together = 0, .digests = true, .unasked = NETWORK_WEB };
    for (int i = 0; i < TRIES && !engine; i++)
        engine = engine_create(&config, &e);
    if (!engine)
        stop_with(e.why);
}

static void end(void)
{
    while (to_send) {
        struct delivery *d = to_send;
        to_send = d->next;
        delivery_destroy(d);
    }
    engine_destroy(engine);
    engine = NULL;
}

static void say(int step, int who, const char *text)
{
    char id[24];
    struct event *ev = event_create(EVENT_MESSAGE, cast[who].network, 1);
    (void)snprintf(id, sizeof id, "step-%d", step);
    ev->member_id = ids[who];
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup(cast[who].network == NETWORK_WEB ? "web" : cast[who].handle);
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    if (show)
        (void)printf("%s> %s\n", cast[who].handle, text);
    engine_take(engine, ev);
}

/* The clock's work until there is none left, and the network's answers. */
static void settle(void)
{
    for (int i = 0; i < TICKS; i++) {
        int64_t next = engine_tick(engine);
        bool more = next <= clock_now_ms() || next == clock_now_ms() + AGAIN_MS || to_send;
        while (to_send) {
            struct delivery *d = to_send;
            to_send = d->next;
            bring(&now, d->retry_key, d->json, vfs_points());
            struct event *ev = event_create(EVENT_SENT, d->network, 0);
            ev->outbox_id = d->outbox_id;
            ev->attempt = d->attempt;
            ev->outcome = SEND_DONE;
            engine_take(engine, ev);
            delivery_destroy(d);
        }
        if (!more)
            return;
    }
}

/* The clock's turn of a step; once a day the log goes home, as after each purge. */
static void turn(int step)
{
    struct err ignored;
    settle();
    if (day[step].minute == 131)
        (void)!db_checkpoint(engine_db(engine), &ignored);
}

/* From step `from` to the evening; a step is said until it is acknowledged. */
static void play(int from)
{
    start();
    for (int i = from; i < STEPS; i++) {
        clock_hold(START + day[i].minute * MINUTE_MS);
        for (int try = 0; day[i].text && now.acked_at[i] < 0 && try < TRIES; try++)
            say(i, day[i].who, day[i].text);
        turn(i);
    }
    end();
}

static sqlite3 *open_file(const char *file)
{
    sqlite3 *s;
    if (sqlite3_open_v2(file, &s, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        stop_with("can't open the store");
    return s;
}

static sqlite3_stmt *prepare(sqlite3 *s, const char *sql)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(s, sql, -1, &q, NULL) != SQLITE_OK)
        stop_with(sqlite3_errmsg(s));
    return q;
}

/* One value of a row that no accident may change: instants may, and how often a courier
 * tried. */
static void dump_value(struct buf *b, sqlite3_stmt *q, int i)
{
    const char *name = sqlite3_column_name(q, i);
    size_t n = strlen(name);
    if ((n > 3 && !strcmp(name + n - 3, "_ms")) || !strcmp(name, "attempts"))
        return;
    const char *text = (const char *)sqlite3_column_text(q, i);
    buf_printf(b, " %s=", name);
    buf_puts(b, text ? text : "null");
}

/* Every row of every table, as text. */
static char *dump(struct arena *mem)
{
    struct buf b = BUF_ON(mem);
    sqlite3 *s = open_file(path);
    sqlite3_stmt *tables = prepare(s, "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' "
                                      "and name not like 'note_index%' and name != 'meta' order by name");
    while (sqlite3_step(tables) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(tables, 0);
        sqlite3_stmt *q = prepare(s, arena_printf(mem, "select * from %s order by 1, 2", table));
        while (sqlite3_step(q) == SQLITE_ROW) {
            buf_puts(&b, table);
            for (int i = 0; i < sqlite3_column_count(q); i++)
                dump_value(&b, q, i);
            buf_putc(&b, '\n');
        }
        sqlite3_finalize(q);
    }
    sqlite3_finalize(tables);
    sqlite3_close(s);
    return arena_strdup(mem, buf_str(&b));
}

static int64_t count(sqlite3 *s, const char *sql)
{
    sqlite3_stmt *q = prepare(s, sql);
    int64_t n = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    return n;
}

static bool wrong(const char *where, const char *what)
{
    (void)printf("%s: %s\n", where, what);
    return false;
}

/* Before anything goes on: the file is whole, and what was acknowledged stands in it once. */
static bool check_kept(const char *where)
{
    struct arena mem = ARENA_INIT;
    sqlite3 *s = open_file(path);
    sqlite3_stmt *q = prepare(s, "pragma integrity_check");
    bool ok = (sqlite3_step(q) == SQLITE_ROW && !strcmp((const char *)sqlite3_column_text(q, 0), "ok")) ||
              wrong(where, "the store is damaged");
    sqlite3_finalize(q);
    ok = ok && (count(s, "select count(*) from pragma_foreign_key_check") == 0 || wrong(where, "a row names none"));
    for (int i = 0; ok && i < STEPS; i++)
        if (now.acked_at[i] >= 0 &&
            count(s, arena_printf(&mem, "select count(*) from inbox where remote_id = 'step-%d'", i)) != 1)
            ok = wrong(where, arena_printf(&mem, "step %d was acknowledged and is not stored", i));
    for (int i = 0; ok && i < now.n_sent; i++)
        if (count(s, "select count(*) from outbox") < now.n_sent)
            ok = wrong(where, "something was sent that is not stored");
    sqlite3_close(s);
    arena_finish(&mem);
    return ok;
}

static const char *wanted; /* the store of the day without accident */

static void show_difference(const char *got)
{
    const char *a = wanted, *b = got;
    while (*a && *a == *b)
        a++, b++;
    while (a > wanted && a[-1] != '\n')
        a--, b--;
    (void)printf("  wanted: %.*s\n  found:  %.*s\n", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
}

/* In the evening nothing may be missing, and nothing be there twice. */
static bool check_evening(const char *where)
{
    struct arena mem = ARENA_INIT;
    const char *got = dump(&mem);
    bool ok = !strcmp(got, wanted) || wrong(where, "the evening's store is another");
    if (!ok)
        show_difference(got);
    ok = ok && (!now.doubled || wrong(where, "one key came with two messages"));
    ok = ok && (now.n_sent == reference.n_sent || wrong(where, "the network has another number of messages"));
    for (int i = 0; ok && i < now.n_sent; i++) {
        int n = 0;
        for (int k = 0; k < reference.n_sent; k++)
            n += !strcmp(now.sent[i].key, reference.sent[k].key);
        ok = n == 1 || wrong(where, "the network has a message of none");
    }
    arena_finish(&mem);
    return ok;
}

/* What those outside knew after `point` writes. */
static void know(int point)
{
    forget(&now);
    for (int i = 0; i < STEPS; i++)
        if (reference.acked_at[i] >= 0 && reference.acked_at[i] <= point)
            now.acked_at[i] = reference.acked_at[i];
    for (int i = 0; i < reference.n_sent; i++)
        if (reference.sent[i].at <= point)
            bring(&now, reference.sent[i].key, reference.sent[i].what, reference.sent[i].at);
}

static int begun_at[STEPS]; /* writes that were done when a step began */

/* The step under way goes on; what it said is sent again, acknowledged or not, and so is one
 * of those before it. */
static void resume(int point)
{
    int step = 0;
    while (step + 1 < STEPS && begun_at[step + 1] <= point)
        step++;
    clock_hold(START + day[step].minute * MINUTE_MS);
    start();
    int again = step ? point % step : 0;
    if (day[again].text && now.acked_at[again] >= 0)
        say(again, day[again].who, day[again].text);
    if (day[step].text && now.acked_at[step] >= 0)
        say(step, day[step].who, day[step].text);
    end();
    play(step);
}

static bool try_point(int point, enum vfs_loss loss, uint32_t seed)
{
    static const char *const names[] = { "killed", "power lost", "power lost, torn" };
    char where[64];
    (void)snprintf(where, sizeof where, "%s after write %d", names[loss], point);
    know(point);
    vfs_restore(point, loss, seed, path);
    if (!check_kept(where))
        return false;
    resume(point);
    return check_evening(where);
}

static char base[256];

static void copy_base(void)
{
    char command[1600];
    (void)snprintf(command, sizeof command, "rm -f '%s' '%s-wal' '%s-shm' && cp '%s' '%s'", path, path, path, base, path);
    if (system(command) != 0) /* NOLINT(cert-env33-c): names of our own */
        stop_with("can't copy the store");
}

static bool try_fault(enum vfs_fault fault, int at, int length)
{
    static const char *const names[] = { "disk full", "broken", "short write", "broken sync" };
    char where[64];
    (void)snprintf(where, sizeof where, "%s at write %d, %d times", names[fault], at, length);
    forget(&now);
    copy_base();
    vfs_fail(fault, at, length);
    play(0);
    vfs_fail(fault, 0, 0);
    return check_kept(where) && check_evening(where);
}

/* The store in the morning, closed. */
static void make_base(void)
{
    struct err e;
    clock_hold(START);
    start();
    for (int i = 0; i < MEMBERS; i++) {
        struct member m = { .handle = cast[i].handle, .name = cast[i].name, .role = cast[i].role,
            .roles = cast[i].roles, .market = "JP", .zone = "Asia/Tokyo", .locale = cast[i].locale,
            .team = "", .source = "typed" };
        ids[i] = member_add(engine_db(engine), &m, START, &e);
    }
    if (!meta_set(engine_db(engine), "send_key", "of the test", &e) || !engine_names_changed(engine, &e))
        stop_with(e.why);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        say(STEPS + (int)i, KENJI, before[i]);
    end();
    char command[1600];
    (void)snprintf(command, sizeof command, "cp '%s' '%s'", path, base);
    if (system(command) != 0) /* NOLINT(cert-env33-c): names of our own */
        stop_with("can't copy the store");
}

static void play_reference(struct arena *mem)
{
    forget(&now);
    vfs_record(path);
    start();
    for (int i = 0; i < STEPS; i++) {
        begun_at[i] = vfs_points();
        clock_hold(START + day[i].minute * MINUTE_MS);
        if (day[i].text)
            say(i, day[i].who, day[i].text);
        turn(i);
    }
    end();
    vfs_record_end();
    reference = now;
    now = (struct outside){ 0 };
    wanted = dump(mem);
}

static uint32_t random_state;

static int draw(int n)
{
    random_state = random_state * 1664525U + 1013904223U;
    return (int)((random_state >> 8) % (uint32_t)n);
}

/* Every one of `n`, or `sample` of them in their order. */
static int run_all(const char *name, int n, int sample, bool (*try)(int i))
{
    int tried = 0, failed = 0, left = sample && sample < n ? sample : n;
    for (int i = 0; i < n && failed < 5; i++)
        if (draw(n - i) < left) {
            left--;
            tried++;
            failed += !try(i);
        }
    (void)printf("%-28s %d of %d\n", name, tried, n);
    (void)fflush(stdout);
    return failed ? -1 : tried;
}

static bool try_killed(int i) { return try_point(i + 1, VFS_KILLED, 0); }
static bool try_unsynced(int i) { return try_point(i + 1, VFS_UNSYNCED, 0); }
static bool try_torn(int i) { return try_point(i + 1, VFS_TORN, (uint32_t)i + 1); }
static bool try_full(int i) { return try_fault(VFS_FULL, i + 1, 1 + i % 9); }
static bool try_broken(int i) { return try_fault(VFS_BROKEN, i + 1, 1 + i % 3); }
static bool try_short(int i) { return try_fault(VFS_SHORT, i + 1, 1 + i % 3); }
static bool try_sync(int i) { return try_fault(VFS_SYNC, i + 1, 1 + i % 3); }

int main(int argc, char **argv)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    int sample = 0;
    char date[16];
    const time_t today = time(NULL);
    struct tm tm;
    (void)strftime(date, sizeof date, "%Y%m%d", gmtime_r(&today, &tm));
    uint32_t seed = (uint32_t)strtoul(date, NULL, 10);
    for (int i = 1; i + 1 < argc; i += 2) {
        if (!strcmp(argv[i], "--sample"))
            sample = (int)strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--seed"))
            seed = (uint32_t)strtoul(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--dir"))
            dir = argv[i + 1];
        else if (!strcmp(argv[i], "--show"))
            show = true;
        else
            stop_with("options: --sample N, --seed N, --dir DIR, --show yes");
    }
    char *folder = arena_printf(&mem, "%s/crash-matrix-XXXXXX", dir);
    if (!mkdtemp(folder))
        stop_with("can't make a folder");
    (void)snprintf(path, sizeof path, "%s/day.db", folder);
    (void)snprintf(base, sizeof base, "%s/base.db", folder);
    log_quiet(true);
    if (!show && !freopen("/dev/null", "w", stderr))
        return 2;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    if (!words)
        stop_with(e.why);
    random_state = seed;
    vfs_install();
    make_base();
    play_reference(&mem);
    int points = vfs_points();
    show = false;
    vfs_fail(VFS_FULL, 0, 0);
    forget(&now);
    copy_base();
    play(0);
    int writes = vfs_counted();
    bool same = check_evening("played twice");
    vfs_fail(VFS_SYNC, 0, 0);
    forget(&now);
    copy_base();
    play(0);
    int syncs = vfs_counted();
    (void)printf("seed %u: %d lines of %d members, %d messages sent, %d points\n", seed, STEPS, MEMBERS, reference.n_sent, points);
    const struct {
        const char *name;
        int n;
        bool (*try)(int i);
    } runs[] = { { "killed after a write", points, try_killed }, { "power lost", points, try_unsynced },
        { "power lost, writes torn", points, try_torn }, { "disk full", writes, try_full },
        { "write fails", writes, try_broken }, { "write is cut short", writes, try_short },
        { "sync fails", syncs, try_sync } };
    int tried = 0, failed = !same;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        int n = run_all(runs[i].name, runs[i].n, sample, runs[i].try);
        failed += n < 0;
        tried += n > 0 ? n : 0;
    }
    (void)printf("%s: %d accidents\n", failed ? "FAILED" : "nothing lost, nothing twice", tried);
    catalogue_close(words);
    char command[1600];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (!failed)
        failed = system(command) != 0; /* NOLINT(cert-env33-c): a folder of our own */
    arena_finish(&mem);
    return failed != 0;
}
