/* Faces that people put behind what they type: (汗), (^_^)v, m(_ _)m, orz. They say how
 * somebody feels and nothing that a record keeps. Knows no names and no commands. */
#include <string.h>
#include "bot/core/scan_private.h"

enum { FACE_LONGEST = 12 }; /* characters between the brackets */

static bool one_of(uint32_t c, const uint32_t *set)
{
    while (*set && *set != c)
        set++;
    return *set != 0;
}

/* What hardly anything but a face has: an eye, a brow, a mouth. */
static bool drawn(uint32_t c)
{
    static const uint32_t parts[] = { '^', '_', '`', 0x3C9, 0x434, 0x3B5, 0x2200, 0x25BD, 0x2207, 0x2312, 0x2267, 0x2266,
        0x301, 0x304, 0x25D5, 0x0CA0, 0 };
    return one_of(c, parts);
}

static bool is_letter(enum script k)
{
    return k == SCRIPT_LATIN || k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA || k == SCRIPT_HANGUL ||
           k == SCRIPT_THAI;
}

/* Where the bracket that opens at `at` closes, if what it holds is drawn rather than
 * written; 0: it is not. (T-T) looks alike on both sides. */
static size_t drawn_end(const struct folded *f, size_t at)
{
    uint32_t first = 0, last = 0, before = 0;
    bool face = false, signs = false;
    size_t i = at + 1;
    for (int n = 0; n <= FACE_LONGEST && i < f->n; n++) {
        uint32_t c = utf8_next(f->s, f->n, &i);
        if (c == ')')
            return face || (n > 1 && signs && first == last) ? i : 0;
        enum script k = utf8_script(c);
        bool written = is_letter(k) && is_letter(utf8_script(before)) && before && c != before;
        if (k == SCRIPT_DIGIT || k == SCRIPT_HAN || c == '(' || c == '\n' || written)
            return 0;
        face = face || drawn(c);
        signs = signs || (n && !is_letter(k) && k != SCRIPT_SPACE);
        first = n ? first : c;
        before = last = c;
    }
    return 0;
}

/* An arm behind the bracket: (^o^)ノ, (^_^)v, (-_-)zzz. */
static size_t arm_end(const struct folded *f, size_t at)
{
    static const uint32_t arms[] = { 0x30CE, 0x309E, 0x30B7, 0x5F61, 0x3C3, '/', '\\', 0x266A, 0x2606, 0x2605, 0x301C, 0 };
    size_t next = at;
    uint32_t c = at < f->n ? utf8_next(f->s, f->n, &next) : 0;
    if (one_of(c, arms))
        return next;
    size_t end = at;
    while (end < f->n && f->s[end] == 'z')
        end++;
    end += end == at && at < f->n && strchr("bvmowp", f->s[at]) ? 1 : 0;
    return scan_word_char(f->s, f->n, end) ? at : end;
}

/* An arm before it: m(_ _)m, ヽ(^o^)ノ. */
static size_t arm_before(const struct folded *f, size_t at)
{
    static const uint32_t arms[] = { 0x30FD, 0x30FE, 0x3C3, '\\', 'm', 'o', 'd', 'q', 'w', 0 };
    size_t next = at;
    bool arm = one_of(utf8_next(f->s, f->n, &next), arms);
    return arm && !(at && scan_word_char(f->s, f->n, at - 1)) ? next : at;
}

size_t scan_face(const struct catalogue *words, const struct folded *f, size_t at)
{
    struct word w;
    size_t from = arm_before(f, at), end = from < f->n && f->s[from] == '(' ? drawn_end(f, from) : 0;
    if (end)
        return arm_end(f, end) - at;
    if (!catalogue_match_kind(words, f->s, f->n, at, "face", 0, &w))
        return 0;
    struct scan s = { .text = *f };
    bool bare = f->s[at] != '(';
    bool alone = at && (at + w.len == f->n || scan_separates(&s, at + w.len));
    return bare && !alone ? 0 : w.len;
}
