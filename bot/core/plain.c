/* The plain-text rendering of a neutral reply. Knows widths and lines, not meaning. */
#include <string.h>
#include "bot/base/json.h"
#include "bot/core/reply.h"
#include "bot/text/utf8.h"

enum { PHONE_COLUMNS = 40, GAP = 2 };

static const char *at(const json_t *v, const char *path)
{
    const char *s = json_text(v, path);
    return s ? s : "";
}

static bool japanese(const json_t *reply)
{
    return !strcmp(at(reply, "locale"), "ja");
}

static void quote(struct buf *b, const json_t *reply, const char *text)
{
    buf_printf(b, japanese(reply) ? "「%s」" : "“%s”", text);
}

static bool in_style(const json_t *reply, const char *style)
{
    return !strcmp(at(reply, "style"), style);
}

static void pad(struct buf *b, int n)
{
    while (n-- > 0)
        buf_putc(b, ' ');
}

static int label_width(const json_t *part)
{
    size_t i;
    json_t *f;
    int width = 0;
    json_array_foreach(json_at(part, "fields"), i, f)
    {
        int w = utf8_width(at(f, "label"));
        width = w > width ? w : width;
    }
    return width;
}

/* Dense: the values stand in one column. */
static void plain_fields(struct buf *b, const json_t *reply, const json_t *part)
{
    size_t i;
    json_t *f;
    int width = in_style(reply, "dense") ? label_width(part) + GAP : 0;
    json_array_foreach(json_at(part, "fields"), i, f)
    {
        buf_printf(b, "%s%s", i ? "\n" : "", at(f, "label"));
        if (width)
            pad(b, width - utf8_width(at(f, "label")));
        else
            buf_puts(b, japanese(reply) ? "：" : ": ");
        buf_puts(b, at(f, "value"));
    }
}

static void plain_list(struct buf *b, const json_t *reply, const json_t *part)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_at(part, "items"), i, item)
    {
        buf_printf(b, "%s%s", i ? "\n" : "", at(item, "text"));
        if (*at(item, "note")) {
            buf_putc(b, ' ');
            quote(b, reply, at(item, "note"));
        }
    }
}

static const char *cell(const json_t *row, size_t i)
{
    const char *s = json_string_value(json_array_get(row, i));
    return s ? s : "";
}

enum { COLUMNS = 12 };

static int column_widths(const json_t *part, int widths[COLUMNS])
{
    size_t columns = json_array_size(json_at(part, "columns")), i, k;
    int total = 0;
    json_t *row;
    for (i = 0; i < columns && i < COLUMNS; i++) {
        widths[i] = utf8_width(at(json_array_get(json_at(part, "columns"), i), "label"));
        json_array_foreach(json_at(part, "rows"), k, row)
        {
            int w = utf8_width(cell(row, i));
            widths[i] = w > widths[i] ? w : widths[i];
        }
        total += widths[i] + (i ? GAP : 0);
    }
    return total;
}

static void trim_right(struct buf *b)
{
    while (b->n && b->s[b->n - 1] == ' ')
        b->s[--b->n] = '\0';
}

static void table_line(struct buf *b, const json_t *part, const int *widths, const json_t *row)
{
    json_t *columns = json_at(part, "columns");
    for (size_t i = 0; i < json_array_size(columns) && i < COLUMNS; i++) {
        json_t *column = json_array_get(columns, i);
        const char *s = row ? cell(row, i) : at(column, "label");
        int room = widths[i] - utf8_width(s);
        bool right = !strcmp(at(column, "align"), "right");
        pad(b, (i ? GAP : 0) + (right ? room : 0));
        buf_puts(b, s);
        pad(b, right ? 0 : room);
    }
    trim_right(b);
}

/* Too wide for a phone: each row becomes a line of facts. */
static void table_row_facts(struct buf *b, const json_t *part, const json_t *row)
{
    json_t *columns = json_at(part, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        if (!*cell(row, i))
            continue;
        const char *label = at(json_array_get(columns, i), "label");
        buf_printf(b, "%s%s%s%s", i ? " · " : "", i && *label ? label : "",
            i && *label ? " " : "", cell(row, i));
    }
}

static void plain_table(struct buf *b, const json_t *part)
{
    int widths[COLUMNS] = { 0 };
    bool wide = column_widths(part, widths) > PHONE_COLUMNS;
    bool labels = false;
    size_t i;
    json_t *v;
    json_array_foreach(json_at(part, "columns"), i, v)
        labels = labels || *at(v, "label");
    if (labels && !wide) {
        table_line(b, part, widths, NULL);
        buf_putc(b, '\n');
    }
    json_array_foreach(json_at(part, "rows"), i, v)
    {
        if (i)
            buf_putc(b, '\n');
        if (wide)
            table_row_facts(b, part, v);
        else
            table_line(b, part, widths, v);
    }
}

/* What the headline of an answer can do without: fields, words and second lines. What a
 * question or a refusal says is never left out. */
static bool left_out(const json_t *reply, const json_t *part)
{
    const char *kind = at(part, "kind");
    if (!in_style(reply, "short") || strcmp(at(reply, "status"), "ok") != 0)
        return false;
    return !strcmp(kind, "fields") || !strcmp(kind, "note") ||
           (!strcmp(kind, "text") && json_is_true(json_at(part, "soft")));
}

static void plain_part(struct buf *b, const json_t *reply, const json_t *part)
{
    const char *kind = at(part, "kind");
    if (b->n)
        buf_putc(b, '\n');
    if (!strcmp(kind, "note"))
        quote(b, reply, at(part, "text"));
    else if (!strcmp(kind, "fields"))
        plain_fields(b, reply, part);
    else if (!strcmp(kind, "table"))
        plain_table(b, part);
    else if (!strcmp(kind, "list"))
        plain_list(b, reply, part);
    else if (!strcmp(kind, "warning"))
        buf_printf(b, "! %s", at(part, "text"));
    else
        buf_puts(b, *at(part, "text") ? at(part, "text") : at(part, "alt"));
}

char *reply_plain(struct arena *mem, const json_t *reply)
{
    struct buf b = BUF_ON(mem);
    size_t i;
    json_t *v;
    buf_puts(&b, at(reply, "title"));
    json_array_foreach(json_at(reply, "parts"), i, v)
        if (!left_out(reply, v))
            plain_part(&b, reply, v);
    json_array_foreach(json_at(reply, "buttons"), i, v)
        buf_printf(&b, "%s[%s]", i ? " " : b.n ? "\n" : "", at(v, "label"));
    return arena_strdup(mem, buf_str(&b));
}
