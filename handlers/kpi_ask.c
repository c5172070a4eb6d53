/* What is asked about figures: which one, whose, of which period and split by what. Every
 * command about figures reads its frame here. Answers nothing but what can't be asked. */
#include "handlers/kpis.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"

static void read_scope(const struct frame *f, struct kpi_ask *a)
{
    struct kpi_scope *s = &a->scope;
    s->partner = f->n_partners ? f->partners[0] : 0;
    s->customer = f->n_customers ? f->customers[0] : 0;
    s->member = f->n_members ? f->members[0] : 0;
    s->market = f->word[WORD_MARKET];
    s->type = f->word[WORD_PARTNER_TYPE];
    s->silo = f->word[WORD_SILO];
    s->model = f->word[WORD_MODEL];
    s->product = f->product;
    s->team = f->team;
    for (int i = 0; i < f->n_refs; i++) {
        if (f->refs[i].kind == 'P')
            s->partner = f->refs[i].no;
        else if (f->refs[i].kind == 'A')
            s->customer = f->refs[i].no;
        else if (f->refs[i].kind == 'D')
            s->deal = f->refs[i].no;
    }
    for (int i = KPI_BY_PARTNER; i < KPI_BY__MAX; i++) {
        if (kpi_is(f->word[WORD_BY], kpi_by_names[i]))
            a->by = (enum kpi_by)i;
    }
}

/* Over time each figure can be asked; else the figure says by what. */
static bool splits(struct call *c, const struct kpi_ask *a, struct err *e)
{
    const char *by = c->f->word[WORD_BY];
    bool split = a->by && (!a->kpi || kpi_by_time(a->by) || a->kpi->by & 1 << a->by);
    if (!by || split)
        return true;
    return fail(e, ERR_USAGE, "kpi.no_split",
        ARGS(TXT("kpi", kpi_name(c, a->kpi ? a->kpi->id : "kpi")), TXT("by", by)),
        "split by %s", by);
}

static bool has_scope(const struct kpi_scope *s)
{
    return s->partner || s->customer || s->member || s->deal || s->market || s->type ||
           s->silo || s->model || s->product || s->team;
}

void kpi_default_period(struct call *c, struct kpi_ask *a)
{
    enum kpi_period kind = a->kpi ? a->kpi->period : KPI_QUARTER;
    if (kpi_by_time(a->by)) {
        a->period = kpi_time_period(c, a->by);
        return;
    }
    a->period = kind == KPI_TRAILING ? period_trailing_months(&c->when, 12)
                                     : period_quarter_to_date(&c->when);
    if (kind == KPI_NOW) {
        a->period.from_day = a->period.to_day - 1;
        a->period.from_ms = day_start_ms(a->period.from_day, a->zone);
    }
}

/* A running period ends with now, and what is logged this very moment counts. The mix
 * is compared with the period before. */
static void finish_period(struct call *c, struct kpi_ask *a)
{
    if (a->period.to_date)
        a->period.to_ms = c->now_ms + 1;
    a->before_ms = period_before(&c->when, &a->period).from_ms;
}

static bool refuse(
    struct call *c, const char *key, const struct msg_arg *args, struct err *e)
{
    struct reply *r = reply_new(c, REPLY_REFUSED, key, args);
    reply_quick(r, call_text(c, "kpi.try_card", NO_ARGS), "kpi");
    e->code = ERR_NONE;
    return false;
}

/* "K1, K5 to K9, K11": the figures of the table, by number. */
static char *kept(struct call *c)
{
    enum { IDS = 100 };
    bool have[IDS + 1] = { false };
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; kpi_at(i); i++) {
        long no = strtol(kpi_at(i)->id + 1, NULL, 10);
        have[no > 0 && no < IDS ? no : 0] = true;
    }
    for (int from = 1, to; from < IDS; from = to + 1) {
        for (to = from; have[to] && have[to + 1];)
            to++;
        to = to < from + 2 ? from : to; /* two are no range */
        char *id = arena_printf(c->mem, "K%d", from);
        if (to > from)
            id = call_text(c, "kpi.range",
                ARGS(TXT("from", id), TXT("to", arena_printf(c->mem, "K%d", to))));
        if (have[from])
            buf_join(&b, call_text(c, "kpi.comma", NO_ARGS), id);
    }
    return arena_strdup(c->mem, buf_str(&b));
}

