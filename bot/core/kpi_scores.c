/* Sums of figures that are no plain rate, count or median, and the parts that they are
 * composed of: net promoters, a difference of two rates, scores, a runway. Each reads
 * nothing but its rows. */
#include "bot/core/kpi.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS = 10, ARM = 10, PROMOTER = 9, DETRACTOR = 6 };
static const double z95 = 1.959963984540054;

/* A number with `decimals`, half away from zero, "-0.0" being "0.0". */
static void put_number(char *out, size_t size, double v, int decimals)
{
    double scale = pow(10, decimals);
    double rounded = round(v * scale) / scale;
    (void)snprintf(out, size, "%.*f", decimals, rounded == 0 ? 0.0 : rounded);
}

struct promoters {
    int64_t promoters, passives, detractors, n;
};

static void count_answer(struct promoters *p, const struct kpi_row *r)
{
    if (!r->role)
        return;
    p->n += r->n;
    if (r->figure >= PROMOTER)
        p->promoters += r->n;
    else if (r->figure <= DETRACTOR)
        p->detractors += r->n;
    else
        p->passives += r->n;
}

/* Under ten answers there is no score. num is promoters less detractors. */
void kpi_sum_nps(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    struct promoters p = { 0 };
    for (int i = 0; i < n; i++)
        count_answer(&p, rows[i]);
    f->n = f->den = p.n;
    f->num = p.promoters - p.detractors;
    if (p.n < ANSWERS)
        return;
    char score[16];
    kpi_fixed(score, sizeof score, f->num * 100, p.n, 0);
    (void)snprintf(f->value, sizeof f->value, "%s%s", f->num > 0 && score[0] != '0' ? "+" : "", score);
    double all = (double)p.n, net = (double)f->num / all;
    double spread = (double)(p.promoters + p.detractors) / all - net * net;
    put_number(f->plus_minus, sizeof f->plus_minus, z95 * 100 * sqrt(spread / all), 1);
}

void kpi_parts_nps(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct promoters p = { 0 };
    for (int i = 0; i < out->rows.n; i++)
        count_answer(&p, &out->rows.row[i]);
    if (!p.n)
        return;
    kpi_part_of(out, "nps", "promoters")->num = p.promoters;
    kpi_part_of(out, "nps", "passives")->num = p.passives;
    kpi_part_of(out, "nps", "detractors")->num = p.detractors;
}

/* Sums of two arms, told apart by `sort`. */
struct arms {
    int64_t won[2], all[2];
};

static void count_arm(struct arms *s, const struct kpi_row *r, const char *first)
{
    int arm = kpi_is(r->sort, first) ? 0 : 1;
    s->won[arm] += r->role & KPI_NUM ? r->n : 0;
    s->all[arm] += r->role & KPI_DEN ? r->n : 0;
}

static bool arms_suffice(const struct arms *s)
{
    return s->all[0] >= ARM && s->all[1] >= ARM;
}

/* The difference in percentage points, exact: (a/n - b/m) in tenths of a percent. */
void kpi_sum_certified(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    struct arms s = { 0 };
    for (int i = 0; i < n; i++)
        count_arm(&s, rows[i], "certified");
    f->n = f->den = s.all[0] + s.all[1];
    f->num = s.won[0] + s.won[1];
    if (!arms_suffice(&s))
        return;
    int64_t points = s.won[0] * s.all[1] - s.won[1] * s.all[0];
    char value[16];
    kpi_fixed(value, sizeof value, points * 100, s.all[0] * s.all[1], 1);
    bool zero = strtod(value, NULL) == 0;
    (void)snprintf(f->value, sizeof f->value, "%s%s",
        zero         ? "±"
        : points > 0 ? "+"
                     : "",
        value);
}

static void put_arm(struct kpi_answer *out, const char *kind, int64_t won, int64_t all)
{
    struct kpi_part *p = kpi_part_of(out, kind, all ? "some" : "none");
    p->num = won;
    p->den = all;
    kpi_percent(p->share, sizeof p->share, won, all);
    kpi_wilson(won, all, p->low, p->high);
}

/* Two-proportion z with the pooled rate, φ = z ÷ √n. Intervals that overlap are called
 * weak; nothing decided differently at all has neither z nor φ. */
