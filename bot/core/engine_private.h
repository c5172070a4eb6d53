/* What the parts of the engine share. Private to engine*.c and remind.c. */
#ifndef CORE_ENGINE_PRIVATE_H
#define CORE_ENGINE_PRIVATE_H

#include <jansson.h>
#include "bot/base/crypto.h"
#include "bot/core/dispatch.h"
#include "bot/core/engine.h"
#include "bot/core/names.h"
#include "bot/core/own_days.h"
#include "bot/core/rate.h"
#include "bot/core/reader.h"
#include "bot/store/agenda.h"
#include "bot/store/follows.h"
#include "bot/store/inbox.h"
#include "bot/store/walls.h"

/* A message that was stored in this transaction and goes out when it is committed. */
struct pending {
    struct pending *next;
    struct delivery *ack; /* or: */
    int64_t message_id, member_id, at_ms;
    int locale;
    const char *handle, *conversation, *answers;
    const char *body; /* as stored; or, where it was just made: */
    json_t *reply;    /* owned */
    enum network network;
};

/* A question on its way to the desk and back. */
struct desk_job {
    struct desk_job *next;
    struct arena mem;
    struct call call;
    struct member member;
    int64_t inbox_id, source;
    char *remote_id;
    bool ok;
    struct err err;
};

struct held {
    struct held *next;
    int64_t member_id;
    char *conversation;
    struct event *events, **end;
};

/* How far engine_walls.c is: over, or behind `after` of a kind. */
struct engine_walls {
    bool known, over;
    bool newer; /* the rules of this process are other than those the store goes by */
    enum wall_kind kind;
    struct wall after;
    int moved;
    int64_t ticked_ms; /* when the clock's work was last done */
};

enum { ENGINE_LANES = 256, ENGINE_UNKEPT = 128 };

struct engine {
    struct engine_config config;
    struct db *db;
    struct names *names;
    struct phrases *phrases;
    struct rate rate;
    struct arena mem; /* of the transaction under way */
    struct own_days own_days;
    struct pending *pending, **pending_end;
    struct desk_job *jobs, **jobs_end; /* for the desk, once committed */
    struct desk_job *spare;            /* to be used again, or NULL */
    struct held *held;
    struct stranger *strangers; /* accounts of nobody known: engine_account.c */
    bool strangers_read;        /* those of an earlier run too */
    struct event *sent, **sent_end; /* outcomes not stored yet */
    int64_t lanes[ENGINE_LANES]; /* inbox rows to be answered next: each a conversation's first */
    int n_lanes, lane;           /* those before `lane` were looked at */
    struct event *homes; /* who looks at their page while their messages wait for answers */
    int sending[NETWORK__MAX];      /* at the courier */
    int64_t send_ms;                /* when the outbox has something for it; 0: look */
    char *send_key;                 /* of this store, makes its retry keys its own */
    struct engine_walls walls;
    int64_t expiry_ms;              /* next midnight of the team zone; 0: look */
    char unkept[ENGINE_UNKEPT][SHA256_HEX]; /* events that were answered but not stored, latest last */
    int n_unkept;
    bool demo;
    const char *web_url; /* NULL: no server runs */
    struct calendar_row *fetches; /* to be handed over once committed, on `mem` */
    int n_fetches;
    enum { LOG_STAYS, LOG_TO_CUT, LOG_CUT } cut_log; /* the file's log holds what was forgotten: engine_forget.c */
    int64_t cut_ms; /* when to try again */
    int64_t retention_ms; /* when notes are due to be erased */
};

/* expire.c: registrations that nobody was in touch about for too long. */
bool expire_due(struct engine *g, int64_t now, struct err *e) MUST_CHECK;
/* engine_retention.c: a slice of counting, or of erasing, the notes that are older than they are
 * kept, in the open transaction. `*more`: there is work left. */
bool engine_retention(struct engine *g, int64_t now, bool *more, struct err *e) MUST_CHECK;
/* Every administrator hears it, where they are; `say` makes the reply. */
bool engine_tell_admins(struct engine *g, void (*say)(struct call *c, const void *ctx), const void *ctx,
    struct err *e) MUST_CHECK;
