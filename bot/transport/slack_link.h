/* Socket Mode's connections as a state machine without sockets and without a clock of
 * its own: when to ask for an address, to dial, to give up, to replace a connection and
 * to let go of an old one. The only owner of reconnecting. Its caller does what `todo`
 * says, reports what happened, and calls slack_link_tick when slack_link_due says. */
#ifndef TRANSPORT_SLACK_LINK_H
#define TRANSPORT_SLACK_LINK_H

#include <stdbool.h>
#include <stdint.h>

enum slack_act {
    SLACK_ASK,   /* apps.connections.open: answer with slack_link_url */
    SLACK_DIAL,  /* the address just given, as connection `socket` */
    SLACK_CLOSE, /* say goodbye to it */
    SLACK_DROP,  /* let go of it at once */
};
struct slack_do {
    enum slack_act act;
    int64_t socket;
};

/* What becomes of the connection to come. */
enum slack_phase {
    SLACK_REST,     /* none is wanted */
    SLACK_PAUSE,    /* until `until_ms`, then one is asked for */
    SLACK_ASKING,
    SLACK_DIALING,  /* until the handshake is done */
    SLACK_GREETING, /* until Slack says hello: only then it is of use */
    SLACK_STOPPED,  /* for good */
};

enum { SLACK_OLD = 3, SLACK_TODO = 16 };

struct slack_link {
    enum slack_phase phase;
    int64_t until_ms; /* end of the phase; 0: it has none */
    int64_t coming, current; /* numbers of connections, 0: none */
    int64_t ready_ms;        /* since when `current` is of use */
    struct {
        int64_t socket, until_ms;
    } old[SLACK_OLD]; /* replaced, but still answered for a while */
    int failures;     /* in a row; a minute of use forgives them */
    int64_t numbers;
    uint32_t dice;
    struct slack_do todo[SLACK_TODO];
    int n_todo;
};

/* `seed`: of the jitter. */
void slack_link_start(struct slack_link *l, int64_t now_ms, uint32_t seed);
/* Says goodbye to all; nothing follows. */
void slack_link_stop(struct slack_link *l);

enum slack_url { SLACK_URL, SLACK_URL_LATER, SLACK_URL_NEVER };
/* What became of SLACK_ASK; `retry_after_ms` is Slack's wish, 0: none. */
void slack_link_url(struct slack_link *l, int64_t now_ms, enum slack_url url, int64_t retry_after_ms);
void slack_link_opened(struct slack_link *l, int64_t now_ms, int64_t socket);
void slack_link_hello(struct slack_link *l, int64_t now_ms, int64_t socket);
/* Slack's `disconnect`, in any state. `reason` may be unknown or NULL. */
void slack_link_disconnect(struct slack_link *l, int64_t now_ms, int64_t socket, const char *reason);
void slack_link_closed(struct slack_link *l, int64_t now_ms, int64_t socket);
void slack_link_tick(struct slack_link *l, int64_t now_ms);
/* When to tick next; INT64_MAX: not by itself. */
int64_t slack_link_due(const struct slack_link *l);
/* Connections that are ours and may be counted by Slack. */
int slack_link_open(const struct slack_link *l);
/* Takes the next thing to do. */
bool slack_link_next(struct slack_link *l, struct slack_do *out);

#endif
