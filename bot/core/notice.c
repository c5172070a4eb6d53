#include "bot/core/notice.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/text/calendar.h"
#include "bot/text/zone.h"

enum { HOUR = 60, DAY = 24 * HOUR, LOOK = 60, WEEK = 7, FRIDAY = 5 };

/* Who leads gets the digest in their own language, who only reads for headquarters in English. */
static const struct notice_regular regulars[] = {
    { "digest", ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ, NOTICE_DIGEST_SAY },
    { "morning", ROLE_SALES, NOTICE_MORNING_SAY },
};
enum { REGULARS = sizeof regulars / sizeof *regulars };

const struct notice_regular *notice_regular_at(int i)
{
    return i >= 0 && i < REGULARS ? &regulars[i] : NULL;
}

const struct notice_regular *notice_regular_find(const char *kind)
{
    for (int i = 0; i < REGULARS; i++)
        if (!strcmp(regulars[i].kind, kind))
            return &regulars[i];
    return NULL;
}

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

int notice_hour(struct db *db, struct arena *mem, int64_t member, const char *kind, struct err *e)
{
    const char *hour = notice_get(db, mem, member, kind, e);
    return hour && notice_minutes(hour) >= 0 ? notice_minutes(hour) : NOTICE_HOUR;
}

int notice_digest_day(struct db *db, struct arena *mem, int64_t member, struct err *e)
{
    const char *day = notice_get(db, mem, member, "digest_day", e);
    return day && *day >= '1' && *day <= '7' ? *day - '0' : NOTICE_MONDAY;
}

/* The days on which it comes, one after the other. */
struct days {
    const char *market, *chosen; /* 12345; NULL: business days */
    int weekday;                 /* of what comes once a week; 0: none */
    int32_t day;
};

static int32_t next_of_days(struct days *d)
{
    for (int i = 0; i < LOOK; i++) {
        int32_t day = d->day++;
        char weekday = (char)('0' + civil_of_day(day).weekday);
        if (d->chosen ? strchr(d->chosen, weekday) && !holiday_name(d->market, day) : business_day(d->market, day))
            return day;
    }
    return d->day;
}

/* A weekend that was chosen is meant; a holiday is not. */
static int32_t next_of_weeks(struct days *d)
{
    int32_t day = d->day - (civil_of_day(d->day).weekday + WEEK - NOTICE_MONDAY) % WEEK + d->weekday - NOTICE_MONDAY;
    d->day += WEEK;
    return d->weekday > FRIDAY && !holiday_name(d->market, day) ? day : business_day_add(d->market, day, 0);
}

bool notice_next(struct db *db, struct arena *mem, const struct member *m, const char *kind, int64_t now_ms,
    struct regular *out, struct err *e)
{
    bool weekly = !strcmp(kind, "digest");
    e->code = ERR_NONE;
    struct days d = { .market = m->market, .day = day_of(now_ms, m->zone) };
    int minutes = notice_hour(db, mem, m->id, kind, e);
    if (weekly)
        d.weekday = notice_digest_day(db, mem, m->id, e);
    else
        d.chosen = notice_get(db, mem, m->id, "days", e);
    if (weekly)
        d.day -= WEEK; /* last week's may have moved into this one */
    *out = (struct regular){ .member_id = m->id, .kind = kind, .zone = m->zone };
    for (int i = 0; i < LOOK && out->due_ms <= now_ms; i++) {
        int32_t day = weekly ? next_of_weeks(&d) : next_of_days(&d);
        struct civil at = civil_of_day(day);
        out->due_ms = instant_at(day, minutes, m->zone);
        out->due_local = arena_printf(mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, minutes / HOUR, minutes % HOUR);
    }
    return e->code == ERR_NONE;
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
