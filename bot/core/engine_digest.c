/* The digest's clock. What is due becomes a message of its own, as if the member had
 * typed the command: so it is answered once, by the desk, also after a crash. */
#include "bot/base/clock.h"
#include "bot/core/digest.h"
#include "bot/core/engine_private.h"
#include "bot/store/members.h"
#include "bot/text/calendar.h"

enum { HOUR = 8, MINUTE = 30, BATCH = 16, WEEK = 7, READERS = ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ };

struct digest digest_next(struct arena *mem, int64_t member, const char *market,
    const char *zone, int64_t now_ms)
{
    int32_t today = day_of(now_ms, zone);
    int32_t monday = today - (civil_of_day(today).weekday + 6) % WEEK;
    struct digest d = { .member_id = member, .zone = zone };
    for (; d.due_ms <= now_ms; monday += WEEK) {
        struct civil at = civil_of_day(business_day_add(market, monday, 0));
        at.hour = HOUR;
        at.minute = MINUTE;
        d.due_ms = instant_of(&at, zone);
        d.due_local = arena_printf(
            mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, HOUR, MINUTE);
    }
    return d;
}

bool engine_plan_digest(struct engine *g, const struct member *m, struct err *e)
{
    struct digest d;
    e->code = ERR_NONE;
    if (!g->config.digests || !(m->roles & READERS) ||
        digest_find(g->db, &g->mem, m->id, &d, e))
        return true;
    d = digest_next(&g->mem, m->id, m->market, m->zone, clock_now_ms());
    return e->code == ERR_NONE && digest_plan(g->db, &d, e);
}

static bool send_one(struct engine *g, const struct digest *due, int64_t now_ms, struct err *e)
{
    struct member m;
    if (!member_by_id(g->db, &g->mem, due->member_id, &m, e))
        return e->code == ERR_NONE && digest_turn(g->db, due->member_id, true, e);
    struct digest next = digest_next(&g->mem, m.id, m.market, m.zone, now_ms);
    if (!digest_plan(g->db, &next, e))
        return false;
    if (!(m.roles & READERS))
        return true;
    struct place at = engine_place(g, m.id, e);
    bool hq = (m.roles & READERS) == ROLE_HQ;
    struct inbox in = { .network = network_name(at.network), .member_id = m.id,
        .remote_id = arena_printf(&g->mem, "digest:%s", due->due_local),
        .conversation = at.conversation, .received_ms = now_ms, .hash = "",
        .body = hq ? "digest hq" : "digest" };
    struct inbox before;
    return e->code == ERR_NONE &&
           (inbox_find(g->db, &g->mem, in.network, m.id, in.remote_id, &before, e) ||
               (e->code == ERR_NONE && inbox_add(g->db, &in, e)));
}

bool engine_digests_due(struct engine *g, int64_t now_ms, struct err *e)
{
    if (!g->config.digests)
        return true;
    struct digest due[BATCH];
    e->code = ERR_NONE;
    int n = digest_due(g->db, &g->mem, g->config.only_member, now_ms, due, BATCH, e);
    bool ok = e->code == ERR_NONE;
    for (int i = 0; ok && i < n; i++)
        ok = send_one(g, &due[i], now_ms, e);
    return ok;
}
