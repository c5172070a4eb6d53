/* What a browser may send over the web chat's socket, decoded and checked. Pure: fit
 * for a fuzzer. bot/transport/web.md shows the frames. */
#ifndef TRANSPORT_WEB_FRAME_H
#define TRANSPORT_WEB_FRAME_H

#include "bot/base/arena.h"

enum web_frame_kind { WEB_HELLO, WEB_SAY, WEB_OLDER, WEB_NEWER };

enum {
    WEB_FRAME_MAX = 65536, /* bytes of a frame */
    WEB_TEXT_MAX = 32000,  /* bytes of a message; fits a frame also when escaped */
    WEB_ID_MAX = 64,
};

struct web_frame {
    enum web_frame_kind kind;
    const char *id;     /* say: the client's own id, [A-Za-z0-9-], safe inside JSON */
    const char *text;   /* say: valid UTF-8, line breaks as \n */
    const char *as;     /* hello: a member's handle, or NULL */
    const char *locale; /* hello: a language tag, or NULL */
    int64_t number;     /* hello: after; older: before; newer: after */
};

/* False: `e->key` is web.refused.<code>, and `f->id` is set if it could be read, so that
 * the refusal can name the message. */
bool web_frame_decode(struct arena *mem, const char *text, size_t n, struct web_frame *f,
    struct err *e) MUST_CHECK;
/* The refusal's code: what follows the last dot of the key. */
const char *web_frame_code(const struct err *e);

#endif
