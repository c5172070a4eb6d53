#include "handlers/care.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/circuit.h"
#include "bot/core/label.h"
#include "bot/core/notice.h"
#include "bot/store/team.h"
#include "bot/text/calendar.h"
#include "handlers/facts.h"

enum { ROWS = 40, STALLED_DAYS = 10, EXPIRY_DAYS = 90, EXPIRY_SOON = 14, TRAINING_SOON = 7 };

static void add(struct care *out, int *n, struct care one)
{
    if (*n < CARES)
        out[(*n)++] = one;
}

static const char *market_of(struct call *c, const struct cadence *k)
{
    struct person p = { 0 };
    struct partner firm;
    struct customer a;
    struct deal d;
    struct err e;
    const char *market = NULL;
    if (k->person_id)
        (void)person_load(c->db, c->mem, k->person_id, &p, &e);
    int64_t partner = k->partner_id ? k->partner_id : p.partner_id;
    if (k->deal_id && deal_load(c->db, c->mem, k->deal_id, &d, &e))
        market = d.market;
    else if (partner && partner_load(c->db, c->mem, partner, &firm, &e))
        market = firm.market;
    else if (p.customer_id && customer_load(c->db, c->mem, p.customer_id, &a, &e))
        market = a.market;
    return market && *market ? market : c->member->market;
}

char *cadence_text(struct call *c, const struct cadence *k, int *overdue)
{
    int64_t base = k->last_ms ? k->last_ms : k->at_ms;
    int32_t due = day_of(base, c->when.zone) + k->days, today = day_of(c->now_ms, c->when.zone);
    *overdue = business_days_between(market_of(c, k), due, today);
    char *who = k->person_id    ? label_person_id(c, k->person_id, NULL)
                : k->partner_id ? label_partner(c, k->partner_id)
                                : label_deal(c, k->deal_id);
    const char *last = k->last_ms ? when_format_ago(&c->when, c->mem, c->locale, k->last_ms) : "";
    return call_text(c, "cadence.row", ARGS(TXT("who", who), NUM("days", k->days), TXT("touched", k->last_ms ? "yes" : "no"),
        TXT("last", last), NUM("overdue", *overdue), TXT("due", when_format_day(&c->when, c->mem, c->locale, due))));
}

static bool find_cadence(struct call *c, struct care *out, int *n, struct err *e)
{
    struct cadence k[ROWS];
    int overdue, rows = cadence_list(c->db, c->member->id, k, ROWS, e);
    for (int i = 0; i < rows; i++) {
        char *text = cadence_text(c, &k[i], &overdue);
        char *ref = k[i].person_id ? call_ref(c, 'C', k[i].person_id) : k[i].partner_id ? call_ref(c, 'P', k[i].partner_id) : call_ref(c, 'D', k[i].deal_id);
        if (overdue > 0)
            add(out, n, (struct care){ "cadence", k[i].id, k[i].last_ms ? k[i].last_ms : k[i].at_ms, text, arena_printf(c->mem, "show %s", ref) });
    }
    return e->code == ERR_NONE;
}

/* A sign-off that was returned until a day is no standstill before it. */
static bool waits_for_return(struct call *c, int64_t deal, int32_t today, struct err *e)
{
    struct ringi r[4];
    int n = ringi_list(c->db, c->mem, deal, true, r, 4, e);
    for (int i = 0; i < n; i++)
        if (r[i].back_day >= today)
            return true;
    return false;
}

/* A deal that is to be touched seldom stands still later: twice its cadence. */
static int patience(struct call *c, int64_t deal, struct err *e)
{
    enum { WEEK = 7, WORKED = 5 };
    struct cadence k[ROWS];
    int n = cadence_list(c->db, c->member->id, k, ROWS, e), days = STALLED_DAYS;
    for (int i = 0; i < n; i++)
        if (k[i].deal_id == deal && 2 * k[i].days * WORKED / WEEK > days)
            days = 2 * k[i].days * WORKED / WEEK;
    return days;
}

static bool find_idle(struct call *c, struct care *out, int *n, struct err *e)
{
    struct deal *d = ARENA_ARRAY(c->mem, struct deal, ROWS);
    int64_t *last = ARENA_ARRAY(c->mem, int64_t, ROWS);
    const char *zone = c->when.team_zone, *set = setting_get(c->db, c->mem, "expiry", e);
    int expiry = set ? (int)strtol(set, NULL, 10) : EXPIRY_DAYS;
    int32_t today = day_of(c->now_ms, zone);
    int rows = deal_list_idle(c->db, c->mem, day_start_ms(today - STALLED_DAYS, zone), INT64_MAX, d, last, ROWS, e);
    for (int i = 0; i < rows; i++) {
        int32_t since = day_of(last[i], zone);
        bool mine = d[i].owner_id == c->member->id || d[i].co_owner_id == c->member->id;
        const char *market = d[i].market ? d[i].market : c->member->market, *say = arena_printf(c->mem, "show D%lld", (long long)d[i].id);
        if (!mine)
            continue;
        const char *expires = when_format_day(&c->when, c->mem, c->locale, since + expiry);
        if (since + expiry - today <= EXPIRY_SOON)
            add(out, n, (struct care){ "expiry", d[i].id, since, call_text(c, "care.expiry", ARGS(TXT("deal", label_deal(c, d[i].id)), TXT("day", expires))), say });
        else if (!strcmp(d[i].state, "open") && business_days_between(market, since, today) >= patience(c, d[i].id, e) && !waits_for_return(c, d[i].id, today, e))
            add(out, n, (struct care){ "stalled", d[i].id, last[i], call_text(c, "care.stalled", ARGS(TXT("deal", label_deal(c, d[i].id)),
                NUM("days", business_days_between(market, since, today)))), say });
    }
    return e->code == ERR_NONE;
}

static bool find_training(struct call *c, struct care *out, int *n, struct err *e)
{
    struct training_due t[ROWS];
    int32_t today = day_of(c->now_ms, c->when.team_zone);
    int rows = training_due_list(c->db, c->member->id, today + TRAINING_SOON, t, ROWS, e);
    for (int i = 0; i < rows; i++)
        add(out, n, (struct care){ "training", t[i].id, t[i].due_day, call_text(c, "care.training", ARGS(TXT("who", label_person_id(c, t[i].person_id, NULL)),
            TXT("day", when_format_day(&c->when, c->mem, c->locale, t[i].due_day)), TXT("late", t[i].due_day < today ? "yes" : "no"))),
            arena_printf(c->mem, "show C%lld", (long long)t[i].person_id) });
    return e->code == ERR_NONE;
}

int care_find(struct call *c, struct care *out, struct err *e)
{
    int n = 0, k = 0;
    e->code = ERR_NONE;
    if (!find_cadence(c, out, &n, e) || !find_idle(c, out, &n, e) || !find_training(c, out, &n, e))
        return 0;
    for (int i = 0; i < n; i++)
        if (!notice_muted(c->db, c->mem, c->member->id, out[i].kind, e))
            out[k++] = out[i];
    return k;
}
