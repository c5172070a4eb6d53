#include "bot/transport/line_menu.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/line_answer.h"
#include "bot/transport/line_private.h"

/* `say`: what a tap says; NULL: it opens the keyboard with the catalogue's beginning of a
 * line, line.menu.NAME_fill. */
static const struct tile {
    const char *name, *say;
} tiles[LINE_MENU_TILES] = {
    { "log", NULL }, { "today", "today" }, { "consensus", NULL },
    { "stats", "kpi" }, { "help", "help" }, { "settings", "whoami" },
};
enum { IN_A_ROW = 3, ALIASES_MAX = 32 };

static char *word(struct arena *mem, const struct catalogue *words, int locale, int i, const char *end)
{
    return catalogue_text(words, mem, locale, arena_printf(mem, "line.menu.%s%s", tiles[i].name, end), NO_ARGS);
}

const char *line_menu_label(struct arena *mem, const struct catalogue *words, int locale, int i)
{
    return word(mem, words, locale, i, "");
}

const char *line_menu_hint(struct arena *mem, const struct catalogue *words, int locale, int i)
{
    return word(mem, words, locale, i, "_hint");
}

char *line_menu_alias(struct arena *mem, const struct catalogue *words, int locale)
{
    return arena_printf(mem, "nemawashi-%s", catalogue_locale(words, locale));
}

static json_t *action(struct arena *mem, const struct catalogue *words, int locale, int i)
{
    const char *label = line_menu_label(mem, words, locale, i);
    if (tiles[i].say)
        return json_pack("{s:s, s:s, s:s, s:s}", "type", "postback", "label", label, "data",
            line_tap_data(mem, tiles[i].say), "displayText", label);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "postback", "label", label, "data", "fill",
        "inputOption", "openKeyboard", "fillInText", word(mem, words, locale, i, "_fill"));
}

json_t *line_menu_object(struct arena *mem, const struct catalogue *words, int locale, int width, int height)
{
    json_t *areas = json_array();
    int rows = LINE_MENU_TILES / IN_A_ROW;
    for (int i = 0; i < LINE_MENU_TILES; i++) {
        int column = i % IN_A_ROW, row = i / IN_A_ROW;
        int x = width * column / IN_A_ROW, y = height * row / rows;
        (void)json_array_append_new(areas, json_pack("{s:{s:i, s:i, s:i, s:i}, s:o}", "bounds", "x", x, "y", y,
            "width", width * (column + 1) / IN_A_ROW - x, "height", height * (row + 1) / rows - y, "action",
            action(mem, words, locale, i)));
    }
    return json_pack("{s:{s:i, s:i}, s:b, s:s, s:s, s:o}", "size", "width", width, "height", height,
        "selected", 1, "name", line_menu_alias(mem, words, locale), "chatBarText",
        catalogue_text(words, mem, locale, "line.menu.bar", NO_ARGS), "areas", areas);
}

/* Which member has which menu. */

static void forget_menus(struct line *l)
{
    for (int i = 0; i < LOCALE_MAX; i++) {
        free(l->menus[i]);
        l->menus[i] = NULL;
    }
    l->n_linked = 0;
}

static void on_aliases(struct http_request *r, const struct http_response *a)
{
    struct line *l = r->user;
    struct line_alias all[ALIASES_MAX];
    int n = a->result == HTTP_ANSWERED && a->status == 200 ? line_read_aliases(&r->mem, a->body, a->body_size, all, ALIASES_MAX) : -1;
    if (n < 0)
        return; /* no menus, or the ones of before */
    (void)pthread_mutex_lock(&l->lock);
    forget_menus(l);
    for (int i = 0; i < n; i++)
        for (int loc = 0; loc < catalogue_locales(l->config.words); loc++)
            if (!strcmp(all[i].name, line_menu_alias(&r->mem, l->config.words, loc)) && !l->menus[loc])
                l->menus[loc] = xstrdup(all[i].menu);
    (void)pthread_mutex_unlock(&l->lock);
}

static void on_linked(struct http_request *r, const struct http_response *a)
{
    (void)r;
    if (a->result != HTTP_ANSWERED || a->status / 100 != 2)
        log_warn("line: a rich menu was not linked, status %d %s", a->status, a->why);
}

void line_menu_ask(struct line *l)
{
    struct http_request *r = line_request(l, "/v2/bot/richmenu/alias/list", NULL);
    line_submit(l, r, on_aliases);
}

/* Remembers it; true if it was another one until now. */
static bool changed(struct line *l, const char *user, int locale)
{
    for (size_t i = 0; i < l->n_linked; i++)
        if (!strcmp(l->linked[i].user, user)) {
            bool other = l->linked[i].locale != locale;
            l->linked[i].locale = locale;
            return other;
        }
    if (l->n_linked == LINE_LINKED_MAX || strlen(user) >= sizeof l->linked->user)
        return false;
    struct line_linked *k = &l->linked[l->n_linked++];
    memcpy(k->user, user, strlen(user) + 1);
    k->locale = locale;
    return true;
}

void line_menu_link(struct line *l, const char *user, const char *tag)
{
    struct arena mem = ARENA_INIT;
    int locale = catalogue_find_locale(l->config.words, tag);
    (void)pthread_mutex_lock(&l->lock);
    const char *menu = l->menus[locale] && changed(l, user, locale) ? arena_strdup(&mem, l->menus[locale]) : NULL;
    (void)pthread_mutex_unlock(&l->lock);
    if (menu) {
        struct http_request *r = line_request(l, arena_printf(&mem, "/v2/bot/user/%s/richmenu/%s", user, menu), NULL);
        r->method = "POST";
        r->body = ""; /* a length of 0, which LINE wants to be told */
        line_submit(l, r, on_linked);
    }
    arena_finish(&mem);
}

void line_menu_finish(struct line *l)
{
    forget_menus(l);
}
