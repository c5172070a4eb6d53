/* The cards of people, firms and deals (cards.c); look.c has those of what happened. */
#ifndef HANDLERS_CARDS_H
#define HANDLERS_CARDS_H

#include "bot/core/command.h"
#include "bot/store/people.h"
#include "bot/store/touches.h"

bool card_person(struct call *c, int64_t id, struct err *e);
bool card_partner(struct call *c, int64_t id, struct err *e);
bool card_customer(struct call *c, int64_t id, struct err *e);
bool card_deal(struct call *c, int64_t id, struct err *e);
bool card_objection(struct call *c, int64_t id, struct err *e); /* objection.c */

/* "4 days ago · T1042 · Zoom …": the latest that is over (cards.c). */
bool put_last(struct reply *r, struct touch_filter f, struct err *e);

/* Parts of those cards (card_profile.c). `asked`: the number that was typed; says where it
 * belongs to a record that was merged. */
bool put_merged(struct reply *r, char kind, int64_t asked, struct err *e);
/* Languages, access, background and absence of a person. */
bool put_profile(struct reply *r, const struct person *p, struct err *e);
/* Whether anybody at the partner speaks its market's language. */
bool put_local_staff(struct reply *r, const struct partner *p, struct err *e);

/* The language that the market's customers are supported in; NULL: not one of ours. */
const char *market_language(const char *market);
/* commission 30% · 10% on renewals, or 30% off list; NULL: not known (partner.c).
 * `labelled`: that it is a commission stands beside it. */
char *fact_commission(struct call *c, const struct partner *p, bool labelled);
/* Signed Sun 1 Feb · agreement talks Sun 1 Jun 2025; `assumed`: nobody said when. */
char *fact_stage(struct call *c, const struct partner *p, bool assumed);
/* Who answers the partner's customers first, where that is known. */
void put_support(struct reply *r, const struct partner *p);

/* How large a partner's network is and whom it can open (network.c); where no estimate was
 * made, `unknown` says so. */
bool put_network(struct reply *r, int64_t partner, bool unknown, struct err *e);
/* The partner that a customer wants to work with; a warning where it is another one than
 * `partner` (account.c). */
/* Partners that stand between us and it (gate.c). */
bool put_served(struct reply *r, int64_t customer, struct err *e) MUST_CHECK; /* account.c */
bool put_gates(struct reply *r, int64_t customer, struct err *e);
/* tech.c: what a customer runs, the oldest first, with its age. */
bool put_technology(struct reply *r, int64_t customer, struct err *e) MUST_CHECK;
bool put_preference(struct reply *r, int64_t customer, struct err *e);
bool warn_preference(struct reply *r, int64_t customer, int64_t partner, struct err *e);
/* The latest NPS answers of a customer, or through a partner (satisfaction.c). */
bool put_nps(struct reply *r, int64_t customer, int64_t partner, struct err *e);

/* Trainings of a person, or (person 0) of a partner's people (training.c). */
bool put_trainings(struct reply *r, int64_t person, int64_t partner, struct err *e);

/* The latest marketing of a partner (activity.c), and leads of a customer or through a
 * partner (lead.c). */
bool put_activities(struct reply *r, int64_t partner, struct err *e);
bool put_leads(struct reply *r, int64_t customer, int64_t partner, struct err *e);

/* Published stories of a customer, or with a partner (casestudy.c). */
bool put_case_studies(struct reply *r, int64_t customer, int64_t partner, struct err *e);
/* The eight capabilities of a partner, where any is rated, and what it does for its own
 * customers (capability.c). */
bool put_capabilities(struct reply *r, int64_t partner, struct err *e);
bool put_focus(struct reply *r, int64_t partner, struct err *e);
/* What is said about a customer or a partner: open negatives, which stand above everything
 * else, and the others (perception.c). */
bool put_negatives(struct reply *r, int64_t customer, int64_t partner, struct err *e);
bool put_perceptions(struct reply *r, int64_t customer, int64_t partner, struct err *e);

/* When the partner's users were heard of last (belongs.c). */
bool put_check_in(struct reply *r, int64_t partner, struct err *e);

/* Tasks of a partner (task.c), material of a customer or a partner (asset.c), who came along to
 * a meeting, by the row's id, and what a partner's person does (shadow.c). */
bool put_tasks(struct reply *r, int64_t partner, struct err *e);
bool put_assets(struct reply *r, int64_t customer, int64_t partner, struct err *e);
bool put_shadows(struct reply *r, int64_t touch, struct err *e);
bool put_duty(struct reply *r, int64_t person, struct err *e);

#endif
