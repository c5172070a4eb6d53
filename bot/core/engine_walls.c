/* What is due at a wall time stays there. When the rules of the zones changed (ICU brought
 * newer ones), instants are computed anew, once for each version. When the system's clock was
 * put back, lists and digests that were planned behind a time that had not come are planned
 * for their next one, and what waits to be sent again waits no longer than it had to: at each
 * start, too, since nobody knows what the clock did meanwhile. In slices; nothing is sent until
 * it is over. After a crash it begins anew, which changes nothing twice. */
#include <stdio.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/digest.h"
#include "bot/core/engine_private.h"
#include "bot/core/notice.h"
#include "bot/store/members.h"
#include "bot/store/outbox.h"
#include "bot/text/zone.h"

enum { BATCH = 500, SLICE_US = 20000 };
static const char version_key[] = "zone_rules";

/* Does the instant still show the time that was meant? So it is kept, also where that hour
 * comes twice and the second was meant. */
static int64_t due_by_rules(const struct wall *w)
{
    struct civil at = civil_of(w->due_ms, w->zone);
    char shown[32];
    int64_t due;
    (void)snprintf(shown, sizeof shown, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute);
    return !strcmp(shown, w->local) || !zone_parse_iso(w->local, w->zone, &due) ? w->due_ms : due;
}

/* A list or digest that is due later than the next one would be, if it was planned now. What
 * was sent already for that time is in the inbox and does not come again. */
static bool plan_sooner(struct engine *g, const struct wall *w, int64_t now_ms, struct err *e)
{
    struct member m;
    if (!member_by_id(g->db, &g->mem, w->id, &m, e))
        return e->code == ERR_NONE;
    if (w->kind == WALL_DIGEST) {
        struct digest next = digest_next(&g->mem, m.id, m.market, m.zone, now_ms);
        return next.due_ms >= w->due_ms || digest_plan(g->db, &next, e);
    }
    struct morning next = notice_next_morning(g->db, &g->mem, &m, now_ms, e);
    return e->code == ERR_NONE && (!next.due_ms || next.due_ms >= w->due_ms || morning_plan(g->db, &next, e));
}

static bool renew(struct engine *g, const struct wall *list, int n, int64_t now_ms, struct err *e)
{
    for (int i = 0; i < n; i++) {
        int64_t due = due_by_rules(&list[i]);
        bool moves = due != list[i].due_ms;
        g->walls.moved += moves;
        if (moves && !wall_move(g->db, &list[i], due, e))
            return false;
        if (!moves && list[i].kind != WALL_FOLLOW && !plan_sooner(g, &list[i], now_ms, e))
            return false;
    }
    return true;
}

static bool slice(struct engine *g, int64_t now_ms, struct err *e)
{
    struct engine_walls *w = &g->walls;
    int64_t until = clock_ticks_us() + SLICE_US;
    while (w->kind < WALL__MAX && clock_ticks_us() < until) {
        struct wall list[BATCH];
        int n = wall_list(g->db, &g->mem, w->kind, &w->after, list, BATCH, e);
        if (e->code != ERR_NONE || !renew(g, list, n, now_ms, e))
            return false;
        w->after = n ? (struct wall){ .id = list[n - 1].id, .due_ms = list[n - 1].due_ms } : (struct wall){ 0 };
        if (n < BATCH) {
            w->kind++;
            w->after = (struct wall){ 0 };
        }
    }
    return true;
}

/* The clock was put back while the program ran. */
static bool is_back(struct engine *g, int64_t now_ms, struct err *e)
{
    struct engine_walls *w = &g->walls;
    int64_t by = w->ticked_ms - now_ms;
    w->ticked_ms = now_ms;
    if (by <= MINUTE_MS)
        return true;
    log_warn("the clock went back by %lld s", (long long)by / 1000);
    w->known = false;
    g->send_ms = 0;
    return outbox_sooner(g->db, now_ms, by, e);
}

static bool begin(struct engine *g, struct err *e)
{
    struct engine_walls *w = &g->walls;
    const char *stored = meta_get(g->db, &g->mem, version_key, e);
    w->known = true;
    w->over = false;
    w->newer = !stored || strcmp(stored, zone_rules_version()) != 0;
    w->kind = w->newer ? WALL_FOLLOW : WALL_DIGEST;
    w->after = (struct wall){ 0 };
    w->moved = 0;
    return e->code == ERR_NONE;
}

bool engine_keep_walls(struct engine *g, int64_t now_ms, bool *more, struct err *e)
{
    struct engine_walls *w = &g->walls;
    e->code = ERR_NONE;
    *more = false;
    if (!is_back(g, now_ms, e) || (!w->known && !begin(g, e)) || (!w->over && !slice(g, now_ms, e)))
        return false;
    *more = w->kind < WALL__MAX;
    if (w->over || *more)
        return true;
    w->over = true;
    if (!w->newer)
        return true;
    if (w->moved)
        log_info("zone rules %s: %d are due at another instant", zone_rules_version(), w->moved);
    return meta_set(g->db, version_key, zone_rules_version(), e);
}

void engine_walls_rolled_back(struct engine *g)
{
    g->walls = (struct engine_walls){ 0 };
}
