/* The team's own: settings, seasons, targets, rates, teams and last days, and what is set
 * for a market. Days are civil days of the team zone. */
#ifndef STORE_TEAM_H
#define STORE_TEAM_H

#include "bot/store/db.h"

/* A market's day that an administrator declared off or worked. */
struct own_day_row {
    const char *market;
    int32_t day;
    bool works;
    const char *name;   /* as typed; of a worked day "" */
    const char *source; /* typed, ics or demo */
};
/* On `mem`, all of them, sorted by market and day. */
size_t own_day_list(struct db *db, struct arena *mem, struct own_day_row **out, struct err *e);
/* Replaces what was said of the day before. */
bool own_day_put(struct db *db, const struct own_day_row *d, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
/* The table holds again. */
bool own_day_clear(struct db *db, const char *market, int32_t day, int64_t now_ms, struct err *e) MUST_CHECK;

/* The value that was set last; NULL: none was. Keys: ranking (on, off), expiry (days),
 * weights (five percentages of the stages, space separated), state.MY (which it stands for). */
char *setting_get(struct db *db, struct arena *mem, const char *key, struct err *e);
bool setting_put(struct db *db, const char *key, const char *value, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;

struct season {
    int64_t id;
    const char *name;
    int32_t from_day, to_day; /* both included */
};
/* The latest first. */
int season_list(struct db *db, struct arena *mem, struct season *out, int max, struct err *e);
/* Takes the place of one of the same name that shares a day with it. */
bool season_add(struct db *db, const struct season *s, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;

struct target {
    const char *team, *currency;
    int64_t amount_minor;
    int32_t from_day, to_day; /* both included */
};
bool target_add(struct db *db, const struct target *t, int64_t member, int64_t now_ms, struct err *e) MUST_CHECK;
int target_list(struct db *db, struct arena *mem, struct target *out, int max, struct err *e);

/* 1 base = nano / 10^9 quote from that day on. */
struct fx_rate {
    const char *base, *quote;
    int64_t nano;
    int32_t at_day;
};
bool rate_add(struct db *db, const struct fx_rate *r, int64_t member, struct err *e) MUST_CHECK;
/* The latest of each pair. */
int rate_list(struct db *db, struct arena *mem, struct fx_rate *out, int max, struct err *e);

bool leaving_put(struct db *db, int64_t member, int32_t day, int64_t by, int64_t now_ms, struct err *e) MUST_CHECK;
bool leaving_find(struct db *db, int64_t member, int32_t *day, struct err *e);
bool member_set_team(struct db *db, int64_t member, const char *team, struct err *e) MUST_CHECK;

struct market_fact {
    const char *market;
    int64_t factor_milli; /* 0: the built-in one */
    bool base;
    int64_t tam_id;
};
/* False with ERR_NONE: nothing is set. */
bool market_fact_find(struct db *db, const char *market, struct market_fact *out, struct err *e);
/* Takes the place of what was set; a new base market is the only one. */
bool market_fact_put(struct db *db, const struct market_fact *f, int64_t member, int64_t now_ms,
    struct err *e) MUST_CHECK;

struct milestone {
    const char *what;
    int32_t at_day;
};
/* Takes the place of the same one of that market. */
bool milestone_put(struct db *db, const char *market, const struct milestone *m, int64_t member,
    int64_t now_ms, struct err *e) MUST_CHECK;
int milestone_list(struct db *db, struct arena *mem, const char *market, struct milestone *out, int max,
    struct err *e);

#endif
