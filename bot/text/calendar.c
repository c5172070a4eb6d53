/* Owns the markets and their business days. The table behind them (holidays.inc) is
 * generated; see holidays.mjs. Does not know where an administrator's own days come from:
 * whoever reads the store gives them to the thread. */
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

/* By market, state and day; the nation's rows have the state "". */
struct row {
    int market;
    const char *state;
    int32_t date; /* 20260304 */
    struct holiday h;
    bool kept; /* false: a state works on a day of the nation */
};
#define DATE(year, month, day) ((year)*10000 + (month)*100 + (day))
#define ANNOUNCED false, true
#define COMPUTED true, true
#define NOT_KEPT false, false
#define ROW(market, state, year, month, day, name, ja, source, computed, kept) \
    { market, state, DATE(year, month, day), { name, ja, source, computed }, kept },
#define HOLIDAY(market, state, year, month, day, name, ja, source, kind) \
    ROW_OF(market, state, year, month, day, name, ja, source, kind)
#define ROW_OF(...) ROW(__VA_ARGS__)
static const struct row holidays[] = {
#include "bot/text/holidays.inc"
};
#undef HOLIDAY

/* Saturdays on which Taiwan works for a day off elsewhere, by its government's office
 * calendars of 2024 and 2025; those of 2026 and later have none so far. */
static const int32_t working_saturdays[] = { DATE(2024, 2, 17), DATE(2025, 2, 8) };

static _Thread_local const struct calendar_own *own;

/* What each market's days turned out to be, a bit a day, until the team's own days change: a
 * report asks the same two years again for each of its thousands of rows. */
enum { KEPT_MARKETS = 12, KEPT_FROM = 10957 /* 2000 */, KEPT_DAYS = 16384, WORD_DAYS = 64 };
struct kept {
    char code[8];
    unsigned of; /* `lists` then */
    uint64_t known[KEPT_DAYS / WORD_DAYS], works[KEPT_DAYS / WORD_DAYS];
};
static _Thread_local struct kept kept[KEPT_MARKETS];
static _Thread_local unsigned lists = 1;
static _Thread_local int last_kept, next_kept;

static bool says_nothing(const struct calendar_own *list)
{
    return !list || (!list->n_days && !list->n_states);
}

void calendar_use(const struct calendar_own *list)
{
    lists += !says_nothing(own) || !says_nothing(list);
    own = list;
}

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

/* MY and MY-10 are Malaysia. */
const struct market *market_find(const char *code)
{
    for (int i = 0; code && i < MARKETS; i++) {
        size_t n = strlen(markets[i].code);
        if (strncmp(markets[i].code, code, n) == 0 && (!code[n] || code[n] == '-'))
            return &markets[i];
    }
    return NULL;
}

static int row_order(const struct row *row, int market, const char *state, int32_t date)
{
    int by_state = strcmp(row->state, state);
    if (row->market != market)
        return row->market < market ? -1 : 1;
    return by_state ? by_state : (row->date > date) - (row->date < date);
}

static const struct row *row_find(int market, const char *state, int32_t date)
{
    size_t low = 0, high = sizeof holidays / sizeof *holidays;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (row_order(&holidays[middle], market, state, date) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sizeof holidays / sizeof *holidays && row_order(&holidays[low], market, state, date) == 0;
    return found ? &holidays[low] : NULL;
}

/* "10" of MY-10, else the state that an administrator named for the market, else "". */
static const char *state_of(const char *code, const struct market *m)
{
    const char *dash = strchr(code, '-');
    if (dash)
        return dash + 1;
    for (size_t i = 0; own && i < own->n_states; i++)
        if (!strcmp(own->states[i].market, m->code))
            return own->states[i].state;
    return "";
}

static const struct own_day *own_find(const struct market *m, int32_t day)
{
    for (size_t i = 0; own && i < own->n_days; i++)
        if (own->days[i].day == day && !strcmp(own->days[i].market, m->code))
            return &own->days[i];
    return NULL;
}

bool holiday_find(const char *code, int32_t day, struct holiday *out)
{
    const struct market *m = market_find(code);
    struct civil c = civil_of_day(day);
    if (!m || c.year < 1970 || c.year >= 10000)
        return false;
    const struct own_day *mine = own_find(m, day);
    if (mine) {
        *out = (struct holiday){ mine->name, mine->name, "own", false };
        return !mine->works;
    }
    const char *state = state_of(code, m);
    int market = (int)(m - markets);
    const struct row *row = *state ? row_find(market, state, DATE(c.year, c.month, c.day)) : NULL;
    row = row ? row : row_find(market, "", DATE(c.year, c.month, c.day));
    if (row && row->kept)
        *out = row->h;
    return row && row->kept;
}

const char *holiday_name(const char *market, int32_t day)
{
    struct holiday h;
    return holiday_find(market, day, &h) ? h.name : NULL;
}

/* Friday and Saturday, by the laws of these states; Johor's until the end of 2024. */
static bool rests_on_friday(const struct market *m, const char *state, int year)
{
    static const char *const states[] = { "02", "03", "11" };
    if (strcmp(m->code, "MY") != 0)
        return false;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(states[i], state))
            return true;
    return !strcmp(state, "01") && year < 2025;
}

