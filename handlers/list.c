#include "handlers/list.h"

#include "handlers/handlers.h"
#include <string.h>

/* Deals, Denko, won, Jan 1 – Mar 31 2026, 42 */
static char *title(struct listing *l, const char *what)
{
    struct call *c = l->c;
    struct buf b = BUF_ON(c->mem);
    static const enum frame_word narrow[] = { WORD_MARKET, WORD_SILO, WORD_PARTNER_TYPE,
        WORD_DEAL_ACT, WORD_STAGE, WORD_PHASE, WORD_SALE, WORD_MODEL };
    bool live =
        !c->f->word[WORD_DEAL_ACT] && !c->f->word[WORD_PHASE] && !c->f->has_period && !strcmp(what, "deals");
    char *key = arena_printf(c->mem, "list.what.%s", live ? "live" : what);
    buf_join(&b, FACTS,
        catalogue_has(c->words, 0, key) ? call_text(c, key, NO_ARGS)
                                        : call_word(c, WORD_LIST, what));
    buf_join(&b, FACTS, scope_label(c, &l->scope));
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++)
        buf_join(&b, FACTS, call_word(c, narrow[i], c->f->word[narrow[i]]));
    if (c->f->has_period)
        buf_join(&b, FACTS, period_format(&c->when, c->mem, c->locale, &c->f->period));
    buf_join(&b, FACTS,
        call_text(c, "list.count",
            ARGS(NUM("n", l->n),
                TXT("cut", l->cut && l->n > LIST_ROWS ? "yes" : "no"))));
    return arena_strdup(c->mem, buf_str(&b));
}

/* Finish the latest or throw them away; the others by a tap on their line. What is left
 * alone stays. */
static void put_draft_buttons(struct listing *l, struct reply *r)
{
    struct call *c = l->c;
    for (int i = 0; i < LIST_DRAFTS && i < l->n; i++) {
        const char *ref = arena_strndup(c->mem, l->row[i].text, strcspn(l->row[i].text, " "));
        reply_button(r, "plain", l->row[i].say, "list.button.finish", ARGS(TXT("id", ref)));
        reply_button(r, "quiet", arena_printf(c->mem, "answer %s drop", ref),
            "list.button.drop", ARGS(TXT("id", ref)));
    }
    if (l->n)
        reply_soft(r, call_text(c, "list.drafts_kept", NO_ARGS));
}

static bool answer(struct listing *l, const char *what)
{
    struct call *c = l->c;
    struct reply *r = reply_titled(c, REPLY_OK, "list.rows", title(l, what));
    for (int i = 0; i < l->n && i < LIST_ROWS; i++) {
        if (l->row[i].note)
            reply_item_note(r, l->row[i].text, l->row[i].say, l->row[i].note, l->row[i].rev);
        else
            reply_item(r, l->row[i].text, l->row[i].say);
    }
    if (l->n > LIST_ROWS)
        reply_soft(r,
            call_text(c, "list.more",
                ARGS(NUM("n", l->n - LIST_ROWS), TXT("cut", l->cut ? "yes" : "no"))));
    if (!strcmp(what, "drafts"))
        put_draft_buttons(l, r);
    if (!strcmp(what, "closing"))
        reply_soft(r, call_text(c, "list.closing_by", NO_ARGS));
    return true;
}

static bool list_run(struct call *c, struct err *e)
{
    const char *what = c->f->word[WORD_LIST];
    if (!what && !c->f->n_kpis && (c->f->word[WORD_DEAL_ACT] || c->f->word[WORD_STAGE]))
        what = "deals";
    if (!what || c->f->n_kpis)
        return kpi_list(c, e);
    if (c->f->team || c->f->product)
        return fail(e, ERR_USAGE, "list.of_figures", NULL, "unlisted scope");
    if (c->f->word[WORD_SHOWN] && !strcmp(c->f->word[WORD_SHOWN], "hq")) {
        c->locale = catalogue_find_locale(c->words, "en");
        c->latin = true;
    }
    if (c->f->period.to_date) /* what happened this very moment is in it */
        c->f->period.to_ms = c->now_ms + 1;
    struct listing *l = ARENA_NEW(c->mem, struct listing);
    l->c = c;
    if (!scope_read(c, &l->scope, e))
        return e->code == ERR_NONE;
    for (const struct list_kind *k = list_kinds; k->value; k++)
        if (!strcmp(k->value, what))
            return k->collect(l, e) && answer(l, what);
    return fail(e, ERR_BUG, NULL, NULL, "unlisted: %s", what);
}

static const struct arg list_args[] = {
    { "list", ARG_LIST, 0 },
    { "kpi", ARG_KPI, MANY },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "member", ARG_MEMBER, 0 },
    { "market", ARG_MARKET, 0 },
    { "type", ARG_TYPE, 0 },
    { "silo", ARG_SILO, 0 },
    { "state", ARG_STATE, 0 },
    { "stage", ARG_STAGE, 0 },
    { "phase", ARG_PHASE, 0 },
    { "sale", ARG_SALE, 0 },
    { "model", ARG_MODEL, 0 },
    { "team", ARG_TEAM, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "period", ARG_PERIOD, 0 },
    { "by", ARG_BY, 0 },
    { "shown", ARG_SHOWN, 0 },
    { 0 },
};
const struct command list_command = {
    .id = "list",
    .args = list_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = list_run,
};
