/* What the parts of the calendar reader share: ical.c walks the file, ical_zone.c knows its
 * zones, ical_series.c expands its rules. */
#ifndef TEXT_ICAL_PRIVATE_H
#define TEXT_ICAL_PRIVATE_H

#include <libical/ical.h>
#include "bot/text/ical.h"
#include "bot/text/zone.h"

enum { OWN_ZONES = 32, SERIES_STAMPS = 512 };

/* Starts of a series that are not to be, or that were given one by one. */
struct starts {
    struct icaltimetype t[SERIES_STAMPS];
    int n;
};

/* Whose wall time a stamp is: a zone by name, or where a calendar describes one that has no
 * name, that description. */
struct clockwork {
    const char *zone;   /* IANA; of a described one the reader's, for showing */
    icaltimezone *own;  /* NULL: `zone` holds */
};

/* A zone as the file calls it, settled once. */
struct zone_known {
    const char *tzid;
    struct clockwork is;
};

/* A stamp of the file. */
struct stamp {
    struct icaltimetype t; /* wall time, or the day alone */
    struct clockwork in;
    bool utc, floating;
};

struct ical_reading {
    struct arena *mem;
    const struct ical_range *range;
    struct ical *out;
    struct ical_event *events;
    const char **whole;
    struct zone_known zones[OWN_ZONES];
    int n_zones;
    int steps; /* of all rules together */
    struct starts without, more; /* of the series being expanded */
};

/* ical_zone.c */
void ical_zones_free(struct ical_reading *r);
struct clockwork ical_zone_of(struct ical_reading *r, icalcomponent *calendar, const char *tzid);
/* False: the property holds no time. */
bool ical_stamp(struct ical_reading *r, icalcomponent *calendar, icalproperty *p, struct stamp *out);
int64_t ical_instant(const struct icaltimetype *t, const struct clockwork *in);
/* The wall time in that zone of an instant. */
struct icaltimetype ical_wall(int64_t ms, const struct clockwork *in);
int32_t ical_day(const struct icaltimetype *t);
/* The day on which a stamp falls by another clock. */
int32_t ical_day_in(const struct stamp *s, const struct clockwork *in);

/* ical_series.c: the starts that the rules and dates of `e` give in range, without those that it
 * excludes. False: a rule that is not understood, or that asks for too much. */
bool ical_expand(struct ical_reading *r, icalcomponent *calendar, icalcomponent *e, const struct stamp *start,
    bool (*each)(void *ctx, const struct icaltimetype *t), void *ctx);
bool ical_recurs(icalcomponent *e);

#endif
