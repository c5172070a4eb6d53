/* What a member chose about reminders: the hour and days of the morning list, quiet hours,
 * the network, kinds that say nothing. */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "bot/store/care.h"
#include "bot/store/follows.h"
#include "bot/store/members.h"

/* The morning list that comes by itself: said like a command, which then is silent where
 * there is nothing to tell. */
#define NOTICE_BY_ITSELF "start my day by itself"
enum { NOTICE_MORNING = 8 * 60 + 30 }; /* minutes after midnight, unless chosen */

/* "22:00" as minutes after midnight; -1: none. Reads no further than the minutes. */
int notice_minutes(const char *s);
/* The first morning after `now_ms`, on one of the days chosen (Monday to Friday) that is a
 * business day of the member's market. */
struct morning notice_next_morning(struct db *db, struct arena *mem, const struct member *m, int64_t now_ms,
    struct err *e);
/* Until when a reminder waits that comes in the member's quiet hours; 0: it comes now. */
int64_t notice_quiet_end(struct db *db, struct arena *mem, const struct member *m, int64_t now_ms, struct err *e);
/* Does this kind say nothing to the member? It stays on the list. */
bool notice_muted(struct db *db, struct arena *mem, int64_t member, const char *kind, struct err *e);

#endif
