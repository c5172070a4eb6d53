/* Further sums and parts of the figures of partners: ratios of what rows carry, a runway,
 * capabilities, and what is said beside a figure. Each reads nothing but its rows. */
#include "bot/core/kpi.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/text/calendar.h"

enum { MONTHS = 6, ACTIVE_DAYS = 90 };

/* What the rows carry: meetings of leads. Months and the like carry nothing here. */
void kpi_sum_ratio(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    for (int i = 0; i < n; i++) {
        f->num += rows[i]->role & KPI_NUM ? rows[i]->figure * rows[i]->n : 0;
        f->den += rows[i]->role & KPI_DEN ? rows[i]->net * rows[i]->n : 0;
    }
    f->n = f->den;
    kpi_percent(f->value, sizeof f->value, f->num, f->den);
    if (f->num <= f->den)
        kpi_wilson(f->num, f->den, f->low, f->high);
}

/* Of one kind for each of another: a customer may have two case studies, so that it is no
 * share and has no interval. */
void kpi_sum_per(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    for (int i = 0; i < n; i++) {
        f->num += rows[i]->role & KPI_NUM ? rows[i]->n : 0;
        f->den += rows[i]->role & KPI_DEN ? rows[i]->n : 0;
    }
    f->n = f->den ? f->den : f->num;
    kpi_percent(f->value, sizeof f->value, f->num, f->den);
}

/* K10: how many deals stand on either side, which the value alone does not tell. */
void kpi_parts_sides(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct kpi_part *p = kpi_part_of(out, "sides", "both");
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        p->num += r->role & KPI_NUM ? r->n : 0;
        p->den += r->role & KPI_STOCK ? r->n : 0;
    }
}

struct network {
    int64_t accounts, approached, recent;
    bool known, old; /* somebody said how many, be it none at all */
};

static void count_account(struct network *w, const struct kpi_row *r)
{
    bool recent = kpi_is(r->mark, "approached_lately");
    if (kpi_is(r->mark, "estimate")) {
        w->known = true;
        w->accounts += r->figure * r->n;
        w->old = w->old || r->flags & KPI_FURTHER;
    } else if (recent || kpi_is(r->mark, "approached")) {
        w->approached += r->n;
        w->recent += recent ? r->n : 0;
    }
}

/* Months until the network is used up at the pace of the last six. num is what is left,
 * den what was newly approached in these; without any it is stalled and has no value. A
 * network of no accounts is used up. */
void kpi_sum_runway(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    struct network w = { 0 };
    for (int i = 0; i < n; i++)
        count_account(&w, rows[i]);
    int64_t left = w.accounts - w.approached;
    f->n = w.accounts;
    f->num = left > 0 ? left : 0;
    f->den = w.recent;
    if (w.accounts && w.recent)
        kpi_fixed(f->value, sizeof f->value, f->num * MONTHS, f->den, 1);
    else if (w.known && !w.accounts)
        kpi_fixed(f->value, sizeof f->value, 0, 1, 1);
}

/* Open deals by the weight of their stage (`net`, percent) against what was won in the
 * same six months, each currency by itself. */
static void weigh_pipeline(struct kpi_answer *out)
{
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (r->kind != 'D' || !r->role || !r->has_value)
            continue;
        struct kpi_part *p = kpi_part_of(out, "pipeline", r->currency);
        p->num += kpi_is(r->mark, "open") ? r->value_minor * r->net : 0;
        p->den += kpi_is(r->mark, "won") ? r->value_minor : 0;
    }
    for (int i = 0; i < out->n_parts; i++) {
        struct kpi_part *p = &out->parts[i];
        if (!kpi_is(p->kind, "pipeline"))
            continue;
        p->num = (p->num + 50) / 100;
        if (p->den)
            kpi_fixed(p->share, sizeof p->share, p->num * MONTHS, p->den, 1);
        else
            (void)snprintf(p->share, sizeof p->share, "none");
    }
}

void kpi_parts_runway(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct network w = { 0 };
    for (int i = 0; i < out->rows.n; i++) {
        if (out->rows.row[i].role)
            count_account(&w, &out->rows.row[i]);
    }
    if (!w.known)
        return;
    struct kpi_part *p = kpi_part_of(out, "network", w.old ? "old" : "fresh");
    p->num = w.approached;
    p->den = w.accounts;
    kpi_fixed(p->share, sizeof p->share, w.recent, MONTHS, 1);
    weigh_pipeline(out);
}

static const char *const capabilities[KPI_CAPABILITIES] = { "presales", "technical", "implement", "onboard",
    "train", "maintain", "support", "renewal" };
