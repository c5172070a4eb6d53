/* A range of days as our own buttons say it. People type periods: see text/when.h. */
#include <stdio.h>
#include "bot/core/reader.h"

size_t scan_day_range(const struct scan *s, size_t at, struct token *t)
{
    int y, m, d, y2, m2, d2, n = 0;
    if (sscanf(s->text.s + at, "%4d-%2d-%2d..%4d-%2d-%2d%n", &y, &m, &d, &y2, &m2, &d2, &n) != 6 ||
        n != 22 || !civil_date_valid(y, m, d) || !civil_date_valid(y2, m2, d2))
        return 0;
    const char *zone = s->c->when.team_zone;
    t->type = TOKEN_PERIOD;
    t->period.from_day = day_number(y, m, d);
    t->period.to_day = day_number(y2, m2, d2) + 1;
    t->period.from_ms = day_start_ms(t->period.from_day, zone);
    t->period.to_ms = day_start_ms(t->period.to_day, zone);
    if (t->period.to_ms > s->c->now_ms) {
        t->period.to_ms = s->c->now_ms;
        t->period.to_date = true;
    }
    return (size_t)n;
}
