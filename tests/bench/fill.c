/* Big stores, written straight through SQL in large transactions: a million touch points
 * in seconds. The rows are what the commands would have stored, without the conversation
 * that led there; all of them have source `test`. The same number gives the same store,
 * save for the instants, which end now. Without statistics (analyze): the program keeps none. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/store/members.h"
#include "tests/bench/bench.h"

enum { BATCH = 50000, YEARS = 2 };

static const char *const syllables[] = { "ka", "mi", "to", "ra", "su", "ne", "ho", "ya",
    "ku", "chi", "ma", "re", "do", "shi", "no", "ga", "pe", "ri", "ta", "be" };
static const char *const family[] = { "田中", "鈴木", "佐藤", "高橋", "伊藤", "渡辺", "山本",
    "中村", "小林", "加藤", "吉田", "山田", "佐々木", "山口", "松本", "井上", "木村", "林",
    "斎藤", "清水", "山崎", "森", "池田", "橋本", "阿部", "石川", "前田", "藤田", "小川", "岡田",
    "後藤", "長谷川", "村上", "近藤", "石井", "坂本", "遠藤", "青木", "藤井", "西村" };
static const char *const given[] = { "健", "誠", "翔", "大輔", "直樹", "拓也", "亮", "浩", "剛",
    "学", "真理", "恵", "愛", "陽子", "由美", "美穂", "千尋", "香織", "舞", "葵", "悠", "薫", "渚",
    "円", "忍", "歩", "望", "光", "翼", "旭", "隼人", "隆", "進", "勝", "実", "稔", "清", "茂",
    "豊", "昇" };
enum { SYLLABLES = sizeof syllables / sizeof *syllables, FAMILY = sizeof family / sizeof *family,
    GIVEN = sizeof given / sizeof *given };

static void capital(char *s)
{
    if (*s >= 'a' && *s <= 'z')
        *s = (char)(*s - 'a' + 'A');
}

void fill_partner_name(char *out, size_t n, int partner)
{
    (void)snprintf(out, n, "%s%s%snet", syllables[partner % SYLLABLES],
        syllables[partner / SYLLABLES % SYLLABLES],
        syllables[(partner % SYLLABLES + partner / SYLLABLES / SYLLABLES * 3 + 7) % SYLLABLES]);
    capital(out);
}

/* Person `i` works for partner i / PEOPLE_EACH; half of them have Japanese names. */
static void person_name(char *out, size_t n, int i)
{
    if (i % 2) {
        (void)snprintf(out, n, "%s %s", family[i / 2 % FAMILY], given[i / 2 / FAMILY % GIVEN]);
        return;
    }
    (void)snprintf(out, n, "%s%s%s%s", syllables[i / 2 % SYLLABLES],
        syllables[i / 2 / SYLLABLES % SYLLABLES], syllables[(i / 2 * 7 + 3) % SYLLABLES],
        syllables[i / 2 / (SYLLABLES * SYLLABLES) + 4]);
    capital(out);
}

void fill_line(char *out, size_t n, int i, int k)
{
    char person[64], partner[64];
    int with = (i * 31 + k * 17) % (PARTNERS * PEOPLE_EACH / 2) * 2 + i % 2;
    person_name(person, sizeof person, with);
    fill_partner_name(partner, sizeof partner, with / PEOPLE_EACH);
    if (i % 2)
        (void)snprintf(out, n, "電話 %s様 きのう 20分：法務がまだ引っかかってる %d", person, k);
    else
        (void)snprintf(out, n, "zoom %s %s 45m: legal still worried %d", person, partner, k);
}

int64_t fill_member(int i)
{
    return i + 1;
}

void fill_secret(int i, char secret[SECRET_SIZE])
{
    (void)snprintf(secret, SECRET_SIZE, "%064x", i + 1);
}

/* SQL. */

struct filler {
    sqlite3 *sqlite;
    int64_t now_ms;
    uint32_t dice;
};

static uint32_t roll(struct filler *f, uint32_t n)
{
    f->dice = f->dice * 1664525 + 1013904223;
    return (f->dice >> 8) % n;
}

static void run_sql(struct filler *f, const char *sql)
{
    if (sqlite3_exec(f->sqlite, sql, NULL, NULL, NULL) != SQLITE_OK)
        die("fill: %s: %s", sqlite3_errmsg(f->sqlite), sql);
}

static sqlite3_stmt *statement(struct filler *f, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(f->sqlite, sql, -1, &s, NULL) != SQLITE_OK)
        die("fill: %s: %s", sqlite3_errmsg(f->sqlite), sql);
    return s;
}

