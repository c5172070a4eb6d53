#include "bot/store/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "bot/base/arena.h"
#include "bot/base/log.h"
#include "bot/store/db.h"
#include "bot/store/db_private.h"

/* SLICE: pages copied between two looks at the watch. LEFT: what a copy leaves on the disk,
 * so that it never takes from the store the room it writes in. */
enum { SLICE = 1024, STEPS = 100000, LEFT_MB = 64 };

static bool stops(const struct backup_watch *w)
{
    return w && w->stop && w->stop(w->ctx);
}

static bool gave_up(struct err *e)
{
    return fail(e, ERR_BUSY, NULL, NULL, "stopped before it was done");
}

static bool no_file(struct err *e, const char *doing, const char *path)
{
    bool full = errno == ENOSPC || errno == EDQUOT;
    return fail(e, ERR_REMOTE, full ? "store.full" : NULL, NULL, "%s '%.120s': %s; check its folder and the disk",
        doing, path, strerror(errno));
}

/* One of our files; NULL: `e` says why not. */
static sqlite3 *open_store(const char *path, int flags, int64_t *version, struct err *e)
{
    sqlite3 *s = NULL;
    int rc = sqlite3_open_v2(path, &s, flags | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK || db_refuse(s, path, rc, "open", e);
    if (ok) {
        sqlite3_extended_result_codes(s, 1);
        (void)sqlite3_busy_timeout(s, 5000);
        ok = db_identify(s, path, version, e) &&
             (*version >= 0 || fail(e, ERR_CONFLICT, NULL, NULL, "'%.150s' is empty, no store", path));
    }
    if (ok)
        return s;
    sqlite3_close(s);
    return NULL;
}

static int on_step(void *ctx)
{
    return stops(ctx);
}

/* The first answer of a statement, or SQLite's message. The result code of the step. */
static int ask(sqlite3 *s, const char *sql, char *said, size_t n)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s, sql, -1, &q, NULL);
    rc = rc == SQLITE_OK ? sqlite3_step(q) : rc;
    const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : sqlite3_errmsg(s);
    (void)snprintf(said, n, "%s", text ? text : "");
    sqlite3_finalize(q);
    return rc;
}

/* Only without a log beside it is a file all of its store. SQLITE_BUSY: somebody has it open. */
static int end_log(sqlite3 *s)
{
    char said[120];
    int rc = ask(s, "pragma journal_mode=delete", said, sizeof said);
    if (rc == SQLITE_ROW)
        return strcmp(said, "delete") != 0 ? SQLITE_BUSY : SQLITE_OK;
    return (rc & 0xff) == SQLITE_LOCKED ? SQLITE_BUSY : rc;
}

static bool check_open(sqlite3 *s, const char *path, bool whole, const struct backup_watch *w, struct err *e)
{
    char said[120];
    sqlite3_progress_handler(s, STEPS, w ? on_step : NULL, (void *)w);
    int rc = ask(s, whole ? "pragma integrity_check(1)" : "pragma quick_check(1)", said, sizeof said);
    bool ok = rc == SQLITE_ROW && !strcmp(said, "ok");
    if (ok && whole) {
        rc = ask(s, "pragma foreign_key_check", said, sizeof said);
        ok = rc == SQLITE_DONE;
    }
    sqlite3_progress_handler(s, 0, NULL, NULL);
    if (ok)
        return true;
    if (rc == SQLITE_INTERRUPT)
        return gave_up(e);
    if (rc != SQLITE_ROW && (rc & 0xff) != SQLITE_CORRUPT && (rc & 0xff) != SQLITE_NOTADB)
        return db_refuse(s, path, rc, "check", e);
    return fail(e, ERR_REMOTE, "store.damaged", NULL, "'%.80s' is damaged: %s; keep a copy and restore the latest backup",
        path, said);
}

bool backup_check(const char *path, bool whole, const struct backup_watch *watch, struct err *e)
{
    int64_t version;
    sqlite3 *s = open_store(path, SQLITE_OPEN_READONLY, &version, e);
    bool ok = s && check_open(s, path, whole, watch, e);
    sqlite3_close(s);
    return ok;
}

/* Room for the copy and what must stay free. */
static bool has_room(sqlite3 *s, const char *to, struct err *e)
{
    struct statvfs fs;
    struct arena mem = ARENA_INIT;
    const char *slash = strrchr(to, '/');
    char *folder = slash ? arena_strndup(&mem, to, (size_t)(slash - to) + 1) : arena_strdup(&mem, ".");
    char said[120];
    (void)ask(s, "select page_count * page_size from pragma_page_count, pragma_page_size", said, sizeof said);
    bool ok = true;
    unsigned long long bytes = 0, free_bytes = 0;
    if (sscanf(said, "%llu", &bytes) == 1 && statvfs(folder, &fs) == 0) {
        free_bytes = (unsigned long long)fs.f_bavail * fs.f_frsize;
        ok = free_bytes >= bytes + ((unsigned long long)LEFT_MB << 20);
    }
    arena_finish(&mem);
    return ok || fail(e, ERR_LIMIT, "store.full", NULL,
                     "no room for '%.100s': it takes %llu MB and %d must stay free, there are %llu; free some disk space", to,
                     (bytes >> 20) + 1, LEFT_MB, free_bytes >> 20);
}

