/* market: how long its cycle is against the base market's, which market is the base, and
 * how large it is. milestone: the steps of us there that no other record tells. */
#include "bot/store/team.h"

#include <stdlib.h>
#include <string.h>
#include "bot/text/calendar.h"
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/team.h"

enum { STEPS = 8, MILLI = 3 };

static const struct arg market_args[] = {
    { "market", ARG_MARKET, REQUIRED },
    { "factor", ARG_FACTOR, 0 },
    { "base", ARG_BASE, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg milestone_args[] = {
    { "market", ARG_MARKET, REQUIRED },
    { "milestone", ARG_MILESTONE, REQUIRED },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

bool put_market(struct reply *r, const char *market, struct err *e)
{
    struct call *c = r->call;
    struct market_fact f = { 0 };
    struct milestone steps[STEPS];
    const struct market *m = market_find(market);
    if (!market_fact_find(c->db, market, &f, e) && e->code != ERR_NONE)
        return false;
    int64_t factor = f.factor_milli ? f.factor_milli : (m ? m->cycle_factor : 1) * INT64_C(1000);
    reply_field(r, "market.factor", call_text(c, f.factor_milli ? "market.times" : "market.times_usual",
        ARGS(TXT("factor", decimal_text(c->mem, factor, MILLI)))));
    if (f.base)
        reply_field(r, "market.base", call_text(c, "look.yes", NO_ARGS));
    if (f.tam_id && note_known(c, f.tam_id))
        reply_field_note(r, "market.tam", f.tam_id);
    int n = milestone_list(c->db, c->mem, market, steps, STEPS, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "market.step", arena_printf(c->mem, "%s" FACTS "%s", call_word(c, WORD_MILESTONE, steps[i].what),
            when_format_day(&c->when, c->mem, c->locale, steps[i].at_day)));
    return e->code == ERR_NONE;
}

static bool market_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct market_fact m = { .market = f->word[WORD_MARKET] };
    bool words = f->note && *f->note, change = words || f->factor || f->word[WORD_BASE];
    int64_t rev;
    e->code = ERR_NONE;
    if (!market_fact_find(c->db, m.market, &m, e) && e->code != ERR_NONE)
        return false;
    if (change && !(c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN)))
        return fail(e, ERR_FORBIDDEN, "market.who", NULL, "no manager");
    if (f->factor) {
        size_t n = read_decimal(f->factor, MILLI, &m.factor_milli);
        if (!n || f->factor[n] || m.factor_milli > 100000)
            return fail(e, ERR_USAGE, "market.bad_factor", NULL, "no factor");
    }
    m.base = m.base || f->word[WORD_BASE];
    if (words && !store_note(c, "all", 0, &m.tam_id, &rev, e))
        return false;
    if (change && !market_fact_put(c->db, &m, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "market.card", call_word(c, WORD_MARKET, m.market));
    if (change)
        undo_button(r);
    return put_market(r, m.market, e);
}

static bool milestone_run(struct call *c, struct err *e)
{
    const char *market = c->f->word[WORD_MARKET];
    struct milestone m = { c->f->word[WORD_MILESTONE], day_of(c->f->when.at_ms, c->when.team_zone) };
    if (!milestone_put(c->db, market, &m, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "milestone.noted", call_word(c, WORD_MARKET, market));
    undo_button(r);
    return put_market(r, market, e);
}

const struct command market_command = { .id = "market", .args = market_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = market_run };
const struct command milestone_command = { .id = "milestone", .args = milestone_args,
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN, .where = ANYWHERE, .flags = CMD_WRITES, .run = milestone_run };
