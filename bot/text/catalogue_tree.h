/* What a catalogue holds. Private to catalogue.c and catalogue_check.c. */
#ifndef TEXT_CATALOGUE_TREE_H
#define TEXT_CATALOGUE_TREE_H

#include <jansson.h>
#include "bot/text/catalogue.h"
#include "bot/text/lexicon.h"

enum { TAG_SIZE = 16 };

struct locale {
    char tag[TAG_SIZE];
    json_t *tree; /* owns every string the catalogue hands out */
};
struct text {
    const char *key;
    const char *pattern[LOCALE_MAX]; /* NULL where a locale lacks the key */
};
struct catalogue {
    struct locale locales[LOCALE_MAX]; /* English first */
    int n_locales;
    struct text *texts;
    size_t n_texts;
    uint32_t *slots; /* open addressing; index into texts + 1 */
    size_t n_slots;  /* a power of two */
    struct lexicon lexicon;
    json_t *drafts; /* NULL: the folder has none */
    uint64_t serial; /* tells caches of a closed catalogue from those of this one */
};

#endif
