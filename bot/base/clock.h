/* The one place where time enters the program. Everything else asks here, so that a
 * test can hold the clock. Milliseconds UTC. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_now_ms(void);
/* Monotonic, for measuring and time-outs; never held. */
int64_t clock_ticks_us(void);
/* Holds the clock at `now_ms` until the next call. */
void clock_hold(int64_t now_ms);
/* For tests only: from now on the time is the number (ms UTC) written in `path`, read
 * at each call; the system's clock where it can't be read. */
void clock_follow_file(const char *path);

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

#endif
