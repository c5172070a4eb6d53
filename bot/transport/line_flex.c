/* Parts of a reply as components of a Flex bubble. Sizes and colours are one table for all
 * cards. Refuses empty texts, which LINE does not take. */
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/line_event.h"
#include "bot/transport/line_private.h"

enum { TEXT_UNITS = 2000, LABEL_UNITS = 40, FILL_UNITS = 300, CLIP_UNITS = 1000, URI_UNITS = 1000,
    SHOWN_UNITS = 300, COLUMNS = 12, PHONE_COLUMNS = 34, ROW_COLUMNS = 34,
    ROW_BUTTONS = 3, BUTTON_COLUMNS = 3 };

static const char *const ink = "#1D2129", *const soft_ink = "#5F6773", *const alarm = "#B3261E",
                         *const accent = "#1B5E9B", *const rail = "#D9DEE5";

const char *line_text_at(const json_t *v, const char *path)
{
    const char *s = json_text(v, path);
    return s ? s : "";
}

const char *line_picture_url(const json_t *part)
{
    return strcmp(line_text_at(part, "kind"), "chart") == 0 ? json_text(part, "url") : NULL;
}

/* Takes the text as it is: it fits. */
static json_t *text_node(const char *s, const char *size, const char *colour, bool bold)
{
    json_t *t = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "type", "text", "text", *s ? s : "–",
        "size", size, "color", colour, "wrap", 1, "scaling", 1);
    if (bold)
        (void)json_object_set_new(t, "weight", json_string("bold"));
    return t;
}

/* A long text is several components, cut between characters. */
static void add_text(struct arena *mem, json_t *to, const char *s, const char *size,
    const char *colour, bool bold)
{
    while (*s) {
        size_t n = utf8_prefix_units(s, TEXT_UNITS);
        if (!n)
            return; /* one character longer than LINE takes */
        (void)json_array_append_new(to, text_node(arena_strndup(mem, s, n), size, colour, bold));
        s += n;
    }
}

static json_t *box(const char *layout, json_t *contents)
{
    return json_pack("{s:s, s:s, s:o}", "type", "box", "layout", layout, "contents", contents);
}

static json_t *flexed(json_t *node, int flex)
{
    (void)json_object_set_new(node, "flex", json_integer(flex));
    return node;
}

static json_t *to_end(json_t *node, bool right)
{
    if (right)
        (void)json_object_set_new(node, "align", json_string("end"));
    return node;
}

static void add_note(struct arena *mem, json_t *to, const json_t *reply, const char *text)
{
    bool ja = !strcmp(line_text_at(reply, "locale"), "ja");
    add_text(mem, to, arena_printf(mem, ja ? "「%s」" : "“%s”", text), "sm", ink, false);
}

static void add_fields(json_t *to, const json_t *part)
{
    size_t i;
    json_t *f;
    json_array_foreach(json_at(part, "fields"), i, f)
    {
        json_t *label = flexed(text_node(line_text_at(f, "label"), "xs", soft_ink, false), 3);
        json_t *value = flexed(text_node(line_text_at(f, "value"), "sm", ink, false), 5);
        json_t *row = box("horizontal", json_pack("[o, o]", label, value));
        (void)json_object_set_new(row, "spacing", json_string("sm"));
        (void)json_array_append_new(to, row);
    }
}

static void add_list(struct arena *mem, json_t *to, const json_t *reply, const json_t *part)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_at(part, "items"), i, item)
    {
        json_t *lines = json_array();
        const char *say = line_text_at(item, "say");
        char *data = *say ? line_tap_data(mem, say) : NULL;
        add_text(mem, lines, line_text_at(item, "text"), "sm", data ? accent : ink, false);
        if (*line_text_at(item, "note"))
            add_note(mem, lines, reply, line_text_at(item, "note"));
        json_t *row = box("vertical", lines);
        if (data)
            (void)json_object_set_new(row, "action",
                json_pack("{s:s, s:s, s:s}", "type", "postback", "data", data, "displayText",
                    utf8_fit_units(mem, line_text_at(item, "text"), SHOWN_UNITS)));
        (void)json_array_append_new(to, row);
    }
}

static const char *cell(const json_t *row, size_t i)
{
    const char *s = json_string_value(json_array_get(row, i));
    return s ? s : "";
}

/* Widths of the columns; returns their sum. */
static int measure(const json_t *part, int widths[COLUMNS])
{
    json_t *columns = json_at(part, "columns"), *row;
    int total = 0;
    size_t i, k;
    for (i = 0; i < json_array_size(columns) && i < COLUMNS; i++) {
        widths[i] = utf8_width(line_text_at(json_array_get(columns, i), "label"));
        json_array_foreach(json_at(part, "rows"), k, row)
        {
            int w = utf8_width(cell(row, i));
            widths[i] = w > widths[i] ? w : widths[i];
        }
        total += widths[i] + 1;
    }
    return total;
}

