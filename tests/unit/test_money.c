#include "tests/unit/t.h"

#include "bot/text/money.h"
#include <stdio.h>
#include <string.h>

struct row {
    const char *text, *market;
    bool bare;
    const char *got; /* "JPY 480000000+len", "" where it isn't money */
};

static void check(const struct row *row)
{
    struct money m;
    size_t len = 0;
    enum money_doubt doubt = MONEY_SURE;
    bool dollar = false;
    char got[80] = "";
    if (money_match(row->text, strlen(row->text), 0, row->market, row->bare, &m, &len,
            &doubt, &dollar))
        snprintf(got, sizeof got, "%s %lld%s%s%s", m.currency, (long long)m.minor,
            len < strlen(row->text) ? " +" : "",
            len < strlen(row->text) ? row->text + len : "", dollar ? " $" : "");
    if (strcmp(got, row->got) != 0)
        fail_msg("%s in %s: %s, expected %s", row->text, row->market, got, row->got);
}

static void money__match__notations_of_all_markets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "¥4.8m", "JP", false, "JPY 4800000" },
        { "¥4.8M", "JP", false, "" },
        { "480万円", "JP", false, "JPY 4800000" },
        { "4.8m", "JP", false, "JPY 4800000" },
        { "500k", "JP", false, "JPY 500000" },
        { "500k users", "JP", false, "" },
        { "45m", "JP", false, "" },
        { "¥12mil", "JP", false, "JPY 12000000" },
        { "480万", "JP", false, "JPY 4800000" },
        { "480 万円", "JP", false, "JPY 4800000" },
        { "1.2億", "JP", false, "JPY 120000000" },
        { "1億2千万", "JP", false, "JPY 120000000" },
        { "1億2,000万円", "JP", false, "JPY 120000000" },
        { "1億2千万円で", "JP", false, "JPY 120000000 +で" },
        { "5千万", "JP", false, "JPY 50000000" },
        { "四百八十万円", "JP", false, "JPY 4800000" },
        { "三億二千万", "JP", false, "JPY 320000000" },
        { "百万円", "JP", false, "JPY 1000000" },
        { "三月", "JP", false, "" },
        { "4,800千円", "JP", false, "JPY 4800000" },
        { "3百万円", "JP", false, "JPY 3000000" },
        { "1千2百万円", "JP", false, "JPY 12000000" },
        { "1兆円", "JP", false, "JPY 1000000000000" },
        { "500円", "SG", false, "JPY 500" },
        { "\\500", "JP", false, "JPY 500" },
        { "480万", "TW", false, "TWD 480000000" },
        { "30萬", "TW", false, "TWD 30000000" },
        { "30萬元", "TW", false, "TWD 30000000" },
        { "500元", "JP", false, "CNY 50000" },
        { "¥500元", "TW", false, "CNY 50000" },
        { "¥500 rmb", "JP", false, "CNY 50000" },
        { "rmb 500", "JP", false, "CNY 50000" },
        { "人民元", "JP", false, "" },
        { "nt$300k", "JP", false, "TWD 30000000" },
        { "s$20,000", "JP", false, "SGD 2000000" },
        { "₩5천만", "KR", false, "KRW 50000000" },
        { "5천만원", "KR", false, "KRW 50000000" },
        { "1억2천만", "JP", false, "KRW 120000000" },
        { "3만", "JP", false, "KRW 30000" },
        { "rm4.8 juta", "MY", false, "MYR 480000000" },
        { "rm 4.8 juta", "MY", false, "MYR 480000000" },
        { "4.8 juta", "MY", false, "MYR 480000000" },
        { "5000 ringgit", "MY", false, "MYR 500000" },
        { "฿2.5m", "TH", false, "THB 250000000" },
        { "2 ล้านบาท", "TH", false, "THB 200000000" },
        { "500 บาท", "TH", false, "THB 50000" },
        { "us$20k", "JP", false, "USD 2000000" },
        { "20000 usd", "JP", false, "USD 2000000" },
        { "20k usd", "JP", false, "USD 2000000" },
        { "4.8m jpy", "AU", false, "JPY 4800000" },
        { "usd 20k", "JP", false, "USD 2000000" },
        { "20000usd", "JP", false, "USD 2000000" },
        { "$2bn", "US", false, "USD 200000000000 $" },
        { "$1.5 million", "AU", false, "AUD 150000000 $" },
        { "five point two million yen", "JP", false, "JPY 5200000" },
        { "four hundred and fifty thousand yen", "JP", false, "JPY 450000" },
        { "twenty-five million yen", "JP", false, "JPY 25000000" },
        { "$20", "AU", false, "AUD 2000 $" },
        { "$20", "SG", false, "SGD 2000 $" },
        { "$20", "HK", false, "HKD 2000 $" },
        { "$20", "TW", false, "TWD 2000 $" },
        { "$20", "JP", false, "USD 2000 $" },
        { "$20", "TH", false, "USD 2000 $" },
        { "$20 usd", "AU", false, "USD 2000" },
        { "20ドル", "AU", false, "AUD 2000 $" },
        { "5万豪ドル", "JP", false, "AUD 5000000" },
        { "a$500 usd", "AU", false, "AUD 50000 + usd" },
        { "$12.50", "AU", false, "AUD 1250 $" },
        { "¥4.8m inbound", "JP", false, "JPY 4800000 + inbound" },
        { "€9", "JP", false, "EUR 900" },
        { "¥0", "JP", false, "JPY 0" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void money__match__refuses_what_is_something_else(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "45m", "JP", false, "" },
        { "45k people", "JP", false, "" },
        { "45k", "JP", true, "JPY 45000" },
        { "4800000", "JP", false, "" },
        { "4800000", "JP", true, "JPY 4800000" },
        { "4,800,000", "AU", true, "AUD 480000000" },
        { "40 meetings", "AU", true, "AUD 4000 + meetings" },
        { "3/14", "JP", true, "" },
        { "14:30", "JP", true, "" },
        { "30%", "JP", true, "" },
        { "5日", "JP", true, "" },
        { "480万人", "JP", false, "" },
        { "3億件", "JP", false, "" },
        { "5千", "JP", false, "" },
        { "rmx", "MY", false, "" },
        { "rm", "MY", false, "" },
        { "$", "AU", true, "" },
        { "", "JP", true, "" },
        { "-", "JP", true, "" },
        { "¥4.8mx", "JP", false, "" },
        { "try 3", "JP", false, "" },
        { "¥99999999999999999999", "JP", false, "" },
        { "9999兆9999兆", "JP", false, "JPY 9999000000000000000" },
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
    struct money m;
    size_t len;
    enum money_doubt doubt;
    bool dollar;
    const char *huge = "9999999兆";
    assert_false(
        money_match(huge, strlen(huge), 0, "JP", true, &m, &len, &doubt, &dollar));
    assert_false(money_match("¥5", 2, 0, "JP", true, &m, &len, &doubt, &dollar));
}

