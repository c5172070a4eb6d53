/* Records of an imported file: written hidden, in slices, under a batch; shown once the
 * batch is applied, or removed. Reads no file and knows no columns (core/import.h). Every
 * call but import_known… belongs into a write transaction of the caller, who keeps those
 * short. */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "bot/store/db.h"

/* A column of a record; neither text nor integer: null. */
struct import_cell {
    const char *column;
    const char *text;
    int64_t integer;
    bool has_integer;
};

/* What a slice wrote, until import_slice_end puts it down. */
enum import_table {
    IMPORT_PARTNER,
    IMPORT_CUSTOMER,
    IMPORT_PERSON,
    IMPORT_NAME,
    IMPORT_MESSENGER,
    IMPORT_DEAL,
    IMPORT_EVENT,
    IMPORT_TOUCH,
    IMPORT__MAX
};
struct import_slice {
    struct db *db;
    int64_t batch;
    int64_t first[IMPORT__MAX], last[IMPORT__MAX];
};
int64_t import_batch_add(struct db *db, const char *file, int64_t member,
    int64_t now_ms, struct err *e); /* 0 on error */
bool import_slice_end(struct import_slice *s, struct err *e) MUST_CHECK;

/* What a record is besides its columns; 0: none. */
struct import_fact {
    int64_t id; /* of the file, where it is free; 0: the next one */
    int64_t created_ms;
    int64_t note_id, note_rev; /* T: what was said; D: the reason */
};
/* A hidden record. The row's id, 0 on error. */
int64_t import_add(struct import_slice *s, char kind, const struct import_cell *cells,
    int n, const struct import_fact *fact, struct err *e);
bool import_name(struct import_slice *s, char kind, int64_t ref, const char *text,
    const char *sort, struct err *e) MUST_CHECK;
bool import_messenger(struct import_slice *s, int64_t person, const char *network,
    const char *handle, struct err *e) MUST_CHECK;
bool import_deal_event(struct import_slice *s, int64_t deal, const char *what,
    const char *value, int64_t at_ms, int64_t member, struct err *e) MUST_CHECK;
bool import_deal_source(struct import_slice *s, int64_t deal, int64_t partner,
    int64_t at_ms, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
bool import_touch_person(struct import_slice *s, int64_t touch, int64_t person,
    const char *label, struct err *e) MUST_CHECK;
bool import_touch_partner(
    struct import_slice *s, int64_t touch, int64_t partner, struct err *e) MUST_CHECK;
bool import_key(struct import_slice *s, char kind, const char *key, int64_t ref,
    struct err *e) MUST_CHECK;
/* What changes in a record that is there: a JSON object of its columns. */
bool import_change(struct import_slice *s, char kind, int64_t ref, const char *columns,
    struct err *e) MUST_CHECK;
/* A sign of life of the partner on that day: what changed something, or not. */
bool import_check_in(struct db *db, int64_t partner, int32_t day, bool changed,
    struct err *e) MUST_CHECK;

bool import_batch_apply(struct db *db, int64_t batch, struct err *e) MUST_CHECK;
/* The oldest batch that is not shown yet. False with ERR_NONE: there is none. */
struct import_open {
    int64_t id, member;
    bool applied; /* to be shown; otherwise still written, or abandoned */
};
bool import_batch_open(struct db *db, struct import_open *out, struct err *e);
/* One small step of showing, or of removing, a batch. `*more`: there is another one. */
bool import_show_step(struct db *db, struct arena *mem, int64_t batch, bool *more,
    struct err *e) MUST_CHECK;
bool import_drop_step(struct db *db, struct arena *mem, int64_t batch, bool *more,
    struct err *e) MUST_CHECK;

/* Texts of the records that import_drop_step would remove next, at most `max`; each is to
 * be taken off its record (import_note_gone) and out of the index before. */
int import_drop_notes(struct db *db, struct arena *mem, int64_t batch, int64_t *out,
    int max, struct err *e);
bool import_note_gone(struct db *db, int64_t note, struct err *e) MUST_CHECK;

/* What the store knows; rows are valid during the call only. */
struct import_known {
    char kind;
    int64_t id;
    const char *text;          /* the name, or the key */
    int64_t partner, customer; /* of a person, a deal: its firm */
};
bool import_known_names(struct db *db,
    void (*each)(void *ctx, const struct import_known *k), void *ctx,
    struct err *e) MUST_CHECK;
bool import_known_keys(struct db *db,
    void (*each)(void *ctx, const struct import_known *k), void *ctx,
    struct err *e) MUST_CHECK;
/* A record as it stands; its columns by import_stored. */
struct import_record {
    int64_t id, created_ms;
    int64_t merged_into; /* it has its records since; 0 */
    bool gone;           /* undone, or of a batch that is not shown */
    struct query q;
};
/* False with ERR_NONE: there is no such row. Has to be reset (query_reset of q). */
bool import_load(
    struct db *db, char kind, int64_t row, struct import_record *out, struct err *e);
/* The row of T12; false with ERR_NONE: there is none. */
bool import_touch_row(struct db *db, int64_t no, int64_t *row, struct err *e);
/* The i-th column of the kind's statement as text on `mem`; NULL is null. */
char *import_stored(struct import_record *r, struct arena *mem, int i);
/* Whether the record has that further name or address. */
bool import_has(struct db *db, char kind, int64_t ref, const char *text, bool *has,
    struct err *e) MUST_CHECK;

#endif
