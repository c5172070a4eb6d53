/* What a member may write to a champion: a polite text in the champion's language, by
 * seniority and situation (locales/drafts.json), and the address that opens the champion's
 * own messenger with it. The bot itself never writes to anybody outside. */
#ifndef CORE_DRAFT_H
#define CORE_DRAFT_H

#include "bot/core/command.h"
#include "bot/store/people.h"

struct draft_about {
    const char *situation; /* meeting, ringi, silence */
    int32_t day;           /* civil day of the meeting, in the member's zone; 0: none */
    int64_t deal_id;       /* names the topic of a mail; 0: none */
};
struct draft {
    const char *situation, *language;
    const char *wanted; /* their language, where English stands in for it; else NULL */
    char *chat, *subject, *mail;
};
/* False with ERR_NOT_FOUND where the program has no drafts. */
bool draft_make(struct call *c, const struct person *p, const struct draft_about *about, struct draft *out,
    struct err *e) MUST_CHECK;
/* The situation to offer after this one, round and round; the sign-off's only where one is
 * under way for the deal. */
const char *draft_next(struct call *c, const struct draft_about *about, struct err *e);

enum { DRAFT_LINKS = 4, DRAFT_ADDRESS = 1000 };
struct draft_link {
    const char *network;
    char *url;  /* at most DRAFT_ADDRESS bytes, percent-encoded */
    bool ready; /* opens with the text; else it opens the person alone */
};
/* The addresses of a person's messengers, those that carry the text first; then the
 * telephone and the mail. A messenger without an address of its kind is left out. */
int draft_links(struct call *c, const struct person *p, const struct draft *d, struct draft_link *out, int max,
    struct err *e);

/* Adds the text, a button for each address and "other wording" (`say` NULL: none). */
bool draft_put(struct call *c, struct reply *r, const struct person *p, const struct draft_about *about,
    const char *say, struct err *e) MUST_CHECK;
/* " · LINE", " · E-mail k.tanaka@…": how the person is best reached; empty where nothing is
 * noted. Where no address opens it the name there is told. */
char *draft_reach(struct call *c, int64_t person, struct err *e);

#endif
