/* The courier's way to LINE: one request for what a conversation has waiting, a reply while
 * a token lives and a push with a retry key after that, and what the answer means. On the
 * courier's thread. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/line_answer.h"
#include "bot/transport/line_private.h"

/* From here on reminders wait for the member's next message, whose answer is free. */
enum { NEAR_PERCENT = 80, SPARE_PERCENT = 95, TIMEOUT_MS = 10000, SENT_AT_ONCE = 5 };

static bool is_plain(struct line *l, int64_t row)
{
    (void)pthread_mutex_lock(&l->lock);
    bool plain = false;
    for (size_t i = 0; i < LINE_PLAIN_MAX; i++)
        plain = plain || l->plain[i] == row;
    (void)pthread_mutex_unlock(&l->lock);
    return plain;
}

static void make_plain(struct line *l, int64_t row)
{
    (void)pthread_mutex_lock(&l->lock);
    l->plain[l->n_plain++ % LINE_PLAIN_MAX] = row;
    (void)pthread_mutex_unlock(&l->lock);
}

static json_t *messages_of(struct line *l, struct arena *mem, const struct delivery *d, struct err *e)
{
    json_t *messages = json_array();
    bool plain = is_plain(l, d->outbox_id);
    for (const struct delivery *one = d; one; one = one->with) {
        AUTO_JSON reply = json_parse(one->json, strlen(one->json), e);
        int room = LINE_MESSAGES_MAX - (int)json_array_size(messages) - delivery_count(one->with);
        if (!reply) {
            json_decref(messages);
            return NULL;
        }
        if (!one->with && d->remote_user && !strcmp(d->remote_user + strcspn(d->remote_user, ":") + 1, d->conversation))
            line_menu_link(l, d->conversation, line_text_at(reply, "locale"));
        if (!plain)
            line_picture_lend(l, reply, one->outbox_id, room - 1);
        if (plain)
            line_plain_add(mem, reply, room, messages);
        else
            line_card_add(mem, l->config.words, reply, room, messages);
    }
    return messages;
}

/* identity.remote as a conversation: nothing else was ever seen of the member. */
static const char *chat_of(const struct delivery *d)
{
    return !strncmp(d->conversation, "line:", 5) ? d->conversation + 5 : d->conversation;
}

static bool encode(void *ctx, const struct delivery *d, struct http_request *out, struct err *e)
{
    struct line *l = ctx;
    json_t *messages = messages_of(l, &out->mem, d, e);
    if (!messages)
        return false;
    const char *token = line_token_take(l->tokens, &out->mem, chat_of(d), d->outbox_id, clock_now_ms());
    AUTO_JSON body = json_pack("{s:s, s:o}", token ? "replyToken" : "to", token ? token : chat_of(d),
        "messages", messages);
    line_request_fill(l, out, token ? "/v2/bot/message/reply" : "/v2/bot/message/push", body);
    out->timeout_ms = TIMEOUT_MS;
    if (token) {
        out->once = true; /* LINE can't tell a repeat of it */
        return true;
    }
    size_t n = 0;
    while (out->headers[n])
        n++;
    out->headers[n] = arena_printf(&out->mem, "X-Line-Retry-Key: %s", d->retry_key);
    return true;
}

static bool says(const struct http_response *a, const char *words)
{
    return a->body && strcasestr(a->body, words);
}

/* The card was refused. Once more as plain text, which has nothing to refuse. */
static enum send_outcome fall_back(struct line *l, const struct delivery *d)
{
    if (is_plain(l, d->outbox_id))
        return SEND_DEAD;
    make_plain(l, d->outbox_id);
    return SEND_RETURNED;
}

static enum send_outcome refused_token(struct line *l)
{
    log_error("line: the channel access token is refused; set a good LINE_CHANNEL_ACCESS_TOKEN");
    line_renew_token(l);
    return SEND_LATER;
}

