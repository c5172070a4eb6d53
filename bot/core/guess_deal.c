/* What became of a deal, said of its number, its name or its customer's. */
#include <string.h>
#include "bot/core/reader_private.h"
#include "bot/text/utf8.h"

/* The length of a word of the lexicon's kind at `at`, or 0. */
static size_t word_at(const struct call *c, const struct folded *f, size_t at, const char *kind)
{
    struct word w;
    return catalogue_match_kind(c->words, f->s, f->n, at, kind, 0, &w) ? w.len : 0;
}

/* Does nothing but particles and adverbs stand there? */
static bool only_linked(struct call *c, const struct folded *f, size_t at, size_t end)
{
    struct scan s = { .c = c, .text = *f };
    enum tail tail;
    while (at < end) {
        size_t n = scan_tail(&s, at, false, &tail);
        n = n ? n : word_at(c, f, at, "adverb");
        if (!n && !scan_separates(&s, at))
            return false;
        if (n)
            at += n;
        else
            (void)utf8_next(f->s, f->n, &at);
    }
    return at == end;
}

/* Does the word at [at, at + n) say what became of the deal whose number ends at `from`,
 * and not something else (D2 予算が取れたら)? `*end` is behind what hangs on it. */
static bool says_act(struct call *c, const struct folded *f, size_t from, size_t at, size_t n, size_t *end)
{
    struct scan s = { .c = c, .text = *f };
    enum tail tail;
    *end = at + n;
    if (reader_latin_at(f->s, f->n, at))
        return !reader_latin_at(f->s, f->n, at + n) && !reader_latin_at(f->s, f->n, at - 1);
    *end = reader_behind_tail(c, f, at + n, &tail);
    bool whole = *end == f->n || scan_separates(&s, *end) || !reader_cjk_at(f->s, f->n, *end);
    size_t before = at - 1;
    while (before > 0 && ((unsigned char)f->s[before] & 0xC0) == 0x80)
        before--;
    enum script left = utf8_script(utf8_next(f->s, f->n, &before)); /* パイロット再開 */
    bool noun = *end == f->n && (left == SCRIPT_HAN || left == SCRIPT_KATAKANA);
    return whole && (noun || only_linked(c, f, from, at));
}

static const struct command *deal_phrase(struct call *c, const struct folded *f, size_t from, size_t *at, size_t *end)
{
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        if (!p->command || strncmp(p->command->id, "deal.", 5) != 0)
            continue;
        for (*at = from; *at + p->n <= f->n; ++*at)
            if (!memcmp(f->s + *at, p->text, p->n) && says_act(c, f, from, *at, p->n, end))
                return p->command;
    }
    return NULL;
}

/* A stage by itself is one to be set: D12を提案中に. */
static const struct command *deal_stage(struct call *c, const struct folded *f, size_t from)
{
    struct word w[8];
    size_t end;
    for (size_t k = from; k < f->n; (void)utf8_next(f->s, f->n, &k)) {
        int n = catalogue_match(c->words, f->s, f->n, k, w, 8);
        for (int i = 0; i < n; i++)
            if (!strcmp(w[i].kind, "stage") && says_act(c, f, from, k, w[i].len, &end))
                return command_find("deal.stage");
    }
    return NULL;
}

/* Is anything said of a sign-off from `at` on: stamped, sent back, まで回った? */
static bool says_ringi(struct call *c, const struct folded *f, size_t at)
{
    for (; at < f->n; (void)utf8_next(f->s, f->n, &at))
        if (word_at(c, f, at, "ringi_act"))
            return true;
    return false;
}

/* D12の稟議、いまどこで止まってる？ asks who has it, D12の担当は？ whose it is; D12稟議 課長まで回った moves it. */
static const struct command *ringi_act(struct call *c, const struct folded *f, size_t from, struct deal_act *act)
{
    size_t end = f->n, at = from;
    while (end > from && strchr(" ?!.", f->s[end - 1]))
        end--;
    while (at < f->n && (f->s[at] == ' ' || !strncmp(f->s + at, "の", 3)))
        at += f->s[at] == ' ' ? 1 : 3;
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        bool asks = p->command && (!strcmp(p->command->id, "holds") || !strcmp(p->command->id, "owner"));
        bool moves = p->command && !strcmp(p->command->id, "ringi");
        if (asks && p->n <= end - from && !memcmp(f->s + end - p->n, p->text, p->n)) {
            act->word = end - p->n;
            act->end = f->n;
            return p->command;
        }
        if (moves && p->n <= f->n - at && !memcmp(f->s + at, p->text, p->n) && says_ringi(c, f, at + p->n)) {
            act->word = at;
            act->end = at + p->n;
            return p->command;
        }
    }
    return NULL;
}

