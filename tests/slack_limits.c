#include "tests/slack_limits.h"

#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"

struct check {
    struct arena *mem;
    struct buf wrong;
    size_t units; /* of all text */
    int tables;
    bool view;
    const char *ids[256];
    int n_ids;
};

static void complain(struct check *c, const char *where, const char *what)
{
    buf_printf(&c->wrong, "%s%s: %s", c->wrong.n ? "; " : "", where, what);
}

static void check_length(struct check *c, const char *where, const char *s, size_t min, size_t max)
{
    size_t n = s ? utf8_units(s) : 0;
    if (!s)
        complain(c, where, "no text");
    else if (n < min || n > max)
        complain(c, where, arena_printf(c->mem, "%zu units, allowed are %zu to %zu", n, min, max));
}

static void check_text(struct check *c, const char *where, const json_t *text, size_t max, bool mrkdwn)
{
    const char *type = json_text(text, "type"), *s = json_text(text, "text");
    if (!type || (strcmp(type, "plain_text") != 0 && !(mrkdwn && !strcmp(type, "mrkdwn"))))
        complain(c, where, "a text of the wrong type");
    check_length(c, where, s, 1, max);
    c->units += s ? utf8_units(s) : 0;
    /* Whoever typed it must not ping anybody. */
    if (type && s && !strcmp(type, "mrkdwn") && strpbrk(s, "<>"))
        complain(c, where, "an unescaped < or >");
}

static void check_id(struct check *c, const json_t *element)
{
    const char *id = json_text(element, "action_id");
    check_length(c, "action_id", id, 1, 255);
    for (int i = 0; id && i < c->n_ids; i++)
        if (!strcmp(c->ids[i], id))
            complain(c, "action_id", arena_printf(c->mem, "%s twice", id));
    if (id && c->n_ids < 256)
        c->ids[c->n_ids++] = id;
}

static void check_options(struct check *c, const json_t *element, size_t max)
{
    const json_t *options = json_at(element, "options");
    size_t n = json_array_size(options), i;
    json_t *o;
    if (n < 1 || n > max)
        complain(c, "options", arena_printf(c->mem, "%zu of them, allowed are %zu", n, max));
    json_array_foreach(options, i, o)
    {
        check_text(c, "option", json_at(o, "text"), 75, false);
        check_length(c, "option value", json_text(o, "value"), 1, 150);
    }
}

static void check_element(struct check *c, const json_t *e)
{
    const char *type = json_text(e, "type");
    check_id(c, e);
    if (!type)
        complain(c, "element", "no type");
    else if (!strcmp(type, "button")) {
        check_text(c, "button", json_at(e, "text"), 75, false);
        if (json_at(e, "value"))
            check_length(c, "button value", json_text(e, "value"), 1, 2000);
        if (json_at(e, "url"))
            check_length(c, "button url", json_text(e, "url"), 1, 3000);
    } else if (!strcmp(type, "overflow"))
        check_options(c, e, 5);
    else if (!strcmp(type, "static_select"))
        check_options(c, e, 100);
    else if (!strcmp(type, "plain_text_input")) {
        if (json_at(e, "initial_value"))
            check_length(c, "initial_value", json_text(e, "initial_value"), 0, 3000);
    } else if (strcmp(type, "datepicker") != 0 && strcmp(type, "timepicker") != 0)
        complain(c, type, "an element not known here");
    if (json_at(e, "placeholder"))
        check_text(c, "placeholder", json_at(e, "placeholder"), 150, false);
}

static void check_elements(struct check *c, const json_t *block, size_t max, bool interactive)
{
    const json_t *elements = json_at(block, "elements");
    size_t n = json_array_size(elements), i;
    json_t *e;
    if (n < 1 || n > max)
        complain(c, "elements", arena_printf(c->mem, "%zu of them, allowed are %zu", n, max));
    json_array_foreach(elements, i, e)
        if (interactive)
            check_element(c, e);
        else
            check_text(c, "context", e, 3000, true);
}

/* Every text in it, however deep. */
static void check_rich(struct check *c, const json_t *v)
{
    size_t i;
    json_t *child;
    const char *type = json_text(v, "type");
    if (type && !strcmp(type, "text")) {
        check_length(c, "rich text", json_text(v, "text"), 1, 3000);
        c->units += json_text(v, "text") ? utf8_units(json_text(v, "text")) : 0;
    }
    json_array_foreach(json_at(v, "elements"), i, child)
        check_rich(c, child);
}