/* Binds numbers for `i` and texts for `t`, negative numbers as null, and runs it. */
static void insert(struct filler *f, sqlite3_stmt *s, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    for (int i = 1; *types; types++, i++) {
        if (*types == 't') {
            sqlite3_bind_text(s, i, va_arg(ap, const char *), -1, SQLITE_STATIC);
            continue;
        }
        int64_t v = va_arg(ap, int64_t);
        if (v < 0)
            sqlite3_bind_null(s, i);
        else
            sqlite3_bind_int64(s, i, v);
    }
    va_end(ap);
    if (sqlite3_step(s) != SQLITE_DONE)
        die("fill: %s", sqlite3_errmsg(f->sqlite));
    sqlite3_reset(s);
}

static void fill_members(struct filler *f)
{
    sqlite3_stmt *m = statement(f,
        "insert into member (handle, name, role, market, zone, locale, source, created_ms)"
        " values (?, ?, 'rep', 'JP', 'Asia/Tokyo', ?, 'test', ?)");
    sqlite3_stmt *s = statement(f, "insert into session (hash, member_id, no, created_ms, seen_ms, expires_ms)"
                                    " values (?1, ?2, 1, ?3, ?3, ?4)");
    for (int i = 0; i < MEMBERS; i++) {
        char handle[32], secret[SECRET_SIZE], hash[SHA256_HEX];
        (void)snprintf(handle, sizeof handle, "bench%d", i);
        fill_secret(i, secret);
        sha256_hex(secret, strlen(secret), hash);
        insert(f, m, "ttti", handle, handle, i % 2 ? "ja" : "en", f->now_ms);
        insert(f, s, "tiii", hash, fill_member(i), f->now_ms, f->now_ms + 90 * DAY_MS);
    }
    sqlite3_finalize(m);
    sqlite3_finalize(s);
}

static void fill_firms(struct filler *f)
{
    sqlite3_stmt *p = statement(f,
        "insert into partner (name, type, market, stage, signed_day, source, created_ms)"
        " values (?, 'reseller', 'JP', 'active', 20000, 'test', ?)");
    sqlite3_stmt *a = statement(f,
        "insert into customer (name, market, source, created_ms) values (?, 'JP', 'test', ?)");
    sqlite3_stmt *c = statement(f,
        "insert into person (name, partner_id, source, created_ms) values (?, ?, 'test', ?)");
    char name[64];
    for (int i = 0; i < PARTNERS; i++) {
        fill_partner_name(name, sizeof name, i);
        insert(f, p, "ti", name, f->now_ms);
    }
    for (int i = 0; i < CUSTOMERS; i++) {
        (void)snprintf(name, sizeof name, "Customer %d KK", i);
        insert(f, a, "ti", name, f->now_ms);
    }
    for (int i = 0; i < PARTNERS * PEOPLE_EACH; i++) {
        person_name(name, sizeof name, i);
        insert(f, c, "tii", name, (int64_t)(i / PEOPLE_EACH + 1), f->now_ms);
    }
    sqlite3_finalize(p);
    sqlite3_finalize(a);
    sqlite3_finalize(c);
}

/* Three of four deals are closed, half of those won. */
static void fill_deals(struct filler *f)
{
    sqlite3_stmt *d = statement(f,
        "insert into deal (name, customer_id, partner_id, owner_id, value_minor, currency,"
        " market, state, registered_ms, closed_ms, closed_owner_id, source, created_ms)"
        " values (?, ?, ?, ?, ?, 'JPY', 'JP', ?, ?, ?, ?, 'test', ?)");
    sqlite3_stmt *v = statement(f,
        "insert into deal_event (deal_id, what, at_ms, member_id) values (?, ?, ?, ?)");
    static const char *const states[] = { "open", "won", "lost", "won" };
    for (int64_t i = 0; i < DEALS; i++) {
        char name[32];
        const char *state = states[i / PARTNERS % 4];
        bool closed = state != states[0];
        int64_t owner = 1 + roll(f, MEMBERS);
        int64_t from = f->now_ms - (int64_t)(60 + roll(f, 670)) * DAY_MS;
        int64_t to = closed ? from + (int64_t)(10 + roll(f, 50)) * DAY_MS : -1;
        (void)snprintf(name, sizeof name, "Deal %lld", (long long)i);
        insert(f, d, "tiiiitiiii", name, 1 + i % CUSTOMERS, 1 + i % PARTNERS, owner,
            (int64_t)(100000 + roll(f, 9000000)), state, from, to, closed ? owner : -1, from);
        insert(f, v, "itii", i + 1, "registered", from, owner);
        if (closed)
            insert(f, v, "itii", i + 1, state, to, owner);
    }
    sqlite3_finalize(d);
    sqlite3_finalize(v);
}

