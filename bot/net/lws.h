/* What the files of bot/net share of libwebsockets. Included by no other layer. */
#ifndef NET_LWS_H
#define NET_LWS_H

#include <libwebsockets.h>
#include "bot/net/loop.h"

struct lws_context *loop_context(struct loop *l);
/* Frees `memory` once libwebsockets has let go of everything that points into it. */
void loop_keep(struct loop *l, void *memory);

#endif
