/* first: a customer that would be the first of its industry, and the relationship that
 * backs it. references: who has bought, by industry and market. */
#include <string.h>
#include "bot/text/fold.h"
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/stakes.h"

enum { REFERENCES = 200, ROWS = 20 };

static const struct arg first_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "industry", ARG_INDUSTRY, 0 },
    { 0 },
};
static const struct arg references_args[] = {
    { "industry", ARG_INDUSTRY, 0 },
    { "market", ARG_MARKET, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { 0 },
};

static bool first_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct customer a;
    struct first_buyer b = { .customer_id = f->customers[0], .person_id = f->n_people ? f->people[0] : 0,
        .partner_id = f->n_partners ? f->partners[0] : 0, .member_id = c->member->id, .at_ms = c->now_ms };
    if (!customer_load(c->db, c->mem, b.customer_id, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'A', b.customer_id, e);
    if (f->industry)
        a.industry = f->industry;
    if ((f->industry && !customer_update(c->db, &a, e)) || !first_buyer_add(c->db, &b, e))
        return false;
    char *ref = call_ref(c, 'A', a.id);
    struct buf t = BUF_ON(c->mem);
    buf_join(&t, FACTS, ref);
    buf_join(&t, FACTS, a.name);
    buf_join(&t, FACTS, a.industry);
    buf_join(&t, FACTS, fact_first(c, a.id));
    struct reply *r = reply_titled(c, REPLY_OK, "first.flagged", buf_str(&t));
    reply_record(r, ref, "changed");
    reply_data(r, "industry", a.industry);
    reply_data_ref(r, "backed_by", b.person_id ? 'C' : 'P', b.person_id ? b.person_id : b.partner_id);
    if (!b.person_id && !b.partner_id)
        reply_text(r, "first.needs_backing", ARGS(TXT("name", a.name)));
    reply_button(r, "plain", typed(c, "references", a.industry ? arena_printf(c->mem, "%s %s",
        call_text(c, "first.industry_word", NO_ARGS), a.industry) : ""), "first.button.references", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", ref), "button.undo", NO_ARGS);
    return true;
}

/* The industry asked for: typed, or that of the customer that is named. */
static const char *wanted_industry(struct call *c, struct err *e)
{
    struct customer a;
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < c->f->n_words; i++) /* references food Japan */
        buf_join(&b, " ", c->f->words[i]);
    if (b.n && !c->f->industry)
        return buf_str(&b);
    if (c->f->industry || !c->f->n_customers)
        return c->f->industry;
    return customer_load(c->db, c->mem, c->f->customers[0], &a, e) ? a.industry : NULL;
}

static bool same_industry(struct call *c, const char *wanted, const char *industry)
{
    return !wanted || (industry && !strcmp(fold_text(c->mem, wanted, strlen(wanted)).s,
                                       fold_text(c->mem, industry, strlen(industry)).s));
}

static bool references_run(struct call *c, struct err *e)
{
    struct reference *all = ARENA_ARRAY(c->mem, struct reference, REFERENCES);
    const char *industry = wanted_industry(c, e), *market = c->f->word[WORD_MARKET];
    int n = reference_list(c->db, c->mem, market, all, REFERENCES, e), k = 0;
    for (int i = 0; i < n; i++)
        if (same_industry(c, industry, all[i].customer.industry))
            all[k++] = all[i];
    struct buf t = BUF_ON(c->mem);
    buf_join(&t, FACTS, call_text(c, "references.title", NO_ARGS));
    buf_join(&t, FACTS, industry);
    buf_join(&t, FACTS, call_word(c, WORD_MARKET, market));
    buf_join(&t, FACTS, call_text(c, "list.count", ARGS(NUM("n", k), TXT("cut", "no"))));
    struct reply *r = reply_titled(c, REPLY_OK, "references.title", buf_str(&t));
    for (int i = 0; i < k && i < ROWS; i++) {
        struct buf b = BUF_ON(c->mem);
        char *ref = call_ref(c, 'A', all[i].customer.id);
        buf_join(&b, FACTS, ref);
        buf_join(&b, FACTS, all[i].customer.name);
        buf_join(&b, FACTS, all[i].customer.industry);
        buf_join(&b, FACTS, call_word(c, WORD_MARKET, all[i].customer.market));
        buf_join(&b, FACTS, call_text(c, "references.won", ARGS(TXT("when", label_date(c, all[i].won_ms)))));
        reply_item(r, buf_str(&b), typed(c, "show", ref));
    }
    if (k > ROWS)
        reply_soft(r, call_text(c, "look.and_more", ARGS(NUM("n", k - ROWS))));
    if (!k)
        reply_text(r, "references.none", NO_ARGS);
    return e->code == ERR_NONE;
}

const struct command first_command = {
    .id = "first",
    .args = first_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = first_run,
};
const struct command references_command = {
    .id = "references",
    .args = references_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = references_run,
};
