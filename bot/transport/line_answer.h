/* What LINE's own server answers, read out of the body. Pure: fit for a fuzzer. Texts on
 * `mem`, valid UTF-8; an answer that is none gives nothing. */
#ifndef TRANSPORT_LINE_ANSWER_H
#define TRANSPORT_LINE_ANSWER_H

#include "bot/base/arena.h"

struct line_info {
    const char *name; /* of the account; NULL: not told */
    bool marks_read;  /* it is left to us to say that a message was read */
};
struct line_info line_read_info(struct arena *mem, const char *body, size_t n);
/* Messages of the month: at most (0: no limit), and sent. -1: not told. */
int64_t line_read_quota(const char *body, size_t n);
int64_t line_read_used(const char *body, size_t n);
const char *line_read_token(struct arena *mem, const char *body, size_t n);    /* NULL: none */
const char *line_read_language(struct arena *mem, const char *body, size_t n); /* NULL: none */
/* The ids of the messages that were just sent, LINE_ID_MAX - 1 bytes at most each. */
int line_read_sent(struct arena *mem, const char *body, size_t n, const char **ids, int max);

struct line_alias {
    const char *name, *menu;
};
/* -1: it is no answer. */
int line_read_aliases(struct arena *mem, const char *body, size_t n, struct line_alias *out, int max);

#endif
