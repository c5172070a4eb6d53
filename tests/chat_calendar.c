#include "tests/chat_calendar.h"

#include <stdlib.h>
#include <string.h>
#include "tests/chat_text.h"

bool chat_calendar_give(struct chat_calendar **list, struct arena *mem, const char *line)
{
    const char *space = strchr(line, ' ');
    if (!space)
        return false;
    struct chat_calendar *c = ARENA_NEW(mem, struct chat_calendar);
    *c = (struct chat_calendar){ *list, arena_strndup(mem, line, (size_t)(space - line)), arena_strdup(mem, space + 1) };
    *list = c; /* the latest for an address comes first */
    return true;
}

struct event *chat_calendar_fetch(const struct chat_calendar *list, struct arena *mem, int64_t id, const char *url)
{
    struct event *ev = event_create(EVENT_FETCHED, NETWORK_CONSOLE, 0);
    while (list && strcmp(list->url, url) != 0)
        list = list->next;
    const char *what = list ? list->what : "silent";
    ev->used = id;
    ev->status = atoi(what);
    if (strstr(what, ".ics"))
        ev->text = xstrdup(text_typed(mem, arena_printf(mem, "<%s>", what)));
    else
        ev->refusal = !strcmp(what, "inside") ? "calendar.why.inside" : ev->status ? "calendar.why.status" : "calendar.why.unreached";
    return ev;
}
