/* How records read in one line of facts: shared by cards, lists and timelines. Every
 * text is in the reader's language. Never shows a note that the reader may not know
 * of. */
#ifndef HANDLERS_FACTS_H
#define HANDLERS_FACTS_H

#include "bot/core/label.h"
#include "bot/store/follows.h"
#include "bot/store/notes.h"
#include "bot/store/touches.h"

#define FACTS " · "
enum { CARD_BUTTONS = 4 };

/* What a question is about; 0: not named. */
struct scope {
    int64_t person, partner, customer, deal, member;
};
/* From the names and the numbers typed. False: a reply says which number there is none
 * of, or (e->code set) the store failed. */
bool scope_read(struct call *c, struct scope *s, struct err *e);
/* "電光デジタル · 田中様", empty for everything. */
char *scope_label(struct call *c, const struct scope *s);

/* There is no D99; for a deal with the reader's own open ones as buttons. Returns
 * false where the store failed. */
bool refuse_none(struct call *c, char kind, int64_t no, struct err *e);

/* T1042 · Zoom · 田中様 (電光デジタル) · about Acme · 45 min. The customer is left out where
 * `known` says it above; NULL: nothing is. */
char *fact_touch(struct call *c, const struct touch *t, const struct scope *known);
/* Everybody in the room, a title without a name included. */
char *fact_people(struct call *c, const struct touch *t);
/* N45 · Acme · heard afterwards from 田中 健 部長 · Against */
char *fact_note(struct call *c, const struct note *n, bool about);
char *fact_layer(struct call *c, const struct note *n);
/* D12 Aoba CMS · Acme · 電光デジタル · ¥4.8M · Proposal */
char *fact_deal(struct call *c, const struct deal *d);
char *fact_owners(struct call *c, const struct deal *d); /* Kenji, Haruka; "" nobody */
/* Stage of a live deal, otherwise what became of it. */
char *fact_standing(struct call *c, const struct deal *d);
/* C1 · 田中 健 部長 · 電光デジタル */
char *fact_person(struct call *c, const struct person *p);
/* "power, sells inside", in front of what is missing; NULL where nothing is noted. */
char *fact_evidence(struct call *c, const struct champion *h);
/* Somebody with evidence but without power: a coach, not a champion. */
bool fact_coach(const struct champion *h);
/* "Japanese native, English B1"; NULL where none is noted. */
char *fact_languages(struct call *c, int64_t person, struct err *e);
/* "Trained at Oracle"; NULL where there is none. */
char *fact_tags(struct call *c, int64_t person, struct err *e);
/* P1 · 電光デジタル · Agency · Dentsu silo */
char *fact_partner(struct call *c, const struct partner *p);
/* F31 · Follow up with 田中様 */
char *fact_follow(struct call *c, const struct follow *f);
char *fact_member(struct call *c, const struct member *m);
/* "¥18.2M, A$50,000": each currency by itself; NULL where no deal has a value. */
char *fact_sums(struct call *c, const struct deal *deals, int n);

/* Whether the reader may read the text, and whether he may know that there is one: of
 * an off-record or private text of somebody else he may not. */
bool note_readable(struct call *c, int64_t note, int64_t rev);
bool note_known(struct call *c, int64_t note);
/* A text of the note, 0: it is a stance alone. All texts of a note have the same readers. */
int64_t some_words(const struct note *n);
/* Whether he may know that there is such a consensus note. */
bool note_hinted(struct call *c, const struct note *n);
/* A consensus note whose stance the reader may see. */
bool note_shown(struct call *c, const struct note *n);

/* " · demo" behind what the demo invented. */
char *marked(struct call *c, const char *source, const char *facts);
/* A whole typed command in the reader's words: the command's first word and `rest`. */
char *typed(struct call *c, const char *command, const char *rest);
/* The locale's comma. */
const char *comma(struct call *c);

#endif
