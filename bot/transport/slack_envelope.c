/* Envelopes: what each becomes, and its acknowledgement, which goes out when the engine
 * has stored it and not before. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/slack_private.h"

static void send_ack(struct slack *s, int64_t socket, const char *envelope, json_t *payload)
{
    struct arena mem = ARENA_INIT;
    AUTO_JSON ack = json_pack("{s:s}", "envelope_id", envelope);
    if (payload)
        (void)json_object_set_new(ack, "payload", payload);
    const char *text = json_print(&mem, ack);
    slack_send_frame(s, socket, text, strlen(text));
    arena_finish(&mem);
}

static int64_t take_slot(struct slack *s, int64_t socket, const struct slack_in *in)
{
    int64_t source = ++s->sources;
    struct slack_slot *k = &s->slots[source % SLACK_SLOTS];
    *k = (struct slack_slot){ .source = source, .socket = socket, .page = !in->conversation };
    (void)snprintf(k->envelope, sizeof k->envelope, "%s", in->envelope);
    (void)snprintf(k->user, sizeof k->user, "%s", in->user);
    (void)snprintf(k->account, sizeof k->account, "%s", in->account);
    return source;
}

static void post_message(struct slack *s, int64_t socket, const struct slack_in *in)
{
    slack_send_remember(s->config.send, in->remote_id, in->response_url);
    s->config.post(s->config.ctx, slack_in_event(in, take_slot(s, socket, in)));
}

static json_t *errors_of(struct slack *s, struct arena *mem, const struct slack_in *in)
{
    json_t *errors = json_object();
    int locale = slack_locale(s, in->user);
    for (int i = 0; i < in->n_errors; i++)
        (void)json_object_set_new(errors, in->error[i].block,
            json_string(catalogue_text(s->config.words, mem, locale, in->error[i].key, NO_ARGS)));
    return json_pack("{s:s, s:o}", "response_action", "errors", "errors", errors);
}

static void take_said(struct slack *s, struct arena *mem, int64_t socket, const struct slack_in *in)
{
    if (in->n_errors) {
        send_ack(s, socket, in->envelope, errors_of(s, mem, in));
    } else if (in->too_long) {
        send_ack(s, socket, in->envelope, NULL);
        slack_say(s, in->conversation, in->user,
            catalogue_text(s->config.words, mem, slack_locale(s, in->user), "error.too_long", NO_ARGS));
    } else {
        post_message(s, socket, in);
    }
}

static void take_hello(struct slack *s, int64_t socket, const struct slack_in *in)
{
    if (in->app && !s->self.app)
        s->self.app = arena_strdup(&s->mem, in->app);
    slack_link_hello(&s->link, slack_now_ms(), socket);
    int ours = slack_link_open(&s->link);
    log_info("slack: connection %lld is ready", (long long)socket);
    if (in->connections > ours)
        log_warn("slack: %lld connections of this app are open, %d of them ours: another process "
                 "takes a share of the messages, or old connections are not gone yet",
            (long long)in->connections, ours);
}

static void take_disconnect(struct slack *s, int64_t socket, const struct slack_in *in)
{
    const char *reason = in->reason ? in->reason : "no reason";
    if (!strcmp(reason, "link_disabled"))
        log_error("slack: Socket Mode is switched off; switch it on in the app's settings (tried every 5 minutes)");
    else
        log_info("slack: connection %lld is to be replaced: %s", (long long)socket, reason);
    slack_link_disconnect(&s->link, slack_now_ms(), socket, in->reason);
}

void slack_take_text(struct slack *s, int64_t socket, const char *text, size_t n)
{
    struct arena mem = ARENA_INIT;
    struct slack_in in;
    struct err e = { 0 };
    bool ack = true;
    if (!slack_in_read(&mem, text, n, &s->self, &in, &e)) {
        log_warn("slack: %zu bytes that are no envelope were ignored", n);
        arena_finish(&mem);
        return;
    }
    switch (in.kind) {
    case SLACK_HELLO:
        take_hello(s, socket, &in);
        break;
    case SLACK_DISCONNECT:
        take_disconnect(s, socket, &in);
        break;
    case SLACK_SAID:
        take_said(s, &mem, socket, &in);
        ack = false;
        break;
    case SLACK_FORM:
        slack_open_form(s, &in);
        break;
    case SLACK_HOME:
        slack_look_home(s, in.account);
        break;
    case SLACK_REVOKED:
        log_error("slack: the workspace removed the app or its tokens; install it again and start with the new tokens");
        break;
    case SLACK_NOTHING:
        break;
    }
    if (ack && in.envelope)
        send_ack(s, socket, in.envelope, NULL);
    arena_finish(&mem);
}

void slack_take_ack(struct slack *s, const struct delivery *d)
{
    struct slack_slot *k = &s->slots[d->source % SLACK_SLOTS];
    if (!d->source || k->source != d->source)
        return;
    k->source = 0;
    if (d->kind == DELIVERY_REFUSED && d->code && !strncmp(d->code, "store.", 6))
        return; /* not stored: Slack brings it again */
    send_ack(s, k->socket, k->envelope, NULL);
    if (d->kind == DELIVERY_REFUSED)
        slack_say(s, NULL, k->user, d->text);
    else if (d->text)
        slack_learn_locale(s, k->user, d->text);
    if (k->page)
        slack_look_home(s, k->account);
}
