/* Owns the markets and their business days. The table behind them (holidays.inc) is
 * generated; see holidays.mjs. Knows no administrator's overrides: they live in the
 * store, and callers ask both. */
#include "bot/text/calendar.h"

#include "bot/text/zone.h"
#include <stddef.h>
#include <string.h>

enum { JP, KR, TW, HK, MY, TH, SG, AU, MARKETS };

static const struct market markets[MARKETS] = {
    [JP] = { "JP", "Asia/Tokyo", "JPY", 4, false, false, 3 },
    [KR] = { "KR", "Asia/Seoul", "KRW", 1, false, false, 2 },
    [TW] = { "TW", "Asia/Taipei", "TWD", 1, false, false, 2 },
    [HK] = { "HK", "Asia/Hong_Kong", "HKD", 4, false, true, 2 },
    [MY] = { "MY", "Asia/Kuala_Lumpur", "MYR", 1, false, true, 2 },
    [TH] = { "TH", "Asia/Bangkok", "THB", 1, false, true, 2 },
    [SG] = { "SG", "Asia/Singapore", "SGD", 4, false, true, 1 },
    [AU] = { "AU", "Australia/Sydney", "AUD", 7, true, true, 1 },
};

/* One number that sorts by market, then by date. */
#define KEY(market, year, month, day)                                                  \
    ((market)*100000000 + (year)*10000 + (month)*100 + (day))

struct holiday {
    int32_t key;
    const char *name;
};
#define HOLIDAY(market, year, month, day, name) { KEY(market, year, month, day), name },
static const struct holiday holidays[] = {
#include "bot/text/holidays.inc"
};
#undef HOLIDAY

/* Saturdays on which Taiwan works for a day off elsewhere, by its government's office
 * calendars of 2024 and 2025; those of 2026 and later have none so far. */
static const int32_t working_saturdays[] = {
    KEY(TW, 2024, 2, 17),
    KEY(TW, 2025, 2, 8),
};

const struct market *market_at(int i)
{
    return i >= 0 && i < MARKETS ? &markets[i] : NULL;
}

const char *market_of_zone(const char *zone)
{
    for (int i = 0; i < MARKETS; i++)
        if (strcmp(markets[i].zone, zone) == 0)
            return markets[i].code;
    return "JP";
}

const struct market *market_find(const char *code)
{
    for (int i = 0; code && i < MARKETS; i++) {
        if (strcmp(markets[i].code, code) == 0)
            return &markets[i];
    }
    return NULL;
}

static int32_t key_of(const struct market *m, const struct civil *c)
{
    return KEY((int32_t)(m - markets), c->year, c->month, c->day);
}

static const struct holiday *holiday_find(int32_t key)
{
    size_t low = 0, high = sizeof holidays / sizeof *holidays;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (holidays[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof holidays / sizeof *holidays && holidays[low].key == key;
    return found ? &holidays[low] : NULL;
}

const char *holiday_name(const char *market, int32_t day)
{
    const struct market *m = market_find(market);
    struct civil c = civil_of_day(day);
    const struct holiday *h =
        m && c.year >= 1970 && c.year < 10000 ? holiday_find(key_of(m, &c)) : NULL;
    return h ? h->name : NULL;
}

bool business_day(const char *market, int32_t day)
{
    struct civil c = civil_of_day(day);
    if (c.weekday <= 5)
        return !holiday_name(market, day);
    const struct market *m = market_find(market);
    for (size_t i = 0; m && i < sizeof working_saturdays / sizeof *working_saturdays;
         i++) {
        if (working_saturdays[i] == key_of(m, &c))
            return true;
    }
    return false;
}

int32_t business_day_add(const char *market, int32_t day, int n)
{
    if (n <= 0) {
        while (!business_day(market, day))
            day++;
        return day;
    }
    while (n > 0)
        n -= business_day(market, ++day) ? 1 : 0;
    return day;
}

int business_days_between(const char *market, int32_t from, int32_t to)
{
    int n = 0;
    while (from < to)
        n += business_day(market, ++from) ? 1 : 0;
    return n;
}