static void check_table(struct check *c, const json_t *block)
{
    const json_t *rows = json_at(block, "rows");
    size_t n = json_array_size(rows), i, k;
    json_t *row, *cell;
    if (c->view || c->tables++)
        complain(c, "table", "one a message, none in a view");
    if (n < 1 || n > 100)
        complain(c, "table", "100 rows are allowed");
    json_array_foreach(rows, i, row)
    {
        if (json_array_size(row) < 1 || json_array_size(row) > 20)
            complain(c, "table", "20 columns are allowed");
        json_array_foreach(row, k, cell)
        {
            check_length(c, "cell", json_text(cell, "text"), 1, 3000);
            c->units += json_text(cell, "text") ? utf8_units(json_text(cell, "text")) : 0;
        }
    }
}

static void check_section(struct check *c, const json_t *block)
{
    const json_t *text = json_at(block, "text"), *fields = json_at(block, "fields");
    size_t i;
    json_t *f;
    if (!text && !fields)
        complain(c, "section", "neither text nor fields");
    if (text)
        check_text(c, "section", text, 3000, true);
    if (fields && (json_array_size(fields) < 1 || json_array_size(fields) > 10))
        complain(c, "fields", "1 to 10 are allowed");
    json_array_foreach(fields, i, f)
        check_text(c, "field", f, 2000, true);
}

static void check_block(struct check *c, const json_t *b)
{
    const char *type = json_text(b, "type");
    if (!type)
        complain(c, "block", "no type");
    else if (!strcmp(type, "header"))
        check_text(c, "header", json_at(b, "text"), 150, false);
    else if (!strcmp(type, "section"))
        check_section(c, b);
    else if (!strcmp(type, "context"))
        check_elements(c, b, 10, false);
    else if (!strcmp(type, "actions"))
        check_elements(c, b, 25, true);
    else if (!strcmp(type, "rich_text"))
        check_rich(c, b);
    else if (!strcmp(type, "table"))
        check_table(c, b);
    else if (!strcmp(type, "input") && c->view) {
        check_text(c, "label", json_at(b, "label"), 2000, false);
        check_element(c, json_at(b, "element"));
    } else
        complain(c, type, "a block not known here");
}

static void check_blocks(struct check *c, const json_t *blocks, size_t max)
{
    size_t i;
    json_t *b;
    if (!json_array_size(blocks) || json_array_size(blocks) > max)
        complain(c, "blocks", arena_printf(c->mem, "%zu of them, allowed are %zu", json_array_size(blocks), max));
    json_array_foreach(blocks, i, b)
        check_block(c, b);
}

static char *verdict(const struct check *c)
{
    return c->wrong.n ? arena_strdup(c->mem, c->wrong.s) : NULL;
}

char *slack_limits_message(struct arena *mem, const json_t *message)
{
    struct check c = { .mem = mem, .wrong = BUF_ON(mem) };
    const char *text = json_text(message, "text");
    check_length(&c, "text", text, 1, 4000);
    if (text && strpbrk(text, "<>"))
        complain(&c, "text", "an unescaped < or >");
    check_blocks(&c, json_at(message, "blocks"), 50);
    if (c.units > 10000)
        complain(&c, "blocks", arena_printf(mem, "%zu units of text in all", c.units));
    return verdict(&c);
}

char *slack_limits_view(struct arena *mem, const json_t *view)
{
    struct check c = { .mem = mem, .wrong = BUF_ON(mem), .view = true };
    static const char *const titles[] = { "title", "submit", "close" };
    bool modal = json_text(view, "type") && !strcmp(json_text(view, "type"), "modal");
    for (size_t i = 0; modal && i < sizeof titles / sizeof *titles; i++)
        check_text(&c, titles[i], json_at(view, titles[i]), 24, false);
    check_length(&c, "private_metadata", json_text(view, "private_metadata") ? json_text(view, "private_metadata") : "", 0, 3000);
    check_blocks(&c, json_at(view, "blocks"), 100);
    if (strlen(json_print(mem, view)) > 250000)
        complain(&c, "view", "more than 250 KB");
    return verdict(&c);
}
