/* `nemawashi line menu`, which draws the rich menu in every language and installs it, so that
 * the one of before is gone only when the new one is there; and what `doctor` says about
 * LINE. Asks LINE one thing after another. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/base/queue.h"
#include "bot/draw/canvas.h"
#include "bot/draw/menu.h"
#include "bot/net/http.h"
#include "bot/program.h"
#include "bot/transport/line_menu.h"

struct tool {
    struct config *config;
    struct catalogue *words; /* of the menu */
    struct http *http;
    struct queue answered;
    const char *api, *blobs, *token;
    char *menus[LOCALE_MAX];
    bool fine; /* for the doctor */
};

/* One question; its own item in the queue of answers. */
struct question {
    struct question *next;
    struct tool *tool;
    int status;
    const char *body;
};

static void *run(void *ctx)
{
    http_run(ctx);
    return NULL;
}

static void on_done(struct http_request *r, const struct http_response *a)
{
    struct question *q = r->user;
    q->status = a->result == HTTP_ANSWERED ? a->status : 0;
    q->body = a->result == HTTP_ANSWERED ? arena_strndup(&q->tool->config->mem, a->body, a->body_size)
                                         : arena_strdup(&q->tool->config->mem, a->why);
    (void)queue_push(&q->tool->answered, q);
}

/* Asks and waits. The answer's tree, which is the caller's; NULL with `e`: not a 2xx, or
 * the status in `*status` where that is wanted. */
static json_t *ask(struct tool *t, const char *method, const char *url, const char *type,
    const void *body, size_t n, int *status, struct err *e)
{
    struct question q = { .tool = t };
    struct http_request *r = http_request_create();
    r->method = method;
    r->url = arena_strdup(&r->mem, url);
    r->headers[0] = arena_printf(&r->mem, "Authorization: Bearer %s", t->token ? t->token : "");
    r->headers[1] = type ? arena_printf(&r->mem, "Content-Type: %s", type) : NULL;
    r->body = body ? body : !strcmp(method, "POST") ? "" : NULL;
    r->body_size = n;
    r->done = on_done;
    r->user = &q;
    http_submit(t->http, r);
    (void)queue_wait(&t->answered, -1);
    if (status)
        *status = q.status;
    if (q.status / 100 == 2)
        return json_parse_lenient(q.body, strlen(q.body), e);
    if (!status)
        (void)fail(e, ERR_REMOTE, NULL, NULL, "LINE answers %d to %s: %.120s", q.status, url, q.body);
    return NULL;
}

static json_t *ask_json(struct tool *t, const char *path, const json_t *body, int *status, struct err *e)
{
    struct arena *mem = &t->config->mem;
    const char *text = body ? json_print(mem, body) : NULL;
    return ask(t, "POST", arena_printf(mem, "%s%s", t->api, path), body ? "application/json" : NULL, text,
        text ? strlen(text) : 0, status, e);
}

static bool post(struct tool *t, const char *path, const json_t *body, struct err *e)
{
    AUTO_JSON answer = ask_json(t, path, body, NULL, e);
    return answer != NULL;
}

static bool upload(struct tool *t, int locale, struct err *e)
{
    struct arena *mem = &t->config->mem;
    struct menu_tile tiles[MENU_TILES];
    const unsigned char *png;
    size_t n;
    for (int i = 0; i < MENU_TILES; i++)
        tiles[i] = (struct menu_tile){ line_menu_label(mem, t->words, locale, i),
            line_menu_hint(mem, t->words, locale, i) };
    if (!menu_png(mem, tiles, catalogue_locale(t->words, locale), &png, &n, e))
        return false;
    AUTO_JSON answer = ask(t, "POST", arena_printf(mem, "%s/v2/bot/richmenu/%s/content", t->blobs, t->menus[locale]),
        "image/png", png, n, NULL, e);
    return answer != NULL;
}

/* The alias is made, or moved to the new menu. */
static bool name_menu(struct tool *t, int locale, struct err *e)
{
    struct arena *mem = &t->config->mem;
    const char *alias = line_menu_alias(mem, t->words, locale);
    int status;
    AUTO_JSON body = json_pack("{s:s, s:s}", "richMenuAliasId", alias, "richMenuId", t->menus[locale]);
    AUTO_JSON made = ask_json(t, "/v2/bot/richmenu/alias", body, &status, e);
    if (made)
        return true;
    AUTO_JSON to = json_pack("{s:s}", "richMenuId", t->menus[locale]);
    return post(t, arena_printf(mem, "/v2/bot/richmenu/alias/%s", alias), to, e);
}

