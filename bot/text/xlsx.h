/* A table as a workbook: numbers as numbers, days as days. libxlsxwriter lives here. */
#ifndef TEXT_XLSX_H
#define TEXT_XLSX_H

#include "bot/base/arena.h"

enum xlsx_kind { XLSX_TEXT, XLSX_NUMBER, XLSX_DAY, XLSX_TIME };

struct xlsx_column {
    const char *name;
    enum xlsx_kind kind;
};

/* One sheet: a header that stays in view, a filter, and the rows; each row has `n` cells,
 * NULL is empty. Numbers are decimals, days 2026-03-02, times 2026-03-02T18:05:00+09:00,
 * which becomes the wall time; what is not written like that is text. The file's bytes on
 * `mem`; NULL on error. */
unsigned char *xlsx_make(struct arena *mem, const char *sheet, const struct xlsx_column *columns,
    int n, const char *const *const *rows, int n_rows, size_t *size, struct err *e);

#endif
