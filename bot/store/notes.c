#include "bot/store/notes.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { MERGE_PAGES = 64 }; /* 256 KB: some milliseconds */

bool note_text_add(struct db *db, struct note_text *t, int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_NEXT);
        bind_ref(&q, "$id", t->id);
        if (!query_next(&q, e))
            return false;
        t->id = query_int(&q, 0);
        t->rev = query_int(&q, 1);
    }
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_INSERT);
    bind_int(&q, "$id", t->id);
    bind_int(&q, "$rev", t->rev);
    bind_int(&q, "$author", t->author_id);
    bind_text(&q, "$level", t->level);
    bind_ref(&q, "$deal", t->deal_id);
    bind_text(&q, "$market", t->market);
    bind_text(&q, "$text", t->text);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool note_text_forget(struct db *db, int64_t member, int64_t line, const char *conversation,
    int64_t at_ms, struct err *e)
{
    AUTO_QUERY made = db_query(db, STMT_NOTE_TEXT_FORGET_MADE);
    bind_int(&made, "$member", member);
    bind_int(&made, "$line", line);
    bind_text(&made, "$conversation", conversation);
    bind_int(&made, "$at", at_ms);
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_FORGET);
    bind_int(&q, "$member", member);
    bind_int(&q, "$line", line);
    return query_run(&made, e) && query_run(&q, e);
}

bool note_text_empty(struct db *db, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_EMPTY);
    bind_int(&q, "$id", id);
    return query_run(&q, e);
}

bool note_text_put(struct db *db, int64_t id, int64_t rev, const char *text, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_PUT);
    bind_int(&q, "$id", id);
    bind_int(&q, "$rev", rev);
    bind_text(&q, "$text", text);
    return query_run(&q, e);
}

bool note_reader_add(struct db *db, int64_t note, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_READER_INSERT);
    bind_int(&q, "$note", note);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

bool note_reader_drop(struct db *db, int64_t note, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_READER_VOID);
    bind_int(&q, "$note", note);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int note_reader_list(struct db *db, int64_t note, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_READER_LIST);
    bind_int(&q, "$note", note);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

static void read_facts(struct query *q, struct arena *mem, struct note_text *out)
{
    *out = (struct note_text){ .id = query_int(q, 0), .rev = query_int(q, 1),
        .author_id = query_int(q, 2), .level = query_text(q, mem, 3),
        .deal_id = query_int(q, 4), .market = query_text(q, mem, 5) };
}

bool note_text_read(struct db *db, struct arena *mem, int64_t id, int64_t rev,
    int64_t viewer, struct note_text *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_READ);
    bind_int(&q, "$id", id);
    bind_ref(&q, "$rev", rev);
    bind_int(&q, "$viewer", viewer);
    if (!query_next(&q, e))
        return false;
    read_facts(&q, mem, out);
    out->text = query_text(&q, mem, 6);
    return true;
}

bool note_text_export(struct db *db, struct arena *mem, int64_t id, int64_t rev,
    int64_t viewer, struct note_text *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_EXPORT);
    bind_int(&q, "$id", id);
    bind_ref(&q, "$rev", rev);
    bind_ref(&q, "$viewer", viewer);
    if (!query_next(&q, e))
        return false;
    *out = (struct note_text){ .id = id, .text = query_text(&q, mem, 0),
        .level = query_text(&q, mem, 1) };
    return true;
}

bool note_seen_add(struct db *db, int64_t id, int64_t rev, int64_t viewer, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_SEEN_ADD);
    bind_int(&q, "$id", id);
    bind_ref(&q, "$rev", rev);
    bind_int(&q, "$viewer", viewer);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int note_seen_list(struct db *db, int64_t note, int64_t viewer, struct note_seen *out, int max, struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_NOTE_SEEN_LIST);
    bind_int(&q, "$note", note);
    bind_int(&q, "$viewer", viewer);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e))
        out[n++] = (struct note_seen){ query_int(&q, 0), query_int(&q, 1) };
    return n;
}

