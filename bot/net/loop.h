/* The one thread that owns libwebsockets: sockets are served, timers fire and other
 * threads' results are picked up here. Everything registered with it is called on the
 * thread that runs loop_run. No type of libwebsockets leaves bot/net. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/err.h"

struct loop;

/* ERR_REMOTE where libwebsockets can't start. One a process. */
struct loop *loop_create(struct err *e);
/* After everything that uses the loop was closed. NULL is fine. */
void loop_destroy(struct loop *l);

/* Serves until loop_stop; may be called again, e.g. to let peers say goodbye. */
void loop_run(struct loop *l);
/* From any thread and from a signal handler: loop_run returns soon. */
void loop_stop(struct loop *l);
/* The same by itself after a while. Loop thread only. */
void loop_stop_after(struct loop *l, int64_t delay_ms);
/* From any thread: the on_wake function is called soon, once for any number of calls. */
void loop_wake(struct loop *l);
void loop_on_wake(struct loop *l, void (*run)(void *ctx), void *ctx);

/* Calls `run` once after `delay_ms`. Loop thread only. */
void loop_after(struct loop *l, int64_t delay_ms, void (*run)(void *ctx), void *ctx);

#endif
