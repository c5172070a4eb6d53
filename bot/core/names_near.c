/* Near misses by deletion neighbourhood: two texts at most two edits apart become equal
 * when at most two characters are taken out of each (a changed or swapped character is
 * one taken out on either side). So each spelling is entered under what is left of its
 * first characters without none, one and two of them, and a typed name is looked up in
 * the same way; what is found is then measured. Only beginnings are entered: an edit
 * behind them changes nothing there, one inside moves at most two characters in. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/core/names_private.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { BEGINNING = 6, FORMS = 1 + BEGINNING + BEGINNING * (BEGINNING - 1) / 2, CUT_MAX = 2 };

static uint32_t mix(uint32_t h)
{
    h ^= h >> 16;
    h *= 0x7feb352du;
    h ^= h >> 15;
    h *= 0x846ca68bu;
    return h ^ h >> 16;
}

/* The hash of the first `n` points without those at `a` and `b` (-1: none). */
static uint32_t form_hash(const uint32_t *points, int n, int a, int b)
{
    uint32_t h = HASH_START;
    for (int i = 0; i < n; i++)
        if (i != a && i != b)
            h = (h ^ points[i]) * 16777619u;
    return h;
}

/* The forms of a text's beginning with at most `cut` characters taken out. */
static int forms_of(const char *text, int cut, uint32_t out[FORMS])
{
    uint32_t points[BEGINNING] = { 0 };
    int n = 0, count = 0;
    for (size_t i = 0, len = strlen(text); i < len && n < BEGINNING;)
        points[n++] = utf8_next(text, len, &i);
    out[count++] = form_hash(points, n, -1, -1);
    for (int a = 0; a < n && cut >= 1; a++)
        out[count++] = form_hash(points, n, a, -1);
    for (int a = 0; a < n && cut >= 2; a++)
        for (int b = a + 1; b < n; b++)
            out[count++] = form_hash(points, n, a, b);
    return count;
}

/* A form counts together with the whole length of its text: lengths that are too far
 * apart never meet. */
static uint32_t with_length(uint32_t form, int points)
{
    return mix(form + (uint32_t)points * 0x9E3779B9u);
}

/* How far a typed name may be: short names differ by one character only, and so do those
 * in scripts where a character is a word. */
static int cut_for(int points, bool cjk)
{
    return points < 3 ? 0 : points <= 5 || cjk ? 1 : CUT_MAX;
}

static void rehash(struct nearby *near, size_t buckets)
{
    near->buckets = xrealloc(near->buckets, buckets * sizeof *near->buckets);
    memset(near->buckets, 0xFF, buckets * sizeof *near->buckets); /* NO_ROW */
    near->n_buckets = buckets;
}

static void put(struct nearby *near, uint32_t hash, uint32_t spelling)
{
    uint32_t *head = &near->buckets[hash & (near->n_buckets - 1)];
    near->entries[near->n] = (struct near_entry){ *head, (hash >> 24) << 24 | spelling };
    *head = (uint32_t)near->n++;
}

/* A key that can be typed nearly: names in kana and hangul are found by their sound. */
static int depth_of(const struct spelling *s)
{
    bool cjk = names_cjk(s->text);
    size_t i = 0;
    enum script first = utf8_script(utf8_next(s->text, strlen(s->text), &i));
    if (first == SCRIPT_HIRAGANA || first == SCRIPT_KATAKANA || first == SCRIPT_HANGUL || s->points < 2)
        return 0;
    return cjk || s->points < 4 ? 1 : CUT_MAX;
}

static void enter(struct names *n, uint32_t i)
{
    uint32_t forms[FORMS];
    int depth = depth_of(&n->spellings[i]);
    int count = depth ? forms_of(n->spellings[i].text, depth, forms) : 0;
    for (int k = 0; k < count; k++)
        put(&n->near, with_length(forms[k], n->spellings[i].points), i);
}

