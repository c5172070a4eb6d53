/* contact from a pasted signature or business card: what was read is shown first, and
 * nothing is stored before it is confirmed. A person or firm that is known, or nearly, is
 * offered and never doubled in silence. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/names.h"
#include "bot/store/profile.h"
#include "bot/text/fold.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { NEAR = 3, FOUND = 8 };

/* Whom and which firm the card may mean; ids of what is known. */
struct meant {
    int64_t partner, customer; /* the firm, where one is sure */
    struct name_hit firms[NEAR];
    int n_firms;
    int64_t people[NEAR];
    int n_people;
};

static void put_card(struct call *c, struct reply *r)
{
    const struct card *k = c->f->card;
    struct buf phones = BUF_ON(c->mem);
    for (int i = 0; i < k->n_phones; i++)
        buf_join(&phones, comma(c), k->phones[i]);
    reply_field(r, "card.label.name", k->name);
    reply_field(r, "card.label.kana", k->kana);
    reply_field(r, "card.label.company", k->company);
    reply_field(r, "show.label.department", k->department);
    reply_field(r, "card.label.title", k->title);
    reply_field(r, "card.label.mail", k->mail);
    reply_field(r, "card.label.phone", buf_str(&phones));
    if (k->n_left)
        reply_soft(r, call_text(c, "card.left", ARGS(NUM("n", k->n_left))));
}

/* Firms of that name, and those nearly so: Denko Digital Inc., Toyokawa Trading. */
static void find_firms(struct call *c, struct meant *m)
{
    struct name_hit all[FOUND];
    const char *name = c->f->card->company;
    if (!name)
        return;
    int n = names_find(c->names, c->mem, name, all, FOUND), whole = 0;
    for (int i = 0; i < n; i++)
        if (all[i].kind != 'C' && all[i].kind != 'U' && all[i].score <= 1)
            m->firms[whole++ % NEAR] = all[i];
    if (whole == 1) {
        *(m->firms[0].kind == 'P' ? &m->partner : &m->customer) = m->firms[0].id;
        return;
    }
    m->n_firms = whole < NEAR ? whole : NEAR;
    /* Its company form is no part of how nearly it is spelt. */
    n = whole ? 0 : names_near(c->names, c->mem, fold_name(c->mem, c->words, name), all, FOUND);
    for (int i = 0; i < n && m->n_firms < NEAR; i++)
        if (all[i].kind == 'P' || all[i].kind == 'A')
            m->firms[m->n_firms++] = all[i];
}

static void add_person(struct meant *m, int64_t id)
{
    for (int i = 0; i < m->n_people; i++)
        if (m->people[i] == id)
            return;
    if (id && m->n_people < NEAR)
        m->people[m->n_people++] = id;
}

/* Who has the mail address, then the same name, then nearly the same. */
static bool find_people(struct call *c, struct meant *m, struct err *e)
{
    struct name_hit all[FOUND];
    const struct card *k = c->f->card;
    if (k->mail)
        add_person(m, messenger_owner(c->db, "mail", k->mail, e));
    const char *const names[] = { k->name, k->kana };
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < 2 && (!pass || !m->n_people); i++) {
            if (!names[i])
                continue;
            int n = pass ? names_near(c->names, c->mem, names[i], all, FOUND)
                         : names_find(c->names, c->mem, names[i], all, FOUND);
            for (int h = 0; h < n; h++)
                if (all[h].kind == 'C' && (pass || all[h].score != 2)) /* not by surname alone */
                    add_person(m, all[h].id);
        }
    return e->code == ERR_NONE;
}

/* What the answer about the firm settled: "P1", "new A", "none". */
static void settle_firm(struct meant *m, const char *answer)
{
    if ((answer[0] != 'P' && answer[0] != 'A') || answer[1] < '0' || answer[1] > '9')
        return;
    *(answer[0] == 'P' ? &m->partner : &m->customer) = strtoll(answer + 1, NULL, 10);
}

static struct option drop_option(struct call *c)
{
    return (struct option){ call_text(c, "button.drop", NO_ARGS), "no|drop|いいえ|破棄", "drop", "quiet" };
}

static bool ask_firm(struct call *c, const struct meant *m, struct err *e)
{
    struct option options[NEAR + 4];
    const char *firm = c->f->card->company;
    int n = 0;
    struct reply *r = reply_new(c, REPLY_ASK, "card.firm", ARGS(TXT("firm", firm)));
    put_card(c, r);
    for (int i = 0; i < m->n_firms; i++) {
        char *name = m->firms[i].kind == 'P' ? label_partner(c, m->firms[i].id) : label_customer(c, m->firms[i].id);
        options[n++] = (struct option){ call_text(c, "card.is_firm", ARGS(TXT("firm", name))), i ? NULL : "yes|y|はい",
            call_ref(c, m->firms[i].kind, m->firms[i].id), NULL };
    }
    options[n++] = (struct option){ call_text(c, "card.new_customer", NO_ARGS), "new customer|顧客", "new A", "plain" };
    options[n++] = (struct option){ call_text(c, "card.new_partner", NO_ARGS), "new partner|パートナー", "new P", "plain" };
    options[n++] = (struct option){ call_text(c, "card.no_firm", NO_ARGS), "none|なし", "none", "plain" };
    options[n++] = drop_option(c);
    return ask_question(c, r, "card.firm", "$card_firm", options, n, false, e);
}

