#include "bot/transport/relay.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/lent.h"
#include "bot/transport/relay_frame.h"

/* Rows on their way to the bot at once; webhooks a second. */
enum { FLIGHT_MAX = 32, RATE_PER_SECOND = 200, RATE_BURST = 1000, SIGNATURE_MAX = 128,
    POLICY = 1008, FAILED = 1011 };

struct relay {
    struct serve *serve;
    struct relay_config config;
    struct serve_sockets sockets;
    int64_t bot;  /* its socket; 0: not connected */
    int64_t upto; /* the last row that this connection was sent */
    int flight;   /* not acknowledged yet */
    bool asked, more; /* rows are being read; there are some that were not sent */
    double tokens;
    int64_t rate_ms;
    struct lent *lent;
};

void relay_row_destroy(struct relay_row *row)
{
    if (!row)
        return;
    free(row->signature);
    free(row->body);
    free(row);
}

/* Rows to the bot. */

static void send_json(struct relay *r, const json_t *frame)
{
    struct arena mem = ARENA_INIT;
    const char *text = json_print(&mem, frame);
    serve_send(r->serve, r->bot, text, strlen(text));
    arena_finish(&mem);
}

static void send_row(struct relay *r, const struct relay_row *row)
{
    int64_t age = clock_now_ms() - row->received_ms;
    AUTO_JSON frame = json_pack("{s:s, s:I, s:I, s:s, s:s}", "t", "hook", "id", (json_int_t)row->id,
        "age", (json_int_t)(age > 0 ? age : 0), "signature", row->signature, "body", row->body);
    send_json(r, frame);
    r->upto = row->id;
    r->flight++;
}

static void ask_rows(struct relay *r)
{
    if (!r->bot || r->asked || !r->more || r->flight > FLIGHT_MAX - RELAY_ROWS)
        return;
    r->asked = true;
    r->config.want(r->config.ctx, r->upto);
}

void relay_take_rows(struct relay *r, struct relay_row *rows, bool full)
{
    r->asked = false;
    r->more = full;
    while (rows) {
        struct relay_row *row = rows;
        rows = row->next;
        if (r->bot && row->id > r->upto)
            send_row(r, row);
        else if (!r->bot)
            r->more = true;
        relay_row_destroy(row);
    }
    ask_rows(r);
}

void relay_no_rows(struct relay *r)
{
    r->asked = false;
    r->more = true;
    serve_close_socket(r->serve, r->bot, FAILED, "not readable");
}

void relay_kept(struct relay *r, int64_t request, struct relay_row *row)
{
    serve_answer_text(r->serve, request, row ? 200 : 503, row ? "ok" : "not stored");
    if (!row)
        return;
    /* In order: nothing passes what was read from the disk and not sent yet. */
    if (r->bot && !r->asked && !r->more && r->flight < FLIGHT_MAX)
        send_row(r, row);
    else
        r->more = true;
    relay_row_destroy(row);
    ask_rows(r);
}

/* Webhooks. */

static bool within_rate(struct relay *r)
{
    int64_t now = clock_ticks_us() / 1000;
    r->tokens += (double)(now - r->rate_ms) * RATE_PER_SECOND / 1000;
    r->tokens = r->tokens > RATE_BURST ? RATE_BURST : r->tokens;
    r->rate_ms = now;
    if (r->tokens < 1)
        return false;
    r->tokens--;
    return true;
}

static void post_webhook(void *ctx, const struct serve_request *rq)
{
    struct relay *r = ctx;
    size_t n = rq->wanted ? strlen(rq->wanted) : 0;
    if (!n || n > SIGNATURE_MAX) {
        serve_answer_text(r->serve, rq->id, 401, "no signature");
        return;
    }
    if (!within_rate(r)) {
        serve_answer_text(r->serve, rq->id, 429, "too many");
        return;
    }
    struct relay_row *row = xcalloc(1, sizeof *row);
    row->received_ms = clock_now_ms();
    row->signature = xstrdup(rq->wanted);
    row->body = xmalloc(BASE64_ROOM(rq->body_n));
    base64_encode(rq->body, rq->body_n, row->body);
    r->config.keep(r->config.ctx, rq->id, row);
}

