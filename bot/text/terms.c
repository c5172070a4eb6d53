#include "bot/text/terms.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include "bot/base/buf.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

/* Takes the terms of a text, in order: `pair` of a script without spaces, `last` the one
 * that stands at the end of its run. */
struct terms {
    struct buf out;
    bool match, open;
    int n;
};

static void add_term(struct terms *t, const char *s, size_t n, bool open)
{
    if (t->out.n)
        buf_putc(&t->out, ' ');
    if (t->match)
        buf_putc(&t->out, '"');
    buf_add(&t->out, s, n);
    if (t->match)
        buf_puts(&t->out, open && t->open ? "\"*" : "\"");
    t->n++;
}

static bool paired(uint32_t c)
{
    enum script k = utf8_script(c);
    return k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA;
}

static bool word_part(uint32_t c)
{
    return U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK);
}

/* 予算化 → 予算 算化 化; when looking for it 予算 算化, and 化 alone only by itself. */
static size_t add_pairs(struct terms *t, const char *s, size_t n)
{
    size_t at = 0, prev = 0, i = 0;
    int k = 0;
    while (i < n) {
        size_t next = i;
        uint32_t c = utf8_next(s, n, &next);
        if (!paired(c) || !word_part(c))
            break;
        if (k++)
            add_term(t, s + prev, next - prev, false);
        prev = i;
        at = i = next;
    }
    /* One character in front of everything is as good as no condition beside others. */
    if (!t->match || k == 1)
        add_term(t, s + prev, at - prev, t->n == 0 && at == n);
    return at;
}

/* A stretch of letters, digits and marks: one word where the script has spaces. */
static void add_words(struct terms *t, const char *s, size_t n)
{
    bool plain = true;
    for (size_t i = 0; i < n; i++)
        plain = plain && (unsigned char)s[i] < 0x80;
    if (plain) {
        add_term(t, s, n, true);
        return;
    }
    UErrorCode status = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    utext_openUTF8(&text, s, (int64_t)n, &status);
    UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(words, &text, &status);
    if (U_FAILURE(status)) { /* no data for this script: the stretch is one word */
        add_term(t, s, n, true);
    } else {
        int32_t from = ubrk_first(words), to;
        for (; (to = ubrk_next(words)) != UBRK_DONE; from = to)
            add_term(t, s + from, (size_t)(to - from), true);
    }
    ubrk_close(words);
    utext_close(&text);
}

static size_t word_end(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        size_t next = i;
        uint32_t c = utf8_next(s, n, &next);
        if (!word_part(c) || paired(c))
            break;
        i = next;
    }
    return i;
}

static void take_terms(struct terms *t, struct arena *mem, const char *text)
{
    struct folded f = fold_text(mem, text, strlen(text));
    for (size_t i = 0; i < f.n;) {
        size_t next = i;
        uint32_t c = utf8_next(f.s, f.n, &next);
        if (!word_part(c)) {
            i = next;
        } else if (paired(c)) {
            i += add_pairs(t, f.s + i, f.n - i);
        } else {
            size_t len = word_end(f.s + i, f.n - i);
            add_words(t, f.s + i, len);
            i += len;
        }
    }
}

char *terms_of(struct arena *mem, const char *text)
{
    struct terms t = { .out = BUF_ON(mem) };
    take_terms(&t, mem, text);
    return arena_strdup(mem, buf_str(&t.out));
}

char *terms_match(struct arena *mem, const char *text, bool open)
{
    struct terms t = { .out = BUF_ON(mem), .match = true, .open = open };
    take_terms(&t, mem, text);
    return t.out.n ? arena_strdup(mem, buf_str(&t.out)) : NULL;
}
