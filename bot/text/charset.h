/* Which encoding a file is in, and its text as UTF-8. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include "bot/base/arena.h"

/* The text of a whole file, terminated, to be freed; `*out_n` its bytes, `*found` the name
 * of the encoding: UTF-8, UTF-16LE, UTF-16BE or Shift_JIS, as the bytes tell, or the one
 * asked for (`name`, any that ICU knows; NULL: look). NULL with ERR_USAGE: what is there
 * is none of it; `why` says in which line. */
char *charset_decode(const void *bytes, size_t n, const char *name, size_t *out_n,
    const char **found, struct err *e);

#endif
