/* Free text and who may read it. The only door to note_text: every read names the
 * viewer. A revision is never changed; an edit adds one. */
#ifndef STORE_NOTES_H
#define STORE_NOTES_H

#include "bot/store/db.h"

struct note_text {
    int64_t id, rev;
    int64_t author_id;
    const char *level; /* me deal managers all offrecord */
    int64_t deal_id;
    const char *market;
    const char *text;
};
/* Stores revision 1 of a new text (id 0), or the next revision of `id`; fills id, rev. */
bool note_text_add(struct db *db, struct note_text *t, int64_t now_ms, struct err *e) MUST_CHECK;
/* The member took a line back that they said in `conversation` at `at_ms`: its text goes,
 * and that of the notes which its command made of it. */
bool note_text_forget(struct db *db, int64_t member, int64_t line, const char *conversation,
    int64_t at_ms, struct err *e) MUST_CHECK;
/* Empties a text whose record never came to be. */
bool note_text_empty(struct db *db, int64_t id, struct err *e) MUST_CHECK;
/* Puts other words in the place of a revision's: of whom or what is to be forgotten. */
bool note_text_put(struct db *db, int64_t id, int64_t rev, const char *text, struct err *e) MUST_CHECK;
bool note_reader_add(struct db *db, int64_t note, int64_t member, struct err *e) MUST_CHECK;
bool note_reader_drop(struct db *db, int64_t note, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* The named readers, as they were added. At most `max`; returns how many. */
int note_reader_list(struct db *db, int64_t note, int64_t *out, int max, struct err *e);
/* rev 0: the latest. False with ERR_NONE where there is none or the viewer may not. */
bool note_text_read(struct db *db, struct arena *mem, int64_t id, int64_t rev,
    int64_t viewer, struct note_text *out, struct err *e);
/* The same for a file that leaves the store: level all, and deal and managers where the
 * viewer may read it; never me or off the record, not even to its author. viewer 0: nobody
 * in particular, level all only. Fills level and text. */
bool note_text_export(struct db *db, struct arena *mem, int64_t id, int64_t rev,
    int64_t viewer, struct note_text *out, struct err *e);
/* The viewer is shown that revision (0: the latest). Kept is who first read what somebody
 * else wrote and what is not meant for everyone. */
bool note_seen_add(struct db *db, int64_t id, int64_t rev, int64_t viewer, int64_t now_ms,
    struct err *e) MUST_CHECK;
struct note_seen {
    int64_t member_id, at_ms;
};
/* Who read it and when, first reader first; nobody where the viewer is not its author. */
int note_seen_list(struct db *db, int64_t note, int64_t viewer, struct note_seen *out, int max, struct err *e);
/* The latest revision's number and level, without the text: for cards of others. */
bool note_text_facts(struct db *db, struct arena *mem, int64_t id, struct note_text *out,
    struct err *e);

/* A consensus note. */
struct note {
    int64_t id;
    int64_t touch_id, customer_id, deal_id, partner_id, from_person, member_id;
    const char *layer;  /* room, after */
    const char *stance; /* for against split unknown; NULL: none said */
    int64_t at_ms;
    int64_t note_id, note_rev;
    const char *source;
    const char *confidence; /* high medium low; NULL: not said */
    int64_t decision_id, concerns_id, next_id; /* texts by themselves; 0: none */
};
/* Where one person stands by a note; person_id 0: known by the label only. */
struct note_stance {
    int64_t person_id;
    const char *label, *stance;
};
bool note_stance_add(struct db *db, int64_t note, const struct note_stance *s,
    struct err *e) MUST_CHECK;
int note_stance_list(struct db *db, struct arena *mem, int64_t note,
    struct note_stance *out, int max, struct err *e);
int64_t note_add(struct db *db, const struct note *n, int64_t now_ms, struct err *e);
bool note_load(struct db *db, struct arena *mem, int64_t id, struct note *out, struct err *e);
bool note_update(struct db *db, const struct note *n, struct err *e) MUST_CHECK;
/* Notes by what is known of them, newest first: the first that is set of touch, deal,
 * person (whom it was heard from), partner and customer chooses, and is the only one. At
 * most `max`; returns how many. */
struct note_filter {
    int64_t touch, deal, person, partner, customer, from_ms, to_ms;
};
int note_list_by(struct db *db, struct arena *mem, const struct note_filter *f,
    struct note *out, int max, struct err *e);

/* A text of the viewer's view that holds all terms of `match` or, where those are
 * fewer than `max`, of `open` (text/terms.h; NULL: no words), or in his private texts, `needle` itself; newest first, each once. */
struct note_found {
    const char *record; /* T12, M3, N4, O2, D1 */
    int64_t at_ms, note_id, rev;
};
int note_find(struct db *db, struct arena *mem, int64_t viewer, const char *match,
    const char *open, const char *needle, struct note_found *out, int max, struct err *e);

/* The index. The revision it holds of a text, 0: none; what a text is put in and taken
 * out with; one slice of the work that removes all trace of what was taken out. */
int64_t note_indexed(struct db *db, int64_t note, struct err *e);
bool note_index_add(struct db *db, int64_t note, int64_t rev, const char *terms, struct err *e) MUST_CHECK;
bool note_index_remove(struct db *db, int64_t note, const char *terms, struct err *e) MUST_CHECK;
bool note_index_merge(struct db *db, bool begin, bool *more, struct err *e) MUST_CHECK;

#endif
