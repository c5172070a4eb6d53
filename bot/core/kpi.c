/* The table of figures, and which rows count in each: what stands in numerator and
 * denominator, what is left out and why. Sums nothing (kpi_figures.c) and words nothing
 * (kpi_reply.c). Civil days are the team zone's. */
#include "bot/core/kpi.h"

#include <string.h>
#include "bot/text/calendar.h"

enum { ACTIVE_DAYS = 90, BASE_CYCLE_DAYS = 90, HEARD_WITHIN = 2 };
#define STANCE_WITHIN_MS ((int64_t)24 * 60 * 60 * 1000)

const char *const kpi_by_names[KPI_BY__MAX] = { "", "partner", "market", "member",
    "channel" };

static bool inside(int64_t ms, const struct period *p)
{
    return ms >= p->from_ms && ms < p->to_ms;
}

bool kpi_is(const char *s, const char *word)
{
    return s && strcmp(s, word) == 0;
}

static void set(struct kpi_row *r, int role, const char *mark)
{
    r->role = role;
    r->mark = mark;
}

/* Rows that were given no mark have nothing to do with the figure. */
static void drop_unmarked(struct kpi_rows *rows)
{
    int n = 0;
    for (int i = 0; i < rows->n; i++) {
        if (rows->row[i].mark)
            rows->row[n++] = rows->row[i];
    }
    rows->n = n;
}

static bool load_deals(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    return kpi_deals(db, mem, &a->scope, a->period.from_ms, a->period.to_ms,
        a->as_of_ms, &out->rows, e);
}

/* won, lost, expired, open or paused, as known at `as_of_ms`. */
static const char *state_of(const struct kpi_row *r, int64_t as_of_ms)
{
    if (kpi_is(r->state, "won"))
        return "won";
    if (kpi_is(r->state, "lost"))
        return "lost";
    if (kpi_is(r->state, "expired"))
        return "expired";
    for (int i = 0; i < r->n_pauses; i++) {
        const struct kpi_span *p = &r->pauses[i];
        if (p->from_ms <= as_of_ms && (!p->to_ms || p->to_ms > as_of_ms))
            return "paused";
    }
    return r->paused && !r->n_pauses ? "paused" : "open";
}

/* K1: signed on a day before t and not ended. Active by K2: a touch point or a
 * registration in the ninety team days before. */
static bool mark_partners(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    int64_t t = a->period.to_ms < a->as_of_ms ? a->period.to_ms : a->as_of_ms + 1;
    int32_t today = day_of(t, a->zone);
    int64_t since = day_start_ms(today - ACTIVE_DAYS, a->zone);
    if (!kpi_partners(db, mem, &a->scope, since, t, &out->rows, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (kpi_is(r->state, "ended") ? !r->ended_day || r->ended_day <= today
                                      : r->ended_day && r->ended_day <= today)
            set(r, 0, "ended");
        else if (kpi_is(r->state, "prospect") || kpi_is(r->state, "legal"))
            set(r, 0, "unsigned");
        else if (!r->signed_known)
            set(r, 0, "undated");
        else if (r->signed_day >= today)
            set(r, 0, "signed_later");
        else if (r->touches + r->registrations > 0)
            set(r, KPI_NUM | KPI_DEN, "active");
        else
            set(r, KPI_DEN, "inactive");
    }
    return true;
}

/* K5: by day of registration; what has expired since is counted and named apart. */
static bool mark_registrations(struct db *db, struct arena *mem,
    const struct kpi_ask *a, struct kpi_answer *out, struct err *e)
{
    if (!load_deals(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (inside(r->since_ms, &a->period))
            set(r, KPI_NUM, kpi_is(r->state, "expired") ? "expired" : "registered");
    }
    drop_unmarked(&out->rows);
    return true;
}

/* K6: decided in the period, by the last close known. */
static bool mark_decided(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!load_deals(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        const char *state = state_of(r, a->as_of_ms);
        bool closed = inside(r->at_ms, &a->period);
        out->reopened += r->reopened;
        if (kpi_is(state, "won") && closed)
            set(r, KPI_NUM | KPI_DEN, state);
        else if (kpi_is(state, "lost") && closed)
            set(r, KPI_DEN, state);
        else if (kpi_is(state, "open") || kpi_is(state, "paused") ||
                 (kpi_is(state, "expired") && closed))
            set(r, 0, state);
    }
    drop_unmarked(&out->rows);
    return true;
}

/* K7, K8: everything registered in the period, whatever became of it. */
static bool mark_cohort(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!load_deals(db, mem, a, out, e))
        return false;
    int32_t today = day_of(a->as_of_ms, a->zone);
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (!inside(r->since_ms, &a->period))
            continue;
        const char *state = state_of(r, a->as_of_ms);
        const struct market *m = market_find(r->market);
        set(r, kpi_is(state, "won") ? KPI_NUM | KPI_DEN : KPI_DEN, state);
        out->open += kpi_is(state, "open") || kpi_is(state, "paused");
        out->immature += today - day_of(r->since_ms, a->zone) <
                         BASE_CYCLE_DAYS * (m ? m->cycle_factor : 1);
    }
    drop_unmarked(&out->rows);
    return true;
}

