/* The rows that figures are made of: one statement of sql/kpi for each figure returns
 * them, marked, and the same text wrapped sums up those that are alike. Computes nothing
 * (core/kpi.c). Texts live in the caller's arena. */
#ifndef STORE_KPI_H
#define STORE_KPI_H

#include "bot/store/db.h"

/* Whose rows; 0 or NULL: any. */
struct kpi_scope {
    int64_t partner, customer, member, deal;
    const char *market, *team, *type, *silo, *product, *model;
};

/* What is bound to each statement that asks for it. */
struct kpi_query {
    const struct kpi_scope *scope;
    int64_t from_ms, to_ms, as_of_ms;
    int64_t since_ms; /* before from_ms, for a shift against the period before */
    const char *zone;
    const char *currency; /* of the team: into which money is converted */
    const char *by;   /* what cells are kept apart by: partner, member …; "" none */
};

/* What a row is to a figure. Won deals are in both parts of a rate; the stock is neither:
 * what a rate is applied to, or compared with, in every group. */
enum { KPI_NUM = 1, KPI_DEN = 2, KPI_STOCK = 4 };
/* Bits of `flags`, as the statements set them. */
enum {
    KPI_REOPENED = 1, /* closed in the period and reopened since */
    KPI_OPEN = 2,
    KPI_IMMATURE = 4, /* younger than its market's expected cycle */
    KPI_RUNNING = 8,  /* may still count, and does not yet */
    KPI_NAMED = 16,   /* keeps its number in cells: so doubtful that the answer names it,
                         or one of several rows of one record */
    KPI_FURTHER = 32, /* also counts in a further reading, which is said apart */
    KPI_UNUSUAL = 64, /* counts, but outside of what is usual */
};

/* A row as each statement gives it, or a cell of rows that are alike (n of them). */
struct kpi_row {
    char kind;        /* P D T M A C R W; of a cell too */
    int64_t no;       /* as typed: D12, T1042; of a cell 0 */
    int role;         /* KPI_NUM | KPI_DEN; 0: not counted */
    const char *mark; /* why: won, paused, attempt … (catalogue kpi.mark.<mark>) */
    bool again;       /* the same touch point for a further partner: not in totals */
    int64_t deal, partner, customer, member, co_member; /* 0: none */
    bool member_left, co_left; /* no longer with the team */
    const char *market, *type, *silo, *product, *channel, *team;
    const char *sort;     /* deal: origin; touch point: outcome; partner: stage; else the
                             part that it belongs to */
    int64_t since_ms;     /* deal: registered */
    int64_t at_ms;        /* deal: that close, 0: none; touch point: start */
    int64_t by_ms;        /* by what it falls into the period; of a cell its month's day */
    bool has_figure;
    int64_t figure, net;  /* days to close; touch points of a deal; a score … */
    bool has_value;
    int64_t value_minor;
    const char *currency;
    int flags;
    int64_t n;            /* rows that it stands for */
};

struct kpi_rows {
    struct kpi_row *row; /* on the arena */
    int n, cap;
};

enum { KPI_EXCLUDED_MOST = 100 };

/* The rows of `rows` (a statement of sql/kpi), in the shape STMT_KPI_SHAPE_…. Beside cells
 * and totals kind, number and mark of the first rows that do not count, as far as the
 * statement tells; `excluded` may be NULL. */
bool kpi_rows_load(struct db *db, struct arena *mem, enum stmt_id rows, enum stmt_id shape,
    const struct kpi_query *ask, struct kpi_rows *out, struct kpi_rows *excluded,
    struct err *e) MUST_CHECK;
/* Whether a statement of totals (STMT_KPI_…_TOTAL, shape totals) says as much as the cells
 * of the rows: of everybody, split by nothing but channels; those of K34 and K35 split by
 * nothing; that of K13 of one partner too, that of K16 of one partner alone, that of K11 in
 * every scope. */
bool kpi_totals_say(enum stmt_id totals, const struct kpi_query *ask);

#endif
