/* `nemawashi serve`: the loop on the main thread, the engine, the desk, the courier and
 * the keeper on theirs, and the queues between them. Owns starting and stopping; knows no command and no frame.
 * bot/DESIGN.md follows a message through the threads. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/core/command.h"
#include "bot/core/demo.h"
#include "bot/core/engine.h"
#include "bot/core/import.h"
#include "bot/draw/chart.h"
#include "bot/keeper.h"
#include "bot/program.h"
#include "bot/rhythm.h"
#include "bot/signals.h"
#include "bot/store/backup.h"
#include "bot/transport/courier.h"
#include "bot/transport/fetch.h"
#include "bot/transport/line.h"
#include "bot/transport/slack.h"
#include "bot/transport/web.h"

enum { DESK_NICE = 10, GOODBYE_MS = 1000 };

/* What waits for the engine, and the jobs on their way to the desk. */
enum work_kind { WORK_EVENT, WORK_JOB, WORK_STOP };
struct work {
    struct work *next;
    enum work_kind kind;
    struct event *event;
    struct desk_job *job;
};

struct server {
    struct config config;
    bool demo_wanted, demo;
    int lock;
    struct catalogue *words;
    const char *commands[LOCALE_MAX];
    const char *login; /* link of the administrator just made, or NULL */
    struct loop *loop;
    struct serve *serve;
    struct web *web;
    struct slack_api slack_api;
    struct slack_send *slack_send; /* NULL: no Slack */
    struct slack *slack;
    struct line *line; /* NULL: no LINE */
    const struct courier_network *networks[NETWORK__MAX + 1]; /* reached by REST calls */
    int n_networks;
    struct engine *engine;
    struct desk *desk;
    struct courier *courier;
    struct fetch fetch; /* calendars, with the courier's requests */
    struct queue to_engine, to_desk, to_web;
    bool queues, engine_runs, desk_runs, courier_runs;
    struct keeper *keeper;
    pthread_t engine_thread, desk_thread, courier_thread;
    atomic_bool healthy; /* the last commit succeeded */
    struct rhythm rhythm;
    int jobs, sending;   /* at the desk, at the courier; engine thread */
};

static void push(struct queue *q, enum work_kind kind, struct event *ev, struct desk_job *job)
{
    struct work *w = xcalloc(1, sizeof *w);
    *w = (struct work){ .kind = kind, .event = ev, .job = job };
    (void)queue_push(q, w); /* closed only once nobody pushes any more */
}

/* Engine thread. */

static void on_delivery(void *ctx, struct delivery *d)
{
    struct server *s = ctx;
    bool unkept = d->kind == DELIVERY_MESSAGE && !d->message_id;
    if (unkept || (d->kind == DELIVERY_REFUSED && d->code && !strncmp(d->code, "store.", 6)))
        atomic_store(&s->healthy, false);
    else if (d->kind == DELIVERY_ACK)
        atomic_store(&s->healthy, true);
    (void)queue_push(&s->to_web, d);
    loop_wake(s->loop);
}

static bool acknowledged(const struct event *ev)
{
    return ev->kind == EVENT_MESSAGE && (ev->network == NETWORK_SLACK || ev->network == NETWORK_LINE);
}

static bool is_pressed(void *ctx)
{
    struct server *s = ctx;
    return rhythm_pressed(&s->rhythm);
}

static void on_job(void *ctx, struct desk_job *job)
{
    struct server *s = ctx;
    s->jobs++;
    push(&s->to_desk, WORK_JOB, NULL, job);
}

static void on_send(void *ctx, struct delivery *d)
{
    struct server *s = ctx;
    s->sending += delivery_count(d);
    courier_send(s->courier, d);
}

static void on_fetch(void *ctx, int64_t id, const char *url)
{
    struct server *s = ctx;
    s->sending++;
    fetch_calendar(&s->fetch, id, url);
}

/* Everything that piled up: what the desk answered, then the events in one go. */
static bool take_work(struct server *s, struct work *list)
{
    struct event *events = NULL, **end = &events;
    bool stop = false;
    int stored = 0;
    while (list) {
        struct work *w = list;
        list = w->next;
        if (w->kind == WORK_EVENT) {
            s->sending -= w->event->kind == EVENT_SENT || w->event->kind == EVENT_FETCHED;
            stored += acknowledged(w->event);
            w->event->next = NULL;
            *end = w->event;
            end = &w->event->next;
        } else if (w->kind == WORK_JOB) {
            s->jobs--;
            engine_take_answers(s->engine, w->job);
        } else {
            stop = true;
        }
        free(w);
    }
    engine_take(s->engine, events);
    rhythm_took(&s->rhythm, stored);
    return stop;
}

