/* The relay: a small public host that takes LINE's webhooks for a bot that nobody can
 * reach. It keeps each raw body with its signature, answers 200, and hands the rows over a
 * WebSocket that the bot opened. It holds no channel secret and reads nothing; what it
 * lends for the bot, it keeps in memory. This is the loop's side: it stores nothing itself.
 *
 * Frames (JSON texts) on the socket `/relay`, opened with `Authorization: Bearer TOKEN`:
 *   relay: {"t":"hook","id":7,"age":12,"signature":"…","body":"base64"}
 *          `age`: milliseconds since it came; unacknowledged ones come again when the bot
 *          connects anew, oldest first
 *          {"t":"lent","name":"…"} or {"t":"not_lent","name":"…"}
 *   bot:   {"t":"ack","id":7}         stored, or never to be taken
 *          {"t":"lend","name":"…","type":"image/png","seconds":86400,"body":"base64"}
 *          served at GET /lent/NAME for so long, as long as the relay runs */
#ifndef TRANSPORT_RELAY_H
#define TRANSPORT_RELAY_H

#include "bot/net/serve.h"

enum { RELAY_BODY_MAX = 1024 * 1024, RELAY_FRAME_MAX = 3 * 512 * 1024, RELAY_ROWS = 16 };

struct relay_row {
    struct relay_row *next;
    int64_t id, received_ms;
    char *signature, *body; /* the body as base64 */
};
void relay_row_destroy(struct relay_row *row);

struct relay_config {
    const char *token;
    /* Store this, then relay_kept. `row` is the receiver's, without an id. */
    void (*keep)(void *ctx, int64_t request, struct relay_row *row);
    /* The first RELAY_ROWS rows behind `after`, please: relay_take_rows. */
    void (*want)(void *ctx, int64_t after);
    void (*drop)(void *ctx, int64_t id);
    void *ctx;
};
struct relay;

/* Texts must outlive it. Adds its routes and its socket to the server. */
struct relay *relay_create(struct serve *s, const struct relay_config *config);
void relay_destroy(struct relay *r); /* NULL is fine */
/* Loop thread: the row is on the disk with its id, or (NULL) could not be kept. Owned. */
void relay_kept(struct relay *r, int64_t request, struct relay_row *row);
/* The rows that were wanted, oldest first, `full` if there may be more. Owned. */
void relay_take_rows(struct relay *r, struct relay_row *rows, bool full);
/* They can't be read: the bot is to come again. */
void relay_no_rows(struct relay *r);

#endif
