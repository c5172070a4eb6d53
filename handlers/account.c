/* prefers: which partner a customer wants to work with, since when and who said so. They
 * know whom they trust, so registering a deal with another partner is warned about. served:
 * which partners they had before. */
#include "bot/store/account.h"
#include "bot/base/clock.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg prefers_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "partner", ARG_PARTNER, REQUIRED },
    { "person", ARG_PERSON, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* 電光デジタル · said 佐藤様 · 2 Mar */
static char *preference_text(struct call *c, const struct preference *p)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, label_partner(c, p->partner_id));
    buf_join(&b, FACTS, p->person_id ? call_text(c, "prefers.said", ARGS(TXT("who", label_person_id(c, p->person_id, NULL))))
                                     : call_text(c, "prefers.unsaid", NO_ARGS));
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, p->at_day));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_preference(struct reply *r, int64_t customer, struct err *e)
{
    struct preference p;
    if (preference_find(r->call->db, customer, &p, e))
        reply_field(r, "prefers.label", preference_text(r->call, &p));
    return e->code == ERR_NONE;
}

bool warn_preference(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct preference p;
    if (partner && preference_find(c->db, customer, &p, e) && p.partner_id != partner)
        reply_warning(r, call_text(c, "prefers.other", ARGS(TXT("firm", label_customer(c, customer)),
            TXT("preference", preference_text(c, &p)))));
    return e->code == ERR_NONE;
}

static bool prefers_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct preference p = { .customer_id = f->customers[0], .partner_id = f->partners[0],
        .person_id = f->n_people ? f->people[0] : 0, .at_day = day_of(f->when.at_ms, c->when.team_zone) };
    int64_t rev;
    if (f->n_partners > 1)
        return fail(e, ERR_USAGE, "prefers.one", NULL, "several partners");
    if (!store_note(c, "all", 0, &p.note_id, &rev, e) || !preference_add(c->db, &p, c->member->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'A', p.customer_id);
    struct reply *r = reply_titled(c, REPLY_OK, "prefers.noted",
        arena_printf(c->mem, "%s" FACTS "%s", id, label_customer(c, p.customer_id)));
    reply_record(r, id, "changed");
    reply_data_ref(r, "preferred", 'P', p.partner_id);
    reply_data_ref(r, "person", 'C', p.person_id);
    if (!put_preference(r, p.customer_id, e))
        return false;
    if (p.note_id)
        reply_note(r, p.note_id, 0);
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    return true;
}

const struct command prefers_command = { .id = "prefers", .args = prefers_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = prefers_run };

enum { SERVED = 5 };

static const struct arg served_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "partner", ARG_PARTNER, REQUIRED },
    { "period", ARG_PERIOD, 0 },
    { 0 },
};

/* 架橋ソリューションズ · 2019–2022; the firm alone where no year is known. */
static char *served_text(struct call *c, const struct served *s)
{
    if (!s->from_day)
        return label_partner(c, s->partner_id);
    int from = civil_of_day(s->from_day).year, to = s->to_day ? civil_of_day(s->to_day).year : from;
    return from == to ? arena_printf(c->mem, "%s" FACTS "%d", label_partner(c, s->partner_id), from)
                      : arena_printf(c->mem, "%s" FACTS "%d–%d", label_partner(c, s->partner_id), from, to);
}

bool put_served(struct reply *r, int64_t customer, struct err *e)
{
    struct served list[SERVED];
    int n = served_list(r->call->db, customer, list, SERVED, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "served.label", served_text(r->call, &list[i]));
    return e->code == ERR_NONE;
}

static bool served_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    int64_t customer = f->customers[0];
    struct served s = { .partner_id = f->partners[0] };
    if (words_left(c))
        return true;
    if (f->n_partners > 1 || f->n_customers > 1)
        return fail(e, ERR_USAGE, "served.one", NULL, "several firms");
    if (f->has_period && f->period.from_ms > c->now_ms)
        return fail(e, ERR_USAGE, "served.ahead", NULL, "ahead");
    if (f->has_period) {
        s.from_day = day_of(f->period.from_ms, c->when.team_zone);
        s.to_day = day_of(f->period.to_ms - 1, c->when.team_zone);
    }
    if (!served_put(c->db, customer, &s, c->member->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'A', customer);
    struct reply *r = reply_titled(c, REPLY_OK, "served.noted", arena_printf(c->mem, "%s" FACTS "%s", id,
        label_customer(c, customer)));
    reply_record(r, id, "changed");
    reply_data_ref(r, "served", 'P', s.partner_id);
    if (!put_served(r, customer, e))
        return false;
    show_and_undo(r, id);
    return true;
}

const struct command served_command = { .id = "served", .args = served_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = served_run };
