/* Sign-offs in replies: the echo with the next check set, the card, and the line on a
 * deal's card (ringi_card.c). What moves them is ringi.c. */
#ifndef HANDLERS_RINGI_H
#define HANDLERS_RINGI_H

#include "bot/core/circuit.h"

/* Does it still circulate, or wait to? */
bool ringi_live(const struct ringi *r);
/* Tells how it stands after a change and sets the next check in the place of the last.
 * `note` 0: no words were typed. */
bool tell_ringi(struct call *c, int64_t id, const char *verb, int64_t note, struct err *e) MUST_CHECK;
bool card_ringi(struct call *c, int64_t id, struct err *e);
/* The live ones of a deal, one line each. */
bool put_ringi(struct reply *r, int64_t deal, struct err *e);

#endif
