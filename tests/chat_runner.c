/* Plays one transcript (tests/conversations/README.md) against the engine, inline, with
 * the clock held: compares every reply to the letter, or rewrites the file (--bless).
 * With --slack or --line everything goes through that network's payloads and is to read the
 * same. With --store only what stands above the first line that somebody types is played,
 * into a store that is kept. Opens no socket and starts no thread. How text is compared:
 * chat_text.c. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine.h"
#include "bot/draw/chart.h"
#include "bot/store/identities.h"
#include "bot/store/members.h"
#include "bot/store/sessions.h"
#include "bot/text/zone.h"
#include "tests/chat_calendar.h"
#include "tests/chat_net.h"
#include "tests/chat_text.h"

enum { TICKS_MAX = 1000, PATH_SIZE = 512 };

/* A message that the bot sent, as JSON, oldest first. Kept for its buttons. */
struct said {
    struct said *next;
    struct said *older;
    int64_t member_id;
    int64_t at_ms;
    char *answers; /* remote id, or NULL: not asked for */
    const char *text;
    bool private, shown;
    const char *status;
    json_t *json; /* NULL: the event was refused, `text` says why */
    json_t *sent; /* over a network: as it was sent */
};

struct runner {
    struct arena mem;
    const char *path; /* the file being played, for messages */
    size_t line;
    char dir[PATH_SIZE]; /* removed at the end; empty: the store is the caller's */
    const char *db_path;
    struct catalogue *words;
    struct engine *engine;
    bool clock_set, digests;
    int64_t remote;
    struct said *first, **end, *latest;
    FILE *json;
    const struct chat_codec *codec; /* NULL: the console */
    struct chat_net *net;
    struct event *sent, **sent_end; /* outcomes, for the next tick */
    struct chat_calendar *calendars;
};

static void stop(const struct runner *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));
static void clean(const struct runner *r);

static void stop(const struct runner *r, const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "%s:%zu: ", r->path, r->line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    clean(r);
    fflush(NULL);
    _exit(1); /* not exit: what is still allocated is no leak to report */
}

static void clean(const struct runner *r)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal", "-lock" };
    char file[PATH_SIZE + 32];
    for (size_t i = 0; r->db_path && *r->dir && i < sizeof ends / sizeof *ends; i++) {
        (void)snprintf(file, sizeof file, "%s%s", r->db_path, ends[i]);
        (void)unlink(file);
    }
    if (r->dir[0])
        (void)rmdir(r->dir);
}

/* What the engine says. */

/* The message as it reads there; it has arrived. */
static char *network_text(struct runner *r, const struct delivery *d, json_t **sent)
{
    const char *why = NULL;
    char *text = r->codec->read(r->net, &r->mem, d, sent, &why);
    if (!text)
        stop(r, "%s would refuse this: %s\n%s", r->codec->name, why, d->json);
    struct event *ev = event_create(EVENT_SENT, d->network, 0);
    ev->outbox_id = d->outbox_id;
    ev->attempt = d->attempt;
    ev->outcome = SEND_DONE;
    *r->sent_end = ev;
    r->sent_end = &ev->next;
    return text;
}

static void print_reply(struct runner *r, const struct said *s)
{
    if (!r->json)
        return;
    fprintf(r->json, "{\"at\":\"%s:%zu\",\"%s\":%s}\n", r->path, r->line, s->sent ? "sent" : "reply",
        json_print(&r->mem, s->sent ? s->sent : s->json));
}

static void hear(struct runner *r, const struct delivery *d)
{
    bool stranger = d->kind == DELIVERY_STRANGER || d->kind == DELIVERY_REFUSED;
    if (d->kind != DELIVERY_MESSAGE && d->kind != DELIVERY_SEND && !stranger)
        return;
    struct said *s = ARENA_NEW(&r->mem, struct said);
    s->member_id = d->member_id;
    s->at_ms = clock_now_ms();
    s->answers = d->remote_id ? arena_strdup(&r->mem, d->remote_id) : NULL;
    if (stranger) {
        s->status = "refused";
        s->text = arena_printf(&r->mem, "! not stored: %s", d->text ? d->text : "?");
    } else {
        struct err e = { 0 };
        s->json = d->json ? json_parse(d->json, strlen(d->json), &e) : NULL;
        const char *text = json_text(s->json, "text");
        const char *status = json_text(s->json, "status");
        if (!text || !status)
            stop(r, "a reply without text or status: %s", d->json ? d->json : "no JSON");
        s->text = text_masked(&r->mem, d->kind == DELIVERY_SEND ? network_text(r, d, &s->sent) : text);
        s->status = status;
        s->private = json_is_true(json_at(s->json, "private"));
        print_reply(r, s);
    }
    *r->end = s;
    r->end = &s->next;
    s->older = r->latest;
    r->latest = s;
}

