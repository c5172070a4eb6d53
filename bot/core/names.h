/* All names in memory: people, partners, customers and members, with their aliases and
 * readings. Exact keys by hash, prefixes by a sorted array, near misses by deletion
 * neighbourhood. Built at start, changed by the engine. Finds candidates; the reader
 * asks. One thread. */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include "bot/store/db.h"
#include "bot/text/catalogue.h"

struct names;

struct name_hit {
    char kind; /* C person, P partner, A customer, U member */
    int64_t id;
    int score; /* 0 exact name, 1 exact alias or reading, 2 surname or given name,
                * 3 prefix, 4 and more: near miss by edit distance */
};

struct names *names_open(struct db *db, const struct catalogue *words, struct err *e);
void names_close(struct names *n);
/* Reads one record's names again after a change; kind and id as in name_hit. */
bool names_refresh(struct names *n, struct db *db, char kind, int64_t id, struct err *e);

/* Candidates whose key equals that of `text` (kanji, kana, romaji alike), best first. */
int names_find(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* Near misses: prefixes and at most two edits, best first. Never taken silently. */
int names_near(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* The longest name that begins at folded text s[at]: its length in bytes, 0 if none. */
size_t names_match(const struct names *n, struct arena *mem, const char *s, size_t len, size_t at);

#endif
