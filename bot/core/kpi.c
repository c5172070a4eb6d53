/* The table of figures: each a statement that returns its rows, marked (store/sql/kpi),
 * and how the marked ones are summed. Sums nothing itself (kpi_figures.c) and words
 * nothing (kpi_reply.c). Civil days are the team zone's. */
#include "bot/core/kpi.h"

#include <string.h>
#include "bot/text/calendar.h"

const char *const kpi_by_names[KPI_BY__MAX] = { "", "partner", "market", "member",
    "channel", "type", "silo", "month", "quarter", "product", "team" };

const char *const kpi_theme_names[THEME__MAX] = { "deals", "talk", "partners", "money" };

bool kpi_is(const char *s, const char *word)
{
    return s && strcmp(s, word) == 0;
}

static int32_t month_start(int64_t ms, const char *zone)
{
    struct civil c = civil_of(ms, zone);
    return day_number(c.year, c.month, 1);
}

static int cycle_factor(const char *market)
{
    const struct market *m = market_find(market);
    return m ? m->cycle_factor : 1;
}

static const struct db_calendar calendar = { day_of, month_start, day_start_ms,
    business_day_add, business_days_between, cycle_factor };

#define BY(what) (1 << KPI_BY_##what)
#define BY_PARTNERS (BY(PARTNER) | BY(MARKET) | BY(TYPE) | BY(SILO))
#define BY_DEAL (BY_PARTNERS | BY(MEMBER) | BY(PRODUCT) | BY(TEAM))
#define BY_TOUCH (BY_DEAL | BY(CHANNEL))
/* A channel's share is of all that was won: no partner has a share of its own. */
#define BY_SHARE (BY(MARKET) | BY(MEMBER) | BY(PRODUCT) | BY(TEAM))

