/* Deal registration and what becomes of a deal. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/store/follows.h"
#include "handlers/go.h"
#include "handlers/cards.h"
#include "handlers/deals.h"
#include "handlers/handlers.h"
#include "handlers/referral.h"

static const struct arg reg_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "partner", ARG_PARTNER, 0 },
    { "money", ARG_MONEY, 0 },
    { "origin", ARG_ORIGIN, 0 },
    { "sale", ARG_SALE, 0 },
    { "model", ARG_MODEL, 0 },
    { "relation", ARG_RELATION, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "list_price", ARG_LIST_PRICE, 0 },
    { "member", ARG_MEMBER, 0 },
    { "when", ARG_WHEN, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg change_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "money", ARG_MONEY, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg stage_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "stage", ARG_STAGE, REQUIRED },
    { "when", ARG_WHEN, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

char *value_text(struct call *c, const struct deal *d)
{
    return d->has_value ? label_money(c, d->value_minor, d->currency) : NULL;
}

void record_deal(struct call *c, struct reply *r, const struct deal *d, const char *verb)
{
    reply_record(r, call_ref(c, 'D', d->id), verb);
    reply_data(r, "name", d->name);
    reply_data(r, "state", d->state);
    reply_data(r, "stage", d->stage);
    reply_data_note(r, c->f->note && *c->f->note ? d->reason_note : 0, 1);
    reply_data_ref(r, "customer", 'A', d->customer_id);
    reply_data_ref(r, "partner", 'P', d->partner_id);
    reply_data(r, "origin", d->origin);
    reply_data(r, "kind", d->kind);
    reply_data(r, "model", d->model);
    reply_data(r, "relation", d->relation);
    if (d->has_value) {
        reply_data_int(r, "value_minor", d->value_minor);
        reply_data(r, "currency", d->currency);
    }
    reply_data_ms(r, "registered", d->registered_ms);
    if (d->closed_ms)
        reply_data_ms(r, "closed", d->closed_ms);
}

int32_t typed_day(const struct call *c)
{
    return day_of(c->f->when.at_ms, c->when.team_zone);
}

char *day_text(struct call *c, int32_t day)
{
    return when_format_day(&c->when, c->mem, c->locale, day);
}

struct reply *deal_reply(struct call *c, const struct deal *d, const char *key, const char *facts)
{
    struct buf b = BUF_ON(c->mem);
    char *id = call_ref(c, 'D', d->id);
    buf_join(&b, FACTS, label_deal(c, d->id));
    buf_join(&b, FACTS, facts);
    struct reply *r = reply_titled(c, REPLY_OK, key, buf_str(&b));
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    return r;
}

bool deal_rival(struct call *c, const struct deal *d, struct deal *out, struct err *e)
{
    struct deal live[8];
    struct deal_filter by = { .customer = d->customer_id, .live = true };
    e->code = ERR_NONE;
    int n = deal_list(c->db, c->mem, &by, live, 8, e);
    for (int i = 0; i < n; i++) {
        bool same = !d->product || !live[i].product || !strcmp(d->product, live[i].product);
        if (same && live[i].partner_id != d->partner_id) {
            *out = live[i];
            return true;
        }
    }
    return false;
}

struct msg_arg *deal_rival_args(struct call *c, const struct deal *rival)
{
    const struct msg_arg *args = ARGS(TXT("deal", label_deal(c, rival->id)),
        TXT("partner", rival->partner_id ? label_partner(c, rival->partner_id) : call_text(c, "deal.direct", NO_ARGS)),
        TXT("day", day_text(c, day_of(rival->registered_ms, c->when.team_zone))));
    struct msg_arg *out = ARENA_ARRAY(c->mem, struct msg_arg, 4);
    memcpy(out, args, sizeof *args * 4);
    return out;
}

/* The same customer and product live with another partner: shown, never made silently. */
static bool conflict(struct call *c, const struct deal *d, bool *asked, struct err *e)
{
    struct deal rival;
    *asked = !ask_settled(c, "$conflict") && deal_rival(c, d, &rival, e);
    if (!*asked)
        return e->code == ERR_NONE;
    struct option options[] = {
        { call_text(c, "button.register_anyway", NO_ARGS), "yes|anyway|はい", "yes", "plain" },
        { call_text(c, "button.drop", NO_ARGS), "no|drop|破棄|いいえ", "drop", "primary" } };
    struct reply *r = reply_new(c, REPLY_ASK, "deal.conflict", deal_rival_args(c, &rival));
    return ask_question(c, r, "deal.conflict", "$conflict", options, 2, false, e);
}

