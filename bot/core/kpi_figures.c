/* Arithmetic of the figures: exact, in integers, so that 5 of 12 is 41.7 % on every
 * machine. Knows no store and no words. */
#include "bot/core/kpi.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kpi_fixed(char *out, size_t size, int64_t num, int64_t den, int decimals)
{
    int64_t scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    /* Whole and rest apart: num * scale may not fit where num alone does. */
    uint64_t n = num < 0 ? 0 - (uint64_t)num : (uint64_t)num;
    uint64_t d = (uint64_t)den;
    uint64_t whole = n / d;
    uint64_t part = ((n % d) * (uint64_t)scale * 2 + d) / (2 * d);
    if (part >= (uint64_t)scale) {
        whole++;
        part -= (uint64_t)scale;
    }
    const char *sign = num < 0 && (whole || part) ? "-" : "";
    if (decimals)
        (void)snprintf(
            out, size, "%s%" PRIu64 ".%0*" PRIu64, sign, whole, decimals, part);
    else
        (void)snprintf(out, size, "%s%" PRIu64, sign, whole);
}

void kpi_percent(char *out, size_t size, int64_t num, int64_t den)
{
    out[0] = '\0';
    if (den > 0)
        kpi_fixed(out, size, num * 100, den, 1);
}

static void put_tenths(char out[8], double percent)
{
    long tenths = lround(fmin(fmax(percent, 0.0), 100.0) * 10.0);
    (void)snprintf(out, 8, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

void kpi_wilson(int64_t k, int64_t n, char low[8], char high[8])
{
    low[0] = high[0] = '\0';
    if (n <= 0)
        return;
    const double z = 1.959963984540054;
    double m = (double)n, p = (double)k / m, z2 = z * z;
    double centre = (p + z2 / (2 * m)) / (1 + z2 / m);
    double half = z / (1 + z2 / m) * sqrt(p * (1 - p) / m + z2 / (4 * m * m));
    put_tenths(low, 100 * (centre - half));
    put_tenths(high, 100 * (centre + half));
}

int64_t kpi_middle_twice(const int64_t *sorted, int n)
{
    return n > 0 ? sorted[(n - 1) / 2] + sorted[n / 2] : 0;
}

void kpi_median(char *out, size_t size, const int64_t *sorted, int n)
{
    out[0] = '\0';
    if (n <= 0)
        return;
    int64_t twice = kpi_middle_twice(sorted, n);
    kpi_fixed(out, size, twice, 2, twice % 2 ? 1 : 0);
}

int64_t kpi_nearest_rank(const int64_t *sorted, int n, int percent)
{
    int rank = (n * percent + 99) / 100;
    return sorted[rank > 0 ? rank - 1 : 0];
}

/* Whether part `a` is given a left-over tenth before part `b`. */
static bool comes_first(const struct kpi_part *parts, const int64_t *rest, int a, int b)
{
    if (rest[a] != rest[b])
        return rest[a] > rest[b];
    if (parts[a].num != parts[b].num)
        return parts[a].num > parts[b].num;
    return strcmp(parts[a].name, parts[b].name) < 0;
}

void kpi_shares(const struct kpi_part *parts, int n, int *tenths)
{
    int64_t all = 0, rest[KPI_PARTS_MAX];
    int left = 1000;
    for (int i = 0; i < n; i++)
        all += parts[i].num;
    for (int i = 0; i < n; i++) {
        tenths[i] = all ? (int)(parts[i].num * 1000 / all) : 0;
        rest[i] = all ? parts[i].num * 1000 % all : 0;
        left -= tenths[i];
    }
    for (; all && left > 0; left--) {
        int best = 0;
        for (int i = 1; i < n; i++) {
            if (comes_first(parts, rest, i, best))
                best = i;
        }
        tenths[best]++;
        rest[best] = -1;
    }
}

static void count_roles(const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    for (int i = 0; i < n; i++) {
        f->num += rows[i]->role & KPI_NUM ? rows[i]->n : 0;
        f->den += rows[i]->role & KPI_DEN ? rows[i]->n : 0;
    }
}

void kpi_sum_rate(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    count_roles(rows, n, f);
    f->n = f->den;
    kpi_percent(f->value, sizeof f->value, f->num, f->den);
    kpi_wilson(f->num, f->den, f->low, f->high);
}

void kpi_sum_count(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    count_roles(rows, n, f);
    f->n = f->num;
    (void)snprintf(f->value, sizeof f->value, "%" PRId64, f->num);
}

struct weighed {
    int64_t value, n;
};

static int by_value(const void *a, const void *b)
{
    int64_t x = ((const struct weighed *)a)->value, y = ((const struct weighed *)b)->value;
    return (x > y) - (x < y);
}

/* Cells are sorted, not what they stand for: a few hundred instead of a million. */
int64_t *kpi_sorted(struct arena *mem, const struct kpi_row *const *rows, int n, int role,
    bool net, int *count)
{
    struct weighed *cells = ARENA_ARRAY(mem, struct weighed, (size_t)n + 1);
    int64_t all = 0;
    int used = 0;
    for (int i = 0; i < n; i++) {
        if (!(rows[i]->role & role))
            continue;
        cells[used++] = (struct weighed){ net ? rows[i]->net : rows[i]->figure, rows[i]->n };
        all += rows[i]->n;
    }
    qsort(cells, (size_t)used, sizeof *cells, by_value);
    int64_t *v = ARENA_ARRAY(mem, int64_t, (size_t)all + 1);
    *count = 0;
    for (int i = 0; i < used; i++) {
        for (int64_t k = 0; k < cells[i].n; k++)
            v[(*count)++] = cells[i].value;
    }
    return v;
}

void kpi_sum_days(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    int count = 0;
    const int64_t *days = kpi_sorted(mem, rows, n, KPI_DEN, false, &count);
    const int64_t *net = kpi_sorted(mem, rows, n, KPI_DEN, true, &count);
    f->n = f->den = count;
    if (!count)
        return;
    for (int i = 0; i < count; i++)
        f->num += days[i];
    kpi_median(f->median, sizeof f->median, days, count);
    kpi_median(f->net, sizeof f->net, net, count);
    kpi_fixed(f->mean, sizeof f->mean, f->num, f->den, 1);
    kpi_fixed(f->p90, sizeof f->p90, kpi_nearest_rank(days, count, 90), 1, 0);
    memcpy(f->value, f->median, sizeof f->value);
}

void kpi_sum_touches(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    int count = 0;
    const int64_t *each = kpi_sorted(mem, rows, n, KPI_DEN, false, &count);
    count_roles(rows, n, f);
    f->n = count;
    if (!count)
        return;
    kpi_fixed(f->mean, sizeof f->mean, f->num, f->den, 1);
    kpi_median(f->median, sizeof f->median, each, count);
    memcpy(f->value, f->mean, sizeof f->value);
}

/* K10: a median against that of the stock, each of five or more. */
void kpi_sum_against(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    int those = 0, base = 0;
    const int64_t *days = kpi_sorted(mem, rows, n, KPI_NUM, false, &those);
    const int64_t *basis = kpi_sorted(mem, rows, n, KPI_STOCK, false, &base);
    f->n = those < base ? those : base;
    f->num = kpi_middle_twice(days, those);
    f->den = kpi_middle_twice(basis, base);
    kpi_median(f->median, sizeof f->median, days, those);
    kpi_median(f->beside, sizeof f->beside, basis, base);
    if (f->n >= KPI_UNRANKED && f->den > 0)
        kpi_fixed(f->value, sizeof f->value, f->num, f->den, 1);
}

/* K39: preparation of all days, and the rest of a hundred beside it. */
void kpi_sum_phases(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    for (int i = 0; i < n; i++) {
        if (!(rows[i]->role & KPI_DEN))
            continue;
        f->n += rows[i]->n;
        f->num += rows[i]->figure * rows[i]->n;
        f->den += (rows[i]->figure + rows[i]->net) * rows[i]->n;
    }
    if (!f->den)
        return;
    int64_t tenths = (f->num * 2000 + f->den) / (2 * f->den);
    kpi_fixed(f->value, sizeof f->value, tenths, 10, 1);
    kpi_fixed(f->beside, sizeof f->beside, 1000 - tenths, 10, 1);
}

/* Minutes, said in hours. */
void kpi_sum_hours(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    int count = 0;
    const int64_t *minutes = kpi_sorted(mem, rows, n, KPI_DEN, false, &count);
    f->n = f->den = count;
    if (!count)
        return;
    for (int i = 0; i < count; i++)
        f->num += minutes[i];
    kpi_fixed(f->value, sizeof f->value, kpi_middle_twice(minutes, count), 120, 1);
    kpi_fixed(f->mean, sizeof f->mean, f->num, f->den * 60, 1);
    kpi_fixed(f->p90, sizeof f->p90, kpi_nearest_rank(minutes, count, 90), 60, 1);
}
