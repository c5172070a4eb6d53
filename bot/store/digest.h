/* The weekly digest of a member: when the next is due, what earlier ones warned of, and
 * the records that warnings are made of. Times are computed by the caller. */
#ifndef STORE_DIGEST_H
#define STORE_DIGEST_H

#include "bot/store/kpi.h"

struct digest {
    int64_t member_id;
    bool off;
    const char *due_local, *zone;
    int64_t due_ms;
};
/* Plans the next one; off stays off. */
bool digest_plan(struct db *db, const struct digest *d, struct err *e) MUST_CHECK;
/* False with ERR_NONE: none was ever planned. */
bool digest_find(
    struct db *db, struct arena *mem, int64_t member, struct digest *out, struct err *e);
bool digest_turn(struct db *db, int64_t member, bool off, struct err *e) MUST_CHECK;
/* Due at `now_ms`, of `member` (0: of everybody), oldest first. */
int digest_due(struct db *db, struct arena *mem, int64_t member, int64_t now_ms,
    struct digest *out, int max, struct err *e);
int64_t digest_next_due(struct db *db, int64_t member, struct err *e); /* 0: none */

/* Something to be warned of: told once, and again when it was gone in between. */
struct warned {
    const char *kind; /* negative, concentration, trained … */
    char about;       /* P A D */
    int64_t ref;
};
/* What the member was told and still stood then. */
int warning_standing(struct db *db, struct arena *mem, int64_t member, struct warned *out,
    int max, struct err *e);
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