/* What was typed, as a deal that is not stored yet; its market is the customer's. */
static bool take_deal(struct call *c, struct deal *d, struct err *e)
{
    struct frame *f = c->f;
    struct buf now = BUF_ON(c->mem), was = BUF_ON(c->mem);
    struct customer a;
    *d = (struct deal){ .customer_id = f->customers[0], .kind = "new", .origin = "unknown",
        .model = f->n_partners ? "partner" : "direct", .owner_id = c->member->id, .state = "registered",
        .registered_ms = f->when.at_ms };
    if (!deal_take_facts(c, d, &now, &was, e) || !customer_load(c->db, c->mem, d->customer_id, &a, e))
        return false;
    d->market = a.market ? a.market : c->member->market;
    const char *topic = f->note && *f->note ? f->note : f->product;
    d->name = topic ? arena_printf(c->mem, "%s %s", a.name, topic) : a.name;
    return true;
}

void tell_deal(struct call *c, struct reply *r, const struct deal *d)
{
    const struct frame *f = c->f;
    struct buf s = BUF_ON(c->mem), facts = BUF_ON(c->mem);
    buf_join(&s, " · ", d->partner_id ? label_partner(c, d->partner_id) : call_text(c, "deal.direct", NO_ARGS));
    buf_join(&s, " · ", label_assumed(c, !f->word[WORD_ORIGIN], call_word(c, WORD_ORIGIN, d->origin)));
    buf_join(&s, " · ", when_text(c, f, d->registered_ms));
    if ((f->has_money || f->has_list) && f->dollar)
        buf_join(&s, " · ", label_assumed(c, true, d->currency));
    reply_soft(r, buf_str(&s));
    join_deal_facts(c, &facts, d);
    if (d->owner_id && d->owner_id != c->member->id)
        buf_join(&facts, " · ", call_text(c, "deal.owner", ARGS(TXT("who", label_member(c, d->owner_id)))));
    if (d->co_owner_id)
        buf_join(&facts, " · ", call_text(c, "deal.co_owner", ARGS(TXT("who", label_member(c, d->co_owner_id)))));
    reply_soft(r, buf_str(&facts));
}

