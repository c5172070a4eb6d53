/* When a message that a network did not take is tried again. Opens no connection and
 * keeps no state: the attempts are counted in the outbox. */
#ifndef CORE_COURIER_H
#define CORE_COURIER_H

#include <stdint.h>

/* When to try again a message created at `created_ms` whose first `attempt` attempts
 * (1 or more) failed: 1 s, 5 s, 30 s, 2 min, 10 min after one another, then every hour;
 * never before `retry_after_ms`, the instant the network asked for (0: it did not). A
 * pure function without jitter: one table tests it. INT64_MAX: a day has gone by, the
 * message is dead. */
int64_t courier_next_attempt(int64_t created_ms, int attempt, int64_t retry_after_ms);
/* The pause between that attempt and the next one: what is overdue already, because the
 * program was down, keeps it all the same. */
int64_t courier_pause_ms(int attempt);

#endif