/* engine_forget.c: a slice of the search for the name of somebody who was forgotten, in the open
 * transaction. `*more`: there is work left. With cut_log LOG_TO_CUT the log is to be cut behind it. */
bool engine_forget(struct engine *g, int64_t now, bool *more, struct err *e) MUST_CHECK;
/* When to look again; INT64_MAX: there is nothing that may expire. */
int64_t expire_next(struct engine *g, int64_t now);
void engine_call(struct engine *g, struct call *c, const struct member *m,
    enum network network, const char *conversation, int64_t now_ms);
/* Stores the call's replies as messages and notes them for delivery. */
bool engine_store_replies(struct engine *g, struct call *c, int64_t inbox,
    const char *answers, struct err *e) MUST_CHECK;
/* What goes out when the transaction is committed: a delivery as it is (owned), or the
 * acknowledgement of an event. */
void engine_add_delivery(struct engine *g, struct delivery *d);
void engine_add_ack(struct engine *g, const struct event *ev, int64_t message);
void engine_refuse_event(struct engine *g, const struct event *ev, const struct err *e);
/* engine_unstored.c: the store failed to take the event. A question is answered all the same,
 * without a trace; anything else is refused, in the member's language. Outside a transaction. */
void engine_unstored(struct engine *g, struct event *ev, const struct err *e);
/* Sends a reply that is not stored, as the answer to the event `answers` of connection
 * `source`; NULL and 0: to all of the member's. */
void engine_send_unstored(struct engine *g, const struct call *c, int64_t source, const char *answers,
    struct reply *r);
/* Was this one answered so? Then it only has to be stored as seen to, since its network brings
 * it until it is. */
bool engine_answered_unstored(const struct engine *g, const struct event *ev);
/* Stores the event as seen to, without its text, and acknowledges it. The inbox row; 0: error. */
int64_t engine_store_done(struct engine *g, const struct event *ev, struct err *e);
void engine_send_pending(struct engine *g);
void engine_drop_pending(struct engine *g);
/* engine_account.c: whose event it is. `*known` false: nobody's, and it was seen to. */
bool engine_know(struct engine *g, struct event *ev, bool *known, struct err *e) MUST_CHECK;
/* The language that somebody unknown seems to read: told by the network (`locale`), else
 * that of the text; both may be NULL. */
int engine_stranger_locale(const struct engine *g, const char *locale, const char *text);
/* engine_contact.c: follow, unfollow, unsend, usage. */
void engine_take_contact(struct engine *g, struct event *ev);
void engine_take_who(struct engine *g, struct event *ev);
/* Asks the networks who waits. Returns when there is more to ask. */
int64_t engine_ask_who(struct engine *g, int64_t now_ms);
void engine_take_form(struct engine *g, const struct event *ev);
void engine_take_home(struct engine *g, const struct event *ev);
void engine_drop_strangers(struct engine *g);
/* Where the bot speaks to a member without being asked: on the network that they used
 * last, if the courier brings messages there. */
struct place {
    enum network network;
    const char *conversation;
};
struct place engine_place(struct engine *g, int64_t member, struct err *e);
/* engine_message.c: stores, runs and answers one message; and one whose inbox row and line
 * (`note`) are stored. `message` is acknowledged; 0: it was. */
bool engine_take_message(struct engine *g, struct event *ev, struct err *e) MUST_CHECK;
bool engine_answer_event(struct engine *g, const struct member *m, struct event *ev,
    int64_t inbox, int64_t note, int64_t message, struct err *e) MUST_CHECK;
/* The text of an earlier message was changed. What it made a record of stays, and that is
 * said (`*told`); what could not be understood is simply read anew. */
bool engine_take_edit(struct engine *g, const struct member *m, struct event *ev, int64_t inbox,
    int64_t message, bool *told, struct err *e) MUST_CHECK;
