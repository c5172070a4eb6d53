/* What passes between the transports (loop thread) and the engine: events come up,
 * deliveries go down. Plain data on the heap; whoever receives one owns it. Knows no
 * socket, no SQL and no protocol. */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

enum network { NETWORK_CONSOLE, NETWORK_WEB, NETWORK_SLACK, NETWORK_LINE, NETWORK__MAX };
const char *network_name(enum network n); /* "console", "web", "slack", "line" */
enum network network_find(const char *name); /* console if unknown */

enum event_kind {
    EVENT_MESSAGE, /* a person typed `text`, or tapped a button that stands for it */
    EVENT_HISTORY, /* the conversation's messages after `after`, or before `before` */
    EVENT_LOGIN,   /* `text` is a one-time login token, `name` the device or empty: answer
                    * with a session */
    EVENT_SESSION, /* who is it in `session`? */
    EVENT_BE,      /* demo only: `text` is the handle of the member to be */
    EVENT_LOGOUT,  /* `text` is a session cookie's value: forget it */
    EVENT_SENT,    /* what became of the DELIVERY_SEND `outbox_id` */
    EVENT_WHO,     /* answers DELIVERY_WHO: name, zone and locale of `remote_user`, or in
                    * `refusal` why nobody is to be made of them */
    EVENT_HOME,    /* the member looks at their page on the network: what belongs there? */
    EVENT_FORM,    /* the member opened a form: whom may it be about? */
    EVENT_FOLLOW,  /* the account may be written to, for the first time or again */
    EVENT_UNFOLLOW, /* it may not any more */
    EVENT_UNSEND,  /* the message `edits` was taken back: forget what it said */
    EVENT_KEPT,    /* the keeper of the store looked: administrators hear the sentence `text` about
                    * `name`, once a day; NULL: nothing. `used`: the whole store was found good */
    EVENT_CALENDAR, /* who reads one's own calendar by the secret `text`? `remote_id`: the version that
                    * they have, or NULL. A DELIVERY_CALENDAR answers it */
    EVENT_FETCHED, /* the calendar `used` was fetched: `text`; NULL: it was not, `refusal` says why,
                    * where a server answered by its `status` */
    EVENT_USAGE,   /* `used` of `quota` messages that cost money were sent this month */
};

enum send_outcome {
    SEND_DONE,     /* the network has it */
    SEND_LATER,    /* it has not, or nobody knows: once more by the schedule */
    SEND_DEAD,     /* it never will: a further attempt is useless */
    SEND_RETURNED, /* not tried: the attempt does not count */
    SEND_HELD,     /* not tried: it goes along with the next message to that conversation */
};

struct event {
    struct event *next;
    enum event_kind kind;
    enum network network;
    int64_t source;     /* the transport's number of the connection that asks; 0: none */
    char *remote_id;    /* EVENT_MESSAGE: the sender's own id, unique per member; a second
                         * event with the same id is answered from what is stored */
    int64_t member_id;  /* who, already authenticated by the transport; 0: nobody known */
    char *remote_user;  /* instead: the account on the network, slack:T1/U1 or line:U1, of
                         * which the network is sure; the engine looks up whose it is */
    char *session;      /* of the web: by its SHA-256, the session in which the event came; one
                         * that was ended is refused */
    bool outsider;      /* of a firm or a kind that the network's settings don't admit */
    bool direct;        /* nobody else reads the conversation: the bot may write here first */
    char *edits;        /* the text replaces that of this message, or of the event with
                         * this remote id */
    char *message;      /* the network's id of the message, where it is not the remote id */
    int64_t answered;   /* the engine's own: the message that answered that one */
    char *conversation; /* "web" for the web chat: one conversation a member */
    char *text;         /* valid UTF-8, bounded by the transport */
    int64_t after, before; /* EVENT_HISTORY: message ids; 0: not given */
    int limit;
    int64_t received_ms;
    int64_t outbox_id; /* EVENT_SENT: of the delivery, with its attempt */
    int attempt;
    enum send_outcome outcome;
    char *remote_ref;       /* SEND_DONE: what the network calls the message, or NULL */
    int64_t retry_after_ms; /* the network asked for so long a pause; 0: it did not */
    char *name, *zone, *locale; /* EVENT_WHO with SEND_DONE: as the network has them */
    const char *refusal;        /* catalogue key of the sentence; NULL: welcome. Of an
                                 * EVENT_MESSAGE: the answer to what can't be read */
    int64_t used, quota;        /* EVENT_USAGE; quota 0: no limit */
    int status;                 /* EVENT_FETCHED */
};
struct event *event_create(enum event_kind kind, enum network network, int64_t source);
void event_destroy(struct event *e);