enum { CAPABILITIES = KPI_CAPABILITIES, BEST = 5 };

struct ratings {
    int64_t n[BEST + 1], all;
    bool outsourced;
};

static void rate(struct ratings each[CAPABILITIES], const struct kpi_row *r)
{
    for (int c = 0; r->role && c < CAPABILITIES; c++) {
        if (!kpi_is(r->sort, capabilities[c]) || r->figure < 0 || r->figure > BEST)
            continue;
        each[c].n[r->figure] += r->n;
        each[c].all += r->n;
        each[c].outsourced = each[c].outsourced || r->flags & KPI_FURTHER;
    }
}

/* The k-th smallest rating, k from 0. */
static int64_t nth(const struct ratings *s, int64_t k)
{
    int64_t score = 0;
    while (score < BEST && k >= s->n[score])
        k -= s->n[score++];
    return score;
}

/* Twice the median. */
static int64_t middle(const struct ratings *s)
{
    return nth(s, (s->all - 1) / 2) + nth(s, s->all / 2);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The middle of the capabilities that are known; num of den are. */
void kpi_sum_capability(
    struct arena *mem, const struct kpi_row *const *rows, int n, struct kpi_figure *f)
{
    (void)mem;
    struct ratings each[CAPABILITIES] = { 0 };
    int64_t twice[CAPABILITIES];
    int known = 0;
    for (int i = 0; i < n; i++)
        rate(each, rows[i]);
    for (int c = 0; c < CAPABILITIES; c++) {
        if (each[c].all)
            twice[known++] = middle(&each[c]);
    }
    qsort(twice, (size_t)known, sizeof *twice, by_size);
    f->n = f->num = known;
    f->den = CAPABILITIES;
    if (known)
        kpi_fixed(f->value, sizeof f->value, twice[(known - 1) / 2] + twice[known / 2], 4, 1);
}

void kpi_parts_capability(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct ratings each[CAPABILITIES] = { 0 };
    for (int i = 0; i < out->rows.n; i++)
        rate(each, &out->rows.row[i]);
    for (int c = 0; c < CAPABILITIES; c++) {
        struct kpi_part *p = kpi_part_of(out, "capability", capabilities[c]);
        int64_t twice = each[c].all ? middle(&each[c]) : 0;
        p->num = each[c].all;
        p->den = each[c].outsourced;
        if (each[c].all)
            kpi_fixed(p->share, sizeof p->share, twice, 2, twice % 2 ? 1 : 0);
        else
            (void)snprintf(p->share, sizeof p->share, "?");
    }
}

/* Rows that also count in a further reading: coaches, positive words, a first win. */
void kpi_parts_further(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem;
    int64_t n = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        n += r->flags & KPI_FURTHER && !r->again ? r->n : 0;
    }
    if (!n)
        return;
    struct kpi_part *p = kpi_part_of(out, "further", a->kpi->id);
    p->num = n;
    p->den = out->total.den;
    kpi_percent(p->share, sizeof p->share, p->num, p->den);
}

/* How long those talk who have not signed yet. */
void kpi_parts_open_age(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)a;
    int64_t all = 0;
    int n = 0;
    for (int i = 0; i < out->rows.n; i++)
        all += kpi_is(out->rows.row[i].mark, "talking") ? out->rows.row[i].n : 0;
    int64_t *days = ARENA_ARRAY(mem, int64_t, (size_t)all + 1);
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        for (int64_t k = 0; kpi_is(r->mark, "talking") && k < r->n; k++)
            days[n++] = r->figure;
    }
    if (!n)
        return;
    qsort(days, (size_t)n, sizeof *days, by_size);
    struct kpi_part *p = kpi_part_of(out, "open_age", "days");
    p->num = n;
    p->den = days[n - 1];
    kpi_median(p->share, sizeof p->share, days, n);
}

/* Of the last touch point of each the business days beyond the target (`net`). */
void kpi_parts_cadence(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    int64_t n = 0, most = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (!(r->flags & KPI_FURTHER))
            continue;
        n += r->n;
        most = r->net > most ? r->net : most;
    }
    if (!n)
        return;
    struct kpi_part *p = kpi_part_of(out, "overdue", "days");
    p->num = n;
    p->den = most;
}

static int64_t at_mark(const struct kpi_answer *out, const char *mark)
{
    return kpi_count(out, mark);
}

static const char *iso_day(struct arena *mem, struct civil d)
{
    return arena_printf(mem, "%04d-%02d-%02d", d.year, d.month, d.day);
}

