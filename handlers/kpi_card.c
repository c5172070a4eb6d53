/* Several figures of one scope and period on a card: what was done, what came of it, and
 * what to doubt. Every line is a figure of core/kpi.c. */
#include "handlers/warnings.h"

#include <string.h>
#include "bot/core/label.h"
#include "handlers/team.h"

/* "14 (Zoom 6, LINE 4) · last 2 days ago" */
static char *touches_text(struct call *c, const struct kpi_answer *out)
{
    struct buf channels = BUF_ON(c->mem);
    int64_t last = 0;
    for (int i = 0; i < out->n_parts && i < 4 && out->parts[i].num; i++)
        buf_join(&channels, call_text(c, "kpi.comma", NO_ARGS),
            call_text(c, "kpi.of_each",
                ARGS(TXT("name", call_word(c, WORD_CHANNEL, out->parts[i].name)),
                    NUM("n", out->parts[i].num))));
    for (int i = 0; i < out->rows.n; i++) {
        if (out->rows.row[i].role && out->rows.row[i].at_ms > last)
            last = out->rows.row[i].at_ms;
    }
    if (!last)
        return call_text(c, "kpi.card.no_touches", NO_ARGS);
    return call_text(c, "kpi.card.touches",
        ARGS(NUM("n", out->total.num), TXT("channels", buf_str(&channels)),
            TXT("ago", when_format_ago(&c->when, c->mem, c->locale, last))));
}

struct sum {
    const char *currency;
    int64_t minor;
};

/* "won 1 · lost 1 · open 4 (¥18.2M) · paused 1": open ones with their value. */
static char *deals_text(struct call *c, const struct kpi_answer *out)
{
    struct sum sums[8];
    int n = 0;
    struct buf values = BUF_ON(c->mem);
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (!kpi_is(r->mark, "open") || !r->has_value)
            continue;
        int at = 0;
        while (at < n && !kpi_is(sums[at].currency, r->currency))
            at++;
        if (at == 8)
            continue;
        if (at == n)
            sums[n++] = (struct sum){ .currency = r->currency };
        sums[at].minor += r->value_minor;
    }
    for (int i = 0; i < n; i++)
        buf_join(&values, " + ", label_money(c, sums[i].minor, sums[i].currency));
    return call_text(c, "kpi.card.deals",
        ARGS(NUM("won", kpi_count(out, "won")), NUM("lost", kpi_count(out, "lost")),
            NUM("open", kpi_count(out, "open")),
            NUM("paused", kpi_count(out, "paused")),
            TXT("values", *buf_str(&values) ? buf_str(&values) : "none")));
}

/* Customers won and lost side by side: a partner that sells well and keeps nobody is worth
 * nothing (R34). NULL: neither, and no figure. */
static const char *kept_text(struct call *c, const struct kpi *k, const struct kpi_answer *out)
{
    int fresh = kpi_count(out, "new_logo"), lost = kpi_count(out, "churned");
    bool some = out->total.value[0] || out->total.n;
    if (!fresh && !lost && !some)
        return NULL;
    return call_text(c, "kpi.card.kept",
        ARGS(NUM("new", fresh), NUM("lost", lost),
            TXT("figure", some ? kpi_figure_text(c, k, &out->total) : "none")));
}

/* Hunter or farmer in one line (R13); what nobody knows is not assumed to be either. */
static const char *hunting_text(
    struct call *c, const struct kpi *k, const struct kpi_answer *out)
{
    int farmed = kpi_count(out, "network") + kpi_count(out, "cross") + kpi_count(out, "upsell");
    return call_text(c, "kpi.card.hunting",
        ARGS(NUM("hunted", kpi_count(out, "hunted")), NUM("farmed", farmed),
            NUM("unknown", kpi_count(out, "origin_unknown")),
            TXT("figure", kpi_figure_text(c, k, &out->total))));
}

static const char *field_text(
    struct call *c, const struct kpi *k, const struct kpi_answer *out)
{
    const char *text = kpi_figure_text(c, k, &out->total);
    if (kpi_is(k->id, "K12"))
        return touches_text(c, out);
    if (kpi_is(k->id, "K26"))
        return kept_text(c, k, out);
    if (kpi_is(k->id, "K28"))
        return hunting_text(c, k, out);
    if (out->immature && out->total.den)
        text = arena_printf(
            c->mem, "%s · %s", text, call_text(c, "kpi.immature_short", NO_ARGS));
    return text;
}

/* Type and silo of the partner, and whether it is active: from K1's one row. */
static char *card_head(struct call *c, const struct kpi_answer *partners)
{
    const struct kpi_row *p = &partners->rows.row[0];
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ",
        call_text(c, arena_printf(c->mem, "kpi.status.%s", p->mark), NO_ARGS));
    if (p->type)
        buf_join(&b, " · ", call_word(c, WORD_PARTNER_TYPE, p->type));
    if (p->silo)
        buf_join(&b, " · ", call_text(c, "partner.silo",
                                ARGS(TXT("silo", call_word(c, WORD_SILO, p->silo)))));
    return arena_strdup(c->mem, buf_str(&b));
}