static void add_table_line(json_t *to, const json_t *columns, const int *widths, const json_t *row)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < json_array_size(columns) && i < COLUMNS; i++) {
        const json_t *column = json_array_get(columns, i);
        const char *s = row ? cell(row, i) : line_text_at(column, "label");
        bool right = !strcmp(line_text_at(column, "align"), "right");
        json_t *node = row ? text_node(s, "sm", ink, false)
                           : text_node(*s ? s : " ", "xs", soft_ink, false);
        (void)json_array_append_new(cells, to_end(flexed(node, widths[i] > 1 ? widths[i] : 1), right));
    }
    json_t *line = box("horizontal", cells);
    (void)json_object_set_new(line, "spacing", json_string("sm"));
    (void)json_array_append_new(to, line);
}

/* Too wide for a phone: each row is a card of its own, first cell as its head. */
static void add_table_card(struct arena *mem, json_t *to, const json_t *columns, const json_t *row)
{
    json_t *lines = json_array();
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (size_t i = 1; i < json_array_size(columns); i++) {
        const char *label = line_text_at(json_array_get(columns, i), "label");
        if (*cell(row, i))
            buf_join(&b, " · ", arena_printf(mem, "%s%s%s", label, *label ? " " : "", cell(row, i)));
    }
    add_text(mem, lines, cell(row, 0), "sm", ink, true);
    add_text(mem, lines, buf_str(&b), "sm", ink, false);
    (void)json_array_append_new(to, box("vertical", lines));
}

static void add_table(struct arena *mem, json_t *to, const json_t *part)
{
    int widths[COLUMNS] = { 0 };
    const json_t *columns = json_at(part, "columns");
    bool wide = measure(part, widths) > PHONE_COLUMNS, labels = false;
    size_t i;
    json_t *v;
    json_array_foreach(columns, i, v)
        labels = labels || *line_text_at(v, "label");
    if (labels && !wide)
        add_table_line(to, columns, widths, NULL);
    json_array_foreach(json_at(part, "rows"), i, v)
    {
        if (wide)
            add_table_card(mem, to, columns, v);
        else
            add_table_line(to, columns, widths, v);
    }
}

static void add_progress(struct arena *mem, json_t *to, const json_t *part)
{
    int64_t total = json_int(part, "total", 1), done = json_int(part, "done", 0);
    int64_t percent = total > 0 && done > 0 ? done * 100 / total : 0;
    add_text(mem, to, line_text_at(part, "label"), "sm", ink, false);
    json_t *bar = json_pack("{s:s, s:s, s:[], s:s, s:s, s:s}", "type", "box", "layout", "vertical",
        "contents", "width", arena_printf(mem, "%d%%", (int)(percent > 100 ? 100 : percent)),
        "height", "6px", "backgroundColor", accent);
    (void)json_array_append_new(to, json_pack("{s:s, s:s, s:[o], s:s, s:s}", "type", "box", "layout",
        "vertical", "contents", bar, "height", "6px", "backgroundColor", rail));
}

static json_t *button_node(json_t *action, const char *style)
{
    bool primary = !strcmp(style, "primary"), quiet = !strcmp(style, "quiet");
    json_t *b = json_pack("{s:s, s:s, s:s, s:b, s:o}", "type", "button", "style",
        primary ? "primary" : quiet ? "link" : "secondary", "height", "sm", "scaling", 1, "action", action);
    if (primary || quiet)
        (void)json_object_set_new(b, "color", json_string(accent));
    return b;
}

/* LINE's own browser opens or saves it. */
static void add_file(struct arena *mem, json_t *to, const json_t *part)
{
    json_t *open = json_pack("{s:s, s:s, s:s}", "type", "uri", "label",
        utf8_fit_units(mem, line_text_at(part, "name"), LABEL_UNITS), "uri", line_text_at(part, "url"));
    (void)json_array_append_new(to, button_node(open, ""));
}

static void add_part(struct arena *mem, json_t *to, const json_t *reply, const json_t *part)
{
    const char *kind = line_text_at(part, "kind"), *text = line_text_at(part, "text");
    if (!strcmp(kind, "note"))
        add_note(mem, to, reply, text);
    else if (!strcmp(kind, "fields"))
        add_fields(to, part);
    else if (!strcmp(kind, "table"))
        add_table(mem, to, part);
    else if (!strcmp(kind, "list"))
        add_list(mem, to, reply, part);
    else if (!strcmp(kind, "progress"))
        add_progress(mem, to, part);
    else if (!strcmp(kind, "warning"))
        add_text(mem, to, arena_printf(mem, "! %s", text), "sm", alarm, true);
    else if (!strcmp(kind, "file") && *line_text_at(part, "url"))
        add_file(mem, to, part);
    else
        add_text(mem, to, *text ? text : line_text_at(part, "alt"), "sm",
            json_is_true(json_at(part, "soft")) ? soft_ink : ink, false);
}

