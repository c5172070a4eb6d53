/* Whatever is due at a wall time in a zone: open follow-ups, digests, morning lists. When
 * the zones' rules change, the instants follow them (core/engine_walls.c). */
#ifndef STORE_WALLS_H
#define STORE_WALLS_H

#include "bot/store/db.h"

enum wall_kind { WALL_FOLLOW, WALL_DIGEST, WALL_MORNING, WALL__MAX };
struct wall {
    enum wall_kind kind;
    int64_t id;         /* of the follow-up; else the member's */
    int64_t meeting_id; /* the touch point that this is the nudge before; 0: it is none */
    const char *local, *zone;
    int64_t due_ms;
};
/* Those of a kind behind `after` (zeroed: from the first one on): follow-ups by due time, so
 * that one which was moved ahead may come twice and none is left out. */
int wall_list(struct db *db, struct arena *mem, enum wall_kind kind, const struct wall *after,
    struct wall *out, int max, struct err *e);
/* Due at `due_ms`; the meeting behind a nudge moves along while it is planned. */
bool wall_move(struct db *db, const struct wall *w, int64_t due_ms, struct err *e) MUST_CHECK;

#endif
