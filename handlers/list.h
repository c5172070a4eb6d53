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
bool list_legal(struct listing *l, struct err *e) MUST_CHECK; /* deal_parts.c */

extern const struct list_kind list_kinds[]; /* ended by {0} */

#endif
