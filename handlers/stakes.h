/* What a deal's card says of risks and benefits; shared by cards, handover and the
 * commands that change them. Risks always come first. */
#ifndef HANDLERS_STAKES_H
#define HANDLERS_STAKES_H

#include "bot/store/committee.h"
#include "handlers/facts.h"

/* The committee, senior first, each with the personal risk where it is known. */
bool put_committee(struct reply *r, int64_t deal, int *n, struct err *e) MUST_CHECK;
/* Open objections, then (`all`) the answered ones with their answers. */
bool put_objections(struct reply *r, int64_t deal, bool all, int *open, struct err *e) MUST_CHECK;
/* Committee and open objections of each deal: what stands above everything else. */
bool put_risks(struct reply *r, const struct deal *deals, int n, struct err *e) MUST_CHECK;
/* Pitch, away from: */
char *pitch_text(struct call *c, const struct pitch *p);
/* How it is argued for: away before towards. */
bool put_pitches(struct reply *r, const struct deal *d, struct err *e) MUST_CHECK;
/* A warning where a deal in Japan is argued for by gains only. */
bool warn_towards(struct reply *r, const struct deal *d, struct err *e) MUST_CHECK;
/* "First in its industry · backed by 田中様", or NULL. */
char *fact_first(struct call *c, int64_t customer);

#endif