static void get_health(void *ctx, const struct serve_request *rq)
{
    struct relay *r = ctx;
    serve_answer_text(r->serve, rq->id, 200, r->bot ? "ok" : "ok, without a bot");
}

static void get_lent(void *ctx, const struct serve_request *rq)
{
    struct relay *r = ctx;
    lent_answer(r->lent, r->serve, rq);
}

/* The bot's socket. */

static int check(void *ctx, const struct serve_request *rq)
{
    struct relay *r = ctx;
    static const char bearer[] = "Bearer ";
    bool good = rq->authorization && !strncmp(rq->authorization, bearer, sizeof bearer - 1) &&
                secret_equal(rq->authorization + sizeof bearer - 1, r->config.token);
    if (!good)
        log_warn("relay: a bot with a wrong token, refused");
    return good ? 0 : 401;
}

/* The newest connection is the bot: the one before may be dead without knowing it. */
static void on_open(void *ctx, int64_t id, const struct serve_request *rq)
{
    struct relay *r = ctx;
    (void)rq;
    if (r->bot)
        serve_close_socket(r->serve, r->bot, POLICY, "replaced");
    r->bot = id;
    r->upto = 0;
    r->flight = 0;
    r->more = true;
    log_info("relay: the bot is connected");
    ask_rows(r);
}

static void on_close(void *ctx, int64_t id)
{
    struct relay *r = ctx;
    if (id != r->bot)
        return;
    r->bot = 0;
    log_info("relay: the bot has gone");
}

static void on_oversize(void *ctx, int64_t id)
{
    struct relay *r = ctx;
    serve_close_socket(r->serve, id, POLICY, "too large");
}

static void on_lend(struct relay *r, const struct lent_item *item)
{
    AUTO_JSON answer = json_pack("{s:s, s:s}", "t", lent_put(r->lent, item) ? "lent" : "not_lent", "name", item->name);
    send_json(r, answer);
}

static void on_text(void *ctx, int64_t id, const char *text, size_t n)
{
    struct relay *r = ctx;
    struct arena mem = ARENA_INIT;
    struct relay_frame f;
    struct err e;
    if (!relay_frame_decode(&mem, text, n, &f, &e)) {
        serve_close_socket(r->serve, id, POLICY, "not a frame");
    } else if (id == r->bot && f.kind == RELAY_ACK) {
        r->config.drop(r->config.ctx, f.id);
        r->flight -= r->flight > 0;
        ask_rows(r);
    } else if (id == r->bot && f.kind == RELAY_LEND) {
        on_lend(r, &f.item);
    }
    arena_finish(&mem);
}

struct relay *relay_create(struct serve *s, const struct relay_config *config)
{
    static const struct serve_route routes[] = {
        { "POST", "/line/webhook", RELAY_BODY_MAX, "x-line-signature:", post_webhook },
        { "GET", "/lent/*", 0, NULL, get_lent },
        { "GET", "/healthz", 0, NULL, get_health },
    };
    struct relay *r = xcalloc(1, sizeof *r);
    r->serve = s;
    r->config = *config;
    r->lent = lent_create();
    r->tokens = RATE_BURST;
    r->rate_ms = clock_ticks_us() / 1000;
    r->sockets = (struct serve_sockets){ .path = "/relay", .max_text = RELAY_FRAME_MAX, .check = check,
        .on_open = on_open, .on_text = on_text, .on_oversize = on_oversize, .on_close = on_close };
    serve_add_routes(s, routes, sizeof routes / sizeof *routes, r);
    serve_set_sockets(s, &r->sockets, r);
    return r;
}

void relay_destroy(struct relay *r)
{
    if (!r)
        return;
    lent_destroy(r->lent);
    free(r);
}
