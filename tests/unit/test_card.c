/* Signatures and business cards as they are pasted: Japanese, English, mixed, labelled, and
 * what is none. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/buf.h"
#include "bot/text/card.h"

static struct catalogue *words;
static struct arena mem;

struct sample {
    const char *text;
    const char *name, *kana, *company, *department, *title, *mail, *phone;
};

static const struct sample samples[] = {
    { "株式会社電光デジタル\n営業本部 第一営業部 部長\n田中 健（たなか けん）\n〒100-0001 東京都千代田区千代田1-1-1 電光ビル5階\n"
      "TEL：03-1234-5678 FAX：03-1234-5679\n携帯：090-1234-5678\nE-mail：k.tanaka@denko.example\nhttps://www.denko.example/",
        "田中 健", "たなか けん", "株式会社電光デジタル", "営業本部 第一営業部", "部長", "k.tanaka@denko.example", "03-1234-5678 090-1234-5678" },
    { "Ken Tanaka\nSales Director\nHokuto Systems Pte. Ltd.\n10 Marina Boulevard, Tower 2, Singapore 018983\n"
      "T: +65 6123 4567 | M: +65 9123 4567\nken.tanaka@hokuto.example | www.hokuto.example",
        "Ken Tanaka", NULL, "Hokuto Systems Pte. Ltd.", NULL, "Sales Director", "ken.tanaka@hokuto.example", "+65-6123-4567 +65-9123-4567" },
    { "--\n佐々木 はるか / Haruka Sasaki\n桜川銀行\nデジタル推進部 課長\nharuka.sasaki@sakuragawa.example\n03(1234)5678",
        "佐々木 はるか", "Haruka Sasaki", "桜川銀行", "デジタル推進部", "課長", "haruka.sasaki@sakuragawa.example", "03-1234-5678" },
    { "Grace Lim, Head of Partnerships\nAcme Co., Ltd.\nMobile 0912-345-678\ngrace@acme.example",
        "Grace Lim", NULL, "Acme Co., Ltd.", NULL, "Head of Partnerships", "grace@acme.example", "0912-345-678" },
    { "氏名：小川 花子\nフリガナ：オガワ ハナコ\n会社名：青葉食品株式会社\n部署：商品企画部\n役職：次長\nメール：ogawa@aoba.example\n電話：0120-123-4567",
        "小川 花子", "オガワ ハナコ", "青葉食品株式会社", "商品企画部", "次長", "ogawa@aoba.example", "0120-123-4567" },
    { "阿部 健\n営業部長\n架橋ソリューションズ合同会社\nabe@kakyo.example",
        "阿部 健", NULL, "架橋ソリューションズ合同会社", "営業部", "部長", "abe@kakyo.example", "" },
    { "青葉食品 商品企画室\n次長　森下 航\nMorishita Wataru\nTel 03-0000-0103\nmorishita@foods.example",
        "森下 航", "Morishita Wataru", "青葉食品", "商品企画室", "次長", "morishita@foods.example", "03-0000-0103" },
    { "Best regards,\nJane Doe\nAcme | Procurement\njane@acme.example\nTel. +81-3-1234-5678 Fax +81-3-1234-5679",
        "Jane Doe", NULL, "Acme", "Procurement", NULL, "jane@acme.example", "+81-3-1234-5678" },
    { "代表取締役社長　山本 一郎\nヤマモト イチロウ\n有限会社やまもと\nｙａｍａ＠ｙａｍａ．ｅｘａｍｐｌｅ\n０３－１２３４－５６７８",
        "山本 一郎", "ヤマモト イチロウ", "有限会社やまもと", NULL, "代表取締役社長", "yama@yama.example", "03-1234-5678" },
};

static void same(const char *what, const char *text, const char *want, const char *got)
{
    if (want ? !got || strcmp(want, got) != 0 : got != NULL)
        fail_msg("%s of:\n%s\nwanted %s, got %s", what, text, want ? want : "nothing", got ? got : "nothing");
}

static void card_parse__samples__every_field(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(samples); i++) {
        const struct sample *s = &samples[i];
        struct card c;
        struct buf phones = BUF_ON(&mem);
        assert_true(card_parse(&mem, words, NULL, s->text, strlen(s->text), &c));
        for (int k = 0; k < c.n_phones; k++)
            buf_join(&phones, " ", c.phones[k]);
        same("name", s->text, s->name, c.name);
        same("kana", s->text, s->kana, c.kana);
        same("company", s->text, s->company, c.company);
        same("department", s->text, s->department, c.department);
        same("title", s->text, s->title, c.title);
        same("mail", s->text, s->mail, c.mail);
        same("phones", s->text, s->phone, buf_str(&phones));
        if (!card_sure(&c))
            fail_msg("not sure of:\n%s", s->text);
    }
}

/* What reps type must not be taken for a card. */
static void card_sure__other_text__is_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "Tanaka", "zoom Tanaka 30m: asked for prices\nsend the deck to k.tanaka@denko.example\ncall on Friday",
        "Met three people today\nthe CFO was silent all the time\nkickoff next week at their office in Osaka",
        "田中さんと電話\n見積もりを金曜までに送る\n次回は来週火曜", "1\n2\n3", "a@b.example\nc@d.example\ne@f.example",
        "電話 田中様 電光\n見積もりは金曜まで\n連絡先は k.tanaka@denko.example と 03-1234-5678",
        "Ken Tanaka\nsend him the deck\nken@denko.example", "03-1234-5678\n03-1234-5679\n03-1234-5670",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct card c;
        assert_true(card_parse(&mem, words, NULL, texts[i], strlen(texts[i]), &c));
        if (card_sure(&c))
            fail_msg("taken for a card:\n%s", texts[i]);
    }
}

static void card_parse__too_much__refused(void **state)
{
    (void)state;
    struct card c;
    char *text = arena_alloc(&mem, CARD_BYTES + 2);
    memset(text, 'a', CARD_BYTES + 1);
    assert_false(card_parse(&mem, words, NULL, text, CARD_BYTES + 1, &c));
    memset(text, '\n', CARD_LINES + 1);
    assert_false(card_parse(&mem, words, NULL, text, CARD_LINES + 1, &c));
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card_parse__samples__every_field),
        cmocka_unit_test(card_sure__other_text__is_none),
        cmocka_unit_test(card_parse__too_much__refused),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
