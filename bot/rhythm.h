/* When the engine's clock runs under `serve`. Networks wait for acknowledgements, so these
 * come first: the clock begins when nobody has come for a moment, pauses when somebody
 * comes, and gets its share after a while of that. Engine thread; knows no store. */
#ifndef RHYTHM_H
#define RHYTHM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct rhythm {
    int64_t due_ms;            /* by the program's clock: when it has work */
    int64_t poll_us, quiet_us; /* by the monotonic one: when to look around; not before */
    int64_t owed_us;           /* since when a network's messages wait for answers; 0: none */
    int64_t begun_us;          /* when the clock's work under way began */
    int poll_ms;
    bool changed; /* something came: there may be work */
    atomic_int unacknowledged; /* a network's messages on their way to the engine; any thread */
};

/* `held`: the time is held by a file, which is looked at often. */
void rhythm_begin(struct rhythm *r, bool held);
/* How long to wait for work at most. */
int64_t rhythm_wait_ms(const struct rhythm *r);
/* Work was taken, `stored` messages of networks among it, which are acknowledged now. */
void rhythm_took(struct rhythm *r, int stored);
/* Is it time to look what other programs wrote? Then the next time is set. */
bool rhythm_looks(struct rhythm *r);
/* Is it the clock's turn? Then it begins. */
bool rhythm_turn(struct rhythm *r);
/* Its work is over until `due_ms`. True: nobody waits for anything. */
bool rhythm_rests(struct rhythm *r, int64_t due_ms);
/* Should the clock's work stop for those who wait? */
bool rhythm_pressed(const struct rhythm *r);

#endif
