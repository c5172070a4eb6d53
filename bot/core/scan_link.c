/* What the pieces of a head are to each other, once all are found: one name, what an
 * answer settled, and who is meant by a preposition. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/reader.h"

/* An answer may say that a mention is to be read as something else, or left out. */
void scan_settle(const struct scan *s, struct token *t)
{
    const char *v = s->c->settled ? ask_settled(s->c, ask_mention(s->c, token_text(s, t))) : NULL;
    if (!v)
        return;
    if (!strcmp(v, "none")) {
        t->type = TOKEN_SKIP;
        t->settled_none = true;
    } else if (strchr("CPAU", v[0]) && v[1] >= '0' && v[1] <= '9') {
        t->type = TOKEN_NAME;
        t->hits[0] = (struct name_hit){ v[0], strtoll(v + 1, NULL, 10), 0 };
        t->n_hits = 1;
    }
}

static bool capital(const struct scan *s, const struct token *t)
{
    char c = s->head[s->text.src[t->at]];
    return c >= 'A' && c <= 'Z';
}

/* "Foo Trading Ltd" is one name: capitalised unknown neighbours belong together. */
static void join_unknown(struct scan *s)
{
    int k = 0;
    for (int i = 0; i < s->n; i++) {
        struct token *last = k ? &s->tokens[k - 1] : NULL, *t = &s->tokens[i];
        if (last && last->type == TOKEN_UNKNOWN && t->type == TOKEN_UNKNOWN &&
            last->at + last->len + 1 == t->at && s->text.s[t->at - 1] == ' ' &&
            !last->honorific && !last->title && capital(s, last) && capital(s, t)) {
            last->len = t->at + t->len - last->at;
            last->end = t->end;
            last->tail = t->tail;
            last->honorific = t->honorific;
            last->title = t->title;
        } else {
            s->tokens[k++] = *t;
        }
    }
    s->n = k;
}

/* 部長の鈴木さん: the title is his. */
static void give_titles(struct scan *s)
{
    for (int i = 0; i + 1 < s->n; i++) {
        struct token *t = &s->tokens[i], *next = t + 1;
        if (t->type == TOKEN_WORD && t->kind == WORD_TITLE && t->tail == TAIL_OF && t->end == next->at &&
            next->type == TOKEN_NAME && next->hits[0].kind == 'C' && !next->title) {
            next->title = token_text(s, t);
            t->type = TOKEN_SKIP;
        }
    }
}

/* Sato for, Suzuki unknown: a list of who stands where. */
static bool stands_for(const struct scan *s, int i)
{
    if (!arg_accepts(s->command, ARG_LAYER))
        return false;
    while (i-- > 0 && s->tokens[i].type == TOKEN_NAME)
        if (s->tokens[i].hits[0].kind == 'C')
            return true;
    return false;
}

/* K. or a capital by itself. */
static char initial_at(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    char c = s->text.s[t->at];
    bool dot = (t->len == 2 && s->text.s[t->at + 1] == '.') ||
               (t->len == 1 && i + 1 < s->n && s->tokens[i + 1].type == TOKEN_MARK && s->text.s[t->at + 1] == '.');
    bool word = t->type == TOKEN_UNKNOWN || (t->type == TOKEN_SKIP && dot);
    return word && c >= 'a' && c <= 'z' && (dot || (t->len == 1 && capital(s, t))) ? c : '\0';
}

/* K. Tanaka, Tanaka K: the initial belongs to the name beside it. */
static void join_initials(struct scan *s)
{
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i], *name = NULL;
        char initial = t->type == TOKEN_NAME ? '\0' : initial_at(s, i);
        int next = i + 1 < s->n && s->tokens[i + 1].type == TOKEN_MARK ? i + 2 : i + 1;
        if (initial && next < s->n && s->tokens[next].type == TOKEN_NAME && s->tokens[next].at <= t->at + t->len + 2)
            name = &s->tokens[next];
        else if (initial && i > 0 && (t - 1)->type == TOKEN_NAME && t->at <= (t - 1)->at + (t - 1)->len + 1)
            name = t - 1;
        if (!name || name->hits[0].kind != 'C' || name->initial)
            continue;
        size_t from = name->at < t->at ? name->at : t->at;
        size_t to = name->at < t->at ? t->at + t->len : name->at + name->len;
        name->initial = initial;
        name->name_at = name->at;
        name->name_len = name->len;
        name->at = from;
        name->len = to - from;
        t->type = TOKEN_MARK;
    }
}

static bool word_is(const struct scan *s, const char *text, size_t n, const char *kind)
{
    return catalogue_match_kind(s->c->words, text, n, 0, kind, n, NULL);
}

static bool channel_word(const struct token *t)
{
    return t->type == TOKEN_WORD && t->kind == WORD_CHANNEL;
}

/* Left Ito a voicemail, sent Emma the deck by email: words that only carry what the
 * channel or the outcome says. */
