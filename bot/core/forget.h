/* Forgetting a person: the record at once, its name in texts and copies by the engine's
 * clock (engine_forget.c). Whether it is meant is the handler's to ask. */
#ifndef CORE_FORGET_H
#define CORE_FORGET_H

#include "bot/core/names.h"
#include "bot/store/forget.h"

/* Erases the record of a row of `forgotten` and makes it ready for the search of texts, in
 * the open transaction. Fills names and step. */
bool forget_person(struct db *db, struct arena *mem, const struct catalogue *words, struct names *names,
    struct forgotten *f, int64_t now_ms, struct err *e) MUST_CHECK;
/* When somebody of that name was forgotten, 0: nobody. `folded` is fold_name's; a name of one
 * word is known at its firm only (P3, A8; 0: at none). */
int64_t forgotten_name(struct db *db, struct arena *mem, const char *folded, char firm_kind, int64_t firm,
    struct err *e);

#endif
