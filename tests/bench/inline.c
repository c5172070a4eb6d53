/* The bot without threads and sockets, as the console runs it. */
#include <stdio.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"
#include "tests/bench/bench.h"

/* A question or a refusal would be measured as something it is not. */
static void on_delivery(void *ctx, struct delivery *d)
{
    struct inline_bot *b = ctx;
    if (d->kind == DELIVERY_REFUSED)
        die("refused: %s", d->text);
    if (d->kind == DELIVERY_MESSAGE) {
        if (!strstr(d->json, "\"status\":\"ok\""))
            die("not logged: %s", d->json);
        b->answers++;
    }
    delivery_destroy(d);
}

void inline_open(struct inline_bot *b, const char *path)
{
    struct err e = { 0 };
    *b = (struct inline_bot){ .words = catalogue_open(SOURCE_DIR "/locales", &e) };
    CHECK(b->words, &e);
    struct engine_config config = { .db_path = path, .words = b->words,
        .team_zone = "Asia/Tokyo", .deliver = on_delivery, .ctx = b };
    b->engine = engine_create(&config, &e);
    CHECK(b->engine, &e);
}

void inline_close(struct inline_bot *b)
{
    engine_destroy(b->engine);
    catalogue_close(b->words);
}

static struct event *said(struct inline_bot *b, int member, const char *text)
{
    char id[64];
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_WEB, 1);
    ev->received_ms = clock_now_ms();
    (void)snprintf(id, sizeof id, "%013llx-%lld", (long long)ev->received_ms,
        (long long)b->serial++);
    ev->remote_id = xstrdup(id);
    ev->conversation = xstrdup("web");
    ev->text = xstrdup(text);
    ev->member_id = fill_member(member);
    return ev;
}

void inline_log(struct inline_bot *b, int n)
{
    struct event *list = NULL, **end = &list;
    size_t before = b->answers;
    for (int i = 0; i < n; i++) {
        char line[256];
        int member = (int)(b->serial % MEMBERS);
        fill_line(line, sizeof line, member, (int)(b->serial / MEMBERS));
        *end = said(b, member, line);
        end = &(*end)->next;
    }
    engine_take(b->engine, list);
    if (b->answers != before + (size_t)n)
        die("%d messages got %zu answers", n, b->answers - before);
}

void inline_say(struct inline_bot *b, int member, const char *text)
{
    engine_take(b->engine, said(b, member, text));
}
