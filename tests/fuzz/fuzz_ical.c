/* Any bytes as a calendar file: whatever is read lies within its bounds and is text. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/text/ical.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELD_BYTES = 4096 };

static void check(const char *field)
{
    size_t bad;
    if (field && (!utf8_valid(field, strlen(field), &bad) || strlen(field) > FIELD_BYTES || strchr(field, '\n')))
        abort();
}

static void check_event(const struct ical_event *v, const struct ical_range *range)
{
    check(v->title);
    check(v->place);
    check(v->link);
    if (!v->uid || v->n_people > ICAL_PEOPLE || v->minutes < 0)
        abort();
    if (v->all_day ? v->end <= v->day : !zone_valid(v->zone) || v->at_ms + v->minutes * INT64_C(60000) < range->from_ms)
        abort();
    for (int i = 0; i < v->n_people; i++) {
        check(v->people[i].name);
        check(v->people[i].mail);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct ical_range range = { "Asia/Tokyo", INT64_C(1772323200000), INT64_C(1780272000000) };
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    struct ical c;
    if (ical_read(&mem, (const char *)data, size, &range, &c, &e)) {
        if (c.n < 0 || c.n > ICAL_FOUND || c.n_whole > ICAL_EVENTS)
            abort();
        check(c.odd_zone);
        for (int i = 0; i < c.n; i++)
            check_event(&c.events[i], &range);
    } else if (!e.key) {
        abort();
    }
    arena_finish(&mem);
    return 0;
}
