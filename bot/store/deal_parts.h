/* What hangs on a deal: the evidence of who brought it, the terms it was renewed for, and
 * what its lawyers still have to settle. Words live in note_text. */
#ifndef STORE_DEAL_PARTS_H
#define STORE_DEAL_PARTS_H

#include "bot/store/db.h"

struct deal_source {
    int64_t deal_id, partner_id, introduction_id;
    int64_t at_ms; /* of the evidence */
    int64_t note_id;
};
/* Takes the place of the one before, if there was one. */
bool deal_source_put(struct db *db, const struct deal_source *s, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* False with ERR_NONE: nobody brought it. */
bool deal_source_find(struct db *db, int64_t deal, struct deal_source *out, struct err *e);
/* When we ourselves first had to do with the deal, attempts included; 0: never. */
int64_t deal_first_contact(struct db *db, int64_t deal, struct err *e);

/* A term of a won deal; value 0 and to_day 0: the customer left on from_day. */
struct renewal {
    int64_t deal_id, value_minor;
    const char *currency;
    int32_t from_day, to_day; /* both days included */
    int64_t note_id;
};
bool renewal_add(struct db *db, const struct renewal *r, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* The latest first. */
int renewal_list(struct db *db, struct arena *mem, int64_t deal, struct renewal *out, int max, struct err *e);

struct legal_item {
    int64_t id, deal_id, note_id, at_ms, done_ms; /* 0: open */
};
bool legal_item_add(struct db *db, const struct legal_item *l, int64_t member, struct err *e) MUST_CHECK;
bool legal_item_done(struct db *db, int64_t id, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* Oldest first. deal 0: of every deal; `open`: what live deals still have to settle. */
int legal_item_list(struct db *db, int64_t deal, bool open, struct legal_item *out, int max, struct err *e);

#endif
