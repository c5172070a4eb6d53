/* Names of people and firms, and what stands right behind them: 様, -san, 部長. */
#include <string.h>
#include "bot/core/scan_private.h"
#include "bot/store/check_in.h"
#include "bot/text/utf8.h"

bool name_visible(const struct call *c, char kind, int64_t id)
{
    struct err e = { 0 };
    return c->member->roles != ROLE_PARTNER || partner_owns(c->db, c->member->partner_id, kind, id, &e);
}

static bool wanted_hit(const struct scan *s, struct name_hit h)
{
    char kind = h.kind;
    bool any = kind == 'A' && s->command && s->command->flags & CMD_ANY_CUSTOMER;
    if (!any && !name_visible(s->c, kind, h.id))
        return false;
    return kind == 'C'   ? scan_takes(s, ARG_PERSON)
           : kind == 'P' ? scan_takes(s, ARG_PARTNER) || scan_takes(s, ARG_ORG)
           : kind == 'A' ? scan_takes(s, ARG_CUSTOMER) || scan_takes(s, ARG_ORG)
                         : scan_takes(s, ARG_MEMBER);
}

enum script scan_script(const struct scan *s, size_t at)
{
    return at < s->text.n ? utf8_script(utf8_next(s->text.s, s->text.n, &at)) : SCRIPT_OTHER;
}

/* A name in hiragana inside running text is none: 動かないと is no いと. */
static bool inside_kana(const struct scan *s, size_t at, size_t len)
{
    struct word w[8];
    if (scan_script(s, at) != SCRIPT_HIRAGANA)
        return false;
    size_t before = at;
    while (before > 0 && ((unsigned char)s->text.s[--before] & 0xC0) == 0x80)
        ;
    enum script left = at ? scan_script(s, before) : SCRIPT_OTHER, right = scan_script(s, at + len);
    if (left == SCRIPT_HIRAGANA || left == SCRIPT_HAN)
        return true;
    int n = right == SCRIPT_HIRAGANA ? catalogue_match(s->c->words, s->text.s, s->text.n, at + len, w, 8) : 0;
    for (int i = 0; i < n; i++)
        if (!strcmp(w[i].kind, "honorific") || !strcmp(w[i].kind, "particle") || !strcmp(w[i].kind, "title"))
            return false;
    return right == SCRIPT_HIRAGANA;
}

size_t scan_name(struct scan *s, size_t at, struct token *t)
{
    struct name_hit hits[HITS];
    int n = 0;
    size_t len = names_match(s->c->names, s->c->mem, s->text.s, s->text.n, at, hits, HITS, &n);
    if (len && inside_kana(s, at, len))
        return 0;
    for (int i = 0; i < n; i++)
        if (wanted_hit(s, hits[i]))
            t->hits[t->n_hits++] = hits[i];
    t->type = TOKEN_NAME;
    return t->n_hits ? len : 0;
}

static bool ascii_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Where what is polite begins in tanakasan, so that it ends with the word; 0: nowhere. */
static size_t glued_honorific(const struct scan *s, size_t at, size_t end)
{
    struct word words[8];
    for (size_t k = at + 2; k + 2 < end; k++) {
        int n = catalogue_match(s->c->words, s->text.s, end, k, words, 8);
        for (int i = 0; i < n; i++)
            if (!strcmp(words[i].kind, "honorific") && k + words[i].len == end && strcmp(words[i].value, "mr") != 0)
                return k;
    }
    return 0;
}

