/* A member's own records: touch points, notes, follow-ups, other texts and settings. Without
 * words: those are read with the member as the viewer (notes.h). */
#ifndef STORE_MINE_H
#define STORE_MINE_H

#include "bot/store/db.h"

struct mine {
    const char *kind, *id; /* id NULL: it has none */
    int64_t at_ms;
    const char *what, *people, *customer, *partner, *deal; /* NULL: none */
    int64_t note_id, note_rev;                              /* 0: no words */
    const char *level;                                      /* of the words */
};
/* Between two instants (0: open), oldest first, settings last. At most `max`. */
int mine_list(struct db *db, struct arena *mem, int64_t member, int64_t from_ms, int64_t to_ms,
    struct mine *out, int max, struct err *e);

#endif
