/* Owns amounts of money as typed. All units are powers of ten, so a number stays its
 * digits and an exponent until the currency is known, and nothing is ever rounded.
 * Does not convert between currencies. */
#include "bot/text/money.h"

#include "bot/text/calendar.h"
#include "bot/text/money_words.h"
#include <string.h>

#define MINOR_MAX INT64_C(9000000000000000)

/* Where reading stands. */
struct reader {
    const char *s;
    size_t n, i;
};

/* digits * 10^exponent */
struct decimal {
    int64_t digits;
    int exponent;
};

struct amount {
    struct decimal parts[4]; /* 1億2千万 has two */
    int count;
    bool fraction; /* a decimal point was typed */
    bool points;   /* 15.000: fifteen, or fifteen thousand? */
    const struct money_unit *last;
};

static bool digit_at(const struct reader *r, size_t i)
{
    return i < r->n && r->s[i] >= '0' && r->s[i] <= '9';
}

static bool letter_at(const struct reader *r, size_t i)
{
    return i < r->n && ((r->s[i] >= 'a' && r->s[i] <= 'z') || digit_at(r, i));
}

static bool starts(const struct reader *r, size_t i, const char *word)
{
    size_t len = strlen(word);
    return i + len <= r->n && memcmp(r->s + i, word, len) == 0;
}

static bool digits_at(const struct reader *r, size_t i, int n)
{
    int k = 0;
    while (k < n && digit_at(r, i + (size_t)k))
        k++;
    return k == n && !digit_at(r, i + (size_t)n);
}

/* A comma belongs to the number only before three digits and no fourth. */
static bool comma_at(const struct reader *r, size_t i)
{
    return i < r->n && r->s[i] == ',' && digits_at(r, i + 1, 3);
}

/* Behind 15.000, which half the world reads as fifteen thousand: the groups and the
 * decimal comma that may follow (1.500.000, 15.000,50). */
static void skip_point_groups(struct reader *r)
{
    while (r->i < r->n && r->s[r->i] == '.' && digits_at(r, r->i + 1, 3))
        r->i += 4;
    for (int decimals = 1; decimals <= 2; decimals++)
        if (r->i < r->n && r->s[r->i] == ',' && digits_at(r, r->i + 1, decimals)) {
            r->i += 1 + (size_t)decimals;
            return;
        }
}

/* 四百八十 before 万, 億 or 円; 0 where there is none, or another word. */
static int64_t read_kanji(struct reader *r)
{
    static const char *const digits[] = { "一", "二", "三", "四", "五", "六", "七", "八", "九" };
    static const char *const units[] = { "十", "百", "千" };
    static const char *const behind[] = { "万", "億", "円" };
    struct reader q = *r;
    int64_t sum = 0, one = 0;
    for (size_t from = SIZE_MAX; from != q.i;) {
        from = q.i;
        int64_t unit = 10;
        for (size_t k = 0; k < 9 && !one; k++)
            if (starts(&q, q.i, digits[k])) {
                one = (int64_t)k + 1;
                q.i += strlen(digits[k]);
            }
        for (size_t k = 0; k < 3; k++, unit *= 10)
            if (starts(&q, q.i, units[k])) {
                sum += (one ? one : 1) * unit;
                one = 0;
                q.i += strlen(units[k]);
                break;
            }
    }
    for (size_t k = 0; k < 3; k++)
        if (starts(&q, q.i, behind[k])) {
            *r = q;
            return sum + one;
        }
    return 0;
}

