/* What becomes of a planned meeting before it is held: another time, called off, nobody
 * came, a stand-in goes. */
#include "handlers/plan.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static bool ended(struct call *c, struct touch *t, const char *state, struct err *e)
{
    t->state = state;
    if (!touch_update(c->db, c->mem, t, c->now_ms, e) || !follow_close_plan(c->db, t->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'M', t->no);
    struct reply *r = reply_new(c, REPLY_OK, arena_printf(c->mem, "plan.%s", state),
        ARGS(TXT("id", id), TXT("who", t->customer_id ? label_customer(c, t->customer_id)
                                       : t->n_partners ? label_partner(c, t->partners[0]) : people_text(c, t, NULL)),
            TXT("when", label_date(c, t->at_ms))));
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    record_touch(c, r, t, "changed", "all");
    reply_data(r, "state", t->state);
    return true;
}

static bool goes(struct call *c, const struct touch *t, struct err *e)
{
    if (!c->f->n_members)
        return fail(e, ERR_USAGE, "plan.who_goes", ARGS(TXT("id", call_ref(c, 'M', t->no))), "nobody named");
    return plan_remind(c, t, c->f->members[0], e) && plan_tell(c, "plan.standin", NULL, t, "changed", e);
}

static bool moved(struct call *c, struct touch *t, struct err *e)
{
    bool twice;
    struct follow f[2];
    int64_t standin = 0;
    int n = follow_plan(c->db, c->mem, t->id, f, 2, e);
    for (int i = 0; i < n; i++)
        standin = !strcmp(f[i].kind, "join") && f[i].member_id != t->member_id ? f[i].member_id : standin;
    if (e->code != ERR_NONE || !plan_time(c, t->zone ? t->zone : c->when.zone, t, &twice, e) ||
        !touch_update(c->db, c->mem, t, c->now_ms, e) || !plan_remind(c, t, standin, e))
        return false;
    const char *said = twice ? call_text(c, "when.twice", ARGS(TXT("zone", zone_label(c, t->zone)))) : call_text(c, "plan.moved", NO_ARGS);
    return plan_tell(c, "plan.moved", said, t, "changed", e);
}

bool plan_change(struct call *c, struct touch *t, struct err *e)
{
    const char *act = c->f->word[WORD_PLAN_ACT];
    bool mine = t->member_id == c->member->id;
    if (strcmp(t->state, "planned") != 0 || !mine)
        return fail(e, ERR_CONFLICT, "plan.over", ARGS(TXT("id", call_ref(c, 'M', t->no)),
            TXT("state", strcmp(t->state, "planned") ? t->state : "others"), TXT("who", label_member(c, t->member_id))), "not planned");
    if (act && !strcmp(act, "no_show") && t->at_ms > c->now_ms)
        return fail(e, ERR_CONFLICT, "plan.not_yet", ARGS(TXT("id", call_ref(c, 'M', t->no)), TXT("when", label_date(c, t->at_ms))), "to come");
    if (act && strcmp(act, "standin") != 0)
        return ended(c, t, act, e);
    if (act || c->f->n_members)
        return goes(c, t, e);
    const char *link = typed_link(c);
    if (link) {
        t->link = link;
        if (!touch_update(c->db, c->mem, t, c->now_ms, e))
            return false;
    }
    if (c->f->when.has_time || c->f->when.has_date)
        return moved(c, t, e);
    return plan_tell(c, "plan.planned", NULL, t, link ? "changed" : "shown", e);
}
