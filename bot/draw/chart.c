#include "bot/draw/chart_private.h"

#include <math.h>

static const struct text_style title_style = { .size = 16, .colour = COLOUR_INK, .bold = true, .lines = 2 };
static const struct text_style soft_style = { .size = 12.5, .colour = COLOUR_SOFT, .lines = 3 };
static const struct text_style legend_style = { .size = 12.5, .colour = COLOUR_INK };

double chart_largest(const struct chart *c)
{
    double most = 0;
    for (int s = 0; s < c->n_series; s++)
        for (int i = 0; i < c->n_rows; i++)
            if (c->series[s].values[i] > most)
                most = c->series[s].values[i];
    return most;
}

/* Names of the series with their colours, as many on a line as fit. */
static double draw_legend(struct canvas *v, const struct chart *c, double y)
{
    enum { MARK = 10, GAP = 14 };
    double x = CHART_PAD, line = 20;
    for (int i = 0; i < c->n_series; i++) {
        double w = MARK + 6 + canvas_text_width(v, &legend_style, c->series[i].name);
        double room = CHART_WIDTH - 2.0 * CHART_PAD;
        w = w < room ? w : room;
        if (x > CHART_PAD && x + w > CHART_WIDTH - CHART_PAD) {
            x = CHART_PAD;
            y += line;
        }
        canvas_box(v, (enum colour)(COLOUR_SERIES + i), x, y + 4, MARK, MARK, 3);
        (void)canvas_text(v, &legend_style, x + MARK + 6, y, w - MARK - 5, c->series[i].name);
        x += w + GAP;
    }
    return y + line + 6;
}

static bool has_values(const struct chart *c)
{
    for (int s = 0; s < c->n_series; s++)
        for (int i = 0; i < c->n_rows; i++)
            if (!isnan(c->series[s].values[i]))
                return true;
    return false;
}

static double draw(struct canvas *v, const struct chart *c)
{
    double width = CHART_WIDTH - 2.0 * CHART_PAD, y = CHART_PAD - 2;
    y += canvas_text(v, &title_style, CHART_PAD, y, width, c->title) + 2;
    if (c->subtitle)
        y += canvas_text(v, &soft_style, CHART_PAD, y, width, c->subtitle);
    y += 12;
    if (!has_values(c))
        return y + canvas_text(v, &soft_style, CHART_PAD, y, width, c->empty ? c->empty : "–") + CHART_PAD;
    if (c->n_series > 1)
        y = draw_legend(v, c, y);
    bool over_time = c->kind == CHART_LINE || c->kind == CHART_CURVE;
    y = over_time ? chart_time(v, c, y) : chart_rows(v, c, y);
    if (c->foot)
        y += canvas_text(v, &soft_style, CHART_PAD, y, width, c->foot) + 4;
    return y + CHART_PAD - 6;
}

bool chart_png(const struct chart *c, struct arena *mem, const unsigned char **bytes, size_t *n,
    int *unknown, struct err *e)
{
    struct canvas v;
    if (c->n_series < 1 || c->n_series > CHART_SERIES || c->n_rows < 0 || c->n_rows > CHART_POINTS)
        return fail(e, ERR_USAGE, NULL, NULL, "a chart of %d rows and %d series", c->n_rows, c->n_series);
    if (!canvas_open(&v, CHART_WIDTH, 1, c->dark, c->language, e))
        return false;
    double height = draw(&v, c);
    canvas_close(&v);
    if (!canvas_open(&v, CHART_WIDTH, height, c->dark, c->language, e))
        return false;
    (void)draw(&v, c);
    if (unknown)
        *unknown = v.unknown_glyphs;
    bool ok = canvas_png(&v, mem, bytes, n, e);
    canvas_close(&v);
    return ok;
}

void chart_finish(void)
{
    canvas_finish();
}
