/* What the demo stores beside the verbs that everybody uses. */
#ifndef STORE_DEMO_H
#define STORE_DEMO_H

#include "bot/store/db.h"

/* A user of the partner changed a record on that day. */
bool demo_update(struct db *db, int64_t partner, int32_t day, struct err *e) MUST_CHECK;
/* The deal was submitted, and approved by the member so many milliseconds later. */
bool demo_decided(struct db *db, int64_t deal, int64_t member, int64_t after_ms, struct err *e) MUST_CHECK;
/* Everything in the store is the demo's: says so where the verbs say that it was typed. */
bool demo_mark(struct db *db, struct err *e) MUST_CHECK;

#endif
