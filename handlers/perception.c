/* perception: what is said about us or a partner, good or bad, and by whom. One negative
 * weighs a hundred positives: it stands first on the card until somebody says how it was
 * resolved. Nothing is netted. */
#include <string.h>
#include "bot/store/perception.h"
#include "handlers/cards.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 5 };

static const struct arg perception_args[] = {
    { "record", ARG_FILED, 0 },
    { "sign", ARG_SIGN, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, 0 },
    { "resolved", ARG_ANSWERED, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static bool bad(const struct perception *p)
{
    return !strcmp(p->sign, "negative");
}

/* W6 · Negative, open · 電光デジタル · said 佐藤様 · Mon 2 Mar */
static char *perception_text(struct call *c, const struct perception *p, char known)
{
    struct buf b = BUF_ON(c->mem);
    char *sign = call_word(c, WORD_SIGN, p->sign);
    buf_join(&b, FACTS, call_ref(c, 'W', p->id));
    buf_join(&b, FACTS, bad(p) ? call_text(c, p->resolved ? "perception.resolved" : "perception.open", ARGS(TXT("sign", sign))) : sign);
    if (p->partner_id && known != 'P')
        buf_join(&b, FACTS, label_partner(c, p->partner_id));
    if (p->customer_id && known != 'A')
        buf_join(&b, FACTS, label_customer(c, p->customer_id));
    buf_join(&b, FACTS, p->person_id ? call_text(c, "prefers.said", ARGS(TXT("who", label_person_id(c, p->person_id, NULL))))
                                     : call_text(c, "prefers.unsaid", NO_ARGS));
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, day_of(p->at_ms, c->when.zone)));
    return arena_strdup(c->mem, buf_str(&b));
}

char *line_perception(struct call *c, int64_t no)
{
    struct perception p;
    struct err e;
    return perception_load(c->db, c->mem, no, &p, &e) ? perception_text(c, &p, 0) : NULL;
}

bool put_negatives(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct perception list[SHOWN];
    int n = perception_list(c->db, c->mem, customer, partner, true, list, SHOWN, e);
    for (int i = 0; i < n; i++) {
        reply_warning(r, perception_text(c, &list[i], customer ? 'A' : 'P'));
        if (note_known(c, list[i].note_id))
            reply_note(r, list[i].note_id, 0);
    }
    return e->code == ERR_NONE;
}

bool put_perceptions(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct perception list[SHOWN];
    int n = perception_list(c->db, c->mem, customer, partner, false, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        if (!bad(&list[i]) || list[i].resolved)
            reply_field(r, "perception.label", perception_text(c, &list[i], customer ? 'A' : 'P'));
    return e->code == ERR_NONE;
}

static bool list_of(struct listing *l, bool open, struct err *e)
{
    struct call *c = l->c;
    struct perception *all = ARENA_ARRAY(c->mem, struct perception, LIST_COUNTED);
    int n = perception_list(c->db, c->mem, l->scope.customer, l->scope.partner, open, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (!c->f->has_period || (all[i].at_ms >= c->f->period.from_ms && all[i].at_ms < c->f->period.to_ms))
            list_put(l, 'W', all[i].id, perception_text(c, &all[i], 0));
    return e->code == ERR_NONE;
}

bool list_perceptions(struct listing *l, struct err *e)
{
    return list_of(l, false, e);
}

bool list_negatives(struct listing *l, struct err *e)
{
    return list_of(l, true, e);
}

static void put_data(struct reply *r, const struct perception *p, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'W', p->id), verb);
    reply_data(r, "sign", p->sign);
    reply_data_ref(r, "partner", 'P', p->partner_id);
    reply_data_ref(r, "customer", 'A', p->customer_id);
    reply_data_ref(r, "person", 'C', p->person_id);
    reply_data_int(r, "resolved", p->resolved);
    reply_data_ms(r, "at", p->at_ms);
}

static void put_resolve(struct reply *r, const struct perception *p)
{
    struct call *c = r->call;
    if (bad(p) && !p->resolved && c->member->roles & ROLE_SALES)
        reply_button(r, "fill", call_text(c, "perception.resolved_line", ARGS(TXT("line", typed(c, "perception", call_ref(c, 'W', p->id))))),
            "perception.button.resolved", NO_ARGS);
}

