/* Calendars at addresses, as a transcript gives them: `given calendar https://… week.ics`, or
 * instead of a file `404`, `silent` or `inside`. */
#ifndef TESTS_CHAT_CALENDAR_H
#define TESTS_CHAT_CALENDAR_H

#include "bot/base/arena.h"
#include "bot/core/event.h"

struct chat_calendar {
    struct chat_calendar *next;
    const char *url, *what;
};
/* From now on the address has that. False: it is not written so. */
bool chat_calendar_give(struct chat_calendar **list, struct arena *mem, const char *line);
/* The answer to a fetch, on the heap; an address that was not given is silent. */
struct event *chat_calendar_fetch(const struct chat_calendar *list, struct arena *mem, int64_t id, const char *url);

#endif
