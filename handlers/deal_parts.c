/* deal sourced: which partner brought a deal, with the evidence and its day; what is dated
 * after we ourselves had to do with it is only claimed. renewal: the term a won deal runs
 * on for, or that the customer left. legal: what the lawyers still have to settle. */
#include "bot/store/deal_parts.h"

#include <string.h>
#include "bot/base/clock.h"
#include "handlers/deals.h"
#include "handlers/handlers.h"
#include "handlers/list.h"

enum { TERMS = 4, ITEMS = 30 };

static const struct arg sourced_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, REQUIRED },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg renewal_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "money", ARG_MONEY, 0 },
    { "period", ARG_PERIOD, 0 },
    { "ended", ARG_ENDED, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg legal_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "settled", ARG_SETTLED, 0 },
    { "number", ARG_NUMBER, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* Strictly before our own first contact, or it is only claimed. */
static bool claimed(const struct deal_source *s, int64_t first)
{
    return first && s->at_ms >= first;
}

static char *source_text(struct call *c, const char *key, const struct deal_source *s, int64_t first)
{
    return call_text(c, key,
        ARGS(TXT("partner", label_partner(c, s->partner_id)),
            TXT("day", day_text(c, day_of(s->at_ms, c->when.team_zone))),
            TXT("first", first ? day_text(c, day_of(first, c->when.team_zone)) : "")));
}

bool put_deal_source(struct reply *r, int64_t deal, struct err *e)
{
    struct call *c = r->call;
    struct deal_source s;
    if (!deal_source_find(c->db, deal, &s, e))
        return e->code == ERR_NONE;
    int64_t first = deal_first_contact(c->db, deal, e);
    reply_field(r, "source.label", source_text(c, claimed(&s, first) ? "source.field_claimed" : "source.field", &s, first));
    if (s.note_id && note_known(c, s.note_id))
        reply_field_note(r, "source.evidence", s.note_id);
    return e->code == ERR_NONE;
}

/* Of a day without an hour its last moment counts: nobody knows that it was earlier. */
static int64_t evidence_ms(const struct call *c)
{
    const struct when *w = &c->f->when;
    int32_t day = day_of(w->at_ms, c->when.team_zone);
    bool past = day < day_of(c->now_ms, c->when.team_zone);
    return w->has_date && !w->has_time && past ? day_start_ms(day + 1, c->when.team_zone) - 1 : w->at_ms;
}

static bool sourced_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    int64_t rev;
    e->code = ERR_NONE;
    if (c->f->n_partners > 1)
        return fail(e, ERR_USAGE, "source.one", NULL, "several partners");
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!c->f->note || !*c->f->note)
        return fail(e, ERR_USAGE, "source.how", ARGS(TXT("id", call_ref(c, 'D', d.id))), "no evidence");
    struct deal_source s = { .deal_id = d.id, .partner_id = c->f->partners[0], .at_ms = evidence_ms(c) };
    if (!store_note(c, "all", d.id, &s.note_id, &rev, e) ||
        !deal_source_put(c->db, &s, c->member->id, c->now_ms, e))
        return false;
    int64_t first = deal_first_contact(c->db, d.id, e);
    struct reply *r = deal_reply(c, &d, "source.noted",
        source_text(c, claimed(&s, first) ? "source.claimed" : "source.sourced", &s, first));
    reply_note(r, s.note_id, 0);
    if (claimed(&s, first))
        reply_warning(r, call_text(c, "source.late", ARGS(TXT("first", label_date(c, first)))));
    record_deal(c, r, &d, "changed");
    reply_data_ref(r, "sourced_by", 'P', s.partner_id);
    return e->code == ERR_NONE;
}

/* ¥5M · 1 Apr 2026 – 31 Mar 2027, or: churned 1 Apr */
static char *term_text(struct call *c, const struct renewal *t)
{
    if (!t->to_day)
        return call_text(c, "renewal.churned", ARGS(TXT("day", day_text(c, t->from_day))));
    const char *zone = c->when.team_zone;
    struct period p = { .from_day = t->from_day, .to_day = t->to_day + 1,
        .from_ms = day_start_ms(t->from_day, zone), .to_ms = day_start_ms(t->to_day + 1, zone) };
    return arena_printf(c->mem, "%s" FACTS "%s", label_money(c, t->value_minor, t->currency),
        period_format(&c->when, c->mem, c->locale, &p));
}

bool put_renewals(struct reply *r, int64_t deal, struct err *e)
{
    struct renewal terms[TERMS];
    int n = renewal_list(r->call->db, r->call->mem, deal, terms, TERMS, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "renewal.label", term_text(r->call, &terms[i]));
    return e->code == ERR_NONE;
}

/* The term that was typed; churn: the day the customer left. */
static bool take_term(struct call *c, const struct deal *d, struct renewal *t, struct err *e)
{
    const struct frame *f = c->f;
    char *id = call_ref(c, 'D', d->id);
    *t = (struct renewal){ .deal_id = d->id, .currency = d->currency };
    if (f->word[WORD_ENDED]) {
        t->from_day = typed_day(c);
        return true;
    }
    if (!f->has_money || !f->money.minor || !f->has_period)
        return fail(e, ERR_USAGE, "renewal.what", ARGS(TXT("id", id)), "no term");
    if (d->currency && strcmp(d->currency, f->money.currency) != 0)
        return fail(e, ERR_USAGE, "renewal.currency", ARGS(TXT("currency", d->currency)), "another currency");
    t->value_minor = f->money.minor;
    t->currency = f->money.currency;
    t->from_day = f->period.from_day;
    t->to_day = f->period.to_day - 1;
    return true;
}

