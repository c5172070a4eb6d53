/* The figures (K1, K5 …): a table of rows, each with the statement that returns its
 * contributing rows, marked, and how the marked ones are summed. `why` and `list` show
 * those rows; a figure is summed from the same statement, wrapped. Percentages and money
 * are exact integers; a double appears where a root or a power is taken (intervals, z, the
 * decay of a score) and where values are drawn or told apart. Next: store/sql/kpi. */
#ifndef CORE_KPI_H
#define CORE_KPI_H

#include "bot/store/kpi.h"
#include "bot/text/when.h"

struct call;
struct reply;
struct kpi_figure;
struct kpi_ask;
struct kpi_answer;
typedef void kpi_sum_fn(struct arena *mem, const struct kpi_row *const *rows, int n,
    struct kpi_figure *f);
typedef void kpi_parts_fn(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out);

/* What is taken where no period is typed: the trailing twelve months for rates and
 * medians, this quarter to date for counts, now for snapshots. */
enum kpi_period { KPI_TRAILING, KPI_QUARTER, KPI_NOW };
enum kpi_by {
    KPI_BY_NONE,
    KPI_BY_PARTNER,
    KPI_BY_MARKET,
    KPI_BY_MEMBER,
    KPI_BY_CHANNEL,
    KPI_BY_TYPE, /* of the partner */
    KPI_BY_SILO,
    KPI_BY_MONTH,   /* a figure for each: core/kpi_series.c */
    KPI_BY_QUARTER,
    KPI_BY_PRODUCT,
    KPI_BY_TEAM,
    KPI_BY_TAG, /* where people learnt, what their firm does */
    KPI_BY__MAX
};
extern const char *const kpi_by_names[KPI_BY__MAX]; /* "", "partner", … as typed */

/* The cards that a figure stands on; `kpi … all` shows the others too. */
enum {
    CARD_PARTNER = 1, CARD_CUSTOMER = 2, CARD_MEMBER = 4, CARD_MARKET = 8, CARD_TEAM = 16,
    CARD_EVERY = 31,
    CARD_FIRMS = CARD_PARTNER | CARD_MARKET | CARD_TEAM,
    CARD_FIRST = 32, /* recommended: foremost, and in the digest */
};
/* Under which heading `all` shows it. */
enum kpi_theme { THEME_DEALS, THEME_TALK, THEME_PARTNERS, THEME_MONEY, THEME__MAX };
extern const char *const kpi_theme_names[THEME__MAX]; /* kpi.theme.<name> */

struct kpi {
    const char *id;   /* "K6" */
    const char *unit; /* %, days, touch_points, registrations, nps, score … */
    int smallest;     /* fewer is called small; 0: a count, never small */
    enum kpi_period period;
    int by; /* bits 1 << kpi_by: what it can be split by */
    enum stmt_id rows; /* store/sql/kpi: its rows, marked */
    kpi_sum_fn *sum;
    kpi_parts_fn *parts; /* NULL: none */
    const char *says; /* kpi.short.<says>: the figure in a line; NULL: by its unit */
    const char *few;  /* key of what is said where n is too small for a value */
    const char *item; /* key of what is said of a row's own figure in a list */
    int cards;        /* bits CARD_*; 0: it stands under `all` alone */
    enum kpi_theme theme;
    bool against;     /* rows of the stock are what each group is compared with */
    enum stmt_id total; /* its cells of everybody, counted quicker; 0: none */
    enum kpi_by again;  /* what a record has several rows for; 0: partners */
};
const struct kpi *kpi_find(const char *id); /* NULL if not (yet) a figure */
const struct kpi *kpi_at(int i);            /* NULL past the last */

struct kpi_ask {
    const struct kpi *kpi;
    struct kpi_scope scope;
    struct period period; /* of the team zone; a snapshot is taken at its end */
    int64_t before_ms;    /* K12: where the period before begins; 0: no shift */
    int64_t as_of_ms;     /* what was known then */
    const char *zone;     /* the team's */
    enum kpi_by by;
    int64_t viewer;    /* who reads: rows of single members are for them … */
    bool sees_members; /* … or for managers */
    bool cells;        /* the figure alone: rows that are alike come as one, unnumbered */
    bool excluded;     /* with cells: and the first hundred rows that do not count */
};

