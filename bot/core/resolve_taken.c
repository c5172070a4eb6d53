/* Words of the head that take back what it says or leave it open: zoom Sato cancelled, phone
 * Suzuki or Sato, Suzuki's assistant. The reader knows no more than that, and asks. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/resolve_private.h"

/* "held": it may not have been; "now": what is the case now, unless the contact alone is
 * meant; "either": not both of what stands around it. */
static const char *doubt_of(const struct resolving *x, const struct token *t)
{
    struct word w;
    bool plain = t->type == TOKEN_UNKNOWN || t->type == TOKEN_PREP || t->type == TOKEN_SKIP;
    bool found = plain && !t->settled_none &&
                 catalogue_match_kind(x->c->words, x->s->text.s, x->s->text.n, t->at, "doubtful", 0, &w);
    return found ? w.value : NULL;
}

static bool names_or_tells(const struct token *t)
{
    return (t->type == TOKEN_NAME && !t->settled_none) || t->type == TOKEN_MONEY || is_channel(t) || (t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION);
}

/* phone Suzuki or Takahashi, not Sato but Ito; not "he or his boss will sign". */
static bool leaves_open(const struct scan *s, int i)
{
    int next = i + 1;
    while (next < s->n && (s->tokens[next].type == TOKEN_SKIP || s->tokens[next].type == TOKEN_PREP))
        next++;
    return i > 0 && next < s->n && names_or_tells(&s->tokens[next]) && !s->tokens[i - 1].in_note;
}

/* In a note the word is about the contact only where it is all of it, or where who, why or
 * until when follows. */
static bool ends_there(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    struct word w;
    if (i != x->note_from)
        return false;
    size_t end = s->tokens[i].at;
    if (catalogue_match_kind(x->c->words, s->text.s, s->text.n, end, "doubtful", 0, &w))
        end += w.len;
    int next = i + 1;
    while (next < s->n && s->tokens[next].at < end)
        next++;
    return next >= s->n || s->tokens[next].type == TOKEN_WHEN || s->tokens[next].type == TOKEN_MARK ||
           token_says(s, &s->tokens[next], "pronoun");
}

static bool person_before(const struct scan *s, int i)
{
    while (--i >= 0)
        if (s->tokens[i].type == TOKEN_NAME && s->tokens[i].hits[0].kind == 'C')
            return true;
    return false;
}

static bool is_doubtful(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    const char *doubt = doubt_of(x, t);
    if (!doubt)
        return false;
    if (!strcmp(doubt, "either"))
        return leaves_open(x->s, i) && (!t->in_note || i == x->note_from);
    bool said = x->s->text.s[0] == ':' && !strcmp(doubt, "now"); /* touch: cannot log in */
    return !t->in_note || ends_there(x, i) ||
           (i == x->note_from && !said && arg_accepts(x->s->command, ARG_CHANNEL) && !person_before(x->s, i));
}

/* called Suzuki about Takahashi: who was spoken of was not there. */
static bool is_topic(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    const struct token *t = &s->tokens[i], *before = i > 0 ? t - 1 : NULL;
    return t->type == TOKEN_NAME && !t->in_note && t->hits[0].kind == 'C' && before && before->type == TOKEN_SKIP &&
           !before->settled_none && token_says(s, before, "topic") && s->text.s[before->at] != 'o' &&
           person_before(s, i);
}

/* 20m no answer: a talk of some length was answered. */
static bool is_unanswered(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    bool length = false, unanswered = t->type == TOKEN_WORD && t->kind == WORD_OUTCOME && !t->in_note && !strcmp(t->value, "no_answer");
    for (int k = 0; unanswered && k < x->s->n; k++)
        length = length || (x->s->tokens[k].type == TOKEN_WHEN && !x->s->tokens[k].in_note && x->s->tokens[k].when.piece == WHEN_DURATION);
    return length;
}

/* deal won D1 D3, d2 won or lost?: of one deal one thing is said. */
static bool is_unsure(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    const char *end = strrchr(x->f->typed, '?');
    if (strncmp(x->s->command->id, "deal.", 5) != 0)
        return false;
    bool nearly = i > 0 && i + 1 < x->s->n && t->type == TOKEN_UNKNOWN && (t - 1)->type == TOKEN_REF && (t + 1)->type == TOKEN_VERB;
    if (nearly && (unsigned char)x->s->text.s[t->at] < 0x80)
        return true; /* d2 nearly won */
    if (t->in_note || t->type != TOKEN_REF || t->ref.kind != 'D')
        return false;
    for (int k = 0; k < i; k++)
        if (x->s->tokens[k].type == TOKEN_REF && x->s->tokens[k].ref.kind == 'D' && x->s->tokens[k].ref.no != t->ref.no)
            return true;
    return end && !end[1] && !x->f->separated;
}

/* Suzuki's assistant, not Suzuki's office: what is his is somebody else. */
static bool is_others(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    const struct token *t = &s->tokens[i], *who = i > 0 ? t - 1 : NULL;
    bool his = who && who->type == TOKEN_NAME && !who->in_note && who->hits[0].kind == 'C' && who->end >= 2 &&
               !memcmp(s->text.s + who->end - 2, "'s", 2);
    return his && t->type == TOKEN_UNKNOWN && (!t->in_note || i == x->note_from) && !token_says(s, t, "belongings");
}

/* The word as typed, with what follows it in the lexicon: called off. */
static char *doubt_text(const struct resolving *x, const struct token *t)
{
    struct word w;
    struct token span = *t;
    bool longer = catalogue_match_kind(x->c->words, x->s->text.s, x->s->text.n, t->at, "doubtful", 0, &w) && w.len > t->len;
    span.len = longer ? w.len : t->len;
    return token_text(x->s, &span);
}

bool ask_taken_back(struct resolving *x)
{
    struct call *c = x->c;
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        bool others = is_others(x, i);
        bool doubt = others || is_topic(x, i) || is_doubtful(x, i) || is_unanswered(x, i) || is_unsure(x, i);
        if (!doubt || ask_settled(c, "$taken"))
            continue;
        bool beside = others || is_topic(x, i);
        struct token whose = beside ? *(t - 1) : *t;
        whose.len = t->at + t->len - whose.at;
        const char *typed = ask_discreetly(c) ? "…" : beside ? token_text(x->s, &whose) : doubt_text(x, t);
        struct option options[] = {
            { call_text(c, "button.log_anyway", NO_ARGS), "log|yes|y|はい|記録", "log", "plain" },
            { call_text(c, "button.drop", NO_ARGS), "drop|throw away|no|破棄", "drop", "quiet" } };
        struct reply *r = reply_new(c, REPLY_ASK, "doubt.taken", ARGS(TXT("typed", typed)));
        reply_soft(r, call_text(c, "text.kept", NO_ARGS));
        *x->out = READING_REPLIED;
        return ask_question(c, r, "doubt.taken", "$taken", options, 2, false, x->e);
    }
    return true;
}
