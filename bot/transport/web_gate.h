/* How often one address may knock: logins, new sockets and frames in a minute, whoever is
 * behind it. What one member may say is the engine's (core/rate.h). In memory, of fixed
 * size; knows no socket. */
#ifndef TRANSPORT_WEB_GATE_H
#define TRANSPORT_WEB_GATE_H

#include <stdbool.h>
#include <stdint.h>
#include "bot/net/serve.h"

enum web_knock { KNOCK_LOGIN, KNOCK_OPEN, KNOCK_FRAME, KNOCK__MAX };
enum { GATE_SLOTS = 1024, GATE_ADDRESS = 48 };

struct web_gate {
    struct gate_slot {
        char address[GATE_ADDRESS];
        int64_t at_ms;
        double left[KNOCK__MAX];
    } slots[GATE_SLOTS];
};

/* Who counts as one: an IPv4 address, or the network (/64) of an IPv6 one. Of a request that
 * a proxy on this machine hands on (`proxied`: there is one) what the proxy saw, the last in
 * X-Forwarded-For. Empty: somebody on this machine itself. */
void web_gate_address(const struct serve_request *rq, bool proxied, char out[GATE_ADDRESS]);
/* May it? Somebody on this machine is counted at logins alone. */
bool web_gate_pass(struct web_gate *g, enum web_knock what, const char *address, int64_t now_ms);

#endif
