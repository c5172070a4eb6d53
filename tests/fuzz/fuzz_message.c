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

enum { NOW_MS = 1772439600, LINES = 2000 };

static struct catalogue *words;
static struct engine *engine;
static int64_t member, lines;

static void open_engine(void)
{
    struct err e;
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo" };
    struct member m = { .handle = "kenji", .name = "Kenji", .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "ja", .roles = ROLE_REP | ROLE_MANAGER };
    struct partner p = { .name = "電光デジタル", .commission_bp = -1 };
    struct customer a = { .name = "Acme" };
    engine = engine_create(&config, &e);
    if (!engine)
        abort();
    member = member_add(engine_db(engine), &m, NOW_MS, &e);
    p.id = partner_add(engine_db(engine), &p, NOW_MS, &e);
    struct person c = { .name = "田中 健", .title = "部長", .partner_id = p.id };
    if (!member || !customer_add(engine_db(engine), &a, NOW_MS, &e) || !person_add(engine_db(engine), &c, NOW_MS, &e) ||
        !name_add(engine_db(engine), 'C', 1, "タナカ", "reading", &e) || !engine_names_changed(engine, &e))
        abort();
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
    if (size > 4096 || memchr(data, 0, size) || !utf8_valid((const char *)data, size, &bad))
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
