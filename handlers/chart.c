/* chart: the figure as a picture. The figure says which kind: parts of a whole are
 * stacked, a cohort narrows like a funnel, groups are bars, anything else is a line over
 * time. What it shows is also said in words. Computes nothing (core/kpi.c), draws
 * nothing (draw/chart.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bot/draw/chart.h"
#include "handlers/kpis.h"

enum { ROWS = 12, MONTHS_SHOWN = 13 };

static const struct arg chart_args[] = {
    { "kpi", ARG_KPI, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "member", ARG_MEMBER, 0 },
    { "market", ARG_MARKET, 0 },
    { "type", ARG_TYPE, 0 },
    { "silo", ARG_SILO, 0 },
    { "team", ARG_TEAM, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "model", ARG_MODEL, 0 },
    { "period", ARG_PERIOD, 0 },
    { "by", ARG_BY, 0 },
    { "shown", ARG_SHOWN, 0 },
    { 0 },
};

/* A chart being put together: its texts and numbers live on the call's arena. */
struct drawing {
    struct call *c;
    const struct kpi_ask *a;
    struct chart chart;
    const char *rows[CHART_POINTS];
    struct buf alt;
    bool small; /* somewhere too few stand behind what is shown */
};

static double number(const struct kpi_figure *f)
{
    return f->value[0] ? strtod(f->value, NULL) : (double)NAN;
}

static void say(struct drawing *d, const char *between, const char *name, const char *figure)
{
    buf_join(&d->alt, between, *figure ? arena_printf(d->c->mem, "%s %s", name, figure) : name);
}

static const char *comma(const struct drawing *d)
{
    return call_text(d->c, "kpi.comma", NO_ARGS);
}

static const char *percent_tick(void *ctx, double value)
{
    struct call *c = ctx;
    return call_text(c, "kpi.percent", ARGS(TXT("value", arena_printf(c->mem, "%.4g", value))));
}

/* One series of as many rows, its numbers beside it. */
static void add_series(struct drawing *d, const char *name, const double *values,
    const char *const *texts)
{
    d->chart.series[d->chart.n_series++] =
        (struct chart_series){ .name = name, .values = values, .texts = texts };
}

static void draw_figures(struct drawing *d, const char *const *names,
    const struct kpi_figure *const *figures, int n)
{
    struct call *c = d->c;
    double *values = ARENA_ARRAY(c->mem, double, CHART_POINTS);
    const char **texts = ARENA_ARRAY(c->mem, const char *, CHART_POINTS);
    for (int i = 0; i < n; i++) {
        values[i] = number(figures[i]);
        texts[i] = kpi_value_text(c, d->a->kpi, figures[i]);
        d->rows[i] = names[i];
        struct kpi_figure said = *figures[i];
        d->small = d->small || (said.small && said.n);
        said.small = false; /* once is enough */
        say(d, comma(d), names[i], kpi_figure_text(c, d->a->kpi, &said));
    }
    d->chart.n_rows = n;
    add_series(d, kpi_name(c, d->a->kpi->id), values, texts);
}

static bool draw_groups(struct drawing *d, struct kpi_answer *out)
{
    struct call *c = d->c;
    const char *names[ROWS];
    const struct kpi_figure *figures[ROWS];
    int few = kpi_order_groups(c, d->a, out), n = 0;
    for (; n < out->n_groups && n < ROWS; n++) {
        names[n] = out->groups[n].name;
        figures[n] = &out->groups[n].f;
    }
    d->chart.kind = CHART_BAR;
    draw_figures(d, names, figures, n);
    if (few)
        d->chart.foot = call_text(c, "kpi.not_ranked", ARGS(NUM("n", few)));
    else if (out->n_groups > n)
        d->chart.foot = call_text(c, "kpi.more", ARGS(NUM("n", out->n_groups - n)));
    return true;
}

