/* A figure over time: one ask a month or quarter. Sums nothing and words nothing. */
#include "bot/core/kpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"

bool kpi_by_time(enum kpi_by by)
{
    return by == KPI_BY_MONTH || by == KPI_BY_QUARTER;
}

int kpi_series(struct db *db, struct arena *mem, const struct when_context *when,
    const struct kpi_ask *a, enum kpi_by by, struct kpi_point out[KPI_POINTS],
    struct err *e)
{
    struct period parts[KPI_POINTS];
    int n = period_parts(when, &a->period, by == KPI_BY_MONTH ? 1 : 3, parts, KPI_POINTS);
    for (int i = 0; i < n; i++) {
        struct kpi_ask one = *a;
        one.period = parts[i];
        if (one.period.to_date)
            one.period.to_ms = a->period.to_ms;
        one.by = KPI_BY_NONE;
        one.before_ms = 0;
        one.cells = true;
        out[i].period = one.period;
        if (!kpi_compute(db, mem, &one, &out[i].answer, e))
            return -1;
    }
    return n;
}

static double value_of(const struct kpi_point *p)
{
    return strtod(p->answer.total.value, NULL);
}

/* From nothing up, so that a column twice as high is twice as much; the lowest step is a
 * value all the same, and what is below zero stands on it. */
char *kpi_spark(struct arena *mem, const struct kpi_point *points, int n)
{
    static const char *const steps[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    enum { STEPS = sizeof steps / sizeof *steps };
    struct buf b = BUF_ON(mem);
    double most = 0;
    for (int i = 0; i < n; i++)
        most = value_of(&points[i]) > most ? value_of(&points[i]) : most;
    for (int i = 0; i < n; i++) {
        double v = value_of(&points[i]);
        int step = most > 0 && v > 0 ? (int)(v / most * (STEPS - 1) + 0.5) : 0;
        buf_puts(&b, points[i].answer.total.value[0] ? steps[step] : "·");
    }
    return arena_strdup(mem, buf_str(&b));
}

static int decimals(const char *value)
{
    const char *point = strchr(value, '.');
    return point ? (int)strlen(point + 1) : 0;
}

void kpi_difference(
    char *out, size_t size, const struct kpi_figure *now, const struct kpi_figure *before)
{
    *out = '\0';
    if (!now->value[0] || !before->value[0])
        return;
    int a = decimals(now->value), b = decimals(before->value), d = a > b ? a : b;
    double v = strtod(now->value, NULL) - strtod(before->value, NULL);
    (void)snprintf(out, size, "%+.*f", d, v);
    if (strtod(out, NULL) == 0)
        (void)snprintf(out, size, "±%.*f", d, 0.0);
}
