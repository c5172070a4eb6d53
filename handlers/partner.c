/* partner: a new firm that sells with us, or new facts about a known one. supports: who
 * answers its customers first, and in which language. */
#include <string.h>
#include "handlers/cards.h"
#include "handlers/facts.h"
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
static const struct arg supports_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { "support", ARG_SUPPORT, 0 },
    { "language", ARG_LANGUAGE, 0 },
    { 0 },
};

/* legal 1 jun signed 1 feb: each day belongs to the stage beside it. The latest typed is
 * where the partner stands; a day typed corrects the one that was noted. */
static void take_stages(const struct call *c, struct partner *p)
{
    const struct frame *f = c->f;
    int32_t otherwise = day_of(f->when.at_ms, c->when.zone), day;
    bool dated = f->when.has_date;
    if (frame_dated(f, "legal", otherwise, &day) && (!p->agreement_day || dated || day != otherwise))
        p->agreement_day = day;
    if (frame_dated(f, "signed", otherwise, &day))
        p->signed_day = day;
    if (frame_dated(f, "active", otherwise, &day) && !p->signed_day)
        p->signed_day = day;
    if (frame_dated(f, "ended", otherwise, &day))
        p->ended_day = day;
    else if (f->n_dated)
        p->ended_day = 0; /* back again */
    if (f->n_dated)
        p->stage = f->dated[f->n_dated - 1].what;
}

static bool stages_fit(const struct call *c, const struct partner *p, struct err *e)
{
    int32_t today = day_of(c->now_ms, c->when.zone);
    if (p->agreement_day > today || p->signed_day > today)
        return fail(e, ERR_USAGE, "partner.ahead", NULL, "future day");
    bool backwards = (p->signed_day && p->agreement_day > p->signed_day) || (p->ended_day && p->signed_day > p->ended_day);
    return !backwards || fail(e, ERR_USAGE, "partner.order", NULL, "wrong order");
}

static void take_partner(const struct call *c, struct partner *p)
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
    if (f->word[WORD_COMMISSION_MODE])
        p->commission_mode = f->word[WORD_COMMISSION_MODE];
    if (f->has_renewal)
        p->renewal_bp = f->renewal_bp;
    p->person = p->person || f->word[WORD_INDIVIDUAL];
    take_stages(c, p);
}

static char *percent(struct call *c, int bp)
{
    return bp % 100 ? arena_printf(c->mem, "%d.%02d%%", bp / 100, bp % 100)
                    : arena_printf(c->mem, "%d%%", bp / 100);
}

