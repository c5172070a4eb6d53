/* The zones of a calendar file. A name may be an IANA one, Windows', one with a vendor's path
 * before it, or anything, with a description beside it. What is described by rules that would
 * take long to expand is as good as unknown. */
#include "bot/text/ical_private.h"

#include <string.h>
#include "bot/text/utf8.h"

enum { SHOWN_COLUMNS = 40, YEAR_MIN = 1900, YEAR_MAX = 2200, OBSERVANCES = 64 };

/* Yearly, on one moment of a day: all that zones need, and cheap. */
static bool is_plain(icalproperty *rule)
{
    struct icalrecurrencetype r = icalproperty_get_rrule(rule);
    return r.freq == ICAL_YEARLY_RECURRENCE && r.interval >= 1 && r.by_second[0] == ICAL_RECURRENCE_ARRAY_MAX &&
           r.by_minute[0] == ICAL_RECURRENCE_ARRAY_MAX && r.by_hour[0] == ICAL_RECURRENCE_ARRAY_MAX;
}

static bool is_cheap(icalcomponent *zone)
{
    int n = 0;
    for (icalcomponent *o = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); o;
         o = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        struct icaltimetype from = icalcomponent_get_dtstart(o);
        if (++n > OBSERVANCES || icaltime_is_null_time(from) || from.year > YEAR_MAX)
            return false;
        for (icalproperty *p = icalcomponent_get_first_property(o, ICAL_RRULE_PROPERTY); p;
             p = icalcomponent_get_next_property(o, ICAL_RRULE_PROPERTY))
            if (!is_plain(p))
                return false;
    }
    return n > 0;
}

static icalcomponent *described(icalcomponent *calendar, const char *tzid)
{
    for (icalcomponent *z = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT); z;
         z = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT)) {
        icalproperty *p = icalcomponent_get_first_property(z, ICAL_TZID_PROPERTY);
        const char *name = p ? icalproperty_get_tzid(p) : NULL;
        if (name && !strcmp(name, tzid))
            return z;
    }
    return NULL;
}

static const char *location_of(icalcomponent *zone)
{
    for (icalproperty *p = icalcomponent_get_first_property(zone, ICAL_X_PROPERTY); p;
         p = icalcomponent_get_next_property(zone, ICAL_X_PROPERTY)) {
        const char *name = icalproperty_get_x_name(p), *value = icalproperty_get_x(p);
        if (name && value && !strcmp(name, "X-LIC-LOCATION") && zone_valid(value))
            return value;
    }
    return NULL;
}

/* Asia/Tokyo behind a vendor's path: /example.org/20260101_1/Asia/Tokyo. */
static const char *behind_path(const char *tzid)
{
    for (const char *at = strchr(tzid, '/'); at; at = strchr(at + 1, '/'))
        if (strchr(at + 1, '/') && zone_valid(at + 1))
            return at + 1;
    return NULL;
}

static struct clockwork settle(struct ical_reading *r, icalcomponent *calendar, const char *tzid)
{
    struct clockwork c = { NULL, NULL };
    icalcomponent *zone = described(calendar, tzid);
    const char *named = zone_valid(tzid) ? tzid : zone_of_windows(r->mem, tzid);
    named = named ? named : behind_path(tzid);
    named = named || !zone ? named : location_of(zone);
    c.zone = arena_strdup(r->mem, named ? named : r->range->zone);
    if (named)
        return c;
    if (zone && is_cheap(zone)) {
        icalcomponent *copy = icalcomponent_new_clone(zone);
        c.own = icaltimezone_new();
        if (!icaltimezone_set_component(c.own, copy)) {
            icalcomponent_free(copy);
            icaltimezone_free(c.own, 1);
            c.own = NULL;
        }
    }
    if (!c.own)
        r->out->odd_zone = utf8_fit(r->mem, utf8_scrub(r->mem, tzid, strlen(tzid)), SHOWN_COLUMNS);
    return c;
}

