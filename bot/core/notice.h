/* What comes to a member by itself and what each chose about it: the hour and days of the
 * morning list and of the weekly digest, quiet hours, the network, kinds that say nothing. */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "bot/store/care.h"
#include "bot/store/follows.h"
#include "bot/store/members.h"

/* What comes at a regular hour. It is said like a command, which then is silent where there
 * is nothing to tell. */
struct notice_regular {
    const char *kind; /* morning, digest */
    int roles;        /* who gets it */
    const char *say;
};
const struct notice_regular *notice_regular_at(int i); /* NULL past the last */
const struct notice_regular *notice_regular_find(const char *kind);
#define NOTICE_MORNING_SAY "start my day by itself"
#define NOTICE_DIGEST_SAY "digest by itself"
enum { NOTICE_HOUR = 8 * 60 + 30, NOTICE_MONDAY = 1 }; /* minutes after midnight, unless chosen */

/* "22:00" as minutes after midnight; -1: none. Reads no further than the minutes. */
int notice_minutes(const char *s);
/* The hour at which a kind of what comes regularly comes to the member. */
int notice_hour(struct db *db, struct arena *mem, int64_t member, const char *kind, struct err *e);
/* On which day of the week (1 Monday … 7) the weekly digest comes. */
int notice_digest_day(struct db *db, struct arena *mem, int64_t member, struct err *e);
/* The first one after `now_ms`. The morning list: on the days chosen that are no holiday, else
 * on business days of the member's market. The digest: on the day chosen, else Monday, or the
 * first business day after it. */
bool notice_next(struct db *db, struct arena *mem, const struct member *m, const char *kind, int64_t now_ms,
    struct regular *out, struct err *e) MUST_CHECK;
/* Until when a reminder waits that comes in the member's quiet hours; 0: it comes now. */
int64_t notice_quiet_end(struct db *db, struct arena *mem, const struct member *m, int64_t now_ms, struct err *e);
/* Does this kind say nothing to the member? It stays on the list. */
bool notice_muted(struct db *db, struct arena *mem, int64_t member, const char *kind, struct err *e);

#endif
