/* deal change: what is known of a deal besides its stage, put right or added: kind, model,
 * who keeps the customer, product, list price, owners, partner. deal merge makes two
 * registrations of one deal one; deal refund notes money of a won deal that went back. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/merge.h"
#include "handlers/deals.h"
#include "handlers/handlers.h"

enum { FORMER = 4 };

static const struct arg change_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "sale", ARG_SALE, 0 },
    { "model", ARG_MODEL, 0 },
    { "relation", ARG_RELATION, 0 },
    { "origin", ARG_ORIGIN, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "money", ARG_MONEY, 0 },
    { "list_price", ARG_LIST_PRICE, 0 },
    { "member", ARG_MEMBER, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};
static const struct arg refund_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "money", ARG_MONEY, REQUIRED },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static char *list_text(struct call *c, int64_t minor, const char *currency)
{
    return call_text(c, "deal.list", ARGS(TXT("amount", label_money(c, minor, currency))));
}

static char *co_owner_text(struct call *c, int64_t member)
{
    return call_text(c, "deal.co_owner", ARGS(TXT("who", label_member(c, member))));
}

static const char *partner_text(struct call *c, int64_t partner)
{
    return partner ? label_partner(c, partner) : call_text(c, "deal.direct", NO_ARGS);
}

void join_deal_facts(struct call *c, struct buf *b, const struct deal *d)
{
    if (d->kind && strcmp(d->kind, "new") != 0)
        buf_join(b, FACTS, call_word(c, WORD_SALE, d->kind));
    if (d->model && !strcmp(d->model, "cosell"))
        buf_join(b, FACTS, call_word(c, WORD_MODEL, d->model));
    buf_join(b, FACTS, call_word(c, WORD_RELATION, d->relation));
    if (d->has_list)
        buf_join(b, FACTS, list_text(c, d->list_minor, d->currency));
}

bool deal_needs_champion(const struct deal *d)
{
    return !d->relation || strcmp(d->relation, "partner") != 0;
}

const char *deal_phase(const struct deal *d)
{
    if (deal_is_live(d))
        return "preparation";
    return !strcmp(d->state, "won") && !d->live_ms ? "execution" : NULL;
}

static void join_word(struct call *c, enum frame_word kind, const char **field, struct buf *now, struct buf *was)
{
    const char *typed = c->f->word[kind];
    if (!typed || (*field && !strcmp(typed, *field)))
        return;
    buf_join(was, FACTS, call_word(c, kind, *field));
    buf_join(now, FACTS, call_word(c, kind, typed));
    *field = typed;
}

/* Value and list price are in one currency. */
static bool take_money(struct call *c, struct deal *d, struct buf *now, struct buf *was, struct err *e)
{
    const struct frame *f = c->f;
    const char *currency = f->has_money ? f->money.currency : f->has_list ? f->list_price.currency : d->currency;
    bool other = d->currency && currency && strcmp(d->currency, currency) != 0;
    if ((f->has_money && f->has_list && strcmp(f->money.currency, f->list_price.currency) != 0) ||
        (other && ((d->has_value && !f->has_money) || (d->has_list && !f->has_list))))
        return fail(e, ERR_USAGE, "deal.one_currency", NULL, "two currencies");
    if (f->has_money) {
        buf_join(was, FACTS, d->has_value ? label_money(c, d->value_minor, d->currency) : NULL);
        buf_join(now, FACTS, label_money(c, f->money.minor, f->money.currency));
        d->has_value = true;
        d->value_minor = f->money.minor;
    }
    if (f->has_list) {
        buf_join(was, FACTS, d->has_list ? list_text(c, d->list_minor, d->currency) : NULL);
        buf_join(now, FACTS, list_text(c, f->list_price.minor, f->list_price.currency));
        d->has_list = true;
        d->list_minor = f->list_price.minor;
    }
    d->currency = currency;
    return true;
}

bool deal_take_owners(struct call *c, struct deal *d, struct buf *now, struct buf *was, struct err *e)
{
    const struct frame *f = c->f;
    int64_t owner = f->n_members ? f->members[0] : d->owner_id;
    int64_t co = f->co_owner ? f->co_owner : d->co_owner_id;
    if (f->n_members > 1 || (f->co_owner && co == owner))
        return fail(e, ERR_USAGE, "deal.owners", NULL, "same owner");
    if (co == owner)
        co = 0; /* who was the co-owner is the owner now */
    if (owner != d->owner_id) {
        buf_join(was, FACTS, d->owner_id ? label_member(c, d->owner_id) : NULL);
        buf_join(now, FACTS, call_text(c, "deal.owner", ARGS(TXT("who", label_member(c, owner)))));
    }
    if (f->co_owner && co != d->co_owner_id) {
        buf_join(was, FACTS, d->co_owner_id ? co_owner_text(c, d->co_owner_id) : NULL);
        buf_join(now, FACTS, co_owner_text(c, co));
    }
    d->owner_id = owner;
    d->co_owner_id = co;
    return true;
}

