/* What db.c shares with backup.c, which opens whole files without their statements. */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include "bot/base/err.h"

struct sqlite3;

/* Fills `e` from a result code of SQLite, with the mend; false. `sqlite` may be NULL. */
bool db_refuse(struct sqlite3 *sqlite, const char *path, int rc, const char *doing, struct err *e);
/* The format of a store, -1 for a file without tables. ERR_CONFLICT: another program's
 * (`*version` is 0), or written by a newer Nemawashi (it is the newer one). */
bool db_identify(struct sqlite3 *sqlite, const char *path, int64_t *version, struct err *e) MUST_CHECK;

#endif
