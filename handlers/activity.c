/* activity: marketing by a partner alone or together with us, the leads it brought and the
 * meetings booked from them. More is told later by its number: activity V4 meetings 9. */
#include <string.h>
#include "bot/store/marketing.h"
#include "handlers/cards.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 3, MOST = 1000000 };

static const struct arg activity_args[] = {
    { "record", ARG_FILED, 0 },
    { "activity", ARG_ACTIVITY, 0 },
    { "joint", ARG_JOINT, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "tally", ARG_TALLY, 0 },
    { "when", ARG_WHEN, 0 },
    { "market", ARG_MARKET, 0 },
    { "language", ARG_LANGUAGE, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* 40 leads · 6 meetings (15.0 %); without leads there is no rate. */
static char *counts_text(struct call *c, const struct activity *a)
{
    struct buf b = BUF_ON(c->mem);
    if (a->leads >= 0)
        buf_join(&b, FACTS, call_text(c, "activity.leads", ARGS(NUM("n", a->leads))));
    if (a->meetings >= 0)
        buf_join(&b, FACTS, call_text(c, "activity.meetings", ARGS(NUM("n", a->meetings))));
    if (a->leads > 0 && a->meetings >= 0) {
        int64_t tenths = (2000 * a->meetings + a->leads) / (2 * a->leads);
        char *rate = arena_printf(c->mem, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
        return call_text(c, "activity.rate", ARGS(TXT("counts", buf_str(&b)),
            TXT("rate", call_text(c, "kpi.percent", ARGS(TXT("value", rate))))));
    }
    return arena_strdup(c->mem, buf_str(&b));
}

/* V4 · Webinar · joint, 電光デジタル · Foo · Mon 2 Feb · 40 leads … ; without the partner that `known` tells. */
static char *activity_text(struct call *c, const struct activity *a, int64_t known, bool assumed)
{
    struct buf b = BUF_ON(c->mem);
    char *who = a->partner_id && a->partner_id != known ? label_partner(c, a->partner_id) : NULL;
    buf_join(&b, FACTS, call_ref(c, 'V', a->id));
    buf_join(&b, FACTS, call_word(c, WORD_ACTIVITY, a->kind));
    buf_join(&b, FACTS, a->partner_id ? label_assumed(c, assumed, call_word(c, WORD_JOINT, a->joint ? "joint" : "solo"))
                                      : call_text(c, "activity.ours", NO_ARGS));
    buf_join(&b, FACTS, who);
    buf_join(&b, FACTS, call_word(c, WORD_MARKET, a->market));
    buf_join(&b, FACTS, call_word(c, WORD_LANGUAGE, a->language));
    buf_join(&b, FACTS, a->product);
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, a->at_day));
    buf_join(&b, FACTS, counts_text(c, a));
    return arena_strdup(c->mem, buf_str(&b));
}

char *line_activity(struct call *c, int64_t no)
{
    struct activity a;
    struct err e;
    return activity_load(c->db, c->mem, no, &a, &e) ? activity_text(c, &a, 0, false) : NULL;
}

char *label_activity(struct call *c, int64_t id)
{
    struct activity a;
    struct err e;
    char *ref = call_ref(c, 'V', id);
    return activity_load(c->db, c->mem, id, &a, &e) ? arena_printf(c->mem, "%s %s", ref, call_word(c, WORD_ACTIVITY, a.kind)) : ref;
}

bool put_activities(struct reply *r, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct activity list[SHOWN];
    int n = activity_list(c->db, c->mem, partner, NULL, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "activity.label", activity_text(c, &list[i], partner, false));
    return e->code == ERR_NONE;
}

bool list_activities(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct activity *all = ARENA_ARRAY(c->mem, struct activity, LIST_COUNTED);
    int n = activity_list(c->db, c->mem, l->scope.partner, c->f->word[WORD_MARKET], all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (!c->f->has_period || (all[i].at_day >= c->f->period.from_day && all[i].at_day < c->f->period.to_day))
            list_put(l, 'V', all[i].id, activity_text(c, &all[i], 0, false));
    return e->code == ERR_NONE;
}

static void put_data(struct reply *r, const struct activity *a, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'V', a->id), verb);
    reply_data(r, "kind", a->kind);
    reply_data_int(r, "joint", a->joint);
    reply_data_ref(r, "partner", 'P', a->partner_id);
    reply_data(r, "market", a->market);
    reply_data(r, "language", a->language);
    reply_data(r, "product", a->product);
    reply_data_int(r, "day", a->at_day);
    if (a->leads >= 0)
        reply_data_int(r, "leads", a->leads);
    if (a->meetings >= 0)
        reply_data_int(r, "meetings", a->meetings);
    if (note_known(c, a->note_id))
        reply_data_words(r, "note", a->note_id);
}