static enum send_outcome judge_reply(struct line *l, const struct delivery *d, bool again,
    const struct http_response *a)
{
    if (a->result == HTTP_ANSWERED && a->status == 400 && says(a, "reply token")) {
        line_token_drop(l->tokens, d->outbox_id);
        return again ? SEND_DONE : SEND_RETURNED; /* the try before was taken; or: push it */
    }
    if (a->result == HTTP_AMBIGUOUS || (a->result == HTTP_ANSWERED && a->status >= 500))
        line_token_keep(l->tokens, d->outbox_id);
    enum send_outcome outcome = courier_judge(a);
    if (outcome == SEND_DEAD && (a->status == 400 || a->status == 413))
        return fall_back(l, d);
    if (outcome == SEND_DONE)
        line_token_drop(l->tokens, d->outbox_id);
    return outcome;
}

static enum send_outcome judge_push(struct line *l, const struct delivery *d, const struct http_response *a)
{
    if (a->result != HTTP_ANSWERED)
        return SEND_LATER;
    if (a->status == 409)
        return SEND_DONE; /* an earlier try was taken */
    if (a->status == 429 && says(a, "monthly limit")) {
        line_ask_usage(l);
        return SEND_HELD;
    }
    if (a->status == 400 && (says(a, "failed to send") || says(a, "property, to")))
        return SEND_DEAD; /* nobody there */
    if (a->status == 400 || a->status == 413)
        return fall_back(l, d);
    enum send_outcome outcome = courier_judge(a);
    if (outcome != SEND_DONE)
        return outcome;
    long long used = atomic_fetch_add(&l->used, 1) + 1, near = atomic_load(&l->quota) * NEAR_PERCENT / 100;
    if (near && used >= near && used - 1 < near)
        line_ask_usage(l); /* what LINE counted, and the word to the administrators */
    return outcome;
}

bool line_sent(struct line *l, const char *id)
{
    bool ours = false;
    (void)pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < LINE_SENT_MAX && i < l->n_sent; i++)
        ours = ours || !strcmp(l->sent[i], id);
    (void)pthread_mutex_unlock(&l->lock);
    return ours;
}

static void remember_sent(struct line *l, const struct http_response *a)
{
    struct arena mem = ARENA_INIT;
    const char *ids[SENT_AT_ONCE];
    int n = line_read_sent(&mem, a->body, a->body_size, ids, SENT_AT_ONCE);
    (void)pthread_mutex_lock(&l->lock);
    for (int i = 0; i < n; i++)
        memcpy(l->sent[l->n_sent++ % LINE_SENT_MAX], ids[i], strlen(ids[i]) + 1);
    (void)pthread_mutex_unlock(&l->lock);
    arena_finish(&mem);
}

static enum send_outcome judge(void *ctx, const struct delivery *d, const struct http_response *a)
{
    struct line *l = ctx;
    if (a->result == HTTP_ANSWERED && a->status == 401)
        return refused_token(l);
    if (a->result == HTTP_ANSWERED && a->status == 200 && *chat_of(d) != 'U')
        remember_sent(l, a);
    enum line_try how = line_token_tried(l->tokens, d->outbox_id);
    return how == LINE_PUSHED ? judge_push(l, d, a) : judge_reply(l, d, how == LINE_REPLIED_AGAIN, a);
}

/* The first access token may still be on its way. */
static bool ready(void *ctx)
{
    struct line *l = ctx;
    (void)pthread_mutex_lock(&l->lock);
    bool have = l->access_token != NULL;
    (void)pthread_mutex_unlock(&l->lock);
    return have;
}

static bool holds(void *ctx, const struct delivery *d)
{
    struct line *l = ctx;
    long long quota = atomic_load(&l->quota), used = atomic_load(&l->used);
    bool asked = d->remote_id != NULL;
    for (const struct delivery *one = d->with; one; one = one->with)
        asked = asked || one->remote_id;
    return !asked && quota && used * 100 >= quota * SPARE_PERCENT &&
           !line_token_waits(l->tokens, chat_of(d), clock_now_ms());
}

void line_send_init(struct line *l)
{
    l->network = (struct courier_network){ .network = NETWORK_LINE, .ctx = l, .encode = encode,
        .judge = judge, .ready = ready, .holds = holds };
}
