/* Walks a calendar file. What is looked at before libical sees it: size, letters, depth and the
 * number of events; what is handed on: one line of text a field, cut to what a reply can show. */
#include "bot/text/ical_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/text/utf8.h"

enum { DEPTH = 6, TITLE_COLUMNS = 120, LINK_BYTES = 500, ADDRESS_BYTES = 200, UID_BYTES = 500, DAY_MINUTES = 1440,
    OVERRIDES = 512, LONGEST_DAYS = 60 };

bool ical_begins(const char *text)
{
    static const char begin[] = "BEGIN:VCALENDAR";
    text += strspn(text, " \r\n\t");
    if (!strncmp(text, "\xef\xbb\xbf", 3))
        text += 3;
    return !strncasecmp(text, begin, sizeof begin - 1);
}

/* Without carriage returns, zeros ended by one. */
static char *plain_lines(struct arena *mem, const char *text, size_t n)
{
    char *s = arena_alloc(mem, n + 1);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (text[i] != '\r')
            s[k++] = text[i];
    s[k] = '\0';
    return s;
}

/* libical frees by recursion, and takes what it gets. */
static bool is_shallow(const char *s, int *events)
{
    int depth = 0;
    *events = 0;
    for (const char *at = s; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        if (!strncasecmp(at, "BEGIN:", 6) && ++depth > DEPTH)
            return false;
        if (!strncasecmp(at, "END:", 4) && depth)
            depth--;
        *events += !strncasecmp(at, "BEGIN:VEVENT", 12);
    }
    return true;
}

/* One line, without what can't be shown. */
static const char *one_line(struct arena *mem, const char *s)
{
    if (!s)
        return "";
    char *line = utf8_scrub(mem, s, strlen(s));
    for (char *c = line; *c; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    line += strspn(line, " ");
    size_t n = strlen(line);
    while (n && line[n - 1] == ' ')
        line[--n] = '\0';
    return utf8_fit(mem, line, TITLE_COLUMNS);
}

static const char *text_of(struct arena *mem, icalcomponent *e, icalproperty_kind kind)
{
    icalproperty *p = icalcomponent_get_first_property(e, kind);
    icalvalue *v = p ? icalproperty_get_value(p) : NULL;
    return v && icalvalue_isa(v) == ICAL_TEXT_VALUE ? one_line(mem, icalvalue_get_text(v)) : "";
}

/* Where to join. */

/* The address that begins in `s`; NULL: none, or longer than one is. */
static const char *address_in(struct arena *mem, const char *s, const char *host)
{
    for (const char *at = s ? strstr(s, "https://") : NULL; at; at = strstr(at + 1, "https://")) {
        size_t n = 0;
        while ((unsigned char)at[n] > ' ' && (unsigned char)at[n] < 0x7f && !strchr("<>\"')]", at[n]))
            n++;
        size_t named = strcspn(at + 8, "/?#");
        char *name = arena_strndup(mem, at + 8, named < n ? named : n - 8);
        if (n > 8 && n < LINK_BYTES && (!host || strstr(name, host)))
            return arena_strndup(mem, at, n);
    }
    return NULL;
}

static const char *link_in(struct arena *mem, const char *s)
{
    static const char *const hosts[] = { "zoom.", "teams.microsoft.", "teams.live.", "meet.google.", "webex.", "whereby." };
    const char *found = NULL;
    for (size_t i = 0; s && !found && i < sizeof hosts / sizeof *hosts; i++)
        found = address_in(mem, s, hosts[i]);
    return found;
}

static const char *link_of(struct arena *mem, icalcomponent *e)
{
    static const char *const names[] = { "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-GOOGLE-CONFERENCE", "CONFERENCE" };
    for (icalproperty *p = icalcomponent_get_first_property(e, ICAL_ANY_PROPERTY); p;
         p = icalcomponent_get_next_property(e, ICAL_ANY_PROPERTY)) {
        const char *name = icalproperty_get_property_name(p);
        for (size_t i = 0; name && i < sizeof names / sizeof *names; i++) {
            icalvalue *v = !strcasecmp(name, names[i]) ? icalproperty_get_value(p) : NULL;
            const char *found = v ? address_in(mem, icalvalue_as_ical_string(v), NULL) : NULL;
            if (found)
                return found;
        }
    }
    const char *place = icalcomponent_get_location(e), *words = icalcomponent_get_description(e);
    const char *found = address_in(mem, place, NULL);
    return found ? found : link_in(mem, words);
}

/* Who is there. */

static const char *mail_of(struct arena *mem, const char *address)
{
    if (!address || strncasecmp(address, "mailto:", 7) || strlen(address) > ADDRESS_BYTES || !strchr(address, '@'))
        return "";
    char *mail = utf8_scrub(mem, address + 7, strlen(address + 7));
    for (char *c = mail; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c;
    return strpbrk(mail, " \n\t") ? "" : mail;
}

static bool is_room(icalproperty *p)
{
    icalparameter *kind = icalproperty_get_first_parameter(p, ICAL_CUTYPE_PARAMETER);
    icalparameter_cutype t = kind ? icalparameter_get_cutype(kind) : ICAL_CUTYPE_INDIVIDUAL;
    return t == ICAL_CUTYPE_ROOM || t == ICAL_CUTYPE_RESOURCE;
}

static void add_person(struct arena *mem, struct ical_person *list, int *n, icalproperty *p, const char *address)
{
    icalparameter *cn = icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER);
    const char *mail = mail_of(mem, address), *name = cn ? one_line(mem, icalparameter_get_cn(cn)) : "";
    if (strchr(name, '@')) /* only the address once more */
        name = "";
    for (int i = 0; i < *n; i++)
        if (*mail && !strcmp(list[i].mail, mail))
            return;
    if (*n < ICAL_PEOPLE && (*mail || *name) && !is_room(p))
        list[(*n)++] = (struct ical_person){ name, mail };
}

static void read_people(struct arena *mem, icalcomponent *e, struct ical_event *out)
{
    struct ical_person *list = ARENA_ARRAY(mem, struct ical_person, ICAL_PEOPLE);
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_ORGANIZER_PROPERTY);
    if (p)
        add_person(mem, list, &out->n_people, p, icalproperty_get_organizer(p));
    for (p = icalcomponent_get_first_property(e, ICAL_ATTENDEE_PROPERTY); p;
         p = icalcomponent_get_next_property(e, ICAL_ATTENDEE_PROPERTY))
        add_person(mem, list, &out->n_people, p, icalproperty_get_attendee(p));
    out->people = list;
}

