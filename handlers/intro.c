/* intro: who opened a door to whom. introduce: who can introduce us to a customer or
 * partner, by what is logged: at most three hops, with the age of the last contact on
 * each. quiet: whom nobody has spoken with for a while. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/relations.h"
#include "handlers/handlers.h"
#include "handlers/facts.h"
#include "handlers/record.h"
#include "handlers/referral.h"

enum { FANOUT = 60, NODES = 1200, HOPS = 3, PATHS = 5, QUIET_DAYS = 30, QUIET = 500, ROWS = 20 };

static const struct arg intro_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "person", ARG_PERSON, MANY },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg introduce_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { 0 },
};
static const struct arg quiet_args[] = {
    { "period", ARG_PERIOD, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "market", ARG_MARKET, 0 },
    { 0 },
};

/* by Yamada, 山田様より: the person that a preposition names, else the last one typed; a
 * partner where no person is. */
static void take_giver(const struct frame *f, struct introduction *i)
{
    if (f->n_people)
        i->by_person = f->from_person ? f->people[f->source] : f->people[f->n_people - 1];
    else if (f->n_partners && (f->n_customers || f->n_partners > 1))
        i->by_partner = f->partners[f->n_partners - 1];
}

/* To whom: a person, else a firm; the giver's own firm only tells which one he is. */
static void take_target(const struct frame *f, const struct person *giver, struct introduction *i)
{
    for (int k = 0; k < f->n_people; k++)
        if (f->people[k] != i->by_person)
            i->person_id = f->people[k];
    for (int k = 0; k < f->n_customers && !i->person_id && !i->customer_id; k++)
        if (f->customers[k] != giver->customer_id)
            i->customer_id = f->customers[k];
    for (int k = 0; k < f->n_partners && !i->person_id && !i->customer_id && !i->partner_id; k++)
        if (f->partners[k] != giver->partner_id && f->partners[k] != i->by_partner)
            i->partner_id = f->partners[k];
}

static struct reply *tell_intro(struct call *c, const struct introduction *i, const struct person *giver, bool asks)
{
    char *by = i->by_person ? label_person_at(c, giver, c->f->n_people == 1 ? c->f->honorific : NULL)
                            : label_partner(c, i->by_partner);
    char *to = i->person_id     ? label_person_id(c, i->person_id, NULL)
               : i->customer_id ? label_customer(c, i->customer_id)
                                : label_partner(c, i->partner_id);
    char *ref = i->by_person ? call_ref(c, 'C', i->by_person) : call_ref(c, 'P', i->by_partner);
    struct reply *r = reply_titled(c, asks ? REPLY_ASK : REPLY_OK, "intro.logged", arena_printf(c->mem, "%s" FACTS "%s",
        call_text(c, "intro.logged", ARGS(TXT("to", to), TXT("by", by))), when_text(c, c->f, i->at_ms)));
    reply_record(r, ref, "changed");
    reply_data_ref(r, "customer", 'A', i->customer_id);
    reply_data_ref(r, "partner", 'P', i->partner_id);
    reply_data_ref(r, "person", 'C', i->person_id);
    reply_data_ms(r, "at", i->at_ms);
    if (i->note_id)
        reply_note(r, i->note_id, 0);
    if (!asks)
        reply_button(r, "quiet", arena_printf(c->mem, "undo %s", ref), "button.undo", NO_ARGS);
    return r;
}

static bool intro_run(struct call *c, struct err *e)
{
    struct introduction i = { .member_id = c->member->id, .at_ms = c->f->when.at_ms };
    struct person giver = { 0 };
    int64_t rev;
    take_giver(c->f, &i);
    if (i.by_person && !person_load(c->db, c->mem, i.by_person, &giver, e))
        return false;
    take_target(c->f, &giver, &i);
    bool given = i.by_person || i.by_partner;
    if (!given || (!i.person_id && !i.customer_id && !i.partner_id))
        return fail(e, ERR_USAGE, given ? "intro.to_whom" : "intro.by_whom", NULL, "half introduction");
    int64_t referral, id;
    bool answered;
    if (!referral_partner(c, &i, &referral, e) || !referral_answered(c, &i, &answered, e))
        return false;
    if (answered)
        return true;
    if (!store_note(c, "all", 0, &i.note_id, &rev, e) || !(id = introduction_add(c->db, &i, e)))
        return false;
    struct reply *r = tell_intro(c, &i, &giver, referral != 0);
    return !referral || referral_tell(c, r, id, referral, e);
}

/* Somebody on the way to the firm, and how the next one towards it is known. */
struct node {
    char kind; /* C person, P partner that is one */
    int64_t id;
    int next; /* index of the node nearer to the firm; -1: tied to the firm itself */
    const char *sort;
    int64_t at_ms;
    int hops;
    int64_t last_ms; /* our own last contact; 0: never */
};

