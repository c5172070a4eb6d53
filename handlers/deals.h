/* What the commands and the card of a deal share. */
#ifndef HANDLERS_DEALS_H
#define HANDLERS_DEALS_H

#include "handlers/facts.h"
#include "handlers/record.h"

/* Registered, open or paused. */
bool deal_is_live(const struct deal *d);
/* The deal that is meant (record.h), refused where it is closed. */
bool need_live(struct call *c, struct deal *d, bool *asked, struct err *e) MUST_CHECK;
/* Does anybody on our side need somebody inside the customer? Not where the partner keeps it. */
bool deal_needs_champion(const struct deal *d);
/* preparation up to the signature, execution from then until it is live; NULL: neither. */
const char *deal_phase(const struct deal *d);
/* ¥4.8M; NULL where none is known. */
char *value_text(struct call *c, const struct deal *d);
void record_deal(struct call *c, struct reply *r, const struct deal *d, const char *verb);
/* "D12 Aoba CMS · …": the echo of a change, with [Show] and [Undo]; `facts` may be NULL. */
struct reply *deal_reply(struct call *c, const struct deal *d, const char *key, const char *facts);
/* The day that was typed, else today, in the team zone. */
int32_t typed_day(const struct call *c);
char *day_text(struct call *c, int32_t day);

/* The same customer and product, live with another partner, or direct. False: e is set, or none. */
bool deal_rival(struct call *c, const struct deal *d, struct deal *out, struct err *e);
/* Of the message deal.conflict. */
struct msg_arg *deal_rival_args(struct call *c, const struct deal *rival);
/* How a registration was understood, behind the title. */
void tell_deal(struct call *c, struct reply *r, const struct deal *d);

/* approval.c: what a partner's user submits is registered when it is approved. */
/* Stores the deal of a partner's user as submitted, for its own partner; others' deals are
 * not there. */
bool deal_submit(struct call *c, struct deal *d, struct err *e) MUST_CHECK;
/* Refuses a deal that waits or was declined: what is wanted of it comes too early or too late. */
bool need_decided(struct call *c, const struct deal *d, struct err *e) MUST_CHECK;
/* Who submitted it and when, what became of that; where it waits the conflict and what to do. */
bool put_approval(struct reply *r, const struct deal *d, struct err *e) MUST_CHECK;

/* deal_facts.c: kind, model, relation, product, list price, owners and partner. */
/* Takes what was typed into the deal; says what is new and what it was before. A partner
 * that was another one is kept with the day on which that ended. */
bool deal_take_facts(struct call *c, struct deal *d, struct buf *now, struct buf *was,
    struct err *e) MUST_CHECK;
/* The owner and the co-owner alone, likewise. */
bool deal_take_owners(struct call *c, struct deal *d, struct buf *now, struct buf *was,
    struct err *e) MUST_CHECK;
/* What is not the usual: cross-sell, co-sell, who keeps the customer, list price. */
void join_deal_facts(struct call *c, struct buf *b, const struct deal *d);
/* deal_parts.c: who brought it, its terms, what is left for the lawyers. */
bool put_deal_source(struct reply *r, int64_t deal, struct err *e) MUST_CHECK;
bool put_renewals(struct reply *r, int64_t deal, struct err *e) MUST_CHECK;
bool put_legal(struct reply *r, int64_t deal, struct err *e) MUST_CHECK;
/* Partners before, money given back, the deal it is part of. */
bool put_deal_history(struct reply *r, const struct deal *d, struct err *e) MUST_CHECK;

#endif
