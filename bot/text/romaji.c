/* Latin keys of names whose sound can be read off the script: kana, hangul, Latin.
 * Kanji has no computable reading; ICU's would be Chinese. Tables instead of ICU's
 * transliterators, which take 38 ms to open. */
#include "bot/text/fold.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include "bot/text/utf8.h"

/* U+3041 to U+3096. Small vowels and y-kana are what they add to the kana before. */
static const char kana[][4] = {
    "a", "a", "i", "i", "u", "u", "e", "e", "o", "o", "ka", "ga", "ki", "gi", "ku",
    "gu", "ke", "ge", "ko", "go", "sa", "za", "shi", "ji", "su", "zu", "se", "ze", "so",
    "zo", "ta", "da", "chi", "ji", "", "tsu", "zu", "te", "de", "to", "do", "na", "ni",
    "nu", "ne", "no", "ha", "ba", "pa", "hi", "bi", "pi", "fu", "bu", "pu", "he", "be",
    "pe", "ho", "bo", "po", "ma", "mi", "mu", "me", "mo", "ya", "ya", "yu", "yu", "yo",
    "yo", "ra", "ri", "ru", "re", "ro", "wa", "wa", "i", "e", "o", "n", "vu", "ka",
    "ke",
};
enum { KANA_FIRST = 0x3041, KANA_LAST = 0x3096, SMALL_TSU = 0x3063, LONG = 0x30FC };
_Static_assert(sizeof kana / sizeof *kana == KANA_LAST - KANA_FIRST + 1,
    "one sound for each kana");

static bool is_small_vowel(uint32_t c)
{
    return c == 0x3041 || c == 0x3043 || c == 0x3045 || c == 0x3047 || c == 0x3049;
}

static bool is_small_y(uint32_t c)
{
    return c == 0x3083 || c == 0x3085 || c == 0x3087;
}

static char last_of(const struct buf *b)
{
    return b->n ? b->s[b->n - 1] : '\0';
}

static bool ends_in(const struct buf *b, const char *tail)
{
    size_t n = strlen(tail);
    return b->n >= n && memcmp(b->s + b->n - n, tail, n) == 0;
}

static void drop_last(struct buf *b)
{
    b->s[--b->n] = '\0';
}

/* ki + ya = kya, shi + ya = sha, te + i = ti, fu + a = fa, ku + a = kwa, u + i = wi. */
static void add_small(struct buf *b, const char *sound)
{
    char vowel = last_of(b);
    if (!vowel || !strchr("aiueo", vowel)) {
        buf_puts(b, sound);
        return;
    }
    drop_last(b);
    bool palatal = ends_in(b, "sh") || ends_in(b, "ch") || last_of(b) == 'j';
    if (sound[0] == 'y') {
        buf_puts(b, palatal ? sound + 1 : sound);
        return;
    }
    char before = last_of(b);
    if (vowel == 'u' && sound[0] != 'u'
        && (before == '\0' || strchr("kgaiueo", before) != NULL))
        buf_putc(b, 'w');
    else if (vowel == 'i' && sound[0] != 'i' && before == '\0')
        buf_putc(b, 'y');
    buf_puts(b, sound);
}

static void add_kana(struct buf *b, uint32_t c, bool *doubled)
{
    const char *sound = kana[c - KANA_FIRST];
    if (c == SMALL_TSU) {
        *doubled = true;
        return;
    }
    if (*doubled && *sound && !strchr("aiueon", *sound))
        buf_putc(b, *sound);
    *doubled = false;
    if (is_small_y(c) || is_small_vowel(c))
        add_small(b, sound);
    else
        buf_puts(b, sound);
}

/* Revised Romanization, syllable by syllable: names keep their spelling across them. */
static void add_hangul(struct buf *b, uint32_t c)
{
    static const char initials[][3] = {
        "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch",
        "k", "t", "p", "h",
    };
    static const char vowels[][4] = {
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo",
        "u", "wo", "we", "wi", "yu", "eu", "ui", "i",
    };
    static const char finals[][3] = {
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l",
        "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t",
    };
    uint32_t i = c - 0xAC00;
    buf_puts(b, initials[i / (21 * 28)]);
    buf_puts(b, vowels[i / 28 % 21]);
    buf_puts(b, finals[i % 28]);
}

