/* warnings: what is wrong, in plain words. Each kind is a row of one table that finds it;
 * shares and counts come from the figures. Keeps nothing. */
#include "handlers/warnings.h"

#include <string.h>
#include "bot/core/label.h"
#include "bot/store/profile.h"
#include "bot/text/calendar.h"
#include "handlers/cards.h"

enum { CONCENTRATED = 50, MONTHS_ALONE = 24 };

struct finding {
    struct call *c;
    const struct kpi_scope *scope;
    struct warning *out;
    int n;
    const char *kind;
};

static void add(struct finding *f, char about, int64_t ref, const char *text)
{
    if (f->n == WARNINGS)
        return;
    f->out[f->n++] = (struct warning){ .id = { f->kind, about, ref }, .text = text,
        .say = arena_printf(f->c->mem, "show %s", call_ref(f->c, about, ref)) };
}

static const char *firm(struct call *c, char about, int64_t ref)
{
    return about == 'A' ? label_customer(c, ref) : label_partner(c, ref);
}

static bool find_negative(struct finding *f, struct err *e)
{
    struct call *c = f->c;
    struct warning_row *row = ARENA_ARRAY(c->mem, struct warning_row, WARNING_ROWS);
    int n = warning_negative(c->db, c->mem, f->scope, row, e);
    for (int i = 0; i < n; i++)
        add(f, row[i].about, row[i].ref,
            call_text(c, "warning.negative",
                ARGS(TXT("who", firm(c, row[i].about, row[i].ref)), NUM("n", row[i].n),
                    TXT("since", when_format_day(&c->when, c->mem, c->locale,
                                     day_of(row[i].since_ms, c->when.team_zone))))));
    return e->code == ERR_NONE;
}

/* A year up to now, of the figure with this id. */
static bool year_of(struct finding *f, const char *id, enum kpi_by by,
    struct kpi_answer *out, struct err *e)
{
    struct call *c = f->c;
    struct kpi_ask a = { .kpi = kpi_find(id), .scope = *f->scope,
        .period = period_trailing_months(&c->when, 12), .as_of_ms = c->now_ms,
        .zone = c->when.team_zone, .by = by, .viewer = c->member->id,
        .sees_members = true, .cells = true };
    a.period.to_ms = c->now_ms + 1;
    return kpi_compute(c->db, c->mem, &a, out, e);
}

static bool find_plateau(struct finding *f, struct err *e)
{
    struct call *c = f->c;
    struct kpi_answer out;
    if (f->scope->customer)
        return true;
    if (!year_of(f, "K27", KPI_BY_NONE, &out, e))
        return false;
    for (int i = 0; i < out.rows.n; i++) {
        const struct kpi_row *r = &out.rows.row[i];
        if (kpi_is(r->mark, "plateau") && r->no)
            add(f, 'P', r->no,
                call_text(c, "warning.plateau",
                    ARGS(TXT("who", label_partner(c, r->no)), TXT("list", r->sort ? r->sort : ""))));
    }
    return true;
}

/* Signed at least two years ago: until then one partner may well be all there is. */
static bool long_signed(struct call *c, const struct warning_row *p)
{
    struct civil d = civil_of_day(p->day);
    int32_t today = day_of(c->now_ms, c->when.team_zone);
    return p->day && day_number(d.year + MONTHS_ALONE / 12, d.month, d.day) <= today;
}

/* The currency in which the partner brings more than half of what was won. */
static const char *concentrated(const struct kpi_answer *out, int64_t partner,
    int64_t *brought, int64_t *all, int64_t *deals)
{
    for (int i = 0; i < out->n_parts; i++) {
        const struct kpi_part *p = &out->parts[i];
        int64_t sum = 0;
        *deals = 0;
        if (!kpi_is(p->kind, "currency"))
            continue;
        for (int k = 0; k < out->rows.n; k++) {
            const struct kpi_row *r = &out->rows.row[k];
            if (!(r->role & KPI_NUM) || !r->has_value || !kpi_is(r->currency, p->name))
                continue;
            sum += r->partner == partner ? r->value_minor : 0;
            *deals += r->n;
        }
        if (sum > 0 && sum > p->num * CONCENTRATED / 100) {
            *brought = sum;
            *all = p->num;
            return p->name;
        }
    }
    return NULL;
}

static bool find_concentration(struct finding *f, struct err *e)
{
    struct call *c = f->c;
    struct kpi_answer won;
    struct kpi_scope market = { .market = f->scope->market };
    struct finding whole = *f;
    whole.scope = &market; /* a share of all, also on the partner's own card */
    struct warning_row *row = ARENA_ARRAY(c->mem, struct warning_row, WARNING_ROWS);
    int n = warning_partners(c->db, c->mem, f->scope, row, e);
    if (e->code != ERR_NONE || f->scope->customer)
        return e->code == ERR_NONE;
    if (!year_of(&whole, "K6", KPI_BY_PARTNER, &won, e))
        return false;
    for (int i = 0; i < n; i++) {
        int64_t brought, all, deals;
        char share[24];
        const char *currency =
            long_signed(c, &row[i]) ? concentrated(&won, row[i].ref, &brought, &all, &deals) : NULL;
        if (!currency)
            continue;
        kpi_percent(share, sizeof share, brought, all);
        add(f, 'P', row[i].ref,
            call_text(c, "warning.concentration",
                ARGS(TXT("who", label_partner(c, row[i].ref)), TXT("share", share),
                    TXT("num", label_money(c, brought, currency)),
                    TXT("den", label_money(c, all, currency)), NUM("n", deals),
                    TXT("small", deals < KPI_UNRANKED ? "yes" : "no"))));
    }
    return true;
}

