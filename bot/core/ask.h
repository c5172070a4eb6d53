/* Questions and their answers. A question keeps the typed text (by reference), what was
 * settled so far and the options; an answer settles one thing more and the text is read
 * again, as of the moment it was typed. Nothing waits in memory. */
#ifndef CORE_ASK_H
#define CORE_ASK_H

#include "bot/core/command.h"

/* The answer settles `key` (a folded mention, or $verb, $deal, …) as `value`: a record
 * ("C9"), "none", "new C Sato", "=text" to read instead; "drop" and "keep" end it. */
struct option {
    const char *label; /* of the button */
    const char *words; /* also accepted, separated by | ; NULL: label and number only */
    const char *value;
    const char *style; /* NULL: plain */
};
enum { ASK_OPTIONS = 10 };

/* Adds the question to the reply `r` (status ask or draft) with numbered buttons
 * and stores it. `numbered`: labels get "1 ", "2 " in front. */
bool ask_question(struct call *c, struct reply *r, const char *code, const char *key,
    const struct option *options, int n, bool numbered, struct err *e) MUST_CHECK;

/* The key under which a mention is settled: a digest, so that no question on disk holds
 * what was typed. */
char *ask_mention(struct call *c, const char *typed);
/* Is the line, by its words, for few eyes? Then a question must not repeat any of it. */
bool ask_discreetly(struct call *c);

/* What was settled about `key`, or NULL. */
const char *ask_settled(const struct call *c, const char *key);

struct answered {
    bool found;
    const char *text;    /* to read again; NULL: nothing more to do */
    const char *outcome; /* "drop" or "keep" where the question ended */
    int64_t received_ms;
    int64_t note_id;
    json_t *settled;     /* the caller's */
};
/* Is `text` an answer to the open question of the conversation, or (`id` not 0) to that
 * one? */
bool ask_answer(struct call *c, int64_t id, const char *text, struct answered *out, struct err *e) MUST_CHECK;

#endif
