/* What a browser brings before anybody knows it: the body of a login, its cookie, what it
 * calls itself, whom a proxy says it is. The first byte picks one. Whatever comes, what is
 * taken can be written into a header, a log and the store. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/transport/web_device.h"
#include "bot/transport/web_gate.h"
#include "bot/transport/web_secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_secret(const char *s, size_t n)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    promise(*s && strlen(s) <= n && strlen(s) <= 128 && strspn(s, safe) == strlen(s));
}

static void try_device(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz /";
    char out[WEB_DEVICE];
    web_device(text, out);
    promise(strlen(out) < WEB_DEVICE && strspn(out, letters) == strlen(out));
}

/* An address or nothing: never what somebody wrote. */
static void try_address(const char *text, bool proxied)
{
    char out[GATE_ADDRESS];
    const struct serve_request near = { .loopback = true, .forwarded = text }, far = { .address = text };
    web_gate_address(proxied ? &near : &far, proxied, out);
    promise(strlen(out) < GATE_ADDRESS && (!strcmp(out, "?") || strspn(out, "0123456789abcdef:.") == strlen(out)));
    promise(proxied || *out); /* whoever is elsewhere is counted */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena mem = ARENA_INIT;
    char *text = arena_strndup(&mem, (const char *)data + 1, size - 1);
    const char *secret = NULL;
    switch (data[0]) {
    case 'l': secret = web_login_token(&mem, text, size - 1); break;
    case 'c': secret = web_cookie(&mem, text); break;
    case 'd': try_device(text); break;
    case 'p': try_address(text, true); break;
    default: try_address(text, false);
    }
    if (secret)
        check_secret(secret, size);
    arena_finish(&mem);
    return 0;
}
