#include "bot/core/names.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/store/people.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

struct key {
    char *text; /* NULL: the record was changed, the slot is dead */
    uint32_t hash;
    int next; /* in the bucket's chain, -1 at its end */
    struct name_hit hit;
};
struct names {
    const struct catalogue *words;
    struct key *keys;
    size_t n, cap;
    int *buckets;
    size_t n_buckets;
    size_t longest; /* code points of the longest key */
};

static uint32_t hash_step(uint32_t h, unsigned char c)
{
    return (h ^ c) * 16777619u;
}

static uint32_t hash_of(const char *s)
{
    uint32_t h = 2166136261u;
    while (*s)
        h = hash_step(h, (unsigned char)*s++);
    return h;
}

static void rehash(struct names *n, size_t buckets)
{
    n->buckets = xrealloc(n->buckets, buckets * sizeof *n->buckets);
    n->n_buckets = buckets;
    for (size_t i = 0; i < buckets; i++)
        n->buckets[i] = -1;
    for (size_t i = 0; i < n->n; i++) {
        int *head = &n->buckets[n->keys[i].hash % buckets];
        n->keys[i].next = *head;
        *head = (int)i;
    }
}

static void add_key(struct names *n, const char *text, char kind, int64_t id, int score)
{
    if (!text || !*text)
        return;
    uint32_t h = hash_of(text);
    for (int i = n->buckets[h % n->n_buckets]; i >= 0; i = n->keys[i].next) {
        struct key *k = &n->keys[i];
        if (k->text && k->hit.kind == kind && k->hit.id == id && !strcmp(k->text, text)) {
            if (score < k->hit.score)
                k->hit.score = score;
            return;
        }
    }
    GROW(n->keys, n->cap, n->n);
    int *head = &n->buckets[h % n->n_buckets];
    n->keys[n->n] = (struct key){ xstrdup(text), h, *head, { kind, id, score } };
    *head = (int)n->n++;
    size_t points = utf8_count(text);
    if (points > n->longest)
        n->longest = points;
    if (n->n > n->n_buckets)
        rehash(n, n->n_buckets * 2);
}

/* A key for the spelling and one for the sound. */
static void add_spelling(struct names *n, struct arena *mem, const char *text, char kind,
    int64_t id, int score)
{
    add_key(n, fold_name(mem, n->words, text), kind, id, score);
    add_key(n, fold_romaji(mem, text), kind, id, score == 0 ? 0 : score < 3 ? score : 3);
}

static bool is_cjk(enum script s)
{
    return s == SCRIPT_HAN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HANGUL;
}

/* Ken Tanaka is タナカ ケン. */
static void add_reversed(struct names *n, struct arena *mem, const char *text, char kind, int64_t id)
{
    const char *space = strchr(text, ' ');
    if (space && !strchr(space + 1, ' '))
        add_spelling(n, mem, arena_printf(mem, "%s %.*s", space + 1, (int)(space - text), text), kind, id, 1);
}

/* Surname and given name; a single character is too little to be a name by itself. */
static void add_words(struct names *n, struct arena *mem, const char *text, char kind,
    int64_t id)
{
    char *copy = arena_strdup(mem, text), *save = NULL;
    int count = 0;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save), count++)
        if (utf8_count(w) > 1)
            add_spelling(n, mem, w, kind, id, 2);
}

/* Firms go by the beginning of their name: first words (Southern Cross), or any two
 * characters and more in scripts without spaces (青葉食品: 青葉). */
static void add_beginnings(struct names *n, struct arena *mem, const char *text, char kind,
    int64_t id)
{
    const char *key = fold_name(mem, n->words, text);
    size_t len = strlen(key), i = 0;
    bool cjk = len && is_cjk(utf8_script(utf8_next(key, len, &i)));
    if (cjk) {
        for (size_t points = 1; i < len; points++) {
            if (points >= 2)
                add_key(n, arena_strndup(mem, key, i), kind, id, 2);
            (void)utf8_next(key, len, &i);
        }
        return;
    }
    for (const char *p = strchr(text, ' '); p; p = strchr(p + 1, ' '))
        if (p - text > 2)
            add_spelling(n, mem, arena_strndup(mem, text, (size_t)(p - text)), kind, id, 2);
}