static int32_t paused_days(const struct kpi_row *r, const char *zone)
{
    int32_t days = 0;
    for (int i = 0; i < r->n_pauses; i++) {
        int64_t from = r->pauses[i].from_ms, to = r->pauses[i].to_ms;
        if (from < r->since_ms)
            from = r->since_ms;
        if (!to || to > r->at_ms)
            to = r->at_ms;
        if (to > from)
            days += day_of(to, zone) - day_of(from, zone);
    }
    return days;
}

/* K9: calendar days from registration to winning. */
static bool mark_cycles(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!load_deals(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (!kpi_is(r->state, "won") || !inside(r->at_ms, &a->period))
            continue;
        r->figure = day_of(r->at_ms, a->zone) - day_of(r->since_ms, a->zone);
        r->net = r->figure - paused_days(r, a->zone);
        if (r->figure < 0)
            set(r, 0, "data_error");
        else
            set(r, KPI_DEN, "won");
    }
    drop_unmarked(&out->rows);
    return true;
}

static bool attempted(const struct kpi_row *r)
{
    return !kpi_is(r->sort, "reached");
}

/* The touch points of one won deal, which stands at `at`; they go with its owner,
 * partner and market. */
static bool mark_deal_touches(
    struct db *db, struct arena *mem, int at, struct kpi_answer *out, struct err *e)
{
    struct kpi_row won = out->rows.row[at];
    int first = out->rows.n;
    if (!kpi_deal_touches(db, mem, won.deal, &out->rows, e))
        return false;
    for (int i = first; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        r->partner = won.partner;
        r->market = won.market;
        r->member = won.member;
        r->member_left = won.member_left;
        r->co_member = won.co_member;
        r->co_left = won.co_left;
        if (r->internal)
            set(r, 0, "internal");
        else if (attempted(r))
            set(r, 0, "attempt");
        else if (r->at_ms > won.at_ms)
            set(r, 0, "after_close");
        else
            set(r, KPI_NUM, "touch");
        won.figure += r->role != 0;
    }
    set(&won, KPI_DEN, won.figure ? "won" : "unlogged");
    out->unlogged += !won.figure;
    out->rows.row[at] = won;
    return true;
}

