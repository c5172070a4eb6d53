/* Who changed what, before and after, and taking it back. Triggers write the journal,
 * so that no command can forget; a change is one command of one member. Free text is
 * not journaled: its revisions never change. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "bot/store/db.h"

/* Temporary triggers on every journaled table, made from the schema itself. */
bool journal_install(struct db *db, struct err *e) MUST_CHECK;
/* Is it a journaled table: one with `id` and `void_ms`, whose changes can be undone? */
bool journal_keeps(const char *table);
/* On a read-only connection: only what the statements need in order to be prepared. */
bool journal_absent(struct db *db, struct err *e) MUST_CHECK;

/* From here to journal_end all changes belong to one group. Returns its id, 0 on error. */
int64_t journal_begin(struct db *db, int64_t member, const char *conversation,
    int64_t now_ms, struct err *e);
/* What the group turned out to be: the command, and the record ("T1042", or NULL). */
bool journal_about(struct db *db, int64_t group, const char *command, const char *record,
    struct err *e) MUST_CHECK;
/* Ends the group; one that changed nothing leaves no trace. */
bool journal_end(struct db *db, int64_t group, struct err *e) MUST_CHECK;

struct change {
    int64_t id;
    int64_t member_id;
    const char *command;
    const char *record; /* "T1042" or NULL */
    int64_t at_ms;
    int64_t undoes; /* the group that this one took back; 0: an ordinary change */
};
/* The member's latest change that can be undone (not yet undone, not itself an undo, at
 * most 50 back and 30 days old); with `record` the latest of that record, with member 0
 * whoever made it. `redo` finds the latest undo instead. False with ERR_NONE if there is none. */
bool journal_latest(struct db *db, struct arena *mem, int64_t member, const char *record,
    bool redo, int64_t now_ms, struct change *out, struct err *e);
/* The record ("T1042") that a message of the member, typed in the conversation at this
 * instant, made or changed, if that still stands; NULL: none. */
char *journal_record_at(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t at_ms, struct err *e);
/* The newest change that stands of something that `group` changed too, after it. False
 * with ERR_NONE: there is none. */
bool journal_changed_since(struct db *db, struct arena *mem, int64_t group, struct change *out,
    struct err *e);
/* Would taking `group` back change who may read a note, or what it says? That is for the
 * one who made the change. */
bool journal_readers(struct db *db, int64_t group, struct err *e);
/* Takes `group` back inside the open group `by`: inserted rows are voided, changed rows
 * get their former values. Journaled itself, so that it can be taken back in turn. */
bool journal_undo(struct db *db, struct arena *mem, int64_t group, int64_t by,
    int64_t now_ms, struct err *e) MUST_CHECK;

/* The records whose names the rows of `group`, or (0) all rows behind `after`, changed:
 * partners (P), customers (A) and people (C). A record may come twice. */
bool journal_named(struct db *db, int64_t group, int64_t after,
    void (*each)(void *ctx, char kind, int64_t id), void *ctx, struct err *e) MUST_CHECK;
bool journal_newest(struct db *db, int64_t *row, struct err *e) MUST_CHECK; /* 0: none */

#endif
