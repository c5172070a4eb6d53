/* fold_text and the keys built on it. Kana and hangul to Latin are in romaji.c.
 * Nothing here keeps state: every function may run on any thread. */
#include "bot/text/fold.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include "bot/text/utf8.h"

enum { SEGMENT = 128, EXPANDED = 18 * SEGMENT }; /* NFKC: at most 18-fold (U+FDFA) */
enum { LONGEST_FORM = 8 };

struct folding {
    const UNormalizer2 *nfkc;
    struct arena *mem;
    struct folded out;
    size_t cap;
};

static void reserve(struct folding *f, size_t more)
{
    if (f->out.n + more < f->cap)
        return;
    size_t cap = (f->cap + more) * 2;
    char *s = arena_alloc(f->mem, cap);
    uint32_t *src = ARENA_ARRAY(f->mem, uint32_t, cap);
    memcpy(s, f->out.s, f->out.n);
    memcpy(src, f->out.src, f->out.n * sizeof *src);
    f->out.s = s;
    f->out.src = src;
    f->cap = cap;
}

static void put_byte(struct folding *f, char c, size_t from)
{
    if (c == ' ' && f->out.n > 0 && f->out.s[f->out.n - 1] == ' ')
        return;
    reserve(f, 2);
    f->out.s[f->out.n] = c;
    f->out.src[f->out.n++] = (uint32_t)from;
}

/* `step` 1 where the bytes are the original's own, 0 where they all stand for it. */
static void put_bytes(struct folding *f, const char *s, size_t n, size_t from,
    size_t step)
{
    reserve(f, n + 1);
    memcpy(f->out.s + f->out.n, s, n);
    for (size_t i = 0; i < n; i++)
        f->out.src[f->out.n + i] = (uint32_t)(from + i * step);
    f->out.n += n;
}

/* What people type for the same thing and NFKC keeps apart; 0 for the rest. */
static char ascii_for(uint32_t c)
{
    if (c == '\n')
        return '\n';
    if (c == 0x301C)
        return '~';
    if (c == 0x2212 || (c >= 0x2010 && c <= 0x2015))
        return '-';
    if (c == 0x2019) /* the apostrophe of phones */
        return '\'';
    if (c < 0x80)
        return (char)(c < 0x20 || c == 0x7F ? ' ' : c);
    return u_isUWhiteSpace((UChar32)c) ? ' ' : '\0';
}

static void put_normalised(struct folding *f, const UChar *text, int32_t units,
    size_t from)
{
    char bytes[3 * EXPANDED];
    int32_t n = 0;
    UErrorCode err = U_ZERO_ERROR;
    u_strToUTF8(bytes, sizeof bytes, &n, text, units, &err);
    if (U_FAILURE(err))
        return;
    for (size_t i = 0; i < (size_t)n;) {
        size_t start = i;
        char plain = ascii_for(utf8_next(bytes, (size_t)n, &i));
        if (plain)
            put_byte(f, plain, from);
        else
            put_bytes(f, bytes + start, i - start, from, 0);
    }
}

/* Glyphs of one character that phones and old systems type: 髙橋 is 高橋. */
static uint32_t common_glyph(uint32_t c)
{
    return c == 0x9AD9 ? 0x9AD8 : c == 0xFA11 ? 0x5D0E : c == 0x5FB7 ? 0x5FB3 : c == 0x7028 ? 0x702C : c;
}

/* One stretch between two normalisation boundaries: s[from, to). */
static void put_segment(struct folding *f, const char *s, size_t from, size_t to,
    const UChar *text, int32_t units, bool single)
{
    UErrorCode err = U_ZERO_ERROR;
    if (single && unorm2_quickCheck(f->nfkc, text, units, &err) == UNORM_YES) {
        size_t i = from;
        char plain = ascii_for(utf8_next(s, to, &i));
        if (plain)
            put_byte(f, plain, from);
        else
            put_bytes(f, s + from, to - from, from, 1);
        return;
    }
    UChar folded[EXPANDED];
    err = U_ZERO_ERROR;
    int32_t n = unorm2_normalize(f->nfkc, text, units, folded, EXPANDED, &err);
    if (U_FAILURE(err))
        return;
    /* U+FDFA stands for four words, eleven times its length: in no name, and a message
     * full of it must not cost so much more. */
    if (single && n > LONGEST_FORM)
        put_bytes(f, s + from, to - from, from, 1);
    else
        put_normalised(f, folded, n, from);
}

