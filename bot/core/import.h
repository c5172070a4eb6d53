/* Files of partners, customers, people, deals and touch points, as spreadsheets and CRMs
 * write them, into the store: all of a file or nothing, the same file twice changes nothing.
 * A file is read whole and settled before anything is written (import_plan.c); it is then
 * written hidden in slices, so that nobody who logs waits, and shown (import_write.c). */
#ifndef CORE_IMPORT_H
#define CORE_IMPORT_H

#include "bot/store/db.h"
#include "bot/text/catalogue.h"

enum import_tone { IMPORT_SAID, IMPORT_WARNED, IMPORT_REFUSED };

struct import_options {
    const struct catalogue *words;
    const char *zone; /* the team's */
    const char *kind; /* partners, customers, people, deals, touch_points; NULL: look */
    const char *dates; /* ymd, dmy or mdy where a column does not say; NULL: ask */
    int64_t member; /* who imports, and who made contacts that name nobody; 0: nobody */
    bool dry_run;
    /* One line of the report; `row` as a spreadsheet counts, 0: the whole file. */
    void (*report)(void *ctx, enum import_tone tone, int64_t row, const char *text);
    /* How far: of all bytes read, then of all records written. NULL: nobody asks. */
    void (*progress)(void *ctx, const char *doing, size_t done, size_t all);
    /* Asked between slices: true ends the import, and nothing of it stays. NULL: never. */
    bool (*stopped)(void);
    void *ctx;
};

struct import_result {
    const char *kind; /* what the file was taken for; NULL: not known */
    int64_t rows, refused, warned;
    int64_t fresh, changed, same, doubled; /* records; the same one again */
};

/* The text of one file, UTF-8. False: it is not imported, and nothing is changed; what is
 * wrong in rows went to the report, and `why` says the rest. */
bool import_text(struct db *db, const char *name, const char *text, size_t n,
    const struct import_options *o, struct import_result *out,
    struct err *e) MUST_CHECK;
/* For which kind a file is, by its name and its first rows: where it stands among several
 * files, since records must be there before others name them. */
int import_rank(
    const struct import_options *o, const char *name, const char *text, size_t n);

/* Shows what an import that died had applied, and removes what one had only begun. Nobody
 * else may be importing. */
bool import_recover(struct db *db, struct err *e) MUST_CHECK;

#endif
