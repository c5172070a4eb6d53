/* Fetches calendars at addresses that members named: over https, from the public internet alone,
 * a megabyte at most, in ten seconds. Says what came as EVENT_FETCHED; the address is in no log. */
#ifndef TRANSPORT_FETCH_H
#define TRANSPORT_FETCH_H

#include "bot/core/event.h"
#include "bot/net/http.h"

struct fetch {
    struct http *http;
    void (*post)(void *ctx, struct event *ev); /* on the thread of http_run */
    void *ctx;
};
/* `f` must live until the event came. Any thread. */
void fetch_calendar(const struct fetch *f, int64_t id, const char *url);

#endif
