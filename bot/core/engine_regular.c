/* The clock of what comes at a regular hour: the morning list and the weekly digest. What is
 * due becomes a message as if the member had typed it, so that it is answered once, also
 * after a crash; where nothing is to be told, nothing is said. Words are the commands'. */
#include "bot/base/clock.h"
#include "bot/core/engine_private.h"
#include "bot/core/notice.h"
#include "bot/store/members.h"

enum { BATCH = 32 };

bool engine_plan_regular(struct engine *g, const struct member *m, struct err *e)
{
    const struct notice_regular *k;
    struct regular next;
    e->code = ERR_NONE;
    for (int i = 0; g->config.digests && (k = notice_regular_at(i)) != NULL; i++) {
        if (!(m->roles & k->roles) || regular_known(g->db, m->id, k->kind, e))
            continue;
        if (e->code != ERR_NONE || !notice_next(g->db, &g->mem, m, k->kind, clock_now_ms(), &next, e) ||
            !regular_plan(g->db, &next, e))
            return false;
    }
    return e->code == ERR_NONE;
}

/* Quiet hours put it off, as they do reminders. */
static bool put_off(struct engine *g, const struct member *m, const struct regular *due, int64_t until_ms, struct err *e)
{
    struct civil at = civil_of(until_ms, m->zone);
    struct regular later = { .member_id = m->id, .kind = due->kind, .zone = m->zone, .due_ms = until_ms,
        .due_local = arena_printf(&g->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute) };
    return regular_plan(g->db, &later, e);
}

static const char *say_of(struct engine *g, const struct member *m, const struct notice_regular *k)
{
    bool hq = (m->roles & k->roles) == ROLE_HQ;
    return hq ? arena_printf(&g->mem, "%s hq", k->say) : k->say;
}

static bool send_one(struct engine *g, const struct regular *due, int64_t now_ms, struct err *e)
{
    struct member m;
    struct inbox before;
    struct regular next;
    const struct notice_regular *k = notice_regular_find(due->kind);
    if (!k || !member_by_id(g->db, &g->mem, due->member_id, &m, e))
        return e->code == ERR_NONE && regular_end(g->db, due->member_id, e); /* has left */
    int64_t until = notice_quiet_end(g->db, &g->mem, &m, now_ms, e);
    if (e->code != ERR_NONE || until)
        return e->code == ERR_NONE && put_off(g, &m, due, until, e);
    if (!notice_next(g->db, &g->mem, &m, due->kind, now_ms, &next, e) || !regular_plan(g->db, &next, e))
        return false;
    if (!(m.roles & k->roles) || notice_muted(g->db, &g->mem, m.id, due->kind, e))
        return e->code == ERR_NONE;
    struct place at = engine_place(g, m.id, e);
    struct inbox in = { .network = network_name(at.network), .member_id = m.id,
        .remote_id = arena_printf(&g->mem, "%s:%s", due->kind, due->due_local),
        .conversation = at.conversation, .received_ms = now_ms, .hash = "", .body = say_of(g, &m, k) };
    return e->code == ERR_NONE && (inbox_find(g->db, &g->mem, in.network, m.id, in.remote_id, &before, e) ||
                                      (e->code == ERR_NONE && inbox_add(g->db, &in, e)));
}

bool engine_regular_due(struct engine *g, int64_t now_ms, struct err *e)
{
    struct regular due[BATCH];
    e->code = ERR_NONE;
    int n = g->config.digests ? regular_due(g->db, &g->mem, g->config.only_member, now_ms, due, BATCH, e) : 0;
    bool ok = e->code == ERR_NONE;
    for (int i = 0; ok && i < n; i++)
        ok = send_one(g, &due[i], now_ms, e);
    return ok;
}
