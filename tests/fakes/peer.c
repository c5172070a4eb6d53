#include "tests/fakes/peer.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "bot/base/arena.h"

enum { TEXT = 8192, PATIENCE_S = 20 };

struct peer {
    struct peer_plan plan;
    int listener, fd, port;
    SSL_CTX *context;
    SSL *ssl;
    char ca[64];
    pthread_t thread;
    bool joined;
    char connect[TEXT], request[TEXT], heard[TEXT];
};

/* A certificate for `name` that signs itself. */
static void make_certificate(struct peer *p, const char *name)
{
    char subject[128];
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    (void)X509_set_version(cert, 2);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    (void)X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    (void)X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    (void)X509_set_pubkey(cert, key);
    (void)X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
        (const unsigned char *)name, -1, -1, 0);
    (void)X509_set_issuer_name(cert, X509_get_subject_name(cert));
    (void)snprintf(subject, sizeof subject, "DNS:%s", name);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, subject);
    X509_EXTENSION *ca = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
    (void)X509_add_ext(cert, san, -1);
    (void)X509_add_ext(cert, ca, -1);
    (void)X509_sign(cert, key, EVP_sha256());
    (void)snprintf(p->ca, sizeof p->ca, "/tmp/nemawashi-ca-XXXXXX");
    int fd = mkstemp(p->ca);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
    p->context = SSL_CTX_new(TLS_server_method());
    if (!f || !PEM_write_X509(f, cert) || SSL_CTX_use_certificate(p->context, cert) != 1 ||
        SSL_CTX_use_PrivateKey(p->context, key) != 1)
        abort();
    (void)fclose(f);
    X509_EXTENSION_free(san);
    X509_EXTENSION_free(ca);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static ssize_t get(struct peer *p, void *to, size_t n)
{
    return p->ssl ? SSL_read(p->ssl, to, (int)n) : recv(p->fd, to, n, 0);
}

static void put(struct peer *p, const void *from, size_t n)
{
    const char *s = from;
    while (n) {
        ssize_t sent = p->ssl ? SSL_write(p->ssl, s, (int)n) : send(p->fd, s, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        s += sent;
        n -= (size_t)sent;
    }
}

static bool get_all(struct peer *p, void *to, size_t n)
{
    char *s = to;
    while (n) {
        ssize_t got = get(p, s, n);
        if (got <= 0)
            return false;
        s += got;
        n -= (size_t)got;
    }
    return true;
}

static bool read_request(struct peer *p)
{
    size_t n = 0;
    while (!strstr(p->request, "\r\n\r\n")) {
        ssize_t got = n < TEXT - 1 ? get(p, p->request + n, TEXT - 1 - n) : 0;
        if (got <= 0)
            return false;
        n += (size_t)got;
        p->request[n] = '\0';
    }
    return true;
}

static void welcome(struct peer *p)
{
    unsigned char md[20], accept[32];
    char text[256];
    const char *key = strcasestr(p->request, "Sec-WebSocket-Key:");
    key = key ? key + 18 + strspn(key + 18, " ") : "";
    int n = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)strcspn(key, "\r"), key);
    (void)EVP_Digest(text, (size_t)n, md, NULL, EVP_sha1(), NULL);
    (void)EVP_EncodeBlock(accept, md, sizeof md);
    n = snprintf(text, sizeof text, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accept);
    put(p, text, (size_t)n);
    put(p, p->plan.bytes, p->plan.n);
}

static void note(struct peer *p, const char *what, const unsigned char *bytes, size_t n)
{
    size_t at = strlen(p->heard);
    (void)snprintf(p->heard + at, sizeof p->heard - at, "%s%s%.*s", at ? " " : "", what, (int)n, (const char *)bytes);
}

