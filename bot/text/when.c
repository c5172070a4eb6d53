/* Owns finding one piece of a date or time in folded text: tries every reader and keeps
 * the longest, then takes the words around it (by, about, まで, ごろ). Decides nothing
 * about now; see when_resolve.c. WHEN.md lists what is understood. */
#include "bot/text/when.h"

#include "bot/text/when_parts.h"
#include <string.h>

typedef bool matcher(struct scan *p, struct when_token *t);

static bool match_marked_clock(struct scan *p, struct when_token *t)
{
    return match_clock(p, false, t);
}

/* A piece ends with the word; 3ish goes on with what makes it approximate. */
static bool piece_ends(const struct scan *p)
{
    struct scan q = *p;
    return scan_end(p) || scan_value(&q, "when.about", "after");
}

static bool match_core(struct scan *p, struct when_token *t)
{
    static matcher *const matchers[] = { match_marked_clock, match_duration,
        match_moment, match_offset, match_date, match_edge };
    struct scan best = *p;
    for (size_t i = 0; i < sizeof matchers / sizeof *matchers; i++) {
        struct scan q = *p;
        struct when_token token;
        if (matchers[i](&q, &token) && q.i > best.i && piece_ends(&q)) {
            best = q;
            *t = token;
        }
    }
    bool found = best.i > p->i;
    *p = best;
    return found;
}

/* `at 3` is a time, `on fri` a day; `at Acme` and `on hold` are neither. */
static bool match_after_preposition(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    const char *value;
    if (!scan_word(&q, "when.at", &value) || !scan_text(&q, " "))
        return match_core(p, t);
    struct scan clock = q, core = q;
    struct when_token token;
    bool is_core = match_core(&core, t);
    bool on = strcmp(value, "on") == 0;
    if (!on && match_clock(&clock, true, &token) && clock.i >= core.i) {
        *t = token;
        core = clock;
        is_core = true;
    }
    if (!is_core || t->piece == WHEN_DURATION || (on && t->piece == WHEN_TIME))
        return false;
    *p = core;
    return true;
}

/* Words before a piece; they count only if a piece follows. */
static bool match_prefixed(struct scan *p, struct when_token *t)
{
    struct scan q = *p;
    bool about = false, deadline = false;
    for (int i = 0; i < 2; i++) {
        struct scan next = q;
        bool is_about = scan_value(&next, "when.about", "before");
        if (!is_about && !scan_value(&next, "when.deadline", "before"))
            break;
        if (!scan_space(&next) || next.i >= next.n)
            break;
        about = about || is_about;
        deadline = deadline || !is_about;
        q = next;
    }
    bool prefixed = about || deadline;
    struct scan clock = q;
    struct when_token token;
    bool found = match_after_preposition(&q, t);
    /* `around 3`, `by 5` */
    if (prefixed && match_clock(&clock, true, &token) && (!found || clock.i > q.i)) {
        *t = token;
        q = clock;
        found = true;
    }
    if (!found || (deadline && t->piece == WHEN_DURATION))
        return false;
    t->approximate = t->approximate || about;
    t->deadline = deadline;
    *p = q;
    return true;
}

static void take_suffixes(struct scan *p, struct when_token *t)
{
    for (int i = 0; i < 2; i++) {
        struct scan q = *p;
        if (q.i < q.n && q.s[q.i] == ' ')
            q.i++;
        if (scan_value(&q, "when.about", "after")) {
            t->approximate = true;
        } else if (t->piece != WHEN_DURATION &&
                   scan_value(&q, "when.deadline", "after")) {
            t->deadline = true;
        } else {
            return;
        }
        *p = q;
    }
}

/* 明日の, 19:30に: the particle belongs to the date; before hiragana it may be the
 * beginning of a name. */
static void take_particle(struct scan *p, struct when_token *t)
{
    static const char *const particles[] = { "の", "に", "は" };
    for (int i = 0; i < 3; i++) {
        struct scan q = *p;
        if (!scan_text(&q, particles[i]))
            continue;
        bool hiragana = q.i + 1 < q.n && (unsigned char)q.s[q.i] == 0xE3 &&
                        (unsigned char)q.s[q.i + 1] <= 0x82 &&
                        (unsigned char)q.s[q.i + 1] >= 0x81;
        static const char within[] = "中";
        size_t len = sizeof within - 1;
        t->by_end = t->kind == KIND_PART && i == 1 && p->i >= len && !memcmp(p->s + p->i - len, within, len);
        if (!hiragana)
            *p = q;
        return;
    }
}

static bool alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* 3/14 begins neither in 1/3/14 nor in d3/14. */
static bool begins_word(const char *s, size_t at)
{
    if (at == 0 || !alnum(s[at]))
        return true;
    if (alnum(s[at - 1]))
        return false;
    return !(at > 1 && strchr("/.:,", s[at - 1]) && alnum(s[at - 2]) && s[at] <= '9');
}

bool when_match(const struct when_context *cx, const char *s, size_t n, size_t at,
    struct when_token *out)
{
    *out = (struct when_token){ .piece = WHEN_NONE };
    if (at >= n || !begins_word(s, at))
        return false;
    struct seen seen = { 0 };
    struct scan p = { cx, s, n, at, &seen };
    struct when_token t = { 0 };
    if (!match_prefixed(&p, &t))
        return false;
    take_suffixes(&p, &t);
    if (t.piece != WHEN_DURATION)
        take_particle(&p, &t);
    t.len = p.i - at;
    *out = t;
    return true;
}
