/* forget: erases a person who wishes it, after saying what goes and what stays. Not undone,
 * by anybody. Members are suspended and firms have no data of their own: neither is forgotten. */
#include "bot/core/forget.h"

#include <string.h>
#include "bot/core/ask.h"
#include "bot/store/merge.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg forget_args[] = {
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "member", ARG_MEMBER, 0 },
    { 0 },
};

/* What is erased of all that names a person; the rest is counted and stays. */
static bool goes(const char *table)
{
    static const char *const facts[] = { "name", "messenger", "speaks", "tag", "access", "away", "cadence" };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        if (!strcmp(facts[i], table))
            return true;
    return false;
}

/* "2 further names, 1 messenger": what goes, or what stays; NULL: nothing. */
static char *counted(struct call *c, const struct merge_count *counts, int n, bool going)
{
    struct buf b = BUF_ON(c->mem);
    int64_t others = 0;
    for (int i = 0; i < n; i++) {
        char *key = arena_printf(c->mem, "merge.n.%s", counts[i].table);
        if (goes(counts[i].table) != going)
            continue;
        if (catalogue_has(c->words, c->locale, key))
            buf_join(&b, comma(c), call_text(c, key, ARGS(NUM("n", counts[i].n))));
        else
            others += counts[i].n;
    }
    if (others)
        buf_join(&b, comma(c), call_text(c, "merge.n.other", ARGS(NUM("n", others))));
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

static bool confirm(struct call *c, const struct person *p, struct err *e)
{
    struct merge_count counts[MERGE_TABLES];
    const char *id = call_ref(c, 'C', p->id);
    e->code = ERR_NONE;
    int n = merge_counts(c->db, c->mem, 'C', p->id, counts, MERGE_TABLES, e);
    char *gone = counted(c, counts, n, true), *kept = counted(c, counts, n, false);
    struct reply *r = reply_new(c, REPLY_ASK, "forget.ask", ARGS(TXT("who", label_person_at(c, p, p->title))));
    reply_line(r, gone ? call_text(c, "forget.goes", ARGS(TXT("what", gone))) : call_text(c, "forget.goes_name", NO_ARGS));
    reply_line(r, call_text(c, "forget.texts", ARGS(TXT("id", id))));
    reply_line(r, kept ? call_text(c, "forget.stays", ARGS(TXT("what", kept), TXT("id", id)))
                       : call_text(c, "forget.stays_nothing", ARGS(TXT("id", id))));
    reply_text(r, "forget.notes", NO_ARGS);
    reply_soft(r, call_text(c, "forget.elsewhere", NO_ARGS));
    reply_warning(r, call_text(c, "forget.for_good", NO_ARGS));
    struct option options[] = {
        { call_text(c, "forget.button.yes", NO_ARGS), "yes|y|はい|forget", "yes", "primary" },
        { call_text(c, "forget.button.notes", NO_ARGS), "notes|notes too|メモも", "notes", "plain" },
        { call_text(c, "forget.button.no", NO_ARGS), "no|n|cancel|いいえ|やめる", "no", "quiet" },
    };
    return e->code == ERR_NONE && ask_question(c, r, "forget.ask", "$forget", options, 3, false, e);
}

static bool forget(struct call *c, const struct person *p, bool notes, struct err *e)
{
    struct forgotten f = { .ref = p->id, .notes = notes, .member_id = c->member->id, .at_ms = c->when.now_ms };
    const char *id = call_ref(c, 'C', p->id);
    f.id = forgotten_add(c->db, &f, e);
    if (!f.id || !forget_person(c->db, c->mem, c->words, c->names, &f, c->when.now_ms, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "forget.done", ARGS(TXT("id", id)));
    reply_text(r, notes ? "forget.done_notes" : "forget.done_soon", NO_ARGS);
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_record(r, id, "changed");
    return true;
}

/* The one person who is named. */
static bool whom(struct call *c, struct person *p, struct err *e)
{
    const struct frame *f = c->f;
    struct forgotten before;
    e->code = ERR_NONE;
    if (f->n_people == 1 && person_load(c->db, c->mem, f->people[0], p, e))
        return !forgotten_of(c->db, c->mem, p->id, &before, e) ? e->code == ERR_NONE
                   : fail(e, ERR_CONFLICT, "forget.already", ARGS(TXT("id", call_ref(c, 'C', p->id)),
                         TXT("when", label_date(c, before.at_ms))), "forgotten before");
    if (e->code != ERR_NONE)
        return false;
    if (!f->n_people && (f->n_partners || f->n_customers))
        return fail(e, ERR_USAGE, "forget.firm", ARGS(TXT("name",
            f->n_partners ? label_partner(c, f->partners[0]) : label_customer(c, f->customers[0]))), "a firm");
    return fail(e, ERR_USAGE, f->n_members ? "forget.member" : "forget.whom", NULL, "no person");
}

static bool forget_run(struct call *c, struct err *e)
{
    struct person p = { 0 };
    if (!whom(c, &p, e))
        return false;
    const char *answer = ask_settled(c, "$forget");
    if (!answer)
        return confirm(c, &p, e);
    if (!strcmp(answer, "yes") || !strcmp(answer, "notes"))
        return forget(c, &p, !strcmp(answer, "notes"), e);
    reply_new(c, REPLY_OK, "forget.cancelled", NO_ARGS);
    return true;
}

const struct command forget_command = { .id = "forget", .args = forget_args, .may = ROLE_ADMIN, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_KNOWN | CMD_FINAL, .run = forget_run };