/* What is left at each step, and which share of the first that is. */
static void draw_steps(struct drawing *d, const char *const *keys, const int64_t *counts, int n)
{
    struct call *c = d->c;
    double *values = ARENA_ARRAY(c->mem, double, CHART_POINTS);
    const char **texts = ARENA_ARRAY(c->mem, const char *, CHART_POINTS);
    d->chart.kind = CHART_FUNNEL;
    for (int i = 0; i < n; i++) {
        char share[24];
        kpi_percent(share, sizeof share, counts[i], counts[0]);
        d->rows[i] = call_text(c, keys[i], NO_ARGS);
        values[i] = (double)counts[i];
        texts[i] = !i || !*share
                       ? arena_printf(c->mem, "%lld", (long long)counts[i])
                       : arena_printf(c->mem, "%lld · %s", (long long)counts[i],
                             call_text(c, "kpi.percent", ARGS(TXT("value", share))));
        say(d, comma(d), d->rows[i], texts[i]);
    }
    d->chart.n_rows = counts[0] ? n : 0;
    add_series(d, kpi_name(c, d->a->kpi->id), values, texts);
}

/* K7: registered, of them decided, of those won. */
static void draw_cohort(struct drawing *d, const struct kpi_answer *out)
{
    static const char *const keys[] = { "kpi.funnel.registered", "kpi.funnel.decided",
        "kpi.funnel.won" };
    int64_t n[] = { out->total.den,
        kpi_count(out, "won") + kpi_count(out, "lost") + kpi_count(out, "expired"),
        out->total.num };
    d->small = out->total.small;
    draw_steps(d, keys, n, 3);
}

/* K36: from an introduction to the deal won. */
static void draw_referrals(struct drawing *d, const struct kpi_answer *out)
{
    const char *keys[8];
    int64_t counts[8];
    int n = 0;
    for (int i = 0; i < out->n_parts && n < 8; i++) {
        if (!kpi_is(out->parts[i].kind, "funnel"))
            continue;
        keys[n] = arena_printf(d->c->mem, "kpi.funnel.%s", out->parts[i].name);
        counts[n++] = out->parts[i].num;
    }
    d->small = out->total.small;
    if (n)
        draw_steps(d, keys, counts, n);
}

/* K27: registrations of each quarter since signing, and half the best pair as the level
 * that they are held against. */
static void draw_curve(struct drawing *d, const struct kpi_answer *out)
{
    struct call *c = d->c;
    const struct kpi_row *row = out->rows.n ? &out->rows.row[0] : NULL;
    double *values = ARENA_ARRAY(c->mem, double, CHART_POINTS);
    const char **texts = ARENA_ARRAY(c->mem, const char *, CHART_POINTS);
    int n = 0;
    d->chart.kind = CHART_CURVE;
    for (const char *s = row && row->sort ? row->sort : ""; *s && n < CHART_POINTS; n++) {
        char *end;
        values[n] = (double)strtol(s, &end, 10);
        texts[n] = arena_printf(c->mem, "%.0f", values[n]);
        d->rows[n] = call_text(c, "kpi.chart.quarter", ARGS(NUM("n", n + 1)));
        say(d, comma(d), d->rows[n], texts[n]);
        s = end + strspn(end, ", ");
    }
    d->chart.n_rows = n;
    if (n && row->net > 0) {
        d->chart.level = (double)row->net / 2;
        d->chart.level_text = call_text(c, "kpi.chart.level",
            ARGS(TXT("value", arena_printf(c->mem, "%g", d->chart.level))));
        say(d, comma(d), d->chart.level_text, "");
    }
    d->chart.warn = n && kpi_is(row->mark, "plateau");
    add_series(d, kpi_name(c, d->a->kpi->id), values, texts);
}

static const struct kpi_part *part_named(const struct kpi_answer *out, const char *name)
{
    for (int i = 0; i < out->n_parts; i++) {
        if (kpi_is(out->parts[i].name, name))
            return &out->parts[i];
    }
    return NULL;
}

