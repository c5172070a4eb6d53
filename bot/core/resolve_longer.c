/* Where the text goes on behind a known name: the rest of a firm's whole name, or the
 * beginning of another name that nobody knows. */
#include <string.h>
#include "bot/core/label.h"
#include "bot/core/resolve_private.h"
#include "bot/text/utf8.h"

/* アオバ|食品: what goes on as the firm's whole name does is part of the name. */
void join_rest_of_firms(struct resolving *x)
{
    for (int i = 0; i + 1 < x->s->n; i++) {
        struct token *t = &x->s->tokens[i], *next = t + 1;
        if (t->type != TOKEN_NAME || t->n_hits != 1 || !strchr("PA", t->hits[0].kind) || next->type != TOKEN_UNKNOWN ||
            t->end != next->at || t->tail)
            continue;
        const char *whole = t->hits[0].kind == 'P' ? label_partner(x->c, t->hits[0].id) : label_customer(x->c, t->hits[0].id);
        const char *rest = token_text(x->s, next);
        size_t n = strlen(whole), k = strlen(rest);
        if (n > k && !strcmp(whole + n - k, rest))
            next->type = TOKEN_SKIP;
    }
}

/* How much of what follows makes the known name at `i` another one's beginning: 小野|寺様,
 * 青葉|運輸. 0: nothing. */
static size_t name_goes_on(const struct resolving *x, int i)
{
    enum { SHORT = 2 };
    const struct token *t = &x->s->tokens[i], *next = t + 1;
    struct word w;
    bool person = next->honorific || next->title;
    if (t->type != TOKEN_NAME || t->in_note || t->tail || t->honorific || t->title || t->end != next->at ||
        next->type != TOKEN_UNKNOWN || (unsigned char)x->s->text.s[t->at] < 0x80)
        return 0;
    if (catalogue_match_kind(x->c->words, x->s->text.s, x->s->text.n, next->at, "company_kind", 0, &w))
        return w.len < next->len ? w.len : next->len;
    return person && !only_firms(t) && utf8_count(token_text(x->s, next)) <= SHORT ? next->len : 0;
}

/* What of `next` is no name: its particles hang on the name, the rest is words. */
static void leave_rest(const struct scan *s, struct token *name, struct token *next, size_t n)
{
    size_t end = next->at + next->len, at = next->at + n;
    enum tail tail;
    for (size_t m; at < end && (m = scan_tail(s, at, true, &tail)) > 0; at += m)
        name->tail = name->tail ? name->tail : tail;
    name->end = at < end ? at : end;
    next->type = at < end ? TOKEN_UNKNOWN : TOKEN_SKIP;
    next->len = end - name->end;
    next->at = name->end;
}

/* A name that goes on is nobody's that is known. */
void join_longer_names(struct resolving *x)
{
    for (int i = 0; i + 1 < x->s->n; i++) {
        struct token *t = &x->s->tokens[i], *next = t + 1;
        size_t n = name_goes_on(x, i);
        if (!n)
            continue;
        struct token name = { .type = TOKEN_UNKNOWN, .at = t->at, .len = t->len + n, .role = t->role,
            .firm = t->firm, .longer = true };
        if (n < next->len) {
            leave_rest(x->s, &name, next, n);
        } else {
            name.end = next->end;
            name.tail = next->tail;
            name.honorific = next->honorific;
            name.title = next->title;
            next->type = TOKEN_SKIP;
            next->at += n;
            next->len = 0;
        }
        *t = name;
        scan_settle(x->s, t);
    }
}
