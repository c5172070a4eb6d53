/* Inside of the web chat: web.c owns conversations, web_http.c the page and the login,
 * web_words.c the words of the page. */
#ifndef TRANSPORT_WEB_PRIVATE_H
#define TRANSPORT_WEB_PRIVATE_H

#include "bot/base/buf.h"
#include "bot/base/crypto.h"
#include "bot/transport/web.h"
#include "bot/transport/web_gate.h"
#include "bot/transport/web_site.h"

enum { WEB_HISTORIES = 8, WEB_PENDING = 256, WEB_PENDING_BYTES = 1 << 20 };

/* A message on its way to the engine. */
struct said {
    struct said *next;
    char *id;
    char *text;
};

/* One connection of one browser. */
struct chat {
    struct chat *next, *prev;
    int64_t id;
    int64_t member_id; /* 0: not known yet */
    int locale;
    char *session; /* the cookie's value, or NULL */
    char session_hash[SHA256_HEX];
    char address[GATE_ADDRESS];
    bool greeted, fallen_back;
    int64_t after;
    struct said *pending;
    size_t n_pending, pending_bytes;
    bool older[WEB_HISTORIES]; /* history asked for, in order */
    size_t n_histories;
};

struct web {
    struct serve *serve;
    struct web_config config;
    struct web_site site;
    struct web_gate gate;
    int64_t logins, bad_logins, limited[KNOCK__MAX]; /* since the start */
    char url[300];
    struct arena mem; /* what lives as long as the web chat */
    const char *strings[LOCALE_MAX]; /* JSON objects */
    struct chat *chats;
    struct web_file *files; /* the latest first */
    size_t file_bytes;
};

/* Catalogue messages that begin with `web.`, as a JSON object, for each locale. */
void web_words_init(struct web *w);
/* The sentence for a refusal. */
const char *web_refusal(const struct web *w, struct arena *mem, int locale, const char *code);

void web_http_init(struct web *w);
void web_metrics_init(struct web *w);
/* The answer to a login that waits as HTTP request `d->source`. */
void web_http_session(struct web *w, const struct delivery *d);
/* The answer to a phone that reads a calendar, as HTTP request `d->source`. */
void web_http_calendar(struct web *w, const struct delivery *d);
/* web_file.c. The JSON of deliveries to a member, with each file in it kept here for an hour
 * and its bytes replaced by a link; on `mem`, or the same text where there is none. */
const char *web_file_links(struct web *w, struct arena *mem, int64_t member, const char *json);
void web_file_init(struct web *w);
void web_file_finish(struct web *w);
/* Sends the sockets of a session to the login page. */
void web_forget_session(struct web *w, const char *session);
/* May the address knock so once more? */
bool web_admits(struct web *w, enum web_knock what, const char *address);

#endif
