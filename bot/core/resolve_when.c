/* When it was or is to be: one instant of all the pieces that the head names. What can't be,
 * or may be two things, is asked. */
#include "bot/base/clock.h"
#include "bot/core/resolve_private.h"

/* A touch point tomorrow has not been: beyond a few minutes of a slow clock. */
static bool says_ahead(const struct resolving *x)
{
    const struct when *w = &x->f->when;
    const struct arg *args = x->s->command->args;
    if (args && args->type == ARG_RECORD)
        return false; /* edit T12 19:30: of the day that the record has */
    return (w->has_date || w->has_time) && w->at_ms > x->c->now_ms + 10 * MINUTE_MS;
}

/* 3/14 typed on 3/4 is rather the coming one than that of last year. */
static bool nearly_ahead(struct resolving *x)
{
    struct when next;
    struct err ignored = { 0 };
    int64_t now = x->c->now_ms;
    bool far = x->f->when.at_ms < now - 300 * DAY_MS && !(x->s->command->args && x->s->command->args->type == ARG_RECORD);
    if (!far || !when_resolve(&x->c->when, x->f->pieces, x->f->n_pieces, WHEN_FUTURE, &next, x->c->mem, x->c->locale, &ignored) ||
        next.at_ms <= now || next.at_ms > now + 45 * DAY_MS)
        return false;
    x->f->when = next;
    return true;
}

/* The day that a piece names by itself; false where it names none. */
static bool day_of_piece(struct resolving *x, const struct when_token *t, enum when_direction d, int32_t *day)
{
    struct when w;
    struct err bad = { 0 };
    if (t->piece != WHEN_DATE || !when_resolve(&x->c->when, t, 1, d, &w, x->c->mem, x->c->locale, &bad))
        return false;
    *day = day_of(w.at_ms, x->c->when.zone);
    return true;
}

/* fri 13 mar, 13 mar fri: the weekday of that date. */
static bool same_weekday(const struct token *a, int32_t day_a, const struct token *b, int32_t day_b)
{
    int first = when_weekday(&a->when), second = when_weekday(&b->when);
    return (first && !second && civil_of_day(day_b).weekday == first) ||
           (second && !first && civil_of_day(day_a).weekday == second);
}

/* mon 3/3, where the third is a Tuesday; yesterday 3/2: two days in one line. A week beside
 * a weekday is none of its own. */
static bool two_days(struct resolving *x, enum when_direction d, const struct token **first, const struct token **second)
{
    int32_t day, before = 0;
    *first = *second = NULL;
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_WHEN || when_is_week(&t->when) || !day_of_piece(x, &t->when, d, &day))
            continue;
        bool until = *first && t->when.deadline && !(*first)->when.deadline; /* from mon until fri */
        if (*first && !until && day != before && !same_weekday(*first, before, t, day)) {
            *second = t;
            return true;
        }
        *first = *first ? *first : t;
        before = day;
    }
    return false;
}

/* 16:00-15:00 would end tomorrow: refused where that is most of a day. */
static bool ends_first(struct resolving *x)
{
    const struct when *w = &x->f->when;
    for (int i = 0; i < x->s->n && w->end_ms - w->at_ms > INT64_C(12) * 60 * MINUTE_MS; i++) {
        const struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_WHEN || t->when.piece != WHEN_SPAN)
            continue;
        reply_new(x->c, REPLY_REFUSED, "when.end_first", ARGS(TXT("typed", token_text(x->s, t))));
        *x->out = READING_REPLIED;
        return true;
    }
    return false;
}

bool resolve_when(struct resolving *x)
{
    const struct token *first, *second;
    struct err bad = { 0 };
    enum when_direction d = x->s->command->flags & CMD_AHEAD ? WHEN_FUTURE : WHEN_PAST;
    if (!when_resolve(&x->c->when, x->f->pieces, x->f->n_pieces, d, &x->f->when, x->c->mem, x->c->locale, &bad))
        return ask_date(x, &bad);
    if (two_days(x, d, &first, &second))
        return ask_two_days(x, first, second);
    if (ends_first(x))
        return true;
    return d == WHEN_FUTURE || !(says_ahead(x) || nearly_ahead(x)) || ask_ahead(x);
}
