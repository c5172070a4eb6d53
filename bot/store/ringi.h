/* Sign-offs that circulate at a customer (R4): the circuit, who has it and since when.
 * Moves nothing by itself (handlers/ringi.c). Words are in notes; rows hold their ids. */
#ifndef STORE_RINGI_H
#define STORE_RINGI_H

#include "bot/store/db.h"

struct ringi {
    int64_t id, deal_id;
    const char *kind;   /* po, contract, hire, other */
    const char *medium; /* paper, workflow, informal; NULL: not known */
    bool parallel;      /* all at the same time */
    int round;
    const char *state;  /* circulating, returned, approved, rejected, withdrawn */
    int64_t started_ms, returned_ms, ended_ms;
    int32_t back_day;   /* of one that is being revised; 0: not known */
    int64_t member_id;
    const char *source;
};
int64_t ringi_add(struct db *db, const struct ringi *r, int64_t now_ms, struct err *e);
bool ringi_load(struct db *db, struct arena *mem, int64_t id, struct ringi *out, struct err *e);
bool ringi_update(struct db *db, const struct ringi *r, struct err *e) MUST_CHECK;
/* Of a deal (0: of all), live ones first; `live`: those alone. */
int ringi_list(struct db *db, struct arena *mem, int64_t deal, bool live, struct ringi *out, int max,
    struct err *e);

enum { RINGI_STEPS = 30 };
struct ringi_step {
    int64_t id, ringi_id;
    int round, place;
    int64_t person_id;
    const char *label;  /* in the place of the person: 本部長 */
    bool courtesy;
    int64_t since_ms;   /* since when it lies there; 0: not yet */
    int64_t done_ms;
    const char *outcome; /* stamped, returned; NULL */
    int64_t dissent_ms, note_id;
};
int64_t ringi_step_add(struct db *db, const struct ringi_step *s, struct err *e);
bool ringi_step_update(struct db *db, const struct ringi_step *s, struct err *e) MUST_CHECK;
/* Of one round, in the order of the circuit. */
int ringi_step_list(struct db *db, struct arena *mem, int64_t ringi, int round, struct ringi_step *out,
    int max, struct err *e);

#endif
