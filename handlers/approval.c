/* Registrations by partners' users: submitted, then approved or declined by our side
 * (deal approve, deal decline). Until then a deal is in no figure and no other command
 * moves it. A conflict with another firm's deal is shown to who decides, never to a partner. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/store/follows.h"
#include "bot/text/fold.h"
#include "handlers/deals.h"
#include "handlers/handlers.h"

enum { WAITING = 20, EVENTS = 30 };

static const struct arg approve_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "member", ARG_MEMBER, 0 },
    { 0 },
};
static const struct arg decline_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static bool is(const struct deal *d, const char *state)
{
    return !strcmp(d->state, state);
}

static char *state_text(struct call *c, const struct deal *d)
{
    return call_text(c, arena_printf(c->mem, "deal.%s", d->state), NO_ARGS);
}

/* The same again: what the partner submitted before, or has registered. */
static bool have_already(struct call *c, const struct deal *d, struct err *e)
{
    struct deal own[WAITING];
    struct deal_filter by = { .customer = d->customer_id, .partner = d->partner_id };
    int n = deal_list(c->db, c->mem, &by, own, WAITING, e);
    for (int i = 0; i < n; i++) {
        bool same = d->product && own[i].product ? !strcmp(d->product, own[i].product) : d->product == own[i].product;
        if (same && (is(&own[i], "submitted") || deal_is_live(&own[i])))
            return fail(e, ERR_CONFLICT, "approval.have", ARGS(TXT("deal", label_deal(c, own[i].id)),
                TXT("state", state_text(c, &own[i]))), "twice");
    }
    return e->code == ERR_NONE;
}

static bool letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');
}

/* Does the head say through whom, and nobody that the partner knows of is named? Other
 * partners' names are not looked up for its users, and must not become part of a deal's. */
static bool via_another(struct call *c)
{
    const struct frame *f = c->f;
    size_t n = strlen(c->text), note = f->separated && f->note ? strlen(f->note) : 0;
    struct folded head = fold_text(c->mem, c->text, n - (note < n ? note : 0));
    struct word w;
    if (f->n_partners)
        return false;
    for (size_t at = 0; at < head.n; at++) {
        bool starts = !at || !letter(head.s[at - 1]) || !letter(head.s[at]);
        if (starts && ((unsigned char)head.s[at] & 0xC0) != 0x80 &&
            catalogue_match_kind(c->words, head.s, head.n, at, "prep", 0, &w) && !strcmp(w.value, "via") &&
            !(letter(head.s[at]) && at + w.len < head.n && letter(head.s[at + w.len])))
            return true;
    }
    return false;
}

bool deal_submit(struct call *c, struct deal *d, struct err *e)
{
    const struct frame *f = c->f;
    int64_t partner = c->member->partner_id;
    if (!partner)
        return fail(e, ERR_FORBIDDEN, "approval.no_partner", NULL, "no partner");
    bool direct = d->model && !strcmp(d->model, "direct") && f->word[WORD_MODEL];
    if (f->n_customers > 1 || f->n_partners > 1 || direct || (d->partner_id && d->partner_id != partner) ||
        via_another(c))
        return fail(e, ERR_USAGE, "approval.own_only", NULL, "another firm's");
    d->partner_id = partner;
    d->model = d->model && !strcmp(d->model, "cosell") ? "cosell" : "partner";
    d->owner_id = d->co_owner_id = 0;
    d->state = "submitted";
    d->registered_ms = c->now_ms;
    if (!have_already(c, d, e))
        return false;
    d->id = deal_add(c->db, d, c->now_ms, e);
    if (!d->id || !deal_event_add(c->db, d->id, "submitted", NULL, c->now_ms, c->member->id, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, label_deal(c, d->id));
    buf_join(&b, FACTS, state_text(c, d));
    buf_join(&b, FACTS, value_text(c, d));
    struct reply *r = reply_titled(c, REPLY_OK, "deal.submitted", buf_str(&b));
    tell_deal(c, r, d);
    reply_soft(r, call_text(c, "approval.decides", NO_ARGS));
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", call_ref(c, 'D', d->id)), "button.undo", NO_ARGS);
    if (!f->word[WORD_ORIGIN])
        reply_assumed(r, "origin");
    record_deal(c, r, d, "created");
    return true;
}

bool need_decided(struct call *c, const struct deal *d, struct err *e)
{
    bool ours = c->member->roles != ROLE_PARTNER;
    const char *key = is(d, "submitted")  ? (ours ? "approval.waits" : "approval.not_yet")
                      : is(d, "declined") ? (ours ? "approval.was_declined" : "approval.no")
                                          : NULL;
    return !key || fail(e, ERR_CONFLICT, key, ARGS(TXT("deal", label_deal(c, d->id)), TXT("id", call_ref(c, 'D', d->id))),
        "not registered");
}

/* The deal typed, else the only one that waits of those meant. */
static bool find_waiting(struct call *c, struct deal *out, struct err *e)
{
    const struct frame *f = c->f;
    struct deal waiting[2];
    struct deal_filter by = { .state = "submitted", .customer = f->n_customers ? f->customers[0] : 0,
        .partner = f->n_partners ? f->partners[0] : 0 };
    bool asked = false;
    e->code = ERR_NONE;
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'D')
            return need_deal(c, out, &asked, e) && (is(out, "submitted") ||
                fail(e, ERR_CONFLICT, "approval.not_waiting", ARGS(TXT("deal", label_deal(c, out->id)),
                    TXT("state", state_text(c, out))), "decided"));
    int n = deal_list(c->db, c->mem, &by, waiting, 2, e);
    if (n == 1)
        *out = waiting[0];
    if (n == 1 || e->code != ERR_NONE)
        return n == 1;
    return n ? fail(e, ERR_USAGE, "approval.which", ARGS(TXT("id", call_ref(c, 'D', waiting[0].id))), "several wait")
             : fail(e, ERR_NOT_FOUND, "approval.none", NULL, "nothing waits");
}

