/* objection: what was said against a deal, of what kind, and what we answered. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "handlers/cards.h"
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/stakes.h"

enum { TYPES = 5, SEVERAL = 4 };
static const char *const types[TYPES] = { "legal", "security", "price", "precedent", "personal" };

static const struct arg objection_args[] = {
    { "record", ARG_RECORD, 0 },
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "kind", ARG_OBJECTION, 0 },
    { "person", ARG_PERSON, 0 },
    { "answered", ARG_ANSWERED, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static const char *type_of(const struct call *c)
{
    const char *settled = ask_settled(c, "$objection");
    for (int i = 0; settled && i < TYPES; i++)
        if (!strcmp(types[i], settled))
            return types[i];
    return c->f->word[WORD_OBJECTION];
}

/* All that a kind is called in a line answers the question about it too: 個人, career. */
static char *words_of(struct call *c, const char *type)
{
    struct buf b = BUF_ON(c->mem);
    const char *path = arena_printf(c->mem, "lexicon.objection.%s", type);
    for (int i = 0; i < catalogue_list(c->words, c->locale, path); i++)
        buf_join(&b, "|", catalogue_item(c->words, c->locale, path, i));
    return arena_strdup(c->mem, buf_str(&b));
}

/* A kind that is none of the five: which one, with the typed line kept. */
static bool ask_type(struct call *c, struct err *e)
{
    struct option options[TYPES];
    for (int i = 0; i < TYPES; i++)
        options[i] = (struct option){ call_word(c, WORD_OBJECTION, types[i]), words_of(c, types[i]), types[i], "plain" };
    struct reply *r = reply_new(c, REPLY_ASK, "objection.which_kind", NO_ARGS);
    return ask_question(c, r, "objection.which_kind", "$objection", options, TYPES, false, e);
}

static void put_data(struct reply *r, const struct objection *o, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'O', o->id), verb);
    reply_data(r, "type", o->type);
    reply_data(r, "state", o->state);
    reply_data_ms(r, "at", o->at_ms);
    reply_data_ref(r, "deal", 'D', o->deal_id);
    reply_data_ref(r, "person", 'C', o->person_id);
    if (note_known(c, o->note_id))
        reply_data_words(r, "note", o->note_id);
    if (note_known(c, o->answer_id))
        reply_data_words(r, "answer", o->answer_id);
}

