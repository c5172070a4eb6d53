/* The command table. One row a command; words, summary, help and examples come from
 * the catalogue under commands.<id>; usage is composed from `args`. Parsing, help,
 * permission, suggestions and the printed reference all read these rows. */
#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H

#include "bot/core/event.h"
#include "bot/core/frame.h"
#include "bot/core/reply.h"
#include "bot/store/db.h"
#include "bot/store/members.h"

struct call;
struct names;
struct phrases;
struct seasons;
struct teams;
struct warned;

/* What an argument may be; the reader resolves it before the handler runs. */
enum arg_type {
    ARG_END, ARG_PERSON, ARG_PARTNER, ARG_CUSTOMER, ARG_ORG, ARG_DEAL, ARG_RECORD,
    ARG_MEMBER, ARG_CHANNEL, ARG_MINUTES, ARG_WHEN, ARG_OUTCOME, ARG_STANCE, ARG_LEVEL,
    ARG_LAYER, ARG_MONEY, ARG_PERCENT, ARG_TYPE, ARG_MARKET, ARG_SILO, ARG_ORIGIN,
    ARG_MODEL, ARG_STAGE, ARG_HANDLE, ARG_TITLE, ARG_READING, ARG_ALIAS, ARG_SENIORITY,
    ARG_NAME, ARG_KPI, ARG_PERIOD, ARG_BY, ARG_SHOWN, ARG_TEXT, ARG_NOTE, ARG_LIST, ARG_ZONE,
    ARG_LOCALE, ARG_COMMAND, ARG_PRODUCT, ARG_PARTNER_STAGE, ARG_STATE,
    ARG_LANGUAGE, ARG_FLUENCY, ARG_ACCESS, ARG_ABSENCE, ARG_EVIDENCE, ARG_MANNER, ARG_TAG,
    ARG_LABEL, ARG_PART, ARG_CONFIDENCE, ARG_OBJECTION, ARG_PITCH, ARG_ANSWERED,
    ARG_RINGI_ACT, ARG_RINGI_KIND, ARG_RINGI_ORDER, ARG_MEDIUM,
    ARG_STYLE, ARG_FORMAT, ARG_INDUSTRY, ARG_NUMBER, ARG_HOW,
    ARG_DATED, ARG_SUPPORT, ARG_FILED, ARG_ACTIVITY, ARG_JOINT, ARG_TALLY,
    ARG_TRANSLATED, ARG_CAPABILITY, ARG_SOURCING, ARG_CAPTAG, ARG_SIGN,
    ARG_TASK, ARG_FILE, ARG_EDITABLE, ARG_DUTY,
    ARG_SALE, ARG_RELATION, ARG_LIST_PRICE, ARG_PHASE, ARG_ENDED, ARG_SETTLED,
    ARG_TEAM, ARG_FACTOR, ARG_BASE, ARG_MILESTONE, ARG_GATE, ARG_SOFTWARE, ARG_DRAFT, ARG_PLAN_ACT, ARG_CADENCE,
    ARG__MAX
};
enum { REQUIRED = 1, MANY = 2 };

struct arg {
    const char *name; /* label key: arg.<name> */
    enum arg_type type;
    int flags;
};

enum { IN_DM = 1, IN_CHANNEL = 2, ANYWHERE = 3 };
enum {
    CMD_WRITES = 1, /* journaled; undo takes it back */
    CMD_DESK = 2,   /* reads only and may take long: runs on the desk's connection */
    CMD_AHEAD = 4,  /* dates look ahead; otherwise back */
    CMD_RAW = 8,    /* the head is not read: `rest` has it verbatim */
    CMD_HIDDEN = 16, /* not in help: answers to questions */
    CMD_KNOWN = 32,  /* names only what is known: no new person or firm is offered */
    CMD_ANY_CUSTOMER = 128, /* a partner's user names any customer whole, not only those of its deals */
    CMD_READS = 256, /* reads only, but is quick: not for the desk */
    CMD_FINAL = 512, /* undo says that it can't be taken back: ID.final */
    CMD_NUMBERED = 64, /* its everyday word counts only before a deal's number: legal D12 */
};

struct command {
    const char *id;
    const struct arg *args; /* ended by {0}; NULL: none */
    int may;                /* ROLE_* bits, see members.h */
    int where;
    int flags;
    bool (*run)(struct call *c, struct err *e);
    /* Before `run`, on the engine's side: what a command that the desk runs needs of the
     * names in memory, left in c->prepared. NULL: nothing. */
    bool (*prepare)(struct call *c, struct err *e);
};

/* One message being answered. Everything hangs on `mem`. */
struct call {
    struct arena *mem;
    struct db *db;
    const struct catalogue *words;
    struct names *names;
    const struct member *member; /* who typed and who reads the answer */
    int locale;
    struct when_context when;
    int64_t now_ms; /* when the text was typed, not when it is answered */
    enum network network;
    const char *conversation;
    const char *remote_user; /* the member's account there; NULL: none is needed */
    const char *session; /* the hash of the web session in which it was typed; NULL: elsewhere */
    int64_t shut; /* the handler ended sessions of this member, whose sockets are closed; 0 */
    bool shared; /* others read along: what is not for all goes to the member alone */
    const struct command *command;
    struct frame *f;
    struct reply *replies, **replies_end;
    int64_t group; /* journal group; 0 in a reading command */
    int64_t replaces;    /* the bot's message that the first reply takes the place of; 0 */
    const char *text;    /* the message, verbatim */
    int64_t line_note;   /* its copy in note_text; 0: not kept */
    json_t *settled;     /* what answers to questions settled (ask.h); NULL: nothing */
    const struct phrases *phrases;
    const struct seasons *seasons; /* the team's, once a period was looked for */
    const struct teams *teams;     /* that members belong to, once one was looked for */
    void *prepared;
    const char *web_url; /* where the web chat is to be had; NULL: no server runs */
    bool latin; /* firms and people are named in Latin letters, where they can be */
    const struct warned *warned; /* what the answer warns of, kept with it; NULL: nothing */
    int n_warned;
    int32_t digest_day; /* the answer is the digest of this day, told with it; 0: it is none */
};

bool arg_accepts(const struct command *c, enum arg_type type);

/* The table: every family's rows (handlers/handlers.h), NULL at the end. */
extern const struct command *const commands[];
const struct command *command_find(const char *id);
/* How it is typed, composed from `args` in the reader's language. */
char *command_usage(struct arena *mem, const struct catalogue *words, int locale,
    const struct command *c);
/* JSON array for the web chat's suggestions, in one locale, for one role. */
char *commands_json(struct arena *mem, const struct catalogue *words, int locale);

/* Helpers that handlers share. */
char *call_text(struct call *c, const char *key, const struct msg_arg *args);
char *call_word(struct call *c, enum frame_word kind, const char *value);
char *call_ref(struct call *c, char kind, int64_t no); /* "T1042" */

#endif
