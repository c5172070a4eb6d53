/* What is known of a person outside besides the name: languages, how far we reach through
 * them, former firms, absences. Each is a fact of its own that can be taken back. */
#ifndef STORE_PROFILE_H
#define STORE_PROFILE_H

#include "bot/store/db.h"

enum { PROFILE_ROWS = 8 };

/* How well: none, A1 … C2 (CEFR), native, unknown. What was said before is replaced. */
bool speaks_set(struct db *db, int64_t person, const char *language, const char *level,
    int64_t now_ms, struct err *e) MUST_CHECK;
struct speaks {
    const char *language, *level;
};
int speaks_list(struct db *db, struct arena *mem, int64_t person, struct speaks *out, int max,
    struct err *e);
/* Of the partner's people: how many have any language noted, and how many can support
 * somebody in this one (B2 and better). */
bool staff_language(struct db *db, int64_t partner, const char *language, int64_t *noted,
    int64_t *able, struct err *e) MUST_CHECK;

/* level: decision_maker, influencer, user, gatekeeper. Replaces what was said before. */
bool access_set(struct db *db, int64_t person, int64_t customer, const char *level,
    int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
struct access {
    int64_t person_id, customer_id;
    const char *level;
};
/* Of one person or (person 0) of everybody at a customer, decision makers first. */
int access_list(struct db *db, struct arena *mem, int64_t person, int64_t customer,
    struct access *out, int max, struct err *e);
/* Live deals, and how many of them have a decision maker we reach; up to `max` ids of
 * the others. Returns how many ids. */
int access_share(struct db *db, int64_t *deals, int64_t *reached, int64_t *missing, int max,
    struct err *e);

/* what: trained_at, worked_at, studied_at. The same twice is one. */
bool tag_add(struct db *db, int64_t person, const char *what, const char *firm, struct err *e) MUST_CHECK;
struct tag {
    const char *what, *firm;
};
int tag_list(struct db *db, struct arena *mem, int64_t person, struct tag *out, int max, struct err *e);

/* The person left this firm (one of the two ids) for another. */
bool former_add(struct db *db, int64_t person, int64_t partner, int64_t customer,
    const char *title, int64_t now_ms, struct err *e) MUST_CHECK;
struct former {
    const char *org, *title;
    int64_t until_ms;
};
int former_list(struct db *db, struct arena *mem, int64_t person, struct former *out, int max,
    struct err *e);

/* Days are civil days; to_day 0: not known. reason: sick, holiday, leave, trip, left,
 * unknown. */
struct away {
    int64_t id;
    int32_t from_day, to_day;
    const char *reason;
};
/* Stands instead of reports that it overlaps. */
bool away_set(struct db *db, int64_t person, const struct away *a, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;
/* The absence on `day`, else the next one after it. False with ERR_NONE: none. */
bool away_find(struct db *db, struct arena *mem, int64_t person, int32_t day, struct away *out,
    struct err *e);
/* Is the person away on that day? */
bool away_on(const struct away *a, int32_t day);
/* Back since `day`. */
bool away_over(struct db *db, const struct away *a, int32_t day, int64_t now_ms, struct err *e) MUST_CHECK;

#endif
