/* Any bytes as a frame between a bot and its relay: what is decoded is whole, bounded by what
 * came, and the same the second time; what a relay would serve is what it may. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/transport/relay_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check(const struct relay_frame *f, size_t size)
{
    switch (f->kind) {
    case RELAY_HOOK:
        promise(f->id >= 1 && f->age_ms >= 0 && f->signature && f->n <= size && (f->body || !f->n));
        break;
    case RELAY_ACK:
        promise(f->id >= 1);
        break;
    case RELAY_LEND: {
        struct lent *t = lent_create();
        promise(f->item.name && f->item.type && f->item.body);
        if (lent_put(t, &f->item)) {
            struct arena mem = ARENA_INIT;
            struct lent_item out = { 0 };
            promise(lent_next(t, &mem, &out) && !strcmp(out.name, f->item.name) && !strcmp(out.type, f->item.type));
            promise(!strpbrk(out.name, "/\\?#%\r\n ") && !strpbrk(out.type, "\r\n"));
            arena_finish(&mem);
        }
        lent_destroy(t);
        break;
    }
    case RELAY_LENT:
    case RELAY_NOT_LENT:
        promise(f->item.name != NULL);
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena mem = ARENA_INIT;
    struct relay_frame a, b;
    struct err e = { 0 };
    const char *text = size ? (const char *)data : "";
    if (relay_frame_decode(&mem, text, size, &a, &e)) {
        promise(relay_frame_decode(&mem, text, size, &b, &e) && a.kind == b.kind && a.id == b.id && a.n == b.n);
        promise(!a.n || !memcmp(a.body, b.body, a.n));
        check(&a, size);
    } else {
        promise(e.code == ERR_USAGE);
    }
    arena_finish(&mem);
    return 0;
}
