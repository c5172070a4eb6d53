/* All names in memory: people, partners, customers and members, with their aliases and
 * readings. Exact keys by hash; near misses by a scan with bounded edit distance, asked
 * for only when nothing matched. Built at start, changed by the engine. Finds
 * candidates; the reader asks. One thread. */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include "bot/store/db.h"
#include "bot/text/catalogue.h"

struct names;

struct name_hit {
    char kind; /* C person, P partner, A customer, U member */
    int64_t id;
    int score; /* 0 whole name, 1 alias or reading, 2 a part of the name (surname, first
                * word of a firm), 3 equal only by sound, 4 and more: near miss by edit
                * distance */
};

struct names *names_open(struct db *db, const struct catalogue *words, struct err *e);
void names_close(struct names *n);
/* Reads one record's names again after a change; kind and id as in name_hit. */
bool names_refresh(struct names *n, struct db *db, char kind, int64_t id, struct err *e);

/* Reads everything again: after an undo, which may have touched any record. */
bool names_reload(struct names *n, struct db *db, struct err *e);

/* Candidates whose key equals that of `text` (kanji, kana, romaji alike), best first. */
int names_find(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* Near misses: at most two edits (one in short names), best first. Never taken
 * silently. */
int names_near(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* The longest name that begins at folded text s[at] (fold.h), with its candidates as
 * names_find gives them: its length in bytes, 0 if none. Latin names end at a word
 * boundary; one space may stand inside a name. */
size_t names_match(const struct names *n, struct arena *mem, const char *s, size_t len,
    size_t at, struct name_hit *out, int max, int *hits);

#endif
