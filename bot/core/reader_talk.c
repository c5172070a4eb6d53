/* Small talk: thanks, OK got it, お疲れ様です. A short human answer is given and nothing
 * stored. Knows no names and no commands. */
#include <string.h>
#include "bot/core/reader_private.h"
#include "bot/text/utf8.h"

enum { CHATTER_MAX = 400 };

/* What may stand around small talk: punctuation, emoji, and drawn-out vowels. */
static bool silent(struct call *c, const char *s, size_t n)
{
    char *one = arena_strndup(c->mem, s, n);
    return !utf8_says_something(one) || !strcmp(one, "ー") || !strcmp(one, "っ");
}

/* りょーかいでーす, ありがとー as they are spelled: vowels that are drawn out. */
static struct folded undrawn(struct call *c, const struct folded *f)
{
    static const char bar[] = "ー", o_row[] = "おこそとのほもよょろをごぞどぼぽ", u[] = "う";
    enum { KANA = 3 };
    struct folded out = { .s = arena_alloc(c->mem, f->n + 1), .src = ARENA_ARRAY(c->mem, uint32_t, f->n + 1) };
    for (size_t i = 0; i < f->n;) {
        bool drawn = f->n - i >= KANA && out.n >= KANA && !memcmp(f->s + i, bar, KANA) &&
                     utf8_script(utf8_next(f->s, f->n, &(size_t){ i - KANA })) == SCRIPT_HIRAGANA;
        const char *before = drawn ? arena_strndup(c->mem, out.s + out.n - KANA, KANA) : NULL;
        const char *put = !drawn ? f->s + i : strstr(o_row, before) ? u : NULL;
        size_t n = drawn ? KANA : 1;
        for (size_t k = 0; put && k < n; k++) {
            out.src[out.n] = f->src[i + k];
            out.s[out.n++] = put[k];
        }
        i += n;
    }
    out.s[out.n] = '\0';
    out.src[out.n] = f->src[f->n];
    return out;
}

/* Is the text small talk and nothing else? `*first`: what the first of it says; where more
 * follows a greeting, `*behind` is where. */
static bool only_small_talk(struct call *c, const struct folded *f, const char **first, size_t *behind)
{
    bool greeted = false, parted = false;
    *first = NULL;
    for (size_t at = 0; at < f->n;) { /* 了解です、ありがとうございます〜(^^) */
        struct word w[8];
        int n = catalogue_match(c->words, f->s, f->n, at, w, 8), i = 0;
        while (i < n && strcmp(w[i].kind, "chatter") != 0)
            i++;
        if (i < n && !*first)
            *first = w[i].value;
        size_t next = at, face = i == n ? scan_face(c->words, f, at) : 0;
        (void)utf8_next(f->s, f->n, &next);
        next = face ? at + face : next;
        bool gap = i == n && (face || silent(c, f->s + at, next - at));
        if (i == n && !gap) {
            *behind = greeted && parted ? f->src[at] : 0;
            return false;
        }
        greeted = i < n ? !strcmp(w[i].value, "hello") : greeted;
        parted = gap;
        at = i < n ? at + w[i].len : next;
    }
    return *first != NULL;
}

bool reader_small_talk(struct call *c, const char *text, size_t *behind)
{
    if (!utf8_says_something(text)) {
        reply_new(c, REPLY_OK, "chatter.empty", NO_ARGS);
        return true;
    }
    /* Small talk is short: of a long text only the beginning is looked at. */
    size_t n_text = strlen(text), limit = reader_head_limit(text, n_text, CHATTER_MAX), other = 0;
    struct folded f = fold_text(c->mem, text, limit);
    const char *first = NULL;
    bool small = only_small_talk(c, &f, &first, behind);
    if (!small && !*behind) {
        struct folded spelled = undrawn(c, &f);
        small = only_small_talk(c, &spelled, &first, &other);
    }
    if (!small || limit < n_text)
        return false;
    reply_new(c, REPLY_OK, arena_printf(c->mem, "chatter.%s", first), NO_ARGS);
    return true;
}

bool reader_nearly_talk(struct call *c, const struct folded *f)
{
    enum { LONG_ENOUGH = 8, SLIPS = 2, KINDS = 16 };
    const char *kinds[KINDS];
    int n = utf8_count(f->s) < LONG_ENOUGH ? 0 : catalogue_values(c->words, "chatter", kinds, KINDS);
    for (size_t at = 0; at < f->n;)
        if (utf8_script(utf8_next(f->s, f->n, &at)) != SCRIPT_HIRAGANA)
            return false;
    for (int i = 0; i < n; i++) {
        char *path = arena_printf(c->mem, "lexicon.chatter.%s", kinds[i]);
        for (int loc = 0; loc < catalogue_locales(c->words); loc++)
            for (int k = 0; k < catalogue_list(c->words, loc, path); k++)
                if (fold_distance(f->s, catalogue_item(c->words, loc, path, k), SLIPS) <= SLIPS) {
                    reply_new(c, REPLY_OK, arena_printf(c->mem, "chatter.%s", kinds[i]), NO_ARGS);
                    return true;
                }
    }
    return false;
}
