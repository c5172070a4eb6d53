/* How often somebody wants to hear of us, what is told in the morning and what was told
 * already, and each member's own choices about it. */
#ifndef STORE_CARE_H
#define STORE_CARE_H

#include "bot/store/db.h"

struct cadence {
    int64_t id, person_id, partner_id, deal_id; /* one of the three */
    int days;
    int64_t member_id, at_ms; /* whose it is, and since when */
    int64_t last_ms;          /* read only: the latest real touch point; 0: none */
};
/* Takes the place of an earlier one of the same; days 0: there is none any more. */
bool cadence_set(struct db *db, const struct cadence *k, int64_t now_ms, struct err *e) MUST_CHECK;
/* Of a member. Deals that are paused or closed have none. */
int cadence_list(struct db *db, int64_t member, struct cadence *out, int max, struct err *e);

/* Trainings of partners' people that this member noted, not done, due before that day. */
struct training_due {
    int64_t id, person_id;
    int32_t due_day;
};
int training_due_list(struct db *db, int64_t member, int32_t before_day, struct training_due *out, int max,
    struct err *e);

/* Signed partners of the member's that have been one for six quarters. */
int care_partners(struct db *db, int64_t member, int32_t today, int64_t *out, int max, struct err *e);

/* Told once for each `mark`: what changes when there is something new to tell. */
bool told_before(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, struct err *e);
bool told_add(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, int64_t now_ms,
    struct err *e) MUST_CHECK;

/* morning 08:30; days 12345; digest 17:00; digest_day 5; quiet 22:00-07:00; via line;
 * mute.KIND on. NULL: not chosen. */
char *notice_get(struct db *db, struct arena *mem, int64_t member, const char *key, struct err *e);
/* value NULL: not chosen any more. */
bool notice_put(struct db *db, int64_t member, const char *key, const char *value, int64_t now_ms,
    struct err *e) MUST_CHECK;

/* When what comes by itself is due next: of a kind (morning, digest), one a member. */
struct regular {
    int64_t member_id;
    const char *kind;
    const char *due_local, *zone;
    int64_t due_ms;
};
/* Takes the place of the one planned before. */
bool regular_plan(struct db *db, const struct regular *r, struct err *e) MUST_CHECK;
bool regular_known(struct db *db, int64_t member, const char *kind, struct err *e);
/* Nothing comes any more, until it is planned anew. */
bool regular_end(struct db *db, int64_t member, struct err *e) MUST_CHECK;
/* Due at `now_ms`, of `member` (0: of everybody), oldest first. */
int regular_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, struct regular *out, int max,
    struct err *e);
int64_t regular_next_due(struct db *db, int64_t member, struct err *e); /* 0: none */

#endif