/* Minor units of one currency: those of the numerator and of the denominator. */
struct kpi_money {
    const char *currency;
    int64_t num, den;
    int64_t plus; /* K26: expansion, which the numerator leaves out */
};
enum { KPI_CURRENCIES = 8 };

/* Decimals as text, rounded half away from zero; "" where there is none. */
struct kpi_figure {
    int64_t num, den, n;
    char value[24];
    char beside[24]; /* a second reading: GRR beside NRR, the median of the base market */
    struct kpi_money money[KPI_CURRENCIES]; /* by currency, the larger number first */
    int n_money;
    char low[8], high[8]; /* Wilson, 95 % */
    char mean[24], median[24], p90[24], net[24];
    char plus_minus[16]; /* half of the 95 % interval, where that is even */
    bool small;    /* n below the KPI's smallest */
    bool unranked; /* n < 5: no ranking, no arrow */
};
enum { KPI_COMPONENTS = 5, KPI_CAPABILITIES = 8 };
enum { KPI_UNRANKED = 5, KPI_LEFT = -1, KPI_PARTS_MAX = 48 };

/* A share of the whole: origins of K5, currencies of K6, channels of K12, kinds of K1; or
 * what a figure is composed of: the arms of K21, the components of K18. */
struct kpi_part {
    const char *kind, *name; /* origin/inbound, currency/JPY, channel/zoom … */
    int64_t num, den;
    char share[12];
    char shift[16]; /* K12: percentage points against the period before; K21: z and φ */
    char low[8], high[8]; /* Wilson, 95 % */
};

struct kpi_group {
    int64_t id;       /* of the partner or member; 0: none, KPI_LEFT: those who left */
    const char *name; /* of the market, channel, product or team; NULL: unknown */
    struct kpi_figure f;
};

struct kpi_out {
    const char *mark;
    int n;
};

struct kpi_answer {
    struct kpi_figure total;
    struct kpi_part *parts;
    int n_parts;
    struct kpi_group *groups;
    int n_groups;
    int hidden;             /* members' groups that the viewer may not see */
    struct kpi_out out[16]; /* rows that do not count, by reason */
    int n_out;
    int immature; /* K7, K8: deals younger than their market's expected cycle */
    int open;     /* K7, K8: of the cohort still open */
    int reopened; /* K6: closed in the period and reopened since */
    int unlogged; /* K11: won without a touch point */
    int running;  /* K35: meetings within their 24 hours and without stance */
    struct kpi_rows rows;     /* or cells */
    struct kpi_rows excluded; /* rows, and among them those that do not count */
};

/* ERR_USAGE with key kpi.no_split or kpi.no_scope where the figure can't be split or
 * narrowed like that. */
bool kpi_compute(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e) MUST_CHECK;
/* Whether a row's word (state, mark, unit, …) is this one; NULL is none. */
bool kpi_is(const char *s, const char *word);
/* Rows with that mark, each touch point once. */
int kpi_count(const struct kpi_answer *a, const char *mark);

/* kpi_figures.c: arithmetic. */
/* num/den with `decimals` digits, half away from zero; den > 0. */
void kpi_fixed(char *out, size_t size, int64_t num, int64_t den, int decimals);
void kpi_percent(char *out, size_t size, int64_t num, int64_t den); /* "" if den is 0 */
void kpi_wilson(int64_t k, int64_t n, char low[8], char high[8]);
/* Of sorted numbers: the middle, "160.5" between two; nearest rank. */
void kpi_median(char *out, size_t size, const int64_t *sorted, int n);
int64_t kpi_nearest_rank(const int64_t *sorted, int n, int percent);
/* Tenths of a percent that add up to 1000: largest remainder, ties to the larger count,
 * then the name that sorts first. All 0 where nothing is counted. */
void kpi_shares(const struct kpi_part *parts, int n, int *tenths);
kpi_sum_fn kpi_sum_rate, kpi_sum_count, kpi_sum_days, kpi_sum_touches, kpi_sum_against,
    kpi_sum_phases, kpi_sum_hours;
