/* Two records that turn out to be one: all that names the one names the other since, and
 * can be parted again at any time. Which columns name a record is read from the schema's
 * foreign keys, so that a new table cannot be forgotten. Decides nothing about people's
 * wishes: who may, and whether they are sure, is the handler's. */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "bot/store/db.h"

/* How many living rows of each table name a record, by table ("touch_person", …). Tables
 * without one are left out. */
struct merge_count {
    const char *table;
    int64_t n;
};
enum { MERGE_TABLES = 24 };
/* kind: P, A or C. At most `max`; returns how many tables. */
int merge_counts(struct db *db, struct arena *mem, char kind, int64_t id,
    struct merge_count *out, int max, struct err *e);

/* Everything of `gone` becomes `kept`'s; `gone` is void and names `kept`. Both must
 * exist and differ. The old name finds `kept`. False on error. */
bool merge_run(struct db *db, struct arena *mem, char kind, int64_t gone, int64_t kept,
    int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;

/* Touch points, notes, follow-ups and the like of a deal become `kept`'s; what tells of the
 * registration itself (its events, pauses, partners, evidence) stays. The deal is the
 * handler's to change. */
bool merge_deal(struct db *db, struct arena *mem, int64_t gone, int64_t kept, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;

struct merge {
    int64_t id, gone, kept, at_ms; /* kept: who has the records now */
    const char *name;              /* of `gone` */
};
/* The standing merge that took `gone` away. False with ERR_NONE: there is none. */
bool merge_find(struct db *db, struct arena *mem, char kind, int64_t gone, struct merge *out,
    struct err *e);
/* What was merged into `kept`, the latest first. */
int merge_list(struct db *db, struct arena *mem, char kind, int64_t kept, struct merge *out,
    int max, struct err *e);
/* Gives back what came with the merge and is still `kept`'s; what was logged since stays
 * there. */
bool merge_undo(struct db *db, struct arena *mem, char kind, const struct merge *m,
    int64_t now_ms, struct err *e) MUST_CHECK;

#endif
