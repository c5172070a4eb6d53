/* Messages on their way to a network. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "bot/store/db.h"

/* A message that must reach a network; done when the other side has it. */
bool outbox_add(struct db *db, int64_t message, const char *network, int64_t due_ms,
    struct err *e) MUST_CHECK;
bool outbox_seen(struct db *db, int64_t member, const char *conversation, int64_t upto,
    int64_t now_ms, struct err *e) MUST_CHECK;

#endif
