/* Accounts on networks and the one-time codes that link them to a member. */
#ifndef STORE_IDENTITIES_H
#define STORE_IDENTITIES_H

#include "bot/store/db.h"

struct identity {
    int64_t member_id; /* of an active member; 0: suspended */
    int64_t seen_ms;
    const char *network, *remote;
    const char *conversation; /* where the bot may write first; NULL: not known */
    int64_t gone_ms;          /* its owner shut us out; 0: no */
    const char *locale;       /* the member's; identity_find only */
};
/* False with ERR_NONE: nobody's account. */
bool identity_find(struct db *db, struct arena *mem, const char *network, const char *remote,
    struct identity *out, struct err *e);
/* The account is the member's from now on, also where it was another's. */
bool identity_put(struct db *db, const char *network, const char *remote, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;
/* A message came from it; `conversation` NULL: not one where the bot may write first. */
bool identity_seen(struct db *db, const char *network, const char *remote,
    const char *conversation, int64_t now_ms, struct err *e) MUST_CHECK;
/* Its owner shut us out at `gone_ms`, until identity_seen. */
bool identity_gone(struct db *db, const char *network, const char *remote, int64_t gone_ms,
    struct err *e) MUST_CHECK;
/* The account that the member used last, on `network` or (NULL) on any. False with
 * ERR_NONE: none. */
bool identity_of_member(struct db *db, struct arena *mem, int64_t member, const char *network,
    struct identity *out, struct err *e);

enum { LINK_CODE_CHARS = 8, LINK_CODE_MINUTES = 10 };
/* A new code, good once, for LINK_CODE_MINUTES; earlier ones of the member are gone. */
bool link_code_add(struct db *db, int64_t member, int64_t now_ms, char code[LINK_CODE_CHARS + 1],
    struct err *e) MUST_CHECK;
/* Whose code it is; 0 with ERR_NONE: unknown, used or too old. In upper case, without
 * a dash. */
int64_t link_code_find(struct db *db, const char *code, int64_t now_ms, struct err *e);
/* The same, and it is used up. */
int64_t link_code_use(struct db *db, const char *code, int64_t now_ms, struct err *e);
/* Reads a code out of "k7qm-2xwp": upper case, without dash and blanks. False: not one. */
bool link_code_read(const char *typed, char code[LINK_CODE_CHARS + 1]);

#endif
