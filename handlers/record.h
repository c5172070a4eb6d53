/* What the handlers that log share: the deal that is meant, the note and its level, the
 * lines of an echo. */
#ifndef HANDLERS_RECORD_H
#define HANDLERS_RECORD_H

#include "bot/core/command.h"
#include "bot/core/label.h"
#include "bot/store/notes.h"
#include "bot/store/touches.h"

/* Live and not paused: what a log may be taken for without its number. */
struct meant_deal {
    int64_t id;
    bool assumed;
    struct deal several[3]; /* where none could be taken */
    int n_several;
};
/* The deal typed (D12), else the customer's only live one, else the one live deal with
 * the partner that this member touched in the last 30 days. Several: none is taken. */
bool find_deal(struct call *c, int64_t customer, int64_t partner, struct meant_deal *out,
    struct err *e) MUST_CHECK;
/* The deal of a command about deals: typed, answered, or the customer's only live one.
 * `*asked`: it was asked which one, likeliest first. */
bool need_deal(struct call *c, struct deal *out, bool *asked, struct err *e) MUST_CHECK;

/* A command without a note loses no words: what could not be placed is refused. */
bool words_left(struct call *c);
/* An address in the line, as typed, NULL: none; its pieces are no words that are left over. */
const char *typed_link(struct call *c);
/* [Show] and [Undo] of a record's own card. */
void show_and_undo(struct reply *r, const char *id);

/* Stores the frame's note; `level` where none was typed. Fills the touch point's or
 * note's id and revision; 0 where there is no note. */
bool store_note(struct call *c, const char *level, int64_t deal, int64_t *note,
    int64_t *rev, struct err *e) MUST_CHECK;
/* The same of any text; `*note` 0: a new one, else its next revision. */
bool store_words(struct call *c, const char *text, const char *level, int64_t deal,
    int64_t *note, int64_t *rev, struct err *e) MUST_CHECK;
/* The level that holds: typed, or the default. */
const char *level_of(const struct call *c, const char *fallback);
/* "off the record: you only" and the like; NULL where `level` is the usual one. */
char *level_text(struct call *c, const char *level, const char *usual);

/* People of a touch point, senior first as typed: 田中様 (電光デジタル), 部長 (name unknown). */
char *people_text(struct call *c, const struct touch *t, const char *honorific);
/* Zoom; Phone, no answer (attempt …); 対面（ランチ） */
char *channel_text(struct call *c, const struct touch *t);
/* ≈today 17:20, or the day alone where no time was typed. */
char *when_text(struct call *c, const struct frame *f, int64_t at_ms);

/* ¥4.8M, with the ISO code where a bare $ was typed; NULL where none was named. */
char *amount_text(struct call *c, const struct touch *t);
/* Cue tags read in the note, as they are stored; NULL: none. */
char *cue_list(struct call *c);
/* The cue words of the note in the reader's language, inside the message `key`; or NULL. */
char *cues_text(struct call *c, const char *key);
/* The same of a stored list. */
char *cues_of(struct call *c, const char *cues, const char *key);
/* One tap takes off a cue that was read in the note. */
void cue_chips(struct call *c, struct reply *r, const char *id);
/* [Who may read this], where only named readers may and the author said so. */
void readers_button(struct reply *r, const char *id, const char *level);
/* Fields of a touch point for records[]. */
void record_touch(struct call *c, struct reply *r, const struct touch *t, const char *verb,
    const char *level);
/* [Edit] and [Undo] of a record. */
/* "Who was 部長?" behind a meeting: begins the line that names somebody noted by title. */
void button_who(struct call *c, struct reply *r, const char *id, const char *label);
void correct_buttons(struct call *c, struct reply *r, const char *id);
/* Takes the frame's people, labels and firms into the touch point. */
bool take_people(struct call *c, struct touch *t, struct err *e) MUST_CHECK;
/* contact from a pasted card, c->f->card (card_text.c); its echo (people.c). */
bool card_run(struct call *c, struct err *e) MUST_CHECK;
bool tell_contact(struct call *c, int64_t person, bool fresh, struct err *e) MUST_CHECK;
/* A name close to the new one `c->f->name` is offered before a second record of the
 * same person or firm is made (kind C, P, A). `asked`: the question was put. */
bool offer_known(struct call *c, char kind, bool *asked, struct err *e) MUST_CHECK;
/* Stores the typed reading and aliases and makes the record findable by them. */
/* The reading and aliases typed, for the echo; NULL: none. */
char *names_text(struct call *c);
bool add_typed_names(struct call *c, char kind, int64_t id, struct err *e) MUST_CHECK;

#endif