static bool read_number(struct reader *r, struct decimal *d, bool *points)
{
    if (!digit_at(r, r->i)) {
        *d = (struct decimal){ .digits = read_kanji(r) };
        bool kanji = d->digits > 0;
        size_t spelt = kanji ? 0 : money_spelt(r->s, r->n, r->i, &d->digits, &d->exponent);
        r->i += spelt;
        return spelt || kanji;
    }
    *d = (struct decimal){ 0 };
    bool fraction = false;
    for (;; r->i++) {
        if (!fraction && comma_at(r, r->i))
            continue;
        if (!fraction && r->i < r->n && r->s[r->i] == '.' && digit_at(r, r->i + 1)) {
            fraction = true;
            continue;
        }
        if (!digit_at(r, r->i)) {
            if (d->exponent == -3) {
                *points = true;
                skip_point_groups(r);
            }
            return true;
        }
        d->digits = d->digits * 10 + (r->s[r->i] - '0');
        d->exponent -= fraction ? 1 : 0;
        if (d->digits > MINOR_MAX)
            return false;
    }
}

/* Words of Latin letters end where the letters end; other scripts run on. */
static bool word_fits(const struct reader *r, size_t i, const char *word)
{
    if (!starts(r, i, word))
        return false;
    size_t len = strlen(word);
    bool latin = word[len - 1] >= 'a' && word[len - 1] <= 'z';
    return !latin || !letter_at(r, i + len);
}

/* The unit at the reader or one space further, where its kind allows that. */
static const struct money_unit *read_unit(struct reader *r)
{
    size_t gap = r->i < r->n && r->s[r->i] == ' ' ? 1 : 0;
    for (const struct money_unit *u = money_units; u->word; u++) {
        bool short_latin = u->kind == UNIT_SHORT || u->kind == UNIT_MINUTE;
        size_t i = r->i + (short_latin ? 0 : gap);
        if (word_fits(r, i, u->word)) {
            r->i = i + strlen(u->word);
            return u;
        }
    }
    return NULL;
}

static bool small(const struct money_unit *u)
{
    return u && (u->kind == UNIT_CJK_SMALL || u->kind == UNIT_HANGUL_SMALL);
}

/* The 万 of 2千万; what isn't a unit of that size is left alone. */
static const struct money_unit *read_big_unit(struct reader *r)
{
    struct reader before = *r;
    const struct money_unit *u = digit_at(r, r->i) ? NULL : read_unit(r);
    if (u && u->kind != UNIT_CJK && u->kind != UNIT_HANGUL) {
        *r = before;
        return NULL;
    }
    return u;
}

/* 1億2千万: each part is a number, perhaps 千 or 百, and a larger unit, which also holds
 * for the parts before it that had none (1千2百万). */
static bool read_amount(struct reader *r, struct amount *a)
{
    *a = (struct amount){ 0 };
    for (int pending = 0; a->count < 4;) {
        struct decimal d;
        struct reader before = *r;
        if (!read_number(r, &d, &a->points)) {
            *r = before;
            return a->count > 0 && !digit_at(r, r->i);
        }
        const struct money_unit *u = read_unit(r);
        a->fraction = a->fraction || d.exponent < 0;
        d.exponent += u ? u->exponent : 0;
        a->parts[a->count++] = d;
        if (!u)
            return true;
        a->last = u;
        const struct money_unit *big = small(u) ? read_big_unit(r) : NULL;
        if (big)
            a->last = big;
        for (int i = pending; !small(a->last) && i < a->count - (big ? 0 : 1); i++)
            a->parts[i].exponent += a->last->exponent;
        pending = small(a->last) ? pending : a->count;
        if (a->last->kind != UNIT_CJK && a->last->kind != UNIT_HANGUL &&
            !small(a->last))
            return true;
    }
    return true;
}

static bool minor_of(const struct amount *a, int digits, int64_t *minor)
{
    *minor = 0;
    for (int i = 0; i < a->count; i++) {
        int64_t value = a->parts[i].digits;
        int exponent = a->parts[i].exponent + digits;
        for (; exponent < 0; exponent++) {
            if (value % 10 != 0)
                return false;
            value /= 10;
        }
        for (; exponent > 0 && value > 0; exponent--) {
            if (value > MINOR_MAX / 10)
                return false;
            value *= 10;
        }
        *minor += value;
        if (*minor > MINOR_MAX)
            return false;
    }
    return true;
}