int kpi_card_of(const struct kpi_scope *s)
{
    return s->member                ? CARD_MEMBER
           : s->customer || s->deal ? CARD_CUSTOMER
           : s->partner             ? CARD_PARTNER
           : s->market              ? CARD_MARKET
                                    : CARD_TEAM;
}

/* K1 says of one partner what the head says; what is a table of members (K8) says on a
 * card what the figure it splits says. */
static bool fits_card(const struct kpi_ask *a, const struct kpi *k)
{
    return k->by != 1 << KPI_BY_MEMBER && !(a->scope.partner && kpi_is(k->id, "K1"));
}

enum { DOUBTS = 8 };

/* A card being filled. */
struct scorecard {
    struct reply *r;
    const struct kpi_ask *ask;
    struct buf none;     /* names of figures that have nothing to count */
    const char *heading; /* of the line that comes next; NULL: it is there */
    const char *doubts[DOUBTS]; /* about its figures, said below them */
    int n_doubts;
};

static void doubt(struct scorecard *d, const char *key, int n, const struct kpi_answer *out,
    const char *mark)
{
    struct call *c = d->r->call;
    if (n && d->n_doubts < DOUBTS)
        d->doubts[d->n_doubts++] = call_text(
            c, key, ARGS(NUM("n", n), TXT("ids", kpi_ids(c, out, mark, 6))));
}

static void put_line(struct scorecard *d, const char *label, const char *text, const char *say)
{
    if (d->heading)
        reply_text(d->r, d->heading, NO_ARGS);
    d->heading = NULL;
    reply_field_say(d->r, label, text, say);
}

/* A line for the figure, which opens it; or its name to those that have nothing to
 * count. Left out where it can't be narrowed like that. */
static bool put_field(struct scorecard *d, const struct kpi *k, struct err *e)
{
    struct call *c = d->r->call;
    struct kpi_ask a = *d->ask;
    struct kpi_answer out;
    a.kpi = k;
    a.by = KPI_BY_NONE;
    a.before_ms = 0;
    a.cells = true;
    if (!kpi_compute(c->db, c->mem, &a, &out, e)) {
        bool narrow = e->code == ERR_USAGE;
        e->code = narrow ? ERR_NONE : e->code;
        return narrow;
    }
    if (kpi_is(k->id, "K6"))
        put_line(d, "kpi.card.label.deals", deals_text(c, &out), kpi_say(c, "list", k->id, &a));
    const char *label = arena_printf(c->mem, "kpi.card.label.%s", k->id);
    bool too_few = k->few && out.total.n; /* says so, and what there is */
    bool kept = kpi_is(k->id, "K26") && kept_text(c, k, &out);
    if (out.total.value[0] || too_few || kept)
        put_line(d, label, field_text(c, k, &out), kpi_say(c, "kpi", k->id, &a));
    else
        buf_join(
            &d->none, call_text(c, "kpi.comma", NO_ARGS), call_text(c, label, NO_ARGS));
    doubt(d, "kpi.unlogged", out.unlogged, &out, "unlogged");
    doubt(d, "kpi.data_errors", kpi_count(&out, "data_error"), &out, "data_error");
    return true;
}

static bool put_head(struct reply *r, const struct kpi_ask *card, struct err *e)
{
    struct kpi_ask a = *card;
    struct kpi_answer out;
    a.kpi = kpi_find("K1");
    a.scope = (struct kpi_scope){ .partner = card->scope.partner };
    a.by = KPI_BY_NONE;
    if (!kpi_compute(r->call->db, r->call->mem, &a, &out, e))
        return false;
    if (out.rows.n)
        reply_line(r, card_head(r->call, &out));
    return true;
}

/* What is wrong comes before any figure; one firm's all, of a market or team the first. */
static bool put_wrong(struct scorecard *d, struct err *e)
{
    enum { SHOWN = 3 };
    struct call *c = d->r->call;
    const struct kpi_scope *s = &d->ask->scope;
    struct warning list[WARNINGS];
    if (s->member || s->deal)
        return true;
    int n = warnings_for_card(c, s, list, e);
    int shown = s->partner || s->customer || n <= SHOWN ? n : SHOWN;
    for (int i = 0; i < shown; i++)
        reply_warning(d->r, list[i].text);
    if (n > shown)
        reply_text(d->r, "warning.more", ARGS(NUM("n", n - shown)));
    return n >= 0;
}

