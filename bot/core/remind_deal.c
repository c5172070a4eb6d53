/* Reminders that tell what became of a deal, where nothing is left to be done. */
#include <string.h>
#include "bot/core/engine_private.h"
#include "bot/core/label.h"
#include "bot/store/deals.h"

bool remind_decided(struct call *c, const struct follow *f)
{
    struct deal d;
    struct err e = { 0 };
    if (c->member->roles != ROLE_PARTNER || !f->deal_id || !deal_load(c->db, c->mem, f->deal_id, &d, &e) ||
        !d.decided_ms)
        return false;
    bool declined = !strcmp(d.state, "declined");
    char *id = call_ref(c, 'D', d.id);
    struct reply *r = reply_new(c, REPLY_OK, declined ? "remind.declined" : "remind.approved",
        ARGS(TXT("deal", label_deal(c, d.id)), TXT("who", label_member(c, d.decided_by)),
            TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(d.registered_ms, c->when.team_zone)))));
    if (!declined)
        reply_button(r, "fill", arena_printf(c->mem, "deal stage %s ", id), "look.button.stage", NO_ARGS);
    reply_record(r, id, "shown");
    reply_data(r, "state", d.state);
    return true;
}
