/* Who knows whom, and which member keeps a contact: introductions, ties to firms, people
 * met together, silence, and handing all of a member's over to another. */
#ifndef STORE_RELATIONS_H
#define STORE_RELATIONS_H

#include "bot/store/db.h"

/* By a person or (by_person 0) a partner that is one. */
struct introduction {
    int64_t by_person, by_partner, person_id, customer_id, partner_id, member_id, at_ms, note_id;
    const char *source; /* NULL: typed */
};
int64_t introduction_add(struct db *db, const struct introduction *i, struct err *e);

/* A deal that a referral partner's introduction opened becomes sourced by that partner: that
 * of the introduction, where its customer has one live deal, or (intro 0) the given one. The
 * deal; 0: nothing was set. */
int64_t introduction_source(struct db *db, int64_t intro, int64_t deal, int64_t member, int64_t now_ms, struct err *e);
/* The partner whose introduction sources the deal; 0: none does. */
int64_t introduction_sourced(struct db *db, int64_t deal, struct err *e);

struct relation {
    char kind; /* C person, P partner */
    int64_t id;
    const char *sort; /* works, former, introduced, met */
    int64_t at_ms;    /* the latest time; 0: none is known */
};
/* Who is tied to a customer or (customer 0) a partner. */
int relation_to_firm(struct db *db, struct arena *mem, int64_t customer, int64_t partner,
    struct relation *out, int max, struct err *e);
/* Whom a person knows. */
int relation_of_person(struct db *db, struct arena *mem, int64_t person,
    struct relation *out, int max, struct err *e);

/* Our latest contact with a partner, 0 if none. */
int64_t partner_last_ms(struct db *db, int64_t id, struct err *e);

struct quiet {
    int64_t id, last_ms;
};
/* Reached before `since_ms` and never after, the longest silence first; 0 means any. */
int quiet_people(struct db *db, int64_t partner, int64_t customer, const char *market, int64_t since_ms,
    struct quiet *out, int max, struct err *e);
int quiet_partners(struct db *db, int64_t partner, const char *market, int64_t since_ms, struct quiet *out,
    int max, struct err *e);

/* Persons whose contact the member keeps. */
int kept_by(struct db *db, int64_t member, int64_t *out, int max, struct err *e);
bool keeper_add(struct db *db, int64_t person, int64_t member, int64_t by, int64_t now_ms,
    struct err *e) MUST_CHECK;
/* To whom the contact was handed over, and when; 0: it never was. */
int64_t keeper_of(struct db *db, int64_t person, int64_t *since_ms, struct err *e);
/* Live deals and follow-ups not done of `from` become those of `to`. */
bool handover_open(struct db *db, int64_t from, int64_t to, struct err *e) MUST_CHECK;

#endif