static void drop_carriers(struct scan *s)
{
    bool carried = false, named = false;
    for (int i = 0; i < s->n; i++)
        carried = carried || (s->tokens[i].type == TOKEN_WORD && (s->tokens[i].kind == WORD_CHANNEL ||
                                 s->tokens[i].kind == WORD_PLACE || s->tokens[i].kind == WORD_OUTCOME));
    for (int i = 0; i < s->n && carried; i++) {
        struct token *t = &s->tokens[i];
        bool way = i + 2 < s->n && channel_word(t + 2) && scan_names_way(s, i + 2);
        bool goes_on = i > 0 && (t - 1)->type == TOKEN_UNKNOWN; /* badge readers dropped again */
        if (t->type == TOKEN_UNKNOWN && (!named || way) && !goes_on && word_is(s, s->text.s + t->at, t->len, "carrier")) {
            t->type = TOKEN_SKIP;
            t->settled_none = true;
        }
        named = named || t->type == TOKEN_NAME;
    }
}

/* remind me to call Ito: to talk to him is what a follow-up is. */
static void drop_calls(struct scan *s)
{
    struct word w;
    bool ahead = s->command->flags & CMD_AHEAD && !arg_accepts(s->command, ARG_CHANNEL);
    for (int i = 0; ahead && i + 1 < s->n && s->tokens[i].type != TOKEN_NAME; i++) {
        struct token *t = &s->tokens[i];
        bool call = t->type == TOKEN_UNKNOWN && (t + 1)->type == TOKEN_NAME && s->text.s[t->at] >= 'a' &&
                    catalogue_match_kind(s->c->words, s->text.s, s->text.n, t->at, "channel", t->len, &w);
        if (call && !strcmp(w.value, "phone")) {
            t->type = TOKEN_SKIP;
            t->settled_none = true;
        }
    }
}

/* Denko K.K., met Aoba, their CEO: forms behind a firm and whose boss it is say nothing. */
static void drop_forms(struct scan *s)
{
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i];
        char bare[16];
        size_t n = 0;
        if (t->type != TOKEN_UNKNOWN || t->len >= sizeof bare)
            continue;
        for (size_t k = 0; k < t->len; k++)
            if (s->text.s[t->at + k] != '.')
                bare[n++] = s->text.s[t->at + k];
        bool firm = i > 0 && (t - 1)->type == TOKEN_NAME && (t - 1)->hits[0].kind != 'C';
        if (n && firm && word_is(s, bare, n, "company"))
            t->type = TOKEN_SKIP;
        bool ends = i + 1 == s->n || (t + 1)->type != TOKEN_UNKNOWN;
        if (n && t->title && ends && word_is(s, bare, n, "possessive"))
            *t = (struct token){ .type = TOKEN_WORD, .kind = WORD_TITLE, .at = t->title_at, .len = t->title_len,
                .value = t->title };
    }
}

/* Words for any way of talking, which give way to the one it was: a call on Teams. */
static bool any_channel(const char *value)
{
    static const char *const wide[] = { "phone", "video", "chat", "sms", "in_person", NULL };
    for (int i = 0; wide[i]; i++)
        if (!strcmp(wide[i], value))
            return true;
    return false;
}

/* by email, on the phone, via WhatsApp, at the expo: the way it was said. */
bool scan_names_way(const struct scan *s, int i)
{
    static const char *const ways[] = { "on", "via", "over", "by", "through", "in", "at", NULL };
    const struct token *t = &s->tokens[i], *before = i > 0 ? t - 1 : NULL;
    if (i > 1 && before->len == 3 && !memcmp(s->text.s + before->at, "the", 3))
        before--;
    for (int k = 0; ways[k]; k++) {
        size_t n = strlen(ways[k]);
        bool own = t->len > n && s->text.s[t->at + n] == ' ' && !memcmp(s->text.s + t->at, ways[k], n);
        if (own || (before && before->len == n && !memcmp(s->text.s + before->at, ways[k], n)))
            return true;
    }
    return false;
}

/* What a call cannot have been on. */
static bool no_call(const char *value)
{
    static const char *const ways[] = { "email", "letter", "sms", "in_person", "dinner", "drinks", "event", "seminar", NULL };
    for (int i = 0; ways[i]; i++)
        if (!strcmp(ways[i], value))
            return true;
    return false;
}

/* A call on Teams, or video call teams: the second word says which. A call and a mail
 * side by side are two. */
static bool names_channel(const struct scan *s, int i, const struct token *first)
{
    bool beside = channel_word(&s->tokens[i - 1]) && !(no_call(s->tokens[i].value) && !strcmp(first->value, "phone"));
    return beside || scan_names_way(s, i);
}

/* 対面→Zoom: two ways, not the second's kind. */
static bool arrow_between(const struct scan *s, const struct token *a, const struct token *b)
{
    static const char arrow[] = "→";
    for (size_t at = a->at + a->len; at + sizeof arrow - 1 <= b->at; at++)
        if (!memcmp(s->text.s + at, arrow, sizeof arrow - 1))
            return true;
    return false;
}

