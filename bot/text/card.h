/* What a pasted e-mail signature or the text of a business card says: name, kana, firm,
 * department, title, mail, telephone. Addresses, web addresses and slogans are counted,
 * not kept. Pure: knows no firm and no person, and stores nothing; what it is not sure
 * of it leaves out, and people confirm the rest. */
#ifndef TEXT_CARD_H
#define TEXT_CARD_H

#include "bot/text/catalogue.h"

enum { CARD_PHONES = 3, CARD_BYTES = 4096, CARD_LINES = 40 };

struct card {
    char *name, *company; /* as written */
    char *kana;           /* how the name is read: kana or Latin letters */
    char *department, *title;
    char *mail;                 /* lower case */
    char *phones[CARD_PHONES];  /* digits, hyphens and + only; no fax */
    int n_phones;
    bool firm_guessed; /* company is what was left over, not what says that it is a firm */
    int n_lines; /* lines that say something */
    int n_left;  /* of these, lines of which nothing was kept */
    int n_plain; /* of these, lines that are neither an address nor a web address */
};

/* Who knows firms by name: a line may name one without any 株式会社. */
struct card_firms {
    bool (*known)(void *ctx, const char *name);
    void *ctx;
};
/* False where the text is longer than CARD_BYTES or CARD_LINES. `firms` may be NULL. */
bool card_parse(struct arena *mem, const struct catalogue *words, const struct card_firms *firms,
    const char *text, size_t n, struct card *out);
/* Is it so surely a card that nobody needs to say so? A name, a way to reach the person,
 * a firm or title, three lines or more and hardly anything else. */
bool card_sure(const struct card *c);

#endif
