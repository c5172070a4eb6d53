/* Splits the rows of an answer: into parts of the whole (origins, currencies, channels)
 * and into groups, each summed like the whole. Reads no store. */
#include "bot/core/kpi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kpi_part *kpi_part_of(
    struct kpi_answer *out, const char *kind, const char *name)
{
    for (int i = 0; i < out->n_parts; i++) {
        if (kpi_is(out->parts[i].kind, kind) && kpi_is(out->parts[i].name, name))
            return &out->parts[i];
    }
    if (out->n_parts == KPI_PARTS_MAX)
        return &out->parts[KPI_PARTS_MAX - 1];
    out->parts[out->n_parts] = (struct kpi_part){ .kind = kind, .name = name };
    return &out->parts[out->n_parts++];
}

/* Every origin is a term of the sum, and shown where it is 0. */
void kpi_parts_origins(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    static const char *const all[] = { "inbound", "outbound", "network", "referral",
        "unknown" };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        kpi_part_of(out, "origin", all[i])->den = out->total.num;
    for (int i = 0; i < out->rows.n; i++)
        kpi_part_of(out, "origin", out->rows.row[i].sort)->num += out->rows.row[i].n;
}

/* Win rate by value, a line for each currency; deals without a value are left out of
 * these lines only. */
void kpi_parts_currencies(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (!r->role || !r->has_value)
            continue;
        struct kpi_part *p = kpi_part_of(out, "currency", r->currency);
        p->den += r->value_minor;
        p->num += r->role & KPI_NUM ? r->value_minor : 0;
    }
    for (int i = 0; i < out->n_parts; i++) {
        struct kpi_part *p = &out->parts[i];
        kpi_percent(p->share, sizeof p->share, p->num, p->den);
    }
}

/* By kind, the larger first, those of which it is not known last. */
static int by_kind(const void *a, const void *b)
{
    const struct kpi_part *x = a, *y = b;
    int c = strcmp(x->kind, y->kind);
    bool p = kpi_is(x->name, "unknown"), q = kpi_is(y->name, "unknown");
    if (c || p != q)
        return c ? c : p - q;
    if (x->den != y->den)
        return x->den < y->den ? 1 : -1;
    return strcmp(x->name, y->name);
}

void kpi_parts_partners(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        const char *const names[] = { r->type, r->market, r->silo };
        static const char *const kinds[] = { "partner_type", "market", "silo" };
        for (int k = 0; r->role && k < 3; k++) {
            struct kpi_part *p =
                kpi_part_of(out, kinds[k], names[k] ? names[k] : "unknown");
            p->den += r->n;
            p->num += r->role & KPI_NUM ? r->n : 0;
        }
    }
    qsort(out->parts, (size_t)out->n_parts, sizeof *out->parts, by_kind);
}

static int larger_first(const void *a, const void *b)
{
    const struct kpi_part *x = a, *y = b;
    if (x->num != y->num)
        return x->num < y->num ? 1 : -1;
    return strcmp(x->name, y->name);
}

static void put_shift(char *out, size_t size, int tenths)
{
    int n = abs(tenths);
    const char *sign = tenths > 0 ? "+" : tenths < 0 ? "-" : "±";
    (void)snprintf(out, size, "%s%d.%d", sign, n / 10, n % 10);
}

/* K12: `den` counts the period before while it is being filled. */
void kpi_parts_channels(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    (void)mem, (void)a;
    struct kpi_part earlier[KPI_PARTS_MAX];
    int now[KPI_PARTS_MAX], then[KPI_PARTS_MAX];
    int64_t before = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (r->again || (!r->role && !kpi_is(r->mark, "before")))
            continue;
        struct kpi_part *p = kpi_part_of(out, "channel", r->channel);
        p->num += r->role ? r->n : 0;
        p->den += r->role ? 0 : r->n;
        before += r->role ? 0 : r->n;
    }
    qsort(out->parts, (size_t)out->n_parts, sizeof *out->parts, larger_first);
    for (int i = 0; i < out->n_parts; i++) {
        earlier[i] = out->parts[i];
        earlier[i].num = earlier[i].den;
        out->parts[i].den = out->total.num;
    }
    kpi_shares(out->parts, out->n_parts, now);
    kpi_shares(earlier, out->n_parts, then);
    for (int i = 0; i < out->n_parts; i++) {
        struct kpi_part *p = &out->parts[i];
        if (p->den)
            kpi_fixed(p->share, sizeof p->share, now[i], 10, 1);
        if (p->den && before)
            put_shift(p->shift, sizeof p->shift, now[i] - then[i]);
    }
}

