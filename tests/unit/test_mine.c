/* `export my data`: a member's own words in a file that goes to the member alone. The disk
 * holds no such file, only references, and where others read along there is none. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/core/engine.h"
#include "bot/store/identities.h"
#include "bot/store/members.h"

static struct catalogue *words;
static struct engine *engine;
static struct arena mem;
static char *last, *code; /* the file told last, decoded, or NULL; the code of the last reply */
static int64_t kenji, haruka;

static void take_reply(const struct delivery *d)
{
    struct err e;
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
    const char *data = NULL;
    size_t i, n = 0;
    json_t *part;
    json_array_foreach(json_at(reply, "parts"), i, part)
        data = json_text(part, "data") ? json_text(part, "data") : data;
    code = arena_strdup(&mem, json_text(reply, "code"));
    last = NULL;
    if (!data)
        return;
    assert_true(json_is_true(json_at(reply, "private")));
    assert_null(json_at(reply, "parts.rows"));
    unsigned char *bytes = arena_alloc(&mem, strlen(data) + 1);
    assert_true(base64_decode(data, bytes, &n));
    last = arena_strndup(&mem, (char *)bytes, n);
}

static void deliver(void *ctx, struct delivery *d)
{
    (void)ctx;
    if (d->kind == DELIVERY_MESSAGE && d->json)
        take_reply(d);
    delivery_destroy(d);
}

static void say_in(int64_t member, enum network network, const char *conversation, const char *text)
{
    static int n;
    struct event *ev = event_create(EVENT_MESSAGE, network, 1);
    ev->remote_id = strdup(arena_printf(&mem, "e%d", ++n));
    ev->conversation = strdup(conversation);
    ev->text = strdup(text);
    ev->member_id = member;
    ev->received_ms = clock_now_ms();
    engine_take(engine, ev);
}

static void say(int64_t member, const char *text)
{
    say_in(member, NETWORK_WEB, "web", text);
}

static int64_t add_member(const char *handle)
{
    struct err e;
    struct member m = { .handle = handle, .name = handle, .role = "rep", .market = "JP",
        .zone = "Asia/Tokyo", .locale = "en", .roles = ROLE_REP };
    return member_add(engine_db(engine), &m, clock_now_ms(), &e);
}

static int open_world(void **state)
{
    (void)state;
    struct err e = { 0 };
    struct engine_config config = { .db_path = ":memory:", .team_zone = "Asia/Tokyo", .deliver = deliver };
    clock_hold(INT64_C(1772439600000)); /* 2026-03-02T17:20+09:00 */
    config.words = words = catalogue_open(SOURCE_DIR "/locales", &e);
    engine = words ? engine_create(&config, &e) : NULL;
    if (!engine)
        return -1;
    kenji = add_member("kenji");
    haruka = add_member("haruka");
    if (!engine_names_changed(engine, &e))
        return -1;
    say(kenji, "customer Acme");
    say(kenji, "contact Sato Acme");
    say(kenji, "zoom Sato 30m: an open word");
    say(kenji, "zoom Sato 20m offrecord: zanzibarquux leaves, \"quoted\"");
    say(kenji, "consensus Acme from Sato against me only: krakatoavex");
    say(haruka, "zoom Sato 10m: only of Haruka");
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    engine_destroy(engine);
    catalogue_close(words);
    arena_finish(&mem);
    return 0;
}

static void mine__own_data__with_what_is_off_the_record(void **state)
{
    (void)state;
    say(kenji, "export my data");
    assert_non_null(last);
    assert_non_null(strstr(last, ",offrecord,\"zanzibarquux leaves, \"\"quoted\"\"\"\r\n"));
    assert_non_null(strstr(last, ",me,krakatoavex\r\n"));
    assert_non_null(strstr(last, ",all,an open word\r\n"));
    assert_null(strstr(last, "contact,C1,")); /* Haruka spoke with Sato last */
    assert_null(strstr(last, "Haruka"));
    say(haruka, "export my data");
    assert_non_null(last);
    assert_non_null(strstr(last, "only of Haruka"));
    assert_non_null(strstr(last, "contact,C1,"));
    assert_null(strstr(last, "zanzibarquux"));
    assert_null(strstr(last, "krakatoavex"));
    assert_null(strstr(last, "an open word"));
}

/* No stored reply has the words, as they are or encoded. */
static void mine__stored__by_reference(void **state)
{
    (void)state;
    sqlite3_stmt *s;
    say(kenji, "export my data");
    assert_int_equal(sqlite3_prepare_v2(db_handle(engine_db(engine)),
        "select count(*), count(json_extract(body, '$.parts[0].data')), total(instr(body, 'zanzibarquux')), "
        "total(instr(body, '\"words\":{\"note\"')) from message where body like '%my-data-%'", -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    assert_true(sqlite3_column_int(s, 0) > 0);
    assert_int_equal(sqlite3_column_int(s, 1), 0);
    assert_int_equal(sqlite3_column_int(s, 2), 0);
    assert_true(sqlite3_column_int(s, 3) > 0);
    sqlite3_finalize(s);
}

static void mine__others_read_along__refused(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_true(identity_put(engine_db(engine), "line", "U1", kenji, clock_now_ms(), &e));
    assert_true(identity_seen(engine_db(engine), "line", "U1", "own", clock_now_ms(), &e));
    say_in(kenji, NETWORK_LINE, "group", "export my data");
    assert_null(last);
    assert_string_equal(code, "mine.alone");
    say_in(kenji, NETWORK_LINE, "own", "export my data");
    assert_non_null(last);
    assert_non_null(strstr(last, "krakatoavex"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mine__own_data__with_what_is_off_the_record),
        cmocka_unit_test(mine__stored__by_reference),
        cmocka_unit_test(mine__others_read_along__refused),
    };
    return cmocka_run_group_tests(tests, open_world, close_world);
}
