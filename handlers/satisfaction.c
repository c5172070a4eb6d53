/* nps: whether a customer would recommend us, from 0 to 10, through which partner, and
 * whether that was asked in a survey or said in a conversation. */
#include "bot/store/satisfaction.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { SHOWN = 5, BEST = 10 };

static const struct arg nps_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, 0 },
    { "score", ARG_NUMBER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "how", ARG_HOW, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* 9 · Acme · 佐藤 · via 電光デジタル · Survey · 2 Mar; without the firm that `known` tells above. */
static char *nps_text(struct call *c, const struct nps *a, char known, bool assumed)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, arena_printf(c->mem, "%d", a->score));
    if (a->customer_id && known != 'A')
        buf_join(&b, FACTS, label_customer(c, a->customer_id));
    if (a->person_id)
        buf_join(&b, FACTS, label_person_id(c, a->person_id, NULL));
    if (a->partner_id && known != 'P')
        buf_join(&b, FACTS, call_text(c, "nps.via", ARGS(TXT("who", label_partner(c, a->partner_id)))));
    buf_join(&b, FACTS, label_assumed(c, assumed, call_word(c, WORD_HOW, a->how)));
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, a->at_day));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_nps(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct nps list[SHOWN];
    int n = nps_list(r->call->db, r->call->mem, customer, partner, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "nps.label", nps_text(r->call, &list[i], customer ? 'A' : 'P', false));
    return e->code == ERR_NONE;
}

/* Asked of a person, the answer is also the firm's; the deal's partner is not guessed. */
static bool take(struct call *c, struct nps *a, struct err *e)
{
    const struct frame *f = c->f;
    struct person p;
    *a = (struct nps){ .customer_id = f->n_customers ? f->customers[0] : 0,
        .person_id = f->n_people ? f->people[0] : 0, .partner_id = f->n_partners ? f->partners[0] : 0,
        .score = (int)f->number, .how = f->word[WORD_HOW] ? f->word[WORD_HOW] : "spoken",
        .at_day = day_of(f->when.at_ms, c->when.team_zone) };
    if (a->person_id && !a->customer_id && person_load(c->db, c->mem, a->person_id, &p, e))
        a->customer_id = p.customer_id;
    return e->code == ERR_NONE;
}

static bool nps_run(struct call *c, struct err *e)
{
    struct nps a;
    int64_t rev;
    if (!c->f->n_customers && !c->f->n_people)
        return fail(e, ERR_USAGE, "nps.whose", NULL, "nobody named");
    if (!c->f->has_number || c->f->number > BEST)
        return fail(e, ERR_USAGE, "nps.score", NULL, "bad score");
    if (!take(c, &a, e) || !store_note(c, "all", 0, &a.note_id, &rev, e) ||
        !nps_add(c->db, &a, c->member->id, c->now_ms, e))
        return false;
    char *id = a.customer_id ? call_ref(c, 'A', a.customer_id) : call_ref(c, 'C', a.person_id);
    struct reply *r = reply_titled(c, REPLY_OK, "nps.noted",
        arena_printf(c->mem, "%s" FACTS "%s", call_text(c, "nps.label", NO_ARGS), nps_text(c, &a, 0, !c->f->word[WORD_HOW])));
    if (a.note_id)
        reply_note(r, a.note_id, 0);
    if (!c->f->word[WORD_HOW])
        reply_assumed(r, "how");
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    reply_data_int(r, "score", a.score);
    reply_data(r, "how", a.how);
    reply_data_ref(r, "person", 'C', a.person_id);
    reply_data_ref(r, "partner", 'P', a.partner_id);
    return true;
}

const struct command nps_command = { .id = "nps", .args = nps_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = nps_run };
