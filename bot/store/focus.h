/* What "it" means to a member in a conversation: the latest record ("record": T1042),
 * the latest figure asked ("kpi": its JSON). */
#ifndef STORE_FOCUS_H
#define STORE_FOCUS_H

#include "bot/store/db.h"

/* False with ERR_NONE if there is none. */
bool focus_get(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    const char *what, int64_t since_ms, char **value, struct err *e);
bool focus_set(struct db *db, int64_t member, const char *conversation, const char *what,
    const char *value, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
