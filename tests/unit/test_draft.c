/* What is written to a champion: the language, the level, the address that opens their
 * messenger, and its limit. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/core/draft.h"
#include "bot/store/profile.h"

static struct catalogue *words;
static struct arena mem;
static struct db *db;
static struct member kenji = { .id = 1, .handle = "kenji", .name = "Kenji", .market = "JP", .zone = "Asia/Tokyo", .locale = "en" };

static struct call a_call(void)
{
    struct call c = { .mem = &mem, .db = db, .words = words, .member = &kenji, .now_ms = INT64_C(1772440000000) };
    c.when = (struct when_context){ .words = words, .now_ms = c.now_ms, .zone = "Asia/Tokyo", .market = "JP", .team_zone = "Asia/Tokyo" };
    return c;
}

static void run(const char *sql)
{
    struct err e = { 0 };
    if (!db_exec(db, sql, &e))
        fail_msg("%s\n%s", e.why, sql);
}

static int open_all(void **state)
{
    (void)state;
    struct err e = { 0 };
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    db = db_open(":memory:", DB_WRITE, &e);
    if (!words || !db)
        return -1;
    run("insert into member (id, handle, name, role, market, zone, locale, created_ms) values (1,'kenji','Kenji','rep','JP','Asia/Tokyo','en',0);"
        "insert into partner (id, name, type, market, stage, created_ms) values (1,'P','agency','JP','active',0), (2,'Q','agency','KR','active',0);"
        "insert into customer (id, name, market, created_ms) values (1,'A','JP',0), (2,'B','TW',0), (3,'C','TH',0), (4,'D','MY',0), (5,'E','AU',0)");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    db_close(db);
    catalogue_close(words);
    arena_finish(&mem);
    return 0;
}

/* A new person; the messenger as "line:x". */
static struct person someone(const char *name, const char *title, int partner, int customer, const char *network, const char *handle)
{
    struct err e = { 0 };
    struct person p = { .name = name, .title = title, .partner_id = partner, .customer_id = customer };
    p.id = person_add(db, &p, 0, &e);
    assert_true(p.id > 0);
    if (network)
        assert_true(messenger_add(db, p.id, network, handle, &e));
    return p;
}

static struct draft written(const struct person *p, const char *situation, int days)
{
    struct call c = a_call();
    struct err e = { 0 };
    struct draft d;
    struct draft_about about = { .situation = situation, .day = day_of(c.now_ms, "Asia/Tokyo") - days };
    if (!draft_make(&c, p, &about, &d, &e))
        fail_msg("%s", e.why);
    return d;
}

static const char *address(const struct person *p, int i, bool *ready)
{
    struct call c = a_call();
    struct err e = { 0 };
    struct draft d = written(p, "meeting", 0);
    struct draft_link links[DRAFT_LINKS];
    int n = draft_links(&c, p, &d, links, DRAFT_LINKS, &e);
    if (i >= n)
        return NULL;
    assert_true(strlen(links[i].url) <= DRAFT_ADDRESS);
    for (const char *s = links[i].url; *s; s++)
        assert_true(*s > ' ' && *s < 127); /* nothing that an address may not hold */
    *ready = links[i].ready;
    return links[i].url;
}

static void begins(const char *text, const char *with)
{
    if (!text || strncmp(text, with, strlen(with)) != 0)
        fail_msg("'%s' does not begin with '%s'", text ? text : "nothing", with);
}

