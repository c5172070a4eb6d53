#include "bot/transport/slack_send.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_blocks.h"
#include "bot/transport/slack_in.h"
#include "bot/transport/preview.h"
#include "bot/transport/slack_text.h"
#include "bot/transport/slack_upload.h"

/* Slack: 30 minutes and 5 uses; one of each is left unused. */
enum { RESPONSES = 512, RESPONSE_USES = 4, PACE_MS = 1000, BURST = 3, HISTORY = 30 };
static const int64_t RESPONSE_US = INT64_C(29) * 60 * 1000000;
static const char event_type[] = "nemawashi_message";

struct response {
    char *remote_id, *url;
    int64_t at_us;
    int uses;
};

struct slack_send {
    const struct slack_api *api;
    const struct catalogue *words;
    struct courier_network network;
    pthread_mutex_t lock;
    struct response responses[RESPONSES]; /* a ring: the oldest makes room */
    size_t next;
};

/* Where a message goes, in the order in which it is tried. */
enum step {
    STEP_FIRST, /* whatever encode chose */
    STEP_SEARCH, STEP_UPDATE, STEP_RESPONSE, STEP_POST, STEP_RESPONSE_LAST, STEP_USER,
    STEP_UPLOAD, STEP_BYTES, STEP_COMPLETE,
    STEP_PLAIN = 16, /* added: without blocks */
};

/* Response addresses. */

static bool is_slacks(const struct slack_send *s, const char *url)
{
    static const char real[] = "https://hooks.slack.com/";
    if (!strncmp(url, real, strlen(real)))
        return true;
    /* Another base address serves its own: a test's on this machine. */
    size_t origin = strlen(s->api->url) - strlen("api/");
    return !strncmp(s->api->url, "http://", 7) && !strncmp(url, s->api->url, origin);
}

static void forget(struct response *r)
{
    free(r->remote_id);
    free(r->url);
    *r = (struct response){ 0 };
}

void slack_send_remember(struct slack_send *s, const char *remote_id, const char *response_url)
{
    if (!remote_id || !response_url || !is_slacks(s, response_url))
        return;
    (void)pthread_mutex_lock(&s->lock);
    struct response *r = &s->responses[s->next++ % RESPONSES];
    forget(r);
    *r = (struct response){ .remote_id = xstrdup(remote_id), .url = xstrdup(response_url),
        .at_us = clock_ticks_us() };
    (void)pthread_mutex_unlock(&s->lock);
}

/* The address for answers to the event; NULL: none, or used up. `use`: once more. */
static char *find_response(struct slack_send *s, struct arena *mem, const char *remote_id, bool use)
{
    char *url = NULL;
    if (!remote_id)
        return NULL;
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < RESPONSES && !url; i++) {
        struct response *r = &s->responses[i];
        if (!r->remote_id || strcmp(r->remote_id, remote_id) != 0 || r->uses >= RESPONSE_USES ||
            clock_ticks_us() - r->at_us > RESPONSE_US)
            continue;
        r->uses += use;
        url = arena_strdup(mem, r->url);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return url;
}

/* What is sent. */

static const char *user_of(const struct delivery *d)
{
    const char *slash = d->remote_user ? strrchr(d->remote_user, '/') : NULL;
    return slash ? slash + 1 : NULL;
}

static bool is_private(const json_t *reply, const struct slack_place *to)
{
    return *to->channel != 'D' && *to->channel != 'U' && *to->channel != 'W' &&
           (to->only_member || json_is_true(json_at(reply, "private")));
}

/* {text, blocks}: blocks only where they are wanted. Beside blocks the text is what a
 * notification shows. */
static json_t *content(const struct slack_send *s, struct arena *mem, const json_t *reply, bool blocks)
{
    const char *preview = blocks ? preview_text(mem, reply) : NULL;
    json_t *args = json_pack("{s:s}", "text", preview && *preview ? slack_text_escape(mem, preview) : slack_plain(mem, reply));
    if (blocks) {
        struct slack_page p = slack_page_open(mem, s->words, false);
        slack_page_add(&p, reply);
        (void)json_object_set_new(args, "blocks", p.blocks);
    }
    return args;
}

/* A private answer is shown to the member alone; otherwise our own key goes along, by
 * which we find the message again. */
