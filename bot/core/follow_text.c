#include "bot/core/follow_text.h"

#include <string.h>
#include "bot/core/label.h"
#include "bot/store/deals.h"

/* Where the partner keeps the customer, we may never meet them. */
static char *whom(struct call *c, const struct follow *f)
{
    struct deal d;
    struct err e;
    if (!deal_load(c->db, c->mem, f->deal_id, &d, &e))
        return call_ref(c, 'D', f->deal_id);
    bool theirs = d.relation && !strcmp(d.relation, "partner") && d.partner_id;
    return theirs ? label_partner(c, d.partner_id) : label_customer(c, d.customer_id);
}

char *follow_go_text(struct call *c, const struct follow *f)
{
    return call_text(c, arena_printf(c->mem, "go.item.%d", f->step), ARGS(TXT("who", whom(c, f))));
}

char *follow_purpose(struct call *c, const struct follow *f)
{
    if (!f->kind || !strcmp(f->kind, "follow"))
        return NULL;
    if (!strcmp(f->kind, "go"))
        return follow_go_text(c, f);
    return call_text(c, arena_printf(c->mem, "follow.purpose.%s", f->kind), NO_ARGS);
}
