/* Partners' users: which records are their partner's, and that their partner gave a sign
 * of life. */
#ifndef STORE_CHECK_IN_H
#define STORE_CHECK_IN_H

#include "bot/store/db.h"

/* A message of the member, a partner's user: an update where the group of changes touched
 * more than the member's own settings (group 0: nothing), else a check. Outside the
 * journal: call it when no group is open. */
bool check_in_add(struct db *db, int64_t partner, int32_t day, int64_t group, int64_t member, struct err *e) MUST_CHECK;
/* The latest sign of life and the latest update; 0: never. */
bool check_in_latest(struct db *db, int64_t partner, int32_t *seen, int32_t *updated, struct err *e) MUST_CHECK;
/* Is the record (P, C, A, D) that partner's own? False also where the store failed. */
bool partner_owns(struct db *db, int64_t partner, char kind, int64_t id, struct err *e);

#endif
