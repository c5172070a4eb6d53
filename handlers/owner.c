/* owner: whose a deal is, ours and beside them; of a customer or partner each live deal. */
#include "handlers/deals.h"
#include "handlers/handlers.h"

enum { DEALS = 10 };

static const struct arg owner_args[] = {
    { "record", ARG_RECORD, 0 },
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { 0 },
};

static const char *owners(struct call *c, const struct deal *d)
{
    const char *who = fact_owners(c, d);
    return *who ? who : call_text(c, "owner.nobody", NO_ARGS);
}

static void put_record(struct reply *r, const struct deal *d)
{
    reply_record(r, call_ref(r->call, 'D', d->id), "shown");
}

static bool one(struct call *c, const struct deal *d)
{
    struct reply *r = reply_new(c, REPLY_OK, "owner.of", ARGS(TXT("deal", fact_deal(c, d))));
    reply_field(r, "show.label.owner", owners(c, d));
    reply_button(r, "plain", typed(c, "show", call_ref(c, 'D', d->id)), "button.show", NO_ARGS);
    put_record(r, d);
    return true;
}

/* The live deals of whom was named, else the closed ones. */
static int deals_of(struct call *c, struct deal *out, struct err *e)
{
    const struct frame *f = c->f;
    struct deal_filter by = { .customer = f->n_customers ? f->customers[0] : 0,
        .partner = f->n_partners ? f->partners[0] : 0, .live = true };
    int n = deal_list(c->db, c->mem, &by, out, DEALS, e);
    by.live = false;
    return n || e->code != ERR_NONE ? n : deal_list(c->db, c->mem, &by, out, DEALS, e);
}

static bool owner_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, DEALS);
    e->code = ERR_NONE;
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'D')
            return deal_load(c->db, c->mem, f->refs[i].no, deals, e) ? one(c, deals)
                                                                     : e->code == ERR_NONE && refuse_none(c, 'D', f->refs[i].no, e);
    if (!f->n_customers && !f->n_partners)
        return fail(e, ERR_USAGE, "owner.which", NULL, "no deal");
    const char *firm = f->n_customers ? label_customer(c, f->customers[0]) : label_partner(c, f->partners[0]);
    int n = deals_of(c, deals, e);
    if (e->code != ERR_NONE)
        return false;
    if (!n)
        return fail(e, ERR_NOT_FOUND, "owner.none", ARGS(TXT("firm", firm)), "no deal");
    if (n == 1)
        return one(c, deals);
    struct reply *r = reply_new(c, REPLY_OK, "owner.several", ARGS(TXT("firm", firm)));
    for (int i = 0; i < n; i++) {
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", owners(c, &deals[i]), fact_deal(c, &deals[i])),
            typed(c, "show", call_ref(c, 'D', deals[i].id)));
        put_record(r, &deals[i]);
    }
    return true;
}

const struct command owner_command = { .id = "owner", .args = owner_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_READS | CMD_KNOWN, .run = owner_run };
