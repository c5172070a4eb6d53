/* A pasted signature is read as a whole: its lines are no head, and its names are not
 * looked up before the handler has shown what was read. */
#include <string.h>
#include "bot/core/reader_private.h"

static int line_breaks(const char *s, size_t n)
{
    int breaks = 0;
    for (size_t i = 0; i < n; i++)
        breaks += s[i] == '\n';
    return breaks;
}

static bool starts_with_break(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n && (s[i] == ' ' || s[i] == ':'))
        i++;
    return i < n && s[i] == '\n';
}

/* 電話 田中様, then the note: a touch point. */
static bool says_contact(struct call *c, const char *text, size_t n)
{
    static const char *const kinds[] = { "channel", "outcome", "place" };
    struct folded f = fold_text(c->mem, text, n);
    struct word w[8];
    int found = catalogue_match(c->words, f.s, f.n, 0, w, 8);
    for (int i = 0; i < found; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (!strcmp(w[i].kind, kinds[k]))
                return true;
    return false;
}

static bool known_firm(void *ctx, const char *name)
{
    struct call *c = ctx;
    struct name_hit hits[HITS];
    int n = names_find(c->names, c->mem, name, hits, HITS);
    for (int i = 0; i < n; i++)
        if ((hits[i].kind == 'P' || hits[i].kind == 'A') && hits[i].score <= 1)
            return true;
    return false;
}

bool reader_card(struct call *c, const struct command *verb, const char *text, size_t n, enum reading *out)
{
    enum { FEW = 2 };
    struct card *card = ARENA_NEW(c->mem, struct card);
    bool asked = verb && !strcmp(verb->id, "contact");
    if ((verb && !asked) || line_breaks(text, n) < (asked ? 1 : FEW))
        return false;
    bool bare = asked && starts_with_break(text, n);
    struct card_firms firms = { known_firm, c };
    if (!card_parse(c->mem, c->words, &firms, text, n, card)) {
        if (bare)
            reply_new(c, REPLY_REFUSED, "card.too_long", NO_ARGS);
        *out = READING_REPLIED;
        return bare;
    }
    if (!bare && (!card_sure(card) || (!asked && says_contact(c, text, n))))
        return false;
    c->command = command_find("contact");
    c->f->card = card;
    *out = READING_RUN;
    return true;
}
