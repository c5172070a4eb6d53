/* K. Tanaka, Emma L: an initial beside a name narrows it by the given name. */
#include <string.h>
#include "bot/core/resolve_private.h"
#include "bot/store/people.h"

struct initials {
    struct arena *mem;
    const char *surname; /* as typed, by its sound */
    char letter;
    bool fits, differs;
};

static bool word_fits(const struct initials *x, const char *word)
{
    char *sound = fold_romaji(x->mem, word);
    return sound && *sound == x->letter && strcmp(sound, x->surname) != 0;
}

/* One of the person's names: where it has two words that sound like something, the one
 * that was not typed begins with the letter or it does not. */
static void look_at_name(void *ctx, const struct name_row *row)
{
    struct initials *x = ctx;
    const char *space = strchr(row->text, ' ');
    char *first = space ? arena_strndup(x->mem, row->text, (size_t)(space - row->text)) : NULL;
    if (!first || !fold_romaji(x->mem, first) || !fold_romaji(x->mem, space + 1))
        return;
    bool fits = word_fits(x, first) || word_fits(x, space + 1);
    x->fits = x->fits || fits;
    x->differs = x->differs || !fits;
}

bool initial_fits(struct resolving *x, const struct token *t, int64_t person)
{
    struct initials names = { .mem = x->c->mem, .letter = t->initial };
    struct token bare = *t;
    bare.at = t->name_at;
    bare.len = t->name_len;
    names.surname = fold_romaji(x->c->mem, token_text(x->s, &bare));
    if (!t->initial || !names.surname || !name_each(x->c->db, 'C', person, look_at_name, &names, x->e))
        return true;
    return names.fits || !names.differs;
}
