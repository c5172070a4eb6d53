/* What a calendar's events come to: which meetings are planned, moved or called off by them. A
 * plan is made without a trace (agenda_plan.c), shown, and written when it is confirmed
 * (agenda_write.c). Nobody is made a record by a calendar: who is not known is only named. */
#ifndef HANDLERS_AGENDA_H
#define HANDLERS_AGENDA_H

#include "bot/core/command.h"
#include "bot/store/agenda.h"
#include "bot/store/touches.h"
#include "bot/text/ical.h"

enum { AGENDA_DAYS = 90, AGENDA_ITEMS = 200, AGENDA_NAMED = 8 };

enum agenda_change { AGENDA_NEW, AGENDA_MOVED, AGENDA_CHANGED, AGENDA_OFF, AGENDA_SAME, AGENDA__COUNT };

struct agenda_item {
    enum agenda_change change;
    struct touch t;           /* as it is to be */
    struct agenda_event link; /* id 0: none is stored yet */
    const char *title;        /* what the note says; "" */
    bool secret;              /* for the member's eyes only */
};

struct agenda {
    int64_t calendar; /* 0: a file */
    struct ical file;
    struct agenda_item *items;
    int n, n_of[AGENDA__COUNT];
    int all_day, later; /* left out: without a time, beyond the horizon */
    int floating;       /* taken, in the member's zone because they name none */
    int nobody;         /* left out: with nobody known */
    int64_t nobody_ms[3];
    const char *unknown[AGENDA_NAMED]; /* people of those taken, as the calendar names them */
    int n_unknown;
    bool full;          /* more than AGENDA_ITEMS */
};

/* Reads the text and plans, as of c->when.now_ms. Refused as ical_read refuses. */
bool agenda_plan(struct call *c, const char *text, size_t n, int64_t calendar, struct agenda *out,
    struct err *e) MUST_CHECK;
/* Is there anything that would change? */
bool agenda_changes(const struct agenda *a);
bool agenda_write(struct call *c, struct agenda *a, struct err *e) MUST_CHECK;
/* "2 to plan, 1 to move" or, once written (`done`), "2 planned, 1 moved". */
char *agenda_counts(struct call *c, const struct agenda *a, bool done);
/* The meetings as a list, and in words what is left out and why. */
void agenda_tell(struct call *c, struct reply *r, const struct agenda *a, bool done);

#endif
