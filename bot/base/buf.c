#include "bot/base/buf.h"

#include <stdio.h>
#include <string.h>

void buf_add(struct buf *b, const char *s, size_t n)
{
    if (b->n + n + 1 > b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 128;
        while (cap < b->n + n + 1)
            cap *= 2;
        char *p = arena_alloc(b->mem, cap);
        if (b->n)
            memcpy(p, b->s, b->n);
        b->s = p;
        b->cap = cap;
    }
    if (n)
        memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    if (s)
        buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    if (b->n + 1 >= b->cap) {
        buf_add(b, &c, 1);
        return;
    }
    b->s[b->n++] = c;
    b->s[b->n] = '\0';
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_puts(b, arena_vprintf(b->mem, fmt, ap));
    va_end(ap);
}

void buf_join(struct buf *b, const char *sep, const char *s)
{
    if (!s || !*s)
        return;
    if (b->n)
        buf_puts(b, sep);
    buf_puts(b, s);
}

const char *buf_str(const struct buf *b)
{
    return b->s ? b->s : "";
}
