#include "bot/transport/slack_blocks.h"

#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_form.h"
#include "bot/transport/slack_text.h"

/* Slack's limits less a tenth, in UTF-16 units, the stricter of the two ways to count. */
enum {
    HEADER = 135, SECTION = 2700, FIELD = 1800, CELL = 2700, LABEL = 67, VALUE = 1800,
    OPTION_VALUE = 135, URL = 2700,
    FIELDS = 10, BUTTONS = 25, ROW = 5, OPTIONS = 90, OVERFLOW_OPTIONS = 5, ROWS = 90, COLUMNS = 18,
};

static const char *at(const json_t *v, const char *path)
{
    const char *s = json_text(v, path);
    return s ? s : "";
}

json_t *slack_plain_text(struct arena *mem, const char *text, size_t max)
{
    return json_pack("{s:s, s:s, s:b}", "type", "plain_text", "text",
        *text ? utf8_fit_units(mem, text, max) : "–", "emoji", 0);
}

struct slack_page slack_page_open(struct arena *mem, const struct catalogue *words, bool view)
{
    return (struct slack_page){ .mem = mem, .words = words, .blocks = json_array(),
        .room = SLACK_MESSAGE_UNITS, .max = view ? SLACK_VIEW_BLOCKS : SLACK_MESSAGE_BLOCKS, .view = view };
}

/* In the language of the reply. */
static json_t *placeholder(struct slack_page *p, const json_t *reply, const char *key)
{
    return slack_plain_text(p->mem, catalogue_text(p->words, p->mem,
        catalogue_find_locale(p->words, at(reply, "locale")), key, NO_ARGS), LABEL);
}

/* Taken over. Two places are kept for buttons, which nobody must miss. */
static bool add(struct slack_page *p, json_t *block, size_t keep)
{
    if (!block || json_array_size(p->blocks) + keep >= p->max) {
        json_decref(block);
        return false;
    }
    return json_array_append_new(p->blocks, block) == 0;
}
enum { KEEP = 3 };

/* As much of the text as there is room for; NULL: nothing. */
static char *fit(struct slack_page *p, const char *text, size_t max)
{
    max = max < p->room ? max : p->room;
    if (!*text || max < 2)
        return NULL;
    char *s = utf8_fit_units(p->mem, text, max);
    p->room -= utf8_units(s);
    return s;
}

/* Text that a person typed in part: plain, so that nothing in it means anything. */
static void add_section(struct slack_page *p, const char *text)
{
    char *s = fit(p, text, SECTION);
    if (s)
        (void)add(p, json_pack("{s:s, s:o}", "type", "section", "text", slack_plain_text(p->mem, s, SECTION)), KEEP);
}

static void add_context(struct slack_page *p, const char *text)
{
    char *s = fit(p, text, SECTION);
    if (s)
        (void)add(p, json_pack("{s:s, s:[o]}", "type", "context", "elements", slack_plain_text(p->mem, s, SECTION)), KEEP);
}

void slack_page_header(struct slack_page *p, const char *text)
{
    char *s = fit(p, text, HEADER);
    if (s)
        (void)add(p, json_pack("{s:s, s:o}", "type", "header", "text", slack_plain_text(p->mem, s, HEADER)), KEEP);
}

/* Rich text: what is in it is shown as it is, without an escape. */

static json_t *rich(const char *kind, json_t *elements)
{
    return json_pack("{s:s, s:[{s:s, s:o}]}", "type", "rich_text", "elements", "type", kind,
        "elements", elements);
}

static json_t *rich_piece(const char *text)
{
    return json_pack("{s:s, s:s}", "type", "text", "text", text);
}

/* Long words of a person in several pieces, none lost as long as there is room. */
static json_t *rich_pieces(struct slack_page *p, const char *text)
{
    json_t *list = json_array();
    while (*text) {
        size_t n = utf8_prefix_units(text, SECTION);
        char *s = n && text[n] ? arena_strndup(p->mem, text, n) : (char *)text;
        char *fits = fit(p, s, SECTION);
        if (!fits)
            break;
        (void)json_array_append_new(list, rich_piece(fits));
        text += strlen(s);
    }
    return list;
}

