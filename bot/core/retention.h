/* How long notes are kept: set by administrators, off by default. */
#ifndef CORE_RETENTION_H
#define CORE_RETENTION_H

#include "bot/store/db.h"

/* In months; 0: for ever. */
int retention_months(struct db *db, struct arena *mem, struct err *e);
/* The period was changed: what was announced is off, and is counted and told anew. */
bool retention_again(struct db *db, struct err *e) MUST_CHECK;

#endif
