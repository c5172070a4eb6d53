/* handover: everything about a customer, partner or deal on one reply that a newcomer can
 * read; with two members, all that one of them has open goes to the other. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/rank.h"
#include "bot/store/relations.h"
#include "handlers/handlers.h"
#include "handlers/layers.h"
#include "handlers/stakes.h"

enum { DEALS = 10, PEOPLE = 60, FOLLOWS = 20, TOUCHES = 500, CHAMPIONS = 10, MEMBERS = 16, CONTACTS = 2000 };

static const struct arg handover_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "member", ARG_MEMBER, MANY },
    { 0 },
};

struct matter {
    struct scope about; /* one of deal, customer and partner */
    struct deal deals[DEALS];
    int n_deals;
};

/* A deal brings its own customer and partner along. */
static bool load_matter(struct call *c, struct matter *m, struct err *e)
{
    struct deal_filter f = { .customer = m->about.customer, .live = true,
        .partner = m->about.customer ? 0 : m->about.partner };
    if (m->about.deal) {
        m->n_deals = deal_load(c->db, c->mem, m->about.deal, &m->deals[0], e);
        return e->code == ERR_NONE;
    }
    m->n_deals = deal_list(c->db, c->mem, &f, m->deals, DEALS, e);
    return e->code == ERR_NONE;
}

static int64_t customer_of(const struct matter *m)
{
    return m->about.deal && m->n_deals ? m->deals[0].customer_id : m->about.customer;
}

static int64_t partner_of(const struct matter *m)
{
    return m->about.deal && m->n_deals ? m->deals[0].partner_id : m->about.partner;
}

/* Who speaks for us at a customer is often the partner's person. */
static int64_t partner_behind(const struct matter *m)
{
    return m->about.partner ? m->about.partner : m->n_deals ? m->deals[0].partner_id : 0;
}

static char *none(struct call *c)
{
    return call_text(c, "handover.none", NO_ARGS);
}

static bool tell_risks(struct reply *r, const struct matter *m, struct err *e)
{
    if (!put_risks(r, m->deals, m->n_deals, e))
        return false;
    if (m->about.customer)
        reply_field(r, "first.label", fact_first(r->call, m->about.customer));
    return true;
}

static void tell_state(struct reply *r, const struct matter *m)
{
    struct call *c = r->call;
    for (int i = 0; i < m->n_deals; i++) {
        const struct deal *d = &m->deals[i];
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", fact_deal(c, d),
            d->owner_id ? label_member(c, d->owner_id) : none(c)), typed(c, "show", call_ref(c, 'D', d->id)));
        reply_data_add(r, "deals", 'D', d->id);
    }
    if (!m->n_deals)
        reply_field(r, "show.label.deals", call_text(c, "look.open", ARGS(NUM("n", 0), TXT("sums", ""), TXT("worth", "no"))));
}

/* Those of the customer, then those of the partner, each senior first. */
static bool join_people(struct reply *r, struct buf *b, int64_t partner, int64_t customer, struct err *e)
{
    struct call *c = r->call;
    struct person *all = ARENA_ARRAY(c->mem, struct person, PEOPLE);
    int n = partner || customer ? person_list(c->db, c->mem, partner, customer, all, PEOPLE, e) : 0;
    rank_people(c, all, n);
    for (int i = 0; i < n; i++) {
        buf_join(b, comma(c), label_person_at(c, &all[i], all[i].title));
        reply_data_add(r, "people", 'C', all[i].id);
    }
    return e->code == ERR_NONE;
}

static bool tell_people(struct reply *r, const struct matter *m, struct err *e)
{
    struct call *c = r->call;
    struct champion list[CHAMPIONS];
    struct person p;
    struct buf people = BUF_ON(c->mem), champions = BUF_ON(c->mem);
    if (!join_people(r, &people, 0, customer_of(m), e) || !join_people(r, &people, partner_of(m), 0, e))
        return false;
    int n = champion_list(c->db, c->mem, m->about.deal, customer_of(m), partner_behind(m), list, CHAMPIONS, e);
    for (int i = 0; i < n; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again = again || list[k].person_id == list[i].person_id;
        if (again || !person_load(c->db, c->mem, list[i].person_id, &p, e))
            continue;
        buf_join(&champions, comma(c), label_person_at(c, &p, p.title));
        reply_data_add(r, "champions", 'C', p.id);
    }
    reply_field(r, "show.label.people", people.n ? buf_str(&people) : none(c));
    reply_field(r, "show.label.champions", champions.n ? buf_str(&champions) : none(c));
    return e->code == ERR_NONE;
}

struct crew {
    int64_t id;
    int n;
};

