/* What a signed deal asks for: the go-list at once, its items on their days, later a case
 * study and a referral. Nothing of it where the deal is not won any more. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/follow_text.h"
#include "bot/core/label.h"
#include "bot/core/remind.h"
#include "bot/store/deals.h"
#include "bot/store/marketing.h"

enum { ITEMS = 16 };

/* The list as it stands, for an owner who did not type the win. */
static bool tell_list(struct call *c, const struct deal *d, struct err *e)
{
    struct follow f[ITEMS];
    struct reply *r = reply_new(c, REPLY_OK, "remind.go_list", ARGS(TXT("deal", label_deal(c, d->id))));
    int n = follow_list_about(c->db, c->mem, d->id, 0, 0, f, ITEMS, e);
    for (int i = 0; i < n; i++)
        if (!strcmp(f[i].kind, "go") && f[i].step < FOLLOW_GO_LIST)
            reply_item(r, arena_printf(c->mem, "%s · %s · %s · %s", call_ref(c, 'F', f[i].id), label_date(c, f[i].due_ms),
                follow_go_text(c, &f[i]), label_member(c, f[i].member_id)), NULL);
    reply_button(r, "plain", arena_printf(c->mem, "show D%lld", (long long)d->id), "button.show", NO_ARGS);
    reply_record(r, call_ref(c, 'D', d->id), "shown");
    return e->code == ERR_NONE;
}

/* A published story of this customer answers the question. */
static bool has_story(struct call *c, const struct deal *d, struct err *e)
{
    struct case_study found[1];
    return case_study_list(c->db, c->mem, d->customer_id, 0, NULL, false, found, 1, e) > 0;
}

static void tell_ask(struct call *c, const struct follow *f, const struct deal *d)
{
    bool story = !strcmp(f->kind, "story");
    const char *who = f->person_id ? label_person_id(c, f->person_id, NULL) : label_customer(c, d->customer_id);
    struct reply *r = reply_new(c, REPLY_OK, story ? "remind.story" : "remind.referral", ARGS(TXT("deal", label_deal(c, d->id)),
        TXT("who", who), TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(d->closed_ms, c->when.team_zone)))));
    (void)remind_away(c, r, f);
    remind_late(c, r, f);
    if (f->person_id)
        reply_button(r, "plain", arena_printf(c->mem, "wording C%lld", (long long)f->person_id), "remind.button.wording", NO_ARGS);
    reply_button(r, "fill", arena_printf(c->mem, story ? "casestudy A%lld " : "intro by C%lld: ",
        (long long)(story ? d->customer_id : f->person_id)), "button.log", NO_ARGS);
    remind_buttons(c, r, f);
}

bool remind_won(struct call *c, struct follow *f, bool *settled, struct err *e)
{
    struct deal d;
    e->code = ERR_NONE;
    bool known = deal_load(c->db, c->mem, f->deal_id, &d, e);
    *settled = !known || strcmp(d.state, "won") != 0 || (!strcmp(f->kind, "story") && has_story(c, &d, e));
    bool list = f->step == FOLLOW_GO_LIST;
    if (*settled || list) {
        f->state = "done";
        f->done_ms = c->now_ms;
    }
    if (e->code != ERR_NONE || *settled)
        return e->code == ERR_NONE;
    if (list)
        return tell_list(c, &d, e);
    if (strcmp(f->kind, "go") != 0) {
        tell_ask(c, f, &d);
        return true;
    }
    struct reply *r = reply_new(c, REPLY_OK, "remind.go", ARGS(TXT("deal", label_deal(c, d.id)), TXT("item", follow_go_text(c, f))));
    remind_late(c, r, f);
    remind_buttons(c, r, f);
    return true;
}