/* Another firm has the same customer and product: whoever approves knows. */
static bool ask_rival(struct call *c, const struct deal *d, bool *asked, struct err *e)
{
    struct deal rival;
    const char *answer = ask_settled(c, "$conflict");
    *asked = answer ? !strcmp(answer, "wait") : deal_rival(c, d, &rival, e);
    if (answer && *asked)
        reply_new(c, REPLY_OK, "approval.still", ARGS(TXT("deal", label_deal(c, d->id))));
    if (answer || !*asked)
        return answer || e->code == ERR_NONE;
    struct option options[] = {
        { call_text(c, "button.approve_anyway", NO_ARGS), "yes|anyway|はい", "yes", "plain" },
        { call_text(c, "button.leave_waiting", NO_ARGS), "no|drop|いいえ", "wait", "primary" } };
    struct reply *r = reply_new(c, REPLY_ASK, "deal.conflict", deal_rival_args(c, &rival));
    return ask_question(c, r, "deal.conflict", "$conflict", options, 2, false, e);
}

/* 電光デジタル · registered Mon 2 Mar · owner Kenji */
static void tell_decided(struct call *c, struct reply *r, const struct deal *d)
{
    struct buf b = BUF_ON(c->mem);
    char *day = day_text(c, day_of(d->registered_ms, c->when.team_zone));
    buf_join(&b, FACTS, d->partner_id ? label_partner(c, d->partner_id) : NULL);
    buf_join(&b, FACTS, call_text(c, is(d, "declined") ? "approval.submitted_on" : "approval.registered_on", ARGS(TXT("day", day))));
    if (d->owner_id)
        buf_join(&b, FACTS, call_text(c, "deal.owner", ARGS(TXT("who", label_member(c, d->owner_id)))));
    reply_soft(r, buf_str(&b));
}

/* Whoever submitted it hears of it at once, in the conversation used last (core/remind_deal.c
 * finds the words): a partner's user has no list to look it up in. */
