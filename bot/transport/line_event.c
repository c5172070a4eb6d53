#include "bot/transport/line_event.h"

#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { SPANS = 64, DATA_UNITS = 300 };

/* Data of our own buttons begin so; anything else was made by somebody else. */
static const char tap[] = "say:", pick[] = "at:";

bool line_signed(const char *body, size_t n, const char *signature, const char *const *secrets)
{
    bool good = false;
    for (; signature && *secrets; secrets++) {
        char mac[HMAC_BASE64];
        hmac_sha256_base64(*secrets, body, n, mac);
        good = secret_equal(mac, signature) || good;
    }
    return good;
}

/* A short text without control characters, or NULL. */
static const char *short_text(struct arena *mem, const json_t *v, size_t max)
{
    size_t n = json_string_length(v), at;
    const char *s = json_string_value(v);
    return s && n && n <= max && utf8_valid(s, n, &at) && !strchr(s, '\n') && !strchr(s, '\t')
               ? arena_strdup(mem, s)
               : NULL;
}

static const char *id_at(struct arena *mem, const json_t *v, const char *path)
{
    return short_text(mem, json_at(v, path), LINE_ID_MAX);
}

/* Stretches of a text that are no words: pictures, and the mention of the account. LINE
 * counts in UTF-16 code units. */
struct span {
    int64_t from, to;
};
struct spans {
    struct span at[SPANS];
    size_t n;
};

static void add_span(struct spans *s, const json_t *v)
{
    int64_t index = json_int(v, "index", -1), length = json_int(v, "length", 0);
    if (index >= 0 && length > 0 && index <= LINE_TEXT_MAX && length <= LINE_TEXT_MAX && s->n < SPANS)
        s->at[s->n++] = (struct span){ index, index + length };
}

static bool inside(const struct spans *s, int64_t unit)
{
    for (size_t i = 0; i < s->n; i++)
        if (unit >= s->at[i].from && unit < s->at[i].to)
            return true;
    return false;
}

static char *without_spans(struct arena *mem, const char *text, size_t n, const struct spans *spans)
{
    struct buf b = BUF_ON(mem);
    int64_t unit = 0;
    buf_puts(&b, "");
    for (size_t i = 0, from = 0; i < n; from = i) {
        uint32_t c = utf8_next(text, n, &i);
        if (!inside(spans, unit))
            buf_add(&b, text + from, i - from);
        unit += c > 0xFFFF ? 2 : 1;
    }
    return arena_strndup(mem, buf_str(&b), b.n);
}

/* Line ends as \n, no blanks around, no control characters. */
static char *tidy(struct arena *mem, const char *text, size_t n)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (size_t i = 0; i < n; i++)
        if (text[i] != '\r')
            buf_putc(&b, text[i]);
        else if (i + 1 >= n || text[i + 1] != '\n')
            buf_putc(&b, '\n');
    char *clean = utf8_scrub(mem, buf_str(&b), b.n);
    clean += strspn(clean, " \t\n");
    for (size_t k = strlen(clean); k && strchr(" \t\n", clean[k - 1]); k--)
        clean[k - 1] = '\0';
    return clean;
}

static void read_text(struct arena *mem, const json_t *message, struct line_event *ev)
{
    struct spans spans = { 0 };
    size_t i;
    json_t *v, *text = json_at(message, "text");
    json_array_foreach(json_at(message, "emojis"), i, v)
        add_span(&spans, v);
    json_array_foreach(json_at(message, "mention.mentionees"), i, v)
    {
        if (!json_is_true(json_at(v, "isSelf")))
            continue;
        ev->mentioned = true;
        add_span(&spans, v);
    }
    const char *s = json_string_value(text);
    size_t n = json_string_length(text);
    if (!s || n > LINE_TEXT_MAX)
        return;
    ev->text = tidy(mem, s, n);
    if (spans.n) {
        const char *words = without_spans(mem, s, n, &spans);
        ev->text = tidy(mem, words, strlen(words));
    }
}