static void encode_post(struct slack_send *s, const struct delivery *d, const json_t *reply,
    const struct slack_place *to, bool blocks, struct http_request *out)
{
    AUTO_JSON args = content(s, &out->mem, reply, blocks);
    bool ephemeral = is_private(reply, to);
    (void)json_object_set_new(args, "channel", json_string(to->channel));
    if (to->thread)
        (void)json_object_set_new(args, "thread_ts", json_string(to->thread));
    if (ephemeral) {
        (void)json_object_set_new(args, "user", json_string(user_of(d)));
    } else {
        (void)json_object_set_new(args, "unfurl_links", json_false());
        (void)json_object_set_new(args, "unfurl_media", json_false());
        (void)json_object_set_new(args, "metadata", json_pack("{s:s, s:{s:s}}", "event_type",
            event_type, "event_payload", "key", d->retry_key));
    }
    out->once = true;
    slack_api_request(s->api, out, ephemeral ? "chat.postEphemeral" : "chat.postMessage", args);
}

static void encode_update(struct slack_send *s, const struct delivery *d, const json_t *reply,
    bool blocks, struct http_request *out)
{
    AUTO_JSON args = content(s, &out->mem, reply, blocks);
    const char *slash = strchr(d->replaces, '/');
    (void)json_object_set_new(args, "channel",
        json_stringn(d->replaces, slash ? (size_t)(slash - d->replaces) : strlen(d->replaces)));
    (void)json_object_set_new(args, "ts", json_string(slash ? slash + 1 : ""));
    slack_api_request(s->api, out, "chat.update", args);
}

static void encode_response(const struct slack_send *s, const json_t *reply, const char *url, bool blocks, struct http_request *out)
{
    AUTO_JSON args = content(s, &out->mem, reply, blocks);
    (void)json_object_set_new(args, "response_type", json_string("ephemeral"));
    (void)json_object_set_new(args, "replace_original", json_false());
    out->url = url;
    out->headers[0] = "Content-Type: application/json; charset=utf-8";
    out->body = json_print(&out->mem, args);
    out->body_size = strlen(out->body);
    out->once = true;
}

/* Since the message was made: was it posted after all? */
static void encode_search(struct slack_send *s, const struct delivery *d, const struct slack_place *to,
    struct http_request *out)
{
    AUTO_JSON args = json_pack("{s:s, s:i, s:b}", "channel", to->channel, "limit", HISTORY,
        "include_all_metadata", 1);
    if (to->thread)
        (void)json_object_set_new(args, "ts", json_string(to->thread));
    (void)json_object_set_new(args, "oldest",
        json_string(arena_printf(&out->mem, "%lld.000000", (long long)(d->at_ms / 1000 - 60))));
    slack_api_request(s->api, out, to->thread ? "conversations.replies" : "conversations.history", args);
}

static bool encode_step(struct slack_send *s, const struct delivery *d, int step, struct http_request *out,
    struct err *e)
{
    struct slack_place to;
    bool blocks = step < STEP_PLAIN;
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), e);
    if (!reply || !slack_place_read(&out->mem, d->conversation, &to))
        return reply ? fail(e, ERR_BUG, NULL, NULL, "no conversation of slack") : false;
    step %= STEP_PLAIN;
    bool response = step == STEP_RESPONSE || step == STEP_RESPONSE_LAST;
    char *url = response ? find_response(s, &out->mem, d->remote_id, true) : NULL;
    if (step == STEP_USER || (step != STEP_SEARCH && is_private(reply, &to) && !user_of(d))) {
        to = (struct slack_place){ .channel = user_of(d) };
        if (!to.channel)
            return fail(e, ERR_USAGE, NULL, NULL, "a private message for somebody without an account there");
    }
    if (step == STEP_SEARCH)
        encode_search(s, d, &to, out);
    else if (step == STEP_UPDATE)
        encode_update(s, d, reply, blocks, out);
    else if (url)
        encode_response(s, reply, url, blocks, out);
    else
        encode_post(s, d, reply, &to, blocks, out);
    return true;
}

