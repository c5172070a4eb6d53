/* All names in memory: people, partners, customers and members, with their aliases and
 * readings. Exact keys by hash, beginnings by sorted arrays, near misses by deletion
 * neighbourhood. Built at start, changed record by record by the engine. Finds
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
/* The names of one record alone, kind C, from texts: the first as it is displayed, the others
 * further ones. For a search of texts (redact.h). */
struct names *names_of(const struct catalogue *words, int64_t person, const char *const *texts, int n);
void names_close(struct names *n);
/* Reads one record's names again after a change; kind and id as in name_hit. */
bool names_refresh(struct names *n, struct db *db, char kind, int64_t id, struct err *e);
/* The same for every record that the journal's group changed: after an undo. */
bool names_undone(struct names *n, struct db *db, int64_t group, struct err *e);
/* The same for what other programs changed since this was last called. */
bool names_follow(struct names *n, struct db *db, struct err *e);
/* After a rollback: what was refreshed since names_settled is read again. */
bool names_rolled_back(struct names *n, struct db *db, struct err *e);
void names_settled(struct names *n); /* the transaction ended */
/* Reads everything anew: after changes that no journal has. */
bool names_reload(struct names *n, struct db *db, struct err *e);
size_t names_memory(const struct names *n); /* bytes */

/* Candidates whose key equals that of `text` (kanji, kana, romaji alike), best first. */
int names_find(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* Is that one of the record's keys? */
bool names_called(const struct names *n, struct arena *mem, const char *text, char kind, int64_t id);
/* Near misses: at most two edits (one in short names), best first. Never taken
 * silently. */
int names_near(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max);
/* Records one of whose keys holds `key`, or that sounds so (`sound` NULL: not asked), for
 * a search of names; each once, at most `max`. */
int names_holding(const struct names *n, const char *key, const char *sound,
    struct name_hit *out, int max);
/* The longest name that begins at folded text s[at] (fold.h), with its candidates as
 * names_find gives them: its length in bytes, 0 if none. Latin names end at a word
 * boundary; one space may stand inside a name. */
size_t names_match(const struct names *n, struct arena *mem, const char *s, size_t len,
    size_t at, struct name_hit *out, int max, int *hits);

#endif