static bool read_message(struct arena *mem, const json_t *e, struct line_event *ev)
{
    const json_t *message = json_at(e, "message");
    const char *type = json_text(message, "type");
    ev->message = id_at(mem, message, "id");
    ev->quoted = id_at(mem, message, "quotedMessageId");
    ev->read_token = short_text(mem, json_at(message, "markAsReadToken"), LINE_TOKEN_MAX);
    if (!type)
        return false;
    ev->kind = strcmp(type, "text") != 0 ? LINE_OTHER : LINE_TEXT;
    if (ev->kind == LINE_TEXT)
        read_text(mem, message, ev);
    /* A sticker is a nod: nobody waits for an answer. */
    return ev->kind == LINE_TEXT ? ev->text != NULL : strcmp(type, "sticker") != 0;
}

/* "2026-03-03T10:00", a date, or a time alone: as one types it. */
static char *picked(struct arena *mem, const json_t *params)
{
    static const char *const kinds[] = { "datetime", "date", "time" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *s = short_text(mem, json_at(params, kinds[i]), 20);
        if (!s || strspn(s, "0123456789-:Tt") != strlen(s))
            continue;
        char *typed = arena_strdup(mem, s);
        char *t = strpbrk(typed, "Tt");
        if (t)
            *t = ' ';
        return typed;
    }
    return NULL;
}

/* What is no button of ours says nothing. */
static bool read_tap(struct arena *mem, const json_t *e, struct line_event *ev)
{
    const json_t *data = json_at(e, "postback.data");
    const char *s = json_string_value(data);
    size_t n = json_string_length(data);
    ev->kind = LINE_TAP;
    ev->text = "";
    if (!s || n > LINE_TEXT_MAX)
        return true;
    if (!strncmp(s, tap, sizeof tap - 1)) {
        ev->text = tidy(mem, s + sizeof tap - 1, n - (sizeof tap - 1));
    } else if (!strncmp(s, pick, sizeof pick - 1)) {
        const char *when = picked(mem, json_at(e, "postback.params"));
        const char *say = tidy(mem, s + sizeof pick - 1, n - (sizeof pick - 1));
        ev->text = when ? arena_printf(mem, "%s %s", say, when) : "";
    }
    return true;
}

static bool read_kind(struct arena *mem, const json_t *e, struct line_event *ev)
{
    const char *type = json_text(e, "type");
    if (!type)
        return false;
    if (!strcmp(type, "message"))
        return read_message(mem, e, ev);
    if (!strcmp(type, "messageEdited")) {
        bool ok = read_message(mem, e, ev) && ev->kind == LINE_TEXT && ev->message;
        ev->kind = LINE_EDIT;
        return ok;
    }
    if (!strcmp(type, "postback"))
        return read_tap(mem, e, ev);
    if (!strcmp(type, "unsend")) {
        ev->kind = LINE_UNSEND;
        ev->message = id_at(mem, e, "unsend.messageId");
        return ev->message != NULL;
    }
    ev->kind = !strcmp(type, "follow") ? LINE_FOLLOW : !strcmp(type, "unfollow") ? LINE_UNFOLLOW : LINE_JOIN;
    return ev->kind != LINE_JOIN || !strcmp(type, "join");
}

static bool read_source(struct arena *mem, const json_t *e, struct line_event *ev)
{
    ev->user = id_at(mem, e, "source.userId");
    const char *group = id_at(mem, e, "source.groupId");
    if (!group)
        group = id_at(mem, e, "source.roomId");
    ev->group = group != NULL;
    ev->chat = group ? group : ev->user;
    return ev->chat != NULL;
}

static bool read_event(struct arena *mem, const json_t *e, struct line_event *ev)
{
    const char *mode = json_text(e, "mode");
    *ev = (struct line_event){ 0 };
    /* standby: another program answers in this chat, and what is said is for that one. */
    if (!json_is_object(e) || (mode && !strcmp(mode, "standby")) || !read_source(mem, e, ev) ||
        !read_kind(mem, e, ev))
        return false;
    ev->at_ms = json_int(e, "timestamp", 0);
    ev->reply_token = short_text(mem, json_at(e, "replyToken"), LINE_TOKEN_MAX);
    ev->id = id_at(mem, e, "webhookEventId");
    if (!ev->id) {
        char hash[SHA256_HEX];
        const char *whole = json_print(mem, e);
        sha256_hex(whole, strlen(whole), hash);
        ev->id = arena_strdup(mem, hash);
    }
    return true;
}

