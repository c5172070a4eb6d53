/* Owns amounts in English words, as dictation leaves them: five point two million, four
 * hundred thousand. Only before such a unit: `five` by itself is any number. */
#include "bot/text/money_words.h"

#include <stdbool.h>
#include <string.h>

struct spelt {
    const char *s;
    size_t n, i;
};

/* The word stands whole here; what joins it to the next one is taken too. */
static bool take(struct spelt *p, const char *word)
{
    size_t len = strlen(word), end = p->i + len;
    if (end > p->n || memcmp(p->s + p->i, word, len) != 0 ||
        (end < p->n && ((p->s[end] >= 'a' && p->s[end] <= 'z') || (p->s[end] >= '0' && p->s[end] <= '9'))))
        return false;
    p->i = end < p->n && (p->s[end] == ' ' || p->s[end] == '-') ? end + 1 : end;
    return true;
}

/* The place in the list of the word here, or -1. */
static int one_of(struct spelt *p, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (take(p, words[i]))
            return i;
    return -1;
}

static const char *const ones[] = { "zero", "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", NULL };

/* 1 to 99, or 0: nothing was taken. */
static int below_hundred(struct spelt *p)
{
    static const char *const tens[] = { "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
        "ninety", NULL };
    struct spelt q = *p;
    int ten = one_of(&q, tens), sum = ten < 0 ? 0 : (ten + 2) * 10;
    struct spelt behind = q;
    int one = one_of(&behind, ones);
    if (one > 0 && (ten < 0 || one < 10)) {
        sum += one;
        q = behind;
    }
    if (sum)
        *p = q;
    return sum;
}

static bool unit_follows(const struct spelt *p)
{
    static const char *const units[] = { "thousand", "million", "billion", NULL };
    struct spelt q = *p;
    return one_of(&q, units) >= 0;
}

/* five to six million: the unit of the second amount is the first one's too. */
static bool range_follows(const struct spelt *p)
{
    static const char *const between[] = { "to", "or", NULL };
    struct spelt q = *p;
    return one_of(&q, between) >= 0 && below_hundred(&q) && unit_follows(&q);
}

size_t money_spelt(const char *s, size_t n, size_t at, int64_t *digits, int *exponent)
{
    struct spelt p = { s, n, at };
    if (at >= n || s[at] < 'e' || s[at] > 't' || (at && s[at - 1] >= 'a' && s[at - 1] <= 'z'))
        return 0;
    int64_t sum = below_hundred(&p);
    *exponent = 0;
    if (sum && take(&p, "hundred")) {
        (void)take(&p, "and");
        sum = sum * 100 + below_hundred(&p);
    }
    if (sum && take(&p, "point"))
        for (int digit; *exponent > -4 && (digit = one_of(&p, ones)) >= 0; --*exponent) {
            if (digit > 9)
                return 0;
            sum = sum * 10 + digit;
        }
    *digits = sum;
    return sum && (unit_follows(&p) || range_follows(&p)) && p.s[p.i - 1] == ' ' ? p.i - 1 - at : 0;
}
