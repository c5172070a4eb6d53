#include "bot/store/journal.h"

#include <sqlite3.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"

/* Tables whose changes can be undone; each has `id` and, where commands add rows, `void_ms`. */
static const char *const tables[] = { "partner", "customer", "person", "name",
    "messenger", "speaks", "access", "tag", "former_firm", "away", "deal", "deal_event",
    "deal_pause", "champion", "touch_point", "touch_person", "touch_partner", "note",
    "note_stance", "committee", "objection", "ringi", "ringi_step", "pitch", "first_buyer", "introduction", "keeper",
    "note_reader", "follow", "member", "merge", "merge_move", "forgotten",
    "deal_source", "deal_partner", "refund", "renewal",
    "legal_item", "silo", "network_size", "network_account", "capability_tag", "capability",
    "training", "activity", "lead", "case_study", "nps", "perception", "preference", "served",
    "technology", "gate", "task", "asset", "shadow", "setting", "season", "target", "rate", "own_day",
    "calendar", "market_fact",
    "milestone", "leaving", "check_in", "cadence", "notice" };
enum { TABLES = sizeof tables / sizeof *tables, UNDO_DAYS = 30 };

/* Appends `pattern` for each column, with %s for its name. */
static bool each_column(struct db *db, struct buf *b, const char *table,
    const char *before, const char *between, const char *after, struct err *e)
{
    sqlite3_stmt *s = NULL;
    char *sql = arena_printf(b->mem, "select name from pragma_table_info('%s') where name != 'id'", table);
    if (sqlite3_prepare_v2(db_handle(db), sql, -1, &s, NULL) != SQLITE_OK)
        return fail(e, ERR_BUG, NULL, NULL, "journal: %s", sqlite3_errmsg(db_handle(db)));
    bool first = true;
    while (sqlite3_step(s) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(s, 0);
        buf_printf(b, "%s%s%s%s%s%s", first ? "" : ", ", before, name, between, name, after);
        first = false;
    }
    sqlite3_finalize(s);
    return true;
}

static bool install_table(struct db *db, struct arena *mem, const char *t, struct err *e)
{
    struct buf b = BUF_ON(mem);
    buf_printf(&b,
        "create temp trigger journal_%s_i after insert on main.%s "
        "when journal_group() is not null begin "
        "insert into journal (group_id, tbl, row) "
        "values (journal_group(), '%s', new.id); end;"
        "create temp trigger journal_%s_u after update on main.%s "
        "when journal_group() is not null begin "
        "insert into journal (group_id, tbl, row, before) "
        "values (journal_group(), '%s', old.id, json_object(",
        t, t, t, t, t, t);
    if (!each_column(db, &b, t, "'", "', old.", "", e))
        return false;
    buf_puts(&b, ")); end;");
    return db_exec(db, buf_str(&b), e);
}

/* SQL: the group that changes belong to now, null outside a command. */
static void journal_group(sqlite3_context *to, int n, sqlite3_value **values)
{
    const int64_t *group = sqlite3_user_data(to);
    (void)n;
    (void)values;
    if (*group)
        sqlite3_result_int64(to, *group);
}

bool journal_absent(struct db *db, struct err *e)
{
    return db_exec(db, "pragma query_only=on", e);
}

bool journal_install(struct db *db, struct err *e)
{
    struct arena mem = ARENA_INIT;
    bool ok = sqlite3_create_function_v2(db_handle(db), "journal_group", 0,
                  SQLITE_UTF8 | SQLITE_INNOCUOUS, db_group(db), journal_group, NULL, NULL,
                  NULL) == SQLITE_OK ||
              fail(e, ERR_BUG, NULL, NULL, "journal: %s", sqlite3_errmsg(db_handle(db)));
    for (int i = 0; ok && i < TABLES; i++)
        ok = install_table(db, &mem, tables[i], e);
    arena_finish(&mem);
    return ok;
}

int64_t journal_begin(struct db *db, int64_t member, const char *conversation,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHANGE_BEGIN);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_int(&q, "$at", now_ms);
    return *db_group(db) = query_insert(&q, e);
}

bool journal_about(struct db *db, int64_t group, const char *command, const char *record,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHANGE_ABOUT);
    bind_text(&q, "$command", command);
    bind_int(&q, "$id", group);
    bind_text(&q, "$record", record);
    return query_run(&q, e);
}

bool journal_end(struct db *db, int64_t group, struct err *e)
{
    *db_group(db) = 0;
    AUTO_QUERY q = db_query(db, STMT_CHANGE_DELETE_EMPTY);
    bind_int(&q, "$id", group);
    return query_run(&q, e);
}

static bool read_change(struct query *q, struct arena *mem, struct change *out, struct err *e)
{
    if (!query_next(q, e))
        return false;
    *out = (struct change){ .id = query_int(q, 0), .member_id = query_int(q, 1),
        .command = query_text(q, mem, 2), .record = query_text(q, mem, 3),
        .at_ms = query_int(q, 4), .undoes = query_int(q, 5) };
    return true;
}

