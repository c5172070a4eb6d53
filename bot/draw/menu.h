/* The picture of a menu of six tiles, for messengers that show one below the chat. */
#ifndef DRAW_MENU_H
#define DRAW_MENU_H

#include <stddef.h>
#include "bot/base/arena.h"

enum { MENU_COLUMNS = 3, MENU_TILES = 6, MENU_WIDTH = 2500, MENU_HEIGHT = 1686 }; /* pixels */

struct menu_tile {
    const char *label, *hint;
};

/* A PNG on `mem`. `language` as in canvas.h. ERR_REMOTE where cairo can't. */
bool menu_png(struct arena *mem, const struct menu_tile tiles[MENU_TILES], const char *language,
    const unsigned char **bytes, size_t *n, struct err *e) MUST_CHECK;

#endif
