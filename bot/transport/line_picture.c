/* Pictures for LINE, which takes none: it fetches them over HTTPS from an address in the
 * message. That is ours, or the relay's, which we lend them to. Without either, or with no
 * room left, a card carries the figures as text. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/transport/line_private.h"

enum { KEY_BYTES = 32, NAME_DIGITS = 48 };

/* LINE fetches over TLS only, so that there is nothing to lend behind plain HTTP. */
static const char *address(struct line *l)
{
    const char *relay = l->config.relay_url, *own = l->config.public_url;
    if (relay) {
        static const char secure[] = "wss://";
        size_t n = strlen(secure), end = strlen(relay) - strlen("/relay");
        return !strncmp(relay, secure, n) ? arena_printf(&l->mem, "https://%.*s/lent/", (int)(end - n), relay + n) : NULL;
    }
    if (!own || strncmp(own, "https://", strlen("https://")) != 0)
        return NULL;
    size_t n = strlen(own);
    while (n && own[n - 1] == '/')
        n--;
    return arena_printf(&l->mem, "%.*s/lent/", (int)n, own);
}

void line_picture_init(struct line *l)
{
    l->lent = lent_create();
    l->lent_at = address(l);
    l->lent_key = xmalloc(2 * KEY_BYTES + 1);
    random_hex(l->lent_key, KEY_BYTES);
}

void line_picture_finish(struct line *l)
{
    lent_destroy(l->lent);
    free(l->lent_key);
}

static bool is_png(const char *base64)
{
    return !strncmp(base64, "iVBORw0KGgo", strlen("iVBORw0KGgo"));
}

/* The same message gets the same name at every attempt. */
static const char *name_of(struct line *l, struct arena *mem, int64_t row, size_t part)
{
    char hash[SHA256_HEX];
    const char *what = arena_printf(mem, "%s %lld %zu", l->lent_key, (long long)row, part);
    sha256_hex(what, strlen(what), hash);
    return arena_printf(mem, "%.*s.png", NAME_DIGITS, hash);
}

void line_picture_lend(struct line *l, json_t *reply, int64_t row, int max)
{
    struct arena mem = ARENA_INIT;
    size_t i;
    json_t *part;
    int n = 0;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        const char *png = json_text(part, "png");
        if (n >= max || !png || !l->lent_at || !is_png(png) || (l->config.relay_url && !atomic_load(&l->relay_open)))
            continue;
        struct lent_item item = { .name = name_of(l, &mem, row, i), .type = "image/png", .body = png,
            .seconds = LENT_SECONDS };
        if (!lent_put(l->lent, &item))
            continue;
        (void)json_object_set_new(part, "url", json_string(arena_printf(&mem, "%s%s", l->lent_at, item.name)));
        n++;
    }
    if (n && l->config.relay_url)
        loop_wake(l->loop);
    arena_finish(&mem);
}
