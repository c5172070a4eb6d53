/* shadow: a junior who came along to a meeting to learn, and how often each did. duty: what a
 * partner's person does there. */
#include "bot/store/readiness.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { SHADOWS = 20, MEMBERS = 60 };

static const struct arg shadow_args[] = {
    { "record", ARG_RECORD, 0 },
    { "member", ARG_MEMBER, MANY },
    { 0 },
};
static const struct arg duty_args[] = {
    { "person", ARG_PERSON, REQUIRED },
    { "partner", ARG_PARTNER, 0 },
    { "duty", ARG_DUTY, 0 },
    { 0 },
};

bool put_shadows(struct reply *r, int64_t touch, struct err *e)
{
    struct call *c = r->call;
    int64_t members[SHADOWS];
    int n = shadow_list(c->db, touch, members, SHADOWS, e);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), label_member(c, members[i]));
    reply_field(r, "shadow.label", buf_str(&b));
    return e->code == ERR_NONE;
}

/* Each member who ever came along, or (member not 0) that one. */
static bool put_counts(struct reply *r, int64_t member, struct err *e)
{
    struct call *c = r->call;
    struct shadow_count all[MEMBERS];
    int n = shadow_count_list(c->db, all, MEMBERS, e);
    for (int i = 0; i < n; i++)
        if (!member || member == all[i].member_id)
            reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", label_member(c, all[i].member_id),
                call_text(c, "shadow.times", ARGS(NUM("n", all[i].n)))), NULL);
    return e->code == ERR_NONE;
}

static bool shadow_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct touch t;
    int64_t no = filed_typed(c, 'M');
    e->code = ERR_NONE;
    if (words_left(c))
        return true;
    if (!no && !f->n_refs) {
        struct reply *r = reply_new(c, REPLY_OK, "shadow.counts", NO_ARGS);
        return put_counts(r, f->n_members ? f->members[0] : 0, e);
    }
    if (!no || !touch_load(c->db, c->mem, 'M', no, &t, e))
        return e->code == ERR_NONE && fail(e, ERR_USAGE, "shadow.which", NULL, "no meeting");
    if (!f->n_members)
        return fail(e, ERR_USAGE, "shadow.who", ARGS(TXT("id", call_ref(c, 'M', no))), "nobody named");
    for (int i = 0; i < f->n_members; i++) {
        if (f->members[i] == t.member_id)
            return fail(e, ERR_CONFLICT, "shadow.own", ARGS(TXT("who", label_member(c, f->members[i])),
                TXT("id", call_ref(c, 'M', no))), "own meeting");
        if (!shadow_add(c->db, t.id, f->members[i], e))
            return false;
    }
    char *id = call_ref(c, 'M', no);
    struct reply *r = reply_titled(c, REPLY_OK, "shadow.noted", arena_printf(c->mem, "%s" FACTS "%s", id, fact_people(c, &t)));
    reply_record(r, id, "changed");
    if (!put_shadows(r, t.id, e))
        return false;
    for (int i = 0; i < f->n_members; i++)
        if (!put_counts(r, f->members[i], e))
            return false;
    show_and_undo(r, id);
    return true;
}

const struct command shadow_command = { .id = "shadow", .args = shadow_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = shadow_run };

bool put_duty(struct reply *r, int64_t person, struct err *e)
{
    struct call *c = r->call;
    reply_field(r, "duty.label", call_word(c, WORD_DUTY, person_duty(c->db, c->mem, person, e)));
    return e->code == ERR_NONE;
}

static bool duty_run(struct call *c, struct err *e)
{
    const char *duty = c->f->word[WORD_DUTY];
    struct person p;
    e->code = ERR_NONE;
    if (words_left(c))
        return true;
    if (!c->f->n_people || !person_load(c->db, c->mem, c->f->people[0], &p, e))
        return e->code == ERR_NONE && fail(e, ERR_USAGE, "duty.whose", NULL, "nobody named");
    if (!duty)
        return fail(e, ERR_USAGE, "duty.which", NULL, "no duty");
    if (!p.partner_id)
        return fail(e, ERR_CONFLICT, "duty.no_partner", ARGS(TXT("who", label_person_at(c, &p, NULL))), "no partner's person");
    if (!person_set_duty(c->db, p.id, duty, e))
        return false;
    char *id = call_ref(c, 'C', p.id);
    struct reply *r = reply_titled(c, REPLY_OK, "duty.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", id,
        label_person_at(c, &p, NULL), call_word(c, WORD_DUTY, duty)));
    reply_record(r, id, "changed");
    reply_data(r, "duty", duty);
    show_and_undo(r, id);
    return true;
}

const struct command duty_command = { .id = "duty", .args = duty_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = duty_run };