void kpi_split_parts(struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    out->parts = ARENA_ARRAY(mem, struct kpi_part, KPI_PARTS_MAX);
    if (a->kpi->parts)
        a->kpi->parts(mem, a, out);
}

struct keyed {
    int64_t id;
    const char *name; /* of a market, channel, type or silo; NULL: unknown */
    const struct kpi_row *row;
};

static int compare_keys(const struct keyed *x, const struct keyed *y)
{
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    if (!x->name || !y->name)
        return (x->name != NULL) - (y->name != NULL);
    return strcmp(x->name, y->name);
}

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int c = compare_keys(x, y);
    return c ? c : (x->row > y->row) - (x->row < y->row);
}

static bool is_base(const struct kpi_row *r, const struct kpi_ask *a)
{
    return a->kpi->against && r->role & KPI_STOCK;
}

/* The groups that a row belongs to: a co-sell deal counts for both members, those who
 * left stand together. A touch point with two partners has a row for each, of which a
 * split by anything else takes one. */
static int keys_of(const struct kpi_row *r, const struct kpi_ask *a, struct keyed *out)
{
    enum kpi_by each = a->kpi->again ? a->kpi->again : KPI_BY_PARTNER;
    if (!r->role || (r->again && a->by != each) || is_base(r, a))
        return 0;
    out[0] = (struct keyed){ .row = r };
    switch (a->by) {
    case KPI_BY_PARTNER:
        out[0].id = r->partner;
        return 1;
    case KPI_BY_MARKET:
        out[0].name = r->market;
        return 1;
    case KPI_BY_CHANNEL:
        out[0].name = r->channel;
        return 1;
    case KPI_BY_TYPE:
        out[0].name = r->type;
        return 1;
    case KPI_BY_SILO:
        out[0].name = r->silo;
        return 1;
    case KPI_BY_PRODUCT:
        out[0].name = r->product;
        return 1;
    case KPI_BY_TEAM:
        out[0].name = r->team && *r->team ? r->team : NULL;
        return 1;
    case KPI_BY_TAG:
        out[0].name = r->sort;
        return 1;
    default:
        out[0].id = r->member_left ? KPI_LEFT : r->member;
        out[1] = (struct keyed){ .row = r, .id = r->co_left ? KPI_LEFT : r->co_member };
        return r->co_member && out[1].id != out[0].id ? 2 : 1;
    }
}

static bool may_see(const struct kpi_ask *a, int64_t member)
{
    return a->by != KPI_BY_MEMBER || a->sees_members || member == a->viewer;
}

void kpi_split_groups(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out)
{
    size_t room = (size_t)out->rows.n * 2 + 2; /* a co-sell stands in two groups */
    int base = 0;
    struct keyed *keys = ARENA_ARRAY(mem, struct keyed, room);
    const struct kpi_row **rows = ARENA_ARRAY(mem, const struct kpi_row *, room);
    int n = 0;
    for (int i = 0; i < out->rows.n; i++)
        n += keys_of(&out->rows.row[i], a, keys + n);
    for (int i = 0; i < out->rows.n; i++) {
        if (is_base(&out->rows.row[i], a))
            rows[base++] = &out->rows.row[i];
    }
    qsort(keys, (size_t)n, sizeof *keys, by_key);
    int groups = 0;
    for (int i = 0; i < n; i++)
        groups += !i || compare_keys(&keys[i], &keys[i - 1]) != 0;
    out->groups = ARENA_ARRAY(mem, struct kpi_group, (size_t)groups + 1);
    for (int from = 0, to; from < n; from = to) {
        for (to = from; to < n && !compare_keys(&keys[to], &keys[from]); to++)
            rows[base + to - from] = keys[to].row;
        /* Asked about one member, the partners of their co-sells are not the answer. */
        if (a->scope.member && a->by == KPI_BY_MEMBER &&
            keys[from].id != a->scope.member)
            continue;
        if (!may_see(a, keys[from].id)) {
            out->hidden++;
            continue;
        }
        struct kpi_group *g = &out->groups[out->n_groups++];
        *g = (struct kpi_group){ .id = keys[from].id, .name = keys[from].name };
        a->kpi->sum(mem, rows, base + to - from, &g->f);
        g->f.small = g->f.n < a->kpi->smallest;
        g->f.unranked = g->f.n < KPI_UNRANKED;
    }
}
