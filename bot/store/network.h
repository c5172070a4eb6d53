/* A partner's own network: how many accounts it can open, as estimated, and which of
 * them it named. */
#ifndef STORE_NETWORK_H
#define STORE_NETWORK_H

#include "bot/store/db.h"

struct network_size {
    int64_t accounts;
    int32_t at_day;
    int64_t note_id; /* note_text.id; 0: none */
};
/* A new estimate; earlier ones are kept. */
bool network_size_add(struct db *db, int64_t partner, const struct network_size *s,
    int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* The latest estimate. False with ERR_NONE: none was made. */
bool network_size_find(struct db *db, int64_t partner, struct network_size *out, struct err *e);

/* The partner can open this customer; saying so twice changes nothing. */
bool network_account_add(struct db *db, int64_t partner, int64_t customer, int32_t day,
    int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* Ids of the customers, in the order named. */
int network_account_list(struct db *db, int64_t partner, int64_t *out, int max, struct err *e);

#endif
