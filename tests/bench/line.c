/* LINE's webhooks: from the first byte sent to the 200, which comes after the durable insert.
 * Next to a bot on the official SDK with Express (tests/line/sdk_bot.mjs) that inserts as
 * durably and does nothing else; ours also reads each line, records the contact and answers
 * it. Both on this machine, one after the other, with the same client: one thread that
 * keeps a request under way on each of its connections. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/store/identities.h"
#include "tests/bench/bench.h"

enum { RUNS = 3, REQUESTS = 2000, WARM = 200, CONNECTIONS_MAX = 256, TOUCHES = 10000, REQUEST = 2048,
    ANSWER = 4096 };

static const char secret[] = "8c570fa6dd201bb328f1c1eac23a96d8";

struct caller {
    int fd;
    int64_t sent_us;
    char got[ANSWER];
    size_t n;
};

/* A load of `n` requests over some connections. */
struct load {
    int port, connections, epoll;
    size_t sent, answered, n;
    char (*requests)[REQUEST];
    double *ms;
    struct caller callers[CONNECTIONS_MAX];
};

static size_t serial; /* of events: no two are the same */

/* A member's line as LINE posts it, signed. */
static void make_request(char out[REQUEST], int port)
{
    char line[256], body[REQUEST / 2], mac[HMAC_BASE64];
    int i = (int)(serial % MEMBERS);
    fill_line(line, sizeof line, i, (int)(serial / MEMBERS));
    int n = snprintf(body, sizeof body,
        "{\"destination\":\"U%032d\",\"events\":[{\"type\":\"message\",\"mode\":\"active\",\"timestamp\":%lld,"
        "\"source\":{\"type\":\"user\",\"userId\":\"U%032d\"},\"webhookEventId\":\"%026zu\",\"deliveryContext\":"
        "{\"isRedelivery\":false},\"replyToken\":\"%032zu\",\"message\":{\"id\":\"%zu\",\"type\":\"text\","
        "\"text\":\"%s\"}}]}",
        0, (long long)clock_now_ms(), i + 1, serial, serial, serial, line);
    if (n < 0 || (size_t)n >= sizeof body)
        die("a body too long: %s", line);
    hmac_sha256_base64(secret, body, (size_t)n, mac);
    n = snprintf(out, REQUEST, "POST /line/webhook HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                               "x-line-signature: %s\r\nContent-Length: %d\r\n\r\n%s", port, mac, n, body);
    if (n < 0 || n >= REQUEST)
        die("a request too long");
    serial++;
}

static void send_next(struct load *l, struct caller *c)
{
    if (l->sent == l->n)
        return;
    const char *request = l->requests[l->sent++];
    size_t n = strlen(request);
    c->n = 0;
    c->sent_us = clock_ticks_us();
    if (send(c->fd, request, n, MSG_NOSIGNAL) != (ssize_t)n)
        die("send: %s", strerror(errno));
}

/* Is the answer there as a whole? Both sides say how long it is. */
static bool whole(const struct caller *c)
{
    const char *end = strstr(c->got, "\r\n\r\n"), *length = strcasestr(c->got, "content-length:");
    if (!end)
        return false;
    if (!length || length > end)
        die("an answer without a length: %.200s", c->got);
    return c->n >= (size_t)(end + 4 - c->got) + strtoul(length + strlen("content-length:"), NULL, 10);
}

static void receive(struct load *l, struct caller *c)
{
    ssize_t n = recv(c->fd, c->got + c->n, sizeof c->got - 1 - c->n, 0);
    if (n <= 0)
        die("the server ended a connection: %s", n ? strerror(errno) : "closed");
    c->n += (size_t)n;
    c->got[c->n] = '\0';
    if (!whole(c))
        return;
    if (strncmp(c->got, "HTTP/1.1 200", 12) != 0)
        die("answered: %.100s", c->got);
    l->ms[l->answered++] = (double)(clock_ticks_us() - c->sent_us) / 1000;
    send_next(l, c);
}

static int connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        die("connect: %s", strerror(errno));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* Returns how long it took. */
static double run_load(struct load *l, size_t n)
{
    *l = (struct load){ .port = l->port, .connections = l->connections, .n = n,
        .epoll = epoll_create1(EPOLL_CLOEXEC), .requests = xcalloc(n, REQUEST), .ms = xcalloc(n, sizeof *l->ms) };
    for (size_t i = 0; i < n; i++)
        make_request(l->requests[i], l->port);
    for (int i = 0; i < l->connections; i++) {
        l->callers[i].fd = connect_to(l->port);
        struct epoll_event ev = { .events = EPOLLIN, .data.ptr = &l->callers[i] };
        if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->callers[i].fd, &ev))
            die("epoll: %s", strerror(errno));
    }
    int64_t from = clock_ticks_us();
    for (int i = 0; i < l->connections; i++)
        send_next(l, &l->callers[i]);
    while (l->answered < n) {
        struct epoll_event ready[64];
        int k = epoll_wait(l->epoll, ready, 64, 30000);
        if (k <= 0)
            die("%zu of %zu webhooks were answered", l->answered, n);
        for (int i = 0; i < k; i++)
            receive(l, ready[i].data.ptr);
    }
    double took_s = (double)(clock_ticks_us() - from) / 1e6;
    for (int i = 0; i < l->connections; i++)
        (void)close(l->callers[i].fd);
    (void)close(l->epoll);
    free(l->requests);
    return took_s;
}

