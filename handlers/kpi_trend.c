/* A figure month by month or quarter by quarter, with a line of columns to see it at a
 * glance, and the stretch before it. Computes nothing (core/kpi_series.c). */
#include "handlers/kpis.h"

#include "bot/text/calendar.h"

struct period kpi_time_period(struct call *c, enum kpi_by by)
{
    struct civil today = civil_of(c->now_ms, c->when.team_zone);
    return period_last_months(
        &c->when, by == KPI_BY_MONTH ? 12 : 22 + (today.month - 1) % 3);
}

const char *kpi_value_text(
    struct call *c, const struct kpi *k, const struct kpi_figure *f)
{
    return !f->value[0]          ? call_text(c, "kpi.na", NO_ARGS)
           : kpi_is(k->unit, "%") ? call_text(c, "kpi.percent", ARGS(TXT("value", f->value)))
                                  : f->value;
}

/* "Before (Feb 5 2024 – Feb 4 2025): 40.0 % (2/5) · +10.0": the difference where both
 * have enough behind them to tell them apart. */
static bool put_before(struct reply *r, const struct kpi_ask *a,
    const struct kpi_figure *now, struct err *e)
{
    struct call *c = r->call;
    struct kpi_ask before = *a;
    struct kpi_answer out;
    char difference[24];
    before.period = period_before(&c->when, &a->period);
    before.by = KPI_BY_NONE;
    before.before_ms = 0;
    before.cells = true;
    if (!kpi_compute(c->db, c->mem, &before, &out, e))
        return false;
    bool few = a->kpi->smallest && (now->unranked || out.total.unranked);
    kpi_difference(difference, sizeof difference, now, &out.total);
    reply_soft(r, call_text(c, "kpi.before",
                      ARGS(TXT("period",
                               period_format(&c->when, c->mem, c->locale, &before.period)),
                          TXT("figure", kpi_figure_text(c, a->kpi, &out.total)),
                          TXT("difference", *difference && !few ? difference : "none"),
                          TXT("unit", kpi_is(a->kpi->unit, "%") ? "rate" : "other"))));
    return true;
}

static void put_points(struct reply *r, const struct kpi_ask *a,
    const struct kpi_point *points, int n)
{
    struct call *c = r->call;
    int months = a->by == KPI_BY_MONTH ? 1 : 3;
    struct kpi_answer table = { .n_groups = n };
    table.groups = ARENA_ARRAY(c->mem, struct kpi_group, KPI_POINTS);
    for (int i = 0; i < n; i++)
        table.groups[i] = (struct kpi_group){ .f = points[i].answer.total,
            .name = period_format_part(
                &c->when, c->mem, c->locale, &points[i].period, months) };
    kpi_split_table(r, a, &table);
}

bool kpi_trend(struct call *c, struct kpi_ask *a, struct err *e)
{
    struct kpi_point *points = ARENA_ARRAY(c->mem, struct kpi_point, KPI_POINTS);
    struct kpi_answer out;
    a->cells = a->excluded = true;
    if (!kpi_compute(c->db, c->mem, a, &out, e))
        return false;
    int n = kpi_series(c->db, c->mem, &c->when, a, a->by, points, e);
    if (n < 0)
        return false;
    struct reply *r = reply_titled(
        c, REPLY_OK, "kpi.trend", kpi_title(c, kpi_name(c, a->kpi->id), a));
    reply_line(r, kpi_figure_text(c, a->kpi, &out.total));
    reply_line(r, kpi_spark(c->mem, points, n));
    put_points(r, a, points, n);
    if (!put_before(r, a, &out.total, e))
        return false;
    kpi_buttons(r, a->kpi->id, a->kpi->id, a);
    kpi_file_buttons(r, true, a);
    kpi_put(r, a, &out);
    return true;
}
