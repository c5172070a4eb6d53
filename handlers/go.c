#include "handlers/go.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/core/follow_text.h"
#include "bot/store/follows.h"
#include "bot/store/relations.h"
#include "bot/store/touches.h"
#include "bot/text/calendar.h"

enum { OLD_DAYS = 7, TEN = 10, STORY_DAYS = 30, REFERRAL_DAYS = 60 };

/* Business days after the signature, and whether the second owner has it where there is one. */
static const struct {
    int days;
    bool second;
} items[] = { { 1, false }, { 2, false }, { 3, true }, { 5, true } };

static const char *market_of(const struct call *c, const struct deal *d)
{
    return d->market && *d->market ? d->market : c->member->market;
}

/* Ten o'clock of the owner's day, so many business days after the signature. */
static bool add(struct call *c, struct follow *f, const struct deal *d, int days, struct err *e)
{
    struct member m;
    if (!member_by_id(c->db, c->mem, f->member_id, &m, e))
        return e->code == ERR_NONE;
    int32_t signed_day = day_of(d->closed_ms, c->when.team_zone);
    struct civil at = civil_of_day(business_day_add(market_of(c, d), signed_day, days));
    at.hour = TEN;
    f->zone = m.zone;
    f->due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:00", at.year, at.month, at.day, TEN);
    f->due_ms = instant_of(&at, m.zone);
    f->id = follow_add(c->db, f, c->now_ms, e);
    return f->id != 0;
}

/* The list itself, at once, for whoever did not type it. */
static bool tell(struct call *c, const struct deal *d, int64_t member, struct err *e)
{
    struct civil at = civil_of(c->now_ms, c->when.zone);
    struct follow f = { .member_id = member, .kind = "go", .deal_id = d->id, .step = FOLLOW_GO_LIST, .zone = c->when.zone,
        .due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute), .due_ms = c->now_ms };
    return follow_add(c->db, &f, c->now_ms, e) != 0;
}

/* Who is in touch with the champion: asks for the favours. */
static bool add_asks(struct call *c, const struct deal *d, int64_t owner, struct err *e)
{
    struct champion found[1];
    struct touch last[1];
    int64_t since, person = champion_list(c->db, c->mem, d->id, d->customer_id, d->partner_id, found, 1, e) == 1 ? found[0].person_id : 0;
    int64_t keeper = person ? keeper_of(c->db, person, &since, e) : 0;
    struct touch_filter by = { .person = person };
    if (person && !keeper && touch_list(c->db, c->mem, &by, last, 1, e) == 1)
        keeper = last[0].member_id;
    struct follow f = { .member_id = keeper ? keeper : owner, .kind = "story", .step = 1, .person_id = person, .deal_id = d->id };
    if (e->code != ERR_NONE || !add(c, &f, d, STORY_DAYS, e))
        return false;
    f.kind = "referral";
    return add(c, &f, d, REFERRAL_DAYS, e);
}

bool go_time(struct call *c, struct reply *r, const struct deal *d, struct err *e)
{
    int64_t owner = d->owner_id ? d->owner_id : c->member->id, second = d->co_owner_id ? d->co_owner_id : owner;
    e->code = ERR_NONE;
    if (day_of(c->now_ms, c->when.team_zone) - day_of(d->closed_ms, c->when.team_zone) > OLD_DAYS)
        return true;
    reply_line(r, call_text(c, "go.title", NO_ARGS));
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        struct follow f = { .member_id = items[i].second ? second : owner, .kind = "go", .step = (int)i + 1, .deal_id = d->id };
        if (!add(c, &f, d, items[i].days, e))
            return false;
        reply_item(r, arena_printf(c->mem, "%s · %s · %s · %s", call_ref(c, 'F', f.id), label_date(c, f.due_ms),
            follow_go_text(c, &f), label_member(c, f.member_id)), arena_printf(c->mem, "show F%lld", (long long)f.id));
    }
    if (owner != c->member->id && !tell(c, d, owner, e))
        return false;
    if (second != owner && second != c->member->id && !tell(c, d, second, e))
        return false;
    return add_asks(c, d, owner, e);
}
