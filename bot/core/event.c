#include "bot/core/event.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"

static const char *const names[NETWORK__MAX] = { "console", "web", "slack", "line" };

const char *network_name(enum network n)
{
    return n < NETWORK__MAX ? names[n] : "?";
}

enum network network_find(const char *name)
{
    for (int i = 0; i < NETWORK__MAX; i++)
        if (!strcmp(names[i], name))
            return (enum network)i;
    return NETWORK_CONSOLE;
}

struct event *event_create(enum event_kind kind, enum network network, int64_t source)
{
    struct event *e = xcalloc(1, sizeof *e);
    e->kind = kind;
    e->network = network;
    e->source = source;
    return e;
}

void event_destroy(struct event *e)
{
    if (!e)
        return;
    free(e->remote_id);
    free(e->remote_user);
    free(e->session);
    free(e->edits);
    free(e->remote_ref);
    free(e->message);
    free(e->conversation);
    free(e->text);
    free(e->name);
    free(e->zone);
    free(e->locale);
    free(e);
}

struct delivery *delivery_create(enum delivery_kind kind, enum network network)
{
    struct delivery *d = xcalloc(1, sizeof *d);
    d->kind = kind;
    d->network = network;
    return d;
}

void delivery_destroy(struct delivery *d)
{
    if (!d)
        return;
    delivery_destroy(d->with);
    free(d->remote_id);
    free(d->remote_user);
    free(d->conversation);
    free(d->text);
    free(d->json);
    free(d->replaces);
    free(d->retry_key);
    free(d->code);
    free(d);
}

int delivery_count(const struct delivery *d)
{
    int n = 0;
    for (; d; d = d->with)
        n++;
    return n;
}
