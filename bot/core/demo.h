/* The labelled demo: an invented team, its partners and eighteen months of records, for
 * somebody who wants to look before typing. Refuses a store that holds anything. Every
 * record has source `demo`. Dates hang on `now_ms`, the rest on nothing: the same
 * instant and zone give the same store. */
#ifndef CORE_DEMO_H
#define CORE_DEMO_H

#include "bot/store/db.h"

/* Fills an empty store inside a transaction of its own and sets meta `demo`. Nothing
 * lies on or after the day of `now_ms` in `team_zone`, open follow-ups excepted.
 * ERR_CONFLICT: the store has members; ERR_USAGE: no such zone. */
bool demo_seed(
    struct db *db, const char *team_zone, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
