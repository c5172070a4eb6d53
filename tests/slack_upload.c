/* slack_upload CONVERSATION PICTURE brings one message with a picture (base64 of a PNG) to
 * the Slack of the environment, as the program would: the courier, and Slack's way of
 * sending. Prints what became of it. No command makes pictures yet; upload.mjs uses this. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/queue.h"
#include "bot/transport/slack_send.h"

enum { PATIENCE_MS = 30000 };

static void on_outcome(void *ctx, struct event *ev)
{
    (void)queue_push(ctx, ev);
}

static void *run(void *ctx)
{
    courier_run(ctx);
    return NULL;
}

static struct delivery *picture(const char *conversation, const char *png)
{
    struct delivery *d = delivery_create(DELIVERY_SEND, NETWORK_SLACK);
    AUTO_JSON reply = json_pack("{s:s, s:s, s:s, s:b, s:[{s:s, s:s, s:s, s:s}]}", "title",
        "Touch points", "text", "Touch points: rising", "locale", "en", "private", 0, "parts", "kind", "chart",
        "name", "touch.png", "alt", "rising", "png", png);
    d->conversation = xstrdup(conversation);
    d->retry_key = xstrdup("018f0000-0000-7000-8000-000000000001");
    d->attempt = 1;
    d->outbox_id = 1;
    d->at_ms = clock_now_ms();
    d->json = json_dumps(reply, JSON_COMPACT);
    return d;
}

int main(int argc, char **argv)
{
    struct err e;
    struct queue outcomes;
    pthread_t thread;
    const struct slack_api api = { .url = getenv("SLACK_API_URL"),
        .app_token = getenv("SLACK_APP_TOKEN"), .bot_token = getenv("SLACK_BOT_TOKEN") };
    struct catalogue *words = catalogue_open(SOURCE_DIR "/locales", &e);
    if (argc != 3 || !api.url || !api.app_token || !api.bot_token || !words)
        return 2;
    struct slack_send *slack = slack_send_create(&api, words);
    const struct courier_network *const networks[] = { slack_send_network(slack), NULL };
    queue_init(&outcomes);
    struct courier *courier = courier_create(
        &(struct courier_config){ .networks = networks, .post = on_outcome, .ctx = &outcomes }, &e);
    if (!courier || pthread_create(&thread, NULL, run, courier) != 0)
        return 2;
    courier_send(courier, picture(argv[1], argv[2]));
    struct event *ev = queue_wait(&outcomes, PATIENCE_MS);
    bool done = ev && ev->outcome == SEND_DONE;
    (void)printf("%s %s\n", done ? "done" : "not done", ev && ev->remote_ref ? ev->remote_ref : "");
    if (ev)
        event_destroy(ev);
    courier_stop(courier);
    (void)pthread_join(thread, NULL);
    courier_destroy(courier);
    slack_send_destroy(slack);
    queue_finish(&outcomes);
    catalogue_close(words);
    return !done;
}