/* After a failed commit nobody may come to tell that it works again: try. */
static void probe_store(struct server *s)
{
    struct err e = { 0 };
    struct db *db = engine_db(s->engine);
    if (!db_begin(db, &e))
        return;
    if (meta_set(db, "probe", "written after a failure", &e) && db_commit(db, &e))
        atomic_store(&s->healthy, true);
    else
        db_rollback(db);
}

static void look_around(struct server *s, int64_t *seen)
{
    struct err e = { 0 };
    int64_t version = db_data_version(engine_db(s->engine));
    if (version != *seen) {
        *seen = version;
        s->rhythm.changed = true;
        if (!engine_look_around(s->engine, &e))
            log_err("read names", &e);
    }
    if (!atomic_load(&s->healthy))
        probe_store(s);
}

static void *engine_main(void *ctx)
{
    struct server *s = ctx;
    bool stop = false;
    int64_t version = db_data_version(engine_db(s->engine));
    rhythm_begin(&s->rhythm, s->config.clock_file != NULL);
    while (!stop || s->jobs || s->sending) {
        struct work *list = queue_wait(&s->to_engine, rhythm_wait_ms(&s->rhythm));
        if (list)
            stop = take_work(s, list) || stop;
        if (rhythm_looks(&s->rhythm))
            look_around(s, &version);
        if (!stop && rhythm_turn(&s->rhythm) && rhythm_rests(&s->rhythm, engine_tick(s->engine)))
            db_rest(engine_db(s->engine));
    }
    return NULL;
}

/* Desk thread. */

static void *desk_main(void *ctx)
{
    struct server *s = ctx;
    struct work *list;
    /* Of this thread alone, on Linux: a figure takes long anyway, acknowledgements must not. */
    (void)setpriority(PRIO_PROCESS, 0, DESK_NICE);
    while ((list = queue_wait(&s->to_desk, -1)) != NULL)
        while (list) {
            struct work *w = list;
            list = w->next;
            desk_answer(s->desk, w->job);
            push(&s->to_engine, WORK_JOB, NULL, w->job);
            free(w);
        }
    chart_finish();
    return NULL;
}

/* Courier thread. */

static void *courier_main(void *ctx)
{
    struct server *s = ctx;
    courier_run(s->courier);
    return NULL;
}

/* Loop thread, and what the courier says. */

static void on_wake(void *ctx)
{
    struct server *s = ctx;
    struct delivery *d = queue_take(&s->to_web);
    if (s->line)
        line_woken(s->line);
    while (d) {
        struct delivery *next = d->next;
        if (d->network == NETWORK_WEB)
            web_deliver(s->web, d);
        else if (d->network == NETWORK_SLACK && s->slack)
            slack_deliver(s->slack, d);
        else if (d->network == NETWORK_LINE && s->line)
            line_deliver(s->line, d);
        else
            delivery_destroy(d);
        d = next;
    }
    slack_wake(s->slack);
}

static void on_event(void *ctx, struct event *ev)
{
    struct server *s = ctx;
    if (acknowledged(ev))
        (void)atomic_fetch_add(&s->rhythm.unacknowledged, 1);
    push(&s->to_engine, WORK_EVENT, ev, NULL);
}

static bool is_healthy(void *ctx)
{
    struct server *s = ctx;
    return atomic_load(&s->healthy);
}

static const char *commands_of(void *ctx, int locale)
{
    struct server *s = ctx;
    return s->commands[locale];
}

/* Start. */

static const char *network_token(const struct config *c)
{
    static const enum setting_id tokens[] = { SET_SLACK_BOT_TOKEN, SET_SLACK_APP_TOKEN, SET_LINE_SECRET,
        SET_LINE_TOKEN };
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
        if (c->value[tokens[i]])
            return setting_name(tokens[i]);
    return NULL;
}

static bool check_demo(const struct server *s, struct err *e)
{
    const char *token = network_token(&s->config);
    return !s->demo_wanted || !token ||
           fail(e, ERR_USAGE, NULL, NULL,
               "--demo invents a team and %s connects a real one; leave one of them out", token);
}

/* Whose store is it: the demo's, a team's, or nobody's yet? `first` is the administrator
 * made for a new one, else 0. */