/* How many of each point the parts from `from` to before `to` of the whole have. */
static void add_part(struct drawing *d, const struct kpi_answer *whole, int from, int to,
    const struct kpi_point *points, int n)
{
    struct call *c = d->c;
    double *values = ARENA_ARRAY(c->mem, double, CHART_POINTS);
    const char **texts = ARENA_ARRAY(c->mem, const char *, CHART_POINTS);
    for (int i = 0; i < n; i++) {
        int64_t sum = 0;
        for (int k = from; k < to; k++) {
            const struct kpi_part *p = part_named(&points[i].answer, whole->parts[k].name);
            sum += p ? p->num : 0;
        }
        values[i] = (double)sum;
        texts[i] = sum ? arena_printf(c->mem, "%lld", (long long)sum) : "";
    }
    add_series(d,
        to > from + 1 ? call_text(c, "kpi.others", NO_ARGS)
                      : call_word(c, WORD_CHANNEL, whole->parts[from].name),
        values, texts);
}

/* "Jan 2026: Zoom 5, LINE 3" */
static void say_parts(struct drawing *d, int row)
{
    struct buf b = BUF_ON(d->c->mem);
    for (int s = 0; s < d->chart.n_series; s++) {
        const struct chart_series *part = &d->chart.series[s];
        if (*part->texts[row])
            buf_join(&b, comma(d), arena_printf(d->c->mem, "%s %s", part->name, part->texts[row]));
    }
    if (*buf_str(&b))
        say(d, "\n", arena_printf(d->c->mem, "%s:", d->rows[row]), buf_str(&b));
}

/* The channels of the whole, the largest first; what has no room is one part, so that
 * each bar is whole. */
static void draw_mix(struct drawing *d, const struct kpi_answer *whole,
    const struct kpi_point *points, int n)
{
    int parts = whole->n_parts, alone = parts <= CHART_SERIES ? parts : CHART_SERIES - 1;
    d->chart.kind = CHART_STACK;
    d->chart.n_rows = n;
    for (int s = 0; s < alone; s++)
        add_part(d, whole, s, s + 1, points, n);
    if (parts > alone)
        add_part(d, whole, alone, parts, points, n);
    for (int i = 0; i < n; i++)
        say_parts(d, i);
}

static bool draw_time(struct drawing *d, const struct kpi_answer *whole, struct err *e)
{
    struct call *c = d->c;
    const struct kpi_ask *a = d->a;
    struct kpi_point *points = ARENA_ARRAY(c->mem, struct kpi_point, KPI_POINTS);
    enum kpi_by by = a->by;
    if (!kpi_by_time(by))
        by = a->period.to_day - a->period.from_day > MONTHS_SHOWN * 31 ? KPI_BY_QUARTER
                                                                       : KPI_BY_MONTH;
    int n = kpi_series(c->db, c->mem, &c->when, a, by, points, e);
    const char *names[KPI_POINTS];
    const struct kpi_figure *figures[KPI_POINTS];
    for (int i = 0; i < n; i++) {
        names[i] = d->rows[i] = period_format_part(&c->when, c->mem, c->locale,
            &points[i].period, by == KPI_BY_MONTH ? 1 : 3);
        figures[i] = &points[i].answer.total;
    }
    if (n < 0)
        return false;
    if (kpi_is(a->kpi->id, "K12")) {
        draw_mix(d, whole, points, n);
        return true;
    }
    d->chart.kind = CHART_LINE;
    draw_figures(d, names, figures, n);
    return true;
}

/* Drawn as what it is, not over time. */
static bool has_shape(const struct kpi_ask *a)
{
    return kpi_is(a->kpi->id, "K7") || kpi_is(a->kpi->id, "K36") ||
           (kpi_is(a->kpi->id, "K27") && a->scope.partner);
}

