/* The cards of people, firms and deals (cards.c); look.c has those of what happened. */
#ifndef HANDLERS_CARDS_H
#define HANDLERS_CARDS_H

#include "bot/core/command.h"

bool card_person(struct call *c, int64_t id, struct err *e);
bool card_partner(struct call *c, int64_t id, struct err *e);
bool card_customer(struct call *c, int64_t id, struct err *e);
bool card_deal(struct call *c, int64_t id, struct err *e);

#endif
