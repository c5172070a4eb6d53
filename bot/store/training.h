/* Trainings of partners' people. Days are civil days; 0: not known. */
#ifndef STORE_TRAINING_H
#define STORE_TRAINING_H

#include "bot/store/db.h"

struct training {
    int64_t id, person_id;
    int64_t partner_id; /* where the person worked then */
    const char *product; /* NULL: not said */
    int32_t enrolled_day, due_day;
    bool due_assumed; /* nobody said when */
    int32_t done_day, certified_day;
    int32_t expires_day; /* the first day on which the certificate no longer holds */
    int64_t won_ms;      /* read only: when the partner won a deal last; training_list only */
};
bool training_add(struct db *db, const struct training *t, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* Person, partner, product and enrolment stay what they are. */
bool training_update(struct db *db, const struct training *t, struct err *e) MUST_CHECK;
/* The person's latest that is not done, else the latest done; `product` NULL: of any.
 * False with ERR_NONE: there is none. */
bool training_find(struct db *db, struct arena *mem, int64_t person, const char *product,
    struct training *out, struct err *e);
/* Of a person, a partner's people or (0, 0) everybody: those not done first, soonest due. */
int training_list(struct db *db, struct arena *mem, int64_t person, int64_t partner,
    struct training *out, int max, struct err *e);

#endif
