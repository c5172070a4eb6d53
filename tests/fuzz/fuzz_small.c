/* The small decoders of what strangers and settings bring: base64, one-time codes, names
 * and addresses of a host, a cookie-like public URL. The first byte picks one. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/crypto.h"
#include "bot/net/place.h"
#include "bot/store/identities.h"
#include "bot/transport/web_site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

/* What decodes is what encoding gives back, padding and all. */
static void try_base64(struct arena *mem, const char *text)
{
    size_t n = 0;
    unsigned char *bytes = arena_alloc(mem, strlen(text) + 1);
    if (!base64_decode(text, bytes, &n))
        return;
    promise(n <= strlen(text));
    char *again = arena_alloc(mem, BASE64_ROOM(n));
    base64_encode(bytes, n, again);
    promise(strlen(again) == strlen(text));
}

static void try_code(const char *text)
{
    char code[LINK_CODE_CHARS + 1];
    if (link_code_read(text, code))
        promise(strlen(code) == LINK_CODE_CHARS && strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == LINK_CODE_CHARS);
}

static void try_place(const char *text)
{
    struct place at = { 0 };
    struct err e = { 0 };
    promise(place_parse(&at, text, &e) || (e.code != ERR_NONE && *e.why));
}

/* No page but ours is let in, whatever it calls itself. */
static void try_site(const char *text)
{
    struct web_site site;
    struct err e = { 0 };
    promise(web_site_init(&site, "127.0.0.1:8787", false, "https://chat.example.com", &e));
    if (web_site_origin_ok(&site, text))
        promise(strstr(text, "://") && (strcasestr(text, "localhost:8787") || strstr(text, "127.0.0.1:8787") ||
                                           strstr(text, "[::1]:8787") || strcasestr(text, "chat.example.com")));
    (void)web_site_host_ok(&site, text);
    promise(web_site_init(&site, "127.0.0.1:8787", false, text, &e) || e.code == ERR_USAGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena mem = ARENA_INIT;
    char *text = arena_strndup(&mem, (const char *)data + 1, size - 1);
    switch (data[0]) {
    case 'b': try_base64(&mem, text); break;
    case 'c': try_code(text); break;
    case 'p': try_place(text); break;
    default: try_site(text);
    }
    arena_finish(&mem);
    return 0;
}