/* By time; what happened at the same instant keeps its order. */
static void insert(struct line_batch *b, const struct line_event *ev)
{
    size_t at = b->n++;
    for (; at && b->events[at - 1].at_ms > ev->at_ms; at--)
        b->events[at] = b->events[at - 1];
    b->events[at] = *ev;
}

bool line_decode(struct arena *mem, const char *body, size_t n, struct line_batch *out, struct err *e)
{
    AUTO_JSON root = json_parse_lenient(body, n, e);
    *out = (struct line_batch){ 0 };
    if (!root)
        return fail(e, ERR_USAGE, NULL, NULL, "the body is no JSON");
    const json_t *events = json_at(root, "events");
    if (!json_is_array(events))
        return fail(e, ERR_USAGE, NULL, NULL, "the body holds no events");
    size_t all = json_array_size(events), max = all < LINE_EVENTS_MAX ? all : LINE_EVENTS_MAX;
    out->events = ARENA_ARRAY(mem, struct line_event, max + 1);
    for (size_t i = 0; i < max; i++) {
        struct line_event ev;
        if (read_event(mem, json_array_get(events, i), &ev))
            insert(out, &ev);
    }
    out->unknown = (int)(all - out->n);
    return true;
}

struct event *line_event_make(const struct line_event *ev, int64_t source, int64_t now_ms)
{
    static const enum event_kind kinds[] = { [LINE_TEXT] = EVENT_MESSAGE, [LINE_EDIT] = EVENT_MESSAGE,
        [LINE_TAP] = EVENT_MESSAGE, [LINE_OTHER] = EVENT_MESSAGE, [LINE_UNSEND] = EVENT_UNSEND,
        [LINE_FOLLOW] = EVENT_FOLLOW, [LINE_UNFOLLOW] = EVENT_UNFOLLOW };
    struct arena mem = ARENA_INIT;
    struct event *e = event_create(kinds[ev->kind], NETWORK_LINE, source);
    e->remote_id = xstrdup(ev->id);
    e->remote_user = xstrdup(arena_printf(&mem, "line:%s", ev->user));
    e->conversation = xstrdup(ev->chat);
    e->direct = !ev->group;
    e->text = xstrdup(ev->text ? ev->text : "");
    e->received_ms = ev->at_ms > 0 && ev->at_ms < now_ms ? ev->at_ms : now_ms;
    bool changes = ev->kind == LINE_EDIT || ev->kind == LINE_UNSEND;
    if (changes)
        e->edits = xstrdup(ev->message);
    else if (ev->message)
        e->message = xstrdup(ev->message);
    if (ev->kind == LINE_OTHER)
        e->refusal = "message.text_only";
    arena_finish(&mem);
    return e;
}

/* Bytes of what may stand between a name and what is said. */
static size_t separator(const char *s)
{
    if (*s && strchr(" \n,:", *s))
        return 1;
    return !strncmp(s, "、", strlen("、")) ? strlen("、") : 0;
}

const char *line_called(struct arena *mem, const char *text, const char *const *names)
{
    struct folded t = fold_text(mem, text, strlen(text));
    size_t from = strspn(t.s, " \n");
    from += t.s[from] == '@';
    for (; *names; names++) {
        struct folded name = fold_text(mem, *names, strlen(*names));
        if (!name.n || strncmp(t.s + from, name.s, name.n) != 0)
            continue;
        size_t at = from + name.n, n;
        if (!strncmp(t.s + at, "さん", strlen("さん")))
            at += strlen("さん");
        else if (t.s[at] && !separator(t.s + at))
            continue;
        while ((n = separator(t.s + at)) > 0)
            at += n;
        return text + t.src[at];
    }
    return NULL;
}

static char *data(struct arena *mem, const char *prefix, const char *say)
{
    char *s = arena_printf(mem, "%s%s", prefix, say);
    return utf8_units(s) <= DATA_UNITS ? s : NULL;
}

char *line_tap_data(struct arena *mem, const char *say)
{
    return data(mem, tap, say);
}

char *line_pick_data(struct arena *mem, const char *say)
{
    return data(mem, pick, say);
}