static void money__match__flags_a_minus(void **state)
{
    (void)state;
    static const char *const texts[] = { "-¥500", "¥-500", "▲500円", "-500 jpy" };
    for (size_t i = 0; i < 4; i++) {
        struct money m;
        size_t len = 0;
        enum money_doubt doubt = MONEY_SURE;
        bool dollar = false;
        assert_true(money_match(
            texts[i], strlen(texts[i]), 0, "JP", false, &m, &len, &doubt, &dollar));
        assert_int_equal(doubt, MONEY_NEGATIVE);
        assert_int_equal(m.minor, -500);
        assert_int_equal(len, strlen(texts[i]));
    }
}

static void money__match__asks_about_what_may_be_another_amount(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum money_doubt doubt;
    } rows[] = { { "12 lakh", MONEY_ELSEWHERE }, { "₹2 crore", MONEY_ELSEWHERE }, { "¥10-12m", MONEY_RANGE },
        { "¥10m - ¥12m", MONEY_RANGE }, { "12m", MONEY_LENGTH }, { "¥12m", MONEY_SURE },
        { "€15.000", MONEY_POINTS }, { "€15.000,50", MONEY_POINTS }, { "¥1.500.000", MONEY_POINTS },
        { "us$1.234", MONEY_POINTS }, { "¥1.234m", MONEY_SURE }, { "€15.00", MONEY_SURE },
        { "₩5,500.50", MONEY_FRACTION }, { "¥1.5", MONEY_FRACTION }, { "us$5.5050", MONEY_FRACTION } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct money m;
        size_t len = 0;
        enum money_doubt doubt = MONEY_SURE;
        bool dollar = false;
        assert_true(money_match(rows[i].text, strlen(rows[i].text), 0, "JP", true, &m, &len, &doubt, &dollar));
        assert_int_equal(doubt, rows[i].doubt);
        assert_int_equal(len, strlen(rows[i].text));
    }
}

