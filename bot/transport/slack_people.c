/* People there: who they are, the forms that are opened for them and their page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/transport/slack_answer.h"
#include "bot/transport/slack_blocks.h"
#include "bot/transport/slack_form.h"
#include "bot/transport/slack_private.h"

enum { VALUE = 1800, LABEL = 67, SECTION = 2700 };

static void on_done(void *ctx, struct slack_answer *a)
{
    (void)ctx;
    if (a->class != SLACK_OK)
        log_warn("slack: %s: %s", a->about, a->error);
}

void slack_say(struct slack *s, const char *conversation, const char *user, const char *text)
{
    struct http_request *r = http_request_create();
    slack_send_sentence(s->config.send, r, conversation, user, text);
    slack_call(&s->calls, r, on_done, s, "a sentence");
}

/* Languages. */

static size_t reader_slot(const char *user)
{
    uint32_t h = 2166136261U;
    for (; *user; user++)
        h = (h ^ (unsigned char)*user) * 16777619U;
    return h % SLACK_READERS;
}

int slack_locale(const struct slack *s, const char *user)
{
    size_t i = reader_slot(user);
    bool known = !strcmp(s->readers[i].user, user);
    const char *tag = known ? s->readers[i].locale : s->config.locale;
    return tag ? catalogue_find_locale(s->config.words, tag) : 0;
}

void slack_learn_locale(struct slack *s, const char *user, const char *locale)
{
    size_t i = reader_slot(user);
    (void)snprintf(s->readers[i].user, sizeof s->readers[i].user, "%s", user);
    (void)snprintf(s->readers[i].locale, sizeof s->readers[i].locale, "%s", locale);
}

/* Who somebody is. */

static void fill_who(struct slack *s, struct event *ev, struct slack_answer *a)
{
    struct slack_who who;
    slack_read_who(&a->mem, a->body, a->body_size, &who);
    ev->outcome = SEND_DONE;
    ev->name = who.name ? xstrdup(who.name) : NULL;
    ev->zone = who.zone ? xstrdup(who.zone) : NULL;
    ev->locale = who.locale ? xstrdup(who.locale) : NULL;
    if (who.nobody)
        ev->refusal = ""; /* nobody to talk to */
    else if (who.guest || !who.team || !slack_in_allows(&s->self, who.team))
        ev->refusal = "stranger.refused";
}

static void on_who(void *ctx, struct slack_answer *a)
{
    struct slack *s = ctx;
    struct event *ev = event_create(EVENT_WHO, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup(a->about);
    ev->received_ms = clock_now_ms();
    ev->outcome = SEND_LATER;
    ev->retry_after_ms = a->retry_after_ms;
    if (a->class == SLACK_OK) {
        fill_who(s, ev, a);
    } else if (a->class == SLACK_TARGET) {
        ev->outcome = SEND_DONE;
        ev->refusal = "stranger.refused";
    } else {
        log_warn("slack: users.info: %s", a->error);
    }
    s->config.post(s->config.ctx, ev);
}

void slack_ask_who(struct slack *s, const struct delivery *d)
{
    const char *slash = strrchr(d->remote_user, '/');
    struct http_request *r = http_request_create();
    AUTO_JSON args = json_pack("{s:s, s:b}", "user", slash ? slash + 1 : "", "include_locale", 1);
    slack_api_form(s->config.api, r, "users.info", args);
    slack_call(&s->calls, r, on_who, s, d->remote_user);
}

/* The page. */

void slack_look_home(struct slack *s, const char *account)
{
    struct event *ev = event_create(EVENT_HOME, NETWORK_SLACK, 0);
    ev->remote_user = xstrdup(account);
    ev->received_ms = clock_now_ms();
    s->config.post(s->config.ctx, ev);
}

void slack_publish(struct slack *s, const struct delivery *d)
{
    const char *slash = strrchr(d->remote_user, '/');
    struct http_request *r = http_request_create();
    AUTO_JSON args = json_pack("{s:s, s:o}", "user_id", slash ? slash + 1 : "", "view",
        slack_home(&r->mem, s->config.words, d->json, d->text));
    slack_api_request(s->config.api, r, "views.publish", args);
    slack_call(&s->calls, r, on_done, s, "views.publish");
}

/* Forms. */

/* What a form was opened with: goes along with each request about it, and comes back. */
static json_t *about_of(const struct slack_in *in)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "user", in->user, "account", in->account, "form",
        in->form, "text", in->text, "conversation", in->conversation ? in->conversation : "");
}

