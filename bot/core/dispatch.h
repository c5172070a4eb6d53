/* From a typed line to replies: answers to questions first, then reading, permission,
 * the handler, the journal. Shared by the engine and the desk. */
#ifndef CORE_DISPATCH_H
#define CORE_DISPATCH_H

#include "bot/core/command.h"

enum dispatched {
    DISPATCH_DONE,
    DISPATCH_DESK, /* read and allowed; the handler is to run on the desk's connection */
};
/* Answers `text` into c->replies. With `desk` a command that may take long is only
 * read. False where the store failed: nothing may be kept. A refusal is a reply. */
bool dispatch(struct call *c, const char *text, bool desk, enum dispatched *out,
    struct err *e) MUST_CHECK;
/* Runs c->command. A refusal of the handler becomes a reply; false: the store failed. */
bool dispatch_run(struct call *c, struct err *e) MUST_CHECK;
/* The reply that tells a person about `e`. */
void dispatch_refuse(struct call *c, const struct err *e);

#endif
