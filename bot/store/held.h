/* What a relay keeps for its bot until that has stored it. */
#ifndef STORE_HELD_H
#define STORE_HELD_H

#include "bot/store/db.h"

struct held {
    int64_t id, received_ms;
    const char *signature;
    const char *body; /* base64 */
};
/* Returns the id, 0 on error. */
int64_t held_add(struct db *db, const struct held *h, struct err *e);
/* Those behind `after`, oldest first. */
int held_after(struct db *db, struct arena *mem, int64_t after, struct held *out, int max, struct err *e);
bool held_drop(struct db *db, int64_t id, struct err *e) MUST_CHECK;
bool held_size(struct db *db, int64_t *rows, int64_t *bytes, struct err *e) MUST_CHECK;

#endif