/* Which request comes first. */
static int first_step(struct slack_send *s, const struct delivery *d)
{
    struct arena mem = ARENA_INIT;
    struct slack_place to;
    struct err e;
    int step = STEP_POST;
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
    if (reply && slack_place_read(&mem, d->conversation, &to)) {
        if (d->replaces && !is_private(reply, &to))
            step = STEP_UPDATE;
        else if (slack_upload_wanted(reply) && *to.channel != 'U' && !is_private(reply, &to))
            step = STEP_UPLOAD;
        else if (is_private(reply, &to) && find_response(s, &mem, d->remote_id, false))
            step = STEP_RESPONSE;
        /* Sent before, perhaps with success. What one person alone saw can't be read back. */
        if (d->attempt > 1 && step == STEP_POST && !is_private(reply, &to) && strchr("DCG", *to.channel))
            step = STEP_SEARCH;
    }
    arena_finish(&mem);
    return step;
}

static bool encode(void *ctx, const struct delivery *d, struct http_request *out, struct err *e)
{
    struct slack_send *s = ctx;
    int step = first_step(s, d);
    if (step != STEP_UPLOAD)
        return encode_step(s, d, step, out, e);
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), e);
    return reply && slack_upload_begin(s->api, reply, out, e);
}

/* What follows. */

static bool found(const struct delivery *d, const struct http_response *a)
{
    struct err e;
    size_t i;
    json_t *m;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    json_array_foreach(tree ? json_at(tree, "messages") : NULL, i, m)
    {
        const char *key = json_text(m, "metadata.event_payload.key");
        if (key && !strcmp(key, d->retry_key))
            return true;
    }
    return false;
}

/* The app was installed before it asked for this. */
static void log_blind(const struct delivery *d, const struct http_response *a)
{
    struct err e;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    const char *needed = tree ? json_text(tree, "needed") : NULL;
    log_warn("slack: message %lld may have arrived and goes out again: to look first, add the bot scope %s under OAuth & Permissions and install the app again",
        (long long)d->message_id, needed ? needed : "channels:history");
}

static void log_refusal(const struct delivery *d, const char *error, const struct http_response *a)
{
    struct arena mem = ARENA_INIT;
    struct err e;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    const json_t *why = tree ? json_at(tree, "response_metadata.messages") : NULL;
    log_warn("slack: message %lld was refused: %s%s%s", (long long)d->message_id, error,
        why ? ", " : "", why ? json_print(&mem, why) : "");
    arena_finish(&mem);
}

/* A command may be typed where the bot is not, in a conversation of two people for
 * instance: there its address reaches the member, and in the end the person does. */
static int other_way(struct slack_send *s, const struct delivery *d, int step)
{
    struct arena mem = ARENA_INIT;
    bool response = find_response(s, &mem, d->remote_id, false) != NULL;
    arena_finish(&mem);
    if (step == STEP_RESPONSE)
        return STEP_POST;
    return step == STEP_POST && response && first_step(s, d) != STEP_RESPONSE ? STEP_RESPONSE_LAST : STEP_USER;
}

/* The next step after `class` of answer to `step`; 0: it ends here. */
static int next_step(struct slack_send *s, const struct delivery *d, int step, enum slack_class class,
    const struct http_response *a)
{
    int plain = step - step % STEP_PLAIN;
    switch (step % STEP_PLAIN) {
    case STEP_SEARCH:
        if (class == SLACK_OK)
            return found(d, a) ? 0 : STEP_POST;
        return class == SLACK_WAIT || class == SLACK_TRANSIENT ? 0 : STEP_POST;
    case STEP_UPDATE:
        if (class == SLACK_CONTENT && !plain)
            return STEP_UPDATE + STEP_PLAIN;
        return class == SLACK_TARGET || class == SLACK_OTHER || class == SLACK_CONTENT ? STEP_POST : 0;
    case STEP_RESPONSE:
    case STEP_POST:
    case STEP_RESPONSE_LAST:
        if (class == SLACK_CONTENT && !plain)
            return step + STEP_PLAIN;
        return class == SLACK_TARGET ? plain + other_way(s, d, step % STEP_PLAIN) : 0;
    case STEP_USER:
        return class == SLACK_CONTENT && !plain ? STEP_USER + STEP_PLAIN : 0;
    default:
        return 0;
    }
}

