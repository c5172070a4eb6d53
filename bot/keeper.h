/* Looks after the store under `serve`, in a thread of its own: a backup each night, the oldest
 * thrown away, a quick check at the start and a whole one each week. What administrators
 * should hear goes to the engine as EVENT_KEPT. Writes nothing into the store. */
#ifndef KEEPER_H
#define KEEPER_H

#include "bot/base/arena.h"
#include "bot/core/event.h"

struct keeper_config {
    const char *store, *folder; /* borrowed; folder NULL: `<store>-backups` */
    const char *zone;           /* whose nights */
    int keep;                   /* backups that stay; 0: none are made */
    bool held;                  /* the time is held by a file, which is looked at often */
    void (*post)(void *ctx, struct event *ev); /* from the keeper's thread */
    void *ctx;
};

struct keeper;
struct keeper *keeper_start(const struct keeper_config *config, struct err *e);
void keeper_stop(struct keeper *k); /* gives up what is under way; NULL is fine */

/* The latest backup in the folder, its whole path, or NULL. */
char *keeper_latest(struct arena *mem, const char *store, const char *folder);

#endif
