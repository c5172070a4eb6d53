/* Follow-ups and the champion clock. What is stored is the local date and time with its
 * zone; the caller computes due_ms from them (text/zone.h). */
#ifndef STORE_FOLLOWS_H
#define STORE_FOLLOWS_H

#include "bot/store/db.h"

struct follow {
    int64_t id, member_id;
    const char *kind; /* follow, champion, ringi, join, after, go, story, referral */
    int step;
    int64_t person_id, customer_id, partner_id, deal_id, touch_id, ringi_id, note_id;
    const char *due_local, *zone;
    int64_t due_ms;
    const char *state; /* open, sent, done */
    int64_t sent_ms, done_ms;
    const char *source;
};

int64_t follow_add(struct db *db, const struct follow *f, int64_t now_ms, struct err *e);
bool follow_load(struct db *db, struct arena *mem, int64_t id, struct follow *out, struct err *e);
bool follow_update(struct db *db, const struct follow *f, struct err *e) MUST_CHECK;
/* Stores state, sent_ms and done_ms alone. */
bool follow_settle(struct db *db, const struct follow *f, struct err *e) MUST_CHECK;
/* Open ones of `member` (0: of everybody) that are due at `now_ms`: nudges before meetings,
 * else the oldest first. */
int follow_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, struct follow *out, int max,
    struct err *e);
/* When the next open one is due; 0 if none. */
int64_t follow_next_due(struct db *db, int64_t member, struct err *e);
/* Not done ones of a member due before `until_ms`, by due time; touch: of one meeting
 * only. */
int follow_list(struct db *db, struct arena *mem, int64_t member, int64_t touch,
    int64_t until_ms, struct follow *out, int max, struct err *e);
/* Everybody's that are not done, about a deal, else a customer, else a partner. */
int follow_list_about(struct db *db, struct arena *mem, int64_t deal, int64_t customer,
    int64_t partner, struct follow *out, int max, struct err *e);
/* The one that `done` and `snooze` mean without an id: the latest sent and not done, else
 * the next open one due before `until_ms`. False with ERR_NONE if there is none. */
bool follow_latest(struct db *db, struct arena *mem, int64_t member, int64_t until_ms,
    struct follow *out, struct err *e);
/* Ends the not done follow-ups of the champion clock of a meeting: those before the step
 * `below`, 0: all. */
bool follow_close_clock(struct db *db, int64_t touch, int below, int64_t now_ms, struct err *e) MUST_CHECK;
/* The reminders of a planned meeting: ends them; those that are still to come. */
bool follow_close_plan(struct db *db, int64_t touch, int64_t now_ms, struct err *e) MUST_CHECK;
int follow_plan(struct db *db, struct arena *mem, int64_t touch, struct follow *out, int max, struct err *e);
/* What a win began: the go-list and what is asked for later. It is no longer won. */
bool follow_close_won(struct db *db, int64_t deal, int64_t now_ms, struct err *e) MUST_CHECK;
/* Ends every not done check of a ringi. */
bool follow_close_ringi(struct db *db, int64_t ringi, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
