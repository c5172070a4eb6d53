/* Decoding, display width and script of code points. Widths follow what terminals and
 * chat columns do, not what a font does; ambiguous characters are narrow. */
#include "bot/text/utf8.h"

#include <pthread.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

enum { BAD = 0xFFFD, ZWJ = 0x200D, EMOJI_STYLE = 0xFE0F };

/* Bytes of the sequence that begins here, 0 where it is bad (Unicode table 3-7). */
static size_t decode(const unsigned char *s, size_t n, uint32_t *c)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = s[0] < 0x80 ? 1 : s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3
        : s[0] < 0xF5 ? 4 : 0;
    if (len == 0 || len > n)
        return 0;
    uint32_t v = len == 1 ? s[0] : s[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        v = v << 6 | (s[i] & 0x3Fu);
    }
    if (v < least[len] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
        return 0;
    *c = v;
    return len;
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0);
}

bool utf8_valid(const char *s, size_t n, size_t *where)
{
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = decode((const unsigned char *)s + i, n - i, &c);
        if (len == 0 || is_control(c)) {
            if (where)
                *where = i;
            return false;
        }
        i += len;
    }
    return true;
}

char *utf8_scrub(struct arena *mem, const char *s, size_t n)
{
    char *out = arena_alloc(mem, n * 3 + 1);
    size_t o = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = decode((const unsigned char *)s + i, n - i, &c);
        if (len == 0 || is_control(c)) {
            memcpy(out + o, "\xEF\xBF\xBD", 3);
            o += 3;
            i += len ? len : 1;
        } else {
            memcpy(out + o, s + i, len);
            o += len;
            i += len;
        }
    }
    return out;
}

char *utf8_line(struct arena *mem, const char *s)
{
    char *out = utf8_scrub(mem, s, strlen(s));
    for (char *p = out; *p; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    return out;
}

bool utf8_plain(const char *s)
{
    size_t where;
    return *s && utf8_valid(s, strlen(s), &where) && !strpbrk(s, " \t\n");
}

uint32_t utf8_next(const char *s, size_t n, size_t *i)
{
    uint32_t c = BAD;
    size_t len = decode((const unsigned char *)s + *i, n - *i, &c);
    *i += len ? len : 1;
    return c;
}

size_t utf8_count(const char *s)
{
    size_t count = 0, n = strlen(s);
    for (size_t i = 0; i < n; count++)
        (void)utf8_next(s, n, &i);
    return count;
}

/* `before` is the code point on the left, 0 at the start: joined emoji are one. */
static int width_of(uint32_t code, uint32_t before)
{
    UChar32 c = (UChar32)code, left = (UChar32)before;
    if (code < 0x7F)
        return code >= 0x20;
    if (code == EMOJI_STYLE)
        return left > 0x7F && u_hasBinaryProperty(left, UCHAR_EMOJI)
            && !u_hasBinaryProperty(left, UCHAR_EMOJI_PRESENTATION);
    if (before == ZWJ && u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC))
        return 0;
    if (u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER)
        && u_hasBinaryProperty(left, UCHAR_EMOJI_MODIFIER_BASE))
        return 0;
    /* Vowels and finals of conjoining jamo sit inside the cell of their initial. */
    if (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK | U_GC_CC_MASK)
        || (code >= 0x1160 && code <= 0x11FF))
        return 0;
    int wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

static int width_within(const char *s, size_t n, uint32_t *before)
{
    int width = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c = utf8_next(s, n, &i);
        width += width_of(c, *before);
        *before = c;
    }
    return width;
}

int utf8_width(const char *s)
{
    uint32_t before = 0;
    return width_within(s, strlen(s), &before);
}

static pthread_key_t breaker_key;
static pthread_once_t breaker_once = PTHREAD_ONCE_INIT;

static void breaker_close(void *it)
{
    ubrk_close(it);
}

static void breaker_key_create(void)
{
    (void)pthread_key_create(&breaker_key, breaker_close);
}

/* Opening one costs 50 us and none may be shared: each thread keeps its own. */
static UBreakIterator *breaker(void)
{
    (void)pthread_once(&breaker_once, breaker_key_create);
    UBreakIterator *it = pthread_getspecific(breaker_key);
    if (!it) {
        UErrorCode err = U_ZERO_ERROR;
        it = ubrk_open(UBRK_CHARACTER, "en", NULL, 0, &err);
        if (U_FAILURE(err))
            return NULL;
        (void)pthread_setspecific(breaker_key, it);
    }
    return it;
}

