/* Partners whose registrations have levelled off after a first spike, or risen again:
 * whoever has to do with them is told once per change, in the morning; whoever gets a
 * weekly digest there (warnings.h), and not twice. */
#ifndef HANDLERS_PLATEAU_H
#define HANDLERS_PLATEAU_H

#include "bot/core/command.h"

struct plateau {
    int64_t partner;
    bool revived;
    const char *text; /* plain words, with the series behind them */
};
enum { PLATEAUS = 10 };
/* Of the reader's partners. `fresh`: only what is another thing than was told. */
int plateau_find(struct call *c, bool fresh, struct plateau *out, int max, struct err *e);
/* Keeps that these were told, and that others which were told are gone. */
bool plateau_tell(struct call *c, const struct plateau *list, int n, struct err *e) MUST_CHECK;
/* "… registers again: 6, 9, 1, 0, 6, 7 per quarter since signing"; NULL: it does not. */
char *plateau_revived(struct call *c, int64_t partner, struct err *e);

#endif
