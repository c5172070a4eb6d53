/* Text as terms that a word index can hold: scripts without spaces become overlapping
 * pairs of characters, so that a word of two characters is found; others become words.
 * Folded like names are (text/fold.h), so that width and case do not matter. */
#ifndef TEXT_TERMS_H
#define TEXT_TERMS_H

#include "bot/base/arena.h"

/* The terms of a text, a space between them; empty where it holds no letter or digit. The
 * last character of a run of Han and kana stands by itself too: one character is then
 * found as the beginning of a term. */
char *terms_of(struct arena *mem, const char *text);
/* What to look for as an FTS5 expression: every term, as it is or (`open`) words as the
 * beginnings of words, which costs more. NULL where there is none. */
char *terms_match(struct arena *mem, const char *text, bool open);

#endif
