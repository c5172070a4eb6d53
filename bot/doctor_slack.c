/* What `nemawashi doctor` says about Slack: tokens, workspace, scopes, the socket and the
 * clock, each with what mends it. Asks Slack two questions and changes nothing. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/queue.h"
#include "bot/program.h"
#include "bot/transport/slack_api.h"
#include "bot/transport/slack_manifest.h"

enum { SKEW_S = 60 };

struct question {
    struct question *next; /* in the queue of answers */
    struct queue *answered;
    struct arena *mem;
    enum slack_class class;
    const char *error, *body, *headers;
    size_t body_size;
};

static void on_done(struct http_request *r, const struct http_response *a)
{
    struct question *q = r->user;
    q->class = slack_api_judge(q->mem, a, &q->error);
    if (a->result != HTTP_ANSWERED)
        q->error = arena_strdup(q->mem, a->why);
    q->body = arena_strndup(q->mem, a->body, a->body_size);
    q->body_size = a->body_size;
    q->headers = arena_strdup(q->mem, a->headers ? a->headers : "");
    (void)queue_push(q->answered, q);
}

static void *run(void *ctx)
{
    http_run(ctx);
    return NULL;
}

/* Asks and waits. */
static void ask(struct http *http, const struct slack_api *api, const char *method, struct question *q)
{
    struct http_request *r = http_request_create();
    slack_api_form(api, r, method, NULL);
    r->want_headers = true;
    r->done = on_done;
    r->user = q;
    http_submit(http, r);
    (void)queue_wait(q->answered, -1);
}

/* The granted ones are told in a header. */
static bool check_scopes(struct arena *mem, const char *headers)
{
    const char *granted = http_header(mem, headers, "x-oauth-scopes");
    struct buf missing = BUF_ON(mem);
    if (!granted)
        return program_finding("scopes", true, "Slack does not tell; each is checked when it is used");
    for (const char *const *s = slack_scopes; *s; s++) {
        bool has = false;
        size_t n = strlen(*s);
        for (const char *g = granted; *g && !has; g += strcspn(g, ", "), g += strspn(g, ", "))
            has = strcspn(g, ", ") == n && !strncmp(g, *s, n);
        if (!has)
            buf_join(&missing, ", ", *s);
    }
    return program_finding("scopes", !missing.n,
        missing.n ? arena_printf(mem, "missing: %s; paste the manifest again (nemawashi print slack-manifest) and reinstall the app", missing.s)
                  : "all that are needed");
}

static bool check_clock(struct arena *mem, const char *headers)
{
    const char *date = http_header(mem, headers, "date");
    struct tm tm = { 0 };
    if (!date || !strptime(date, "%a, %d %b %Y %H:%M:%S GMT", &tm))
        return program_finding("clock", true, "Slack does not tell the time");
    int64_t skew = clock_now_ms() / 1000 - (int64_t)timegm(&tm);
    bool good = skew > -SKEW_S && skew < SKEW_S;
    return program_finding("clock", good,
        good ? "right" : arena_printf(mem, "%lld s off; let the machine set its clock (timedatectl set-ntp true)", (long long)skew));
}

static bool check_workspace(struct arena *mem, const struct question *q)
{
    struct err e;
    if (q->class != SLACK_OK)
        return program_finding("slack", false,
            q->class == SLACK_TOKENS
                ? arena_printf(mem, "auth.test answers %s; copy the Bot User OAuth Token (xoxb-) under Install App into SLACK_BOT_TOKEN", q->error)
                : arena_printf(mem, "can't be reached: %s; check the network, or set NEMAWASHI_PROXY", q->error));
    AUTO_JSON tree = json_parse(q->body, q->body_size, &e);
    const char *team = json_text(tree, "team"), *id = json_text(tree, "team_id"), *user = json_text(tree, "user");
    return program_finding("slack", true, arena_printf(mem, "workspace %s (%s), as @%s", team ? team : "?",
                                              id ? id : "?", user ? user : "?"));
}

static bool check_socket(struct arena *mem, const struct question *q)
{
    if (q->class != SLACK_OK && q->class != SLACK_TOKENS)
        return program_finding("socket", false, arena_printf(mem, "can't be asked for: %s", q->error));
    return program_finding("socket", q->class == SLACK_OK,
        q->class == SLACK_OK
            ? "Socket Mode is on"
            : arena_printf(mem, "apps.connections.open answers %s; make an app-level token with connections:write "
                                "under Basic Information and switch Socket Mode on", q->error));
}

bool doctor_slack(struct config *c)
{
    struct arena *mem = &c->mem;
    struct err e = { 0 };
    const char *app = c->value[SET_SLACK_APP_TOKEN], *bot = c->value[SET_SLACK_BOT_TOKEN];
    if (!app && !bot)
        return program_finding("slack", true, "off; it starts when SLACK_APP_TOKEN and SLACK_BOT_TOKEN are set");
    if (!app || !bot)
        return program_finding("slack", false, app ? "SLACK_BOT_TOKEN is not set" : "SLACK_APP_TOKEN is not set");
    const struct slack_api api = { c->value[SET_SLACK_API_URL], app, bot };
    if (!slack_api_check(&api, &e))
        return program_finding("slack", false, e.why);
    struct http *http = http_create(&(struct http_config){ .proxy = c->value[SET_PROXY] }, &e);
    struct queue answered;
    pthread_t thread;
    if (!http || pthread_create(&thread, NULL, run, http) != 0) {
        http_destroy(http);
        return program_finding("slack", false, "no thread for its requests");
    }
    queue_init(&answered);
    struct question self = { .answered = &answered, .mem = mem }, socket = self;
    ask(http, &api, "auth.test", &self);
    ask(http, &api, "apps.connections.open", &socket);
    http_stop(http);
    (void)pthread_join(thread, NULL);
    http_destroy(http);
    queue_finish(&answered);
    bool ok = check_workspace(mem, &self);
    ok = check_socket(mem, &socket) && ok;
    if (self.class != SLACK_OK)
        return ok;
    ok = check_scopes(mem, self.headers) && ok;
    return check_clock(mem, self.headers) && ok;
}