bool kpi_typed_one_of(struct call *c, const char *path)
{
    struct folded typed = fold_text(c->mem, c->f->typed, strlen(c->f->typed));
    for (int l = 0; l < catalogue_locales(c->words); l++) {
        for (int i = 0; i < catalogue_list(c->words, l, path); i++) {
            const char *word = catalogue_item(c->words, l, path, i);
            if (strstr(typed.s, fold_text(c->mem, word, strlen(word)).s))
                return true;
        }
    }
    return false;
}

/* A close rate per salesperson is split by definition, and so is the mix by channel:
 * its shares say more than a row each. Who is best is told by the win rates of all. */
static void settle_split(struct call *c, struct kpi_ask *a)
{
    const char *best = a->kpi ? arena_printf(c->mem, "kpi.%s.best", a->kpi->id) : "";
    const char *who = a->kpi ? arena_printf(c->mem, "kpi.%s.who", a->kpi->id) : "";
    bool whole = a->kpi && !a->by && c->f->n_kpis == 1;
    if (whole && !a->scope.partner && kpi_typed_one_of(c, best))
        a->by = KPI_BY_PARTNER;
    if (whole && !a->scope.member && kpi_typed_one_of(c, who))
        a->by = KPI_BY_MEMBER;
    if (kpi_is(a->kpi ? a->kpi->id : NULL, "K8") && !a->by)
        a->by = KPI_BY_MEMBER;
    if (kpi_is(a->kpi ? a->kpi->id : NULL, "K6") && a->by == KPI_BY_TAG)
        a->kpi = kpi_find("K42"); /* which has a row for each tag */
    if (kpi_is(a->kpi ? a->kpi->id : NULL, "K42") && !a->by)
        a->by = KPI_BY_TAG;
    if (kpi_is(a->kpi ? a->kpi->id : NULL, "K43") && !a->by)
        a->by = KPI_BY_CHANNEL;
    if (kpi_is(a->kpi ? a->kpi->id : NULL, "K12") && a->by == KPI_BY_CHANNEL)
        a->by = KPI_BY_NONE;
}

bool kpi_read_ask(
    struct call *c, bool refer, struct kpi_ask *a, bool *known, struct err *e)
{
    const struct frame *f = c->f;
    *a = (struct kpi_ask){ .zone = c->when.team_zone,
        .as_of_ms = c->now_ms,
        .viewer = c->member->id,
        .sees_members = (c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY)) != 0 };
    read_scope(f, a);
    *known = true;
    bool typed = has_scope(&a->scope) || f->has_period;
    if (refer && !typed) {
        enum kpi_by by = a->by;
        e->code = ERR_NONE;
        *known = kpi_last(c, a, e);
        if (!*known && e->code != ERR_NONE)
            return false;
        typed = *known;
        bool other = f->n_kpis && !kpi_is(a->kpi ? a->kpi->id : NULL, f->kpis[0]);
        if (by || other)
            a->by = by; /* typed; or another figure: the split was the last one's */
    } else if (f->has_period) {
        a->period = f->period;
    }
    if (f->n_kpis) {
        a->kpi = kpi_find(f->kpis[0]);
        *known = true;
        if (!a->kpi)
            return refuse(c, "kpi.not_yet",
                ARGS(TXT("kpi", f->kpis[0]), TXT("list", kept(c))), e);
    }
    if (!typed || !a->period.from_ms)
        kpi_default_period(c, a);
    finish_period(c, a);
    settle_split(c, a);
    if (!splits(c, a, e))
        return false;
    if (a->scope.member && a->scope.member != a->viewer && !a->sees_members)
        return refuse(c, "kpi.member_private", NO_ARGS, e);
    return true;
}

void kpi_whole_months(struct call *c, struct kpi_ask *a)
{
    a->period = kpi_time_period(c, KPI_BY_MONTH);
    finish_period(c, a);
}

/* "kpi by member": the rate that is split like that most. */
void kpi_settle_figure(struct call *c, struct kpi_ask *a)
{
    if (!a->kpi)
        a->kpi = kpi_find(a->by == KPI_BY_CHANNEL  ? "K12"
                          : a->by == KPI_BY_MEMBER ? "K8"
                          : kpi_by_time(a->by)     ? "K5"
                                                   : "K6");
    settle_split(c, a);
    if (!c->f->has_period) {
        kpi_default_period(c, a);
        finish_period(c, a);
    }
}
