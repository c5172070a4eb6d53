#include "bot/store/merge.h"

#include <sqlite3.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/store/journal.h"
#include "bot/store/people.h"

/* A column that names records of the kind; `only` narrows the rows that do. */
struct column {
    const char *table, *name, *only;
};
enum { COLUMNS = 48 };

static const char *table_of(char kind)
{
    return kind == 'C' ? "person" : kind == 'P' ? "partner" : kind == 'D' ? "deal" : "customer";
}

/* What tells the story of one registration stays with it when its deal is merged. */
static bool stays_with_deal(const char *table)
{
    static const char *const own[] = { "deal", "deal_event", "deal_pause", "deal_partner", "deal_source",
        "refund", "renewal" };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(own[i], table))
            return true;
    return false;
}

static int columns_of(struct db *db, struct arena *mem, char kind, struct column *out, struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_MERGE_REFERENCES);
    bind_text(&q, "$target", table_of(kind));
    while (n < COLUMNS - 2 && query_next(&q, e)) {
        struct column c = { query_text(&q, mem, 0), query_text(&q, mem, 1), "" };
        if (journal_keeps(c.table) && (kind != 'D' || !stays_with_deal(c.table)))
            out[n++] = c;
    }
    if (kind == 'D')
        return n;
    /* These two name a record by kind and number. Of merges only the standing ones
     * move: what went into `gone` before is in `kept` from now on. */
    const char *kind_is = arena_printf(mem, " and kind = '%c'", kind);
    out[n++] = (struct column){ "name", "ref", kind_is };
    out[n++] = (struct column){ "merge", "kept", arena_printf(mem, "%s and void_ms is null", kind_is) };
    return n;
}

/* Columns whose equality makes two rows the same fact, where that can happen: both were
 * in the room, both have the LINE account. */
static const char *const *same_columns(const char *table)
{
    static const struct {
        const char *table, *columns[5];
    } same[] = { { "touch_person", { "touch_id" } }, { "touch_partner", { "touch_id" } },
        { "champion", { "person_id", "customer_id", "partner_id", "deal_id" } },
        { "messenger", { "person_id", "network", "handle" } }, { "speaks", { "language" } },
        { "access", { "person_id", "customer_id", "level" } },
        { "tag", { "what", "firm" } }, { "name", { "kind", "text" } } };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (!strcmp(same[i].table, table))
            return same[i].columns;
    return NULL;
}

/* What statements made here are about, bound where they have the parameter. */
struct values {
    int64_t gone, kept, row, now;
};

static void bind(sqlite3_stmt *s, const char *name, int64_t v)
{
    int i = sqlite3_bind_parameter_index(s, name);
    if (i)
        sqlite3_bind_int64(s, i, v);
}

static void bind_values(sqlite3_stmt *s, const struct values *v)
{
    (void)sqlite3_reset(s);
    bind(s, "$gone", v->gone);
    bind(s, "$kept", v->kept);
    bind(s, "$row", v->row);
    bind(s, "$now", v->now);
}

static bool failed(struct db *db, struct err *e)
{
    return fail(e, ERR_BUG, NULL, NULL, "merge: %s", sqlite3_errmsg(db_handle(db)));
}

static sqlite3_stmt *prepare(struct db *db, const char *sql, struct err *e)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(db_handle(db), sql, -1, &s, NULL) != SQLITE_OK)
        (void)failed(db, e);
    return s;
}

/* Runs a prepared change; `*changed` counts its rows. */
static bool run(struct db *db, sqlite3_stmt *s, const struct values *v, int *changed, struct err *e)
{
    bind_values(s, v);
    if (sqlite3_step(s) != SQLITE_DONE)
        return failed(db, e);
    if (changed)
        *changed = sqlite3_changes(db_handle(db));
    return true;
}

static bool run_once(struct db *db, const char *sql, const struct values *v, int *changed, struct err *e)
{
    sqlite3_stmt *s = prepare(db, sql, e);
    bool ok = s && run(db, s, v, changed, e);
    sqlite3_finalize(s);
    return ok;
}

static bool remember(struct db *db, int64_t merge, const struct column *c, int64_t row,
    const char *how, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MERGE_MOVE_INSERT);
    bind_int(&q, "$merge", merge);
    bind_text(&q, "$table", c->table);
    bind_int(&q, "$row", row);
    bind_text(&q, "$column", c->name);
    bind_text(&q, "$how", how);
    return query_run(&q, e);
}