/* K11: all touch points up to the last close, those before registration too. */
static bool mark_touches_to_close(struct db *db, struct arena *mem,
    const struct kpi_ask *a, struct kpi_answer *out, struct err *e)
{
    if (!load_deals(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (kpi_is(r->state, "won") && inside(r->at_ms, &a->period))
            set(r, KPI_DEN, "won");
    }
    drop_unmarked(&out->rows);
    int deals = out->rows.n;
    for (int i = 0; i < deals; i++) {
        if (!mark_deal_touches(db, mem, i, out, e))
            return false;
    }
    return true;
}

/* K12; rows before the period are there for the shift alone. */
static bool mark_mix(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    int64_t from = a->before_ms ? a->before_ms : a->period.from_ms;
    if (!kpi_touches(db, mem, &a->scope, false, from, a->period.to_ms, a->as_of_ms,
            &out->rows, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        bool before = r->at_ms < a->period.from_ms;
        if (r->internal || attempted(r))
            set(r, 0, before ? NULL : r->internal ? "internal" : "attempt");
        else if (before)
            set(r, 0, "before");
        else
            set(r, KPI_NUM | KPI_DEN, "touch");
    }
    drop_unmarked(&out->rows);
    return true;
}

/* K41: of all that was tried, what reached somebody; a meeting was not tried but held. */
static bool mark_reached(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!kpi_touches(db, mem, &a->scope, false, a->period.from_ms, a->period.to_ms, a->as_of_ms,
            &out->rows, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        if (r->internal)
            set(r, 0, "internal");
        else if (r->kind == 'T')
            set(r, attempted(r) ? KPI_DEN : KPI_NUM | KPI_DEN, attempted(r) ? "attempt" : "reached");
    }
    drop_unmarked(&out->rows);
    return true;
}

static bool load_meetings(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    return kpi_touches(db, mem, &a->scope, true, a->period.from_ms, a->period.to_ms,
        a->as_of_ms, &out->rows, e);
}

/* K34: the clock ends with the second business day after the meeting's day. */
static bool mark_heard(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!load_meetings(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        int32_t last =
            business_day_add(r->market, day_of(r->at_ms, a->zone), HEARD_WITHIN);
        int64_t end = day_start_ms(last + 1, a->zone);
        if (r->internal)
            set(r, 0, "internal");
        else if (!r->champion)
            set(r, 0, "no_champion");
        else if (r->heard_ms && r->heard_ms < end)
            set(r, KPI_NUM | KPI_DEN, "heard");
        else if (a->as_of_ms < end)
            set(r, 0, "pending");
        else
            set(r, KPI_DEN, r->heard_ms ? "heard_late" : "not_heard");
    }
    return true;
}

/* K35: the first stance decides, "unknown" included. */
static bool mark_stances(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    if (!load_meetings(db, mem, a, out, e))
        return false;
    for (int i = 0; i < out->rows.n; i++) {
        struct kpi_row *r = &out->rows.row[i];
        int64_t end = r->at_ms + STANCE_WITHIN_MS;
        if (r->internal)
            set(r, 0, "internal");
        else if (r->stance_ms && r->stance_ms <= end)
            set(r, KPI_NUM | KPI_DEN, "stance");
        else
            set(r, KPI_DEN, r->stance_ms ? "stance_late" : "no_stance");
        out->running += r->role && !r->again && !r->stance_ms && a->as_of_ms <= end;
    }
    return true;
}

#define BY(what) (1 << KPI_BY_##what)
#define BY_DEAL (BY(PARTNER) | BY(MARKET) | BY(MEMBER))
#define BY_TOUCH (BY_DEAL | BY(CHANNEL))

/* In the order of a card. */
static const struct kpi kpis[] = {
    { "K1", "%", 10, KPI_NOW, BY(PARTNER) | BY(MARKET), mark_partners, kpi_sum_rate },
    { "K12", "touch_points", 0, KPI_TRAILING, BY_TOUCH, mark_mix, kpi_sum_count },
    { "K5", "registrations", 0, KPI_QUARTER, BY_DEAL, mark_registrations,
        kpi_sum_count },
    { "K6", "%", 10, KPI_TRAILING, BY_DEAL, mark_decided, kpi_sum_rate },
    { "K7", "%", 10, KPI_TRAILING, BY_DEAL, mark_cohort, kpi_sum_rate },
    { "K8", "%", 10, KPI_TRAILING, BY(MEMBER), mark_cohort, kpi_sum_rate },
    { "K9", "days", 10, KPI_TRAILING, BY_DEAL, mark_cycles, kpi_sum_days },
    { "K11", "touch_points", 10, KPI_TRAILING, BY_DEAL, mark_touches_to_close,
        kpi_sum_touches },
    { "K34", "%", 10, KPI_TRAILING, BY_TOUCH, mark_heard, kpi_sum_rate },
    { "K35", "%", 10, KPI_TRAILING, BY_TOUCH, mark_stances, kpi_sum_rate },
    { "K41", "%", 10, KPI_TRAILING, BY_TOUCH, mark_reached, kpi_sum_rate },
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
        n += !a->rows.row[i].again && kpi_is(a->rows.row[i].mark, mark);
    return n;
}

static void count_out(struct kpi_answer *out)
{
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (r->role || r->again || kpi_is(r->mark, "before"))
            continue;
        int at = 0;
        while (at < out->n_out && !kpi_is(out->out[at].mark, r->mark))
            at++;
        if (at == out->n_out)
            out->out[out->n_out++].mark = r->mark;
        out->out[at].n++;
    }
}

bool kpi_compute(struct db *db, struct arena *mem, const struct kpi_ask *a,
    struct kpi_answer *out, struct err *e)
{
    const struct kpi *k = a->kpi;
    *out = (struct kpi_answer){ 0 };
    e->code = ERR_NONE;
    if (a->by && !(k->by & 1 << a->by))
        return fail(e, ERR_USAGE, "kpi.no_split",
            ARGS(TXT("kpi", k->id), TXT("by", kpi_by_names[a->by])),
            "%s is not split by %s", k->id, kpi_by_names[a->by]);
    if (k->mark == mark_partners && (a->scope.customer || a->scope.member || a->scope.deal))
        return fail(e, ERR_USAGE, "kpi.no_scope", ARGS(TXT("kpi", k->id)),
            "%s is of partners and markets", k->id);
    if (!k->mark(db, mem, a, out, e))
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
    kpi_split_parts(mem, a, out);
    if (a->by)
        kpi_split_groups(mem, a, out);
    return true;
}