bool weekend_day(const char *code, int32_t day)
{
    const struct market *m = market_find(code);
    struct civil c = civil_of_day(day);
    if (m && rests_on_friday(m, state_of(code, m), c.year))
        return c.weekday == 5 || c.weekday == 6;
    return c.weekday > 5;
}

static bool is_working_saturday(const struct market *m, int32_t date)
{
    for (size_t i = 0; !strcmp(m->code, "TW") && i < sizeof working_saturdays / sizeof *working_saturdays; i++)
        if (working_saturdays[i] == date)
            return true;
    return false;
}

static bool judge_day(const char *code, int32_t day)
{
    const struct market *m = market_find(code);
    const struct own_day *mine = m ? own_find(m, day) : NULL;
    struct civil c = civil_of_day(day);
    if (mine)
        return mine->works;
    if (weekend_day(code, day))
        return m && is_working_saturday(m, DATE(c.year, c.month, c.day));
    return !holiday_name(code, day);
}

static bool holds(const struct kept *k, const char *code)
{
    return k->of && !strcmp(k->code, code);
}

/* NULL: nothing is kept of such a code. */
static struct kept *kept_of(const char *code)
{
    struct kept *k = &kept[last_kept];
    code = code ? code : "";
    if (strlen(code) >= sizeof k->code)
        return NULL;
    for (int i = 0; i < KEPT_MARKETS && !holds(k, code); i++)
        k = &kept[i];
    if (!holds(k, code)) {
        k = &kept[next_kept];
        next_kept = (next_kept + 1) % KEPT_MARKETS;
        *k = (struct kept){ 0 };
        memcpy(k->code, code, strlen(code) + 1);
    }
    if (k->of != lists)
        memset(k->known, 0, sizeof k->known);
    k->of = lists;
    last_kept = (int)(k - kept);
    return k;
}

static bool works_on(struct kept *k, const char *code, int32_t day)
{
    if (!k || day < KEPT_FROM || day >= KEPT_FROM + KEPT_DAYS)
        return judge_day(code, day);
    int word = (day - KEPT_FROM) / WORD_DAYS;
    uint64_t bit = UINT64_C(1) << (day - KEPT_FROM) % WORD_DAYS;
    if (!(k->known[word] & bit)) {
        k->known[word] |= bit;
        k->works[word] = judge_day(code, day) ? k->works[word] | bit : k->works[word] & ~bit;
    }
    return k->works[word] & bit;
}

bool business_day(const char *code, int32_t day)
{
    return works_on(kept_of(code), code, day);
}

int32_t business_day_add(const char *market, int32_t day, int n)
{
    struct kept *k = kept_of(market);
    if (n <= 0) {
        while (!works_on(k, market, day))
            day++;
        return day;
    }
    while (n > 0)
        n -= works_on(k, market, ++day) ? 1 : 0;
    return day;
}

/* The 64 days from there on, where all of them are known. */
static bool is_word(const struct kept *k, int32_t day)
{
    return k && day >= KEPT_FROM && day < KEPT_FROM + KEPT_DAYS && (day - KEPT_FROM) % WORD_DAYS == 0 &&
           k->known[(day - KEPT_FROM) / WORD_DAYS] == UINT64_MAX;
}

int business_days_between(const char *market, int32_t from, int32_t to)
{
    int n = 0;
    struct kept *k = from < to ? kept_of(market) : NULL;
    while (from < to) {
        if (to - from >= WORD_DAYS && is_word(k, from + 1)) {
            n += __builtin_popcountll(k->works[(from + 1 - KEPT_FROM) / WORD_DAYS]);
            from += WORD_DAYS;
        } else {
            n += works_on(k, market, ++from) ? 1 : 0;
        }
    }
    return n;
}
