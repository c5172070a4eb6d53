/* The longest name that begins at a place in running text. */
#include <string.h>
#include "bot/core/names_private.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

static bool is_cjk(enum script s)
{
    return s == SCRIPT_HAN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HANGUL;
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

enum { WORDS = 3 }; /* spaces inside a name */

/* A name's key as it grows, one character of the text at a time. */
struct growing {
    char key[KEY_BYTES + 5];
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
        k->hash = names_hash_step(k->hash, (unsigned char)k->key[k->n + b]);
    k->n += m;
    k->key[k->n] = '\0';
    return true;
}

static bool has_sound(enum script s)
{
    return s == SCRIPT_LATIN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HANGUL;
}

/* Looks for the names that s[at..end) sounds like. False once no sound can go on so: a
 * sound may still change in its last three letters (shi + ya = sha). */
static bool find_sound(const struct names *n, struct arena *mem, struct str text,
    struct name_hit *out, int *count, int max)
{
    const char *sound = fold_romaji(mem, arena_strndup(mem, text.p, text.n));
    if (!sound)
        return false;
    *count = table_find(n, sound, names_hash(sound), out, *count, max);
    size_t len = strlen(sound);
    return len <= 3 || table_begins(n, sound, len - 3);
}

size_t names_match(const struct names *n, struct arena *mem, const char *s, size_t len,
    size_t at, struct name_hit *out, int max, int *hits)
{
    enum { FOUND = 16 };
    struct name_hit found[FOUND];
    struct growing k = { .hash = HASH_START };
    size_t best = 0, i = at;
    bool part, spelt = true, heard = true;
    *hits = 0;
    for (int points = 0; i < len && points <= n->longest + WORDS && k.n < KEY_BYTES; points++) {
        if (!grow(&k, s, len, &i, &part))
            break;
        if (!part || !boundary(s, len, i, k.last))
            continue;
        spelt = spelt && table_begins(n, k.key, k.n);
        int count = spelt ? table_find(n, k.key, k.hash, found, 0, FOUND) : 0;
        if (spelt)
            count = table_find_beginning(n, k.key, found, count, FOUND);
        /* ono is 小野 by its reading and 大野 by its sound: both are candidates. */
        if (heard && has_sound(k.last))
            heard = find_sound(n, mem, (struct str){ s + at, i - at }, found, &count, FOUND);
        if (count) {
            best = i - at;
            *hits = count < max ? count : max;
            memcpy(out, found, sizeof *out * (size_t)*hits);
        }
        if (!spelt && !heard)
            break;
    }
    return best;
}
