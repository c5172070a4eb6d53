/* Owns how money looks. Short forms only where they lose nothing. */
#include "bot/text/money.h"

#include "bot/base/buf.h"
#include <string.h>

/* ISO 4217 as of 2024; the two rows below name the minor units that aren't hundredths. */
static const char codes[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL "
    "BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP "
    "ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL "
    "LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
    "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD "
    "SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ";
static const char no_minor[] =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ";
static const char three_digits[] = "BHD IQD JOD KWD LYD OMR TND ";

static const struct {
    const char *code, *sign, *ja;
} names[] = {
    { "JPY", "¥", "円" },
    { "KRW", "₩", "ウォン" },
    { "TWD", "NT$", "台湾ドル" },
    { "HKD", "HK$", "香港ドル" },
    { "MYR", "RM", "リンギット" },
    { "THB", "฿", "バーツ" },
    { "SGD", "S$", "シンガポールドル" },
    { "AUD", "A$", "豪ドル" },
    { "USD", "US$", "米ドル" },
    { "EUR", "€", "ユーロ" },
    { "GBP", "£", "ポンド" },
    { "CNY", "CN¥", "人民元" },
    { "NZD", "NZ$", "NZドル" },
};

static bool listed(const char *list, const char *code)
{
    if (!code || strlen(code) != 3)
        return false;
    for (; *list; list += 4) {
        if (memcmp(list, code, 3) == 0)
            return true;
    }
    return false;
}

bool currency_valid(const char *code)
{
    return listed(codes, code);
}

int currency_digits(const char *code)
{
    if (listed(no_minor, code))
        return 0;
    return listed(three_digits, code) ? 3 : 2;
}

static void add_grouped(struct buf *b, uint64_t v)
{
    if (v >= 1000)
        add_grouped(b, v / 1000);
    buf_printf(b, v >= 1000 ? ",%03u" : "%u", (unsigned)(v % 1000));
}

/* All digits: the fallback of both languages. */
static void add_full(struct buf *b, uint64_t minor, uint64_t scale, int digits)
{
    add_grouped(b, minor / scale);
    if (minor % scale != 0)
        buf_printf(b, ".%0*u", digits, (unsigned)(minor % scale));
}

/* "4.8M": true where at most two decimals say it all. */
static bool add_short(struct buf *b, uint64_t v, uint64_t unit, const char *name)
{
    if (v < unit || v % (unit / 100) != 0)
        return false;
    unsigned hundredths = (unsigned)(v % unit / (unit / 100));
    add_grouped(b, v / unit);
    if (hundredths % 10 != 0)
        buf_printf(b, ".%02u", hundredths);
    else if (hundredths != 0)
        buf_printf(b, ".%u", hundredths / 10);
    buf_puts(b, name);
    return true;
}

/* 1億2,000万: whole 万 only. */
static bool add_myriads(struct buf *b, uint64_t v)
{
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = { { 1000000000000, "兆" }, { 100000000, "億" }, { 10000, "万" } };
    if (v < 10000 || v % 10000 != 0)
        return false;
    for (int i = 0; i < 3; i++) {
        uint64_t part = v / units[i].unit;
        v %= units[i].unit;
        if (part > 0) {
            add_grouped(b, part);
            buf_puts(b, units[i].name);
        }
    }
    return true;
}

char *money_format(struct arena *mem, int locale_is_ja, struct money m)
{
    struct buf b = BUF_ON(mem);
    int digits = currency_digits(m.currency);
    uint64_t scale = digits == 0 ? 1 : digits == 2 ? 100 : 1000;
    uint64_t minor = m.minor < 0 ? 0 - (uint64_t)m.minor : (uint64_t)m.minor;
    uint64_t whole = minor % scale == 0 ? minor / scale : 0;
    size_t i = 0, count = sizeof names / sizeof *names;
    while (i < count && strcmp(names[i].code, m.currency) != 0)
        i++;
    if (m.minor < 0)
        buf_puts(&b, "-");
    if (locale_is_ja) {
        if (!add_myriads(&b, whole))
            add_full(&b, minor, scale, digits);
        if (i == count)
            buf_printf(&b, " %s", m.currency);
        else if (strcmp(m.currency, "JPY") == 0)
            buf_puts(&b, names[i].ja);
        else
            buf_printf(&b, "%s（%s）", names[i].ja, m.currency);
        return arena_strdup(mem, buf_str(&b));
    }
    if (i == count)
        buf_printf(&b, "%s ", m.currency);
    else
        buf_puts(&b, names[i].sign);
    if (!add_short(&b, whole, 1000000000, "bn") && !add_short(&b, whole, 1000000, "M"))
        add_full(&b, minor, scale, digits);
    return arena_strdup(mem, buf_str(&b));
}
