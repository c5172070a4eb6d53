#include "bot/store/walls.h"

#include <string.h>

static const struct {
    enum stmt_id list, move;
} statements[WALL__MAX] = {
    [WALL_FOLLOW] = { STMT_WALL_FOLLOWS, STMT_WALL_FOLLOW_MOVE },
    [WALL_DIGEST] = { STMT_WALL_DIGESTS, STMT_WALL_DIGEST_MOVE },
    [WALL_MORNING] = { STMT_WALL_MORNINGS, STMT_WALL_MORNING_MOVE },
};

static struct wall read_wall(struct query *q, struct arena *mem, enum wall_kind kind)
{
    struct wall w = { .kind = kind, .id = query_int(q, 0) };
    int at = 1;
    if (kind == WALL_FOLLOW) {
        w.meeting_id = !strcmp(query_text(q, mem, 1), "join") ? query_int(q, 2) : 0;
        at = 3;
    }
    w.local = query_text(q, mem, at);
    w.zone = query_text(q, mem, at + 1);
    w.due_ms = query_int(q, at + 2);
    return w;
}

int wall_list(struct db *db, struct arena *mem, enum wall_kind kind, const struct wall *after,
    struct wall *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, statements[kind].list);
    bind_int(&q, "$id", after->id);
    if (kind == WALL_FOLLOW)
        bind_int(&q, "$due", after->due_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = read_wall(&q, mem, kind);
    return n;
}

static bool move_meeting(struct db *db, int64_t touch, int64_t by_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_WALL_MEETING_MOVE);
    bind_int(&q, "$id", touch);
    bind_int(&q, "$by", by_ms);
    return query_run(&q, e);
}

bool wall_move(struct db *db, const struct wall *w, int64_t due_ms, struct err *e)
{
    if (w->meeting_id && !move_meeting(db, w->meeting_id, due_ms - w->due_ms, e))
        return false;
    AUTO_QUERY q = db_query(db, statements[w->kind].move);
    bind_int(&q, "$id", w->id);
    bind_int(&q, "$due", due_ms);
    return query_run(&q, e);
}
