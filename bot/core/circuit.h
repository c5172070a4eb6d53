/* A sign-off on its way through a customer: who has it, since when and why, and when to
 * look again. Business days are those of the deal's market. Changes nothing. */
#ifndef CORE_CIRCUIT_H
#define CORE_CIRCUIT_H

#include "bot/core/command.h"
#include "bot/store/deals.h"
#include "bot/store/ringi.h"

struct circuit {
    struct ringi r;
    struct deal deal;
    const char *market; /* of the deal, else of the customer, else of the reader */
    struct ringi_step steps[RINGI_STEPS]; /* of the present round */
    int n;
};
bool circuit_load(struct call *c, int64_t ringi, struct circuit *out, struct err *e) MUST_CHECK;
/* Does it lie with this step? */
bool circuit_holds(const struct circuit *k, const struct ringi_step *s);
const struct ringi_step *circuit_holder(const struct circuit *k); /* the first; NULL: nobody */
/* 佐藤部長, or the title alone. */
char *circuit_name(struct call *c, const struct ringi_step *s);
/* "With Sato for 2 business days (since Mon 2 Mar) · away until Wed 4 Mar", one a holder. */
char *circuit_where(struct call *c, const struct circuit *k, const struct ringi_step *s);
/* "With the drafter for revision since …" of one that was returned. */
char *circuit_returned(struct call *c, const struct circuit *k);
/* "Stamped 2/4: Suzuki, Takahashi · left: Sato, 本部長" */
char *circuit_progress(struct call *c, const struct circuit *k);
/* The day of the next check: three business days after it came to the holder, and not
 * before somebody who is away is back. 0: nothing to wait for. */
int32_t circuit_check_day(struct call *c, const struct circuit *k);

enum { CIRCUIT_WAIT_DAYS = 3 };

#endif