static void on_delivery(void *ctx, struct delivery *d)
{
    for (const struct delivery *one = d; one; one = one->with)
        hear(ctx, one);
    delivery_destroy(d);
}

static void on_fetch(void *ctx, int64_t id, const char *url)
{
    struct runner *r = ctx;
    *r->sent_end = chat_calendar_fetch(r->calendars, &r->mem, id, url);
    r->sent_end = &(*r->sent_end)->next;
}

static void open_engine(struct runner *r)
{
    struct err e = { 0 };
    struct engine_config config = {
        .db_path = r->db_path, .words = r->words, .team_zone = "Asia/Tokyo",
        .deliver = on_delivery, .ctx = r, .to_courier = on_delivery, .fetch = on_fetch, .digests = r->digests,
        .couriered = r->codec ? 1U << r->codec->network : 0, .together = 1U << NETWORK_LINE,
    };
    if (!r->clock_set)
        stop(r, "a transcript begins with `given clock`");
    r->engine = engine_create(&config, &e);
    if (!r->engine)
        stop(r, "the engine does not start: %s", e.why);
    engine_set_web_url(r->engine, "https://bot.example.com");
}

static struct engine *engine_of(struct runner *r)
{
    if (!r->engine)
        open_engine(r);
    return r->engine;
}

static bool member_of(struct runner *r, const char *handle, struct member *m)
{
    struct err e = { 0 };
    if (member_by_handle(engine_db(engine_of(r)), &r->mem, handle, m, &e))
        return true;
    if (e.code != ERR_NONE)
        stop(r, "%s", e.why);
    return false;
}

/* The lines of a transcript. */

static void hear_sent(struct runner *r)
{
    struct event *list = r->sent;
    r->sent = NULL;
    r->sent_end = &r->sent;
    engine_take(r->engine, list);
}

static int64_t tick(struct runner *r)
{
    int64_t next = engine_tick(engine_of(r));
    for (int i = 0; next <= clock_now_ms() || r->sent; i++) {
        if (i == TICKS_MAX)
            stop(r, "the engine asks for ever to be called again at once");
        hear_sent(r);
        next = engine_tick(r->engine);
    }
    return next;
}

static void move_clock(struct runner *r, int64_t to_ms)
{
    if (to_ms < clock_now_ms())
        stop(r, "the clock only moves forward");
    for (int64_t next = tick(r); next <= to_ms; next = tick(r))
        clock_hold(next);
    clock_hold(to_ms);
    (void)tick(r);
}

static int64_t instant(const struct runner *r, const char *iso)
{
    int64_t ms = 0;
    if (!zone_parse_iso(iso, "UTC", &ms))
        stop(r, "'%s' is no instant such as 2026-03-02T17:20+09:00", iso);
    return ms;
}

static char *typed_text(struct runner *r, const char *s)
{
    char *text = text_typed(&r->mem, s);
    if (!text)
        stop(r, "there is no such calendar file in tests/conversations/calendars");
    return xstrdup(text);
}

static const char *take_event(struct runner *r, struct event *e)
{
    const char *id = arena_strdup(&r->mem, e->remote_id);
    engine_take(r->engine, e);
    (void)tick(r);
    return id;
}

static const char *say_there(struct runner *r, const char *handle, const char *text)
{
    const char *why = NULL;
    char *typed = typed_text(r, text);
    struct event *e = r->codec->say(r->net, handle, typed, &why);
    free(typed);
    if (!e)
        stop(r, "nothing was made of it: %s", why);
    return take_event(r, e);
}