static bool ask_person(struct call *c, const struct meant *m, struct err *e)
{
    struct option options[NEAR + 2];
    struct person p;
    int n = 0;
    struct reply *r = reply_new(c, REPLY_ASK, m->n_people ? "card.known" : "card.read", NO_ARGS);
    put_card(c, r);
    for (int i = 0; i < m->n_people; i++) {
        if (!person_load(c->db, c->mem, m->people[i], &p, e))
            continue;
        bool moved = p.org && (m->partner || m->customer) &&
                     (p.partner_id != m->partner || p.customer_id != m->customer);
        reply_item(r, fact_person(c, &p), NULL);
        options[n] = (struct option){ call_text(c, moved ? "card.moved" : "card.same",
                                          ARGS(TXT("who", label_person_full(c, &p)))),
            n ? NULL : "yes|y|はい", call_ref(c, 'C', p.id), NULL };
        n++;
    }
    options[n++] = m->n_people ? (struct option){ call_text(c, "button.new_person", NO_ARGS), "new|新規", "new", "plain" }
                               : (struct option){ call_text(c, "card.save", NO_ARGS), "yes|y|save|はい|登録", "new", "primary" };
    options[n++] = drop_option(c);
    return ask_question(c, r, "card.read", "$card_person", options, n, false, e);
}

/* The firm that the answer made known. */
static bool make_firm(struct call *c, struct meant *m, const char *answer, struct err *e)
{
    const char *name = c->f->card->company;
    if (strcmp(answer, "new A") != 0 && strcmp(answer, "new P") != 0)
        return true;
    char kind = answer[4];
    struct partner g = { .name = name, .market = c->member->market, .commission_bp = -1 };
    struct customer a = { .name = name, .market = c->member->market };
    int64_t *slot = kind == 'P' ? &m->partner : &m->customer;
    *slot = kind == 'P' ? partner_add(c->db, &g, c->now_ms, e) : customer_add(c->db, &a, c->now_ms, e);
    return *slot && names_refresh(c->names, c->db, kind, *slot, e);
}

static bool add_reach(struct call *c, int64_t person, const char *network, const char *handle, struct err *e)
{
    struct messenger known[16];
    int n = messenger_list(c->db, c->mem, person, known, 16, e);
    for (int i = 0; i < n; i++)
        if (!strcmp(known[i].network, network) && !strcmp(known[i].handle, handle))
            return true;
    return e->code == ERR_NONE && messenger_add(c->db, person, network, handle, e);
}

struct known_name {
    const char *text;
    bool found;
};

static void match_name(void *ctx, const struct name_row *row)
{
    struct known_name *n = ctx;
    n->found = n->found || !strcmp(n->text, row->text);
}

static bool add_name(struct call *c, int64_t person, const char *text, const char *sort, struct err *e)
{
    struct known_name n = { text, false };
    if (!text || !name_each(c->db, 'C', person, match_name, &n, e) || n.found)
        return e->code == ERR_NONE;
    return name_add(c->db, 'C', person, text, sort, e);
}

/* Somebody known: the card is newer than what was noted, and another firm is a move. */
static bool renew(struct call *c, struct person *p, const struct meant *m, struct err *e)
{
    const struct card *k = c->f->card;
    bool other = (m->partner || m->customer) && (p->partner_id != m->partner || p->customer_id != m->customer);
    if (other && p->org && !former_add(c->db, p->id, p->partner_id, p->customer_id, p->title, c->now_ms, e))
        return false;
    if (other) {
        p->partner_id = m->partner;
        p->customer_id = m->customer;
        p->title = p->department = NULL;
    }
    p->title = k->title ? k->title : p->title;
    p->department = k->department ? k->department : p->department;
    return person_update(c->db, p, e) && add_name(c, p->id, k->name, "alias", e);
}

static bool store_card(struct call *c, struct meant *m, const char *firm, const char *who, struct err *e)
{
    const struct card *k = c->f->card;
    struct person p = { .name = k->name, .title = k->title, .department = k->department };
    bool fresh = !strcmp(who, "new");
    if (firm && !make_firm(c, m, firm, e))
        return false;
    if (fresh) {
        p.partner_id = m->partner;
        p.customer_id = m->partner ? 0 : m->customer;
        p.id = person_add(c->db, &p, c->now_ms, e);
    } else if (!person_load(c->db, c->mem, strtoll(who + 1, NULL, 10), &p, e)) {
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.gone", NULL, "gone");
    } else if (!renew(c, &p, m, e)) {
        return false;
    }
    if (!p.id || !add_name(c, p.id, k->kana, "reading", e) || (k->mail && !add_reach(c, p.id, "mail", k->mail, e)))
        return false;
    for (int i = 0; i < k->n_phones; i++)
        if (!add_reach(c, p.id, "phone", k->phones[i], e))
            return false;
    return names_refresh(c->names, c->db, 'C', p.id, e) && tell_contact(c, p.id, fresh, e);
}

bool card_run(struct call *c, struct err *e)
{
    struct meant m = { 0 };
    const char *firm = ask_settled(c, "$card_firm"), *who = ask_settled(c, "$card_person");
    e->code = ERR_NONE;
    if (!c->f->card->name)
        return fail(e, ERR_USAGE, "card.no_name", NULL, "no name");
    find_firms(c, &m);
    if (firm)
        settle_firm(&m, firm);
    bool unsure = c->f->card->company && !m.partner && !m.customer;
    if (unsure && !firm)
        return ask_firm(c, &m, e);
    if (!find_people(c, &m, e))
        return false;
    if (!who && firm && !m.n_people)
        who = "new"; /* what was read has been shown and confirmed with the firm */
    return who ? store_card(c, &m, firm, who, e) : ask_person(c, &m, e);
}
