/* The two layers of consensus, side by side: in the room, and heard afterwards. Both are
 * kept; the later never takes the place of the earlier. Summaries count people; names
 * are shown by put_stances alone, which only a note's own card uses. */
#ifndef HANDLERS_LAYERS_H
#define HANDLERS_LAYERS_H

#include "handlers/facts.h"

enum { SIDE_FOR, SIDE_UNKNOWN, SIDE_AGAINST, SIDE_SPLIT, SIDES };

struct side {
    int notes;        /* that the reader may see; 0: nothing is known of this layer */
    struct note last; /* the latest */
    bool counted;     /* persons were named: `count` holds */
    int count[SIDES];
};
struct layers {
    struct side room, after;
    bool secret; /* a note for few eyes is among them: so is the answer */
};

/* What the reader may see of the notes that `f` finds. Of a deal, members of its
 * committee who said nothing count as unknown. False: the store failed. */
bool layers_read(struct call *c, const struct note_filter *f, struct layers *out,
    struct err *e) MUST_CHECK;
/* "5 for, 1 unknown, 0 against", "against", or "–". */
char *side_text(struct call *c, const struct side *s);
/* Two fields with times and sources, and the same as data; nothing where both are empty. */
void layers_put(struct reply *r, const struct layers *l);
/* Names by stance: For: 佐藤様、鈴木様. */
bool put_stances(struct reply *r, int64_t note, struct err *e) MUST_CHECK;
/* The group's stance from those of its people: the one they share, split where some are
 * for and some against, otherwise unknown. NULL where nobody's is given. */
const char *group_stance(const struct frame *f);

#endif