/* The statement that finds whether `kept` already has what row $row says; NULL: that
 * cannot be. */
static sqlite3_stmt *prepare_twin(struct db *db, struct arena *mem, const struct column *c, struct err *e)
{
    const char *const *same = same_columns(c->table);
    if (!same)
        return NULL;
    struct buf b = BUF_ON(mem);
    buf_printf(&b, "select 1 from %s x, %s y where x.id = $row and x.void_ms is null and "
                   "y.id != x.id and y.%s = $kept and y.void_ms is null",
        c->table, c->table, c->name);
    for (; *same; same++)
        if (strcmp(*same, c->name) != 0)
            buf_printf(&b, " and x.%s is y.%s", *same, *same);
    return prepare(db, buf_str(&b), e);
}

/* Void rows move too: an undo taken back later shows them again. */
static int64_t *rows_of(struct db *db, struct arena *mem, const struct column *c, int64_t gone,
    size_t *n, struct err *e)
{
    int64_t *rows = NULL;
    size_t cap = 0;
    *n = 0;
    sqlite3_stmt *s = prepare(db, arena_printf(mem, "select id from %s where %s = $gone%s",
        c->table, c->name, c->only), e);
    if (!s)
        return NULL;
    bind_values(s, &(struct values){ .gone = gone });
    while (sqlite3_step(s) == SQLITE_ROW) {
        if (*n == cap) {
            int64_t *more = ARENA_ARRAY(mem, int64_t, cap ? cap * 2 : 64);
            if (*n)
                memcpy(more, rows, *n * sizeof *rows);
            rows = more;
            cap = cap ? cap * 2 : 64;
        }
        rows[(*n)++] = sqlite3_column_int64(s, 0);
    }
    sqlite3_finalize(s);
    return rows;
}

static bool move_column(struct db *db, struct arena *mem, const struct column *c, int64_t merge,
    struct values v, struct err *e)
{
    size_t n;
    e->code = ERR_NONE;
    int64_t *rows = rows_of(db, mem, c, v.gone, &n, e);
    if (!n)
        return e->code == ERR_NONE;
    sqlite3_stmt *twin = prepare_twin(db, mem, c, e);
    sqlite3_stmt *move = prepare(db, arena_printf(mem, "update %s set %s = $kept where id = $row", c->table, c->name), e);
    sqlite3_stmt *drop = prepare(db, arena_printf(mem, "update %s set void_ms = $now where id = $row", c->table), e);
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < n; i++) {
        v.row = rows[i];
        bool doubled = false;
        if (twin) {
            bind_values(twin, &v);
            doubled = sqlite3_step(twin) == SQLITE_ROW;
            (void)sqlite3_reset(twin);
        }
        ok = run(db, doubled ? drop : move, &v, NULL, e) &&
             remember(db, merge, c, v.row, doubled ? "doubled" : "moved", e);
    }
    sqlite3_finalize(twin);
    sqlite3_finalize(move);
    sqlite3_finalize(drop);
    return ok;
}

/* What `kept` does not say of itself, `gone` may. A firm only to somebody without one. */
static bool fill(struct db *db, struct arena *mem, char kind, int64_t merge,
    const struct values *v, struct err *e)
{
    static const char *const of_person[] = { "title", "department", "honorific", "seniority",
        "language", "note_id", NULL };
    static const char *const firm_of_person[] = { "partner_id", "customer_id", NULL };
    static const char *const of_partner[] = { "type", "market", "silo", "commission_bp",
        "agreement_day", "signed_day", NULL };
    static const char *const of_customer[] = { "market", "industry", NULL };
    const char *const *lists[] = { kind == 'C' ? of_person : kind == 'P' ? of_partner : of_customer,
        kind == 'C' ? firm_of_person : NULL };
    const char *t = table_of(kind);
    for (int k = 0; k < 2; k++)
        for (const char *const *c = lists[k]; c && *c; c++) {
            int changed = 0;
            const char *none = k ? "partner_id is null and customer_id is null" : arena_printf(mem, "%s is null", *c);
            const char *theirs = arena_printf(mem, "(select %s from %s where id = $gone)", *c, t);
            struct column column = { t, *c, "" };
            if (!run_once(db, arena_printf(mem, "update %s set %s = %s where id = $kept and %s and %s is not null",
                    t, *c, theirs, none, theirs), v, &changed, e) ||
                (changed && !remember(db, merge, &column, v->kept, "filled", e)))
                return false;
        }
    return true;
}

