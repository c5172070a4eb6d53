/* The columns of every file that `export` writes: one table, which export fills,
 * `nemawashi print columns` prints and import takes for headers. Names never change and are
 * never used for another thing; a new column goes behind the others. Next: core/export.h. */
#ifndef CORE_COLUMNS_H
#define CORE_COLUMNS_H

#include "bot/store/db.h"

enum column_type {
    COL_END,
    COL_ID,   /* T12, or a plain number where people type none */
    COL_REF,  /* the id of another record, or a member's handle */
    COL_REFS, /* ids joined by ; */
    COL_TEXT,
    COL_WORD, /* one of a few English words */
    COL_NUMBER,
    COL_FLAG,     /* 0 or 1 */
    COL_TIME,     /* 2026-03-02T18:05:00+09:00, of the team zone */
    COL_DAY,      /* 2026-03-02 */
    COL_AMOUNT,   /* decimal, of the file's column `currency` */
    COL_CURRENCY, /* ISO 4217 */
    COL_PERCENT,  /* decimal: 30 is 30 % */
    COL_RATE,     /* decimal with nine digits */
    COL_NOTE,     /* people's words, where the reader may have them */
    COL_LEVEL,    /* of the column before: all, deal, managers */
};

struct column {
    const char *name;
    enum column_type type;
};

/* One kind of record: a file NAME.csv. */
struct record_kind {
    const char *name;
    const struct column *columns; /* ended by {0} */
    enum stmt_id rows;            /* export.sql; a COL_NOTE takes two of its columns, a
                                   * COL_LEVEL none */
    bool no_rows;  /* not from the store: holidays */
    bool imported; /* `import` takes such a file */
};
extern const struct record_kind record_kinds[];               /* ended by {0} */
const struct record_kind *record_kind_find(const char *name); /* NULL: there is none */
const char *column_type_text(enum column_type type);          /* "time", "day" … */

#endif