static void draft_make__languages__by_market_and_mother_tongue(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct person p = someone("김민수", "부장", 2, 0, NULL, NULL);
    begins(written(&p, "meeting", 0).chat, "김민수 부장님, 오늘 시간");
    assert_non_null(strstr(written(&p, "meeting", 0).chat, "고객사 내부")); /* at a partner it is about their customer */
    p = someone("陳大文", "經理", 0, 2, NULL, NULL);
    begins(written(&p, "ringi", 0).chat, "陳經理您好");
    p = someone("สมชาย ใจดี", NULL, 0, 3, NULL, NULL);
    begins(written(&p, "silence", 0).chat, "เรียน คุณสมชาย ");
    p = someone("Ahmad bin Ali", NULL, 0, 4, NULL, NULL);
    begins(written(&p, "meeting", 1).chat, "Salam sejahtera Ahmad bin Ali, terima kasih atas masa yang diluangkan semalam");
    p = someone("Emma Clark", NULL, 0, 5, NULL, NULL);
    begins(written(&p, "meeting", 0).chat, "Emma Clark, thank you for your time today");
    assert_true(speaks_set(db, p.id, "zh", "native", 0, &e));
    begins(written(&p, "meeting", 0).chat, "Emma Clark您好，感谢您今天抽空");
    assert_true(speaks_set(db, p.id, "vi", "native", 0, &e) && speaks_set(db, p.id, "zh", "B1", 0, &e));
    struct draft d = written(&p, "meeting", 0);
    assert_string_equal(d.wanted, "vi");
    assert_string_equal(d.language, "en");
}

static void draft_make__japanese__by_seniority_and_day(void **state)
{
    (void)state;
    struct person p = someone("田中 健", "部長", 0, 1, NULL, NULL);
    begins(written(&p, "meeting", 0).chat, "田中部長、本日はお時間をいただきありがとうございました。その後、皆様の");
    begins(written(&p, "meeting", 1).chat, "田中部長、昨日は");
    begins(written(&p, "meeting", 4).chat, "田中部長、先日は");
    assert_non_null(strstr(written(&p, "meeting", 0).mail, "何卒よろしくお願い申し上げます。"));
    assert_string_equal(written(&p, "meeting", 1).subject, "昨日のお打ち合わせの御礼");
    p = someone("鈴木", "課長", 0, 1, NULL, NULL);
    begins(written(&p, "meeting", 0).chat, "鈴木課長、本日はありがとうございました。皆様のご感触は");
    p = someone("高橋", "担当", 0, 1, NULL, NULL);
    begins(written(&p, "meeting", 1).chat, "高橋担当、昨日はありがとうございました！皆さんの反応");
    p = someone("小川", NULL, 1, 0, NULL, NULL);
    begins(written(&p, "silence", 0).chat, "小川様、お世話になっております。先日の件、その後の先方の");
}

static void draft_links__messengers__open_with_the_text(void **state)
{
    (void)state;
    bool ready;
    struct person p = someone("田中 健", "部長", 1, 0, "line", "tanaka_t");
    begins(address(&p, 0, &ready), "https://line.me/R/share?text=%E7%94%B0%E4%B8%AD%E9%83%A8%E9%95%B7");
    assert_true(ready);
    assert_string_equal(address(&p, 1, &ready), "https://line.me/ti/p/~tanaka_t");
    assert_false(ready);
    p = someone("Grace Lim", NULL, 0, 4, "whatsapp", "012-345-6789");
    begins(address(&p, 0, &ready), "https://wa.me/60123456789?text=Salam%20sejahtera%20Grace%20Lim");
    p = someone("Emma Clark", NULL, 0, 5, "mail", "emma+x@clark.example");
    begins(address(&p, 0, &ready), "mailto:emma%2Bx@clark.example?subject=Thank%20you");
    p = someone("Emma Clark", NULL, 0, 5, "phone", "+61 2 1234 5678");
    assert_string_equal(address(&p, 0, &ready), "tel:+61212345678");
    p = someone("王", NULL, 0, 2, "wechat", "wang_w");
    assert_null(address(&p, 0, &ready)); /* no address opens it */
}

static void draft_links__limit__the_person_alone(void **state)
{
    (void)state;
    bool ready;
    /* Each kanji takes nine bytes: a name this long leaves no room for the text. */
    struct person p = someone("長宗我部長宗我部長宗我部長宗我部長宗我部長宗我部", "部長", 1, 0, "line", "long_name");
    assert_string_equal(address(&p, 0, &ready), "https://line.me/ti/p/~long_name");
    assert_false(ready);
    assert_null(address(&p, 1, &ready));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draft_make__languages__by_market_and_mother_tongue),
        cmocka_unit_test(draft_make__japanese__by_seniority_and_day),
        cmocka_unit_test(draft_links__messengers__open_with_the_text),
        cmocka_unit_test(draft_links__limit__the_person_alone),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
