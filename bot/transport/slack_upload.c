#include "bot/transport/slack_upload.h"

#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"

static const json_t *picture(const json_t *reply)
{
    size_t i;
    json_t *part;
    json_array_foreach(json_at(reply, "parts"), i, part)
        if ((json_text(part, "png") || json_text(part, "data")) && json_text(part, "name"))
            return part;
    return NULL;
}

bool slack_upload_wanted(const json_t *reply)
{
    return picture(reply) != NULL;
}

static bool decode(struct arena *mem, const json_t *part, const void **bytes, size_t *n)
{
    const char *png = json_text(part, "png"), *text = png ? png : json_text(part, "data");
    unsigned char *out = arena_alloc(mem, strlen(text) + 1);
    *bytes = out;
    return base64_decode(text, out, n) && *n;
}

bool slack_upload_begin(const struct slack_api *api, const json_t *reply, struct http_request *out,
    struct err *e)
{
    const json_t *part = picture(reply);
    const void *bytes;
    size_t n;
    if (!part || !decode(&out->mem, part, &bytes, &n))
        return fail(e, ERR_BUG, NULL, NULL, "a picture that is none");
    const char *alt = json_text(part, "alt");
    AUTO_JSON args = json_pack("{s:s, s:I, s:s}", "filename", json_text(part, "name"), "length",
        (json_int_t)n, "alt_txt", alt ? alt : json_text(part, "name"));
    slack_api_form(api, out, "files.getUploadURLExternal", args);
    return true;
}

/* Over TLS, but for a Slack on this machine. */
static bool is_safe(const struct slack_api *api, const char *url)
{
    if (!utf8_plain(url))
        return false;
    return !strncmp(url, "https://", 8) || (!strncmp(api->url, "http://", 7) && !strncmp(url, "http://", 7));
}

bool slack_upload_bytes(const struct slack_api *api, struct courier_way *way, const json_t *reply,
    const struct http_response *a, struct http_request *out)
{
    struct err e;
    const void *bytes;
    size_t n;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    const char *url = json_text(tree, "upload_url"), *id = json_text(tree, "file_id");
    if (!url || !is_safe(api, url) || !id || !decode(&out->mem, picture(reply), &bytes, &n))
        return false;
    way->data = arena_strdup(&way->mem, id);
    out->url = arena_strdup(&out->mem, url);
    out->headers[0] = "Content-Type: application/octet-stream";
    out->body = bytes;
    out->body_size = n;
    return true;
}

bool slack_upload_complete(const struct slack_api *api, struct courier_way *way, const json_t *reply,
    const char *channel, const char *thread, struct http_request *out)
{
    AUTO_JSON args = json_pack("{s:[{s:s, s:s}], s:s}", "files", "id", (const char *)way->data,
        "title", json_text(picture(reply), "name"), "channel_id", channel);
    if (thread)
        (void)json_object_set_new(args, "thread_ts", json_string(thread));
    slack_api_request(api, out, "files.completeUploadExternal", args);
    return true;
}
