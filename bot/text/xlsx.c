#include "bot/text/xlsx.h"

#include "bot/base/buf.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { WIDTH_MIN = 8, WIDTH_MAX = 40 };

struct formats {
    lxw_format *head, *day, *time;
};

/* The wall time as it is written, without the offset. */
static bool write_when(lxw_worksheet *s, lxw_row_t row, lxw_col_t col, const char *cell,
    bool time, const struct formats *f)
{
    char wall[32];
    int64_t ms;
    (void)snprintf(wall, sizeof wall, time ? "%.19s" : "%.10sT00:00:00", cell);
    if (!zone_parse_iso(wall, "UTC", &ms))
        return false;
    struct civil c = civil_of(ms, "UTC");
    lxw_datetime d = { .year = c.year,
        .month = c.month,
        .day = c.day,
        .hour = c.hour,
        .min = c.minute,
        .sec = c.second };
    return worksheet_write_datetime(s, row, col, &d, time ? f->time : f->day) ==
           LXW_NO_ERROR;
}

static bool write_number(
    lxw_worksheet *s, lxw_row_t row, lxw_col_t col, const char *cell)
{
    char *end;
    size_t n = strlen(cell);
    /* What a double can't hold exactly stays text. */
    if (!n || n > 15 || strspn(cell, "-0123456789.") != n)
        return false;
    double v = strtod(cell, &end);
    return !*end && worksheet_write_number(s, row, col, v, NULL) == LXW_NO_ERROR;
}

static void write_cell(lxw_worksheet *s, lxw_row_t row, lxw_col_t col,
    enum xlsx_kind kind, const char *cell, const struct formats *f)
{
    bool done = kind == XLSX_NUMBER ? write_number(s, row, col, cell)
                : kind == XLSX_DAY || kind == XLSX_TIME
                    ? write_when(s, row, col, cell, kind == XLSX_TIME, f)
                    : false;
    if (!done) /* as a string, so that a text that begins with = is no formula */
        (void)worksheet_write_string(s, row, col, cell, NULL);
}

static void fill(lxw_workbook *book, const char *sheet,
    const struct xlsx_column *columns, int n, const char *const *const *rows,
    int n_rows)
{
    struct formats f = { workbook_add_format(book), workbook_add_format(book),
        workbook_add_format(book) };
    lxw_worksheet *s = workbook_add_worksheet(book, sheet);
    format_set_bold(f.head);
    format_set_num_format(f.day, "yyyy-mm-dd");
    format_set_num_format(f.time, "yyyy-mm-dd hh:mm");
    for (int i = 0; i < n; i++) {
        int width = utf8_width(columns[i].name) > WIDTH_MIN
                        ? utf8_width(columns[i].name)
                        : WIDTH_MIN;
        (void)worksheet_write_string(s, 0, (lxw_col_t)i, columns[i].name, f.head);
        for (int r = 0; r < n_rows; r++) {
            const char *cell = rows[r][i];
            if (!cell || !*cell)
                continue;
            write_cell(s, (lxw_row_t)r + 1, (lxw_col_t)i, columns[i].kind, cell, &f);
            int wide = columns[i].kind == XLSX_TIME ? 16 : utf8_width(cell);
            width = wide > width ? wide : width;
        }
        (void)worksheet_set_column(s, (lxw_col_t)i, (lxw_col_t)i,
            (width < WIDTH_MAX ? width : WIDTH_MAX) + 2, NULL);
    }
    worksheet_freeze_panes(s, 1, 0);
    if (n && n_rows)
        (void)worksheet_autofilter(s, 0, 0, (lxw_row_t)n_rows, (lxw_col_t)(n - 1));
}

static unsigned char *read_back(struct arena *mem, int fd, size_t *size)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0)
        return NULL;
    unsigned char *bytes = arena_alloc(mem, (size_t)st.st_size);
    ssize_t got = 1;
    for (*size = 0; *size < (size_t)st.st_size && got > 0;
         *size += got > 0 ? (size_t)got : 0)
        got = pread(fd, bytes + *size, (size_t)st.st_size - *size, (off_t)*size);
    return *size == (size_t)st.st_size ? bytes : NULL;
}

unsigned char *xlsx_make(struct arena *mem, const char *sheet,
    const struct xlsx_column *columns, int n, const char *const *const *rows,
    int n_rows, size_t *size, struct err *e)
{
    /* The library writes to a path: one in memory, which nobody else sees. */
    int fd = memfd_create("workbook", MFD_CLOEXEC);
    unsigned char *bytes = NULL;
    const char *path = arena_printf(mem, "/proc/self/fd/%d", fd);
    lxw_workbook *book = fd >= 0 ? workbook_new(path) : NULL;
    if (book) {
        fill(book, sheet, columns, n, rows, n_rows);
        lxw_error code = workbook_close(book);
        if (code == LXW_NO_ERROR)
            bytes = read_back(mem, fd, size);
        else
            (void)fail(e, ERR_REMOTE, "store.failed", NULL, "workbook: %s",
                lxw_strerror(code));
    }
    if (!bytes && e->code == ERR_NONE)
        (void)fail(
            e, ERR_REMOTE, "store.failed", NULL, "workbook: %s", strerror(errno));
    if (fd >= 0)
        (void)close(fd);
    return bytes;
}
