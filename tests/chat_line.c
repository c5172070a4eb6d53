/* Transcripts over LINE: webhooks in, signed and decoded as the real ones; Flex and texts
 * out, read back as a person reads them. What LINE would refuse is found by
 * tests/line/sent.mjs in what --json wrote. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/transport/line_card.h"
#include "bot/transport/line_event.h"
#include "tests/chat_net.h"

struct chat_net {
    const struct catalogue *words;
    struct arena mem;
    int64_t n; /* events so far */
};

static const char secret[] = "8c570fa6dd201bb328f1c1eac23a96d8";

static struct chat_net *net_open(const struct catalogue *words)
{
    struct chat_net *s = xcalloc(1, sizeof *s);
    s->words = words;
    return s;
}

static void net_close(struct chat_net *s)
{
    arena_finish(&s->mem);
    free(s);
}

/* Ids of LINE are hexadecimal digits. */
static char *user_id(struct arena *mem, const char *handle)
{
    char hash[SHA256_HEX];
    sha256_hex(handle, strlen(handle), hash);
    return arena_printf(mem, "U%.32s", hash);
}

static const char *net_account(struct arena *mem, const char *handle)
{
    return arena_printf(mem, "line:%s", user_id(mem, handle));
}

/* Sends one event as LINE would; `event` is taken over. */
static struct event *take(struct chat_net *s, const char *handle, json_t *event, const char **why)
{
    struct err e;
    struct line_batch batch;
    char mac[HMAC_BASE64];
    const char *const secrets[] = { secret, NULL };
    AUTO_JSON root = json_pack("{s:s, s:[o]}", "destination", "U0", "events", event);
    (void)json_object_set_new(event, "mode", json_string("active"));
    (void)json_object_set_new(event, "timestamp", json_integer(clock_now_ms()));
    (void)json_object_set_new(event, "webhookEventId", json_string(arena_printf(&s->mem, "%026lld", (long long)++s->n)));
    (void)json_object_set_new(event, "source", json_pack("{s:s, s:s}", "type", "user", "userId", user_id(&s->mem, handle)));
    (void)json_object_set_new(event, "replyToken", json_string("r"));
    const char *body = json_print(&s->mem, root);
    hmac_sha256_base64(secret, body, strlen(body), mac);
    *why = "the webhook is refused";
    if (!line_signed(body, strlen(body), mac, secrets) || !line_decode(&s->mem, body, strlen(body), &batch, &e))
        return NULL;
    *why = "the event is of no use";
    return batch.n == 1 ? line_event_make(&batch.events[0], 1, clock_now_ms()) : NULL;
}

static struct event *net_say(struct chat_net *s, const char *handle, const char *text, const char **why)
{
    return take(s, handle,
        json_pack("{s:s, s:{s:s, s:s, s:s}}", "type", "message", "message", "type", "text", "id",
            arena_printf(&s->mem, "%lld", (long long)(610000000000000000 + s->n)), "text", text),
        why);
}

/* Is `shown` the label, or as much of it as LINE has room for? */
static bool shows(const char *shown, const char *label)
{
    size_t n = strlen(shown), dots = strlen("…");
    return !strcmp(shown, label) ||
           (n > dots && !strcmp(shown + n - dots, "…") && !strncmp(shown, label, n - dots));
}

/* The action with this label anywhere in the message. */
static const json_t *find_action(const json_t *v, const char *label)
{
    const char *shown = json_text(v, "label");
    size_t i;
    json_t *x;
    if (json_is_object(v) && shown && shows(shown, label))
        return v;
    const json_t *found = NULL;
    if (json_is_array(v)) {
        json_array_foreach(v, i, x)
            if (!found)
                found = find_action(x, label);
        return found;
    }
    const char *key;
    json_object_foreach((json_t *)v, key, x)
        if (!found)
            found = find_action(x, label);
    return found;
}

/* What opens the keyboard is sent as it was filled in. */
static struct event *net_tap(struct chat_net *s, const char *handle, const json_t *sent,
    const char *label, const char **why)
{
    const json_t *action = find_action(sent, label);
    *why = "no such button";
    if (!action)
        return NULL;
    const char *typed = json_text(action, "fillInText");
    if (!typed)
        typed = json_text(action, "clipboardText");
    if (typed)
        return net_say(s, handle, typed, why);
    return take(s, handle, json_pack("{s:s, s:{s:s?}}", "type", "postback", "postback", "data",
        json_text(action, "data")), why);
}

