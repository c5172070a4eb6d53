/* Facts of a record that have days of their own: enrolled 2 feb, due 30d, 期限3/31. Such a
 * day belongs to the word beside it and does not say when the record was made. */
#include <string.h>
#include "bot/core/resolve_private.h"

static bool is_dated(const struct token *t)
{
    return t->type == TOKEN_WORD && (t->kind == WORD_DATED || t->kind == WORD_PARTNER_STAGE) && !t->in_note;
}

static bool is_day(const struct token *t)
{
    return t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION && !t->in_note;
}

/* What is still to come when the others happen. */
static bool comes_later(const char *what)
{
    return !strcmp(what, "due") || !strcmp(what, "expires");
}

/* 3/1完了 has its day in front, done 1 mar behind; NULL: it has none. A deadline (enrolled
 * due 31 mar) is nobody's who is not still to come. */
static struct token *day_beside(const struct scan *s, int i)
{
    struct token *t = &s->tokens[i];
    bool later = comes_later(t->value);
    if (i > 0 && is_day(t - 1) && (t - 1)->end == t->at)
        return t - 1;
    int k = i + 1;
    while (k < s->n && (s->tokens[k].type == TOKEN_SKIP || s->tokens[k].type == TOKEN_PREP))
        k++;
    bool next_has_it = k + 1 < s->n && is_dated(&s->tokens[k + 1]) && s->tokens[k].end == s->tokens[k + 1].at;
    bool takes = k < s->n && is_day(&s->tokens[k]) && (later || !s->tokens[k].when.deadline);
    return takes && !next_has_it ? &s->tokens[k] : NULL;
}

static void add_dated(struct frame *f, const char *what, const struct token *day, int32_t no)
{
    if (f->n_dated == FRAME_DATED)
        return;
    f->dated[f->n_dated].what = what;
    f->dated[f->n_dated].through = day && day->when.deadline;
    f->dated[f->n_dated++].day = no;
}

/* One fact and its day; a day that cannot be is left, and asked about with the others.
 * `from_ms`: what comes later is looked for from there on. */
static bool take_day(struct resolving *x, const char *what, struct token *day, int64_t from_ms, int64_t *at_ms)
{
    struct when w;
    struct err bad = { 0 };
    struct when_context cx = x->c->when;
    if (comes_later(what))
        cx.now_ms = from_ms;
    if (!when_resolve(&cx, &day->when, 1, comes_later(what) ? WHEN_FUTURE : WHEN_PAST, &w, x->c->mem, x->c->locale, &bad))
        return false;
    day->type = TOKEN_SKIP;
    add_dated(x->f, what, day, day_of(w.at_ms, cx.zone));
    *at_ms = w.at_ms;
    return true;
}

static void take_facts(struct resolving *x, bool later, int64_t *first_ms)
{
    int64_t at_ms;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (!is_dated(t) || comes_later(t->value) != later)
            continue;
        struct token *day = day_beside(x->s, i);
        if (!day)
            add_dated(x->f, t->value, NULL, 0);
        else if (take_day(x, t->value, day, *first_ms, &at_ms) && !later && at_ms < *first_ms)
            *first_ms = at_ms;
    }
}

void take_dated(struct resolving *x)
{
    int64_t first_ms = x->c->when.now_ms, at_ms;
    bool dated = arg_accepts(x->s->command, ARG_DATED);
    if (!dated && !arg_accepts(x->s->command, ARG_PARTNER_STAGE))
        return;
    take_facts(x, false, &first_ms);
    take_facts(x, true, &first_ms);
    for (int i = 0; dated && i < x->s->n; i++) /* by 31 mar, 3/31まで */
        if (is_day(&x->s->tokens[i]) && x->s->tokens[i].when.deadline)
            (void)take_day(x, "due", &x->s->tokens[i], first_ms, &at_ms);
}

bool frame_dated(const struct frame *f, const char *what, int32_t otherwise, int32_t *day)
{
    for (int i = 0; i < f->n_dated; i++) {
        if (strcmp(f->dated[i].what, what) != 0)
            continue;
        *day = f->dated[i].day ? f->dated[i].day : otherwise;
        return true;
    }
    return false;
}
