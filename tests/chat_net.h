/* Transcripts over a network: what a member types becomes the payload that the network
 * would send, and what the bot says is what would be sent to it, both through the codec
 * that serves the real one. A network is one row of functions. */
#ifndef TESTS_CHAT_NET_H
#define TESTS_CHAT_NET_H

#include <jansson.h>
#include "bot/core/event.h"
#include "bot/text/catalogue.h"

struct chat_net; /* each codec's own */

struct chat_codec {
    const char *name; /* also the flag: --slack */
    enum network network;
    struct chat_net *(*open)(const struct catalogue *words);
    void (*close)(struct chat_net *s);
    /* The account of the member whose handle it is. */
    const char *(*account)(struct arena *mem, const char *handle);
    /* What `handle` types, and a tap on the button with this label of a message that was
     * sent as `sent`; NULL with `*why`: the codec made nothing of it, or there is no such
     * button. */
    struct event *(*say)(struct chat_net *s, const char *handle, const char *text, const char **why);
    struct event *(*tap)(struct chat_net *s, const char *handle, const json_t *sent,
        const char *label, const char **why);
    /* The message as its reader sees it there: text, then the labels of its buttons.
     * `*sent` is the caller's. NULL with `*why`: it would not be accepted. */
    char *(*read)(struct chat_net *s, struct arena *mem, const struct delivery *d, json_t **sent,
        const char **why);
};

extern const struct chat_codec chat_slack, chat_line;

/* Does what a locked phone shows hold a note of a private reply? */
bool shows_private(const json_t *reply, const char *notification);

#endif