/* engine_inbox.c: only stores the message of a member, and answers what is stored, in the
 * open transaction. Returns when there is more to answer. */
bool engine_keep_event(struct engine *g, struct event *ev, struct err *e) MUST_CHECK;
/* How much the member may say, with what waited since an earlier run counted. */
struct rate_member *engine_rate(struct engine *g, int64_t member, struct err *e);
int64_t engine_answer_waiting(struct engine *g, int64_t now_ms, struct err *e);
/* The conversation that waits for the desk, or NULL. */
struct held *engine_holding(struct engine *g, int64_t member, const char *conversation);
void engine_drop_job(struct engine *g, struct desk_job *job);
/* engine_walls.c: what is due at a wall time gets the instant by the zones' present rules, and
 * by a clock that was put back, in the open transaction. `*more`: not yet, nothing may be sent. */
bool engine_keep_walls(struct engine *g, int64_t now_ms, bool *more, struct err *e) MUST_CHECK;
void engine_walls_rolled_back(struct engine *g);
/* Reminders due at `now_ms`, inside the open transaction. */
bool remind_due(struct engine *g, int64_t now_ms, struct err *e) MUST_CHECK;
/* engine_regular.c: whoever logs gets a list on mornings, whoever leads a weekly digest, at
 * the hour and on the days that they chose; plans them for who just wrote, and makes those
 * due at `now_ms` messages, inside the open transaction. */
bool engine_plan_regular(struct engine *g, const struct member *m, struct err *e) MUST_CHECK;
bool engine_regular_due(struct engine *g, int64_t now_ms, struct err *e) MUST_CHECK;
/* remind_deal.c: tells a partner's user what became of its registration; false: it is
 * about something else. */
bool remind_decided(struct call *c, const struct follow *f);
/* engine_calendar.c: who reads a member's own calendar; what came of a fetch; and the calendars
 * due, handed over once that is committed (`ok`). Returns when the next one is due. */
void engine_take_calendar(struct engine *g, struct event *ev);
void engine_take_fetched(struct engine *g, struct event *ev);
bool engine_calendars_due(struct engine *g, int64_t now_ms, struct err *e) MUST_CHECK;
int64_t engine_fetch(struct engine *g, int64_t now_ms, bool ok);
/* Sessions, history and such: events that are no messages. */
void engine_ask_store(struct engine *g, struct event *ev);
/* False: the web session of the event was ended, or (e->code set) the store failed. */
bool engine_session_good(struct engine *g, const struct event *ev, struct err *e);
/* The web is told which sessions of `c->shut` are still good, once that is committed. */
bool engine_shut_sessions(struct engine *g, const struct call *c, struct err *e) MUST_CHECK;
void engine_send(struct engine *g, struct delivery *d);
/* Does the courier bring this network its messages? */
bool engine_couriered(const struct engine *g, enum network network);
/* Of the programs with a courier one runs at a time (the advisory lock): what an earlier one
 * had claimed is due at once. */
bool engine_send_start(struct engine *g, struct err *e) MUST_CHECK;
/* Claims what is due, in the open transaction; and hands it to the courier once that is
 * committed (`ok`), or drops it. Returns when there is more. */
bool engine_claim(struct engine *g, int64_t now_ms, struct delivery **list, struct err *e) MUST_CHECK;
int64_t engine_hand_over(struct engine *g, int64_t now_ms, struct delivery *list, bool ok);
/* Takes an outcome (owned), which is stored with whatever is stored next. */
void engine_take_sent(struct engine *g, struct event *ev);
/* Stores what was taken, in the open transaction, and forgets it once that is committed; or
 * all of it, in a transaction of its own: false if they wait for another try. */
bool engine_settle_sent(struct engine *g, struct err *e) MUST_CHECK;
void engine_drop_sent(struct engine *g);
bool engine_settle_now(struct engine *g);
int engine_locale(const struct engine *g, const struct member *m);
/* The delivery for one stored message, notes resolved for its member. */
struct delivery *engine_message(struct engine *g, struct pending *p);

#endif
