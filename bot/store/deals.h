/* Deal registrations and what became of them. */
#ifndef STORE_DEALS_H
#define STORE_DEALS_H

#include "bot/store/db.h"

struct deal {
    int64_t id;
    const char *name;
    int64_t customer_id, partner_id;
    const char *product, *kind, *origin, *model;
    int64_t owner_id, co_owner_id;
    bool has_value;
    int64_t value_minor;
    const char *currency, *market, *state, *stage;
    int64_t registered_ms, closed_ms, closed_owner_id, closed_co_owner_id, live_ms;
    int64_t merged_into, reason_note;
    const char *source;
};

int64_t deal_add(struct db *db, const struct deal *d, int64_t now_ms, struct err *e);
bool deal_load(struct db *db, struct arena *mem, int64_t id, struct deal *out, struct err *e);
bool deal_update(struct db *db, const struct deal *d, struct err *e) MUST_CHECK;
/* registered, stage, won, lost, paused, resumed, reopened, expired; value: the stage. */
bool deal_event_add(struct db *db, int64_t deal, const char *what, const char *value,
    int64_t at_ms, int64_t member, struct err *e) MUST_CHECK;
bool deal_pause_begin(struct db *db, int64_t deal, int64_t from_ms, struct err *e) MUST_CHECK;
bool deal_pause_end(struct db *db, int64_t deal, int64_t to_ms, struct err *e) MUST_CHECK;

/* 0 or NULL means any; `live`: registered, open or paused only; `touched_by`: deals
 * that this member touched since `since_ms`. Latest registered first. */
struct deal_filter {
    int64_t customer, partner, owner, touched_by, since_ms;
    const char *product, *state;
    bool live;
};
int deal_list(struct db *db, struct arena *mem, const struct deal_filter *f,
    struct deal *out, int max, struct err *e);
/* Deals whose name holds `text`, in lower case; the latest first. */
int deal_find_named(struct db *db, const char *text, int64_t *out, int max, struct err *e);
/* A registered deal becomes open at its first touch point or stage change. */
bool deal_open_if_registered(struct db *db, int64_t deal, struct err *e) MUST_CHECK;

struct deal_event {
    const char *what, *value;
    int64_t at_ms, member_id;
};
int deal_event_list(struct db *db, struct arena *mem, int64_t deal, struct deal_event *out,
    int max, struct err *e);

#endif