/* The general way: gathers code points up to the next boundary. Returns where it
 * stopped, always behind `from`. */
static size_t fold_segment(struct folding *f, const char *s, size_t n, size_t from)
{
    UChar text[SEGMENT];
    int32_t units = 0;
    size_t i = from;
    int points = 0;
    while (i < n && units < SEGMENT - 2) {
        size_t next = i;
        uint32_t c = utf8_next(s, n, &next);
        if (next - i == 1 && c == 0xFFFD && i > from)
            break; /* a bad byte stands alone */
        if (i > from && unorm2_hasBoundaryBefore(f->nfkc, (UChar32)c))
            break;
        uint32_t common = common_glyph(c);
        U16_APPEND_UNSAFE(text, units, common);
        points += common == c ? 1 : 2; /* not to be copied as it stands */
        i = next;
    }
    bool bad = i - from == 1 && (unsigned char)s[from] >= 0x80;
    put_segment(f, s, from, i, text, units, points == 1 && !bad);
    return i;
}

struct folded fold_text(struct arena *mem, const char *s, size_t n)
{
    UErrorCode err = U_ZERO_ERROR;
    struct folding f = { .nfkc = unorm2_getNFKCCasefoldInstance(&err), .mem = mem };
    f.cap = n + 16;
    f.out.s = arena_alloc(mem, f.cap);
    f.out.src = ARENA_ARRAY(mem, uint32_t, f.cap);
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        bool alone = i + 1 == n || (unsigned char)s[i + 1] < 0x80;
        if (c < 0x80 && alone) {
            char lower = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
            put_byte(&f, ascii_for((unsigned char)lower), i);
            i++;
        } else {
            i = fold_segment(&f, s, n, i);
        }
    }
    reserve(&f, 1);
    f.out.s[f.out.n] = '\0';
    f.out.src[f.out.n] = (uint32_t)n;
    return f.out;
}

enum { WORDS_MAX = 8, FORM_MAX = 96 };

static enum script script_before(const char *s, size_t at)
{
    if (at == 0)
        return SCRIPT_SPACE;
    size_t i = at - 1;
    while (i > 0 && ((unsigned char)s[i] & 0xC0) == 0x80)
        i--;
    return utf8_script(utf8_next(s, at, &i));
}

static enum script script_at(const char *s, size_t n, size_t at)
{
    return at >= n ? SCRIPT_SPACE : utf8_script(utf8_next(s, n, &at));
}

static bool is_prefix_title(const struct word *w, const char *s)
{
    return strcmp(w->kind, "honorific") == 0 && strcmp(w->value, "mr") == 0
        && script_at(s, w->len, 0) == SCRIPT_LATIN;
}

/* Is s[at, n) a company form or an honorific that follows a name? */
static bool ends_in_form(const struct catalogue *words, const char *s, size_t n,
    size_t at)
{
    struct word found[WORDS_MAX];
    int count = catalogue_match(words, s, n, at, found, WORDS_MAX);
    for (int i = 0; i < count; i++) {
        const struct word *w = &found[i];
        if (at + w->len != n || is_prefix_title(w, s + at))
            continue;
        if (strcmp(w->kind, "company") != 0 && strcmp(w->kind, "honorific") != 0)
            continue;
        enum script left = script_before(s, at), first = script_at(s, n, at);
        if (first == SCRIPT_LATIN && (left == SCRIPT_LATIN || left == SCRIPT_DIGIT))
            continue;
        return true;
    }
    return false;
}