static bool follow_upload(struct slack_send *s, const struct delivery *d, struct courier_way *way,
    const struct http_response *a, enum slack_class class, struct http_request *out)
{
    struct err e;
    struct slack_place to;
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
    bool on = reply && slack_place_read(&way->mem, d->conversation, &to);
    if (on && way->step == STEP_UPLOAD && class == SLACK_OK) {
        way->step = STEP_BYTES;
        on = slack_upload_bytes(s->api, way, reply, a, out);
    } else if (on && way->step == STEP_BYTES && a->status == 200) {
        way->step = STEP_COMPLETE;
        on = slack_upload_complete(s->api, way, reply, to.channel, to.thread, out);
    } else {
        on = false;
    }
    if (on)
        return true;
    if (class == SLACK_WAIT || class == SLACK_TRANSIENT)
        return false; /* nothing was shown yet: all of it again */
    if (class != SLACK_OK)
        log_warn("slack: the picture of message %lld was not taken", (long long)d->message_id);
    way->step = STEP_POST;
    return encode_step(s, d, way->step, out, &e);
}

static bool follow(void *ctx, const struct delivery *d, struct courier_way *way,
    const struct http_response *a, struct http_request *out)
{
    struct slack_send *s = ctx;
    const char *error;
    struct err e = { 0 };
    if (!way->step)
        way->step = first_step(s, d);
    enum slack_class class = slack_api_judge(&way->mem, a, &error);
    if (way->step >= STEP_UPLOAD && way->step <= STEP_COMPLETE)
        return follow_upload(s, d, way, a, class, out);
    int next = next_step(s, d, way->step, class, a);
    if (way->step == STEP_SEARCH && !strcmp(error, "missing_scope"))
        log_blind(d, a);
    else if (class != SLACK_OK && class != SLACK_WAIT && class != SLACK_TRANSIENT)
        log_refusal(d, error, a);
    if (!next)
        return false;
    way->step = next;
    if (encode_step(s, d, next, out, &e))
        return true;
    log_err("slack: encode", &e);
    return false;
}

static enum send_outcome judge(void *ctx, const struct delivery *d, const struct http_response *a)
{
    (void)ctx;
    (void)d;
    struct arena mem = ARENA_INIT;
    const char *error;
    enum slack_class class = slack_api_judge(&mem, a, &error);
    arena_finish(&mem);
    switch (class) {
    case SLACK_OK:
        return SEND_DONE;
    case SLACK_WAIT:
    case SLACK_TRANSIENT:
    case SLACK_TOKENS: /* a person may mend them within the day */
        return SEND_LATER;
    default:
        return SEND_DEAD;
    }
}

static char *reference(struct arena *mem, const struct http_response *a)
{
    struct err e;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    const char *channel = json_text(tree, "channel"), *ts = json_text(tree, "ts");
    return channel && ts && utf8_plain(channel) && utf8_plain(ts) ? arena_printf(mem, "%s/%s", channel, ts) : NULL;
}

/* Slack counts a channel's messages, in whatever thread. */
static size_t lane(const char *conversation)
{
    return strcspn(conversation, "/");
}

void slack_send_sentence(const struct slack_send *s, struct http_request *out,
    const char *conversation, const char *user, const char *text)
{
    struct slack_place to;
    if (!conversation || !slack_place_read(&out->mem, conversation, &to))
        to = (struct slack_place){ .channel = user };
    bool ephemeral = *to.channel == 'C' || *to.channel == 'G';
    AUTO_JSON args = json_pack("{s:s, s:s}", "channel", to.channel, "text",
        slack_text_escape(&out->mem, text));
    if (ephemeral)
        (void)json_object_set_new(args, "user", json_string(user));
    if (to.thread)
        (void)json_object_set_new(args, "thread_ts", json_string(to.thread));
    out->once = true;
    slack_api_request(s->api, out, ephemeral ? "chat.postEphemeral" : "chat.postMessage", args);
}

struct slack_send *slack_send_create(const struct slack_api *api, const struct catalogue *words)
{
    struct slack_send *s = xcalloc(1, sizeof *s);
    s->api = api;
    s->words = words;
    (void)pthread_mutex_init(&s->lock, NULL);
    s->network = (struct courier_network){ .network = NETWORK_SLACK, .ctx = s, .encode = encode,
        .judge = judge, .follow = follow, .reference = reference, .pace_ms = PACE_MS,
        .burst = BURST, .lane = lane };
    return s;
}

void slack_send_destroy(struct slack_send *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < RESPONSES; i++)
        forget(&s->responses[i]);
    (void)pthread_mutex_destroy(&s->lock);
    free(s);
}

const struct courier_network *slack_send_network(struct slack_send *s)
{
    return &s->network;
}
