/* The words of commands and figures of every locale, folded once at start. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/kpi.h"
#include "bot/core/reader.h"

static void add_phrase(struct phrases *p, const char *word, const struct command *c,
    const char *kpi)
{
    struct folded f = fold_text(&p->mem, word, strlen(word));
    if (!f.n)
        return;
    GROW(p->items, p->cap, p->n);
    p->items[p->n++] = (struct phrase){ f.s, f.n, c, kpi };
    char *twin = c ? fold_other_kana(&p->mem, f.s) : NULL; /* ふぉろー is フォロー */
    if (!twin)
        return;
    GROW(p->items, p->cap, p->n);
    p->items[p->n++] = (struct phrase){ twin, strlen(twin), c, kpi };
}

static int longer_first(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    return x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

struct phrases *phrases_create(const struct catalogue *words)
{
    struct phrases *p = xcalloc(1, sizeof *p);
    for (int loc = 0; loc < catalogue_locales(words); loc++) {
        for (const struct command *const *c = commands; *c; c++) {
            char *path = arena_printf(&p->mem, "commands.%s.words", (*c)->id);
            for (int i = 0; i < catalogue_list(words, loc, path); i++)
                add_phrase(p, catalogue_item(words, loc, path, i), *c, NULL);
        }
        for (int k = 0; kpi_at(k); k++) {
            const char *id = kpi_at(k)->id;
            char *path = arena_printf(&p->mem, "kpi.%s.words", id);
            for (int i = 0; i < catalogue_list(words, loc, path); i++)
                add_phrase(p, catalogue_item(words, loc, path, i), NULL, id);
        }
    }
    qsort(p->items, p->n, sizeof *p->items, longer_first);
    return p;
}

void phrases_destroy(struct phrases *p)
{
    if (!p)
        return;
    free(p->items);
    arena_finish(&p->mem);
    free(p);
}