/* One event. */

struct walk {
    struct ical_reading *r;
    icalcomponent *calendar;
    bool called_off; /* the whole file is a cancellation */
    struct {
        const char *uid;
        int32_t day;
    } moved[OVERRIDES]; /* occurrences that have an event of their own */
    int n_moved;
    struct ical_event one; /* what occurrences of the series have in common */
    struct stamp start;
    int days; /* all day: how many */
};

static void keep(struct walk *w, const struct ical_event *e)
{
    struct ical_reading *r = w->r;
    int64_t end = e->all_day ? day_start_ms(e->end, r->range->zone) : e->at_ms + e->minutes * MINUTE_MS;
    if (end < r->range->from_ms)
        return;
    if (r->out->n == ICAL_FOUND)
        r->out->more = true;
    else
        r->events[r->out->n++] = *e;
}

static void place_in_time(struct walk *w, struct ical_event *e, const struct icaltimetype *t)
{
    e->day = e->all_day ? ical_day(t) : 0;
    e->end = e->all_day ? e->day + w->days : 0;
    e->at_ms = e->all_day ? 0 : ical_instant(t, &w->start.in);
}

static bool on_occurrence(void *ctx, const struct icaltimetype *t)
{
    struct walk *w = ctx;
    struct ical_event e = w->one;
    e.occurrence = ical_day(t);
    for (int i = 0; i < w->n_moved; i++)
        if (w->moved[i].day == e.occurrence && !strcmp(w->moved[i].uid, e.uid))
            return true;
    place_in_time(w, &e, t);
    keep(w, &e);
    return !w->r->out->more;
}

