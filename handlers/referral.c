/* What an introduction by a referral partner brings along: the deal that it opened is
 * sourced by that partner, and somebody of ours follows up, for a referral is the first
 * meeting only. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/store/follows.h"
#include "bot/text/calendar.h"
#include "handlers/facts.h"
#include "handlers/record.h"
#include "handlers/referral.h"

enum { OWNERS = 4, MORNING_HOUR = 10 };

bool referral_partner(struct call *c, const struct introduction *i, int64_t *partner, struct err *e)
{
    struct person giver;
    struct partner p;
    *partner = i->by_partner;
    if (i->by_person) {
        if (!person_load(c->db, c->mem, i->by_person, &giver, e))
            return false;
        *partner = giver.partner_id;
    }
    if (!*partner)
        return true;
    if (!partner_load(c->db, c->mem, *partner, &p, e))
        return e->code == ERR_NONE;
    if (!p.type || strcmp(p.type, "referral") != 0)
        *partner = 0;
    return true;
}

/* The one who typed first, then others of the same market who may log; never the partner. */
static bool ask_owner(struct call *c, struct reply *r, int64_t partner, struct err *e)
{
    struct option options[OWNERS];
    int k = 0, n;
    struct member *all = member_list(c->db, c->mem, &n, e);
    for (int pass = 0; all && pass < 2; pass++)
        for (int i = 0; i < n && k < OWNERS; i++) {
            bool me = all[i].id == c->member->id;
            if (me != (pass == 0) || !(all[i].roles & ROLE_SALES) || strcmp(all[i].market, c->member->market) != 0)
                continue;
            options[k++] = (struct option){ label_member(c, all[i].id), all[i].name,
                arena_printf(c->mem, "%lld", (long long)all[i].id), "plain" };
        }
    reply_text(r, "referral.owner", ARGS(TXT("who", label_partner(c, partner))));
    return e->code == ERR_NONE && ask_question(c, r, "referral.owner", "$owner", options, k, false, e);
}

static bool add_follow(struct call *c, const struct introduction *i, int64_t owner, struct follow *f, struct err *e)
{
    struct member m;
    if (!member_by_id(c->db, c->mem, owner, &m, e))
        return false;
    struct civil at = civil_of_day(business_day_add(m.market, day_of(c->now_ms, m.zone), 1));
    at.hour = MORNING_HOUR;
    *f = (struct follow){ .member_id = owner, .kind = "follow", .person_id = i->person_id, .customer_id = i->customer_id,
        .partner_id = i->partner_id, .zone = m.zone, .due_ms = instant_of(&at, m.zone),
        .due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:00", at.year, at.month, at.day, at.hour) };
    return (f->id = follow_add(c->db, f, c->now_ms, e)) != 0;
}

bool referral_answered(struct call *c, const struct introduction *i, bool *answered, struct err *e)
{
    const char *owner = ask_settled(c, "$owner");
    struct follow f;
    *answered = owner != NULL;
    if (!owner)
        return true;
    if (!add_follow(c, i, strtoll(owner, NULL, 10), &f, e))
        return false;
    char *id = call_ref(c, 'F', f.id);
    char *to = i->person_id     ? label_person_id(c, i->person_id, NULL)
               : i->customer_id ? label_customer(c, i->customer_id)
                                : label_partner(c, i->partner_id);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, id);
    buf_join(&b, FACTS, call_text(c, "follow.set", ARGS(TXT("who", to))));
    buf_join(&b, FACTS, label_member(c, f.member_id));
    buf_join(&b, FACTS, label_assumed(c, true, label_date(c, f.due_ms)));
    struct reply *r = reply_titled(c, REPLY_OK, "follow.set", buf_str(&b));
    reply_record(r, id, "created");
    reply_data_ms(r, "due", f.due_ms);
    reply_data_ref(r, "customer", 'A', i->customer_id);
    reply_data_ref(r, "person", 'C', i->person_id);
    reply_assumed(r, "due");
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    return true;
}

bool referral_tell(struct call *c, struct reply *r, int64_t intro, int64_t partner, struct err *e)
{
    int64_t deal = introduction_source(c->db, intro, 0, c->member->id, c->now_ms, e);
    if (deal)
        reply_soft(r, call_text(c, "referral.sources", ARGS(TXT("deal", label_deal(c, deal)), TXT("who", label_partner(c, partner)))));
    return e->code == ERR_NONE && ask_owner(c, r, partner, e);
}

bool referral_source(struct call *c, struct reply *r, int64_t deal, struct err *e)
{
    if (!introduction_source(c->db, 0, deal, c->member->id, c->now_ms, e))
        return e->code == ERR_NONE;
    int64_t partner = introduction_sourced(c->db, deal, e);
    if (partner)
        reply_soft(r, call_text(c, "referral.sourced", ARGS(TXT("who", label_partner(c, partner)))));
    return e->code == ERR_NONE;
}
