/* The LINE adapter's pure parts: signatures, webhooks, reply tokens, and what a reply
 * becomes. The whole of it against a fake LINE is tests/line/line.mjs. */
#include <stdio.h>
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/line_card.h"
#include "bot/transport/line_event.h"
#include "bot/transport/line_token.h"

static struct arena mem;
static struct catalogue *words;

/* Signatures: the vectors of LINE's documentation, and two computed with openssl. */

static const char secret[] = "8c570fa6dd201bb328f1c1eac23a96d8";
static const char empty[] = "{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[]}";
#define V1(apple)                                                                                  \
    "{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[{\"type\":\"message\","    \
    "\"mode\":\"active\",\"timestamp\":1776914799524,\"source\":{\"type\":\"user\",\"userId\":"    \
    "\"U4af4980629aaaaaaaaaaaaaaaaaaaaaa\"},\"webhookEventId\":\"01KPW6071XGPXPAF4XCN96XEAN\","    \
    "\"deliveryContext\":{\"isRedelivery\":false},\"replyToken\":\"950e63e8f46542ab89f645b4c2a1180a\"," \
    "\"message\":{\"id\":\"610830548529053697\",\"type\":\"text\",\"quoteToken\":\"q1\",\"text\":" \
    "\"合意メモ\\n" apple "\"}}]}"
static const char raw[] = V1("🍎"), escaped[] = V1("\\uD83C\\uDF4E");

static bool good(const char *body, const char *signature, const char *first, const char *second)
{
    const char *secrets[] = { first, second, NULL };
    return line_signed(body, strlen(body), signature, secrets);
}

