/* The catalogue: locales/xx.json of every shipped language, loaded at start-up.
 * A file has the sections `locale`, `name`, `messages` (key -> MessageFormat pattern
 * with named arguments), `commands` (id -> words, summary, help, examples), `kpi`
 * (id -> name, words), and `lexicon` (kind -> value -> list of words, the first is
 * canonical); drafts.json holds what is written to champions. Loading fails on a missing
 * or malformed file; catalogue_check finds the rest. Owns the strings it returns. Never changes once open: any thread reads it. */
#ifndef TEXT_CATALOGUE_H
#define TEXT_CATALOGUE_H

#include "bot/base/arena.h"

struct catalogue;

enum { LOCALE_MAX = 12 };

/* Loads every *.json of `dir`, English first. ERR_NOT_FOUND, ERR_USAGE with the file's
 * name and the mend in `why`. */
struct catalogue *catalogue_open(const char *dir, struct err *e);
/* Other threads that formatted with it must have ended or never format again. */
void catalogue_close(struct catalogue *c);
/* Compiles every pattern and holds each locale against English: the same keys in
 * messages, commands, kpi and lexicon, the same argument names. For tests. */
bool catalogue_check(const struct catalogue *c, struct err *e) MUST_CHECK;

int catalogue_locales(const struct catalogue *c);
const char *catalogue_locale(const struct catalogue *c, int i); /* "en", "ja" */
/* Index of a locale by tag ("ja", "ja-JP"), 0 (English) where it isn't shipped. */
int catalogue_find_locale(const struct catalogue *c, const char *tag);
bool catalogue_has_locale(const struct catalogue *c, const char *tag);

/* The message `key` in locale `loc`, formatted with `args` (ended by {0}) on `mem`.
 * An unknown key comes back as the key itself and is logged; a broken argument as the
 * pattern. Thread-safe: each thread keeps the formatters it used. */
char *catalogue_text(const struct catalogue *c, struct arena *mem, int loc,
    const char *key, const struct msg_arg *args);
bool catalogue_has(const struct catalogue *c, int loc, const char *key);
/* Plain strings of other sections by dotted path, e.g. "commands.touch.summary"; NULL
 * if absent. Lists: number of items and items ("commands.touch.words"). */
const char *catalogue_string(const struct catalogue *c, int loc, const char *path);
/* The same of drafts.json, what is written to champions in their language: by language,
 * situation, to whom and where, "ja.meeting.senior.chat". */
const char *catalogue_draft(const struct catalogue *c, const char *path);
int catalogue_list(const struct catalogue *c, int loc, const char *path);
const char *catalogue_item(const struct catalogue *c, int loc, const char *path, int i);

/* A word of the lexicon met in text. `kind` and `value` are the keys of the section,
 * e.g. channel/phone; `locale` the index it came from. */
struct word {
    const char *kind;
    const char *value;
    int locale;
    size_t len; /* bytes of the folded text */
};
/* All words of any locale's lexicon that begin at folded text s[at], of the longest
 * length first; words in Latin, Hangul, Thai letters or digits must end at a word
 * boundary (the next character is not of the same script: `h` ends in `1h30`), CJK ones
 * need not. A word two locales share for one value counts as the first one's.
 * Writes at most `max`; returns how many. Lexicon phrases are folded with fold_text;
 * a space in a phrase matches one or no space in CJK, exactly one otherwise. */
int catalogue_match(const struct catalogue *c, const char *s, size_t n, size_t at,
    struct word *out, int max);
/* The longest word of the kind that begins at s[at], with `len` not 0 only one of just that
 * length. False: there is none; `out` may be NULL. */
bool catalogue_match_kind(const struct catalogue *c, const char *s, size_t n, size_t at,
    const char *kind, size_t len, struct word *out);
/* No word that begins at s[0] is longer, boundaries or not: 0, none begins there. */
size_t catalogue_reach(const struct catalogue *c, const char *s, size_t n);
/* Canonical display word of kind/value in `loc`; English where it has none, else the
 * value itself. */
const char *catalogue_word(const struct catalogue *c, int loc, const char *kind,
    const char *value);
/* Every value of a kind in en.json's order: for lists of what is allowed. */
int catalogue_values(const struct catalogue *c, const char *kind, const char **out,
    int max);

#endif