static void read_length(struct walk *w, icalcomponent *e)
{
    struct ical_reading *r = w->r;
    struct stamp end;
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_DTEND_PROPERTY);
    int64_t minutes = 0;
    if (p && ical_stamp(r, w->calendar, p, &end)) {
        w->days = ical_day(&end.t) - ical_day(&w->start.t);
        if (!w->start.t.is_date && !end.t.is_date)
            minutes = (ical_instant(&end.t, &end.in) - ical_instant(&w->start.t, &w->start.in)) / MINUTE_MS;
    } else if ((p = icalcomponent_get_first_property(e, ICAL_DURATION_PROPERTY))) {
        struct icaldurationtype d = icalproperty_get_duration(p);
        minutes = d.is_neg ? 0 : (int64_t)d.weeks * 7 * DAY_MINUTES + (int64_t)d.days * DAY_MINUTES + (int64_t)d.hours * 60 + d.minutes;
        w->days = (int)(minutes < (int64_t)LONGEST_DAYS * DAY_MINUTES ? minutes / DAY_MINUTES : LONGEST_DAYS);
    }
    w->days = w->days < 1 ? 1 : w->days > LONGEST_DAYS ? LONGEST_DAYS : w->days;
    w->one.minutes = minutes > 0 && minutes <= (int64_t)LONGEST_DAYS * DAY_MINUTES ? (int)minutes : 0;
    w->one.all_day = w->start.t.is_date || minutes >= DAY_MINUTES;
}

/* An occurrence that stands by itself: the day on which the rule gave it. */
static int32_t stands_for(struct walk *w, icalcomponent *e)
{
    struct stamp s;
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_RECURRENCEID_PROPERTY);
    if (!p || !ical_stamp(w->r, w->calendar, p, &s))
        return 0;
    return ical_day_in(&s, &w->start.in);
}

static const char *uid_of(struct arena *mem, icalcomponent *e)
{
    const char *uid = icalcomponent_get_uid(e);
    return uid && *uid && strlen(uid) < UID_BYTES ? arena_strdup(mem, uid) : NULL;
}

static bool is_secret(icalcomponent *e)
{
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_CLASS_PROPERTY);
    enum icalproperty_class class = p ? icalproperty_get_class(p) : ICAL_CLASS_PUBLIC;
    return class == ICAL_CLASS_PRIVATE || class == ICAL_CLASS_CONFIDENTIAL;
}

/* Begins w->one by what says when it is; false: nothing does. */
static bool read_start(struct walk *w, icalcomponent *e)
{
    struct arena *mem = w->r->mem;
    icalproperty *p = icalcomponent_get_first_property(e, ICAL_DTSTART_PROPERTY);
    w->one = (struct ical_event){ .uid = uid_of(mem, e) };
    w->days = 0;
    if (!w->one.uid || !p || !ical_stamp(w->r, w->calendar, p, &w->start))
        return false;
    w->one.zone = w->start.utc ? w->r->range->zone : w->start.in.zone;
    read_length(w, e);
    return true;
}

/* libical takes out a rule that it can't read, and leaves a word: what is left would be one event. */
static bool lost_rule(icalcomponent *e)
{
    for (icalproperty *p = icalcomponent_get_first_property(e, ICAL_XLICERROR_PROPERTY); p;
         p = icalcomponent_get_next_property(e, ICAL_XLICERROR_PROPERTY)) {
        const char *what = icalproperty_get_xlicerror(p);
        if (what && strstr(what, "in RRULE property"))
            return true;
    }
    return false;
}

static void read_event(struct walk *w, icalcomponent *e)
{
    struct arena *mem = w->r->mem;
    if (!read_start(w, e) || lost_rule(e)) {
        w->r->out->unread++;
        return;
    }
    w->one.cancelled = w->called_off || icalcomponent_get_status(e) == ICAL_STATUS_CANCELLED;
    w->one.secret = is_secret(e);
    w->one.title = text_of(mem, e, ICAL_SUMMARY_PROPERTY);
    w->one.place = text_of(mem, e, ICAL_LOCATION_PROPERTY);
    w->one.link = link_of(mem, e);
    read_people(mem, e, &w->one);
    w->one.floating = w->start.floating;
    w->one.occurrence = stands_for(w, e);
    if (!w->one.occurrence && w->r->out->n_whole < ICAL_EVENTS)
        w->r->whole[w->r->out->n_whole++] = w->one.uid;
    if (!w->one.occurrence && ical_recurs(e)) {
        if (!ical_expand(w->r, w->calendar, e, &w->start, on_occurrence, w))
            w->r->out->unread++;
        return;
    }
    place_in_time(w, &w->one, &w->start.t);
    keep(w, &w->one);
}

