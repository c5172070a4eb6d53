#include "bot/core/rate.h"

#include <stdlib.h>
#include "bot/base/arena.h"

void rate_finish(struct rate *r)
{
    free(r->items);
    *r = (struct rate){ 0 };
}

void rate_recount(struct rate *r)
{
    for (size_t i = 0; i < r->n; i++)
        r->items[i].counted = false;
}

struct rate_member *rate_of(struct rate *r, int64_t member, int64_t now_ms)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->items[i].member_id == member)
            return &r->items[i];
    GROW(r->items, r->cap, r->n);
    r->items[r->n] = (struct rate_member){ .member_id = member, .tokens = RATE_BURST,
        .at_ms = now_ms };
    return &r->items[r->n++];
}

static void refill(struct rate_member *m, int64_t now_ms)
{
    if (now_ms > m->at_ms)
        m->tokens += (double)(now_ms - m->at_ms) * RATE_PER_MINUTE / 60000.0;
    if (m->tokens > RATE_BURST)
        m->tokens = RATE_BURST;
    m->at_ms = now_ms;
}

bool rate_take(struct rate_member *m, int64_t now_ms)
{
    refill(m, now_ms);
    if (m->tokens < 1)
        return false;
    m->tokens -= 1;
    return true;
}

int64_t rate_next_ms(const struct rate_member *m, int64_t now_ms)
{
    double missing = 1 - m->tokens;
    return missing <= 0 ? now_ms : now_ms + (int64_t)(missing * 60000 / RATE_PER_MINUTE) + 1;
}
