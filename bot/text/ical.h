/* A calendar file (RFC 5545) as the events of a stretch of time: series expanded in their own
 * local time, zones by whatever name a calendar gives them. Bounded, since it comes from a
 * network. Home of libical; knows nobody and plans nothing. */
#ifndef TEXT_ICAL_H
#define TEXT_ICAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bot/base/arena.h"

enum { ICAL_BYTES = 1024 * 1024, ICAL_EVENTS = 2000, ICAL_PEOPLE = 32, ICAL_FOUND = 500,
    ICAL_DAYS = 366 };

struct ical_person {
    const char *name; /* "" where only the address is known */
    const char *mail; /* lower case; "" */
};

struct ical_event {
    const char *uid;     /* of the event or of the series */
    int32_t occurrence;  /* of a series: the day that its rule gave, also when it was moved; else 0 */
    int64_t at_ms;
    int minutes;
    const char *zone;    /* IANA: whose wall time it is */
    bool all_day;        /* then it lasts the days [day, end) and has no at_ms */
    int32_t day, end;
    bool floating;       /* without a zone: read in the reader's */
    bool cancelled;
    bool secret;         /* its owner shows it to nobody (CLASS) */
    const char *title, *place; /* one line each; "" */
    const char *link;    /* where to join; NULL: none was found */
    const struct ical_person *people; /* organiser first; no rooms */
    int n_people;
};

struct ical_range {
    const char *zone;       /* of times without one, and where one is unknown */
    int64_t from_ms, to_ms; /* of what is expanded */
};

struct ical {
    const struct ical_event *events; /* none that is over; of series those in range. By time */
    int n;
    const char *const *whole; /* uids of the events and series that are in the file as a whole, */
    int n_whole;              /* not one occurrence alone */
    int unread;            /* events without a time or with a rule that is not understood */
    const char *odd_zone;  /* as written, of one that is unknown; NULL: none */
    bool more;             /* than ICAL_FOUND */
};

/* Does the text begin like one? */
bool ical_begins(const char *text);
/* On `mem`. Refused (ERR_LIMIT, ERR_USAGE, with a key for the person): longer than ICAL_BYTES,
 * more events than ICAL_EVENTS, no UTF-8, no calendar at all. */
bool ical_read(struct arena *mem, const char *text, size_t n, const struct ical_range *range,
    struct ical *out, struct err *e) MUST_CHECK;

#endif
