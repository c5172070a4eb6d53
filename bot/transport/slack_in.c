#include "bot/transport/slack_in.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_form.h"
#include "bot/transport/slack_text.h"

enum { ID_MAX = 255 };

static void nothing(struct slack_in *in, const char *why)
{
    in->kind = SLACK_NOTHING;
    in->why = why;
}

/* An id or a time stamp as Slack makes them; anything else is not one. */
static const char *id_at(struct arena *mem, const json_t *tree, const char *path)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
    const char *s = json_text(tree, path);
    size_t n = s ? strlen(s) : 0;
    return n && n <= ID_MAX && strspn(s, allowed) == n ? arena_strdup(mem, s) : NULL;
}

static bool same(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

bool slack_in_allows(const struct slack_self *self, const char *team)
{
    if (!self->allowed || !*self->allowed)
        return same(team, self->team);
    size_t n = strlen(team);
    for (const char *s = self->allowed; *s; s += strcspn(s, ", "), s += strspn(s, ", "))
        if (strcspn(s, ", ") == n && !strncmp(s, team, n))
            return true;
    return false;
}

static bool set_account(struct arena *mem, struct slack_in *in, const struct slack_self *self,
    const char *team, const char *user)
{
    if (!team || !user)
        return false;
    in->user = user;
    in->account = arena_printf(mem, "slack:%s/%s", team, user);
    in->outsider = !slack_in_allows(self, team);
    return true;
}

static void set_text(struct arena *mem, struct slack_in *in, const char *text, const char *bot_user)
{
    in->text = slack_text_read(mem, text ? text : "", bot_user);
    in->too_long = strlen(in->text) > SLACK_TEXT_MAX;
    if (!*in->text)
        nothing(in, "no words");
}

bool slack_place_read(struct arena *mem, const char *conversation, struct slack_place *out)
{
    *out = (struct slack_place){ 0 };
    if (strncmp(conversation, "slack:", 6) != 0)
        return false;
    const char *s = conversation + 6;
    size_t n = strcspn(s, "/");
    if (*s == 'T' || *s == 'E') { /* an account: Slack opens the conversation with the user */
        out->channel = s[n] ? arena_strdup(mem, s + n + 1) : NULL;
        return out->channel != NULL;
    }
    out->channel = arena_strndup(mem, s, n);
    const char *ts = s[n] ? s + n + 1 : NULL;
    if (ts)
        out->thread = arena_strndup(mem, ts, strcspn(ts, "/"));
    bool direct = *s == 'D';
    out->only_member = !direct && (!ts || ts[strcspn(ts, "/")]);
    return n > 0;
}

/* Messages and mentions. */

static bool of_a_person(const json_t *message, const struct slack_self *self)
{
    return !json_text(message, "bot_id") && !json_at(message, "bot_profile") &&
           !same(json_text(message, "user"), self->user);
}

static bool known_subtype(const char *subtype)
{
    return !subtype || !strcmp(subtype, "file_share") || !strcmp(subtype, "thread_broadcast") ||
           !strcmp(subtype, "me_message");
}

static const char *team_of(struct arena *mem, const json_t *payload, const json_t *event)
{
    static const char *const paths[] = { "user_team", "source_team", "team" };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *team = id_at(mem, event, paths[i]);
        if (team)
            return team;
    }
    return id_at(mem, payload, "team_id");
}

/* Where an answer belongs: in a channel a thread of its own, for the member alone where
 * people of other firms read along. */
static void place_message(struct arena *mem, struct slack_in *in, const json_t *payload,
    const char *ts, const char *thread)
{
    bool shared = json_is_true(json_at(payload, "is_ext_shared_channel"));
    if (*in->channel == 'D') {
        in->direct = !thread;
        in->conversation = thread ? arena_printf(mem, "slack:%s/%s", in->channel, thread)
                                  : arena_printf(mem, "slack:%s", in->channel);
    } else {
        in->conversation = arena_printf(mem, "slack:%s/%s%s", in->channel, thread ? thread : ts,
            shared ? "/me" : "");
    }
}

static void read_said(struct arena *mem, const json_t *payload, const json_t *message,
    const struct slack_self *self, struct slack_in *in)
{
    const char *ts = id_at(mem, message, "ts"), *thread = id_at(mem, message, "thread_ts");
    const char *edited = id_at(mem, message, "edited.ts");
    if (!of_a_person(message, self)) {
        nothing(in, "said by a bot");
    } else if (!in->channel || !ts ||
               !set_account(mem, in, self, team_of(mem, payload, message), id_at(mem, message, "user"))) {
        nothing(in, "a message without its facts");
    } else {
        in->kind = SLACK_SAID;
        in->remote_id = arena_printf(mem, "%s/%s", in->channel, ts);
        if (edited) {
            in->edits = in->remote_id;
            in->remote_id = arena_printf(mem, "%s/edit/%s", in->remote_id, edited);
        }
        place_message(mem, in, payload, ts, same(thread, ts) ? NULL : thread);
        set_text(mem, in, json_text(message, "text"), self->user);
    }
}

