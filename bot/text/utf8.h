/* UTF-8 at the door and on the screen: validation, code points, display width and
 * cutting at grapheme boundaries. ICU stays behind this layer; UTF-16 never leaves. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bot/base/arena.h"

/* Valid UTF-8 (no surrogates, no overlong forms) without control characters other
 * than tab and line feed. On failure `*where` is the first bad byte's offset. */
bool utf8_valid(const char *s, size_t n, size_t *where);
/* A copy with each bad byte and control character replaced by U+FFFD. */
char *utf8_scrub(struct arena *mem, const char *s, size_t n);
/* A name that somebody else chose, on one line: scrubbed, tabs and line feeds as blanks. */
char *utf8_line(struct arena *mem, const char *s);
/* Is it an id, an address or such: valid, not empty, no blank and no control character? */
bool utf8_plain(const char *s);
/* The code point at s[*i], of n bytes; moves *i behind it. Bad bytes: U+FFFD. */
uint32_t utf8_next(const char *s, size_t n, size_t *i);
/* Columns on a terminal: East Asian wide and full-width count two, marks none. The
 * ambiguous `·` `≈` `…` `○` `×` `※` count one. */
int utf8_width(const char *s);
/* The longest prefix of at most `max` columns that ends at a grapheme boundary; with
 * `…` appended where something was cut. */
char *utf8_fit(struct arena *mem, const char *s, int max);
/* The same for networks that count in UTF-16 units. */
size_t utf8_units(const char *s);
/* Bytes of the longest prefix of at most `max` units that ends at a grapheme boundary. */
size_t utf8_prefix_units(const char *s, size_t max);
char *utf8_fit_units(struct arena *mem, const char *s, size_t max);
size_t utf8_count(const char *s); /* code points */
/* Is there a letter or digit, or only spaces, punctuation and pictures? */
bool utf8_says_something(const char *s);

enum script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_DIGIT, SCRIPT_HAN, SCRIPT_HIRAGANA,
    SCRIPT_KATAKANA, SCRIPT_HANGUL, SCRIPT_THAI, SCRIPT_SPACE, SCRIPT_PUNCT };
enum script utf8_script(uint32_t c);

#endif
