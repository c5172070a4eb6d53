/* What `nemawashi import` does with a file that is no table. */
#ifndef PORT_H
#define PORT_H

#include "bot/program.h"
#include "bot/store/db.h"

/* A calendar as planned meetings of the member (0: refused): prints what it would change, or
 * changes it. */
bool port_calendar(struct config *config, struct db *db, const struct catalogue *words, int64_t member, const char *name,
    const char *text, bool dry_run, struct err *e) MUST_CHECK;

#endif
