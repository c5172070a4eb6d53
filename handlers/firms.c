/* partner and customer: a new firm, or new facts about a known one. */
#include <string.h>
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { COMMISSION_LOW = 2500, COMMISSION_HIGH = 3500 };

static const struct arg partner_args[] = {
    { "name", ARG_NAME, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "type", ARG_TYPE, 0 },
    { "market", ARG_MARKET, 0 },
    { "silo", ARG_SILO, 0 },
    { "stage", ARG_PARTNER_STAGE, 0 },
    { "when", ARG_WHEN, 0 },
    { "percent", ARG_PERCENT, 0 },
    { "reading", ARG_READING, 0 },
    { "alias", ARG_ALIAS, 0 },
    { 0 },
};

/* signed 1 apr: the day belongs to the stage typed beside it. */
static void take_stage(struct call *c, struct partner *p)
{
    const char *stage = c->f->word[WORD_PARTNER_STAGE];
    if (!stage)
        return;
    int32_t day = day_of(c->f->when.at_ms, c->when.team_zone);
    p->stage = stage;
    if (!strcmp(stage, "legal") && !p->agreement_day)
        p->agreement_day = day;
    else if (!strcmp(stage, "signed") || (!strcmp(stage, "active") && !p->signed_day))
        p->signed_day = day;
    else if (!strcmp(stage, "ended"))
        p->ended_day = day;
}

static void take_partner(struct call *c, struct partner *p)
{
    const struct frame *f = c->f;
    if (f->word[WORD_PARTNER_TYPE])
        p->type = f->word[WORD_PARTNER_TYPE];
    if (f->word[WORD_MARKET])
        p->market = f->word[WORD_MARKET];
    if (f->word[WORD_SILO])
        p->silo = f->word[WORD_SILO];
    if (f->percent_bp >= 0)
        p->commission_bp = f->percent_bp;
    take_stage(c, p);
}

static char *percent(struct call *c, int bp)
{
    return bp % 100 ? arena_printf(c->mem, "%d.%02d%%", bp / 100, bp % 100)
                    : arena_printf(c->mem, "%d%%", bp / 100);
}

/* Is there more than the name? A name alone shows what is known. */
static bool told(const struct frame *f)
{
    return f->word[WORD_PARTNER_TYPE] || f->word[WORD_MARKET] || f->word[WORD_SILO] ||
           f->word[WORD_PARTNER_STAGE] || f->percent_bp >= 0 || f->reading || f->n_aliases || f->industry;
}

/* What was made known: 新規パートナー; NULL where only the name was typed. */
static char *news(struct call *c, const char *kind, bool fresh)
{
    return fresh || told(c->f) ? call_text(c, arena_printf(c->mem, "%s.%s", kind, fresh ? "added" : "changed"), NO_ARGS) : NULL;
}

