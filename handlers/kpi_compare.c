/* Several partners side by side, in the figures that were named or in those of a partner's
 * card. Each cell is the figure of that partner, asked for like any other. */
#include "handlers/kpis.h"

#include "bot/core/label.h"

enum { COMPARED = 4 };

static bool chosen(struct call *c, const struct kpi *k)
{
    const struct frame *f = c->f;
    for (int i = 0; i < f->n_kpis; i++)
        if (kpi_is(k->id, f->kpis[i]))
            return true;
    return !f->n_kpis && k->cards & CARD_PARTNER;
}

/* The figure, and below it a line for each partner, which opens that one; left out where it
 * says nothing of any of them. A table of such texts would be columns of single words. */
static bool put_figure(struct reply *r, const struct kpi_ask *asked, const struct kpi *k,
    const int64_t *partners, int n, struct err *e)
{
    struct call *c = r->call;
    const char *text[COMPARED], *say[COMPARED];
    bool some = false;
    for (int i = 0; i < n; i++) {
        struct kpi_ask a = *asked;
        struct kpi_answer out;
        a.kpi = k;
        a.by = KPI_BY_NONE;
        a.cells = true;
        a.before_ms = 0;
        a.scope.partner = partners[i];
        if (!kpi_compute(c->db, c->mem, &a, &out, e))
            return false;
        text[i] = arena_printf(c->mem, "%s · %s", label_partner(c, partners[i]),
            kpi_figure_text(c, k, &out.total));
        say[i] = kpi_say(c, "kpi", k->id, &a);
        some = some || out.total.n || out.total.value[0];
    }
    if (!some && !c->f->n_kpis)
        return true;
    reply_text(r, "kpi.compare.figure", ARGS(TXT("name", kpi_name(c, k->id))));
    for (int i = 0; i < n; i++)
        reply_item(r, text[i], say[i]);
    return true;
}

bool kpi_compare(struct call *c, struct kpi_ask *a, struct err *e)
{
    const struct frame *f = c->f;
    int n = f->n_partners < COMPARED ? f->n_partners : COMPARED;
    struct buf names = BUF_ON(c->mem);
    a->kpi = NULL;
    a->scope.partner = 0;
    for (int i = 0; i < n; i++)
        buf_join(&names, call_text(c, "kpi.comma", NO_ARGS), label_partner(c, f->partners[i]));
    struct reply *r = reply_titled(c, REPLY_OK, "kpi.compare", kpi_title(c, buf_str(&names), a));
    for (int i = 0; kpi_at(i); i++)
        if (chosen(c, kpi_at(i)) && !put_figure(r, a, kpi_at(i), f->partners, n, e))
            return false;
    if (f->n_partners > n)
        reply_text(r, "kpi.more", ARGS(NUM("n", f->n_partners - n)));
    for (int i = 0; i < n; i++) {
        a->scope.partner = f->partners[i];
        reply_button_labelled(r, "plain", kpi_say(c, "kpi", NULL, a), label_partner(c, f->partners[i]));
    }
    return true;
}