/* The figures (or those net) of the rows with that role, sorted; a cell's as often as it
 * has rows. */
int64_t *kpi_sorted(struct arena *mem, const struct kpi_row *const *rows, int n, int role,
    bool net, int *count);
/* The middle of sorted numbers times two, which is whole; 0 of none. */
int64_t kpi_middle_twice(const int64_t *sorted, int n);
/* kpi_money.c: sums kept apart by currency. */
kpi_sum_fn kpi_sum_money, kpi_sum_commission, kpi_sum_share, kpi_sum_retention,
    kpi_sum_velocity, kpi_sum_attainment;
kpi_parts_fn kpi_parts_share, kpi_parts_retention, kpi_parts_velocity, kpi_parts_plateau;
/* kpi_scores.c, kpi_measures.c: sums that are none of these, and their parts. */
kpi_sum_fn kpi_sum_nps, kpi_sum_certified, kpi_sum_engagement, kpi_sum_ratio, kpi_sum_per,
    kpi_sum_runway, kpi_sum_capability;
kpi_parts_fn kpi_parts_nps, kpi_parts_certified, kpi_parts_engagement, kpi_parts_further,
    kpi_parts_open_age, kpi_parts_cadence, kpi_parts_activity, kpi_parts_marketing,
    kpi_parts_funnel, kpi_parts_runway, kpi_parts_capability, kpi_parts_sides,
    kpi_parts_dwell;

/* kpi_parts.c: shares of the whole and rows by partner, market, member or channel. */
/* The part of that kind and name, added where it is new. */
struct kpi_part *kpi_part_of(
    struct kpi_answer *out, const char *kind, const char *name);
kpi_parts_fn kpi_parts_partners, kpi_parts_origins, kpi_parts_currencies,
    kpi_parts_channels;
void kpi_split_parts(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out);
void kpi_split_groups(
    struct arena *mem, const struct kpi_ask *a, struct kpi_answer *out);

/* kpi_series.c: the same figure over time, each point an ask of its own, so that any
 * figure has them and a point says what asking for its period says. */
enum { KPI_POINTS = 24 };
struct kpi_point {
    struct period period;
    struct kpi_answer answer;
};
bool kpi_by_time(enum kpi_by by); /* KPI_BY_MONTH, KPI_BY_QUARTER */
/* The points of a->period, oldest first: its calendar months or quarters, the first and
 * the last cut where the period begins and ends; the last KPI_POINTS where there are
 * more. -1 on error. */
int kpi_series(struct db *db, struct arena *mem, const struct when_context *when,
    const struct kpi_ask *a, enum kpi_by by, struct kpi_point out[KPI_POINTS],
    struct err *e);
/* A column a point, as high as its value: "▁▃·█"; a dot where there is none. All of them
 * are one column wide. */
char *kpi_spark(struct arena *mem, const struct kpi_point *points, int n);
/* The difference of two values as text, "+5.0", "±0.0"; "" where either has none. */
void kpi_difference(
    char *out, size_t size, const struct kpi_figure *now, const struct kpi_figure *before);

/* kpi_reply.c: words, and the reply's kpi object, through which `why` and `list` find
 * the last figure again. */
#define KPI_CARD "K0" /* id of a card of several figures in the kpi object */
/* "60.0 % (3/5, small n)", "n/a", "18.0, median 14 (3 deals)". */
char *kpi_figure_text(struct call *c, const struct kpi *k, const struct kpi_figure *f);
char *kpi_name(struct call *c, const char *id);
/* Partner, customer, deal, member and market, joined by ` · `; "" for the whole team. */
char *kpi_scope_text(struct call *c, const struct kpi_ask *a);
/* A complete typed command: "why K6 P3 2026-01-01..2026-03-31". `id` NULL: the card. */
char *kpi_say(
    struct call *c, const char *verb, const char *id, const struct kpi_ask *a);
/* Gives the reply its kpi object; without a figure (the card) the scope alone. */
void kpi_put(struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out);
/* The last figure asked in this conversation; `kpi` stays NULL after a card. False with
 * ERR_NONE: none yet. */
bool kpi_last(struct call *c, struct kpi_ask *a, struct err *e);

#endif
