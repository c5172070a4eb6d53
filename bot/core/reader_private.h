/* What the parts of reading share. Private to reader.c and guess.c. */
#ifndef CORE_READER_PRIVATE_H
#define CORE_READER_PRIVATE_H

#include "bot/core/reader.h"

/* The command or figure whose word begins the line, or NULL; `*end` is behind it and
 * what hangs on it. */
const struct phrase *reader_verb(struct call *c, const struct folded *f, size_t *end);
/* The command whose verb stands behind a time or words that lead to it (tomorrow 8:30
 * follow Ito, we met Acme), or NULL; `s` remembers where. */
const struct command *reader_verb_behind(struct call *c, struct scan *s, const struct folded *f);
/* Where the deal's number begins, and the word that says what became of it, with what
 * hangs on it; 0, 0: a stage. */
struct deal_act {
    size_t from, word, end;
};
/* D12 won: the command that a deal's number at the line's beginning and what stands
 * behind it mean, or NULL. */
const struct command *reader_deal_act(struct call *c, const struct folded *f, struct deal_act *act);
/* Acme renewal won, Sakuragawa on hold until april: what became of the deal that is named
 * first, right behind the name; or NULL. `s` holds the head and remembers where. */
const struct command *reader_named_deal_act(struct call *c, struct scan *s);
/* Where what hangs on a word that ends at `at` ends; `*first` is what hangs there. */
size_t reader_behind_tail(struct call *c, const struct folded *f, size_t at, enum tail *first);
/* 飲みじゃなくて会食, from `from` on: where what is right begins; 0: nothing is denied. */
size_t reader_denial(struct call *c, const struct folded *f, size_t from);
/* やっぱり|さっきの取り消して: does the text ask for nothing but to take the last change back? */
bool reader_takes_back(struct call *c, const char *text, size_t n);
/* Is this a signature, behind `contact` or so surely that it needs no verb? Then c->command
 * and c->f->card are set, or a refusal is given. `text` is what follows the verb. */
bool reader_card(struct call *c, const struct command *verb, const char *text, size_t n, enum reading *out);
/* 田中様 木曜まで不在: beside no channel, with a day that it lasts to or (`reason`) only
 * with why, an absence and not somebody who was not reached. */
bool reader_says_away(struct call *c, const char *head, size_t n, bool reason);
/* The command of a line without a verb, or NULL; `s` holds the head as it was scanned. */
const struct command *reader_guess(struct call *c, struct scan *s, const char *head, size_t n);

/* Does the head name a list, as in `my deals`? */
bool reader_names_list(struct call *c, const char *head, size_t n);

bool reader_digit(char c);
bool reader_cjk_at(const char *s, size_t n, size_t at);   /* Han or kana */
bool reader_latin_at(const char *s, size_t n, size_t at); /* Latin letter or digit */

/* Where a head ends at the latest: thirty people with their titles fit before it. What
 * stands behind is note and is not looked into, so that no message costs more to read
 * than this much of one. */
size_t reader_head_limit(const char *text, size_t n, size_t max);

/* reader_talk.c. */
/* thanks, OK got it, お疲れ様です: a short human answer, nothing stored. The first of
 * several says which. Where more follows a greeting, `*behind` is where. */
bool reader_small_talk(struct call *c, const char *text, size_t *behind);
/* よろしくおねがしいます: a greeting in kana with a slip of the finger, answered as one. */
bool reader_nearly_talk(struct call *c, const struct folded *f);

#endif