/* The letter below any marks; '\0' where there is none in ASCII. */
static char base_letter(uint32_t c)
{
    switch (c) {
    case 0xF8: return 'o';
    case 0xE6: return 'e';
    case 0x111: case 0xF0: return 'd';
    case 0x142: return 'l';
    case 0x131: return 'i';
    default: break;
    }
    UErrorCode err = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&err);
    UChar marks[8];
    int32_t n = unorm2_getDecomposition(nfd, (UChar32)c, marks, 8, &err);
    bool ascii = U_SUCCESS(err) && n > 0 && marks[0] >= 'a' && marks[0] <= 'z';
    return ascii ? (char)marks[0] : '\0';
}

/* Writes the plain sounds of `t`; false where a sign has no computable reading. */
static bool spell(struct buf *b, struct folded t)
{
    bool doubled = false;
    for (size_t i = 0; i < t.n;) {
        uint32_t c = utf8_next(t.s, t.n, &i);
        if (c >= 0x30A1 && c <= 0x30F6)
            c -= 0x60;
        if (c >= KANA_FIRST && c <= KANA_LAST) {
            add_kana(b, c, &doubled);
            continue;
        }
        enum script script = utf8_script(c);
        bool mark = (U_GET_GC_MASK((UChar32)c) & U_GC_MN_MASK) != 0;
        if (c == LONG || script == SCRIPT_SPACE || script == SCRIPT_PUNCT || mark)
            continue;
        char letter = c < 0x80 ? (char)c : base_letter(c);
        if (c >= 0xAC00 && c <= 0xD7A3)
            add_hangul(b, c);
        else if ((script == SCRIPT_LATIN || script == SCRIPT_DIGIT) && letter)
            buf_putc(b, letter);
        else
            return false;
        doubled = false;
    }
    return true;
}

static bool is_vowel(char c)
{
    return c && strchr("aiueo", c);
}

/* Kunrei's spellings that differ, longest first; `alone`: only after no consonant,
 * because shu and chu hold a hu. */
static const struct respelling {
    const char *from, *to;
    bool alone;
} respellings[] = {
    { "tch", "cch", false }, { "dzu", "zu", false }, { "sya", "sha", false },
    { "syu", "shu", false }, { "syo", "sho", false }, { "tya", "cha", false },
    { "tyu", "chu", false }, { "tyo", "cho", false }, { "zya", "ja", false },
    { "zyu", "ju", false }, { "zyo", "jo", false }, { "jya", "ja", false },
    { "jyu", "ju", false }, { "jyo", "jo", false }, { "si", "shi", false },
    { "ti", "chi", false }, { "tu", "tsu", false }, { "zi", "ji", false },
    { "hu", "fu", true }, { "mb", "nb", false }, { "mp", "np", false },
};

static char *respell(struct arena *mem, const char *s)
{
    struct buf b = BUF_ON(mem);
    while (*s) {
        const struct respelling *r = NULL;
        for (size_t k = 0; !r && k < sizeof respellings / sizeof *respellings; k++) {
            const struct respelling *one = &respellings[k];
            if (*s != one->from[0])
                continue;
            bool alone = b.n == 0 || is_vowel(last_of(&b)) || last_of(&b) == 'n';
            if (strncmp(s, one->from, strlen(one->from)) == 0 && (!one->alone || alone))
                r = one;
        }
        /* A doubled consonant follows its respelling: tti is cchi, ssi is sshi. */
        if (r && r->to[0] == 'c' && last_of(&b) == 't')
            b.s[b.n - 1] = 'c';
        if (r)
            buf_puts(&b, r->to);
        else
            buf_putc(&b, *s);
        s += r ? strlen(r->from) : 1;
    }
    return b.s ? b.s : arena_strdup(mem, "");
}

/* ou oo uu, oh before a consonant, and nn as one. */
static char *shorten(struct arena *mem, const char *s)
{
    struct buf b = BUF_ON(mem);
    for (; *s; s++) {
        char last = last_of(&b);
        if (last == 'o' && (*s == 'o' || *s == 'u' || (*s == 'h' && !is_vowel(s[1]))))
            continue;
        if ((last == 'u' && *s == 'u') || (last == 'n' && *s == 'n'))
            continue;
        buf_putc(&b, *s);
    }
    return b.s ? b.s : arena_strdup(mem, "");
}

char *fold_romaji(struct arena *mem, const char *name)
{
    struct buf b = BUF_ON(mem);
    if (!spell(&b, fold_text(mem, name, strlen(name))) || b.n == 0)
        return NULL;
    return shorten(mem, respell(mem, buf_str(&b)));
}