/* call 4m PO in the post: words of a sentence lead to the second. */
static bool words_between(const struct scan *s, const struct token *first, int i)
{
    for (const struct token *t = first; t < &s->tokens[i]; t++)
        if (t->type == TOKEN_UNKNOWN && (unsigned char)s->text.s[t->at] < 0x80)
            return true;
    return false;
}

static void link_channels(struct scan *s)
{
    struct token *first = NULL;
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i];
        if (!channel_word(t))
            continue;
        bool apart = first && (arrow_between(s, first, t) || words_between(s, first, i));
        if (first && !apart && any_channel(first->value) && !any_channel(t->value) && names_channel(s, i, first)) {
            first->type = TOKEN_SKIP;
            if (s->tokens[i - 1].type == TOKEN_PREP)
                s->tokens[i - 1].type = TOKEN_SKIP;
        }
        first = first ? first : t;
    }
}

static bool way_behind(const struct scan *s, int i)
{
    while (++i < s->n)
        if (channel_word(&s->tokens[i]))
            return true;
    return false;
}

static bool ends_in_of(const struct scan *s, const struct token *t)
{
    static const char of[] = "の"; /* a time holds its particle */
    size_t n = sizeof of - 1;
    return t->len > n && !memcmp(s->text.s + t->at + t->len - n, of, n);
}

/* 昨日の|見積を, 昨日の|件で; not 昨日の|うちに. */
static bool is_object(const struct scan *s, const struct token *t)
{
    static const char object[] = "を", about[] = "件";
    size_t n = sizeof object - 1;
    return !memcmp(s->text.s + t->at, about, sizeof about - 1) || (t->len > n && !memcmp(s->text.s + t->at + t->len - n, object, n));
}

/* 昨日の件で, 飲み会の件で…電話, Zoomの案内を…メール: what it was about, not when or how. */
static void drop_topics(struct scan *s)
{
    static const char about[] = "の件";
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i];
        bool when = t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION, of = t->tail == TAIL_OF || (when && ends_in_of(s, t));
        if (!of || !(when || (channel_word(t) && way_behind(s, i))))
            continue;
        bool topic = !strncmp(s->text.s + t->at + t->len, about, sizeof about - 1);
        bool goes_on = i + 1 < s->n && (t + 1)->type == TOKEN_UNKNOWN && (t + 1)->at == t->end;
        if (topic || (goes_on && (!when || is_object(s, t + 1))))
            t->type = TOKEN_UNKNOWN;
    }
}

/* left a message for Suzuki, met for coffee, 30m for the demo: `for` leads over to what
 * follows and is no stance; in a note about what people think it is one before words. */
static void link_stances(struct scan *s)
{
    for (int i = 0; i + 1 < s->n; i++) {
        struct token *t = &s->tokens[i], *next = t + 1;
        if (t->type != TOKEN_WORD || t->kind != WORD_STANCE || !t->links ||
            memchr(s->text.s + t->at + t->len, ',', next->at - t->at - t->len))
            continue;
        bool words = next->type == TOKEN_UNKNOWN || next->type == TOKEN_SKIP;
        bool length = next->type == TOKEN_WHEN &&
                      (next->when.piece == WHEN_DURATION || !arg_accepts(s->command, ARG_LAYER));
        bool channel = next->type == TOKEN_WORD && (next->kind == WORD_CHANNEL || next->kind == WORD_PLACE ||
                                                       next->kind == WORD_TITLE);
        if (words ? !arg_accepts(s->command, ARG_LAYER)
                  : channel || (next->type == TOKEN_NAME && !stands_for(s, i)) || length || next->type == TOKEN_MONEY)
            t->type = TOKEN_SKIP;
    }
}

static void link_roles(struct scan *s)
{
    const char *role = NULL;
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i];
        if (t->type == TOKEN_PREP)
            role = t->key;
        else if (t->type == TOKEN_NAME || t->type == TOKEN_UNKNOWN || t->type == TOKEN_REF) {
            t->role = role;
            role = NULL;
        }
    }
    /* 田中さん情報: the word that names a source may stand behind it. */
    for (int i = 0; i + 1 < s->n; i++) {
        struct token *t = &s->tokens[i], *next = &s->tokens[i + 1];
        if (t->type == TOKEN_NAME && !t->role && next->type == TOKEN_PREP &&
            (unsigned char)s->text.s[next->at] >= 0x80)
            t->role = next->key;
    }
}

void scan_link(struct scan *s)
{
    join_initials(s);
    if (!arg_accepts(s->command, ARG_NAME)) {
        drop_forms(s);
        drop_carriers(s);
        drop_calls(s);
    }
    join_unknown(s);
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == TOKEN_NAME || s->tokens[i].type == TOKEN_UNKNOWN)
            scan_settle(s, &s->tokens[i]);
    give_titles(s);
    if (arg_accepts(s->command, ARG_NOTE) && !arg_accepts(s->command, ARG_NAME))
        drop_topics(s);
    link_channels(s);
    link_stances(s);
    link_roles(s);
}
