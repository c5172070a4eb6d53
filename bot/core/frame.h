/* What was read in a message: the frame that the reader fills and handlers use. All
 * names are resolved, all dates are instants. Text lives in the call's arena. */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include "bot/text/card.h"
#include "bot/text/money.h"
#include "bot/text/when.h"

enum { FRAME_PEOPLE = 32, FRAME_ORGS = 8, FRAME_REFS = 8, FRAME_KPIS = 12, FRAME_WORDS = 64,
    FRAME_DATED = 6 };

/* A record as people type it: T1042, D12, P3 … `no` is the typed number. */
struct ref {
    char kind; /* T M N C P A D F O R Q */
    int64_t no;
};

/* What the head may hold, besides people, firms and records: one word of the lexicon
 * each, as the English enum value, or NULL. In the order of the lexicon kinds. */
enum frame_word {
    WORD_CHANNEL, WORD_OUTCOME, WORD_STANCE, WORD_LEVEL, WORD_PARTNER_TYPE, WORD_MARKET,
    WORD_SILO, WORD_ORIGIN, WORD_MODEL, WORD_DEAL_ACT, WORD_STAGE, WORD_LAYER,
    WORD_TITLE, WORD_BY, WORD_SHOWN, WORD_LIST, WORD_PLACE, WORD_PARTNER_STAGE, WORD_ASK_ABOUT,
    WORD_YES, WORD_LOCALE, WORD_LANGUAGE, WORD_FLUENCY, WORD_ACCESS, WORD_ABSENCE,
    WORD_EVIDENCE, WORD_MANNER, WORD_PART, WORD_CONFIDENCE, WORD_OBJECTION,
    WORD_PITCH, WORD_ANSWERED, WORD_RINGI_ACT, WORD_RINGI_KIND, WORD_RINGI_ORDER, WORD_MEDIUM,
    WORD_STYLE, WORD_FORMAT, WORD_HOW,
    WORD_DATED, WORD_COMMISSION_MODE, WORD_INDIVIDUAL, WORD_SUPPORT, WORD_ACTIVITY, WORD_JOINT,
    WORD_CAPABILITY, WORD_SOURCING, WORD_CAPTAG, WORD_SIGN, WORD_TASK, WORD_EDITABLE, WORD_DUTY,
    WORD_SALE, WORD_RELATION, WORD_PHASE, WORD_ENDED, WORD_SETTLED,
    WORD_BASE, WORD_MILESTONE, WORD_GATE, WORD_DRAFT, WORD_ZONE, WORD_PLAN_ACT, WORD_CADENCE,
    WORD__MAX
};
extern const char *const frame_word_kinds[WORD__MAX];

struct frame {
    const char *typed; /* the whole message, verbatim */
    const char *note;  /* verbatim; NULL: none */
    bool separated;    /* a colon or line break ended the head */
    bool runs_on;      /* so long without one that the rest is note, unread */
    bool off_by_phrase; /* words inside the note made it off the record */
    const char *cues[8]; /* cue tags read in the note: silent, will_consider … */
    int n_cues;

    struct ref refs[FRAME_REFS];
    int n_refs;
    int64_t people[FRAME_PEOPLE], partners[FRAME_ORGS], customers[FRAME_ORGS],
        members[FRAME_ORGS];
    int n_people, n_partners, n_customers, n_members;
    /* All of these and what was named by number, as typed; of a circuit also titles (L, labels[no]). */
    struct ref named[FRAME_PEOPLE];
    int n_named;
    bool from_person; /* people[source] was named by `from`: the source of a note */
    int source;
    const char *labels[FRAME_PEOPLE]; /* present but not identified: 部長 */
    int n_labels;
    /* Beside each of people[] and labels[]: the stance typed right behind; NULL: none. */
    const char *stances[FRAME_PEOPLE], *label_stances[FRAME_PEOPLE];
    int others; /* "+ 2" */

    const char *word[WORD__MAX];
    const char *honorific; /* as typed behind a person's name: 様, さん */

    int minutes; /* 0: none typed */
    struct when_token pieces[6];
    int n_pieces;
    struct when when; /* resolved in the command's direction */

    struct {
        const char *what; /* WORD_DATED: enrolled, due …; WORD_PARTNER_STAGE */
        int32_t day;      /* 0: none was typed beside it */
        bool through;     /* until, まで: that day is the last */
    } dated[FRAME_DATED];
    int n_dated;

    bool has_money;
    struct money money;
    bool has_list;
    struct money list_price; /* behind the words for it */
    int64_t co_owner; /* a member behind that word; 0: none */
    bool dollar; /* a bare $ was typed: the echo prints the ISO code */
    int percent_bp; /* -1: none */
    bool has_renewal;
    int renewal_bp; /* renewal 10% */
    const char *unknown; /* behind type or silo: what is none, as typed; NULL */
    const char *unknown_kind; /* partner_type, silo, seniority */
    bool has_number;
    int64_t number; /* 60 accounts, 60社 */
    bool has_leads, has_meetings;
    int64_t leads, meetings; /* leads 40, リード40件 */
    const char *outsourced_to;   /* a firm, as typed */
    const char *translated_from; /* a market, as typed where it is none of ours */
    const char *file;            /* deck.pptx */
    const char *editable[4];     /* WORD_EDITABLE: original, none, image, localised */
    int n_editable;
    const char *captags[6];      /* WORD_CAPTAG: media, analytics … */
    int n_captags;

    struct {
        const char *network, *handle; /* line:tanaka_t */
    } reach[4];
    int n_reach;
    const char *evidence[3]; /* power, stake, sells */
    int n_evidence;
    const char *team, *factor; /* team Tokyo, factor 2.5 */
    const char *zone;          /* behind the word for it, as typed: zone Australia/Sydney */
    const char *tag, *tag_firm; /* trained_at Oracle */
    const char *manners[FRAME_PEOPLE]; /* of labels[i]: silent, asleep */
    struct {
        int64_t person;
        const char *manner;
    } kept_quiet[FRAME_PEOPLE]; /* of people */
    int n_quiet;
    const char *name;               /* a new name: contact 佐々木 …, partner Foo */
    const char *reading, *product, *industry, *aliases[8];
    int n_aliases, seniority;

    const char *kpis[FRAME_KPIS]; /* "K6" */
    int n_kpis;
    bool has_period;
    int n_periods;
    struct period period;

    struct card *card; /* what a pasted signature says; NULL: none was pasted */

    const char *words[FRAME_WORDS]; /* what could not be placed, as typed */
    int n_words;
    const char *rest; /* everything behind the verb, verbatim: find, zone, lang */
};

/* Was the fact typed? `*day`: the day beside it, else `otherwise`; left alone where not. */
bool frame_dated(const struct frame *f, const char *what, int32_t otherwise, int32_t *day);

#endif