static bool settle_store(struct server *s, int64_t *first, struct err *e)
{
    struct arena *mem = &s->config.mem;
    struct db *db = engine_db(s->engine);
    int n;
    s->demo = meta_get(db, mem, "demo", e) != NULL;
    if (!s->demo && e->code != ERR_NONE)
        return false;
    (void)member_list(db, mem, &n, e);
    if (e->code != ERR_NONE)
        return false;
    if (s->demo || (n && !s->demo_wanted))
        return true;
    if (n)
        return fail(e, ERR_CONFLICT, NULL, NULL,
            "'%.100s' holds a real team, not the demo; start without --demo, or choose another store with --db",
            s->config.value[SET_DB]);
    if (s->demo_wanted) {
        s->demo = true;
        return demo_seed(db, s->config.value[SET_ZONE], clock_now_ms(), e) &&
               engine_names_changed(s->engine, e);
    }
    const char *typed = s->config.value[SET_ADMIN];
    /* An account of a network (slack:U…) is no handle: that one is admin here. */
    bool usable = typed && !strchr(typed, ':');
    char *handle = program_handle(mem, usable ? typed : "admin", e);
    *first = handle ? program_first_member(db, &s->config, handle, e) : 0;
    return *first && engine_names_changed(s->engine, e);
}

/* Slack, where its two tokens are set. */
static bool open_slack_send(struct server *s, struct err *e)
{
    const char *app = s->config.value[SET_SLACK_APP_TOKEN], *bot = s->config.value[SET_SLACK_BOT_TOKEN];
    if (!app && !bot)
        return true;
    if (!app || !bot)
        return fail(e, ERR_USAGE, NULL, NULL, "Slack needs two tokens; set %s too, or neither",
            app ? "SLACK_BOT_TOKEN (xoxb-…)" : "SLACK_APP_TOKEN (xapp-…)");
    s->slack_api = (struct slack_api){ .url = s->config.value[SET_SLACK_API_URL], .app_token = app,
        .bot_token = bot };
    if (!slack_api_check(&s->slack_api, e))
        return false;
    s->slack_send = slack_send_create(&s->slack_api, s->words);
    s->networks[s->n_networks++] = slack_send_network(s->slack_send);
    return true;
}

static void on_gone(void *ctx)
{
    struct server *s = ctx;
    if (!serve_connections(s->serve))
        loop_stop(s->loop);
}

static void open_slack(struct server *s)
{
    if (!s->slack_send)
        return;
    struct slack_config config = { .loop = s->loop, .http = courier_http(s->courier),
        .words = s->words, .locale = s->config.value[SET_LOCALE],
        .allowed = s->config.value[SET_SLACK_ALLOWED_TEAMS], .proxy = s->config.value[SET_PROXY],
        .api = &s->slack_api, .send = s->slack_send, .post = on_event, .closed = on_gone, .ctx = s };
    s->slack = slack_create(&config);
}

static bool open_line(struct server *s, struct err *e)
{
    const char *const *v = s->config.value;
    if (!v[SET_LINE_SECRET] && !v[SET_LINE_TOKEN])
        return true;
    if (!v[SET_LINE_SECRET] || (!v[SET_LINE_TOKEN] && !v[SET_LINE_CHANNEL]))
        return fail(e, ERR_USAGE, NULL, NULL,
            "LINE needs LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN (or LINE_CHANNEL_ID); set both or neither");
    struct line_config config = { .words = s->words, .secret = v[SET_LINE_SECRET],
        .secret_before = v[SET_LINE_SECRET_BEFORE], .token = v[SET_LINE_TOKEN],
        .channel_id = v[SET_LINE_CHANNEL], .api_url = v[SET_LINE_API],
        .relay_url = v[SET_LINE_RELAY] ? arena_printf(&s->config.mem, "%s/relay", v[SET_LINE_RELAY]) : NULL,
        .relay_token = v[SET_RELAY_TOKEN], .public_url = v[SET_PUBLIC_URL], .proxy = v[SET_PROXY],
        .post = on_event, .ctx = s };
    if (v[SET_LINE_RELAY] && !v[SET_RELAY_TOKEN])
        return fail(e, ERR_USAGE, NULL, NULL, "LINE_RELAY_URL needs NEMAWASHI_RELAY_TOKEN, the relay's own");
    s->line = line_create(s->serve, s->loop, &config);
    s->networks[s->n_networks++] = line_network(s->line);
    return true;
}

