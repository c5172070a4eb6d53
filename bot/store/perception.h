/* What is said about us or a partner in the market. A negative one stays open until
 * somebody says how it was resolved. */
#ifndef STORE_PERCEPTION_H
#define STORE_PERCEPTION_H

#include "bot/store/db.h"

struct perception {
    int64_t id;
    const char *sign; /* positive, negative */
    int64_t partner_id, customer_id; /* one of them at least */
    int64_t person_id; /* who said it; 0: not noted */
    int64_t note_id, at_ms, member_id;
    bool resolved;
    int64_t answer_id, resolved_ms, resolved_by;
};
int64_t perception_add(struct db *db, const struct perception *p, int64_t now_ms, struct err *e);
bool perception_resolve(struct db *db, int64_t id, int64_t answer, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
bool perception_load(struct db *db, struct arena *mem, int64_t id, struct perception *out, struct err *e);
/* Open negatives first, then the latest; 0 means any. `open`: those negatives alone. */
int perception_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, bool open,
    struct perception *out, int max, struct err *e);

#endif
