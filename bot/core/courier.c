#include "bot/core/courier.h"

#include "bot/base/clock.h"

static const int64_t delays_ms[] = { 1000, 5000, 30000, 2 * MINUTE_MS, 10 * MINUTE_MS,
    HOUR_MS };
enum { DELAYS = sizeof delays_ms / sizeof *delays_ms };

int64_t courier_pause_ms(int attempt)
{
    return delays_ms[attempt < 1 ? 0 : attempt > DELAYS ? DELAYS - 1 : attempt - 1];
}

int64_t courier_next_attempt(int64_t created_ms, int attempt, int64_t retry_after_ms)
{
    int64_t at = created_ms, dead = created_ms + DAY_MS;
    for (int i = 0; i < attempt && at <= dead; i++)
        at += courier_pause_ms(i + 1);
    if (at < retry_after_ms)
        at = retry_after_ms;
    return at > dead ? INT64_MAX : at;
}
