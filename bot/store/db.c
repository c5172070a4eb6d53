#include "bot/store/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bot/base/buf.h"
#include "bot/base/log.h"
#include "bot/store/db_private.h"
#include "bot/store/journal.h"
#include "bot/store/wall.h"

/* "NMWS", so that `file` and we recognise our own. */
/* The log is written back at 16 MB, so that a page written often goes home once; where it is
 * done at rest, only at 160 MB without one, and again after every 4 MB where readers hold it. */
enum { APPLICATION_ID = 0x4e4d5753, BUSY_MS = 5000, LOG_PAGES = 4000, LOG_PAGES_MOST = 40000, LOG_PAGES_AGAIN = 1000,
    LOG_PAGES_SHARED = 1000 };

struct wrapped {
    enum stmt_id rows, shape;
    sqlite3_stmt *stmt;
};

struct db {
    sqlite3 *sqlite;
    char *path;
    enum db_mode mode;
    sqlite3_stmt *statements[STMT__MAX];
    struct wrapped *wrapped; /* prepared so far */
    int n_wrapped;
    bool has_calendar;
    int open; /* of the wall (wall.h): what is being prepared may read this */
    int64_t group;
    int log_pages, log_limit, log_seen; /* pages of the log: now, at which it is written back, at the last rest */
};

struct sqlite3 *db_handle(struct db *db)
{
    return db->sqlite;
}

bool *db_has_calendar(struct db *db)
{
    return &db->has_calendar;
}

int64_t *db_group(struct db *db)
{
    return &db->group;
}

static enum err_code code_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CONSTRAINT:
        return ERR_CONSTRAINT;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CORRUPT:
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
        return ERR_REMOTE;
    default:
        return ERR_BUG;
    }
}

static const char *mend_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "; another program holds it, stop that one or wait";
    case SQLITE_FULL:
        return "; free some disk space, nothing stored is harmed";
    case SQLITE_IOERR:
        return "; check the disk and the limit of file sizes (ulimit -f), nothing stored is harmed";
    case SQLITE_READONLY:
        return "; make the file and its folder writable for this user";
    case SQLITE_CORRUPT:
        return "; keep a copy and restore the latest backup";
    case SQLITE_NOTADB:
        return "; this file is not a Nemawashi store, choose another with --db";
    case SQLITE_CANTOPEN:
        return "; check that the folder exists and is writable, or choose another with --db";
    default:
        return "";
    }
}

/* What people are told where the store can't take a message. */
static const char *key_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return "store.full";
    case SQLITE_READONLY:
        return "store.read_only";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "store.damaged";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "store.busy";
    default:
        return "store.failed";
    }
}

bool db_refuse(struct sqlite3 *sqlite, const char *path, int rc, const char *doing, struct err *e)
{
    return fail(e, code_of(rc), key_of(rc), NULL, "%s '%s': %s%s", doing, path,
        sqlite ? sqlite3_errmsg(sqlite) : sqlite3_errstr(rc), mend_of(rc));
}

static bool refuse(struct db *db, int rc, const char *doing, struct err *e)
{
    return db_refuse(db->sqlite, db->path, rc, doing, e);
}

bool db_exec(struct db *db, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK || refuse(db, rc, "store", e);
}

