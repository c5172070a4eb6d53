#include "tests/chat_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/transport/slack_blocks.h"
#include "bot/transport/slack_form.h"
#include "bot/transport/slack_send.h"
#include "bot/transport/slack_text.h"
#include "tests/slack_limits.h"

struct chat_net {
    const struct catalogue *words;
    struct slack_api api;
    struct slack_send *send;
    struct slack_self self;
    struct arena mem;
    int64_t n; /* events so far: their ids and times */
};

static struct chat_net *net_open(const struct catalogue *words)
{
    struct chat_net *s = xcalloc(1, sizeof *s);
    s->words = words;
    s->api = (struct slack_api){ .url = "https://slack.com/api/", .app_token = "xapp-1", .bot_token = "xoxb-1" };
    s->send = slack_send_create(&s->api, words);
    s->self = (struct slack_self){ .team = "T1", .user = "UBOT", .bot = "B1", .app = "A1" };
    return s;
}

static void net_close(struct chat_net *s)
{
    if (!s)
        return;
    slack_send_destroy(s->send);
    arena_finish(&s->mem);
    free(s);
}

/* Ids of Slack are capitals and digits: those of the handle's bytes. */
static char *user_id(struct arena *mem, const char *handle)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "U");
    for (; *handle; handle++)
        buf_printf(&b, "%02X", (unsigned char)*handle);
    return b.s;
}

static const char *net_account(struct arena *mem, const char *handle)
{
    return arena_printf(mem, "slack:T1/%s", user_id(mem, handle));
}

static struct event *take(struct chat_net *s, json_t *envelope, struct slack_in *in, const char **why)
{
    struct err e;
    const char *text = json_print(&s->mem, envelope);
    json_decref(envelope);
    if (!slack_in_read(&s->mem, text, strlen(text), &s->self, in, &e)) {
        *why = arena_strdup(&s->mem, e.why);
        return NULL;
    }
    *why = in->why ? in->why : in->n_errors ? in->error[0].key : "a form";
    return in->kind == SLACK_SAID && !in->n_errors ? slack_in_event(in, s->n) : NULL;
}

static json_t *envelope_of(struct chat_net *s, const char *type, json_t *payload)
{
    return json_pack("{s:s, s:s, s:b, s:o}", "type", type, "envelope_id",
        arena_printf(&s->mem, "e-%lld", (long long)s->n), "accepts_response_payload", 1, "payload", payload);
}

/* As Slack encodes what is typed: escaped, addresses as links. */
static struct event *net_say(struct chat_net *s, const char *handle, const char *text, const char **why)
{
    struct slack_in in;
    const char *user = user_id(&s->mem, handle);
    const char *ts = arena_printf(&s->mem, "17%08lld.000100", (long long)++s->n);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "type", "message",
        "channel_type", "im", "channel", arena_printf(&s->mem, "D%s", user), "user", user, "team", "T1",
        "ts", ts, "event_ts", ts, "text", slack_text_escape(&s->mem, text));
    return take(s, envelope_of(s, "events_api", json_pack("{s:s, s:s, s:s, s:s, s:o}", "type",
                       "event_callback", "team_id", "T1", "api_app_id", "A1", "event_id",
                       arena_printf(&s->mem, "Ev%lld", (long long)s->n), "event", event)),
        &in, why);
}

static const char *label_of(const json_t *element)
{
    const char *s = json_text(element, "text.text");
    return s ? s : "";
}

/* Is `shown` the label, or as much of it as Slack has room for? */
static bool shows(const char *shown, const char *label)
{
    size_t n = strlen(shown), dots = strlen("…");
    return !strcmp(shown, label) ||
           (n > dots && !strcmp(shown + n - dots, "…") && !strncmp(shown, label, n - dots));
}

/* The action that Slack reports for the button or option with this label; NULL: none. */
static json_t *find_action(const json_t *blocks, const char *label)
{
    size_t i, k, n;
    json_t *block, *e, *o;
    json_array_foreach(blocks, i, block)
        json_array_foreach(json_at(block, "elements"), k, e)
        {
            const char *id = json_text(e, "action_id");
            if (id && json_at(e, "text") && shows(label_of(e), label))
                return json_pack("{s:s, s:s, s:s?, s:s}", "type", "button", "action_id", id, "value",
                    json_text(e, "value"), "action_ts", "1700000000.5");
            json_array_foreach(json_at(e, "options"), n, o)
                if (id && shows(label_of(o), label))
                    return json_pack("{s:s, s:s, s:s, s:O}", "type", json_text(e, "type"), "action_id",
                        id, "action_ts", "1700000000.5", "selected_option", o);
        }
    return NULL;
}

static json_t *interaction(struct chat_net *s, const char *type, const char *user)
{
    return json_pack("{s:s, s:{s:s, s:s}, s:s, s:s, s:{s:s}}", "type", type, "user", "id", user,
        "team_id", "T1", "api_app_id", "A1", "trigger_id", arena_printf(&s->mem, "1.2.%lld", (long long)s->n),
        "team", "id", "T1");
}

