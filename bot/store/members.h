/* Members, their roles and the facts of the store. Sessions and login links: sessions.h. */
#ifndef STORE_MEMBERS_H
#define STORE_MEMBERS_H

#include "bot/store/db.h"

enum role {
    ROLE_ADMIN = 1, ROLE_MANAGER = 2, ROLE_COUNTRY = 4, ROLE_HQ = 8, ROLE_REP = 16,
    ROLE_PARTNER = 32,
    ROLE_TEAM = ROLE_ADMIN | ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ | ROLE_REP,
    ROLE_SALES = ROLE_MANAGER | ROLE_COUNTRY | ROLE_REP, /* who may log */
    ROLE_ALL = ROLE_TEAM | ROLE_PARTNER,
};

struct member {
    int64_t id;
    const char *handle, *name, *role, *market, *zone, *locale, *team;
    const char *style; /* of replies: usual, dense, short */
    int roles; /* bits: the role and what it may do besides */
    int64_t partner_id;
    const char *source;
    bool suspended; /* member_list_all alone gives such */
};

int role_of(const char *name); /* bit, 0 if unknown */

bool member_by_id(struct db *db, struct arena *mem, int64_t id, struct member *out,
    struct err *e); /* false with ERR_NONE: nobody */
bool member_by_handle(struct db *db, struct arena *mem, const char *handle,
    struct member *out, struct err *e);
/* Also by a member who left: handles are unique for ever. */
bool member_handle_taken(struct db *db, const char *handle, struct err *e);
/* All active members, oldest first; an array on `mem`. */
struct member *member_list(struct db *db, struct arena *mem, int *n, struct err *e);
/* Whoever it is, suspended or not; NULL: nobody. */
char *member_name(struct db *db, struct arena *mem, int64_t id, struct err *e);
/* Those who are suspended too, behind the others. */
struct member *member_list_all(struct db *db, struct arena *mem, int *n, struct err *e);
/* The role, and the further roles of `m->roles`. A partner's user who becomes something else
 * belongs to no partner. */
bool member_set_role(struct db *db, const struct member *m, struct err *e) MUST_CHECK;
/* Suspended: is answered nothing, and no session, login link or code is good any more. */
bool member_suspend(struct db *db, int64_t id, bool suspend, struct err *e) MUST_CHECK;
/* ERR_CONSTRAINT where the handle is taken. Returns the id, 0 on error. */
int64_t member_add(struct db *db, const struct member *m, int64_t now_ms, struct err *e);
bool member_set_zone(struct db *db, int64_t id, const char *zone, struct err *e) MUST_CHECK;
bool member_set_locale(struct db *db, int64_t id, const char *locale, struct err *e) MUST_CHECK;

bool member_set_style(struct db *db, int64_t id, const char *style, struct err *e) MUST_CHECK;
/* Of role partner only. */
bool member_set_partner(struct db *db, int64_t id, int64_t partner, struct err *e) MUST_CHECK;

/* The store's own facts: "demo", "zone" (reporting). NULL if unset. */
char *meta_get(struct db *db, struct arena *mem, const char *key, struct err *e);
bool meta_set(struct db *db, const char *key, const char *value, struct err *e) MUST_CHECK;

#endif
