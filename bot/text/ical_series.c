/* The rules of a series, expanded in wall time, so that clocks put forward or back move nothing.
 * A rule comes from anybody: one that repeats within a day is refused, and all of a file's rules
 * together may take so many steps. */
#include "bot/text/ical_private.h"

/* Of all rules of a file: days that libical looks at. One that never comes true it follows to
 * the year 2582, so each costs as if it were half of that. */
enum { STEPS = 300000, NEVER = STEPS / 2, POSITIONS = 5 };

bool ical_recurs(icalcomponent *e)
{
    return icalcomponent_get_first_property(e, ICAL_RRULE_PROPERTY) ||
           icalcomponent_get_first_property(e, ICAL_RDATE_PROPERTY);
}

/* In the wall time of the series; a day alone stands for whatever begins on it. */
static void read_starts(struct ical_reading *r, icalcomponent *calendar, icalcomponent *e, icalproperty_kind kind,
    const struct stamp *start, struct starts *out)
{
    out->n = 0;
    for (icalproperty *p = icalcomponent_get_first_property(e, kind); p && out->n < SERIES_STAMPS;
         p = icalcomponent_get_next_property(e, kind)) {
        struct stamp s;
        if (!ical_stamp(r, calendar, p, &s))
            continue;
        if (s.utc && !start->utc)
            s.t = ical_wall(ical_instant(&s.t, &s.in), &start->in);
        out->t[out->n++] = s.t;
    }
}

static bool same_start(const struct icaltimetype *a, const struct icaltimetype *day)
{
    return ical_day(a) == ical_day(day) && (day->is_date || (a->hour == day->hour && a->minute == day->minute));
}

static bool holds(const struct starts *d, const struct icaltimetype *t)
{
    for (int i = 0; i < d->n; i++)
        if (same_start(t, &d->t[i]))
            return true;
    return false;
}

static bool is_set(const short *by)
{
    return by[0] != ICAL_RECURRENCE_ARRAY_MAX;
}

/* The fifth Monday is there now and then, the sixth never. With the year's 53 as `most`. */
static bool counts_days(const struct icalrecurrencetype *rule, int most)
{
    for (int i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
        int at = icalrecurrencetype_day_position(rule->by_day[i]);
        if (at > most || at < -most || (at && is_set(rule->by_set_pos)))
            return false;
    }
    return true;
}

/* The last working day of a month: positions among plain weekdays alone. */
static bool picks_days(const struct icalrecurrencetype *rule)
{
    for (int i = 0; i < ICAL_BY_SETPOS_SIZE && rule->by_set_pos[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (rule->by_set_pos[i] > POSITIONS || rule->by_set_pos[i] < -POSITIONS)
            return false;
    return !is_set(rule->by_set_pos) || (is_set(rule->by_day) && !is_set(rule->by_month_day));
}

/* What calendars write for meetings, and nothing that would be looked for in vain for long. */
static bool is_modest(const struct icalrecurrencetype *rule)
{
    bool within_day = is_set(rule->by_second) || is_set(rule->by_minute) || is_set(rule->by_hour);
    bool rare = is_set(rule->by_year_day) || is_set(rule->by_week_no) || rule->rscale || rule->interval < 1;
    if (within_day || rare)
        return false;
    switch (rule->freq) {
    case ICAL_DAILY_RECURRENCE:
    case ICAL_WEEKLY_RECURRENCE:
        return !is_set(rule->by_month_day) && !is_set(rule->by_set_pos) && counts_days(rule, 0);
    case ICAL_MONTHLY_RECURRENCE:
        return !(is_set(rule->by_month) && is_set(rule->by_month_day)) && counts_days(rule, POSITIONS) && picks_days(rule);
    case ICAL_YEARLY_RECURRENCE:
        return counts_days(rule, is_set(rule->by_month) ? POSITIONS : 53) && picks_days(rule);
    default:
        return false;
    }
}

/* libical compares the last day with wall times, so it becomes one; and looks no further. */
static void settle_until(const struct ical_reading *r, struct icalrecurrencetype *rule, const struct stamp *start)
{
    static const struct clockwork utc = { "UTC", NULL };
    struct icaltimetype last = ical_wall(r->range->to_ms, &start->in);
    if (icaltime_is_null_time(rule->until)) {
        rule->until = last;
        return;
    }
    if (rule->until.is_date || start->t.is_date) {
        rule->until.is_date = 0;
        rule->until.hour = 23;
        rule->until.minute = rule->until.second = 59;
    } else if (icaltime_is_utc(rule->until) && !start->utc) {
        rule->until.zone = NULL;
        rule->until = ical_wall(ical_instant(&rule->until, &utc), &start->in);
    }
    rule->until.zone = NULL;
    if (icaltime_compare(rule->until, last) > 0)
        rule->until = last;
}

/* What libical looks at for a rule that gave `n` starts. */
static int cost(const struct icalrecurrencetype *rule, const struct stamp *start, int n)
{
    int years = rule->until.year > start->t.year ? rule->until.year - start->t.year + 1 : 1;
    bool slow = rule->freq == ICAL_MONTHLY_RECURRENCE || rule->freq == ICAL_YEARLY_RECURRENCE;
    if (slow && !n)
        return NEVER;
    return slow ? years + n : years * 366;
}

static bool walk(struct ical_reading *r, struct icalrecurrencetype rule, const struct stamp *start, const struct starts *without,
    bool (*each)(void *ctx, const struct icaltimetype *t), void *ctx)
{
    if (r->steps >= STEPS)
        return false;
    settle_until(r, &rule, start);
    struct icaltimetype from = start->t;
    int n = 0;
    from.is_date = 0;
    icalrecur_iterator *it = icalrecur_iterator_new(rule, from);
    for (bool on = it != NULL; on; n++) {
        struct icaltimetype t = icalrecur_iterator_next(it);
        int64_t at = icaltime_is_null_time(t) ? INT64_MAX : ical_instant(&t, &start->in);
        if (at >= r->range->to_ms)
            break;
        on = at < r->range->from_ms || holds(without, &t) || each(ctx, &t);
    }
    r->steps += cost(&rule, start, n);
    if (it)
        icalrecur_iterator_free(it);
    return it != NULL;
}

bool ical_expand(struct ical_reading *r, icalcomponent *calendar, icalcomponent *e, const struct stamp *start,
    bool (*each)(void *ctx, const struct icaltimetype *t), void *ctx)
{
    struct starts *without = &r->without, *more = &r->more;
    read_starts(r, calendar, e, ICAL_EXDATE_PROPERTY, start, without);
    read_starts(r, calendar, e, ICAL_RDATE_PROPERTY, start, more);
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_RRULE_PROPERTY);
    if (p) {
        struct icalrecurrencetype rule = icalproperty_get_rrule(p);
        if (!is_modest(&rule) || !walk(r, rule, start, without, each, ctx))
            return false;
    } else if (!holds(without, &start->t)) {
        more->t[more->n < SERIES_STAMPS ? more->n++ : 0] = start->t;
    }
    for (int i = 0; i < more->n; i++) {
        int64_t at = ical_instant(&more->t[i], &start->in);
        if (at >= r->range->from_ms && at < r->range->to_ms && !holds(without, &more->t[i]) && !each(ctx, &more->t[i]))
            break;
    }
    return true;
}
