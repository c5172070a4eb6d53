/* The text of a transcript: what its lines mean, how replies are written into it, and
 * how two pieces are compared. Knows nothing of the engine. */
#ifndef TESTS_CHAT_TEXT_H
#define TESTS_CHAT_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/buf.h"

struct text {
    char **line; /* without line ends, on the arena */
    size_t n;
};
bool text_load(struct text *t, struct arena *mem, const char *path);
bool text_save(const char *path, const struct buf *b);

enum line_kind {
    LINE_OUTPUT,  /* what the bot said, also an empty line */
    LINE_PROSE,   /* # for the reader */
    LINE_GIVEN,   /* given clock 2026-03-02T17:20+09:00 */
    LINE_SAY,     /* kenji> undo */
    LINE_TAP,     /* kenji[Undo] */
    LINE_LATER,   /* +2h30m */
    LINE_AT,      /* at 2026-03-02T19:30+09:00 */
    LINE_RESTART, /* == restart */
};
struct line {
    enum line_kind kind;
    char *who, *what;
    bool private; /* kenji~> and kenji~[Undo] */
    int64_t ms;   /* LINE_LATER */
};
struct line line_read(struct arena *mem, const char *s);
/* The line as it reads with or without the tilde. */
char *line_with_privacy(struct arena *mem, const struct line *l, bool private);

/* Appends `n` bytes of a message, line by line; a line that would read as something
 * else than output is moved in by two spaces. Ends with a line end. */
void text_quote(struct buf *out, const char *s, size_t n);

/* What stands below a line up to the next one that does something: [begin, end). Prose
 * and empty lines at its end belong to what follows. */
struct region {
    size_t begin, tail, end;
    const char *expected; /* the output in it, prose left out */
};
struct region region_read(struct arena *mem, const struct text *t, size_t begin, bool open);
/* The region with its output replaced by `got`; unchanged where that is NULL. */
void region_write(struct buf *out, const struct text *t, const struct region *g,
    const char *got);

/* True if both parts are the same; else prints where, and a diff. */
bool text_compare(const char *path, size_t line, const char *head, const char *want_head,
    const char *expected, const char *got);

/* The same text with what chance made of it, the secret in a calendar's address, as …. */
char *text_masked(struct arena *mem, const char *s);
/* What a member types: `\n` is a line break, as on the console, and <visits.ics> at the end a
 * file of conversations/calendars. NULL: there is no such file. */
char *text_typed(struct arena *mem, const char *s);

#endif
