/* Owns the tables of money words; reading them is money.c's affair. */
#include "bot/text/money_words.h"

#include <stddef.h>

const struct money_unit money_units[] = {
    { "thousand", UNIT_WORD, 3 },
    { "million", UNIT_WORD, 6 },
    { "billion", UNIT_WORD, 9 },
    { "mn", UNIT_SHORT, 6 },
    { "bn", UNIT_SHORT, 9 },
    { "b", UNIT_SHORT, 9 },
    { "k", UNIT_SHORT, 3 },
    { "m", UNIT_MINUTE, 6 },
    { "juta", UNIT_MALAY, 6 },
    { "ribu", UNIT_MALAY, 3 },
    { "兆", UNIT_CJK, 12 },
    { "億", UNIT_CJK, 8 },
    { "亿", UNIT_CJK, 8 },
    { "万", UNIT_CJK, 4 },
    { "萬", UNIT_CJK, 4 },
    { "千", UNIT_CJK_SMALL, 3 },
    { "百", UNIT_CJK_SMALL, 2 },
    { "조", UNIT_HANGUL, 12 },
    { "억", UNIT_HANGUL, 8 },
    { "만", UNIT_HANGUL, 4 },
    { "천", UNIT_HANGUL_SMALL, 3 },
    { "백", UNIT_HANGUL_SMALL, 2 },
    { "ล้าน", UNIT_THAI, 6 },
    { "แสน", UNIT_THAI, 5 },
    { "หมื่น", UNIT_THAI, 4 },
    { "พัน", UNIT_THAI, 3 },
    { NULL, UNIT_NONE, 0 },
};

/* Codes that people type; not all of ISO 4217, since `all 5` and `try 3` are words. */
#define CODES                                                                          \
    { "jpy", "JPY" }, { "krw", "KRW" }, { "twd", "TWD" }, { "ntd", "TWD" },            \
    { "hkd", "HKD" }, { "myr", "MYR" }, { "thb", "THB" }, { "sgd", "SGD" },            \
    { "aud", "AUD" }, { "usd", "USD" }, { "eur", "EUR" }, { "gbp", "GBP" },            \
    { "cny", "CNY" }, { "rmb", "CNY" }, { "nzd", "NZD" }, { "cad", "CAD" },            \
    { "idr", "IDR" }, { "inr", "INR" }, { "php", "PHP" }, { "vnd", "VND" },            \
    { "chf", "CHF" }

const struct money_sign money_signs[] = {
    { "nt$", "TWD" },
    { "us$", "USD" },
    { "hk$", "HKD" },
    { "au$", "AUD" },
    { "sg$", "SGD" },
    { "nz$", "NZD" },
    { "a$", "AUD" },
    { "s$", "SGD" },
    { "c$", "CAD" },
    { "cn¥", "CNY" },
    { "rm", "MYR" },
    { "rp", "IDR" },
    { "$", "$" },
    { "¥", "JPY" },
    /* Old Windows keyboards have the yen sign where others have this. */
    { "\\", "JPY" },
    { "₩", "KRW" },
    { "฿", "THB" },
    { "€", "EUR" },
    { "£", "GBP" },
    { "₹", "INR" },
    { "₱", "PHP" },
    { "₫", "VND" },
    CODES,
    { NULL, NULL },
};

const struct money_sign money_suffixes[] = {
    CODES,
    { "円", "JPY" },
    { "圓", "JPY" },
    { "日圓", "JPY" },
    { "日元", "JPY" },
    { "yen", "JPY" },
    { "엔", "JPY" },
    { "ウォン", "KRW" },
    { "원", "KRW" },
    { "won", "KRW" },
    { "韓元", "KRW" },
    { "台湾ドル", "TWD" },
    { "台湾元", "TWD" },
    { "新台幣", "TWD" },
    { "台幣", "TWD" },
    { "香港ドル", "HKD" },
    { "港元", "HKD" },
    { "港幣", "HKD" },
    { "リンギット", "MYR" },
    { "ringgit", "MYR" },
    { "バーツ", "THB" },
    { "บาท", "THB" },
    { "baht", "THB" },
    { "シンガポールドル", "SGD" },
    { "豪ドル", "AUD" },
    { "米ドル", "USD" },
    { "美元", "USD" },
    { "美金", "USD" },
    { "ドル", "$" },
    { "달러", "$" },
    { "dollars", "$" },
    { "dollar", "$" },
    { "人民元", "CNY" },
    { "人民币", "CNY" },
    { "人民幣", "CNY" },
    { "yuan", "CNY" },
    { "元", "Y" },
    { "ユーロ", "EUR" },
    { "euros", "EUR" },
    { "euro", "EUR" },
    { "€", "EUR" },
    { "ポンド", "GBP" },
    { NULL, NULL },
};
