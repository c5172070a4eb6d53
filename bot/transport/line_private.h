/* Inside of the LINE adapter. */
#ifndef TRANSPORT_LINE_PRIVATE_H
#define TRANSPORT_LINE_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include "bot/transport/lent.h"
#include "bot/transport/line.h"
#include "bot/transport/line_card.h"
#include "bot/transport/line_event.h"
#include "bot/transport/line_menu.h"
#include "bot/transport/line_token.h"

enum { LINE_PLAIN_MAX = 64, LINE_NAMES_MAX = 32, LINE_WAIT_MS = 1000,
    LINE_LINKED_MAX = 1024, LINE_SENT_MAX = 1024 };

/* A webhook whose events are on their way to the store. */
struct line_pending {
    struct line_pending *next;
    int64_t source;
    int left;
    bool failed;
};

/* An answer that somebody waits for. */
struct line_wait {
    struct line_wait *next;
    int64_t token, until_us;
    char *chat;
};

struct line_relay; /* line_relay.c */

/* The relay's host: being looked up on the courier's thread. */
enum { LINE_NOT_ASKED, LINE_FOUND, LINE_NOT_FOUND };

/* A webhook as it was posted, to us or to the relay. */
struct line_hook {
    int64_t source; /* the request's number; negative: minus the relay's */
    int64_t age_ms; /* since it was posted */
    const char *signature; /* NULL: none */
    const char *body;
    size_t n;
};

/* Whose chat shows the menu of which language. */
struct line_linked {
    char user[40];
    int locale;
};

struct line {
    struct serve *serve;
    struct loop *loop;
    struct http *http;
    struct line_config config;
    struct courier_network network;
    struct arena mem; /* what lives as long as the adapter */
    const char *api;  /* without a slash at its end */
    const char *secrets[3];
    struct line_tokens *tokens;
    struct lent *lent;       /* pictures that LINE may fetch */
    const char *lent_at;     /* their address but for the name; NULL: LINE can't fetch any */
    char *lent_key;          /* names are made of it */
    /* Loop thread: */
    struct line_pending *pending;
    struct line_wait *waits, **waits_end; /* oldest first */
    int64_t sentences;                    /* serial of those for strangers */
    int64_t refused_signatures, refused_bodies, unknown_events;
    struct line_relay *relay; /* NULL: none is set */
    atomic_int relay_resolved;
    atomic_bool relay_open; /* what is lent now is there in time */
    /* Loop and courier, under the lock: */
    pthread_mutex_t lock;
    char *access_token;       /* NULL: none yet */
    char *name;               /* of the account, as LINE shows it; NULL: not known */
    int64_t plain[LINE_PLAIN_MAX]; /* outbox rows whose card LINE refused */
    size_t n_plain;
    char sent[LINE_SENT_MAX][LINE_ID_MAX]; /* what we said in groups: a quote of it is for us */
    size_t n_sent;
    char *menus[LOCALE_MAX]; /* NULL: none is installed */
    struct line_linked linked[LINE_LINKED_MAX];
    size_t n_linked;
    atomic_bool marks_read;   /* LINE leaves it to us */
    atomic_llong used, quota; /* of the month; quota 0: no limit */
};

/* line_api.c. A request to LINE for `path`, its headers set; body NULL: GET. */
struct http_request *line_request(struct line *l, const char *path, const json_t *body);
void line_request_fill(struct line *l, struct http_request *r, const char *path, const json_t *body);
void line_submit(struct line *l, struct http_request *r,
    void (*done)(struct http_request *r, const struct http_response *a));
/* line_menu.c: asks which menus are installed; gives a member that of their language. */
void line_menu_ask(struct line *l);
void line_menu_link(struct line *l, const char *user, const char *tag);
void line_menu_finish(struct line *l);
/* Answers with a sentence, if a reply token of the chat is left. */
void line_say(struct line *l, const char *chat, const char *text);
/* The same in the language that the person's profile names. */
void line_say_in_their_language(struct line *l, const char *user, const char *key, const char *otherwise);
void line_show_loading(struct line *l, const char *user);
void line_mark_read(struct line *l, const char *read_token);
void line_ask_usage(struct line *l);
/* The token was refused: without a long-lived one another is fetched. */
void line_renew_token(struct line *l);
/* line.c: stores what is in it; then the answer goes where it came from. */
void line_take_hook(struct line *l, const struct line_hook *hook);
/* line_relay.c. 200, 400 and 401: the relay may forget the row; 503: it comes again. */
void line_relay_open(struct line *l);
void line_relay_settle(struct line *l, int64_t id, int status);
void line_relay_woken(struct line *l);
void line_relay_close(struct line_relay *r);
void line_relay_destroy(struct line_relay *r);
/* line_picture.c. Where LINE can fetch them, the first `max` pictures of the reply and its
 * files are lent, and their parts get the address (`url`); any thread. */
void line_picture_init(struct line *l);
void line_picture_lend(struct line *l, json_t *reply, int64_t row, int max);
void line_picture_finish(struct line *l);
/* line_send.c */
void line_send_init(struct line *l);
/* Is it one of the messages that we sent to groups of late? */
bool line_sent(struct line *l, const char *id);

/* The text at a dotted path, "" where there is none. */
const char *line_text_at(const json_t *v, const char *path);
/* Where LINE fetches a picture that is a message of its own; NULL: the part is none. */
const char *line_picture_url(const json_t *part);
/* A bubble of the reply's title and parts, without its buttons. */
json_t *line_bubble(struct arena *mem, const json_t *reply, bool title_only);
/* The buttons as a footer; NULL: none. */
json_t *line_footer(struct arena *mem, const json_t *buttons);
/* What a tap does; NULL: LINE can't hold it. `label_max` in units. */
json_t *line_action(struct arena *mem, const json_t *button, size_t label_max);

#endif
