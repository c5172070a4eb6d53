/* What an administrator decided about days, given to the calendar of this thread. */
#ifndef CORE_OWN_DAYS_H
#define CORE_OWN_DAYS_H

#include "bot/store/db.h"
#include "bot/text/calendar.h"
#include "bot/text/catalogue.h"

/* Lives as long as the thread's calendar may be asked; zero is empty. */
struct own_days {
    struct arena mem;
    struct calendar_own list;
};
/* Reads it anew from the store, for whatever this thread asks the calendar next. Where that
 * fails the table alone holds. */
void own_days_use(struct own_days *o, struct db *db);
void own_days_finish(struct own_days *o);

/* State "10" of "MY" as people call it ("Selangor", "MY-10" where it has no name); the same
 * the other way round, any locale's name, folded, or its number or letters; NULL: none. */
const char *state_name(const struct catalogue *words, int locale, struct arena *mem, const char *market, const char *state);
const char *state_find(const struct catalogue *words, struct arena *mem, const char *market, const char *folded);

#endif