/* The read transaction of `from` stays open, so that the copy is of one moment and nobody
 * who writes meanwhile makes it begin anew. */
static bool copy_pages(sqlite3 *from, sqlite3 *to, const char *path, const struct backup_watch *w, struct err *e)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int rc = b ? SQLITE_OK : sqlite3_errcode(to), told = -1;
    bool stopped = false;
    while (rc == SQLITE_OK && !stopped) {
        rc = sqlite3_backup_step(b, SLICE);
        int all = sqlite3_backup_pagecount(b), left = sqlite3_backup_remaining(b);
        int percent = all ? (int)((int64_t)(all - left) * 100 / all) : 0;
        if (percent != told && w && w->progress)
            w->progress(w->ctx, told = percent);
        stopped = (rc == SQLITE_OK || rc == SQLITE_DONE) && stops(w);
    }
    int ended = b ? sqlite3_backup_finish(b) : rc;
    if (stopped)
        return gave_up(e);
    return (rc == SQLITE_DONE && ended == SQLITE_OK) ||
           db_refuse(to, path, rc == SQLITE_DONE ? ended : rc, "copy to", e);
}

/* Whole, or not there: nothing but the name is missing when this is true. */
static bool write_copy(sqlite3 *from, const char *part, const struct backup_watch *w, struct err *e)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK || db_refuse(to, part, rc, "write", e);
    if (ok) {
        /* Synced once at the end, by write_file. */
        sqlite3_extended_result_codes(to, 1);
        (void)sqlite3_exec(to, "pragma synchronous=off; pragma journal_mode=memory", NULL, NULL, NULL);
        ok = copy_pages(from, to, part, w, e);
    }
    /* The copied header still says that there is a log beside it. */
    if (ok && (rc = end_log(to)) != SQLITE_OK)
        ok = db_refuse(to, part, rc, "write", e);
    ok = ok && check_open(to, part, true, w, e);
    sqlite3_close(to);
    return ok;
}

