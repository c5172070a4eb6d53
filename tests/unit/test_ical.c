/* Calendar files: series keep their wall time through clock changes, zones are known by any
 * name, occurrences that were moved or left out, and what is refused or bounded. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/text/ical.h"
#include "bot/text/zone.h"

static struct arena mem;

static int64_t at(const char *iso)
{
    int64_t ms = 0;
    assert_true(zone_parse_iso(iso, "Asia/Tokyo", &ms));
    return ms;
}

static bool reads(const char *text, struct ical *out, struct err *e)
{
    const struct ical_range range = { "Asia/Tokyo", at("2026-03-01T00:00"), at("2026-06-01T00:00") };
    *e = (struct err){ 0 };
    return ical_read(&mem, text, strlen(text), &range, out, e);
}

/* The events between the two lines of every file. */
static struct ical read_events(const char *events)
{
    struct ical c;
    struct err e;
    char *text = arena_printf(&mem, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n%sEND:VCALENDAR\r\n", events);
    if (!reads(text, &c, &e))
        fail_msg("%s\n%s", e.why, text);
    return c;
}

static struct ical read_one(const char *lines)
{
    return read_events(arena_printf(&mem, "BEGIN:VEVENT\r\nUID:a\r\n%sEND:VEVENT\r\n", lines));
}

/* Starts in UTC, one behind the other. */
static const char *starts(const struct ical *c)
{
    struct buf b = BUF_ON(&mem);
    buf_puts(&b, "");
    for (int i = 0; i < c->n; i++) {
        struct civil t = civil_of(c->events[i].at_ms, "UTC");
        buf_join(&b, " ", arena_printf(&mem, "%02d%02dT%02d%02d", t.month, t.day, t.hour, t.minute));
    }
    return buf_str(&b);
}

static void ical_read__series__keeps_wall_time(void **state)
{
    static const struct {
        const char *lines, *starts;
    } samples[] = {
        /* Sydney puts its clocks back on 5 April, London forward on 29 March. */
        { "DTSTART;TZID=Australia/Sydney:20260330T100000\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\n", "0329T2300 0406T0000" },
        { "DTSTART;TZID=Europe/London:20260327T090000\r\nRRULE:FREQ=DAILY;UNTIL=20260330T080000Z\r\n", "0327T0900 0328T0900 0329T0800 0330T0800" },
        { "DTSTART;TZID=GMT Standard Time:20260327T090000\r\nRRULE:FREQ=WEEKLY;UNTIL=20260403\r\n", "0327T0900 0403T0800" },
        { "DTSTART:20260302T010000Z\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO;COUNT=3\r\n", "0302T0100 0406T0100 0504T0100" },
        /* Begun long ago: only what is in range; two weeks apart from the first one. */
        { "DTSTART;TZID=Asia/Tokyo:20200106T100000\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20260401T000000Z\r\n", "0309T0100 0323T0100" },
        { "DTSTART;TZID=Asia/Tokyo:20260302T100000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Asia/Tokyo:20260309T100000\r\nEXDATE:20260316T010000Z\r\n", "0302T0100 0323T0100" },
        { "DTSTART;TZID=Asia/Tokyo:20260302T100000\r\nRDATE;TZID=Asia/Tokyo:20260305T110000,20260307T120000\r\n", "0302T0100 0305T0200 0307T0300" },
        { "DTSTART;TZID=Asia/Tokyo:20260302T100000\r\nRRULE:FREQ=WEEKLY;UNTIL=20260301T000000Z\r\n", "" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct ical c = read_one(samples[i].lines);
        assert_int_equal(c.unread, 0);
        assert_string_equal(starts(&c), samples[i].starts);
    }
}

static void ical_read__moved_occurrence__takes_the_place_of_its_own(void **state)
{
    (void)state;
    struct ical c = read_events("BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260309T010000Z\r\nDTSTART;TZID=Asia/Tokyo:20260310T110000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=Asia/Tokyo:20260302T100000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\n");
    assert_string_equal(starts(&c), "0302T0100 0310T0200 0316T0100");
    assert_true(c.events[1].cancelled && !c.events[0].cancelled);
    assert_int_equal(c.events[1].occurrence, day_number(2026, 3, 9));
    assert_int_equal(c.n_whole, 1);
    /* Sent alone, as an invitation is changed, it says nothing of the others. */
    c = read_events("BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;TZID=Asia/Tokyo:20260309T100000\r\nDTSTART;TZID=Asia/Tokyo:20260310T110000\r\nEND:VEVENT\r\n");
    assert_int_equal(c.n_whole, 0);
    assert_int_equal(c.events[0].occurrence, day_number(2026, 3, 9));
}

static void ical_read__zones__by_any_name(void **state)
{
    static const struct {
        const char *tzid, *zone, *starts;
    } samples[] = {
        { "Asia/Singapore", "Asia/Singapore", "0402T0200" },
        { "Singapore Standard Time", "Asia/Singapore", "0402T0200" },
        { "/example.org/20260101_1/Asia/Singapore", "Asia/Singapore", "0402T0200" },
        { "Ours", "Asia/Singapore", "0402T0200" },   /* X-LIC-LOCATION */
        { "Described", "Asia/Tokyo", "0401T2330" },  /* +10:30, no name: shown in the reader's */
        { "Nowhere", "Asia/Tokyo", "0402T0100" },
        { "Costly", "Asia/Tokyo", "0402T0100" },     /* a rule a second: not expanded */
    };
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        struct ical c = read_events(arena_printf(&mem,
            "BEGIN:VTIMEZONE\r\nTZID:Ours\r\nX-LIC-LOCATION:Asia/Singapore\r\nEND:VTIMEZONE\r\n"
            "BEGIN:VTIMEZONE\r\nTZID:Described\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+1030\r\nTZOFFSETTO:+1030\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
            "BEGIN:VTIMEZONE\r\nTZID:Costly\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+1030\r\nTZOFFSETTO:+1030\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
            "BEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID=%s:20260402T100000\r\nEND:VEVENT\r\n", samples[i].tzid));
        assert_int_equal(c.n, 1);
        assert_string_equal(c.events[0].zone, samples[i].zone);
        assert_string_equal(starts(&c), samples[i].starts);
        assert_int_equal(c.odd_zone != NULL, i >= 5);
    }
}

static void ical_read__fields(void **state)
{
    (void)state;
    struct ical c = read_one("DTSTART:20260302T100000\r\nDTEND:20260302T104500\r\nSUMMARY:Prices\\, twice\\nand\r\n  terms\r\nLOCATION:Room 3\r\n"
        "DESCRIPTION:see https://wiki.example/ or <https://example.zoom.us/j/42?pwd=x>\r\nCLASS:PRIVATE\r\n"
        "ORGANIZER;CN=\"Sato, Ken\":MAILTO:Ken.Sato@Acme.example\r\nATTENDEE:mailto:ken.sato@acme.example\r\n"
        "ATTENDEE;CUTYPE=ROOM:mailto:room@acme.example\r\nATTENDEE;CN=ito@acme.example:mailto:ito@acme.example\r\n");
    const struct ical_event *v = &c.events[0];
    assert_int_equal(c.n, 1);
    assert_true(v->floating && v->secret && !v->all_day);
    assert_int_equal(v->minutes, 45);
    assert_string_equal(v->title, "Prices, twice and terms");
    assert_string_equal(v->place, "Room 3");
    assert_string_equal(v->link, "https://example.zoom.us/j/42?pwd=x");
    assert_int_equal(v->n_people, 2);
    assert_string_equal(v->people[0].name, "Sato, Ken");
    assert_string_equal(v->people[0].mail, "ken.sato@acme.example");
    assert_string_equal(v->people[1].name, "");
    c = read_one("DTSTART;VALUE=DATE:20260504\r\nDTEND;VALUE=DATE:20260507\r\nSUMMARY:Off\r\n");
    assert_true(c.events[0].all_day);
    assert_int_equal(c.events[0].day, day_number(2026, 5, 4));
    assert_int_equal(c.events[0].end, day_number(2026, 5, 7));
    c = read_one("DTSTART:20260302T100000Z\r\nDURATION:P3D\r\n");
    assert_true(c.events[0].all_day);
    c = read_one("DTSTART:20260201T100000Z\r\n"); /* over */
    assert_int_equal(c.n, 0);
}

static void ical_read__rules_that_ask_too_much__left_out(void **state)
{
    static const char *const rules[] = { "FREQ=SECONDLY", "FREQ=HOURLY;COUNT=3", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;INTERVAL=0", "FREQ=OFTEN", "nonsense" };
    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct ical c = read_one(arena_printf(&mem, "DTSTART:20260302T010000Z\r\nRRULE:%s\r\n", rules[i]));
        assert_int_equal(c.unread, 1);
        assert_int_equal(c.n, 0);
    }
    struct ical c = read_one("DTSTART:nonsense\r\n");
    assert_int_equal(c.unread, 1);
}

static void refused(const char *text, const char *key)
{
    struct ical c;
    struct err e;
    assert_false(reads(text, &c, &e));
    assert_string_equal(e.key, key);
}

static void ical_read__hostile__refused(void **state)
{
    (void)state;
    struct buf deep = BUF_ON(&mem), many = BUF_ON(&mem), long_one = BUF_ON(&mem);
    refused("", "calendar.none");
    refused("BEGIN:VCARD\r\nEND:VCARD\r\n", "calendar.none");
    refused("BEGIN:VCALENDAR\r\nX:\xff\r\nEND:VCALENDAR\r\n", "calendar.letters");
    refused("BEGIN:VCALENDAR\r\nX:\x01\r\nEND:VCALENDAR\r\n", "calendar.letters");
    buf_puts(&deep, "BEGIN:VCALENDAR\n");
    for (int i = 0; i < 50000; i++)
        buf_puts(&deep, "BEGIN:VEVENT\n");
    refused(buf_str(&deep), "calendar.none");
    buf_puts(&many, "BEGIN:VCALENDAR\n");
    for (int i = 0; i <= ICAL_EVENTS; i++)
        buf_puts(&many, "BEGIN:VEVENT\nEND:VEVENT\n");
    refused(buf_str(&many), "calendar.too_many");
    buf_puts(&long_one, "BEGIN:VCALENDAR\n");
    while (long_one.n <= ICAL_BYTES)
        buf_puts(&long_one, "X-A:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    refused(buf_str(&long_one), "calendar.too_long");
}

/* The largest that is taken, with rules that never come true and zones that are described. */
static void ical_read__largest__is_quick(void **state)
{
    static const char *const rules[] = { "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TU,WE" };
    enum { SECOND_US = 1000000, SLOW = 20 /* with sanitizers, beside other programs */ };
    (void)state;
    for (size_t k = 0; k < COUNT(rules); k++) {
        struct ical c;
        struct err e;
        struct buf b = BUF_ON(&mem);
        buf_puts(&b, "BEGIN:VCALENDAR\n");
        for (int i = 0; i < ICAL_EVENTS; i++)
            buf_printf(&b, "BEGIN:VEVENT\nUID:%d\nDTSTART:19700101T000000Z\nRRULE:%s\nDESCRIPTION:%0300d\nEND:VEVENT\n", i, rules[k], i);
        buf_puts(&b, "END:VCALENDAR\n");
        int64_t begun = clock_ticks_us();
        assert_true(reads(buf_str(&b), &c, &e));
        int64_t took = clock_ticks_us() - begun;
        print_message("%s: %zu bytes in %lld ms, %d unread\n", rules[k], b.n, (long long)took / 1000, c.unread);
        assert_true(took < SLOW * SECOND_US);
        assert_true(c.unread > ICAL_EVENTS - 100); /* no more than fit into the budget */
    }
}

static int forget(void **state)
{
    (void)state;
    arena_finish(&mem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ical_read__series__keeps_wall_time),
        cmocka_unit_test(ical_read__moved_occurrence__takes_the_place_of_its_own),
        cmocka_unit_test(ical_read__zones__by_any_name),
        cmocka_unit_test(ical_read__fields),
        cmocka_unit_test(ical_read__rules_that_ask_too_much__left_out),
        cmocka_unit_test(ical_read__hostile__refused),
        cmocka_unit_test(ical_read__largest__is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
