/* belongs: which partner a partner's user works for. Until that is said the user sees and
 * changes nothing. */
#include <string.h>
#include "bot/store/check_in.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg belongs_args[] = {
    { "member", ARG_MEMBER, REQUIRED },
    { "partner", ARG_PARTNER, REQUIRED },
    { 0 },
};

bool put_check_in(struct reply *r, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    int32_t seen, updated;
    if (!check_in_latest(c->db, partner, &seen, &updated, e))
        return false;
    if (seen)
        reply_field(r, "belongs.label", arena_printf(c->mem, "%s" FACTS "%s", when_format_day(&c->when, c->mem, c->locale, seen),
            updated ? call_text(c, "belongs.updated", ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, updated))))
                    : call_text(c, "belongs.no_update", NO_ARGS)));
    return true;
}

static bool belongs_run(struct call *c, struct err *e)
{
    struct member m;
    int64_t partner = c->f->partners[0];
    if (words_left(c))
        return true;
    if (!member_by_id(c->db, c->mem, c->f->members[0], &m, e))
        return false;
    if (!(m.roles & ROLE_PARTNER))
        return fail(e, ERR_CONFLICT, "belongs.own", ARGS(TXT("who", label_member(c, m.id))), "own member");
    if (!member_set_partner(c->db, m.id, partner, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "belongs.noted", arena_printf(c->mem, "%s" FACTS "%s", label_member(c, m.id),
        label_partner(c, partner)));
    reply_soft(r, call_text(c, "belongs.sees", NO_ARGS));
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
    return true;
}

const struct command belongs_command = { .id = "belongs", .args = belongs_args,
    .may = ROLE_ADMIN | ROLE_MANAGER | ROLE_COUNTRY, .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = belongs_run };
