#include "bot/store/import.h"

#include <string.h>

static const struct {
    const char *name;
    enum stmt_id show, drop, drop_first,
        drop_second; /* what hangs on its rows goes first */
} tables[IMPORT__MAX] = {
    [IMPORT_PARTNER] = { "partner", STMT_IMPORT_SHOW_PARTNER, STMT_IMPORT_DROP_PARTNER,
        STMT__MAX, STMT__MAX },
    [IMPORT_CUSTOMER] = { "customer", STMT_IMPORT_SHOW_CUSTOMER,
        STMT_IMPORT_DROP_CUSTOMER, STMT__MAX, STMT__MAX },
    [IMPORT_PERSON] = { "person", STMT_IMPORT_SHOW_PERSON, STMT_IMPORT_DROP_PERSON,
        STMT__MAX, STMT__MAX },
    [IMPORT_NAME] = { "name", STMT_IMPORT_SHOW_NAME, STMT_IMPORT_DROP_NAME, STMT__MAX,
        STMT__MAX },
    [IMPORT_MESSENGER] = { "messenger", STMT_IMPORT_SHOW_MESSENGER,
        STMT_IMPORT_DROP_MESSENGER, STMT__MAX, STMT__MAX },
    [IMPORT_DEAL] = { "deal", STMT_IMPORT_SHOW_DEAL, STMT_IMPORT_DROP_DEAL,
        STMT_IMPORT_DROP_DEAL_SOURCE, STMT__MAX },
    [IMPORT_EVENT] = { "deal_event", STMT_IMPORT_SHOW_DEAL_EVENT,
        STMT_IMPORT_DROP_DEAL_EVENT, STMT__MAX, STMT__MAX },
    [IMPORT_TOUCH] = { "touch_point", STMT_IMPORT_SHOW_TOUCH_POINT,
        STMT_IMPORT_DROP_TOUCH_POINT, STMT_IMPORT_DROP_TOUCH_PERSON,
        STMT_IMPORT_DROP_TOUCH_PARTNER },
};

static const struct kind {
    char letter;
    enum import_table table;
    enum stmt_id load, insert, change;
} kinds[] = {
    { 'P', IMPORT_PARTNER, STMT_IMPORT_PARTNER_LOAD, STMT_IMPORT_PARTNER_INSERT,
        STMT_IMPORT_CHANGE_PARTNER },
    { 'A', IMPORT_CUSTOMER, STMT_IMPORT_CUSTOMER_LOAD, STMT_IMPORT_CUSTOMER_INSERT,
        STMT_IMPORT_CHANGE_CUSTOMER },
    { 'C', IMPORT_PERSON, STMT_IMPORT_PERSON_LOAD, STMT_IMPORT_PERSON_INSERT,
        STMT_IMPORT_CHANGE_PERSON },
    { 'D', IMPORT_DEAL, STMT_IMPORT_DEAL_LOAD, STMT_IMPORT_DEAL_INSERT,
        STMT_IMPORT_CHANGE_DEAL },
    { 'T', IMPORT_TOUCH, STMT_IMPORT_TOUCH_LOAD, STMT_IMPORT_TOUCH_INSERT,
        STMT_IMPORT_CHANGE_TOUCH },
};

static const struct kind *kind_of(char letter)
{
    const struct kind *k = kinds;
    while (k->letter != letter)
        k++;
    return k;
}

static const char *letter_text(char kind)
{
    static const char *const texts[] = { "P", "A", "C", "D", "T" };
    return texts[kind_of(kind) - kinds];
}

int64_t import_batch_add(
    struct db *db, const char *file, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_BATCH_INSERT);
    bind_text(&q, "$file", file);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$at", now_ms);
    return query_insert(&q, e);
}

static void note_row(struct import_slice *s, enum import_table t, int64_t id)
{
    if (id && (!s->first[t] || id < s->first[t]))
        s->first[t] = id;
    if (id > s->last[t])
        s->last[t] = id;
}

bool import_slice_end(struct import_slice *s, struct err *e)
{
    for (int t = 0; t < IMPORT__MAX; t++) {
        if (!s->first[t])
            continue;
        AUTO_QUERY q = db_query(s->db, STMT_IMPORT_SPAN_INSERT);
        bind_int(&q, "$batch", s->batch);
        bind_text(&q, "$tbl", tables[t].name);
        bind_int(&q, "$first", s->first[t]);
        bind_int(&q, "$last", s->last[t]);
        if (!query_run(&q, e))
            return false;
        s->first[t] = s->last[t] = 0;
    }
    return true;
}

