/* Erases notes that are older than the team keeps them, once a week and never unannounced: the
 * notes that will be too old in a week are counted and told to administrators, and just those
 * go when the week is over. Records stay, so that no figure changes. In slices. */
#include "bot/core/retention.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/engine_private.h"
#include "bot/core/search.h"
#include "bot/store/members.h"
#include "bot/store/retention.h"
#include "bot/store/team.h"
#include "bot/text/calendar.h"

enum { SLICE_US = 10000, WINDOW = 5000, ROWS = 100, WEEK = 7, HOUR = 9, YEAR_MONTHS = 12, LAST_DAY = 28 };

/* What is under way, kept in meta: "phase cut due place n"; `kept` is the last text that was
 * ever erased. */
static const char state_key[] = "retention.state", kept_key[] = "retention.place";
enum phase { BEGIN, COUNT, TOLD, ERASE };
struct state {
    enum phase phase;
    int64_t cut_ms, due_ms, place, n;
};

int retention_months(struct db *db, struct arena *mem, struct err *e)
{
    const char *set = setting_get(db, mem, "retention", e);
    long months = set ? strtol(set, NULL, 10) : 0;
    return months > 0 ? (int)months : 0;
}

bool retention_again(struct db *db, struct err *e)
{
    return meta_set(db, state_key, "", e);
}

static bool read_state(struct engine *g, struct state *s, struct err *e)
{
    int phase = BEGIN;
    *s = (struct state){ 0 };
    const char *text = meta_get(g->db, &g->mem, state_key, e);
    if (text && sscanf(text, "%d %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64, &phase, &s->cut_ms, &s->due_ms,
                    &s->place, &s->n) == 5) /* NOLINT(cert-err34-c): written by write_state */
        s->phase = (enum phase)phase;
    return e->code == ERR_NONE;
}

static bool write_state(struct engine *g, const struct state *s, struct err *e)
{
    return meta_set(g->db, state_key, arena_printf(&g->mem, "%d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
        s->phase, s->cut_ms, s->due_ms, s->place, s->n), e);
}

static int64_t erased_to(struct engine *g, struct err *e)
{
    const char *at = meta_get(g->db, &g->mem, kept_key, e);
    return at ? strtoll(at, NULL, 10) : 0;
}

/* The same day so many months before, at the latest the 28th. */
static int64_t months_before(int64_t ms, int months, const char *zone)
{
    struct civil at = civil_of(ms, zone);
    int month = at.year * YEAR_MONTHS + at.month - 1 - months;
    at.year = month / YEAR_MONTHS;
    at.month = month % YEAR_MONTHS + 1;
    at.day = at.day < LAST_DAY ? at.day : LAST_DAY;
    return instant_of(&at, zone);
}

static void begin(struct engine *g, struct state *s, int64_t now, int months, struct err *e)
{
    const char *zone = g->config.team_zone;
    struct civil at = civil_of_day(day_of(now, zone) + WEEK);
    at.hour = HOUR;
    *s = (struct state){ .phase = COUNT, .due_ms = instant_of(&at, zone), .place = erased_to(g, e) };
    s->cut_ms = months_before(s->due_ms, months, zone);
}

struct soon {
    const struct state *state;
    int months;
};

static void announce(struct call *c, const void *ctx)
{
    const struct soon *s = ctx;
    char *day = when_format_day(&c->when, c->mem, c->locale, day_of(s->state->due_ms, c->when.team_zone));
    struct reply *r = reply_new(c, REPLY_OK, "retention.soon", ARGS(NUM("n", s->state->n), NUM("months", s->months), TXT("day", day)));
    reply_soft(r, call_text(c, "retention.stays", NO_ARGS));
    reply_button(r, "plain", "retention notes off", "retention.button.off", NO_ARGS);
}

static bool count(struct engine *g, struct state *s, int months, struct err *e)
{
    bool last = false;
    for (int64_t until = clock_ticks_us() + SLICE_US; !last && clock_ticks_us() < until; s->place += WINDOW)
        if (!retention_count(g->db, s->place, s->place + WINDOW, s->cut_ms, &s->n, &last, e))
            return false;
    if (last)
        s->phase = TOLD;
    return !last || !s->n || engine_tell_admins(g, announce, &(struct soon){ s, months }, e);
}

static bool erase(struct engine *g, struct state *s, struct err *e)
{
    struct retention_row rows[ROWS];
    bool last = false;
    for (int64_t until = clock_ticks_us() + SLICE_US; !last && clock_ticks_us() < until;) {
        int n = retention_rows(g->db, &g->mem, s->place, rows, ROWS, e);
        last = n < ROWS;
        for (int i = 0; i < n && e->code == ERR_NONE; i++) {
            const struct retention_row *r = &rows[i];
            if (r->created_ms >= s->cut_ms) {
                last = true;
                break;
            }
            if (*r->text && !search_rewrite(g->db, &g->mem, r->id, r->rev, r->text, "", e))
                return false;
            s->place = r->place;
        }
        if (e->code != ERR_NONE)
            return false;
    }
    if (!last)
        return true;
    s->phase = BEGIN;
    return meta_set(g->db, kept_key, arena_printf(&g->mem, "%" PRId64, s->place), e) && search_begin_purge(g->db, e);
}

bool engine_retention(struct engine *g, int64_t now, bool *more, struct err *e)
{
    struct state s;
    *more = false;
    e->code = ERR_NONE;
    g->retention_ms = INT64_MAX;
    int months = g->config.only_member ? 0 : retention_months(g->db, &g->mem, e); /* `serve` does it */
    if (!months || !read_state(g, &s, e))
        return e->code == ERR_NONE;
    if (s.phase == TOLD && now < s.due_ms) {
        g->retention_ms = s.due_ms;
        return true;
    }
    if (s.phase == TOLD) {
        s.phase = s.n ? ERASE : BEGIN;
        s.place = erased_to(g, e);
    }
    if (s.phase == BEGIN)
        begin(g, &s, now, months, e);
    bool ok = e->code == ERR_NONE && (s.phase == COUNT ? count(g, &s, months, e) : erase(g, &s, e));
    *more = true;
    return ok && write_state(g, &s, e);
}
