/* Lines over time, on a scale from 0. */
#include <math.h>
#include <stdio.h>
#include "bot/draw/chart_private.h"

enum { PLOT_HEIGHT = 170, TICKS = 4 };
static const struct text_style scale_style = { .size = 11, .colour = COLOUR_SOFT, .align = ALIGN_RIGHT };
static const struct text_style when_style = { .size = 11, .colour = COLOUR_SOFT, .align = ALIGN_CENTRE };
static const struct text_style number_style = { .size = 12, .colour = COLOUR_INK, .align = ALIGN_CENTRE };
static const struct text_style level_style = { .size = 11, .colour = COLOUR_SOFT, .align = ALIGN_RIGHT };

struct plot {
    struct canvas *v;
    const struct chart *c;
    double x, y, w, h;
    double step;        /* between two lines of the scale */
    int steps;
};

/* 1, 2 or 5 times a power of ten, at most TICKS of them up to `most`. */
static double step_for(double most)
{
    double rough = most / TICKS, power = pow(10, floor(log10(rough)));
    double part = rough / power;
    return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

static double x_of(const struct plot *p, int i)
{
    int n = p->c->n_rows;
    return n > 1 ? p->x + 8 + (p->w - 16) * i / (n - 1) : p->x + p->w / 2;
}

static double y_of(const struct plot *p, double value)
{
    return p->y + p->h - p->h * value / (p->step * p->steps);
}

static const char *tick_text(const struct chart *c, double value, char *buf, size_t size)
{
    if (c->tick)
        return c->tick(c->tick_ctx, value);
    (void)snprintf(buf, size, "%.10g", value);
    return buf;
}

/* Lines of the scale; the numbers stand left of the plot. */
static void draw_scale(struct plot *p, double space)
{
    char buf[32];
    for (int i = 0; i <= p->steps; i++) {
        double t = p->step * i, y = y_of(p, t);
        canvas_rule(p->v, COLOUR_LINE, p->x, y, p->x + p->w, y, 1);
        (void)canvas_text(p->v, &scale_style, CHART_PAD, y - 8, space, tick_text(p->c, t, buf, sizeof buf));
    }
}

/* As many names of points as fit, the last one always. */
static void draw_times(struct plot *p)
{
    double widest = 0;
    int n = p->c->n_rows;
    for (int i = 0; i < n; i++)
        widest = fmax(widest, canvas_text_width(p->v, &when_style, p->c->rows[i]));
    double each = n > 1 ? (p->w - 16) / (n - 1) : p->w;
    int every = each > 0 ? (int)ceil((widest + 8) / each) : 1;
    for (int i = n - 1; i >= 0; i -= every > 0 ? every : 1) {
        double w = fmin(widest + 4, p->w), x = x_of(p, i) - w / 2;
        x = fmin(fmax(x, CHART_PAD), CHART_WIDTH - CHART_PAD / 2.0 - w);
        (void)canvas_text(p->v, &when_style, x, p->y + p->h + 4, w, p->c->rows[i]);
    }
}

static void stroke(struct plot *p, const double *values, int from, int to, enum colour colour)
{
    cairo_t *cr = p->v->cr;
    bool on = false;
    cairo_new_path(cr);
    for (int i = from; i < to; i++) {
        if (isnan(values[i])) {
            on = false;
            continue;
        }
        if (on)
            cairo_line_to(cr, x_of(p, i), y_of(p, values[i]));
        else
            cairo_move_to(cr, x_of(p, i), y_of(p, values[i]));
        on = true;
    }
    cairo_set_line_width(cr, 2.5);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    canvas_colour(p->v, colour);
    cairo_stroke(cr);
    for (int i = from; i < to; i++)
        if (!isnan(values[i]))
            canvas_box(p->v, colour, x_of(p, i) - 3, y_of(p, values[i]) - 3, 6, 6, 3);
}

/* The numbers stand above their points while each has room for its own. */
static void draw_numbers(struct plot *p, const struct chart_series *s)
{
    double each = p->c->n_rows > 1 ? (p->w - 16) / (p->c->n_rows - 1) : p->w;
    for (int i = 0; s->texts && i < p->c->n_rows; i++) {
        if (!s->texts[i] || isnan(s->values[i]))
            continue;
        double w = canvas_text_width(p->v, &number_style, s->texts[i]) + 2;
        bool last = i == p->c->n_rows - 1;
        if (w > each && !last)
            continue;
        double x = fmin(x_of(p, i) - w / 2, CHART_WIDTH - CHART_PAD / 2.0 - w);
        (void)canvas_text(p->v, &number_style, x, y_of(p, s->values[i]) - 21, w, s->texts[i]);
    }
}

static void draw_level(struct plot *p)
{
    static const double dashes[] = { 5, 4 };
    double y = y_of(p, p->c->level);
    cairo_set_dash(p->v->cr, dashes, 2, 0);
    canvas_rule(p->v, COLOUR_SOFT, p->x, y, p->x + p->w, y, 1.5);
    cairo_set_dash(p->v->cr, NULL, 0, 0);
    if (p->c->level_text)
        (void)canvas_text(p->v, &level_style, p->x, y - 17, p->w - 4, p->c->level_text);
}

static void draw_series(struct plot *p)
{
    const struct chart *c = p->c;
    for (int s = 0; s < c->n_series; s++)
        stroke(p, c->series[s].values, 0, c->n_rows, (enum colour)(COLOUR_SERIES + s));
    if (c->kind == CHART_CURVE && c->warn)
        stroke(p, c->series[0].values, c->n_rows > 2 ? c->n_rows - 2 : 0, c->n_rows, COLOUR_WARN);
    if (c->n_series == 1)
        draw_numbers(p, &c->series[0]);
}

double chart_time(struct canvas *v, const struct chart *c, double y)
{
    char buf[32];
    double most = fmax(chart_largest(c), c->kind == CHART_CURVE ? c->level : 0);
    most = most > 0 ? most : 1;
    struct plot p = { .v = v, .c = c, .y = y + 18, .h = PLOT_HEIGHT, .step = step_for(most) };
    p.steps = (int)ceil(most / p.step);
    double space = 0;
    for (int i = 0; i <= p.steps; i++)
        space = fmax(space, canvas_text_width(v, &scale_style, tick_text(c, p.step * i, buf, sizeof buf)));
    p.x = CHART_PAD + space + 8;
    p.w = CHART_WIDTH - CHART_PAD / 2.0 - p.x;
    draw_scale(&p, space);
    if (c->kind == CHART_CURVE && c->level > 0)
        draw_level(&p);
    draw_series(&p);
    draw_times(&p);
    return p.y + p.h + 28;
}