static bool install(struct tool *t, int locale, struct err *e)
{
    AUTO_JSON menu = line_menu_object(&t->config->mem, t->words, locale, MENU_WIDTH, MENU_HEIGHT);
    AUTO_JSON made = ask_json(t, "/v2/bot/richmenu", menu, NULL, e);
    const char *id = json_text(made, "richMenuId");
    if (!id)
        return made ? fail(e, ERR_REMOTE, NULL, NULL, "LINE made a menu without an id") : false;
    t->menus[locale] = arena_strdup(&t->config->mem, id);
    return upload(t, locale, e) && name_menu(t, locale, e);
}

static bool is_new(const struct tool *t, const char *id)
{
    for (int i = 0; i < catalogue_locales(t->words); i++)
        if (!strcmp(t->menus[i], id))
            return true;
    return false;
}

/* Menus that we made before; those of others stay. */
static bool drop_old(struct tool *t, struct err *e)
{
    struct arena *mem = &t->config->mem;
    json_t *menu;
    size_t i;
    AUTO_JSON list = ask(t, "GET", arena_printf(mem, "%s/v2/bot/richmenu/list", t->api), NULL, NULL, 0, NULL, e);
    if (!list)
        return false;
    json_array_foreach(json_at(list, "richmenus"), i, menu)
    {
        const char *name = json_text(menu, "name"), *id = json_text(menu, "richMenuId");
        if (!name || !id || strncmp(name, "nemawashi-", 10) != 0 || is_new(t, id))
            continue;
        AUTO_JSON gone = ask(t, "DELETE", arena_printf(mem, "%s/v2/bot/richmenu/%s", t->api, id), NULL, NULL, 0, NULL, e);
        if (!gone)
            return false;
    }
    return true;
}

static bool fetch_token(struct tool *t, struct err *e)
{
    struct arena *mem = &t->config->mem;
    const char *const *v = t->config->value;
    t->token = v[SET_LINE_TOKEN];
    if (t->token)
        return true;
    if (!v[SET_LINE_CHANNEL] || !v[SET_LINE_SECRET])
        return fail(e, ERR_USAGE, NULL, NULL,
            "LINE needs LINE_CHANNEL_ACCESS_TOKEN, or LINE_CHANNEL_ID and LINE_CHANNEL_SECRET");
    const char *form = arena_printf(mem, "grant_type=client_credentials&client_id=%s&client_secret=%s",
        v[SET_LINE_CHANNEL], v[SET_LINE_SECRET]);
    AUTO_JSON answer = ask(t, "POST", arena_printf(mem, "%s/oauth2/v3/token", t->api),
        "application/x-www-form-urlencoded", form, strlen(form), NULL, e);
    const char *token = json_text(answer, "access_token");
    t->token = token ? arena_strdup(mem, token) : NULL;
    return token || (answer ? fail(e, ERR_REMOTE, NULL, NULL, "LINE gave no token") : false);
}

static bool install_all(struct tool *t, struct err *e)
{
    struct arena *mem = &t->config->mem;
    for (int i = 0; i < catalogue_locales(t->words); i++)
        if (!install(t, i, e))
            return false;
    int first = catalogue_find_locale(t->words, t->config->value[SET_LOCALE]);
    if (!post(t, arena_printf(mem, "/v2/bot/user/all/richmenu/%s", t->menus[first]), NULL, e) || !drop_old(t, e))
        return false;
    for (int i = 0; i < catalogue_locales(t->words); i++)
        (void)printf("%s: %s%s\n", line_menu_alias(mem, t->words, i), t->menus[i],
            i == first ? " (for everybody whose language is not known)" : "");
    return true;
}