/* An edit of words, not the unfolding of a link. */
static void read_changed(struct arena *mem, const json_t *payload, const json_t *event,
    const struct slack_self *self, struct slack_in *in)
{
    const json_t *message = json_at(event, "message");
    const char *now = json_text(message, "text"), *before = json_text(event, "previous_message.text");
    if (same(now, before) || !json_text(message, "edited.ts"))
        nothing(in, "a change of no words");
    else
        read_said(mem, payload, message, self, in);
}

static void read_event(struct arena *mem, const json_t *payload, const struct slack_self *self,
    struct slack_in *in)
{
    const json_t *event = json_at(payload, "event");
    const char *type = json_text(event, "type"), *subtype = json_text(event, "subtype");
    if (!type) {
        nothing(in, "no event");
        return;
    }
    in->channel = id_at(mem, event, "channel");
    if (!strcmp(type, "message")) {
        bool direct = same(json_text(event, "channel_type"), "im") || (in->channel && *in->channel == 'D');
        if (!direct)
            nothing(in, "a channel's message; mentions come by themselves");
        else if (same(subtype, "message_changed"))
            read_changed(mem, payload, event, self, in);
        else if (known_subtype(subtype))
            read_said(mem, payload, event, self, in);
        else
            nothing(in, "no message of a person");
    } else if (!strcmp(type, "app_mention")) {
        read_said(mem, payload, event, self, in);
    } else if (!strcmp(type, "app_home_opened")) {
        bool home = !same(json_text(event, "tab"), "messages");
        bool known = set_account(mem, in, self, id_at(mem, payload, "team_id"), id_at(mem, event, "user"));
        in->kind = home && known ? SLACK_HOME : SLACK_NOTHING;
        in->why = "the messages tab";
    } else if (!strcmp(type, "app_uninstalled") || !strcmp(type, "tokens_revoked")) {
        in->kind = SLACK_REVOKED;
    } else {
        nothing(in, "an event of no use");
    }
}

/* Commands. */

static void read_command(struct arena *mem, const json_t *payload, const struct slack_self *self,
    struct slack_in *in)
{
    in->channel = id_at(mem, payload, "channel_id");
    in->trigger = id_at(mem, payload, "trigger_id");
    in->response_url = json_text(payload, "response_url");
    if (!in->channel || !in->trigger ||
        !set_account(mem, in, self, id_at(mem, payload, "team_id"), id_at(mem, payload, "user_id"))) {
        nothing(in, "a command without its facts");
        return;
    }
    in->kind = SLACK_SAID;
    in->remote_id = arena_printf(mem, "command/%s", in->trigger);
    in->conversation = arena_printf(mem, "slack:%s", in->channel);
    const char *text = json_text(payload, "text");
    set_text(mem, in, text && text[strspn(text, " \t")] ? text : "help", self->user);
}

/* Taps and forms. */

static const char *team_of_user(struct arena *mem, const json_t *payload)
{
    const char *team = id_at(mem, payload, "user.team_id");
    return team ? team : id_at(mem, payload, "team.id");
}

/* The thread of a message in a channel, its own if it has none; ephemeral ones answer to
 * the member alone, and so does what stands in a form or on the page. */
static void place_tap(struct arena *mem, const json_t *payload, struct slack_in *in)
{
    const char *ts = id_at(mem, payload, "container.message_ts");
    const char *thread = id_at(mem, payload, "container.thread_ts");
    bool only = json_is_true(json_at(payload, "container.is_ephemeral"));
    in->channel = id_at(mem, payload, "container.channel_id");
    if (!in->channel)
        in->channel = id_at(mem, payload, "channel.id");
    if (!in->channel || !ts)
        return;
    if (*in->channel == 'D' || only) {
        const char *tail = *in->channel == 'D' || !thread ? "" : "/me";
        in->conversation = thread ? arena_printf(mem, "slack:%s/%s%s", in->channel, thread, tail)
                                  : arena_printf(mem, "slack:%s", in->channel);
    } else {
        in->conversation = arena_printf(mem, "slack:%s/%s", in->channel, thread ? thread : ts);
    }
}

/* What the tapped thing stands for. */
static void read_action(struct arena *mem, const json_t *action, struct slack_in *in)
{
    const char *id = json_text(action, "action_id"), *value = json_text(action, "value");
    const char *chosen = json_text(action, "selected_option.value");
    bool fill = id && !strncmp(id, SLACK_FILL, strlen(SLACK_FILL));
    if (chosen && *chosen == *SLACK_FILL_SIGN) {
        fill = true;
        chosen++;
    }
    value = value ? value : chosen;
    if (id && !strncmp(id, SLACK_OPEN, strlen(SLACK_OPEN))) {
        in->kind = SLACK_FORM;
        in->form = arena_strdup(mem, id + strlen(SLACK_OPEN));
        in->text = "";
    } else if (fill && value) {
        in->kind = SLACK_FORM;
        in->form = "say";
        in->text = utf8_scrub(mem, value, strlen(value));
    } else if (value && id && !strncmp(id, SLACK_SAY, strlen(SLACK_SAY))) {
        in->kind = SLACK_SAID;
        in->text = utf8_scrub(mem, value, strlen(value));
        in->too_long = strlen(in->text) > SLACK_TEXT_MAX;
    } else {
        nothing(in, "a tap that stands for nothing");
    }
}