static const struct money_sign *read_sign(struct reader *r)
{
    for (const struct money_sign *c = money_signs; c->word; c++) {
        if (!starts(r, r->i, c->word))
            continue;
        size_t i = r->i + strlen(c->word);
        if (i < r->n && r->s[i] == ' ')
            i++;
        size_t number = i < r->n && r->s[i] == '-' ? i + 1 : i;
        if (digit_at(r, number)) {
            r->i = i;
            return c;
        }
    }
    return NULL;
}

static const struct money_sign *read_suffix(struct reader *r)
{
    size_t gap = r->i < r->n && r->s[r->i] == ' ' ? 1 : 0;
    for (const struct money_sign *c = money_suffixes; c->word; c++) {
        size_t i = r->i + gap;
        if (word_fits(r, i, c->word)) {
            r->i = i + strlen(c->word);
            return c;
        }
    }
    return NULL;
}

static const char *market_currency(const char *market)
{
    const struct market *m = market_find(market);
    return m ? m->currency : "USD";
}

static const char *market_dollar(const char *market)
{
    const char *own = market_currency(market);
    return strchr("ASHT", own[0]) && own[2] == 'D' ? own : "USD";
}

/* `元` alone is the money of the market that calls it so. */
static const char *market_yuan(const char *market)
{
    const char *own = market_currency(market);
    return strcmp(own, "TWD") == 0 || strcmp(own, "HKD") == 0 ? own : "CNY";
}

static const char *sign_code(const struct money_sign *c, const char *market)
{
    if (strcmp(c->code, "$") == 0)
        return market_dollar(market);
    return strcmp(c->code, "Y") == 0 ? market_yuan(market) : c->code;
}

/* After 480万 these make it a count of something else. */
static bool counts_something(const struct reader *r)
{
    static const char *const counters[] = { "人", "名", "件", "社", "回", "台", "個",
        "本", "歳", "票", "部", "点", "歩", "명", "건", "개", "대", "회", "%", "pv" };
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        if (starts(r, r->i, counters[i]))
            return true;
    }
    return false;
}

static bool plain_end(const struct reader *r)
{
    static const char *const ends[] = { " ", ",", ";", ")", "、", "。", "\n" };
    if (r->i == r->n)
        return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (starts(r, r->i, ends[i]))
            return true;
    }
    return false;
}

/* 500k, 4.8M: not 500k users, nor 45m, which are minutes. */
static bool amount_alone(const struct reader *r, const struct amount *a)
{
    size_t i = r->i < r->n && r->s[r->i] == ' ' ? r->i + 1 : r->i;
    bool unit = a->last && (a->last->kind == UNIT_SHORT || (a->last->kind == UNIT_MINUTE && a->fraction));
    return unit && plain_end(r) && !(i < r->n && ((r->s[i] >= 'a' && r->s[i] <= 'z') || (unsigned char)r->s[i] >= 0x80));
}

/* The currency of an amount without sign or currency word; NULL: it isn't money. */
static const char *unit_code(
    const struct reader *r, const struct amount *a, const char *market, bool bare)
{
    enum money_unit_kind kind = a->last ? a->last->kind : UNIT_NONE;
    if (kind == UNIT_CJK || kind == UNIT_HANGUL) {
        if (counts_something(r) || letter_at(r, r->i))
            return NULL;
        return kind == UNIT_HANGUL ? "KRW" : market_currency(market);
    }
    if (kind == UNIT_MALAY)
        return "MYR";
    if (kind == UNIT_THAI)
        return "THB";
    if (kind == UNIT_ELSEWHERE)
        return market_currency(market);
    /* 5千 may be anything. */
    if (!plain_end(r) || !(bare || amount_alone(r, a)))
        return NULL;
    return market_currency(market);
}

static bool read_minus(struct reader *r)
{
    static const char *const minus[] = { "-", "▲", "−" };
    for (size_t i = 0; i < 3; i++) {
        if (starts(r, r->i, minus[i])) {
            r->i += strlen(minus[i]);
            return true;
        }
    }
    return false;
}