/* Is s[0, end) a company form or a title that precedes a name? Asking for each end
 * finds 주식회사 before a name without a space, where a match in running text would
 * want a word boundary. */
static bool begins_with_form(const struct catalogue *words, const char *s, size_t n,
    size_t end)
{
    struct word found[WORDS_MAX];
    int count = catalogue_match(words, s, end, 0, found, WORDS_MAX);
    for (int i = 0; i < count; i++) {
        const struct word *w = &found[i];
        if (w->len != end)
            continue;
        if (strcmp(w->kind, "company") != 0 && !is_prefix_title(w, s))
            continue;
        /* `co-op` and `kk2` are names, `kk aoba` is a form and a name. */
        if (script_before(s, end) == SCRIPT_LATIN && end < n && s[end] != ' ')
            continue;
        return true;
    }
    return false;
}

static bool is_lead(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static struct str trim(struct str t)
{
    while (t.n > 0 && (t.p[0] == ' ' || t.p[0] == '-'))
        t.p++, t.n--;
    while (t.n > 0 && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '-'))
        t.n--;
    return t;
}

static bool strip_once(const struct catalogue *words, struct str *t)
{
    size_t most = t->n < FORM_MAX ? t->n : FORM_MAX;
    for (size_t at = t->n - most; at < t->n; at++) {
        if (is_lead(t->p[at]) && ends_in_form(words, t->p, t->n, at)) {
            *t = trim((struct str){ t->p, at });
            return true;
        }
    }
    for (size_t end = catalogue_reach(words, t->p, most); end > 0; end--) {
        bool whole = end == t->n || is_lead(t->p[end]);
        if (whole && begins_with_form(words, t->p, t->n, end)) {
            *t = trim((struct str){ t->p + end, t->n - end });
            return true;
        }
    }
    return false;
}

/* Is s[stop - 1] a single ASCII letter? */
static bool is_initial(const char *s, size_t stop)
{
    return stop > 0 && (unsigned char)s[stop - 1] < 0x80
        && utf8_script((unsigned char)s[stop - 1]) == SCRIPT_LATIN
        && script_before(s, stop - 1) != SCRIPT_LATIN;
}

/* `k.k.` becomes `kk`, `co.,ltd.` becomes `co ltd`: the forms are listed without. */
static struct str without_stops(struct arena *mem, struct folded t)
{
    char *out = arena_alloc(mem, t.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.s[i];
        if (c == '.' && is_initial(t.s, i))
            continue;
        if (c == '.' || c == ',' || c == '\n')
            c = ' ';
        if (c == ' ' && (n == 0 || out[n - 1] == ' '))
            continue;
        out[n++] = c;
    }
    return trim((struct str){ out, n });
}