static void fill_touches(struct filler *f, int touches)
{
    static const char *const channels[] = { "zoom", "phone", "line", "mail" };
    sqlite3_stmt *t = statement(f,
        "insert into touch_point (kind, no, at_ms, minutes, channel, member_id, customer_id,"
        " deal_id, note_id, note_rev, source, created_ms)"
        " values ('T', ?, ?, ?, ?, ?, ?, ?, ?, 1, 'test', ?)");
    sqlite3_stmt *c = statement(f, "insert into touch_person (touch_id, person_id) values (?, ?)");
    sqlite3_stmt *p = statement(f, "insert into touch_partner (touch_id, partner_id) values (?, ?)");
    sqlite3_stmt *n = statement(f,
        "insert into note_text (id, rev, author_id, level, text, created_ms)"
        " values (?, 1, ?, 'all', ?, ?)");
    for (int64_t i = 1; i <= touches; i++) {
        char text[80];
        int64_t partner = i % PARTNERS, member = 1 + roll(f, MEMBERS);
        int64_t at = f->now_ms - (touches - i) * (YEARS * 365 * DAY_MS / touches) - MINUTE_MS;
        int64_t deal = roll(f, 4) ? -1 : partner + (int64_t)PARTNERS * roll(f, 4);
        (void)snprintf(text, sizeof text, "legal still worried, the %lldth time", (long long)i);
        insert(f, n, "iiti", i, member, text, at);
        insert(f, t, "iiitiiiii", i, at, (int64_t)(5 + roll(f, 55)), channels[roll(f, 4)], member,
            deal < 0 ? deal : 1 + deal % CUSTOMERS, deal < 0 ? deal : 1 + deal, i, at);
        insert(f, c, "ii", i, partner * PEOPLE_EACH + roll(f, PEOPLE_EACH) + 1);
        insert(f, p, "ii", i, partner + 1);
        if (i % BATCH == 0)
            run_sql(f, "commit; begin");
    }
    sqlite3_finalize(t);
    sqlite3_finalize(c);
    sqlite3_finalize(p);
    sqlite3_finalize(n);
}

static struct filler begin(struct db *db)
{
    struct filler f = { .sqlite = db_handle(db), .now_ms = clock_now_ms(), .dice = 1 };
    struct err e = { 0 };
    run_sql(&f, "pragma synchronous=off; pragma cache_size=-200000;"
                "pragma wal_autocheckpoint=20000; begin");
    CHECK(meta_set(db, "test", "benchmark", &e), &e);
    fill_members(&f);
    return f;
}

static void end(struct db *db, struct filler *f)
{
    struct err e = { 0 };
    run_sql(f, "commit");
    CHECK(db_checkpoint(db, &e), &e);
    db_close(db);
}

void fill_team(const char *path)
{
    struct err e = { 0 };
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db, &e);
    struct filler f = begin(db);
    end(db, &f);
}

void fill(const char *path, int touches)
{
    struct err e = { 0 };
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db, &e);
    struct filler f = begin(db);
    fill_firms(&f);
    fill_deals(&f);
    fill_touches(&f, touches);
    end(db, &f);
}

/* Copies. */

static void copy_file(const char *from, const char *to)
{
    struct stat st;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (in < 0 || out < 0 || fstat(in, &st))
        die("copy '%s' to '%s': %s", from, to, strerror(errno));
    for (off_t left = st.st_size; left > 0;) {
        ssize_t n = copy_file_range(in, NULL, out, NULL, (size_t)left, 0);
        if (n <= 0)
            die("copy '%s' to '%s': %s", from, to, strerror(errno));
        left -= n;
    }
    (void)fsync(out); /* what the copy cost is not for the benchmark to pay */
    (void)close(in);
    (void)close(out);
}

void store_copy(const char *dir, const char *name, int touches, char path[PATH_SIZE])
{
    char master[PATH_SIZE];
    (void)snprintf(master, sizeof master, "%s/master-%d.db", dir, touches);
    if (access(master, F_OK) != 0)
        fill(master, touches);
    (void)snprintf(path, PATH_SIZE, "%s/%s.db", dir, name);
    store_remove(path);
    copy_file(master, path);
}

void store_remove(const char *path)
{
    static const char *const parts[] = { "", "-wal", "-shm", "-lock" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char name[PATH_SIZE + 8];
        (void)snprintf(name, sizeof name, "%s%s", path, parts[i]);
        (void)unlink(name);
    }
}

void store_floor(const char *dir, struct figure *ms, struct figure *rate)
{
    enum { PAGES = 500, PAGE = 4096 };
    static const char page[PAGE];
    static double took[PAGES];
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/floor", dir);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int64_t begun = clock_ticks_us();
    for (int i = 0; i < PAGES; i++) {
        int64_t from = clock_ticks_us();
        if (write(fd, page, PAGE) != PAGE || fdatasync(fd))
            die("%s: %s", path, strerror(errno));
        took[i] = (double)(clock_ticks_us() - from) / 1000;
    }
    figure_add(rate, PAGES / ((double)(clock_ticks_us() - begun) / 1e6));
    figure_add(ms, percentile(took, PAGES, 50));
    (void)close(fd);
    (void)unlink(path);
}