struct record_name {
    struct arena *mem;
    char *text;
};

static void take_name(void *ctx, const struct name_row *row)
{
    struct record_name *n = ctx;
    if (row->sort == 'd')
        n->text = arena_strdup(n->mem, row->text);
}

static bool name_of(struct db *db, struct arena *mem, char kind, int64_t id, char **out, struct err *e)
{
    struct record_name n = { mem, NULL };
    if (!name_each(db, kind, id, take_name, &n, e))
        return false;
    *out = n.text;
    return n.text || fail(e, ERR_NOT_FOUND, "record.gone", NULL, "no such record to merge");
}

/* The old name stays a name: a firm's is its former one. */
static bool keep_name(struct db *db, struct arena *mem, char kind, int64_t merge,
    const struct values *v, struct err *e)
{
    char *gone, *kept, k[2] = { kind, 0 };
    if (!name_of(db, mem, kind, v->gone, &gone, e) || !name_of(db, mem, kind, v->kept, &kept, e))
        return false;
    bool known = !strcmp(gone, kept);
    if (!known) {
        AUTO_QUERY q = db_query(db, STMT_MERGE_NAME_KNOWN);
        bind_text(&q, "$kind", k);
        bind_int(&q, "$ref", v->kept);
        bind_text(&q, "$text", gone);
        known = query_next(&q, e);
    }
    if (known || e->code != ERR_NONE)
        return known;
    if (!name_add(db, kind, v->kept, gone, kind == 'C' ? "alias" : "former", e))
        return false;
    struct column c = { "name", "ref", "" };
    return remember(db, merge, &c, sqlite3_last_insert_rowid(db_handle(db)), "named", e);
}

/* Notes the merge and moves what names `gone`; `*merge` is its row. */
static bool begin_merge(struct db *db, char kind, const struct values *v, int64_t member, int64_t *merge,
    struct err *e)
{
    char k[2] = { kind, 0 };
    AUTO_QUERY q = db_query(db, STMT_MERGE_INSERT);
    bind_text(&q, "$kind", k);
    bind_int(&q, "$gone", v->gone);
    bind_int(&q, "$kept", v->kept);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", v->now);
    *merge = query_insert(&q, e);
    return *merge != 0;
}

static bool move_all(struct db *db, struct arena *mem, char kind, int64_t merge, const struct values *v,
    struct err *e)
{
    struct column columns[COLUMNS];
    e->code = ERR_NONE;
    int n = columns_of(db, mem, kind, columns, e);
    for (int i = 0; i < n; i++)
        if (!move_column(db, mem, &columns[i], merge, *v, e))
            return false;
    return e->code == ERR_NONE;
}

bool merge_run(struct db *db, struct arena *mem, char kind, int64_t gone, int64_t kept,
    int64_t member, int64_t now_ms, struct err *e)
{
    struct values v = { .gone = gone, .kept = kept, .now = now_ms };
    int64_t merge;
    e->code = ERR_NONE;
    return begin_merge(db, kind, &v, member, &merge, e) && keep_name(db, mem, kind, merge, &v, e) &&
           move_all(db, mem, kind, merge, &v, e) && fill(db, mem, kind, merge, &v, e) &&
           run_once(db, arena_printf(mem, "update %s set void_ms = $now, merged_into = $kept where id = $gone",
               table_of(kind)), &v, NULL, e);
}

bool merge_deal(struct db *db, struct arena *mem, int64_t gone, int64_t kept, int64_t member,
    int64_t now_ms, struct err *e)
{
    struct values v = { .gone = gone, .kept = kept, .now = now_ms };
    int64_t merge;
    return begin_merge(db, 'D', &v, member, &merge, e) && move_all(db, mem, 'D', merge, &v, e);
}