struct filling {
    struct names *names;
    struct arena mem;
};

static void add_row(void *ctx, const struct name_row *row)
{
    struct filling *f = ctx;
    int score = row->sort == 'd' ? 0 : 1;
    add_spelling(f->names, &f->mem, row->text, row->kind, row->ref, score);
    if (row->kind == 'C' || row->kind == 'U') {
        add_words(f->names, &f->mem, row->text, row->kind, row->ref);
        add_reversed(f->names, &f->mem, row->text, row->kind, row->ref);
    } else {
        add_beginnings(f->names, &f->mem, row->text, row->kind, row->ref);
    }
    arena_reset(&f->mem);
}

static bool fill(struct names *n, struct db *db, char kind, int64_t id, struct err *e)
{
    struct filling f = { n, ARENA_INIT };
    bool ok = name_each(db, kind, id, add_row, &f, e);
    arena_finish(&f.mem);
    return ok;
}

struct names *names_open(struct db *db, const struct catalogue *words, struct err *e)
{
    struct names *n = xcalloc(1, sizeof *n);
    n->words = words;
    rehash(n, 1024);
    if (fill(n, db, 0, 0, e))
        return n;
    names_close(n);
    return NULL;
}

void names_close(struct names *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n; i++)
        free(n->keys[i].text);
    free(n->keys);
    free(n->buckets);
    free(n);
}

bool names_refresh(struct names *n, struct db *db, char kind, int64_t id, struct err *e)
{
    for (size_t i = 0; i < n->n; i++) {
        struct key *k = &n->keys[i];
        if (k->text && k->hit.kind == kind && k->hit.id == id) {
            free(k->text);
            k->text = NULL;
        }
    }
    return fill(n, db, kind, id, e);
}

bool names_reload(struct names *n, struct db *db, struct err *e)
{
    for (size_t i = 0; i < n->n; i++)
        free(n->keys[i].text);
    n->n = 0;
    n->longest = 0;
    rehash(n, n->n_buckets);
    return fill(n, db, 0, 0, e);
}

/* Adds a hit unless the record is there already; keeps the best score, best first. */
static int add_hit(struct name_hit *out, int count, int max, struct name_hit hit)
{
    for (int i = 0; i < count; i++) {
        if (out[i].kind == hit.kind && out[i].id == hit.id) {
            if (hit.score < out[i].score)
                out[i].score = hit.score;
            return count;
        }
    }
    if (count == max)
        return count;
    int at = count;
    while (at > 0 && out[at - 1].score > hit.score) {
        out[at] = out[at - 1];
        at--;
    }
    out[at] = hit;
    return count + 1;
}

static int find_key(const struct names *n, const char *text, uint32_t hash,
    struct name_hit *out, int count, int max)
{
    for (int i = n->buckets[hash % n->n_buckets]; i >= 0; i = n->keys[i].next) {
        const struct key *k = &n->keys[i];
        if (k->text && k->hash == hash && !strcmp(k->text, text))
            count = add_hit(out, count, max, k->hit);
    }
    return count;
}

int names_find(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max)
{
    const char *key = fold_name(mem, n->words, text);
    const char *sound = fold_romaji(mem, text);
    int count = *key ? find_key(n, key, hash_of(key), out, 0, max) : 0;
    if (sound && *sound && strcmp(sound, key) != 0)
        count = find_key(n, sound, hash_of(sound), out, count, max);
    return count;
}

int names_near(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max)
{
    const char *key = fold_name(mem, n->words, text);
    const char *sound = fold_romaji(mem, text);
    if (!sound)
        sound = key;
    int points = (int)utf8_count(sound);
    size_t i = 0;
    bool cjk = *sound && is_cjk(utf8_script(utf8_next(sound, strlen(sound), &i)));
    int cut = points < 3 ? 0 : points <= 5 || cjk ? 1 : 2;
    int count = 0;
    for (size_t k = 0; cut && k < n->n; k++) {
        if (!n->keys[k].text || n->keys[k].hit.kind == 'U')
            continue;
        int d = fold_distance(sound, n->keys[k].text, cut);
        if (d <= cut)
            count = add_hit(out, count, max, (struct name_hit){ n->keys[k].hit.kind,
                n->keys[k].hit.id, 4 + d });
    }
    return count;
}

