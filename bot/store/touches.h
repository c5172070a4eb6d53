/* Touch points (T) and meetings (M): one table, because a meeting that was held is
 * itself one touch point. */
#ifndef STORE_TOUCHES_H
#define STORE_TOUCHES_H

#include "bot/store/db.h"

enum { TOUCH_PEOPLE = 32, TOUCH_PARTNERS = 8 };

struct touch {
    int64_t id;
    char kind; /* T or M */
    int64_t no;
    const char *state, *channel, *outcome, *place, *cues, *source;
    int64_t at_ms;
    int minutes; /* 0 unknown */
    bool internal;
    bool inquiry; /* they asked for support */
    int others;
    int64_t amount_minor; /* currency NULL: none named */
    const char *currency;
    const char *link, *zone; /* of a planned meeting: where to join, whose wall time it is */
    int64_t member_id, customer_id, deal_id, note_id, note_rev, created_ms;
    int64_t people[TOUCH_PEOPLE], partners[TOUCH_PARTNERS];
    const char *labels[TOUCH_PEOPLE]; /* people[i] 0: somebody known by this label only */
    const char *manners[TOUCH_PEOPLE]; /* silent, asleep; NULL: spoke, or not noted */
    int n_people, n_partners;
};

/* Stores the touch point with its people and partners; fills id and no. */
bool touch_add(struct db *db, struct touch *t, int64_t now_ms, struct err *e) MUST_CHECK;
/* False with ERR_NONE where there is none. */
bool touch_load(struct db *db, struct arena *mem, char kind, int64_t no, struct touch *out,
    struct err *e);
bool touch_load_id(struct db *db, struct arena *mem, int64_t id, struct touch *out,
    struct err *e);
/* Writes the changed fields; people and partners are replaced where they differ. */
bool touch_update(struct db *db, struct arena *mem, const struct touch *t, int64_t now_ms,
    struct err *e) MUST_CHECK;

/* What to list of those that were held; 0 or NULL means any. Newest first. */
struct touch_filter {
    int64_t member, customer, deal, partner, person, from_ms, to_ms;
    char kind;
    bool inquiry; /* those alone, of a period */
};
int touch_list(struct db *db, struct arena *mem, const struct touch_filter *f,
    struct touch *out, int max, struct err *e);
/* A member's planned meetings that begin in [from, to), with that customer or partner or (0)
 * anybody, the next first. */
int touch_list_planned(struct db *db, struct arena *mem, const struct touch_filter *f, struct touch *out,
    int max, struct err *e);
/* How often the cues of one list were noted, by what became of the deal. */
struct cue_row {
    const char *cues;  /* comma separated */
    const char *state; /* of the deal; NULL: none is known */
    int times;
};
/* In [from, to), of one customer or (0) all; without those whose note the viewer may not
 * know of: off the record, or its author's only. */
int touch_cues(struct db *db, struct arena *mem, int64_t viewer, int64_t customer,
    int64_t from_ms, int64_t to_ms, struct cue_row *out, int max, struct err *e);
/* How many touch points count on the deal of `t` (held, reached, not internal), `t`
 * included, and the instant of the latest other one. Zeros where `t` has no deal. */
bool touch_standing(struct db *db, const struct touch *t, int64_t *number,
    int64_t *last_ms, struct err *e) MUST_CHECK;

#endif
