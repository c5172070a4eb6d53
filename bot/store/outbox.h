/* Messages on their way to a network: claimed with a lease, then done, later or dead. */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "bot/store/inbox.h"

/* A message that must reach a network; done when the other side has it. */
bool outbox_add(struct db *db, const struct message *m, int64_t due_ms, struct err *e) MUST_CHECK;

struct outbox {
    int64_t id, message_id;
    int attempts;
    int64_t at_ms; /* of the message; outbox_find only */
};
/* Failures after which a message no longer holds up the rest of its conversation. */
enum { OUTBOX_STUBBORN = 6 };
/* Claims up to `max` messages of a network that are due, one a conversation, and counts
 * the attempt. Unless told otherwise they are due again at `lease_ms`. */
int outbox_claim(struct db *db, const char *network, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int max, struct err *e);
/* The same for a network that takes several messages in one request: of a conversation up
 * to OUTBOX_TOGETHER at once, those that are due, and the oldest of the others with them.
 * Only such as were tried equally often, so that a repeat holds the same ones. `max`
 * counts requests; `out` has room for OUTBOX_TOGETHER times as many. Oldest first within
 * each. */
enum { OUTBOX_TOGETHER = 5 };
int outbox_claim_together(struct db *db, const char *network, int64_t now_ms, int64_t lease_ms,
    struct outbox *out, int max, struct err *e);
/* When that finds something again. */
int64_t outbox_next_due_together(struct db *db, const char *network, struct err *e);
/* When outbox_claim finds something again; INT64_MAX: nothing waits. */
int64_t outbox_next_due(struct db *db, const char *network, struct err *e);
/* False with ERR_NONE: it does not wait any more. */
bool outbox_find(struct db *db, int64_t id, struct outbox *out, struct err *e);
/* Done also forgets the message's body; `remote` is what the network calls it, or NULL. */
bool outbox_done(struct db *db, int64_t id, const char *remote, int64_t now_ms, struct err *e) MUST_CHECK;
bool outbox_later(struct db *db, int64_t id, int attempts, int64_t due_ms, struct err *e) MUST_CHECK;
/* What is claimed is due at once, its attempts still counted: whoever claimed it is dead. */
bool outbox_reclaim(struct db *db, int64_t now_ms, struct err *e) MUST_CHECK;
/* The clock was put back to `now_ms`, by `by_ms`: what waits for another try waits no longer. */
bool outbox_sooner(struct db *db, int64_t now_ms, int64_t by_ms, struct err *e) MUST_CHECK;
bool outbox_dead(struct db *db, int64_t id, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