void kpi_parts_certified(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct arms s = { 0 };
    for (int i = 0; i < out->rows.n; i++)
        count_arm(&s, &out->rows.row[i], "certified");
    put_arm(out, "certified", s.won[0], s.all[0]);
    put_arm(out, "uncertified", s.won[1], s.all[1]);
    kpi_part_of(out, "left_out", "deals")->num = kpi_count(out, "no_person");
    (void)kpi_part_of(out, "bias", "always");
    if (!arms_suffice(&s))
        return;
    double n = (double)s.all[0], m = (double)s.all[1];
    double p = (double)(s.won[0] + s.won[1]) / (n + m);
    double error = sqrt(p * (1 - p) * (1 / n + 1 / m));
    double z = error > 0 ? ((double)s.won[0] / n - (double)s.won[1] / m) / error : 0;
    const struct kpi_part *with = &out->parts[0], *rest = &out->parts[1];
    bool overlap = strtod(with->low, NULL) <= strtod(rest->high, NULL) &&
                   strtod(rest->low, NULL) <= strtod(with->high, NULL);
    struct kpi_part *test = kpi_part_of(out, "difference", overlap ? "weak" : "clear");
    test->num = s.won[0] + s.won[1];
    test->den = s.all[0] + s.all[1];
    put_number(test->share, sizeof test->share, z, 2);
    put_number(test->shift, sizeof test->shift, z / sqrt(n + m), 2);
}

/* Of a part, `figure` of `net`: weeks, deals, trainings, registrations. Of the last touch
 * point the days since; none at all is worth nothing, not left out. */
struct component {
    const char *name;
    double weight;
};
static const struct component components[KPI_COMPONENTS] = { { "weeks", .25 }, { "deals", .25 },
    { "training", .15 }, { "registrations", .15 }, { "touch", .20 } };
enum { COMPONENTS = KPI_COMPONENTS, HALF_LIFE = 30 };

static int component_of(const struct kpi_row *r)
{
    int i = 0;
    while (i < COMPONENTS && !kpi_is(r->sort, components[i].name))
        i++;
    return i;
}

static double worth(const struct kpi_row *r)
{
    if (!kpi_is(r->sort, "touch"))
        return (double)r->figure / (double)r->net;
    return kpi_is(r->mark, "never") ? 0 : pow(0.5, (double)r->figure / HALF_LIFE);
}

static int by_record(const void *a, const void *b)
{
    const struct kpi_row *x = *(const struct kpi_row *const *)a;
    const struct kpi_row *y = *(const struct kpi_row *const *)b;
    return x->no < y->no ? -1 : x->no > y->no;
}

/* The mean of the partners' scores; num of den components were there to be scored. n is
 * what the poorest score is made of. */
void kpi_sum_engagement(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    const struct kpi_row **sorted = ARENA_ARRAY(mem, const struct kpi_row *, (size_t)n + 1);
    int count = 0, partners = 0, fewest = COMPONENTS;
    double all = 0;
    for (int i = 0; i < n; i++) {
        if (rows[i]->role && component_of(rows[i]) < COMPONENTS)
            sorted[count++] = rows[i];
    }
    qsort(sorted, (size_t)count, sizeof(void *), by_record);
    for (int from = 0, to; from < count; from = to) {
        double sum = 0, weights = 0;
        for (to = from; to < count && sorted[to]->no == sorted[from]->no; to++) {
            double w = components[component_of(sorted[to])].weight;
            sum += w * worth(sorted[to]);
            weights += w;
        }
        all += 100 * sum / weights;
        fewest = to - from < fewest ? to - from : fewest;
        partners++;
    }
    f->num = count;
    f->n = partners ? fewest : 0;
    f->den = (int64_t)partners * COMPONENTS;
    if (partners)
        put_number(f->value, sizeof f->value, all / partners, 1);
}

/* Of one partner; of several a component is the sum of theirs. */
void kpi_parts_engagement(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    for (int c = 0; c < COMPONENTS; c++) {
        struct kpi_part *p = kpi_part_of(out, "component", components[c].name);
        int64_t partners = 0;
        for (int i = 0; i < out->rows.n; i++) {
            const struct kpi_row *r = &out->rows.row[i];
            if (component_of(r) != c || !r->role)
                continue;
            partners += r->n;
            p->num += r->figure * r->n;
            p->den += r->net * r->n;
        }
        if (kpi_is(p->name, "touch") && p->den)
            kpi_fixed(p->share, sizeof p->share, p->num, p->den, p->den > 1 ? 1 : 0);
        (void)snprintf(p->shift, sizeof p->shift, "%s", partners ? "known" : "missing");
    }
}