struct clockwork ical_zone_of(struct ical_reading *r, icalcomponent *calendar, const char *tzid)
{
    for (int i = 0; i < r->n_zones; i++)
        if (!strcmp(r->zones[i].tzid, tzid))
            return r->zones[i].is;
    if (r->n_zones == OWN_ZONES)
        return (struct clockwork){ r->range->zone, NULL };
    struct zone_known *k = &r->zones[r->n_zones++];
    k->tzid = arena_strdup(r->mem, tzid);
    k->is = settle(r, calendar, tzid);
    return k->is;
}

void ical_zones_free(struct ical_reading *r)
{
    for (int i = 0; i < r->n_zones; i++)
        if (r->zones[i].is.own)
            icaltimezone_free(r->zones[i].is.own, 1);
}

int64_t ical_instant(const struct icaltimetype *t, const struct clockwork *in)
{
    const struct civil c = { t->year, t->month, t->day, t->hour, t->minute, 0, 0 };
    if (!in->own)
        return instant_of(&c, in->zone);
    struct icaltimetype own = *t;
    own.zone = in->own;
    own.is_date = 0;
    own.second = 0;
    return (int64_t)icaltime_as_timet_with_zone(own, in->own) * 1000;
}

struct icaltimetype ical_wall(int64_t ms, const struct clockwork *in)
{
    struct icaltimetype t = icaltime_null_time();
    if (in->own) {
        t = icaltime_from_timet_with_zone((time_t)(ms / 1000), 0, in->own);
    } else {
        struct civil c = civil_of(ms, in->zone);
        t.year = c.year;
        t.month = c.month;
        t.day = c.day;
        t.hour = c.hour;
        t.minute = c.minute;
    }
    t.zone = NULL;
    t.is_date = 0;
    return t;
}

int32_t ical_day(const struct icaltimetype *t)
{
    return day_number(t->year, t->month, t->day);
}

int32_t ical_day_in(const struct stamp *s, const struct clockwork *in)
{
    if (s->t.is_date || s->floating || (!s->utc && s->in.own == in->own && !strcmp(s->in.zone, in->zone)))
        return ical_day(&s->t);
    struct icaltimetype there = ical_wall(ical_instant(&s->t, &s->in), in);
    return ical_day(&there);
}

/* The time that a property holds; of one with several values each is one property to libical. */
static struct icaltimetype time_of(icalproperty *p)
{
    icalvalue *v = icalproperty_get_value(p);
    switch (v ? icalvalue_isa(v) : ICAL_NO_VALUE) {
    case ICAL_DATE_VALUE:
        return icalvalue_get_date(v);
    case ICAL_DATETIME_VALUE:
        return icalvalue_get_datetime(v);
    case ICAL_DATETIMEPERIOD_VALUE:
        return icalvalue_get_datetimeperiod(v).time;
    default:
        return icaltime_null_time();
    }
}

bool ical_stamp(struct ical_reading *r, icalcomponent *calendar, icalproperty *p, struct stamp *out)
{
    *out = (struct stamp){ .t = time_of(p), .in = { r->range->zone, NULL } };
    if (icaltime_is_null_time(out->t) || out->t.year < YEAR_MIN || out->t.year > YEAR_MAX ||
        !civil_date_valid(out->t.year, out->t.month, out->t.day) || out->t.hour < 0 || out->t.hour > 23 ||
        out->t.minute < 0 || out->t.minute > 59)
        return false;
    icalparameter *tz = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
    const char *tzid = tz ? icalparameter_get_tzid(tz) : NULL;
    out->utc = icaltime_is_utc(out->t);
    out->floating = !out->utc && !out->t.is_date && !tzid;
    if (out->utc)
        out->in.zone = "UTC";
    else if (tzid && *tzid && !out->t.is_date)
        out->in = ical_zone_of(r, calendar, tzid);
    out->t.zone = NULL;
    return true;
}
