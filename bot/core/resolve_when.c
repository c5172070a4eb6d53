/* When it was or is to be: the pieces of a head that are dates, hours and lengths, made
 * one instant. What could be two, or cannot be, is asked. */
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

static bool when_of(struct resolving *x, const struct token *a, const struct token *b, struct when *out)
{
    const struct when_token pieces[] = { a->when, b->when };
    struct err ignored = { 0 };
    enum when_direction d = x->s->command->flags & CMD_AHEAD ? WHEN_FUTURE : WHEN_PAST;
    return when_resolve(&x->c->when, pieces, 2, d, out, x->c->mem, x->c->locale, &ignored);
}

/* Two pieces that mean another day or hour the other way round are two dates (mon tue);
 * those of one date (last week, fri) are not. */
static bool two_dates(struct resolving *x, int *first, int *second, int64_t at_ms[2])
{
    struct token *t = x->s->tokens;
    struct when ab, ba;
    for (int i = 0; i < x->s->n; i++)
        for (int k = i + 1; t[i].type == TOKEN_WHEN && k < x->s->n; k++) {
            bool both = t[k].type == TOKEN_WHEN && t[i].when.piece != WHEN_DURATION && t[k].when.piece != WHEN_DURATION &&
                        t[i].when.deadline == t[k].when.deadline; /* from mon until fri */
            if (!both || !when_of(x, &t[i], &t[k], &ab) || !when_of(x, &t[k], &t[i], &ba) || ab.at_ms == ba.at_ms)
                continue;
            *first = i;
            *second = k;
            at_ms[0] = ba.at_ms; /* the later piece decides */
            at_ms[1] = ab.at_ms;
            return true;
        }
    return false;
}

enum { HALF_DAY_MS = 12 * 60 * MINUTE_MS };

/* 15:00-14:00 would end the next day; 23:00-1:00 does. */
static const struct token *span_token(const struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_WHEN && x->s->tokens[i].when.piece == WHEN_SPAN)
            return &x->s->tokens[i];
    return NULL;
}

bool resolve_when(struct resolving *x)
{
    int a, b;
    int64_t at_ms[2];
    if (two_dates(x, &a, &b, at_ms))
        return ask_two_dates(x, a, b, at_ms);
    struct err bad = { 0 };
    enum when_direction d = x->s->command->flags & CMD_AHEAD ? WHEN_FUTURE : WHEN_PAST;
    if (when_resolve(&x->c->when, x->f->pieces, x->f->n_pieces, d, &x->f->when, x->c->mem,
            x->c->locale, &bad)) {
        const struct when *w = &x->f->when;
        if (w->end_ms - w->at_ms > HALF_DAY_MS && span_token(x))
            return ask_end(x, span_token(x));
        return d == WHEN_FUTURE || !(says_ahead(x) || nearly_ahead(x)) || ask_ahead(x);
    }
    return ask_date(x, &bad);
}