/* What was won there without a partner, of all that was won (R84): K16's denominators. */
static bool put_direct(struct scorecard *d, struct err *e)
{
    struct call *c = d->r->call;
    struct kpi_ask a = *d->ask;
    struct kpi_answer all, direct;
    struct buf b = BUF_ON(c->mem);
    a.kpi = kpi_find("K16");
    a.by = KPI_BY_NONE;
    a.cells = true;
    if (!kpi_compute(c->db, c->mem, &a, &all, e))
        return false;
    a.scope.model = "direct";
    if (!kpi_compute(c->db, c->mem, &a, &direct, e))
        return false;
    for (int i = 0; i < all.total.n_money; i++) {
        const struct kpi_money *m = &all.total.money[i];
        int64_t minor = 0;
        char share[24];
        for (int k = 0; k < direct.total.n_money; k++)
            minor += kpi_is(direct.total.money[k].currency, m->currency) ? direct.total.money[k].den : 0;
        kpi_percent(share, sizeof share, minor, m->den);
        buf_join(&b, " · ",
            call_text(c, "market.direct_share",
                ARGS(TXT("share", share), TXT("num", label_money(c, minor, m->currency)),
                    TXT("den", label_money(c, m->den, m->currency)))));
    }
    if (b.n)
        reply_field(d->r, "market.direct", buf_str(&b));
    return true;
}

/* A market's own: how it is argued there, its size, its steps and what is direct. */
static bool put_place(struct scorecard *d, struct err *e)
{
    struct call *c = d->r->call;
    int64_t deals, first;
    e->code = ERR_NONE;
    if (!warning_pitches(c->db, d->ask->scope.market, &deals, &first, e))
        return false;
    if (deals)
        reply_warning(d->r, call_text(c, "warning.pitches",
                                ARGS(NUM("n", deals), TXT("deal", label_deal(c, first)))));
    return put_direct(d, e) && put_market(d->r, d->ask->scope.market, e);
}

/* The figures that stand on this card: those of the recommended set, or the others. */
static bool put_chosen(struct scorecard *d, bool first, struct err *e)
{
    for (int i = 0; kpi_at(i); i++) {
        const struct kpi *k = kpi_at(i);
        bool here = k->cards & kpi_card_of(&d->ask->scope) && !!(k->cards & CARD_FIRST) == first;
        if (here && fits_card(d->ask, k) && !put_field(d, k, e))
            return false;
    }
    return true;
}

/* All there are, under their headings. */
static bool put_all(struct scorecard *d, struct err *e)
{
    for (int t = 0; t < THEME__MAX; t++) {
        d->heading = arena_printf(d->r->call->mem, "kpi.theme.%s", kpi_theme_names[t]);
        for (int i = 0; kpi_at(i); i++) {
            const struct kpi *k = kpi_at(i);
            if ((int)k->theme == t && fits_card(d->ask, k) && !put_field(d, k, e))
                return false;
        }
    }
    return true;
}

static bool put_typed(struct scorecard *d, struct err *e)
{
    const struct frame *f = d->r->call->f;
    for (int i = 0; i < f->n_kpis; i++) {
        const struct kpi *k = kpi_find(f->kpis[i]);
        if (k && !put_field(d, k, e))
            return false;
    }
    return true;
}

bool kpi_card(struct call *c, struct kpi_ask *a, struct err *e)
{
    bool typed = c->f->n_kpis > 0, all = kpi_is(c->f->word[WORD_SHOWN], "all");
    a->kpi = NULL;
    const char *scope = kpi_scope_text(c, a);
    const char *title = arena_printf(c->mem, "%s · %s",
        *scope ? scope : call_text(c, "kpi.team", NO_ARGS),
        period_format(&c->when, c->mem, c->locale, &a->period));
    struct scorecard d = { .r = reply_titled(c, REPLY_OK, "kpi.card", title), .ask = a,
        .none = BUF_ON(c->mem) };
    if (!typed && a->scope.partner && !put_head(d.r, a, e))
        return false;
    if (!typed && !put_wrong(&d, e))
        return false;
    bool ok = typed ? put_typed(&d, e)
              : all ? put_all(&d, e)
                    : put_chosen(&d, true, e) && put_chosen(&d, false, e);
    if (!ok)
        return false;
    if (!typed && kpi_card_of(&a->scope) == CARD_MARKET && !put_place(&d, e))
        return false;
    for (int i = 0; i < d.n_doubts; i++)
        reply_warning(d.r, d.doubts[i]);
    if (*buf_str(&d.none))
        reply_soft(d.r, call_text(c, "kpi.card.none", ARGS(TXT("list", buf_str(&d.none)))));
    kpi_buttons(d.r, NULL, "K6", a);
    if (!typed && !all)
        reply_button(d.r, "plain", arena_printf(c->mem, "%s all", kpi_say(c, "kpi", NULL, a)),
            "kpi.button.all", NO_ARGS);
    kpi_put(d.r, a, NULL);
    return true;
}
