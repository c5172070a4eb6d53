/* Text that grows: append-only, on an arena, always terminated, never NULL once used.
 * Invariants: buf_str() is valid UTF-8 if everything appended was; s[n] == '\0'. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include "bot/base/arena.h"

/* A borrowed stretch of bytes; not terminated. */
struct str {
    const char *p;
    size_t n;
};

struct buf {
    struct arena *mem;
    char *s;
    size_t n, cap;
};

#define BUF_ON(arena) ((struct buf){ .mem = (arena) })

void buf_add(struct buf *b, const char *s, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Appends `sep` first unless the buffer is empty: for ` · ` and the like. */
void buf_join(struct buf *b, const char *sep, const char *s);
const char *buf_str(const struct buf *b);

#endif