bool card_activity(struct call *c, int64_t no, struct err *e)
{
    struct activity a;
    struct lead_filter by = { .activity = no };
    struct lead leads[SHOWN];
    if (!activity_load(c->db, c->mem, no, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'V', no, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", activity_text(c, &a, 0, false));
    put_data(r, &a, "shown");
    if (note_known(c, a.note_id))
        reply_note(r, a.note_id, 0);
    int n = lead_list(c->db, &by, leads, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "lead.label", line_lead(c, leads[i].id));
    reply_field(r, "show.label.by", label_member(c, a.member_id));
    return e->code == ERR_NONE;
}

static void take_facts(const struct call *c, struct activity *a, bool fresh)
{
    const struct frame *f = c->f;
    if (f->word[WORD_ACTIVITY])
        a->kind = f->word[WORD_ACTIVITY];
    if (f->n_partners)
        a->partner_id = f->partners[0];
    if (f->word[WORD_JOINT])
        a->joint = !strcmp(f->word[WORD_JOINT], "joint");
    if (f->word[WORD_MARKET])
        a->market = f->word[WORD_MARKET];
    if (f->word[WORD_LANGUAGE])
        a->language = f->word[WORD_LANGUAGE];
    if (f->product)
        a->product = f->product;
    if (fresh || f->when.has_date)
        a->at_day = day_of(f->when.at_ms, c->when.zone);
    if (f->has_leads)
        a->leads = f->leads;
    if (f->has_meetings)
        a->meetings = f->meetings;
}

static bool fits(struct call *c, const struct activity *a, struct err *e)
{
    if (!a->kind)
        return fail(e, ERR_USAGE, "activity.which", NULL, "no kind");
    if (a->joint && !a->partner_id)
        return fail(e, ERR_USAGE, "activity.joint_whom", NULL, "joint alone");
    if (c->f->n_partners > 1)
        return fail(e, ERR_USAGE, "activity.one", NULL, "several partners");
    if (a->leads >= 0 && a->meetings > a->leads)
        return fail(e, ERR_USAGE, "activity.more_meetings", ARGS(NUM("leads", a->leads), NUM("meetings", a->meetings)), "more meetings");
    return (a->leads <= MOST && a->meetings <= MOST) || fail(e, ERR_USAGE, "network.too_many", ARGS(NUM("most", MOST)), "too many");
}

/* A partner stands for its market where none was typed. */
static bool take_market(struct call *c, struct activity *a, struct err *e)
{
    struct partner p;
    if (a->market || !a->partner_id)
        a->market = a->market ? a->market : c->member->market;
    else if (partner_load(c->db, c->mem, a->partner_id, &p, e))
        a->market = p.market;
    return e->code == ERR_NONE;
}

static bool activity_run(struct call *c, struct err *e)
{
    struct activity a = { .leads = -1, .meetings = -1, .member_id = c->member->id };
    int64_t no = filed_typed(c, 'V'), note, rev;
    bool fresh = !no;
    e->code = ERR_NONE;
    if (no && !activity_load(c->db, c->mem, no, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'V', no, e);
    take_facts(c, &a, fresh);
    if (!fits(c, &a, e) || !take_market(c, &a, e) || !store_note(c, "all", 0, &note, &rev, e))
        return false;
    a.note_id = note ? note : a.note_id;
    if (fresh)
        a.id = activity_add(c->db, &a, c->now_ms, e);
    else if (!activity_update(c->db, &a, e))
        return false;
    if (!a.id)
        return false;
    bool assumed = fresh && a.partner_id && !c->f->word[WORD_JOINT];
    struct reply *r = reply_titled(c, REPLY_OK, "activity.noted", activity_text(c, &a, 0, assumed));
    put_data(r, &a, fresh ? "created" : "changed");
    if (assumed)
        reply_assumed(r, "joint");
    if (note)
        reply_note(r, note, 0);
    show_and_undo(r, call_ref(c, 'V', a.id));
    return true;
}

const struct command activity_command = { .id = "activity", .args = activity_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = activity_run };