bool note_text_facts(struct db *db, struct arena *mem, int64_t id, struct note_text *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_FACTS);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_facts(&q, mem, out);
    return true;
}

static void bind_note(struct query *q, const struct note *n)
{
    bind_ref(q, "$touch", n->touch_id);
    bind_ref(q, "$customer", n->customer_id);
    bind_ref(q, "$deal", n->deal_id);
    bind_ref(q, "$partner", n->partner_id);
    bind_text(q, "$layer", n->layer);
    bind_text(q, "$stance", n->stance);
    bind_ref(q, "$from", n->from_person);
    bind_int(q, "$at", n->at_ms);
    bind_ref(q, "$note", n->note_id);
    bind_ref(q, "$rev", n->note_rev);
    bind_text(q, "$confidence", n->confidence);
    bind_ref(q, "$decision", n->decision_id);
    bind_ref(q, "$concerns", n->concerns_id);
    bind_ref(q, "$next", n->next_id);
}

int64_t note_add(struct db *db, const struct note *n, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_INSERT);
    bind_note(&q, n);
    bind_int(&q, "$member", n->member_id);
    bind_text(&q, "$source", n->source ? n->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

static void read_note(struct query *q, struct arena *mem, struct note *n)
{
    *n = (struct note){ .id = query_int(q, 0), .touch_id = query_int(q, 1),
        .customer_id = query_int(q, 2), .deal_id = query_int(q, 3),
        .partner_id = query_int(q, 4), .layer = query_text(q, mem, 5),
        .stance = query_text(q, mem, 6), .from_person = query_int(q, 7),
        .member_id = query_int(q, 8), .at_ms = query_int(q, 9),
        .note_id = query_int(q, 10), .note_rev = query_int(q, 11),
        .source = query_text(q, mem, 12), .confidence = query_text(q, mem, 13),
        .decision_id = query_int(q, 14), .concerns_id = query_int(q, 15),
        .next_id = query_int(q, 16) };
}

bool note_load(struct db *db, struct arena *mem, int64_t id, struct note *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_FIND);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_note(&q, mem, out);
    return true;
}

bool note_update(struct db *db, const struct note *n, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_UPDATE);
    bind_note(&q, n);
    bind_int(&q, "$id", n->id);
    return query_run(&q, e);
}

bool note_stance_add(struct db *db, int64_t note, const struct note_stance *s, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_STANCE_INSERT);
    bind_int(&q, "$note", note);
    bind_ref(&q, "$person", s->person_id);
    bind_text(&q, "$label", s->label);
    bind_text(&q, "$stance", s->stance);
    return query_run(&q, e);
}

int note_stance_list(struct db *db, struct arena *mem, int64_t note, struct note_stance *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_STANCE_LIST);
    bind_int(&q, "$note", note);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct note_stance){ query_int(&q, 0), query_text(&q, mem, 1),
            query_text(&q, mem, 2) };
        n++;
    }
    return n;
}

/* One driving index a statement: `$x is null or` would make SQLite scan. */
static struct query note_driver(struct db *db, const struct note_filter *f)
{
    const struct {
        int64_t id;
        enum stmt_id stmt;
        const char *name;
    } drivers[] = { { f->touch, STMT_NOTE_LIST_TOUCH, "$touch" },
        { f->deal, STMT_NOTE_LIST_DEAL, "$deal" }, { f->person, STMT_NOTE_LIST_PERSON, "$person" },
        { f->partner, STMT_NOTE_LIST_PARTNER, "$partner" },
        { f->customer, STMT_NOTE_LIST_CUSTOMER, "$customer" } };
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        if (!drivers[i].id)
            continue;
        struct query q = db_query(db, drivers[i].stmt);
        bind_int(&q, drivers[i].name, drivers[i].id);
        return q;
    }
    return db_query(db, STMT_NOTE_LIST_ALL);
}