bool card_perception(struct call *c, int64_t no, struct err *e)
{
    struct perception p;
    if (!perception_load(c->db, c->mem, no, &p, e))
        return e->code == ERR_NONE && refuse_none(c, 'W', no, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", perception_text(c, &p, 0));
    put_data(r, &p, "shown");
    if (note_known(c, p.note_id))
        reply_note(r, p.note_id, 0);
    if (note_known(c, p.answer_id))
        reply_field_note(r, "perception.label.answer", p.answer_id);
    if (p.resolved)
        reply_field(r, "perception.label.resolved", arena_printf(c->mem, "%s" FACTS "%s", label_date(c, p.resolved_ms),
            label_member(c, p.resolved_by)));
    reply_field(r, "show.label.by", label_member(c, p.member_id));
    put_resolve(r, &p);
    return true;
}

static bool resolve(struct call *c, struct perception *p, struct err *e)
{
    int64_t rev;
    char *id = call_ref(c, 'W', p->id);
    if (!bad(p))
        return fail(e, ERR_CONFLICT, "perception.positive", ARGS(TXT("id", id)), "positive");
    if (p->resolved)
        return fail(e, ERR_CONFLICT, "perception.is_resolved", ARGS(TXT("id", id), TXT("when", label_date(c, p->resolved_ms))), "resolved");
    if (!c->f->note || !*c->f->note)
        return fail(e, ERR_USAGE, "perception.how", ARGS(TXT("id", id)), "no answer");
    if (!store_note(c, "all", 0, &p->answer_id, &rev, e) ||
        !perception_resolve(c->db, p->id, p->answer_id, c->member->id, c->now_ms, e))
        return false;
    p->resolved = true;
    struct reply *r = reply_titled(c, REPLY_OK, "perception.noted", perception_text(c, p, 0));
    put_data(r, p, "changed");
    reply_note(r, p->answer_id, 0);
    show_and_undo(r, id);
    return true;
}

/* Said by somebody of a customer about nobody in particular: it is about that customer's
 * view of us. */
static bool take(struct call *c, struct perception *p, struct err *e)
{
    const struct frame *f = c->f;
    struct person who;
    *p = (struct perception){ .sign = f->word[WORD_SIGN], .partner_id = f->n_partners ? f->partners[0] : 0,
        .customer_id = f->n_customers ? f->customers[0] : 0, .person_id = f->n_people ? f->people[0] : 0,
        .at_ms = f->when.at_ms, .member_id = c->member->id };
    if (p->person_id && !p->customer_id && !p->partner_id && person_load(c->db, c->mem, p->person_id, &who, e)) {
        p->customer_id = who.customer_id;
        p->partner_id = who.customer_id ? 0 : who.partner_id;
    }
    return e->code == ERR_NONE;
}

static bool perception_run(struct call *c, struct err *e)
{
    struct perception p;
    int64_t no = filed_typed(c, 'W'), rev;
    e->code = ERR_NONE;
    if (no && !perception_load(c->db, c->mem, no, &p, e))
        return e->code == ERR_NONE && refuse_none(c, 'W', no, e);
    if (no)
        return c->f->word[WORD_ANSWERED] ? resolve(c, &p, e) : card_perception(c, no, e);
    if (!take(c, &p, e))
        return false;
    if (!p.sign)
        return fail(e, ERR_USAGE, "perception.sign", NULL, "no sign");
    if (!p.partner_id && !p.customer_id)
        return fail(e, ERR_USAGE, "perception.whom", NULL, "about nobody");
    if (!c->f->note || !*c->f->note)
        return fail(e, ERR_USAGE, "perception.what", NULL, "no words");
    if (!store_note(c, "all", 0, &p.note_id, &rev, e) || !(p.id = perception_add(c->db, &p, c->now_ms, e)))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "perception.noted", perception_text(c, &p, 0));
    put_data(r, &p, "created");
    reply_note(r, p.note_id, 0);
    reply_soft(r, level_text(c, level_of(c, "all"), "all"));
    put_resolve(r, &p);
    show_and_undo(r, call_ref(c, 'W', p.id));
    return true;
}

const struct command perception_command = { .id = "perception", .args = perception_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = perception_run };
