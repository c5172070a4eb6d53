/* Files of answers on their way to a browser: kept in memory for an hour under a name that
 * can't be guessed, and given only to a session of the member whose answer it is. */
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/transport/web_private.h"
#include "bot/transport/web_secret.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 24, KEPT_MAX = 32 * 1024 * 1024, KEPT_MS = 3600 * 1000 };

struct web_file {
    struct web_file *next;
    char name[2 * NAME_BYTES + 1];
    char
        hash[SHA256_HEX]; /* of what it holds: the same answer again is the same link */
    char *title, *type;
    unsigned char *bytes;
    size_t n;
    int64_t member_id, until_ms;
};

static void file_destroy(struct web *w, struct web_file **at)
{
    struct web_file *f = *at;
    *at = f->next;
    w->file_bytes -= f->n;
    free(f->title);
    free(f->type);
    free(f->bytes);
    free(f);
}

/* Those whose time is over, and the oldest where all together are too many. */
static void drop_old(struct web *w, size_t room)
{
    struct web_file **at = &w->files;
    size_t seen = 0;
    while (*at) {
        seen += (*at)->n;
        if ((*at)->until_ms <= clock_now_ms() || seen + room > KEPT_MAX)
            file_destroy(w, at);
        else
            at = &(*at)->next;
    }
}

static const struct web_file *keep(struct web *w, int64_t member, const json_t *part)
{
    const char *data = json_text(part, "data"), *title = json_text(part, "name"),
               *type = json_text(part, "type");
    char hash[SHA256_HEX];
    if (!data || !title || !type || strlen(data) > KEPT_MAX / 4)
        return NULL;
    sha256_hex(data, strlen(data), hash);
    drop_old(w, strlen(data));
    for (struct web_file *f = w->files; f; f = f->next)
        if (f->member_id == member && !strcmp(f->hash, hash) &&
            !strcmp(f->title, title)) {
            f->until_ms = clock_now_ms() + KEPT_MS;
            return f;
        }
    struct web_file *f = xcalloc(1, sizeof *f);
    f->bytes = xmalloc(strlen(data) + 1);
    if (!base64_decode(data, f->bytes, &f->n)) {
        free(f->bytes);
        free(f);
        return NULL;
    }
    random_hex(f->name, NAME_BYTES);
    memcpy(f->hash, hash, sizeof hash);
    f->title = xstrdup(title);
    f->type = xstrdup(type);
    f->member_id = member;
    f->until_ms = clock_now_ms() + KEPT_MS;
    f->next = w->files;
    w->files = f;
    w->file_bytes += f->n;
    return f;
}

static void link_parts(struct web *w, struct arena *mem, int64_t member, json_t *reply)
{
    size_t i;
    json_t *part;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        const char *kind = json_text(part, "kind");
        if (!kind || strcmp(kind, "file") != 0)
            continue;
        const struct web_file *f = keep(w, member, part);
        if (f)
            (void)json_object_set_new(
                part, "url", json_string(arena_printf(mem, "/file/%s", f->name)));
        (void)json_object_del(part, "data");
    }
}

const char *web_file_links(
    struct web *w, struct arena *mem, int64_t member, const char *json)
{
    struct err e;
    size_t i;
    json_t *message;
    if (!strstr(json, "\"kind\":\"file\""))
        return json;
    AUTO_JSON tree = json_parse(json, strlen(json), &e);
    if (!tree)
        return json;
    link_parts(w, mem, member, tree);
    json_array_foreach(json_at(tree, "messages"), i, message)
        link_parts(w, mem, member, json_at(message, "reply"));
    return json_print(mem, tree);
}

/* Whose browser asks: one that is connected with the same session. In the demo, where
 * everybody may be everybody, the name of the file is enough. */
static bool may_have(const struct web *w, const struct web_file *f, const char *session)
{
    for (const struct chat *c = w->chats; c; c = c->next)
        if (c->member_id == f->member_id &&
            (w->config.demo ||
                (session && c->session && secret_equal(c->session, session))))
            return true;
    return false;
}

/* RFC 8187: everything but letters, digits and -._ is written as bytes. */
static char *disposition(struct arena *mem, const char *title)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "attachment; filename*=UTF-8''");
    for (const unsigned char *p = (const unsigned char *)title; *p; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
            (*p >= '0' && *p <= '9') || strchr("-._", *p))
            buf_putc(&b, (char)*p);
        else
            buf_printf(&b, "%%%02X", *p);
    return b.s;
}

static void get_file(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    struct arena mem = ARENA_INIT;
    const char *name = rq->path + strlen("/file/"),
               *session = web_cookie(&mem, rq->cookie);
    drop_old(w, 0);
    const struct web_file *f = web_site_host_ok(&w->site, rq->host) ? w->files : NULL;
    while (f && !secret_equal(f->name, name))
        f = f->next;
    if (f && may_have(w, f, session)) {
        const struct serve_header headers[] = { { "cache-control", "no-store" },
            { "content-disposition", disposition(&mem, f->title) }, { 0 } };
        serve_answer(w->serve, rq->id,
            &(struct serve_answer){ .status = 200,
                .type = f->type,
                .body = f->bytes,
                .n = f->n,
                .headers = headers });
    } else {
        serve_answer_text(w->serve, rq->id, 404,
            "this file is gone, or another member's; ask for it again in the chat");
    }
    arena_finish(&mem);
}

void web_file_init(struct web *w)
{
    static const struct serve_route routes[] = { { "GET", "/file/*", 0, NULL,
        get_file } };
    serve_add_routes(w->serve, routes, sizeof routes / sizeof *routes, w);
}

void web_file_finish(struct web *w)
{
    while (w->files)
        file_destroy(w, &w->files);
}
