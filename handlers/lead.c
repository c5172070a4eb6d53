/* lead: somebody who wants to hear more, from which activity or partner, and by its number
 * the meeting and the deal that came of it. Those that nothing came of are a list. */
#include "bot/store/marketing.h"
#include "handlers/cards.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 3 };

static const struct arg lead_args[] = {
    { "record", ARG_FILED, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* L9 · Acme 佐藤様 · from V4 Webinar · Mon 2 Feb → M3 → D5 Acme CMS */
static char *lead_text(struct call *c, const struct lead *l, int64_t known)
{
    struct buf b = BUF_ON(c->mem);
    struct touch t;
    struct err e;
    buf_join(&b, FACTS, call_ref(c, 'L', l->id));
    if (l->customer_id != known)
        buf_join(&b, FACTS, label_customer(c, l->customer_id));
    if (l->person_id)
        buf_join(&b, FACTS, label_person_id(c, l->person_id, NULL));
    if (l->activity_id || l->partner_id)
        buf_join(&b, FACTS, call_text(c, "lead.from", ARGS(TXT("source",
            l->activity_id ? label_activity(c, l->activity_id) : label_partner(c, l->partner_id)))));
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, day_of(l->at_ms, c->when.zone)));
    if (l->touch_id && touch_load_id(c->db, c->mem, l->touch_id, &t, &e))
        buf_join(&b, " → ", call_ref(c, t.kind, t.no));
    if (l->deal_id)
        buf_join(&b, " → ", label_deal(c, l->deal_id));
    return arena_strdup(c->mem, buf_str(&b));
}

char *line_lead(struct call *c, int64_t no)
{
    struct lead l;
    struct err e;
    return lead_load(c->db, no, &l, &e) ? lead_text(c, &l, 0) : NULL;
}

bool put_leads(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct lead list[SHOWN];
    struct lead_filter by = { .customer = customer, .partner = partner };
    int n = lead_list(r->call->db, &by, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "lead.label", lead_text(r->call, &list[i], customer));
    return e->code == ERR_NONE;
}

static bool list_of(struct listing *l, bool orphan, struct err *e)
{
    struct call *c = l->c;
    struct lead *all = ARENA_ARRAY(c->mem, struct lead, LIST_COUNTED);
    struct lead_filter by = { .customer = l->scope.customer, .partner = l->scope.partner, .orphan = orphan };
    int n = lead_list(c->db, &by, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (!c->f->has_period || (all[i].at_ms >= c->f->period.from_ms && all[i].at_ms < c->f->period.to_ms))
            list_put(l, 'L', all[i].id, lead_text(c, &all[i], 0));
    return e->code == ERR_NONE;
}

bool list_leads(struct listing *l, struct err *e)
{
    return list_of(l, false, e);
}

bool list_orphan_leads(struct listing *l, struct err *e)
{
    return list_of(l, true, e);
}

static void put_data(struct reply *r, const struct lead *l, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'L', l->id), verb);
    reply_data_ref(r, "customer", 'A', l->customer_id);
    reply_data_ref(r, "person", 'C', l->person_id);
    reply_data_ref(r, "activity", 'V', l->activity_id);
    reply_data_ref(r, "partner", 'P', l->partner_id);
    reply_data_ref(r, "deal", 'D', l->deal_id);
    reply_data_ms(r, "at", l->at_ms);
    if (note_known(c, l->note_id))
        reply_data_words(r, "note", l->note_id);
}

bool card_lead(struct call *c, int64_t no, struct err *e)
{
    struct lead l;
    if (!lead_load(c->db, no, &l, e))
        return e->code == ERR_NONE && refuse_none(c, 'L', no, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", lead_text(c, &l, 0));
    put_data(r, &l, "shown");
    if (!l.touch_id && !l.deal_id)
        reply_soft(r, call_text(c, "lead.orphan", ARGS(TXT("id", call_ref(c, 'L', l.id)))));
    if (note_known(c, l.note_id))
        reply_note(r, l.note_id, 0);
    reply_field(r, "show.label.by", label_member(c, l.member_id));
    return true;
}

/* The meeting that came of it is with the same customer. */
static bool take_meeting(struct call *c, struct lead *l, struct err *e)
{
    struct touch t;
    int64_t no = filed_typed(c, 'M');
    if (!no)
        return true;
    if (!touch_load(c->db, c->mem, 'M', no, &t, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'M', no))), "no meeting");
    if (t.customer_id && t.customer_id != l->customer_id)
        return fail(e, ERR_CONFLICT, "lead.other_customer", ARGS(TXT("id", call_ref(c, 'M', no)),
            TXT("firm", label_customer(c, t.customer_id)), TXT("lead", label_customer(c, l->customer_id))), "other customer");
    l->touch_id = t.id;
    return true;
}

static bool take_deal(struct call *c, struct lead *l, struct err *e)
{
    struct deal d;
    int64_t no = filed_typed(c, 'D');
    if (!no)
        return true;
    if (!deal_load(c->db, c->mem, no, &d, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'D', no))), "no deal");
    if (d.customer_id && d.customer_id != l->customer_id)
        return fail(e, ERR_CONFLICT, "lead.other_customer", ARGS(TXT("id", call_ref(c, 'D', no)),
            TXT("firm", label_customer(c, d.customer_id)), TXT("lead", label_customer(c, l->customer_id))), "other customer");
    l->deal_id = d.id;
    return true;
}

/* From whom: a person stands for the firm, an activity for its partner. */
static bool take_source(struct call *c, struct lead *l, struct err *e)
{
    const struct frame *f = c->f;
    struct person p;
    struct activity a;
    int64_t no = filed_typed(c, 'V');
    if (f->n_people)
        l->person_id = f->people[0];
    if (f->n_partners)
        l->partner_id = f->partners[0];
    if (f->n_customers && !l->customer_id)
        l->customer_id = f->customers[0];
    if (!l->customer_id && l->person_id && person_load(c->db, c->mem, l->person_id, &p, e))
        l->customer_id = p.customer_id;
    if (no && !activity_load(c->db, c->mem, no, &a, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'V', no))), "no activity");
    if (no) {
        l->activity_id = no;
        l->partner_id = l->partner_id ? l->partner_id : a.partner_id;
    }
    return l->customer_id || fail(e, ERR_USAGE, "lead.whose", NULL, "no customer");
}

static bool lead_run(struct call *c, struct err *e)
{
    struct lead l = { .at_ms = c->f->when.at_ms, .member_id = c->member->id };
    int64_t no = filed_typed(c, 'L'), note, rev;
    bool fresh = !no;
    e->code = ERR_NONE;
    if (no && !lead_load(c->db, no, &l, e))
        return e->code == ERR_NONE && refuse_none(c, 'L', no, e);
    if (!take_source(c, &l, e) || !take_meeting(c, &l, e) || !take_deal(c, &l, e) ||
        !store_note(c, "all", 0, &note, &rev, e))
        return false;
    l.note_id = note ? note : l.note_id;
    if (fresh)
        l.id = lead_add(c->db, &l, c->now_ms, e);
    else if (!lead_update(c->db, &l, e))
        return false;
    if (!l.id)
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "lead.noted", lead_text(c, &l, 0));
    put_data(r, &l, fresh ? "created" : "changed");
    if (note)
        reply_note(r, note, 0);
    show_and_undo(r, call_ref(c, 'L', l.id));
    return true;
}

const struct command lead_command = { .id = "lead", .args = lead_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = lead_run };