/* Says `text` as `handle`; the remote id that replies will name. */
static const char *say(struct runner *r, const char *handle, const char *text)
{
    struct member m = { 0 };
    /* The stranger is nobody: what a network hands over for an unknown account. */
    if (!member_of(r, handle, &m) && strcmp(handle, "stranger") != 0)
        stop(r, "there is no member '%s': add `given member %s …`", handle, handle);
    if (r->codec)
        return say_there(r, handle, text);
    const char *id = arena_printf(&r->mem, "c%lld", (long long)++r->remote);
    struct event *e = event_create(EVENT_MESSAGE, NETWORK_CONSOLE, 1);
    e->remote_id = xstrdup(id);
    e->member_id = m.id;
    e->conversation = xstrdup("console");
    e->text = typed_text(r, text);
    e->received_ms = clock_now_ms();
    return take_event(r, e);
}

static const char *say_of(const json_t *buttons, const char *label)
{
    size_t i = 0;
    json_t *b = NULL;
    json_array_foreach(buttons, i, b)
    {
        const char *l = json_text(b, "label");
        if (l && strcmp(l, label) == 0)
            return json_text(b, "say");
    }
    return NULL;
}

static const char *tap_there(struct runner *r, const char *handle, const json_t *sent,
    const char *label)
{
    const char *why = NULL;
    struct event *e = r->codec->tap(r->net, handle, sent, label, &why);
    if (!e)
        stop(r, "the tap on [%s] came to nothing: %s", label, why);
    return take_event(r, e);
}

static const char *tap(struct runner *r, const char *handle, const char *label)
{
    struct member m = { 0 };
    if (!member_of(r, handle, &m))
        stop(r, "there is no member '%s'", handle);
    for (const struct said *s = r->latest; s; s = s->older) {
        if (s->member_id != m.id || !s->json)
            continue;
        const char *typed = say_of(json_at(s->json, "buttons"), label);
        if (!typed)
            typed = say_of(json_at(s->json, "quick"), label);
        if (typed && s->sent)
            return tap_there(r, handle, s->sent, label);
        if (typed)
            return say(r, handle, typed);
    }
    stop(r, "no message to %s has a button [%s]", handle, label);
}

static void given_member(struct runner *r, char *rest)
{
    char *word[5];
    for (int i = 0; i < 5; i++) {
        word[i] = strsep(&rest, " ");
        if (!rest)
            stop(r, "given member HANDLE ROLE MARKET ZONE LOCALE NAME");
    }
    struct member m = {
        .handle = word[0], .role = word[1], .market = word[2], .zone = word[3],
        .locale = word[4], .name = rest, .team = "", .source = "typed",
        .roles = role_of(word[1]),
    };
    struct err e = { 0 };
    struct db *db = engine_db(engine_of(r));
    int64_t now = clock_now_ms(), id = db_begin(db, &e) ? member_add(db, &m, now, &e) : 0;
    if (!id || (r->codec && !identity_put(db, r->codec->name, r->codec->account(&r->mem, m.handle), id, now, &e)) ||
        !db_commit(db, &e) || !engine_names_changed(r->engine, &e))
        stop(r, "given member: %s", e.why);
}

/* HANDLE opens the web chat with a one-time link on DEVICE, such as Chrome/Android. */
static void given_session(struct runner *r, char *rest)
{
    struct err e = { 0 };
    struct member m;
    char secret[SESSION_SECRET];
    const char *handle = strsep(&rest, " ");
    int64_t now = clock_now_ms();
    if (!member_of(r, handle, &m))
        stop(r, "given session HANDLE DEVICE");
    struct db *db = engine_db(r->engine);
    if (!login_token_add(db, m.id, now, secret, &e) ||
        login_token_use(db, secret, rest ? rest : "", now, secret, &e) != m.id)
        stop(r, "given session: %s", e.why);
}

static void forget_shown(struct runner *r)
{
    for (; r->first; r->first = r->first->next)
        r->first->shown = true;
    r->end = &r->first;
}

static bool play_line(struct runner *r, const struct line *l, const char **asked);

