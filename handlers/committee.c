/* committee and risk: who decides on a deal together, and what each of them personally
 * stands to lose. pitch: how the deal is argued for. */
#include <string.h>
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/stakes.h"

enum { SEATS = 40 };

static const struct arg committee_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, MANY },
    { 0 },
};
static const struct arg risk_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg pitch_args[] = {
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "direction", ARG_PITCH, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static struct reply *deal_reply(struct call *c, const struct deal *d, const char *code)
{
    struct reply *r = reply_titled(c, REPLY_OK, code, arena_printf(c->mem, "%s" FACTS "%s",
        label_deal(c, d->id), call_text(c, code, NO_ARGS)));
    reply_record(r, call_ref(c, 'D', d->id), c->f->n_people || c->f->note ? "changed" : "shown");
    return r;
}

static void put_end(struct reply *r, const struct deal *d)
{
    struct call *c = r->call;
    char *ref = call_ref(c, 'D', d->id);
    reply_button(r, "plain", typed(c, "show", ref), "look.button.card", NO_ARGS);
    if (c->f->n_people || c->f->note)
        reply_button(r, "quiet", arena_printf(c->mem, "undo %s", ref), "button.undo", NO_ARGS);
}

static struct committee_member *seat_of(struct committee_member *seats, int n, int64_t person)
{
    for (int i = 0; i < n; i++)
        if (seats[i].person_id == person)
            return &seats[i];
    return NULL;
}

static bool add_seats(struct call *c, int64_t deal, struct committee_member *seats, int n,
    struct err *e)
{
    for (int i = 0; i < c->f->n_people; i++) {
        struct committee_member m = { .deal_id = deal, .person_id = c->f->people[i], .member_id = c->member->id };
        if (!seat_of(seats, n, m.person_id) && !committee_add(c->db, &m, c->now_ms, e))
            return false;
    }
    return true;
}

static bool committee_run(struct call *c, struct err *e)
{
    struct committee_member seats[SEATS];
    struct deal d;
    bool asked;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    int n = committee_list(c->db, d.id, seats, SEATS, e);
    if (e->code != ERR_NONE || !add_seats(c, d.id, seats, n, e))
        return false;
    struct reply *r = deal_reply(c, &d, "committee.title");
    if (!put_committee(r, d.id, &n, e))
        return false;
    if (!n)
        reply_text(r, "committee.empty", ARGS(TXT("id", call_ref(c, 'D', d.id))));
    put_end(r, &d);
    return true;
}

/* risk D12 Sato: … makes Sato a member of the committee where he is none yet. */
static bool risk_run(struct call *c, struct err *e)
{
    struct committee_member seats[SEATS];
    struct deal d;
    bool asked;
    int64_t note = 0, rev;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (c->f->n_people != 1 || !c->f->note || !*c->f->note)
        return fail(e, ERR_USAGE, c->f->n_people > 1 ? "risk.one_person" : "risk.what",
            ARGS(TXT("id", call_ref(c, 'D', d.id))), "incomplete risk");
    int n = committee_list(c->db, d.id, seats, SEATS, e);
    struct committee_member *seat = seat_of(seats, n, c->f->people[0]);
    if (!store_words(c, c->f->note, "deal", d.id, &note, &rev, e))
        return false;
    struct committee_member m = { .deal_id = d.id, .person_id = c->f->people[0], .risk_id = note,
        .member_id = c->member->id };
    if (seat ? !committee_set_risk(c->db, seat->id, note, e) : !committee_add(c->db, &m, c->now_ms, e))
        return false;
    struct reply *r = deal_reply(c, &d, "risk.title");
    reply_item_note(r, label_person_id(c, m.person_id, c->f->honorific), NULL, note, rev);
    reply_data_ref(r, "person", 'C', m.person_id);
    reply_data_note(r, note, rev);
    reply_soft(r, level_text(c, level_of(c, "deal"), "deal"));
    put_end(r, &d);
    return true;
}

/* In Japan nobody is punished for what did not happen: away first. */
static bool pitch_run(struct call *c, struct err *e)
{
    struct deal d;
    bool asked;
    struct pitch p = { .direction = c->f->word[WORD_PITCH], .member_id = c->member->id, .at_ms = c->now_ms };
    int64_t rev;
    if (!need_deal(c, &d, &asked, e) || asked)
        return e->code == ERR_NONE;
    char *ref = call_ref(c, 'D', d.id);
    if (!p.direction || !c->f->note || !*c->f->note)
        return fail(e, ERR_USAGE, "pitch.what", ARGS(TXT("id", ref)), "incomplete pitch");
    p.deal_id = d.id;
    if (!store_words(c, c->f->note, "deal", d.id, &p.note_id, &rev, e) || !pitch_add(c->db, &p, e))
        return false;
    struct reply *r = deal_reply(c, &d, "pitch.title");
    reply_item_note(r, pitch_text(c, &p), NULL, p.note_id, rev);
    reply_data(r, "direction", p.direction);
    reply_data_note(r, p.note_id, rev);
    if (!warn_towards(r, &d, e))
        return false;
    put_end(r, &d);
    return true;
}

const struct command committee_command = {
    .id = "committee",
    .args = committee_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = committee_run,
};
const struct command risk_command = {
    .id = "risk",
    .args = risk_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = risk_run,
};
const struct command pitch_command = {
    .id = "pitch",
    .args = pitch_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = pitch_run,
};
