#include "bot/store/forget.h"

int64_t forgotten_add(struct db *db, const struct forgotten *f, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_INSERT);
    bind_int(&q, "$ref", f->ref);
    bind_int(&q, "$notes", f->notes);
    bind_int(&q, "$member", f->member_id);
    bind_int(&q, "$now", f->at_ms);
    return query_insert(&q, e);
}

static bool read_forgotten(struct query *q, struct arena *mem, struct forgotten *out, struct err *e)
{
    if (!query_next(q, e))
        return false;
    *out = (struct forgotten){ .id = query_int(q, 0), .ref = query_int(q, 1), .made_ms = query_int(q, 2),
        .notes = query_int(q, 3), .member_id = query_int(q, 4), .at_ms = query_int(q, 5),
        .names = query_text(q, mem, 6), .step = (int)query_int(q, 7), .place = query_int(q, 8),
        .done_ms = query_int(q, 9) };
    return true;
}

bool forgotten_of(struct db *db, struct arena *mem, int64_t person, struct forgotten *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_OF);
    bind_int(&q, "$ref", person);
    return read_forgotten(&q, mem, out, e);
}

bool forgotten_any(struct db *db, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_ANY);
    return query_next(&q, e) && query_int(&q, 0);
}

bool forgotten_next(struct db *db, struct arena *mem, struct forgotten *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_NEXT);
    return read_forgotten(&q, mem, out, e);
}

/* Runs without the journal: what it keeps must not hold what is being erased. */
static bool run_unseen(struct db *db, struct query *q, struct err *e)
{
    int64_t group = *db_group(db);
    *db_group(db) = 0;
    bool ok = query_run(q, e);
    *db_group(db) = group;
    return ok;
}

bool forgotten_update(struct db *db, const struct forgotten *f, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_UPDATE);
    bind_int(&q, "$id", f->id);
    bind_text(&q, "$names", f->names);
    bind_int(&q, "$step", f->step);
    bind_int(&q, "$place", f->place);
    bind_ref(&q, "$done", f->done_ms);
    return run_unseen(db, &q, e);
}

bool forgotten_name_add(struct db *db, int64_t id, const char *hash, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_NAME_INSERT);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$id", id);
    return query_run(&q, e);
}

int64_t forgotten_by_name(struct db *db, const char *hash, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGOTTEN_BY_NAME);
    bind_text(&q, "$hash", hash);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

bool forget_spellings(struct db *db, int64_t person,
    void (*each)(void *ctx, char sort, const char *text), void *ctx, struct err *e)
{
    struct arena mem = ARENA_INIT;
    AUTO_QUERY q = db_query(db, STMT_FORGET_SPELLINGS);
    bind_int(&q, "$ref", person);
    while (query_next(&q, e))
        each(ctx, query_text(&q, &mem, 0)[0], query_text(&q, &mem, 1));
    arena_finish(&mem);
    return e->code == ERR_NONE;
}

static bool erase(struct db *db, enum stmt_id id, const struct forgotten *f, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, "$ref", f->ref);
    if (id == STMT_FORGET_FOLLOW || id == STMT_FORGET_CADENCE)
        bind_int(&q, "$now", now_ms);
    return run_unseen(db, &q, e);
}

bool forget_record(struct db *db, const struct forgotten *f, int64_t now_ms, struct err *e)
{
    static const enum stmt_id erasures[] = { STMT_FORGET_PERSON, STMT_FORGET_NAME, STMT_FORGET_MESSENGER,
        STMT_FORGET_SPEAKS, STMT_FORGET_TAG, STMT_FORGET_ACCESS, STMT_FORGET_AWAY, STMT_FORGET_FORMER_TITLE,
        STMT_FORGET_IMPORT_KEY, STMT_FORGET_FOLLOW, STMT_FORGET_CADENCE };
    {
        AUTO_QUERY q = db_query(db, STMT_FORGET_ABOUT);
        bind_int(&q, "$ref", f->ref);
        bind_int(&q, "$id", f->id);
        bind_int(&q, "$notes", f->notes);
        if (!query_run(&q, e))
            return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof erasures / sizeof *erasures; i++)
        ok = erase(db, erasures[i], f, now_ms, e);
    return ok;
}

int64_t forget_note_next(struct db *db, int64_t forgotten, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_NOTE_NEXT);
    bind_int(&q, "$id", forgotten);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

bool forget_note_done(struct db *db, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_NOTE_DONE);
    bind_int(&q, "$note", note);
    return query_run(&q, e);
}

bool forget_journal(struct db *db, int64_t person, int64_t after, int64_t last, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_JOURNAL);
    bind_int(&q, "$ref", person);
    bind_int(&q, "$after", after);
    bind_int(&q, "$last", last);
    return query_run(&q, e);
}

