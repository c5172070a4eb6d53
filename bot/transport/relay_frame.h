/* The frames between a bot and its relay (relay.h shows them), decoded and checked for both
 * ends. Pure: fit for a fuzzer. */
#ifndef TRANSPORT_RELAY_FRAME_H
#define TRANSPORT_RELAY_FRAME_H

#include "bot/transport/lent.h"

enum relay_frame_kind {
    RELAY_HOOK,     /* relay: a webhook */
    RELAY_LENT,     /* relay: it serves `item.name` */
    RELAY_NOT_LENT, /* relay: it takes no more */
    RELAY_ACK,      /* bot: `id` is stored, or never to be taken */
    RELAY_LEND,     /* bot: serve this */
    RELAY_OTHER,    /* of a newer program: to be passed over */
};

struct relay_frame {
    enum relay_frame_kind kind;
    int64_t id;      /* hook, ack: from 1 */
    int64_t age_ms;  /* hook */
    const char *signature;
    const char *body; /* hook: the bytes that were posted; NULL: they are none in base64 */
    size_t n;
    struct lent_item item; /* lend: all of it; lent, not_lent: its name */
};

/* Texts on `mem`. ERR_USAGE: it is no such frame. */
bool relay_frame_decode(struct arena *mem, const char *text, size_t n, struct relay_frame *f, struct err *e) MUST_CHECK;

#endif