bool journal_latest(struct db *db, struct arena *mem, int64_t member, const char *record,
    bool redo, int64_t now_ms, struct change *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, redo     ? STMT_CHANGE_LATEST_UNDO
                                : record ? STMT_CHANGE_LATEST_OF_RECORD
                                         : STMT_CHANGE_LATEST);
    if (record)
        bind_text(&q, "$record", record);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$since", now_ms - UNDO_DAYS * DAY_MS);
    return read_change(&q, mem, out, e);
}

bool journal_changed_since(struct db *db, struct arena *mem, int64_t group, struct change *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHANGE_SINCE);
    bind_int(&q, "$id", group);
    return read_change(&q, mem, out, e);
}

struct journal_row {
    const char *table;
    int64_t row;
    const char *before;
};

bool journal_keeps(const char *table)
{
    for (int i = 0; i < TABLES; i++)
        if (!strcmp(tables[i], table))
            return true;
    return false;
}

/* Statements per table are made here, not in sql/: their columns are the schema's. */
static bool put_back(struct db *db, struct arena *mem, const struct journal_row *r,
    int64_t now_ms, struct err *e)
{
    if (!journal_keeps(r->table))
        return fail(e, ERR_BUG, NULL, NULL, "journal names table '%s'", r->table);
    struct buf b = BUF_ON(mem);
    buf_printf(&b, "update %s set ", r->table);
    if (!r->before)
        buf_puts(&b, "void_ms = $now");
    else if (!each_column(db, &b, r->table, "", " = json_extract($before, '$.", "')", e))
        return false;
    buf_puts(&b, " where id = $row");
    if (!strcmp(r->table, "person")) /* what is forgotten comes back by no way */
        buf_puts(&b, " and not exists (select 1 from forgotten where kind = 'C' and ref = $row)");
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db_handle(db), buf_str(&b), -1, &s, NULL) != SQLITE_OK)
        return fail(e, ERR_BUG, NULL, NULL, "undo: %s", sqlite3_errmsg(db_handle(db)));
    int before = sqlite3_bind_parameter_index(s, "$before");
    int now = sqlite3_bind_parameter_index(s, "$now");
    if (before)
        sqlite3_bind_text(s, before, r->before, -1, SQLITE_STATIC);
    if (now)
        sqlite3_bind_int64(s, now, now_ms);
    sqlite3_bind_int64(s, sqlite3_bind_parameter_index(s, "$row"), r->row);
    int rc = sqlite3_step(s);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ||
           fail(e, ERR_BUG, NULL, NULL, "undo: %s", sqlite3_errmsg(db_handle(db)));
}

static bool mark(struct db *db, enum stmt_id id, const char *a, int64_t av, const char *b,
    int64_t bv, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, a, av);
    if (b)
        bind_int(&q, b, bv);
    return query_run(&q, e);
}

bool journal_readers(struct db *db, int64_t group, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_JOURNAL_READERS);
    bind_int(&q, "$group", group);
    return query_next(&q, e) && query_int(&q, 0);
}

char *journal_record_at(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t at_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CHANGE_RECORD_AT);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_int(&q, "$at", at_ms);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

bool journal_undo(struct db *db, struct arena *mem, int64_t group, int64_t by,
    int64_t now_ms, struct err *e)
{
    struct journal_row *rows = NULL;
    size_t n = 0, cap = 0;
    {
        AUTO_QUERY q = db_query(db, STMT_JOURNAL_ROWS);
        bind_int(&q, "$id", group);
        while (query_next(&q, e)) {
            if (n == cap) {
                struct journal_row *more = ARENA_ARRAY(mem, struct journal_row, cap ? cap * 2 : 16);
                if (n)
                    memcpy(more, rows, n * sizeof *rows);
                rows = more;
                cap = cap ? cap * 2 : 16;
            }
            rows[n++] = (struct journal_row){ query_text(&q, mem, 0), query_int(&q, 1),
                query_text(&q, mem, 2) };
        }
        if (e->code != ERR_NONE)
            return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!put_back(db, mem, &rows[i], now_ms, e))
            return false;
    return mark(db, STMT_CHANGE_MARK_UNDONE, "$id", group, "$by", by, e) &&
           mark(db, STMT_CHANGE_MARK_UNDO, "$id", by, "$undoes", group, e) &&
           mark(db, STMT_CHANGE_FREE, "$undo", group, NULL, 0, e);
}

bool journal_named(struct db *db, int64_t group, int64_t after,
    void (*each)(void *ctx, char kind, int64_t id), void *ctx, struct err *e)
{
    struct arena mem = ARENA_INIT;
    AUTO_QUERY q = db_query(db, group ? STMT_JOURNAL_NAMED_OF : STMT_JOURNAL_NAMED_SINCE);
    bind_int(&q, group ? "$group" : "$after", group ? group : after);
    while (query_next(&q, e)) {
        const char *kind = query_text(&q, &mem, 0);
        if (kind)
            each(ctx, kind[0], query_int(&q, 1));
    }
    arena_finish(&mem);
    return e->code == ERR_NONE;
}

bool journal_newest(struct db *db, int64_t *row, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_JOURNAL_NEWEST);
    *row = query_next(&q, e) ? query_int(&q, 0) : 0;
    return e->code == ERR_NONE;
}