static void money__format__exact_in_both_languages(void **state)
{
    (void)state;
    static const struct {
        int64_t minor;
        const char *code, *en, *ja;
    } rows[] = {
        { 4800000, "JPY", "¥4.8M", "480万円" },
        { 4850000, "JPY", "¥4.85M", "485万円" },
        { 18200000, "JPY", "¥18.2M", "1,820万円" },
        { 120000000, "JPY", "¥120M", "1億2,000万円" },
        { 1200000000, "JPY", "¥1.2bn", "12億円" },
        { 1234567, "JPY", "¥1,234,567", "1,234,567円" },
        { 15000, "JPY", "¥15,000", "15,000円" },
        { 0, "JPY", "¥0", "0円" },
        { -4800000, "JPY", "-¥4.8M", "-480万円" },
        { 5000000, "AUD", "A$50,000", "5万豪ドル（AUD）" },
        { 1250, "USD", "US$12.50", "12.50米ドル（USD）" },
        { 2005, "SGD", "S$20.05", "20.05シンガポールドル（SGD）" },
        { 50000000, "KRW", "₩50M", "5,000万ウォン（KRW）" },
        { 480000000, "MYR", "RM4.8M", "480万リンギット（MYR）" },
        { 50000, "CHF", "CHF 500", "500 CHF" },
        { 1500, "KWD", "KWD 1.500", "1.500 KWD" },
        { INT64_MIN, "JPY", "-¥9,223,372,036,854,775,808",
            "-9,223,372,036,854,775,808円" },
    };
    struct arena mem = ARENA_INIT;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct money m = { .minor = rows[i].minor };
        memcpy(m.currency, rows[i].code, 4);
        assert_string_equal(money_format(&mem, 0, m), rows[i].en);
        assert_string_equal(money_format(&mem, 1, m), rows[i].ja);
    }
    arena_finish(&mem);
}

static void money__currency__codes_and_digits(void **state)
{
    (void)state;
    assert_true(currency_valid("JPY"));
    assert_true(currency_valid("ZMW"));
    assert_false(currency_valid("jpy"));
    assert_false(currency_valid("ZZZ"));
    assert_false(currency_valid("JP"));
    assert_false(currency_valid(" US"));
    assert_false(currency_valid(NULL));
    assert_int_equal(currency_digits("JPY"), 0);
    assert_int_equal(currency_digits("TWD"), 2);
    assert_int_equal(currency_digits("KWD"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money__match__notations_of_all_markets),
        cmocka_unit_test(money__match__refuses_what_is_something_else),
        cmocka_unit_test(money__match__flags_a_minus),
        cmocka_unit_test(money__match__asks_about_what_may_be_another_amount),
        cmocka_unit_test(money__format__exact_in_both_languages),
        cmocka_unit_test(money__currency__codes_and_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