static bool draw(struct drawing *d, struct kpi_answer *out, struct err *e)
{
    const struct kpi_ask *a = d->a;
    if (a->by && !kpi_by_time(a->by))
        return draw_groups(d, out);
    bool whole = !a->by && has_shape(a);
    if (whole && kpi_is(a->kpi->id, "K7"))
        draw_cohort(d, out);
    else if (whole && kpi_is(a->kpi->id, "K36"))
        draw_referrals(d, out);
    else if (whole && kpi_is(a->kpi->id, "K27") && a->scope.partner)
        draw_curve(d, out);
    else
        return draw_time(d, out, e);
    return true;
}

static bool put_chart(struct reply *r, struct drawing *d, struct err *e)
{
    struct call *c = d->c;
    struct chart *v = &d->chart;
    struct reply_png light, dark;
    v->rows = d->rows;
    v->language = catalogue_locale(c->words, c->locale);
    v->empty = call_text(c, "kpi.chart.empty", NO_ARGS);
    if (kpi_is(d->a->kpi->unit, "%") && v->kind == CHART_LINE) {
        v->tick = percent_tick;
        v->tick_ctx = c;
    }
    if (d->small && !v->foot)
        v->foot = call_text(c, "kpi.chart.small", NO_ARGS);
    if (!v->n_series) { /* nothing in any part: the frame says so */
        static const double none = NAN;
        v->n_rows = 0;
        add_series(d, "", &none, NULL);
    }
    if (!chart_png(v, c->mem, &light.bytes, &light.n, NULL, e))
        return false;
    v->dark = true;
    if (!chart_png(v, c->mem, &dark.bytes, &dark.n, NULL, e))
        return false;
    bool shows = false;
    for (int i = 0; i < v->n_rows; i++)
        shows = shows || !isnan(v->series[0].values[i]);
    const char *said = shows ? buf_str(&d->alt) : v->empty;
    reply_chart(r, said, arena_printf(c->mem, "%s.png", d->a->kpi->id), &light, &dark);
    return true;
}

bool kpi_chart(struct call *c, struct err *e)
{
    struct kpi_ask a;
    struct kpi_answer out;
    bool known;
    bool refer = !c->f->n_kpis; /* a figure that is named is a new question */
    if (!kpi_read_ask(c, refer, &a, &known, e))
        return e->code == ERR_NONE;
    if (!known && !a.by) {
        struct reply *r = reply_new(c, REPLY_REFUSED, "kpi.chart_what", NO_ARGS);
        reply_quick(r, call_text(c, "kpi.try_card", NO_ARGS), "kpi");
        return true;
    }
    if (!a.kpi)
        kpi_settle_figure(c, &a);
    else if (c->f->n_kpis && !c->f->has_period && !a.by && !has_shape(&a))
        kpi_whole_months(c, &a); /* each point a whole one */
    a.cells = true;
    if (!kpi_compute(c->db, c->mem, &a, &out, e))
        return false;
    struct drawing *d = ARENA_NEW(c->mem, struct drawing);
    *d = (struct drawing){ .c = c, .a = &a, .alt = BUF_ON(c->mem) };
    d->chart.title = kpi_name(c, a.kpi->id);
    const char *scope = kpi_scope_text(c, &a);
    d->chart.subtitle = arena_printf(c->mem, "%s · %s",
        *scope ? scope : call_text(c, "kpi.team", NO_ARGS),
        period_format(&c->when, c->mem, c->locale, &a.period));
    if (!draw(d, &out, e))
        return false;
    struct reply *r = reply_titled(
        c, REPLY_OK, "kpi.chart", kpi_title(c, kpi_name(c, a.kpi->id), &a));
    if (!put_chart(r, d, e))
        return false;
    kpi_buttons(r, a.kpi->id, a.kpi->id, &a);
    kpi_file_buttons(r, false, &a);
    kpi_put(r, &a, &out);
    return true;
}

const struct command chart_command = {
    .id = "chart",
    .args = chart_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = kpi_chart,
};