int64_t import_add(struct import_slice *s, char kind, const struct import_cell *cells,
    int n, const struct import_fact *fact, struct err *e)
{
    const struct kind *k = kind_of(kind);
    AUTO_QUERY q = db_query(s->db, k->insert);
    for (int i = 0; i < n; i++) {
        char name[40] = "$";
        strncat(name, cells[i].column, sizeof name - 2);
        if (cells[i].text)
            bind_text(&q, name, cells[i].text);
        else if (cells[i].has_integer)
            bind_int(&q, name, cells[i].integer);
    }
    bind_ref(&q, "$id", fact->id);
    bind_int(&q, "$created", fact->created_ms);
    bind_int(&q, "$void", -s->batch);
    if (kind == 'T' || kind == 'D')
        bind_ref(&q, "$note", fact->note_id);
    if (kind == 'T')
        bind_ref(&q, "$rev", fact->note_rev);
    int64_t id = query_insert(&q, e);
    note_row(s, k->table, id);
    return id;
}

bool import_name(struct import_slice *s, char kind, int64_t ref, const char *text,
    const char *sort, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_NAME_INSERT);
    bind_text(&q, "$kind", letter_text(kind));
    bind_int(&q, "$ref", ref);
    bind_text(&q, "$text", text);
    bind_text(&q, "$sort", sort);
    bind_int(&q, "$void", -s->batch);
    int64_t id = query_insert(&q, e);
    note_row(s, IMPORT_NAME, id);
    return id != 0;
}

bool import_messenger(struct import_slice *s, int64_t person, const char *network,
    const char *handle, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_MESSENGER_INSERT);
    bind_int(&q, "$person", person);
    bind_text(&q, "$network", network);
    bind_text(&q, "$handle", handle);
    bind_int(&q, "$void", -s->batch);
    int64_t id = query_insert(&q, e);
    note_row(s, IMPORT_MESSENGER, id);
    return id != 0;
}

bool import_deal_event(struct import_slice *s, int64_t deal, const char *what,
    const char *value, int64_t at_ms, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_DEAL_EVENT);
    bind_int(&q, "$deal", deal);
    bind_text(&q, "$what", what);
    bind_text(&q, "$value", value);
    bind_int(&q, "$at", at_ms);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$void", -s->batch);
    int64_t id = query_insert(&q, e);
    note_row(s, IMPORT_EVENT, id);
    return id != 0;
}

bool import_deal_source(struct import_slice *s, int64_t deal, int64_t partner,
    int64_t at_ms, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_DEAL_SOURCE);
    bind_int(&q, "$deal", deal);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$at", at_ms);
    bind_int(&q, "$member", member);
    bind_int(&q, "$created", now_ms);
    return query_run(&q, e);
}

bool import_touch_person(struct import_slice *s, int64_t touch, int64_t person,
    const char *label, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_TOUCH_PERSON_INSERT);
    bind_int(&q, "$touch", touch);
    bind_ref(&q, "$person", person);
    bind_text(&q, "$label", label);
    return query_run(&q, e);
}

bool import_touch_partner(
    struct import_slice *s, int64_t touch, int64_t partner, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_TOUCH_PARTNER_INSERT);
    bind_int(&q, "$touch", touch);
    bind_int(&q, "$partner", partner);
    return query_run(&q, e);
}

bool import_key(
    struct import_slice *s, char kind, const char *key, int64_t ref, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_KEY_INSERT);
    bind_text(&q, "$kind", letter_text(kind));
    bind_text(&q, "$key", key);
    bind_int(&q, "$ref", ref);
    bind_int(&q, "$batch", s->batch);
    return query_run(&q, e);
}

bool import_change(
    struct import_slice *s, char kind, int64_t ref, const char *columns, struct err *e)
{
    AUTO_QUERY q = db_query(s->db, STMT_IMPORT_CHANGE_INSERT);
    bind_int(&q, "$batch", s->batch);
    bind_text(&q, "$kind", letter_text(kind));
    bind_int(&q, "$ref", ref);
    bind_text(&q, "$columns", columns);
    return query_run(&q, e);
}

