/* customer: a new firm that buys, or new facts about a known one. */
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg customer_args[] = {
    { "name", ARG_NAME, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "market", ARG_MARKET, 0 },
    { "industry", ARG_INDUSTRY, 0 },
    { "reading", ARG_READING, 0 },
    { "alias", ARG_ALIAS, 0 },
    { 0 },
};

/* Is there more than the name? A name alone shows what is known. */
static bool told(const struct frame *f)
{
    return f->word[WORD_MARKET] || f->reading || f->n_aliases || f->industry;
}

static bool customer_run(struct call *c, struct err *e)
{
    struct customer a = { .market = c->member->market };
    bool fresh = !c->f->n_customers, asked;
    e->code = ERR_NONE;
    if (!fresh && !customer_load(c->db, c->mem, c->f->customers[0], &a, e))
        return false;
    if (fresh && !c->f->name)
        return fail(e, ERR_USAGE, "customer.who", NULL, "no name");
    if (fresh) {
        if (!offer_known(c, 'A', &asked, e) || asked)
            return e->code == ERR_NONE;
        a.name = c->f->name;
    }
    if (c->f->word[WORD_MARKET])
        a.market = c->f->word[WORD_MARKET];
    if (c->f->industry)
        a.industry = c->f->industry;
    if (fresh)
        a.id = customer_add(c->db, &a, c->now_ms, e);
    else if (told(c->f) && !customer_update(c->db, &a, e))
        return false;
    if (!a.id || !add_typed_names(c, 'A', a.id, e))
        return false;
    struct buf b = BUF_ON(c->mem), s = BUF_ON(c->mem);
    char *id = call_ref(c, 'A', a.id);
    buf_join(&b, " · ", id);
    buf_join(&b, " · ", a.name);
    struct reply *r = reply_titled(c, REPLY_OK, fresh ? "customer.added" : "customer.changed", buf_str(&b));
    if (fresh || told(c->f))
        buf_join(&s, " · ", call_text(c, fresh ? "customer.added" : "customer.changed", NO_ARGS));
    buf_join(&s, " · ", call_word(c, WORD_MARKET, a.market));
    buf_join(&s, " · ", a.industry);
    reply_soft(r, buf_str(&s));
    reply_soft(r, names_text(c));
    reply_button(r, "plain", arena_printf(c->mem, "show %s", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, fresh ? "created" : "changed");
    reply_data(r, "name", a.name);
    reply_data(r, "market", a.market);
    reply_data(r, "industry", a.industry);
    return true;
}

const struct command customer_command = {
    .id = "customer",
    .args = customer_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = customer_run,
};
