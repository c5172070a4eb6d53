#include "bot/net/loop.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/log.h"
#include "bot/net/lws.h"

struct timer {
    lws_sorted_usec_list_t sul; /* first: the callback gets its address */
    struct timer *next;
    struct loop *loop;
    void (*run)(void *ctx);
    void *ctx;
};

struct loop {
    struct lws_context *context;
    atomic_bool stop, woken;
    void (*on_wake)(void *ctx);
    void *wake_ctx;
    struct timer *timers;
    void **kept;
    size_t n_kept, cap_kept;
};

static void to_log(int level, const char *line)
{
    int n = (int)strcspn(line, "\n");
    if (level & LLL_ERR)
        log_error("sockets: %.*s", n, line);
    else
        log_warn("sockets: %.*s", n, line);
}

struct loop *loop_create(struct err *e)
{
    lws_set_log_level(LLL_ERR | LLL_WARN, to_log);
    /* It would send every client connection, loopback too, through this proxy. */
    (void)unsetenv("http_proxy");
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .pt_serv_buf_size = 16384,
        .max_http_header_data = 8192, /* the default 4096 drops larger ones unanswered */
        .gid = -1,
        .uid = -1,
    };
    struct lws_context *context = lws_create_context(&info);
    if (!context) {
        (void)fail(e, ERR_REMOTE, NULL, NULL, "libwebsockets could not start");
        return NULL;
    }
    struct loop *l = xcalloc(1, sizeof *l);
    l->context = context;
    return l;
}

void loop_destroy(struct loop *l)
{
    if (!l)
        return;
    for (struct timer *t = l->timers, *next; t; t = next) {
        next = t->next;
        lws_sul_schedule(l->context, 0, &t->sul, NULL, LWS_SET_TIMER_USEC_CANCEL);
        free(t);
    }
    lws_context_destroy(l->context);
    for (size_t i = 0; i < l->n_kept; i++)
        free(l->kept[i]);
    free(l->kept);
    free(l);
}

void loop_keep(struct loop *l, void *memory)
{
    GROW(l->kept, l->cap_kept, l->n_kept);
    l->kept[l->n_kept++] = memory;
}

struct lws_context *loop_context(struct loop *l)
{
    return l->context;
}

void loop_run(struct loop *l)
{
    while (!atomic_exchange(&l->stop, false)) {
        if (lws_service(l->context, 0) < 0)
            return;
        if (atomic_exchange(&l->woken, false) && l->on_wake)
            l->on_wake(l->wake_ctx);
    }
}

void loop_stop(struct loop *l)
{
    atomic_store(&l->stop, true);
    lws_cancel_service(l->context);
}

void loop_wake(struct loop *l)
{
    /* Who finds it set already: the wake-up on its way comes after this one's work. */
    if (!atomic_exchange(&l->woken, true))
        lws_cancel_service(l->context);
}

void loop_on_wake(struct loop *l, void (*run)(void *ctx), void *ctx)
{
    l->on_wake = run;
    l->wake_ctx = ctx;
}

static void forget(struct timer *t)
{
    struct timer **at = &t->loop->timers;
    while (*at != t)
        at = &(*at)->next;
    *at = t->next;
}

static void fire(lws_sorted_usec_list_t *sul)
{
    struct timer *t = (struct timer *)sul;
    forget(t);
    t->run(t->ctx);
    free(t);
}

void loop_after(struct loop *l, int64_t delay_ms, void (*run)(void *ctx), void *ctx)
{
    struct timer *t = xcalloc(1, sizeof *t);
    *t = (struct timer){ .loop = l, .run = run, .ctx = ctx };
    t->next = l->timers;
    l->timers = t;
    lws_sul_schedule(l->context, 0, &t->sul, fire, delay_ms * LWS_US_PER_MS);
}

static void stop_now(void *ctx)
{
    loop_stop(ctx);
}

void loop_stop_after(struct loop *l, int64_t delay_ms)
{
    loop_after(l, delay_ms, stop_now, l);
}
