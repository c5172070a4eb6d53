/* What a customer is like to sell to: which partner it wants to work with. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "bot/store/db.h"

struct preference {
    int64_t customer_id, partner_id, person_id; /* person: who said so; 0: not told */
    int32_t at_day;
    int64_t note_id;
};
/* A new word on it; earlier ones are kept. */
bool preference_add(struct db *db, const struct preference *p, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* The latest one. False with ERR_NONE: none is known. */
bool preference_find(struct db *db, int64_t customer, struct preference *out, struct err *e);

/* A partner that stands between us and a customer, and what it is there: decision_maker,
 * stakeholder, gatekeeper, ally. */
struct gate {
    int64_t customer_id, partner_id;
    const char *part;
    int64_t note_id;
    int32_t at_day;
};
/* Takes the place of what the partner was there before. */
bool gate_put(struct db *db, const struct gate *g, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* customer or partner 0: any. The latest first. */
int gate_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, struct gate *out, int max,
    struct err *e);

/* A partner that served the customer, with or without us; a day is 0 where it is not known. */
struct served {
    int64_t partner_id;
    int32_t from_day, to_day;
};
/* Takes the place of what was noted of the two before. */
bool served_put(struct db *db, int64_t customer, const struct served *s, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* The latest first. */
int served_list(struct db *db, int64_t customer, struct served *out, int max, struct err *e);

/* What a customer runs: its kind as typed (CMS), name, version, the year it is from. */
struct technology {
    int64_t customer_id;
    const char *kind, *name, *version; /* kind, version NULL: not told */
    int since_year;                    /* 0: not known */
    int64_t note_id;
    int32_t at_day;
};
/* Takes the place of what was noted of the same name before. */
bool technology_put(struct db *db, const struct technology *t, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* customer 0: any; `until_year`: from that year or before, 0: any, with or without one. The
 * oldest first. */
int technology_list(struct db *db, struct arena *mem, int64_t customer, const char *market, int until_year,
    struct technology *out, int max, struct err *e);

#endif
