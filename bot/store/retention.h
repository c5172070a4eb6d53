/* The oldest texts, for erasing them when their time is up. */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "bot/store/db.h"

/* Looks at the texts behind row `after` up to `to`: adds the notes older than `cut_ms` to `*n`;
 * `*last`: none of those behind is older, or there is none. */
bool retention_count(struct db *db, int64_t after, int64_t to, int64_t cut_ms, int64_t *n, bool *last,
    struct err *e) MUST_CHECK;

struct retention_row {
    int64_t place, id, rev, created_ms;
    const char *text;
};
/* Texts behind row `after`, oldest first; none while no period is set. At most `max`. */
int retention_rows(struct db *db, struct arena *mem, int64_t after, struct retention_row *out, int max,
    struct err *e);

#endif
