/* Forgetting a person: what erases the record, and the rows of texts and copies that are
 * searched for the name. Decides nothing: whom, and whether it is meant, is the handler's;
 * what a name looks like in a text is core/redact.h's. Nothing here is journaled. */
#ifndef STORE_FORGET_H
#define STORE_FORGET_H

#include "bot/store/db.h"

struct forgotten {
    int64_t id, ref; /* the person's number */
    int64_t made_ms, member_id, at_ms;
    int64_t done_ms; /* 0: not all is searched */
    bool notes;      /* what was heard from them goes too */
    const char *names; /* what is searched for, as JSON; NULL: nothing yet, or no more */
    int step;
    int64_t place;
};
/* The row that says it (ref, member_id, at_ms, notes); nothing is erased by it. Journaled, so
 * that undo and other programs see it. 0 on error. */
int64_t forgotten_add(struct db *db, const struct forgotten *f, struct err *e);
/* False with ERR_NONE: is not forgotten. */
bool forgotten_of(struct db *db, struct arena *mem, int64_t person, struct forgotten *out, struct err *e);
bool forgotten_any(struct db *db, struct err *e);
/* The oldest one that is not done. False with ERR_NONE: there is none. */
bool forgotten_next(struct db *db, struct arena *mem, struct forgotten *out, struct err *e);
/* Keeps names, step, place and done_ms. */
bool forgotten_update(struct db *db, const struct forgotten *f, struct err *e) MUST_CHECK;
/* By which an import would bring them back. */
bool forgotten_name_add(struct db *db, int64_t id, const char *hash, struct err *e) MUST_CHECK;
/* When somebody of that name was forgotten; 0: nobody. */
int64_t forgotten_by_name(struct db *db, const char *hash, struct err *e);

/* Calls `each` with all that the person is or was called, by sort: d the name that is shown,
 * h handle, n further name, t title. */
bool forget_spellings(struct db *db, int64_t person,
    void (*each)(void *ctx, char sort, const char *text), void *ctx, struct err *e) MUST_CHECK;
/* Erases the record's own data, in the open transaction, and lists the texts that are to be
 * emptied (forget_note_next). */
bool forget_record(struct db *db, const struct forgotten *f, int64_t now_ms, struct err *e) MUST_CHECK;
/* A text that is to be emptied; 0: none is left. */
int64_t forget_note_next(struct db *db, int64_t forgotten, struct err *e);
bool forget_note_done(struct db *db, int64_t note, struct err *e) MUST_CHECK;
/* Takes out of the journal, in its rows behind `after` up to `last`, what an undo would bring
 * back of the record. */
bool forget_journal(struct db *db, int64_t person, int64_t after, int64_t last, struct err *e) MUST_CHECK;

/* Rows that are searched, behind `after` and in the order of `place`; at most `max`, returns
 * how many. Texts of notes come only while somebody is being forgotten. */
struct forget_row {
    int64_t place, id, rev;
    const char *text, *more; /* NULL: none */
    int64_t member_id, at_ms;
    bool out; /* said by the bot */
    char kind;
};
enum forget_table {
    FORGET_TEXTS,    /* id, rev, text */
    FORGET_MESSAGES, /* id, member_id, at_ms, out, rev: the line's text, text: a reply's JSON */
    FORGET_ASKS,     /* id, text and more: JSON */
    FORGET_WAITING,  /* id, text */
    FORGET_CHANGES,  /* id, text: JSON; up to row `last` */
    FORGET_LABELS,   /* kind, id, text; up to row `last` */
};
int forget_rows(struct db *db, struct arena *mem, enum forget_table table, int64_t after,
    int64_t last, struct forget_row *out, int max, struct err *e);
/* All revisions of one text. */
int forget_revisions(struct db *db, struct arena *mem, int64_t note, struct forget_row *out, int max,
    struct err *e);
/* Stores the row's text (and more) in its place; of FORGET_TEXTS note_text_put does. */
bool forget_put(struct db *db, enum forget_table table, const struct forget_row *row, struct err *e) MUST_CHECK;
/* Is the person named by the record of the text; by that of a line typed at `at_ms`? */
bool forget_text_about(struct db *db, int64_t person, int64_t note, struct err *e);
bool forget_line_about(struct db *db, int64_t person, int64_t member, int64_t at_ms, struct err *e);
/* The last rows of FORGET_CHANGES and FORGET_LABELS. */
bool forget_last(struct db *db, int64_t *changes, int64_t *labels, struct err *e) MUST_CHECK;

#endif