/* One frame of the client, masked as it must be; false: the end. */
static bool hear(struct peer *p)
{
    unsigned char head[2], more[8], mask[4], bytes[TEXT];
    if (!get_all(p, head, 2))
        return false;
    size_t n = head[1] & 127;
    if (n == 126 && get_all(p, more, 2))
        n = (size_t)more[0] << 8 | more[1];
    if (!(head[1] & 128) || n > sizeof bytes || !get_all(p, mask, 4) || !get_all(p, bytes, n))
        return false;
    for (size_t i = 0; i < n; i++)
        bytes[i] ^= mask[i % 4];
    if (head[0] == 0x81) {
        note(p, "text:", bytes, n);
    } else if (head[0] == 0x89) {
        note(p, "ping", NULL, 0);
        if (!p->plan.deaf) {
            put(p, (unsigned char[]){ 0x8A, (unsigned char)n }, 2);
            put(p, bytes, n);
        }
    } else if (head[0] == 0x8A) {
        note(p, "pong:", bytes, n);
    } else if (head[0] == 0x88) {
        char code[16];
        (void)snprintf(code, sizeof code, "close:%d", n >= 2 ? bytes[0] << 8 | bytes[1] : 0);
        note(p, code, NULL, 0);
        if (!p->plan.deaf) {
            put(p, (unsigned char[]){ 0x88, 2, bytes[0], bytes[1] }, 4);
            return false;
        }
    } else {
        note(p, "odd", NULL, 0); /* fragments, binary: not for Slack */
    }
    return true;
}

static bool let_through(struct peer *p)
{
    static const char done[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    bool ok = read_request(p);
    (void)snprintf(p->connect, sizeof p->connect, "%s", p->request);
    p->request[0] = '\0';
    put(p, done, sizeof done - 1);
    return ok;
}

static void talk(struct peer *p)
{
    static const char refused[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    if (p->plan.act == PEER_MUTE) {
        char byte[64];
        while (get(p, byte, sizeof byte) > 0)
            continue;
    } else if (read_request(p) && p->plan.act == PEER_REFUSE) {
        put(p, refused, sizeof refused - 1);
    } else if (*p->request) {
        welcome(p);
        while (p->plan.act != PEER_RESET && hear(p))
            continue;
    }
}

static void *run(void *ctx)
{
    struct peer *p = ctx;
    struct timeval patience = { .tv_sec = PATIENCE_S };
    p->fd = accept(p->listener, NULL, NULL);
    if (p->fd < 0)
        return NULL;
    (void)setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool ok = !p->plan.proxy || let_through(p);
    if (ok && p->context) {
        p->ssl = SSL_new(p->context);
        ok = SSL_set_fd(p->ssl, p->fd) == 1 && SSL_accept(p->ssl) == 1;
    }
    if (ok)
        talk(p);
    if (p->plan.act == PEER_RESET) {
        struct linger at_once = { .l_onoff = 1 };
        (void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    SSL_free(p->ssl);
    (void)close(p->fd);
    return NULL;
}

struct peer *peer_start(const struct peer_plan *plan)
{
    struct peer *p = xcalloc(1, sizeof *p);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    p->plan = *plan;
    if (plan->tls_name)
        make_certificate(p, plan->tls_name);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(p->listener, (struct sockaddr *)&at, n) != 0 || listen(p->listener, 1) != 0 ||
        getsockname(p->listener, (struct sockaddr *)&at, &n) != 0 ||
        pthread_create(&p->thread, NULL, run, p) != 0)
        abort();
    p->port = ntohs(at.sin_port);
    return p;
}

void peer_join(struct peer *p)
{
    if (p->joined)
        return;
    (void)pthread_join(p->thread, NULL);
    p->joined = true;
}

void peer_stop(struct peer *p)
{
    (void)shutdown(p->listener, SHUT_RDWR); /* nobody came: accept ends */
    peer_join(p);
    (void)close(p->listener);
    SSL_CTX_free(p->context);
    if (*p->ca)
        (void)unlink(p->ca);
    free(p);
}

int peer_port(const struct peer *p)
{
    return p->port;
}

const char *peer_ca(const struct peer *p)
{
    return *p->ca ? p->ca : NULL;
}

const char *peer_request(const struct peer *p)
{
    return p->request;
}

const char *peer_connect(const struct peer *p)
{
    return p->connect;
}

const char *peer_heard(const struct peer *p)
{
    return p->heard;
}
