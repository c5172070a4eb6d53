/* Tables as text: cells to a line of RFC 4180, and the rows of a file back, whatever
 * separates them. libcsv lives here. Knows no columns. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "bot/base/buf.h"

enum { CSV_CELLS = 256, CSV_CELL_BYTES = 64 * 1024 };

/* Appends a cell, quoted where it must be. NULL is empty. */
void csv_cell(struct buf *line, const char *s);
/* Appends all cells and a line end (CR LF). */
void csv_line(struct buf *line, const char *const *cells, int n);

/* The separator that the first lines have most of: `,` `;` or a tab. `sep=;` in the first
 * line, as Excel writes it, decides; *skip are the bytes of that line. */
char csv_separator(const char *s, size_t n, size_t *skip);

/* One row: `number` as a spreadsheet shows it, from 1. Cells are valid UTF-8 where the
 * text is, without spaces at the ends and without control characters but line feeds; they
 * live during the call. */
struct csv_row {
    int64_t number;
    size_t at; /* bytes of the text read when it ended, for progress */
    int n;
    const char *const *cell;
};
/* Rows with nothing in them are left out. `each` false ends the reading, with its error.
 * ERR_USAGE: a quotation mark that is never closed, a row of too many cells, a cell too
 * long; `why` says in which row. */
bool csv_read(const char *s, size_t n, char separator,
    bool (*each)(void *ctx, const struct csv_row *row, struct err *e), void *ctx,
    struct err *e) MUST_CHECK;

#endif