bool import_check_in(
    struct db *db, int64_t partner, int32_t day, bool changed, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_CHECK_IN);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$day", day);
    bind_text(&q, "$what", changed ? "update" : "check");
    return query_run(&q, e);
}

/* Applied, shown, removed. */

static bool set_state(struct db *db, int64_t batch, const char *state, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_BATCH_STATE);
    bind_int(&q, "$id", batch);
    bind_text(&q, "$state", state);
    return query_run(&q, e);
}

bool import_batch_apply(struct db *db, int64_t batch, struct err *e)
{
    return set_state(db, batch, "applied", e);
}

bool import_batch_open(struct db *db, struct import_open *out, struct err *e)
{
    struct arena mem = ARENA_INIT;
    AUTO_QUERY q = db_query(db, STMT_IMPORT_BATCH_OPEN);
    bool found = query_next(&q, e);
    if (found)
        *out = (struct import_open){ .id = query_int(&q, 0),
            .member = query_int(&q, 2),
            .applied = !strcmp(query_text(&q, &mem, 1), "applied") };
    arena_finish(&mem);
    return found;
}

struct span {
    int64_t id, first, last;
    enum import_table table;
};

static bool find_span(struct db *db, struct arena *mem, int64_t batch,
    enum stmt_id which, struct span *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, which);
    bind_int(&q, "$batch", batch);
    if (!query_next(&q, e))
        return false;
    *out = (struct span){
        .id = query_int(&q, 0), .first = query_int(&q, 2), .last = query_int(&q, 3)
    };
    const char *name = query_text(&q, mem, 1);
    while (strcmp(tables[out->table].name, name) != 0)
        out->table++;
    return true;
}

static bool run_span(struct db *db, int64_t batch, const struct span *span,
    enum stmt_id id, struct err *e)
{
    if (id == STMT__MAX)
        return true;
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$first", span->first);
    bind_int(&q, "$last", span->last);
    bind_int(&q, "$batch", batch);
    return query_run(&q, e);
}

static bool delete_row(struct db *db, enum stmt_id id, int64_t row, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$id", row);
    return query_run(&q, e);
}

static bool show_change(
    struct db *db, struct arena *mem, int64_t batch, bool *more, struct err *e)
{
    int64_t id, ref;
    const char *columns;
    const struct kind *k;
    {
        AUTO_QUERY q = db_query(db, STMT_IMPORT_CHANGE_NEXT);
        bind_int(&q, "$batch", batch);
        *more = query_next(&q, e);
        if (!*more)
            return e->code == ERR_NONE;
        id = query_int(&q, 0);
        k = kind_of(query_text(&q, mem, 1)[0]);
        ref = query_int(&q, 2);
        columns = query_text(&q, mem, 3);
    }
    AUTO_QUERY q = db_query(db, k->change);
    bind_text(&q, "$c", columns);
    bind_int(&q, "$id", ref);
    return query_run(&q, e) && delete_row(db, STMT_IMPORT_CHANGE_DELETE, id, e);
}

bool import_show_step(
    struct db *db, struct arena *mem, int64_t batch, bool *more, struct err *e)
{
    struct span span;
    *more = true;
    if (find_span(db, mem, batch, STMT_IMPORT_SPAN_NEXT, &span, e)) {
        /* Touch points are not journaled: nobody undoes an import, and no name is in them. */
        int64_t group = *db_group(db);
        if (span.table == IMPORT_TOUCH)
            *db_group(db) = 0;
        bool ok = run_span(db, batch, &span, tables[span.table].show, e) &&
                  delete_row(db, STMT_IMPORT_SPAN_DELETE, span.id, e);
        *db_group(db) = group;
        return ok;
    }
    if (e->code != ERR_NONE || !show_change(db, mem, batch, more, e))
        return false;
    return *more || set_state(db, batch, "shown", e);
}

static bool drop_some(struct db *db, enum stmt_id id, int64_t batch, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$batch", batch);
    return query_run(&q, e);
}

