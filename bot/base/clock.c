#include "bot/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static _Atomic int64_t held = -1;
static const char *file;

void clock_hold(int64_t now_ms)
{
    held = now_ms;
}

void clock_follow_file(const char *path)
{
    file = path;
}

static bool read_file(int64_t *now_ms)
{
    FILE *f = fopen(file, "re");
    if (!f)
        return false;
    long long ms = 0;
    bool ok = fscanf(f, "%lld", &ms) == 1;
    (void)fclose(f);
    *now_ms = ms;
    return ok;
}

int64_t clock_now_ms(void)
{
    int64_t now = held;
    if (now >= 0 || (file && read_file(&now)))
        return now;
    struct timespec ts;
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_ticks_us(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}
