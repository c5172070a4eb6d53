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
    int note_from, note_to; /* the pieces of a note without a separator; both as many as there are: none */
};

/* resolve_ask.c: the questions. True unless the store failed. */
bool ask_which(struct resolving *x, struct token *t, struct name_hit *hits, int n);
bool ask_unknown(struct resolving *x, const struct token *t, struct name_hit *near, int n);
bool ask_ahead(struct resolving *x);
bool ask_two_dates(struct resolving *x, int a, int b, const int64_t at_ms[2]);
bool ask_end(struct resolving *x, const struct token *t);
bool ask_date(struct resolving *x, const struct err *bad);
const char *mention_key(struct resolving *x, const struct token *t);

/* resolve_note.c: the note where no separator was typed. mark_note says which pieces are
 * its own (in_note), cut_note puts it into the frame. */
void mark_note(struct resolving *x);
void cut_note(struct resolving *x);
bool anchored(const struct resolving *x);
/* The piece that tells how, only inside what would be the note from `from` on; -1: none. */
int channel_inside(const struct resolving *x, int from);
/* The note begins with piece `i`. */
void note_from_here(struct resolving *x, int i);

/* resolve_sentence.c. Does the piece stand right at the one before it, as words of one
 * sentence do in scripts without spaces? */
bool hangs_on(const struct scan *s, int i);
bool is_channel(const struct token *t);
/* Once it is said with whom and how, a word that only goes on into a sentence belongs to
 * what was heard. */
bool begins_sentence(const struct resolving *x, int i);

/* resolve_longer.c. What is the rest of a known firm's name means nothing by itself; what
 * makes a known name the beginning of another (青葉|運輸) becomes that unknown one. */
void join_rest_of_firms(struct resolving *x);
void join_longer_names(struct resolving *x);
/* Is none of the hits somebody? */
bool only_firms(const struct token *t);

/* resolve_initial.c: does the initial typed beside the name fit the person's names? True
 * where nothing says that it does not. */
bool initial_fits(struct resolving *x, const struct token *t, int64_t person);

/* resolve_doubt.c: asks about evidence in the head that reading would leave unused, or
 * that says two things. False where the store failed. */
bool ask_doubts(struct resolving *x);

/* resolve_taken.c: the same about words that take back what the head says or leave it open. */
bool ask_taken_back(struct resolving *x);

/* resolve_part.c: the same about pieces that are the record's or the note's; take_parts
 * does what answers said. */
bool ask_left_over(struct resolving *x);
bool ask_facts(struct resolving *x);
bool ask_unsure(struct resolving *x);
void take_parts(struct resolving *x);

/* resolve_when.c: puts the instant into the frame, or asks. False where the store failed. */
bool resolve_when(struct resolving *x);

/* resolve_dated.c: days that belong to a word beside them leave the pieces for f->dated. */
void take_dated(struct resolving *x);

/* resolve_deal.c: a deal's name behind its customer's becomes that deal. */
void take_deal_names(struct resolving *x);

/* resolve_refuse.c. */
void refuse_unknown(struct resolving *x);
void refuse_words(struct resolving *x);
bool refuse_money(struct resolving *x);

/* resolve_place.c: from resolved pieces to the frame. */
void place_levels(struct resolving *x);
void place_all(struct resolving *x);
const char *stance_behind(struct resolving *x, int at);
void collect_words(struct resolving *x);
void join_words(struct resolving *x);
bool refs_as_names(struct resolving *x);
void take_name(struct resolving *x);
void refuse_long_names(struct resolving *x); /* that would be stored */
void add_id(int64_t *list, int *n, int max, int64_t id);

#endif
