#include "tests/fakes/script.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "bot/base/arena.h"

enum { MAX = 256, REQUEST_MAX = 65536, PATIENCE_S = 20 };

struct connection {
    struct script *script;
    pthread_t thread;
    int fd;
};

struct script {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    char url[64];
    int listener;
    bool ending;
    struct script_step steps[MAX];
    int n_steps, n_taken;
    char *requests[MAX];
    int n_requests;
    struct connection connections[MAX];
    int n_connections;
};

/* The end of the request in `text`, of `size` bytes so far, once it is there whole; else
 * NULL. */
static const char *end_of(const char *text, size_t size)
{
    const char *head = strstr(text, "\r\n\r\n");
    if (!head)
        return NULL;
    const char *length = strcasestr(text, "\r\nContent-Length:");
    long n = length && length < head ? strtol(length + 17, NULL, 10) : 0;
    return (size_t)(text + size - (head + 4)) >= (size_t)n ? head + 4 + n : NULL;
}

static bool read_request(int fd, char *text)
{
    size_t n = 0;
    text[0] = '\0';
    while (!end_of(text, n)) {
        ssize_t got = n < REQUEST_MAX - 1 ? recv(fd, text + n, REQUEST_MAX - 1 - n, 0) : 0;
        if (got <= 0)
            return false;
        n += (size_t)got;
        text[n] = '\0';
    }
    return true;
}

static struct script_step note_request(struct script *s, const char *text)
{
    struct script_step step = { .act = SCRIPT_ANSWER };
    pthread_mutex_lock(&s->lock);
    if (s->n_requests < MAX)
        s->requests[s->n_requests++] = xstrdup(text);
    if (s->n_taken < s->n_steps)
        step = s->steps[s->n_taken++];
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return step;
}

static void send_all(int fd, const char *text, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, text, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

/* False: the connection ends. */
static bool act(struct script *s, int fd, const struct script_step *step)
{
    char head[1024];
    const char *body = step->body ? step->body : "{}";
    bool cut = step->act == SCRIPT_CUT;
    if (step->act == SCRIPT_CLOSE)
        return false;
    if (step->act == SCRIPT_HANG) {
        pthread_mutex_lock(&s->lock);
        while (!s->ending)
            pthread_cond_wait(&s->changed, &s->lock);
        pthread_mutex_unlock(&s->lock);
        return false;
    }
    int n = snprintf(head, sizeof head, "HTTP/1.1 %d Scripted\r\n%sContent-Length: %zu\r\n\r\n",
        step->status ? step->status : 200, step->headers ? step->headers : "",
        strlen(body) + (cut ? 10 : 0));
    send_all(fd, head, (size_t)n);
    send_all(fd, body, strlen(body));
    return !cut;
}

static void *serve_connection(void *ctx)
{
    struct connection *c = ctx;
    char *text = xmalloc(REQUEST_MAX);
    while (read_request(c->fd, text)) {
        struct script_step step = note_request(c->script, text);
        if (!act(c->script, c->fd, &step))
            break;
    }
    (void)shutdown(c->fd, SHUT_RDWR);
    free(text);
    return NULL;
}

static void *accept_all(void *ctx)
{
    struct script *s = ctx;
    for (;;) {
        int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
        pthread_mutex_lock(&s->lock);
        bool ending = s->ending || s->n_connections == MAX;
        if (fd >= 0 && !ending) {
            struct connection *c = &s->connections[s->n_connections++];
            *c = (struct connection){ .script = s, .fd = fd };
            (void)pthread_create(&c->thread, NULL, serve_connection, c);
        }
        pthread_mutex_unlock(&s->lock);
        if (ending && fd >= 0)
            (void)close(fd);
        if (ending || (fd < 0 && errno != EINTR))
            return NULL;
    }
}

struct script *script_start(void)
{
    struct script *s = xcalloc(1, sizeof *s);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, size) ||
        listen(s->listener, 64) || getsockname(s->listener, (struct sockaddr *)&at, &size) ||
        pthread_create(&s->thread, NULL, accept_all, s))
        abort();
    (void)snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", ntohs(at.sin_port));
    return s;
}

void script_stop(struct script *s)
{
    pthread_mutex_lock(&s->lock);
    s->ending = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    (void)shutdown(s->listener, SHUT_RDWR);
    (void)pthread_join(s->thread, NULL);
    for (int i = 0; i < s->n_connections; i++) {
        (void)shutdown(s->connections[i].fd, SHUT_RDWR);
        (void)pthread_join(s->connections[i].thread, NULL);
        (void)close(s->connections[i].fd);
    }
    for (int i = 0; i < s->n_requests; i++)
        free(s->requests[i]);
    (void)close(s->listener);
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

const char *script_url(const struct script *s)
{
    return s->url;
}

void script_add(struct script *s, struct script_step step)
{
    pthread_mutex_lock(&s->lock);
    if (s->n_steps == MAX)
        abort();
    s->steps[s->n_steps++] = step;
    pthread_mutex_unlock(&s->lock);
}

bool script_wait(struct script *s, int n)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&s->lock);
    int rc = 0;
    while (s->n_requests < n && rc != ETIMEDOUT)
        rc = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    bool came = s->n_requests >= n;
    pthread_mutex_unlock(&s->lock);
    return came;
}

int script_count(struct script *s)
{
    pthread_mutex_lock(&s->lock);
    int n = s->n_requests;
    pthread_mutex_unlock(&s->lock);
    return n;
}

const char *script_request(struct script *s, int i)
{
    pthread_mutex_lock(&s->lock);
    const char *text = i < s->n_requests ? s->requests[i] : "";
    pthread_mutex_unlock(&s->lock);
    return text;
}

const char *script_header(struct script *s, int i, const char *name)
{
    static char value[256];
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "\r\n%s: ", name);
    const char *text = script_request(s, i), *at = strcasestr(text, wanted);
    if (!at || at > strstr(text, "\r\n\r\n"))
        return "";
    at += strlen(wanted);
    (void)snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\r"), at);
    return value;
}

const char *script_body(struct script *s, int i)
{
    const char *head = strstr(script_request(s, i), "\r\n\r\n");
    return head ? head + 4 : "";
}
