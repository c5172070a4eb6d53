/* Calendars: which planned meeting is which event of a file, the addresses whose calendars are
 * fetched, and the address at which a member's own can be read. */
#ifndef STORE_AGENDA_H
#define STORE_AGENDA_H

#include "bot/store/db.h"

#define AGENDA_OFF_PRINT "off"
enum { AGENDA_SECRET = 48 + 1 }; /* hexadecimal, 24 bytes of chance */

/* An event that a planned meeting stands for. */
struct agenda_event {
    int64_t id, calendar_id; /* 0: of a file */
    const char *uid;     /* digest */
    int32_t occurrence;
    const char *print;   /* digest, or AGENDA_OFF_PRINT: it was called off by the calendar */
    int64_t touch_id;
};
/* False with ERR_NONE: the member has none of it. */
bool agenda_event_find(struct db *db, struct arena *mem, int64_t member, const char *uid, int32_t occurrence,
    struct agenda_event *out, struct err *e);
/* Those of an event or series, or (uid NULL) of a calendar, whose meeting is planned and begins
 * after `now_ms`, the next first. */
int agenda_event_list(struct db *db, struct arena *mem, int64_t member, const char *uid, int64_t calendar,
    int64_t now_ms, struct agenda_event *out, int max, struct err *e);
bool agenda_event_add(struct db *db, int64_t member, const struct agenda_event *v, struct err *e) MUST_CHECK;
/* Writes print, calendar and meeting. */
bool agenda_event_update(struct db *db, const struct agenda_event *v, struct err *e) MUST_CHECK;

struct calendar_row {
    int64_t id, member_id;
    const char *url, *host;
    int64_t next_ms, fetched_ms; /* fetched 0: never yet */
    int failed;                  /* times in a row */
};
int64_t calendar_add(struct db *db, const struct calendar_row *c, int64_t now_ms, struct err *e);
bool calendar_remove(struct db *db, int64_t id, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
int calendar_list(struct db *db, struct arena *mem, int64_t member, struct calendar_row *out, int max, struct err *e);
/* False with ERR_NONE: it is gone. */
bool calendar_find(struct db *db, struct arena *mem, int64_t id, struct calendar_row *out, struct err *e);
int calendar_due(struct db *db, struct arena *mem, int64_t now_ms, struct calendar_row *out, int max, struct err *e);
int64_t calendar_next_due(struct db *db, struct err *e); /* 0: none */
/* Writes when it is fetched next, and how it went. */
bool calendar_update(struct db *db, const struct calendar_row *c, struct err *e) MUST_CHECK;

/* A new secret for the member's own calendar, in the place of the one before; only its digest
 * is kept. */
bool agenda_feed_new(struct db *db, int64_t member, int64_t now_ms, char secret[AGENDA_SECRET], struct err *e) MUST_CHECK;
bool agenda_feed_drop(struct db *db, int64_t member, struct err *e) MUST_CHECK;
/* Since when there is one; 0: there is none. */
int64_t agenda_feed_made(struct db *db, int64_t member, struct err *e);
/* Whose calendar the secret opens; 0: nobody's. */
int64_t agenda_feed_member(struct db *db, const char *secret, struct err *e);

#endif
