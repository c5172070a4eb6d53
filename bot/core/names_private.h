/* The names in memory as a table of spellings, each with the records that go by it.
 * Private to names*.c. names_table.c keeps it and finds exact keys and beginnings,
 * names_near.c the near misses, names.c what a record's keys are. */
#ifndef CORE_NAMES_PRIVATE_H
#define CORE_NAMES_PRIVATE_H

#include "bot/core/names.h"

enum { KEY_BYTES = 250 }; /* a longer key is nobody's */
#define NO_ROW UINT32_MAX

/* A key that some record has, or had: a spelling is never taken out, its records are. */
struct spelling {
    char *text;
    uint32_t hash, next; /* in its bucket */
    uint32_t row;        /* its first record, NO_ROW: none now */
    int points;          /* its length in code points */
    uint32_t letters;    /* which it has, a bit each */
};
/* One record under one spelling. */
struct named {
    uint32_t spelling;
    uint32_t next;           /* under the same spelling; in the list of free rows */
    uint32_t next_of_record; /* in the record's bucket */
    struct name_hit hit;
};
/* Spellings in the order of their bytes; the first eight of them stand here, so that a
 * search seldom has to look at the text. */
struct place {
    uint64_t head;
    uint32_t spelling;
};
struct order {
    struct place *places;
    size_t n, cap, sorted; /* those behind `sorted` wait for order_sort */
};
/* The deletion neighbourhood: each spelling under each of its shortened forms. */
struct near_entry {
    uint32_t next;
    uint32_t mark_spelling; /* 8 bits of the form's hash, 24 of the spelling */
};
struct nearby {
    struct near_entry *entries;
    size_t n, cap;
    uint32_t *buckets;
    size_t n_buckets;
    uint32_t spellings; /* so many are entered */
};
struct record {
    char kind;
    int64_t id;
};
struct names {
    const struct catalogue *words;
    struct spelling *spellings;
    size_t n_spellings, cap_spellings;
    struct named *rows;
    size_t n_rows, cap_rows;
    uint32_t free_rows;
    uint32_t *buckets, *record_buckets; /* both as many as n_buckets */
    size_t n_buckets;
    struct order all;   /* every spelling: can a longer name begin so? */
    struct order firms; /* those of firms in scripts without spaces: 青葉 is 青葉食品 */
    struct nearby near;
    int longest; /* code points */
    struct record *unsettled; /* re-read if the transaction rolls back */
    size_t n_unsettled, cap_unsettled;
    int64_t journal; /* the changes up to here are known */
};

uint32_t names_hash(const char *s);
/* A bit for each character that stands in it; several share one. */
uint32_t names_letters(const char *s);
uint32_t names_hash_step(uint32_t h, unsigned char c);
#define HASH_START 2166136261u /* FNV-1a */

/* A record's key; the better score stays where it has it already. `firm`: it may be
 * typed by its beginning alone. */
void table_add(struct names *n, const char *text, struct name_hit hit, bool firm);
void table_remove(struct names *n, char kind, int64_t id);
void table_finish(struct names *n);
/* After adding: puts in order what came, and enters it for near misses. */
void table_settle(struct names *n);
/* Adds those with exactly this key to out[count]; the new count. */
int table_find(const struct names *n, const char *text, uint32_t hash, struct name_hit *out,
    int count, int max);
bool table_has(const struct names *n, const char *text, char kind, int64_t id);
/* As table_find for firms whose name goes on behind `text`. */
int table_find_beginning(const struct names *n, const char *text, struct name_hit *out,
    int count, int max);
/* Does any key begin so? */
bool table_begins(const struct names *n, const char *text, size_t len);
/* Adds a hit unless the record is there already; keeps the best `max`, best first. */
int table_add_hit(struct name_hit *out, int count, int max, struct name_hit hit);

void near_enter(struct names *n);
void near_finish(struct nearby *near);
/* Adds what is within `cut` edits of `text` (one or two). */
int near_find(const struct names *n, const char *text, int cut, struct name_hit *out, int max);

bool names_cjk(const char *s); /* does it begin in a script without spaces? */

#endif
