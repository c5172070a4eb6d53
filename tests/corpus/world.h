/* The world that every line of the corpus meets (README.md beside this file), and the
 * keys by which the corpus names its records. */
#ifndef TESTS_CORPUS_WORLD_H
#define TESTS_CORPUS_WORLD_H

#include <jansson.h>
#include "bot/core/engine_private.h"

struct engine *world_open(void);
void world_close(struct engine *g);
/* "C1" -> "tanaka_ken"; an id without a key comes back as it is; NULL stays NULL. */
const char *world_key(const char *id);
/* Are the firms of a record those typed, and otherwise only the firms of its people, its
 * deal or its source? */
bool world_orgs_fit(struct arena *mem, const char *want, const char *got, const char *people,
    const char *deal, const char *from);
char *world_unescape(struct arena *mem, const char *s); /* \n */
/* Trees whose texts are still looked at; released together. */
void world_keep(json_t *tree);
void world_release(void);

#endif