/* In the order of a card, where the recommended ones come first. */
static const struct kpi kpis[] = {
    { "K1", "%", 10, KPI_NOW, BY_PARTNERS, STMT_KPI_K1, kpi_sum_rate,
        .parts = kpi_parts_partners, .says = "active",
        .cards = CARD_MARKET | CARD_TEAM, .theme = THEME_PARTNERS },
    { "K12", "touch_points", 0, KPI_TRAILING, BY_TOUCH, STMT_KPI_K12, kpi_sum_count,
        .parts = kpi_parts_channels, .total = STMT_KPI_K12_TOTAL,
        .cards = CARD_FIRST | CARD_EVERY, .theme = THEME_TALK },
    { "K5", "registrations", 0, KPI_QUARTER, BY_DEAL, STMT_KPI_K5, kpi_sum_count,
        .parts = kpi_parts_origins,
        .cards = CARD_EVERY },
    { "K6", "%", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K6, kpi_sum_rate,
        .parts = kpi_parts_currencies,
        .cards = CARD_EVERY },
    { "K7", "%", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K7, kpi_sum_rate,
        .cards = CARD_MEMBER | CARD_MARKET | CARD_TEAM },
    { "K8", "%", 10, KPI_TRAILING, BY(MEMBER), STMT_KPI_K7, kpi_sum_rate,
        .theme = THEME_DEALS },
    { "K9", "days", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K9, kpi_sum_days,
        .item = "kpi.item.days",
        .cards = CARD_MARKET | CARD_TEAM },
    { "K11", "touch_points", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K11, kpi_sum_touches,
        .total = STMT_KPI_K11_TOTAL, .says = "per_close", .item = "kpi.item.touch_points",
        .cards = CARD_FIRST | CARD_EVERY, .theme = THEME_TALK },
    { "K14", "money", 0, KPI_TRAILING, BY_DEAL, STMT_KPI_K14, kpi_sum_money,
        .theme = THEME_MONEY },
    { "K15", "money", 0, KPI_TRAILING, BY_DEAL, STMT_KPI_K15, kpi_sum_money,
        .theme = THEME_MONEY },
    { "K16", "%", 10, KPI_TRAILING, BY_SHARE, STMT_KPI_K16, kpi_sum_share,
        .total = STMT_KPI_K16_TOTAL, .parts = kpi_parts_share, .says = "share", .few = "kpi.few.currencies",
        .cards = CARD_MARKET | CARD_TEAM, .theme = THEME_MONEY },
    { "K17", "money", 0, KPI_TRAILING, BY_DEAL, STMT_KPI_K17, kpi_sum_commission,
        .says = "commission", .item = "kpi.item.commission",
        .theme = THEME_MONEY },
    { "K10", "times", 5, KPI_TRAILING,
        BY(MARKET) | BY(PARTNER) | BY(MEMBER) | BY(PRODUCT), STMT_KPI_K10,
        kpi_sum_against, .parts = kpi_parts_sides, .few = "kpi.few.cycle", .item = "kpi.item.days", .against = true,
        .cards = CARD_MARKET },
    { "K26", "%", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K26, kpi_sum_retention,
        .parts = kpi_parts_retention, .says = "retention",
        .few = "kpi.few.by_currency",
        .cards = CARD_PARTNER | CARD_CUSTOMER, .theme = THEME_MONEY },
    { "K27", "%", 10, KPI_NOW, BY_PARTNERS, STMT_KPI_K27, kpi_sum_rate,
        .parts = kpi_parts_plateau, .item = "kpi.item.curve",
        .theme = THEME_PARTNERS },
    { "K28", "%", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K28, kpi_sum_rate,
        .cards = CARD_PARTNER, .theme = THEME_PARTNERS },
    { "K30", "money_per_day", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K30,
        kpi_sum_velocity, .parts = kpi_parts_velocity, .says = "velocity",
        .few = "kpi.few.velocity",
        .theme = THEME_MONEY },
    { "K31", "%", 10, KPI_NOW, BY_DEAL, STMT_KPI_K31, kpi_sum_rate,
        .item = "kpi.item.idle",
        .theme = THEME_DEALS },
    { "K32", "business_days", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K32, kpi_sum_days,
        .parts = kpi_parts_dwell, .item = "kpi.item.dwell",
        .theme = THEME_DEALS },
    { "K38", "%", 1, KPI_QUARTER, BY(TEAM), STMT_KPI_K38, kpi_sum_attainment,
        .says = "attainment", .few = "kpi.few.no_target",
        .cards = CARD_TEAM, .theme = THEME_MONEY },
    { "K39", "%", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K39, kpi_sum_phases,
        .says = "phases", .item = "kpi.item.phases",
        .theme = THEME_DEALS },
    { "K40", "hours", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K40, kpi_sum_hours,
        .item = "kpi.item.minutes",
        .theme = THEME_DEALS },
    { "K34", "%", 10, KPI_TRAILING, BY_TOUCH, STMT_KPI_K34, kpi_sum_rate,
        .total = STMT_KPI_K34_TOTAL,
        .cards = CARD_PARTNER | CARD_CUSTOMER | CARD_MEMBER | CARD_TEAM, .theme = THEME_TALK },
    { "K35", "%", 10, KPI_TRAILING, BY_TOUCH, STMT_KPI_K35, kpi_sum_rate,
        .total = STMT_KPI_K35_TOTAL,
        .cards = CARD_MEMBER | CARD_TEAM, .theme = THEME_TALK },
    { "K41", "%", 10, KPI_TRAILING, BY_TOUCH, STMT_KPI_K41, kpi_sum_rate,
        .total = STMT_KPI_K41_TOTAL, .theme = THEME_TALK },
    { "K2", "%", 10, KPI_NOW, BY_PARTNERS, STMT_KPI_K2, kpi_sum_rate,
        .parts = kpi_parts_activity, .says = "active",
        .theme = THEME_PARTNERS },
    { "K3", "%", 10, KPI_NOW, BY_PARTNERS, STMT_KPI_K3, kpi_sum_rate,
        .parts = kpi_parts_further,
        .theme = THEME_PARTNERS },
    { "K4", "days", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K4, kpi_sum_days,
        .parts = kpi_parts_open_age, .says = "to_sign", .item = "kpi.item.days",
        .theme = THEME_PARTNERS },
    { "K13", "days", 10, KPI_TRAILING, BY_DEAL, STMT_KPI_K13, kpi_sum_days,
        .parts = kpi_parts_cadence, .total = STMT_KPI_K13_TOTAL, .says = "gap", .item = "kpi.item.gap",
        .theme = THEME_TALK },
    { "K18", "score", KPI_COMPONENTS, KPI_NOW, BY_PARTNERS, STMT_KPI_K18,
        kpi_sum_engagement, .parts = kpi_parts_engagement, .says = "engagement",
        .item = "kpi.item.component",
        .cards = CARD_FIRST | CARD_FIRMS, .theme = THEME_PARTNERS },
    { "K19", "%", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K19, kpi_sum_rate,
        .theme = THEME_PARTNERS },
    { "K20", "%", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K20, kpi_sum_rate,
        .parts = kpi_parts_further,
        .theme = THEME_PARTNERS },
    { "K21", "points", 1, KPI_TRAILING, BY_DEAL & ~BY(MEMBER), STMT_KPI_K21,
        kpi_sum_certified, .parts = kpi_parts_certified, .few = "kpi.few.certified",
        .theme = THEME_PARTNERS },
    { "K22", "score", KPI_CAPABILITIES, KPI_NOW, BY_PARTNERS, STMT_KPI_K22,
        kpi_sum_capability, .parts = kpi_parts_capability, .says = "capability",
        .item = "kpi.item.rating",
        .cards = CARD_FIRST | CARD_FIRMS, .theme = THEME_PARTNERS },
    { "K23", "%", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K23, kpi_sum_ratio,
        .parts = kpi_parts_marketing, .item = "kpi.item.meetings",
        .cards = CARD_FIRST | CARD_FIRMS, .theme = THEME_PARTNERS },
    { "K24", "%", 10, KPI_NOW, BY_PARTNERS, STMT_KPI_K24, kpi_sum_per,
        .says = "stories", .few = "kpi.few.stories",
        .cards = CARD_FIRST | CARD_FIRMS, .theme = THEME_PARTNERS },
    { "K25", "nps", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K25, kpi_sum_nps,
        .parts = kpi_parts_nps, .few = "kpi.few.nps", .item = "kpi.item.answer",
        .cards = CARD_FIRST | CARD_FIRMS, .theme = THEME_PARTNERS },
    { "K29", "months", 1, KPI_NOW, BY_PARTNERS, STMT_KPI_K29, kpi_sum_runway,
        .parts = kpi_parts_runway, .few = "kpi.few.runway", .item = "kpi.item.accounts",
        .theme = THEME_MONEY },
    { "K33", "%", 10, KPI_NOW, BY_DEAL, STMT_KPI_K33, kpi_sum_rate,
        .parts = kpi_parts_further,
        .cards = CARD_CUSTOMER | CARD_MEMBER },
    { "K36", "%", 10, KPI_TRAILING, BY_PARTNERS, STMT_KPI_K36, kpi_sum_rate,
        .parts = kpi_parts_funnel,
        .theme = THEME_PARTNERS },
    { "K37", "perceptions", 0, KPI_NOW, BY_PARTNERS, STMT_KPI_K37, kpi_sum_count,
        .parts = kpi_parts_further,
        .theme = THEME_PARTNERS },
};
enum { KPIS = sizeof kpis / sizeof *kpis };