struct search {
    struct call *c;
    struct node *nodes;
    int n;
};

/* Whom we spoke with, or who introduced us to the firm. */
static bool known(const struct node *n)
{
    return n->last_ms || (n->next < 0 && !strcmp(n->sort, "introduced"));
}

static bool seen(const struct search *s, const struct relation *r)
{
    for (int i = 0; i < s->n; i++)
        if (s->nodes[i].kind == r->kind && s->nodes[i].id == r->id)
            return true;
    return false;
}

static bool add_nodes(struct search *s, const struct relation *r, int n, int next, int hops, struct err *e)
{
    for (int i = 0; i < n && s->n < NODES; i++) {
        if (seen(s, &r[i]))
            continue;
        int64_t last = r[i].kind == 'C' ? person_last_ms(s->c->db, r[i].id, e)
                                        : partner_last_ms(s->c->db, r[i].id, e);
        if (e->code != ERR_NONE)
            return false;
        s->nodes[s->n++] = (struct node){ r[i].kind, r[i].id, next, r[i].sort, r[i].at_ms, hops, last };
    }
    return true;
}

/* Breadth first from the firm. Beyond somebody whom we know ourselves nobody is needed. */
static bool walk(struct search *s, const struct scope *about, struct err *e)
{
    struct relation *r = ARENA_ARRAY(s->c->mem, struct relation, FANOUT);
    int n = relation_to_firm(s->c->db, s->c->mem, about->customer, about->partner, r, FANOUT, e);
    if (e->code != ERR_NONE || !add_nodes(s, r, n, -1, 1, e))
        return false;
    for (int i = 0; i < s->n; i++) {
        if (s->nodes[i].hops == HOPS || known(&s->nodes[i]) || s->nodes[i].kind != 'C')
            continue;
        n = relation_of_person(s->c->db, s->c->mem, s->nodes[i].id, r, FANOUT, e);
        if (e->code != ERR_NONE || !add_nodes(s, r, n, i, s->nodes[i].hops + 1, e))
            return false;
    }
    return true;
}

/* Fewer hops first, then the fresher contact. */
static int best_first(const void *a, const void *b)
{
    const struct node *x = a, *y = b;
    if (x->hops != y->hops)
        return x->hops < y->hops ? -1 : 1;
    return x->last_ms < y->last_ms ? 1 : x->last_ms > y->last_ms ? -1 : 0;
}

static char *tie_text(struct call *c, const struct node *n)
{
    bool left = !strcmp(n->sort, "former");
    char *age = !n->at_ms ? NULL
                : left    ? when_format_day(&c->when, c->mem, c->locale, day_of(n->at_ms, c->when.zone))
                          : when_format_ago(&c->when, c->mem, c->locale, n->at_ms);
    return call_text(c, arena_printf(c->mem, "introduce.%s", n->sort), ARGS(TXT("age", age ? age : ""), TXT("known", age ? "yes" : "no")));
}

/* 山田様 (Foo), we spoke 3 days ago → 豊田様, introduced 2 months ago → Toyokawa, works there */
static char *path_text(struct search *s, const struct node *n, const char *firm)
{
    struct call *c = s->c;
    struct buf b = BUF_ON(c->mem);
    struct person p;
    struct err e;
    const char *how = n->last_ms ? call_text(c, "introduce.last", ARGS(TXT("age", when_format_ago(&c->when, c->mem, c->locale, n->last_ms))))
                                 : call_text(c, "introduce.unspoken", NO_ARGS);
    for (;; n = &s->nodes[n->next]) {
        char *who = n->kind == 'P'                               ? label_partner(c, n->id)
                    : person_load(c->db, c->mem, n->id, &p, &e) ? label_person_at(c, &p, NULL)
                                                                : arena_strdup(c->mem, "?");
        buf_join(&b, " → ", call_text(c, "introduce.hop", ARGS(TXT("who", who), TXT("how", how))));
        how = tie_text(c, n);
        if (n->next < 0)
            break;
    }
    buf_join(&b, " → ", call_text(c, "introduce.hop", ARGS(TXT("who", firm), TXT("how", how))));
    return arena_strdup(c->mem, buf_str(&b));
}

static void tell_nobody(struct call *c, const struct scope *about, const char *firm)
{
    struct reply *r = reply_new(c, REPLY_OK, "introduce.nobody", ARGS(TXT("firm", firm)));
    reply_text(r, "introduce.nobody_next", ARGS(TXT("example", typed(c, "intro", firm))));
    reply_button(r, "fill", arena_printf(c->mem, "%s ", typed(c, "intro", about->customer ? call_ref(c, 'A', about->customer) : call_ref(c, 'P', about->partner))),
        "introduce.button.intro", NO_ARGS);
}

