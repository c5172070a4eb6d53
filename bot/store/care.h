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

/* Told once for each `mark`: what changes when there is something new to tell. */
bool told_before(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, struct err *e);
bool told_add(struct db *db, int64_t member, const char *kind, int64_t ref, int64_t mark, int64_t now_ms,
    struct err *e) MUST_CHECK;

/* morning 08:30; days 12345; quiet 22:00-07:00; via line; mute.KIND on. NULL: not chosen. */
char *notice_get(struct db *db, struct arena *mem, int64_t member, const char *key, struct err *e);
/* value NULL: not chosen any more. */
bool notice_put(struct db *db, int64_t member, const char *key, const char *value, int64_t now_ms,
    struct err *e) MUST_CHECK;

/* When a member's next morning list is due. */
struct morning {
    int64_t member_id;
    const char *due_local, *zone;
    int64_t due_ms;
};
bool morning_plan(struct db *db, const struct morning *m, struct err *e) MUST_CHECK;
bool morning_known(struct db *db, int64_t member, struct err *e);
int morning_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, struct morning *out, int max,
    struct err *e);
int64_t morning_next_due(struct db *db, int64_t member, struct err *e); /* 0: none */

#endif