static bool open_courier(struct server *s, struct err *e)
{
    struct courier_config config = { .networks = s->networks,
        .proxy = s->config.value[SET_PROXY], .post = on_event, .ctx = s };
    s->courier = courier_create(&config, e);
    if (s->courier)
        s->fetch = (struct fetch){ .http = courier_http(s->courier), .post = on_event, .ctx = s };
    return s->courier != NULL;
}

/* What an import left that was killed; one that is running looks after itself. */
static bool finish_imports(struct server *s, struct err *e)
{
    struct err held = { 0 };
    int lock = program_lock_imports(s->config.value[SET_DB], &held);
    if (lock < 0)
        return true;
    bool ok = import_recover(engine_db(s->engine), e);
    (void)close(lock);
    return ok;
}

static bool open_store(struct server *s, int64_t *first, struct err *e)
{
    struct config *c = &s->config;
    struct engine_config config = { .db_path = c->value[SET_DB], .words = s->words,
        .team_zone = c->value[SET_ZONE], .admin = c->value[SET_ADMIN], .deliver = on_delivery,
        .to_desk = on_job, .to_courier = on_send, .fetch = on_fetch, .pressed = is_pressed, .couriered = courier_networks(s->courier),
        .introduced = 1U << NETWORK_SLACK, .together = 1U << NETWORK_LINE,
        .unveiled = 1U << NETWORK_LINE, .ctx = s, .rate_limited = true, .digests = true, .unasked = NETWORK_WEB };
    s->engine = backup_upgrade(c->value[SET_DB], e) ? engine_create(&config, e) : NULL;
    if (!s->engine || !settle_store(s, first, e) || !finish_imports(s, e))
        return false;
    s->desk = desk_create(&config, e);
    return s->desk != NULL;
}

static bool open_web(struct server *s, int64_t first, struct err *e)
{
    struct arena *mem = &s->config.mem;
    for (int i = 0; i < catalogue_locales(s->words); i++)
        s->commands[i] = commands_json(mem, s->words, i);
    struct web_config config = { .words = s->words, .public_url = s->config.value[SET_PUBLIC_URL],
        .demo = s->demo, .commands_json = commands_of, .post = on_event, .healthy = is_healthy,
        .ctx = s };
    s->web = web_create(s->serve, &config, e);
    if (s->web)
        engine_set_web_url(s->engine, web_url(s->web));
    if (!s->web || !program_lock_tell(s->lock, web_url(s->web), e))
        return false;
    if (first)
        s->login = program_login_link(engine_db(s->engine), mem, first, web_url(s->web), e);
    return !first || s->login;
}

/* The three threads; signals are for the main one. */
static bool start_threads(struct server *s, struct err *e)
{
    loop_on_wake(s->loop, on_wake, s);
    s->courier_runs = pthread_create(&s->courier_thread, NULL, courier_main, s) == 0;
    s->desk_runs = s->courier_runs && pthread_create(&s->desk_thread, NULL, desk_main, s) == 0;
    /* Last: it waits for answers of the other two. */
    s->engine_runs = s->desk_runs && pthread_create(&s->engine_thread, NULL, engine_main, s) == 0;
    return s->engine_runs || fail(e, ERR_REMOTE, NULL, NULL,
                               "can't start a thread; raise the limit of processes (ulimit -u)");
}

static bool start_keeper(struct server *s, struct err *e)
{
    const struct keeper_config config = { .store = s->config.value[SET_DB], .folder = s->config.value[SET_BACKUP_FOLDER],
        .zone = s->config.value[SET_ZONE], .keep = config_number(&s->config, SET_BACKUP_KEEP),
        .held = s->config.clock_file != NULL, .post = on_event, .ctx = s };
    s->keeper = keeper_start(&config, e);
    return s->keeper != NULL;
}

