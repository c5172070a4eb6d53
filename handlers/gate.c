/* gate: a partner, mostly an integrator, that stands between us and a customer, and what it
 * is there. Where a customer is gated is listed: list gated Kakyo. */
#include "bot/store/account.h"
#include "handlers/cards.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { GATES = 5 };

static const struct arg gate_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "partner", ARG_PARTNER, REQUIRED },
    { "gate", ARG_GATE, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static char *gate_text(struct call *c, const struct gate *g, bool assumed)
{
    return arena_printf(c->mem, "%s" FACTS "%s", label_partner(c, g->partner_id),
        label_assumed(c, assumed, call_word(c, WORD_GATE, g->part)));
}

bool put_gates(struct reply *r, int64_t customer, struct err *e)
{
    struct gate list[GATES];
    int n = gate_list(r->call->db, r->call->mem, customer, 0, list, GATES, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "gate.label", gate_text(r->call, &list[i], false));
    return e->code == ERR_NONE;
}

static bool gate_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    const char *part = f->word[WORD_GATE];
    struct gate g = { f->customers[0], f->partners[0], part ? part : "gatekeeper", 0,
        day_of(c->now_ms, c->when.team_zone) };
    int64_t rev;
    if (f->n_partners > 1 || f->n_customers > 1)
        return fail(e, ERR_USAGE, "gate.one", NULL, "several firms");
    if (!store_note(c, "all", 0, &g.note_id, &rev, e) || !gate_put(c->db, &g, c->member->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'A', g.customer_id);
    struct reply *r = reply_titled(c, REPLY_OK, "gate.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", id,
        label_customer(c, g.customer_id), gate_text(c, &g, !part)));
    if (g.note_id)
        reply_note(r, g.note_id, 0);
    if (!part)
        reply_assumed(r, "gate");
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    reply_data_ref(r, "gate", 'P', g.partner_id);
    return true;
}

bool list_gated(struct listing *l, struct err *e)
{
    struct call *c = l->c;
    struct gate *all = ARENA_ARRAY(c->mem, struct gate, LIST_COUNTED);
    int n = gate_list(c->db, c->mem, l->scope.customer, l->scope.partner, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (l->n++ < LIST_ROWS) {
            char *id = call_ref(c, 'A', all[i].customer_id);
            l->row[l->n - 1].text = arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", id,
                label_customer(c, all[i].customer_id), gate_text(c, &all[i], false));
            l->row[l->n - 1].say = typed(c, "show", id);
        }
    return e->code == ERR_NONE;
}

const struct command gate_command = { .id = "gate", .args = gate_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = gate_run };

static const struct arg gated_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { 0 },
};

/* accounts gated by Kakyo: the list, asked without its verb. */
static bool gated_run(struct call *c, struct err *e)
{
    c->f->word[WORD_LIST] = "gated";
    return list_command.run(c, e);
}

const struct command gated_command = { .id = "gated", .args = gated_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_DESK, .run = gated_run };
