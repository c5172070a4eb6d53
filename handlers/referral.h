/* Introductions by referral partners (referral.c). */
#ifndef HANDLERS_REFERRAL_H
#define HANDLERS_REFERRAL_H

#include "bot/core/command.h"
#include "bot/store/relations.h"

/* The referral partner who made the introduction, or whose person did; 0: none is one. */
bool referral_partner(struct call *c, const struct introduction *i, int64_t *partner, struct err *e) MUST_CHECK;
/* Who follows up was answered: the follow-up is set and told, the introduction is stored. */
bool referral_answered(struct call *c, const struct introduction *i, bool *answered, struct err *e) MUST_CHECK;
/* The only live deal that it opened is sourced by the partner; asks who of ours follows up. */
bool referral_tell(struct call *c, struct reply *r, int64_t intro, int64_t partner, struct err *e) MUST_CHECK;
/* A new deal whose customer a referral partner introduced before is sourced by it. */
bool referral_source(struct call *c, struct reply *r, int64_t deal, struct err *e) MUST_CHECK;

#endif
