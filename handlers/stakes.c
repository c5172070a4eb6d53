#include "handlers/stakes.h"

#include <string.h>
#include "bot/core/rank.h"

enum { SEATS = 40, OBJECTIONS = 40, PITCHES = 20 };

/* An item with the words behind it, or without them where the reader may not know that
 * there are any. */
static void put_words(struct reply *r, const char *text, const char *say, int64_t note)
{
    if (note_known(r->call, note))
        reply_item_note(r, text, say, note, 0);
    else
        reply_item(r, text, say);
}

static void put_seat(struct reply *r, const struct person *p, int64_t risk)
{
    struct call *c = r->call;
    char *who = label_person_polite(c, p, NULL);
    put_words(r, call_text(c, note_known(c, risk) ? "committee.risk" : "committee.no_risk", ARGS(TXT("who", who))), NULL, risk);
    reply_data_add(r, "committee", 'C', p->id);
}

bool put_committee(struct reply *r, int64_t deal, int *n, struct err *e)
{
    struct call *c = r->call;
    struct committee_member seats[SEATS];
    struct person people[SEATS];
    int k = 0;
    *n = committee_list(c->db, deal, seats, SEATS, e);
    for (int i = 0; i < *n; i++)
        k += person_load(c->db, c->mem, seats[i].person_id, &people[k], e);
    rank_people(c, people, k);
    for (int i = 0; i < k; i++)
        for (int s = 0; s < *n; s++)
            if (seats[s].person_id == people[i].id)
                put_seat(r, &people[i], seats[s].risk_id);
    return e->code == ERR_NONE;
}

static void put_objection(struct reply *r, const struct objection *o)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'O', o->id));
    buf_join(&b, FACTS, call_word(c, WORD_OBJECTION, o->type));
    if (o->person_id)
        buf_join(&b, FACTS, label_person_id(c, o->person_id, NULL));
    buf_join(&b, FACTS, call_text(c, arena_printf(c->mem, "objection.%s", o->state), NO_ARGS));
    put_words(r, buf_str(&b), typed(c, "show", call_ref(c, 'O', o->id)), o->note_id);
    if (!strcmp(o->state, "answered") && o->answer_id)
        put_words(r, call_text(c, "objection.answer", NO_ARGS), NULL, o->answer_id);
}

bool put_objections(struct reply *r, int64_t deal, bool all, int *open, struct err *e)
{
    struct call *c = r->call;
    struct objection *list = ARENA_ARRAY(c->mem, struct objection, OBJECTIONS);
    int n = objection_list(c->db, c->mem, deal, NULL, !all, list, OBJECTIONS, e);
    *open = 0;
    for (int i = 0; i < n; i++) {
        *open += !strcmp(list[i].state, "open");
        put_objection(r, &list[i]);
        if (!strcmp(list[i].state, "open"))
            reply_data_add(r, "open_objections", 'O', list[i].id);
    }
    return e->code == ERR_NONE;
}

/* Does anything stand against the deal? */
static bool any_risks(struct call *c, int64_t deal, bool *any, struct err *e)
{
    struct committee_member seat[1];
    struct objection open[1];
    *any = committee_list(c->db, deal, seat, 1, e) || objection_list(c->db, c->mem, deal, NULL, true, open, 1, e);
    return e->code == ERR_NONE;
}

bool put_risks(struct reply *r, const struct deal *deals, int n, struct err *e)
{
    struct call *c = r->call;
    int seats, open;
    bool any;
    for (int i = 0; i < n; i++) {
        if (!any_risks(c, deals[i].id, &any, e))
            return false;
        if (any && n > 1)
            reply_line(r, label_deal(c, deals[i].id));
        if (!put_committee(r, deals[i].id, &seats, e) || !put_objections(r, deals[i].id, false, &open, e))
            return false;
    }
    return true;
}

char *pitch_text(struct call *c, const struct pitch *p)
{
    return call_text(c, arena_printf(c->mem, "pitch.%s", p->direction), NO_ARGS);
}

bool put_pitches(struct reply *r, const struct deal *d, struct err *e)
{
    struct call *c = r->call;
    struct pitch *list = ARENA_ARRAY(c->mem, struct pitch, PITCHES);
    int n = pitch_list(c->db, c->mem, d->id, list, PITCHES, e);
    for (int i = 0; i < n; i++)
        put_words(r, pitch_text(c, &list[i]), NULL, list[i].note_id);
    return e->code == ERR_NONE && warn_towards(r, d, e);
}

bool warn_towards(struct reply *r, const struct deal *d, struct err *e)
{
    struct call *c = r->call;
    struct pitch *list = ARENA_ARRAY(c->mem, struct pitch, PITCHES);
    int n = pitch_list(c->db, c->mem, d->id, list, PITCHES, e);
    bool japan = d->market && !strcmp(d->market, "JP");
    /* Away comes first in the list. */
    if (japan && n && !strcmp(list[0].direction, "towards"))
        reply_warning(r, call_text(c, "pitch.towards_only", ARGS(TXT("id", call_ref(c, 'D', d->id)))));
    return e->code == ERR_NONE;
}

char *fact_first(struct call *c, int64_t customer)
{
    struct first_buyer f;
    struct err e = { 0 };
    if (!first_buyer_load(c->db, customer, &f, &e))
        return NULL;
    char *who = f.person_id    ? label_person_id(c, f.person_id, NULL)
                : f.partner_id ? label_partner(c, f.partner_id)
                               : NULL;
    return who ? call_text(c, "first.backed", ARGS(TXT("who", who)))
               : call_text(c, "first.alone", NO_ARGS);
}
