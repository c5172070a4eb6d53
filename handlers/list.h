/* Rows of a list: list_rows.c collects them, list.c names and prints them. */
#ifndef HANDLERS_LIST_H
#define HANDLERS_LIST_H

#include "handlers/facts.h"

/* Rows on a phone, and how far is counted. */
enum { LIST_ROWS = 20, LIST_COUNTED = 220, LIST_DRAFTS = 2 };

struct listing {
    struct call *c;
    struct scope scope;
    int n;    /* records that fit */
    bool cut; /* there may be more than were looked at */
    struct {
        const char *text, *say;
        int64_t note, rev;
    } row[LIST_ROWS];
};

struct list_kind {
    const char *value; /* of the lexicon's kind `list` */
    bool (*collect)(struct listing *, struct err *);
};
/* In the files of their commands. */
bool list_gated(struct listing *l, struct err *e) MUST_CHECK; /* gate.c */
bool list_technology(struct listing *l, struct err *e), list_legacy(struct listing *l, struct err *e); /* tech.c */
bool list_legal(struct listing *l, struct err *e) MUST_CHECK; /* deal_parts.c */

extern const struct list_kind list_kinds[]; /* ended by {0} */
/* Counts a record and, where there is room, gives it a row; kind 0: nothing to show. */
void list_put(struct listing *l, char kind, int64_t no, const char *text);
bool list_activities(struct listing *l, struct err *e); /* activity.c */
bool list_leads(struct listing *l, struct err *e), list_orphan_leads(struct listing *l, struct err *e); /* lead.c */
bool list_case_studies(struct listing *l, struct err *e), list_local_studies(struct listing *l, struct err *e); /* casestudy.c */
bool list_perceptions(struct listing *l, struct err *e), list_negatives(struct listing *l, struct err *e); /* perception.c */
bool list_tasks(struct listing *l, struct err *e); /* task.c */
bool list_assets(struct listing *l, struct err *e), list_missing_original(struct listing *l, struct err *e); /* asset.c */
bool list_trainings(struct listing *l, struct err *e), list_trained_no_win(struct listing *l, struct err *e),
    list_certified(struct listing *l, struct err *e); /* training.c */

#endif
