/* The records of the store as tables (columns.h), a row at a time, so that the largest
 * store needs no more memory than the smallest. Writes no file: the caller takes lines. */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include "bot/core/columns.h"

/* Whose eyes and which days. */
struct export_reader {
    int64_t
        viewer; /* a member who may read texts of level deal and managers; 0: nobody */
    const char *zone; /* IANA, of times */
    bool wordless;    /* people's words are left out for everybody */
};

/* Gives the header and then each row of the kind to `take`, as lines of CSV; `take` false
 * ends it with its error. Inside a read transaction of the caller. */
bool export_rows(struct db *db, const struct record_kind *kind,
    const struct export_reader *reader,
    bool (*take)(void *ctx, const char *line, size_t n, struct err *e), void *ctx,
    struct err *e) MUST_CHECK;
/* The same as cells: the header first, then each row; NULL is empty. They live during the
 * call. */
bool export_cells(struct db *db, const struct record_kind *kind, const struct export_reader *reader,
    bool (*each)(void *ctx, const char *const *cells, int n, struct err *e), void *ctx,
    struct err *e) MUST_CHECK;
/* Decimal with as many digits as the currency has: 4800000, 50000.00. */
char *export_amount(struct arena *mem, int64_t minor, const char *currency);

#endif
