/* What a manager should be warned of, found in the records each time it is asked; which
 * of it was told before is store/digest.h's. */
#ifndef HANDLERS_WARNINGS_H
#define HANDLERS_WARNINGS_H

#include "bot/store/digest.h"
#include "handlers/kpis.h"

struct warning {
    struct warned id;
    const char *text; /* in the reader's language, plain words */
    const char *say;  /* the typed command that looks into it */
};
enum { WARNINGS = 64 };
/* Of a scope, the gravest kind first: open negatives before all else. -1 on error. */
int warnings_find(struct call *c, const struct kpi_scope *scope,
    struct warning out[WARNINGS], struct err *e);
/* The same for a card, which says by itself what its own figures show, and must not cost
 * what a whole market's do. */
int warnings_for_card(struct call *c, const struct kpi_scope *scope,
    struct warning out[WARNINGS], struct err *e);
/* Whose warnings a member is told: of a typed partner, customer or market, else of the
 * own market, of all for headquarters. */
struct kpi_scope warnings_scope(struct call *c);

#endif