/* Who is quiet for how long, and the window of the active ones. */
void kpi_parts_activity(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    static const char *const marks[] = { "active", "recent", "dormant", "dead" };
    int64_t end = a->period.to_ms < a->as_of_ms + 1 ? a->period.to_ms : a->as_of_ms + 1;
    int32_t today = day_of(end, a->zone);
    struct civil from = civil_of_day(today - ACTIVE_DAYS), to = civil_of_day(day_of(end - 1, a->zone));
    if (!out->total.n)
        return;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        kpi_part_of(out, "activity", marks[i])->num = at_mark(out, marks[i]);
    struct kpi_part *window = kpi_part_of(out, "window", iso_day(mem, from));
    (void)snprintf(window->share, sizeof window->share, "%s", iso_day(mem, to));
}

/* Solo and joint apart, and the months after the first year in which a meeting came. */
void kpi_parts_marketing(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    static const char *const kinds[] = { "solo", "joint" };
    for (int k = 0; k < 2; k++) {
        struct kpi_part *p = kpi_part_of(out, "marketing", kinds[k]);
        for (int i = 0; i < out->rows.n; i++) {
            const struct kpi_row *r = &out->rows.row[i];
            if (!kpi_is(r->sort, kinds[k]) || !r->role)
                continue;
            p->num += r->figure * r->n;
            p->den += r->net * r->n;
        }
        kpi_percent(p->share, sizeof p->share, p->num, p->den);
    }
    int64_t booked = at_mark(out, "month_booked"), none = at_mark(out, "month_without");
    if (!booked && !none)
        return;
    struct kpi_part *p = kpi_part_of(out, "months", "later");
    p->num = booked;
    p->den = booked + none;
    kpi_percent(p->share, sizeof p->share, p->num, p->den);
}

/* How far introductions came; a later step includes the earlier ones. */
void kpi_parts_funnel(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    static const char *const steps[] = { "introduced", "met", "registered", "won" };
    for (int s = 0; out->total.n && s < 4; s++) {
        struct kpi_part *p = kpi_part_of(out, "funnel", steps[s]);
        for (int i = 0; i < out->rows.n; i++) {
            const struct kpi_row *r = &out->rows.row[i];
            p->num += r->role && r->figure >= s ? r->n : 0;
        }
    }
}

static int by_holder(const void *a, const void *b)
{
    return strcmp((*(const struct kpi_row *const *)a)->sort, (*(const struct kpi_row *const *)b)->sort);
}

static int longest_first(const void *a, const void *b)
{
    const struct kpi_part *x = a, *y = b;
    if (x->num != y->num)
        return x->num < y->num ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* Each holder once, with its days and how often it had one. */
static int sum_holders(struct arena *mem, const struct kpi_rows *rows, struct kpi_part **parts)
{
    const struct kpi_row **stays = ARENA_ARRAY(mem, const struct kpi_row *, (size_t)rows->n + 1);
    int n = 0, holders = 0;
    for (int i = 0; i < rows->n; i++) {
        if (rows->row[i].role == KPI_NUM)
            stays[n++] = &rows->row[i];
    }
    qsort(stays, (size_t)n, sizeof(const struct kpi_row *), by_holder);
    *parts = ARENA_ARRAY(mem, struct kpi_part, (size_t)n + 1);
    for (int i = 0; i < n; i++) {
        if (!i || strcmp(stays[i]->sort, stays[i - 1]->sort) != 0)
            (*parts)[holders++] = (struct kpi_part){ .kind = "holder", .name = stays[i]->sort };
        (*parts)[holders - 1].num += stays[i]->figure * stays[i]->n;
        (*parts)[holders - 1].den += stays[i]->n;
    }
    qsort(*parts, (size_t)holders, sizeof **parts, longest_first);
    return holders;
}

/* K32: who had it longest, and what share of the way to the close the circulation was. */
void kpi_parts_dwell(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)a;
    enum { HOLDERS = 8 };
    struct kpi_part *holders, cycle = { .kind = "cycle", .name = "deal" };
    int n = sum_holders(mem, &out->rows, &holders);
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        cycle.num += r->role & KPI_DEN && r->net ? r->figure * r->n : 0;
        cycle.den += r->role & KPI_DEN ? r->net * r->n : 0;
    }
    for (int i = 0; i < n && i < HOLDERS; i++)
        out->parts[out->n_parts++] = holders[i];
    if (!cycle.den)
        return;
    kpi_percent(cycle.share, sizeof cycle.share, cycle.num, cycle.den);
    out->parts[out->n_parts++] = cycle;
}