static void add_note(struct slack_page *p, const char *text)
{
    json_t *pieces = rich_pieces(p, text);
    if (json_array_size(pieces))
        (void)add(p, rich("rich_text_quote", pieces), KEEP);
    else
        json_decref(pieces);
}

static void add_list(struct slack_page *p, const json_t *reply, const json_t *part)
{
    bool ja = !strcmp(at(reply, "locale"), "ja");
    json_t *items = json_array(), *item;
    size_t i;
    json_array_foreach(json_at(part, "items"), i, item)
    {
        const char *note = at(item, "note");
        char *line = *note ? arena_printf(p->mem, ja ? "%s「%s」" : "%s “%s”", at(item, "text"), note)
                           : arena_strdup(p->mem, at(item, "text"));
        char *s = fit(p, line, SECTION);
        if (!s)
            break;
        (void)json_array_append_new(items,
            json_pack("{s:s, s:[o]}", "type", "rich_text_section", "elements", rich_piece(s)));
    }
    if (!json_array_size(items)) {
        json_decref(items);
        return;
    }
    (void)add(p, json_pack("{s:s, s:[{s:s, s:s, s:o}]}", "type", "rich_text", "elements", "type",
                     "rich_text_list", "style", "bullet", "elements", items), KEEP);
}

/* Fields and tables. */

static void add_fields(struct slack_page *p, const json_t *part)
{
    json_t *fields = NULL, *f;
    size_t i;
    json_array_foreach(json_at(part, "fields"), i, f)
    {
        const char *label = slack_text_escape(p->mem, at(f, "label"));
        const char *value = slack_text_escape(p->mem, utf8_fit_units(p->mem, at(f, "value"), FIELD / 2));
        char *s = fit(p, arena_printf(p->mem, "*%s*\n%s", label, *value ? value : "–"), FIELD);
        if (!s)
            break;
        if (!fields)
            fields = json_array();
        (void)json_array_append_new(fields,
            json_pack("{s:s, s:s, s:b}", "type", "mrkdwn", "text", s, "verbatim", 1));
        if (json_array_size(fields) == FIELDS) {
            (void)add(p, json_pack("{s:s, s:o}", "type", "section", "fields", fields), KEEP);
            fields = NULL;
        }
    }
    if (fields)
        (void)add(p, json_pack("{s:s, s:o}", "type", "section", "fields", fields), KEEP);
}

static json_t *cell(struct slack_page *p, const char *text)
{
    char *s = fit(p, text, CELL); /* an empty cell kills the whole message */
    return json_pack("{s:s, s:s}", "type", "raw_text", "text", s ? s : "–");
}

static json_t *table_row(struct slack_page *p, const json_t *cells, bool heads)
{
    json_t *row = json_array(), *v;
    size_t i;
    json_array_foreach(cells, i, v)
        if (i < COLUMNS)
            (void)json_array_append_new(row, cell(p, heads ? at(v, "label") : json_string_value(v)));
    return row;
}

/* The lines of a table that may not be one: monospaced. */
static void add_table_lines(struct slack_page *p, const json_t *part)
{
    struct buf b = BUF_ON(p->mem);
    json_t *row, *v;
    size_t i, k;
    buf_puts(&b, "");
    json_array_foreach(json_at(part, "rows"), i, row)
    {
        if (i)
            buf_putc(&b, '\n');
        json_array_foreach(row, k, v)
            buf_printf(&b, "%s%s", k ? "  " : "", json_string_value(v));
    }
    char *s = fit(p, b.s, SECTION);
    if (s)
        (void)add(p, rich("rich_text_preformatted", json_pack("[o]", rich_piece(s))), KEEP);
}