static void line__signature__is_that_of_the_raw_bytes(void **state)
{
    (void)state;
    assert_int_equal(strlen(empty), 63);
    assert_int_equal(strlen(raw), 426);
    assert_int_equal(strlen(escaped), 434);
    assert_true(good(empty, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=", secret, NULL));
    assert_true(good(raw, "nvuYY6doKbrCAAeiDI2E6+f8qDdCuS4PS8nb0hBoLGE=", secret, NULL));
    assert_true(good(escaped, "oM4g9Lcvp729CwmqtUjmHLt+sm25kicUDzHVRcsB8Bw=", secret, NULL));
    assert_false(good(raw, "oM4g9Lcvp729CwmqtUjmHLt+sm25kicUDzHVRcsB8Bw=", secret, NULL));
}

static void line__signature__knows_the_secret_before(void **state)
{
    (void)state;
    static const char mac[] = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";
    assert_true(good(empty, mac, "0123456789abcdef0123456789abcdef", secret));
    assert_false(good(empty, mac, "0123456789abcdef0123456789abcdef", NULL));
    assert_false(good(empty, NULL, secret, NULL));
    assert_false(good(empty, "", secret, NULL));
    assert_false(good(empty, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs", secret, NULL));
}

/* Webhooks. */

static struct line_batch decode(const char *body)
{
    struct line_batch b;
    struct err e;
    assert_true(line_decode(&mem, body, strlen(body), &b, &e));
    return b;
}

static struct line_batch events(const char *list)
{
    return decode(arena_printf(&mem, "{\"destination\":\"U0\",\"events\":[%s]}", list));
}

#define HEAD(at, id) "\"timestamp\":" #at ",\"webhookEventId\":\"" id "\",\"replyToken\":\"r\","
#define FROM "\"source\":{\"type\":\"user\",\"userId\":\"U1\"},"
#define SAID(at, id, text)                                                                        \
    "{\"type\":\"message\"," HEAD(at, id) FROM "\"message\":{\"id\":\"m" id "\",\"type\":\"text\",\"text\":\"" text "\"}}"

static void line__webhook__raw_and_escaped_say_the_same(void **state)
{
    (void)state;
    const char *const bodies[] = { raw, escaped };
    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct line_batch b = decode(bodies[i]);
        assert_int_equal(b.n, 1);
        assert_string_equal(b.events[0].text, "合意メモ\n🍎");
        assert_string_equal(b.events[0].id, "01KPW6071XGPXPAF4XCN96XEAN");
        assert_string_equal(b.events[0].user, "U4af4980629aaaaaaaaaaaaaaaaaaaaaa");
        assert_string_equal(b.events[0].message, "610830548529053697");
        assert_int_equal(b.events[0].at_ms, INT64_C(1776914799524));
        assert_false(b.events[0].group);
    }
    assert_int_equal(decode(empty).n, 0);
}

static void line__webhook__events_are_in_the_order_they_happened(void **state)
{
    (void)state;
    struct line_batch b = events(SAID(30, "c", "third") "," SAID(10, "a", "first") "," SAID(20, "b", "second")
        "," SAID(20, "B", "after second"));
    assert_int_equal(b.n, 4);
    assert_string_equal(b.events[0].text, "first");
    assert_string_equal(b.events[1].text, "second");
    assert_string_equal(b.events[2].text, "after second");
    assert_string_equal(b.events[3].text, "third");
}

/* Whatever LINE invents, what is good of a batch stays. */
static void line__webhook__odd_events_spoil_nothing(void **state)
{
    (void)state;
    struct line_batch b = events("7,null,{},{\"type\":\"hologram\"," HEAD(1, "x") FROM "\"hologram\":{\"a\":[1]}},"
        "{\"type\":\"message\"," HEAD(2, "y") FROM "\"message\":null},"
        "{\"type\":\"message\"," HEAD(3, "z") "\"source\":\"nobody\",\"message\":{\"type\":\"text\",\"text\":\"x\"}},"
        "{\"type\":\"message\",\"mode\":\"standby\"," HEAD(4, "s") FROM "\"message\":{\"id\":\"1\",\"type\":\"text\",\"text\":\"for another\"}},"
        "{\"type\":\"message\"," HEAD(5, "t") FROM "\"message\":{\"id\":\"2\",\"type\":\"sticker\",\"packageId\":\"1\"}},"
        SAID(6, "good", "kept\\u0000 \\u0007here"));
    assert_int_equal(b.n, 1);
    assert_int_equal(b.unknown, 8);
    assert_string_equal(b.events[0].text, "kept� �here");
}

static void line__webhook__what_is_no_batch_is_refused(void **state)
{
    (void)state;
    static const char *const bodies[] = { "", "{", "[]", "{\"events\":{}}", "null", "{\"events\":[\"\xff\"]}" };
    struct line_batch b;
    struct err e;
    for (size_t i = 0; i < COUNT(bodies); i++)
        assert_false(line_decode(&mem, bodies[i], strlen(bodies[i]), &b, &e));
}

/* Pictures and the mention are cut out; LINE counts in UTF-16. */
static void line__text__mention_and_pictures_are_cut_out(void **state)
{
    (void)state;
    struct line_batch b = events("{\"type\":\"message\"," HEAD(1, "a")
        "\"source\":{\"type\":\"group\",\"groupId\":\"C1\",\"userId\":\"U1\"},\"message\":{\"id\":\"1\",\"type\":\"text\","
        "\"text\":\"🍎@根回し 電話(love) 田中様\",\"mention\":{\"mentionees\":[{\"index\":2,\"length\":4,\"type\":\"user\",\"isSelf\":true}]},"
        "\"emojis\":[{\"index\":9,\"length\":6,\"productId\":\"p\",\"emojiId\":\"1\"}]}}");
    assert_int_equal(b.n, 1);
    assert_true(b.events[0].group);
    assert_true(b.events[0].mentioned);
    assert_string_equal(b.events[0].chat, "C1");
    assert_string_equal(b.events[0].text, "🍎 電話 田中様");
}

static void line__text__spans_out_of_bounds_do_no_harm(void **state)
{
    (void)state;
    struct line_batch b = events("{\"type\":\"message\"," HEAD(1, "a") FROM "\"message\":{\"id\":\"1\",\"type\":\"text\","
        "\"text\":\"ab\",\"emojis\":[{\"index\":-1,\"length\":9},{\"index\":1,\"length\":9223372036854775807},"
        "{\"index\":4000000000,\"length\":1},{\"index\":1,\"length\":500}]}}");
    assert_string_equal(b.events[0].text, "a");
}

static void line__tap__only_our_own_buttons_say_something(void **state)
{
    (void)state;
#define TAP(data, more) "{\"type\":\"postback\"," HEAD(1, "a") FROM "\"postback\":{\"data\":\"" data "\"" more "}}"
    static const struct {
        const char *event, *text;
    } rows[] = {
        { TAP("say:undo T1", ""), "undo T1" },
        { TAP("fill", ""), "" },
        { TAP("undo T1", ""), "" },
        { TAP("at:snooze F1", ",\"params\":{\"datetime\":\"2026-03-03T10:00\"}"), "snooze F1 2026-03-03 10:00" },
        { TAP("at:snooze F1", ",\"params\":{\"date\":\"2026-03-03\"}"), "snooze F1 2026-03-03" },
        { TAP("at:snooze F1", ",\"params\":{\"datetime\":\"rm -rf\"}"), "" },
        { TAP("at:snooze F1", ""), "" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(events(rows[i].event).events[0].text, rows[i].text);
}

static void line__group__answers_to_its_name_only(void **state)
{
    (void)state;
    static const char *const names[] = { "Nemawashi", "根回し", NULL };
    static const struct {
        const char *text, *rest;
    } rows[] = {
        { "Nemawashi, today", "today" },
        { "@nemawashi zoom Tanaka 30m: hello", "zoom Tanaka 30m: hello" },
        { "ＮＥＭＡＷＡＳＨＩ：today", "today" },
        { "＠根回し　電話 田中様", "電話 田中様" },
        { "根回し、今日", "今日" },
        { "根回しさん、今日", "今日" },
        { "根回し", "" },
        { "根回しが大事だ", NULL },
        { "nemawashis are fun", NULL },
        { "today", NULL },
        { "ask nemawashi today", NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *rest = line_called(&mem, rows[i].text, names);
        if (rows[i].rest)
            assert_string_equal(rest, rows[i].rest);
        else
            assert_null(rest);
    }
}

/* Reply tokens. */

enum { SECOND = 1000 };

static void line__token__serves_once_oldest_first(void **state)
{
    (void)state;
    struct line_tokens *t = line_tokens_create();
    (void)line_token_add(t, "U1", "one", 0);
    int64_t two = line_token_add(t, "U1", "two", SECOND);
    (void)line_token_add(t, "U2", "other", SECOND);
    assert_string_equal(line_token_take(t, &mem, "U1", 11, SECOND), "one");
    assert_true(line_token_fresh(t, two));
    assert_string_equal(line_token_take(t, &mem, "U1", 12, SECOND), "two");
    assert_false(line_token_fresh(t, two));
    assert_null(line_token_take(t, &mem, "U1", 13, SECOND));
    assert_int_equal(line_token_tried(t, 12), LINE_REPLIED);
    assert_int_equal(line_token_tried(t, 13), LINE_PUSHED);
    line_tokens_destroy(t);
}

static void line__token__dies_before_its_minute(void **state)
{
    (void)state;
    struct line_tokens *t = line_tokens_create();
    (void)line_token_add(t, "U1", "one", 0);
    assert_true(line_token_waits(t, "U1", 49 * SECOND));
    assert_false(line_token_waits(t, "U1", 50 * SECOND));
    assert_null(line_token_take(t, &mem, "U1", 1, 50 * SECOND));
    line_tokens_destroy(t);
}

/* Nobody knows whether LINE took the first try: the same token, never another one. */
static void line__token__is_kept_for_a_second_try(void **state)
{
    (void)state;
    struct line_tokens *t = line_tokens_create();
    (void)line_token_add(t, "U1", "one", 0);
    (void)line_token_add(t, "U1", "two", 0);
    assert_string_equal(line_token_take(t, &mem, "U1", 1, SECOND), "one");
    line_token_keep(t, 1);
    assert_string_equal(line_token_take(t, &mem, "U1", 1, 2 * SECOND), "one");
    assert_int_equal(line_token_tried(t, 1), LINE_REPLIED_AGAIN);
    line_token_drop(t, 1);
    assert_int_equal(line_token_tried(t, 1), LINE_PUSHED);
    line_tokens_destroy(t);
}

static void line__token__only_so_many_are_kept(void **state)
{
    (void)state;
    struct line_tokens *t = line_tokens_create();
    int64_t first = line_token_add(t, "U1", "first", 0);
    for (int i = 0; i < 5000; i++)
        (void)line_token_add(t, "U2", "more", 0);
    assert_false(line_token_fresh(t, first));
    assert_null(line_token_take(t, &mem, "U1", 1, SECOND));
    line_tokens_destroy(t);
}

/* What a reply becomes. */

static json_t *card(const char *reply, int max)
{
    struct err e;
    AUTO_JSON r = json_parse(reply, strlen(reply), &e);
    json_t *messages = json_array();
    assert_non_null(r);
    line_card_add(&mem, words, r, max, messages);
    return messages;
}

static const char *at(const json_t *messages, size_t i, const char *path)
{
    return json_text(json_array_get(messages, i), path);
}

static void line__card__words_alone_are_a_text(void **state)
{
    (void)state;
    AUTO_JSON m = card("{\"title\":\"取り消しました\",\"text\":\"取り消しました\",\"locale\":\"ja\"}", 5);
    assert_int_equal(json_array_size(m), 1);
    assert_string_equal(at(m, 0, "type"), "text");
    assert_string_equal(at(m, 0, "text"), "取り消しました");
}

static void line__card__alt_text_carries_the_answer(void **state)
{
    (void)state;
    AUTO_JSON m = card("{\"title\":\"Win rate 25%\",\"text\":\"Win rate 25%\\n2 of 8\\n[Why] [List]\",\"locale\":\"en\","
        "\"parts\":[{\"kind\":\"text\",\"text\":\"2 of 8\"}],\"buttons\":[{\"label\":\"Why\",\"say\":\"why\",\"style\":\"plain\"}]}", 5);
    assert_string_equal(at(m, 0, "type"), "flex");
    assert_string_equal(at(m, 0, "altText"), "Win rate 25%\n2 of 8");
}

/* A locked phone shows the alt text: of what is private, the title alone. */
static void line__card__alt_text_of_what_is_private(void **state)
{
    (void)state;
    AUTO_JSON m = card("{\"private\":true,\"title\":\"T1 · Dinner\",\"text\":\"T1 · Dinner\\n“no budget”\",\"locale\":\"en\","
        "\"parts\":[{\"kind\":\"note\",\"text\":\"no budget\"}],\"buttons\":[]}", 5);
    assert_int_equal(json_array_size(m), 1);
    assert_string_equal(at(m, 0, "type"), "flex");
    assert_string_equal(at(m, 0, "altText"), "T1 · Dinner");
    assert_non_null(strstr(json_print(&mem, m), "no budget"));
}

/* A figure too long for a card arrives as text, whole, and the buttons with it. */
static void line__card__too_large_becomes_text(void **state)
{
    (void)state;
    struct buf text = BUF_ON(&mem), items = BUF_ON(&mem);
    for (int i = 0; i < 700; i++) {
        buf_printf(&text, "%s%d 株式会社なんとか商事", i ? "\\n" : "", i);
        buf_printf(&items, "%s{\"text\":\"%d 株式会社なんとか商事\"}", i ? "," : "", i);
    }
    AUTO_JSON m = card(arena_printf(&mem, "{\"title\":\"700\",\"text\":\"%s\\n[Why]\",\"locale\":\"en\",\"parts\":[{\"kind\":"
        "\"list\",\"items\":[%s]}],\"buttons\":[{\"label\":\"Why\",\"say\":\"why\",\"style\":\"plain\"}]}",
        buf_str(&text), buf_str(&items)), 5);
    size_t n = json_array_size(m);
    assert_in_range(n, 3, 5);
    struct buf whole = BUF_ON(&mem);
    for (size_t i = 0; i + 1 < n; i++) {
        assert_string_equal(at(m, i, "type"), "text");
        assert_true(utf8_units(at(m, i, "text")) <= 5000);
        buf_join(&whole, "\n", at(m, i, "text"));
    }
    assert_non_null(strstr(buf_str(&whole), "\n699 株式会社なんとか商事"));
    assert_string_equal(at(m, n - 1, "type"), "flex");
    assert_string_equal(at(m, n - 1, "altText"), utf8_fit_units(&mem, buf_str(&whole), 400));
}

static void line__card__long_labels_and_commands_fit(void **state)
{
    (void)state;
    char *apples = arena_alloc(&mem, 4 * 200 + 1);
    for (int i = 0; i < 200; i++)
        memcpy(apples + 4 * i, "🍎", 4);
    const char *x300 = arena_printf(&mem, "%0300d", 1), *x296 = x300 + 4;
    AUTO_JSON m = card(arena_printf(&mem, "{\"title\":\"t\",\"text\":\"t\",\"locale\":\"en\",\"buttons\":["
        "{\"label\":\"%s\",\"say\":\"%s\",\"style\":\"plain\"},{\"label\":\"too long to say\",\"say\":\"%s\",\"style\":\"plain\"},"
        "{\"label\":\"fits the keyboard\",\"say\":\"%s\",\"style\":\"fill\"},{\"label\":\"the clipboard\",\"say\":\"%s1\",\"style\":\"fill\"}]}",
        apples, x296, x300, x300, x300), 5);
    char *all = json_print(&mem, m);
    assert_non_null(strstr(all, "…"));
    assert_non_null(strstr(all, arena_printf(&mem, "say:%s\"", x296)));
    assert_null(strstr(all, "too long to say"));
    assert_non_null(strstr(all, "\"fillInText\":\"000"));
    assert_non_null(strstr(all, "\"clipboardText\":\"000"));
}

/* Never inside of what a person sees as one character. */
static void line__fit__cuts_between_characters(void **state)
{
    (void)state;
    assert_string_equal(utf8_fit_units(&mem, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 22), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦");
    assert_string_equal(utf8_fit_units(&mem, "👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 21), "👩‍👩‍👧‍👦…");
    assert_string_equal(utf8_fit_units(&mem, "がが", 2), "がが");
    assert_string_equal(utf8_fit_units(&mem, "がが゙が", 3), "が…");
    assert_int_equal(utf8_units("a合🍎"), 4);
}

static void line__reminder__offers_the_picker(void **state)
{
    (void)state;
    AUTO_JSON m = card("{\"title\":\"follow up\",\"code\":\"remind.follow\",\"text\":\"follow up\",\"locale\":\"ja\","
        "\"records\":[{\"id\":\"F7\",\"verb\":\"shown\",\"fields\":{}}]}", 5);
    const json_t *action = json_at(json_array_get(json_at(json_array_get(m, 0), "quickReply.items"), 0), "action");
    assert_string_equal(json_text(action, "type"), "datetimepicker");
    assert_string_equal(json_text(action, "data"), "at:snooze F7");
    assert_string_equal(json_text(action, "label"), "日時を選ぶ");
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
        cmocka_unit_test(line__signature__is_that_of_the_raw_bytes),
        cmocka_unit_test(line__signature__knows_the_secret_before),
        cmocka_unit_test(line__webhook__raw_and_escaped_say_the_same),
        cmocka_unit_test(line__webhook__events_are_in_the_order_they_happened),
        cmocka_unit_test(line__webhook__odd_events_spoil_nothing),
        cmocka_unit_test(line__webhook__what_is_no_batch_is_refused),
        cmocka_unit_test(line__text__mention_and_pictures_are_cut_out),
        cmocka_unit_test(line__text__spans_out_of_bounds_do_no_harm),
        cmocka_unit_test(line__tap__only_our_own_buttons_say_something),
        cmocka_unit_test(line__group__answers_to_its_name_only),
        cmocka_unit_test(line__token__serves_once_oldest_first),
        cmocka_unit_test(line__token__dies_before_its_minute),
        cmocka_unit_test(line__token__is_kept_for_a_second_try),
        cmocka_unit_test(line__token__only_so_many_are_kept),
        cmocka_unit_test(line__card__words_alone_are_a_text),
        cmocka_unit_test(line__card__alt_text_carries_the_answer),
        cmocka_unit_test(line__card__alt_text_of_what_is_private),
        cmocka_unit_test(line__card__too_large_becomes_text),
        cmocka_unit_test(line__card__long_labels_and_commands_fit),
        cmocka_unit_test(line__fit__cuts_between_characters),
        cmocka_unit_test(line__reminder__offers_the_picker),
    };
    return cmocka_run_group_tests(tests, open_words, close_words);
}
