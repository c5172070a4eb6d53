/* At each midnight of the team zone a registration without touch point or change of stage
 * for the days that are set expires, dated to the midnight that it was due. Its owner hears
 * of it on the next business morning. Time does this, no member: reopening takes it back. */
#include <stdlib.h>
#include "bot/base/clock.h"
#include "bot/core/engine_private.h"
#include "bot/store/deals.h"
#include "bot/store/follows.h"
#include "bot/store/team.h"
#include "bot/text/calendar.h"

enum { BATCH = 64, DAYS = 90, MORNING = 10 };

static int expiry_days(struct engine *g, struct err *e)
{
    const char *set = setting_get(g->db, &g->mem, "expiry", e);
    long days = set ? strtol(set, NULL, 10) : 0;
    return days > 0 ? (int)days : DAYS;
}

static bool tell_owner(struct engine *g, const struct deal *d, int64_t now, struct err *e)
{
    struct member m;
    e->code = ERR_NONE;
    if (!d->owner_id || !member_by_id(g->db, &g->mem, d->owner_id, &m, e))
        return e->code == ERR_NONE;
    struct civil at = civil_of_day(business_day_add(m.market, day_of(now, m.zone), 0));
    at.hour = MORNING;
    struct follow f = { .member_id = m.id, .kind = "follow", .step = 1, .deal_id = d->id, .zone = m.zone,
        .due_ms = instant_of(&at, m.zone), .state = "open",
        .due_local = arena_printf(&g->mem, "%04d-%02d-%02dT%02d:00", at.year, at.month, at.day, MORNING) };
    return follow_add(g->db, &f, now, e) != 0;
}

static bool expire(struct engine *g, struct deal *d, int64_t last_ms, int days, int64_t now, struct err *e)
{
    const char *zone = g->config.team_zone;
    d->state = "expired";
    d->closed_ms = day_start_ms(day_of(last_ms, zone) + days, zone);
    d->closed_owner_id = d->owner_id;
    d->closed_co_owner_id = d->co_owner_id;
    return deal_update(g->db, d, e) && deal_event_add(g->db, d->id, "expired", NULL, d->closed_ms, 0, e) &&
           tell_owner(g, d, now, e);
}

bool expire_due(struct engine *g, int64_t now, struct err *e)
{
    struct deal *due = ARENA_ARRAY(&g->mem, struct deal, BATCH);
    int64_t *last = ARENA_ARRAY(&g->mem, int64_t, BATCH);
    const char *zone = g->config.team_zone;
    int32_t today = day_of(now, zone);
    e->code = ERR_NONE;
    if (g->config.only_member || now < g->expiry_ms) /* `serve` does it */
        return true;
    int days = expiry_days(g, e);
    int n = deal_list_idle(g->db, &g->mem, day_start_ms(today - days + 1, zone), day_start_ms(today, zone),
        due, last, BATCH, e);
    for (int i = 0; i < n; i++)
        if (!expire(g, &due[i], last[i], days, now, e))
            return false;
    if (n < BATCH)
        g->expiry_ms = day_start_ms(today + 1, zone);
    return e->code == ERR_NONE;
}

int64_t expire_next(struct engine *g, int64_t now)
{
    struct err e;
    if (g->config.only_member || !deal_any_live(g->db, &e))
        return INT64_MAX;
    return g->expiry_ms > now ? g->expiry_ms : now;
}
