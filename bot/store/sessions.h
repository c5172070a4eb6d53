/* One-time login links and the web sessions that they open. Secrets leave this file once,
 * to whom they belong; the store has their SHA-256. */
#ifndef STORE_SESSIONS_H
#define STORE_SESSIONS_H

#include "bot/base/crypto.h"
#include "bot/store/db.h"

/* What a member sees of a session. */
struct session {
    int64_t no;         /* the member's own count, never used again */
    const char *device; /* Chrome/Android; empty: not known */
    int64_t created_ms, seen_ms;
    const char *hash;
};

enum { SESSION_SECRET = 65, SESSIONS_MAX = 50 };

/* The secret is written to `secret` (SESSION_SECRET bytes). */
bool login_token_add(struct db *db, int64_t member, int64_t now_ms, char *secret, struct err *e) MUST_CHECK;
/* The member whose token it is and a new session; 0 where the token is unknown, used or
 * older than an hour. `device` is one of transport/web_device.h, or empty. */
int64_t login_token_use(struct db *db, const char *token, const char *device, int64_t now_ms, char *session,
    struct err *e);
/* Links that were not used yet are good no more. */
bool login_tokens_drop(struct db *db, int64_t member, struct err *e) MUST_CHECK;

/* Whose session it is, by its hash; 0: it was ended, is too old, or its member is suspended.
 * That it was used is kept, to the minute. */
int64_t session_use(struct db *db, const char *hash, int64_t now_ms, struct err *e);
/* Those that are good, the oldest first; an array on `mem` of SESSIONS_MAX at the most. */
struct session *session_list(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, int *n,
    struct err *e);
/* False with ERR_NONE: there is none of that number any more. */
bool session_end(struct db *db, int64_t member, int64_t no, int64_t now_ms, struct err *e);
/* By the cookie's value; one that is unknown is fine. */
bool session_drop(struct db *db, const char *secret, int64_t now_ms, struct err *e) MUST_CHECK;
/* All of the member but the one with that hash (NULL: none stays). How many; -1: error. */
int session_end_all(struct db *db, int64_t member, const char *except, int64_t now_ms, struct err *e);

#endif
