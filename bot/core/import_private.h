/* What the parts of the import share: the table of columns that it takes, a sheet that is
 * being read, the plan of what a file would do. */
#ifndef CORE_IMPORT_PRIVATE_H
#define CORE_IMPORT_PRIVATE_H

#include "bot/core/import.h"
#include "bot/store/import.h"
#include "bot/store/members.h"
#include "bot/text/csv.h"

enum import_type {
    IN_TEXT,
    IN_WORD,
    IN_FLAG,
    IN_NUMBER,
    IN_PERCENT,
    IN_AMOUNT,
    IN_CURRENCY,
    IN_DAY,
    IN_TIME,
    IN_PARTNER,
    IN_CUSTOMER,
    IN_DEAL,
    IN_MEMBER,
    /* What is no column of the record's own row: */
    IN__OWN,
    IN_ID = IN__OWN,
    IN_EXTERNAL,
    IN_CREATED,
    IN_READING,
    IN_ALIASES,
    IN_FAMILY,
    IN_GIVEN,
    IN_COMPANY,
    IN_MAIL,
    IN_PHONE,
    IN_MESSENGERS,
    IN_CLOCK,
    IN_PEOPLE,
    IN_PARTNERS,
    IN_WORDS,
    IN_LEVEL,
    IN_SOURCED_BY,
    IN_SOURCED_AT,
    IN_MERGED,
    IN_LEFT,
};

/* A column that a file may have: `name` is its header in our own files and the key of its
 * words under import.header.<kind>. */
struct import_field {
    const char *name;
    const char *column; /* of the table; NULL from IN__OWN on */
    enum import_type type;
    const char *values;  /* IN_WORD: allowed words, separated by spaces */
    const char *lexicon; /* IN_WORD: the kind whose words mean them; NULL: none */
};
enum { FIELDS_MAX = 40, HEAD_ROWS = 30 };

struct import_kind {
    const char *name;
    char letter;
    const struct import_field
        *fields; /* ended by {0}; own columns in the order of import.sql */
};
extern const struct import_kind
    import_kinds[]; /* ended by {0}, in the order of import */
enum { IMPORT_KINDS = 5 };
const struct import_kind *import_kind_of(char letter);
int import_field_find(
    const struct import_kind *k, enum import_type type); /* -1: none */

/* Days and times as a column writes them. */
enum date_order { ORDER_NONE, ORDER_YMD, ORDER_DMY, ORDER_MDY };
struct sheet_date {
    int part[3];    /* as they stand; a year of four digits or an era is the year */
    bool settled;   /* part is year, month, day */
    bool long_year; /* part[2] has four digits */
    bool has_time, has_offset;
    int hour, minute, second;
    int64_t at_ms; /* has_offset */
};
/* False: the cell is no date. `folded` as fold_text gives it. */
bool sheet_date_read(const char *folded, struct sheet_date *out);
/* Whether the parts can be a date in that order, and which. */
bool sheet_date_fits(
    const struct sheet_date *d, enum date_order order, int *year, int *month, int *day);
/* 14:30, 午後2時半 …: false: no time. */
bool sheet_time_read(const char *folded, int *hour, int *minute, int *second);

/* A file that is being read. */
struct sheet {
    const struct import_kind *kind;
    const char *text;
    size_t n;
    char separator;
    int64_t head; /* the row of the headers */
    int n_columns;
    int field[CSV_CELLS]; /* of each column; -1: not taken */
    const char *header[CSV_CELLS];
    struct {
        enum date_order order;
        int64_t seen[4]; /* a row that only this order explains */
        int64_t unclear; /* the first row that several explain */
        const char *example;
    } dates[FIELDS_MAX];
    int64_t unit[FIELDS_MAX]; /* 金額（千円）: 1000 */
    char currency[FIELDS_MAX][4];
    const char *encoding;
    bool ours; /* has our own headers */
};
/* Finds the header among the first rows, and what each column is. ERR_USAGE: none is known. */
bool sheet_open(struct sheet *s, struct arena *mem, const struct import_options *o,
    const char *name, struct err *e) MUST_CHECK;
/* Settles the order of days in each column, from all rows. */
bool sheet_settle_dates(struct sheet *s, struct arena *mem,
    const struct import_options *o, struct err *e) MUST_CHECK;

/* A record that a file names: one that is there, or one that it brings. */
struct planned;
struct ref {
    char kind; /* 0: none */
    int64_t id;
    struct planned *fresh;
};

struct extra {
    struct extra *next;
    const char *what; /* reading, alias; mail, phone, line … */
    const char *text;
};
struct ref_list {
    struct ref_list *next;
    struct ref ref;
    const char *label; /* a person without a record */
};

/* What a row makes of a record. */
struct planned {
    struct planned *next;
    char kind;
    int64_t id; /* the row: of a known record, or once it is written */
    bool known, changed;
    int64_t own_id, created_ms, row;
    const char *key; /* to be remembered; NULL: is already, or has none */
    struct import_cell cells[FIELDS_MAX];
    struct ref refs[FIELDS_MAX]; /* of the cells that name records */
    struct extra *extras;
    struct ref_list *people, *partners;
    const char *words, *level;
    struct ref sourced_by;
    int64_t sourced_ms;
    int64_t merged_into; /* number of a deal */
};

