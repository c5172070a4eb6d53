/* SIGINT and SIGTERM of the programs that serve: the first asks the loop to stop, a second
 * ends the process at once. */
#ifndef SIGNALS_H
#define SIGNALS_H

#include "bot/net/loop.h"

/* Before anything else, so that no thread but the main one gets them later; also lets a
 * broken pipe be an error of the write. */
void signals_hold(void);
/* Main thread: from now on they stop this loop, one that came before too. */
void signals_stop(struct loop *l);

#endif