/* From the day typed on it is with another partner, or direct: until then it counts with
 * the one it was with. */
static bool take_partner(struct call *c, struct deal *d, struct buf *now, struct buf *was, struct err *e)
{
    const struct frame *f = c->f;
    const char *model = f->word[WORD_MODEL];
    bool direct = model && !strcmp(model, "direct");
    int64_t to = f->n_partners ? f->partners[0] : direct ? 0 : d->partner_id;
    struct deal_partner before = { d->partner_id, typed_day(c) }, latest;
    int32_t registered = day_of(d->registered_ms, c->when.team_zone);
    if (f->n_partners > 1 || (direct && f->n_partners))
        return fail(e, ERR_USAGE, "deal.one_partner", NULL, "several partners");
    if (to == d->partner_id || !d->id) {
        d->partner_id = to;
        return true;
    }
    if (deal_partner_list(c->db, d->id, &latest, 1, e))
        registered = latest.until_day;
    if (before.until_day < registered)
        return fail(e, ERR_USAGE, "deal.partner_before", ARGS(TXT("day", day_text(c, registered))), "too early");
    if (e->code != ERR_NONE || !deal_partner_add(c->db, d->id, &before, c->member->id, e))
        return false;
    buf_join(was, FACTS, partner_text(c, d->partner_id));
    buf_join(now, FACTS, call_text(c, "deal.partner_from",
        ARGS(TXT("partner", partner_text(c, to)), TXT("day", day_text(c, before.until_day)))));
    d->partner_id = to;
    d->model = direct ? "direct" : model ? d->model : "partner";
    return true;
}

bool deal_take_facts(struct call *c, struct deal *d, struct buf *now, struct buf *was, struct err *e)
{
    const char *product = c->f->product;
    e->code = ERR_NONE;
    if (!take_partner(c, d, now, was, e))
        return false;
    join_word(c, WORD_SALE, &d->kind, now, was);
    join_word(c, WORD_MODEL, &d->model, now, was);
    join_word(c, WORD_RELATION, &d->relation, now, was);
    join_word(c, WORD_ORIGIN, &d->origin, now, was);
    if (product && (!d->product || strcmp(product, d->product) != 0)) {
        buf_join(was, FACTS, d->product);
        buf_join(now, FACTS, product);
        d->product = product;
    }
    return take_money(c, d, now, was, e) && deal_take_owners(c, d, now, was, e);
}

static bool change_run(struct call *c, struct err *e)
{
    struct deal d;
    struct buf now = BUF_ON(c->mem), was = BUF_ON(c->mem);
    bool asked;
    e->code = ERR_NONE;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!deal_take_facts(c, &d, &now, &was, e))
        return false;
    if (!now.n)
        return fail(e, ERR_USAGE, "deal.change_what", ARGS(TXT("id", call_ref(c, 'D', d.id))), "no change");
    if (!deal_update(c->db, &d, e))
        return false;
    struct reply *r = deal_reply(c, &d, "deal.changed", buf_str(&now));
    if (was.n)
        reply_soft(r, call_text(c, "edit.was", ARGS(TXT("was", buf_str(&was)))));
    record_deal(c, r, &d, "changed");
    return true;
}

static const struct arg merge_args[] = {
    { "deal", ARG_DEAL, MANY },
    { 0 },
};

/* The two that were named, the one that goes first; only a live one may go. */
static bool merge_sides(struct call *c, struct deal *gone, struct deal *kept, struct err *e)
{
    const struct frame *f = c->f;
    struct deal *const both[] = { gone, kept };
    int n = 0;
    for (int i = 0; i < f->n_refs && n < 2; i++) {
        if (f->refs[i].kind != 'D')
            continue;
        if (!deal_load(c->db, c->mem, f->refs[i].no, both[n++], e))
            return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "deal.none",
                ARGS(TXT("id", call_ref(c, 'D', f->refs[i].no))), "no deal");
    }
    if (n < 2 || gone->id == kept->id)
        return fail(e, ERR_USAGE, "deal.merge_two", NULL, "not two");
    if (!deal_is_live(gone) || !strcmp(kept->state, "merged"))
        return fail(e, ERR_CONFLICT, "deal.merge_closed", ARGS(TXT("deal", label_deal(c,
            deal_is_live(gone) ? kept->id : gone->id))), "closed");
    if (gone->customer_id != kept->customer_id)
        return fail(e, ERR_CONFLICT, "deal.merge_customers", ARGS(TXT("gone", label_deal(c, gone->id)),
            TXT("kept", label_deal(c, kept->id))), "two customers");
    return true;
}

