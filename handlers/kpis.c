/* Questions about figures: answers one figure, whole or split into a table. What is asked
 * is read by kpi_ask.c; several on a card are in kpi_card.c, `why` and `list` in kpi_why.c.
 * Computes nothing (core/kpi.c). */
#include "handlers/kpis.h"

#include <stdlib.h>
#include <string.h>
#include "bot/core/label.h"
#include "bot/store/team.h"

enum { TABLE_ROWS = 20 };

static const struct arg kpi_args[] = {
    { "kpi", ARG_KPI, MANY },
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

char *kpi_title(struct call *c, const char *name, const struct kpi_ask *a)
{
    struct buf b = BUF_ON(c->mem);
    const char *scope = kpi_scope_text(c, a);
    buf_join(&b, " · ", name);
    if (*scope)
        buf_join(&b, " · ", scope);
    struct period p = a->period;
    if (a->kpi && a->kpi->period == KPI_NOW)
        p.from_day = p.to_day - 1; /* a snapshot is of a day */
    buf_join(&b, " · ", period_format(&c->when, c->mem, c->locale, &p));
    return arena_strdup(c->mem, buf_str(&b));
}

/* A snapshot is drawn over the last months: its one day would be a dot. */
static void chart_button(struct reply *r, const struct kpi_ask *a)
{
    struct call *c = r->call;
    bool days = a->kpi->period != KPI_NOW || a->by;
    const char *say = kpi_say(c, "chart", a->kpi->id, a);
    if (!days)
        say = arena_strndup(c->mem, say, (size_t)(strrchr(say, ' ') - say));
    reply_button(r, "plain", say, "kpi.button.chart", NO_ARGS);
}

void kpi_file_buttons(struct reply *r, bool chart, const struct kpi_ask *a)
{
    if (chart)
        chart_button(r, a);
    reply_button(r, "plain",
        arena_printf(r->call->mem, "%s csv", kpi_say(r->call, "export", a->kpi->id, a)),
        "kpi.button.csv", NO_ARGS);
}

void kpi_buttons(
    struct reply *r, const char *why, const char *list, const struct kpi_ask *a)
{
    struct call *c = r->call;
    reply_button(r, "plain", kpi_say(c, "why", why, a), "kpi.button.why", NO_ARGS);
    reply_button(r, "plain", kpi_say(c, "list", list, a),
        why ? "kpi.button.list" : "kpi.button.deals", NO_ARGS);
    /* Not broadcast: what is said of one person is for who asked. */
    if (a->scope.member || a->by == KPI_BY_MEMBER)
        reply_private(r);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(
        ((const struct kpi_group *)a)->name, ((const struct kpi_group *)b)->name);
}

const char *kpi_tag_name(struct call *c, const char *tag)
{
    const char *firm = tag ? strchr(tag, ':') : NULL;
    if (!tag)
        return call_text(c, "kpi.no_tag", NO_ARGS);
    if (!firm)
        return call_word(c, WORD_CAPTAG, tag);
    return call_text(c, arena_printf(c->mem, "tag.%.*s", (int)(firm - tag), tag), ARGS(TXT("firm", firm + 1)));
}

static const char *group_name(
    struct call *c, const struct kpi_ask *a, const struct kpi_group *g)
{
    switch (a->by) {
    case KPI_BY_TAG:
        return kpi_tag_name(c, g->name);
    case KPI_BY_MARKET:
        return call_word(c, WORD_MARKET, g->name ? g->name : "unknown");
    case KPI_BY_CHANNEL:
        return call_word(c, WORD_CHANNEL, g->name ? g->name : "unknown");
    case KPI_BY_TYPE:
    case KPI_BY_SILO:
        return !g->name ? call_text(c, "kpi.unknown", NO_ARGS)
                        : call_word(c, a->by == KPI_BY_TYPE ? WORD_PARTNER_TYPE : WORD_SILO,
                              g->name);
    case KPI_BY_PARTNER:
        return g->id ? label_partner(c, g->id) : call_text(c, "kpi.direct", NO_ARGS);
    case KPI_BY_MONTH:
    case KPI_BY_QUARTER:
        return g->name;
    case KPI_BY_PRODUCT:
    case KPI_BY_TEAM:
        return g->name ? arena_strdup(c->mem, g->name)
                       : call_text(c, "kpi.unknown", NO_ARGS);
    default:
        return g->id > 0 ? label_member(c, g->id)
                         : call_text(c, g->id ? "kpi.left" : "kpi.nobody", NO_ARGS);
    }
}

static int larger_first(const void *a, const void *b)
{
    const struct kpi_figure *x = &((const struct kpi_group *)a)->f;
    const struct kpi_figure *y = &((const struct kpi_group *)b)->f;
    double p = strtod(x->value, NULL), q = strtod(y->value, NULL);
    return p < q ? 1 : p > q ? -1 : by_name(a, b);
}

/* Money, and what reads in words of its own, has one column. */
static bool in_words(const struct kpi *k)
{
    return (k->says && !kpi_is(k->says, "active") && !kpi_is(k->says, "per_close")) ||
           kpi_is(k->unit, "money") || kpi_is(k->unit, "times") || kpi_is(k->unit, "hours");
}

static void put_columns(struct reply *r, const struct kpi_ask *a)
{
    struct call *c = r->call;
    const struct kpi *k = a->kpi;
    bool rate = kpi_is(k->unit, "%"), mean = kpi_is(k->id, "K11"), count = !k->smallest;
    reply_table(r);
    reply_column(r,
        call_text(c, arena_printf(c->mem, "kpi.by.%s", kpi_by_names[a->by]), NO_ARGS),
        'l');
    if (in_words(k)) {
        reply_column(r, call_text(c, "kpi.column.figure", NO_ARGS), 'l');
        return;
    }
    reply_column(r,
        call_text(c,
            rate    ? "kpi.column.rate"
            : mean  ? "kpi.column.mean"
            : count ? "kpi.column.n"
                    : arena_printf(c->mem, "kpi.column.%s", k->unit),
            NO_ARGS),
        'r');
    if (mean)
        reply_column(r, call_text(c, "kpi.column.median", NO_ARGS), 'r');
    bool deals = k->by & 1 << KPI_BY_MEMBER && !kpi_is(k->id, "K32");
    if (!count)
        reply_column(r,
            call_text(c,
                rate    ? "kpi.column.k"
                : deals ? "kpi.column.deals"
                        : "kpi.column.behind",
                NO_ARGS),
            'r');
    if (!count)
        reply_column(r, "", 'l');
}

static void put_row(struct reply *r, const struct kpi_ask *a, const struct kpi_group *g)
{
    struct call *c = r->call;
    const struct kpi_figure *f = &g->f;
    bool rate = kpi_is(a->kpi->unit, "%");
    const char *cells[5] = { g->name };
    int n = 1;
    if (in_words(a->kpi)) {
        cells[n++] = kpi_figure_text(c, a->kpi, f);
        reply_row(r, cells, n);
        return;
    }
    cells[n++] = !f->value[0] ? call_text(c, "kpi.na", NO_ARGS)
                 : rate ? call_text(c, "kpi.percent", ARGS(TXT("value", f->value)))
                        : f->value;
    if (kpi_is(a->kpi->id, "K11"))
        cells[n++] = f->median;
    if (a->kpi->smallest) {
        cells[n++] = rate ? arena_printf(c->mem, "%lld/%lld", (long long)f->num,
                                (long long)f->den)
                          : arena_printf(c->mem, "%lld", (long long)f->n);
        cells[n++] = f->small && f->n ? call_text(c, "kpi.small", NO_ARGS) : "";
    }
    reply_row(r, cells, n);
}

/* Individuals are ranked only where a manager turned that on. */
static bool ranks(struct call *c, const struct kpi_ask *a)
{
    struct err e = { 0 };
    return a->by != KPI_BY_MEMBER || kpi_is(setting_get(c->db, c->mem, "ranking", &e), "on");
}

int kpi_order_groups(struct call *c, const struct kpi_ask *a, struct kpi_answer *out)
{
    int few = 0;
    bool time = kpi_by_time(a->by); /* has its own order */
    for (int i = 0; i < out->n_groups; i++) {
        out->groups[i].name = group_name(c, a, &out->groups[i]);
        few += !time && a->kpi->smallest && out->groups[i].f.unranked;
    }
    if (!time)
        qsort(out->groups, (size_t)out->n_groups, sizeof *out->groups, by_name);
    if (!few && !time && ranks(c, a) && !in_words(a->kpi))
        qsort(out->groups, (size_t)out->n_groups, sizeof *out->groups, larger_first);
    return few;
}

void kpi_split_table(struct reply *r, const struct kpi_ask *a, struct kpi_answer *out)
{
    struct call *c = r->call;
    int few = kpi_order_groups(c, a, out);
    if (!out->n_groups && !out->hidden)
        return;
    put_columns(r, a);
    for (int i = 0; i < out->n_groups && i < TABLE_ROWS; i++)
        put_row(r, a, &out->groups[i]);
    if (out->n_groups > TABLE_ROWS)
        reply_text(r, "kpi.more", ARGS(NUM("n", out->n_groups - TABLE_ROWS)));
    if (few)
        reply_text(r, "kpi.not_ranked", ARGS(NUM("n", few)));
    else if (out->n_groups > 1 && !ranks(c, a))
        reply_text(r, "kpi.no_ranking", NO_ARGS);
    if (a->by == KPI_BY_MEMBER)
        reply_text(r, "kpi.not_sum", NO_ARGS);
    if (out->hidden)
        reply_text(r, "kpi.members_hidden", NO_ARGS);
}

/* Nothing to count: what is missing, and what there is instead. */
static bool put_none(
    struct call *c, const struct kpi_ask *a, const struct kpi_answer *out)
{
    const char *scope = kpi_scope_text(c, a);
    struct reply *r =
        reply_titled(c, REPLY_OK, "kpi.none",
            call_text(c, arena_printf(c->mem, "kpi.none.%s", a->kpi->id),
                ARGS(TXT("scope", *scope ? scope : call_text(c, "kpi.team", NO_ARGS)),
                    TXT("period", period_format(&c->when, c->mem, c->locale, &a->period)))));
    int open = kpi_count(out, "open"), paused = kpi_count(out, "paused");
    int pending = kpi_count(out, "pending");
    if (open)
        reply_text(r, "kpi.open_now", ARGS(NUM("n", open)));
    if (paused)
        reply_text(r, "kpi.paused_now", ARGS(NUM("n", paused)));
    if (pending)
        reply_text(r, "kpi.pending", ARGS(NUM("n", pending)));
    if (out->n_out)
        kpi_buttons(r, a->kpi->id, a->kpi->id, a);
    kpi_put(r, a, out);
    return true;
}

/* Some words name the win rate to one firm and the close rate to the next: 受注率. */
static bool said_either(struct call *c, const struct kpi_ask *a)
{
    return kpi_is(a->kpi->id, "K6") && kpi_typed_one_of(c, "kpi.K6.either");
}

static bool put_close_rate(struct reply *r, const struct kpi_ask *a, struct err *e)
{
    struct call *c = r->call;
    struct kpi_ask other = *a;
    struct kpi_answer out;
    other.kpi = kpi_find("K7");
    other.by = KPI_BY_NONE;
    other.cells = true;
    if (!kpi_compute(c->db, c->mem, &other, &out, e))
        return false;
    reply_text(r, "kpi.either",
        ARGS(TXT("name", kpi_name(c, "K7")),
            TXT("figure", kpi_figure_text(c, other.kpi, &out.total))));
    return true;
}

static bool one_figure(struct call *c, struct kpi_ask *a, struct err *e)
{
    a->cells = a->excluded = true;
    struct kpi_answer out;
    if (!kpi_compute(c->db, c->mem, a, &out, e))
        return false;
    if (!out.total.n && !out.total.value[0] && a->kpi->smallest)
        return put_none(c, a, &out);
    struct reply *r = reply_titled(
        c, REPLY_OK, "kpi.figure", kpi_title(c, kpi_name(c, a->kpi->id), a));
    reply_line(r, kpi_figure_text(c, a->kpi, &out.total));
    if (said_either(c, a) && !put_close_rate(r, a, e))
        return false;
    if (a->by)
        kpi_split_table(r, a, &out);
    kpi_details(r, a, &out);
    kpi_buttons(r, a->kpi->id, a->kpi->id, a);
    kpi_file_buttons(r, true, a);
    kpi_put(r, a, &out);
    return true;
}

static bool kpi_run(struct call *c, struct err *e)
{
    struct kpi_ask a;
    bool known;
    if (kpi_is(c->f->word[WORD_SHOWN], "chart") && c->f->n_kpis == 1)
        return kpi_chart(c, e);
    if (!kpi_read_ask(c, false, &a, &known, e))
        return e->code == ERR_NONE;
    if (c->f->n_partners > 1)
        return kpi_compare(c, &a, e);
    if (c->f->n_kpis != 1 && a.by && (!c->f->n_kpis || kpi_by_time(a.by)))
        kpi_settle_figure(c, &a);
    if (a.kpi && kpi_by_time(a.by))
        return kpi_trend(c, &a, e);
    return a.kpi && c->f->n_kpis <= 1 ? one_figure(c, &a, e) : kpi_card(c, &a, e);
}

const struct command kpi_command = {
    .id = "kpi",
    .args = kpi_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = kpi_run,
};