static int by_count(const void *a, const void *b)
{
    return ((const struct crew *)b)->n - ((const struct crew *)a)->n;
}

/* "Kenji 8, Haruka 2 · since Mar 2": who of us knows the history. */
static char *crew_text(struct call *c, const struct touch *all, int n)
{
    struct crew crew[MEMBERS] = { 0 };
    int k = 0;
    for (int i = 0; i < n; i++) {
        int at = 0;
        while (at < k && crew[at].id != all[i].member_id)
            at++;
        if (at == MEMBERS)
            continue;
        k = at == k ? k + 1 : k;
        crew[at].id = all[i].member_id;
        crew[at].n++;
    }
    qsort(crew, (size_t)k, sizeof *crew, by_count);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < k; i++)
        buf_join(&b, comma(c), arena_printf(c->mem, "%s %d", label_member(c, crew[i].id), crew[i].n));
    return call_text(c, "handover.crew", ARGS(TXT("who", buf_str(&b)), TXT("since", label_date(c, all[n - 1].at_ms))));
}

static bool tell_touches(struct reply *r, const struct matter *m, struct err *e)
{
    struct call *c = r->call;
    struct touch *all = ARENA_ARRAY(c->mem, struct touch, TOUCHES);
    struct touch_filter f = { .deal = m->about.deal, .customer = m->about.customer,
        .partner = m->about.partner, .to_ms = c->now_ms + 1 };
    int n = touch_list(c->db, c->mem, &f, all, TOUCHES, e);
    reply_field(r, "show.label.last", n ? arena_printf(c->mem, "%s" FACTS "%s",
        when_format_ago(&c->when, c->mem, c->locale, all[0].at_ms), fact_touch(c, &all[0], &m->about)) : none(c));
    if (n) {
        reply_field(r, "handover.label.crew", crew_text(c, all, n));
        reply_data_ms(r, "last", all[0].at_ms);
    }
    return e->code == ERR_NONE;
}

static bool tell_layers(struct reply *r, const struct matter *m, struct err *e)
{
    struct layers l;
    struct note_filter by = { .deal = m->about.deal, .customer = m->about.customer, .partner = m->about.partner };
    if (!layers_read(r->call, &by, &l, e))
        return false;
    if (!l.room.notes && !l.after.notes) {
        reply_field(r, "show.label.in_room", none(r->call));
        reply_field(r, "show.label.heard", none(r->call));
    }
    layers_put(r, &l);
    return true;
}

static bool tell_follows(struct reply *r, const struct matter *m, struct err *e)
{
    struct call *c = r->call;
    struct follow *all = ARENA_ARRAY(c->mem, struct follow, FOLLOWS);
    int n = follow_list_about(c->db, c->mem, m->about.deal, m->about.customer, m->about.partner, all, FOLLOWS, e);
    reply_field(r, "handover.label.follows", n ? call_text(c, "list.count", ARGS(NUM("n", n), TXT("cut", n == FOLLOWS ? "yes" : "no"))) : none(c));
    for (int i = 0; i < n; i++) {
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", fact_follow(c, &all[i]),
            label_date(c, all[i].due_ms), label_member(c, all[i].member_id)), typed(c, "show", call_ref(c, 'F', all[i].id)));
        reply_data_add(r, "follow_ups", 'F', all[i].id);
    }
    return e->code == ERR_NONE;
}

