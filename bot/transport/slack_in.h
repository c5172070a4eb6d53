/* What Slack sends over Socket Mode, made into what it means here: one struct of plain
 * data for each envelope. Pure; everything in it is hostile until it was read here. What
 * is ours to ignore is SLACK_NOTHING and says why. */
#ifndef TRANSPORT_SLACK_IN_H
#define TRANSPORT_SLACK_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bot/base/arena.h"
#include "bot/core/event.h"

/* Who we are there, from auth.test. */
struct slack_self {
    const char *team, *user, *bot;
    const char *app;     /* from hello; NULL: not known yet */
    const char *allowed; /* ids of workspaces, comma separated; NULL: our own alone */
};

enum slack_kind {
    SLACK_NOTHING,    /* to be acknowledged, if it has an envelope, and that is all */
    SLACK_HELLO,
    SLACK_DISCONNECT, /* `reason`, or NULL */
    SLACK_SAID,       /* a message, a mention, a command, a tap: `text` was typed */
    SLACK_FORM,       /* `form` is to be opened, with `text` in it, for `trigger` */
    SLACK_HOME,       /* the member looks at their page */
    SLACK_REVOKED,    /* the workspace took the app or its tokens away */
};

enum { SLACK_TEXT_MAX = 16 * 1024, SLACK_ERRORS = 4 };

struct slack_in {
    enum slack_kind kind;
    const char *envelope; /* id to acknowledge; NULL: none */
    const char *why;      /* SLACK_NOTHING, for the log */
    const char *app, *reason;
    int64_t connections; /* SLACK_HELLO: open ones of this app, ours included; 0: unknown */
    const char *account; /* slack:T1/U1 */
    const char *user, *channel;
    bool outsider, direct, too_long;
    const char *remote_id, *edits, *text;
    const char *conversation; /* NULL: where the bot may write to the member */
    const char *response_url; /* a credential */
    const char *trigger;
    const char *form; /* say, touch or follow */
    /* A form that can't be taken as it is: which input, and the sentence's key. */
    struct {
        const char *block, *key;
    } error[SLACK_ERRORS];
    int n_errors;
};

/* False: no JSON object with a type; nothing to acknowledge. */
bool slack_in_read(struct arena *mem, const char *text, size_t n, const struct slack_self *self,
    struct slack_in *out, struct err *e) MUST_CHECK;

/* The event that SLACK_SAID is, received now. */
struct event *slack_in_event(const struct slack_in *in, int64_t source);
/* May people of this workspace become members? */
bool slack_in_allows(const struct slack_self *self, const char *team);

/* Conversations. slack:D1, slack:D1/TS and slack:C1/TS are read by all who are there (a
 * thread, TS its first message); slack:C1 and slack:C1/TS/me by the member alone. */
struct slack_place {
    const char *channel, *thread; /* thread NULL: none */
    bool only_member;
};
bool slack_place_read(struct arena *mem, const char *conversation, struct slack_place *out);

#endif
