/* The little team of the trust tests: one member of each role, three colleagues who write,
 * and for each relation that a record can have to the one who asks a customer, a person, a
 * deal and notes with a marker word of their own. A real engine on a store in memory. */
#ifndef TESTS_UNIT_TRUST_WORLD_H
#define TESTS_UNIT_TRUST_WORLD_H

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/unit/t.h"
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/core/engine_private.h"
#include "bot/store/journal.h"

/* The roles, in the columns' order of tests/permission/policy.tsv; then who writes. */
enum who { ADA, MORI, CORA, HAL, REI, PIA, SUE, NOBODY, ROLES, TOMO = ROLES, OSAMU, ABE, WHO__MAX };
enum { ASKING = SUE }; /* the roles before it reach a command */
static const struct {
    const char *name, *role, *market, *team;
    int roles;
} cast[WHO__MAX] = {
    [ADA] = { "Ada", "admin", "JP", "Tokyo", ROLE_ADMIN },
    [MORI] = { "Mori", "manager", "JP", "Tokyo", ROLE_MANAGER },
    [CORA] = { "Cora", "country", "JP", "", ROLE_COUNTRY },
    [HAL] = { "Hal", "hq", "SG", "", ROLE_HQ },
    [REI] = { "Rei", "rep", "JP", "Tokyo", ROLE_REP },
    [PIA] = { "Pia", "partner", "JP", "", ROLE_PARTNER },
    [SUE] = { "Sue", "rep", "JP", "Tokyo", ROLE_REP },
    [TOMO] = { "Tomo", "rep", "JP", "Tokyo", ROLE_REP },
    [OSAMU] = { "Osamu", "rep", "JP", "Osaka", ROLE_REP },
    [ABE] = { "Abe", "rep", "AU", "Sydney", ROLE_REP },
};

enum relation { OWN, TEAM, MARKET, ABROAD, OTHER_PARTNER, NAMED, OFFRECORD, RELATIONS };
/* Whom it is about; `level` as it is typed. What is `hidden` is never typed by a partner's
 * user in these tests, only its alias is. */
static const struct {
    const char *name;
    enum who author;
    const char *level, *customer, *person, *partner, *hidden[2];
} relations[RELATIONS] = {
    [OWN] = { "own", 0, "me only", "Quillon", "Velasco", "Halcyon", { NULL } },
    [TEAM] = { "team", TOMO, "managers", "Brantford", "Iwasaki", "Halcyon", { NULL } },
    [MARKET] = { "market", OSAMU, "managers", "Cavendish", "Nakagawa", "Halcyon", { NULL } },
    [ABROAD] = { "abroad", ABE, "managers", "Dunmore", "Whitlam", "Halcyon", { NULL } },
    [OTHER_PARTNER] = { "other_partner", TOMO, "all", "Zyrk", "Orlovsky", "Mkappa",
        { "Zyrkonia", "Meridian" } },
    [NAMED] = { "named", TOMO, "offrecord for Ada, Mori, Cora, Hal, Rei, Pia", "Fairweather",
        "Umeda", "Halcyon", { NULL } },
    [OFFRECORD] = { "offrecord", TOMO, "offrecord", "Greystone", "Hoshino", "Halcyon", { NULL } },
};

struct ids {
    int64_t touch, meeting, note, deal, follow, ringi;
};

struct world {
    struct engine *engine;
    struct catalogue *words;
    int64_t member[WHO__MAX];
    struct ids ids[RELATIONS][ASKING]; /* own: of each asker; else all the same */
    struct arena mem; /* of what was told */
    struct buf told; /* what the engine delivered since it was emptied */
    int n_told;
    int64_t listens; /* only what this member, or nobody's account, is told; 0: everybody */
};

/* "zqteam": in every note of that relation; "zqown4": in Rei's own. */
static inline const char *marker_of(enum relation r, int asker)
{
    static char text[RELATIONS][ASKING][24];
    if (r == OWN)
        (void)snprintf(text[r][asker], sizeof text[r][asker], "zqown%d", asker);
    else
        (void)snprintf(text[r][asker], sizeof text[r][asker], "zq%.9s", relations[r].name);
    return text[r][asker];
}

static inline void world_hear(void *ctx, struct delivery *d)
{
    struct world *w = ctx;
    const char *const said[] = { d->json, d->text, d->code };
    bool heard = d->kind != DELIVERY_ACK && (!w->listens || !d->member_id || d->member_id == w->listens);
    for (size_t i = 0; heard && i < COUNT(said); i++)
        if (said[i]) {
            buf_puts(&w->told, said[i]);
            buf_putc(&w->told, '\n');
        }
    w->n_told += heard;
    delivery_destroy(d);
}

static inline const char *world_told(struct world *w)
{
    return w->told.n ? buf_str(&w->told) : "";
}

static inline void world_forget(struct world *w)
{
    arena_reset(&w->mem);
    w->told = BUF_ON(&w->mem);
    w->n_told = 0;
}

static inline struct event *world_event(int64_t member, const char *text)
{
    static int n;
    char id[24];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    (void)snprintf(id, sizeof id, "e%d", ++n);
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup("web");
    ev->direct = true;
    ev->text = xstrdup(text);
    ev->member_id = member;
    ev->received_ms = clock_now_ms();
    return ev;
}

/* Typed and stored for good; what came back is in w->told. */
static inline void world_say(struct world *w, enum who who, const char *text)
{
    world_forget(w);
    engine_take(w->engine, world_event(w->member[who], text));
}

