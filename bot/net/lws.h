/* What the files of bot/net share of libwebsockets. Included by no other layer. */
#ifndef NET_LWS_H
#define NET_LWS_H

#include <libwebsockets.h>
#include "bot/net/loop.h"

struct lws_context *loop_context(struct loop *l);

#endif
