/* Which command a line means: by its verb, or without one by what it holds. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/reader_private.h"
#include "bot/text/utf8.h"

bool reader_cjk_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA;
}

bool reader_latin_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_LATIN || k == SCRIPT_DIGIT;
}

/* A verb ends at a word boundary; a short one in kanji too, and a command without
 * arguments must be the whole head: 今日 is a command, 今日 田中さんと電話 is not. */
static bool verb_fits(const struct phrase *p, const struct folded *f)
{
    bool cjk = (unsigned char)p->text[0] >= 0x80;
    if (p->n == f->n)
        return true;
    if (p->command && !p->command->args)
        return false;
    if (!cjk)
        return !reader_latin_at(f->s, f->n, p->n);
    return utf8_count(p->text) > 2 || !reader_cjk_at(f->s, f->n, p->n);
}

const struct phrase *reader_verb(const struct call *c, const struct folded *f)
{
    for (size_t i = 0; i < c->phrases->n; i++) {
        const struct phrase *p = &c->phrases->items[i];
        if (p->n <= f->n && !memcmp(p->text, f->s, p->n) && verb_fits(p, f))
            return p;
    }
    return NULL;
}

static bool has_token(const struct scan *s, enum token_type type, int kind)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == type && (kind < 0 || (int)s->tokens[i].kind == kind))
            return true;
    return false;
}

static bool question(const char *text, size_t n)
{
    return (n >= 1 && text[n - 1] == '?') || (n >= 3 && !memcmp(text + n - 3, "？", 3));
}

const struct phrase *reader_phrase_in(const struct call *c, const struct folded *f, size_t from, const char *family)
{
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        if (!p->command || strncmp(p->command->id, family, strlen(family)))
            continue;
        for (size_t at = from; at + p->n <= f->n; at++)
            if (!memcmp(f->s + at, p->text, p->n) && !(reader_latin_at(p->text, p->n, 0) &&
                    (reader_latin_at(f->s, f->n, at + p->n) || (at && reader_latin_at(f->s, f->n, at - 1)))))
                return p;
    }
    return NULL;
}

/* D12 won, 案件 D3 塩漬け, 商談 D2 受注: what became of a deal stands behind its number. */
const struct command *reader_deal_act(const struct call *c, const struct folded *f, size_t *skip)
{
    static const char *const lead[] = { "deal ", "案件 ", "案件", "商談 ", "商談", "#", NULL };
    size_t at = 0, from;
    for (int i = 0; lead[i]; i++)
        if (!strncmp(f->s + at, lead[i], strlen(lead[i])))
            at += strlen(lead[i]);
    from = at;
    if (f->s[at] != 'd' || !reader_digit(f->s[at + 1]))
        return NULL;
    for (at++; reader_digit(f->s[at]); at++)
        ;
    const struct phrase *p = reader_phrase_in(c, f, at, "deal.");
    struct word w[8];
    bool stage = false;
    for (size_t k = at; k < f->n && !p && !stage; (void)utf8_next(f->s, f->n, &k)) {
        int n = catalogue_match(c->words, f->s, f->n, k, w, 8);
        for (int i = 0; i < n; i++)
            stage = stage || !strcmp(w[i].kind, "stage");
    }
    if (!p && !stage)
        return NULL;
    *skip = from;
    return p ? p->command : command_find("deal.stage");
}

static bool says_channel(const struct scan *s)
{
    return has_token(s, TOKEN_WORD, WORD_CHANNEL) || has_token(s, TOKEN_WORD, WORD_PLACE) ||
           has_token(s, TOKEN_WORD, WORD_OUTCOME);
}

static bool asks_figures(struct call *c, const char *head, size_t n)
{
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    scan_head(s, c, command_find("kpi"), head, n);
    return has_token(s, TOKEN_KPI, -1) || has_token(s, TOKEN_WORD, WORD_ASK_ABOUT) || question(head, n);
}

