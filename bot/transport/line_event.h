/* What LINE sends to the webhook, decoded and bounded. Pure: fit for a fuzzer. Refuses
 * only what is no batch at all; an event or a property that it does not know never spoils
 * the others. LINE WORKS' callbacks (one event a body, no ids, a header of their own)
 * would be a second decoder into the same struct, beside this one. */
#ifndef TRANSPORT_LINE_EVENT_H
#define TRANSPORT_LINE_EVENT_H

#include "bot/base/arena.h"
#include "bot/core/event.h"

enum line_kind {
    LINE_TEXT,     /* `text` was typed */
    LINE_EDIT,     /* `text` replaces that of `message` */
    LINE_UNSEND,   /* `message` was taken back */
    LINE_TAP,      /* a button: `text` is the command that it stands for; "": none */
    LINE_FOLLOW,   /* the account may be written to (again) */
    LINE_UNFOLLOW, /* the person blocked the account */
    LINE_JOIN,     /* the account is in a group now */
    LINE_OTHER,    /* a picture, a voice note, a file: nothing that can be read */
};

struct line_event {
    enum line_kind kind;
    const char *id;    /* webhookEventId; where there is none, made of the event itself */
    int64_t at_ms;     /* when it happened */
    const char *user;  /* NULL: LINE did not say */
    const char *chat;  /* the user, group or room */
    bool group;        /* others read along */
    bool mentioned;    /* the account was, by LINE's own mark */
    const char *reply_token, *read_token; /* NULL: none */
    const char *message; /* the message's id, or NULL */
    const char *quoted;  /* the id of the one that it answers to, or NULL */
    const char *text;  /* UTF-8 without control characters; mention and pictures cut out */
};

enum { LINE_EVENTS_MAX = 500, LINE_TEXT_MAX = 32000, LINE_ID_MAX = 64, LINE_TOKEN_MAX = 512 };

struct line_batch {
    struct line_event *events; /* by time, oldest first */
    size_t n;
    int unknown; /* events of no use to us */
};

/* False: no batch; `why` is for the log and holds none of the text. */
bool line_decode(struct arena *mem, const char *body, size_t n, struct line_batch *out,
    struct err *e) MUST_CHECK;

/* Is `signature` (the header's value, NULL: absent) that of the raw body? `secrets` ends
 * in NULL: the present one, then the one before. */
bool line_signed(const char *body, size_t n, const char *signature, const char *const *secrets);

/* For the engine: `ev->user` is known, and it is no LINE_JOIN. What LINE dates ahead of
 * `now_ms` happened now. */
struct event *line_event_make(const struct line_event *ev, int64_t source, int64_t now_ms);

/* Was the text addressed to one of `names` (ended by NULL): "Nemawashi, today", "@Nemawashi
 * today"? Returns what follows the name, or NULL. */
const char *line_called(struct arena *mem, const char *text, const char *const *names);

/* The data of a button that says `say`, and of a picker that completes it with the time
 * that was picked; NULL: longer than LINE takes. */
char *line_tap_data(struct arena *mem, const char *say);
char *line_pick_data(struct arena *mem, const char *say);

#endif
