/* Any bytes as the body of an answer of LINE: to a message under way, and to what we ask by
 * ourselves. The first byte picks status and message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/text/utf8.h"
#include "bot/transport/line_answer.h"
#include "bot/transport/line_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { IDS = 5, ALIASES = 8 };
static struct line *line;

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_text(const char *s)
{
    size_t at;
    promise(!s || utf8_valid(s, strlen(s), &at));
}

/* The adapter without its loop, its server and its client. */
static void start(void)
{
    if (line)
        return;
    log_quiet(true);
    line = xcalloc(1, sizeof *line);
    line->api = "https://api.line.me";
    line->config.token = "fuzz";
    line->access_token = xstrdup("fuzz");
    line->tokens = line_tokens_create();
    (void)pthread_mutex_init(&line->lock, NULL);
    line_send_init(line);
}

/* Pushed, replied with a token, or that once more. */
static void judge(uint8_t which, const struct http_response *answer)
{
    static int64_t row;
    struct arena mem = ARENA_INIT;
    struct delivery *d = delivery_create(DELIVERY_SEND, NETWORK_LINE);
    d->outbox_id = ++row;
    d->conversation = xstrdup(which & 1 ? "line:U1" : "line:C1");
    d->json = xstrdup("{}");
    if (which & 2) {
        (void)line_token_add(line->tokens, d->conversation + 5, "token", clock_now_ms());
        (void)line_token_take(line->tokens, &mem, d->conversation + 5, row, clock_now_ms());
        if (which & 4)
            line_token_keep(line->tokens, row);
    }
    enum send_outcome outcome = line->network.judge(line, d, answer);
    promise(outcome >= SEND_DONE && outcome <= SEND_HELD);
    promise(answer->status != 200 || outcome == SEND_DONE);
    line_token_drop(line->tokens, row);
    delivery_destroy(d);
    arena_finish(&mem);
}

static void read_own(const char *body, size_t n)
{
    struct arena mem = ARENA_INIT;
    const char *ids[IDS];
    struct line_alias all[ALIASES];
    check_text(line_read_info(&mem, body, n).name);
    check_text(line_read_language(&mem, body, n));
    const char *token = line_read_token(&mem, body, n);
    promise(!token || (*token && !strpbrk(token, "\r\n ")));
    check_text(token);
    int64_t quota = line_read_quota(body, n), used = line_read_used(body, n);
    promise(quota >= -1 && quota < INT64_MAX / 1000 && used >= -1 && used < INT64_MAX / 1000);
    int sent = line_read_sent(&mem, body, n, ids, IDS);
    for (int i = 0; i < sent; i++)
        promise(*ids[i] && strlen(ids[i]) < LINE_ID_MAX);
    int aliases = line_read_aliases(&mem, body, n, all, ALIASES);
    promise(sent <= IDS && aliases >= -1 && aliases <= ALIASES);
    for (int i = 0; i < aliases; i++)
        check_text(all[i].name);
    arena_finish(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = { 200, 400, 401, 409, 413, 429, 500, 403 };
    start();
    if (!size)
        return 0;
    struct arena mem = ARENA_INIT;
    struct http_response answer = { .result = HTTP_ANSWERED, .why = "", .body_size = size - 1,
        .status = statuses[data[0] >> 3 & 7], .body = arena_strndup(&mem, (const char *)data + 1, size - 1) };
    judge(data[0], &answer);
    read_own(answer.body, answer.body_size);
    arena_finish(&mem);
    return 0;
}
