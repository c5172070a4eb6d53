/* network: how many accounts a partner can open, as estimated on a day. opens: which of
 * them it named. */
#include "bot/store/network.h"
#include "bot/base/clock.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { ACCOUNTS = 200, NAMED = 5, MOST = 1000000, OLD_DAYS = 365 };

static const struct arg network_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { "number", ARG_NUMBER, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg opens_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { "customer", ARG_CUSTOMER, MANY },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

/* An estimate of more than a year ago says little about today. */
bool put_network(struct reply *r, int64_t partner, bool unknown, struct err *e)
{
    struct call *c = r->call;
    struct network_size s;
    struct buf b = BUF_ON(c->mem);
    int64_t accounts[ACCOUNTS];
    bool sized = network_size_find(c->db, partner, &s, e);
    int n = e->code == ERR_NONE ? network_account_list(c->db, partner, accounts, ACCOUNTS, e) : 0;
    if (sized) {
        reply_field(r, "network.label.size", call_text(c, "network.size", ARGS(NUM("n", s.accounts),
            TXT("day", when_format_day(&c->when, c->mem, c->locale, s.at_day)))));
        reply_data_int(r, "network_accounts", s.accounts);
    } else if (unknown)
        reply_field(r, "network.label.size", call_text(c, "network.unknown", NO_ARGS));
    if (sized && day_of(c->now_ms, c->when.team_zone) - s.at_day > OLD_DAYS)
        reply_warning(r, call_text(c, "network.old", NO_ARGS));
    for (int i = 0; i < n; i++) {
        if (i < NAMED)
            buf_join(&b, comma(c), label_customer(c, accounts[i]));
        reply_data_add(r, "opens", 'A', accounts[i]);
    }
    if (n > NAMED)
        buf_join(&b, comma(c), call_text(c, "look.and_more", ARGS(NUM("n", n - NAMED))));
    reply_field(r, "network.label.opens", buf_str(&b));
    return e->code == ERR_NONE;
}

/* What is known since, and how to take it back. `s`: the estimate just made, which an
 * earlier day keeps from being the one that stands. */
static bool echo(struct call *c, int64_t partner, bool changed, const struct network_size *s,
    int64_t note, struct err *e)
{
    struct network_size standing = { 0 };
    int32_t since = network_size_find(c->db, partner, &standing, e) ? standing.at_day : 0;
    char *id = call_ref(c, 'P', partner);
    struct reply *r = reply_titled(c, REPLY_OK, "network.noted",
        arena_printf(c->mem, "%s" FACTS "%s", id, label_partner(c, partner)));
    reply_record(r, id, changed ? "changed" : "shown");
    if (e->code != ERR_NONE || !put_network(r, partner, c->command == &network_command, e))
        return false;
    if (note)
        reply_note(r, note, 0);
    if (s && s->at_day < since)
        reply_soft(r, call_text(c, "network.earlier", ARGS(NUM("n", s->accounts),
            TXT("day", when_format_day(&c->when, c->mem, c->locale, s->at_day)))));
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    if (changed)
        reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    return true;
}

static int32_t day_typed(const struct call *c)
{
    return day_of(c->f->when.at_ms, c->when.team_zone);
}

static bool network_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    int64_t partner = f->partners[0], rev;
    if (!f->has_number) {
        struct network_size s;
        bool known = network_size_find(c->db, partner, &s, e);
        return e->code == ERR_NONE &&
               echo(c, partner, false, NULL, known && note_known(c, s.note_id) ? s.note_id : 0, e);
    }
    if (f->number > MOST)
        return fail(e, ERR_USAGE, "network.too_many", ARGS(NUM("most", MOST)), "%lld accounts", (long long)f->number);
    struct network_size s = { .accounts = f->number, .at_day = day_typed(c) };
    return store_note(c, "all", 0, &s.note_id, &rev, e) &&
           network_size_add(c->db, partner, &s, c->member->id, c->now_ms, e) &&
           echo(c, partner, true, &s, s.note_id, e);
}

static bool opens_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    int64_t partner = f->partners[0], known[ACCOUNTS];
    if (!f->n_customers)
        return fail(e, ERR_USAGE, "opens.which", ARGS(TXT("who", label_partner(c, partner))), "no account");
    int before = network_account_list(c->db, partner, known, ACCOUNTS, e);
    for (int i = 0; i < f->n_customers; i++)
        if (!network_account_add(c->db, partner, f->customers[i], day_typed(c), c->member->id, c->now_ms, e))
            return false;
    bool more = network_account_list(c->db, partner, known, ACCOUNTS, e) > before;
    return e->code == ERR_NONE && echo(c, partner, more, NULL, 0, e);
}

const struct command network_command = { .id = "network", .args = network_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = network_run };
const struct command opens_command = { .id = "opens", .args = opens_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = opens_run };
