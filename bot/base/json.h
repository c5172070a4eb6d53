/* The one place where JSON is decoded. A table of fields fills a struct; errors name
 * the path: `event.ts: expected string, got integer`. Encoding uses jansson's
 * constructors where a tree is built. Depth, size and UTF-8 are checked while parsing. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stddef.h>
#include "bot/base/arena.h"

enum json_kind { JSON_FIELD_STR, JSON_FIELD_INT, JSON_FIELD_BOOL, JSON_FIELD_NODE };
enum { JSON_OPTIONAL, JSON_REQUIRED };

/* `path` is dotted. Targets: const char *, int64_t, bool, json_t * (borrowed). */
struct json_field {
    const char *path;
    enum json_kind kind;
    int required;
    size_t offset;
};

/* Parses UTF-8 text; rejects duplicate keys. NULL with `e` set: ERR_USAGE. */
json_t *json_parse(const char *text, size_t n, struct err *e);
/* The same of what a network sends, where one odd property must not spoil the rest: of
 * duplicate keys the last counts, and a string may hold \u0000. */
json_t *json_parse_lenient(const char *text, size_t n, struct err *e);
/* Strings are copied to `mem`; absent optional fields stay as they were. */
bool json_decode(struct arena *mem, const json_t *tree, const struct json_field *fields,
    void *out, struct err *e) MUST_CHECK;
/* Borrowed node at a dotted path, or NULL. */
json_t *json_at(const json_t *tree, const char *path);
json_t *json_get(const json_t *object, const char *key); /* the key as it is, dots and all */
const char *json_text(const json_t *tree, const char *path); /* NULL unless a string */
int64_t json_int(const json_t *tree, const char *path, int64_t otherwise);
/* Compact text on `mem`. */
char *json_print(struct arena *mem, const json_t *tree);

static inline void json_release(json_t **tree)
{
    json_decref(*tree);
}
#define AUTO_JSON __attribute__((cleanup(json_release))) json_t *

#endif
