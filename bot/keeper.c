#include "bot/keeper.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/store/backup.h"
#include "bot/store/members.h"
#include "bot/text/zone.h"

/* FIRST: a store that has no backup yet gets one so soon, for machines that sleep at night. */
enum { NIGHT_HOUR = 3, POLL_MS = 1000, POLL_HELD_MS = 50, LEAST = 19, WEEK = 7 };
#define FIRST_MS HOUR_MS
#define AGAIN_MS HOUR_MS

struct keeper {
    struct keeper_config config;
    struct arena mem;
    const char *folder;
    int64_t due_ms;
    pthread_t thread;
    struct queue queue; /* nothing but its end */
    atomic_bool stops;
};

static const char *folder_of(struct arena *mem, const char *store, const char *folder)
{
    return folder ? folder : arena_printf(mem, "%s-backups", store);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* `nemawashi.db-20260302-0300`, nothing else: what we did not write stays. With `.part` behind
 * it is what a backup left that was cut short. */
static bool is_backup(const char *store, const char *name, const char *behind)
{
    static const char shape[] = "-########-####";
    const char *own = name_of(store);
    size_t n = strlen(own);
    if (strncmp(name, own, n) != 0)
        return false;
    name += n;
    for (const char *p = shape; *p; p++, name++)
        if (*p == '#' ? *name < '0' || *name > '9' : *name != *p)
            return false;
    return !strcmp(name, behind);
}

/* The names in the folder, oldest first; free each and the list. */
static int list_backups(const char *store, const char *folder, const char *behind, char ***out)
{
    DIR *dir = opendir(folder);
    char **list = NULL;
    int n = 0;
    for (struct dirent *d; dir && (d = readdir(dir)) != NULL;) {
        if (!is_backup(store, d->d_name, behind))
            continue;
        list = xrealloc(list, (size_t)(n + 1) * sizeof *list);
        int i = n++;
        for (; i && strcmp(list[i - 1], d->d_name) > 0; i--)
            list[i] = list[i - 1];
        list[i] = xstrdup(d->d_name);
    }
    if (dir)
        (void)closedir(dir);
    *out = list;
    return n;
}

static void free_list(char **list, int n)
{
    for (int i = 0; i < n; i++)
        free(list[i]);
    free(list);
}

char *keeper_latest(struct arena *mem, const char *store, const char *folder)
{
    char **list;
    folder = folder_of(mem, store, folder);
    int n = list_backups(store, folder, "", &list);
    char *latest = n ? arena_printf(mem, "%s/%s", folder, list[n - 1]) : NULL;
    free_list(list, n);
    return latest;
}

/* Removes all but the latest `keep`. */
static void throw_away(const struct keeper *k, const char *behind, int keep)
{
    char **list;
    int n = list_backups(k->config.store, k->folder, behind, &list);
    for (int i = 0; i < n - keep; i++) {
        char path[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", k->folder, list[i]) < PATH_MAX && unlink(path) != 0)
            log_warn("keeper: can't remove '%s': %s", list[i], strerror(errno));
    }
    free_list(list, n);
}

static bool stops(void *ctx)
{
    struct keeper *k = ctx;
    return atomic_load(&k->stops);
}

/* `key`: what administrators should hear, about `what`; NULL: nothing. */
static void tell(struct keeper *k, const char *key, const char *what, bool checked)
{
    struct event *ev = event_create(EVENT_KEPT, NETWORK_CONSOLE, 0);
    ev->text = key ? xstrdup(key) : NULL;
    ev->name = what ? xstrdup(what) : NULL;
    ev->used = checked;
    ev->received_ms = clock_now_ms();
    k->config.post(k->config.ctx, ev);
}

static void check(struct keeper *k, bool whole)
{
    struct err e = { 0 };
    const struct backup_watch watch = { .stop = stops, .ctx = k };
    if (backup_check(k->config.store, whole, &watch, &e)) {
        if (whole)
            tell(k, NULL, NULL, true);
        return;
    }
    if (e.code == ERR_BUSY)
        return;
    log_err("keeper: check", &e);
    struct arena mem = ARENA_INIT;
    char *latest = keeper_latest(&mem, k->config.store, k->folder);
    if (e.key && !strcmp(e.key, "store.damaged"))
        tell(k, latest ? "keeping.damaged" : "keeping.damaged_alone", latest ? latest : k->config.store, false);
    arena_finish(&mem);
}

static int64_t night_after(const struct keeper *k, int64_t ms)
{
    struct civil at = civil_of(ms, k->config.zone);
    int32_t day = day_of(ms, k->config.zone) + (at.hour >= NIGHT_HOUR);
    at = civil_of_day(day);
    at.hour = NIGHT_HOUR;
    return instant_of(&at, k->config.zone);
}

/* When the latest backup was made, by its name; 0: there is none. */
static int64_t latest_ms(const struct keeper *k)
{
    struct arena mem = ARENA_INIT;
    char *latest = keeper_latest(&mem, k->config.store, k->folder);
    struct civil at = { 0 };
    size_t n = strlen("-YYYYMMDD-HHMM");
    bool ok = latest && strlen(latest) > n &&
              sscanf(latest + strlen(latest) - n, "-%4d%2d%2d-%2d%2d", &at.year, &at.month, &at.day, &at.hour, &at.minute) == 5;
    arena_finish(&mem);
    return ok ? instant_of(&at, k->config.zone) : 0;
}

/* Of the minute, or of the next one that has none yet: a clock that was put back brings a
 * minute twice. */
static char *free_name(const struct keeper *k, struct arena *mem, int64_t now_ms)
{
    char *file;
    do {
        struct civil at = civil_of(now_ms, k->config.zone);
        file = arena_printf(mem, "%s/%s-%04d%02d%02d-%02d%02d", k->folder, name_of(k->config.store), at.year,
            at.month, at.day, at.hour, at.minute);
        now_ms += MINUTE_MS;
    } while (access(file, F_OK) == 0);
    return file;
}

static bool make_backup(struct keeper *k, int64_t now_ms, struct err *e)
{
    struct arena mem = ARENA_INIT;
    const struct backup_watch watch = { .stop = stops, .ctx = k };
    char *file = free_name(k, &mem, now_ms);
    bool ok = (mkdir(k->folder, 0700) == 0 || errno == EEXIST ||
                  fail(e, ERR_REMOTE, NULL, NULL, "can't make the folder '%.120s': %s", k->folder, strerror(errno)));
    if (ok) {
        static const char *const cut_short[] = { ".part", ".part-wal", ".part-shm", ".part-journal" };
        for (size_t i = 0; i < sizeof cut_short / sizeof *cut_short; i++)
            throw_away(k, cut_short[i], 0);
        ok = backup_make(k->config.store, file, &watch, e);
    }
    if (ok) {
        log_info("keeper: backup '%s' made and checked", file);
        throw_away(k, "", k->config.keep);
    }
    arena_finish(&mem);
    return ok;
}

/* A week since the whole store was last found good? */
static bool wants_whole(const struct keeper *k)
{
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct db *db = db_open(k->config.store, DB_READ, &e);
    const char *at = db ? meta_get(db, &mem, "checked_ms", &e) : NULL;
    bool old = db && (!at || clock_now_ms() - strtoll(at, NULL, 10) >= WEEK * DAY_MS - HOUR_MS);
    db_close(db);
    arena_finish(&mem);
    return old;
}

static void run_night(struct keeper *k)
{
    struct err e = { 0 };
    int64_t now = clock_now_ms();
    k->due_ms = night_after(k, now);
    if (wants_whole(k))
        check(k, true);
    if (!k->config.keep || stops(k) || make_backup(k, now, &e) || e.code == ERR_BUSY)
        return;
    log_err("keeper: backup", &e);
    if (e.key && !strcmp(e.key, "store.damaged"))
        check(k, true);
    else
        tell(k, "keeping.failed", k->folder, false);
    k->due_ms = now + AGAIN_MS;
}

static void *keeper_main(void *ctx)
{
    struct keeper *k = ctx;
    /* Of this thread alone, on Linux. */
    (void)setpriority(PRIO_PROCESS, 0, LEAST);
    check(k, false);
    while (!stops(k)) {
        if (clock_now_ms() >= k->due_ms)
            run_night(k);
        (void)queue_wait(&k->queue, k->config.held ? POLL_HELD_MS : POLL_MS);
    }
    return NULL;
}

struct keeper *keeper_start(const struct keeper_config *config, struct err *e)
{
    struct keeper *k = xcalloc(1, sizeof *k);
    k->config = *config;
    k->folder = folder_of(&k->mem, config->store, config->folder);
    int64_t now = clock_now_ms(), last = latest_ms(k), night = night_after(k, last ? last : now);
    k->due_ms = !last && night > now + FIRST_MS ? now + FIRST_MS : night;
    queue_init(&k->queue);
    if (pthread_create(&k->thread, NULL, keeper_main, k) == 0)
        return k;
    queue_finish(&k->queue);
    arena_finish(&k->mem);
    free(k);
    (void)fail(e, ERR_REMOTE, NULL, NULL, "can't start a thread; raise the limit of processes (ulimit -u)");
    return NULL;
}

void keeper_stop(struct keeper *k)
{
    if (!k)
        return;
    atomic_store(&k->stops, true);
    queue_close(&k->queue);
    (void)pthread_join(k->thread, NULL);
    queue_finish(&k->queue);
    arena_finish(&k->mem);
    free(k);
}