const struct kpi *kpi_at(int i)
{
    return i >= 0 && i < KPIS ? &kpis[i] : NULL;
}

const struct kpi *kpi_find(const char *id)
{
    for (int i = 0; id && i < KPIS; i++) {
        if (strcmp(kpis[i].id, id) == 0)
            return &kpis[i];
    }
    return NULL;
}

int kpi_count(const struct kpi_answer *a, const char *mark)
{
    int n = 0;
    for (int i = 0; i < a->rows.n; i++)
        n += a->rows.row[i].again || !kpi_is(a->rows.row[i].mark, mark)
                 ? 0
                 : (int)a->rows.row[i].n;
    return n;
}

static bool is_out(const struct kpi_row *r)
{
    return !r->role && !r->again && !kpi_is(r->mark, "before");
}

static bool leaves_out(const struct kpi_rows *rows)
{
    for (int i = 0; i < rows->n; i++) {
        if (is_out(&rows->row[i]))
            return true;
    }
    return false;
}

static void count_out(struct kpi_answer *out)
{
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (!is_out(r))
            continue;
        int at = 0;
        while (at < out->n_out && !kpi_is(out->out[at].mark, r->mark))
            at++;
        if (at == out->n_out)
            out->out[out->n_out++].mark = r->mark;
        out->out[at].n += (int)r->n;
    }
}

