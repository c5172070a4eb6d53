/* Fetches calendars as the server does and prints what would be told: for tests/calendar.mjs.
 *   fetcher CA.pem [--loopback] URL...
 * Only with --loopback may an address be this machine's; the program itself has no such switch. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"
#include "bot/base/queue.h"
#include "bot/net/place.h"
#include "bot/transport/fetch.h"

static struct queue events;

static bool here_or_public(const struct sockaddr *at)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)at;
    return place_is_public(at) || (at->sa_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
}

static void on_event(void *ctx, struct event *ev)
{
    (void)ctx;
    (void)queue_push(&events, ev);
}

static void *run(void *ctx)
{
    http_run(ctx);
    return NULL;
}

int main(int argc, char **argv)
{
    struct err e;
    pthread_t thread;
    bool loopback = argc > 2 && !strcmp(argv[2], "--loopback");
    if (argc < 3)
        return 2;
    log_quiet(true);
    queue_init(&events);
    struct http *http = http_create(&(struct http_config){ .authority = argv[1], .is_public = loopback ? here_or_public : NULL }, &e);
    if (!http || pthread_create(&thread, NULL, run, http) != 0)
        return 1;
    const struct fetch f = { http, on_event, NULL };
    for (int i = loopback ? 3 : 2; i < argc; i++) {
        fetch_calendar(&f, i, argv[i]);
        struct event *ev = queue_wait(&events, -1);
        (void)printf("%s %d %zu\n", ev->refusal ? ev->refusal : "fetched", ev->status, ev->text ? strlen(ev->text) : 0);
        event_destroy(ev);
    }
    http_stop(http);
    (void)pthread_join(thread, NULL);
    http_destroy(http);
    queue_finish(&events);
    return 0;
}
