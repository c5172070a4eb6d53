/* Takes a person's name out of text: whatever the reader of messages would take for it,
 * spelt or by its sound, gives way to the record's number. A spelling that somebody else has
 * too is only taken out where the text is known to be about the person. Stores nothing. */
#ifndef CORE_REDACT_H
#define CORE_REDACT_H

#include "bot/core/names.h"

struct redact;

/* What is looked for, from and as JSON: {names: [], titles: [], handles: []}. `all` has
 * everybody else's names; both are borrowed. NULL: that is no such JSON. */
struct redact *redact_open(const struct catalogue *words, const struct names *all, int64_t person,
    const char *json, struct err *e);
void redact_close(struct redact *r); /* NULL is fine */

/* The text without the name, on `mem`; NULL where it is not in it. `about`: the text is known
 * to be about the person; without, `*doubtful` says that something stayed which may mean them. */
char *redact_text(const struct redact *r, struct arena *mem, const char *text, bool about, bool *doubtful);
/* The same of a reply, a question or a row's former columns: JSON whose texts are for people.
 * A file in a reply gives way to the words that stand for it, a link to a plain button. */
char *redact_json(const struct redact *r, struct arena *mem, const char *json, bool about, bool *doubtful,
    struct err *e);
/* Does a reply say that it is about the person's record? */
bool redact_is_about(const struct redact *r, const char *json);

#endif
