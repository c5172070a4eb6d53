/* Inside of Slack: slack.c connects, slack_envelope.c takes what comes, slack_people.c
 * asks who people are and shows them pages and forms. */
#ifndef TRANSPORT_SLACK_PRIVATE_H
#define TRANSPORT_SLACK_PRIVATE_H

#include "bot/net/dial.h"
#include "bot/transport/slack.h"
#include "bot/transport/slack_call.h"
#include "bot/transport/slack_in.h"
#include "bot/transport/slack_link.h"

enum { SLACK_SOCKETS = 8, SLACK_SLOTS = 4096, SLACK_READERS = 1024, SLACK_ID = 256, SLACK_TAG = 16 };

struct slack_socket {
    struct slack *slack;
    struct dial *dial; /* NULL: free */
    int64_t number;
};

/* An envelope that waits to be stored; `source` of its event says which. */
struct slack_slot {
    int64_t source, socket; /* source 0: free */
    char envelope[SLACK_ID], user[SLACK_ID], account[SLACK_ID];
    bool page; /* tapped on the page, which is out of date then */
};

struct slack {
    struct slack_config config;
    struct arena mem; /* what lives as long as Slack */
    struct slack_calls calls;
    struct slack_self self;
    struct slack_link link;
    struct slack_socket sockets[SLACK_SOCKETS];
    char *url, *address; /* for the connection to come */
    int64_t timer_ms, sources;
    int attempts; /* of auth.test */
    bool stopping;
    struct slack_slot *slots;                                        /* a ring */
    struct {
        char user[SLACK_ID], locale[SLACK_TAG];
    } *readers; /* the languages of those who wrote, by a hash of who */
};

/* slack.c */
void slack_send_frame(struct slack *s, int64_t socket, const char *text, size_t n);
void slack_do_todo(struct slack *s);
int64_t slack_now_ms(void);

/* slack_envelope.c */
void slack_take_text(struct slack *s, int64_t socket, const char *text, size_t n);
void slack_take_ack(struct slack *s, const struct delivery *d);

/* slack_people.c */
void slack_open_form(struct slack *s, const struct slack_in *in);
void slack_fill_form(struct slack *s, const struct delivery *d);
void slack_say(struct slack *s, const char *conversation, const char *user, const char *text);
void slack_ask_who(struct slack *s, const struct delivery *d);
void slack_publish(struct slack *s, const struct delivery *d);
int slack_locale(const struct slack *s, const char *user);
void slack_learn_locale(struct slack *s, const char *user, const char *locale);
void slack_look_home(struct slack *s, const char *account);

#endif