static char *title_of(struct call *c, const struct objection *o)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'O', o->id));
    buf_join(&b, FACTS, label_deal(c, o->deal_id));
    buf_join(&b, FACTS, call_word(c, WORD_OBJECTION, o->type));
    if (o->person_id)
        buf_join(&b, FACTS, label_person_id(c, o->person_id, c->f->n_people ? c->f->honorific : NULL));
    buf_join(&b, FACTS, call_text(c, arena_printf(c->mem, "objection.%s", o->state), NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_answer_button(struct reply *r, const struct objection *o)
{
    struct call *c = r->call;
    if (!strcmp(o->state, "open") && c->member->roles & ROLE_SALES)
        reply_button(r, "fill", typed(c, "objection", call_text(c, "objection.answered_line",
            ARGS(TXT("id", call_ref(c, 'O', o->id))))), "objection.button.answered", NO_ARGS);
}

static bool add(struct call *c, const struct deal *d, const char *type, struct err *e)
{
    struct objection o = { .deal_id = d->id, .type = type, .state = "open", .member_id = c->member->id,
        .at_ms = c->now_ms, .person_id = c->f->n_people ? c->f->people[0] : 0 };
    int64_t rev;
    if (!store_note(c, "deal", d->id, &o.note_id, &rev, e))
        return false;
    o.id = objection_add(c->db, &o, c->now_ms, e);
    if (!o.id)
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "objection.logged", title_of(c, &o));
    put_data(r, &o, "created");
    if (o.note_id)
        reply_note(r, o.note_id, 0);
    reply_soft(r, o.note_id ? level_text(c, level_of(c, "deal"), "deal") : NULL);
    put_answer_button(r, &o);
    reply_button(r, "quiet", arena_printf(c->mem, "undo O%lld", (long long)o.id), "button.undo", NO_ARGS);
    return true;
}

static bool answer(struct call *c, struct objection *o, struct err *e)
{
    int64_t rev;
    if (!strcmp(o->state, "answered"))
        return fail(e, ERR_CONFLICT, "objection.is_answered",
            ARGS(TXT("id", call_ref(c, 'O', o->id)), TXT("when", label_date(c, o->answered_ms))), "answered");
    if (!store_note(c, "deal", o->deal_id, &o->answer_id, &rev, e) ||
        !objection_answer(c->db, o->id, o->answer_id, c->member->id, c->now_ms, e))
        return false;
    o->state = "answered";
    struct reply *r = reply_titled(c, REPLY_OK, "objection.logged", title_of(c, o));
    put_data(r, o, "changed");
    if (o->answer_id)
        reply_note(r, o->answer_id, 0);
    reply_button(r, "quiet", arena_printf(c->mem, "undo O%lld", (long long)o->id), "button.undo", NO_ARGS);
    return true;
}

/* objection D12 legal answered: the only open one of that kind; several are shown. */
static bool answer_on_deal(struct call *c, const struct deal *d, const char *type, struct err *e)
{
    struct objection list[SEVERAL];
    int n = objection_list(c->db, c->mem, d->id, type, true, list, SEVERAL, e);
    if (e->code != ERR_NONE || n == 1)
        return n == 1 && answer(c, &list[0], e);
    struct reply *r = reply_new(c, REPLY_REFUSED, n ? "objection.several" : "objection.none_open",
        ARGS(TXT("deal", label_deal(c, d->id))));
    for (int i = 0; i < n; i++)
        put_answer_button(r, &list[i]);
    reply_button_line(r, "button.complete");
    return true;
}

static bool list_objections(struct call *c, const struct deal *d, struct err *e)
{
    int open;
    struct reply *r = reply_titled(c, REPLY_OK, "objection.list", arena_printf(c->mem, "%s" FACTS "%s",
        label_deal(c, d->id), call_text(c, "objection.list", NO_ARGS)));
    reply_record(r, call_ref(c, 'D', d->id), "shown");
    if (!put_objections(r, d->id, true, &open, e))
        return false;
    if (!r->part)
        reply_text(r, "objection.none", ARGS(TXT("id", call_ref(c, 'D', d->id))));
    return true;
}

static bool objection_of_ref(struct call *c, int64_t no, struct err *e)
{
    struct objection o;
    if (!objection_load(c->db, c->mem, no, &o, e))
        return e->code == ERR_NONE && refuse_none(c, 'O', no, e);
    return c->f->word[WORD_ANSWERED] ? answer(c, &o, e) : card_objection(c, no, e);
}

static bool objection_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    const char *type = type_of(c);
    for (int i = 0; i < c->f->n_refs; i++)
        if (c->f->refs[i].kind == 'O')
            return objection_of_ref(c, c->f->refs[i].no, e);
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (c->f->word[WORD_ANSWERED])
        return answer_on_deal(c, &d, type, e);
    if (!type && !c->f->note)
        return list_objections(c, &d, e);
    return type ? add(c, &d, type, e) : ask_type(c, e);
}

bool card_objection(struct call *c, int64_t id, struct err *e)
{
    struct objection o;
    if (!objection_load(c->db, c->mem, id, &o, e))
        return e->code == ERR_NONE && refuse_none(c, 'O', id, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", arena_printf(c->mem, "%s" FACTS "%s",
        title_of(c, &o), label_date(c, o.at_ms)));
    put_data(r, &o, "shown");
    if (note_known(c, o.note_id))
        reply_note(r, o.note_id, 0);
    if (note_known(c, o.answer_id))
        reply_field_note(r, "objection.label.answer", o.answer_id);
    if (o.answered_ms)
        reply_field(r, "objection.label.answered", arena_printf(c->mem, "%s" FACTS "%s",
            label_date(c, o.answered_ms), label_member(c, o.answered_by)));
    reply_field(r, "show.label.by", label_member(c, o.member_id));
    put_answer_button(r, &o);
    char *ref = call_ref(c, 'D', o.deal_id);
    reply_button_labelled(r, "plain", typed(c, "show", ref), label_deal(c, o.deal_id));
    return true;
}

const struct command objection_command = {
    .id = "objection",
    .args = objection_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = objection_run,
};
