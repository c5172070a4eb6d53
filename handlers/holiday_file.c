/* A calendar file of days off, behind the command for holidays: what it would set is shown, and
 * set when that is confirmed. Only days on which something changes are named. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/core/own_days.h"
#include "bot/store/team.h"
#include "bot/text/ical.h"
#include "handlers/team.h"

enum { DAYS_MAX = 200, SHOWN = 20, YEARS = 5, NAME_BYTES = 120 };

struct days_off {
    struct own_day_row rows[DAYS_MAX];
    int n, known, timed; /* off already; of hours, no days */
    bool full;
};

static void add_day(struct call *c, struct days_off *d, const char *market, int32_t day, const char *name)
{
    struct holiday h;
    if (holiday_find(market, day, &h))
        d->known++;
    else if (d->n == DAYS_MAX)
        d->full = true;
    else
        d->rows[d->n++] = (struct own_day_row){ market, day, false, strlen(name) > NAME_BYTES ? "" : arena_strdup(c->mem, name), "ics" };
}

static bool read_days(struct call *c, const char *market, const char *text, struct days_off *d, struct err *e)
{
    struct civil year = civil_of(c->when.now_ms, c->when.zone);
    const struct ical_range range = { c->when.zone, day_start_ms(day_number(year.year, 1, 1), c->when.zone),
        day_start_ms(day_number(year.year + YEARS, 1, 1), c->when.zone) };
    struct ical file;
    if (!ical_read(c->mem, text, strlen(text), &range, &file, e))
        return false;
    for (int i = 0; i < file.n; i++) {
        const struct ical_event *v = &file.events[i];
        d->timed += !v->all_day && !v->cancelled;
        for (int32_t day = v->day; v->all_day && !v->cancelled && day < v->end; day++)
            add_day(c, d, market, day, v->title);
    }
    d->full = d->full || file.more;
    return true;
}

static void tell(struct call *c, struct reply *r, const struct days_off *d)
{
    for (int i = 0; i < d->n && i < SHOWN; i++)
        reply_item(r, call_text(c, *d->rows[i].name ? "holiday.row" : "holiday.row_unnamed",
            ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, d->rows[i].day)), TXT("name", d->rows[i].name))), NULL);
    if (d->n > SHOWN)
        reply_line(r, call_text(c, "calendar.more", ARGS(NUM("n", d->n - SHOWN))));
    if (d->known)
        reply_soft(r, call_text(c, "holiday.file_known", ARGS(NUM("n", d->known))));
    if (d->timed)
        reply_soft(r, call_text(c, "holiday.file_timed", ARGS(NUM("n", d->timed))));
    if (d->full)
        reply_soft(r, call_text(c, "holiday.file_full", ARGS(NUM("max", DAYS_MAX))));
}

bool holiday_file(struct call *c, const char *market, const char *text, struct err *e)
{
    struct days_off *d = ARENA_NEW(c->mem, struct days_off);
    const char *name = call_word(c, WORD_MARKET, market);
    bool confirmed = ask_settled(c, "$holiday") != NULL;
    if (!read_days(c, market, text, d, e))
        return false;
    if (!d->n) {
        tell(c, reply_new(c, REPLY_OK, "holiday.file_empty", ARGS(TXT("market", name))), d);
        return true;
    }
    for (int i = 0; confirmed && i < d->n; i++)
        if (!own_day_put(c->db, &d->rows[i], c->member->id, c->now_ms, e))
            return false;
    struct reply *r = reply_new(c, confirmed ? REPLY_OK : REPLY_ASK, confirmed ? "holiday.file_done" : "holiday.file_preview",
        ARGS(NUM("n", d->n), TXT("market", name)));
    tell(c, r, d);
    if (confirmed) {
        undo_button(r);
        return true;
    }
    const struct option options[] = {
        { call_text(c, "holiday.button.yes", NO_ARGS), call_text(c, "calendar.yes", NO_ARGS), "yes", "primary" },
        { call_text(c, "calendar.button.no", NO_ARGS), call_text(c, "calendar.no", NO_ARGS), "drop", "quiet" },
    };
    return ask_question(c, r, "holiday", "$holiday", options, 2, false, e);
}
