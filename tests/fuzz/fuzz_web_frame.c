/* What a browser may send: any bytes, at most one frame. A frame that was taken keeps
 * what web_frame.h promises about it. */
#include <stdlib.h>
#include <string.h>
#include "bot/text/utf8.h"
#include "bot/transport/web_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static bool id_is_safe(const char *id)
{
    size_t n = strlen(id);
    return n >= 1 && n <= WEB_ID_MAX &&
           strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena mem = ARENA_INIT;
    struct web_frame f = { 0 };
    struct err e = { 0 };
    if (web_frame_decode(&mem, (const char *)data, size, &f, &e)) {
        promise(size <= WEB_FRAME_MAX);
        promise(f.number > 0 || (f.kind != WEB_OLDER && f.kind != WEB_NEWER));
        if (f.kind == WEB_SAY) {
            promise(f.id && id_is_safe(f.id));
            promise(f.text && *f.text && strlen(f.text) <= WEB_TEXT_MAX);
            promise(utf8_valid(f.text, strlen(f.text), NULL));
        }
    } else {
        promise(e.code != ERR_NONE && e.key);
        promise(strncmp(e.key, "web.refused.", 12) == 0);
        promise(!f.id || id_is_safe(f.id));
        promise(*web_frame_code(&e));
    }
    arena_finish(&mem);
    return 0;
}
