#include "bot/draw/menu.h"

#include "bot/draw/canvas.h"

/* The canvas is twice as fine as its measures. */
static const double width = MENU_WIDTH / 2.0, height = MENU_HEIGHT / 2.0;
static const struct text_style label = { .size = 58, .colour = COLOUR_INK, .align = ALIGN_CENTRE, .bold = true, .lines = 2 };
static const struct text_style hint = { .size = 36, .colour = COLOUR_SOFT, .align = ALIGN_CENTRE, .lines = 2 };

enum { GAP = 12, BAR = 10, PAD = 20, RADIUS = 18 };

static void draw_tile(struct canvas *c, const struct menu_tile *t, int i)
{
    double w = width / MENU_COLUMNS, h = height * MENU_COLUMNS / MENU_TILES;
    int row = i / MENU_COLUMNS, column = i % MENU_COLUMNS;
    double x = column * w, y = row * h;
    canvas_box(c, COLOUR_CARD, x + GAP, y + GAP, w - 2 * GAP, h - 2 * GAP, RADIUS);
    canvas_box(c, i ? COLOUR_LINE : COLOUR_SERIES, x + w / 2 - 40, y + h / 4, 80, BAR, BAR / 2.0);
    double top = y + h / 4 + 3 * BAR;
    top += canvas_text(c, &label, x + PAD, top, w - 2 * PAD, t->label) + BAR;
    (void)canvas_text(c, &hint, x + PAD, top, w - 2 * PAD, t->hint);
}

bool menu_png(struct arena *mem, const struct menu_tile tiles[MENU_TILES], const char *language,
    const unsigned char **bytes, size_t *n, struct err *e)
{
    struct canvas c;
    if (!canvas_open(&c, width, height, false, language, e))
        return false;
    canvas_box(&c, COLOUR_PAPER, 0, 0, width, height, 0);
    for (int i = 0; i < MENU_TILES; i++)
        draw_tile(&c, &tiles[i], i);
    bool ok = canvas_png(&c, mem, bytes, n, e);
    canvas_close(&c);
    return ok;
}