/* What several transcripts begin with: everything in it must simply work. */
static void given_file(struct runner *r, const char *name)
{
    const char *outer = r->path;
    size_t outer_line = r->line;
    struct text t = { 0 };
    if (strchr(name, '/'))
        stop(r, "a file of tests/conversations itself: %s", name);
    r->path = arena_printf(&r->mem, "%s/tests/conversations/%s", SOURCE_DIR, name);
    if (!text_load(&t, &r->mem, r->path))
        stop(r, "can't be read");
    for (size_t i = 0; i < t.n; i++) {
        const char *asked = NULL;
        struct line l = line_read(&r->mem, t.line[i]);
        r->line = i + 1;
        if (l.kind == LINE_OUTPUT && *t.line[i])
            stop(r, "%s has no expected replies: %s", name, t.line[i]);
        (void)play_line(r, &l, &asked);
        for (struct said *s = r->first; s; s = s->next)
            if (strcmp(s->status, "ok") != 0 && strcmp(s->status, "ask") != 0)
                stop(r, "the line of %s was not done (%s):\n%s", name, s->status, s->text);
        forget_shown(r);
    }
    r->path = outer;
    r->line = outer_line;
}

static void given(struct runner *r, char *what)
{
    if (strncmp(what, "clock ", 6) == 0) {
        clock_hold(instant(r, what + 6));
        r->clock_set = true;
    } else if (strcmp(what, "world") == 0) {
        given_file(r, "world.inc");
    } else if (strlen(what) > 4 && strcmp(what + strlen(what) - 4, ".inc") == 0) {
        given_file(r, what);
    } else if (strncmp(what, "member ", 7) == 0) {
        given_member(r, what + 7);
    } else if (strncmp(what, "calendar ", 9) == 0 && chat_calendar_give(&r->calendars, &r->mem, what + 9)) {
        return;
    } else if (strncmp(what, "session ", 8) == 0) {
        given_session(r, what + 8);
    } else if (strcmp(what, "digests") == 0) {
        r->digests = true; /* as a server sends them, from now on */
        engine_destroy(r->engine);
        open_engine(r);
    } else {
        stop(r, "'given %s' is none of: given clock, given world, given FILE.inc, given member, given calendar, given session, given digests", what);
    }
}

/* True where replies may follow the line. */
static bool play_line(struct runner *r, const struct line *l, const char **asked)
{
    switch (l->kind) {
    case LINE_SAY:
        *asked = say(r, l->who, l->what);
        return true;
    case LINE_TAP:
        *asked = tap(r, l->who, l->what);
        return true;
    case LINE_LATER:
        move_clock(r, clock_now_ms() + l->ms);
        return true;
    case LINE_AT:
        move_clock(r, instant(r, l->what));
        return true;
    case LINE_RESTART:
        engine_destroy(r->engine);
        clock_hold(clock_now_ms() + l->ms);
        open_engine(r);
        (void)tick(r);
        return true;
    case LINE_GIVEN:
        given(r, l->what);
        return false;
    default:
        return false;
    }
}

/* What was said, as a transcript shows it. */

static void put_message(const struct said *s, struct buf *out)
{
    const char *p = s->text;
    size_t n = strlen(p);
    while (n && p[n - 1] == '\n')
        n--;
    text_quote(out, p, n);
}

static void put_heading(struct runner *r, const struct said *s, struct buf *out)
{
    struct err e = { 0 };
    struct member m = { .handle = "?", .zone = "UTC" };
    (void)member_by_id(engine_db(r->engine), &r->mem, s->member_id, &m, &e);
    struct civil c = civil_of(s->at_ms, m.zone);
    buf_printf(out, "(%02d:%02d) bot to %s>\n", c.hour, c.minute, m.handle);
}

/* The replies to `asked`, then what came unasked. `*private`: one of the replies is. */
static char *said_text(struct runner *r, const char *asked, bool *private)
{
    struct buf out = BUF_ON(&r->mem);
    buf_puts(&out, "");
    *private = false;
    for (struct said *s = r->first; s && asked; s = s->next) {
        if (!s->answers || strcmp(s->answers, asked) != 0)
            continue;
        if (out.n)
            buf_puts(&out, "--\n");
        put_message(s, &out);
        *private |= s->private;
        s->shown = true;
    }
    for (struct said *s = r->first; s; s = s->next) {
        if (s->shown)
            continue;
        if (out.n)
            buf_putc(&out, '\n');
        put_heading(r, s, &out);
        put_message(s, &out);
    }
    forget_shown(r);
    return arena_strdup(&r->mem, buf_str(&out));
}

/* One file. */

