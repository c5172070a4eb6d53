/* The one door to SQLite: opening, migrating, transactions, and the statements of
 * sql/, prepared once. Only bot/store includes this together with SQL; handlers
 * use the verbs of the other headers. A connection belongs to one thread. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "bot/base/arena.h"
#include "sql_table.h"

struct db;
struct sqlite3_stmt;

enum db_mode {
    DB_WRITE, /* the engine's: creates the file, journals changes; it must be current */
    DB_READ,  /* the desk's: the file must exist and be current */
    DB_UPGRADE, /* as DB_WRITE, and brings an older file here; for who holds the lock of `serve` */
};
enum { SCHEMA_VERSION = 1 };

/* ":memory:" for a store that is gone with the process. ERR_CONFLICT: the file is newer
 * than the program or not ours; ERR_REMOTE: can't be opened, read-only, full, corrupt;
 * ERR_BUSY: locked for longer than 5 s. `why` names the file and the mend. */
struct db *db_open(const char *path, enum db_mode mode, struct err *e);
void db_close(struct db *db); /* NULL is fine */

/* One write transaction; BEGIN IMMEDIATE. A commit that fails rolls back. */
bool db_begin(struct db *db, struct err *e) MUST_CHECK;
bool db_commit(struct db *db, struct err *e) MUST_CHECK;
void db_rollback(struct db *db);
/* A read transaction: one snapshot for several statements. */
bool db_begin_read(struct db *db, struct err *e) MUST_CHECK;
/* One savepoint a command; not nested. */
bool db_savepoint(struct db *db, struct err *e) MUST_CHECK;
void db_release(struct db *db);
void db_undo_savepoint(struct db *db);

/* Nobody waits: the log is written back if it is long. Who calls this now and then has it
 * done at no other time, unless it grows far longer. */
void db_rest(struct db *db);
bool db_checkpoint(struct db *db, struct err *e);
/* The same without waiting for readers: ERR_BUSY, the log stays as it is. */
bool db_cut_log(struct db *db, struct err *e) MUST_CHECK;
/* From now on large sorts go to the disk: for long reads in a bounded memory. */
bool db_spill(struct db *db, struct err *e) MUST_CHECK;
/* For a program that writes much beside another one that answers people: what it leaves in
 * the log goes home often, at its own cost. While `hasty` a commit may be lost with the
 * machine, though never half of it: for what nobody is told of yet. The next commit that is
 * not hasty makes all before it durable. Outside a transaction. */
bool db_share(struct db *db, bool hasty, struct err *e) MUST_CHECK;
/* Changes when another connection committed. */
int64_t db_data_version(struct db *db);

/* One use of a prepared statement; reset when it goes out of scope:
 *     AUTO_QUERY q = db_query(db, STMT_DEAL_FIND);
 *     bind_int(&q, "$id", id);
 *     while (query_next(&q, e)) { … query_int(&q, 0) … }
 * Binding a name that the statement lacks is a bug and aborts. */
struct query {
    struct db *db;
    struct sqlite3_stmt *stmt;
    enum stmt_id id;
};
struct query db_query(struct db *db, enum stmt_id id);
/* The statement `rows` of sql/kpi where `shape` of that folder says `(rows)`; prepared
 * when first asked for. Its statement is NULL where it can't be: a bug. */
struct query db_query_wrapped(
    struct db *db, enum stmt_id rows, enum stmt_id shape, struct err *e);
void query_reset(struct query *q);
#define AUTO_QUERY __attribute__((cleanup(query_reset))) struct query

void bind_int(struct query *q, const char *name, int64_t v);
void bind_text(struct query *q, const char *name, const char *s); /* NULL binds null */
/* 0 binds null: for optional references and instants. */
void bind_ref(struct query *q, const char *name, int64_t v);

/* True for each row. False at the end, with e->code ERR_NONE, or at an error; a
 * constraint violation is ERR_CONSTRAINT. */
bool query_next(struct query *q, struct err *e);
/* Runs to the end; true unless an error. */
bool query_run(struct query *q, struct err *e) MUST_CHECK;
/* Runs an insert and gives the new row's id, 0 on error. */
int64_t query_insert(struct query *q, struct err *e);

int query_columns(struct query *q);
int64_t query_int(struct query *q, int column); /* null is 0 */
bool query_null(struct query *q, int column);
char *query_text(struct query *q, struct arena *mem, int column); /* null is NULL */

/* For the parts of the store that build text at start-up (journal.c) and for tests. */
bool db_exec(struct db *db, const char *sql, struct err *e) MUST_CHECK;
/* What SQL may ask of the calendar, all without side effects: day(ms, zone) and
 * month_start(ms, zone) are civil days since 1970, day_start(day, zone) an instant,
 * business_add(market, day, n) a day, business_days(market, from, to) those in
 * (from, to], cycle_factor(market) the market's expected cycle against the base. Null in
 * any argument gives null, save that a market may be unknown. The aggregate
 * gap_counts(who, ms, zone) takes rows of each `who` together and in the order of time, and
 * gives the days between one and the next as JSON: [[days, how often], …]. Borrowed for as
 * long as the connection lives; installed once. */
struct db_calendar {
    int32_t (*day)(int64_t ms, const char *zone);
    int32_t (*month_start)(int64_t ms, const char *zone);
    int64_t (*day_start)(int32_t day, const char *zone);
    int32_t (*business_add)(const char *market, int32_t day, int n);
    int (*business_days)(const char *market, int32_t from, int32_t to);
    int (*cycle_factor)(const char *market);
};
bool db_install_calendar(
    struct db *db, const struct db_calendar *calendar, struct err *e) MUST_CHECK;
struct sqlite3 *db_handle(struct db *db);
bool *db_has_calendar(struct db *db); /* for calendar.c */
/* The group of changes that is open (journal.c), 0: none. A rollback closes it. */
int64_t *db_group(struct db *db);

#endif
