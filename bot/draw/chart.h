/* Charts of figures, as PNG at phone width. The numbers that are printed are the
 * caller's own texts, so that a picture never says other than the answer beside it; what
 * is drawn follows `value`. Knows nothing of what is counted. Desk thread. */
#ifndef DRAW_CHART_H
#define DRAW_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include "bot/base/arena.h"

enum chart_kind {
    CHART_BAR,    /* one bar a row, names in front: partners, members */
    CHART_STACK,  /* one bar a row, parts of a whole: channels by month */
    CHART_FUNNEL, /* stages, each as wide as what reached it */
    CHART_LINE,   /* one or more series over time */
    CHART_CURVE,  /* one series over time with its level: spike and plateau */
};
enum { CHART_SERIES = 8, CHART_POINTS = 60 };

struct chart_series {
    const char *name;
    const double *values;     /* one a row or point, not negative; NAN: none */
    const char *const *texts; /* beside them; NULL: not printed */
};
struct chart {
    enum chart_kind kind;
    const char *title;       /* "Touch points per close" */
    const char *subtitle;    /* scope and dates */
    const char *foot;        /* NULL, or what must be said beside it: "small n" */
    const char *empty;       /* in the place of a chart without a value */
    const char *const *rows; /* names of the rows, or of the points in time */
    int n_rows;
    struct chart_series series[CHART_SERIES];
    int n_series;
    double level;            /* CHART_CURVE: drawn as a dashed line; 0: none */
    const char *level_text;
    /* How a number of the scale is written, on the arena or static; NULL: plainly. */
    const char *(*tick)(void *ctx, double value);
    void *tick_ctx;
    bool warn;               /* CHART_CURVE: the end of it is in the colour of warnings */
    bool dark;
    const char *language;    /* of the reader, "ja" */
};

/* The bytes are on `mem`. `*unknown` (or NULL) counts characters that no font of this
 * machine has. ERR_USAGE: too many rows or series. */
bool chart_png(const struct chart *c, struct arena *mem, const unsigned char **bytes, size_t *n,
    int *unknown, struct err *e) MUST_CHECK;

/* Gives back the fonts, on the thread that drew, when it draws no more. */
void chart_finish(void);

#endif