int note_list_by(struct db *db, struct arena *mem, const struct note_filter *f,
    struct note *out, int max, struct err *e)
{
    AUTO_QUERY q = note_driver(db, f);
    bind_ref(&q, "$from", f->from_ms);
    bind_ref(&q, "$to", f->to_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_note(&q, mem, &out[n++]);
    return n;
}

/* What both expressions find is there once. */
static int search(struct db *db, struct arena *mem, int64_t viewer, const char *match,
    struct note_found *out, int n, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_SEARCH);
    bind_int(&q, "$viewer", viewer);
    bind_text(&q, "$match", match);
    bind_int(&q, "$max", max);
    int known = n;
    while (n < max && query_next(&q, e)) {
        bool again = false;
        int64_t id = query_int(&q, 2);
        for (int i = 0; i < known && !again; i++)
            again = out[i].note_id == id;
        if (!again)
            out[n++] = (struct note_found){ query_text(&q, mem, 0), query_int(&q, 1), id, query_int(&q, 3) };
    }
    return n;
}

static int newest_first(const void *a, const void *b)
{
    const struct note_found *x = a, *y = b;
    if (x->at_ms == y->at_ms)
        return x->note_id < y->note_id ? 1 : -1;
    return x->at_ms < y->at_ms ? 1 : -1;
}

/* The viewer's private texts first: they are few, and the rest may be cut. */
static int scan_private(struct db *db, struct arena *mem, int64_t viewer, const char *needle,
    struct note_found *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_TEXT_SCAN);
    bind_int(&q, "$viewer", viewer);
    bind_text(&q, "$needle", needle);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct note_found){ query_text(&q, mem, 0), query_int(&q, 1), query_int(&q, 2),
            query_int(&q, 3) };
        n++;
    }
    return n;
}

int note_find(struct db *db, struct arena *mem, int64_t viewer, const char *match,
    const char *open, const char *needle, struct note_found *out, int max, struct err *e)
{
    int n = scan_private(db, mem, viewer, needle, out, max, e);
    if (match && n < max && e->code == ERR_NONE)
        n = search(db, mem, viewer, match, out, n, max, e);
    if (open && n < max && e->code == ERR_NONE)
        n = search(db, mem, viewer, open, out, n, max, e);
    qsort(out, (size_t)n, sizeof *out, newest_first);
    return n;
}

int64_t note_indexed(struct db *db, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_NOTE_INDEXED_REV);
    bind_int(&q, "$note", note);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

bool note_index_add(struct db *db, int64_t note, int64_t rev, const char *terms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_NOTE_INDEXED_PUT);
        bind_int(&q, "$note", note);
        bind_int(&q, "$rev", rev);
        if (!query_run(&q, e))
            return false;
    }
    AUTO_QUERY q = db_query(db, STMT_NOTE_INDEX_ADD);
    bind_int(&q, "$note", note);
    bind_text(&q, "$terms", terms);
    return query_run(&q, e);
}

bool note_index_remove(struct db *db, int64_t note, const char *terms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_NOTE_INDEXED_DROP);
        bind_int(&q, "$note", note);
        if (!query_run(&q, e))
            return false;
    }
    AUTO_QUERY q = db_query(db, STMT_NOTE_INDEX_REMOVE);
    bind_int(&q, "$note", note);
    bind_text(&q, "$terms", terms);
    return query_run(&q, e);
}

bool note_index_merge(struct db *db, bool begin, bool *more, struct err *e)
{
    int before = sqlite3_total_changes(db_handle(db));
    AUTO_QUERY q = db_query(db, STMT_NOTE_INDEX_MERGE);
    bind_int(&q, "$pages", begin ? -MERGE_PAGES : MERGE_PAGES);
    bool ok = query_run(&q, e);
    /* A merge that had nothing left to do changes one row at most. */
    *more = begin || sqlite3_total_changes(db_handle(db)) - before >= 2;
    return ok;
}
