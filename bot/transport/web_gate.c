#include "bot/transport/web_gate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* An office of a hundred behind one address, all of whose pages come back at once after a
 * restart, must not notice. A token of 256 bits is not guessed; it is load that is bounded. */
static const double burst[KNOCK__MAX] = { [KNOCK_LOGIN] = 20, [KNOCK_OPEN] = 400, [KNOCK_FRAME] = 3000 };
static const double per_minute[KNOCK__MAX] = { [KNOCK_LOGIN] = 20, [KNOCK_OPEN] = 400, [KNOCK_FRAME] = 3000 };

/* False: it is no address. */
static bool one_of(const char *text, char out[GATE_ADDRESS])
{
    unsigned char v4[4], v6[16];
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    bool is_v4 = inet_pton(AF_INET, text, v4) == 1;
    if (!is_v4 && inet_pton(AF_INET6, text, v6) != 1)
        return false;
    if (!is_v4 && !memcmp(v6, mapped, sizeof mapped)) {
        memcpy(v4, v6 + sizeof mapped, sizeof v4);
        is_v4 = true;
    }
    if (!is_v4) {
        memset(v6 + 8, 0, 8);
        return inet_ntop(AF_INET6, v6, out, GATE_ADDRESS) != NULL;
    }
    return inet_ntop(AF_INET, v4, out, GATE_ADDRESS) != NULL;
}

void web_gate_address(const struct serve_request *rq, bool proxied, char out[GATE_ADDRESS])
{
    out[0] = '\0';
    if (!rq->loopback) {
        if (!rq->address || !one_of(rq->address, out))
            (void)snprintf(out, GATE_ADDRESS, "?");
        return;
    }
    const char *last = rq->forwarded ? strrchr(rq->forwarded, ',') : NULL;
    last = last ? last + 1 : rq->forwarded;
    if (!proxied || !last)
        return;
    char text[GATE_ADDRESS];
    last += strspn(last, " \t");
    size_t n = strcspn(last, " \t");
    if (n >= sizeof text)
        n = sizeof text - 1;
    memcpy(text, last, n);
    text[n] = '\0';
    if (!one_of(text, out))
        (void)snprintf(out, GATE_ADDRESS, "?"); /* all who are not to be told apart are one */
}

static struct gate_slot *slot_of(struct web_gate *g, const char *address, int64_t now_ms)
{
    struct gate_slot *oldest = g->slots;
    for (struct gate_slot *s = g->slots; s < g->slots + GATE_SLOTS; s++) {
        if (s->at_ms && !strcmp(s->address, address))
            return s;
        if (s->at_ms < oldest->at_ms)
            oldest = s;
    }
    (void)snprintf(oldest->address, sizeof oldest->address, "%s", address);
    oldest->at_ms = now_ms > 0 ? now_ms : 1;
    memcpy(oldest->left, burst, sizeof burst);
    return oldest;
}

bool web_gate_pass(struct web_gate *g, enum web_knock what, const char *address, int64_t now_ms)
{
    if (!*address && what != KNOCK_LOGIN)
        return true;
    struct gate_slot *s = slot_of(g, address, now_ms);
    double minutes = now_ms > s->at_ms ? (double)(now_ms - s->at_ms) / 60000.0 : 0;
    for (int i = 0; i < KNOCK__MAX; i++) {
        s->left[i] += minutes * per_minute[i];
        if (s->left[i] > burst[i])
            s->left[i] = burst[i];
    }
    if (now_ms > s->at_ms)
        s->at_ms = now_ms;
    if (s->left[what] < 1)
        return false;
    s->left[what] -= 1;
    return true;
}