static bool tell_submitter(struct call *c, const struct deal *d, struct err *e)
{
    struct deal_event all[EVENTS];
    struct member m = { 0 };
    int n = deal_event_list(c->db, c->mem, d->id, all, EVENTS, e);
    int64_t who = 0;
    for (int i = 0; i < n; i++)
        who = !strcmp(all[i].what, "submitted") ? all[i].member_id : who;
    if (!who || who == c->member->id || !member_by_id(c->db, c->mem, who, &m, e))
        return e->code == ERR_NONE;
    struct civil at = civil_of(c->now_ms, m.zone);
    struct follow f = { .member_id = m.id, .kind = "follow", .step = 1, .deal_id = d->id, .zone = m.zone,
        .due_ms = c->now_ms, .state = "open",
        .due_local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:%02d", at.year, at.month, at.day, at.hour, at.minute) };
    return follow_add(c->db, &f, c->now_ms, e) != 0;
}

static bool decide(struct call *c, struct deal *d, const char *what, const char *state, struct err *e)
{
    d->state = state;
    d->decided_ms = c->now_ms;
    d->decided_by = c->member->id;
    if (!deal_update(c->db, d, e) || !deal_event_add(c->db, d->id, what, NULL, c->now_ms, c->member->id, e) ||
        !tell_submitter(c, d, e))
        return false;
    char *key = arena_printf(c->mem, "deal.%s", what);
    struct buf facts = BUF_ON(c->mem);
    buf_join(&facts, FACTS, call_text(c, key, NO_ARGS));
    buf_join(&facts, FACTS, value_text(c, d));
    struct reply *r = deal_reply(c, d, key, buf_str(&facts));
    if (is(d, "declined") && d->reason_note)
        reply_note(r, d->reason_note, 0);
    tell_decided(c, r, d);
    if (!d->owner_id && is(d, "registered")) {
        reply_warning(r, call_text(c, "approval.no_owner", NO_ARGS));
        reply_button(r, "fill", arena_printf(c->mem, "%s ", typed(c, "deal.change", call_ref(c, 'D', d->id))), "button.owner", NO_ARGS);
    }
    record_deal(c, r, d, "changed");
    reply_data_ms(r, "decided", d->decided_ms);
    return true;
}

static bool approve_run(struct call *c, struct err *e)
{
    struct deal d = { 0 };
    bool asked;
    if (words_left(c))
        return true;
    if (!find_waiting(c, &d, e) || !ask_rival(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (c->f->n_members)
        d.owner_id = c->f->members[0];
    return decide(c, &d, "approved", "registered", e);
}

static bool decline_run(struct call *c, struct err *e)
{
    struct deal d = { 0 };
    int64_t rev;
    return find_waiting(c, &d, e) && store_note(c, "all", d.id, &d.reason_note, &rev, e) &&
           decide(c, &d, "declined", "declined", e);
}

/* Hana · Mon 2 Mar · inbound, where it is not registered, and so not said below. */
static char *submitted_text(struct call *c, const struct deal *d, const struct deal_event *v)
{
    struct buf b = BUF_ON(c->mem);
    bool unsaid = (is(d, "submitted") || is(d, "declined")) && d->origin && strcmp(d->origin, "unknown") != 0;
    buf_join(&b, FACTS, v->member_id ? label_member(c, v->member_id) : NULL);
    buf_join(&b, FACTS, day_text(c, day_of(v->at_ms, c->when.team_zone)));
    buf_join(&b, FACTS, unsaid ? call_word(c, WORD_ORIGIN, d->origin) : NULL);
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_decision(struct reply *r, const struct deal *d)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_text(c, is(d, "declined") ? "deal.declined" : "deal.approved", NO_ARGS));
    buf_join(&b, FACTS, d->decided_by ? label_member(c, d->decided_by) : NULL);
    buf_join(&b, FACTS, day_text(c, day_of(d->decided_ms, c->when.team_zone)));
    reply_field(r, "approval.label.decided", buf_str(&b));
}

bool put_approval(struct reply *r, const struct deal *d, struct err *e)
{
    struct call *c = r->call;
    struct deal_event all[EVENTS];
    struct deal rival;
    bool waits = is(d, "submitted");
    e->code = ERR_NONE;
    if (waits && deal_rival(c, d, &rival, e))
        reply_warning(r, call_text(c, "deal.conflict", deal_rival_args(c, &rival)));
    if (e->code != ERR_NONE)
        return false;
    int n = deal_event_list(c->db, c->mem, d->id, all, EVENTS, e);
    for (int i = 0; i < n; i++)
        if (!strcmp(all[i].what, "submitted"))
            reply_field(r, "approval.label", submitted_text(c, d, &all[i]));
    if (d->decided_ms)
        put_decision(r, d);
    if (waits && c->member->roles & ROLE_SALES) {
        char *id = call_ref(c, 'D', d->id);
        reply_button(r, "primary", typed(c, "deal.approve", id), "button.approve", NO_ARGS);
        reply_button(r, "fill", arena_printf(c->mem, "%s: ", typed(c, "deal.decline", id)), "button.decline", NO_ARGS);
    }
    return e->code == ERR_NONE;
}

bool put_waiting(struct reply *r, struct err *e)
{
    struct call *c = r->call;
    struct deal all[WAITING];
    struct deal_filter by = { .state = "submitted" };
    e->code = ERR_NONE;
    if (!(c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY)))
        return true;
    int n = deal_list(c->db, c->mem, &by, all, WAITING, e), here = 0;
    for (int i = 0; i < n; i++)
        if (all[i].market && c->member->market && !strcmp(all[i].market, c->member->market))
            all[here++] = all[i];
    if (!here)
        return e->code == ERR_NONE;
    reply_soft(r, call_text(c, "approval.today", ARGS(NUM("n", here))));
    for (int i = 0; i < here; i++)
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", label_deal(c, all[i].id), label_partner(c, all[i].partner_id)),
            typed(c, "show", call_ref(c, 'D', all[i].id)));
    return e->code == ERR_NONE;
}

const struct command deal_approve_command = { .id = "deal.approve", .args = approve_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = approve_run };
const struct command deal_decline_command = { .id = "deal.decline", .args = decline_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = decline_run };
