/* What the parts of resolving share. Private to resolve*.c. */
#ifndef CORE_RESOLVE_PRIVATE_H
#define CORE_RESOLVE_PRIVATE_H

#include "bot/core/reader.h"

struct resolving {
    struct scan *s;
    struct call *c;
    struct frame *f;
    enum reading *out; /* READING_REPLIED once something was asked */
    struct err *e;
};

/* resolve_ask.c: the questions. True unless the store failed. */
bool ask_which(struct resolving *x, struct token *t, struct name_hit *hits, int n);
bool ask_unknown(struct resolving *x, const struct token *t, struct name_hit *near, int n);
bool ask_ahead(struct resolving *x);
bool ask_date(struct resolving *x, const struct err *bad);
const char *mention_key(struct resolving *x, const struct token *t);

/* resolve_place.c: from resolved pieces to the frame. */
void place_levels(struct resolving *x);
void place_all(struct resolving *x);
void place_token(struct frame *f, struct token *t);
const char *stance_behind(struct resolving *x, int at);
void collect_words(struct resolving *x);
void join_words(struct resolving *x);
bool refs_as_names(struct resolving *x);
void take_name(struct resolving *x);
bool anchored(const struct resolving *x);
void add_id(int64_t *list, int *n, int max, int64_t id);

/* resolve_note.c: the note of a line without a separator, from the token `from` on. */
int note_start(const struct resolving *x);
void forget_names(struct resolving *x, int from);
void cut_note(struct resolving *x, int from);
/* Does a mark that leads a note (a dash, a stop) stand there? */
bool note_leads(const char *s, size_t n);

#endif
