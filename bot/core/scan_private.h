/* What the files of the scanner share. Private to scan*.c. */
#ifndef CORE_SCAN_PRIVATE_H
#define CORE_SCAN_PRIVATE_H

#include "bot/core/reader.h"
#include "bot/text/utf8.h"

bool scan_takes(const struct scan *s, enum arg_type type);
/* Does a Latin letter or digit stand at `at`? */
bool scan_word_char(const char *s, size_t n, size_t at);
/* The length of the first of the words (NULL ends them) that stands whole at `at`, or 0. */
size_t scan_any_word(const struct scan *s, size_t at, const char *const *list);

/* scan_sign.c. Each fills the token and gives the length in bytes, or 0. */
size_t scan_ref(struct scan *s, size_t at, struct token *t);
size_t scan_percent(struct scan *s, size_t at, struct token *t);
size_t scan_tally(struct scan *s, size_t at, struct token *t);
size_t scan_count(struct scan *s, size_t at, struct token *t);
size_t scan_others(struct scan *s, size_t at, struct token *t);
size_t scan_handle(struct scan *s, size_t at, struct token *t);

/* scan_name.c. */
enum script scan_script(const struct scan *s, size_t at);
size_t scan_name(struct scan *s, size_t at, struct token *t);
size_t scan_glued_name(struct scan *s, size_t at, struct token *t);
/* Takes what stands right behind the name at `at` into it and says where that ends. */
size_t scan_suffixes(struct scan *s, size_t at, struct token *t);
bool scan_honorific(const struct scan *s, size_t at);

/* scan_firm.c: what a partner's keyed words take, from `i` on; the whole length from `at`. */
size_t scan_one_of(struct scan *s, size_t at, size_t i, const struct word *key, struct token *t);
/* deck.pptx: a word with a short ending behind a dot. */
size_t scan_file(struct scan *s, size_t at, struct token *t);
size_t scan_renewal(struct scan *s, size_t at, size_t i, struct token *t);

#endif
