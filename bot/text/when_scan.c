/* Owns reading words and numbers at a place in folded text, and the boundaries that
 * keep short words from swallowing names. Knows nothing of what they mean. */
#include "bot/text/when_parts.h"

#include "bot/text/utf8.h"
#include <stdlib.h>
#include <string.h>

static bool ascii_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

int scan_int(const char *value)
{
    return (int)strtol(value, NULL, 10);
}

bool scan_end(const struct scan *p)
{
    if (p->i > 0 && !ascii_letter(p->s[p->i - 1]) && !ascii_digit(p->s[p->i - 1]))
        return true; /* 日15:00 and (火)15:00 are two pieces */
    return p->i >= p->n || !(ascii_letter(p->s[p->i]) || ascii_digit(p->s[p->i]));
}

bool scan_text(struct scan *p, const char *text)
{
    size_t len = strlen(text);
    if (p->i + len > p->n || memcmp(p->s + p->i, text, len) != 0)
        return false;
    p->i += len;
    return true;
}

bool scan_space(struct scan *p)
{
    scan_text(p, " ");
    return true;
}

/* What may follow a word in hiragana: あす is no date in あすか. */
static bool particle_follows(const struct scan *p)
{
    static const char *const particles[] = { "の", "は", "に", "も", "を", "で", "が",
        "と", "へ", "まで", "から", "ごろ", "ころ", "くらい", "ぐらい", "あたり" };
    for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
        struct scan next = *p;
        if (scan_text(&next, particles[i]))
            return true;
    }
    return false;
}

/* 今日子 and 明日香 are names. */
static bool name_follows(const struct scan *p)
{
    static const char *const endings[] = { "子", "香", "菜", "実", "美", "花", "見" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct scan next = *p;
        if (scan_text(&next, endings[i]))
            return true;
    }
    return false;
}

/* Kinds whose one-character words are also parts of other words. */
static bool whole_word_kind(const char *kind)
{
    return strcmp(kind, "when.moment") == 0 || strcmp(kind, "when.part") == 0;
}

/* jan-mar: what goes on behind the dash is a month again. */
static bool month_follows(const struct scan *p, size_t end, const char *kind)
{
    struct word words[SEEN_WORDS];
    if (strcmp(kind, "when.month") != 0 || p->s[end] != '-')
        return false;
    int n = catalogue_match(p->cx->words, p->s, p->n, end + 1, words, SEEN_WORDS);
    for (int i = 0; i < n; i++)
        if (strcmp(words[i].kind, kind) == 0)
            return true;
    return false;
}

static bool word_fits(const struct scan *p, size_t end, const char *kind)
{
    struct scan after = *p;
    after.i = end;
    size_t last = end - 1;
    while (last > p->i && ((unsigned char)p->s[last] & 0xC0) == 0x80)
        last--;
    bool one = last == p->i;
    enum script left = utf8_script(utf8_next(p->s, p->n, &last));
    size_t at = end;
    enum script right =
        end < p->n ? utf8_script(utf8_next(p->s, p->n, &at)) : SCRIPT_SPACE;
    if (left == SCRIPT_LATIN && end + 1 < p->n && strchr("'-_.", p->s[end]) &&
        strcmp(kind, "when.edge_prefix") != 0) /* mid-april */
        return !ascii_letter(p->s[end + 1]) || month_follows(p, end, kind);
    if (left == SCRIPT_HIRAGANA && right == SCRIPT_HIRAGANA &&
        (strcmp(kind, "when.day") == 0 || strcmp(kind, "when.moment") == 0))
        return particle_follows(&after);
    if (left == SCRIPT_HAN && strcmp(kind, "when.day") == 0)
        return !name_follows(&after);
    if (left == SCRIPT_HAN && one && whole_word_kind(kind))
        return right != SCRIPT_HAN &&
               (right != SCRIPT_HIRAGANA || particle_follows(&after));
    return true;
}

static int words_here(const struct scan *p, const struct word **words)
{
    size_t slot = p->i % SEEN_PLACES;
    if (p->i >= p->n)
        return 0;
    if (p->seen->place[slot].after != p->i + 1) {
        p->seen->place[slot].after = p->i + 1;
        p->seen->place[slot].n = catalogue_match(p->cx->words, p->s, p->n, p->i,
            p->seen->place[slot].words, SEEN_WORDS);
    }
    *words = p->seen->place[slot].words;
    return p->seen->place[slot].n;
}

bool scan_word(struct scan *p, const char *kind, const char **value)
{
    const struct word *words;
    int n = words_here(p, &words);
    for (int i = 0; i < n; i++) {
        if (strcmp(words[i].kind, kind) != 0 ||
            !word_fits(p, p->i + words[i].len, kind))
            continue;
        p->i += words[i].len;
        *value = words[i].value;
        return true;
    }
    return false;
}

bool scan_longest(struct scan *p, const char *kind, const char **value)
{
    const struct word *words;
    struct scan q = *p;
    int n = words_here(p, &words);
    if (!scan_word(&q, kind, value))
        return false;
    for (int i = 0; i < n; i++)
        if (words[i].len > q.i - p->i && strcmp(words[i].kind, "tail") != 0)
            return false;
    *p = q;
    return true;
}

bool scan_value(struct scan *p, const char *kind, const char *value)
{
    struct scan next = *p;
    const char *found;
    if (!scan_word(&next, kind, &found) || strcmp(found, value) != 0)
        return false;
    *p = next;
    return true;
}

bool scan_digits(struct scan *p, int min, int max, int *value)
{
    int count = 0, v = 0;
    size_t i = p->i;
    for (; i < p->n && ascii_digit(p->s[i]) && count < 9; i++, count++)
        v = v * 10 + (p->s[i] - '0');
    if (count < min || count > max || (i < p->n && ascii_digit(p->s[i])))
        return false;
    p->i = i;
    *value = v;
    return true;
}

/* 十五 and 三十: the words for one to twelve put together. */
static void scan_tens(struct scan *p, int *value)
{
    struct scan q = *p;
    const char *word;
    if ((unsigned char)p->s[p->i - 1] < 0x80 || !scan_word(&q, "when.number", &word))
        return;
    int next = scan_int(word);
    if (*value < 10 && next >= 10)
        *value = *value * 10 + next - 10;
    else if (*value % 10 == 0 && next < 10)
        *value += next;
    else
        return;
    *p = q;
    if (*value % 10 == 0 && next == 10)
        scan_tens(p, value);
}

bool scan_number(struct scan *p, int *value)
{
    const char *word;
    if (scan_digits(p, 1, 4, value))
        return true;
    if (!scan_word(p, "when.number", &word))
        return false;
    *value = scan_int(word);
    scan_tens(p, value);
    return true;
}

bool scan_weekday(struct scan *p, int *weekday)
{
    const char *value;
    struct scan q = *p;
    if (scan_text(&q, "(") &&
        (scan_word(&q, "when.weekday_short", &value) ||
            scan_word(&q, "when.weekday", &value)) &&
        scan_text(&q, ")"))
        *p = q;
    else if (!scan_word(p, "when.weekday", &value))
        return false;
    *weekday = scan_int(value);
    return true;
}

bool scan_unit(struct scan *p, const char **unit)
{
    struct scan q = *p;
    if (scan_word(&q, "when.unit", unit)) {
        *p = q;
        return true;
    }
    if (!scan_text(&q, " "))
        return false;
    size_t from = q.i;
    if (!scan_word(&q, "when.unit", unit) ||
        (q.i == from + 1 && ascii_letter(q.s[from])))
        return false;
    *p = q;
    return true;
}