void near_enter(struct names *n)
{
    struct nearby *near = &n->near;
    size_t most = near->n + (n->n_spellings - near->spellings) * FORMS;
    if (most > near->cap || near->n > near->n_buckets) {
        size_t whole = 0, buckets = near->n_buckets ? near->n_buckets : 4096;
        for (uint32_t i = 0; i < n->n_spellings; i++) {
            int depth = depth_of(&n->spellings[i]), p = n->spellings[i].points;
            p = p < BEGINNING ? p : BEGINNING;
            whole += depth ? (size_t)(1 + p + (depth > 1 ? p * (p - 1) / 2 : 0)) : 0;
        }
        near->cap = whole + whole / 8 + (size_t)64 * FORMS;
        near->entries = xrealloc(near->entries, near->cap * sizeof *near->entries);
        while (buckets < whole)
            buckets *= 2;
        if (buckets != near->n_buckets) { /* entered anew */
            rehash(near, buckets);
            near->n = near->spellings = 0;
        }
    }
    while (near->spellings < n->n_spellings)
        enter(n, near->spellings++);
}

void near_finish(struct nearby *near)
{
    free(near->entries);
    free(near->buckets);
}

uint32_t names_letters(const char *s)
{
    uint32_t letters = 0;
    for (size_t i = 0, len = strlen(s); i < len;)
        letters |= 1u << (utf8_next(s, len, &i) & 31);
    return letters;
}

/* Spellings that were measured already: most meet in several forms. */
struct measured {
    uint32_t seen[256];
    int n;
};

static bool seen(struct measured *m, uint32_t spelling)
{
    for (int i = 0; i < m->n; i++)
        if (m->seen[i] == spelling)
            return true;
    if (m->n < 256)
        m->seen[m->n++] = spelling;
    return false;
}

struct search {
    const struct names *names;
    const char *text;
    uint32_t letters;
    int cut;
    struct measured measured;
    struct name_hit *out;
    int count, max;
};

static void measure(struct search *x, uint32_t spelling)
{
    const struct spelling *s = &x->names->spellings[spelling];
    /* An edit changes which letters there are by two at most. */
    bool far = __builtin_popcount(s->letters ^ x->letters) > 2 * x->cut;
    if (far || s->row == NO_ROW || seen(&x->measured, spelling))
        return;
    int d = fold_distance(x->text, s->text, x->cut);
    if (d > x->cut)
        return;
    for (uint32_t r = s->row; r != NO_ROW; r = x->names->rows[r].next) {
        struct name_hit hit = x->names->rows[r].hit;
        hit.score = 4 + d;
        if (hit.kind != 'U')
            x->count = table_add_hit(x->out, x->count, x->max, hit);
    }
}

static void look_up(struct search *x, uint32_t hash)
{
    const struct nearby *near = &x->names->near;
    uint32_t i = near->buckets[hash & (near->n_buckets - 1)];
    for (; i != NO_ROW; i = near->entries[i].next)
        if (near->entries[i].mark_spelling >> 24 == hash >> 24)
            measure(x, near->entries[i].mark_spelling & 0xFFFFFF);
}

int near_find(const struct names *n, const char *text, int cut, struct name_hit *out, int max)
{
    struct search x = { .names = n, .text = text, .letters = names_letters(text), .cut = cut, .out = out, .max = max };
    uint32_t forms[FORMS];
    int points = (int)utf8_count(text), count = n->near.n_buckets ? forms_of(text, cut, forms) : 0;
    for (int k = 0; k < count; k++)
        for (int p = points - cut; p <= points + cut; p++)
            look_up(&x, with_length(forms[k], p));
    return x.count;
}

int names_near(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max)
{
    const char *sound = fold_romaji(mem, text);
    if (!sound)
        sound = fold_name(mem, n->words, text);
    int cut = cut_for((int)utf8_count(sound), names_cjk(sound));
    return cut ? near_find(n, sound, cut, out, max) : 0;
}
