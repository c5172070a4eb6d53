/* Inside of charts: chart.c owns the frame (title, legend, foot), chart_rows.c charts
 * made of rows, chart_time.c those over time. Each draws from y down and returns where
 * it ends; drawing below the surface is harmless, so a first pass finds the height. */
#ifndef DRAW_CHART_PRIVATE_H
#define DRAW_CHART_PRIVATE_H

#include "bot/draw/canvas.h"
#include "bot/draw/chart.h"

enum { CHART_WIDTH = 360, CHART_PAD = 16 };

double chart_largest(const struct chart *c);
double chart_rows(struct canvas *v, const struct chart *c, double y);
double chart_time(struct canvas *v, const struct chart *c, double y);

#endif