static bool find_trained(struct finding *f, struct err *e)
{
    struct call *c = f->c;
    struct warning_row *row = ARENA_ARRAY(c->mem, struct warning_row, WARNING_ROWS);
    int n = f->scope->customer ? 0
                               : warning_trained(c->db, f->scope,
                                     day_of(c->now_ms, c->when.team_zone), row, e);
    for (int i = 0; i < n; i++)
        add(f, 'P', row[i].ref,
            call_text(c, "warning.trained",
                ARGS(TXT("who", label_partner(c, row[i].ref)), NUM("n", row[i].n))));
    return e->code == ERR_NONE;
}

static bool find_unlogged(struct finding *f, struct err *e)
{
    struct kpi_answer out;
    if (!year_of(f, "K11", KPI_BY_NONE, &out, e))
        return false;
    for (int i = 0; i < out.rows.n; i++) {
        const struct kpi_row *r = &out.rows.row[i];
        if (kpi_is(r->mark, "unlogged") && r->no)
            add(f, 'D', r->no,
                call_text(f->c, "warning.unlogged", ARGS(TXT("deal", label_deal(f->c, r->no)))));
    }
    return true;
}

static bool find_language(struct finding *f, struct err *e)
{
    struct call *c = f->c;
    struct warning_row *row = ARENA_ARRAY(c->mem, struct warning_row, WARNING_ROWS);
    int n = f->scope->customer ? 0 : warning_partners(c->db, c->mem, f->scope, row, e);
    for (int i = 0; i < n; i++) {
        int64_t noted = 0, able = 0;
        const char *language = market_language(row[i].market);
        if (!language)
            continue;
        if (!staff_language(c->db, row[i].ref, language, &noted, &able, e))
            return false;
        if (noted && !able)
            add(f, 'P', row[i].ref,
                call_text(c, "warning.language",
                    ARGS(TXT("who", label_partner(c, row[i].ref)),
                        TXT("language", call_word(c, WORD_LANGUAGE, language)))));
    }
    return e->code == ERR_NONE;
}

/* The gravest first. */
static const struct {
    const char *kind;
    bool (*find)(struct finding *f, struct err *e);
    bool figures; /* asks a market's figures */
} kinds[] = {
    { "negative", find_negative, false },
    { "plateau", find_plateau, false },
    { "concentration", find_concentration, true },
    { "trained", find_trained, false },
    { "unlogged", find_unlogged, true },
    { "language", find_language, false },
};

static int find_all(struct call *c, const struct kpi_scope *scope, bool card,
    struct warning out[WARNINGS], struct err *e)
{
    struct finding f = { .c = c, .scope = scope, .out = out };
    e->code = ERR_NONE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        f.kind = kinds[i].kind;
        if (!(card && kinds[i].figures) && !kinds[i].find(&f, e))
            return -1;
    }
    return f.n;
}

int warnings_find(struct call *c, const struct kpi_scope *scope,
    struct warning out[WARNINGS], struct err *e)
{
    return find_all(c, scope, false, out, e);
}

int warnings_for_card(struct call *c, const struct kpi_scope *scope,
    struct warning out[WARNINGS], struct err *e)
{
    return find_all(c, scope, true, out, e);
}

struct kpi_scope warnings_scope(struct call *c)
{
    const struct frame *f = c->f;
    struct kpi_scope s = { .partner = f->n_partners ? f->partners[0] : 0,
        .customer = f->n_customers ? f->customers[0] : 0,
        .market = f->word[WORD_MARKET] };
    if (!s.partner && !s.customer && !s.market && !(c->member->roles & ROLE_HQ))
        s.market = c->member->market;
    return s;
}

static const struct arg warnings_args[] = {
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "market", ARG_MARKET, 0 },
    { 0 },
};

static bool warnings_run(struct call *c, struct err *e)
{
    struct warning list[WARNINGS];
    struct kpi_ask about = { .scope = warnings_scope(c) };
    int n = warnings_find(c, &about.scope, list, e);
    if (n < 0)
        return false;
    const char *where = kpi_scope_text(c, &about);
    if (!*where)
        where = call_text(c, "digest.everywhere", NO_ARGS);
    struct reply *r = reply_new(c, REPLY_OK, n ? "warning.list" : "warning.none",
        ARGS(TXT("where", where), NUM("n", n)));
    for (int i = 0; i < n; i++)
        reply_item(r, list[i].text, list[i].say);
    return true;
}

const struct command warnings_command = {
    .id = "warnings",
    .args = warnings_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = warnings_run,
};