struct result {
    struct figure rate, p50, p99, cpu, rss;
};

static void measure(struct result *r, struct server *s, int connections)
{
    static struct load l;
    l = (struct load){ .port = s->port, .connections = connections };
    (void)run_load(&l, WARM);
    free(l.ms);
    size_t n = connections == 1 ? REQUESTS / 4 : REQUESTS;
    double cpu_s = server_cpu_s(s), took_s = run_load(&l, n);
    figure_add(&r->rate, (double)n / took_s);
    figure_add(&r->cpu, (server_cpu_s(s) - cpu_s) / (double)n * 1e6);
    figure_add(&r->p50, percentile(l.ms, n, 50));
    figure_add(&r->p99, percentile(l.ms, n, 99));
    figure_add(&r->rss, server_memory_mb(s, "VmRSS"));
    free(l.ms);
}

/* The members of the store use LINE. */
static void give_accounts(const char *path)
{
    struct err e = { 0 };
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db && db_begin(db, &e), &e);
    for (int i = 0; i < MEMBERS; i++) {
        char user[40];
        (void)snprintf(user, sizeof user, "line:U%032d", i + 1);
        CHECK(identity_put(db, "line", user, fill_member(i), clock_now_ms(), &e), &e);
    }
    CHECK(db_commit(db, &e), &e);
    db_close(db);
}

static void run_once(const char *dir, int connections, struct result *ours, struct result *sdk)
{
    struct server api, s;
    char path[PATH_SIZE], log[PATH_SIZE];
    store_copy(dir, "line", TOUCHES, path);
    give_accounts(path);
    sink_start(&api);
    server_start_line(&s, path, secret, api.port);
    measure(ours, &s, connections);
    server_stop(&s);
    server_stop(&api);
    store_remove(path);
    (void)snprintf(log, sizeof log, "%s/sdk", dir);
    sdk_start_line(&s, log, secret);
    measure(sdk, &s, connections);
    server_stop(&s);
    (void)unlink(log);
}

static void print(const char *who, const struct result *r, bool aims)
{
    (void)printf("  %s\n", who);
    figure_print("    webhooks answered 200", &r->rate, "/s", NULL);
    figure_print("    p50", &r->p50, "ms", NULL);
    figure_print("    p99", &r->p99, "ms", aims ? "aim < 20" : NULL);
    figure_print("    processor time, 1,000 of them", &r->cpu, "ms", NULL);
    figure_print("    memory afterwards", &r->rss, "MB", NULL);
}

void bench_line(const char *dir)
{
    static const int connections[] = { 1, 32, CONNECTIONS_MAX };
    struct figure ms = { 0 }, rate = { 0 };
    for (int run = 0; run < RUNS; run++)
        store_floor(dir, &ms, &rate);
    (void)printf("  the floor under both\n");
    figure_print("    4 KB and an fdatasync, p50", &ms, "ms", NULL);
    figure_print("    of them, one after the other", &rate, "/s", NULL);
    for (size_t i = 0; i < sizeof connections / sizeof *connections; i++) {
        struct result ours = { 0 }, sdk = { 0 };
        struct figure times = { 0 };
        for (int run = 0; run < RUNS; run++) {
            run_once(dir, connections[i], &ours, &sdk);
            figure_add(&times, ours.rate.value[run] / sdk.rate.value[run]);
        }
        (void)printf("  -- %d connection%s\n", connections[i], connections[i] == 1 ? "" : "s");
        print("nemawashi", &ours, connections[i] == 32);
        print("@line/bot-sdk, Express", &sdk, false);
        figure_print("  its throughput, times", &times, "x", connections[i] == 32 ? "aim >= 10" : NULL);
    }
}