static struct slack_form form_of(const json_t *about, const json_t *people)
{
    const char *name = json_text(about, "form"), *text = json_text(about, "text");
    const char *conversation = json_text(about, "conversation");
    return (struct slack_form){ name ? name : "", text ? text : "", conversation, people };
}

/* Too late for this tap, and a new one is needed: here is a button for it. */
static void offer_again(struct slack *s, const json_t *about)
{
    const struct slack_form form = form_of(about, NULL);
    const char *user = json_text(about, "user");
    struct http_request *r = http_request_create();
    int locale = slack_locale(s, user);
    const char *title = catalogue_text(s->config.words, &r->mem, locale, "slack.form.late", NO_ARGS);
    const char *label = catalogue_text(s->config.words, &r->mem, locale, "slack.form.open", NO_ARGS);
    bool fill = !strcmp(form.name, "say") && *form.text && strlen(form.text) <= VALUE;
    json_t *button = json_pack("{s:s, s:o, s:s}", "type", "button", "text",
        slack_plain_text(&r->mem, label, LABEL), "action_id",
        fill ? SLACK_FILL ":0" : arena_printf(&r->mem, "%s%s", SLACK_OPEN, form.name));
    if (fill)
        (void)json_object_set_new(button, "value", json_string(form.text));
    AUTO_JSON args = json_pack("{s:s, s:s, s:[{s:s, s:o}, {s:s, s:[o]}]}", "channel", user, "text",
        title, "blocks", "type", "section", "text", slack_plain_text(&r->mem, title, SECTION), "type",
        "actions", "elements", button);
    slack_api_request(s->config.api, r, "chat.postMessage", args);
    slack_call(&s->calls, r, on_done, s, "a form offered again");
}

/* Open: now there is time to ask whom it may be about. */
static void on_form(void *ctx, struct slack_answer *a)
{
    struct slack *s = ctx;
    struct err e;
    AUTO_JSON about = json_parse(a->about, strlen(a->about), &e);
    AUTO_JSON tree = a->class == SLACK_OK ? json_parse(a->body, a->body_size, &e) : NULL;
    const char *view = json_text(tree, "view.id"), *name = json_text(about, "form");
    if (a->class != SLACK_OK) {
        log_warn("slack: views.open: %s", a->error);
        offer_again(s, about); /* whatever went wrong, the person stands before nothing */
    } else if (view && slack_form_has_people(name)) {
        struct event *ev = event_create(EVENT_FORM, NETWORK_SLACK, 0);
        ev->remote_user = xstrdup(json_text(about, "account"));
        ev->remote_id = xstrdup(view);
        ev->text = xstrdup(a->about);
        ev->received_ms = clock_now_ms();
        s->config.post(s->config.ctx, ev);
    }
}

void slack_open_form(struct slack *s, const struct slack_in *in)
{
    struct http_request *r = http_request_create();
    AUTO_JSON about = about_of(in);
    const struct slack_form form = form_of(about, NULL);
    json_t *view = slack_form(&r->mem, s->config.words, slack_locale(s, in->user), &form);
    if (!view) {
        http_request_destroy(r);
        log_warn("slack: there is no such form");
        return;
    }
    AUTO_JSON args = json_pack("{s:s, s:o}", "trigger_id", in->trigger, "view", view);
    slack_api_request(s->config.api, r, "views.open", args);
    slack_call(&s->calls, r, on_form, s, json_print(&r->mem, about));
}

void slack_fill_form(struct slack *s, const struct delivery *d)
{
    struct err e;
    if (!d->json)
        return;
    AUTO_JSON about = json_parse(d->text, strlen(d->text), &e);
    AUTO_JSON known = json_parse(d->json, strlen(d->json), &e);
    const char *user = json_text(about, "user"), *locale = json_text(known, "locale");
    bool speaks = user && locale && slack_locale(s, user) == catalogue_find_locale(s->config.words, locale);
    if (!user || !locale || (speaks && !json_array_size(json_at(known, "people"))))
        return; /* it is right as it is */
    slack_learn_locale(s, user, locale);
    const struct slack_form form = form_of(about, json_at(known, "people"));
    struct http_request *r = http_request_create();
    AUTO_JSON args = json_pack("{s:s, s:o}", "view_id", d->remote_id, "view",
        slack_form(&r->mem, s->config.words, slack_locale(s, user), &form));
    slack_api_request(s->config.api, r, "views.update", args);
    slack_call(&s->calls, r, on_done, s, "views.update");
}
