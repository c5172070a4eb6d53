/* What makes a partner ready for its market: tasks, material, who learns along at meetings,
 * and what its people do there. Days are civil days; 0 and NULL: not known. */
#ifndef STORE_READINESS_H
#define STORE_READINESS_H

#include "bot/store/db.h"

struct task {
    int64_t id, partner_id;
    const char *market, *what; /* site, deck, contract, process, other */
    int64_t owner_id;
    int32_t due_day, done_day;
    int64_t note_id, member_id;
};
int64_t task_add(struct db *db, const struct task *t, int64_t now_ms, struct err *e);
/* Partner and who noted it stay. */
bool task_update(struct db *db, const struct task *t, struct err *e) MUST_CHECK;
bool task_load(struct db *db, struct arena *mem, int64_t id, struct task *out, struct err *e);
/* Those not done first, soonest due; 0 and NULL mean any. */
int task_list(struct db *db, struct arena *mem, int64_t partner, int64_t owner, const char *market,
    struct task *out, int max, struct err *e);

struct asset {
    int64_t id;
    const char *name, *language; /* of the file */
    int64_t partner_id, customer_id;
    int editable;        /* 1 there is an editable original, -1 there is none, 0 not known */
    const char *place;   /* where that is */
    bool text_in_image;
    const char *localised; /* where the localised copy is */
    int64_t member_id;
};
int64_t asset_add(struct db *db, const struct asset *a, int64_t now_ms, struct err *e);
/* Name and who noted it stay. */
bool asset_update(struct db *db, const struct asset *a, struct err *e) MUST_CHECK;
bool asset_load(struct db *db, struct arena *mem, int64_t id, struct asset *out, struct err *e);
/* The latest first; `missing`: those of which no original is known. */
int asset_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, bool missing,
    struct asset *out, int max, struct err *e);

/* Came along to learn; saying so twice changes nothing. */
bool shadow_add(struct db *db, int64_t touch, int64_t member, struct err *e) MUST_CHECK;
int shadow_list(struct db *db, int64_t touch, int64_t *members, int max, struct err *e);
struct shadow_count {
    int64_t member_id, n;
};
int shadow_count_list(struct db *db, struct shadow_count *out, int max, struct err *e);

/* What a partner's person does there: sdr, ae, director, presales, support; NULL: not known. */
char *person_duty(struct db *db, struct arena *mem, int64_t person, struct err *e);
bool person_set_duty(struct db *db, int64_t person, const char *duty, struct err *e) MUST_CHECK;

#endif
