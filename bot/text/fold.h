/* How names and words are made comparable: NFKC, case folding, kana unified, company
 * forms and honorifics removed, long vowels shortened. Matching is by equal keys; near
 * misses by edit distance. Never decides: callers ask people. */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "bot/base/buf.h"
#include "bot/text/catalogue.h"

/* Text after NFKC and case folding, with the way back: byte i of `s` came from byte
 * src[i] of the original (src[n] is the original's length). 〜 U+301C becomes ~, the
 * minus signs and hyphens U+2212 U+2010..2015 become -, the apostrophe U+2019 ', spaces
 * of any kind and number one ' '; line feeds stay. */
struct folded {
    char *s;
    size_t n;
    uint32_t *src;
};
struct folded fold_text(struct arena *mem, const char *s, size_t n);

/* Key of a name: fold_text, then without spaces and punctuation, katakana as hiragana,
 * company forms of catalogue section lexicon.company and honorifics of
 * lexicon.honorific removed at the ends (株式会社 ㈱ Inc. Pte Ltd Sdn Bhd さん 様 -san).
 * A name that consists only of such words keeps them. Titles (部長) are not removed. */
char *fold_name(struct arena *mem, const struct catalogue *words, const char *name);
/* Latin key of kana, hangul and Latin text: Hepburn, lower case, long vowels (ou oo uu
 * ō) shortened, Kunrei spellings as Hepburn (si=shi, tu=tsu, zi=ji, hu=fu, sya=sha),
 * nn/n' as n, mb/mp as nb/np. NULL where the text holds kanji or another script that
 * has no computable reading. */
char *fold_romaji(struct arena *mem, const char *name);
/* A folded word of three or more kana, all hiragana or all katakana, in the other of the two
 * (ズーム, ずーむ); NULL for any other word. */
char *fold_other_kana(struct arena *mem, const char *word);
/* Optimal string alignment distance in code points; stops at `cut` + 1. */
int fold_distance(const char *a, const char *b, int cut);

#endif