/* In the short style: the headline, and what nobody may miss. */
static bool left_out(const json_t *reply, const json_t *part)
{
    const char *kind = line_text_at(part, "kind");
    if (strcmp(line_text_at(reply, "style"), "short") != 0 || strcmp(line_text_at(reply, "status"), "ok") != 0)
        return false;
    return !strcmp(kind, "fields") || !strcmp(kind, "note") || json_is_true(json_at(part, "soft"));
}

json_t *line_bubble(struct arena *mem, const json_t *reply, bool title_only)
{
    json_t *contents = json_array(), *part;
    size_t i;
    add_text(mem, contents, line_text_at(reply, "title"), "sm", ink, true);
    if (!title_only)
        json_array_foreach(json_at(reply, "parts"), i, part)
            if (!left_out(reply, part) && !line_picture_url(part))
                add_part(mem, contents, reply, part);
    json_t *body = box("vertical", contents);
    (void)json_object_set_new(body, "spacing", json_string("sm"));
    (void)json_object_set_new(body, "paddingAll", json_string("lg"));
    return json_pack("{s:s, s:s, s:o}", "type", "bubble", "size", "mega", "body", body);
}

/* Puts `say` into the composer, where that holds it; else onto the clipboard. */
static json_t *fill_action(const char *label, const char *say)
{
    if (utf8_units(say) <= FILL_UNITS)
        return json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "postback", "label", label, "data",
            "fill", "inputOption", "openKeyboard", "fillInText", say);
    if (utf8_units(say) <= CLIP_UNITS)
        return json_pack("{s:s, s:s, s:s}", "type", "clipboard", "label", label, "clipboardText", say);
    return NULL;
}

static bool is_uri(const char *s)
{
    bool scheme = !strncmp(s, "https://", 8) || !strncmp(s, "http://", 7) ||
                  !strncmp(s, "line://", 7) || !strncmp(s, "tel:", 4);
    for (const char *p = s; *p && scheme; p++)
        scheme = *p > ' ' && *p < 127; /* percent-encoded already */
    return scheme && strlen(s) <= URI_UNITS;
}

json_t *line_action(struct arena *mem, const json_t *button, size_t label_max)
{
    const char *say = line_text_at(button, "say"), *url = line_text_at(button, "url");
    const char *label = utf8_fit_units(mem, line_text_at(button, "label"), label_max);
    if (!*label)
        return NULL;
    if (is_uri(url))
        return json_pack("{s:s, s:s, s:s}", "type", "uri", "label", label, "uri", url);
    if (*url)
        return NULL; /* mailto: opens nothing there */
    if (!strcmp(line_text_at(button, "style"), "fill"))
        return fill_action(label, say);
    char *data = line_tap_data(mem, say);
    return data ? json_pack("{s:s, s:s, s:s, s:s}", "type", "postback", "label", label, "data", data,
                      "displayText", utf8_fit_units(mem, line_text_at(button, "label"), SHOWN_UNITS))
                : NULL;
}

/* Short buttons side by side, all as wide as the widest of the row must be; a long one has
 * a row of its own. */
json_t *line_footer(struct arena *mem, const json_t *buttons)
{
    json_t *rows = json_array(), *row = NULL, *v;
    int widest = 0;
    size_t i;
    json_array_foreach(buttons, i, v)
    {
        json_t *action = line_action(mem, v, LABEL_UNITS);
        int wide = utf8_width(line_text_at(v, "label")) + BUTTON_COLUMNS;
        int n = (int)json_array_size(row);
        if (!action)
            continue;
        widest = wide > widest ? wide : widest;
        if (!row || n == ROW_BUTTONS || (n + 1) * widest > ROW_COLUMNS) {
            row = json_array();
            json_t *line = box("horizontal", row);
            (void)json_object_set_new(line, "spacing", json_string("sm"));
            (void)json_array_append_new(rows, line);
            widest = wide;
        }
        (void)json_array_append_new(row, button_node(action, line_text_at(v, "style")));
    }
    if (!row) {
        json_decref(rows);
        return NULL;
    }
    json_t *footer = box("vertical", rows);
    (void)json_object_set_new(footer, "spacing", json_string("sm"));
    return footer;
}
