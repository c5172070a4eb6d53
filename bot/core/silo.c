#include "bot/core/silo.h"

#include <string.h>
#include "bot/store/silo.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

/* Does the folded word stand at s[at], and no Latin word go on behind it? */
static bool stands(const char *s, size_t n, size_t at, struct folded word)
{
    size_t end = at + word.n, next = end;
    if (!word.n || word.n > n - at || memcmp(s + at, word.s, word.n) != 0)
        return false;
    if (end == n || (unsigned char)word.s[word.n - 1] >= 0x80)
        return true;
    enum script k = utf8_script(utf8_next(s, n, &next));
    return k != SCRIPT_LATIN && k != SCRIPT_DIGIT;
}

static void try_name(struct call *c, const char *s, size_t n, size_t at, const char *name, size_t name_n, size_t *best)
{
    struct folded f = fold_text(c->mem, name, name_n);
    if (f.n > *best && stands(s, n, at, f))
        *best = f.n;
}

const char *silo_match(struct call *c, const char *s, size_t n, size_t at, size_t *len)
{
    struct silo all[SILOS];
    struct err e = { 0 };
    const char *code = NULL;
    int k = silo_list(c->db, c->mem, all, SILOS, &e);
    *len = 0;
    for (int i = 0; i < k; i++) {
        size_t best = *len;
        try_name(c, s, n, at, all[i].name, strlen(all[i].name), &best);
        for (const char *a = all[i].aliases; *a;) {
            size_t w = strcspn(a, ",");
            try_name(c, s, n, at, a, w, &best);
            a += w + (a[w] == ',');
        }
        if (best > *len) {
            *len = best;
            code = all[i].code;
        }
    }
    return code;
}

char *silo_name(struct call *c, const char *code)
{
    struct silo all[SILOS];
    struct err e = { 0 };
    int n = silo_list(c->db, c->mem, all, SILOS, &e);
    for (int i = 0; i < n; i++)
        if (!strcmp(all[i].code, code))
            return arena_strdup(c->mem, all[i].name);
    return NULL;
}
