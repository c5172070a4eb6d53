/* What stands behind a keyed word about firms: silo Dentsu, type agency, renewal 10%,
 * translated from Australia. */
#include <string.h>
#include "bot/core/scan_private.h"
#include "bot/core/silo.h"

/* One of the lexicon's is read by itself, and the key only leads to it. Of the silos that
 * were added the name belongs to the key. Anything else is none, and kept as typed. */
size_t scan_one_of(struct scan *s, size_t at, size_t i, const struct word *key, struct token *t)
{
    bool silo = !strcmp(key->value, "silo"), market = !strcmp(key->value, "translated_from");
    size_t len = 0, end = i;
    struct word w;
    if (market && catalogue_match_kind(s->c->words, s->text.s, s->text.n, i, "market", 0, &w)) {
        t->type = TOKEN_VALUE;
        t->key = "translated_from";
        t->value = w.value;
        return i + w.len - at;
    }
    if (i >= s->text.n || (!market && catalogue_match_kind(s->c->words, s->text.s, s->text.n, i, silo ? "silo" : "partner_type", 0, NULL))) {
        t->type = TOKEN_SKIP;
        return key->len;
    }
    const char *code = silo ? silo_match(s->c, s->text.s, s->text.n, i, &len) : NULL;
    if (code) {
        t->type = TOKEN_WORD;
        t->kind = WORD_SILO;
        t->value = code;
        return i + len - at;
    }
    if (!silo && !market && !s->n)
        return 0; /* Type Systems is a name */
    while (end < s->text.n && !scan_separates(s, end))
        end++;
    struct token v = { .at = i, .len = end - i };
    t->type = TOKEN_VALUE;
    t->key = silo ? "silo" : market ? "translated_from" : "type";
    t->value = token_text(s, &v);
    return end - at;
}

size_t scan_renewal(struct scan *s, size_t at, size_t i, struct token *t)
{
    size_t n = i < s->text.n ? scan_percent(s, i, t) : 0;
    t->type = TOKEN_VALUE;
    t->key = "renewal";
    return n ? i + n - at : 0;
}

static bool ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

size_t scan_file(struct scan *s, size_t at, struct token *t)
{
    size_t end = at, dot;
    if (!scan_takes(s, ARG_FILE) || (at && !scan_separates(s, at - 1)))
        return 0;
    while (end < s->text.n && s->text.s[end] != ' ' && s->text.s[end] != ',' && s->text.s[end] != '\n')
        end++;
    for (dot = end; dot > at && ascii_word(s->text.s[dot - 1]); dot--)
        ;
    if (dot < at + 2 || s->text.s[dot - 1] != '.' || end - dot < 2 || end - dot > 5 || memchr(s->text.s + at, '/', end - at))
        return 0;
    struct token v = { .at = at, .len = end - at };
    t->type = TOKEN_VALUE;
    t->key = "file";
    t->value = token_text(s, &v);
    return end - at;
}