static bool merge_run_deals(struct call *c, struct err *e)
{
    struct deal gone = { .state = "" }, kept = { .state = "" };
    int64_t touches = 0, last;
    e->code = ERR_NONE;
    if (!merge_sides(c, &gone, &kept, e))
        return false;
    struct touch of = { .deal_id = gone.id };
    if (!touch_standing(c->db, &of, &touches, &last, e) ||
        (!strcmp(gone.state, "paused") && !deal_pause_end(c->db, gone.id, c->now_ms, e)) ||
        !merge_deal(c->db, c->mem, gone.id, kept.id, c->member->id, c->now_ms, e))
        return false;
    gone.state = "merged";
    gone.merged_into = kept.id;
    gone.closed_ms = c->now_ms;
    if (!deal_update(c->db, &gone, e) || (touches && !deal_open_if_registered(c->db, kept.id, e)) ||
        !deal_event_add(c->db, gone.id, "merged", arena_printf(c->mem, "%lld", (long long)kept.id), c->now_ms,
            c->member->id, e))
        return false;
    struct reply *r = deal_reply(c, &gone, "deal.merged",
        call_text(c, "deal.merged_into", ARGS(TXT("kept", label_deal(c, kept.id)))));
    reply_soft(r, call_text(c, "deal.merged_moved", ARGS(NUM("touches", touches))));
    record_deal(c, r, &gone, "changed");
    reply_data_ref(r, "merged_into", 'D', kept.id);
    return true;
}

/* "架橋 until 1 Mar": the partners before, and what was given back. */
bool put_deal_history(struct reply *r, const struct deal *d, struct err *e)
{
    struct call *c = r->call;
    struct deal_partner before[FORMER];
    struct buf b = BUF_ON(c->mem);
    int n = deal_partner_list(c->db, d->id, before, FORMER, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, "deal.partner_until",
            ARGS(TXT("partner", partner_text(c, before[i].partner_id)), TXT("day", day_text(c, before[i].until_day)))));
    reply_field(r, "deal.label.before", buf_str(&b));
    if (d->merged_into)
        reply_field(r, "deal.label.merged", label_deal(c, d->merged_into));
    int64_t refunded = refund_sum(c->db, d->id, e);
    if (refunded)
        reply_field(r, "deal.label.refunded", label_money(c, refunded, d->currency));
    return e->code == ERR_NONE;
}

static bool refund_run(struct call *c, struct err *e)
{
    struct deal d;
    const struct frame *f = c->f;
    bool asked;
    int64_t rev;
    e->code = ERR_NONE;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (strcmp(d.state, "won") != 0)
        return fail(e, ERR_CONFLICT, "refund.not_won", ARGS(TXT("deal", label_deal(c, d.id))), "not won");
    struct refund back = { .deal_id = d.id, .amount_minor = f->money.minor, .currency = f->money.currency,
        .at_day = typed_day(c) };
    int64_t left = d.value_minor - refund_sum(c->db, d.id, e);
    if (!d.has_value || strcmp(d.currency, back.currency) != 0 || !back.amount_minor || back.amount_minor > left)
        return fail(e, ERR_USAGE, "refund.too_much", ARGS(TXT("deal", label_deal(c, d.id)),
            TXT("left", d.has_value ? label_money(c, left, d.currency) : "0")), "too much");
    if (back.at_day < day_of(d.closed_ms, c->when.team_zone))
        return fail(e, ERR_USAGE, "refund.before_won", ARGS(TXT("day",
            day_text(c, day_of(d.closed_ms, c->when.team_zone)))), "too early");
    if (e->code != ERR_NONE || !store_note(c, "all", d.id, &back.note_id, &rev, e) ||
        !refund_add(c->db, &back, c->member->id, c->now_ms, e))
        return false;
    char *amount = call_text(c, "refund.amount", ARGS(TXT("amount", label_money(c, back.amount_minor, back.currency))));
    struct reply *r = deal_reply(c, &d, "refund.noted",
        arena_printf(c->mem, "%s" FACTS "%s", amount, day_text(c, back.at_day)));
    if (back.note_id)
        reply_note(r, back.note_id, 0);
    reply_soft(r, call_text(c, "refund.left",
        ARGS(TXT("left", label_money(c, left - back.amount_minor, d.currency)))));
    record_deal(c, r, &d, "changed");
    reply_data_int(r, "refund_minor", back.amount_minor);
    return true;
}

const struct command deal_change_command = { .id = "deal.change", .args = change_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = change_run };
const struct command deal_refund_command = { .id = "deal.refund", .args = refund_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_NUMBERED, .run = refund_run };
const struct command deal_merge_command = { .id = "deal.merge", .args = merge_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = merge_run_deals };
