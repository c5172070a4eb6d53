/* Understanding messages beside 20,000 people and 5,000 firms: what a line costs to read,
 * what a search among names costs, what the names take in memory, and the worst that 64
 * KB of text can do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bot/base/clock.h"
#include "bot/core/dispatch.h"
#include "bot/core/engine_private.h"
#include "bot/store/people.h"
#include "bot/text/utf8.h"
#include "tests/bench/bench.h"

enum { FIRMS = 5000, CROWD = 20000, LINES = 6000, SEARCHES = 3000, LONGEST = 64 * 1024, SLOW_US = 20000 };

static const char *const surnames[][3] = { { "田中", "タナカ", "Tanaka" }, { "鈴木", "スズキ", "Suzuki" },
    { "佐藤", "サトウ", "Sato" }, { "高橋", "タカハシ", "Takahashi" }, { "伊藤", "イトウ", "Ito" },
    { "渡辺", "ワタナベ", "Watanabe" }, { "山本", "ヤマモト", "Yamamoto" }, { "中村", "ナカムラ", "Nakamura" },
    { "小林", "コバヤシ", "Kobayashi" }, { "加藤", "カトウ", "Kato" }, { "吉田", "ヨシダ", "Yoshida" },
    { "山田", "ヤマダ", "Yamada" }, { "佐々木", "ササキ", "Sasaki" }, { "山口", "ヤマグチ", "Yamaguchi" },
    { "松本", "マツモト", "Matsumoto" }, { "井上", "イノウエ", "Inoue" }, { "木村", "キムラ", "Kimura" },
    { "斎藤", "サイトウ", "Saito" }, { "清水", "シミズ", "Shimizu" }, { "長谷川", "ハセガワ", "Hasegawa" } };
static const char *const given_names[][2] = { { "健", "ケン" }, { "誠", "マコト" }, { "大輔", "ダイスケ" },
    { "直樹", "ナオキ" }, { "真理", "マリ" }, { "陽子", "ヨウコ" }, { "由美", "ユミ" }, { "千尋", "チヒロ" },
    { "香織", "カオリ" }, { "隆", "タカシ" }, { "進", "ススム" }, { "勝", "マサル" }, { "茂", "シゲル" },
    { "恵", "メグミ" }, { "拓也", "タクヤ" }, { "浩", "ヒロシ" } };
static const char *const parts[] = { "ka", "mi", "to", "ra", "su", "ne", "ho", "ya", "ku", "chi", "ma",
    "re", "do", "shi", "no", "ga", "pe", "ri", "ta", "be", "lan", "ver", "son", "wick" };
static const char *const signs[] = { "青", "電", "光", "桜", "川", "豊", "白", "楊", "北", "南", "東", "海",
    "山", "星", "月", "森", "三", "大", "新", "共" };
static const char *const trades[] = { "食品", "デジタル", "銀行", "運輸", "商事", "ソリューションズ", "製作所", "堂" };

#define COUNT(a) (sizeof(a) / sizeof *(a))

static uint32_t dice = 7;

static uint32_t roll(size_t n)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % (uint32_t)n;
}

/* A word of Latin letters with a capital; the same number gives the same word. */
static void latin_word(char *out, size_t size, size_t number, int syllables)
{
    size_t n = 0;
    for (int i = 0; i < syllables; i++, number = number / COUNT(parts) + 11)
        n += (size_t)snprintf(out + n, size - n, "%s", parts[number % COUNT(parts)]);
    out[0] = (char)(out[0] - 'a' + 'A');
}

static void firm_name(char *out, size_t size, size_t i)
{
    size_t k = i / 2;
    if (i % 2)
        (void)snprintf(out, size, "%s%s%s%s", signs[k % COUNT(signs)], signs[k / COUNT(signs) % COUNT(signs)],
            k < 400 ? "" : signs[(k / 400 + 3) % COUNT(signs)], trades[k % COUNT(trades)]);
    else
        latin_word(out, size, k, 4);
}

