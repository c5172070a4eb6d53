/* What a customer is like to sell to: which partner it wants to work with. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "bot/store/db.h"

struct preference {
    int64_t customer_id, partner_id, person_id; /* person: who said so; 0: not told */
    int32_t at_day;
    int64_t note_id;
};
/* A new word on it; earlier ones are kept. */
bool preference_add(struct db *db, const struct preference *p, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* The latest one. False with ERR_NONE: none is known. */
bool preference_find(struct db *db, int64_t customer, struct preference *out, struct err *e);

#endif
