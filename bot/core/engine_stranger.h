/* Accounts of nobody known. Private to engine_account.c and engine_stranger.c. */
#ifndef CORE_ENGINE_STRANGER_H
#define CORE_ENGINE_STRANGER_H

#include "bot/core/engine_private.h"

enum { STRANGER_WAITING = 32 }; /* events that may wait until it is known whose they are */

/* What is remembered of somebody unknown, in memory only. */
struct stranger {
    struct stranger *next;
    enum network network;
    char *account;
    int64_t minute_ms; /* since when `told` counts */
    int told;          /* sentences, wrong codes included */
    bool asking;       /* the network was asked */
    int64_t ask_ms;    /* ask again; 0: nothing to ask */
    int asked;
};

struct stranger *engine_stranger(struct engine *g, enum network network, const char *account);
/* Says the sentence `key`, a few times a minute at most. */
void engine_tell(struct engine *g, struct stranger *s, const struct event *ev, int locale,
    const char *key);
/* Sees to an event of nobody known: a code, to be looked up, or turned away. `shut_out`:
 * the account is a member's who was suspended. */
bool engine_take_stranger(struct engine *g, struct event *ev, bool shut_out, struct err *e) MUST_CHECK;
/* Is it the administrator's account that the settings name? Then, the first time, it
 * becomes the first administrator's. */
bool engine_be_admin(struct engine *g, struct event *ev, bool *done, struct err *e) MUST_CHECK;
/* The fact of contact is stored, and the sentence `key` (NULL: none) told, once an event. */
bool engine_tell_stranger(struct engine *g, const struct event *ev, const char *key,
    struct err *e) MUST_CHECK;
/* The sentence `key` with buttons for a start, as the answer to `inbox` (0: to nothing). */
bool engine_greet(struct engine *g, const struct member *m, const struct event *ev, const char *key,
    int64_t inbox, struct err *e) MUST_CHECK;

#endif
