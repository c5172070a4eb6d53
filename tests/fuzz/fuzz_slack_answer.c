/* Any bytes as the body of an answer of Slack: to a message under way, whatever step it is
 * in, and to what we ask by ourselves. The first byte picks message and question, the second
 * the status. A message ends after few requests, all of them to where we send tokens, or to
 * where Slack wants a file, which goes without one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_answer.h"
#include "bot/transport/slack_send.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUESTS_MAX = 12 };
static const struct slack_api api = { .url = "https://slack.com/api/", .app_token = "xapp-1-fuzz", .bot_token = "xoxb-1-fuzz" };
static struct slack_send *slack;
static struct catalogue *words;

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_text(const char *s)
{
    size_t at;
    promise(!s || (*s && utf8_valid(s, strlen(s), &at) && !strpbrk(s, "\t\n")));
}

static void start(void)
{
    struct err e;
    if (slack)
        return;
    log_quiet(true);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    promise(words != NULL);
    slack = slack_send_create(&api, words);
}

/* A card, a private one, one that replaces another, one with a picture; first or again. */
static struct delivery *message(uint8_t which)
{
    static const char *const replies[] = { "{\"title\":\"T1\",\"parts\":[],\"buttons\":[]}",
        "{\"title\":\"T1\",\"private\":true,\"parts\":[]}",
        "{\"title\":\"K6\",\"parts\":[{\"kind\":\"chart\",\"name\":\"k6.png\",\"png\":\"iVBORw0KGgo=\",\"alt\":\"50 %\"}]}" };
    static const char *const conversations[] = { "slack:D1", "slack:C1/1.2", "slack:C1/1.2/me" };
    struct delivery *d = delivery_create(DELIVERY_SEND, NETWORK_SLACK);
    d->message_id = 1;
    d->json = xstrdup(replies[which % 3]);
    d->conversation = xstrdup(conversations[which / 3 % 3]);
    d->remote_user = which & 32 ? NULL : xstrdup("slack:T1/U1");
    d->remote_id = xstrdup("event-1");
    d->replaces = which & 64 ? xstrdup("C1/1.3") : NULL;
    d->attempt = which & 128 ? 2 : 1;
    d->retry_key = xstrdup("018f0000-0000-7000-8000-000000000001");
    return d;
}

static void check_request(const struct http_request *r)
{
    bool token = false;
    for (size_t i = 0; r->headers[i]; i++) {
        promise(!strpbrk(r->headers[i], "\r\n") && !strpbrk(r->url, "\r\n "));
        token = token || strstr(r->headers[i], "xoxb-1-fuzz");
    }
    const char *whereto = token ? api.url : "https://";
    promise(r->url && !strncmp(r->url, whereto, strlen(whereto)));
}

static void send_one(uint8_t which, const struct http_response *answer)
{
    const struct courier_network *n = slack_send_network(slack);
    struct delivery *d = message(which);
    struct courier_way way = { .mem = ARENA_INIT };
    struct http_request *r = http_request_create();
    struct err e = { 0 };
    bool more = n->encode(n->ctx, d, r, &e);
    int requests = 0;
    for (; more; requests++) {
        check_request(r);
        promise(requests < REQUESTS_MAX);
        http_request_destroy(r);
        r = http_request_create();
        more = n->follow(n->ctx, d, &way, answer, r);
    }
    enum send_outcome outcome = n->judge(n->ctx, d, answer);
    promise(outcome == SEND_DONE || outcome == SEND_LATER || outcome == SEND_DEAD);
    check_text(n->reference(&way.mem, answer));
    http_request_destroy(r);
    arena_finish(&way.mem);
    delivery_destroy(d);
}

static void read_own(const char *body, size_t n)
{
    struct arena mem = ARENA_INIT;
    struct slack_self self = { 0 };
    struct slack_who who;
    if (slack_read_self(&mem, body, n, &self)) {
        check_text(self.team);
        check_text(self.user);
        (void)slack_in_allows(&self, self.team);
    }
    const char *url = slack_read_url(&mem, body, n, false);
    promise(!url || !strncmp(url, "wss://", 6));
    check_text(url);
    slack_read_who(&mem, body, n, &who);
    check_text(who.name);
    check_text(who.zone);
    check_text(who.locale);
    check_text(who.team);
    arena_finish(&mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = { 200, 429, 500, 404, 302, 400 };
    start();
    if (size < 2)
        return 0;
    struct arena mem = ARENA_INIT;
    struct http_response answer = { .result = HTTP_ANSWERED, .why = "", .body_size = size - 2,
        .status = statuses[data[1] % 6], .body = arena_strndup(&mem, (const char *)data + 2, size - 2) };
    send_one(data[0], &answer);
    read_own(answer.body, answer.body_size);
    arena_finish(&mem);
    return 0;
}
