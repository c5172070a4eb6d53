/* The rows that figures are made of (sql/kpi.sql), as they lie in the store. Counts
 * nothing and judges nothing: core/kpi.c marks the rows and computes. Texts live in the
 * caller's arena. */
#ifndef STORE_KPI_H
#define STORE_KPI_H

#include "bot/store/db.h"

/* Whose rows; 0 or NULL: any. */
struct kpi_scope {
    int64_t partner, customer, member, deal;
    const char *market, *team;
};

struct kpi_span {
    int64_t from_ms, to_ms; /* to 0: still running */
};

/* What a row is to a figure. Won deals are in both parts of a rate. */
enum { KPI_NUM = 1, KPI_DEN = 2 };

struct kpi_row {
    char kind; /* P D T M */
    int64_t no; /* as typed: D12, T1042 */
    int64_t deal, partner, customer, member, co_member; /* 0: none */
    bool member_left, co_left; /* no longer with the team */
    const char *market, *channel;
    const char *sort;     /* partner: type; deal: origin; touch point: outcome */
    const char *state;    /* deal: won lost expired open reopened; partner: stage */
    const char *silo;
    int64_t since_ms;     /* deal: registered */
    int64_t at_ms;        /* deal: that close, 0: none; touch point: start */
    bool has_value;
    int64_t value_minor;
    const char *currency;
    const struct kpi_span *pauses;
    int n_pauses;
    bool paused;          /* deal: says so itself */
    bool reopened;        /* deal: closed in the period, reopened since */
    bool internal, champion;
    int64_t heard_ms, stance_ms; /* meeting: 0: not yet */
    bool signed_known;
    int32_t signed_day, ended_day; /* partner; ended 0: not */
    int touches, registrations;    /* partner, in the period */

    /* Filled by core/kpi.c. */
    int role;         /* KPI_NUM | KPI_DEN; 0: not counted */
    const char *mark; /* why: won, paused, attempt … (catalogue kpi.mark.<mark>) */
    int64_t figure;   /* days to close; touch points of a deal */
    int64_t net;      /* days to close without pauses */
    bool again;       /* the same touch point for a further partner: not in totals */
};

struct kpi_rows {
    struct kpi_row *row; /* on the arena */
    int n, cap;
};

bool kpi_partners(struct db *db, struct arena *mem, const struct kpi_scope *s,
    int64_t from_ms, int64_t to_ms, struct kpi_rows *out, struct err *e) MUST_CHECK;
bool kpi_deals(struct db *db, struct arena *mem, const struct kpi_scope *s,
    int64_t from_ms, int64_t to_ms, int64_t as_of_ms, struct kpi_rows *out,
    struct err *e) MUST_CHECK;
/* Appends the touch points of one deal; their `deal` is that deal even where they came
 * with one merged into it. */
bool kpi_deal_touches(struct db *db, struct arena *mem, int64_t deal,
    struct kpi_rows *out, struct err *e) MUST_CHECK;
bool kpi_touches(struct db *db, struct arena *mem, const struct kpi_scope *s,
    bool meetings, int64_t from_ms, int64_t to_ms, int64_t as_of_ms,
    struct kpi_rows *out, struct err *e) MUST_CHECK;

/* Room for one more row, zeroed. */
struct kpi_row *kpi_rows_add(struct arena *mem, struct kpi_rows *rows);

#endif
