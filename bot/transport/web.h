/* The web chat: one page, one socket, one conversation a member. Turns frames into
 * events and deliveries into frames (bot/transport/web.md), serves the page, keeps the
 * door: Host and Origin must be ours, a login link is used once and by POST only.
 * Keeps nothing that must not be lost; the engine does. Loop thread only. */
#ifndef TRANSPORT_WEB_H
#define TRANSPORT_WEB_H

#include "bot/core/event.h"
#include "bot/net/serve.h"
#include "bot/text/catalogue.h"

struct web;

struct web_config {
    const struct catalogue *words;
    const char *public_url; /* NULL: none */
    bool demo;
    /* JSON array for the suggestions: [{"id","words":[],"summary","examples":[]}];
     * borrowed, may be NULL. */
    const char *(*commands_json)(void *ctx, int locale);
    void (*post)(void *ctx, struct event *e); /* takes it */
    bool (*healthy)(void *ctx);               /* for GET /healthz; NULL: always */
    void *ctx;
};

/* Adds the page, the socket and the login to `s`, which must outlive it and may carry
 * other routes as well. ERR_USAGE: a bad public URL. */
struct web *web_create(struct serve *s, const struct web_config *config, struct err *e);
/* After serve_close. NULL is fine. */
void web_destroy(struct web *w);

/* Sends it to whom it concerns and destroys it. */
void web_deliver(struct web *w, struct delivery *d);
/* "http://127.0.0.1:8787" or the public URL, without a slash; a login link is
 * <this>/login/<token>. */
const char *web_url(const struct web *w);

#endif
