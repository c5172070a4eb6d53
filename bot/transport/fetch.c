#include "bot/transport/fetch.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/text/ical.h"
#include "bot/text/utf8.h"

enum { TIMEOUT_MS = 10000, STATUS_OK = 200 };

/* What is being fetched. */
struct fetching {
    const struct fetch *f;
    int64_t id;
};

static const char *refusal_of(const struct http_response *a)
{
    size_t bad;
    if (a->inside)
        return "calendar.why.inside";
    if (a->cut)
        return "calendar.too_long";
    if (a->result != HTTP_ANSWERED)
        return "calendar.why.unreached";
    if (a->status != STATUS_OK)
        return "calendar.why.status";
    /* An event's text is a string: what is none must not be cut at a zero. */
    bool text = strlen(a->body) == a->body_size;
    for (const char *s = a->body; text && *s;) { /* a calendar's lines end in CR LF */
        size_t n = strcspn(s, "\r");
        text = utf8_valid(s, n, &bad);
        s += n + (s[n] == '\r');
    }
    return text ? NULL : "calendar.letters";
}

static void on_done(struct http_request *r, const struct http_response *a)
{
    const struct fetching *g = r->user;
    struct event *ev = event_create(EVENT_FETCHED, NETWORK_CONSOLE, 0);
    ev->used = g->id;
    ev->status = a->status;
    ev->refusal = refusal_of(a);
    ev->text = ev->refusal ? NULL : xstrdup(a->body);
    ev->received_ms = clock_now_ms();
    g->f->post(g->f->ctx, ev);
}

void fetch_calendar(const struct fetch *f, int64_t id, const char *url)
{
    struct http_request *r = http_request_create();
    struct fetching *g = ARENA_NEW(&r->mem, struct fetching);
    *g = (struct fetching){ f, id };
    r->url = arena_strdup(&r->mem, url);
    r->headers[0] = "Accept: text/calendar";
    r->timeout_ms = TIMEOUT_MS;
    r->max_body = ICAL_BYTES;
    r->public_only = true;
    r->done = on_done;
    r->user = g;
    http_submit(f->http, r);
}
