/* The engine: the one writer of the store. Takes all waiting events, runs each in a
 * savepoint, commits once, then hands out acks and replies. Runs inline in the console
 * and in tests, in a thread of its own under `serve`. Knows no socket and no thread. */
#ifndef CORE_ENGINE_H
#define CORE_ENGINE_H

#include "bot/core/event.h"
#include "bot/store/db.h"
#include "bot/text/catalogue.h"

struct engine;
struct desk_job;

struct engine_config {
    const char *db_path;
    const struct catalogue *words;
    const char *team_zone; /* reporting zone */
    const char *admin;     /* the first administrator, or NULL: a handle, or an account such
                            * as slack:U1, which becomes one */
    /* What the engine has to say; the delivery is the receiver's. */
    void (*deliver)(void *ctx, struct delivery *d);
    /* Hands a question to the desk; NULL: the engine answers it itself. */
    void (*to_desk)(void *ctx, struct desk_job *job);
    /* Hands a message to the courier; one EVENT_SENT must answer it. */
    void (*to_courier)(void *ctx, struct delivery *d);
    /* Fetches the calendar at an address; one EVENT_FETCHED with its `id` must answer it. NULL:
     * calendars are left to the server. */
    void (*fetch)(void *ctx, int64_t id, const char *url);
    /* Does a network wait for an acknowledgement, so that answers should? NULL: never. */
    bool (*pressed)(void *ctx);
    unsigned introduced; /* bits 1 << network: an account of these becomes a member (a rep)
                          * when the network has told who it is; others send a code */
    unsigned couriered; /* bits 1 << network: these the courier serves; `deliver` gets
                         * the messages of all others */
    unsigned together; /* bits: a conversation's messages go out in one request */
    unsigned unveiled; /* bits: there is no way to show something to one person alone where
                        * others read along; what is private goes to their own conversation */
    void *ctx;
    bool rate_limited; /* 120 messages a minute and member, burst 60, on networks */
    enum network unasked; /* where reminders go */
    int64_t only_member;  /* clock work of this member alone; 0: everybody's */
    bool digests;         /* sends what comes at regular hours to those whom it is for */
    const char *locale;   /* answers everybody in this language; NULL: each in theirs */
};

struct engine *engine_create(const struct engine_config *config, struct err *e);
void engine_destroy(struct engine *g); /* NULL is fine */

/* Where the web chat of the server is, for answers that name it; borrowed. */
void engine_set_web_url(struct engine *g, const char *url);

/* Takes the list (owned): one transaction, then the deliveries. What comes from a network
 * that the courier serves is only stored and acknowledged, all else is answered. */
void engine_take(struct engine *g, struct event *list);
/* Clock work due at clock_now_ms(): reminders, what waits in the inbox, the courier's
 * messages and what became of them, in one transaction. Returns when to call again (ms
 * UTC), or INT64_MAX. */
int64_t engine_tick(struct engine *g);

/* The desk: answers one question on its own read-only connection (its own thread). The
 * finished job goes back through engine_take_answers. */
struct desk;
struct desk *desk_create(const struct engine_config *config, struct err *e);
void desk_destroy(struct desk *d);
void desk_answer(struct desk *d, struct desk_job *job);
void engine_take_answers(struct engine *g, struct desk_job *list);

/* Another program wrote: reads the names that it changed. */
bool engine_look_around(struct engine *g, struct err *e) MUST_CHECK;

/* For programs that prepare a store: */
struct db *engine_db(struct engine *g);
bool engine_names_changed(struct engine *g, struct err *e); /* reload names after a seed */

#endif
