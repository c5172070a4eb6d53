/* When it was or is to be: the pieces of a head that are dates, hours and lengths, made
 * one instant. What could be two, or cannot be, is asked. */
#include <string.h>
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

static enum when_direction direction(const struct resolving *x)
{
    return x->s->command->flags & CMD_AHEAD ? WHEN_FUTURE : WHEN_PAST;
}

/* The day that a piece names by itself; false where it names none. */
static bool day_of_piece(struct resolving *x, const struct when_token *t, int64_t *at_ms, int32_t *day)
{
    struct when w;
    struct err bad = { 0 };
    if (t->piece != WHEN_DATE || !when_resolve(&x->c->when, t, 1, direction(x), &w, x->c->mem, x->c->locale, &bad))
        return false;
    *at_ms = w.at_ms;
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

/* What both pieces together mean, if the first comes first. */
static bool when_of(struct resolving *x, const struct token *a, const struct token *b, struct when *out)
{
    const struct when_token pieces[] = { a->when, b->when };
    struct err ignored = { 0 };
    return when_resolve(&x->c->when, pieces, 2, direction(x), out, x->c->mem, x->c->locale, &ignored);
}

/* mon 3/3, where the third is a Tuesday; yesterday 3/2; 14:00 16:00: two times of which
 * one is meant. A week beside a weekday, a weekday beside its date are one, and so is a
 * day with the deadline behind it: from mon until fri. `at_ms` is what either means. */
static bool differ(struct resolving *x, const struct token *a, const struct token *b, int64_t at_ms[2])
{
    int32_t day_a, day_b;
    struct when ab, ba;
    bool lengths = a->when.piece == WHEN_DURATION || b->when.piece == WHEN_DURATION;
    if (lengths || a->when.deadline != b->when.deadline || when_is_week(&a->when) || when_is_week(&b->when))
        return false;
    if (day_of_piece(x, &a->when, &at_ms[0], &day_a) && day_of_piece(x, &b->when, &at_ms[1], &day_b))
        return day_a != day_b && !same_weekday(a, day_a, b, day_b);
    if (!when_of(x, a, b, &ab) || !when_of(x, b, a, &ba))
        return false;
    at_ms[0] = ba.at_ms; /* the later piece decides */
    at_ms[1] = ab.at_ms;
    return ab.at_ms != ba.at_ms;
}

static bool two_dates(struct resolving *x, int *first, int *second, int64_t at_ms[2])
{
    const struct token *t = x->s->tokens;
    for (int i = 0; i < x->s->n; i++)
        for (int k = i + 1; t[i].type == TOKEN_WHEN && k < x->s->n; k++)
            if (t[k].type == TOKEN_WHEN && differ(x, &t[i], &t[k], at_ms)) {
                *first = i;
                *second = k;
                return true;
            }
    return false;
}

/* 15:00-14:00 would end the next day; 23:00-1:00 does. */
static const struct token *span_token(const struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_WHEN && (x->s->tokens[i].when.piece == WHEN_SPAN || x->s->tokens[i].when.has_span))
            return &x->s->tokens[i];
    return NULL;
}

/* 会食 8時: nobody dines in the morning. */
static void settle_evening(struct resolving *x)
{
    const char *way = x->f->word[WORD_CHANNEL];
    bool evening = way && (!strcmp(way, "dinner") || !strcmp(way, "drinks"));
    for (int i = 0; evening && i < x->f->n_pieces; i++)
        x->f->pieces[i].by_24 = false;
}

bool resolve_when(struct resolving *x)
{
    settle_evening(x);
    int a, b;
    int64_t at_ms[2];
    if (two_dates(x, &a, &b, at_ms))
        return ask_two_dates(x, a, b, at_ms);
    struct err bad = { 0 };
    enum when_direction d = direction(x);
    if (when_resolve(&x->c->when, x->f->pieces, x->f->n_pieces, d, &x->f->when, x->c->mem,
            x->c->locale, &bad)) {
        const struct when *w = &x->f->when;
        const int64_t half_day_ms = INT64_C(12) * 60 * MINUTE_MS;
        if (w->end_ms - w->at_ms > half_day_ms && span_token(x))
            return ask_end(x, span_token(x));
        return d == WHEN_FUTURE || !(says_ahead(x) || nearly_ahead(x)) || ask_ahead(x);
    }
    return ask_date(x, &bad);
}
