#include "bot/store/mine.h"

int mine_list(struct db *db, struct arena *mem, int64_t member, int64_t from_ms, int64_t to_ms,
    struct mine *out, int max, struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_MINE_ROWS);
    bind_int(&q, "$member", member);
    bind_ref(&q, "$from", from_ms);
    bind_ref(&q, "$to", to_ms);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e)) {
        out[n] = (struct mine){ .kind = query_text(&q, mem, 0), .id = query_text(&q, mem, 1),
            .at_ms = query_int(&q, 2), .what = query_text(&q, mem, 3), .people = query_text(&q, mem, 4),
            .customer = query_text(&q, mem, 5), .partner = query_text(&q, mem, 6), .deal = query_text(&q, mem, 7),
            .note_id = query_int(&q, 8), .note_rev = query_int(&q, 9), .level = query_text(&q, mem, 10) };
        n++;
    }
    return n;
}