/* import_index.c: names and keys, of the store and of the file. */
struct named {
    struct named *next;
    struct ref ref;
    struct ref firm; /* of a person, a deal */
    const char *value; /* of a word */
};
struct import_index;
struct import_index *index_create(void);
void index_destroy(struct import_index *x);
bool index_load(struct import_index *x, struct db *db, const struct catalogue *words,
    struct err *e) MUST_CHECK;
/* Those called so; `folded` by fold_name. */
struct named *index_named(struct import_index *x, char kind, const char *folded);
void index_add(struct import_index *x, char kind, const char *folded, struct ref ref,
    struct ref firm);
/* The record with that key; kind 0: none. */
struct ref index_key(struct import_index *x, char kind, const char *key);
void index_key_add(struct import_index *x, char kind, const char *key, struct ref ref);
/* What a word in a column means, once found: NULL as well, where `*known`. */
const char *index_value(struct import_index *x, int field, const char *typed, bool *known);
void index_value_add(struct import_index *x, int field, const char *typed, const char *value);
bool ref_same(struct ref a, struct ref b);

/* A file that is being planned. */
struct plan {
    struct db *db;
    const struct import_options *o;
    struct sheet *sheet;
    struct import_result *result;
    struct arena mem; /* of the plan */
    struct arena row_mem;
    struct import_index *index;
    struct member *members;
    int n_members;
    struct planned *first, **end;
    int64_t row;
    bool refused; /* this row */
    int64_t now_ms;
    const char *market;      /* of who imports; NULL */
    struct firm_seen *firms; /* partners that the file is about */
    struct said *said;       /* what was warned of once */
};
struct said {
    struct said *next;
    const char *text;
};
struct firm_seen {
    struct firm_seen *next;
    struct ref ref;
    bool changed;
};
/* So much of a cell as a line of the report has room for. */
const char *plan_shown(struct plan *p, const char *typed);
/* One line of the report about the row at hand. */
void plan_say(struct plan *p, enum import_tone tone, const char *fmt, ...) PRINTF(3, 4);
bool plan_row(struct plan *p, const char *const *typed, struct err *e) MUST_CHECK;
struct planned *plan_add(struct plan *p, char kind);
/* A field of the sheet's kind by type or by name, -1: none; what the row has there. */
int plan_column(const struct plan *p, enum import_type type);
int plan_field(const struct plan *p, const char *name);
const char *plan_typed(struct plan *p, const char *const *typed, enum import_type type);

/* import_finish.c: what a row needs besides its cells. */
void plan_saw_firm(struct plan *p, struct ref ref, bool changed);
/* Of a new record, where the file says nothing. */
void plan_default(
    struct plan *p, struct planned *r, const char *name, struct import_cell c);
bool plan_is_closed(const char *state);
void plan_finish_deal(struct plan *p, struct planned *r, const char *state,
    const char *const *typed, struct err *e);
/* With whom it was: firms follow from their people, as when it is typed. */
bool plan_finish_touch(struct plan *p, struct planned *r, const char *const *typed,
    struct ref company, struct err *e) MUST_CHECK;

/* import_match.c: which record a row or a cell means. */
/* A firm, a person or a deal that a cell names: by its id, else by its name. `firm` chooses
 * among people. With `make` one that is not there yet becomes one. kind 0: none, and told. */
struct ref match_named(struct plan *p, char kind, const char *typed, struct ref firm,
    bool make, struct err *e);
/* The company of a row, a partner or a customer. */
struct ref match_company(struct plan *p, const char *typed, struct err *e);
/* The record that the row is about, of the sheet's kind; NULL: refused, or (e->code) an
 * error. */
struct planned *match_row(struct plan *p, const char *const *typed, const char *name,
    struct ref firm, struct err *e);
struct planned *match_known(struct plan *p, char kind, int64_t id);
bool own_number(char kind, const char *typed, int64_t *no);

/* import_cell.c: a cell as the column wants it; false: refused, and reported. */
bool cell_read(struct plan *p, int field, const char *typed, const char *currency,
    struct import_cell *out);
void plan_know_members(struct plan *p);
/* The value that a word has for the field; false: none. Warns of nothing. */
bool cell_word(struct plan *p, int field, const char *typed, const char **out);
/* Warns, of the same thing once. */
void plan_warn_once(struct plan *p, const char *text);
char *cell_text(struct plan *p, const struct import_field *f,
    const struct import_cell *c, const char *currency);
bool cell_instant(
    struct plan *p, int field, const char *typed, const char *clock, int64_t *ms);
/* The currency that amounts of the row are in: its column, the header, the market's. */
const char *cell_currency(struct plan *p, const char *typed, const char *market);

/* import_write.c */
bool plan_write(struct plan *p, const char *name, struct err *e) MUST_CHECK;

#endif
