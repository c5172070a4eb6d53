/* The parts of a consensus note: what was said, what was decided, what worries them, and
 * the next step. Each is a text of its own with the note's readers. */
#ifndef HANDLERS_PARTS_H
#define HANDLERS_PARTS_H

#include "handlers/facts.h"

/* Stores what the frame's note says: a line (or, behind a semicolon or a full stop, a
 * stretch) that begins with a part's word and a colon is that part; all else is the note.
 * `usual`: the level where none was typed. Fills the note's references. */
bool store_parts(struct call *c, struct note *n, const char *usual, struct err *e) MUST_CHECK;
/* Decision, concerns and next step as fields, by reference. */
void put_parts(struct reply *r, const struct note *n);

#endif
