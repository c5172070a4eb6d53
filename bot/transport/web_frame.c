#include "bot/transport/web_frame.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/text/utf8.h"

enum { PROTOCOL_VERSION = 1, HANDLE_MAX = 96 };

static bool refuse(struct err *e, const char *key)
{
    return fail(e, ERR_USAGE, key, NULL, "%s", key);
}

static bool is_id(const char *s)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
    size_t n = s ? strlen(s) : 0;
    return n > 0 && n <= WEB_ID_MAX && strspn(s, allowed) == n;
}

struct raw {
    const char *type, *id, *text, *as, *locale;
    int64_t version, after, before;
};

static bool read_say(struct arena *mem, const struct raw *raw, struct web_frame *f,
    struct err *e)
{
    f->kind = WEB_SAY;
    if (!raw->text || !f->id)
        return refuse(e, "web.refused.bad_frame");
    if (strlen(raw->text) > WEB_TEXT_MAX)
        return refuse(e, "web.refused.too_long");
    char *copy = arena_strdup(mem, raw->text), *to = copy;
    for (const char *from = copy; *from; from++)
        if (*from != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
    size_t where;
    if (!utf8_valid(copy, strlen(copy), &where))
        return refuse(e, "web.refused.control");
    if (copy[strspn(copy, " \t\n")] == '\0')
        return refuse(e, "web.refused.empty");
    f->text = copy;
    return true;
}

static bool read_hello(const struct raw *raw, struct web_frame *f, struct err *e)
{
    f->kind = WEB_HELLO;
    if (raw->version != PROTOCOL_VERSION)
        return refuse(e, "web.refused.old_page");
    if ((raw->as && strlen(raw->as) > HANDLE_MAX) ||
        (raw->locale && strlen(raw->locale) > WEB_ID_MAX))
        return refuse(e, "web.refused.bad_frame");
    f->as = raw->as;
    f->locale = raw->locale;
    f->number = raw->after;
    return true;
}

static bool read_number(struct web_frame *f, enum web_frame_kind kind, int64_t number)
{
    f->kind = kind;
    f->number = number;
    return true;
}

bool web_frame_decode(struct arena *mem, const char *text, size_t n, struct web_frame *f,
    struct err *e)
{
    static const struct json_field fields[] = {
        { "t", JSON_FIELD_STR, JSON_REQUIRED, offsetof(struct raw, type) },
        { "v", JSON_FIELD_INT, JSON_OPTIONAL, offsetof(struct raw, version) },
        { "text", JSON_FIELD_STR, JSON_OPTIONAL, offsetof(struct raw, text) },
        { "as", JSON_FIELD_STR, JSON_OPTIONAL, offsetof(struct raw, as) },
        { "locale", JSON_FIELD_STR, JSON_OPTIONAL, offsetof(struct raw, locale) },
        { "after", JSON_FIELD_INT, JSON_OPTIONAL, offsetof(struct raw, after) },
        { "before", JSON_FIELD_INT, JSON_OPTIONAL, offsetof(struct raw, before) },
        { 0 },
    };
    static const struct json_field say_id[] = {
        { "id", JSON_FIELD_STR, JSON_REQUIRED, offsetof(struct raw, id) }, { 0 },
    };
    *f = (struct web_frame){ 0 };
    struct raw raw = { 0 };
    size_t where;
    if (n > WEB_FRAME_MAX)
        return refuse(e, "web.refused.too_long");
    if (!utf8_valid(text, n, &where))
        return refuse(e, "web.refused.not_utf8");
    AUTO_JSON tree = json_parse(text, n, e);
    if (!tree || !json_decode(mem, tree, fields, &raw, e))
        return refuse(e, "web.refused.bad_frame");
    if (!strcmp(raw.type, "say")) {
        if (json_decode(mem, tree, say_id, &raw, e) && is_id(raw.id))
            f->id = raw.id;
        return read_say(mem, &raw, f, e);
    }
    if (!strcmp(raw.type, "hello"))
        return read_hello(&raw, f, e);
    if (!strcmp(raw.type, "older") && raw.before > 0)
        return read_number(f, WEB_OLDER, raw.before);
    if (!strcmp(raw.type, "newer") && raw.after > 0)
        return read_number(f, WEB_NEWER, raw.after);
    return refuse(e, "web.refused.bad_frame");
}

const char *web_frame_code(const struct err *e)
{
    const char *dot = e->key ? strrchr(e->key, '.') : NULL;
    return dot ? dot + 1 : "bad_frame";
}
