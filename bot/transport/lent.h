/* What is lent to those who know its name: pictures and tables that a network fetches from
 * our own address, for a day at most, in memory only. A name is 32 characters or more and
 * is all that protects what it names; it never goes to the log. Any thread. */
#ifndef TRANSPORT_LENT_H
#define TRANSPORT_LENT_H

#include "bot/base/arena.h"
#include "bot/net/serve.h"

#define LENT_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
enum { LENT_MAX = 1024 * 1024, LENT_SECONDS = 24 * 3600 };

struct lent_item {
    const char *name; /* 32 to 80 of A-Z a-z 0-9 - _ . */
    const char *type; /* image/png, image/jpeg, text/csv; charset=utf-8, or LENT_XLSX */
    const char *body; /* base64 of at most LENT_MAX bytes */
    int64_t seconds;  /* 1 to LENT_SECONDS */
};

struct lent;
struct lent *lent_create(void);
void lent_destroy(struct lent *t); /* NULL is fine */

/* Copies it. A name that is lent already gets the new content and time. False: it is not as
 * above, or all together would be too much. */
bool lent_put(struct lent *t, const struct lent_item *item);
/* Answers GET /lent/NAME; loop thread. */
void lent_answer(struct lent *t, struct serve *s, const struct serve_request *rq);

/* For whoever lends through another: one that was not handed over yet (on `mem`, its time
 * what is left of it), or false. */
bool lent_next(struct lent *t, struct arena *mem, struct lent_item *out);
void lent_hand_over(struct lent *t, const char *name);
void lent_take_back(struct lent *t); /* all of them: whoever held them may have forgotten */

#endif