/* Those first: their series leaves them out. */
static void note_moved(struct walk *w, icalcomponent *e)
{
    if (!icalcomponent_get_first_property(e, ICAL_RECURRENCEID_PROPERTY) || !read_start(w, e) || w->n_moved == OVERRIDES)
        return;
    w->moved[w->n_moved].uid = w->one.uid;
    w->moved[w->n_moved++].day = stands_for(w, e);
}

static void read_calendar(struct ical_reading *r, icalcomponent *calendar)
{
    struct walk *w = ARENA_NEW(r->mem, struct walk);
    w->r = r;
    w->calendar = calendar;
    w->called_off = icalcomponent_get_method(calendar) == ICAL_METHOD_CANCEL;
    for (int pass = 0; pass < 2; pass++) {
        /* Not get_first and get_next: looking for a zone in between would move these. */
        icalcompiter at = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
        for (icalcomponent *e = icalcompiter_deref(&at); e; e = icalcompiter_next(&at))
            if (pass)
                read_event(w, e);
            else
                note_moved(w, e);
    }
}

static int64_t begin_of(const struct ical_event *e)
{
    return e->all_day ? day_start_ms(e->day, "UTC") : e->at_ms;
}

static int by_time(const void *a, const void *b)
{
    const struct ical_event *x = a, *y = b;
    int64_t p = begin_of(x), q = begin_of(y);
    int uid = strcmp(x->uid, y->uid);
    return p != q ? (p < q ? -1 : 1) : uid ? uid : (x->occurrence > y->occurrence) - (x->occurrence < y->occurrence);
}

static bool check(const char *text, size_t n, struct err *e)
{
    size_t bad;
    if (n > ICAL_BYTES)
        return fail(e, ERR_LIMIT, "calendar.too_long", ARGS(NUM("mb", 1)), "a calendar of %zu bytes", n);
    if (!utf8_valid(text, n, &bad))
        return fail(e, ERR_USAGE, "calendar.letters", NULL, "no UTF-8 at byte %zu", bad);
    return true;
}

bool ical_read(struct arena *mem, const char *text, size_t n, const struct ical_range *range, struct ical *out,
    struct err *e)
{
    int events = 0;
    *out = (struct ical){ 0 };
    if (n <= ICAL_BYTES) {
        text = plain_lines(mem, text, n);
        n = strlen(text);
    }
    if (!check(text, n, e))
        return false;
    if (!ical_begins(text) || !is_shallow(text, &events))
        return fail(e, ERR_USAGE, "calendar.none", NULL, "no calendar");
    if (events > ICAL_EVENTS)
        return fail(e, ERR_LIMIT, "calendar.too_many", ARGS(NUM("max", ICAL_EVENTS)), "%d events", events);
    struct ical_reading *r = ARENA_NEW(mem, struct ical_reading);
    r->mem = mem;
    r->range = range;
    r->out = out;
    r->events = ARENA_ARRAY(mem, struct ical_event, ICAL_FOUND);
    r->whole = ARENA_ARRAY(mem, const char *, ICAL_EVENTS);
    icalerror_set_errors_are_fatal(0);
    icalcomponent *root = icalparser_parse_string(text + (strncmp(text, "\xef\xbb\xbf", 3) ? 0 : 3));
    if (root && icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
        read_calendar(r, root);
    for (icalcomponent *c = root ? icalcomponent_get_first_component(root, ICAL_VCALENDAR_COMPONENT) : NULL; c;
         c = icalcomponent_get_next_component(root, ICAL_VCALENDAR_COMPONENT))
        read_calendar(r, c);
    if (root)
        icalcomponent_free(root);
    ical_zones_free(r);
    qsort(r->events, (size_t)out->n, sizeof *r->events, by_time);
    out->events = r->events;
    out->whole = r->whole;
    return root || fail(e, ERR_USAGE, "calendar.none", NULL, "no calendar");
}
