/* A node is a number, the way from one to the next lies in one hash table: a step costs
 * one look, however many bytes may follow. 0 means none, for nodes and entries both. */
#include "bot/text/lexicon.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

struct lexicon_edge {
    uint32_t from, to; /* to 0: free */
    unsigned char byte;
};
struct lexicon_entry {
    const char *kind, *value;
    int locale;
    uint32_t next;
};

enum { DEPTH_MAX = 64 }; /* phrases that are prefixes of one another */

static size_t slot_of(const struct lexicon *l, uint32_t from, unsigned char byte)
{
    size_t at = (from * UINT32_C(0x9E3779B1) ^ byte * UINT32_C(0x85EBCA6B)) & (l->n_slots - 1);
    while (l->edges[at].to && (l->edges[at].from != from || l->edges[at].byte != byte))
        at = (at + 1) & (l->n_slots - 1);
    return at;
}

static uint32_t node_below(const struct lexicon *l, uint32_t node, unsigned char byte)
{
    return l->n_slots ? l->edges[slot_of(l, node, byte)].to : 0;
}

/* At most half of the slots are taken. */
static void make_room(struct lexicon *l)
{
    if (2 * (l->n_nodes + 1) <= l->n_slots)
        return;
    struct lexicon_edge *old = l->edges;
    size_t n = l->n_slots;
    l->n_slots = n ? 2 * n : 1024;
    l->edges = xcalloc(l->n_slots, sizeof *l->edges);
    for (size_t i = 0; i < n; i++)
        if (old[i].to)
            l->edges[slot_of(l, old[i].from, old[i].byte)] = old[i];
    free(old);
}

static uint32_t node_for(struct lexicon *l, const char *phrase)
{
    uint32_t at = 0;
    for (const char *p = phrase; *p; p++) {
        unsigned char byte = (unsigned char)*p;
        uint32_t below = node_below(l, at, byte);
        if (!below) {
            make_room(l);
            below = (uint32_t)++l->n_nodes;
            l->edges[slot_of(l, at, byte)] = (struct lexicon_edge){ at, below, byte };
            size_t cap = l->cap_first;
            GROW(l->first, l->cap_first, below);
            memset(l->first + cap, 0, (l->cap_first - cap) * sizeof *l->first);
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
    for (uint32_t e = l->first[node]; e; e = l->entries[e].next) {
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
        l->first[node] = (uint32_t)l->n_entries;
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

/* Words that people write in either kana: ズーム is ずーむ, でんわ is デンワ. */
static bool in_either_kana(const char *kind)
{
    return !strcmp(kind, "channel") || !strcmp(kind, "place") || !strcmp(kind, "level");
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
                char *twin = in_either_kana(kind) ? fold_other_kana(&mem, t.s) : NULL;
                if (twin)
                    add_phrase(l, twin, entry);
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
    free(l->edges);
    free(l->first);
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
    uint32_t node = 0;
    for (size_t end = at; end < n && (node = node_below(l, node, (unsigned char)s[end]));) {
        end++;
        if (l->first[node] && depth < DEPTH_MAX) {
            found[depth] = l->first[node];
            ends[depth++] = end;
        }
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

size_t lexicon_reach(const struct lexicon *l, const char *s, size_t n)
{
    uint32_t node = 0;
    size_t reach = 0;
    for (size_t i = 0; i < n && (node = node_below(l, node, (unsigned char)s[i])); i++)
        if (l->first[node])
            reach = i + 1;
    return reach;
}
