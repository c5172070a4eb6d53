#include "bot/transport/line_card.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/line_event.h"
#include "bot/transport/line_private.h"
#include "bot/transport/preview.h"

/* LINE's own limits are 30 KB a bubble and 1,500 units of alt text; older clients show
 * 400 of them, and what it counts as a byte is not told. */
enum { BUBBLE_BYTES = 28000, ALT_UNITS = 400, TEXT_UNITS = 5000, QUICK_MAX = 13, QUICK_UNITS = 20 };

/* The plain text, without the line of buttons at its end. */
static char *words_of(struct arena *mem, const json_t *reply)
{
    char *text = arena_strdup(mem, line_text_at(reply, "text"));
    char *last = strrchr(text, '\n');
    if (json_array_size(json_at(reply, "buttons")) && last && last[1] == '[')
        *last = '\0';
    return text;
}

/* Splits at line ends where it can; what does not fit into `max` texts is cut. */
static void add_texts(struct arena *mem, json_t *messages, const char *text, int max)
{
    while (*text) {
        size_t n = utf8_prefix_units(text, TEXT_UNITS);
        bool last = max-- <= 1 || !text[n];
        if (!last)
            for (size_t k = n; k > n / 2; k--)
                if (text[k] == '\n') {
                    n = k;
                    break;
                }
        const char *piece = last ? utf8_fit_units(mem, text, TEXT_UNITS) : arena_strndup(mem, text, n);
        (void)json_array_append_new(messages, json_pack("{s:s, s:s}", "type", "text", "text", piece));
        if (last || !n)
            return;
        text += n + strspn(text + n, "\n");
    }
}

/* A picture that LINE can fetch is a message of its own: it opens at full size. */
static int add_pictures(const json_t *reply, int max, json_t *messages)
{
    size_t i;
    json_t *part;
    int n = 0;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        const char *url = line_picture_url(part);
        if (url && n < max) {
            (void)json_array_append_new(messages, json_pack("{s:s, s:s, s:s}", "type", "image",
                "originalContentUrl", url, "previewImageUrl", url));
            n++;
        }
    }
    return n;
}

static bool needs_card(struct arena *mem, const json_t *reply)
{
    size_t i;
    json_t *part;
    if (json_array_size(json_at(reply, "buttons")) || preview_text(mem, reply)) /* a text is shown as it is */
        return true;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        const char *kind = line_text_at(part, "kind");
        if (!line_picture_url(part) && strcmp(kind, "text") != 0 && strcmp(kind, "note") != 0 &&
            strcmp(kind, "warning") != 0)
            return true;
    }
    return false;
}

/* Of a reminder: any other time, by LINE's own picker. */
static json_t *picker(struct arena *mem, const struct catalogue *words, const json_t *reply)
{
    const char *id = line_text_at(json_array_get(json_at(reply, "records"), 0), "id");
    if (strncmp(line_text_at(reply, "code"), "remind.", 7) != 0 || *id != 'F')
        return NULL;
    int locale = catalogue_find_locale(words, line_text_at(reply, "locale"));
    const char *label = catalogue_text(words, mem, locale, "line.pick_time", NO_ARGS);
    return json_pack("{s:s, s:s, s:s, s:s}", "type", "datetimepicker", "label",
        utf8_fit_units(mem, label, QUICK_UNITS), "data", line_pick_data(mem, arena_printf(mem, "snooze %s", id)),
        "mode", "datetime");
}

static void add_quick(struct arena *mem, const struct catalogue *words, const json_t *reply, json_t *message)
{
    json_t *items = json_array(), *v;
    size_t i;
    json_array_foreach(json_at(reply, "quick"), i, v)
    {
        json_t *action = i < QUICK_MAX - 1 ? line_action(mem, v, QUICK_UNITS) : NULL;
        if (action)
            (void)json_array_append_new(items, json_pack("{s:s, s:o}", "type", "action", "action", action));
    }
    json_t *pick = picker(mem, words, reply);
    if (pick)
        (void)json_array_append_new(items, json_pack("{s:s, s:o}", "type", "action", "action", pick));
    if (json_array_size(items))
        (void)json_object_set_new(message, "quickReply", json_pack("{s:O}", "items", items));
    json_decref(items);
}

static json_t *flex(struct arena *mem, const json_t *reply, bool title_only)
{
    json_t *bubble = line_bubble(mem, reply, title_only);
    json_t *footer = line_footer(mem, json_at(reply, "buttons"));
    if (footer)
        (void)json_object_set_new(bubble, "footer", footer);
    const char *preview = preview_text(mem, reply);
    return json_pack("{s:s, s:s, s:o}", "type", "flex", "altText",
        utf8_fit_units(mem, preview ? preview : words_of(mem, reply), ALT_UNITS), "contents", bubble);
}

void line_card_add(struct arena *mem, const struct catalogue *words, const json_t *reply, int max,
    json_t *messages)
{
    max -= add_pictures(reply, max - 1, messages);
    if (!needs_card(mem, reply)) {
        add_texts(mem, messages, words_of(mem, reply), max);
    } else {
        AUTO_JSON card = flex(mem, reply, false);
        bool fits = strlen(json_print(mem, json_at(card, "contents"))) <= BUBBLE_BYTES;
        if (fits) {
            (void)json_array_append(messages, card);
        } else if (max < 2) {
            add_texts(mem, messages, words_of(mem, reply), max);
        } else { /* all of it as text, then a small card with the buttons */
            AUTO_JSON small = flex(mem, reply, true);
            add_texts(mem, messages, words_of(mem, reply), max - 1);
            if (json_at(small, "contents.footer"))
                (void)json_array_append(messages, small);
        }
    }
    add_quick(mem, words, reply, json_array_get(messages, json_array_size(messages) - 1));
}

void line_plain_add(struct arena *mem, const json_t *reply, int max, json_t *messages)
{
    const char *text = line_text_at(reply, "text");
    add_texts(mem, messages, *text ? text : "…", max);
}
