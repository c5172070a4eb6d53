/* A range of days as our own buttons say it, and the team's own names for one, such as the
 * bonus seasons. Other periods that people type: see text/when.h. */
#include <stdio.h>
#include <string.h>
#include "bot/core/scan_private.h"
#include "bot/store/team.h"

enum { SEASONS = 64 };
struct seasons {
    struct season list[SEASONS];
    struct folded name[SEASONS];
    int n;
};

/* Both days included; cut at now where it still runs. */
static void take_days(const struct scan *s, struct token *t, int32_t from, int32_t to)
{
    const char *zone = s->c->when.team_zone;
    t->type = TOKEN_PERIOD;
    t->period.from_day = from;
    t->period.to_day = t->period.end_day = to + 1;
    t->period.from_ms = day_start_ms(from, zone);
    t->period.to_ms = day_start_ms(to + 1, zone);
    if (t->period.to_ms > s->c->now_ms && t->period.from_ms < s->c->now_ms) {
        t->period.to_ms = s->c->now_ms;
        t->period.to_date = true;
    }
}

size_t scan_day_range(const struct scan *s, size_t at, struct token *t)
{
    int y, m, d, y2, m2, d2, n = 0;
    if (sscanf(s->text.s + at, "%4d-%2d-%2d..%4d-%2d-%2d%n", &y, &m, &d, &y2, &m2, &d2, &n) != 6 ||
        n != 22 || !civil_date_valid(y, m, d) || !civil_date_valid(y2, m2, d2))
        return 0;
    take_days(s, t, day_number(y, m, d), day_number(y2, m2, d2));
    return (size_t)n;
}

/* Read once a message; the latest first. Without the store there are none. */
static const struct seasons *seasons_of(struct call *c)
{
    struct err e;
    if (c->seasons)
        return c->seasons;
    struct seasons *all = ARENA_NEW(c->mem, struct seasons);
    all->n = season_list(c->db, c->mem, all->list, SEASONS, &e);
    for (int i = 0; i < all->n; i++)
        all->name[i] = fold_text(c->mem, all->list[i].name, strlen(all->list[i].name));
    return c->seasons = all;
}

/* Does the folded name stand whole at `at`? 夏 is not in 夏季, nor May in maybe. */
static bool stands(const struct scan *s, size_t at, const struct folded *name)
{
    if (!name->n || name->n > s->text.n - at || memcmp(s->text.s + at, name->s, name->n) != 0)
        return false;
    enum script behind = scan_script(s, at + name->n);
    bool goes_on = scan_word_char(name->s, name->n, name->n - 1) && scan_word_char(s->text.s, s->text.n, at + name->n);
    bool inside = at && scan_word_char(name->s, name->n, 0) && scan_word_char(s->text.s, s->text.n, at - 1);
    return !goes_on && !inside && behind != SCRIPT_HAN && behind != SCRIPT_KATAKANA;
}

size_t scan_season(struct scan *s, size_t at, struct token *t)
{
    const struct season *found = NULL;
    size_t len = 0;
    int32_t today = day_of(s->c->now_ms, s->c->when.team_zone);
    if (scan_takes(s, ARG_NAME)) /* there it is being named */
        return 0;
    const struct seasons *all = seasons_of(s->c);
    for (int i = 0; i < all->n; i++) {
        if (all->name[i].n < len || !stands(s, at, &all->name[i]))
            continue;
        bool longer = all->name[i].n > len, begun = found && found->from_day <= today;
        if (longer || !begun)
            found = &all->list[i];
        len = all->name[i].n;
    }
    if (found)
        take_days(s, t, found->from_day, found->to_day);
    return len;
}