static size_t fitting_prefix(const char *s, size_t n, int max)
{
    UErrorCode err = U_ZERO_ERROR;
    UText *text = utext_openUTF8(NULL, s, (int64_t)n, &err);
    UBreakIterator *it = breaker();
    size_t fits = 0;
    if (it && U_SUCCESS(err)) {
        ubrk_setUText(it, text, &err);
        uint32_t before = 0;
        int width = 0;
        for (int32_t end = ubrk_next(it); U_SUCCESS(err) && end != UBRK_DONE;
            end = ubrk_next(it)) {
            width += width_within(s + fits, (size_t)end - fits, &before);
            if (width > max)
                break;
            fits = (size_t)end;
        }
    }
    utext_close(text);
    return fits;
}

char *utf8_fit(struct arena *mem, const char *s, int max)
{
    if (utf8_width(s) <= max)
        return arena_strdup(mem, s);
    if (max < 1)
        return arena_strdup(mem, "");
    size_t n = fitting_prefix(s, strlen(s), max - 1);
    return arena_printf(mem, "%.*s…", (int)n, s);
}

/* Four bytes of UTF-8 are a pair of units. */
static size_t units_of(const char *s, size_t n)
{
    size_t units = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        units += (c & 0xC0) != 0x80;
        units += c >= 0xF0;
    }
    return units;
}

size_t utf8_units(const char *s)
{
    return units_of(s, strlen(s));
}

size_t utf8_prefix_units(const char *s, size_t max)
{
    size_t n = strlen(s);
    UErrorCode err = U_ZERO_ERROR;
    UText *text = utext_openUTF8(NULL, s, (int64_t)n, &err);
    UBreakIterator *it = breaker();
    size_t fits = 0, units = 0;
    if (it && U_SUCCESS(err)) {
        ubrk_setUText(it, text, &err);
        for (int32_t end = ubrk_next(it); U_SUCCESS(err) && end != UBRK_DONE; end = ubrk_next(it)) {
            units += units_of(s + fits, (size_t)end - fits);
            if (units > max)
                break;
            fits = (size_t)end;
        }
    }
    utext_close(text);
    return fits;
}

char *utf8_fit_units(struct arena *mem, const char *s, size_t max)
{
    if (utf8_units(s) <= max)
        return arena_strdup(mem, s);
    size_t n = max ? utf8_prefix_units(s, max - 1) : 0;
    return arena_printf(mem, "%.*s%s", (int)n, s, max ? "…" : "");
}

static enum script ascii_script(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return SCRIPT_LATIN;
    if (c >= '0' && c <= '9')
        return SCRIPT_DIGIT;
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return SCRIPT_SPACE;
    return c < 0x20 || c == 0x7F ? SCRIPT_OTHER : SCRIPT_PUNCT;
}

enum script utf8_script(uint32_t code)
{
    if (code < 0x80)
        return ascii_script(code);
    /* The prolonged sound mark belongs to both kana and therefore, says Unicode, to
     * neither. */
    if (code == 0x30FC || code == 0xFF70)
        return SCRIPT_KATAKANA;
    UChar32 c = (UChar32)code;
    if (u_isUWhiteSpace(c))
        return SCRIPT_SPACE;
    if (u_isdigit(c))
        return SCRIPT_DIGIT;
    if (U_GET_GC_MASK(c) & (U_GC_P_MASK | U_GC_S_MASK))
        return SCRIPT_PUNCT;
    UErrorCode err = U_ZERO_ERROR;
    switch (uscript_getScript(c, &err)) {
    case USCRIPT_LATIN: return SCRIPT_LATIN;
    case USCRIPT_HAN: return SCRIPT_HAN;
    case USCRIPT_HIRAGANA: return SCRIPT_HIRAGANA;
    case USCRIPT_KATAKANA: return SCRIPT_KATAKANA;
    case USCRIPT_HANGUL: return SCRIPT_HANGUL;
    case USCRIPT_THAI: return SCRIPT_THAI;
    default: return SCRIPT_OTHER;
    }
}

bool utf8_says_something(const char *s)
{
    size_t n = strlen(s), i = 0;
    while (i < n) {
        uint32_t c = utf8_next(s, n, &i);
        enum script k = utf8_script(c);
        bool picture = (c >= 0x2190 && c < 0x2C00) || c >= 0x1F000; /* arrows, signs, emoji */
        if (k != SCRIPT_SPACE && k != SCRIPT_PUNCT && !picture)
            return true;
    }
    return false;
}
