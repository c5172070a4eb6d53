/* Nodes are first-child/next-sibling in one array: 12 bytes a byte of phrase. Index 0
 * means none, for nodes and entries both. */
#include "bot/text/lexicon.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

struct lexicon_node {
    uint32_t child, sibling, entry;
    unsigned char byte;
};
struct lexicon_entry {
    const char *kind, *value;
    int locale;
    uint32_t next;
};

enum { DEPTH_MAX = 64 }; /* phrases that are prefixes of one another */

static uint32_t node_create(struct lexicon *l, unsigned char byte, uint32_t sibling)
{
    if (l->n_nodes == 0)
        l->n_nodes = 1;
    GROW(l->nodes, l->cap_nodes, l->n_nodes);
    l->nodes[l->n_nodes] = (struct lexicon_node){ .byte = byte, .sibling = sibling };
    return (uint32_t)l->n_nodes++;
}

static uint32_t node_below(const struct lexicon *l, uint32_t node, unsigned char byte)
{
    uint32_t at = l->nodes[node].child;
    while (at && l->nodes[at].byte != byte)
        at = l->nodes[at].sibling;
    return at;
}

static uint32_t node_for(struct lexicon *l, const char *phrase)
{
    unsigned char first = (unsigned char)*phrase;
    if (!l->roots[first])
        l->roots[first] = node_create(l, first, 0);
    uint32_t at = l->roots[first];
    for (const char *p = phrase + 1; *p; p++) {
        uint32_t below = node_below(l, at, (unsigned char)*p);
        if (!below) {
            below = node_create(l, (unsigned char)*p, l->nodes[at].child);
            l->nodes[at].child = below;
        }
        at = below;
    }
    return at;
}

static void add_phrase(struct lexicon *l, const char *phrase,
    struct lexicon_entry entry)
{
    if (!*phrase)
        return;
    uint32_t node = node_for(l, phrase), last = 0;
    for (uint32_t e = l->nodes[node].entry; e; e = l->entries[e].next) {
        if (strcmp(l->entries[e].kind, entry.kind) == 0
            && strcmp(l->entries[e].value, entry.value) == 0)
            return;
        last = e;
    }
    if (l->n_entries == 0)
        l->n_entries = 1;
    GROW(l->entries, l->cap_entries, l->n_entries);
    l->entries[l->n_entries] = entry;
    if (last)
        l->entries[last].next = (uint32_t)l->n_entries;
    else
        l->nodes[node].entry = (uint32_t)l->n_entries;
    l->n_entries++;
}

static bool is_cjk(enum script s)
{
    return s == SCRIPT_HAN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA;
}

/* Drops the spaces that Japanese may leave out: those beside a CJK character. */
static char *without_cjk_spaces(struct arena *mem, struct folded t)
{
    char *out = arena_alloc(mem, t.n + 1);
    size_t o = 0;
    enum script left = SCRIPT_OTHER;
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        enum script here = utf8_script(utf8_next(t.s, t.n, &i));
        size_t next = i;
        enum script right = next < t.n ? utf8_script(utf8_next(t.s, t.n, &next))
                                       : SCRIPT_OTHER;
        if (here == SCRIPT_SPACE && (is_cjk(left) || is_cjk(right)))
            continue;
        memcpy(out + o, t.s + from, i - from);
        o += i - from;
        left = here;
    }
    return out;
}

void lexicon_add(struct lexicon *l, int locale, const json_t *kinds)
{
    struct arena mem = ARENA_INIT;
    const char *kind, *value;
    json_t *values, *words, *word;
    size_t i;
    json_object_foreach((json_t *)kinds, kind, values) {
        json_object_foreach(values, value, words) {
            struct lexicon_entry entry = { kind, value, locale, 0 };
            json_array_foreach(words, i, word) {
                const char *text = json_string_value(word);
                if (!text)
                    continue;
                struct folded t = fold_text(&mem, text, strlen(text));
                add_phrase(l, t.s, entry);
                if (memchr(t.s, ' ', t.n))
                    add_phrase(l, without_cjk_spaces(&mem, t), entry);
            }
        }
        arena_reset(&mem);
    }
    arena_finish(&mem);
}

void lexicon_finish(struct lexicon *l)
{
    free(l->nodes);
    free(l->entries);
    *l = (struct lexicon){ 0 };
}

/* May a word end between s[end - 1] and s[end]? */
static bool is_boundary(const char *s, size_t n, size_t end)
{
    if (end >= n)
        return true;
    size_t last = end - 1;
    while (last > 0 && ((unsigned char)s[last] & 0xC0) == 0x80)
        last--;
    enum script left = utf8_script(utf8_next(s, end, &last));
    if (left != SCRIPT_LATIN && left != SCRIPT_DIGIT && left != SCRIPT_HANGUL
        && left != SCRIPT_THAI)
        return true;
    return utf8_script(utf8_next(s, n, &end)) != left;
}

int lexicon_match(const struct lexicon *l, const char *s, size_t n, size_t at,
    struct word *out, int max)
{
    uint32_t found[DEPTH_MAX];
    size_t ends[DEPTH_MAX];
    int depth = 0;
    size_t end = at;
    uint32_t node = at < n ? l->roots[(unsigned char)s[at]] : 0;
    while (node) {
        end++;
        if (l->nodes[node].entry && depth < DEPTH_MAX) {
            found[depth] = l->nodes[node].entry;
            ends[depth++] = end;
        }
        node = end < n ? node_below(l, node, (unsigned char)s[end]) : 0;
    }
    int count = 0;
    while (depth-- > 0) {
        if (!is_boundary(s, n, ends[depth]))
            continue;
        for (uint32_t e = found[depth]; e && count < max; e = l->entries[e].next) {
            const struct lexicon_entry *x = &l->entries[e];
            size_t len = ends[depth] - at;
            out[count++] = (struct word){ x->kind, x->value, x->locale, len };
        }
    }
    return count;
}
