/* What decides a deal besides its value: the committee and what each member stands to
 * lose, objections and their answers, how it is argued for, and who would be first in an
 * industry. Words are in notes (store/notes.h); these rows hold their ids. */
#ifndef STORE_COMMITTEE_H
#define STORE_COMMITTEE_H

#include "bot/store/people.h"

struct committee_member {
    int64_t id, deal_id, person_id;
    int64_t risk_id; /* note; 0: not known */
    int64_t member_id;
    const char *source; /* of the adding; NULL: typed */
};
int64_t committee_add(struct db *db, const struct committee_member *m, int64_t now_ms,
    struct err *e);
bool committee_set_risk(struct db *db, int64_t id, int64_t note, struct err *e) MUST_CHECK;
/* In the order of their naming. */
int committee_list(struct db *db, int64_t deal,
    struct committee_member *out, int max, struct err *e);

struct objection {
    int64_t id, deal_id, person_id;
    const char *type;  /* legal security price precedent personal */
    const char *state; /* open, answered */
    int64_t note_id, answer_id, member_id, at_ms, answered_ms, answered_by;
    const char *source;
};
int64_t objection_add(struct db *db, const struct objection *o, int64_t now_ms,
    struct err *e);
bool objection_load(struct db *db, struct arena *mem, int64_t id, struct objection *out,
    struct err *e); /* false with ERR_NONE: there is none */
bool objection_answer(struct db *db, int64_t id, int64_t answer, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;
/* Open ones first; `type` NULL: any. */
int objection_list(struct db *db, struct arena *mem, int64_t deal, const char *type,
    bool open_only, struct objection *out, int max, struct err *e);

struct pitch {
    int64_t id, deal_id;
    const char *direction; /* away, towards */
    int64_t note_id, member_id, at_ms;
    const char *source;
};
int64_t pitch_add(struct db *db, const struct pitch *p, struct err *e);
/* Away first. */
int pitch_list(struct db *db, struct arena *mem, int64_t deal, struct pitch *out, int max,
    struct err *e);

struct first_buyer {
    int64_t id, customer_id, person_id, partner_id, member_id, at_ms;
};
int64_t first_buyer_add(struct db *db, const struct first_buyer *f, struct err *e);
bool first_buyer_load(struct db *db, int64_t customer, struct first_buyer *out,
    struct err *e); /* false with ERR_NONE: it is not flagged */

/* A customer that bought: of `market` or (NULL) anywhere, the latest win first. */
struct reference {
    struct customer customer;
    int64_t won_ms;
    int deals;
};
int reference_list(struct db *db, struct arena *mem, const char *market,
    struct reference *out, int max, struct err *e);

#endif