bool import_drop_step(
    struct db *db, struct arena *mem, int64_t batch, bool *more, struct err *e)
{
    struct span span;
    *more = true;
    /* The latest first: what it hangs on was written before it. */
    if (find_span(db, mem, batch, STMT_IMPORT_SPAN_LAST, &span, e))
        return run_span(db, batch, &span, tables[span.table].drop_first, e) &&
               run_span(db, batch, &span, tables[span.table].drop_second, e) &&
               run_span(db, batch, &span, tables[span.table].drop, e) &&
               delete_row(db, STMT_IMPORT_SPAN_DELETE, span.id, e);
    if (e->code != ERR_NONE || !drop_some(db, STMT_IMPORT_DROP_KEYS, batch, e) ||
        !drop_some(db, STMT_IMPORT_DROP_CHANGES, batch, e))
        return false;
    {
        AUTO_QUERY q = db_query(db, STMT_IMPORT_LEFT);
        bind_int(&q, "$batch", batch);
        *more = query_next(&q, e) && (query_int(&q, 0) || query_int(&q, 1));
        if (e->code != ERR_NONE)
            return false;
    }
    return *more || delete_row(db, STMT_IMPORT_BATCH_DELETE, batch, e);
}

int import_drop_notes(struct db *db, struct arena *mem, int64_t batch, int64_t *out,
    int max, struct err *e)
{
    struct span span;
    int n = 0;
    if (!find_span(db, mem, batch, STMT_IMPORT_SPAN_LAST, &span, e))
        return 0;
    if (span.table != IMPORT_TOUCH && span.table != IMPORT_DEAL)
        return 0;
    AUTO_QUERY q = db_query(db,
        span.table == IMPORT_TOUCH ? STMT_IMPORT_TOUCH_NOTES : STMT_IMPORT_DEAL_NOTES);
    bind_int(&q, "$first", span.first);
    bind_int(&q, "$last", span.last);
    bind_int(&q, "$batch", batch);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

bool import_note_gone(struct db *db, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_NOTE_GONE);
    bind_int(&q, "$note", note);
    if (!query_run(&q, e))
        return false;
    AUTO_QUERY d = db_query(db, STMT_IMPORT_REASON_GONE);
    bind_int(&d, "$note", note);
    return query_run(&d, e);
}

/* What is known. */

static bool each_known(struct db *db, enum stmt_id id, bool parents,
    void (*each)(void *ctx, const struct import_known *k), void *ctx, struct err *e)
{
    struct arena mem = ARENA_INIT;
    AUTO_QUERY q = db_query(db, id);
    while (query_next(&q, e)) {
        struct import_known k = { .kind = query_text(&q, &mem, 0)[0] };
        k.id = query_int(&q, parents ? 1 : 2);
        k.text = query_text(&q, &mem, parents ? 2 : 1);
        k.partner = parents ? query_int(&q, 3) : 0;
        k.customer = parents ? query_int(&q, 4) : 0;
        each(ctx, &k);
        arena_reset(&mem);
    }
    arena_finish(&mem);
    return e->code == ERR_NONE;
}

bool import_known_names(struct db *db,
    void (*each)(void *ctx, const struct import_known *k), void *ctx, struct err *e)
{
    return each_known(db, STMT_IMPORT_KNOWN_NAMES, true, each, ctx, e);
}

bool import_known_keys(struct db *db,
    void (*each)(void *ctx, const struct import_known *k), void *ctx, struct err *e)
{
    return each_known(db, STMT_IMPORT_KNOWN_KEYS, false, each, ctx, e);
}

bool import_touch_row(struct db *db, int64_t no, int64_t *row, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_TOUCH_BY_NO);
    bind_int(&q, "$no", no);
    if (!query_next(&q, e))
        return false;
    *row = query_int(&q, 0);
    return true;
}

bool import_load(
    struct db *db, char kind, int64_t row, struct import_record *out, struct err *e)
{
    *out = (struct import_record){ .q = db_query(db, kind_of(kind)->load) };
    bind_int(&out->q, "$id", row);
    if (!query_next(&out->q, e)) {
        query_reset(&out->q);
        return false;
    }
    out->id = query_int(&out->q, 0);
    out->gone = !query_null(&out->q, 1);
    out->merged_into = query_int(&out->q, 2);
    out->created_ms = query_int(&out->q, 3);
    return true;
}

char *import_stored(struct import_record *r, struct arena *mem, int i)
{
    enum { HEAD = 4 };
    return query_text(&r->q, mem, HEAD + i);
}

bool import_has(
    struct db *db, char kind, int64_t ref, const char *text, bool *has, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IMPORT_EXTRAS);
    bind_text(&q, "$kind", letter_text(kind));
    bind_int(&q, "$ref", ref);
    bind_text(&q, "$text", text);
    *has = query_next(&q, e) && query_int(&q, 0);
    return e->code == ERR_NONE;
}
