/* The reader of messages: from what a person typed to a command and its frame. Asks
 * where it is not sure and never guesses in silence. scan.c finds the pieces of a head,
 * resolve.c makes them people, firms, records and instants and asks (resolve_doubt.c) where
 * something is left that it could not use, reader.c finds the verb and
 * decides what is head and what is note. Changes nothing but what an answer allowed
 * ("new"). */
#ifndef CORE_READER_H
#define CORE_READER_H

#include "bot/core/command.h"
#include "bot/core/names.h"
#include "bot/text/fold.h"

/* Words of commands and figures of every locale, folded; built once. */
struct phrase {
    const char *text;
    size_t n;
    const struct command *command; /* or: */
    const char *kpi;               /* "K6" */
};
struct phrases {
    struct phrase *items;
    size_t n, cap;
    struct arena mem;
};
struct phrases *phrases_create(const struct catalogue *words);
void phrases_destroy(struct phrases *p);

enum token_type {
    TOKEN_UNKNOWN, TOKEN_NAME, TOKEN_WORD, TOKEN_WHEN, TOKEN_MONEY, TOKEN_PERCENT, TOKEN_NUMBER,
    TOKEN_REF, TOKEN_KPI, TOKEN_PERIOD, TOKEN_OTHERS, TOKEN_HANDLE, TOKEN_VALUE,
    TOKEN_PREP, TOKEN_VERB, TOKEN_SKIP, TOKEN_MARK /* punctuation by itself */
};
enum { HITS = 8, TOKENS = 160 };
/* What hangs on a token in Japanese: nothing, に と で, は が も を, の, した, する. */
enum tail { TAIL_NONE, TAIL_LINK, TAIL_TOPIC, TAIL_OF, TAIL_VERB, TAIL_PLAN };
struct token {
    enum token_type type;
    size_t at, len; /* in the folded head */
    size_t end;     /* behind what hangs on it: suffixes, particles, endings */
    enum tail tail; /* the first of them */
    bool before;    /* TOKEN_SKIP: an adverb, part of what follows it */
    struct name_hit hits[HITS];
    int n_hits;
    enum frame_word kind; /* TOKEN_WORD */
    const char *value;    /* TOKEN_WORD, _VALUE: what it says */
    const char *key;      /* TOKEN_VALUE: reading, alias …; _PREP: from, with, via */
    const struct command *verb; /* TOKEN_VERB */
    struct when_token when;
    struct money money;
    enum money_doubt doubt;
    bool dollar;
    struct ref ref;
    struct period period;
    int64_t number; /* TOKEN_OTHERS, _NUMBER, _PERCENT (basis points) */
    const char *role;      /* the preposition before a name: from, with, via, by */
    const char *honorific; /* behind a name, as typed */
    const char *title;     /* behind a name, as typed */
    size_t title_at, title_len;
    char initial;          /* of the other name: K. Tanaka; '\0': none */
    size_t name_at, name_len; /* the name beside it, where there is one */
    bool firm;             /* behind @ */
    bool settled_none;     /* an answer said: leave it out */
    bool own;           /* inside the words of a note, but an answer said: the record's */
    bool in_note;          /* part of a note that no separator begins: means nothing */
    bool links;            /* a word that may also only lead over: for */
    bool listed;           /* a word behind + or &: somebody nobody knows */
    bool longer;           /* a name that only begins as a known one does: 青葉運輸 */
};
struct scan {
    struct call *c;
    const struct command *command;
    struct folded text; /* of the head */
    const char *head;   /* verbatim */
    bool seek; /* commands' words are looked for behind the beginning */
    size_t verb_at, verb_end; /* of such a verb, left out; 0, 0: none */
    size_t lead_end; /* words before this only lead to the verb or the head: we, please, fwd: */
    struct token *tokens; /* on the arena: TOKENS, or as many as the text has bytes */
    int n;
};

/* What may stand before the colon of a handle, and the network that it names; word NULL
 * ends them. */
extern const struct handle_word {
    const char *word, *network;
} handle_words[];

/* Finds the pieces of `head` that `command` takes. */
void scan_head(struct scan *s, struct call *c, const struct command *command,
    const char *head, size_t n);
/* 2026-03-01..2026-03-31, both days included; 0: not one. */
size_t scan_day_range(const struct scan *s, size_t at, struct token *t);
/* The name of one of the team's seasons: the latest that has begun, else the next one. */
size_t scan_season(struct scan *s, size_t at, struct token *t);
/* team East, 東チーム: one of the teams that members belong to, as it is spelled there. */
size_t scan_team(struct scan *s, size_t at, struct token *t);
/* How the team is spelled that folds like this, _ for a space; NULL: there is none. */
const char *team_spelled(struct call *c, const char *typed);
/* The particle or verb ending at `at`, directly behind a known word (`name`: of somebody
 * or a firm); 0: none. */
size_t scan_tail(const struct scan *s, size_t at, bool name, enum tail *tail);
/* The same behind a gap, where it must end at one too. */
size_t scan_loose_tail(const struct scan *s, size_t at);
/* The length of a face at `at`, with its arms: (汗), (^_^)v; 0: none. */
size_t scan_face(const struct catalogue *words, const struct folded *f, size_t at);
/* Does a space, a comma or the like stand there? */
bool scan_separates(const struct scan *s, size_t at);
/* The second half of scan_head: joins names and links roles. */
void scan_link(struct scan *s);
/* What an answer settled about the piece, if anything. */
void scan_settle(const struct scan *s, struct token *t);
/* Where the name of a deal that begins with piece `i`, its customer's name, ends in the
 * folded head; 0: none begins there. */
size_t deal_name_end(struct scan *s, int i, int64_t *deal);
/* Is the channel at piece `i` named as a way: by email, on the phone? */
bool scan_names_way(const struct scan *s, int i);
/* May the reader know of this person, firm or member? A partner's user knows of the
 * partner's own people, and of the customers of its deals. */
bool name_visible(const struct call *c, char kind, int64_t id);
/* What the token covers, as typed. */
char *token_text(const struct scan *s, const struct token *t);
/* Is it, whole, a word of the lexicon's kind? */
bool token_says(const struct scan *s, const struct token *t, const char *kind);

enum reading {
    READING_RUN,     /* c->command and c->f are ready */
    READING_REPLIED, /* a question, a draft or a refusal was added to c->replies */
};
/* Reads `text`. False only where the store failed. */
bool read_message(struct call *c, const char *text, enum reading *out, struct err *e) MUST_CHECK;
/* Turns the pieces into c->f; asks where two records match or none does. */
bool resolve_frame(struct scan *s, enum reading *out, struct err *e) MUST_CHECK;

#endif