static void read_tap(struct arena *mem, const json_t *payload, struct slack_in *in)
{
    const json_t *action = json_array_get(json_at(payload, "actions"), 0);
    const char *at = id_at(mem, action, "action_ts");
    place_tap(mem, payload, in);
    if (!action || !at) {
        nothing(in, "a tap without its facts");
        return;
    }
    in->remote_id = arena_printf(mem, "tap/%s/%s", at, json_text(action, "action_id") ? json_text(action, "action_id") : "");
    read_action(mem, action, in);
}

static void read_form(struct arena *mem, const json_t *payload, struct slack_in *in)
{
    const json_t *view = json_at(payload, "view");
    const char *id = id_at(mem, view, "id"), *hash = id_at(mem, view, "hash");
    const char *to = json_text(view, "private_metadata");
    if (!id) {
        nothing(in, "a form without its facts");
        return;
    }
    in->kind = SLACK_SAID;
    in->remote_id = arena_printf(mem, "form/%s/%s", id, hash ? hash : "");
    struct slack_place place;
    if (to && strlen(to) <= ID_MAX && utf8_plain(to) && slack_place_read(mem, to, &place))
        in->conversation = arena_strdup(mem, to);
    slack_form_read(mem, view, in);
}

static void read_interactive(struct arena *mem, const json_t *payload, const struct slack_self *self,
    struct slack_in *in)
{
    const char *type = json_text(payload, "type"), *callback = json_text(payload, "callback_id");
    in->trigger = id_at(mem, payload, "trigger_id");
    in->response_url = json_text(payload, "response_url");
    if (!type || !set_account(mem, in, self, team_of_user(mem, payload), id_at(mem, payload, "user.id"))) {
        nothing(in, "an interaction without its facts");
    } else if (!strcmp(type, "block_actions")) {
        read_tap(mem, payload, in);
    } else if (!strcmp(type, "view_submission")) {
        read_form(mem, payload, in);
    } else if ((!strcmp(type, "shortcut") || !strcmp(type, "message_action")) && callback) {
        const char *text = json_text(payload, "message.text");
        in->kind = SLACK_FORM;
        in->form = type[0] == 'm' ? "touch" : arena_strdup(mem, callback);
        in->text = slack_text_read(mem, text ? text : "", self->user);
    } else {
        nothing(in, "an interaction of no use");
    }
    if (in->kind == SLACK_FORM && !in->trigger)
        nothing(in, "nothing to open a form with");
}

/* Envelopes. */

static void read_payload(struct arena *mem, const char *type, const json_t *payload,
    const struct slack_self *self, struct slack_in *in)
{
    in->app = id_at(mem, payload, "api_app_id");
    if (in->app && self->app && strcmp(in->app, self->app) != 0)
        nothing(in, "meant for another app");
    else if (!strcmp(type, "events_api"))
        read_event(mem, payload, self, in);
    else if (!strcmp(type, "slash_commands"))
        read_command(mem, payload, self, in);
    else if (!strcmp(type, "interactive"))
        read_interactive(mem, payload, self, in);
    else
        nothing(in, "an envelope of a type not known here");
    if (in->response_url)
        in->response_url = arena_strdup(mem, in->response_url);
}

bool slack_in_read(struct arena *mem, const char *text, size_t n, const struct slack_self *self,
    struct slack_in *in, struct err *e)
{
    *in = (struct slack_in){ 0 };
    AUTO_JSON tree = json_parse(text, n, e);
    if (!tree)
        return false;
    const char *type = json_text(tree, "type");
    if (!type)
        return fail(e, ERR_USAGE, NULL, NULL, "an envelope without a type");
    in->envelope = id_at(mem, tree, "envelope_id");
    if (!strcmp(type, "hello")) {
        in->kind = SLACK_HELLO;
        in->app = id_at(mem, tree, "connection_info.app_id");
        in->connections = json_int(tree, "num_connections", 0);
    } else if (!strcmp(type, "disconnect")) {
        in->kind = SLACK_DISCONNECT;
        in->reason = id_at(mem, tree, "reason");
    } else if (!in->envelope) {
        nothing(in, "nothing that could be acknowledged");
    } else {
        read_payload(mem, type, json_at(tree, "payload"), self, in);
    }
    return true;
}

static char *copy(const char *s)
{
    return s ? xstrdup(s) : NULL;
}

struct event *slack_in_event(const struct slack_in *in, int64_t source)
{
    struct event *ev = event_create(EVENT_MESSAGE, NETWORK_SLACK, source);
    ev->remote_id = copy(in->remote_id);
    ev->remote_user = copy(in->account);
    ev->outsider = in->outsider;
    ev->direct = in->direct;
    ev->edits = copy(in->edits);
    ev->conversation = copy(in->conversation);
    ev->text = copy(in->text);
    ev->received_ms = clock_now_ms();
    return ev;
}
