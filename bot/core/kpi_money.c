/* Sums of money, each currency by itself: two are added only where every row brings the
 * rate of its own day. Exact: what is converted is summed in 128 bits and rounded once,
 * so that rows and cells say the same. Knows no store and no words. */
#include "bot/core/kpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/text/money.h"

__extension__ typedef __int128 wide;
enum { NANO = 1000000000, MOST_DIGITS = 4 };

static struct kpi_money *money_of(struct kpi_figure *f, const char *currency)
{
    int i = 0;
    while (i < f->n_money && !kpi_is(f->money[i].currency, currency))
        i++;
    if (i == KPI_CURRENCIES)
        return NULL; /* more than there are markets: left out rather than mixed */
    if (i == f->n_money)
        f->money[f->n_money++] = (struct kpi_money){ .currency = currency };
    return &f->money[i];
}

static int larger_first(const void *a, const void *b)
{
    const struct kpi_money *x = a, *y = b;
    if (x->num != y->num)
        return x->num < y->num ? 1 : -1;
    return strcmp(x->currency, y->currency);
}

static int64_t power(int digits)
{
    int64_t p = 1;
    while (digits-- > 0)
        p *= 10;
    return p;
}

static void put_amount(char *out, size_t size, int64_t minor, const char *currency)
{
    int digits = currency_digits(currency);
    kpi_fixed(out, size, minor, power(digits), digits);
}

/* Values of the rows by currency; `figure` where the numerator is not the value. */
static void add_up(
    const struct kpi_row *const *rows, int n, bool figure, struct kpi_figure *f)
{
    for (int i = 0; i < n; i++) {
        const struct kpi_row *r = rows[i];
        if (!r->role || !r->has_value || !r->currency)
            continue;
        struct kpi_money *m = money_of(f, r->currency);
        if (!m)
            continue;
        if (r->role & KPI_NUM)
            m->num += figure ? r->figure * r->n : r->value_minor;
        if (r->role & KPI_DEN)
            m->den += r->value_minor;
        f->n += r->value_minor >= 0 ? r->n : 0;
    }
    qsort(f->money, (size_t)f->n_money, sizeof *f->money, larger_first);
}

/* An amount is a decimal only where there is one currency. */
static void put_sum(struct kpi_figure *f)
{
    if (!f->n_money)
        (void)snprintf(f->value, sizeof f->value, "0");
    if (f->n_money != 1)
        return;
    f->num = f->money[0].num;
    f->den = f->money[0].den;
    put_amount(f->value, sizeof f->value, f->num, f->money[0].currency);
}

void kpi_sum_money(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    add_up(rows, n, false, f);
    put_sum(f);
}

/* The commission is the numerator, what it is paid on the denominator. */
void kpi_sum_commission(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    add_up(rows, n, true, f);
    put_sum(f);
}

/* In ten thousandths of the major unit of the currency that the rate leads to, times
 * 10^9; `net` is the rate. */
static wide converted(const struct kpi_row *r)
{
    return (wide)r->value_minor * r->net *
           power(MOST_DIGITS - currency_digits(r->currency));
}

struct exchanged {
    wide num, den;
    bool complete; /* every row of the denominator has a rate */
};

static struct exchanged exchange(const struct kpi_row *const *rows, int n)
{
    struct exchanged x = { .complete = true };
    for (int i = 0; i < n; i++) {
        const struct kpi_row *r = rows[i];
        if (!r->role || !r->has_value || !r->currency)
            continue;
        x.complete = x.complete && r->net > 0;
        x.num += r->role & KPI_NUM ? converted(r) : 0;
        x.den += r->role & KPI_DEN ? converted(r) : 0;
    }
    return x;
}

static void put_share(char *out, size_t size, wide num, wide den)
{
    out[0] = '\0';
    if (den > 0)
        kpi_fixed(out, size, (int64_t)((num * 2000 + den) / (2 * den)), 10, 1);
}

/* Several currencies have one share only where all can be converted. */
void kpi_sum_share(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    add_up(rows, n, false, f);
    if (f->n_money == 1) {
        f->num = f->money[0].num;
        f->den = f->money[0].den;
        kpi_percent(f->value, sizeof f->value, f->num, f->den);
    } else if (f->n_money) {
        struct exchanged x = exchange(rows, n);
        if (x.complete)
            put_share(f->value, sizeof f->value, x.num, x.den);
    }
}

