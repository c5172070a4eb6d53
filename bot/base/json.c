#include "bot/base/json.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"

static json_t *parse(const char *text, size_t n, size_t flags, struct err *e)
{
    json_error_t je;
    json_t *tree = json_loadb(text, n, flags, &je);
    if (!tree)
        (void)fail(e, ERR_USAGE, NULL, NULL, "line %d column %d: %s", je.line, je.column,
            je.text);
    return tree;
}

json_t *json_parse(const char *text, size_t n, struct err *e)
{
    return parse(text, n, JSON_REJECT_DUPLICATES, e);
}

json_t *json_parse_lenient(const char *text, size_t n, struct err *e)
{
    return parse(text, n, JSON_ALLOW_NUL, e);
}

json_t *json_at(const json_t *tree, const char *path)
{
    char part[64];
    const json_t *node = tree;
    while (node && *path) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof part)
            return NULL;
        memcpy(part, path, n);
        part[n] = '\0';
        node = json_object_get(node, part);
        path += n + (path[n] == '.');
    }
    return (json_t *)node;
}

json_t *json_get(const json_t *object, const char *key)
{
    return json_object_get(object, key);
}

const char *json_text(const json_t *tree, const char *path)
{
    return json_string_value(json_at(tree, path));
}

int64_t json_int(const json_t *tree, const char *path, int64_t otherwise)
{
    const json_t *node = json_at(tree, path);
    return json_is_integer(node) ? json_integer_value(node) : otherwise;
}

static const char *type_name(const json_t *node)
{
    static const char *const names[] = { "object", "array", "string", "integer", "real",
        "true", "false", "null" };
    return names[json_typeof(node)];
}

static bool store(struct arena *mem, const json_t *node, const struct json_field *f,
    void *target, struct err *e)
{
    static const char *const wanted[] = { "string", "integer", "boolean", "value" };
    if (f->kind == JSON_FIELD_STR && json_is_string(node)) {
        const char *s = arena_strdup(mem, json_string_value(node));
        memcpy(target, &s, sizeof s);
    } else if (f->kind == JSON_FIELD_INT && json_is_integer(node)) {
        int64_t i = json_integer_value(node);
        memcpy(target, &i, sizeof i);
    } else if (f->kind == JSON_FIELD_BOOL && json_is_boolean(node)) {
        bool b = json_is_true(node);
        memcpy(target, &b, sizeof b);
    } else if (f->kind == JSON_FIELD_NODE) {
        memcpy(target, &node, sizeof(json_t *));
    } else {
        return fail(e, ERR_USAGE, NULL, NULL, "%s: expected %s, got %s", f->path,
            wanted[f->kind], type_name(node));
    }
    return true;
}

bool json_decode(struct arena *mem, const json_t *tree, const struct json_field *fields,
    void *out, struct err *e)
{
    if (!json_is_object(tree))
        return fail(e, ERR_USAGE, NULL, NULL, "expected object");
    for (const struct json_field *f = fields; f->path; f++) {
        const json_t *node = json_at(tree, f->path);
        if (!node) {
            if (f->required == JSON_REQUIRED)
                return fail(e, ERR_USAGE, NULL, NULL, "%s: missing", f->path);
            continue;
        }
        if (!store(mem, node, f, (char *)out + f->offset, e))
            return false;
    }
    return true;
}

static void put_real(struct buf *b, const json_t *node)
{
    char *s = json_dumps(node, JSON_ENCODE_ANY);
    buf_puts(b, s ? s : "null");
    free(s);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static void put_string(struct buf *b, const char *s, size_t n)
{
    static const char signs[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    buf_putc(b, '"');
    for (size_t i = 0; i < n;) {
        size_t from = i;
        while (i < n && is_plain((unsigned char)s[i]))
            i++;
        buf_add(b, s + from, i - from);
        if (i == n)
            break;
        const char *sign = s[i] ? strchr(signs, s[i]) : NULL;
        if (sign)
            buf_add(b, (char[]){ '\\', letters[sign - signs] }, 2);
        else
            buf_printf(b, "\\u%04X", (unsigned)s[i]);
        i++;
    }
    buf_putc(b, '"');
}

static void put_node(struct buf *b, const json_t *node);

static void put_object(struct buf *b, json_t *node)
{
    const char *key, *comma = "";
    json_t *child;
    buf_putc(b, '{');
    json_object_foreach(node, key, child) {
        buf_puts(b, comma);
        put_string(b, key, strlen(key));
        buf_putc(b, ':');
        put_node(b, child);
        comma = ",";
    }
    buf_putc(b, '}');
}

/* As deep as the tree, which is what we built or what the parser let through. */
static void put_node(struct buf *b, const json_t *node)
{
    switch (json_typeof(node)) {
    case JSON_OBJECT:
        put_object(b, (json_t *)node);
        break;
    case JSON_ARRAY:
        buf_putc(b, '[');
        for (size_t i = 0; i < json_array_size(node); i++) {
            if (i)
                buf_putc(b, ',');
            put_node(b, json_array_get(node, i));
        }
        buf_putc(b, ']');
        break;
    case JSON_STRING:
        put_string(b, json_string_value(node), json_string_length(node));
        break;
    case JSON_INTEGER:
        buf_printf(b, "%" JSON_INTEGER_FORMAT, json_integer_value(node));
        break;
    case JSON_REAL:
        put_real(b, node);
        break;
    default:
        buf_puts(b, json_is_true(node) ? "true" : json_is_false(node) ? "false" : "null");
    }
}

/* jansson's own printer enters every list and object into a table of those above it, in
 * case the tree bites its tail; that is most of its time, and ours can't. */
char *json_print(struct arena *mem, const json_t *tree)
{
    struct buf b = BUF_ON(mem);
    if (!tree)
        return arena_strdup(mem, "null");
    put_node(&b, tree);
    return b.s;
}
