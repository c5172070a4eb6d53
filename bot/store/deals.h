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
    const char *relation; /* who keeps the customer: partner, us, joint */
    bool has_list;
    int64_t list_minor;   /* list price, in `currency` */
    int64_t decided_ms, decided_by; /* approved or declined; 0: needed no approval */
};

int64_t deal_add(struct db *db, const struct deal *d, int64_t now_ms, struct err *e);
bool deal_load(struct db *db, struct arena *mem, int64_t id, struct deal *out, struct err *e);
bool deal_update(struct db *db, const struct deal *d, struct err *e) MUST_CHECK;
/* registered, stage, won, lost, paused, resumed, reopened, expired, merged; value: the
 * stage, or the deal that stays. */
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
/* Live ones without registration, touch point or change of stage since `before_ms`, stored
 * before `midnight_ms`; `last_ms` is when the latest of these was. */
int deal_list_idle(struct db *db, struct arena *mem, int64_t before_ms, int64_t midnight_ms,
    struct deal *out, int64_t *last_ms, int max, struct err *e);
/* Is there one that may expire? */
bool deal_any_live(struct db *db, struct err *e);
/* A registered deal becomes open at its first touch point or stage change. */
bool deal_open_if_registered(struct db *db, int64_t deal, struct err *e) MUST_CHECK;

/* With whom a deal was until the day before `until_day`; partner 0: direct. */
struct deal_partner {
    int64_t partner_id;
    int32_t until_day;
};
bool deal_partner_add(struct db *db, int64_t deal, const struct deal_partner *p, int64_t member,
    struct err *e) MUST_CHECK;
/* The latest first. */
int deal_partner_list(struct db *db, int64_t deal, struct deal_partner *out, int max, struct err *e);

/* Money of a won deal that was given back, in the deal's currency. */
struct refund {
    int64_t deal_id, amount_minor, note_id;
    const char *currency;
    int32_t at_day;
};
bool refund_add(struct db *db, const struct refund *r, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* Minor units given back so far. */
int64_t refund_sum(struct db *db, int64_t deal, struct err *e);

struct deal_event {
    const char *what, *value;
    int64_t at_ms, member_id;
};
int deal_event_list(struct db *db, struct arena *mem, int64_t deal, struct deal_event *out,
    int max, struct err *e);

#endif