/* A currency word after the amount. One that contradicts the sign before it is left
 * alone: it is another word's beginning, or another amount's. */
static const char *read_currency(
    struct reader *r, const struct money_sign *sign, const char *market, bool *dollar)
{
    struct reader before = *r;
    const struct money_sign *suffix = read_suffix(r);
    if (!suffix) {
        *dollar = sign && strcmp(sign->code, "$") == 0;
        return sign ? sign_code(sign, market) : NULL;
    }
    *dollar = strcmp(suffix->code, "$") == 0;
    const char *code = sign_code(suffix, market);
    if (sign && strcmp(sign->word, "¥") == 0 && strcmp(suffix->code, "Y") == 0)
        return "CNY";
    if (!sign || strcmp(sign->code, "$") == 0 || strcmp(sign->code, code) == 0 ||
        (strcmp(sign->word, "¥") == 0 && strcmp(code, "CNY") == 0))
        return code;
    *r = before;
    return sign_code(sign, market);
}

/* ¥10-12M, ¥10M to ¥12M: takes the second amount as well. */
static bool read_range(struct reader *r, bool marked)
{
    static const char *const dashes[] = { "-", "–", "~", " - ", " to ", " ~ " };
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        struct reader q = *r;
        struct amount a;
        if (!starts(&q, q.i, dashes[i]))
            continue;
        q.i += strlen(dashes[i]);
        const struct money_sign *sign = read_sign(&q);
        if (!read_amount(&q, &a) || letter_at(&q, q.i) || !(marked || sign || a.last))
            continue;
        (void)read_suffix(&q);
        *r = q;
        return true;
    }
    return false;
}

static enum money_doubt doubt_of(const struct reader *r, const struct money_sign *sign, const struct amount *a,
    bool minus, bool range)
{
    enum money_unit_kind kind = a->last ? a->last->kind : UNIT_NONE;
    if (!sign && kind == UNIT_MINUTE && !a->fraction && r->s[r->i - 1] == 'm')
        return MONEY_LENGTH;
    if (minus)
        return MONEY_NEGATIVE;
    if (kind == UNIT_ELSEWHERE)
        return MONEY_ELSEWHERE;
    if (range)
        return MONEY_RANGE;
    return a->points && !a->last ? MONEY_POINTS : MONEY_SURE;
}

/* More digits behind the point than any currency has. */
enum { FINEST = 6 };

bool money_match(const char *s, size_t n, size_t at, const char *market, bool bare,
    struct money *out, size_t *len, enum money_doubt *doubt, bool *dollar)
{
    struct reader r = { s, n, at };
    bool minus = read_minus(&r);
    const struct money_sign *sign = read_sign(&r);
    if (sign && read_minus(&r))
        minus = true;
    struct amount a;
    if (!read_amount(&r, &a))
        return false;
    bool is_dollar = false;
    bool range = (sign || bare) && read_range(&r, sign || a.last);
    const char *code = range ? (sign ? sign_code(sign, market) : market_currency(market))
                             : read_currency(&r, sign, market, &is_dollar);
    bool named = code && !range; /* by a sign or a word */
    if (code ? letter_at(&r, r.i) : !(code = unit_code(&r, &a, market, bare)))
        return false;
    *doubt = doubt_of(&r, sign, &a, minus, range);
    int64_t minor = 0;
    if (*doubt != MONEY_POINTS && !minor_of(&a, currency_digits(code), &minor)) {
        if (!named || *doubt != MONEY_SURE || !plain_end(&r) || !minor_of(&a, FINEST, &minor))
            return false;
        *doubt = MONEY_FRACTION;
        minor = 0;
    }
    *out = (struct money){ .minor = minus ? -minor : minor };
    memcpy(out->currency, code, 4);
    *len = r.i - at;
    *dollar = is_dollar;
    return true;
}
