/* task: work that makes a partner ready for its market, whose it is and by when. By its
 * number it is done. */
#include "bot/store/readiness.h"
#include "handlers/cards.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 5 };

static const struct arg task_args[] = {
    { "record", ARG_FILED, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "task", ARG_TASK, 0 },
    { "market", ARG_MARKET, 0 },
    { "member", ARG_MEMBER, 0 },
    { "due_done", ARG_DATED, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static char *day_text(struct call *c, const char *key, int32_t day)
{
    return day ? call_text(c, key, ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, day)))) : NULL;
}

/* J5 · 架橋ソリューションズ · Deck · Japan · Mika · due Tue 31 Mar */
static char *task_text(struct call *c, const struct task *t, int64_t known, bool owner_assumed)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'J', t->id));
    if (t->partner_id != known)
        buf_join(&b, FACTS, label_partner(c, t->partner_id));
    buf_join(&b, FACTS, call_word(c, WORD_TASK, t->what));
    buf_join(&b, FACTS, call_word(c, WORD_MARKET, t->market));
    if (t->owner_id)
        buf_join(&b, FACTS, label_assumed(c, owner_assumed, label_member(c, t->owner_id)));
    buf_join(&b, FACTS, t->done_day ? day_text(c, "task.done", t->done_day) : day_text(c, "trained.due", t->due_day));
    return arena_strdup(c->mem, buf_str(&b));
}

char *line_task(struct call *c, int64_t no)
{
    struct task t;
    struct err e;
    return task_load(c->db, c->mem, no, &t, &e) ? task_text(c, &t, 0, false) : NULL;
}

bool put_tasks(struct reply *r, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct task list[SHOWN];
    int n = task_list(c->db, c->mem, partner, 0, NULL, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "task.label", task_text(c, &list[i], partner, false));
    return e->code == ERR_NONE;
}

bool list_tasks(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct task *all = ARENA_ARRAY(c->mem, struct task, LIST_COUNTED);
    int n = task_list(c->db, c->mem, l->scope.partner, l->scope.member, c->f->word[WORD_MARKET], all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        list_put(l, 'J', all[i].id, task_text(c, &all[i], 0, false));
    return e->code == ERR_NONE;
}

static void put_data(struct reply *r, const struct task *t, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'J', t->id), verb);
    reply_data(r, "what", t->what);
    reply_data(r, "market", t->market);
    reply_data_ref(r, "partner", 'P', t->partner_id);
    if (t->due_day)
        reply_data_int(r, "due_day", t->due_day);
    if (t->done_day)
        reply_data_int(r, "done_day", t->done_day);
}

static void put_done(struct reply *r, const struct task *t)
{
    struct call *c = r->call;
    if (!t->done_day && c->member->roles & ROLE_SALES)
        reply_button(r, "plain", call_text(c, "task.done_line", ARGS(TXT("line", typed(c, "task", call_ref(c, 'J', t->id))))),
            "look.button.done", NO_ARGS);
}

bool card_task(struct call *c, int64_t no, struct err *e)
{
    struct task t;
    if (!task_load(c->db, c->mem, no, &t, e))
        return e->code == ERR_NONE && refuse_none(c, 'J', no, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", task_text(c, &t, 0, false));
    put_data(r, &t, "shown");
    if (note_known(c, t.note_id))
        reply_note(r, t.note_id, 0);
    reply_field(r, "show.label.by", label_member(c, t.member_id));
    put_done(r, &t);
    return true;
}

static bool take_facts(struct call *c, struct task *t, bool fresh, struct err *e)
{
    const struct frame *f = c->f;
    int32_t today = day_of(f->when.at_ms, c->when.zone), day;
    struct partner p;
    if (f->word[WORD_TASK])
        t->what = f->word[WORD_TASK];
    if (f->word[WORD_MARKET])
        t->market = f->word[WORD_MARKET];
    if (f->n_members)
        t->owner_id = f->members[0];
    if (frame_dated(f, "due", 0, &day) && day)
        t->due_day = day;
    if (frame_dated(f, "done", today, &day))
        t->done_day = day;
    if (t->done_day > day_of(c->now_ms, c->when.zone))
        return fail(e, ERR_USAGE, "partner.ahead", NULL, "future day");
    if (!fresh)
        return true;
    t->partner_id = f->n_partners ? f->partners[0] : 0;
    if (!t->partner_id)
        return fail(e, ERR_USAGE, "task.whose", NULL, "no partner");
    if (!t->what && !f->note)
        return fail(e, ERR_USAGE, "task.which", NULL, "no task");
    t->what = t->what ? t->what : "other";
    t->owner_id = t->owner_id ? t->owner_id : c->member->id;
    if (!t->market && partner_load(c->db, c->mem, t->partner_id, &p, e))
        t->market = p.market;
    return e->code == ERR_NONE;
}

static bool task_run(struct call *c, struct err *e)
{
    struct task t = { .member_id = c->member->id };
    int64_t no = filed_typed(c, 'J'), note, rev;
    bool fresh = !no;
    e->code = ERR_NONE;
    if (no && !task_load(c->db, c->mem, no, &t, e))
        return e->code == ERR_NONE && refuse_none(c, 'J', no, e);
    if (!take_facts(c, &t, fresh, e) || !store_note(c, "all", 0, &note, &rev, e))
        return false;
    t.note_id = note ? note : t.note_id;
    if (fresh)
        t.id = task_add(c->db, &t, c->now_ms, e);
    else if (!task_update(c->db, &t, e))
        return false;
    if (!t.id)
        return false;
    bool assumed = fresh && !c->f->n_members;
    struct reply *r = reply_titled(c, REPLY_OK, "task.noted", task_text(c, &t, 0, assumed));
    put_data(r, &t, fresh ? "created" : "changed");
    if (assumed)
        reply_assumed(r, "owner");
    if (note)
        reply_note(r, note, 0);
    put_done(r, &t);
    show_and_undo(r, call_ref(c, 'J', t.id));
    return true;
}

const struct command task_command = { .id = "task", .args = task_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = task_run };
