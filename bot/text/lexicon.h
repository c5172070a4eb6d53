/* The words of every locale's lexicon in one trie over the bytes of folded text, so
 * that a look at each position of a message costs little. Borrows the strings of the
 * JSON it was filled from. Private to the catalogue. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include <jansson.h>
#include "bot/text/catalogue.h"

struct lexicon_edge;
struct lexicon_entry;
struct lexicon {
    struct lexicon_edge *edges; /* the table; a power of two */
    size_t n_slots, n_nodes;
    uint32_t *first; /* a node's first entry */
    size_t cap_first;
    struct lexicon_entry *entries;
    size_t n_entries, cap_entries;
};

/* Adds one locale's section kind -> value -> words. A word that an earlier locale has
 * for the same kind and value stays that locale's. */
void lexicon_add(struct lexicon *l, int locale, const json_t *kinds);
void lexicon_finish(struct lexicon *l);
size_t lexicon_reach(const struct lexicon *l, const char *s, size_t n);
int lexicon_match(const struct lexicon *l, const char *s, size_t n, size_t at,
    struct word *out, int max);

#endif
