#include "bot/store/retention.h"

bool retention_count(struct db *db, int64_t after, int64_t to, int64_t cut_ms, int64_t *n, bool *last,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RETENTION_COUNT);
    bind_int(&q, "$after", after);
    bind_int(&q, "$to", to);
    bind_int(&q, "$cut", cut_ms);
    if (!query_next(&q, e))
        return false;
    *n += query_int(&q, 0);
    *last = query_int(&q, 1) || to >= query_int(&q, 2);
    return true;
}

int retention_rows(struct db *db, struct arena *mem, int64_t after, struct retention_row *out, int max,
    struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_RETENTION_ROWS);
    bind_int(&q, "$after", after);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e)) {
        out[n] = (struct retention_row){ query_int(&q, 0), query_int(&q, 1), query_int(&q, 2), query_int(&q, 4),
            query_text(&q, mem, 3) };
        n++;
    }
    return n;
}
