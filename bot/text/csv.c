#include "bot/text/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* Writing. */

void csv_cell(struct buf *line, const char *s)
{
    if (!s || !*s)
        return;
    if (!strpbrk(s, ",;\t\"\r\n") && s[0] != ' ' && s[strlen(s) - 1] != ' ') {
        buf_puts(line, s);
        return;
    }
    buf_putc(line, '"');
    for (; *s; s++) {
        if (*s == '"')
            buf_putc(line, '"');
        buf_putc(line, *s);
    }
    buf_putc(line, '"');
}

void csv_line(struct buf *line, const char *const *cells, int n)
{
    for (int i = 0; i < n; i++) {
        if (i)
            buf_putc(line, ',');
        csv_cell(line, cells[i]);
    }
    buf_puts(line, "\r\n");
}

/* Reading. */

char csv_separator(const char *s, size_t n, size_t *skip)
{
    enum { LINES = 50 };
    static const char separators[] = ",;\t";
    int count[sizeof separators] = { 0 }, lines = 0, best = 0;
    bool quoted = false;
    *skip = 0;
    if (n > 5 && !memcmp(s, "sep=", 4) && s[4] && strchr(separators, s[4]) &&
        (s[5] == '\r' || s[5] == '\n')) {
        *skip = 5 + strspn(s + 5, "\r\n");
        return s[4];
    }
    for (size_t i = 0; i < n && lines < LINES; i++) {
        quoted ^= s[i] == '"';
        lines += s[i] == '\n';
        const char *at = !quoted && s[i] ? strchr(separators, s[i]) : NULL;
        if (at)
            count[at - separators]++;
    }
    for (int i = 1; separators[i]; i++)
        if (count[i] > count[best])
            best = i;
    return separators[best];
}

struct reading {
    bool (*each)(void *ctx, const struct csv_row *row, struct err *e);
    void *ctx;
    struct err *e;
    struct arena mem; /* of this row */
    const char *cell[CSV_CELLS];
    int n, more; /* cells, and empty ones behind them that no column has */
    int64_t number;
    size_t at;
    int last_end;
    bool content, failed;
};

/* Spaces of any kind and control characters off the ends; inside, controls become spaces. */
static const char *clean(struct arena *mem, const char *s, size_t n)
{
    static const char *const blanks[] = { "\xE3\x80\x80", "\xC2\xA0", "\xEF\xBB\xBF" };
    for (bool again = true; again;) {
        again = false;
        while (n && (unsigned char)*s <= ' ')
            s++, n--;
        while (n && (unsigned char)s[n - 1] <= ' ')
            n--;
        for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
            size_t len = strlen(blanks[i]);
            if (n >= len && !memcmp(s, blanks[i], len))
                s += len, n -= len, again = true;
            if (n >= len && !memcmp(s + n - len, blanks[i], len))
                n -= len, again = true;
        }
    }
    char *copy = arena_strndup(mem, s, n);
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)copy[i] < ' ' && copy[i] != '\n') || copy[i] == 0x7F)
            copy[i] = ' ';
    return copy;
}

static void refuse(struct reading *r, const char *what)
{
    r->failed = true;
    (void)fail(
        r->e, ERR_USAGE, NULL, NULL, "row %lld: %s", (long long)r->number + 1, what);
}

static void on_cell(void *s, size_t n, void *ctx)
{
    struct reading *r = ctx;
    if (r->failed)
        return;
    const char *cell = clean(&r->mem, s ? s : "", s ? n : 0);
    r->last_end = 0;
    r->content = r->content || *cell;
    if (n > CSV_CELL_BYTES)
        refuse(r, "a cell is longer than 64 KB; is a quotation mark not closed?");
    else if (r->n < CSV_CELLS)
        r->cell[r->n++] = cell;
    else if (*cell)
        refuse(r, "more than 256 columns");
}

static void on_end(int c, void *ctx)
{
    struct reading *r = ctx;
    bool pair = c == '\n' && r->last_end == '\r' && !r->n;
    r->last_end = c;
    if (r->failed || pair)
        return;
    r->number++;
    struct csv_row row = {
        .number = r->number, .at = r->at, .n = r->n, .cell = r->cell
    };
    if (r->content && !r->each(r->ctx, &row, r->e))
        r->failed = true;
    r->n = 0;
    r->content = false;
    arena_reset(&r->mem);
}

bool csv_read(const char *s, size_t n, char separator,
    bool (*each)(void *ctx, const struct csv_row *row, struct err *e), void *ctx,
    struct err *e)
{
    enum { PIECE = 16 * 1024 };
    struct csv_parser p;
    struct reading *r = xcalloc(1, sizeof *r);
    *r = (struct reading){ .each = each, .ctx = ctx, .e = e };
    e->code = ERR_NONE;
    if (csv_init(&p, CSV_REPALL_NL) != 0)
        abort();
    csv_set_delim(&p, (unsigned char)separator);
    for (size_t at = 0; at < n && !r->failed; at += PIECE) {
        size_t piece = n - at < PIECE ? n - at : PIECE;
        r->at = at + piece;
        if (csv_parse(&p, s + at, piece, on_cell, on_end, r) != piece)
            refuse(r, "can't be read as a table");
        else if (csv_get_buffer_size(&p) > 2 * (size_t)CSV_CELL_BYTES + PIECE)
            refuse(r, "a cell is longer than 64 KB; is a quotation mark not closed?");
    }
    /* Strict only here: a stray quotation mark inside a cell is a part of it. */
    (void)csv_set_opts(&p, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
    if (!r->failed && csv_fini(&p, on_cell, on_end, r) != 0)
        refuse(
            r, "a quotation mark is opened and not closed before the end of the file");
    csv_free(&p);
    bool ok = !r->failed;
    arena_finish(&r->mem);
    free(r);
    return ok;
}
