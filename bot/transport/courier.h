/* The courier: brings the engine's messages to the networks that are reached by REST
 * calls, and tells what became of each. Owns no message for longer than a request lasts;
 * when to try again is the engine's affair (core/courier.h). A network is a pair of pure
 * functions; that is all it has to bring along to send. */
#ifndef TRANSPORT_COURIER_H
#define TRANSPORT_COURIER_H

#include "bot/core/event.h"
#include "bot/net/http.h"

/* One message under way, over all requests that it takes. For the network to use. */
struct courier_way {
    struct arena mem; /* lives as long as the message is under way */
    int step;         /* 0 at first */
    void *data;
};

struct courier_network {
    enum network network;
    void *ctx;
    /* Fills the request (its texts on out->mem) for one message. A network that can tell
     * repeats sends d->retry_key along; one that can't sets out->once. False: this
     * message can't be sent, ever; `why` goes to the log. */
    bool (*encode)(void *ctx, const struct delivery *d, struct http_request *out, struct err *e);
    /* What the end of the request means, answered or not; NULL: courier_judge. */
    enum send_outcome (*judge)(void *ctx, const struct delivery *d, const struct http_response *answer);
    /* Optional: false as long as it lacks what every request needs: SEND_LATER. */
    bool (*ready)(void *ctx);
    /* Not worth a request of its own just now: SEND_HELD. NULL: everything is. */
    bool (*holds)(void *ctx, const struct delivery *d);
    /* Optional: the answer asks for a further request at once (plain text instead of what
     * was not accepted, a file in three steps): fills it and returns true. */
    bool (*follow)(void *ctx, const struct delivery *d, struct courier_way *way,
        const struct http_response *answer, struct http_request *out);
    /* Optional: what the network calls a message that it took, NULL where it does not
     * say; comes back as d->replaces. */
    char *(*reference)(struct arena *mem, const struct http_response *answer);
    /* One message so often to a lane, `burst` of them at once; 0: as fast as they come. A
     * lane is the first lane(conversation) bytes of it; NULL: the whole conversation. */
    int pace_ms, burst;
    size_t (*lane)(const char *conversation);
};

/* By status alone: 2xx is done; 408, 425, 429, 5xx and no certain answer come again; any
 * other is final. */
enum send_outcome courier_judge(const struct http_response *answer);

struct courier_config {
    const struct courier_network *const *networks; /* ended by NULL */
    const char *proxy;                             /* NULL: none */
    /* One EVENT_SENT for each delivery; called on the courier's thread; owned by the
     * receiver. */
    void (*post)(void *ctx, struct event *ev);
    void *ctx;
};
struct courier;

/* Before other threads start. */
struct courier *courier_create(const struct courier_config *config, struct err *e);
void courier_destroy(struct courier *c); /* after courier_run has returned; NULL is fine */
unsigned courier_networks(const struct courier *c); /* bits 1 << network */

/* Any thread. Takes a DELIVERY_SEND over, with what goes along. */
void courier_send(struct courier *c, struct delivery *d);

/* Its HTTP client, for other requests of the same networks. */
struct http *courier_http(struct courier *c);

/* The thread: works until courier_stop. */
void courier_run(struct courier *c);
/* Any thread: what is under way has `grace_ms` left, the rest is returned untried, also
 * what comes from now on. */
void courier_drain(struct courier *c, int64_t grace_ms);
/* Any thread: courier_run returns when everything is answered. */
void courier_stop(struct courier *c);

#endif
