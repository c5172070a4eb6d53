#include "bot/rhythm.h"

#include "bot/base/clock.h"

/* LINGER: answering begins when so long nothing came that a network wants acknowledged, or
 * OWED after the first of what waits; then it gets a SHARE between two such stops. */
enum { POLL_MS = 1000, POLL_HELD_MS = 50, REST_US = 5000, LINGER_US = 1000, OWED_US = 250000,
    SHARE_US = 2000 };

void rhythm_begin(struct rhythm *r, bool held)
{
    r->changed = true;
    r->poll_ms = held ? POLL_HELD_MS : POLL_MS;
    r->poll_us = clock_ticks_us() + r->poll_ms * INT64_C(1000);
}

static bool is_owed(const struct rhythm *r)
{
    return r->owed_us && clock_ticks_us() >= r->owed_us + OWED_US;
}

static bool is_due(const struct rhythm *r)
{
    return r->changed || clock_now_ms() >= r->due_ms;
}

int64_t rhythm_wait_ms(const struct rhythm *r)
{
    int64_t now_us = clock_ticks_us(), until_us = is_due(r) ? r->quiet_us : r->poll_us;
    if (is_owed(r))
        return 0;
    int64_t wait = until_us > now_us ? (until_us - now_us + 999) / 1000 : 0;
    int64_t due = r->due_ms - clock_now_ms();
    return due > 0 && due < wait ? due : wait;
}

void rhythm_took(struct rhythm *r, int stored)
{
    r->changed = true;
    if (!stored)
        return;
    (void)atomic_fetch_sub(&r->unacknowledged, stored);
    r->quiet_us = clock_ticks_us() + LINGER_US;
    r->owed_us = r->owed_us ? r->owed_us : clock_ticks_us();
}

bool rhythm_looks(struct rhythm *r)
{
    if (clock_ticks_us() < r->poll_us)
        return false;
    r->poll_us = clock_ticks_us() + r->poll_ms * INT64_C(1000);
    return true;
}

bool rhythm_turn(struct rhythm *r)
{
    if (!is_due(r) || (clock_ticks_us() < r->quiet_us && !is_owed(r)))
        return false;
    r->begun_us = clock_ticks_us();
    r->changed = false;
    return true;
}

bool rhythm_rests(struct rhythm *r, int64_t due_ms)
{
    r->due_ms = due_ms;
    bool more = due_ms <= clock_now_ms();
    if (!more)
        r->owed_us = 0;
    r->quiet_us = clock_ticks_us() + (more ? 0 : REST_US); /* a flood must not pay for it each time */
    return !more && !atomic_load(&r->unacknowledged);
}

bool rhythm_pressed(const struct rhythm *r)
{
    return atomic_load(&r->unacknowledged) && (!is_owed(r) || clock_ticks_us() > r->begun_us + SHARE_US);
}
