#include "bot/core/own_days.h"

#include <string.h>
#include "bot/base/log.h"
#include "bot/store/team.h"
#include "bot/text/fold.h"

/* Malaysia's by their number in ISO 3166-2, as in holidays.inc. */
static const struct {
    const char *market, *state;
} states[] = {
    { "MY", "01" }, { "MY", "02" }, { "MY", "03" }, { "MY", "04" }, { "MY", "05" }, { "MY", "06" }, { "MY", "07" },
    { "MY", "08" }, { "MY", "09" }, { "MY", "10" }, { "MY", "11" }, { "MY", "12" }, { "MY", "13" }, { "MY", "14" },
    { "MY", "15" }, { "MY", "16" }, { "AU", "ACT" }, { "AU", "NSW" }, { "AU", "NT" }, { "AU", "QLD" }, { "AU", "SA" },
    { "AU", "TAS" }, { "AU", "VIC" }, { "AU", "WA" },
};
enum { STATES = sizeof states / sizeof *states, MARKETS_WITH = 2 };

static size_t read_states(struct own_days *o, struct db *db, struct err *e)
{
    static const char *const markets[MARKETS_WITH] = { "MY", "AU" };
    struct own_state *list = arena_alloc(&o->mem, sizeof *list * MARKETS_WITH);
    size_t n = 0;
    for (size_t i = 0; i < MARKETS_WITH; i++) {
        const char *state = setting_get(db, &o->mem, arena_printf(&o->mem, "state.%s", markets[i]), e);
        if (state && *state)
            list[n++] = (struct own_state){ markets[i], state };
    }
    o->list.states = list;
    return n;
}

void own_days_use(struct own_days *o, struct db *db)
{
    struct own_day_row *rows;
    struct err e = { 0 };
    calendar_use(NULL);
    arena_reset(&o->mem);
    size_t n = own_day_list(db, &o->mem, &rows, &e);
    struct own_day *days = arena_alloc(&o->mem, (n + 1) * sizeof *days);
    for (size_t i = 0; i < n; i++)
        days[i] = (struct own_day){ rows[i].market, rows[i].day, rows[i].works, rows[i].name };
    size_t n_states = read_states(o, db, &e);
    if (e.code != ERR_NONE) {
        log_err("the team's own days", &e);
        return;
    }
    o->list = (struct calendar_own){ days, n, o->list.states, n_states };
    calendar_use(&o->list);
}

void own_days_finish(struct own_days *o)
{
    calendar_use(NULL);
    arena_finish(&o->mem);
}

const char *state_name(const struct catalogue *words, int locale, struct arena *mem, const char *market, const char *state)
{
    return catalogue_text(words, mem, locale, arena_printf(mem, "state.%s-%s", market, state), NO_ARGS);
}

static bool is_called(const struct catalogue *words, struct arena *mem, int i, const char *folded)
{
    for (int locale = 0; locale < catalogue_locales(words); locale++) {
        const char *name = state_name(words, locale, mem, states[i].market, states[i].state);
        if (!strcmp(fold_text(mem, name, strlen(name)).s, folded))
            return true;
    }
    return !strcasecmp(states[i].state, folded) ||
           !strcasecmp(arena_printf(mem, "%s-%s", states[i].market, states[i].state), folded);
}

const char *state_find(const struct catalogue *words, struct arena *mem, const char *market, const char *folded)
{
    for (int i = 0; i < STATES; i++)
        if (!strcmp(states[i].market, market) && is_called(words, mem, i, folded))
            return states[i].state;
    return NULL;
}