enum delivery_kind {
    DELIVERY_ACK,     /* the event `remote_id` is durably stored as message `message_id` */
    DELIVERY_MESSAGE, /* a message for `member_id`: to every connection of theirs; message_id 0: not
                       * kept, and if `source` is given for it alone, the answer to what isn't either */
    DELIVERY_HISTORY, /* answer to EVENT_HISTORY for connection `source` */
    DELIVERY_ENDED,   /* sessions of `member_id` were ended: sockets of others than those in
                       * `text`, hashes parted by blanks, are to be closed */
    DELIVERY_SESSION, /* answer to EVENT_LOGIN, _SESSION, _BE for connection `source` */
    DELIVERY_REFUSED, /* the event was not stored; `code` says why; nothing changed */
    DELIVERY_SEND,    /* a DELIVERY_MESSAGE for the courier: one EVENT_SENT answers it */
    DELIVERY_WHO,     /* who is `remote_user`? One EVENT_WHO answers it */
    DELIVERY_STRANGER, /* the sentence `text` for `remote_user`, who is nobody here */
    DELIVERY_HOME,    /* the page of `remote_user` */
    DELIVERY_CALENDAR, /* answer to EVENT_CALENDAR for the request `source`: `text`, or NULL where
                        * the secret opens none; its remote_id */
    DELIVERY_FORM,    /* answer to EVENT_FORM, with its remote_id and text */
};

/* DELIVERY_ACK text: the member's locale where an account sent the event, else NULL.
 * JSON texts (bot/transport/web.md shows them in frames):
 * DELIVERY_MESSAGE json: one neutral reply of reply.schema.json, notes resolved for
 *   this member. `remote_id` names the event that it answers; NULL for a reminder.
 * DELIVERY_HISTORY json: {"messages":[{"id","at","dir":"in","text"} |
 *   {"id","at","dir":"out","answers":remote_id|null,"reply":{...}}...],"more":bool},
 *   oldest first.
 * DELIVERY_SESSION json: {"member":{"id","handle","name","role","locale","zone"},
 *   "demo":bool,"members":[...same shape, demo only]}; member_id 0 and json NULL (or
 *   with demo's members) where the token or cookie is not good; `text` is the new
 *   session's secret after EVENT_LOGIN.
 * DELIVERY_HOME json: {"replies":[...]}, neutral replies as above; NULL: nobody known,
 *   `text` says how to become somebody.
 * DELIVERY_FORM json: {"locale","people":[{"label","say"}]}, whom the member was in touch
 *   with last; NULL: nobody known. */
struct delivery {
    struct delivery *next;
    enum delivery_kind kind;
    enum network network;
    int64_t source;
    int64_t member_id;
    int64_t message_id;
    int64_t at_ms;
    char *remote_id;
    char *remote_user; /* the member's account on the network, where there is one */
    char *conversation;
    char *text;
    char *json;
    int64_t outbox_id; /* DELIVERY_SEND */
    int attempt;       /* from 1; every attempt counts, also one that a crash cut short */
    char *replaces;    /* what the network calls the message that this one replaces, or NULL */
    char *retry_key;   /* UUID, the same at every attempt: the network can tell repeats */
    char *code; /* DELIVERY_REFUSED: "too_long", "read_only", "disk_full", "busy" ...;
                 * DELIVERY_STRANGER: the catalogue key of `text`; NULL: it is in their language */
    struct delivery *with; /* DELIVERY_SEND: what goes in the same request behind it, owned;
                            * every one of them has its EVENT_SENT */
};
struct delivery *delivery_create(enum delivery_kind kind, enum network network);
void delivery_destroy(struct delivery *d); /* with what goes along */
int delivery_count(const struct delivery *d); /* 1 and what goes along */

#endif
