/* A picture being drawn: a surface in the house's colours, text in any script, and its
 * PNG. The home of cairo and pango; no type of theirs is needed to draw a chart
 * (chart.h). Measures in CSS pixels; what is drawn is twice as fine. One thread at a
 * time. */
#ifndef DRAW_CANVAS_H
#define DRAW_CANVAS_H

#include <cairo.h>
#include "bot/base/arena.h"

/* As in the page's style sheet: vermilion is for warnings only. */
enum colour {
    COLOUR_PAPER, COLOUR_CARD, COLOUR_INK, COLOUR_SOFT, COLOUR_LINE, COLOUR_WARN,
    COLOUR_SERIES, /* and the seven after it: parts of a whole, apart for every eye */
    COLOUR__MAX = COLOUR_SERIES + 8
};
enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTRE };

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cr;
    double width, height;
    bool dark;
    const char *language; /* BCP 47: Japanese and Chinese glyphs differ */
    int unknown_glyphs;   /* characters that no font of this machine has */
};

/* ERR_REMOTE where cairo can't. */
bool canvas_open(struct canvas *c, double width, double height, bool dark, const char *language,
    struct err *e) MUST_CHECK;
void canvas_close(struct canvas *c);
void canvas_finish(void); /* chart_finish */
/* The bytes are on `mem`. */
bool canvas_png(struct canvas *c, struct arena *mem, const unsigned char **bytes, size_t *n,
    struct err *e) MUST_CHECK;

void canvas_colour(struct canvas *c, enum colour colour);
void canvas_box(struct canvas *c, enum colour colour, double x, double y, double w, double h,
    double radius);
void canvas_rule(struct canvas *c, enum colour colour, double x0, double y0, double x1, double y1,
    double thick);

struct text_style {
    double size; /* px */
    enum colour colour;
    enum align align; /* of `width` from x on */
    bool bold;
    int lines; /* more is cut with …; 0: one */
};
/* Draws in a box `width` wide; returns the height used. */
double canvas_text(struct canvas *c, const struct text_style *style, double x, double y,
    double width, const char *text);
/* How wide it is on one line. */
double canvas_text_width(struct canvas *c, const struct text_style *style, const char *text);

#endif