static void put_part(struct kpi_answer *out, const char *kind, const char *currency,
    int64_t num, int64_t den)
{
    struct kpi_part *p = kpi_part_of(out, kind, currency);
    p->num = num;
    p->den = den;
    kpi_percent(p->share, sizeof p->share, num, den);
    if (!*p->share) /* of nothing there is no part */
        (void)snprintf(p->share, sizeof p->share, "none");
}

static int64_t sourced(const struct kpi_answer *out, const char *currency)
{
    int64_t sum = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (r->role && kpi_is(r->mark, "sourced") && kpi_is(r->currency, currency))
            sum += r->value_minor;
    }
    return sum;
}

/* A line for each currency where there are several, then what was sourced alone. */
void kpi_parts_share(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    const struct kpi_figure *f = &out->total;
    for (int i = 0; f->n_money > 1 && i < f->n_money; i++)
        put_part(out, "share", f->money[i].currency, f->money[i].num, f->money[i].den);
    for (int i = 0; i < f->n_money; i++)
        put_part(out, "sourced", f->money[i].currency,
            sourced(out, f->money[i].currency), f->money[i].den);
    if (f->n_money > 1)
        (void)snprintf(kpi_part_of(out, "converted", *f->value ? "yes" : "no")->share,
            sizeof out->parts->share, "%.11s", f->value);
}

/* NRR, and GRR beside it: what was there at the start and still is. */
void kpi_sum_retention(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    for (int i = 0; i < n; i++) {
        const struct kpi_row *r = rows[i];
        struct kpi_money *m =
            r->role & KPI_DEN && r->currency ? money_of(f, r->currency) : NULL;
        if (!m)
            continue;
        int64_t kept = r->figure < r->net ? r->figure : r->net;
        m->den += r->net * r->n;
        m->num += kept * r->n;
        m->plus += (r->figure - kept) * r->n;
        f->n += r->n;
    }
    qsort(f->money, (size_t)f->n_money, sizeof *f->money, larger_first);
    if (f->n_money != 1)
        return;
    f->num = f->money[0].num + f->money[0].plus;
    f->den = f->money[0].den;
    kpi_percent(f->value, sizeof f->value, f->num, f->den);
    kpi_percent(f->beside, sizeof f->beside, f->money[0].num, f->den);
}

void kpi_parts_retention(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    const struct kpi_figure *f = &out->total;
    for (int i = 0; i < f->n_money; i++) {
        const struct kpi_money *m = &f->money[i];
        put_part(out, "retention", m->currency, m->num + m->plus, m->den);
        struct kpi_part *p = kpi_part_of(out, "retention", m->currency);
        kpi_percent(p->shift, sizeof p->shift, m->num, m->den);
    }
    if (f->n)
        put_part(out, "logo_churn", "customers", kpi_count(out, "churned"), f->n);
}

struct pace {
    int64_t live, won, decided;
    int64_t value2, days2; /* medians times two */
    const char *currency;  /* NULL: none, or several */
};

/* A won deal without a value is in the rate and in the days, not in the median value. */
static struct pace pace_of(struct arena *mem, const struct kpi_row *const *rows, int n)
{
    struct pace p = { 0 };
    const struct kpi_row **won = ARENA_ARRAY(mem, const struct kpi_row *, (size_t)n + 1);
    const struct kpi_row **paid = ARENA_ARRAY(mem, const struct kpi_row *, (size_t)n + 1);
    int wins = 0, values = 0, count = 0;
    bool mixed = false;
    for (int i = 0; i < n; i++) {
        const struct kpi_row *r = rows[i];
        p.live += r->role & KPI_STOCK ? r->n : 0;
        p.decided += r->role & KPI_DEN ? r->n : 0;
        p.won += r->role & KPI_NUM ? r->n : 0;
        if (!(r->role & KPI_NUM))
            continue;
        won[wins++] = r;
        if (!r->has_value || !r->currency)
            continue;
        mixed = mixed || (p.currency && !kpi_is(p.currency, r->currency));
        p.currency = r->currency;
        paid[values++] = r;
    }
    const int64_t *days = kpi_sorted(mem, won, wins, KPI_NUM, false, &count);
    p.days2 = kpi_middle_twice(days, count);
    const int64_t *value = kpi_sorted(mem, paid, values, KPI_NUM, true, &count);
    p.value2 = kpi_middle_twice(value, count);
    if (mixed)
        p.currency = NULL;
    return p;
}