static bool start(struct server *s, struct err *e)
{
    int64_t first = 0;
    const char *db = s->config.value[SET_DB];
    if (!strcmp(db, ":memory:"))
        return fail(e, ERR_USAGE, NULL, NULL, "a store in memory is gone at once; name a file with --db");
    if (!check_demo(s, e) || !(s->words = program_words(&s->config, e)))
        return false;
    if ((s->lock = program_lock(db, e)) < 0 || !(s->loop = loop_create(e)))
        return false;
    const struct serve_tls tls = { .cert = s->config.value[SET_TLS_CERT], .key = s->config.value[SET_TLS_KEY],
        .plain_anywhere = config_on(&s->config, SET_ALLOW_PLAIN_PUBLIC) };
    s->serve = serve_open(s->loop, s->config.value[SET_LISTEN], &tls, e);
    if (!s->serve)
        return false;
    queue_init(&s->to_engine);
    queue_init(&s->to_desk);
    queue_init(&s->to_web);
    s->queues = true;
    if (!open_slack_send(s, e) || !open_line(s, e) || !open_courier(s, e) ||
        !open_store(s, &first, e) || !open_web(s, first, e))
        return false;
    open_slack(s);
    return start_threads(s, e) && start_keeper(s, e);
}

/* Standard output is for whoever started us: where to go, and nothing else. */
static void announce(const struct server *s)
{
    log_info("serving %s from store '%s', version %s", web_url(s->web), s->config.value[SET_DB], NEMAWASHI_VERSION);
    (void)printf("web chat: %s/\n", web_url(s->web));
    if (s->login)
        (void)printf("log in once within an hour: %s\n", s->login);
    (void)fflush(stdout);
}

/* Stop. */

/* Peers first, then what they sent, which waits for the desk and the courier, then these,
 * then what nobody can receive. */
static void stop(struct server *s)
{
    keeper_stop(s->keeper);
    if (s->engine_runs && (serve_connections(s->serve) || slack_open(s->slack))) {
        serve_stop(s->serve);
        slack_stop(s->slack);
        int64_t until_us = clock_ticks_us() + GOODBYE_MS * INT64_C(1000);
        loop_stop_after(s->loop, GOODBYE_MS);
        while ((serve_connections(s->serve) || slack_open(s->slack)) && clock_ticks_us() < until_us)
            loop_run(s->loop);
    }
    if (s->courier_runs)
        courier_drain(s->courier, GOODBYE_MS);
    if (s->engine_runs) {
        push(&s->to_engine, WORK_STOP, NULL, NULL);
        (void)pthread_join(s->engine_thread, NULL);
    }
    if (s->desk_runs) {
        queue_close(&s->to_desk);
        (void)pthread_join(s->desk_thread, NULL);
    }
    if (s->courier_runs) {
        courier_stop(s->courier);
        (void)pthread_join(s->courier_thread, NULL);
    }
    for (struct delivery *d = s->queues ? queue_take(&s->to_web) : NULL; d;) {
        struct delivery *next = d->next;
        delivery_destroy(d);
        d = next;
    }
    serve_close(s->serve);
    web_destroy(s->web);
    slack_close(s->slack);
    line_close(s->line);
    loop_destroy(s->loop);
    courier_destroy(s->courier);
    slack_destroy(s->slack);
    slack_send_destroy(s->slack_send);
    line_destroy(s->line);
    desk_destroy(s->desk);
    engine_destroy(s->engine);
    if (s->queues) {
        queue_finish(&s->to_engine);
        queue_finish(&s->to_desk);
        queue_finish(&s->to_web);
    }
    catalogue_close(s->words);
    if (s->lock >= 0)
        (void)close(s->lock);
}

static const struct argp_option options[] = {
    { "demo", 'd', NULL, 0, "fill an empty store with an invented team to play with", 0 },
    { 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct server *s = state->hook;
    (void)arg;
    if (key != 'd')
        return ARGP_ERR_UNKNOWN;
    s->demo_wanted = true;
    return 0;
}

int serve_program(int argc, char **argv)
{
    static struct server s = { .lock = -1, .healthy = true };
    struct err e = { 0 };
    const struct config_args args = { .options = options, .parse = parse, .own = &s,
        .settings = TAKES_DB | TAKES_LISTEN | TAKES_PUBLIC_URL | TAKES_ADMIN | TAKES_ZONE |
                    TAKES_LOCALE | TAKES_PROXY | TAKES_TLS | TAKES_SLACK | TAKES_LINE | TAKES_BACKUP,
        .about = "Runs the bot and its web chat until SIGINT or SIGTERM; a second signal "
                 "ends it at once." };
    signals_hold();
    bool ok = config_read(&s.config, &args, argc, argv, &e) && start(&s, &e);
    if (ok) {
        if (s.line)
            line_start(s.line, courier_http(s.courier));
        announce(&s);
        signals_stop(s.loop);
        loop_run(s.loop);
    }
    stop(&s);
    int status = ok ? 0 : program_failed(&e);
    config_finish(&s.config);
    return status;
}
