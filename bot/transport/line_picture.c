/* Pictures and files for LINE, which takes none: it fetches a picture over HTTPS from an
 * address in the message, and a file is a button that opens one. The address is ours, or the
 * relay's, which we lend them to. Without either, or with no room left, a card says in words
 * what the picture shows or where the file is. */
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

/* What may be lent: a part of this kind has its bytes in this field, and they begin so. */
struct lendable {
    const char *kind, *bytes, *type, *ending, *begins;
};
static const struct lendable lendables[] = {
    { "chart", "png", "image/png", "png", "iVBORw0KGgo" },
    { "file", "data", "text/csv; charset=utf-8", "csv", "77u/" }, /* the mark of UTF-8 */
    { "file", "data", LENT_XLSX, "xlsx", "UEsD" },
};

static bool is_lendable(const struct lendable *k, const json_t *part)
{
    const char *bytes = json_text(part, k->bytes), *type = json_text(part, "type");
    return !strcmp(line_text_at(part, "kind"), k->kind) && bytes && !strncmp(bytes, k->begins, strlen(k->begins)) &&
           (!type || !strcmp(type, k->type));
}

/* The same message gets the same name at every attempt. */
static const char *name_of(struct line *l, struct arena *mem, int64_t row, size_t part, const char *ending)
{
    char hash[SHA256_HEX];
    const char *what = arena_printf(mem, "%s %lld %zu", l->lent_key, (long long)row, part);
    sha256_hex(what, strlen(what), hash);
    return arena_printf(mem, "%.*s.%s", NAME_DIGITS, hash, ending);
}

/* True: the part names an address from which it can be fetched. */
static bool lend_part(struct line *l, struct arena *mem, json_t *part, int64_t row, size_t i)
{
    size_t k = 0, n = sizeof lendables / sizeof *lendables;
    while (k < n && !is_lendable(&lendables[k], part))
        k++;
    if (k == n)
        return false;
    struct lent_item item = { .name = name_of(l, mem, row, i, lendables[k].ending), .type = lendables[k].type,
        .body = json_text(part, lendables[k].bytes), .seconds = LENT_SECONDS };
    if (!lent_put(l->lent, &item))
        return false;
    (void)json_object_set_new(part, "url", json_string(arena_printf(mem, "%s%s", l->lent_at, item.name)));
    return true;
}

void line_picture_lend(struct line *l, json_t *reply, int64_t row, int max)
{
    struct arena mem = ARENA_INIT;
    size_t i;
    json_t *part;
    bool lent = false;
    if (!l->lent_at || (l->config.relay_url && !atomic_load(&l->relay_open)))
        return;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        bool message = !strcmp(line_text_at(part, "kind"), "chart"); /* each is one of its own */
        if ((message && max <= 0) || !lend_part(l, &mem, part, row, i))
            continue;
        max -= message;
        lent = true;
    }
    if (lent && l->config.relay_url)
        loop_wake(l->loop);
    arena_finish(&mem);
}