/* Katakana and hiragana have the same length in UTF-8, so positions stay. */
static uint32_t unify_kana(uint32_t c)
{
    return c >= 0x30A1 && c <= 0x30F6 ? c - 0x60 : c;
}

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* May a name end before s[at]? Not in the middle of a Latin, Thai or Hangul word. */
static bool boundary(const char *s, size_t len, size_t at, enum script last)
{
    if (at >= len || is_cjk(last))
        return last != SCRIPT_HANGUL || at >= len ||
               utf8_script(utf8_next(s, len, &(size_t){ at })) != SCRIPT_HANGUL;
    size_t i = at;
    enum script next = utf8_script(utf8_next(s, len, &i));
    return next != SCRIPT_LATIN && next != SCRIPT_DIGIT && next != SCRIPT_THAI;
}

enum { KEY_BYTES = 256, WORDS = 3 }; /* spaces inside a name */

/* Adds the names that s[at..end) sounds like. */
static int find_sound(const struct names *n, struct arena *mem, const char *s, size_t at,
    size_t end, struct name_hit *out, int count, int max)
{
    const char *sound = fold_romaji(mem, arena_strndup(mem, s + at, end - at));
    return sound && *sound ? find_key(n, sound, hash_of(sound), out, count, max) : count;
}

/* A name's key as it grows, one character of the text at a time. */
struct growing {
    char key[KEY_BYTES];
    size_t n;
    uint32_t hash;
    int words;
    enum script last;
};

/* Takes s[*i] into the key; false where no name can go on. `*part` is false for what may
 * stand inside a name without being part of its key. */
static bool grow(struct growing *k, const char *s, size_t len, size_t *i, bool *part)
{
    uint32_t c = unify_kana(utf8_next(s, len, i));
    k->last = utf8_script(c);
    /* Denko -¥4.8M: the dash is not Denko's; Inc. keeps its full stop. */
    *part = k->last != SCRIPT_SPACE && (k->last != SCRIPT_PUNCT || c == '.');
    if (k->last == SCRIPT_SPACE)
        return k->n && c != '\n' && ++k->words <= WORDS;
    if (k->last == SCRIPT_PUNCT)
        return c == '-' || c == '.' || c == '\'' || c == '&' || c == 0x30FB;
    size_t m = put_utf8(c, k->key + k->n);
    for (size_t b = 0; b < m; b++)
        k->hash = hash_step(k->hash, (unsigned char)k->key[k->n + b]);
    k->n += m;
    k->key[k->n] = '\0';
    return true;
}

static bool has_sound(enum script s)
{
    return s == SCRIPT_LATIN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HANGUL;
}

size_t names_match(const struct names *n, struct arena *mem, const char *s, size_t len,
    size_t at, struct name_hit *out, int max, int *hits)
{
    struct name_hit found[16];
    struct growing k = { .hash = 2166136261u };
    size_t best = 0, i = at;
    bool part;
    *hits = 0;
    for (size_t points = 0; i < len && points <= n->longest + WORDS && k.n + 5 < KEY_BYTES; points++) {
        if (!grow(&k, s, len, &i, &part))
            break;
        if (!part || !boundary(s, len, i, k.last))
            continue;
        int count = find_key(n, k.key, k.hash, found, 0, 16);
        /* ono is 小野 by its reading and 大野 by its sound: both are candidates. */
        if (has_sound(k.last))
            count = find_sound(n, mem, s, at, i, found, count, 16);
        if (count) {
            best = i - at;
            *hits = count < max ? count : max;
            memcpy(out, found, sizeof *out * (size_t)*hits);
        }
    }
    return best;
}
