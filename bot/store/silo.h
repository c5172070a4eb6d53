/* Groups of agencies (silos) that were added, and what is counted by silo. */
#ifndef STORE_SILO_H
#define STORE_SILO_H

#include "bot/store/db.h"

struct silo {
    const char *code; /* as partner.silo holds it */
    const char *name, *aliases; /* aliases: comma separated, "" for none */
};
int silo_list(struct db *db, struct arena *mem, struct silo *out, int max, struct err *e);
bool silo_add(struct db *db, const struct silo *s, int64_t member, struct err *e) MUST_CHECK;
/* Name and aliases of the silo with this code. */
bool silo_update(struct db *db, const struct silo *s, struct err *e) MUST_CHECK;

struct silo_count {
    const char *code;
    int64_t partners;
    int64_t inside, across; /* introductions of its partners to others of it, to those of another silo */
};
int silo_count_list(struct db *db, struct arena *mem, struct silo_count *out, int max, struct err *e);

#endif