static bool introduce_run(struct call *c, struct err *e)
{
    struct search s = { .c = c, .nodes = ARENA_ARRAY(c->mem, struct node, NODES) };
    struct node *ways = ARENA_ARRAY(c->mem, struct node, NODES);
    struct scope about;
    struct deal d;
    int n = 0;
    if (!scope_read(c, &about, e))
        return e->code == ERR_NONE;
    if (about.deal && deal_load(c->db, c->mem, about.deal, &d, e))
        about.customer = d.customer_id;
    if (!about.customer && !about.partner)
        return fail(e, ERR_USAGE, "introduce.what", NULL, "no firm");
    char *firm = about.customer ? label_customer(c, about.customer) : label_partner(c, about.partner);
    if (!walk(&s, &about, e))
        return false;
    for (int i = 0; i < s.n; i++)
        if (known(&s.nodes[i]))
            ways[n++] = s.nodes[i];
    qsort(ways, (size_t)n, sizeof *ways, best_first);
    if (!n) {
        tell_nobody(c, &about, firm);
        return true;
    }
    struct reply *r = reply_new(c, REPLY_OK, "introduce.found", ARGS(TXT("firm", firm), NUM("n", n)));
    for (int i = 0; i < n && i < PATHS; i++) {
        char *ref = call_ref(c, ways[i].kind, ways[i].id);
        reply_item(r, path_text(&s, &ways[i], firm), typed(c, "show", ref));
        reply_record(r, ref, "shown");
        reply_data_int(r, "hops", ways[i].hops);
        if (ways[i].last_ms)
            reply_data_ms(r, "last", ways[i].last_ms);
    }
    if (n > PATHS)
        reply_soft(r, call_text(c, "look.and_more", ARGS(NUM("n", n - PATHS))));
    return true;
}

static char *quiet_line(struct call *c, char kind, const struct quiet *q)
{
    struct person p;
    struct partner g;
    struct err e;
    const char *who = kind == 'P' ? partner_load(c->db, c->mem, q->id, &g, &e) ? fact_partner(c, &g) : "?"
                      : person_load(c->db, c->mem, q->id, &p, &e) ? fact_person(c, &p) : "?";
    return arena_printf(c->mem, "%s" FACTS "%s", who,
        call_text(c, "look.last", ARGS(TXT("when", when_format_ago(&c->when, c->mem, c->locale, q->last_ms)))));
}

static void put_quiet(struct reply *r, char kind, const struct quiet *all, int n)
{
    struct call *c = r->call;
    for (int i = 0; i < n && i < ROWS; i++) {
        char *ref = call_ref(c, kind, all[i].id);
        reply_item(r, quiet_line(c, kind, &all[i]), typed(c, "show", ref));
    }
    if (n > ROWS)
        reply_soft(r, call_text(c, "look.and_more", ARGS(NUM("n", n - ROWS))));
}

static bool quiet_run(struct call *c, struct err *e)
{
    struct quiet *people = ARENA_ARRAY(c->mem, struct quiet, QUIET), *partners = ARENA_ARRAY(c->mem, struct quiet, QUIET);
    const struct frame *f = c->f;
    struct civil first = civil_of_day(day_of(c->now_ms, c->when.team_zone) - QUIET_DAYS + 1);
    int64_t since = f->has_period ? f->period.from_ms : instant_of(&first, c->when.team_zone);
    int64_t partner = f->n_partners ? f->partners[0] : 0, customer = f->n_customers ? f->customers[0] : 0;
    if (since > c->now_ms || f->n_words)
        return fail(e, ERR_USAGE, "quiet.ahead", NULL, "a day ahead");
    int g = customer ? 0 : quiet_partners(c->db, partner, f->word[WORD_MARKET], since, partners, QUIET, e);
    int p = quiet_people(c->db, partner, customer, f->word[WORD_MARKET], since, people, QUIET, e);
    char *day = label_assumed(c, !f->has_period, when_format_day(&c->when, c->mem, c->locale, day_of(since, c->when.zone)));
    struct reply *r = reply_new(c, REPLY_OK, g + p ? "quiet.found" : "quiet.none", ARGS(TXT("since", day), NUM("partners", g), NUM("people", p)));
    if (!f->has_period)
        reply_assumed(r, "period");
    put_quiet(r, 'P', partners, g);
    put_quiet(r, 'C', people, p);
    return e->code == ERR_NONE;
}

const struct command intro_command = {
    .id = "intro",
    .args = intro_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = intro_run,
};
const struct command introduce_command = {
    .id = "introduce",
    .args = introduce_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = introduce_run,
};
const struct command quiet_command = {
    .id = "quiet",
    .args = quiet_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = quiet_run,
};
