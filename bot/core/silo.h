/* Silos that were added to those of the lexicon: how they are found in a head and called
 * in a reply. */
#ifndef CORE_SILO_H
#define CORE_SILO_H

#include "bot/core/command.h"

enum { SILOS = 60 };

/* The code of the added silo whose name or alias, folded, begins at s[at], the longest, and
 * its length; NULL: none does. */
const char *silo_match(struct call *c, const char *s, size_t n, size_t at, size_t *len);
/* Its name as added; NULL: no such silo was. */
char *silo_name(struct call *c, const char *code);

#endif
