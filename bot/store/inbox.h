/* What arrived, what was said, what waits: events, conversation, open questions and
 * drafts. */
#ifndef STORE_INBOX_H
#define STORE_INBOX_H

#include "bot/store/db.h"

struct inbox {
    int64_t id, member_id, received_ms, done_ms;
    int64_t message_id; /* the member's own line; 0: not stored yet */
    int64_t note_id;    /* of that line; inbox_load only */
    const char *network, *remote_id, *conversation, *hash, *body;
    const char *sender; /* the account, where member_id is 0: nobody known */
    const char *message; /* the network's id of what was said; not from inbox_find */
};
/* The event with this id, if it came before. False with ERR_NONE if it is new. */
bool inbox_find(struct db *db, struct arena *mem, const char *network, int64_t member,
    const char *remote_id, struct inbox *out, struct err *e);
/* The same of an event whose sender is no member. */
bool inbox_find_sender(struct db *db, struct arena *mem, const char *network, const char *sender,
    const char *remote_id, struct inbox *out, struct err *e);
/* What the member said as `message` (the network's id of it, or a remote id), then edits. */
int inbox_of_message(struct db *db, struct arena *mem, const char *network, int64_t member,
    const char *message, struct inbox *out, int max, struct err *e);
/* Was `message`, of the event `id` (INT64_MAX: not stored yet) at `at_ms`, edited or taken
 * back later, or at the same time by an event that came before? */
bool inbox_overtaken(struct db *db, const char *network, int64_t member, const char *message,
    int64_t at_ms, int64_t id, struct err *e);
/* `body` NULL: already done at `done_ms`. Returns the id, 0 on error. */
int64_t inbox_add(struct db *db, const struct inbox *in, struct err *e);
/* The same of a member's event that is answered later. 0 with ERR_NONE: it came before. */
int64_t inbox_keep(struct db *db, const struct inbox *in, struct err *e);
/* It is to be answered later: the body stays with it until then. */
bool inbox_wait(struct db *db, int64_t id, const char *body, struct err *e) MUST_CHECK;
/* Marks it done and forgets the body. */
bool inbox_done(struct db *db, int64_t id, int64_t now_ms, struct err *e) MUST_CHECK;
/* How many events of the member are not answered yet. */
int64_t inbox_count_waiting(struct db *db, int64_t member, struct err *e);
/* The oldest event not answered yet of each conversation, or of those of `member` alone;
 * oldest first. */
int inbox_waiting(struct db *db, int64_t member, int64_t *out, int max, struct err *e);
/* False with ERR_NONE: there is none. */
bool inbox_load(struct db *db, struct arena *mem, int64_t id, struct inbox *out, struct err *e);

/* What waits until it is known who `sender` is, oldest first. */
int inbox_of_sender(struct db *db, struct arena *mem, const char *network, const char *sender,
    struct inbox *out, int max, struct err *e);
/* Networks and accounts for which something waits: pairs in out[].network and .sender. */
int inbox_senders(struct db *db, struct arena *mem, struct inbox *out, int max, struct err *e);
/* The event is the member's. */
bool inbox_adopt(struct db *db, int64_t id, int64_t member, const char *hash, struct err *e) MUST_CHECK;

struct message {
    int64_t id, member_id, at_ms, inbox_id, note_id;
    int64_t replaces; /* message_add only */
    const char *network, *conversation;
    const char *body; /* of the bot's messages; NULL once a network has it */
    bool out;                                  /* said by the bot */
    const char *answers; /* remote id of the event it answers; read only */
};
int64_t message_add(struct db *db, const struct message *m, struct err *e);
/* False with ERR_NONE: there is none. */
bool message_find(struct db *db, struct arena *mem, int64_t id, struct message *out,
    struct err *e);
/* Newer than `after` (oldest first), or the `max` just before `before` (oldest first). */
int message_list(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t after, int64_t before, struct message *out, int max, struct err *e);
/* When the member last said something there; 0: never. */
int64_t message_latest(struct db *db, int64_t member, const char *conversation, struct err *e);
/* What the network calls the message that `id` replaces; NULL: nothing. */
char *message_replaced(struct db *db, struct arena *mem, int64_t id, struct err *e);
int message_answers(struct db *db, struct arena *mem, int64_t inbox, struct message *out,
    int max, struct err *e);

struct ask {
    int64_t id, member_id, note_id, received_ms;
    const char *conversation, *code, *bindings, *options;
};
int64_t ask_add(struct db *db, const struct ask *a, int64_t now_ms, struct err *e);
/* The latest open question of the conversation (id 0), or the one with the id. False
 * with ERR_NONE if there is none. */
bool ask_find(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t id, struct ask *out, struct err *e);
/* What the member typed since `since_ms` that nothing came of yet, newest first. */
int draft_list(struct db *db, struct arena *mem, int64_t member, int64_t since_ms,
    struct ask *out, int max, struct err *e);
/* Drops the open questions about a line. */
bool ask_drop_of_note(struct db *db, int64_t member, int64_t note, struct err *e) MUST_CHECK;
/* state: answered or dropped */
bool ask_close(struct db *db, int64_t id, const char *state, struct err *e) MUST_CHECK;

#endif
