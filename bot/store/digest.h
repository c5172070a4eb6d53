/* What a member was warned of in the weekly digest, and the records that warnings are made
 * of. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "bot/store/kpi.h"

/* Something to be warned of: told once, and again when it was gone in between. */
struct warned {
    const char *kind; /* negative, concentration, trained … */
    char about;       /* P A D */
    int64_t ref;
};
/* What the member was told and still stood then. */
int warning_standing(struct db *db, struct arena *mem, int64_t member, struct warned *out,
    int max, struct err *e);
/* The member is told of one that stands, or hears no more of one that is gone. */
bool warning_tell(struct db *db, int64_t member, const struct warned *w, int64_t now_ms, struct err *e) MUST_CHECK;
bool warning_gone(struct db *db, int64_t member, const struct warned *w, int64_t now_ms, struct err *e) MUST_CHECK;
/* Is it among them? */
bool warning_among(const struct warned *w, const struct warned *list, int n);
/* `now` is told; what was told before and is not among them is gone. */
bool warning_settle(struct db *db, struct arena *mem, int64_t member,
    const struct warned *now, int n, int64_t now_ms, struct err *e) MUST_CHECK;

/* What warnings count: a firm, how many, and since when (0: not asked). */
struct warning_row {
    char about;
    int64_t ref, n, since_ms;
    const char *market;
    int32_t day; /* warning_partners: when signed, 0 unknown */
};
enum { WARNING_ROWS = 200 };
int warning_negative(struct db *db, struct arena *mem, const struct kpi_scope *s,
    struct warning_row *out, struct err *e);
int warning_trained(struct db *db, const struct kpi_scope *s, int32_t today,
    struct warning_row *out, struct err *e);
/* Live deals of the market with a pitch towards a gain and none away from a risk. */
bool warning_pitches(struct db *db, const char *market, int64_t *deals, int64_t *first,
    struct err *e) MUST_CHECK;
int warning_partners(struct db *db, struct arena *mem, const struct kpi_scope *s,
    struct warning_row *out, struct err *e);

#endif
