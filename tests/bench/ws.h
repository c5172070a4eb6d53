/* A small WebSocket client for many connections at once: enough of RFC 6455 to talk to
 * the bot on the loopback, and little enough that the client does not limit what is
 * measured. Ends the process where the peer breaks the protocol. */
#ifndef BENCH_WS_H
#define BENCH_WS_H

#include <stddef.h>

struct ws;
/* A text frame for connection `i`; terminated, borrowed for the call. */
typedef void ws_on_text(void *ctx, int i, char *text, size_t n);

/* Connects `n` sockets; `cookie` (NULL: none) gives the value of the i-th one's. */
struct ws *ws_open(int port, int n, void (*cookie)(int i, char *out));
void ws_close(struct ws *w);
void ws_send(struct ws *w, int i, const char *text, size_t n);
/* Waits for input of any connection and hands on the frames. */
void ws_wait(struct ws *w, ws_on_text *on_text, void *ctx);

#endif