/* Runs `work` with a thread for its requests. */
static bool with_http(struct tool *t, bool (*work)(struct tool *t, struct err *e), struct err *e)
{
    pthread_t thread;
    const char *api = t->config->value[SET_LINE_API];
    t->api = api ? api : "https://api.line.me";
    t->blobs = api ? api : "https://api-data.line.me";
    t->http = http_create(&(struct http_config){ .proxy = t->config->value[SET_PROXY] }, e);
    if (!t->http)
        return false;
    bool ok = pthread_create(&thread, NULL, run, t->http) == 0;
    if (ok) {
        queue_init(&t->answered);
        ok = fetch_token(t, e) && work(t, e);
        http_stop(t->http);
        (void)pthread_join(thread, NULL);
        queue_finish(&t->answered);
    } else {
        (void)fail(e, ERR_REMOTE, NULL, NULL, "can't start a thread; raise ulimit -u");
    }
    http_destroy(t->http);
    return ok;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    bool *asked = state->hook;
    if (key == ARGP_KEY_ARG && !strcmp(arg, "menu"))
        *asked = true;
    else if (key == ARGP_KEY_ARG || (key == ARGP_KEY_END && !*asked))
        argp_error(state, "say what to install: menu");
    return key == ARGP_KEY_ARG || key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
}

int line_program(int argc, char **argv)
{
    struct config c;
    struct tool t = { .config = &c };
    struct err e = { 0 };
    bool asked = false;
    const struct config_args args = { .synopsis = "menu", .parse = parse, .own = &asked,
        .settings = TAKES_LOCALE | TAKES_PROXY | TAKES_LINE,
        .about = "Draws the rich menu in every language and installs it in the LINE channel." };
    bool ok = config_read(&c, &args, argc, argv, &e) && (t.words = program_words(&c, &e)) &&
              with_http(&t, install_all, &e);
    int status = ok ? 0 : program_failed(&e);
    canvas_finish();
    catalogue_close(t.words);
    config_finish(&c);
    return status;
}

/* What `nemawashi doctor` says about LINE: the account, the month's messages, the webhook. */

static json_t *get(struct tool *t, const char *path, struct err *e)
{
    return ask(t, "GET", arena_printf(&t->config->mem, "%s%s", t->api, path), NULL, NULL, 0, NULL, e);
}

static bool check_webhook(struct tool *t)
{
    struct arena *mem = &t->config->mem;
    struct err e = { 0 };
    AUTO_JSON hook = get(t, "/v2/bot/channel/webhook/endpoint", &e);
    const char *url = json_text(hook, "endpoint");
    bool active = url && json_is_true(json_at(hook, "active"));
    return program_finding("webhook", active,
        !url     ? "none is set; enter https://YOUR HOST/line/webhook in the LINE Developers console, Messaging API"
        : active ? arena_printf(mem, "%.200s", url)
                 : arena_printf(mem, "%.200s, but not used; switch \"Use webhook\" on in the console", url));
}

static bool examine(struct tool *t, struct err *e)
{
    struct arena *mem = &t->config->mem;
    AUTO_JSON info = get(t, "/v2/bot/info", e);
    AUTO_JSON quota = info ? get(t, "/v2/bot/message/quota", e) : NULL;
    AUTO_JSON used = quota ? get(t, "/v2/bot/message/quota/consumption", e) : NULL;
    if (!used)
        return false;
    const char *name = json_text(info, "displayName"), *id = json_text(info, "basicId");
    long long n = json_int(used, "totalUsage", 0), limit = json_int(quota, "value", 0);
    (void)program_finding("line", true, arena_printf(mem, "account %s (%s)", name ? name : "?", id ? id : "?"));
    (void)program_finding("messages", true, limit ? arena_printf(mem, "%lld of %lld used this month", n, limit)
                                                  : arena_printf(mem, "%lld used this month, without a limit", n));
    t->fine = check_webhook(t);
    return true;
}

bool doctor_line(struct config *c)
{
    struct tool t = { .config = c };
    struct err e = { 0 };
    if (!c->value[SET_LINE_SECRET] && !c->value[SET_LINE_TOKEN])
        return program_finding("line", true, "off; it starts when LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN are set");
    if (!c->value[SET_LINE_SECRET])
        return program_finding("line", false, "LINE_CHANNEL_SECRET is not set; copy it from the channel's Basic settings");
    return with_http(&t, examine, &e) ? t.fine : program_finding("line", false, e.why);
}