/* How it compares with what was paid before: expansion or contraction. */
static void tell_step(struct call *c, struct reply *r, const struct renewal *t, int64_t before)
{
    int64_t step = t->value_minor - before;
    if (!before || !step)
        return;
    reply_soft(r, call_text(c, step > 0 ? "renewal.more" : !t->to_day ? "renewal.gone" : "renewal.less",
        ARGS(TXT("amount", label_money(c, step > 0 ? step : -step, t->currency)))));
}

static bool renewal_run(struct call *c, struct err *e)
{
    struct deal d;
    struct renewal t, last;
    bool asked;
    int64_t rev;
    e->code = ERR_NONE;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (strcmp(d.state, "won") != 0)
        return fail(e, ERR_CONFLICT, "renewal.not_won", ARGS(TXT("deal", label_deal(c, d.id))), "not won");
    if (!take_term(c, &d, &t, e))
        return false;
    bool again = renewal_list(c->db, c->mem, d.id, &last, 1, e) == 1;
    int32_t floor = again ? last.from_day + 1 : day_of(d.closed_ms, c->when.team_zone);
    if (t.from_day < floor)
        return fail(e, ERR_USAGE, t.to_day ? "renewal.early" : "renewal.left_early", ARGS(TXT("day",
            day_text(c, t.to_day || !again ? floor : last.from_day))), "too early");
    if (e->code != ERR_NONE || !store_note(c, "all", d.id, &t.note_id, &rev, e) ||
        !renewal_add(c->db, &t, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = deal_reply(c, &d, "renewal.noted", term_text(c, &t));
    if (t.note_id)
        reply_note(r, t.note_id, 0);
    tell_step(c, r, &t, again ? last.value_minor : d.has_value ? d.value_minor : 0);
    record_deal(c, r, &d, "changed");
    reply_data_int(r, "renewal_minor", t.value_minor);
    return true;
}

static char *item_text(struct call *c, int no, const struct legal_item *l)
{
    return call_text(c, l->done_ms ? "legal.done" : "legal.open", ARGS(NUM("no", no)));
}

/* All of one deal, numbered as they are typed. */
static bool put_items(struct reply *r, int64_t deal, struct err *e)
{
    struct legal_item list[ITEMS];
    int n = legal_item_list(r->call->db, deal, false, list, ITEMS, e);
    for (int i = 0; i < n; i++)
        reply_item_note(r, item_text(r->call, i + 1, &list[i]), NULL, list[i].note_id, 0);
    return e->code == ERR_NONE;
}

bool put_legal(struct reply *r, int64_t deal, struct err *e)
{
    struct legal_item list[ITEMS];
    int n = legal_item_list(r->call->db, deal, false, list, ITEMS, e), open = 0;
    for (int i = 0; i < n; i++)
        open += !list[i].done_ms;
    if (n)
        reply_field(r, "legal.label", call_text(r->call, "legal.count", ARGS(NUM("open", open), NUM("n", n))));
    return e->code == ERR_NONE;
}

static bool legal_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    int64_t rev;
    e->code = ERR_NONE;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    char *id = call_ref(c, 'D', d.id);
    if (c->f->word[WORD_SETTLED]) {
        struct legal_item list[ITEMS];
        int n = legal_item_list(c->db, d.id, false, list, ITEMS, e);
        int64_t no = c->f->has_number ? c->f->number : n == 1 ? 1 : 0;
        if (no < 1 || no > n || list[no - 1].done_ms)
            return fail(e, ERR_USAGE, "legal.which", ARGS(TXT("id", id)), "unknown item");
        if (!legal_item_done(c->db, list[no - 1].id, c->member->id, c->now_ms, e))
            return false;
    } else {
        struct legal_item l = { .deal_id = d.id, .at_ms = c->now_ms };
        if (!c->f->note || !*c->f->note)
            return fail(e, ERR_USAGE, "legal.what", ARGS(TXT("id", id)), "nothing said");
        if (!store_note(c, "all", d.id, &l.note_id, &rev, e) || !legal_item_add(c->db, &l, c->member->id, e))
            return false;
    }
    struct reply *r = deal_reply(c, &d, "legal.noted", call_text(c, "legal.label", NO_ARGS));
    record_deal(c, r, &d, "changed");
    return put_items(r, d.id, e);
}

bool list_legal(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct legal_item *all = ARENA_ARRAY(c->mem, struct legal_item, LIST_COUNTED);
    int n = legal_item_list(c->db, l->scope.deal, true, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (l->n++ < LIST_ROWS) {
            l->row[l->n - 1].text = label_deal(c, all[i].deal_id);
            l->row[l->n - 1].say = typed(c, "show", call_ref(c, 'D', all[i].deal_id));
            if (note_known(c, all[i].note_id))
                l->row[l->n - 1].note = all[i].note_id;
        }
    return e->code == ERR_NONE;
}

const struct command deal_sourced_command = { .id = "deal.sourced", .args = sourced_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_NUMBERED, .run = sourced_run };
const struct command renewal_command = { .id = "renewal", .args = renewal_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_NUMBERED, .run = renewal_run };
const struct command legal_command = { .id = "legal", .args = legal_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_NUMBERED, .run = legal_run };
