/* Any line a person could send, through the whole engine: read, resolved, answered,
 * stored. The store is in memory and starts anew when it has grown. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/members.h"
#include "bot/store/people.h"
#include "bot/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW_MS = 1772439600, LINES = 2000, CROWD = 40, LONGEST = 16384 };

static struct catalogue *words;
static struct engine *engine;
static int64_t member, lines;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static int64_t add_member(struct db *db, const char *handle, const char *name, const char *role)
{
    struct err e;
    struct member m = { .handle = handle, .name = name, .role = role, .market = "JP",
        .zone = "Asia/Tokyo", .locale = "ja", .roles = role_of(role) | ROLE_REP };
    int64_t id = member_add(db, &m, NOW_MS, &e);
    must(id > 0);
    return id;
}

/* Firms and people of several scripts: names that begin alike, that are part of each
 * other, that sound alike, and surnames that many share. */
static void add_names(struct db *db)
{
    static const char *const partners[] = { "電光デジタル", "白楊堂", "한빛파트너스", "Southern Cross Digital" };
    static const char *const customers[] = { "Acme", "Acme Trading", "青葉食品", "青葉銀行", "Toyokawa" };
    static const char *const people[][2] = { { "田中 健", "タナカ ケン" }, { "田中 真理", "タナカ マリ" },
        { "小野 隆", "オノ タカシ" }, { "大野 恵", "オオノ メグミ" }, { "김민수", NULL }, { "Emma Lee", NULL },
        { "Lee", NULL }, { "Åsa Björk", NULL }, { "สมชาย", NULL }, { "いと", NULL } };
    struct err e;
    for (size_t i = 0; i < sizeof partners / sizeof *partners; i++) {
        struct partner p = { .name = partners[i], .market = "JP", .commission_bp = -1 };
        must(partner_add(db, &p, NOW_MS, &e) > 0);
    }
    for (size_t i = 0; i < sizeof customers / sizeof *customers; i++) {
        struct customer a = { .name = customers[i], .market = "JP" };
        must(customer_add(db, &a, NOW_MS, &e) > 0);
    }
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        struct person c = { .name = people[i][0], .title = i % 3 ? NULL : "部長",
            .partner_id = i % 2 ? 1 + (int64_t)(i % 4) : 0, .customer_id = i % 2 ? 0 : 1 + (int64_t)(i % 5) };
        int64_t id = person_add(db, &c, NOW_MS, &e);
        must(id > 0 && (!people[i][1] || name_add(db, 'C', id, people[i][1], "reading", &e)));
    }
    for (int i = 0; i < CROWD; i++) { /* more Satos than a question has room for */
        char name[32];
        (void)snprintf(name, sizeof name, "Sato %c%c", 'A' + i % 26, 'a' + i / 26);
        struct person c = { .name = name, .partner_id = 1 + i % 4 };
        must(person_add(db, &c, NOW_MS, &e) > 0);
    }
}

static void open_engine(void)
{
    struct err e;
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo" };
    engine = engine_create(&config, &e);
    must(engine != NULL);
    member = add_member(engine_db(engine), "kenji", "Kenji", "manager");
    (void)add_member(engine_db(engine), "mika", "Mika", "rep");
    add_names(engine_db(engine));
    must(engine_names_changed(engine, &e));
}

static void open_once(void)
{
    struct err e;
    log_quiet(true);
    clock_hold((int64_t)NOW_MS * 1000);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    if (!words)
        abort();
    open_engine();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char id[32];
    size_t bad;
    if (!engine)
        open_once();
    if (size > LONGEST || memchr(data, 0, size) || !utf8_valid((const char *)data, size, &bad))
        return 0;
    if (++lines % LINES == 0) {
        engine_destroy(engine);
        open_engine();
    }
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_CONSOLE, 0);
    (void)snprintf(id, sizeof id, "%lld", (long long)lines);
    ev->remote_id = strdup(id);
    ev->conversation = strdup("console");
    ev->text = strndup((const char *)data, size);
    ev->member_id = member;
    ev->received_ms = (int64_t)NOW_MS * 1000;
    engine_take(engine, ev);
    return 0;
}
