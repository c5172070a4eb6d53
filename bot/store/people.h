/* People outside the team, the firms they work for, their names and messengers, and
 * who champions us where. */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "bot/store/db.h"

struct person {
    int64_t id;
    const char *name, *title, *department, *honorific, *language;
    int seniority; /* 1 most senior .. 5; 0 unknown */
    int64_t partner_id, customer_id, note_id; /* 0: none */
    const char *source;
    /* read only: */
    const char *org; /* name of the partner or customer, NULL if none */
    int64_t last_ms; /* latest touch point with the person, 0 if none; person_list only */
};
struct partner {
    int64_t id;
    const char *name, *type, *market, *silo, *stage;
    int commission_bp; /* -1 unknown */
    const char *commission_mode; /* commission, of first-year value; discount, off list; NULL: the former */
    int renewal_bp;              /* commission on renewals; 0: none */
    int first_level;             /* support: 1 gives it, -1 does not, 0 unknown */
    const char *support_language;
    bool person; /* who opens doors without a firm */
    int32_t agreement_day, signed_day, ended_day; /* 0 unknown */
    const char *source;
};
struct customer {
    int64_t id;
    const char *name, *market, *industry, *source;
};

/* load: false with ERR_NONE where there is no such record (or it was undone). */
bool person_load(struct db *db, struct arena *mem, int64_t id, struct person *out, struct err *e);
bool partner_load(struct db *db, struct arena *mem, int64_t id, struct partner *out, struct err *e);
bool customer_load(struct db *db, struct arena *mem, int64_t id, struct customer *out, struct err *e);
/* The latest touch point with the person, 0 if none. */
int64_t person_last_ms(struct db *db, int64_t id, struct err *e);
int64_t person_add(struct db *db, const struct person *p, int64_t now_ms, struct err *e);
int64_t partner_add(struct db *db, const struct partner *p, int64_t now_ms, struct err *e);
int64_t customer_add(struct db *db, const struct customer *c, int64_t now_ms, struct err *e);
bool person_update(struct db *db, const struct person *p, struct err *e) MUST_CHECK;
bool partner_update(struct db *db, const struct partner *p, struct err *e) MUST_CHECK;
bool customer_update(struct db *db, const struct customer *c, struct err *e) MUST_CHECK;

/* The ids of those who work at the partner or (0) the customer, in no order. */
int person_at(struct db *db, int64_t partner, int64_t customer, int64_t *out, int max, struct err *e);
/* Lists for cards; who has a seniority first. 0 means any. At most `max`. */
int person_list(struct db *db, struct arena *mem, int64_t partner, int64_t customer,
    struct person *out, int max, struct err *e);
/* Those without a messenger: mail and telephone go through others. */
int person_list_unreached(struct db *db, struct arena *mem, int64_t partner, int64_t customer,
    struct person *out, int max, struct err *e);
int partner_list(struct db *db, struct arena *mem, struct partner *out, int max, struct err *e);
int customer_list(struct db *db, struct arena *mem, struct customer *out, int max, struct err *e);

/* Further names. kind P, A or C; sort alias, reading or former. */
bool name_add(struct db *db, char kind, int64_t ref, const char *text, const char *sort,
    struct err *e) MUST_CHECK;
struct name_row {
    char kind; /* P A C U */
    int64_t ref;
    const char *text;
    char sort; /* d displayed, a alias, r reading, f former */
};
/* Every name of one record (kind, ref), or of all records where kind is 0. Calls
 * `each` for each; rows are valid during the call only. */
bool name_each(struct db *db, char kind, int64_t ref,
    void (*each)(void *ctx, const struct name_row *row), void *ctx, struct err *e) MUST_CHECK;

/* Messengers of a person, as "line:tanaka_t". */
struct messenger {
    const char *network, *handle;
};
bool messenger_add(struct db *db, int64_t person, const char *network, const char *handle,
    struct err *e) MUST_CHECK;
/* Whose it is; 0: nobody's. */
int64_t messenger_owner(struct db *db, const char *network, const char *handle, struct err *e);
int messenger_list(struct db *db, struct arena *mem, int64_t person, struct messenger *out,
    int max, struct err *e);

struct champion {
    int64_t id, person_id, customer_id, partner_id, deal_id, since_ms, member_id;
    const char *source;
    bool power, stake, sells; /* evidence: is heard by who decides, wins by it, speaks for us */
    int64_t note_id;          /* how we know; 0: not said */
};
int64_t champion_add(struct db *db, const struct champion *c, struct err *e);
/* Evidence and its note; the rest never changes. */
bool champion_update(struct db *db, const struct champion *c, struct err *e) MUST_CHECK;
/* The champions for a deal, without those who left the firm, a customer or a partner, the latest first: of the deal
 * itself, then of its customer, then those at the partner. */
int champion_list(struct db *db, struct arena *mem, int64_t deal, int64_t customer,
    int64_t partner, struct champion *out, int max, struct err *e);
/* What one person is champion of, or (0) all champions, the latest first. */
int champion_list_of(struct db *db, struct arena *mem, int64_t person, struct champion *out,
    int max, struct err *e);
bool champion_is(struct db *db, int64_t person, struct err *e);

#endif
