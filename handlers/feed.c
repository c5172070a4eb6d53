/* A member's own meetings and follow-ups as a calendar for their phone. Whoever has its address
 * reads it, so it says when and with whom, and nothing that anybody wrote. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/agenda.h"
#include "bot/store/follows.h"
#include "bot/store/touches.h"
#include "bot/text/utf8.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/plan.h"

enum { LINE_BYTES = 74, MEETINGS = 200, FOLLOWS = 200, AHEAD_DAYS = 180, BEHIND_DAYS = 7, FOLLOW_MINUTES = 15 };

/* RFC 5545, 3.1: no line is longer than 75 bytes; the next one begins with a space. */
static void put(struct buf *b, const char *line)
{
    size_t n = strlen(line), at = 0, room = LINE_BYTES;
    while (n - at > room) {
        size_t cut = at + room;
        while (((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        buf_add(b, line + at, cut - at);
        buf_puts(b, "\r\n ");
        at = cut;
        room = LINE_BYTES - 1;
    }
    buf_puts(b, line + at);
    buf_puts(b, "\r\n");
}

static void put_text(struct call *c, struct buf *b, const char *name, const char *text)
{
    struct buf line = BUF_ON(c->mem);
    buf_printf(&line, "%s:", name);
    for (; *text; text++)
        if (*text == '\n')
            buf_puts(&line, "\\n");
        else if (strchr("\\;,", *text))
            buf_printf(&line, "\\%c", *text);
        else
            buf_putc(&line, *text);
    put(b, buf_str(&line));
}

static void put_time(struct call *c, struct buf *b, const char *name, int64_t ms)
{
    struct civil t = civil_of(ms, "UTC");
    put(b, arena_printf(c->mem, "%s:%04d%02d%02dT%02d%02d%02dZ", name, t.year, t.month, t.day, t.hour, t.minute, t.second));
}

/* `since`: when the address was made, so that two stores on one phone are not mixed up. */
static void put_event(struct call *c, struct buf *b, const char *id, int64_t since, int64_t at_ms, int minutes,
    const char *title, bool busy)
{
    put(b, "BEGIN:VEVENT");
    put(b, arena_printf(c->mem, "UID:%s.%lld@nemawashi", id, (long long)since));
    put_time(c, b, "DTSTAMP", at_ms);
    put_time(c, b, "DTSTART", at_ms);
    put_time(c, b, "DTEND", at_ms + minutes * MINUTE_MS);
    put_text(c, b, "SUMMARY", title);
    put(b, busy ? "TRANSP:OPAQUE" : "TRANSP:TRANSPARENT");
    put(b, "END:VEVENT");
}

static bool put_meetings(struct call *c, struct buf *b, int64_t since, struct err *e)
{
    struct touch *list = ARENA_ARRAY(c->mem, struct touch, MEETINGS);
    struct touch_filter by = { .member = c->member->id, .from_ms = c->now_ms - BEHIND_DAYS * DAY_MS,
        .to_ms = c->now_ms + AHEAD_DAYS * DAY_MS };
    int n = touch_list_planned(c->db, c->mem, &by, list, MEETINGS, e);
    for (int i = 0; i < n; i++) {
        const struct touch *t = &list[i];
        char *title = arena_printf(c->mem, "%s" FACTS "%s", plan_who(c, t), call_word(c, WORD_CHANNEL, t->channel));
        put_event(c, b, call_ref(c, 'M', t->no), since, t->at_ms, t->minutes, title, true);
    }
    return e->code == ERR_NONE;
}

static bool put_follows(struct call *c, struct buf *b, int64_t since, struct err *e)
{
    struct follow *list = ARENA_ARRAY(c->mem, struct follow, FOLLOWS);
    int n = follow_list(c->db, c->mem, c->member->id, 0, c->now_ms + AHEAD_DAYS * DAY_MS, list, FOLLOWS, e);
    for (int i = 0; i < n; i++)
        if (list[i].due_ms > c->now_ms - BEHIND_DAYS * DAY_MS)
            put_event(c, b, call_ref(c, 'F', list[i].id), since, list[i].due_ms, FOLLOW_MINUTES, fact_follow(c, &list[i]), false);
    return e->code == ERR_NONE;
}

bool calendar_feed(struct call *c, struct buf *b, struct err *e)
{
    e->code = ERR_NONE;
    int64_t since = agenda_feed_made(c->db, c->member->id, e);
    if (e->code != ERR_NONE)
        return false;
    put(b, "BEGIN:VCALENDAR");
    put(b, "VERSION:2.0");
    put(b, "PRODID:-//Nemawashi//Calendar//EN");
    put(b, "METHOD:PUBLISH");
    put_text(c, b, "X-WR-CALNAME", call_text(c, "calendar.feed.name", NO_ARGS));
    put(b, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    put(b, "X-PUBLISHED-TTL:PT1H");
    if (!put_meetings(c, b, since, e) || !put_follows(c, b, since, e))
        return false;
    put(b, "END:VCALENDAR");
    return true;
}
