#include "bot/core/notice.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"

enum { HOUR = 60, DAY = 24 * HOUR, LOOK = 60 };

int notice_minutes(const char *s)
{
    int h = 0, m = 0, n = 0;
    for (; n < 2 && *s >= '0' && *s <= '9'; n++)
        h = h * 10 + *s++ - '0';
    if (!n || h > 23)
        return -1;
    if (*s++ != ':')
        return h * HOUR;
    if (s[0] < '0' || s[0] > '5' || s[1] < '0' || s[1] > '9')
        return -1;
    m = (s[0] - '0') * 10 + s[1] - '0';
    return h * HOUR + m;
}

static int64_t instant_at(int32_t day, int minutes, const char *zone)
{
    struct civil at = civil_of_day(day);
    at.hour = minutes / HOUR;
    at.minute = minutes % HOUR;
    return instant_of(&at, zone);
}

struct morning notice_next_morning(struct db *db, struct arena *mem, const struct member *m, int64_t now_ms,
    struct err *e)
{
    struct morning next = { .member_id = m->id, .zone = m->zone };
    e->code = ERR_NONE;
    const char *hour = notice_get(db, mem, m->id, "morning", e), *days = notice_get(db, mem, m->id, "days", e);
    int minutes = hour && notice_minutes(hour) >= 0 ? notice_minutes(hour) : NOTICE_MORNING;
    int32_t day = day_of(now_ms, m->zone);
    for (int i = 0; i < LOOK && next.due_ms <= now_ms; i++, day++) {
        char weekday = (char)('0' + civil_of_day(day).weekday);
        bool chosen = days ? strchr(days, weekday) && !holiday_name(m->market, day) : business_day(m->market, day);
        if (!chosen)
            continue;
        struct civil at = civil_of_day(day);
        next.due_ms = instant_at(day, minutes, m->zone);
        next.due_local = arena_printf(mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, minutes / HOUR, minutes % HOUR);
    }
    return next;
}

int64_t notice_quiet_end(struct db *db, struct arena *mem, const struct member *m, int64_t now_ms, struct err *e)
{
    e->code = ERR_NONE;
    const char *quiet = notice_get(db, mem, m->id, "quiet", e), *dash = quiet ? strchr(quiet, '-') : NULL;
    int from = quiet ? notice_minutes(quiet) : -1, to = dash ? notice_minutes(dash + 1) : -1;
    if (from < 0 || to < 0 || from == to)
        return 0;
    struct civil at = civil_of(now_ms, m->zone);
    int now = at.hour * HOUR + at.minute;
    int32_t day = day_of(now_ms, m->zone);
    bool within = from < to ? now >= from && now < to : now >= from || now < to;
    return within ? instant_at(now < to ? day : day + 1, to, m->zone) : 0;
}

/* What is one choice to a member. */
static const char *kind_of(const char *kind)
{
    return !strcmp(kind, "join") || !strcmp(kind, "after") ? "meeting"
           : !strcmp(kind, "story") || !strcmp(kind, "referral") ? "favour"
                                                                  : kind;
}

bool notice_muted(struct db *db, struct arena *mem, int64_t member, const char *kind, struct err *e)
{
    e->code = ERR_NONE;
    return notice_get(db, mem, member, arena_printf(mem, "mute.%s", kind_of(kind)), e) != NULL;
}