/* A form with one line, sent as it was opened. */
static struct event *send_form(struct chat_net *s, const char *user, const struct slack_in *asked,
    const char **why)
{
    struct slack_in in;
    const struct slack_form form = { asked->form, asked->text, asked->conversation, NULL };
    AUTO_JSON view = slack_form(&s->mem, s->words, 0, &form);
    const char *wrong = view ? slack_limits_view(&s->mem, view) : "there is no such form";
    if (wrong) {
        *why = wrong;
        return NULL;
    }
    s->n++;
    json_t *payload = interaction(s, "view_submission", user);
    (void)json_object_set_new(view, "id", json_string(arena_printf(&s->mem, "V%lld", (long long)s->n)));
    (void)json_object_set_new(view, "state", json_pack("{s:{s:{s:{s:s, s:s}}}}", "values", "line",
        "line", "type", "plain_text_input", "value", asked->text));
    (void)json_object_set(payload, "view", view);
    return take(s, envelope_of(s, "interactive", payload), &in, why);
}

static struct event *net_tap(struct chat_net *s, const char *handle, const json_t *blocks,
    const char *label, const char **why)
{
    struct slack_in in;
    const char *user = user_id(&s->mem, handle), *channel = arena_printf(&s->mem, "D%s", user);
    json_t *action = find_action(blocks, label);
    *why = "no such button";
    if (!action)
        return NULL;
    s->n++;
    (void)json_object_set_new(action, "action_ts", json_string(arena_printf(&s->mem, "%lld.5", (long long)s->n)));
    json_t *payload = interaction(s, "block_actions", user);
    (void)json_object_set_new(payload, "actions", json_pack("[o]", action));
    (void)json_object_set_new(payload, "container", json_pack("{s:s, s:s, s:s, s:b}", "type", "message",
        "message_ts", "1700000000.1", "channel_id", channel, "is_ephemeral", 0));
    struct event *ev = take(s, envelope_of(s, "interactive", payload), &in, why);
    return ev || in.kind != SLACK_FORM ? ev : send_form(s, user, &in, why);
}

/* &lt; is < again; nothing else was changed on the way. */
static char *unescape(struct arena *mem, const char *text)
{
    static const char *const pairs[][2] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" } };
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    while (*text) {
        size_t k = 0;
        while (k < 3 && strncmp(text, pairs[k][0], strlen(pairs[k][0])) != 0)
            k++;
        if (k < 3)
            buf_puts(&b, pairs[k][1]);
        else
            buf_putc(&b, *text);
        text += k < 3 ? strlen(pairs[k][0]) : 1;
    }
    return b.s;
}

/* The label whose place this is, in full. */
static const char *full_label(const json_t *buttons, const char *shown)
{
    size_t i;
    json_t *b;
    json_array_foreach(buttons, i, b)
        if (shows(shown, json_text(b, "label")))
            return json_text(b, "label");
    return shown;
}

/* The labels of the buttons that stand for the reply's own; a select below a list is not
 * one of them. */
struct labels {
    struct buf *out;
    const json_t *buttons;
    size_t put;
};

static void put_label(struct labels *l, const json_t *what)
{
    if (json_at(what, "text") && l->put < json_array_size(l->buttons))
        buf_printf(l->out, "%s[%s]", l->put++ ? " " : "\n", full_label(l->buttons, label_of(what)));
}

static void put_labels(struct labels *l, const json_t *block)
{
    size_t k, n;
    json_t *e, *o;
    json_array_foreach(json_at(block, "elements"), k, e)
    {
        if (!strncmp(json_text(e, "action_id"), SLACK_SAY ":item", strlen(SLACK_SAY ":item")))
            continue;
        put_label(l, e);
        json_array_foreach(json_at(e, "options"), n, o)
            put_label(l, o);
    }
}

static char *net_read(struct chat_net *s, struct arena *mem, const struct delivery *d,
    json_t **blocks, const char **why)
{
    struct err e;
    const struct courier_network *n = slack_send_network(s->send);
    struct http_request *r = http_request_create();
    struct buf b = BUF_ON(mem);
    AUTO_JSON reply = json_parse(d->json, strlen(d->json), &e);
    /* A file goes first, in requests of its own (slack.upload): here the message is read. */
    size_t at;
    json_t *part;
    json_array_foreach(json_at(reply, "parts"), at, part)
    {
        (void)json_object_del(part, "data");
        (void)json_object_del(part, "png");
    }
    struct delivery message = *d;
    message.json = json_print(mem, reply);
    bool ok = n->encode(n->ctx, &message, r, &e);
    AUTO_JSON sent = ok ? json_parse(r->body, r->body_size, &e) : NULL;
    http_request_destroy(r);
    *why = sent ? slack_limits_message(mem, sent) : arena_strdup(mem, e.why);
    if (*why)
        return NULL;
    *blocks = json_incref(json_at(sent, "blocks"));
    if (shows_private(reply, unescape(mem, json_text(sent, "text")))) {
        *why = "a notification would show a private note";
        return NULL;
    }
    /* A notification shows less of what is private: the rest stands in the blocks. */
    bool hides = json_is_true(json_at(reply, "private"));
    buf_puts(&b, unescape(mem, hides ? slack_plain(mem, reply) : json_text(sent, "text")));
    struct labels l = { &b, json_at(reply, "buttons"), 0 };
    size_t i;
    json_t *block;
    json_array_foreach(*blocks, i, block)
        if (!strcmp(json_text(block, "type"), "actions"))
            put_labels(&l, block);
    return b.s;
}

const struct chat_codec chat_slack = { "slack", NETWORK_SLACK, net_open, net_close, net_account, net_say,
    net_tap, net_read };