static void add_table(struct slack_page *p, const json_t *part)
{
    const json_t *columns = json_at(part, "columns");
    json_t *rows = json_array(), *settings = json_array(), *v;
    size_t i;
    bool heads = false;
    if (p->view || p->table || !json_array_size(json_at(part, "rows"))) {
        json_decref(rows);
        json_decref(settings);
        add_table_lines(p, part);
        return;
    }
    json_array_foreach(columns, i, v)
    {
        heads = heads || *at(v, "label");
        if (i < COLUMNS)
            (void)json_array_append_new(settings, json_pack("{s:s, s:b}", "align", at(v, "align"), "is_wrapped", 1));
    }
    if (heads)
        (void)json_array_append_new(rows, table_row(p, columns, true));
    json_array_foreach(json_at(part, "rows"), i, v)
        if (json_array_size(rows) < ROWS && p->room > CELL / 10)
            (void)json_array_append_new(rows, table_row(p, v, false));
    p->table = true;
    (void)add(p, json_pack("{s:s, s:o, s:o}", "type", "table", "rows", rows, "column_settings", settings), KEEP);
}

/* Buttons. */

static json_t *option(struct slack_page *p, const char *label, const char *say, bool fill)
{
    const char *value = fill ? arena_printf(p->mem, "%s%s", SLACK_FILL_SIGN, say) : say;
    return json_pack("{s:o, s:s}", "text", slack_plain_text(p->mem, label, LABEL), "value", value);
}

static bool fits_option(const json_t *button)
{
    return strlen(at(button, "say")) < OPTION_VALUE && *at(button, "say") && !*at(button, "url");
}

static json_t *button(struct slack_page *p, const json_t *b)
{
    const char *say = at(b, "say"), *url = at(b, "url"), *style = at(b, "style");
    bool fill = !strcmp(style, "fill");
    bool opens = !strncmp(url, "https://", 8); /* tel: and mailto: are refused, and the card with them */
    if (strlen(say) > VALUE || strlen(url) > URL || (*url && !opens) || (!*say && !*url))
        return NULL; /* it can be typed */
    json_t *j = json_pack("{s:s, s:o, s:s}", "type", "button", "text",
        slack_plain_text(p->mem, at(b, "label"), LABEL), "action_id",
        arena_printf(p->mem, "%s:%d", fill ? SLACK_FILL : SLACK_SAY, p->ids++));
    if (*say && !opens) /* a tap that opens says nothing besides */
        (void)json_object_set_new(j, "value", json_string(say));
    if (opens)
        (void)json_object_set_new(j, "url", json_string(url));
    if (!strcmp(style, "primary"))
        (void)json_object_set_new(j, "style", json_string("primary"));
    return j;
}

/* What has no place in the first row: few in an overflow menu, many in a select. */
static json_t *menu(struct slack_page *p, const json_t *reply, json_t *options)
{
    if (json_array_size(options) <= OVERFLOW_OPTIONS)
        return json_pack("{s:s, s:s, s:o}", "type", "overflow", "action_id",
            arena_printf(p->mem, "%s:menu%d", SLACK_SAY, p->ids++), "options", options);
    return json_pack("{s:s, s:s, s:o, s:o}", "type", "static_select", "action_id",
        arena_printf(p->mem, "%s:menu%d", SLACK_SAY, p->ids++), "placeholder",
        placeholder(p, reply, "slack.more"), "options", options);
}

static void add_buttons(struct slack_page *p, const json_t *reply, const json_t *buttons)
{
    size_t n = json_array_size(buttons), i;
    json_t *elements = json_array(), *options = json_array(), *b;
    size_t row = n > ROW ? ROW - 1 : ROW;
    bool primary = false;
    json_array_foreach(buttons, i, b)
    {
        if (json_array_size(elements) >= row && fits_option(b) && json_array_size(options) < OPTIONS) {
            (void)json_array_append_new(options,
                option(p, at(b, "label"), at(b, "say"), !strcmp(at(b, "style"), "fill")));
            continue;
        }
        json_t *made = json_array_size(elements) < BUTTONS - 1 ? button(p, b) : NULL;
        if (made && primary)
            (void)json_object_del(made, "style"); /* one a row */
        primary = primary || (made && json_text(made, "style"));
        if (made)
            (void)json_array_append_new(elements, made);
    }
    if (json_array_size(options))
        (void)json_array_append_new(elements, menu(p, reply, options));
    else
        json_decref(options);
    if (json_array_size(elements))
        (void)add(p, json_pack("{s:s, s:o}", "type", "actions", "elements", elements), 0);
    else
        json_decref(elements);
}

