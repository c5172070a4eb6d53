/* A team talking over web sockets: each member on a connection of their own, so many
 * messages in flight, and how long each took. */
#ifndef BENCH_TALK_H
#define BENCH_TALK_H

#include "tests/bench/bench.h"
#include "tests/bench/ws.h"

enum { TALK_FRAME = 512, TALK_MAX = 16000 };

struct talk {
    struct ws *ws;
    size_t first;                /* number of this run's first message */
    int64_t *sent_us;            /* by number of the message in this run */
    double *ack_ms, *reply_ms;
    size_t n, acked, replied;    /* messages sent, and answered so far */
    size_t wanted;
    int greeted, next;           /* welcomes and histories seen; whose turn it is */
    const char *report; /* what the last member asks all the while, NULL: logs as all do */
    int reports;        /* asked and answered */
    int64_t asked_us;   /* of the one that is not answered; 0: none */
    double report_ms;   /* of all that were */
};

/* The frame of message `number`, said by member `i`; its length. */
size_t talk_frame(char out[TALK_FRAME], int i, size_t number);
void fill_cookie(int i, char *out);

void talk_open(struct talk *t, int port, void (*cookie)(int i, char *out));
/* Says hello and waits until every member was welcomed. */
void talk_greet(struct talk *t);
/* Sends `n` messages, `window` in flight, and waits for all the answers, a report's too. An
 * echo of the frame counts as acknowledgement and reply. The seconds it took. */
double talk_run(struct talk *t, int window, int n);
void talk_close(struct talk *t);

#endif
