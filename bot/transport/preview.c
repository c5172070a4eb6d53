#include "bot/transport/preview.h"

#include "bot/base/json.h"

char *preview_text(struct arena *mem, const json_t *reply)
{
    if (!json_is_true(json_at(reply, "private")))
        return NULL;
    const char *title = json_text(reply, "title");
    return arena_strdup(mem, title && *title ? title : "…");
}