struct options {
    const char *path, *json;
    const char *store; /* the transcript's head alone is played, and this store kept */
    bool bless;
    const struct chat_codec *codec; /* NULL: the console */
};

/* Plays everything; `out` becomes the file as it should read. How many places differ. */
static int play(struct runner *r, const struct text *t, struct buf *out)
{
    int differ = 0;
    for (size_t i = 0; i < t->n;) {
        struct line l = line_read(&r->mem, t->line[i]);
        const char *asked = NULL;
        bool private = false;
        r->line = i + 1;
        if (!*r->dir && (l.kind == LINE_SAY || l.kind == LINE_TAP))
            break;
        if (l.kind == LINE_OUTPUT && *t->line[i])
            stop(r, "this line belongs to nothing: %s", t->line[i]);
        bool open = play_line(r, &l, &asked);
        const char *got = said_text(r, asked, &private);
        if (!open && *got)
            stop(r, "nobody asked, and yet:\n%s", got);
        const char *head = t->line[i];
        if (asked && private != l.private)
            head = line_with_privacy(&r->mem, &l, private);
        struct region g = region_read(&r->mem, t, i + 1, open);
        bool same = text_compare(r->path, r->line, t->line[i], head, g.expected, got);
        differ += !same;
        buf_printf(out, "%s\n", head);
        region_write(out, t, &g, same ? NULL : got);
        i = g.end;
    }
    return differ;
}

static bool read_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--bless") == 0)
            o->bless = true;
        else if (strcmp(argv[i], "--slack") == 0)
            o->codec = &chat_slack;
        else if (strcmp(argv[i], "--line") == 0)
            o->codec = &chat_line;
        else if (strcmp(argv[i], "--json") == 0 && i + 1 < argc)
            o->json = argv[++i];
        else if (strcmp(argv[i], "--store") == 0 && i + 1 < argc)
            o->store = argv[++i];
        else if (argv[i][0] != '-' && !o->path)
            o->path = argv[i];
        else
            return false;
    }
    return o->path != NULL;
}

static void make_dir(struct runner *r)
{
    (void)snprintf(r->dir, sizeof r->dir, "%s/chat-XXXXXX", BINARY_DIR);
    if (mkdtemp(r->dir))
        return;
    r->dir[0] = '\0';
    stop(r, "no temporary directory in " BINARY_DIR);
}

static void prepare(struct runner *r, const struct options *o)
{
    struct err e = { 0 };
    r->path = o->path;
    r->end = &r->first;
    r->sent_end = &r->sent;
    log_quiet(true);
    r->words = catalogue_open(SOURCE_DIR "/locales", &e);
    if (!r->words)
        stop(r, "%s", e.why);
    r->codec = o->codec;
    if (r->codec)
        r->net = r->codec->open(r->words);
    if (!o->store)
        make_dir(r);
    r->db_path = o->store ? o->store : arena_printf(&r->mem, "%s/test.db", r->dir);
    if (o->json && !(r->json = fopen(o->json, "we")))
        stop(r, "can't write '%s'", o->json);
}

static void finish(struct runner *r)
{
    engine_destroy(r->engine);
    chart_finish();
    if (r->codec)
        r->codec->close(r->net);
    catalogue_close(r->words);
    for (struct said *s = r->latest; s; s = s->older) {
        json_decref(s->json);
        json_decref(s->sent);
    }
    if (r->json)
        (void)fclose(r->json);
    clean(r);
    arena_finish(&r->mem);
}

int main(int argc, char **argv)
{
    struct options o = { 0 };
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: chat_runner [--bless] [--slack|--line] [--json FILE] [--store FILE] FILE.chat\n");
        return 2;
    }
    struct runner r = { 0 };
    struct text t = { 0 };
    prepare(&r, &o);
    if (!text_load(&t, &r.mem, o.path))
        stop(&r, "can't be read");
    struct buf out = BUF_ON(&r.mem);
    buf_puts(&out, "");
    int differ = play(&r, &t, &out);
    if (differ && o.bless && !text_save(o.path, &out))
        stop(&r, "can't be written");
    if (differ)
        fprintf(stderr, "%s: %d place%s %s\n", o.path, differ, differ == 1 ? "" : "s",
            o.bless ? "rewritten" : "differ; chat_runner --bless rewrites the file");
    finish(&r);
    return differ && !o.bless;
}
