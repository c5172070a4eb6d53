/* Bars: a row is its name, its number at the right edge, and the bar below them, since a
 * phone is too narrow for names beside bars. */
#include <math.h>
#include "bot/draw/chart_private.h"

enum { BAR = 10, STACKED = 18, ROW_GAP = 12, SHORT_NAME = 84, NAME_GAP = 10 };
static const double room = CHART_WIDTH - 2.0 * CHART_PAD;
static const struct text_style name_style = { .size = 13.5, .colour = COLOUR_INK };
static const struct text_style number_style = { .size = 13.5, .colour = COLOUR_INK, .align = ALIGN_RIGHT };
static const struct text_style inside_style = { .size = 11, .colour = COLOUR_CARD, .align = ALIGN_CENTRE };

static double value_of(const struct chart *c, int series, int row)
{
    double v = c->series[series].values[row];
    return isnan(v) || v < 0 ? 0 : v;
}

static const char *text_of(const struct chart *c, int series, int row)
{
    return c->series[series].texts ? c->series[series].texts[row] : NULL;
}

/* The row's name and, at the right, `number`. */
static double draw_head(struct canvas *v, const char *name, const char *number, double y)
{
    double w = number ? canvas_text_width(v, &number_style, number) + 1 : 0;
    double h = canvas_text(v, &name_style, CHART_PAD, y, room - w - 8, name);
    if (number)
        (void)canvas_text(v, &number_style, CHART_WIDTH - CHART_PAD - w, y, w, number);
    return y + h + 3;
}

static double draw_bars(struct canvas *v, const struct chart *c, int row, double most, double y)
{
    bool one = c->n_series == 1;
    y = draw_head(v, c->rows[row], one ? text_of(c, 0, row) : NULL, y);
    for (int s = 0; s < c->n_series; s++) {
        const char *number = one ? NULL : text_of(c, s, row);
        double space = number ? canvas_text_width(v, &number_style, number) + 9 : 0;
        double w = most > 0 ? (room - space) * value_of(c, s, row) / most : 0;
        canvas_box(v, COLOUR_LINE, CHART_PAD, y, room - space, BAR, 3);
        canvas_box(v, (enum colour)(COLOUR_SERIES + s), CHART_PAD, y, w > 0 ? fmax(w, 2) : 0, BAR, 3);
        if (number)
            (void)canvas_text(v, &number_style, CHART_WIDTH - CHART_PAD - space + 8, y - 5, space - 8, number);
        y += BAR + (s + 1 < c->n_series ? 8 : 0);
    }
    return y;
}

/* Where bars begin: months stand in front of them, so that a year fits a screen; longer
 * names need a line of their own, and this is 0. */
static double beside(struct canvas *v, const struct chart *c)
{
    double widest = 0;
    for (int i = 0; i < c->n_rows; i++)
        widest = fmax(widest, canvas_text_width(v, &name_style, c->rows[i]));
    return widest > 0 && widest <= SHORT_NAME ? widest + NAME_GAP : 0;
}

/* Parts of a whole fill the row; a part's text stands in it where there is room. */
static double draw_stack(struct canvas *v, const struct chart *c, int row, double before, double y)
{
    double whole = 0, x = CHART_PAD + before, full = room - before;
    for (int s = 0; s < c->n_series; s++)
        whole += value_of(c, s, row);
    if (before > 0)
        (void)canvas_text(v, &name_style, CHART_PAD, y - 1, before, c->rows[row]);
    else
        y = draw_head(v, c->rows[row], NULL, y);
    canvas_box(v, COLOUR_LINE, x, y, full, STACKED, 0);
    for (int s = 0; s < c->n_series && whole > 0; s++) {
        double w = full * value_of(c, s, row) / whole;
        const char *text = text_of(c, s, row);
        canvas_box(v, (enum colour)(COLOUR_SERIES + s), x, y, w - (w > 3 ? 1 : 0), STACKED, 0);
        if (text && w > canvas_text_width(v, &inside_style, text) + 6)
            (void)canvas_text(v, &inside_style, x, y + 1, w, text);
        x += w;
    }
    return y + STACKED;
}

static double draw_stage(struct canvas *v, const struct chart *c, int row, double most, double y)
{
    double w = most > 0 ? room * value_of(c, 0, row) / most : 0;
    y = draw_head(v, c->rows[row], text_of(c, 0, row), y);
    canvas_box(v, COLOUR_SERIES, CHART_PAD + (room - w) / 2, y, w > 0 ? fmax(w, 2) : 0, STACKED, 3);
    return y + STACKED;
}

double chart_rows(struct canvas *v, const struct chart *c, double y)
{
    double most = chart_largest(c), before = c->kind == CHART_STACK ? beside(v, c) : 0;
    for (int i = 0; i < c->n_rows; i++) {
        y = c->kind == CHART_STACK    ? draw_stack(v, c, i, before, y)
            : c->kind == CHART_FUNNEL ? draw_stage(v, c, i, most, y)
                                      : draw_bars(v, c, i, most, y);
        y += before > 0 ? ROW_GAP - 3 : ROW_GAP;
    }
    return y;
}
