#include "tests/bench/ws.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "bot/base/arena.h"
#include "tests/bench/bench.h"

enum { EVENTS = 64, READ_BYTES = 1 << 16, WAIT_MS = 20000, HEAD_BYTES = 14 };

struct connection {
    int fd;
    char *in;
    size_t n, cap;
};

struct ws {
    int epoll, n;
    struct connection *c;
};

static void send_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            die("send: %s", strerror(errno));
        if (sent > 0) {
            bytes += sent;
            n -= (size_t)sent;
        }
    }
}

static int connect_to(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        die("connect to port %d: %s", port, strerror(errno));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void ask_upgrade(const struct connection *c, int port, const char *cookie)
{
    char rq[512];
    int n = snprintf(rq, sizeof rq,
        "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s\r\n",
        port, port, *cookie ? "Cookie: nemawashi=" : "", cookie, *cookie ? "\r\n" : "");
    send_all(c->fd, rq, (size_t)n);
}

static void receive(struct connection *c)
{
    if (c->cap - c->n < READ_BYTES) {
        c->cap = 2 * c->cap + READ_BYTES + 1;
        c->in = xrealloc(c->in, c->cap);
    }
    ssize_t got = recv(c->fd, c->in + c->n, c->cap - c->n - 1, 0);
    if (got <= 0)
        die("the server closed a connection (%s)", got ? strerror(errno) : "end");
    c->n += (size_t)got;
    c->in[c->n] = '\0';
}

static void drop(struct connection *c, size_t n)
{
    c->n -= n;
    memmove(c->in, c->in + n, c->n);
}

/* The length of the first frame with its head, 0 while it is not all here. */
static size_t frame_size(const struct connection *c, size_t *head)
{
    const unsigned char *b = (const unsigned char *)c->in;
    if (c->n < 2)
        return 0;
    size_t n = b[1] & 0x7f;
    *head = n == 127 ? 10 : n == 126 ? 4 : 2;
    if (c->n < *head)
        return 0;
    if (*head > 2) {
        n = 0;
        for (size_t i = 2; i < *head; i++)
            n = n << 8 | b[i];
    }
    return c->n >= *head + n ? *head + n : 0;
}

static void take_frames(struct ws *w, int i, ws_on_text *on_text, void *ctx)
{
    struct connection *c = &w->c[i];
    size_t size, head;
    while ((size = frame_size(c, &head)) > 0) {
        int kind = c->in[0] & 0x0f;
        if (kind == 8)
            die("the server closed connection %d", i);
        if (kind == 1) {
            char after = c->in[size];
            c->in[size] = '\0';
            on_text(ctx, i, c->in + head, size - head);
            c->in[size] = after;
        }
        drop(c, size);
    }
}

void ws_wait(struct ws *w, ws_on_text *on_text, void *ctx)
{
    struct epoll_event ready[EVENTS];
    int n = epoll_wait(w->epoll, ready, EVENTS, WAIT_MS);
    if (n == 0)
        die("the server says nothing for %d s", WAIT_MS / 1000);
    for (int k = 0; k < n; k++) {
        int i = (int)ready[k].data.u32;
        receive(&w->c[i]);
        take_frames(w, i, on_text, ctx);
    }
}

void ws_send(struct ws *w, int i, const char *text, size_t n)
{
    static const unsigned char mask[4] = { 0x37, 0xfa, 0x21, 0x3d };
    char frame[HEAD_BYTES + 1024];
    size_t head = n < 126 ? 2 : 4;
    if (n > sizeof frame - HEAD_BYTES)
        die("a frame of %zu bytes is too long", n);
    frame[0] = (char)0x81;
    frame[1] = (char)(0x80 | (n < 126 ? n : 126));
    frame[2] = (char)(n >> 8);
    frame[3] = (char)n;
    memcpy(frame + head, mask, sizeof mask);
    head += sizeof mask;
    for (size_t k = 0; k < n; k++)
        frame[head + k] = (char)(text[k] ^ mask[k % 4]);
    send_all(w->c[i].fd, frame, head + n);
}

struct ws *ws_open(int port, int n, void (*cookie)(int i, char *out))
{
    struct ws *w = xcalloc(1, sizeof *w);
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    w->n = n;
    w->c = xcalloc((size_t)n, sizeof *w->c);
    for (int i = 0; i < n; i++) {
        char value[SECRET_SIZE] = "";
        struct connection *c = &w->c[i];
        c->fd = connect_to(port);
        if (cookie)
            cookie(i, value);
        ask_upgrade(c, port, value);
        const char *end;
        do {
            receive(c);
        } while ((end = strstr(c->in, "\r\n\r\n")) == NULL);
        if (strncmp(c->in, "HTTP/1.1 101", 12) != 0)
            die("the server refused a web socket: %.60s", c->in);
        drop(c, (size_t)(end + 4 - c->in));
        struct epoll_event ev = { .events = EPOLLIN, .data.u32 = (uint32_t)i };
        if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, c->fd, &ev))
            die("epoll: %s", strerror(errno));
    }
    return w;
}

void ws_close(struct ws *w)
{
    for (int i = 0; i < w->n; i++) {
        (void)close(w->c[i].fd);
        free(w->c[i].in);
    }
    (void)close(w->epoll);
    free(w->c);
    free(w);
}
