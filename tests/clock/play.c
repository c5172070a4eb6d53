/* Plays a plan in virtual time, minute by minute, and tells what was answered and what came
 * by itself. It knows nothing of what should have come: zones.py does.
 *
 *   clock_play FROM_MS TO_MS < plan
 *
 * The plan, in the order of time, its fields parted by tabs:
 *   member HANDLE ROLE MARKET ZONE LOCALE
 *   say MS HANDLE TEXT          at that minute, before what falls due then
 * What it tells:
 *   answer LINE STATUS CODE ID  to the LINE-th `say`, from 1; the first record, or -
 *   came MS HANDLE CODE ID      not asked for
 *   morning MS HANDLE LOCAL     a list was due, whether or not there was anything to tell
 *   slept MS PROMISED           something was due before the engine wanted to be called again
 * Real engine, a store in memory; no thread, no socket. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/store/members.h"

enum { LINE = 1024, FIELDS = 6, MEMBERS = 64 };

static struct catalogue *words;
static struct engine *engine;
static int64_t ids[MEMBERS];
static char handles[MEMBERS][32];
static int n_members, said;
static bool came; /* in this tick */

static _Noreturn void stop_with(const char *what)
{
    (void)fprintf(stderr, "clock_play: %s\n", what);
    exit(2);
}

static void on_delivery(void *ctx, struct delivery *d)
{
    struct err e;
    (void)ctx;
    if (d->kind == DELIVERY_REFUSED)
        stop_with(d->text);
    if (d->kind == DELIVERY_MESSAGE) {
        AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
        const char *code = json_text(reply, "code"), *id = json_text(json_array_get(json_at(reply, "records"), 0), "id");
        int line;
        if (d->remote_id && sscanf(d->remote_id, "said-%d", &line) == 1) {
            (void)printf("answer\t%d\t%s\t%s\t%s\n", line, json_text(reply, "status"), code, id ? id : "-");
        } else {
            (void)printf("came\t%lld\t%s\t%s\t%s\n", (long long)clock_now_ms(), json_text(reply, "to"), code, id ? id : "-");
            came = true;
        }
    }
    delivery_destroy(d);
}

static void add_member(char *field[FIELDS])
{
    struct err e = { 0 };
    struct member m = { .handle = field[1], .name = field[1], .role = field[2], .roles = role_of(field[2]) | ROLE_REP,
        .market = field[3], .zone = field[4], .locale = field[5], .team = "", .source = "typed" };
    if (n_members == MEMBERS)
        stop_with("too many members");
    (void)snprintf(handles[n_members], sizeof *handles, "%s", field[1]);
    ids[n_members] = member_add(engine_db(engine), &m, clock_now_ms(), &e);
    if (!ids[n_members++] || !engine_names_changed(engine, &e))
        stop_with(e.why);
}

static struct event *event_of(const char *handle, const char *text)
{
    int i = 0;
    while (i < n_members && strcmp(handles[i], handle) != 0)
        i++;
    if (i == n_members)
        stop_with(handle);
    char id[24];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    (void)snprintf(id, sizeof id, "said-%d", ++said);
    ev->member_id = ids[i];
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup("web");
    ev->text = xstrdup(text);
    ev->received_ms = clock_now_ms();
    return ev;
}

/* The next line of the plan; false at its end. */
static bool read_line(char line[LINE], char *field[FIELDS])
{
    if (!fgets(line, LINE, stdin))
        return false;
    line[strcspn(line, "\n")] = '\0';
    char *rest = line;
    for (int i = 0; i < FIELDS; i++)
        field[i] = rest ? strsep(&rest, "\t") : "";
    return true;
}

/* All that is said up to now, in one go. Returns when the next is. */
static int64_t say_due(char line[LINE], char *field[FIELDS], bool *more)
{
    struct event *list = NULL, **end = &list;
    for (; *more; *more = read_line(line, field)) {
        int64_t at = strtoll(field[1], NULL, 10);
        if (strcmp(field[0], "say") != 0)
            add_member(field);
        else if (at > clock_now_ms())
            break;
        else {
            *end = event_of(field[2], field[3]);
            end = &(*end)->next;
        }
    }
    engine_take(engine, list);
    return *more ? strtoll(field[1], NULL, 10) : INT64_MAX;
}

/* Of the lists and digests only those that had something to tell were shown. */
static void tell_lists(void)
{
    sqlite3_stmt *q;
    if (sqlite3_prepare_v2(db_handle(engine_db(engine)),
            "select received_ms, handle, substr(remote_id, instr(remote_id, ':') + 1),"
            " substr(remote_id, 1, instr(remote_id, ':') - 1) from inbox i join member m on m.id = i.member_id"
            " where remote_id like 'morning:%' or remote_id like 'digest:%'",
            -1, &q, NULL) != SQLITE_OK)
        stop_with(sqlite3_errmsg(db_handle(engine_db(engine))));
    while (sqlite3_step(q) == SQLITE_ROW)
        (void)printf("%s\t%lld\t%s\t%s\n", (const char *)sqlite3_column_text(q, 3), (long long)sqlite3_column_int64(q, 0),
            (const char *)sqlite3_column_text(q, 1), (const char *)sqlite3_column_text(q, 2));
    sqlite3_finalize(q);
}

/* A minute: what is said, then what falls due. Returns when the engine wants to be called. */
static int64_t play_minute(char line[LINE], char *field[FIELDS], bool *more, int64_t *next_said, int64_t promised)
{
    int64_t now = clock_now_ms(), next;
    bool spoken = now >= *next_said;
    if (spoken)
        *next_said = say_due(line, field, more);
    came = false;
    while ((next = engine_tick(engine)) <= now)
        ;
    if (came && !spoken && promised > now)
        (void)printf("slept\t%lld\t%lld\n", (long long)now, (long long)promised);
    return next;
}

int main(int argc, char **argv)
{
    char line[LINE], *field[FIELDS];
    struct err e = { 0 };
    if (argc != 3)
        stop_with("FROM_MS TO_MS < plan");
    int64_t to = strtoll(argv[2], NULL, 10), next_said = 0, promised = 0;
    log_quiet(true);
    clock_hold(strtoll(argv[1], NULL, 10));
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo",
        .deliver = on_delivery, .digests = true, .unasked = NETWORK_WEB };
    if (!words || !(engine = engine_create(&config, &e)))
        stop_with(e.why);
    for (bool more = read_line(line, field); clock_now_ms() < to; clock_hold(clock_now_ms() + MINUTE_MS))
        promised = play_minute(line, field, &more, &next_said, promised);
    tell_lists();
    engine_destroy(engine);
    catalogue_close(words);
    return 0;
}