/* Everything that is written in a message, in the order it is read. */
static void put_words(struct buf *b, const json_t *v)
{
    const char *type = json_text(v, "type"), *text = json_text(v, "text");
    const json_t *contents = json_at(v, "contents");
    size_t i;
    json_t *x;
    if (type && !strcmp(type, "text") && text)
        buf_join(b, "\n", text);
    if (json_at(v, "body"))
        put_words(b, json_at(v, "body"));
    json_array_foreach(contents, i, x)
        put_words(b, x);
}

static void put_labels(struct buf *b, const json_t *v, const json_t *buttons)
{
    size_t i, k;
    json_t *x, *button;
    const char *type = json_text(v, "type"), *shown = json_text(v, "action.label");
    if (type && !strcmp(type, "button") && shown) {
        json_array_foreach(buttons, k, button)
            if (shows(shown, json_text(button, "label")))
                shown = json_text(button, "label");
        buf_printf(b, "%s[%s]", b->n && b->s[b->n - 1] == ']' ? " " : "\n", shown);
    }
    json_array_foreach(json_at(v, "contents"), i, x)
        put_labels(b, x, buttons);
}

/* Letters alone: lines and columns are where they are on a phone. */
static char *letters(struct arena *mem, const char *s)
{
    static const char *const marks[] = { " ", "\n", ":", "：", "·", "–" };
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    while (*s) {
        size_t n = 0;
        for (size_t i = 0; i < sizeof marks / sizeof *marks && !n; i++)
            n = !strncmp(s, marks[i], strlen(marks[i])) ? strlen(marks[i]) : 0;
        if (!n)
            buf_putc(&b, *s);
        s += n ? n : 1;
    }
    return b.s;
}

static int by_byte(const void *a, const void *b)
{
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

/* A table that is narrow on the console may be too wide for a bubble: its rows are cards
 * there, where each label stands at its value and the first column needs none. */
static bool same_as_card(struct arena *mem, const json_t *reply, const char *words, const char *seen)
{
    struct buf shown = BUF_ON(mem);
    buf_puts(&shown, words);
    size_t i, k;
    json_t *part, *column;
    json_array_foreach(json_at(reply, "parts"), i, part)
    {
        const json_t *columns = json_at(part, "columns");
        size_t rows = json_array_size(json_at(part, "rows"));
        const char *label = json_text(json_array_get(columns, 0), "label");
        char *at = label && *label && rows ? strstr(shown.s, label) : NULL;
        if (!at)
            continue;
        char *rest = arena_strdup(mem, at + strlen(label));
        shown.n = (size_t)(at - shown.s);
        buf_puts(&shown, rest);
        for (size_t row = 1; row < rows; row++)
            json_array_foreach(columns, k, column)
                buf_puts(&shown, k && json_text(column, "label") ? json_text(column, "label") : "");
    }
    char *a = letters(mem, buf_str(&shown)), *b = letters(mem, seen);
    qsort(a, strlen(a), 1, by_byte);
    qsort(b, strlen(b), 1, by_byte);
    return !strcmp(a, b);
}

/* The words on the console, if these are the same ones; then the buttons that there are. */
static char *net_read(struct chat_net *s, struct arena *mem, const struct delivery *d, json_t **sent,
    const char **why)
{
    struct err e;
    struct buf seen = BUF_ON(mem), b = BUF_ON(mem), labels = BUF_ON(mem);
    json_t *messages = json_array(), *m;
    size_t i;
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
    line_card_add(mem, s->words, reply, LINE_MESSAGES_MAX, messages);
    *sent = messages;
    buf_puts(&seen, "");
    buf_puts(&labels, "");
    json_array_foreach(messages, i, m)
    {
        put_words(&seen, json_at(m, "contents") ? json_at(m, "contents") : m);
        put_labels(&labels, json_at(m, "contents.footer"), json_at(reply, "buttons"));
        const char *locked = json_text(m, json_at(m, "contents") ? "altText" : "text");
        if (locked && shows_private(reply, locked)) {
            *why = "a notification would show a private note";
            return NULL;
        }
    }
    buf_puts(&b, json_text(reply, "text"));
    char *last = strrchr(b.s, '\n');
    if (json_array_size(json_at(reply, "buttons")) && last && last[1] == '[')
        *last = '\0';
    char *words = b.s;
    bool same = !strcmp(letters(mem, words), letters(mem, seen.s)) ||
                same_as_card(mem, reply, words, seen.s);
    if (!same) {
        *why = arena_printf(mem, "the words are not the same:\n%s\n--\n%s", words, seen.s);
        return NULL;
    }
    return arena_printf(mem, "%s%s", words, labels.s);
}

const struct chat_codec chat_line = { "line", NETWORK_LINE, net_open, net_close, net_account, net_say,
    net_tap, net_read };
