#include "bot/transport/relay_frame.h"

#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"

static const char *const kinds[RELAY_OTHER] = { [RELAY_HOOK] = "hook", [RELAY_LENT] = "lent",
    [RELAY_NOT_LENT] = "not_lent", [RELAY_ACK] = "ack", [RELAY_LEND] = "lend" };

#define FIELD(path, kind, member) { path, kind, JSON_REQUIRED, offsetof(struct relay_frame, member) }
static const struct json_field hook_fields[] = { FIELD("id", JSON_FIELD_INT, id), FIELD("age", JSON_FIELD_INT, age_ms),
    FIELD("signature", JSON_FIELD_STR, signature), FIELD("body", JSON_FIELD_STR, body), { 0 } };
static const struct json_field name_fields[] = { FIELD("name", JSON_FIELD_STR, item.name), { 0 } };
static const struct json_field ack_fields[] = { FIELD("id", JSON_FIELD_INT, id), { 0 } };
static const struct json_field lend_fields[] = { FIELD("name", JSON_FIELD_STR, item.name),
    FIELD("type", JSON_FIELD_STR, item.type), FIELD("seconds", JSON_FIELD_INT, item.seconds),
    FIELD("body", JSON_FIELD_STR, item.body), { 0 } };

static const struct json_field *const fields_of[RELAY_OTHER] = { [RELAY_HOOK] = hook_fields,
    [RELAY_LENT] = name_fields, [RELAY_NOT_LENT] = name_fields, [RELAY_ACK] = ack_fields,
    [RELAY_LEND] = lend_fields };

static void decode_body(struct arena *mem, struct relay_frame *f)
{
    unsigned char *bytes = arena_alloc(mem, strlen(f->body) + 1);
    bool good = base64_decode(f->body, bytes, &f->n);
    f->body = good ? (const char *)bytes : NULL;
    f->n = good ? f->n : 0;
}

bool relay_frame_decode(struct arena *mem, const char *text, size_t n, struct relay_frame *f, struct err *e)
{
    *f = (struct relay_frame){ .kind = RELAY_OTHER };
    AUTO_JSON tree = json_parse(text, n, e);
    const char *t = json_text(tree, "t");
    if (!t)
        return tree ? fail(e, ERR_USAGE, NULL, NULL, "a frame without t") : false;
    for (int i = 0; i < RELAY_OTHER; i++)
        if (!strcmp(t, kinds[i]))
            f->kind = (enum relay_frame_kind)i;
    if (f->kind == RELAY_OTHER)
        return true;
    if (!json_decode(mem, tree, fields_of[f->kind], f, e))
        return false;
    if ((f->kind == RELAY_HOOK || f->kind == RELAY_ACK) && (f->id < 1 || f->age_ms < 0))
        return fail(e, ERR_USAGE, NULL, NULL, "a %s without a number", kinds[f->kind]);
    if (f->kind == RELAY_HOOK)
        decode_body(mem, f);
    return true;
}
