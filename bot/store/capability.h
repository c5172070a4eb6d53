/* What partners can do for us, as rated, and what they do for their own customers, with
 * history. Days are civil days; 0: not known, or still. */
#ifndef STORE_CAPABILITY_H
#define STORE_CAPABILITY_H

#include "bot/store/db.h"

struct capability {
    int64_t partner_id; /* add only */
    const char *what;   /* presales … renewal */
    int score;          /* 0..5 */
    int32_t at_day;
    int64_t member_id;  /* who rated it */
    bool outsourced;    /* others do it in its name: */
    int64_t to_partner; /* one of our partners, 0: none, */
    const char *to_firm; /* or a firm that is none, NULL */
    int64_t note_id;    /* the evidence; 0: none */
};
bool capability_add(struct db *db, const struct capability *c, int64_t now_ms, struct err *e) MUST_CHECK;
/* The latest of each rater and capability since a day, the latest first. */
int capability_list(struct db *db, struct arena *mem, int64_t partner, int32_t since,
    struct capability *out, int max, struct err *e);

/* tag: media, analytics, cro, personalisation, martech, data. Begins, or ends, on a day; what is
 * done already is not begun again. */
bool capability_tag_begin(struct db *db, int64_t partner, const char *tag, int32_t day, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;
bool capability_tag_end(struct db *db, int64_t partner, const char *tag, int32_t day, struct err *e) MUST_CHECK;
struct capability_tag {
    const char *tag;
    int32_t from_day, to_day; /* to_day: the first day without it */
};
int capability_tag_list(struct db *db, struct arena *mem, int64_t partner, struct capability_tag *out,
    int max, struct err *e);

#endif
