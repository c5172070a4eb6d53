#include "bot/transport/line_answer.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/line_event.h"

static const char *text_of(struct arena *mem, const char *body, size_t n, const char *path)
{
    struct err e;
    AUTO_JSON tree = json_parse_lenient(body, n, &e);
    const char *text = json_text(tree, path);
    return text ? arena_strdup(mem, text) : NULL;
}

struct line_info line_read_info(struct arena *mem, const char *body, size_t n)
{
    const char *mode = text_of(mem, body, n, "markAsReadMode");
    const char *name = text_of(mem, body, n, "displayName");
    return (struct line_info){ name ? utf8_line(mem, name) : NULL, mode && !strcmp(mode, "manual") };
}

int64_t line_read_quota(const char *body, size_t n)
{
    struct err e;
    AUTO_JSON tree = json_parse_lenient(body, n, &e);
    int64_t value = json_int(tree, "value", 0);
    if (!tree)
        return -1;
    return value > 0 && value < INT64_MAX / 1000 ? value : 0;
}

int64_t line_read_used(const char *body, size_t n)
{
    struct err e;
    AUTO_JSON tree = json_parse_lenient(body, n, &e);
    int64_t used = json_int(tree, "totalUsage", -1);
    return used < 0 || used >= INT64_MAX / 1000 ? -1 : used;
}

const char *line_read_token(struct arena *mem, const char *body, size_t n)
{
    const char *token = text_of(mem, body, n, "access_token");
    return token && utf8_plain(token) ? token : NULL; /* it becomes a header */
}

const char *line_read_language(struct arena *mem, const char *body, size_t n)
{
    const char *tag = text_of(mem, body, n, "language");
    return tag && utf8_plain(tag) ? tag : NULL;
}

int line_read_sent(struct arena *mem, const char *body, size_t n, const char **ids, int max)
{
    struct err e;
    size_t i;
    json_t *v;
    int k = 0;
    AUTO_JSON tree = json_parse_lenient(body, n, &e);
    json_array_foreach(json_at(tree, "sentMessages"), i, v)
    {
        const char *id = json_text(v, "id");
        if (k < max && id && utf8_plain(id) && strlen(id) < LINE_ID_MAX)
            ids[k++] = arena_strdup(mem, id);
    }
    return k;
}

int line_read_aliases(struct arena *mem, const char *body, size_t n, struct line_alias *out, int max)
{
    struct err e;
    size_t i;
    json_t *v;
    int k = 0;
    AUTO_JSON tree = json_parse_lenient(body, n, &e);
    json_array_foreach(json_at(tree, "aliases"), i, v)
    {
        const char *name = json_text(v, "richMenuAliasId"), *menu = json_text(v, "richMenuId");
        if (k < max && name && menu && utf8_plain(name) && utf8_plain(menu))
            out[k++] = (struct line_alias){ arena_strdup(mem, name), arena_strdup(mem, menu) };
    }
    return tree ? k : -1;
}