/* live × rate × value ÷ days, half away from zero. */
static int64_t per_day(const struct pace *p, int64_t num, int64_t den)
{
    wide over = (wide)p->live * num * p->value2;
    wide under = (wide)den * p->days2;
    return under > 0 ? (int64_t)((2 * over + under) / (2 * under)) : 0;
}

void kpi_sum_velocity(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    struct pace p = pace_of(mem, rows, n);
    f->num = p.live;
    f->den = f->n = p.decided;
    if (!p.currency || p.days2 <= 0)
        return;
    f->money[f->n_money++] = (struct kpi_money){ .currency = p.currency,
        .num = per_day(&p, p.won, p.decided) };
    put_amount(f->value, sizeof f->value, f->money[0].num, p.currency);
}

static int64_t tenths_of(const char *percent)
{
    return (int64_t)(strtod(percent, NULL) * 10 + 0.5);
}

/* The four factors, and where fewer than ten were decided the range that Wilson's
 * interval of the rate gives. */
void kpi_parts_velocity(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    const struct kpi_row **rows =
        ARENA_ARRAY(mem, const struct kpi_row *, (size_t)out->rows.n + 1);
    for (int i = 0; i < out->rows.n; i++)
        rows[i] = &out->rows.row[i];
    struct pace p = pace_of(mem, rows, out->rows.n);
    if (!*out->total.value)
        return;
    struct kpi_part *f = kpi_part_of(out, "velocity", p.currency);
    f->num = (p.value2 + 1) / 2;
    f->den = p.live;
    kpi_percent(f->share, sizeof f->share, p.won, p.decided);
    kpi_fixed(f->shift, sizeof f->shift, p.days2, 2, p.days2 % 2 ? 1 : 0);
    if (p.decided >= a->kpi->smallest || !p.live)
        return;
    char low[8], high[8];
    kpi_wilson(p.won, p.decided, low, high);
    struct kpi_part *range = kpi_part_of(out, "range", p.currency);
    range->num = per_day(&p, tenths_of(low), 1000);
    range->den = per_day(&p, tenths_of(high), 1000);
}

/* What was won, in the target's currency; targets of several currencies are not added. */
void kpi_sum_attainment(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    const char *currency = NULL;
    bool mixed = false;
    int64_t target = 0;
    for (int i = 0; i < n; i++) {
        if (!(rows[i]->role & KPI_DEN))
            continue;
        mixed = mixed || (currency && !kpi_is(currency, rows[i]->currency));
        currency = rows[i]->currency;
        target += rows[i]->value_minor;
    }
    for (int i = 0; i < n; i++)
        f->n += rows[i]->role == KPI_NUM ? rows[i]->n : 0;
    if (!currency || mixed)
        return;
    struct exchanged x = exchange(rows, n);
    wide unit = (wide)NANO * power(MOST_DIGITS - currency_digits(currency));
    f->num = (int64_t)((2 * x.num + unit) / (2 * unit));
    f->den = target;
    f->money[f->n_money++] =
        (struct kpi_money){ .currency = currency, .num = f->num, .den = target };
    kpi_percent(f->value, sizeof f->value, f->num, f->den);
}

/* How many partners there are of each kind; of a single one its curve. */
void kpi_parts_plateau(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem;
    static const char *const marks[] = { "plateau", "revived", "steady", "never_spiked",
        "young", "just_signed" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        int n = kpi_count(out, marks[i]);
        if (n)
            kpi_part_of(out, "course", marks[i])->num = n;
    }
    const struct kpi_row *r = out->rows.n ? &out->rows.row[0] : NULL;
    if (!r || !a->scope.partner || !r->sort || !r->net)
        return;
    struct kpi_part *p = kpi_part_of(out, "curve", r->sort);
    kpi_fixed(p->shift, sizeof p->shift, r->net, 2, r->net % 2 ? 1 : 0);
    if (r->has_figure)
        kpi_fixed(p->share, sizeof p->share, r->figure, 100, 2);
}