static bool sync_folder(const char *path)
{
    struct arena mem = ARENA_INIT;
    const char *slash = strrchr(path, '/');
    int fd = open(slash ? arena_strndup(&mem, path, (size_t)(slash - path) + 1) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    arena_finish(&mem);
    return ok;
}

/* The copied header of a damaged store may have made a log beside it. */
static void remove_part(const char *part)
{
    static const char *const beside[] = { "", "-wal", "-shm", "-journal" };
    struct arena mem = ARENA_INIT;
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        (void)unlink(arena_printf(&mem, "%s%s", part, beside[i]));
    arena_finish(&mem);
}

/* A checked copy of `store` on the disk, under the name `part`. */
static bool write_file(const char *store, const char *part, const struct backup_watch *w, struct err *e)
{
    int64_t version;
    sqlite3 *from = open_store(store, SQLITE_OPEN_READONLY, &version, e);
    if (!from)
        return false;
    remove_part(part); /* of a try that was cut short */
    int rc = sqlite3_exec(from, "begin; select count(*) from sqlite_schema", NULL, NULL, NULL);
    bool ok = (rc == SQLITE_OK || db_refuse(from, store, rc, "read", e)) && has_room(from, part, e);
    int fd = ok ? open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    if (ok && fd < 0)
        ok = no_file(e, "can't write", part);
    ok = ok && write_copy(from, part, w, e) && (fsync(fd) == 0 || no_file(e, "can't write", part));
    if (fd >= 0)
        (void)close(fd);
    if (!ok && fd >= 0)
        remove_part(part);
    sqlite3_close(from);
    return ok;
}

bool backup_make(const char *store, const char *to, const struct backup_watch *watch, struct err *e)
{
    struct stat st;
    struct arena mem = ARENA_INIT;
    char *part = arena_printf(&mem, "%s.part", to);
    bool ok = (lstat(to, &st) != 0 || fail(e, ERR_CONFLICT, NULL, NULL, "'%.150s' exists; name a new file", to)) &&
              write_file(store, part, watch, e);
    if (ok && (rename(part, to) != 0 || !sync_folder(to)))
        ok = no_file(e, "can't write", to);
    arena_finish(&mem);
    return ok;
}

/* Restoring. */

static bool exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* Takes the log of the store back into its file, so that the file alone is all of it. Of a
 * damaged one that can't be done: then the log is kept beside it. */
static bool settle_old(const char *store, bool *alone, struct err *e)
{
    int64_t version = 0;
    sqlite3 *s = NULL;
    int rc = sqlite3_open_v2(store, &s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ours = rc == SQLITE_OK && (db_identify(s, store, &version, e) || version > SCHEMA_VERSION);
    rc = ours ? end_log(s) : rc;
    sqlite3_close(s);
    *alone = ours && rc == SQLITE_OK;
    if (!ours) /* a damaged one is what people restore for; another program's is not */
        return rc != SQLITE_OK || e->code != ERR_CONFLICT;
    return (rc & 0xff) != SQLITE_BUSY ||
           fail(e, ERR_BUSY, NULL, NULL, "another program has '%.120s' open; end it and restore again", store);
}

static bool keep_old(struct arena *mem, const char *store, const char *kept, bool alone, struct err *e)
{
    static const char *const beside[] = { "-wal", "-shm" };
    if (link(store, kept) != 0)
        return no_file(e, "can't keep the store as", kept);
    char *log = arena_printf(mem, "%s-wal", store), *log_kept = arena_printf(mem, "%s-wal", kept);
    if (!alone && exists(log) && link(log, log_kept) != 0)
        return no_file(e, "can't keep the store's log as", log_kept);
    if (!sync_folder(kept))
        return no_file(e, "can't keep the store as", kept);
    for (int i = 0; i < 2; i++) /* another store's log must not meet the restored one */
        (void)unlink(arena_printf(mem, "%s%s", store, beside[i]));
    return true;
}

/* Whoever was forgotten in `store` is to be forgotten in the older copy too: by the number, where
 * it is the same record's. The engine erases what it finds so (step 0). `*n`: how many; -1: the
 * store can't tell. */
static bool carry_forgotten(const char *store, const char *part, int *n, struct err *e)
{
    static const char carry[] =
        "insert into forgotten (kind, ref, made_ms, notes, member_id, at_ms) "
        "select o.kind, o.ref, o.made_ms, o.notes, coalesce((select id from member where id = o.member_id), "
        "(select min(id) from member)), o.at_ms from old.forgotten o "
        "join person p on p.id = o.ref and p.created_ms = o.made_ms "
        "where not exists (select 1 from forgotten f where f.kind = o.kind and f.ref = o.ref)";
    int64_t version;
    sqlite3_stmt *insert = NULL;
    sqlite3 *s = open_store(part, SQLITE_OPEN_READWRITE, &version, e);
    if (!s)
        return false;
    *n = -1;
    char *attach = sqlite3_mprintf("attach %Q as old", store);
    int rc = attach ? sqlite3_exec(s, attach, NULL, NULL, NULL) : SQLITE_NOMEM;
    if (rc == SQLITE_OK && sqlite3_prepare_v2(s, carry, -1, &insert, NULL) == SQLITE_OK) {
        rc = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : sqlite3_errcode(s);
        *n = sqlite3_changes(s);
    }
    sqlite3_finalize(insert);
    sqlite3_free(attach);
    bool ok = rc == SQLITE_OK || db_refuse(s, part, rc, "restore who was forgotten in", e);
    sqlite3_close(s);
    return ok;
}

bool backup_restore(const char *store, const char *from, const char *kept, bool *replaced,
    const struct backup_watch *watch, struct err *e)
{
    struct arena mem = ARENA_INIT;
    char *part = arena_printf(&mem, "%s-restoring", store);
    bool alone = true;
    int forgotten = -1;
    *replaced = false;
    bool ok = write_file(from, part, watch, e);
    if (ok && exists(store)) {
        *replaced = true;
        ok = settle_old(store, &alone, e) && (!alone || carry_forgotten(store, part, &forgotten, e)) &&
             keep_old(&mem, store, kept, alone, e);
        if (ok && forgotten < 0)
            log_warn("restore: the store before can't tell who was forgotten since then; forget them anew");
        else if (ok && forgotten)
            log_info("restore: %d forgotten since then will be forgotten again by serve", forgotten);
        if (!ok)
            remove_part(part);
    }
    if (ok && (rename(part, store) != 0 || !sync_folder(store)))
        ok = no_file(e, "can't write", store);
    arena_finish(&mem);
    return ok;
}

bool backup_upgrade(const char *store, struct err *e)
{
    int64_t version;
    struct arena mem = ARENA_INIT;
    if (!exists(store)) /* a fresh one is made by whoever opens it */
        return true;
    sqlite3 *s = NULL;
    int rc = sqlite3_open_v2(store, &s, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = (rc == SQLITE_OK || db_refuse(s, store, rc, "open store", e)) && db_identify(s, store, &version, e);
    sqlite3_close(s);
    if (!ok || version < 0 || version == SCHEMA_VERSION)
        return ok;
    char *before = arena_printf(&mem, "%s-format-%d", store, (int)version);
    ok = exists(before) || backup_make(store, before, NULL, e);
    struct db *db = ok ? db_open(store, DB_UPGRADE, e) : NULL;
    db_close(db);
    arena_finish(&mem);
    return db != NULL;
}
