/* Reply tokens: each answers one message of LINE's, once, for free, within a minute of
 * its arrival. In memory only: after a restart answers are pushed. Reached from the loop,
 * which adds them, and from the courier, which spends them. */
#ifndef TRANSPORT_LINE_TOKEN_H
#define TRANSPORT_LINE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/arena.h"

struct line_tokens;
struct line_tokens *line_tokens_create(void);
void line_tokens_destroy(struct line_tokens *t); /* NULL is fine */

/* `now_ms` is of clock_now_ms in all of these. Returns the token's number. */
int64_t line_token_add(struct line_tokens *t, const char *chat, const char *token, int64_t now_ms);
/* The token to answer with as `owner` (an outbox row): the one that it tried before without
 * learning whether LINE took it, or else the oldest of the chat that is alive; on `mem`.
 * NULL: none, it has to be pushed. */
char *line_token_take(struct line_tokens *t, struct arena *mem, const char *chat, int64_t owner,
    int64_t now_ms);
/* How that went. Was there a token at all? */
enum line_try {
    LINE_PUSHED, /* no: it was pushed */
    LINE_REPLIED, /* yes, and it was the first try with it */
    LINE_REPLIED_AGAIN, /* yes, and an earlier try may have been taken */
};
enum line_try line_token_tried(struct line_tokens *t, int64_t owner);
/* The end is not known: the same token once more. */
void line_token_keep(struct line_tokens *t, int64_t owner);
void line_token_drop(struct line_tokens *t, int64_t owner);
/* Is there one that line_token_take would give to somebody new? */
bool line_token_waits(struct line_tokens *t, const char *chat, int64_t now_ms);
/* Has nobody answered with it yet? */
bool line_token_fresh(struct line_tokens *t, int64_t number);

#endif
