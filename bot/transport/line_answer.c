#include "bot/transport/line_answer.h"

#include <string.h>
#include "bot/base/json.h"
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
    return (struct line_info){ text_of(mem, body, n, "displayName"), mode && !strcmp(mode, "manual") };
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
    /* It becomes a header. */
    return token && *token && !token[strcspn(token, " \t\r\n")] ? token : NULL;
}

const char *line_read_language(struct arena *mem, const char *body, size_t n)
{
    return text_of(mem, body, n, "language");
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
        if (k < max && id && *id && strlen(id) < LINE_ID_MAX)
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
        if (k < max && name && menu)
            out[k++] = (struct line_alias){ arena_strdup(mem, name), arena_strdup(mem, menu) };
    }
    return tree ? k : -1;
}