/* Without spaces and punctuation, katakana as hiragana. */
static char *key_of(struct arena *mem, struct str t)
{
    char *out = arena_alloc(mem, t.n + 1);
    size_t o = 0;
    for (size_t i = 0; i < t.n;) {
        size_t from = i;
        uint32_t c = utf8_next(t.p, t.n, &i);
        if (c == ' ' || c == '\n' || u_ispunct((UChar32)c))
            continue;
        if ((c >= 0x30A1 && c <= 0x30F6) || c == 0x30FD || c == 0x30FE) {
            c -= 0x60;
            out[o++] = (char)0xE3;
            out[o++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[o++] = (char)(0x80 | (c & 0x3F));
            continue;
        }
        memcpy(out + o, t.p + from, i - from);
        o += i - from;
    }
    out[o] = '\0';
    return out;
}

char *fold_other_kana(struct arena *mem, const char *word)
{
    enum { SHORTEST = 3, LONG_VOWEL = 0x30FC, APART = 0x60 };
    size_t n = strlen(word);
    int hiragana = 0, katakana = 0, count = 0;
    char *out = arena_strdup(mem, word);
    for (size_t i = 0; i < n; count++) {
        size_t from = i;
        uint32_t c = utf8_next(word, n, &i);
        bool hira = c >= 0x3041 && c <= 0x3096, kata = c >= 0x30A1 && c <= 0x30F6;
        if (!hira && !kata && c != LONG_VOWEL)
            return NULL;
        hiragana += hira;
        katakana += kata;
        uint32_t other = hira ? c + APART : kata ? c - APART : c;
        out[from + 1] = (char)(0x80 | (other >> 6 & 0x3F));
        out[from + 2] = (char)(0x80 | (other & 0x3F));
    }
    return count >= SHORTEST && (!hiragana || !katakana) ? out : NULL;
}

char *fold_name(struct arena *mem, const struct catalogue *words, const char *name)
{
    struct folded folded = fold_text(mem, name, strlen(name));
    struct str whole = without_stops(mem, folded), rest = whole;
    if (words)
        while (rest.n > 0 && strip_once(words, &rest))
            ;
    char *key = key_of(mem, rest);
    if (!*key)
        key = key_of(mem, whole);
    return *key ? key : folded.s;
}

static int lesser(int a, int b)
{
    return a < b ? a : b;
}

/* `rows` has room for 3 * (m + 1). */
static int osa(const uint32_t *a, int n, const uint32_t *b, int m, int cut, int *rows)
{
    int *two_up = rows, *up = rows + m + 1, *row = up + m + 1;
    for (int j = 0; j <= m; j++)
        up[j] = j;
    for (int i = 1; i <= n; i++) {
        int least = row[0] = i;
        for (int j = 1; j <= m; j++) {
            int d = up[j - 1] + (a[i - 1] != b[j - 1]);
            d = lesser(d, lesser(up[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d = lesser(d, two_up[j - 2] + 1);
            row[j] = d;
            least = lesser(least, d);
        }
        if (least > cut)
            return cut + 1;
        int *spare = two_up;
        two_up = up;
        up = row;
        row = spare;
    }
    return lesser(up[m], cut + 1);
}

static int points_of(const char *s, size_t n, uint32_t *out)
{
    int count = 0;
    for (size_t i = 0; i < n;)
        out[count++] = utf8_next(s, n, &i);
    return count;
}

static bool inside(const char *s, size_t at)
{
    return ((unsigned char)s[at] & 0xC0) == 0x80;
}

/* Takes off what both begin and end with, at whole characters: most of two texts that
 * are nearly the same. */
static void trim_common(const char **a, size_t *na, const char **b, size_t *nb)
{
    size_t n = *na < *nb ? *na : *nb, head = 0, tail = 0;
    while (head < n && (*a)[head] == (*b)[head])
        head++;
    while (head > 0 && ((head < *na && inside(*a, head)) || (head < *nb && inside(*b, head))))
        head--;
    while (tail < n - head && (*a)[*na - tail - 1] == (*b)[*nb - tail - 1])
        tail++;
    while (tail > 0 && inside(*a, *na - tail))
        tail--;
    *a += head;
    *b += head;
    *na -= head + tail;
    *nb -= head + tail;
}

int fold_distance(const char *a, const char *b, int cut)
{
    enum { SMALL = 64 };
    uint32_t small_points[2 * SMALL];
    int small_rows[3 * (SMALL + 1)];
    size_t na = strlen(a), nb = strlen(b);
    trim_common(&a, &na, &b, &nb);
    if (na > 4 * (nb + (size_t)cut) || nb > 4 * (na + (size_t)cut)) /* four bytes a character at most */
        return cut + 1;
    bool small = na <= SMALL && nb <= SMALL;
    uint32_t *points = small ? small_points : xmalloc((na + nb + 1) * sizeof *points);
    int n = points_of(a, na, points), m = points_of(b, nb, points + n);
    int apart = cut + 1;
    if (abs(n - m) <= cut) {
        int *rows = small ? small_rows : xmalloc(3 * ((size_t)m + 1) * sizeof *rows);
        apart = osa(points, n, points + n, m, cut, rows);
        if (!small)
            free(rows);
    }
    if (!small)
        free(points);
    return apart;
}