/* The same where nothing may go wrong. */
static inline void world_set(struct world *w, enum who who, const char *text)
{
    world_say(w, who, text);
    const char *told = world_told(w);
    if (strstr(told, "\"refused\"") || strstr(told, "\"ask\"") || strstr(told, "\"error\""))
        fail_msg("%s> %s\n%s", cast[who].name, text, told);
}

static inline int64_t world_number(struct world *w, const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db_handle(engine_db(w->engine)), sql, -1, &s, NULL), SQLITE_OK);
    int64_t n = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    return n;
}

static inline void world_write_notes(struct world *w, enum relation r, enum who author, const char *marker,
    struct ids *ids)
{
    char line[256];
    (void)snprintf(line, sizeof line, "zoom %s 30m %s: %s krakatoa", relations[r].person, relations[r].level, marker);
    world_set(w, author, line);
    ids->touch = world_number(w, "select max(no) from touch_point where kind = 'T'");
    (void)snprintf(line, sizeof line, "met %s with %s 45m %s: %s krakatoa", relations[r].customer,
        relations[r].person, relations[r].level, marker);
    world_set(w, author, line);
    ids->meeting = world_number(w, "select max(no) from touch_point where kind = 'M'");
    (void)snprintf(line, sizeof line, "consensus %s from %s against %s: %s krakatoa", relations[r].customer,
        relations[r].person, relations[r].level, marker);
    world_set(w, author, line);
    ids->note = world_number(w, "select max(id) from note");
}

static inline void world_add_relation(struct world *w, enum relation r)
{
    char line[256];
    struct ids ids = { 0 };
    (void)snprintf(line, sizeof line, "contact %s %s", relations[r].person, relations[r].partner);
    world_set(w, TOMO, line);
    (void)snprintf(line, sizeof line, "deal reg %s via %s ¥4M", relations[r].customer, relations[r].partner);
    world_set(w, TOMO, line);
    ids.deal = world_number(w, "select max(id) from deal");
    (void)snprintf(line, sizeof line, "follow %s tomorrow 10:00", relations[r].person);
    world_set(w, TOMO, line);
    ids.follow = world_number(w, "select max(id) from follow");
    for (int who = 0; who < ASKING; who++) {
        struct ids *own = &w->ids[r][who];
        *own = ids;
        if (r == OWN && cast[who].roles & ROLE_SALES)
            world_write_notes(w, r, (enum who)who, marker_of(r, who), own);
    }
    if (r == OWN) { /* who writes nothing asks for what is Rei's own */
        for (int who = 0; who < ASKING; who++)
            if (!(cast[who].roles & ROLE_SALES))
                w->ids[r][who] = w->ids[r][REI];
        return;
    }
    world_write_notes(w, r, relations[r].author, marker_of(r, 0), &ids);
    for (int who = 0; who < ASKING; who++)
        w->ids[r][who] = ids;
}

static inline void world_open(struct world *w, const char *path)
{
    struct err e = { 0 };
    clock_hold(INT64_C(1772439600000));
    world_forget(w);
    w->words = catalogue_open(SOURCE_DIR "/locales", &e);
    assert_non_null(w->words);
    struct engine_config config = { .db_path = path, .words = w->words, .team_zone = "Asia/Tokyo",
        .deliver = world_hear, .ctx = w, .unasked = NETWORK_WEB };
    w->engine = engine_create(&config, &e);
    assert_non_null(w->engine);
    for (int i = 0; i < WHO__MAX; i++) {
        if (i == NOBODY)
            continue;
        struct member m = { .handle = cast[i].name, .name = cast[i].name, .role = cast[i].role,
            .roles = cast[i].roles, .market = cast[i].market, .team = cast[i].team,
            .zone = "Asia/Tokyo", .locale = "en" };
        w->member[i] = member_add(engine_db(w->engine), &m, clock_now_ms(), &e);
        assert_true(w->member[i] > 0);
    }
    assert_true(engine_names_changed(w->engine, &e));
    world_set(w, TOMO, "partner Halcyon agency JP");
    world_set(w, TOMO, "partner Meridian Kappa agency JP alias Mkappa");
    for (int r = 0; r < RELATIONS; r++) {
        char line[128];
        (void)snprintf(line, sizeof line, r == OTHER_PARTNER ? "customer Zyrkonia Trading JP alias Zyrk" : "customer %s JP",
            relations[r].customer);
        world_set(w, TOMO, line);
    }
    world_set(w, MORI, "belongs Pia Halcyon");
    for (int r = 0; r < RELATIONS; r++)
        world_add_relation(w, (enum relation)r);
    assert_true(db_exec(engine_db(w->engine), "update member set state = 'suspended' where handle = 'Sue'", &e));
    assert_true(engine_names_changed(w->engine, &e));
}

static inline void world_close(struct world *w)
{
    engine_destroy(w->engine);
    catalogue_close(w->words);
    arena_finish(&w->mem);
}

/* The text of a file in a reply, where it is text. */
static inline const char *file_text(struct arena *mem, const json_t *part)
{
    size_t n = 0;
    const char *data = json_text(part, "data");
    if (!data || strcmp(json_text(part, "kind"), "file") != 0)
        return "";
    unsigned char *bytes = arena_alloc(mem, strlen(data) + 1);
    assert_true(base64_decode(data, bytes, &n));
    return arena_strndup(mem, (const char *)bytes, n);
}

/* Standard error goes to a file until it is put back. */
static inline int log_to_file(const char *path)
{
    (void)fflush(stderr);
    int console = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(console >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    (void)close(file);
    return console;
}

static inline void log_to_console(int console)
{
    (void)fflush(stderr);
    assert_true(dup2(console, STDERR_FILENO) >= 0);
    (void)close(console);
}

#endif
