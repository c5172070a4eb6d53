#include "tests/unit/t.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"

static struct catalogue *words;
static struct arena mem;

static int open_words(void **state)
{
    (void)state;
    struct err e;
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    return words ? 0 : -1;
}

static int close_words(void **state)
{
    (void)state;
    catalogue_close(words);
    arena_finish(&mem);
    return 0;
}

struct pair {
    const char *in, *out;
};

static void fold_text__normalises__as_typed(void **state)
{
    (void)state;
    static const struct pair rows[] = {
        { "", "" },
        { "Met AOBA 60m", "met aoba 60m" },
        { "／ｔｏｕｃｈ　電通", "/touch 電通" },
        { "ﾃﾞﾝﾂｳ ＡＢＣ①㈱", "デンツウ abc1(株)" },
        { "か\u3099", "が" },
        { "e\u0301", "é" },
        { "1〜2 〜", "1~2 ~" },
        { "a−b‐c—d", "a-b-c-d" },
        { "a \u3000\u00A0\tb", "a b" },
        { "a\nb\tc", "a\nb c" },
        { "don’t", "don't" },
        { "ａ\u200Dｂ", "ab" },
        { "Straße", "strasse" },
        { "한국\u3000ＡＢ", "한국 ab" },
        { "\xFF" "a\xE3\x81", "\uFFFD" "a\uFFFD\uFFFD" },
        { "👍🏽 OK", "👍🏽 ok" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(fold_text(&mem, rows[i].in, strlen(rows[i].in)).s,
            rows[i].out);
}

static void fold_text__leads_back__after_widths_change(void **state)
{
    (void)state;
    const char *in = "／ｔ　ﾃﾞ㈱x";
    struct folded f = fold_text(&mem, in, strlen(in));
    assert_string_equal(f.s, "/t デ(株)x");
    static const uint32_t src[] = { 0, 3, 6, 9, 9, 9, 15, 15, 15, 15, 15, 18, 19 };
    assert_int_equal(f.n + 1, COUNT(src));
    for (size_t i = 0; i < COUNT(src); i++)
        assert_int_equal(f.src[i], src[i]);
}

static void fold_text__survives__long_runs_of_marks(void **state)
{
    (void)state;
    struct buf b = BUF_ON(&mem);
    buf_puts(&b, "a");
    for (int i = 0; i < 1000; i++)
        buf_puts(&b, "\u0301\uFDFA");
    struct folded f = fold_text(&mem, buf_str(&b), b.n);
    assert_true(f.n > b.n);
    assert_int_equal(f.src[f.n], b.n);
}

static void fold_name__removes__forms_and_honorifics(void **state)
{
    (void)state;
    static const struct pair rows[] = {
        { "株式会社アオバ", "あおば" },
        { "㈱アオバ", "あおば" },
        { "ｱｵﾊﾞ（株）", "あおば" },
        { "アオバ 有限会社", "あおば" },
        { "Aoba Inc.", "aoba" },
        { "Aoba Co., Ltd.", "aoba" },
        { "Aoba Co.,Ltd", "aoba" },
        { "AOBA K.K.", "aoba" },
        { "KK Aoba", "aoba" },
        { "Aoba Pte Ltd", "aoba" },
        { "Aoba Pty. Ltd.", "aoba" },
        { "Aoba Sdn. Bhd.", "aoba" },
        { "Aoba GmbH", "aoba" },
        { "주식회사삼성", "삼성" },
        { "(주)삼성", "삼성" },
        { "青葉股份有限公司", "青葉" },
        { "田中さん", "田中" },
        { "田中 様", "田中" },
        { "田中氏", "田中" },
        { "たなか先生", "たなか" },
        { "Tanaka-san", "tanaka" },
        { "tanaka san", "tanaka" },
        { "Mr. Tanaka", "tanaka" },
        { "Dr.Tanaka", "tanaka" },
        { "김민수님", "김민수" },
        { "株式会社アオバ様", "あおば" },
        { "A社", "a社" },
        { "O'Neil & Sons", "oneilsons" },
        { "田中部長", "田中部長" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(fold_name(&mem, words, rows[i].in), rows[i].out);
}

static void fold_name__keeps__what_only_looks_like_a_form(void **state)
{
    (void)state;
    static const struct pair rows[] = {
        { "Coco", "coco" },
        { "Disco", "disco" },
        { "Co-op", "coop" },
        { "Susan", "susan" },
        { "Msika", "msika" },
        { "KK2", "kk2" },
        { "日産サンリオ", "日産さんりお" },
        { "ニッサン", "にっさん" },
        { "さん", "さん" },
        { "株式会社", "株式会社" },
        { "Co Ltd", "coltd" },
        { "!!!", "!!!" },
        { "", "" },
        { "林", "林" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(fold_name(&mem, words, rows[i].in), rows[i].out);
    assert_string_equal(fold_name(&mem, NULL, "Aoba Inc."), "aobainc");
}

static void fold_romaji__reads__kana_hangul_latin(void **state)
{
    (void)state;
    static const struct pair rows[] = {
        { "ファミリーマート", "famirimato" },
        { "さとう", "sato" },
        { "Satō", "sato" },
        { "satoh", "sato" },
        { "SATO", "sato" },
        { "おおの", "ono" },
        { "ono", "ono" },
        { "Ohno", "ono" },
        { "Ohara", "ohara" },
        { "しんいち", "shinichi" },
        { "Shin'ichi", "shinichi" },
        { "じゅん", "jun" },
        { "zyun", "jun" },
        { "tuji", "tsuji" },
        { "つじ", "tsuji" },
        { "Huzita", "fujita" },
        { "ふじた", "fujita" },
        { "Shu", "shu" },
        { "しゅう", "shu" },
        { "syasin", "shashin" },
        { "まっちゃ", "maccha" },
        { "Matcha", "maccha" },
        { "mattya", "maccha" },
        { "はっとり", "hattori" },
        { "しんばし", "shinbashi" },
        { "Shimbashi", "shinbashi" },
        { "ティナ", "china" },
        { "Tina", "china" },
        { "ウィンク", "winku" },
        { "ヴァン", "van" },
        { "ｼﾞｪｲ", "jei" },
        { "Tanaka", "tanaka" },
        { "김민수", "gimminsu" },
        { "Ærø", "ero" },
        { "アオバ2", "aoba2" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(fold_romaji(&mem, rows[i].in), rows[i].out);
}

static void fold_romaji__refuses__other_scripts(void **state)
{
    (void)state;
    static const char *const rows[] = { "田中", "田中たろう", "สมชาย", "Иван", "", "・" };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_null(fold_romaji(&mem, rows[i]));
}

static void fold_distance__counts__edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int cut, apart;
    } rows[] = {
        { "", "", 2, 0 },        { "aoba", "aoba", 2, 0 },  { "aoba", "aboa", 2, 1 },
        { "aoba", "aob", 2, 1 }, { "aoba", "xoby", 2, 2 },  { "aoba", "mika", 2, 3 },
        { "電通", "電報", 1, 1 }, { "", "abcdef", 2, 3 },    { "ca", "abc", 5, 3 },
        { "kitten", "sitting", 5, 3 },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(fold_distance(rows[i].a, rows[i].b, rows[i].cut),
            rows[i].apart);
    char a[300], b[300];
    memset(a, 'a', sizeof a);
    memset(b, 'a', sizeof b);
    a[299] = b[299] = '\0';
    b[150] = 'b';
    assert_int_equal(fold_distance(a, b, 2), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold_text__normalises__as_typed),
        cmocka_unit_test(fold_text__leads_back__after_widths_change),
        cmocka_unit_test(fold_text__survives__long_runs_of_marks),
        cmocka_unit_test(fold_name__removes__forms_and_honorifics),
        cmocka_unit_test(fold_name__keeps__what_only_looks_like_a_form),
        cmocka_unit_test(fold_romaji__reads__kana_hangul_latin),
        cmocka_unit_test(fold_romaji__refuses__other_scripts),
        cmocka_unit_test(fold_distance__counts__edits),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