static bool pragma_int(sqlite3 *sqlite, const char *path, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(sqlite, sql, -1, &s, NULL);
    if (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
        *out = sqlite3_column_int64(s, 0);
    else
        rc = sqlite3_errcode(sqlite);
    sqlite3_finalize(s);
    return rc == SQLITE_OK || rc == SQLITE_ROW || db_refuse(sqlite, path, rc, "open store", e);
}

bool db_identify(struct sqlite3 *sqlite, const char *path, int64_t *version, struct err *e)
{
    int64_t id = 0, tables = 0;
    *version = 0;
    if (!pragma_int(sqlite, path, "pragma user_version", version, e) ||
        !pragma_int(sqlite, path, "pragma application_id", &id, e) ||
        !pragma_int(sqlite, path, "select count(*) from sqlite_schema", &tables, e))
        return false;
    if ((tables && id != APPLICATION_ID) || (!tables && *version)) {
        *version = 0;
        return fail(e, ERR_CONFLICT, NULL, NULL,
            "'%s' is another program's database; choose another file with --db", path);
    }
    if (*version > SCHEMA_VERSION)
        return fail(e, ERR_CONFLICT, NULL, NULL,
            "'%s' was written by a newer Nemawashi (format %lld, this program knows %d); install the newer program or restore an older backup",
            path, (long long)*version, SCHEMA_VERSION);
    *version = tables ? *version : -1;
    return true;
}

/* Creates a fresh store or brings an older one here, in one transaction. */
static bool migrate(struct db *db, struct err *e)
{
    int64_t version;
    if (!db_identify(db->sqlite, db->path, &version, e))
        return false;
    if (version == SCHEMA_VERSION)
        return true;
    if (version >= 0 && db->mode != DB_UPGRADE)
        return fail(e, ERR_CONFLICT, NULL, NULL,
            "'%s' has the old format %lld; start `nemawashi serve` once to upgrade it",
            db->path, (long long)version);
    if (db->mode == DB_READ)
        return fail(e, ERR_CONFLICT, NULL, NULL, "'%s' is empty; choose another file with --db", db->path);
    if (!db_begin(db, e))
        return false;
    bool ok = version >= 0 || db_exec(db, sql_schema, e);
    for (const struct sql_migration *m = sql_migrations; version >= 0 && ok && m->text; m++)
        if (m->to > version)
            ok = db_exec(db, m->text, e);
    char set[80];
    (void)snprintf(set, sizeof set, "pragma application_id=%d; pragma user_version=%d",
        APPLICATION_ID, SCHEMA_VERSION);
    if (ok && db_exec(db, set, e) && db_commit(db, e))
        return true;
    db_rollback(db);
    return false;
}

/* SQLite's own waiting grows to 100 ms a time: too long behind an import, which gives way
 * for 3 ms after each of its slices. */
static int wait_turn(void *ctx, int tries)
{
    (void)ctx;
    if (tries >= BUSY_MS)
        return 0;
    (void)usleep(1000);
    return 1;
}

static bool configure(struct db *db, struct err *e)
{
    sqlite3 *s = db->sqlite;
    sqlite3_extended_result_codes(s, 1);
    sqlite3_busy_handler(s, wait_turn, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (db->mode == DB_READ)
        return db_exec(db, "pragma cache_size=-16000; pragma temp_store=memory", e);
    return db_exec(db,
        "pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on;"
        "pragma secure_delete=on; pragma cache_size=-8000; pragma temp_store=memory", e);
}

/* Called after each commit, with what the log holds by then. */
static int on_commit(void *ctx, sqlite3 *sqlite, const char *name, int pages)
{
    struct db *db = ctx;
    db->log_pages = pages;
    if (pages >= db->log_limit)
        (void)sqlite3_wal_checkpoint_v2(sqlite, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return SQLITE_OK;
}

/* One step of a statement. SQLite prepares it anew when the schema has changed, so the
 * wall is open for it now too. */
static int step(struct query *q)
{
    q->db->open = sql_statements[q->id].opens;
    int rc = sqlite3_step(q->stmt);
    q->db->open = 0;
    return rc;
}

static bool prepare_all(struct db *db, struct err *e)
{
    for (int i = 0; i < STMT__MAX; i++) {
        if (sql_statements[i].wrapped)
            continue;
        db->open = sql_statements[i].opens;
        int rc = sqlite3_prepare_v3(db->sqlite, sql_statements[i].text, -1,
            SQLITE_PREPARE_PERSISTENT, &db->statements[i], NULL);
        db->open = 0;
        if (rc != SQLITE_OK)
            return fail(e, ERR_BUG, NULL, NULL, "statement '%s': %s",
                sql_statements[i].name, sqlite3_errmsg(db->sqlite));
    }
    return true;
}

struct db *db_open(const char *path, enum db_mode mode, struct err *e)
{
    /* Counting every allocation under a lock is for nobody here; too late is no harm. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct db *db = xcalloc(1, sizeof *db);
    db->path = xstrdup(path);
    db->mode = mode;
    int flags = mode == DB_READ ? SQLITE_OPEN_READONLY
                                : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    /* Notes are nobody else's business: the file is the owner's alone. */
    mode_t old = umask(077);
    int rc = sqlite3_open_v2(path, &db->sqlite, flags | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK || refuse(db, rc, "open store", e);
    ok = ok && configure(db, e) && migrate(db, e);
    (void)umask(old);
    db->log_limit = LOG_PAGES;
    if (ok && mode != DB_READ)
        sqlite3_wal_hook(db->sqlite, on_commit, db);
    ok = ok && (wall_build(db->sqlite, &db->open) || fail(e, ERR_BUG, NULL, NULL, "no wall in '%s'", path));
    ok = ok && (mode == DB_READ ? journal_absent(db, e) : journal_install(db, e));
    if (!ok || !prepare_all(db, e)) {
        db_close(db);
        return NULL;
    }
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (int i = 0; i < STMT__MAX; i++)
        sqlite3_finalize(db->statements[i]);
    for (int i = 0; i < db->n_wrapped; i++)
        sqlite3_finalize(db->wrapped[i].stmt);
    free(db->wrapped);
    sqlite3_close(db->sqlite);
    free(db->path);
    free(db);
}

bool db_begin(struct db *db, struct err *e)
{
    return db_exec(db, "begin immediate", e);
}

bool db_begin_read(struct db *db, struct err *e)
{
    return db_exec(db, "begin", e);
}

bool db_commit(struct db *db, struct err *e)
{
    if (db_exec(db, "commit", e))
        return true;
    db_rollback(db);
    return false;
}

void db_rollback(struct db *db)
{
    db->group = 0;
    if (!sqlite3_get_autocommit(db->sqlite))
        (void)sqlite3_exec(db->sqlite, "rollback", NULL, NULL, NULL);
}

bool db_savepoint(struct db *db, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_COMMAND_SAVEPOINT);
    return query_run(&q, e);
}

void db_release(struct db *db)
{
    struct err ignored;
    AUTO_QUERY q = db_query(db, STMT_COMMAND_RELEASE);
    (void)query_next(&q, &ignored);
}

void db_undo_savepoint(struct db *db)
{
    db->group = 0;
    (void)sqlite3_exec(db->sqlite, "rollback to command; release command", NULL, NULL, NULL);
}

bool db_checkpoint(struct db *db, struct err *e)
{
    int rc = sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
        NULL);
    return rc == SQLITE_OK || refuse(db, rc, "checkpoint", e);
}

bool db_cut_log(struct db *db, struct err *e)
{
    sqlite3_busy_handler(db->sqlite, NULL, NULL);
    bool ok = db_checkpoint(db, e);
    sqlite3_busy_handler(db->sqlite, wait_turn, NULL);
    return ok;
}

void db_rest(struct db *db)
{
    db->log_limit = LOG_PAGES_MOST;
    if (db->log_pages < db->log_seen)
        db->log_seen = 0; /* begun anew */
    if (db->log_pages < LOG_PAGES || db->log_pages < db->log_seen + LOG_PAGES_AGAIN)
        return;
    db->log_seen = db->log_pages;
    (void)sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

bool db_spill(struct db *db, struct err *e)
{
    return db_exec(db, "pragma temp_store=file", e);
}

bool db_share(struct db *db, bool hasty, struct err *e)
{
    db->log_limit = LOG_PAGES_SHARED;
    return db_exec(db, hasty ? "pragma synchronous=normal" : "pragma synchronous=full", e);
}

int64_t db_data_version(struct db *db)
{
    struct err e;
    int64_t v = 0;
    (void)pragma_int(db->sqlite, db->path, "pragma data_version", &v, &e);
    return v;
}

static struct query use(struct db *db, enum stmt_id id, sqlite3_stmt *s)
{
    if (sqlite3_stmt_busy(s)) {
        log_error("statement '%s' used while in use", sql_statements[id].name);
        abort();
    }
    sqlite3_clear_bindings(s);
    return (struct query){ .db = db, .stmt = s, .id = id };
}

struct query db_query(struct db *db, enum stmt_id id)
{
    return use(db, id, db->statements[id]);
}

/* The shape's text with that of the rows for `(rows)`, without its semicolon. */
static sqlite3_stmt *prepare_wrapped(
    struct db *db, enum stmt_id rows, enum stmt_id shape, struct err *e)
{
    static const char mark[] = "(rows)";
    const char *outer = sql_statements[shape].text, *inner = sql_statements[rows].text;
    const char *at = strstr(outer, mark);
    const char *end = strrchr(inner, ';');
    if (!at || !end) {
        (void)fail(e, ERR_BUG, NULL, NULL, "statement '%s' wraps no rows, or '%s' has no end",
            sql_statements[shape].name, sql_statements[rows].name);
        return NULL;
    }
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    buf_add(&b, outer, (size_t)(at - outer));
    buf_putc(&b, '(');
    buf_add(&b, inner, (size_t)(end - inner));
    buf_putc(&b, ')');
    buf_puts(&b, at + sizeof mark - 1);
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v3(
        db->sqlite, buf_str(&b), -1, SQLITE_PREPARE_PERSISTENT, &s, NULL);
    if (rc != SQLITE_OK)
        (void)fail(e, ERR_BUG, NULL, NULL, "statement '%s' in '%s': %s",
            sql_statements[rows].name, sql_statements[shape].name,
            sqlite3_errmsg(db->sqlite));
    arena_finish(&mem);
    return s;
}

struct query db_query_wrapped(
    struct db *db, enum stmt_id rows, enum stmt_id shape, struct err *e)
{
    e->code = ERR_NONE;
    for (int i = 0; i < db->n_wrapped; i++) {
        const struct wrapped *w = &db->wrapped[i];
        if (w->rows == rows && w->shape == shape)
            return use(db, rows, w->stmt);
    }
    sqlite3_stmt *s = prepare_wrapped(db, rows, shape, e);
    if (!s)
        return (struct query){ .db = db, .id = rows };
    db->wrapped = xrealloc(db->wrapped, (size_t)(db->n_wrapped + 1) * sizeof *db->wrapped);
    db->wrapped[db->n_wrapped++] = (struct wrapped){ rows, shape, s };
    return use(db, rows, s);
}

void query_reset(struct query *q)
{
    if (q->stmt)
        sqlite3_reset(q->stmt);
}

static int index_of(struct query *q, const char *name)
{
    int i = sqlite3_bind_parameter_index(q->stmt, name);
    if (!i) {
        log_error("statement '%s' has no '%s'", sql_statements[q->id].name, name);
        abort();
    }
    return i;
}

void bind_int(struct query *q, const char *name, int64_t v)
{
    sqlite3_bind_int64(q->stmt, index_of(q, name), v);
}

void bind_text(struct query *q, const char *name, const char *s)
{
    /* Borrowed until the query is reset: arena text outlives its statement. */
    sqlite3_bind_text(q->stmt, index_of(q, name), s, -1, SQLITE_STATIC);
}

void bind_ref(struct query *q, const char *name, int64_t v)
{
    if (v)
        bind_int(q, name, v);
    else
        sqlite3_bind_null(q->stmt, index_of(q, name));
}

bool query_next(struct query *q, struct err *e)
{
    int rc = step(q);
    e->code = ERR_NONE;
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        (void)refuse(q->db, rc, sql_statements[q->id].name, e);
    return false;
}

bool query_run(struct query *q, struct err *e)
{
    while (query_next(q, e))
        ;
    return e->code == ERR_NONE;
}

int64_t query_insert(struct query *q, struct err *e)
{
    return query_run(q, e) ? sqlite3_last_insert_rowid(q->db->sqlite) : 0;
}

int query_columns(struct query *q)
{
    return sqlite3_column_count(q->stmt);
}

int64_t query_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

bool query_null(struct query *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

char *query_text(struct query *q, struct arena *mem, int column)
{
    return arena_strdup(mem, (const char *)sqlite3_column_text(q->stmt, column));
}