/* Japanese puts the verb behind: 青葉 定例 60分, 田中部長とミーティング. A whole word that
 * nothing else knows; in Latin letters only the words for a contact (青葉 MTG). */
static const struct command *verb_inside(const struct call *c, struct scan *s)
{
    for (int i = 1; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        const char *word = s->text.s + t->at;
        for (size_t k = 0; t->type == TOKEN_UNKNOWN && k < c->phrases->n; k++) {
            const struct phrase *p = &c->phrases->items[k];
            bool same = p->n == t->len && !memcmp(p->text, word, p->n);
            if (!same || !p->command || !p->command->args || utf8_count(p->text) < 2)
                continue;
            bool after_cjk = reader_cjk_at(s->text.s, s->text.n, s->tokens[i - 1].at);
            bool contact = arg_accepts(p->command, ARG_CHANNEL);
            if (!reader_cjk_at(word, t->len, 0) && (!contact || (!after_cjk && !strcmp(p->text, "met"))))
                continue;
            s->verb_at = t->at;
            s->verb_end = t->at + t->len;
            return p->command;
        }
    }
    return NULL;
}

/* 青葉 Zoom 定例: a meeting, where the channel is one of meetings and nothing is left over. */
static const struct command *meeting_inside(const struct call *c, struct scan *s)
{
    static const char *const held[] = { "in_person", "zoom", "teams", "meet", "webex", "video" };
    bool fits = false;
    int unknown = 0;
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        unknown += t->type == TOKEN_UNKNOWN;
        for (size_t k = 0; k < sizeof held / sizeof *held; k++)
            fits = fits || (t->type == TOKEN_WORD && t->kind == WORD_CHANNEL && !strcmp(t->value, held[k]));
    }
    const struct command *inside = fits && unknown == 1 ? verb_inside(c, s) : NULL;
    if (inside && arg_accepts(inside, ARG_CHANNEL) && !arg_accepts(inside, ARG_LAYER))
        return inside;
    s->verb_at = s->verb_end = 0;
    return NULL;
}

/* my deals, follow ups: the name of a list by itself. */
bool reader_names_list(struct call *c, const char *head, size_t n)
{
    struct folded f = fold_text(c->mem, head, n);
    struct word w[8];
    int found = catalogue_match(c->words, f.s, f.n, 0, w, 8);
    for (int i = 0; i < found; i++)
        if (!strcmp(w[i].kind, "list") && w[i].len == f.n)
            return true;
    return false;
}

/* who is Tanaka? */
static bool names_person(const struct scan *s)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == TOKEN_NAME && s->tokens[i].hits[0].kind == 'C')
            return true;
    return false;
}

/* 案件一覧みせて, 青葉のこれまでの経緯, さっきの取り消して: what is asked for stands at the
 * end, with polite words. Only what changes nothing, or takes back. */
static const struct command *asked_politely(const struct call *c, struct scan *s)
{
    const struct folded *f = &s->text;
    size_t end = f->n;
    while (end && f->s[end - 1] == '?')
        end--;
    for (bool more = true; more;) { /* strip the polite words behind it */
        more = false;
        for (size_t at = 0; at < end && !more; (void)utf8_next(f->s, f->n, &at)) {
            struct word w[8];
            int n = catalogue_match(c->words, f->s, end, at, w, 8);
            for (int i = 0; i < n && !more; i++)
                if (!strcmp(w[i].kind, "polite") && at + w[i].len == end && at) {
                    end = at;
                    more = true;
                }
        }
        while (end && f->s[end - 1] == ' ')
            end--;
    }
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        bool takes_back = p->command && !strcmp(p->command->id, "undo");
        if (!p->command || (p->command->flags & CMD_WRITES && !takes_back) || !reader_cjk_at(p->text, p->n, 0) ||
            utf8_count(p->text) < 2 || p->n > end || memcmp(f->s + end - p->n, p->text, p->n) != 0)
            continue;
        s->verb_at = end - p->n;
        s->verb_end = f->n;
        return p->command;
    }
    return NULL;
}