static void count_flags(struct kpi_answer *out)
{
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        int n = r->again ? 0 : (int)r->n;
        out->reopened += r->flags & KPI_REOPENED ? n : 0;
        out->open += r->flags & KPI_OPEN ? n : 0;
        out->immature += r->flags & KPI_IMMATURE ? n : 0;
        out->running += r->flags & KPI_RUNNING ? n : 0;
        out->unlogged += kpi_is(r->mark, "unlogged") ? n : 0;
    }
}

static bool load(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    bool shifts = a->before_ms && kpi_is(a->kpi->id, "K12");
    struct kpi_query q = { &a->scope, a->period.from_ms, a->period.to_ms, a->as_of_ms,
        shifts ? a->before_ms : a->period.from_ms, a->zone,
        market_find(market_of_zone(a->zone))->currency, kpi_by_names[a->by] };
    bool total = a->cells && a->kpi->total && kpi_totals_say(a->kpi->total, &q);
    enum stmt_id rows = total ? a->kpi->total : a->kpi->rows;
    enum stmt_id shape = total      ? STMT_KPI_SHAPE_TOTALS
                         : a->cells ? STMT_KPI_SHAPE_CELLS
                                    : STMT_KPI_SHAPE_ROWS;
    struct kpi_rows *excluded = a->cells && a->excluded ? &out->excluded : NULL;
    if (!db_install_calendar(db, &calendar, e) ||
        !kpi_rows_load(db, mem, rows, shape, &q, &out->rows, excluded, e))
        return false;
    q.since_ms = q.from_ms;
    /* Most totals, and the cells of K11, do not tell the numbers. */
    return !excluded || excluded->n || !leaves_out(&out->rows) ||
           kpi_rows_load(db, mem, a->kpi->rows, STMT_KPI_SHAPE_EXCLUDED, &q, excluded,
               NULL, e);
}

bool kpi_compute(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    const struct kpi *k = a->kpi;
    *out = (struct kpi_answer){ 0 };
    e->code = ERR_NONE;
    if (a->by && !kpi_by_time(a->by) && !(k->by & 1 << a->by))
        return fail(e, ERR_USAGE, "kpi.no_split",
            ARGS(TXT("kpi", k->id), TXT("by", kpi_by_names[a->by])),
            "%s is not split by %s", k->id, kpi_by_names[a->by]);
    const struct kpi_scope *s = &a->scope;
    bool of_deals = s->team || s->product || s->model;
    if ((!(k->by & BY(MEMBER)) && (s->customer || s->member || s->deal)) ||
        (!(k->by & (BY(MEMBER) | BY(TEAM))) && of_deals))
        return fail(e, ERR_USAGE, "kpi.no_scope", ARGS(TXT("kpi", k->id)),
            "%s is of partners and markets", k->id);
    if (!load(db, mem, a, out, e))
        return false;
    int n = 0;
    const struct kpi_row **once =
        ARENA_ARRAY(mem, const struct kpi_row *, (size_t)out->rows.n + 1);
    for (int i = 0; i < out->rows.n; i++) {
        if (!out->rows.row[i].again)
            once[n++] = &out->rows.row[i];
    }
    k->sum(mem, once, n, &out->total);
    out->total.small = out->total.n < k->smallest;
    out->total.unranked = out->total.n < KPI_UNRANKED;
    count_out(out);
    count_flags(out);
    if (!a->cells)
        out->excluded = out->rows;
    kpi_split_parts(mem, a, out);
    if (a->by && !kpi_by_time(a->by))
        kpi_split_groups(mem, a, out);
    return true;
}