static bool reg_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    bool asked;
    struct deal d;
    e->code = ERR_NONE;
    if (!take_deal(c, &d, e))
        return false;
    if (c->member->roles == ROLE_PARTNER)
        return deal_submit(c, &d, e);
    if (!conflict(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    d.id = deal_add(c->db, &d, c->now_ms, e);
    if (!d.id || !deal_event_add(c->db, d.id, "registered", NULL, d.registered_ms, c->member->id, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", label_deal(c, d.id));
    buf_join(&b, " · ", call_text(c, "deal.registered", NO_ARGS));
    buf_join(&b, " · ", value_text(c, &d));
    struct reply *r = reply_titled(c, REPLY_OK, "deal.registered", buf_str(&b));
    tell_deal(c, r, &d);
    if (!referral_source(c, r, d.id, e))
        return false;
    if (!warn_preference(r, d.customer_id, d.partner_id, e))
        return false;
    struct champion h[1];
    if (deal_needs_champion(&d) && !champion_list(c->db, c->mem, d.id, d.customer_id, d.partner_id, h, 1, e)) {
        reply_warning(r, call_text(c, "deal.no_champion", NO_ARGS));
        reply_button(r, "fill", arena_printf(c->mem, "champion %s ", call_ref(c, 'D', d.id)), "button.champion", NO_ARGS);
    }
    if (!f->has_money)
        reply_button(r, "fill", arena_printf(c->mem, "edit D%lld ", (long long)d.id), "button.value", NO_ARGS);
    correct_buttons(c, r, call_ref(c, 'D', d.id));
    if (!f->word[WORD_ORIGIN])
        reply_assumed(r, "origin");
    record_deal(c, r, &d, "created");
    return e->code == ERR_NONE;
}

static bool keep_reason(struct call *c, struct deal *d, struct err *e)
{
    int64_t note, rev;
    if (!store_note(c, "all", d->id, &note, &rev, e))
        return false;
    if (note)
        d->reason_note = note;
    return true;
}

/* Common end of every change: store, event, echo. */
static bool changed(struct call *c, struct deal *d, const char *what, const char *stage,
    const char *facts, struct err *e)
{
    int64_t at = c->f->when.at_ms;
    if (!keep_reason(c, d, e) || !deal_update(c->db, d, e) ||
        !deal_event_add(c->db, d->id, what, stage, at, c->member->id, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    char *key = arena_printf(c->mem, "deal.%s", what);
    buf_join(&b, " · ", label_deal(c, d->id));
    buf_join(&b, " · ", stage ? call_word(c, WORD_STAGE, stage) : call_text(c, key, NO_ARGS));
    buf_join(&b, " · ", value_text(c, d));
    buf_join(&b, " · ", when_text(c, c->f, at));
    struct reply *r = reply_titled(c, REPLY_OK, key, buf_str(&b));
    if (c->f->note && *c->f->note && d->reason_note)
        reply_note(r, d->reason_note, 0);
    reply_soft(r, facts);
    if (c->member->roles & ROLE_TEAM)
        reply_button(r, "plain", arena_printf(c->mem, "show D%lld", (long long)d->id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo D%lld", (long long)d->id), "button.undo", NO_ARGS);
    record_deal(c, r, d, "changed");
    reply_data_ms(r, "at", at);
    return true;
}

bool deal_is_live(const struct deal *d)
{
    return !strcmp(d->state, "registered") || !strcmp(d->state, "open") || !strcmp(d->state, "paused");
}

bool need_live(struct call *c, struct deal *d, bool *asked, struct err *e)
{
    e->code = ERR_NONE;
    if (!need_deal(c, d, asked, e))
        return false;
    if (*asked || deal_is_live(d))
        return true;
    return need_decided(c, d, e) && fail(e, ERR_CONFLICT, "deal.already", ARGS(TXT("deal", label_deal(c, d->id)),
        TXT("state", call_text(c, arena_printf(c->mem, "deal.%s", d->state), NO_ARGS)),
        TXT("id", call_ref(c, 'D', d->id))), "is closed");
}

static bool end_pause(struct call *c, const struct deal *d, struct err *e)
{
    return strcmp(d->state, "paused") || deal_pause_end(c->db, d->id, c->f->when.at_ms, e);
}

static bool close_deal(struct call *c, const char *state, struct err *e)
{
    struct deal d;
    bool asked;
    if (!need_live(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!end_pause(c, &d, e))
        return false;
    if (c->f->when.at_ms < d.registered_ms)
        return fail(e, ERR_USAGE, "deal.before_registered", ARGS(TXT("day",
            when_format_day(&c->when, c->mem, c->locale, day_of(d.registered_ms, c->when.team_zone)))), "too early");
    bool won = !strcmp(state, "won");
    d.state = state;
    d.closed_ms = c->f->when.at_ms;
    d.closed_owner_id = d.owner_id;
    d.closed_co_owner_id = d.co_owner_id;
    if (won)
        d.stage = "signed";
    if (c->f->has_money) {
        d.has_value = true;
        d.value_minor = c->f->money.minor;
        d.currency = c->f->money.currency;
    }
    struct touch t = { .deal_id = d.id };
    int64_t number, last;
    if (!touch_standing(c->db, &t, &number, &last, e))
        return false;
    int days = day_of(d.closed_ms, c->when.team_zone) - day_of(d.registered_ms, c->when.team_zone);
    char *facts = call_text(c, "deal.closed_facts", ARGS(NUM("days", days), NUM("touches", number)));
    if (!changed(c, &d, state, NULL, facts, e))
        return false;
    struct reply *r = c->replies;
    while (r->next)
        r = r->next;
    return !won || go_time(c, r, &d, e);
}

static bool won_run(struct call *c, struct err *e)
{
    return close_deal(c, "won", e);
}

static bool lost_run(struct call *c, struct err *e)
{
    return close_deal(c, "lost", e);
}

static bool expire_run(struct call *c, struct err *e)
{
    return close_deal(c, "expired", e);
}

static bool paused_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    if (!need_live(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!strcmp(d.state, "paused"))
        return fail(e, ERR_CONFLICT, "deal.is_paused", ARGS(TXT("deal", label_deal(c, d.id)),
            TXT("id", call_ref(c, 'D', d.id))), "paused");
    d.state = "paused";
    return deal_pause_begin(c->db, d.id, c->f->when.at_ms, e) && changed(c, &d, "paused", NULL, NULL, e);
}

static bool resumed_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    if (!need_live(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!end_pause(c, &d, e))
        return false;
    if (strcmp(d.state, "paused") != 0)
        return fail(e, ERR_CONFLICT, "deal.not_paused", ARGS(TXT("deal", label_deal(c, d.id))), "not paused");
    d.state = "open";
    return changed(c, &d, "resumed", NULL, NULL, e);
}

static bool reopen_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    e->code = ERR_NONE;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (d.merged_into)
        return fail(e, ERR_CONFLICT, "deal.is_merged", ARGS(TXT("deal", label_deal(c, d.id)),
            TXT("kept", label_deal(c, d.merged_into)), TXT("id", call_ref(c, 'D', d.id))), "merged");
    if (!need_decided(c, &d, e))
        return false;
    if (deal_is_live(&d))
        return fail(e, ERR_CONFLICT, "deal.is_open", ARGS(TXT("deal", label_deal(c, d.id))), "is open");
    d.state = "open";
    d.closed_ms = 0;
    d.closed_owner_id = d.closed_co_owner_id = 0;
    if (d.stage && (!strcmp(d.stage, "signed") || !strcmp(d.stage, "live")))
        d.stage = "ringi";
    return follow_close_won(c->db, d.id, c->now_ms, e) && changed(c, &d, "reopened", NULL, NULL, e);
}

static bool stage_run(struct call *c, struct err *e)
{
    struct deal d;
    const char *stage = c->f->word[WORD_STAGE];
    e->code = ERR_NONE;
    bool closes = !strcmp(stage, "signed") || !strcmp(stage, "live");
    if (closes && c->member->roles == ROLE_PARTNER) /* what counts as won is the team's word */
        return fail(e, ERR_FORBIDDEN, "role.refused", NULL, "partner user");
    if (!strcmp(stage, "signed"))
        return won_run(c, e);
    bool asked;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!strcmp(stage, "live") && strcmp(d.state, "won") != 0)
        return fail(e, ERR_CONFLICT, "deal.not_won", ARGS(TXT("deal", label_deal(c, d.id)),
            TXT("id", call_ref(c, 'D', d.id))), "too early");
    if (!strcmp(stage, "live")) {
        d.stage = stage;
        d.live_ms = c->f->when.at_ms;
        return changed(c, &d, "stage", stage, NULL, e);
    }
    if (!deal_is_live(&d) && !need_live(c, &d, &asked, e))
        return false;
    d.stage = stage;
    if (!strcmp(d.state, "registered"))
        d.state = "open";
    return changed(c, &d, "stage", stage, NULL, e);
}

static bool live_run(struct call *c, struct err *e)
{
    c->f->word[WORD_STAGE] = "live";
    return stage_run(c, e);
}

#define DEAL_COMMAND(name, row, arguments, function)                                   \
    const struct command name = { .id = row, .args = arguments, .may = ROLE_SALES,     \
        .where = ANYWHERE, .flags = CMD_WRITES, .run = function }

const struct command deal_reg_command = { .id = "deal.reg", .args = reg_args, .may = ROLE_SALES | ROLE_PARTNER,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_ANY_CUSTOMER, .run = reg_run };
const struct command deal_stage_command = { .id = "deal.stage", .args = stage_args, .may = ROLE_SALES | ROLE_PARTNER,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = stage_run };
DEAL_COMMAND(deal_won_command, "deal.won", change_args, won_run);
DEAL_COMMAND(deal_lost_command, "deal.lost", change_args, lost_run);
DEAL_COMMAND(deal_paused_command, "deal.paused", change_args, paused_run);
DEAL_COMMAND(deal_resumed_command, "deal.resumed", change_args, resumed_run);
DEAL_COMMAND(deal_reopen_command, "deal.reopen", change_args, reopen_run);
DEAL_COMMAND(deal_expire_command, "deal.expire", change_args, expire_run);
DEAL_COMMAND(deal_live_command, "deal.live", change_args, live_run);