/* D12 won, 案件 D3 塩漬け, 商談 D2 受注, put D2 on hold: what became of a deal stands
 * behind its number. */
const struct command *reader_deal_act(struct call *c, const struct folded *f, struct deal_act *act)
{
    size_t at = 0, len;
    const struct scan bare = { .text = *f };
    *act = (struct deal_act){ 0 };
    while ((len = word_at(c, f, at, "deal_lead")) || scan_separates(&bare, at) || f->s[at] == '#') { /* 【案件】D3 */
        if (len || f->s[at] == '#')
            at += len ? len : 1;
        else
            (void)utf8_next(f->s, f->n, &at);
    }
    act->from = at;
    if (f->s[at] != 'd' || !reader_digit(f->s[at + 1]))
        return NULL;
    for (at++; reader_digit(f->s[at]); at++)
        ;
    const struct command *said = ringi_act(c, f, at, act);
    if (said)
        return said;
    said = deal_phrase(c, f, at, &act->word, &act->end);
    if (!said)
        act->word = act->end = 0;
    return said ? said : deal_stage(c, f, at);
}

/* The command that the words at `at` mean for a deal: won, on hold, in legal. The words
 * end at `*end`; those of a stage are its argument. */
static const struct command *act_at(struct call *c, const struct folded *f, size_t at, size_t *end)
{
    const struct folded rest = { .s = f->s + at, .n = f->n - at };
    size_t len;
    const struct phrase *p = rest.n ? reader_verb(c, &rest, &len) : NULL;
    if (p && p->command && !strncmp(p->command->id, "deal.", 5) && !arg_accepts(p->command, ARG_STAGE)) {
        *end = at + len;
        return p->command;
    }
    size_t stage = word_at(c, f, at, "stage");
    *end = at + stage;
    return stage ? command_find("deal.stage") : NULL;
}

/* May a line about a deal end here, or go on with a time, an amount or a reason? */
static bool act_ends(const struct call *c, const struct folded *f, size_t at)
{
    struct when_token when;
    struct money money;
    size_t len;
    enum money_doubt doubt;
    bool dollar;
    while (at < f->n && f->s[at] == ' ')
        at++;
    return at >= f->n || strchr("!.,;-(", f->s[at]) || when_match(&c->when, f->s, f->n, at, &when) ||
           money_match(f->s, f->n, at, c->member->market, false, &money, &len, &doubt, &dollar);
}

/* Acme renewal won, Sakuragawa on hold until april, Aoba is now in legal: what became of
 * the deal stands right behind its name or its customer's, and nothing but a time, an
 * amount or a reason behind that. */
const struct command *reader_named_deal_act(struct call *c, struct scan *s)
{
    int first = 0;
    int64_t deal;
    while (first < s->n && s->tokens[first].type == TOKEN_SKIP)
        first++;
    const struct token *t = &s->tokens[first];
    if (first >= s->n || t->type != TOKEN_NAME || t->hits[0].kind != 'A')
        return NULL;
    size_t at = deal_name_end(s, first, &deal), from, end, len;
    from = at = at ? at : t->at + t->len;
    enum tail tail;
    while ((len = word_at(c, &s->text, at, "deal_lead")) || (len = scan_tail(s, at, true, &tail)) || s->text.s[at] == ' ')
        at += len ? len : 1; /* アクメ|の|案件|を|受注いたしました */
    const struct command *act = act_at(c, &s->text, at, &end);
    if (!act || !act_ends(c, &s->text, end))
        return NULL;
    s->verb_at = from;
    s->verb_end = arg_accepts(act, ARG_STAGE) ? at : end;
    return act;
}
