/* A member may send 120 messages a minute, 60 at once; what is above waits in the inbox
 * and is answered when the minute allows. Token buckets in memory. */
#ifndef CORE_RATE_H
#define CORE_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate_member {
    int64_t member_id;
    double tokens;
    int64_t at_ms;
    int waiting; /* messages in the inbox that wait for their turn */
    int64_t failed_ms; /* when the member was last told that the store takes nothing */
    bool told;    /* the one answer above the limit was given */
    bool counted; /* what waited since an earlier run is in `waiting` */
};
struct rate {
    struct rate_member *items;
    size_t n, cap;
};

enum { RATE_BURST = 60, RATE_PER_MINUTE = 120 };

void rate_finish(struct rate *r);
/* What waits is to be counted anew: a transaction failed. */
void rate_recount(struct rate *r);
struct rate_member *rate_of(struct rate *r, int64_t member, int64_t now_ms);
/* Takes one token if there is one. */
bool rate_take(struct rate_member *m, int64_t now_ms);
/* When the next token will be there. */
int64_t rate_next_ms(const struct rate_member *m, int64_t now_ms);

#endif
