#include "bot/core/circuit.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/store/profile.h"
#include "bot/text/calendar.h"

bool circuit_load(struct call *c, int64_t ringi, struct circuit *k, struct err *e)
{
    struct customer a;
    *k = (struct circuit){ 0 };
    if (!ringi_load(c->db, c->mem, ringi, &k->r, e) || !deal_load(c->db, c->mem, k->r.deal_id, &k->deal, e))
        return false;
    k->market = k->deal.market;
    if (!k->market && k->deal.customer_id && customer_load(c->db, c->mem, k->deal.customer_id, &a, e))
        k->market = a.market;
    if (!k->market)
        k->market = c->member->market;
    k->n = ringi_step_list(c->db, c->mem, ringi, k->r.round, k->steps, RINGI_STEPS, e);
    return e->code == ERR_NONE;
}

bool circuit_holds(const struct circuit *k, const struct ringi_step *s)
{
    return !strcmp(k->r.state, "circulating") && s->since_ms && !s->done_ms;
}

const struct ringi_step *circuit_holder(const struct circuit *k)
{
    for (int i = 0; i < k->n; i++)
        if (circuit_holds(k, &k->steps[i]))
            return &k->steps[i];
    return NULL;
}

char *circuit_name(struct call *c, const struct ringi_step *s)
{
    struct person p;
    struct err e;
    if (!s->person_id || !person_load(c->db, c->mem, s->person_id, &p, &e))
        return arena_strdup(c->mem, s->label ? s->label : "?");
    return label_person(c, &p, (unsigned char)p.name[0] < 0x80 ? NULL : p.title);
}

static int32_t today(const struct call *c)
{
    return day_of(c->now_ms, c->when.zone);
}

static char *day_text(struct call *c, int32_t day)
{
    return when_format_day(&c->when, c->mem, c->locale, day);
}

static int waited(struct call *c, const struct circuit *k, int64_t since_ms)
{
    return business_days_between(k->market, day_of(since_ms, c->when.zone), today(c));
}

char *circuit_where(struct call *c, const struct circuit *k, const struct ringi_step *s)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_text(c, "ringi.with", ARGS(TXT("who", circuit_name(c, s)),
        NUM("n", waited(c, k, s->since_ms)), TXT("since", day_text(c, day_of(s->since_ms, c->when.zone))))));
    if (s->dissent_ms)
        buf_join(&b, " · ", call_text(c, "ringi.dissents", ARGS(TXT("since", day_text(c, day_of(s->dissent_ms, c->when.zone))))));
    if (s->person_id)
        buf_join(&b, " · ", label_away(c, s->person_id, today(c)));
    return arena_strdup(c->mem, buf_str(&b));
}

char *circuit_returned(struct call *c, const struct circuit *k)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_text(c, "ringi.with_drafter", ARGS(NUM("n", waited(c, k, k->r.returned_ms)),
        TXT("since", day_text(c, day_of(k->r.returned_ms, c->when.zone))))));
    if (k->r.back_day)
        buf_join(&b, " · ", call_text(c, "ringi.back", ARGS(TXT("day", day_text(c, k->r.back_day)))));
    return arena_strdup(c->mem, buf_str(&b));
}

char *circuit_progress(struct call *c, const struct circuit *k)
{
    struct buf done = BUF_ON(c->mem), left = BUF_ON(c->mem);
    int n = 0;
    const char *comma = call_text(c, "look.comma", NO_ARGS);
    for (int i = 0; i < k->n; i++) {
        const struct ringi_step *s = &k->steps[i];
        bool stamped = s->outcome && !strcmp(s->outcome, "stamped");
        char *who = circuit_name(c, s);
        n += stamped;
        buf_join(stamped ? &done : &left, comma,
            s->courtesy ? call_text(c, "ringi.courtesy", ARGS(TXT("who", who))) : who);
    }
    return call_text(c, "ringi.progress", ARGS(NUM("k", n), NUM("n", k->n), TXT("done", buf_str(&done)),
        TXT("any", done.n ? "yes" : "no"), TXT("left", buf_str(&left)), TXT("more", left.n ? "yes" : "no"), TXT("medium", k->r.medium ? k->r.medium : "none")));
}

int32_t circuit_check_day(struct call *c, const struct circuit *k)
{
    struct away a;
    struct err e;
    if (!strcmp(k->r.state, "returned"))
        return business_day_add(k->market, k->r.back_day ? k->r.back_day : day_of(k->r.returned_ms, c->when.zone),
            k->r.back_day ? 0 : CIRCUIT_WAIT_DAYS);
    const struct ringi_step *s = circuit_holder(k);
    if (!s)
        return 0;
    int32_t day = business_day_add(k->market, day_of(s->since_ms, c->when.zone), CIRCUIT_WAIT_DAYS);
    if (s->person_id && away_find(c->db, c->mem, s->person_id, today(c), &a, &e) && a.to_day)
        day = business_day_add(k->market, a.to_day + 1, 0); /* back then, and not asked before */
    return day > today(c) ? day : business_day_add(k->market, today(c), 1);
}