/* Items of a list that stand for commands: a select below it. */
static void add_choices(struct slack_page *p, const json_t *reply, const json_t *part)
{
    json_t *options = json_array(), *item;
    size_t i;
    json_array_foreach(json_at(part, "items"), i, item)
        if (fits_option(item) && json_array_size(options) < OPTIONS)
            (void)json_array_append_new(options, option(p, at(item, "text"), at(item, "say"), false));
    if (!json_array_size(options)) {
        json_decref(options);
        return;
    }
    json_t *select = json_pack("{s:s, s:s, s:o, s:o}", "type", "static_select", "action_id",
        arena_printf(p->mem, "%s:item%d", SLACK_SAY, p->ids++), "placeholder",
        placeholder(p, reply, "slack.choose"), "options", options);
    (void)add(p, json_pack("{s:s, s:[o]}", "type", "actions", "elements", select), KEEP);
}

/* The reply. */

static void add_part(struct slack_page *p, const json_t *reply, const json_t *part)
{
    const char *kind = at(part, "kind"), *text = at(part, "text");
    if (!strcmp(kind, "note")) {
        add_note(p, text);
    } else if (!strcmp(kind, "fields")) {
        add_fields(p, part);
    } else if (!strcmp(kind, "table")) {
        add_table(p, part);
    } else if (!strcmp(kind, "list")) {
        add_list(p, reply, part);
        add_choices(p, reply, part);
    } else if (!strcmp(kind, "warning")) {
        add_section(p, arena_printf(p->mem, "⚠️ %s", text));
    } else if (!strcmp(kind, "progress")) {
        add_context(p, arena_printf(p->mem, "%s · %lld/%lld", at(part, "label"),
                           (long long)json_int(part, "done", 0), (long long)json_int(part, "total", 0)));
    } else if (!strcmp(kind, "chart") || !strcmp(kind, "file")) {
        add_context(p, at(part, "alt"));
    } else if (json_is_true(json_at(part, "soft"))) {
        add_context(p, text);
    } else {
        add_section(p, text);
    }
}

/* A card has a head; a sentence is none. */
static bool is_card(const json_t *reply)
{
    size_t i;
    json_t *part;
    if (utf8_units(at(reply, "title")) > HEADER)
        return false;
    json_array_foreach(json_at(reply, "parts"), i, part)
        if (!strcmp(at(part, "kind"), "fields") || !strcmp(at(part, "kind"), "table") ||
            !strcmp(at(part, "kind"), "list"))
            return true;
    return false;
}

void slack_page_add(struct slack_page *p, const json_t *reply)
{
    size_t i;
    json_t *part;
    if (!p->view && is_card(reply))
        slack_page_header(p, at(reply, "title"));
    else
        add_section(p, at(reply, "title"));
    json_array_foreach(json_at(reply, "parts"), i, part)
        add_part(p, reply, part);
    if (json_array_size(json_at(reply, "buttons")))
        add_buttons(p, reply, json_at(reply, "buttons"));
    if (json_array_size(json_at(reply, "quick")))
        add_buttons(p, reply, json_at(reply, "quick"));
}

/* Without the line of buttons at its end. */
static char *without_buttons(struct arena *mem, const json_t *reply)
{
    struct buf b = BUF_ON(mem);
    const char *text = at(reply, "text");
    size_t n = strlen(text), i;
    json_t *v;
    buf_puts(&b, "");
    json_array_foreach(json_at(reply, "buttons"), i, v)
        buf_printf(&b, "%s[%s]", i ? " " : "\n", at(v, "label"));
    bool ends = b.n && n > b.n && !strcmp(text + n - b.n, b.s);
    return arena_strndup(mem, text, ends ? n - b.n : n);
}

char *slack_plain(struct arena *mem, const json_t *reply)
{
    const char *text = without_buttons(mem, reply);
    size_t max = SLACK_TEXT_UNITS;
    char *s = slack_text_escape(mem, utf8_fit_units(mem, text, max));
    while (utf8_units(s) > SLACK_TEXT_UNITS) {
        max = max * 3 / 4; /* escapes are longer than what they stand for */
        s = slack_text_escape(mem, utf8_fit_units(mem, text, max));
    }
    return s;
}
