/* `nemawashi chat`: the same bot on standard input and output, a message a line, without
 * threads or sockets. Prints replies and, for its own member, reminders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/command.h"
#include "bot/core/engine.h"
#include "bot/draw/chart.h"
#include "bot/program.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"

enum { LINE_BYTES = 16 * 1024, REMOTE_ID = 33 };

struct chat {
    struct config config;
    const char *as, *at;
    bool json, failed;
    struct catalogue *words;
    struct member member;
    struct engine *engine;
    const char *locale; /* of the answers */
    int64_t line;       /* number of the input line */
    char remote_id[REMOTE_ID];
};

static const struct argp_option options[] = {
    { "as", 'a', "HANDLE", 0, "who is talking; in an empty store this makes the administrator", 0 },
    { "at", 't', "TIME", 0, "hold the clock at a time such as 2026-03-02T18:05+09:00", 0 },
    { "json", 'j', NULL, 0, "print each reply as one line of JSON", 0 },
    { 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct chat *t = state->hook;
    if (key == 'a')
        t->as = arg;
    else if (key == 't')
        t->at = arg;
    else if (key == 'j')
        t->json = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static void print(struct chat *t, struct arena *mem, json_t *reply, int64_t in)
{
    const char *status = json_text(reply, "status");
    t->failed = t->failed || (status && (!strcmp(status, "refused") || !strcmp(status, "error")));
    (void)json_object_set_new(reply, "in", json_integer(in));
    if (t->json)
        (void)printf("%s\n", json_print(mem, reply));
    else
        (void)printf("%s\n\n", json_text(reply, "text"));
    (void)fflush(stdout);
}

/* A line that the engine did not take. */
static void refuse(struct chat *t, enum reply_status status, const char *key)
{
    struct arena mem = ARENA_INIT;
    struct call c = { .mem = &mem, .db = engine_db(t->engine), .words = t->words,
        .member = &t->member, .locale = catalogue_find_locale(t->words, t->locale) };
    struct reply *made = reply_new(&c, status, key, NO_ARGS);
    AUTO_JSON reply = reply_resolve(c.db, c.words, &mem, json_print(&mem, made->json),
        t->member.id, c.locale);
    (void)json_object_set_new(reply, "seq", json_integer(0));
    (void)json_object_set_new(reply, "to", json_string(t->member.handle));
    print(t, &mem, reply, t->line);
    reply_drop_all(&c);
    arena_finish(&mem);
}

static void on_delivery(void *ctx, struct delivery *d)
{
    struct chat *t = ctx;
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    if (d->kind == DELIVERY_REFUSED) {
        refuse(t, REPLY_ERROR, d->code);
    } else if (d->kind == DELIVERY_MESSAGE) {
        AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
        bool answer = d->remote_id && !strcmp(d->remote_id, t->remote_id);
        if (reply)
            print(t, &mem, reply, answer ? t->line : 0);
        else
            log_err("read reply", &e);
    }
    arena_finish(&mem);
    delivery_destroy(d);
}

/* Who talks; the administrator where there is nobody yet. The engine opens the store
 * anew: its clock must know the member. */
static bool find_member(struct chat *t, struct err *e)
{
    struct arena *mem = &t->config.mem;
    char *handle = program_handle(mem, t->as, e);
    struct db *db = handle ? db_open(t->config.value[SET_DB], DB_WRITE, e) : NULL;
    int n = 0;
    if (!db)
        return false;
    (void)member_list(db, mem, &n, e);
    bool ok = e->code == ERR_NONE && (n || program_first_member(db, &t->config, handle, e)) &&
              (member_by_handle(db, mem, handle, &t->member, e) ||
                  (e->code == ERR_NONE &&
                      fail(e, ERR_NOT_FOUND, NULL, NULL, "no member '%s'; --as takes one of: %.150s",
                          handle, program_handles(db, mem, e))));
    db_close(db);
    return ok;
}

static bool start(struct chat *t, struct err *e)
{
    int64_t now;
    if (!t->as)
        return fail(e, ERR_USAGE, NULL, NULL, "who is talking? add --as HANDLE, for example --as kenji");
    if (t->at && !zone_parse_iso(t->at, t->config.value[SET_ZONE], &now))
        return fail(e, ERR_USAGE, NULL, NULL, "--at '%.40s' is no time; write 2026-03-02T18:05+09:00", t->at);
    if (t->at)
        clock_hold(now);
    if (!strcmp(t->config.value[SET_DB], ":memory:"))
        return fail(e, ERR_USAGE, NULL, NULL, "a store in memory is gone at once; name a file with --db");
    t->words = program_words(&t->config, e);
    if (!t->words || !find_member(t, e))
        return false;
    bool chosen = t->config.from[SET_LOCALE] == FROM_FLAG;
    t->locale = chosen ? t->config.value[SET_LOCALE] : t->member.locale;
    struct engine_config config = { .db_path = t->config.value[SET_DB], .words = t->words,
        .team_zone = t->config.value[SET_ZONE], .admin = t->config.value[SET_ADMIN],
        .deliver = on_delivery, .ctx = t, .unasked = NETWORK_CONSOLE,
        .only_member = t->member.id, .locale = chosen ? t->locale : NULL };
    t->engine = engine_create(&config, e);
    return t->engine != NULL;
}

/* The next line without its end, at most LINE_BYTES + 1 bytes of it; false at the end. */
static bool read_line(struct buf *line)
{
    int ch;
    line->n = 0;
    buf_puts(line, "");
    while ((ch = getc_unlocked(stdin)) != EOF && ch != '\n')
        if (line->n <= LINE_BYTES)
            buf_putc(line, (char)ch);
    if (line->n && line->s[line->n - 1] == '\r')
        line->s[--line->n] = '\0';
    return ch != EOF || line->n;
}

/* A typed `\n` is a line break. */
static char *typed_text(const char *s)
{
    char *text = xstrdup(s), *to = text;
    for (; *s; s++) {
        bool line_break = s[0] == '\\' && s[1] == 'n';
        *to++ = line_break ? '\n' : *s;
        s += line_break;
    }
    *to = '\0';
    return text;
}

/* Of what is no text for us: ASCII and U+0080 to U+009F are at least UTF-8. */
static bool is_control(const char *s)
{
    unsigned char first = (unsigned char)s[0], second = (unsigned char)s[first >= 0x80];
    return first < 0x80 || (first == 0xC2 && (second & 0xE0) == 0x80);
}

static void say(struct chat *t, const struct buf *line)
{
    size_t where;
    random_hex(t->remote_id, (REMOTE_ID - 1) / 2);
    if (line->n > LINE_BYTES) {
        refuse(t, REPLY_REFUSED, "error.too_long");
        return;
    }
    if (!utf8_valid(line->s, line->n, &where)) {
        refuse(t, REPLY_REFUSED, is_control(line->s + where) ? "error.control" : "error.not_utf8");
        return;
    }
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_CONSOLE, 0);
    ev->remote_id = xstrdup(t->remote_id);
    ev->member_id = t->member.id;
    ev->conversation = xstrdup(network_name(NETWORK_CONSOLE));
    ev->text = typed_text(line->s);
    ev->received_ms = clock_now_ms();
    engine_take(t->engine, ev);
}

static void talk(struct chat *t)
{
    struct arena mem = ARENA_INIT;
    struct buf line = BUF_ON(&mem);
    bool prompt = isatty(STDIN_FILENO);
    for (;;) {
        (void)engine_tick(t->engine);
        if (prompt) {
            (void)printf("%s> ", t->member.handle);
            (void)fflush(stdout);
        }
        if (!read_line(&line))
            break;
        t->line++;
        if (line.n)
            say(t, &line);
    }
    if (prompt)
        (void)putchar('\n');
    arena_finish(&mem);
}

int chat_program(int argc, char **argv)
{
    struct chat t = { 0 };
    struct err e = { 0 };
    const struct config_args args = { .options = options, .parse = parse, .own = &t,
        .settings = TAKES_DB | TAKES_ZONE | TAKES_LOCALE,
        .about = "Talks to the bot: a message a line on standard input, in which \\n is a line "
                 "break. --locale answers in that language. The exit status is 1 when a reply "
                 "was refused or failed.\v"
                 "Example: echo 'zoom Tanaka 30m: legal agrees' | nemawashi chat --as kenji" };
    log_quiet(true);
    bool ok = config_read(&t.config, &args, argc, argv, &e) && start(&t, &e);
    if (ok)
        talk(&t);
    int status = ok ? t.failed : program_failed(&e);
    engine_destroy(t.engine);
    chart_finish();
    catalogue_close(t.words);
    config_finish(&t.config);
    return status;
}
