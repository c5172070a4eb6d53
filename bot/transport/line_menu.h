/* The rich menu: six tiles below the chat, one menu a language. `nemawashi line menu`
 * installs them under the aliases nemawashi-en, nemawashi-ja …; the adapter links each
 * member to that of their language. */
#ifndef TRANSPORT_LINE_MENU_H
#define TRANSPORT_LINE_MENU_H

#include <jansson.h>
#include "bot/base/arena.h"
#include "bot/text/catalogue.h"

enum { LINE_MENU_TILES = 6 };

/* What LINE makes a menu of; the tiles fill a picture of `width` by `height` pixels, three
 * in a row. */
json_t *line_menu_object(struct arena *mem, const struct catalogue *words, int locale, int width, int height);
/* The words on tile `i`. */
const char *line_menu_label(struct arena *mem, const struct catalogue *words, int locale, int i);
const char *line_menu_hint(struct arena *mem, const struct catalogue *words, int locale, int i);
/* nemawashi-ja */
char *line_menu_alias(struct arena *mem, const struct catalogue *words, int locale);

#endif