static void partner_echo(struct call *c, const struct partner *p, bool fresh)
{
    struct buf b = BUF_ON(c->mem), s = BUF_ON(c->mem);
    char *id = call_ref(c, 'P', p->id);
    buf_join(&b, " · ", id);
    buf_join(&b, " · ", p->name);
    struct reply *r = reply_titled(c, REPLY_OK, fresh ? "partner.added" : "partner.changed", buf_str(&b));
    buf_join(&s, " · ", news(c, "partner", fresh));
    buf_join(&s, " · ", call_word(c, WORD_PARTNER_TYPE, p->type));
    buf_join(&s, " · ", call_word(c, WORD_MARKET, p->market));
    if (p->silo)
        buf_join(&s, " · ", call_text(c, "partner.silo", ARGS(TXT("silo", call_word(c, WORD_SILO, p->silo)))));
    buf_join(&s, " · ", call_word(c, WORD_PARTNER_STAGE, p->stage));
    if (p->commission_bp >= 0)
        buf_join(&s, " · ", call_text(c, "partner.commission", ARGS(TXT("rate", percent(c, p->commission_bp)))));
    reply_soft(r, buf_str(&s));
    reply_soft(r, names_text(c));
    if (p->commission_bp >= 0 && (p->commission_bp < COMMISSION_LOW || p->commission_bp > COMMISSION_HIGH))
        reply_warning(r, call_text(c, "partner.commission_unusual", NO_ARGS));
    if (fresh && !p->type)
        for (int i = 0; i < 6; i++) {
            static const char *const types[] = { "agency", "reseller", "solutions", "referral", "consultancy", "si" };
            reply_quick(r, call_word(c, WORD_PARTNER_TYPE, types[i]), arena_printf(c->mem, "partner %s %s", id, types[i]));
        }
    reply_button(r, "plain", arena_printf(c->mem, "show %s", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, fresh ? "created" : "changed");
    reply_data(r, "name", p->name);
    reply_data(r, "type", p->type);
    reply_data(r, "market", p->market);
    reply_data(r, "silo", p->silo);
    reply_data(r, "stage", p->stage);
    if (p->commission_bp >= 0)
        reply_data_int(r, "commission_bp", p->commission_bp);
}

static bool partner_run(struct call *c, struct err *e)
{
    struct partner p = { .commission_bp = -1, .stage = "prospect", .market = c->member->market };
    bool fresh = !c->f->n_partners, asked;
    e->code = ERR_NONE;
    if (!fresh && !partner_load(c->db, c->mem, c->f->partners[0], &p, e))
        return false;
    if (fresh && !c->f->name)
        return fail(e, ERR_USAGE, "partner.who", NULL, "no name");
    if (fresh) {
        if (!offer_known(c, 'P', &asked, e) || asked)
            return e->code == ERR_NONE;
        p.name = c->f->name;
    }
    take_partner(c, &p);
    if (fresh)
        p.id = partner_add(c->db, &p, c->now_ms, e);
    else if (told(c->f) && !partner_update(c->db, &p, e))
        return false;
    if (!p.id || !add_typed_names(c, 'P', p.id, e))
        return false;
    partner_echo(c, &p, fresh);
    return true;
}

const struct command partner_command = {
    .id = "partner",
    .args = partner_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = partner_run,
};

static const struct arg customer_args[] = {
    { "name", ARG_NAME, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "market", ARG_MARKET, 0 },
    { "industry", ARG_INDUSTRY, 0 },
    { "reading", ARG_READING, 0 },
    { "alias", ARG_ALIAS, 0 },
    { 0 },
};

static bool customer_run(struct call *c, struct err *e)
{
    struct customer a = { .market = c->member->market };
    bool fresh = !c->f->n_customers, asked;
    e->code = ERR_NONE;
    if (!fresh && !customer_load(c->db, c->mem, c->f->customers[0], &a, e))
        return false;
    if (fresh && !c->f->name)
        return fail(e, ERR_USAGE, "customer.who", NULL, "no name");
    if (fresh) {
        if (!offer_known(c, 'A', &asked, e) || asked)
            return e->code == ERR_NONE;
        a.name = c->f->name;
    }
    if (c->f->word[WORD_MARKET])
        a.market = c->f->word[WORD_MARKET];
    if (c->f->industry)
        a.industry = c->f->industry;
    if (fresh)
        a.id = customer_add(c->db, &a, c->now_ms, e);
    else if (told(c->f) && !customer_update(c->db, &a, e))
        return false;
    if (!a.id || !add_typed_names(c, 'A', a.id, e))
        return false;
    struct buf b = BUF_ON(c->mem), s = BUF_ON(c->mem);
    char *id = call_ref(c, 'A', a.id);
    buf_join(&b, " · ", id);
    buf_join(&b, " · ", a.name);
    struct reply *r = reply_titled(c, REPLY_OK, fresh ? "customer.added" : "customer.changed", buf_str(&b));
    buf_join(&s, " · ", news(c, "customer", fresh));
    buf_join(&s, " · ", call_word(c, WORD_MARKET, a.market));
    buf_join(&s, " · ", a.industry);
    reply_soft(r, buf_str(&s));
    reply_soft(r, names_text(c));
    reply_button(r, "plain", arena_printf(c->mem, "show %s", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, fresh ? "created" : "changed");
    reply_data(r, "name", a.name);
    reply_data(r, "market", a.market);
    reply_data(r, "industry", a.industry);
    return true;
}

const struct command customer_command = {
    .id = "customer",
    .args = customer_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = customer_run,
};