/* Half of them in kanji with a reading, half in Latin letters. */
static void person_name(char *name, char *reading, size_t size, size_t i)
{
    char last[64];
    size_t k = i / 2;
    *reading = '\0';
    if (i % 2 == 0) {
        latin_word(name, size, k % 97, 2);
        latin_word(last, sizeof last, k * 5 + 1, 3);
        (void)strncat(name, " ", size - strlen(name) - 1);
        (void)strncat(name, last, size - strlen(name) - 1);
        return;
    }
    (void)snprintf(name, size, "%s %s%s", surnames[k % COUNT(surnames)][0],
        given_names[k / COUNT(surnames) % COUNT(given_names)][0],
        k / 320 % 32 ? signs[k / 320 % COUNT(signs)] : "");
    (void)snprintf(reading, size, "%s %s", surnames[k % COUNT(surnames)][1],
        given_names[k / COUNT(surnames) % COUNT(given_names)][1]);
}

static void fill_crowd(struct db *db)
{
    struct err e = { 0 };
    char name[128], reading[128];
    struct member m = { .handle = "bench", .name = "Bench", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    CHECK(db_begin(db, &e), &e);
    CHECK(member_add(db, &m, clock_now_ms(), &e), &e);
    for (size_t i = 0; i < FIRMS; i++) {
        firm_name(name, sizeof name, i);
        struct partner p = { .name = name, .market = "JP", .commission_bp = -1 };
        struct customer a = { .name = name, .market = "JP" };
        CHECK(i % 4 < 2 ? partner_add(db, &p, 1, &e) : customer_add(db, &a, 1, &e), &e);
    }
    for (size_t i = 0; i < CROWD; i++) {
        person_name(name, reading, sizeof name, i);
        struct person p = { .name = name, .partner_id = i % 2 ? (int64_t)(1 + i % (FIRMS / 2)) : 0 };
        int64_t id = person_add(db, &p, 1, &e);
        CHECK(id && (!*reading || name_add(db, 'C', id, reading, "reading", &e)), &e);
    }
    CHECK(db_commit(db, &e), &e);
}

/* One character changed, left out or doubled, not the first. */
static void misspell(char *word)
{
    size_t n = strlen(word), at = 1 + roll(n > 2 ? n - 2 : 1);
    while (((unsigned char)word[at] & 0xC0) == 0x80)
        at++;
    if ((unsigned char)word[at] >= 0x80 || !word[at])
        return;
    if (roll(2))
        word[at] = word[at] == 'e' ? 'o' : 'e';
    else
        memmove(word + at, word + at + 1, n - at);
}

/* A third each: as stored, misspelt, unknown. What stands before and behind the names. */
static void make_line(char *out, size_t size, size_t i)
{
    static const char *const frames[][2] = { { "zoom ", " 45m: legal still worried about " },
        { "called ", " no answer " }, { "met ", " yesterday 60m: nobody objected " },
        { "line ", " asked for the ISO cert again " }, { "dinner with ", " fri 19:00 frank about budget " },
        { "電話 ", "様 きのう 20分：法務がまだ引っかかってる " }, { "", "さんとTEL 15分 見積りの件 " },
        { "打ち合わせ ", " 60分：反対は出なかった " }, { "昨晩", "さんと会食：4月まで予算がつかないらしい " } };
    char who[128], reading[128], firm[128];
    size_t frame = roll(COUNT(frames));
    person_name(who, reading, sizeof who, roll(CROWD));
    firm_name(firm, sizeof firm, roll(FIRMS));
    if (i % 3 == 1)
        misspell(who);
    if (i % 3 == 2) {
        latin_word(who, sizeof who, 9000 + roll(100000), 3);
        (void)strncat(who, "q", sizeof who - strlen(who) - 1);
    }
    bool both = roll(2);
    (void)snprintf(out, size, "%s%s%s%s%s%zu", frames[frame][0], who, both ? " " : "", both ? firm : "",
        frames[frame][1], i);
}

/* Time of this thread on the processor: what others do on it is not the reader's. */
static int64_t ticks_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct bench {
    struct engine *engine;
    struct member member;
    struct arena mem;
};

/* Reads a line and forgets what it led to; microseconds. */
static double read_us(struct bench *b, const char *text, bool whole)
{
    struct err e = { 0 };
    struct call c = { .mem = &b->mem };
    enum reading reading;
    enum dispatched how;
    CHECK(db_begin(b->engine->db, &e), &e);
    engine_call(b->engine, &c, &b->member, NETWORK_CONSOLE, "console", clock_now_ms());
    int64_t from = ticks_us();
    c.text = text;
    /* What a handler then stores is the store's to pay; see roundtrip. */
    CHECK(whole ? dispatch(&c, text, true, &how, &e) : read_message(&c, text, &reading, &e), &e);
    double took = (double)(ticks_us() - from);
    db_rollback(b->engine->db);
    struct err none = { 0 };
    CHECK(names_rolled_back(b->engine->names, b->engine->db, &none), &none);
    names_settled(b->engine->names);
    reply_drop_all(&c);
    arena_reset(&b->mem);
    return took;
}

static void print_spread(const char *what, double *us, size_t n, const char *aim)
{
    struct figure mid = { 0 }, high = { 0 };
    char name[80];
    figure_add(&mid, percentile(us, n, 50) / 1000);
    figure_add(&high, percentile(us, n, 99) / 1000);
    (void)snprintf(name, sizeof name, "%s, median", what);
    figure_print(name, &mid, "ms", NULL);
    (void)snprintf(name, sizeof name, "%s, 99th percentile", what);
    figure_print(name, &high, "ms", aim);
}

static void measure_lines(struct bench *b)
{
    double *us = xcalloc(LINES, sizeof *us);
    char line[600];
    for (size_t i = 0; i < LINES; i++) {
        make_line(line, sizeof line, i);
        us[i] = read_us(b, line, false);
    }
    print_spread("read a message", us, LINES, "aim <= 1");
    free(us);
}

static void measure_names(struct bench *b)
{
    double *near = xcalloc(SEARCHES, sizeof *near), *exact = xcalloc(SEARCHES, sizeof *exact);
    struct name_hit hits[HITS];
    char who[128], reading[128];
    for (size_t i = 0; i < SEARCHES; i++) {
        person_name(who, reading, sizeof who, roll(CROWD));
        int64_t from = ticks_us();
        (void)names_find(b->engine->names, &b->mem, who, hits, HITS);
        exact[i] = (double)(ticks_us() - from);
        misspell(who);
        from = ticks_us();
        (void)names_near(b->engine->names, &b->mem, who, hits, HITS);
        near[i] = (double)(ticks_us() - from);
        arena_reset(&b->mem);
    }
    print_spread("find a name", exact, SEARCHES, "aim <= 5");
    print_spread("find near misses", near, SEARCHES, "aim <= 5");
    free(near);
    free(exact);
}

static void open_bench(struct bench *b, struct catalogue **words)
{
    struct err e = { 0 };
    *words = catalogue_open(SOURCE_DIR "/locales", &e);
    CHECK(*words, &e);
    struct engine_config config = { .db_path = ":memory:", .words = *words, .team_zone = "Asia/Tokyo" };
    b->engine = engine_create(&config, &e);
    CHECK(b->engine, &e);
    fill_crowd(b->engine->db);
    struct figure open = { 0 }, memory = { 0 };
    for (int i = 0; i < 3; i++) {
        int64_t from = ticks_us();
        CHECK(engine_names_changed(b->engine, &e), &e);
        figure_add(&open, (double)(ticks_us() - from) / 1000);
    }
    CHECK(member_by_id(b->engine->db, &b->engine->mem, 1, &b->member, &e), &e);
    b->member.roles = ROLE_REP | ROLE_MANAGER;
    figure_add(&memory, (double)names_memory(b->engine->names) / 1048576);
    figure_print("read all names at start", &open, "ms", NULL);
    figure_print("names in memory", &memory, "MB", NULL);
}

static void close_bench(struct bench *b, struct catalogue *words)
{
    arena_finish(&b->mem);
    engine_destroy(b->engine);
    catalogue_close(words);
}

void bench_reader(const char *dir)
{
    struct bench b = { .mem = ARENA_INIT };
    struct catalogue *words;
    (void)dir;
    open_bench(&b, &words);
    measure_lines(&b);
    measure_names(&b);
    close_bench(&b, words);
}

/* Units that are repeated up to 64 KB. */
static const char *const units[] = { "1", "9:", "12.", "1,", ",", "、", "zoom ", "Tanaka ", "Tanoka ", "tanaka,",
    "田中", "青葉", "電話", "法務がまだ", "たなか", "タナカ", "サトウハナコ", "漢", "a", "A", "A ", "Aa Bb ", "q3 ",
    "¥4.8M ", "3/14 ", "14:30 ", "mon ", "金曜", "きのう", "D1 ", "T1,", "e\xCC\x81", "\xCC\x81", "\xCD\xA0",
    "한빛", "김민수 ", "ﷺ", "㈱", "🙂", "👨‍👩‍👧", "(", "((", "「", ":", "x:", "line:", "https://", "\n", " ", "　",
    "!me ", "offrecord ", "部長 ", "部長", "様", "さん", "-san ", "alias ", "alias x, ", "+1 ", "+", "他2名",
    "win rate ", "kpi ", "勝率", "電光デジタル ", "1h30m", "30m ", "2026-03-01..", "第3四半期", "for ", "from ",
    "株式会社", "Inc. ", "no ", "違う、", "検討します", "ここだけの話", "ｱｵﾊﾞ", "\xE0\xB8\x81\xE0\xB8\xB3", "T", "1万", "1億2" };
static const char *const leads[] = { "", "zoom ", "zoom Tanaka ", "met ", "kpi ", "deal reg ", "consensus ",
    "contact ", "edit T1 ", "zoom Tanaka: ", "電話 ", "follow ", "find ", "partner X alias " };

static void repeat(char *out, const char *lead, const char *unit)
{
    size_t n = (size_t)snprintf(out, LONGEST, "%s", lead), k = strlen(unit);
    while (n + k < LONGEST) {
        memcpy(out + n, unit, k);
        n += k;
    }
    out[n] = '\0';
}

void bench_longest_line(const char *dir)
{
    struct bench b = { .mem = ARENA_INIT };
    struct catalogue *words;
    char *text = xmalloc(LONGEST + 1), worst[128] = "";
    double most = 0;
    (void)dir;
    open_bench(&b, &words);
    for (size_t i = 0; i < COUNT(units) * COUNT(leads); i++) {
        const char *lead = leads[i % COUNT(leads)], *unit = units[i / COUNT(leads)];
        repeat(text, lead, unit);
        double us = read_us(&b, text, true), again = us > 5000 ? read_us(&b, text, true) : us;
        us = us < again ? us : again; /* what the machine did meanwhile is not the line's */
        if (us > SLOW_US)
            (void)printf("    %8.1f ms  \"%s\" and \"%s\" repeated\n", us / 1000, lead, unit);
        if (us > most) {
            most = us;
            (void)snprintf(worst, sizeof worst, "64 KB, worst: \"%s\" and \"%s\"", lead, unit);
        }
    }
    struct figure f = { 0 };
    figure_add(&f, most / 1000);
    figure_print(worst, &f, "ms", "aim <= 20");
    free(text);
    close_bench(&b, words);
}
