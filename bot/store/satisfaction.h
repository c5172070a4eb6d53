/* Whether customers would recommend us: answers from 0 to 10. */
#ifndef STORE_SATISFACTION_H
#define STORE_SATISFACTION_H

#include "bot/store/db.h"

struct nps {
    int64_t customer_id, person_id; /* 0: not known; one of the two is */
    int64_t partner_id;             /* through whom, at the time of the answer; 0: direct */
    int score;
    const char *how; /* survey, spoken */
    int32_t at_day;
    int64_t note_id;
};
bool nps_add(struct db *db, const struct nps *a, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* The latest first; 0 means any. Without note_id. */
int nps_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, struct nps *out,
    int max, struct err *e);

#endif
