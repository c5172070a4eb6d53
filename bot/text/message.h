/* The one door to icu::MessageFormat: full CLDR grammar with named arguments. */
#ifndef TEXT_MESSAGE_H
#define TEXT_MESSAGE_H

#include "bot/base/arena.h"

#ifdef __cplusplus
extern "C" {
#endif

struct message;
/* NULL with `why` (of n bytes) filled where ICU refuses the pattern. */
struct message *message_create(const char *locale, const char *pattern, char *why, int n);
void message_destroy(struct message *m);
/* malloc'ed UTF-8, or NULL where formatting failed. */
char *message_format(const struct message *m, const struct msg_arg *args);
/* Names of the arguments, in order of appearance: number; each borrowed from `m`. */
int message_args(const struct message *m, const char **names, int max);

#ifdef __cplusplus
}
#endif

#endif