int merge_counts(struct db *db, struct arena *mem, char kind, int64_t id,
    struct merge_count *out, int max, struct err *e)
{
    struct column columns[COLUMNS];
    int n = 0;
    e->code = ERR_NONE;
    int all = columns_of(db, mem, kind, columns, e);
    for (int i = 0; i < all && e->code == ERR_NONE; i++) {
        const struct column *c = &columns[i];
        sqlite3_stmt *s = prepare(db, arena_printf(mem, "select count(*) from %s where %s = $gone%s and void_ms is null",
            c->table, c->name, c->only), e);
        if (!s)
            break;
        bind_values(s, &(struct values){ .gone = id });
        int64_t rows = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
        sqlite3_finalize(s);
        if (rows && n < max)
            out[n++] = (struct merge_count){ c->table, rows };
    }
    return n;
}

static void read_merge(struct query *q, struct arena *mem, struct merge *m)
{
    *m = (struct merge){ .id = query_int(q, 0), .gone = query_int(q, 1), .kept = query_int(q, 2),
        .at_ms = query_int(q, 3), .name = query_text(q, mem, 4) };
}

bool merge_find(struct db *db, struct arena *mem, char kind, int64_t gone, struct merge *out,
    struct err *e)
{
    char k[2] = { kind, 0 };
    AUTO_QUERY q = db_query(db, STMT_MERGE_BY_GONE);
    bind_text(&q, "$kind", k);
    bind_int(&q, "$gone", gone);
    if (!query_next(&q, e))
        return false;
    read_merge(&q, mem, out);
    return true;
}

int merge_list(struct db *db, struct arena *mem, char kind, int64_t kept, struct merge *out,
    int max, struct err *e)
{
    char k[2] = { kind, 0 };
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_MERGE_INTO);
    bind_text(&q, "$kind", k);
    bind_int(&q, "$kept", kept);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e))
        read_merge(&q, mem, &out[n++]);
    return n;
}

struct move {
    struct column column;
    int64_t row;
    const char *how;
};

/* Each back only where it is still as the merge left it. */
static bool put_back(struct db *db, struct arena *mem, const char *record, const struct move *m,
    struct values v, struct err *e)
{
    const char *t = m->column.table, *c = m->column.name, *sql;
    v.row = m->row;
    if (!journal_keeps(t))
        return fail(e, ERR_BUG, NULL, NULL, "merge names table '%s'", t);
    if (!strcmp(m->how, "moved"))
        sql = arena_printf(mem, "update %s set %s = $gone where id = $row and %s = $kept", t, c, c);
    else if (!strcmp(m->how, "doubled"))
        sql = arena_printf(mem, "update %s set void_ms = null where id = $row and %s = $gone", t, c);
    else if (!strcmp(m->how, "filled"))
        sql = arena_printf(mem, "update %s set %s = null where id = $row and %s is "
                                "(select %s from %s where id = $gone)", t, c, c, c, record);
    else
        sql = arena_printf(mem, "update %s set void_ms = $now where id = $row", t);
    return run_once(db, sql, &v, NULL, e);
}

static struct move *moves_of(struct db *db, struct arena *mem, int64_t merge, size_t *n, struct err *e)
{
    struct move *list = NULL;
    size_t cap = 0;
    *n = 0;
    AUTO_QUERY q = db_query(db, STMT_MERGE_MOVES);
    bind_int(&q, "$merge", merge);
    while (query_next(&q, e)) {
        if (*n == cap) {
            struct move *more = ARENA_ARRAY(mem, struct move, cap ? cap * 2 : 64);
            if (*n)
                memcpy(more, list, *n * sizeof *list);
            list = more;
            cap = cap ? cap * 2 : 64;
        }
        list[(*n)++] = (struct move){ { query_text(&q, mem, 0), query_text(&q, mem, 2), "" },
            query_int(&q, 1), query_text(&q, mem, 3) };
    }
    return list;
}

bool merge_undo(struct db *db, struct arena *mem, char kind, const struct merge *m,
    int64_t now_ms, struct err *e)
{
    struct values v = { .gone = m->gone, .kept = m->kept, .now = now_ms };
    size_t n;
    e->code = ERR_NONE;
    struct move *moves = moves_of(db, mem, m->id, &n, e);
    bool ok = e->code == ERR_NONE;
    for (size_t i = 0; ok && i < n; i++)
        ok = put_back(db, mem, table_of(kind), &moves[i], v, e);
    if (!ok || !run_once(db, arena_printf(mem, "update %s set void_ms = null, merged_into = null where id = $gone",
                   table_of(kind)), &v, NULL, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_MERGE_VOID);
    bind_int(&q, "$id", m->id);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}
