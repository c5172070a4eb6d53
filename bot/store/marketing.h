/* Marketing by or with partners, the leads that came of it, and case studies. 0 and NULL:
 * not known. */
#ifndef STORE_MARKETING_H
#define STORE_MARKETING_H

#include "bot/store/db.h"

struct activity {
    int64_t id;
    const char *kind; /* webinar, localised_content, press_release, case_study, other */
    bool joint;
    int64_t partner_id; /* 0: ours alone */
    const char *market, *language, *product;
    int32_t at_day;
    int64_t leads, meetings; /* as counted; -1: not told */
    int64_t note_id, member_id;
};
int64_t activity_add(struct db *db, const struct activity *a, int64_t now_ms, struct err *e);
/* Who noted it stays. */
bool activity_update(struct db *db, const struct activity *a, struct err *e) MUST_CHECK;
/* False with ERR_NONE: there is none, or it was undone. */
bool activity_load(struct db *db, struct arena *mem, int64_t id, struct activity *out, struct err *e);
/* The latest first; 0 and NULL mean any. */
int activity_list(struct db *db, struct arena *mem, int64_t partner, const char *market,
    struct activity *out, int max, struct err *e);

struct lead {
    int64_t id, activity_id, partner_id, customer_id, person_id;
    int64_t touch_id, deal_id; /* what came of it */
    int64_t at_ms, note_id, member_id;
};
int64_t lead_add(struct db *db, const struct lead *l, int64_t now_ms, struct err *e);
/* Customer, day and who noted it stay. */
bool lead_update(struct db *db, const struct lead *l, struct err *e) MUST_CHECK;
bool lead_load(struct db *db, int64_t id, struct lead *out, struct err *e);
struct lead_filter {
    int64_t partner, customer, activity; /* 0: any */
    bool orphan; /* neither a meeting nor a deal came of it */
};
int lead_list(struct db *db, const struct lead_filter *f, struct lead *out, int max, struct err *e);

struct case_study {
    int64_t customer_id, partner_id, deal_id;
    const char *market, *language; /* for and in which it was published */
    const char *translated_from;   /* the market of the customer, elsewhere; NULL: a local story */
    const char *product, *link;
    int32_t published_day;
};
bool case_study_add(struct db *db, const struct case_study *s, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* The latest first. */
int case_study_list(struct db *db, struct arena *mem, int64_t customer, int64_t partner, const char *market,
    bool local, struct case_study *out, int max, struct err *e);

#endif