static bool tell_matter(struct call *c, struct matter *m, struct err *e)
{
    char kind = m->about.deal ? 'D' : m->about.customer ? 'A' : 'P';
    int64_t no = m->about.deal ? m->about.deal : m->about.customer ? m->about.customer : m->about.partner;
    char *ref = call_ref(c, kind, no);
    if (!load_matter(c, m, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "handover.title", call_text(c, "handover.title",
        ARGS(TXT("what", kind == 'D' ? label_deal(c, no) : arena_printf(c->mem, "%s" FACTS "%s", ref, scope_label(c, &m->about))))));
    reply_record(r, ref, "shown");
    if (!tell_risks(r, m, e))
        return false;
    tell_state(r, m);
    bool ok = tell_people(r, m, e) && tell_touches(r, m, e) && tell_layers(r, m, e) && tell_follows(r, m, e);
    for (int i = 0; ok && i < m->n_deals; i++)
        ok = put_pitches(r, &m->deals[i], e);
    reply_button(r, "plain", typed(c, "timeline", ref), "look.button.timeline", NO_ARGS);
    reply_button(r, "plain", typed(c, "show", ref), "look.button.card", NO_ARGS);
    return ok;
}

/* What one member has open. */
struct load {
    int deals, follows, contacts;
    int64_t people[CONTACTS];
};

static bool load_of(struct call *c, int64_t member, struct load *l, struct err *e)
{
    struct deal *deals = ARENA_ARRAY(c->mem, struct deal, TOUCHES);
    struct follow *follows = ARENA_ARRAY(c->mem, struct follow, TOUCHES);
    struct deal_filter f = { .owner = member, .live = true };
    l->deals = deal_list(c->db, c->mem, &f, deals, TOUCHES, e);
    l->follows = follow_list(c->db, c->mem, member, 0, INT64_MAX, follows, TOUCHES, e);
    l->contacts = kept_by(c->db, member, l->people, CONTACTS, e);
    return e->code == ERR_NONE;
}

/* Managers of the member's team, and the country manager of the market. */
static bool may_reassign(struct call *c, const struct member *from, struct err *e)
{
    bool team = c->member->roles & ROLE_MANAGER && !strcmp(c->member->team, from->team);
    bool country = c->member->roles & ROLE_COUNTRY && !strcmp(c->member->market, from->market);
    return team || country || fail(e, ERR_FORBIDDEN, "handover.not_yours", ARGS(TXT("who", from->name)), "another team");
}

static char *load_text(struct call *c, const struct load *l)
{
    return call_text(c, "handover.load", ARGS(NUM("deals", l->deals), NUM("follows", l->follows), NUM("contacts", l->contacts)));
}

static bool move_all(struct call *c, const struct load *l, int64_t from, int64_t to, struct err *e)
{
    for (int i = 0; i < l->contacts; i++)
        if (!keeper_add(c->db, l->people[i], to, c->member->id, c->now_ms, e))
            return false;
    return handover_open(c->db, from, to, e);
}

static bool confirm(struct call *c, const struct load *l, const char *from, const char *to, struct err *e)
{
    struct option options[] = {
        { call_text(c, "handover.button.yes", NO_ARGS), "yes|y|はい|ok", "yes", "primary" },
        { call_text(c, "handover.button.no", NO_ARGS), "no|cancel|いいえ|やめる", "no", "quiet" },
    };
    struct reply *r = reply_new(c, REPLY_ASK, "handover.confirm", ARGS(TXT("from", from), TXT("to", to)));
    reply_line(r, load_text(c, l));
    reply_text(r, "handover.authors_stay", NO_ARGS);
    return ask_question(c, r, "handover.confirm", "$handover", options, 2, false, e);
}

static bool reassign(struct call *c, struct err *e)
{
    struct load *l = ARENA_NEW(c->mem, struct load);
    struct member from, to;
    if (c->f->n_members != 2)
        return fail(e, ERR_USAGE, "handover.two_members", NULL, "one member");
    if (!member_by_id(c->db, c->mem, c->f->members[0], &from, e) ||
        !member_by_id(c->db, c->mem, c->f->members[1], &to, e) || !may_reassign(c, &from, e) ||
        !load_of(c, from.id, l, e))
        return false;
    char *who = label_member(c, from.id), *taker = label_member(c, to.id);
    if (!(to.roles & ROLE_SALES))
        return fail(e, ERR_FORBIDDEN, "handover.cannot_take", ARGS(TXT("who", taker)), "role refused");
    if (!l->deals && !l->follows && !l->contacts) {
        reply_new(c, REPLY_OK, "handover.nothing", ARGS(TXT("who", who)));
        return true;
    }
    const char *answer = ask_settled(c, "$handover");
    if (!answer)
        return confirm(c, l, who, taker, e);
    if (strcmp(answer, "yes") != 0) {
        reply_new(c, REPLY_OK, "handover.cancelled", NO_ARGS);
        return true;
    }
    if (!move_all(c, l, from.id, to.id, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "handover.done", ARGS(TXT("from", who), TXT("to", taker)));
    reply_line(r, load_text(c, l));
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
    return true;
}

static bool handover_run(struct call *c, struct err *e)
{
    struct matter *m = ARENA_NEW(c->mem, struct matter);
    e->code = ERR_NONE;
    if (c->f->n_members)
        return reassign(c, e);
    if (!scope_read(c, &m->about, e))
        return e->code == ERR_NONE;
    m->about = m->about.deal       ? (struct scope){ .deal = m->about.deal }
               : m->about.customer ? (struct scope){ .customer = m->about.customer }
                                   : (struct scope){ .partner = m->about.partner };
    if (!m->about.deal && !m->about.customer && !m->about.partner)
        return fail(e, ERR_USAGE, "handover.what", NULL, "nothing named");
    return tell_matter(c, m, e);
}

const struct command handover_command = {
    .id = "handover",
    .args = handover_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = handover_run,
};
