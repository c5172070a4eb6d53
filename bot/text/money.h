/* Money as 64-bit minor units and an ISO 4217 code: reading what people type and
 * printing what they read. No floating point. */
#ifndef TEXT_MONEY_H
#define TEXT_MONEY_H

#include "bot/text/catalogue.h"

struct money {
    int64_t minor;
    char currency[4];
};

/* Why an amount is asked about rather than taken. */
enum money_doubt {
    MONEY_SURE,
    MONEY_NEGATIVE,  /* a minus stood before it */
    MONEY_ELSEWHERE, /* 12 lakh, 2 crore: units that none of the markets has */
    MONEY_RANGE,     /* ¥10-12M */
    MONEY_POINTS,    /* €15.000: fifteen, or fifteen thousand? The amount is 0 then */
    MONEY_FRACTION,  /* ₩5,500.50: the currency has no such part. The amount is 0 then */
    MONEY_LENGTH,    /* 12m without a sign, where no length may stand: millions? */
};
/* Money that begins at folded s[at]: ¥4.8M, 480万円, 1.2億, 1億2千万, NT$300k, S$20,000,
 * ₩5천만, 4,800千円, 3百万円, RM4.8 juta, US$20k, 20000 usd. `market` (JP …) decides
 * what `$` alone and a bare 万 mean. Without sign or currency 500k and 4.8M are money where
 * nothing that they could count follows; a bare number only where `bare` is set. False: not money. `*dollar` where a bare `$` was
 * typed, so that the echo prints the ISO code. */
bool money_match(const char *s, size_t n, size_t at, const char *market, bool bare,
    struct money *out, size_t *len, enum money_doubt *doubt, bool *dollar);
/* "¥4.8M", "A$50,000", "US$20,000" in English; 480万円, 1億2,000万円, 5万豪ドル（AUD） in
 * Japanese. Exact: never rounds; falls back to all digits. */
char *money_format(struct arena *mem, int locale_is_ja, struct money m);
int currency_digits(const char *code); /* minor unit digits, ISO 4217; JPY 0 */
bool currency_valid(const char *code);

#endif
