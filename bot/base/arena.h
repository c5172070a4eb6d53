/* Memory that lives as long as one piece of work (an event, a request) and goes at
 * once. Out of memory aborts with a log line: a bot that cannot allocate 200 bytes
 * should restart. Long-lived things use create/destroy pairs and xmalloc instead. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdarg.h>
#include "bot/base/err.h"

struct arena_block;
struct arena {
    struct arena_block *head;
};

#define ARENA_INIT { 0 }

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *a, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);
/* Frees all but one block, for the next piece of work. */
void arena_reset(struct arena *a);
void arena_finish(struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))

/* malloc family that never returns NULL. */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
char *xstrdup(const char *s);

/* Grows `*items` (element size `size`) so that index `n` is valid. */
void grow_array(void **items, size_t *cap, size_t n, size_t size);
#define GROW(items, cap, n) grow_array((void **)&(items), &(cap), (n), sizeof *(items))

#endif
