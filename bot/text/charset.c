#include "bot/text/charset.h"

#include "bot/text/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

static bool is_utf8(const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t at = i;
        if (utf8_next((const char *)s, n, &i) == 0xFFFD &&
            (i - at != 3 || memcmp(s + at, "\xEF\xBF\xBD", 3) != 0))
            return false;
    }
    return true;
}

/* Text without a mark: ASCII in UTF-16 has a zero in every other byte. */
static const char *utf16_of(const unsigned char *s, size_t n)
{
    size_t zeros[2] = { 0 }, looked = n < 4096 ? n : 4096;
    for (size_t i = 0; i < looked; i++)
        zeros[i % 2] += !s[i];
    if (n < 2 || zeros[0] + zeros[1] <= looked / 16)
        return NULL;
    return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
}

static const char *look(const unsigned char *s, size_t n, size_t *mark)
{
    static const struct {
        const char *mark, *name;
        size_t n;
    } marks[] = { { "\xEF\xBB\xBF", "UTF-8", 3 }, { "\xFF\xFE", "UTF-16LE", 2 },
        { "\xFE\xFF", "UTF-16BE", 2 } };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *mark = marks[i].n;
        if (n >= *mark && !memcmp(s, marks[i].mark, *mark))
            return marks[i].name;
    }
    *mark = 0;
    const char *wide = utf16_of(s, n);
    return wide ? wide : is_utf8(s, n) ? "UTF-8" : "Shift_JIS";
}

/* Also of UTF-16, but for the few signs that hold a byte like a line feed. */
static int64_t line_of(const char *s, const char *at)
{
    int64_t line = 1;
    for (; s < at; s++)
        line += *s == '\n';
    return line;
}

/* What spreadsheets call Shift_JIS is Microsoft's, with ㈱ and ①. */
static const char *converter_name(const char *name)
{
    return !strcmp(name, "Shift_JIS") ? "windows-31j" : name;
}

static char *convert(UConverter *from, UConverter *to, const char *s, size_t n,
    const char *name, size_t *out_n, struct err *e)
{
    UErrorCode code = U_ZERO_ERROR;
    const char *at = s;
    size_t room = n * 3 + 16;
    char *out = xmalloc(room + 1), *end = out;
    ucnv_setToUCallBack(from, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    ucnv_convertEx(
        to, from, &end, out + room, &at, s + n, NULL, NULL, NULL, NULL, 1, 1, &code);
    if (U_FAILURE(code)) {
        *end = '\0';
        (void)fail(e, ERR_USAGE, NULL, NULL,
            "line %lld is not in the encoding %s; say which with --encoding (UTF-8, Shift_JIS, EUC-JP, GB18030, Big5, EUC-KR)",
            (long long)line_of(s, at), name);
        free(out);
        return NULL;
    }
    *end = '\0';
    *out_n = (size_t)(end - out);
    return out;
}

char *charset_decode(const void *bytes, size_t n, const char *name, size_t *out_n,
    const char **found, struct err *e)
{
    size_t mark;
    UErrorCode code = U_ZERO_ERROR;
    const char *seen = look(bytes, n, &mark);
    *found = name ? name : seen;
    UConverter *from = ucnv_open(converter_name(*found), &code);
    UConverter *to = U_SUCCESS(code) ? ucnv_open("UTF-8", &code) : NULL;
    char *out = NULL;
    if (!to)
        (void)fail(e, ERR_USAGE, NULL, NULL,
            "there is no encoding '%.40s'; there are UTF-8, UTF-16, Shift_JIS, EUC-JP, GB18030, Big5, EUC-KR and more",
            *found);
    else
        out = convert(from, to, (const char *)bytes + mark, n - mark, *found, out_n, e);
    ucnv_close(from);
    ucnv_close(to);
    return out;
}