/* Is there a word of the kind anywhere? Cheap: names are not looked up. */
static bool has_word(struct call *c, const char *head, size_t n, const char *kind)
{
    struct folded f = fold_text(c->mem, head, n);
    struct word w[8];
    for (size_t at = 0; at < f.n; (void)utf8_next(f.s, f.n, &at)) {
        int found = catalogue_match(c->words, f.s, f.n, at, w, 8);
        for (int i = 0; i < found; i++)
            if (!strcmp(w[i].kind, kind))
                return true;
    }
    return false;
}

bool reader_says_away(struct call *c, const char *head, size_t n, bool reason)
{
    if (!has_word(c, head, n, "absence"))
        return false;
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    bool until = false, why = false;
    scan_head(s, c, command_find("away"), head, n);
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool absent = t->type == TOKEN_WORD && t->kind == WORD_ABSENCE;
        until = until || (t->type == TOKEN_WHEN && t->when.deadline) || (absent && !strcmp(t->value, "back"));
        why = why || (absent && (!reason || strcmp(t->value, "unknown") != 0));
    }
    if (!names_person(s) || (reason ? !until && !why : !until || !why))
        return false;
    scan_head(s, c, command_find("touch"), head, n);
    return !has_token(s, TOKEN_WORD, WORD_CHANNEL);
}

/* M7 部長 is Ogawa, M7の部長は小川さん, M7 部長 silent: who was in the room. The word that
 * links is neither name nor note. */
static bool names_attendee(struct call *c, struct scan *s, const char *head, size_t n)
{
    static const char *const links[] = { " is ", " was ", " = ", "=", "は", NULL };
    struct folded f = fold_text(c->mem, head, n);
    if (f.s[0] != 'm' || !reader_digit(f.s[1]))
        return false;
    scan_head(s, c, command_find("identify"), head, n);
    bool meeting = s->n > 1 && s->tokens[0].type == TOKEN_REF && s->tokens[0].ref.kind == 'M';
    bool label = has_token(s, TOKEN_WORD, WORD_TITLE);
    if (!meeting || (!label && !names_person(s)))
        return false;
    for (int i = 0; links[i] && label; i++) {
        const char *at = strstr(s->text.s, links[i]);
        if (!at)
            continue;
        s->verb_at = (size_t)(at - s->text.s);
        s->verb_end = s->verb_at + strlen(links[i]);
        return true;
    }
    return has_token(s, TOKEN_WORD, WORD_MANNER);
}

/* No verb: a channel or an outcome means a touch point, a figure or a question the
 * figures, one record or name its card. NULL: nothing fits. `s` holds the head as read
 * for a touch point, which it mostly is. */
const struct command *reader_guess(struct call *c, struct scan *s, const char *head, size_t n)
{
    if (reader_names_list(c, head, n))
        return command_find("list");
    if (reader_says_away(c, head, n, false))
        return command_find("away");
    if (names_attendee(c, s, head, n))
        return s->command;
    scan_head(s, c, command_find("touch"), head, n);
    bool channel = says_channel(s);
    const struct command *meeting = channel ? meeting_inside(c, s) : NULL;
    if (meeting)
        return meeting;
    if (channel && s->tokens[0].type == TOKEN_WORD)
        return s->command;
    if (question(head, n) && !channel && names_person(s))
        return command_find("show");
    /* 豊川を紹介してくれるのは？ */
    const struct command *asked = question(head, n) ? asked_politely(c, s) : NULL;
    if (asked)
        return asked;
    if (asks_figures(c, head, n))
        return command_find("kpi");
    if (channel)
        return s->command;
    const struct command *inside = verb_inside(c, s);
    if (!inside)
        inside = asked_politely(c, s);
    if (inside)
        return inside;
    bool one = s->n == 1 && (s->tokens[0].type == TOKEN_NAME || s->tokens[0].type == TOKEN_REF);
    return one ? command_find("show") : NULL;
}