char *fact_commission(struct call *c, const struct partner *p, bool labelled)
{
    struct buf b = BUF_ON(c->mem);
    bool discount = p->commission_mode && !strcmp(p->commission_mode, "discount");
    if (p->commission_bp < 0)
        return NULL;
    char *rate = percent(c, p->commission_bp);
    buf_join(&b, FACTS, labelled && !discount ? rate
                        : call_text(c, discount ? "partner.discount" : "partner.commission", ARGS(TXT("rate", rate))));
    if (p->renewal_bp)
        buf_join(&b, FACTS, call_text(c, "partner.renewal", ARGS(TXT("rate", percent(c, p->renewal_bp)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool unusual(int bp)
{
    return bp >= 0 && (bp < COMMISSION_LOW || bp > COMMISSION_HIGH);
}

static char *day_text(struct call *c, int32_t day)
{
    return when_format_day(&c->when, c->mem, c->locale, day);
}

char *fact_stage(struct call *c, const struct partner *p, bool assumed)
{
    struct buf b = BUF_ON(c->mem);
    const char *stage = p->stage;
    int32_t day = !strcmp(stage, "legal") ? p->agreement_day : !strcmp(stage, "signed") ? p->signed_day
                  : !strcmp(stage, "ended") ? p->ended_day : 0;
    char *word = call_word(c, WORD_PARTNER_STAGE, stage);
    const char *key = strcmp(stage, "legal") ? "partner.stage_day" : "partner.legal_day";
    buf_join(&b, FACTS, day ? call_text(c, key, ARGS(TXT("stage", word),
        TXT("day", label_assumed(c, assumed, day_text(c, day))))) : word);
    if (p->signed_day && strcmp(stage, "signed") != 0)
        buf_join(&b, FACTS, call_text(c, "partner.signed", ARGS(TXT("day", day_text(c, p->signed_day)))));
    if (p->agreement_day && strcmp(stage, "legal") != 0)
        buf_join(&b, FACTS, call_text(c, "partner.talks", ARGS(TXT("day", day_text(c, p->agreement_day)))));
    return arena_strdup(c->mem, buf_str(&b));
}

/* Is there more than the name? A name alone shows what is known. */
static bool told(const struct frame *f)
{
    return f->word[WORD_PARTNER_TYPE] || f->word[WORD_MARKET] || f->word[WORD_SILO] || f->n_dated ||
           f->word[WORD_COMMISSION_MODE] || f->word[WORD_INDIVIDUAL] || f->percent_bp >= 0 || f->has_renewal ||
           f->reading || f->n_aliases;
}

/* Nobody said when: the stage typed holds from today. */
static bool stage_assumed(const struct frame *f)
{
    return f->n_dated && !f->dated[f->n_dated - 1].day && !f->when.has_date;
}

static void put_facts(struct reply *r, const struct partner *p, bool fresh)
{
    struct call *c = r->call;
    struct buf s = BUF_ON(c->mem);
    if (fresh || told(c->f))
        buf_join(&s, FACTS, call_text(c, fresh ? "partner.added" : "partner.changed", NO_ARGS));
    buf_join(&s, FACTS, call_word(c, WORD_PARTNER_TYPE, p->type));
    if (p->person)
        buf_join(&s, FACTS, call_text(c, "partner.person", NO_ARGS));
    buf_join(&s, FACTS, call_word(c, WORD_MARKET, p->market));
    if (p->silo)
        buf_join(&s, FACTS, call_text(c, "partner.silo", ARGS(TXT("silo", call_word(c, WORD_SILO, p->silo)))));
    buf_join(&s, FACTS, fact_stage(c, p, stage_assumed(c->f)));
    buf_join(&s, FACTS, fact_commission(c, p, false));
    reply_soft(r, buf_str(&s));
    reply_soft(r, names_text(c));
    if (unusual(p->commission_bp))
        reply_warning(r, call_text(c, "partner.commission_unusual", NO_ARGS));
}

static void put_data(struct reply *r, const char *id, const struct partner *p, bool fresh)
{
    reply_record(r, id, fresh ? "created" : "changed");
    reply_data(r, "name", p->name);
    reply_data(r, "type", p->type);
    reply_data(r, "market", p->market);
    reply_data(r, "silo", p->silo);
    reply_data(r, "stage", p->stage);
    if (stage_assumed(r->call->f))
        reply_assumed(r, "stage_day");
    if (p->commission_bp >= 0) {
        reply_data_int(r, "commission_bp", p->commission_bp);
        reply_data(r, "commission_mode", p->commission_mode ? p->commission_mode : "commission");
    }
    if (p->renewal_bp)
        reply_data_int(r, "renewal_bp", p->renewal_bp);
}

static void partner_echo(struct call *c, const struct partner *p, bool fresh)
{
    char *id = call_ref(c, 'P', p->id);
    struct reply *r = reply_titled(c, REPLY_OK, fresh ? "partner.added" : "partner.changed",
        arena_printf(c->mem, "%s" FACTS "%s", id, p->name));
    put_facts(r, p, fresh);
    if (fresh && !p->type)
        for (int i = 0; i < 6; i++) {
            static const char *const types[] = { "agency", "reseller", "solutions", "referral", "consultancy", "si" };
            reply_quick(r, call_word(c, WORD_PARTNER_TYPE, types[i]), arena_printf(c->mem, "partner %s %s", id, types[i]));
        }
    show_and_undo(r, id);
    put_data(r, id, p, fresh);
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
    if (!stages_fit(c, &p, e))
        return false;
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

void put_support(struct reply *r, const struct partner *p)
{
    struct call *c = r->call;
    if (p->first_level < 0)
        reply_field(r, "supports.label", call_word(c, WORD_SUPPORT, "none"));
    else if (p->first_level > 0)
        reply_field(r, "supports.label", arena_printf(c->mem, "%s" FACTS "%s", call_word(c, WORD_SUPPORT, "first_level"),
            p->support_language ? call_word(c, WORD_LANGUAGE, p->support_language)
                                : call_text(c, "supports.no_language", NO_ARGS)));
    const char *local = market_language(p->market);
    if (p->first_level > 0 && p->support_language && local && strcmp(local, p->support_language) != 0)
        reply_warning(r, call_text(c, "supports.not_local", ARGS(TXT("language", call_word(c, WORD_LANGUAGE, local)))));
}

/* A language alone is that of a support that is given. */
static bool supports_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    const char *support = f->word[WORD_SUPPORT], *language = f->word[WORD_LANGUAGE];
    struct partner p;
    if (words_left(c))
        return true;
    if (!partner_load(c->db, c->mem, f->partners[0], &p, e))
        return false;
    bool none = support && !strcmp(support, "none");
    if (support || language)
        p.first_level = none ? -1 : 1;
    if (none || language)
        p.support_language = none ? NULL : language;
    bool changed = support || language;
    if (changed && !partner_update(c->db, &p, e))
        return false;
    char *id = call_ref(c, 'P', p.id);
    struct reply *r = reply_titled(c, REPLY_OK, "supports.noted", arena_printf(c->mem, "%s" FACTS "%s", id, p.name));
    reply_record(r, id, changed ? "changed" : "shown");
    reply_data(r, "support_language", p.support_language);
    if (!p.first_level)
        reply_field(r, "supports.label", call_text(c, "supports.unknown", NO_ARGS));
    put_support(r, &p);
    if (!put_local_staff(r, &p, e))
        return false;
    if (changed)
        show_and_undo(r, id);
    return true;
}

const struct command supports_command = { .id = "supports", .args = supports_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = supports_run };
