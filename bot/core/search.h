/* Keeps the word index in step with the texts, in the transaction that changes them. What
 * only its author or named readers may read is never in it. */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "bot/store/notes.h"

/* Stores the text as note_text_add does, and indexes it where others may read it. */
bool search_add(struct db *db, struct arena *mem, struct note_text *t, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* Makes the index hold revision `rev` of the text, or nothing of it: what its record
 * stands at after an undo. */
bool search_sync(struct db *db, struct arena *mem, int64_t note, int64_t rev, struct err *e) MUST_CHECK;
/* Empties a text whose record never came to be, and takes it out of the index. */
bool search_drop(struct db *db, struct arena *mem, int64_t note, struct err *e) MUST_CHECK;
/* Other words in the place of a revision's (`old`), whatever its author or level, and in the
 * index where it held them. "": the text is emptied. search_begin_purge is the caller's. */
bool search_rewrite(struct db *db, struct arena *mem, int64_t note, int64_t rev, const char *old,
    const char *text, struct err *e) MUST_CHECK;
/* The index is to lose all trace of what was taken out of it; is it still at that? */
bool search_begin_purge(struct db *db, struct err *e) MUST_CHECK;
bool search_purges(struct db *db, struct arena *mem, struct err *e);
/* One slice of the work that a text leaves behind when it is made private: its words
 * linger in the index until all of it has been merged. Inside a transaction. `*more`:
 * there is work left; `*done`: the last slice was this one. */
bool search_purge(struct db *db, struct arena *mem, bool *more, bool *done, struct err *e) MUST_CHECK;

#endif
