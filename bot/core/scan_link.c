/* What the pieces of a head are to each other, once all are found: one name, what an
 * answer settled, and who is meant by a preposition. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/reader.h"

/* An answer may say that a mention is to be read as something else, or left out. */
static void apply_settled(struct scan *s, struct token *t)
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

static void link_roles(struct scan *s)
{
    /* left a message for Suzuki: before a name it only links, and is no stance. */
    for (int i = 0; i + 1 < s->n; i++)
        if (s->tokens[i].type == TOKEN_WORD && s->tokens[i].kind == WORD_STANCE &&
            s->tokens[i + 1].type == TOKEN_NAME && s->tokens[i].len == 3 &&
            !strncmp(s->text.s + s->tokens[i].at, "for", 3) && !stands_for(s, i))
            s->tokens[i].type = TOKEN_SKIP;
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
    join_unknown(s);
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == TOKEN_NAME || s->tokens[i].type == TOKEN_UNKNOWN)
            apply_settled(s, &s->tokens[i]);
    give_titles(s);
    link_roles(s);
}
