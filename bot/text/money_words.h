/* The words and signs of money, folded: private to money.c and money_format.c. They
 * stand here and not in the catalogue because they belong to the markets, not to the
 * languages that are shipped. */
#ifndef TEXT_MONEY_WORDS_H
#define TEXT_MONEY_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum money_unit_kind { UNIT_NONE, UNIT_SHORT, UNIT_MINUTE, UNIT_WORD, UNIT_CJK,
    UNIT_CJK_SMALL, UNIT_HANGUL, UNIT_HANGUL_SMALL, UNIT_MALAY, UNIT_THAI,
    UNIT_ELSEWHERE /* lakh, crore: of no market here */ };

struct money_unit {
    const char *word;
    enum money_unit_kind kind;
    int exponent;
};
/* Ended by a row without word; longer words before their beginnings. */
extern const struct money_unit money_units[];

/* `code` is an ISO code, "$" for the market's dollar or "Y" for the market's 元. */
struct money_sign {
    const char *word;
    const char *code;
};
extern const struct money_sign money_signs[];
extern const struct money_sign money_suffixes[];

/* five point two before million, thousand or billion, in folded text: the length up to the
 * space before the unit, or 0; the number is digits * 10^exponent. */
size_t money_spelt(const char *s, size_t n, size_t at, int64_t *digits, int *exponent);

#endif
