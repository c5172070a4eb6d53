#include "bot/store/held.h"

int64_t held_add(struct db *db, const struct held *h, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_HELD_INSERT);
    bind_int(&q, "$at", h->received_ms);
    bind_text(&q, "$signature", h->signature);
    bind_text(&q, "$body", h->body);
    return query_insert(&q, e);
}

int held_after(struct db *db, struct arena *mem, int64_t after, struct held *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_HELD_AFTER);
    bind_int(&q, "$after", after);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct held){ .id = query_int(&q, 0), .received_ms = query_int(&q, 1),
            .signature = query_text(&q, mem, 2), .body = query_text(&q, mem, 3) };
    return n;
}

bool held_drop(struct db *db, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_HELD_DROP);
    bind_int(&q, "$id", id);
    return query_run(&q, e);
}

bool held_size(struct db *db, int64_t *rows, int64_t *bytes, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_HELD_SIZE);
    if (!query_next(&q, e))
        return false;
    *rows = query_int(&q, 0);
    *bytes = query_int(&q, 1);
    return true;
}
