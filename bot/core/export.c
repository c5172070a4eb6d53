#include "bot/core/export.h"

#include "bot/core/own_days.h"

#include "bot/store/notes.h"
#include "bot/text/calendar.h"
#include "bot/text/csv.h"
#include "bot/text/money.h"
#include "bot/text/zone.h"
#include <stdlib.h>
#include <string.h>

struct exporting {
    struct db *db;
    const struct record_kind *kind;
    const struct export_reader *reader;
    bool (*each)(void *ctx, const char *const *cells, int n, struct err *e);
    void *ctx;
    struct arena mem;  /* of one row */
    const char *level; /* of the text before */
    const char *currency;
};

static char *decimal(struct arena *mem, int64_t v, int digits)
{
    int64_t scale = 1;
    for (int i = 0; i < digits; i++)
        scale *= 10;
    uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    return digits ? arena_printf(mem, "%s%llu.%0*llu", v < 0 ? "-" : "",
                        (unsigned long long)(size / (uint64_t)scale), digits,
                        (unsigned long long)(size % (uint64_t)scale))
                  : arena_printf(mem, "%lld", (long long)v);
}

char *export_amount(struct arena *mem, int64_t minor, const char *currency)
{
    return decimal(mem, minor, currency ? currency_digits(currency) : 0);
}

/* 30, 12.5: without zeros that say nothing. */
static char *trimmed(struct arena *mem, int64_t v, int digits)
{
    char *s = decimal(mem, v, digits);
    size_t n = strlen(s);
    while (n && s[n - 1] == '0')
        n--;
    s[n && s[n - 1] == '.' ? n - 1 : n] = '\0';
    return s;
}

static char *day_text(struct arena *mem, int32_t day)
{
    struct civil c = civil_of_day(day);
    return arena_printf(mem, "%04d-%02d-%02d", c.year, c.month, c.day);
}

static bool words_of(
    struct exporting *x, int64_t id, int64_t rev, const char **out, struct err *e)
{
    x->level = *out = NULL;
    struct note_text t;
    if (!id || x->reader->wordless)
        return true;
    if (note_text_export(x->db, &x->mem, id, rev, x->reader->viewer, &t, e)) {
        x->level = t.level;
        *out = t.text;
    }
    return e->code == ERR_NONE;
}

/* The currency stands behind its amounts. */
static const char *currency_of(struct exporting *x, struct query *q)
{
    int at = 0;
    for (const struct column *c = x->kind->columns; c->name; c++) {
        if (c->type == COL_CURRENCY)
            return query_text(q, &x->mem, at);
        at += c->type == COL_NOTE ? 2 : c->type != COL_LEVEL;
    }
    return NULL;
}

static bool cell(struct exporting *x, struct query *q, enum column_type type, int *at,
    const char **out, struct err *e)
{
    struct arena *mem = &x->mem;
    int i = *at;
    *at += type == COL_NOTE ? 2 : type != COL_LEVEL;
    if (type == COL_LEVEL) {
        *out = x->level;
        return true;
    }
    if (type == COL_NOTE)
        return words_of(x, query_int(q, i), query_int(q, i + 1), out, e);
    *out = NULL;
    if (query_null(q, i))
        return true;
    int64_t v = type == COL_TEXT || type == COL_WORD ? 0 : query_int(q, i);
    switch (type) {
    case COL_TIME:
        *out = zone_iso(mem, v, x->reader->zone);
        break;
    case COL_DAY:
        *out = day_text(mem, (int32_t)v);
        break;
    case COL_AMOUNT:
        *out = export_amount(mem, v, x->currency);
        break;
    case COL_PERCENT:
        *out = trimmed(mem, v, 2);
        break;
    case COL_RATE:
        *out = trimmed(mem, v, 9);
        break;
    default:
        *out = query_text(q, mem, i);
    }
    return true;
}

static bool put(struct exporting *x, const char *const *cells, int n, struct err *e)
{
    bool ok = x->each(x->ctx, cells, n, e);
    arena_reset(&x->mem);
    return ok;
}

enum { COLUMNS_MAX = 64 };

static bool put_header(struct exporting *x, struct err *e)
{
    const char *cells[COLUMNS_MAX];
    int n = 0;
    for (const struct column *c = x->kind->columns; c->name; c++)
        cells[n++] = c->name;
    return put(x, cells, n, e);
}

static bool put_rows(struct exporting *x, struct err *e)
{
    AUTO_QUERY q = db_query(x->db, x->kind->rows);
    bool ok = true;
    while (ok && query_next(&q, e)) {
        const char *cells[COLUMNS_MAX];
        int n = 0, at = 0;
        x->currency = currency_of(x, &q);
        for (const struct column *c = x->kind->columns; ok && c->name; c++)
            ok = cell(x, &q, c->type, &at, &cells[n++], e);
        ok = ok && put(x, cells, n, e);
    }
    return ok && e->code == ERR_NONE;
}

/* The table that the program has, of the years that it knows, with what an administrator
 * decided and the weekends that are worked in place of a bridge day. */
static bool put_holidays(struct exporting *x, struct err *e)
{
    struct own_days own = { 0 };
    bool ok = true;
    own_days_use(&own, x->db);
    for (int i = 0; ok && market_at(i); i++) {
        const char *market = market_at(i)->code;
        for (int32_t day = day_number(2000, 1, 1); ok && day < day_number(2100, 1, 1);
             day++) {
            const char *name = holiday_name(market, day);
            bool worked = weekend_day(market, day) && business_day(market, day);
            if (!name && !worked)
                continue;
            const char *on = day_text(&x->mem, day);
            const char *cells[] = { arena_printf(&x->mem, "%s-%s", market, on), NULL,
                NULL, market, on, name, worked ? "1" : "0" };
            ok = put(x, cells, sizeof cells / sizeof *cells, e);
        }
    }
    own_days_finish(&own);
    return ok;
}

bool export_cells(struct db *db, const struct record_kind *kind,
    const struct export_reader *reader,
    bool (*each)(void *ctx, const char *const *cells, int n, struct err *e), void *ctx,
    struct err *e)
{
    struct exporting x = {
        .db = db, .kind = kind, .reader = reader, .each = each, .ctx = ctx
    };
    e->code = ERR_NONE;
    bool ok = put_header(&x, e);
    if (ok && !kind->no_rows)
        ok = put_rows(&x, e);
    else if (ok && !strcmp(kind->name, "holidays"))
        ok = put_holidays(&x, e);
    arena_finish(&x.mem);
    return ok;
}

struct lines {
    bool (*take)(void *ctx, const char *line, size_t n, struct err *e);
    void *ctx;
    struct arena mem;
};

static bool put_line(void *ctx, const char *const *cells, int n, struct err *e)
{
    struct lines *l = ctx;
    struct buf line = BUF_ON(&l->mem);
    csv_line(&line, cells, n);
    bool ok = l->take(l->ctx, buf_str(&line), line.n, e);
    arena_reset(&l->mem);
    return ok;
}

bool export_rows(struct db *db, const struct record_kind *kind,
    const struct export_reader *reader,
    bool (*take)(void *ctx, const char *line, size_t n, struct err *e), void *ctx,
    struct err *e)
{
    struct lines l = { .take = take, .ctx = ctx };
    bool ok = export_cells(db, kind, reader, put_line, &l, e);
    arena_finish(&l.mem);
    return ok;
}
