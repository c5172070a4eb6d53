/* GET /metrics, for who watches over the machine: numbers without a name, and only for
 * somebody on this machine itself, whom no proxy speaks for. */
#include "bot/transport/web_private.h"

static void put(struct buf *b, const char *name, const char *kind, const char *help)
{
    buf_printf(b, "# HELP nemawashi_%s %s\n# TYPE nemawashi_%s %s\n", name, help, name, kind);
}

static void get_metrics(void *ctx, const struct serve_request *rq)
{
    struct web *w = ctx;
    if (!rq->loopback || rq->forwarded || !web_site_host_ok(&w->site, rq->host)) {
        serve_answer_text(w->serve, rq->id, 403, "metrics are for this machine");
        return;
    }
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    bool ok = !w->config.healthy || w->config.healthy(w->config.ctx);
    put(&b, "healthy", "gauge", "1 while events are being stored.");
    buf_printf(&b, "nemawashi_healthy %d\n", ok);
    put(&b, "sockets", "gauge", "Open connections of the web chat.");
    buf_printf(&b, "nemawashi_sockets %zu\n", serve_connections(w->serve));
    put(&b, "logins_total", "counter", "Login links that were good, and those that were not.");
    buf_printf(&b, "nemawashi_logins_total{link=\"good\"} %lld\nnemawashi_logins_total{link=\"bad\"} %lld\n",
        (long long)w->logins, (long long)w->bad_logins);
    put(&b, "limited_total", "counter", "What was refused because one address came too often.");
    static const char *const names[KNOCK__MAX] = { "login", "socket", "frame" };
    for (int i = 0; i < KNOCK__MAX; i++)
        buf_printf(&b, "nemawashi_limited_total{what=\"%s\"} %lld\n", names[i], (long long)w->limited[i]);
    static const struct serve_header fresh[] = { { "cache-control", "no-store" }, { 0 } };
    serve_answer(w->serve, rq->id, &(struct serve_answer){ .status = 200,
        .type = "text/plain; version=0.0.4; charset=utf-8", .body = buf_str(&b), .n = b.n, .headers = fresh });
    arena_finish(&mem);
}

void web_metrics_init(struct web *w)
{
    static const struct serve_route routes[] = { { "GET", "/metrics", 0, NULL, get_metrics } };
    serve_add_routes(w->serve, routes, sizeof routes / sizeof *routes, w);
}
