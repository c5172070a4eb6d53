/* The morning list's clock. What is due becomes a message as if the member had typed it, so
 * that it is answered once, also after a crash; where nothing is to be told, nothing is said. */
#include "bot/base/clock.h"
#include "bot/core/engine_private.h"
#include "bot/core/notice.h"
#include "bot/store/members.h"

enum { BATCH = 32 };

bool engine_plan_morning(struct engine *g, const struct member *m, struct err *e)
{
    e->code = ERR_NONE;
    if (!g->config.digests || !(m->roles & ROLE_SALES) || morning_known(g->db, m->id, e))
        return e->code == ERR_NONE;
    struct morning next = notice_next_morning(g->db, &g->mem, m, clock_now_ms(), e);
    return e->code == ERR_NONE && morning_plan(g->db, &next, e);
}

static bool send_one(struct engine *g, const struct morning *due, int64_t now_ms, struct err *e)
{
    struct member m;
    struct inbox before;
    if (!member_by_id(g->db, &g->mem, due->member_id, &m, e))
        return e->code == ERR_NONE;
    struct morning next = notice_next_morning(g->db, &g->mem, &m, now_ms, e);
    if (e->code != ERR_NONE || !morning_plan(g->db, &next, e))
        return false;
    if (!(m.roles & ROLE_SALES) || notice_muted(g->db, &g->mem, m.id, "morning", e))
        return e->code == ERR_NONE;
    struct place at = engine_place(g, m.id, e);
    struct inbox in = { .network = network_name(at.network), .member_id = m.id,
        .remote_id = arena_printf(&g->mem, "morning:%s", due->due_local),
        .conversation = at.conversation, .received_ms = now_ms, .hash = "", .body = NOTICE_BY_ITSELF };
    return e->code == ERR_NONE && (inbox_find(g->db, &g->mem, in.network, m.id, in.remote_id, &before, e) ||
                                      (e->code == ERR_NONE && inbox_add(g->db, &in, e)));
}

bool engine_mornings_due(struct engine *g, int64_t now_ms, struct err *e)
{
    struct morning due[BATCH];
    e->code = ERR_NONE;
    int n = g->config.digests ? morning_due(g->db, &g->mem, g->config.only_member, now_ms, due, BATCH, e) : 0;
    bool ok = e->code == ERR_NONE;
    for (int i = 0; ok && i < n; i++)
        ok = send_one(g, &due[i], now_ms, e);
    return ok;
}