/* suzuki10m, tanakasan: a name run together with a length or with what is polite. */
size_t scan_glued_name(struct scan *s, size_t at, struct token *t)
{
    struct name_hit hits[HITS];
    struct when_token when;
    size_t end = at;
    while (end < s->text.n && ascii_letter(s->text.s[end]))
        end++;
    bool length = end < s->text.n && s->text.s[end] >= '0' && s->text.s[end] <= '9' &&
                  when_match(&s->c->when, s->text.s + end, s->text.n - end, 0, &when);
    size_t polite = length || end < at + 5 || scan_word_char(s->text.s, s->text.n, end) ? 0 : glued_honorific(s, at, end);
    size_t stop = polite ? polite : length ? end : 0;
    if (stop < at + 3)
        return 0;
    int n = names_find(s->c->names, s->c->mem, arena_strndup(s->c->mem, s->text.s + at, stop - at), hits, HITS);
    for (int i = 0; i < n; i++)
        if (wanted_hit(s, hits[i]) && (!polite || hits[i].kind == 'C'))
            t->hits[t->n_hits++] = hits[i];
    t->type = TOKEN_NAME;
    return t->n_hits ? stop - at : 0;
}

/* The title or honorific that stands at `at`; behind a space or a dash (suzuki-bucho, Ito
 * san) only where a person stands before it. */
static size_t suffix_at(const struct scan *s, size_t at, bool person, struct word *out)
{
    struct word words[8];
    for (int gap = 0; gap <= (person ? 1 : 0); gap++) {
        if (gap && (at >= s->text.n || !strchr(" -", s->text.s[at])))
            return 0;
        int n = catalogue_match(s->c->words, s->text.s, s->text.n, at + (size_t)gap, words, 8);
        for (int i = 0; i < n; i++) {
            bool title = !strcmp(words[i].kind, "title");
            bool honorific = !strcmp(words[i].kind, "honorific") && (!gap || strcmp(words[i].value, "mr") != 0);
            if (!title && !honorific)
                continue;
            *out = words[i];
            return words[i].len + (size_t)gap;
        }
    }
    return 0;
}

/* 会議に|部長も: no name ends so. */
static bool ends_in_particle(const struct scan *s, const struct token *t, size_t end)
{
    static const char *const particles[] = { "に", "は", "が", "を", "で", "と", "の", "も", "へ", NULL };
    return t->type == TOKEN_UNKNOWN && end >= 3 && scan_script(s, t->at) != SCRIPT_HIRAGANA && scan_any_word(s, end - 3, particles);
}

/* What stands right behind a name: 様, -san, 部長. The s of Suzuki's is no part of
 * anything. */
size_t scan_suffixes(struct scan *s, size_t at, struct token *t)
{
    bool person = t->type == TOKEN_UNKNOWN;
    for (int i = 0; i < t->n_hits; i++)
        person = person || t->hits[i].kind == 'C';
    if (t->type == TOKEN_NAME && at + 2 <= s->text.n && !memcmp(s->text.s + at, "'s", 2) &&
        !scan_word_char(s->text.s, s->text.n, at + 2))
        return at + 2;
    for (int k = 0; k < 2; k++) {
        struct word w;
        size_t len = suffix_at(s, at, person, &w);
        bool title = len && !strcmp(w.kind, "title");
        bool apart = title && t->honorific && w.len < len && (unsigned char)s->text.s[at + 1] >= 0x80; /* 大野様 部長 are two */
        if (title && (apart || ends_in_particle(s, t, at)))
            break;
        if (!len || (title && (!person || t->title)))
            break;
        struct token x = { .at = at + len - w.len, .len = w.len };
        char *typed = token_text(s, &x);
        bool bare = !title && typed[0] != '-' && (unsigned char)typed[0] < 0x80;
        t->title_at = title ? x.at : t->title_at;
        t->title_len = title ? x.len : t->title_len;
        *(title ? &t->title : &t->honorific) = bare ? arena_printf(s->c->mem, "-%s", typed) : typed;
        at += len;
    }
    return at;
}

/* -san, -sama */
bool scan_honorific(const struct scan *s, size_t at)
{
    struct word words[8];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, words, 8);
    for (int i = 0; i < n; i++)
        if (!strcmp(words[i].kind, "honorific") && !scan_word_char(s->text.s, s->text.n, at + words[i].len))
            return true;
    return false;
}
