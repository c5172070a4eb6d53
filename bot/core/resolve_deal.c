/* Deals by their names: Acme renewal is the deal that was registered so. A name counts
 * behind its customer's only; what is left of the customer's name makes no deal. */
#include <string.h>
#include "bot/core/resolve_private.h"
#include "bot/store/deals.h"
#include "bot/text/utf8.h"

enum { DEALS = 16 };

static bool named(const struct name_hit *hits, int n, int64_t customer)
{
    for (int i = 0; i < n; i++)
        if (hits[i].kind == 'A' && hits[i].id == customer)
            return true;
    return false;
}

/* What stands behind the customer's name in the deal's: renewal. Empty: nothing. */
static struct str topic_of(struct scan *s, const struct deal *d)
{
    struct name_hit hits[HITS];
    int n = 0;
    struct folded f = fold_text(s->c->mem, d->name, strlen(d->name));
    size_t at = names_match(s->c->names, s->c->mem, f.s, f.n, 0, hits, HITS, &n);
    if (!at || !named(hits, n, d->customer_id))
        return (struct str){ f.s, 0 };
    while (at < f.n && f.s[at] == ' ')
        at++;
    return (struct str){ f.s + at, f.n - at };
}

static bool word_ends(const struct scan *s, size_t at)
{
    if (at >= s->text.n)
        return true;
    enum script k = utf8_script(utf8_next(s->text.s, s->text.n, &at));
    return k != SCRIPT_LATIN && k != SCRIPT_DIGIT;
}

/* Two deals of one name are none. */
size_t deal_name_end(struct scan *s, int i, int64_t *deal)
{
    const struct token *t = &s->tokens[i];
    struct deal found[DEALS];
    struct err ignored = { 0 };
    size_t at = t->at + t->len, end = 0;
    while (at < s->text.n && s->text.s[at] == ' ')
        at++;
    for (int h = 0; t->type == TOKEN_NAME && h < t->n_hits; h++) {
        bool own = s->c->member->roles == ROLE_PARTNER; /* others' deals are not there */
        struct deal_filter by = { .customer = t->hits[h].id, .partner = own ? s->c->member->partner_id : 0 };
        int n = t->hits[h].kind == 'A' ? deal_list(s->c->db, s->c->mem, &by, found, DEALS, &ignored) : 0;
        for (int k = 0; k < n; k++) {
            struct str topic = topic_of(s, &found[k]);
            if (!topic.n || at + topic.n > s->text.n || memcmp(s->text.s + at, topic.p, topic.n) != 0 ||
                !word_ends(s, at + topic.n))
                continue;
            if (end == at + topic.n)
                return 0;
            if (end < at + topic.n) {
                end = at + topic.n;
                *deal = found[k].id;
            }
        }
    }
    return end;
}

/* Does the sentence go on behind the piece? Then it is no name: Aoba CMS is slow. */
static bool goes_on(const struct resolving *x, int i)
{
    bool about_deal = !strncmp(x->s->command->id, "deal.", 5) || x->f->separated;
    return !about_deal && i < x->s->n && x->s->tokens[i].type == TOKEN_UNKNOWN;
}

void take_deal_names(struct resolving *x)
{
    struct scan *s = x->s;
    if (!arg_accepts(s->command, ARG_DEAL) && !arg_accepts(s->command, ARG_RECORD))
        return;
    for (int i = 0; i + 1 < s->n; i++) {
        int64_t deal = 0;
        struct token *next = &s->tokens[i + 1];
        size_t end = next->type == TOKEN_UNKNOWN ? deal_name_end(s, i, &deal) : 0;
        int k = i + 1;
        while (end && k < s->n && s->tokens[k].at < end)
            k++;
        if (end && !goes_on(x, k)) {
            for (int j = i + 2; j < k; j++)
                s->tokens[j].type = TOKEN_SKIP;
            *next = (struct token){ .type = TOKEN_REF, .at = next->at, .len = end - next->at, .ref = { 'D', deal } };
        }
        bool known = s->tokens[i].type == TOKEN_NAME || s->tokens[i].type == TOKEN_REF;
        if (known && next->type == TOKEN_UNKNOWN && token_says(x->s, next, "deal_lead") && !goes_on(x, i + 2))
            next->type = TOKEN_SKIP; /* the Aoba deal */
    }
}