static const struct {
    enum stmt_id rows;
    bool to_last;
} tables[] = {
    [FORGET_TEXTS] = { STMT_FORGET_TEXTS, false },
    [FORGET_MESSAGES] = { STMT_FORGET_MESSAGES, false },
    [FORGET_ASKS] = { STMT_FORGET_ASKS, false },
    [FORGET_WAITING] = { STMT_FORGET_WAITING, false },
    [FORGET_CHANGES] = { STMT_FORGET_CHANGES, true },
    [FORGET_LABELS] = { STMT_FORGET_LABELS, true },
};

static struct forget_row read_row(struct query *q, struct arena *mem, enum forget_table table)
{
    struct forget_row r = { .place = query_int(q, 0), .id = query_int(q, 0), .text = NULL };
    switch (table) {
    case FORGET_TEXTS:
        r.id = query_int(q, 1);
        r.rev = query_int(q, 2);
        r.text = query_text(q, mem, 3);
        break;
    case FORGET_MESSAGES:
        r.member_id = query_int(q, 1);
        r.out = query_int(q, 2);
        r.at_ms = query_int(q, 3);
        r.rev = query_int(q, 4);
        r.text = query_text(q, mem, 5);
        break;
    case FORGET_LABELS:
        r.kind = query_text(q, mem, 0)[0];
        r.place = r.id = query_int(q, 1);
        r.text = query_text(q, mem, 2);
        break;
    default:
        r.text = query_text(q, mem, 1);
        r.more = table == FORGET_ASKS ? query_text(q, mem, 2) : NULL;
        break;
    }
    return r;
}

int forget_rows(struct db *db, struct arena *mem, enum forget_table table, int64_t after,
    int64_t last, struct forget_row *out, int max, struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, tables[table].rows);
    bind_int(&q, "$after", after);
    bind_int(&q, tables[table].to_last ? "$last" : "$max", tables[table].to_last ? last : max);
    while (n < max && query_next(&q, e))
        out[n++] = read_row(&q, mem, table);
    return n;
}

int forget_revisions(struct db *db, struct arena *mem, int64_t note, struct forget_row *out, int max,
    struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_FORGET_REVISIONS);
    bind_int(&q, "$note", note);
    while (n < max && query_next(&q, e))
        out[n++] = (struct forget_row){ .id = note, .rev = query_int(&q, 0), .text = query_text(&q, mem, 1) };
    return n;
}

static bool put(struct db *db, enum stmt_id id, const char *row, int64_t no, const char *column,
    const char *text, struct err *e)
{
    AUTO_QUERY q = db_query(db, id);
    bind_int(&q, row, no);
    bind_text(&q, column, text);
    return run_unseen(db, &q, e);
}

bool forget_put(struct db *db, enum forget_table table, const struct forget_row *r, struct err *e)
{
    if (table == FORGET_MESSAGES)
        return put(db, STMT_FORGET_MESSAGE_PUT, "$id", r->id, "$body", r->text, e);
    if (table == FORGET_WAITING)
        return put(db, STMT_FORGET_WAITING_PUT, "$id", r->id, "$body", r->text, e);
    if (table == FORGET_CHANGES)
        return put(db, STMT_FORGET_CHANGE_PUT, "$id", r->id, "$before", r->text, e);
    if (table == FORGET_LABELS)
        return put(db, r->kind == 't'   ? STMT_FORGET_LABEL_TOUCH
                       : r->kind == 's' ? STMT_FORGET_LABEL_STANCE
                                        : STMT_FORGET_LABEL_RINGI, "$id", r->id, "$label", r->text, e);
    if (table != FORGET_ASKS)
        return fail(e, ERR_BUG, NULL, NULL, "texts are put back by note_text_put");
    AUTO_QUERY q = db_query(db, STMT_FORGET_ASK_PUT);
    bind_int(&q, "$id", r->id);
    bind_text(&q, "$bindings", r->text);
    bind_text(&q, "$options", r->more);
    return query_run(&q, e);
}

bool forget_text_about(struct db *db, int64_t person, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_TEXT_ABOUT);
    bind_int(&q, "$ref", person);
    bind_int(&q, "$note", note);
    return query_next(&q, e) && query_int(&q, 0);
}

bool forget_line_about(struct db *db, int64_t person, int64_t member, int64_t at_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_LINE_ABOUT);
    bind_int(&q, "$ref", person);
    bind_int(&q, "$member", member);
    bind_int(&q, "$at", at_ms);
    return query_next(&q, e) && query_int(&q, 0);
}

bool forget_last(struct db *db, int64_t *changes, int64_t *labels, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORGET_LAST);
    if (!query_next(&q, e))
        return false;
    *changes = query_int(&q, 0);
    *labels = query_int(&q, 1);
    return true;
}
